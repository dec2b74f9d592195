"""A mistake in topic.toml is one line that names file, entry and mend, and exit code 2 (pytest's own is 4)."""

import pytest

ENTRY = '[[kata]]\nslug = "scaling"'

BROKEN = {  # name -> (what is replaced in topic.toml, by what, the line that is told)
    "not TOML": ("order = 1", "order = ", "katas/toy/topic.toml: not valid TOML"),
    "unknown key": ("level = 1", "lvel = 1", "kata scaling: unknown key 'lvel': did you mean 'level'?"),
    "wrong type": ("minutes = 5", 'minutes = "5"', "kata scaling: minutes must be int, this is '5'"),
    "missing key": ('source = "folklore"\n', "", "kata scaling: source is missing"),
    "empty text": ('title = "Scaling"', 'title = " "', "kata scaling: title is empty"),
    "empty hint": ('"2 x"', '""', "every one of hints is a text that says something"),
    "two hints": ('"2 x", ', "", "kata scaling: three hints (idea, equation, nearly the code), not 2"),
    "level 9": ("level = 1", "level = 9", "kata scaling: level goes from 1 to 5, minutes are positive"),
    "no backend": ('"numpy"', '"jax"', "kata scaling: backend 'jax' is none of numpy, torch"),
    "a slug in capitals": ('slug = "scaling"', 'slug = "Scaling"', "kata Scaling: a slug is snake_case"),
    "requires nobody": ("requires = []", 'requires = ["nobody"]', "kata scaling requires nobody, which does not exist"),
    "requires itself": ("requires = []", 'requires = ["scaling"]', "requires goes in a circle: scaling -> scaling"),
    "missing file": ('slug = "scaling"', 'slug = "zoom"', "kata zoom: katas/toy/test_zoom.py is missing"),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_catalogue_is_one_line(house, fault):
    before, after, line = BROKEN[fault]
    text = house.topic.read_text()
    assert before in text
    house.topic.write_text(text.replace(before, after))
    run = house.kata("list")
    assert run.returncode == 2
    assert line in run.stderr
    assert run.stderr.count("\n") == 1
    graded = house.pytest()
    assert graded.returncode == 4
    assert line in graded.stderr
    assert "Traceback" not in graded.stderr


def test_a_circle_over_two_katas_is_found(house):
    entry = house.topic.read_text()[house.topic.read_text().index("[[kata]]") :]
    for path in house.root.glob("*/toy/*scaling*.py"):
        path.with_name(path.name.replace("scaling", "zoom")).write_text(path.read_text())
    text = house.topic.read_text().replace("requires = []", 'requires = ["zoom"]')
    house.topic.write_text(text + entry.replace("scaling", "zoom").replace("requires = []", 'requires = ["scaling"]'))
    assert "requires goes in a circle: scaling -> zoom -> scaling" in house.kata("list").stderr


def test_a_slug_may_stand_only_once(house):
    entry = house.topic.read_text()
    house.topic.write_text(entry + entry[entry.index("[[kata]]") :])
    assert "kata scaling stands twice: in toy and in toy" in house.kata("list").stderr


TRACK = '[[track]]\nname = "week"\ntitle = "A week"\nkatas = ["scaling"]\n'


def test_a_track_holds_katas_that_exist(house):
    house.write("katas/tracks.toml", TRACK)
    assert "scaling" in house.kata("list", "--track", "week").stdout
    assert "no track is called 'year': there are week" in house.kata("list", "--track", "year").stderr
    house.write("katas/tracks.toml", TRACK.replace("scaling", "zoom"))
    assert "katas/tracks.toml: track week: there is no kata 'zoom'" in house.kata("list").stderr
