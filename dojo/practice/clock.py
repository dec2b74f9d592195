"""Practice time and practice days. Pure: the time is always passed in, and always UTC.

An attempt's clock is wall time less pauses, worked out from its records alone. So it runs on
through a closed terminal, a reboot and sleep, and no zone or summer time can touch it.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dojo.practice.log import Record

DAY_STARTS = timedelta(hours=4)  # who practises past midnight is still in the same evening
RUNS = {"started", "resumed"}
STOPS = {"paused", "finished", "abandoned"}


def utc_now() -> datetime:
    return datetime.now(UTC)


def steady(wall: Callable[[], datetime] = utc_now) -> Callable[[], datetime]:
    """A clock that stands still, rather than go back, while the wall clock is behind the latest time seen."""
    latest = wall()

    def now() -> datetime:
        nonlocal latest
        latest = max(latest, wall())
        return latest

    return now


def elapsed(records: Iterable["Record"], now: datetime) -> float:
    """Seconds of practice in one attempt, given its records in the order they were written.

    A wall clock set back adds nothing until it has caught up with the latest time seen: what was
    shown never shrinks, and setting the clock right again charges no minute twice.
    """
    total, running = timedelta(0), False
    latest = datetime.min.replace(tzinfo=UTC)
    for kind, time in [*((record.kind, record.time) for record in records), ("now", now)]:
        time = max(time, latest)
        if running:
            total += time - latest
        running = kind in RUNS or (running and kind not in STOPS)
        latest = time
    return total.total_seconds()


def day_of(when: datetime, tz: tzinfo | None = None) -> date:
    """The practice day of a moment: local, from 04:00 to 04:00. Without tz, the machine's own zone."""
    # Subtracting from a local time moves its hands, whatever summer time does that night.
    return (when.astimezone(tz).replace(tzinfo=None) - DAY_STARTS).date()
