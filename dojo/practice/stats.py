"""The figures of practice, from the log: pure, and told as text. page.py draws the same figures."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from io import StringIO
from typing import TYPE_CHECKING, NamedTuple, Protocol

from dojo.practice import schedule
from dojo.practice.attempt import Attempt, attempts
from dojo.practice.clock import day_of
from dojo.practice.log import Record
from dojo.practice.schedule import Memory, minutes

if TYPE_CHECKING:
    from rich.table import Table

AHEAD = 14  # days of the forecast
NOT_A_MISTAKE = {
    "not attempted",
    "skipped",
    "error",
}  # outcomes of a test that say nothing of what was misunderstood


class Kata(Protocol):
    """What is asked of dojo.catalogue.Kata."""

    @property
    def slug(self) -> str: ...
    @property
    def topic(self) -> str: ...
    @property
    def minutes(self) -> int: ...
    @property
    def level(self) -> int: ...


class Try(NamedTuple):
    day: date
    seconds: float  # to green, or to the end where it was not solved
    solved: bool


@dataclass
class Drills:
    """One kata's finished attempts, oldest first."""

    kata: Kata
    tries: list[Try]
    memory: Memory

    @property
    def best(self) -> float | None:
        return min((one.seconds for one in self.tries if one.solved), default=None)


class Topic(NamedTuple):
    name: str
    attempts: int
    first_green: float | None  # share of attempts whose first complete run was green
    hints: float  # an attempt


class Failed(NamedTuple):
    slug: str
    test: str
    times: int  # attempts (or days, outside drills) in which it failed at least once


@dataclass
class Figures:
    today: date
    drills: list[Drills]  # the katas ever drilled, in the catalogue's order
    topics: list[Topic]
    failed: list[Failed]  # most first
    calendar: dict[date, float]  # minutes of drill on each day practised; 0 where only outside drills
    forecast: list[tuple[date, int]]  # today, with all that is overdue, and the days after
    weak: list[Memory]


class State(NamedTuple):
    """A kata's line on the map."""

    state: str  # "new", "tried", "green" (outside a drill), "solved" (in one)
    best: float | None  # seconds
    last: date | None  # the last finished drill
    due: date | None


def states(records: Iterable[Record], katas: Iterable[Kata]) -> dict[str, State]:
    """What the map shows of each kata. Needs only the kinds "started", "finished" and "green"."""
    records = list(records)
    memories, seen = schedule.replay(records), {(r.kind, r.data.get("slug")) for r in records}
    found, finished = {}, defaultdict(list)
    for record in records:
        if record.kind == "finished":
            finished[record.data["slug"]].append(record)
    for kata in katas:
        done = finished[kata.slug]
        best = min((r.data["elapsed"] for r in done if r.data["solved"]), default=None)
        tried = "tried" if ("started", kata.slug) in seen else "new"
        state = "solved" if best is not None else "green" if ("green", kata.slug) in seen else tried
        due = memories[kata.slug].due if done else None
        found[kata.slug] = State(state, best, max((r.day for r in done), default=None), due)
    return found


def figures(records: Iterable[Record], katas: Sequence[Kata], now: datetime, tz: tzinfo | None = None) -> Figures:
    records, today = list(records), day_of(now, tz)
    topics = {kata.slug: kata.topic for kata in katas}
    tried = [one for one in attempts(records).values() if one.slug in topics]
    memories = {slug: memory for slug, memory in schedule.replay(records).items() if slug in topics}
    return Figures(
        today=today,
        drills=[Drills(kata, _tries(tried, kata.slug), memories[kata.slug]) for kata in katas if kata.slug in memories],
        topics=[
            _topic(name, [one for one in tried if topics[one.slug] == name]) for name in dict.fromkeys(topics.values())
        ],
        failed=_failed(records, topics),
        calendar=_calendar(records),
        forecast=_forecast(memories.values(), today),
        weak=schedule.weak(memories.values(), today),
    )


def _tries(tried: list[Attempt], slug: str) -> list[Try]:
    ends = [one.end for one in tried if one.slug == slug and one.end and one.end.kind == "finished"]
    ends.sort(key=lambda end: end.time)
    return [Try(end.day, end.data["elapsed"], end.data["solved"]) for end in ends]


def _topic(name: str, tried: list[Attempt]) -> Topic:
    run = [one for one in tried if one.first]
    first_green = sum(one.first is one.green for one in run) / len(run) if run else None
    return Topic(name, len(tried), first_green, sum(one.hints for one in tried) / max(1, len(tried)))


def _failed(records: list[Record], topics: Mapping[str, str]) -> list[Failed]:
    # A watched file is run at every save: counting runs would rank the slowest typing first.
    found = {
        (run.data["attempt"] or run.day, run.data["slug"], test)
        for run in records
        if run.kind == "run" and run.data["slug"] in topics
        for test, outcome in run.data["failed"].items()
        if outcome not in NOT_A_MISTAKE
    }
    counted = Counter((slug, test) for _, slug, test in found)
    return [Failed(slug, test, n) for (slug, test), n in sorted(counted.items(), key=lambda one: (-one[1], one[0]))]


def _calendar(records: list[Record]) -> dict[date, float]:
    days: dict[date, float] = {}
    for record in records:
        if record.kind in ("started", "run", "finished", "abandoned"):
            ended = record.kind in ("finished", "abandoned")
            days[record.day] = days.get(record.day, 0.0) + (record.data["elapsed"] / 60 if ended else 0.0)
    return days


def _forecast(memories: Iterable[Memory], today: date) -> list[tuple[date, int]]:
    counted = Counter(max(memory.due, today) for memory in memories)
    return [(day, counted[day]) for day in (today + timedelta(n) for n in range(AHEAD))]


# --- as text


def sparkline(values: Sequence[float], top: float | None = None) -> str:
    """▁▄█ for [0, 5, 10]; top is the value of a full block, the largest where not given."""
    top = top or max(values, default=0) or 1
    return "".join("▁▂▃▄▅▆▇█"[round(7 * min(max(value / top, 0), 1))] for value in values)


def text(figures: Figures, width: int = 80, color: bool = False) -> str:
    """The figures for a terminal of that width."""
    from rich.console import Console

    if not figures.calendar:
        return "Nothing practised yet. Start with: kata drill --next\n"
    out = StringIO()
    console = Console(
        file=out,
        width=width,
        highlight=False,
        force_terminal=color,
        color_system="standard" if color else None,
    )
    for part in (
        _says(figures),
        _weeks(figures, width),
        _drills(figures, width),
        _topics(figures, width),
        _failures(figures, width),
    ):
        console.print(part)
        console.print()
    return "\n".join(line.rstrip() for line in out.getvalue().rstrip().splitlines()) + "\n"


def _says(figures: Figures) -> str:
    month = [day for day in figures.calendar if 0 <= (figures.today - day).days < 28]
    hours = sum(figures.calendar[day] for day in month) / 60
    ahead = sparkline([n for _, n in figures.forecast])
    return (
        f"{len(month)} of the last 28 days practised, {hours:.1f} hours\n"
        f"{figures.forecast[0][1]} due today; {AHEAD} days from today: {ahead}"
    )


def _weeks(figures: Figures, width: int) -> str:
    """Seven rows of days, one column a week, the present one last."""
    monday = figures.today - timedelta(figures.today.weekday())
    since = (monday - min(figures.calendar)).days // 7 + 2
    weeks = [monday - timedelta(7 * n) for n in range(min(since, 52, (width - 5) // 2))][::-1]
    rows = []
    for n, name in enumerate(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")):
        days = [week + timedelta(n) for week in weeks]
        rows.append(f"{name}  " + " ".join(" " if day > figures.today else _shade(figures, day) for day in days))
    return "\n".join(rows)


def _shade(figures: Figures, day: date) -> str:
    if day not in figures.calendar:
        return "·"
    return "░▒▓█"[min(3, int(figures.calendar[day] // 20))]  # 20 minutes a step


def _drills(figures: Figures, width: int) -> "Table":
    narrow = width < 70
    table = _table(width, "kata", "time to green", "best", "due", *(() if narrow else ("limit", "knows")))
    for one in figures.drills:
        limit = 60 * one.kata.minutes
        times = "".join(
            sparkline([t.seconds], 2 * limit) if t.solved else "[red]×[/]" for t in one.tries[-6 if narrow else -12 :]
        )
        best = "-" if one.best is None else f"[{'green' if one.best <= limit else 'yellow'}]{minutes(one.best)}[/]"
        left = (one.memory.due - figures.today).days
        row = [one.kata.slug, times, best, "[bold]now[/]" if left <= 0 else f"{left} d"]
        more = [] if narrow else [minutes(limit), f"{one.memory.retrievability(figures.today):.0%}"]
        table.add_row(*row, *more)
    return table


def _topics(figures: Figures, width: int) -> "Table":
    table = _table(width, "topic", "drills", "first run green", "hints a drill")
    for topic in figures.topics:
        if topic.attempts:
            share = "-" if topic.first_green is None else f"{topic.first_green:.0%}"
            table.add_row(topic.name, str(topic.attempts), share, f"{topic.hints:.1f}")
    return table


def _failures(figures: Figures, width: int) -> "Table | str":
    table = _table(width, "failed most", "kata", "times")
    for failed in figures.failed[:8]:
        table.add_row(failed.test, failed.slug, str(failed.times))
    return table if figures.failed else ""


def _table(width: int, *names: str) -> "Table":
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    # Long names give way on a narrow terminal; the figures beside them stay whole.
    most = (width - 16) // 2 if "kata" in names[1:] else width // 2 if width >= 70 else width * 3 // 8
    for name in names:
        if name in ("kata", names[0]):
            table.add_column(name, max_width=most, no_wrap=True)
        else:
            table.add_column(name, min_width=6, justify="left" if name == "time to green" else "right")
    return table
