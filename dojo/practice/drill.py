"""Drill: a kata against the clock, in a new file, with every run kept.

The log is the truth: what is on the screen is folded from its records, so a killed drill goes on where it was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from rich.text import Text

from dojo.catalogue import Catalogue, CatalogueError, Kata
from dojo.practice import clock, home, schedule
from dojo.practice.attempt import Attempt, attempts
from dojo.practice.log import RATINGS, Log
from dojo.practice.screen import Screen
from dojo.practice.watch import Practice
from dojo.runner import Verdict
from dojo.stub import derive

CHOICES = {"a": "again", "h": "hard", "g": "good", "e": "easy"}


def version(kata: Kata) -> str:
    """The digest of what a kata asks: another one means that what was learnt may no longer do."""
    digest = hashlib.sha256()
    for path in (kata.test, kata.solution, kata.reference):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def new_file(kata: Kata, now: datetime) -> Path:
    """A fresh stub in a file of its own; what was written before stays as it is."""
    folder = kata.root / "attempts" / kata.slug
    path = folder / f"{now.astimezone():%Y%m%d-%H%M%S}.py"
    number = 1
    while path.exists():
        number += 1
        path = folder / f"{now.astimezone():%Y%m%d-%H%M%S}-{number}.py"
    home.put(path, derive(kata.solution.read_text(encoding="utf-8")).encode())
    return path


def open_attempt(log: Log) -> Attempt | None:
    """The drill that was left without an end, the latest one."""
    unfinished = [a for a in attempts(log.records()).values() if a.end is None and "interview" not in a.start.data]
    return unfinished[-1] if unfinished else None


class Drill(Practice):
    """One attempt, begun or taken up again."""

    KEYS = "Enter again · h hint · s solution · p pause · b bench · o open · q leave"

    def __init__(self, kata: Kata, path: Path, log: Log, minutes: float, now: Callable[[], datetime] | None = None):
        super().__init__(kata, path, log)
        self.minutes = minutes
        self.now = now or clock.steady()
        self.fresh = derive(kata.solution.read_text(encoding="utf-8"))
        self.attempt_: Attempt | None = None
        self.ringing = self.offering = self.leaving = False

    @classmethod
    def resumed(cls, catalogue: Catalogue, log: Log, attempt: Attempt) -> Drill:
        kata = catalogue[attempt.slug]
        drill = cls(kata, Path(attempt.start.data["path"]), log, attempt.start.data["minutes"])
        drill._take_up(attempt)
        if attempt.paused:
            drill._record("resumed")
        return drill

    def begin(self, tests: list[str]) -> None:
        """The clock starts once the tests are there."""
        if self.attempt_ is not None:
            return
        seen = any(r.data["slug"] == self.kata.slug for r in self.log.records("started", "green"))
        start = self.log.append(
            "started",
            slug=self.kata.slug,
            path=str(self.path),
            minutes=self.minutes,
            tests=tests,
            version=version(self.kata),
            first_sight=not seen,
            **self._extra(),
        )
        attempt = Attempt(start)
        attempt.take(start)
        self._take_up(attempt)

    def _extra(self) -> dict[str, str]:
        """More fields of the "started" record."""
        return {}

    def _take_up(self, attempt: Attempt) -> None:
        self.attempt_, self.attempt, self.hints = attempt, attempt.id, attempt.hints

    @property
    def drill(self) -> Attempt:
        assert self.attempt_ is not None, "the drill has not begun"
        return self.attempt_

    def _record(self, kind: str, **data: object) -> str:
        """Into the log first, then into the picture one has of it."""
        record = self.log.append(kind, attempt=self.drill.id, **data)
        self.drill.take(record)
        return record.id

    @property
    def paused(self) -> bool:
        return self.attempt_ is not None and self.attempt_.paused

    # --- what the loop asks ------------------------------------------------------------------------------------

    def status(self) -> str:
        if self.attempt_ is None:
            return ""
        left = self.drill.limit - clock.elapsed(self.drill.records, self.now())
        text = f"{schedule.minutes(left)} left" if left >= 0 else f"{schedule.minutes(-left)} over time"
        color = 32 if left > self.drill.limit / 2 else 33 if left > self.drill.limit / 10 else 31
        return f"\x1b[{color}m{'paused, ' if self.paused else ''}{text}\x1b[0m"

    def tick(self, screen: Screen) -> str:
        if self.attempt_ is None or self.paused or self.ringing or self.drill.bell or self.offering:
            return ""
        if clock.elapsed(self.drill.records, self.now()) < self.drill.limit:
            return ""
        self.ringing = True  # the file is graded as it stands; the verdict records the bell
        return "grade"

    def on_verdict(self, text: str, verdict: Verdict, screen: Screen) -> list[Text]:
        if self.drill.end is not None or (text == self.fresh and not self.ringing):
            return []  # nothing was written yet: that is no run
        run = self._record(
            "run",
            slug=self.kata.slug,
            text=home.keep(text),
            passed=[r.name for r in verdict.passed],
            failed={r.name: r.outcome for r in verdict.failures},
            seconds=verdict.seconds,
            complete=verdict.complete,
        )
        said = []
        if self.ringing:
            self.ringing = False
            solved = self.drill.green is not None
            self._record("bell", run=run, solved=solved)
            said.append(
                Text(
                    "The bell. " + ("Solved in time." if solved else "Go on if you like: overtime is noted."),
                    style="bold",
                )
            )
        self.green = verdict.green
        if self.drill.green is not None:
            said.append(self._offer())
            if not screen.interactive:
                self._finish(self.suggested[0])
        return said

    def _offer(self) -> Text:
        self.offering = True
        self.suggested = schedule.suggest(self.drill, self.now())
        rating, reason = self.suggested
        return Text(f"Rated {rating}: {reason}.  Enter accepts; a again, h hard, g good, e easy.", style="bold")

    def on_key(self, key: str, screen: Screen) -> str | None:
        if self.drill.end is not None:
            return "leave"
        if self.offering and key:
            rating = self.suggested[0] if key in "\r\n" else CHOICES.get(key)
            if rating is None:
                return "" if key != "q" else "leave"
            self._finish(rating)
            return "leave"
        if self.leaving and key:
            self.leaving = False
            if key == "g":
                self.suggested = ("again", "given up")
                self._finish("again")
                return "leave"
            if key in "p\r\n":
                if not self.paused:
                    self._record("paused")
                return "leave"
            screen.say("going on")
            return ""
        match key:
            case "p":
                self._record("resumed" if self.paused else "paused")
                screen.say("the clock stands still; p goes on" if self.paused else "going on")
                return ""
            case "q":
                self.leaving = True
                screen.say("p pauses, `kata drill --resume` takes it up again · g gives up · any other key goes on")
                return ""
            case "n":
                return ""
        return None

    def _finish(self, rating: str) -> None:
        suggested, reason = self.suggested
        assert rating in RATINGS
        self._record(
            "finished",
            slug=self.kata.slug,
            version=self.drill.start.data["version"],
            solved=self.drill.green is not None,
            elapsed=self.drill.elapsed(self.now()),
            rating=rating,
            suggested=suggested,
            reason=reason,
        )


# --- which kata ------------------------------------------------------------------------------------------------


def due_now(catalogue: Catalogue, log: Log) -> list[schedule.Due]:
    """What is due, the least retrievable first; a kata that changed is due again."""
    records = log.records("finished")
    known = {r.data["slug"] for r in records}
    versions = {kata.slug: version(kata) for kata in catalogue if kata.slug in known}
    return schedule.due(records, datetime.now(UTC), versions)


def choose(catalogue: Catalogue, log: Log, candidates: Iterable[Kata], weakest: bool) -> Kata:
    """The kata to drill: what is due, else the first one not yet solved whose requirements are; or the weakest."""
    katas = {kata.slug: kata for kata in candidates}
    if not katas:
        raise CatalogueError("no kata fits these options: `kata list` shows topics, levels and minutes")
    records = log.records("finished")
    if weakest:
        memories = [m for m in schedule.replay(records).values() if m.slug in katas]
        if not memories:
            raise CatalogueError("nothing was drilled yet, so nothing is weak: kata drill --next")
        return katas[schedule.weak(memories, clock.day_of(datetime.now(UTC)))[0].slug]
    for one in due_now(catalogue, log):
        if one.slug in katas:
            return katas[one.slug]
    solved = {r.data["slug"] for r in records if r.data["solved"]}
    fresh = [kata for kata in katas.values() if kata.slug not in solved]
    ready = [kata for kata in fresh if set(kata.requires) <= solved]
    return (ready or fresh or list(katas.values()))[0]
