"""The figures are those of the log, in text that fits any terminal."""

import re
from datetime import UTC

import pytest

from dojo.practice import schedule, stats


@pytest.fixture
def figures(month, katas, hands):
    return stats.figures(month.records(), katas, hands(), UTC)


def test_every_finished_drill_is_a_try_and_best_is_the_quickest_solved(month, figures):
    finished = [record.data for record in month.records("finished")]
    assert sum(len(one.tries) for one in figures.drills) == len(finished)
    for one in figures.drills:
        solved = [data["elapsed"] for data in finished if data["slug"] == one.kata.slug and data["solved"]]
        assert one.best == min(solved, default=None)


def test_the_forecast_counts_each_kata_due_within_its_days(figures):
    within = [one for one in figures.drills if (one.memory.due - figures.today).days < stats.AHEAD]
    assert len(figures.forecast) == stats.AHEAD
    assert sum(n for _, n in figures.forecast) == len(within)


def test_first_run_and_hints_by_topic(log, hands, katas, start, run, finish):
    green, red = start("softmax"), start("layer_norm")
    run(green, slug="softmax")
    run(red, "test_oracle", slug="layer_norm")
    log.append("hint", slug="layer_norm", attempt=red, number=2)
    finish(green), finish(red)
    topics = {topic.name: topic for topic in stats.figures(log.records(), katas, hands(), UTC).topics}
    assert topics["deep_learning"] == ("deep_learning", 2, 0.5, 1.0)
    assert topics["calculus"] == ("calculus", 0, None, 0.0)


def test_a_check_counts_once_an_attempt_and_not_attempted_is_no_mistake(log, hands, katas, start, run):
    for _ in range(2):
        attempt = start()
        run(attempt, "test_shape", outcome="not attempted")
        run(attempt, "test_oracle"), run(attempt, "test_oracle")
    assert stats.figures(log.records(), katas, hands(), UTC).failed == [("softmax", "test_oracle", 2)]


def test_the_map_shows_state_best_last_and_due_and_green_outside_drills_is_no_time(
    log, hands, katas, start, run, finish
):
    log.append("green", slug="adam_step", text="")
    start("layer_norm")
    attempt = start("softmax")
    hands.turn(90)
    run(attempt)
    finish(attempt)
    states = stats.states(log.records("started", "finished", "green"), katas)
    assert states["adam_step"] == ("green", None, None, None)
    assert states["layer_norm"].state == "tried"
    assert states["newton_step"].state == "new"
    due = schedule.replay(log.records())["softmax"].due
    assert states["softmax"] == ("solved", 90, hands().date(), due)


def test_a_sparkline_spans_its_blocks():
    assert stats.sparkline([0, 5, 10]) == "▁▅█" or stats.sparkline([0, 5, 10]) == "▁▄█"
    assert stats.sparkline([]) == ""
    assert stats.sparkline([0, 0]) == "▁▁"
    assert stats.sparkline([99], top=10) == "█"


@pytest.mark.parametrize("width", [40, 80, 120])
def test_the_text_fits_its_width_and_names_every_drilled_kata(figures, width):
    text = stats.text(figures, width)
    assert all(len(line) <= width for line in text.splitlines())
    assert all(one.kata.slug[:10] in text for one in figures.drills)
    assert "\x1b" not in text


def test_colour_changes_no_word(figures):
    colored = stats.text(figures, 80, color=True)
    plain = "\n".join(line.rstrip() for line in re.sub(r"\x1b\[[\d;]*m", "", colored).splitlines())
    assert colored != plain
    assert plain + "\n" == stats.text(figures, 80)


def test_before_the_first_drill_it_says_how_to_start(log, hands, katas):
    assert "kata drill" in stats.text(stats.figures(log.records(), katas, hands(), UTC))
