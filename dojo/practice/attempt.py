"""One drill, folded from its records: what the clock, the rating and the statistics ask about it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from dojo.practice import clock
from dojo.practice.log import Record


@dataclass
class Attempt:
    start: Record
    records: list[Record] = field(default_factory=list)  # its own, `start` included, in the order written
    hints: int = 0  # the furthest hint taken before it was green: help after that costs nothing
    solution: bool = False  # opened before it was green
    first: Record | None = None  # the first complete run
    green: Record | None = None  # the first run that solves it
    bell: Record | None = None
    end: Record | None = None  # finished or abandoned

    @property
    def id(self) -> str:
        return self.start.id

    @property
    def slug(self) -> str:
        return str(self.start.data["slug"])

    @property
    def limit(self) -> float:
        """The kata's minutes when it was started, in seconds."""
        return 60 * float(self.start.data["minutes"])

    @property
    def paused(self) -> bool:
        return next((r.kind for r in reversed(self.records) if r.kind in clock.RUNS | clock.STOPS), "") == "paused"

    def elapsed(self, now: datetime) -> float:
        """Seconds to green, or until now where it is not green."""
        if self.green is None:
            return clock.elapsed(self.records, now)
        upto = self.records.index(self.green) + 1
        return clock.elapsed(self.records[:upto], self.green.time)

    def solved_by(self, run: Record) -> bool:
        """Every test the kata had at the start is in the run and passed: none skipped, deleted, renamed."""
        tests = set(self.start.data["tests"])
        return bool(tests) and run.data["complete"] and tests <= set(run.data["passed"])

    def take(self, record: Record) -> None:
        self.records.append(record)
        match record.kind:
            case "run":
                if record.data["complete"]:
                    self.first = self.first or record
                if self.green is None and self.solved_by(record):
                    self.green = record
            case "hint" if self.green is None:
                self.hints = max(self.hints, record.data["number"])
            case "solution" if self.green is None:
                self.solution = True
            case "bell":
                self.bell = record
            case "finished" | "abandoned":
                self.end = record


def attempts(records: Iterable[Record]) -> dict[str, Attempt]:
    """Every attempt by its id, in the order started. The one to resume is the last with no `end`."""
    found: dict[str, Attempt] = {}
    for record in records:
        if record.kind == "started":
            found[record.id] = Attempt(record)
            found[record.id].take(record)
        elif attempt := found.get(record.data.get("attempt") or ""):
            attempt.take(record)
    return found
