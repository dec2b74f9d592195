"""Interview: katas one did not see coming, their statement only, and one clock for all of them.

Each save runs the cases worked by hand. `hand-in` runs everything and answers by category. In an open repository
"hidden" means: not printed before the end.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.text import Text

from dojo.catalogue import Catalogue, CatalogueError, Kata
from dojo.practice import home, schedule
from dojo.practice.attempt import attempts
from dojo.practice.drill import Drill, due_now, new_file
from dojo.practice.log import Log, Record
from dojo.practice.screen import Screen, failure_text
from dojo.practice.watch import loop
from dojo.runner import Runner, Verdict

UNSEEN = timedelta(days=14)
PENALTY = 5 * 60  # seconds, for a hand-in that is wrong
HAND_INS = 3  # for one kata

# A word in the comment that heads a section of a test file -> the category a hand-in answers with.
CATEGORIES = {
    "law": "laws", "gradient": "gradient", "nasty": "stability", "layout": "stability", "rule": "rules",
    "cost": "rules", "speed": "speed",
}  # fmt: skip
FIRST = 3  # tests that a save runs where none is worked by hand


def sections(kata: Kata) -> dict[str, str]:
    """test function -> the comment that heads its section, in the order of the file."""
    found, section = {}, "by hand"
    for line in kata.test.read_text(encoding="utf-8").splitlines():
        if heading := re.match(r"# -+ (.+?) -+$", line):
            section = heading[1]
        elif test := re.match(r"def (test_\w+)", line):
            found[test[1]] = section
    return found


def category(section: str) -> str:
    """values, where no other word says otherwise."""
    return next((name for word, name in CATEGORIES.items() if word in section), "values")


def by_hand(kata: Kata) -> Callable[[str], bool]:
    """Which tests a save runs: the cases worked by hand."""
    of = sections(kata)
    chosen = {test for test, section in of.items() if "by hand" in section or "by_hand" in test} or list(of)[:FIRST]
    return lambda test: test.partition("[")[0] in chosen


def tally(kata: Kata, verdict: Verdict) -> dict[str, tuple[int, int]]:
    """category -> (passed, all)."""
    of = sections(kata)
    count: dict[str, tuple[int, int]] = {}
    for result in verdict.results:
        name = category(of.get(result.name.partition("[")[0], ""))
        passed, total = count.get(name, (0, 0))
        count[name] = (passed + (result.outcome == "passed"), total + 1)
    return count


def choose(catalogue: Catalogue, log: Log, katas: Iterable[Kata], minutes: float, seed: int) -> list[Kata]:
    """Katas that fill the time, not seen for two weeks; those that are due come first."""
    since = datetime.now(UTC) - UNSEEN
    seen = {r.data["slug"] for r in log.records("started", "green", "run") if r.time > since}
    due = {one.slug for one in due_now(catalogue, log)}
    pool = [kata for kata in katas if kata.slug not in seen or kata.slug in due]
    random.Random(seed).shuffle(pool)
    pool.sort(key=lambda kata: kata.slug not in due)
    chosen: list[Kata] = []
    for kata in pool:
        if sum(k.minutes for k in chosen) + kata.minutes <= minutes:
            chosen.append(kata)
    if not chosen:
        raise CatalogueError(f"no kata you have not seen for 14 days fits {minutes:g} minutes: try more minutes")
    return chosen


@dataclass
class Interview:
    """One interview, folded from the log."""

    start: Record
    wrong: int = 0
    tries: dict[str, int] = field(default_factory=dict)  # wrong hand-ins by slug
    solved: list[str] = field(default_factory=list)
    end: Record | None = None

    @property
    def id(self) -> str:
        return self.start.id

    @property
    def limit(self) -> float:
        return float(60 * self.start.data["minutes"])

    def left(self, now: datetime) -> float:
        """Seconds that are left: wall time and penalties, no pauses."""
        return self.limit - max((now - self.start.time).total_seconds(), 0.0) - PENALTY * self.wrong


def fold(log: Log) -> Interview | None:
    """The latest interview."""
    interview = None
    for record in log.records("interview-started", "handed-in", "interview-finished"):
        if record.kind == "interview-started":
            interview = Interview(record)
        elif interview and record.data["interview"] == interview.id:
            if record.kind == "interview-finished":
                interview.end = record
            elif record.data["right"]:
                interview.solved.append(record.data["slug"])
            else:
                interview.wrong += 1
                interview.tries[record.data["slug"]] = interview.tries.get(record.data["slug"], 0) + 1
    return interview


def running(log: Log) -> Interview:
    """The interview one is in; an error where there is none."""
    interview = fold(log)
    if interview is None or interview.end is not None:
        raise CatalogueError("no interview is running: kata interview starts one")
    return interview


class Question(Drill):
    """One kata of an interview: its statement, the cases worked by hand, no pause and no help."""

    KEYS = "Enter again · i hand in · o open · n next question · q end the interview"

    def __init__(self, kata: Kata, path: Path, log: Log, interview: Interview):
        super().__init__(kata, path, log, interview.start.data["minutes"])
        self.interview = interview
        self._by_hand = by_hand(kata)

    def _extra(self) -> dict[str, str]:
        return {"interview": self.interview.id}

    def only(self, test: str) -> bool:
        return self._by_hand(test)

    def status(self) -> str:
        left = self.interview.left(datetime.now(UTC))
        return f"{schedule.minutes(max(left, 0))} left"

    def tick(self, screen: Screen) -> str:
        current = fold(self.log)
        if current is not None:
            self.interview = current
        if self.kata.slug in self.interview.solved:
            return "next"
        return "quit" if self.interview.left(datetime.now(UTC)) <= 0 else ""

    def on_verdict(self, text: str, verdict: Verdict, screen: Screen) -> list[Text]:
        self.log.append(
            "run",
            slug=self.kata.slug,
            attempt=self.attempt,
            text=home.keep(text),
            passed=[r.name for r in verdict.passed],
            failed={r.name: r.outcome for r in verdict.failures},
            seconds=verdict.seconds,
            complete=False,  # the cases worked by hand are not all tests
        )
        return [Text("The cases worked by hand pass: i hands in.", style="green")] if verdict.green else []

    def on_key(self, key: str, screen: Screen) -> str | None:
        match key:
            case "i":
                screen.say(answer(self.kata, self.log, self.interview, self.path))
                return ""
            case "h" | "s" | "l" | "b":
                return ""  # no help in an interview
        return None


def hand_in(catalogue: Catalogue, log: Log) -> str:
    """`kata hand-in`: grades the file of the question one is at."""
    interview = running(log)
    mine = [a for a in attempts(log.records()).values() if a.start.data.get("interview") == interview.id]
    if not mine:
        raise CatalogueError("the interview has no question yet: is `kata interview` still starting?")
    latest = mine[-1]
    return answer(catalogue[latest.slug], log, interview, Path(latest.start.data["path"]))


def answer(kata: Kata, log: Log, interview: Interview, path: Path) -> str:
    """Grades everything, records it, and answers by category."""
    if interview.tries.get(kata.slug, 0) >= HAND_INS:
        return f"three hand-ins were wrong: {kata.title} is closed"
    with Runner(kata, diagnose="none") as runner:
        verdict = runner.grade(path.read_text(encoding="utf-8", errors="replace"), path)
    assert verdict is not None
    count = tally(kata, verdict)
    log.append("handed-in", interview=interview.id, slug=kata.slug, right=verdict.green, categories=count)
    text = ", ".join(f"{name} {passed}/{total}" for name, (passed, total) in count.items())
    return f"right: {text}" if verdict.green else f"not yet: {text}. Five minutes less."


def hold(catalogue: Catalogue, log: Log, katas: list[Kata], minutes: float, seed: int) -> int:
    """`kata interview`: question after question until all are solved, the time is up, or one ends it."""
    start = log.append("interview-started", slugs=[kata.slug for kata in katas], minutes=minutes, seed=seed)
    interview = Interview(start)
    files = {kata.slug: new_file(kata, datetime.now(UTC)) for kata in katas}
    with Screen() as screen:
        screen.say(f"{len(katas)} questions, {minutes:g} minutes. Hidden means: not printed before the end.\n")
        waiting = list(katas)
        while waiting:
            kata = waiting.pop(0)
            action = loop(Question(kata, files[kata.slug], log, interview), screen)
            interview = fold(log) or interview
            if action not in ("next", "leave"):
                break
            if kata.slug not in interview.solved and interview.tries.get(kata.slug, 0) < HAND_INS:
                waiting.append(kata)
            if interview.left(datetime.now(UTC)) <= 0:
                break
        solved = interview.solved
        spent = (datetime.now(UTC) - interview.start.time).total_seconds()
        log.append(
            "interview-finished",
            interview=interview.id,
            solved=solved,
            elapsed=spent,
            penalty=PENALTY * interview.wrong,
        )
        _report(katas, files, solved, spent, interview, screen)
    return 0 if len(solved) == len(katas) else 1


def _report(
    katas: list[Kata], files: dict[str, Path], solved: list[str], spent: float, interview: Interview, screen: Screen
) -> None:
    """At the end: every question with its categories and the failing inputs."""
    screen.say(f"\n{len(solved)} of {len(katas)} solved in {schedule.minutes(spent)}, {interview.wrong} wrong hand-ins")
    for kata in katas:
        with Runner(kata) as runner:
            verdict = runner.grade(files[kata.slug].read_text(encoding="utf-8", errors="replace"), files[kata.slug])
        assert verdict is not None
        count = ", ".join(f"{name} {passed}/{total}" for name, (passed, total) in tally(kata, verdict).items())
        screen.say(
            f"\n{kata.title}: {'solved' if kata.slug in solved else 'not solved'}; {count}\n"
            f"{kata.shown(files[kata.slug])}"
        )
        shown: set[str] = set()
        for result in verdict.failures:
            if result.name.partition("[")[0] not in shown and result.outcome != "not attempted":
                shown.add(result.name.partition("[")[0])
                screen.console.print(failure_text(result))
