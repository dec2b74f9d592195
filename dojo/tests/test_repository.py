"""The repository itself: what holds for all katas, and is not the business of `kata check`."""

import re
import subprocess
import sys

import pytest

from dojo.catalogue import load
from dojo.practice.interview import by_hand, sections
from dojo.tests.conftest import ROOT

KATAS = list(load(ROOT))


def test_numpy_katas_import_no_torch():
    """Collecting every numpy kata leaves torch alone: it costs a second at each start."""
    tests = [str(kata.test) for kata in KATAS if kata.backend == "numpy"]
    code = "import sys, pytest; pytest.main([*sys.argv[1:], '--collect-only', '-q']); sys.exit('torch' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code, *tests], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, "a numpy kata's test or reference imports torch"


def test_the_readme_names_every_kata():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    missing = [kata.slug for kata in KATAS if f"`{kata.slug}`" not in readme]
    assert not missing, f"README.md does not name {missing}: python -m reference.map writes the map"


@pytest.mark.parametrize("kata", KATAS, ids=lambda kata: kata.slug)
def test_an_interview_has_some_cases_to_show_and_some_to_hide(kata):
    shown = by_hand(kata)
    tests = list(sections(kata))
    assert 0 < sum(map(shown, tests)) < len(tests)


@pytest.mark.parametrize("topic", load(ROOT).topics, ids=lambda topic: topic.name)
def test_a_topic_has_its_page_with_mathematics_and_a_picture(topic):
    folder = ROOT / "katas" / topic.name
    page = (folder / "README.md").read_text(encoding="utf-8")
    pictures = re.findall(r"!\[.*?\]\((\w+\.svg)\)", page, re.DOTALL)
    assert "$" in page
    assert pictures
    for picture in pictures:
        assert (folder / picture).is_file()
        assert (ROOT / "reference" / topic.name / f"{picture.removesuffix('.svg')}_plot.py").is_file()
    for kata in topic.katas:
        assert f"`{kata.slug}`" in page, f"{kata.slug} is not on its topic's page"


def test_a_performance_kata_has_a_race_and_no_other():
    for kata in KATAS:
        assert kata.performance == bool(re.search(r"\brace\(", kata.test.read_text(encoding="utf-8"))), kata.slug


def test_tracks_are_there():
    names = {track.name for track in load(ROOT).tracks}
    assert {"interview-week", "jacobian-to-gan", "eigenvalues-to-chaos"} <= names
