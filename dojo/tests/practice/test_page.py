from datetime import timezone
import os
from dojo.practice import page, stats
def test_draft(month, katas, hands):
    figures = stats.figures(month.records(), katas, hands(), timezone.utc)
    out = page.html(figures)
    open("/tmp/p/page.html","w").write(out)
    open("/tmp/p/stats.txt","w").write(stats.text(figures, 80)+"\n"+stats.text(figures,40)+stats.text(figures,100,True))
