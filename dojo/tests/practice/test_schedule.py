"""What is due follows from the log alone, and a rating from what happened in the attempt."""

import io
from datetime import UTC, date, datetime, timedelta

import pytest
from fsrs import Card, Rating, Scheduler

from dojo.practice import schedule
from dojo.practice.attempt import attempts
from dojo.practice.log import Log


@pytest.fixture
def drill(log, hands, start, run, finish):
    """One drill, begun and ended now, with that rating."""

    def drill(slug, rating, version="v1"):
        attempt = start(slug, version=version)
        run(attempt, slug=slug)
        finish(attempt, rating)

    return drill


def test_replay_equals_fsrs_fed_live(log, hands, drill):
    live = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False, maximum_interval=180)
    cards, ratings = (
        {},
        {"again": Rating.Again, "hard": Rating.Hard, "good": Rating.Good, "easy": Rating.Easy},
    )
    plan = ["good", "again", "hard", "good", "easy", "good", "good", "again", "again", "good", "easy", "easy"]
    for n, rating in enumerate(plan):
        hands.turn(days=1 + n % 4)
        for slug in ("softmax", "layer_norm")[: 1 + n % 2]:
            drill(slug, rating)
            noon = hands().replace(hour=12)
            card = cards.get(slug) or Card(card_id=0, due=noon)
            cards[slug], _ = live.review_card(card, ratings[rating], noon)
    replayed = schedule.replay(log.records())
    assert {slug: memory.cards[-1][1] for slug, memory in replayed.items()} == cards
    for slug, card in cards.items():
        later = hands().replace(hour=12) + timedelta(20)
        assert replayed[slug].retrievability(later.date()) == live.get_card_retrievability(card, later)


def test_replay_is_the_same_each_time_and_on_both_machines(month, hands, tmp_path):
    other = Log(tmp_path / "other", now=hands, tz=UTC)
    stream = io.StringIO()
    month.export(stream)
    lines = stream.getvalue().splitlines()
    other.import_(lines[1::2])  # in two halves and out of order
    other.import_(lines[::2])
    assert schedule.replay(month.records()) == schedule.replay(month.records()) == schedule.replay(other.records())


def test_only_the_first_drill_of_a_day_counts(log, hands, drill):
    drill("softmax", "again")
    first = schedule.replay(log.records())["softmax"].cards
    hands.turn(hours=9)  # 03:00, still the same day
    drill("softmax", "easy")
    assert schedule.replay(log.records())["softmax"].cards == first
    hands.turn(hours=1)
    drill("softmax", "easy")
    assert len(schedule.replay(log.records())["softmax"].cards) == 2


def test_an_evening_and_the_next_morning_are_a_day_apart(log, hands, drill):
    hands.time = datetime(2026, 1, 5, 23, tzinfo=UTC)
    drill("softmax", "again")
    hands.turn(hours=9)
    assert [one.slug for one in schedule.due(log.records(), hands(), tz=UTC)] == ["softmax"]


def test_due_is_by_retrievability_lowest_first(log, hands, drill):
    for slug, rating in (("softmax", "easy"), ("layer_norm", "again"), ("adam_step", "good")):
        drill(slug, rating)
    assert schedule.due(log.records(), hands(), tz=UTC) == []
    hands.turn(days=60)
    due = schedule.due(log.records(), hands(), tz=UTC)
    assert [one.slug for one in due] == ["layer_norm", "adam_step", "softmax"]
    assert 0 < due[0].retrievability < due[1].retrievability < due[2].retrievability < 0.9
    assert due[0].reason == "due 59 days ago"


def test_a_changed_kata_is_due_again_until_it_is_drilled_and_a_removed_one_is_not(log, hands, drill):
    drill("softmax", "easy", version="v1")
    assert schedule.due(log.records(), hands(), {"softmax": "v1"}, UTC) == []
    (due,) = schedule.due(log.records(), hands(), {"softmax": "v2"}, UTC)
    assert due.reason == "changed since its last drill"
    drill("softmax", "easy", version="v2")  # on the same day: no review, but the new version was met
    assert schedule.due(log.records(), hands(), {"softmax": "v2"}, UTC) == []
    hands.turn(days=100)
    assert schedule.due(log.records(), hands(), {}, UTC) == []


def test_weak_katas_are_the_forgotten_and_the_often_forgotten(log, hands, drill):
    for rating in ("good", "again", "good", "again", "good"):
        drill("layer_norm", rating)
        drill("softmax", "good")
        hands.turn(days=2)
    drill("adam_step", "again")
    memories = schedule.replay(log.records())
    assert memories["layer_norm"].lapses == 2
    assert memories["adam_step"].lapses == 0
    weak = schedule.weak(memories.values(), date(2026, 1, 17))
    assert [memory.slug for memory in weak] == ["layer_norm", "adam_step", "softmax"]


SECONDS = 20 * 60
HINT, LAST, SOLUTION = ("hint", 1), ("hint", 3), ("solution", None)


@pytest.mark.parametrize(
    ("share", "events", "rating", "reason"),
    [
        (0.9, ["green"], "good", "in time without a hint: 18:00 of 20:00"),
        (0.5, ["green"], "easy", "half the time"),
        (0.51, ["green"], "good", "in time"),
        (0.4, ["red", "green"], "good", "first complete run was red"),
        (0.4, ["partial", "green"], "easy", "half the time"),  # an incomplete run is no first run
        (1.0, ["green"], "good", "in time"),
        (1.1, ["green"], "hard", "overtime"),
        (0.4, [HINT, "green"], "hard", "1 of 3 hints"),
        (2.0, ["green"], "hard", "overtime"),
        (2.1, ["green"], "again", "over twice the time"),
        (0.4, [LAST, "green"], "again", "last hint"),
        (0.4, [SOLUTION, "green"], "again", "solution was opened"),
        (0.4, ["green", LAST, SOLUTION], "easy", "half the time"),  # looking afterwards is learning
        (0.4, ["red"], "again", "not solved"),
        (0.4, ["partial"], "again", "not solved"),
        (0.4, [], "again", "not solved"),
    ],
)
def test_the_rating_suggested(log, hands, start, run, share, events, rating, reason):
    attempt = start()
    hands.turn(share * SECONDS)
    for event in events:
        match event:
            case "hint", number:
                log.append("hint", slug="softmax", attempt=attempt, number=number)
            case "solution", _:
                log.append("solution", slug="softmax", attempt=attempt)
            case "red":
                run(attempt, "test_oracle")
            case "partial":
                run(attempt, complete=False)
            case "green":
                run(attempt)
    hands.turn(hours=5)  # what is done after green costs nothing
    suggested, why = schedule.suggest(attempts(log.records())[attempt], hands())
    assert (suggested, reason in why) == (rating, True), why


def test_never_easy_at_first_sight(log, hands, start, run):
    attempt = start(first_sight=True)
    run(attempt)
    suggested, why = schedule.suggest(attempts(log.records())[attempt], hands())
    assert suggested == "good"
    assert "first sight" in why


@pytest.mark.parametrize("dodge", ["skipped", "missing"])
def test_a_test_skipped_deleted_or_renamed_is_not_solved(log, start, run, dodge):
    attempt = start()
    if dodge == "skipped":
        run(attempt, "test_oracle", outcome="skipped")
    else:
        passed = ["test_shape", "test_new"]
        log.append(
            "run",
            slug="softmax",
            attempt=attempt,
            text="",
            passed=passed,
            failed={},
            seconds=1,
            complete=True,
        )
    assert attempts(log.records())[attempt].green is None
