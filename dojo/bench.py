"""Benchmarks: how fast an implementation is, beside the naive way, the library and the worked solution.

A clock on a busy machine says little; a ratio taken with care says a lot. Every round makes fresh inputs and times all
rows on them in random order, by the processor's clock, on one thread; the learner's answer is checked in every round.
The score is the ratio of the least times. Noise only ever adds, so the least time of 31 is nearly free of it, where
means, medians and even medians of paired ratios are not: `benchmarks/noise.py` measures how well this tells.
pytest-benchmark times the calls, and shows, saves and compares the rows.

Rows are called naive, by the names of the library's functions (peers), solution and yours. The fastest peer at the
largest size is the reference; the solution where no library has the function.
"""

from __future__ import annotations

import gc
import inspect
import itertools
import json
import math
import os
import subprocess
import sys
import tempfile
import time
import warnings
import xml.etree.ElementTree as ET
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture
from pytest_benchmark.logger import PytestBenchmarkWarning
from pytest_benchmark.stats import Metadata

from dojo import compare, contract, isolation, limits
from dojo.catalogue import Kata
from dojo.compare import Wrong
from dojo.contract import Implementation
from dojo.loading import read
from dojo.testing import peak_bytes

CLOCK = time.thread_time  # that of the process stands still for milliseconds around a call with a time limit
ROUNDS = 31
TRIES = 3  # measurements before a failure is believed
SECONDS = 1.0  # of processor time for one size: slow code gets fewer rounds
PATIENCE = 10.0  # seconds after which no further measurement begins; the child is killed at 60
HARD = 4.0  # the naive way must be this much slower than the reference: else the race tells nothing
NARROWEST = 1.5  # no limit is narrower than this
EQUAL = 1.05  # the same code against itself stays below
GROWTH = 0.5  # this much in the exponent is another complexity

Times = dict[str, np.ndarray]  # row -> seconds of each round, NaN where the row did not run
ROWS = pytest.StashKey[list[Metadata]]()


# --- what came out ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outcome:
    """The times of one measurement at each size, and what they say."""

    times: dict[int, Times]
    peers: tuple[str, ...]

    @cached_property
    def size(self) -> int:
        return max(self.times)

    @cached_property
    def reference(self) -> str:
        return min(self.peers or ("solution",), key=lambda row: self.seconds(row, self.size))

    @cached_property
    def limit(self) -> float:
        """How many times the reference's time `yours` may take; infinite where naive is nearly as fast."""
        naive = self.ratio("naive")
        return max(NARROWEST, math.sqrt(naive)) if naive >= HARD else math.inf

    def seconds(self, row: str, n: int) -> float:
        return float(np.nanmin(self.times[n][row]))

    def ratio(self, row: str, against: str = "", n: int = 0) -> float:
        """The score: how many times the time of the reference (or of `against`) a row takes."""
        n = n or self.size
        return self.seconds(row, n) / self.seconds(against or self.reference, n)

    def interval(self, row: str) -> tuple[float, float]:
        """About 95 % for the median of the paired ratios, by their ranks. For the record; nothing is gated on it."""
        times = self.times[self.size]
        pairs = times[row] / times[self.reference]
        pairs = np.sort(pairs[np.isfinite(pairs)])
        rank = max(0, int(len(pairs) / 2 - math.sqrt(len(pairs))))
        return float(pairs[rank]), float(pairs[-1 - rank])

    def exponent(self, row: str) -> float:
        """p in time ~ n^p over the sizes."""
        return _slope({n: self.seconds(row, n) for n in self.times})

    def growth(self, row: str, against: str) -> float:
        """By how much a row's exponent is above another's."""
        return _slope({n: self.ratio(row, against, n) for n in self.times})

    def problems(self, limit: float | None = None) -> list[tuple[str, str]]:
        """Why `yours` does not pass: no line where it does."""
        limit, ratio = self.limit if limit is None else limit, self.ratio("yours")
        lines = []
        if ratio > limit:
            found = f"{ratio:.1f} times as slow as {self.reference} at n = {self.size}, the limit is {limit:.1f}"
            lines.append(("found", found))
        # Against the solution, not the library: a library's fixed cost of a call hides how its time grows.
        if (
            "solution" in self.times[self.size]
            and self.growth("naive", "solution") > GROWTH
            and self.growth("yours", "solution") > GROWTH
            and self.ratio("yours", "solution") > NARROWEST
        ):
            mine, theirs = self.exponent("yours"), self.exponent("solution")
            lines.append(("growth", f"time grows like n^{mine:.1f}, the worked solution's like n^{theirs:.1f}"))
        return lines

    @property
    def grade(self) -> str:
        return "red" if self.problems() else "gold" if self.ratio("yours") <= EQUAL else "green"


def _slope(values: Mapping[int, float]) -> float:
    if len(values) < 2:
        return 0.0
    return float(np.polyfit(np.log(list(values)), np.log(list(values.values())), 1)[0])


# --- measuring -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Contest:
    """Who runs (`yours` last), on what, and how an answer is judged."""

    rows: dict[str, Callable[..., Any]]
    peers: tuple[str, ...]
    make: Callable[[int, np.random.Generator], tuple[Any, ...]]
    sizes: Sequence[int]
    rng: np.random.Generator
    check: Callable[[Any, tuple[Any, ...]], Any] | None = None

    def run(self, limit: float | None = None) -> Outcome:
        """Measures; where that fails, up to twice again, and all rounds count together."""
        self._check_rows()
        began = time.monotonic()
        with undisturbed():
            outcome = Outcome({n: self._measure(n) for n in self.sizes}, self.peers)
            for _ in range(TRIES - 1):
                if not outcome.problems(limit) or time.monotonic() - began > PATIENCE:
                    break
                outcome = Outcome({n: _joined(outcome.times[n], self._measure(n)) for n in self.sizes}, self.peers)
        return outcome

    def _measure(self, n: int) -> Times:
        *_, yours = self.rows
        times = {row: np.full(ROUNDS, np.nan) for row in self.rows}
        args: tuple[Any, ...] = self.make(n, self.rng)
        answers: dict[str, Any] = {}
        order = list(self.rows)
        now = -1

        def clocked(row: str) -> float:
            _touch(args)
            began = CLOCK()
            answers[row] = self.rows[row](*args)
            return CLOCK() - began

        def run_others(rows: list[str]) -> None:
            for row in rows:
                if row != "naive" or now % 3 == 0:
                    times[row][now] = clocked(row)

        def setup() -> tuple[tuple[Any, ...], dict[str, Any]]:
            nonlocal now, args
            isolation.alive()
            now, args = now + 1, self.make(n, self.rng)
            answers.clear()
            self.rng.shuffle(order)
            run_others(order[: order.index(yours)])
            _touch(args)
            return args, {}

        def candidate(*given: Any) -> None:
            answers[yours] = self.rows[yours](*given)

        def teardown(*_: Any) -> None:
            run_others(order[order.index(yours) + 1 :])
            self._judge(yours, args, answers, n)

        warm = {row: clocked(row) for row in self.rows}
        rounds = int(SECONDS / (sum(warm.values()) - warm.get("naive", 0.0) * 2 / 3 + 1e-6))
        stopwatch = _stopwatch()
        stopwatch.pedantic(candidate, setup=setup, teardown=teardown, rounds=min(max(rounds, 3), ROUNDS))
        times[yours][: now + 1] = stopwatch.stats.stats.data
        return {row: seconds[: now + 1] for row, seconds in times.items()}

    def _judge(self, row: str, args: tuple[Any, ...], answers: dict[str, Any], n: int) -> None:
        try:
            if self.check:
                self.check(answers[row], args)
            else:
                _agree(answers[row], next(answers[each] for each in self.rows if each in answers))
        except Wrong as wrong:
            raise Wrong(*wrong.lines, ("when", f"in a timed call at n = {n}, on fresh numbers")) from None

    def _check_rows(self) -> None:
        """What `yours` is measured against gives right answers itself. Loads the libraries, too."""
        args = self.make(self.sizes[0], self.rng)
        answers = {row: function(*args) for row, function in list(self.rows.items())[:-1]}
        for row in answers:
            try:
                self._judge(row, args, answers, self.sizes[0])
            except AssertionError as error:
                raise RuntimeError(f"the benchmark itself is broken: {row} gives another answer ({error})") from None


def _joined(one: Times, other: Times) -> Times:
    return {row: np.concatenate((one[row], other[row])) for row in one}


def _agree(got: Any, want: Any) -> None:
    """The same up to 1e-7 of the norm (float32: 1e-4): other algorithms round otherwise."""

    def tolerance(leaf: Any) -> float:
        return max(1e-7, 1e3 * compare._unit(leaf)) * float(np.linalg.norm(np.ravel(compare._numpy(leaf))))

    compare.compare(got, want, compare._per_leaf(want, tolerance))


def _touch(args: Any) -> None:
    """Reads the inputs, so that every row finds them equally near: who comes second would win by the cache."""
    for leaf in contract._leaves(args):
        if hasattr(leaf, "sum"):
            leaf.sum()


def _stopwatch() -> Any:
    """pytest-benchmark's fixture by the processor's clock. One times one function once, and a race needs many."""
    calibration = dict.fromkeys(inspect.signature(BenchmarkFixture).parameters, 0)  # `pedantic` uses none of it
    ours = {"node": SimpleNamespace(name="", nodeid=""), "timer": SimpleNamespace(target=CLOCK), "add_stats": id}
    return BenchmarkFixture(**{**calibration, **ours})  # type: ignore[no-untyped-call]


@contextmanager
def undisturbed() -> Iterator[None]:
    """One thread, no garbage collection."""
    from threadpoolctl import threadpool_limits

    torch = sys.modules.get("torch")
    threads = torch.get_num_threads() if torch else 1
    gc.collect()
    collects = gc.isenabled()
    gc.disable()
    try:
        with threadpool_limits(1):
            if torch and threads != 1:
                torch.set_num_threads(1)
            yield
    finally:
        if torch and threads != 1:
            torch.set_num_threads(threads)
        if collects:
            gc.enable()


def peak(function: Callable[..., Any], *args: Any) -> int:
    """The most bytes one call held at once: those of numpy and Python, and those of torch."""
    function(*args)  # what is loaded or remembered at the first call does not count
    held = peak_bytes(function, *args)
    torch = sys.modules.get("torch")
    if torch:
        os.environ.setdefault("KINETO_LOG_LEVEL", "99")
        profile = torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CPU], profile_memory=True)
        with profile:
            function(*args)
        events = profile.profiler.kineto_results.events()
        moves = sorted((event.start_ns(), event.nbytes()) for event in events if event.name() == "[memory]")
        held += max(itertools.accumulate(size for _, size in moves), default=0)
    return held


# --- in pytest -------------------------------------------------------------------------------------------------


@pytest.fixture
def race(
    request: pytest.FixtureRequest, kata: Implementation, benchmark: Any, rng: np.random.Generator
) -> Callable[..., None]:
    """The benchmark of a performance kata: `race("jvp", make=..., sizes=(100, 200), naive=..., peers={...})`.

    make(n, rng) gives the arguments. naive and peers take the same ones and give the same result. check(result, args)
    judges an answer; without it every answer is compared with naive's. Without --benchmark-enable the function is
    called once, under contract, at the smallest size.
    """
    from dojo.plugin import ENGINE, implement

    entry = request.config.stash[ENGINE].kata_of(request.node)
    assert entry is not None
    enabled, benchmark.disabled = benchmark.enabled, True  # a call under contract is no measurement

    def run(
        name: str,
        *,
        make: Callable[[int, np.random.Generator], tuple[Any, ...]],
        sizes: Sequence[int],
        naive: Callable[..., Any],
        peers: Mapping[str, Callable[..., Any]] | None = None,
        check: Callable[[Any, tuple[Any, ...]], Any] | None = None,
    ) -> None:
        args = make(sizes[0], rng)
        got = benchmark.pedantic(getattr(kata, name), args=args)
        if check:
            check(got, args)
        else:
            _agree(got, naive(*args))
        if not enabled:
            return
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            contend(name, make, sizes, naive, peers or {}, check)

    def contend(name: str, make: Any, sizes: Any, naive: Any, peers: Any, check: Any) -> None:
        for n in sizes[1:]:  # no limits are on while timing: a loop that never ends shows here
            with limits.call_limits():
                kata.raw(name)(*make(n, rng))
        solution = implement(entry, read(entry.solution)).raw(name)
        rows = {"naive": naive, **peers, "solution": solution, "yours": kata.raw(name)}
        contest = Contest(rows, tuple(peers), make, sizes, rng, check)
        outcome = contest.run()
        request.node.stash[ROWS] = _rows(request.node, f"{entry.slug}.{name} n={outcome.size}", contest, outcome)
        if problems := outcome.problems():
            raise Wrong(*problems)

    return run


def _rows(item: pytest.Item, group: str, contest: Contest, outcome: Outcome) -> list[Metadata]:
    """The largest size as rows of one group of pytest-benchmark; what it has no column for goes to extra_info."""
    args, made = contest.make(outcome.size, contest.rng), []
    for row, seconds in outcome.times[outcome.size].items():
        info: dict[str, Any] = {
            "seconds": {str(n): outcome.seconds(row, n) for n in outcome.times},
            "reference": outcome.reference,
            "ratio": outcome.ratio(row),
            "interval": outcome.interval(row),
            "growth": outcome.exponent(row),
            "peak_bytes": peak(contest.rows[row], *args),
        }
        if row == "yours":
            limit = None if math.isinf(outcome.limit) else outcome.limit
            info |= {"grade": outcome.grade, "limit": limit, "problems": outcome.problems()}
        named = {"name": row, "fullname": f"{item.nodeid}[{row}]", "group": group, "param": None, "params": None}
        fixture = SimpleNamespace(**named, extra_info=info, cprofile_stats=None, has_error=False)
        options = {"timer": CLOCK, "disable_gc": True}
        made.append(Metadata(fixture, iterations=1, options=options))  # type: ignore[no-untyped-call]
        made[-1].stats.data = seconds[np.isfinite(seconds)].tolist()
    return made


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """The rows travel with the report: the test runs in a forked child, and the table is made by its parent."""
    report = yield
    if call.when == "call" and ROWS in item.stash:
        report.benchmarks = item.stash[ROWS]
    return report


class _Rows:
    """Hands the rows that arrive to pytest-benchmark: its table, --benchmark-json, --benchmark-autosave."""

    def __init__(self, config: pytest.Config):
        self.config = config

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        session: Any = self.config._benchmarksession  # type: ignore[attr-defined]
        session.benchmarks.extend(getattr(report, "benchmarks", ()))


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("benchmark_enable") and config.getoption("dist", "no") != "no":
        raise pytest.UsageError("--benchmark-enable and -n: tests that run side by side cannot be timed; leave one out")
    warnings.simplefilter("default", PytestBenchmarkWarning)  # "nothing to save" is no reason for a traceback
    config.pluginmanager.register(_Rows(config))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """--benchmark-only and --benchmark-skip choose tests; pytest-benchmark would run every kata's to skip most."""
    only, skip = config.getoption("benchmark_only"), config.getoption("benchmark_skip")
    if only or skip:
        out = [item for item in items if ("race" in getattr(item, "fixturenames", ())) != only]
        config.hook.pytest_deselected(items=out)
        items[:] = [item for item in items if item not in out]


# --- kata bench ------------------------------------------------------------------------------------------------


def table(kata: Kata, impl: str = "katas", as_json: bool = False) -> int:
    """Runs the race of a kata in a process of its own and prints what came out; the exit code."""
    if not kata.performance:
        print(f"kata: {kata.slug} has no benchmark: `kata list` shows `speed` where there is one", file=sys.stderr)
        return 2
    groups, failure = _run(kata, impl)
    if as_json:
        print(json.dumps({"kata": kata.slug, "races": groups, "failure": None if groups else failure}, indent=2))
    elif not groups:
        print(failure)
    else:
        _print(groups)
    return 1 if failure else 0


def _run(kata: Kata, impl: str) -> tuple[dict[str, dict[str, Any]], str]:
    """(group -> row -> what is known of it, why the test failed or "")."""
    impl = impl if impl in ("katas", "solutions") else str(Path(impl).expanduser().resolve())
    with tempfile.TemporaryDirectory() as folder:
        rows, outcome = Path(folder, "rows.json"), Path(folder, "outcome.xml")
        options = ["--benchmark-enable", "--benchmark-only", f"--impl={impl}"]
        options += [f"--benchmark-json={rows}", f"--junitxml={outcome}"]
        command = [sys.executable, "-m", "pytest", str(kata.test), *options]
        done = subprocess.run(command, cwd=kata.root, capture_output=True, text=True, check=False)
        failed = ET.parse(outcome).iter("failure") if outcome.is_file() else ()
        failure = "\n".join(each.text or "" for each in failed)
        made = json.loads(rows.read_text())["benchmarks"] if rows.is_file() and rows.stat().st_size else []
    if done.returncode and not failure:
        failure = (done.stdout + done.stderr).strip() or f"pytest ended with exit code {done.returncode}"
    groups: dict[str, dict[str, Any]] = {}
    for row in made:
        groups.setdefault(row["group"], {})[row["name"]] = row["extra_info"]
    return groups, failure


def _print(groups: dict[str, dict[str, Any]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = 120
    for group, rows in groups.items():
        yours = rows["yours"]
        sizes, reference = list(yours["seconds"]), yours["reference"]
        shown = Table(title=group.partition(" ")[0], title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1))
        shown.add_column("one call")
        for heading in [*(f"n = {n}" for n in sizes), f"beside {reference}", "growth", "peak memory"]:
            shown.add_column(heading, justify="right")
        for name, row in rows.items():
            times = [_time(row["seconds"][n]) for n in sizes]
            beside = "" if name == reference else _beside(row["ratio"])
            style = "bold" if name == "yours" else None
            shown.add_row(name, *times, beside, f"n^{row['growth']:.1f}", _bytes(row["peak_bytes"]), style=style)
        console.print(shown)
        console.print(verdict(yours), style={"red": "red", "green": "green", "gold": "yellow"}[yours["grade"]])
    console.print(
        "\nred: beyond the limit, max(1.5, √(naive / library)) times the library's time, or another growth than the "
        "solution's\ngreen: within the limit\ngold: as fast as the library, or faster\n"
        f"Processor time of one call on one thread, the least of up to {ROUNDS} rounds on fresh inputs.",
        style="dim",
    )


def verdict(yours: Mapping[str, Any]) -> str:
    """One sentence: the grade, and how far it is to the next."""
    ratio, limit, reference = yours["ratio"], yours["limit"], yours["reference"]
    text = f"{yours['grade']}: {_beside(ratio)} as {reference}"
    if yours["grade"] == "gold":
        return text + "; there is no higher grade."
    if limit is None:
        text += "; no limit, for the naive way is too close to the library to tell"
    if yours["grade"] == "green":
        return text + f"; gold when it takes {1 - EQUAL / ratio:.0%} less time."
    if limit and ratio > limit:
        text += f", the limit is {limit:.1f}; green when it takes {1 - limit / ratio:.0%} less time"
    return text + "".join(f"; {line}" for label, line in yours["problems"] if label == "growth") + "."


def _beside(ratio: float) -> str:
    return f"{ratio:.3g} times as slow" if ratio > 1 else f"{1 / ratio:.3g} times as fast"


def _time(seconds: float) -> str:
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-9:.0f} ns"


def _bytes(size: int) -> str:
    for unit, power in (("GiB", 30), ("MiB", 20), ("KiB", 10)):
        if size >= 1 << power:
            return f"{size / (1 << power):.3g} {unit}"
    return f"{size} B"
