"""An attempt's time is wall time less pauses, whatever is done to the wall clock."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from dojo.practice.attempt import attempts
from dojo.practice.clock import day_of, elapsed, steady


@pytest.fixture
def practice(log, start):
    """An attempt that was started just now: its records, as the log has them."""
    attempt = start()
    return lambda: attempts(log.records())[attempt]


def test_time_runs_from_the_start(practice, hands):
    hands.turn(minutes=5)
    assert practice().elapsed(hands()) == 300


def test_pauses_do_not_count(practice, log, hands):
    hands.turn(minutes=5)
    log.append("paused", attempt=practice().id)
    hands.turn(hours=3)
    assert practice().paused
    assert practice().elapsed(hands()) == 300
    log.append("resumed", attempt=practice().id)
    hands.turn(minutes=2)
    assert not practice().paused
    assert practice().elapsed(hands()) == 420


def test_a_pause_pressed_twice_is_one_pause(practice, log, hands):
    for kind in ("paused", "paused", "resumed", "resumed"):
        hands.turn(60)
        log.append(kind, attempt=practice().id)
    assert practice().elapsed(hands()) == 60 + 60  # before the first pause, and between the resumptions


def test_a_closed_terminal_sleep_and_reboot_count_as_wall_time(practice, hands):
    hands.turn(hours=9)  # no record in between: nothing was running that could have written one
    assert practice().elapsed(hands()) == 9 * 3600


def test_the_end_stops_the_clock(practice, log, hands):
    hands.turn(60)
    log.append("abandoned", slug="softmax", attempt=practice().id, elapsed=60)
    hands.turn(60)
    assert practice().elapsed(hands()) == 60


def test_a_clock_set_back_before_the_start_gives_no_negative_time(practice, hands):
    hands.turn(hours=-2)
    assert practice().elapsed(hands()) == 0


def test_a_clock_set_back_never_shrinks_what_was_recorded_and_charges_nothing_twice(practice, log, hands, run):
    hands.turn(minutes=10)
    run(practice().id, "test_oracle")
    hands.turn(hours=-1)
    assert practice().elapsed(hands()) == 600
    run(practice().id, "test_oracle")
    hands.turn(hours=1, minutes=5)  # set right again
    assert practice().elapsed(hands()) == 900


def test_a_clock_set_back_during_a_pause_adds_nothing(practice, log, hands):
    hands.turn(minutes=10)
    log.append("paused", attempt=practice().id)
    hands.turn(hours=-1)
    log.append("resumed", attempt=practice().id)
    assert practice().elapsed(hands()) == 600


def test_elapsed_never_decreases_while_a_steady_clock_is_watched(practice, hands):
    now, shown = steady(hands), []
    for step in (60, 60, -600, 30, 600, -1, 1):
        hands.turn(step)
        shown.append(practice().elapsed(now()))
    assert shown == sorted(shown)
    assert shown[-1] == 150


def test_a_change_of_zone_or_summer_time_does_not_touch_the_clock(practice, hands):
    hands.time = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)  # Berlin skips 02:00–03:00 at 01:00 UTC
    began = elapsed(practice().records, hands())
    later = hands() + timedelta(hours=1)
    for zone in ("Europe/Berlin", "America/Los_Angeles", "Asia/Tokyo"):
        assert elapsed(practice().records, later.astimezone(ZoneInfo(zone))) == began + 3600


@pytest.mark.parametrize(
    ("zone", "utc", "day"),
    [
        ("UTC", "2026-01-06T03:59", date(2026, 1, 5)),
        ("UTC", "2026-01-06T04:00", date(2026, 1, 6)),
        ("Asia/Tokyo", "2026-01-05T18:59", date(2026, 1, 5)),
        ("Asia/Tokyo", "2026-01-05T19:00", date(2026, 1, 6)),
        (
            "Europe/Berlin",
            "2026-03-29T01:59",
            date(2026, 3, 28),
        ),  # 03:59 in summer time, an hour of the night skipped
        ("Europe/Berlin", "2026-03-29T02:00", date(2026, 3, 29)),
        ("Europe/Berlin", "2026-10-25T02:59", date(2026, 10, 24)),  # 03:59 in winter time, an hour had twice
        ("Europe/Berlin", "2026-10-25T03:00", date(2026, 10, 25)),
    ],
)
def test_a_day_starts_at_four_by_the_local_clock(zone, utc, day):
    assert day_of(datetime.fromisoformat(utc + "+00:00"), ZoneInfo(zone)) == day


def test_a_past_day_stays_the_day_it_was_after_travel(log, start, hands):
    log.tz = ZoneInfo("Asia/Tokyo")
    hands.time = datetime(2026, 1, 5, 20, tzinfo=UTC)
    start()
    log.tz = ZoneInfo("America/Los_Angeles")
    start()
    assert [record.day.day for record in log.records()] == [6, 5]
