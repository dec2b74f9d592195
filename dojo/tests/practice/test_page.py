"""The page stands alone, and a browser shows it."""

import builtins
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from datetime import UTC

import pytest

from dojo.practice import page, stats
from dojo.practice.home import PracticeError


@pytest.fixture
def figures(month, katas, hands):
    return stats.figures(month.records(), katas, hands(), UTC)


@pytest.fixture
def written(figures):
    pytest.importorskip("matplotlib")
    return page.html(figures)


def test_the_page_asks_nothing_of_the_network(written):
    addresses = set(re.findall(r"https?://[^\s\"')]+", written))
    assert all(address.startswith(("http://www.w3.org/", "https://www.w3.org/")) for address in addresses)  # namespaces
    assert not re.search(r"<(script|link|img|iframe)|@import|url\((?!#)", written)


def test_every_plot_is_well_formed_and_labelled(written, figures):
    plots = re.findall(r"<svg.*?</svg>", written, re.DOTALL)
    assert len(plots) == 4 + len(figures.drills)
    assert all(ET.fromstring(plot).get("aria-label") for plot in plots)


def test_no_colour_is_fixed_so_that_light_and_dark_both_read(written):
    plots = "".join(re.findall(r"<svg.*?</svg>", written, re.DOTALL))
    assert not re.search(r"(fill|stroke): #", plots)
    used, light, dark = (set(re.findall(pattern, part)) for pattern, part in colours(written))
    assert used <= light == dark


def colours(written):
    light, dark = written.split("@media (prefers-color-scheme: dark)")
    return [(r"var\((--\w+)\)", written), (r"(--\w+):", light), (r"(--\w+):", dark)]


def test_the_same_figures_give_the_same_page(written, figures):
    assert page.html(figures) == written


def test_a_catalogues_names_cannot_break_the_page(figures):
    figures.drills[0].kata.slug = "<b>&"
    assert "<b>&<" not in page.html(figures)


def test_without_matplotlib_one_line_says_so(figures, monkeypatch):
    real = builtins.__import__

    def refuse(name, *rest):
        if name.startswith("matplotlib"):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(PracticeError, match=r"^the page needs matplotlib: [^\n]*$"):
        page.html(figures)


def test_before_the_first_drill_it_says_how_to_start(log, katas, hands):
    assert "kata drill" in page.html(stats.figures(log.records(), katas, hands(), UTC))


def test_a_browser_shows_plots_where_the_page_has_them(written, tmp_path):
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if not browser:
        pytest.skip("no browser here")
    image = pytest.importorskip("matplotlib.image")
    (tmp_path / "page.html").write_text(written, encoding="utf-8")
    picture = tmp_path / "page.png"
    subprocess.run(
        [browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--hide-scrollbars",
         f"--user-data-dir={tmp_path / 'browser'}", f"--screenshot={picture}", "--window-size=1200,2400",
         (tmp_path / "page.html").as_uri()],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    pixels = image.imread(picture)[..., :3]
    teal = (abs(pixels - [0x2A / 255, 0x8F / 255, 0x97 / 255]).max(axis=2) < 0.02).mean()
    assert pixels.shape[:2] == (2400, 1200)
    assert teal > 0.005
