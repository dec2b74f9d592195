"""What is due: FSRS spaced repetition, worked out afresh from the log each time it is asked for.

Whole practice days are the unit. FSRS gets noon UTC of the day a drill was finished, so an evening's
drill and the next morning's are a day apart, as they are for the learner, and no zone comes into it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, tzinfo
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from dojo.practice.attempt import Attempt
from dojo.practice.clock import day_of
from dojo.practice.log import RATINGS, Record

if TYPE_CHECKING:
    from fsrs import Card, Scheduler

LAST_HINT = 3
LAPSE = 0.1  # what a lapse weighs, in retrievability, when the weakest are looked for


@cache
def scheduler() -> "Scheduler":
    from fsrs import Scheduler  # here, as only who asks what is due should pay for it

    return Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False, maximum_interval=180)


@dataclass
class Memory:
    """What FSRS knows of one kata."""

    slug: str
    version: str = ""  # of the kata, at its last finished drill
    cards: list[tuple[date, "Card"]] = field(default_factory=list)  # the card after each drill that counted
    lapses: int = 0  # times it was forgotten after it had been known
    known: bool = False

    @property
    def due(self) -> date:
        return self.cards[-1][1].due.date()

    def retrievability(self, day: date) -> float:
        """The chance of solving it on that day, past days included; 0 before its first drill."""
        card = next((card for drilled, card in reversed(self.cards) if drilled <= day), None)
        return scheduler().get_card_retrievability(card, _noon(day)) if card else 0.0


class Due(NamedTuple):
    slug: str
    retrievability: float
    reason: str


def replay(records: Iterable[Record]) -> dict[str, Memory]:
    """Memory by slug. In order of time, so that two machines that exchanged their logs agree."""
    memories: dict[str, Memory] = {}
    for record in sorted((r for r in records if r.kind == "finished"), key=lambda r: r.time):
        slug = record.data["slug"]
        _review(memories.setdefault(slug, Memory(slug)), record)
    return memories


def _review(memory: Memory, finished: Record) -> None:
    from fsrs import Card, Rating

    memory.version = finished.data["version"]
    # Only the first drill of a day counts. Earlier days come up when someone flies west.
    if memory.cards and finished.day <= memory.cards[-1][0]:
        return
    noon, rating = _noon(finished.day), Rating(1 + RATINGS.index(finished.data["rating"]))
    card = memory.cards[-1][1] if memory.cards else Card(card_id=0, due=noon)
    memory.cards.append((finished.day, scheduler().review_card(card, rating, noon)[0]))
    memory.lapses += memory.known and rating is Rating.Again
    memory.known = rating is not Rating.Again


def due(
    records: Iterable[Record],
    now: datetime,
    versions: Mapping[str, str] | None = None,
    tz: tzinfo | None = None,
) -> list[Due]:
    """The katas due by the end of today, the least retrievable first.

    versions: the digest of each kata as it is now. One that changed since its last finished drill is
    due again, one that is gone is not. Without versions, neither is looked at.
    """
    today, found = day_of(now, tz), []
    for memory in replay(records).values():
        current = memory.version if versions is None else versions.get(memory.slug)
        if current is None:
            continue
        if current != memory.version:
            found.append(Due(memory.slug, memory.retrievability(today), "changed since its last drill"))
        elif memory.due <= today:
            late = (today - memory.due).days
            found.append(
                Due(memory.slug, memory.retrievability(today), f"due {late} days ago" if late else "due today")
            )
    return sorted(found, key=lambda one: (one.retrievability, one.slug))


def weak(memories: Iterable[Memory], today: date, count: int = 10) -> list[Memory]:
    """The katas most worth another drill: little retrievability left, or forgotten again and again."""
    return sorted(memories, key=lambda m: (m.retrievability(today) - LAPSE * m.lapses, m.slug))[:count]


def suggest(attempt: Attempt, now: datetime) -> tuple[str, str]:
    """The rating an attempt has earned, and why in a few words."""
    spent = attempt.elapsed(now)
    share, times = spent / attempt.limit, f"{minutes(spent)} of {minutes(attempt.limit)}"
    if attempt.green is None:
        return "again", "not solved"
    if attempt.solution:
        return "again", "the solution was opened"
    if attempt.hints >= LAST_HINT:
        return "again", "the last hint was taken"
    if share > 2:
        return "again", f"over twice the time: {times}"
    if attempt.hints:
        return "hard", f"with {attempt.hints} of {LAST_HINT} hints"
    if share > 1:
        return "hard", f"overtime: {times}"
    if share > 0.5:
        return "good", f"in time without a hint: {times}"
    if attempt.first is not attempt.green:
        return "good", f"half the time, but the first complete run was red: {times}"
    if attempt.start.data["first_sight"]:
        return "good", f"half the time, but at first sight: {times}"
    return "easy", f"half the time, the first complete run green: {times}"


def minutes(seconds: float) -> str:
    """1:05 for 65 seconds."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)
