"""The pytest plugin: options, fixtures, isolation of each kata, and the report a learner reads."""

from __future__ import annotations

import hashlib
import pickle
import random
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from _pytest.runner import runtestprotocol

from dojo import compare, contract, diagnosis, isolation, report
from dojo.catalogue import Catalogue, CatalogueError, Kata, load
from dojo.contract import Implementation
from dojo.guard import Guard, hides_kernels, scan
from dojo.loading import Program, read

pytest_plugins = ["dojo.bench"]  # the fixture `race`
ENGINE = pytest.StashKey["Engine"]()


@dataclass(frozen=True)
class Job:
    """What a child is to grade; None: what `--impl` names. remember: it tells at the end what the oracles said."""

    program: Program | None = None
    remember: bool = False


class Engine:
    """What the plugin knows during one session: the catalogue, which tree is graded, the seed."""

    def __init__(self, config: pytest.Config, catalogue: Catalogue):
        self.config = config
        self.catalogue = catalogue
        self.impl: str = config.getoption("impl")
        self.seed: int = config.getoption("seed")
        self.override: Program | None = None  # set where one text is graded, as in watch and check
        self.diagnose = "all"  # failures whose mistake is looked for: "all", "first", "none"
        self._diagnosed = False
        self.current: Implementation | None = None
        self.judges: contract.Judges = []  # what decides, as it was before the learner's code ran
        self._stream: Generator[tuple[str, list[pytest.TestReport]]] | None = None
        self._ahead: set[str] = set()
        self._told: dict[str, list[pytest.TestReport]] = {}
        self._katas: dict[Path, Kata | None] = {}

    def kata_of(self, item: pytest.Item) -> Kata | None:
        """The kata a test belongs to: asked for often, so remembered by file."""
        if item.path not in self._katas:
            self._katas[item.path] = self.catalogue.of_test(item.path)
        return self._katas[item.path]

    def program(self, kata: Kata) -> Program:
        """The program under test for a kata, from the tree that `--impl` names."""
        return self.override or read(implementation_path(kata, self.impl))

    def isolates(self) -> bool:
        """Whether kata tests go to a forked child; not under a debugger, and not where there is no fork."""
        return isolation.AVAILABLE and not contract.debugging() and not self.config.getoption("usepdb", False)

    def grade(
        self,
        items: list[pytest.Item],
        program: Program | None = None,
        *,
        waiting: Sequence[isolation.Child] = (),
        stop: Connection | None = None,
        remember: bool = False,
    ) -> Generator[tuple[str, list[pytest.TestReport]]]:
        """Runs the tests of one kata in forked children; gives name and reports of each as it ends.

        program: what is graded instead of what `--impl` names. remember: the children to come know what the oracles
        say. waiting, stop: as in `isolation.run`.
        """
        by_name = {item.nodeid: item for item in items}
        job = Job(program, remember)
        for message in isolation.run(list(by_name), job, lambda: self.fork(items), waiting=waiting, stop=stop):
            if isinstance(message, isolation.Died):
                yield message.name, [report.died(self, by_name[message.name], message.reason)]
            elif isinstance(message, bytes):
                if remember:
                    compare.remembered.update(pickle.loads(message))
            else:
                name, data = message
                hook = self.config.hook
                yield name, [hook.pytest_report_from_serializable(config=self.config, data=each) for each in data]

    def fork(self, items: list[pytest.Item], *warm_up: Any) -> isolation.Child:
        """A child that can run these tests; warm_up: names of tests and the job that it runs them on beforehand."""
        if any((kata := self.kata_of(item)) and kata.backend == "torch" for item in items):
            import torch._dynamo  # noqa: F401  (torch.optim asks for it at first use: once, and not in each child)
        return isolation.Child(partial(self._work, {item.nodeid: item for item in items}), *warm_up)

    def _work(self, by_name: dict[str, pytest.Item], names: Sequence[str], job: Job) -> Iterator[Any]:
        """In the child: runs the named tests, tells of each that it begins and then its reports."""
        hook = self.config.hook
        self.override = job.program
        self._diagnosed = False
        items = [by_name[name] for name in names]
        items[0].session._setupstate.teardown_exact(None)  # what a warm-up may have left
        timeouts = 0
        for item, following in zip(items, [*items[1:], None], strict=True):
            yield isolation.Begun(item.nodeid)
            if timeouts >= isolation.TIMEOUTS:
                yield isolation.Died(item.nodeid, f"not run: {timeouts} tests before it ran out of time")
                continue
            began = time.process_time()
            made = runtestprotocol(item, nextitem=following, log=False)
            made[0].cpu_seconds = time.process_time() - began  # type: ignore[attr-defined]
            timeouts += any("no answer" in str(each.longrepr) for each in made)
            yield item.nodeid, [hook.pytest_report_to_serializable(config=self.config, report=each) for each in made]
        if job.remember:
            yield pickle.dumps(compare.remembered)  # bytes: a pipe passes tensors on as shared memory

    def mistake(self, kata: Kata, calls: Sequence[contract.Call]) -> str | None:
        """The known mistake that explains the calls of a failed test, where one is looked for."""
        if self.diagnose == "none" or (self.diagnose == "first" and self._diagnosed):
            return None
        self._diagnosed = True
        return diagnosis.name(kata, calls)

    def reports(self, item: pytest.Item) -> list[pytest.TestReport]:
        """The reports of one test; its kata's following tests run ahead."""
        if item.nodeid not in self._ahead:
            self.close()
            group = self._same_kata_from(item)
            self._ahead = {each.nodeid for each in group}
            waiting = [self.fork(group) for _ in range(self._lanes(group))]
            self._stream = self.grade(group, waiting=waiting)
        while item.nodeid not in self._told:
            assert self._stream is not None
            name, reports = next(self._stream)
            self._told[name] = reports
        self._ahead.remove(item.nodeid)
        return self._told.pop(item.nodeid)

    def _lanes(self, items: list[pytest.Item]) -> int:
        """Children to share the tests out among: one where they would disturb each other, or have little to do."""
        option = self.config.option
        alone = len(items) < 8 or option.capture == "no" or option.benchmark_enable or option.benchmark_only
        return 1 if alone else isolation.LANES

    def _same_kata_from(self, item: pytest.Item) -> list[pytest.Item]:
        if hasattr(self.config, "workerinput"):  # under xdist the next test may be anyone's
            return [item]
        items = item.session.items
        start = items.index(item)
        end = next((i for i in range(start, len(items)) if items[i].path != item.path), len(items))
        return items[start:end]

    def close(self) -> None:
        """Ends the child that is running ahead, if any."""
        if self._stream is not None:
            self._stream.close()
        self._stream, self._ahead, self._told = None, set(), {}


def implementation_path(kata: Kata, impl: str) -> Path:
    """Where `--impl` has its program for a kata: a tree of the house, another tree of that layout, or one file."""
    if impl in ("katas", "solutions"):
        return kata.root / impl / kata.topic / f"{kata.slug}.py"
    path = Path(impl).expanduser()
    path = path if path.is_absolute() else Path.cwd() / path
    return path if path.suffix == ".py" else path / kata.topic / f"{kata.slug}.py"


# --- options and collection ------------------------------------------------------------------------------------


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("katas")
    group.addoption(
        "--impl", default="katas", metavar="TREE", help="what is graded: katas (default), solutions, or a path"
    )
    group.addoption("--topic", action="append", default=[], metavar="TOPIC", help="only the katas of this topic")
    group.addoption("--level", type=int, action="append", default=[], metavar="N", help="only the katas of this level")
    group.addoption("--seed", type=int, default=None, metavar="N", help="replays the fresh random inputs of a run")
    group.addoption(
        "--device", default="cpu", metavar="NAME", help="where the torch katas compute: cpu (default), cuda"
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.option.seed is None:
        config.option.seed = random.SystemRandom().randrange(10**6)
    try:
        catalogue = load(config.rootpath)
        for topic in config.getoption("topic"):
            catalogue.topic(topic)
    except CatalogueError as error:
        raise pytest.UsageError(str(error)) from None
    impl = config.getoption("impl")
    if impl not in ("katas", "solutions") and not Path(impl).expanduser().exists():
        raise pytest.UsageError(f"--impl={impl}: no such folder; give katas, solutions, or a path that exists")
    config.stash[ENGINE] = Engine(config, catalogue)


def pytest_report_header(config: pytest.Config) -> str:
    engine = config.stash[ENGINE]
    return f"katas: grading {engine.impl}; fresh inputs of --seed={engine.seed}"


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """--topic and --level leave files out before they are imported: a numpy topic never waits for torch."""
    kata = config.stash[ENGINE].catalogue.of_test(collection_path)
    topics, levels = config.getoption("topic"), config.getoption("level")
    if kata and ((topics and kata.topic not in topics) or (levels and kata.level not in levels)):
        return True
    return None


# --- fixtures --------------------------------------------------------------------------------------------------


@pytest.fixture
def kata(request: pytest.FixtureRequest) -> Implementation:
    """The implementation under test: `kata.jvp(params, x, v)` calls the learner's `jvp`, under contract."""
    engine = request.config.stash[ENGINE]
    entry = engine.kata_of(request.node)
    if entry is None:
        raise pytest.UsageError(f"{request.node.path}: no entry of a topic.toml has this test file")
    engine.current = None
    engine.judges = engine.judges or contract.judges()
    try:
        engine.current = implement(entry, engine.program(entry))
    finally:
        contract.check_judges(engine.judges)
    engine.current.calls.clear()
    return engine.current


@lru_cache(maxsize=4)
def implement(kata: Kata, program: Program) -> Implementation:
    """Loads a program under the rules of a kata; once for all its tests, as an import would."""
    hits = scan(program.tree, program.path, kata.forbids)
    if hits:
        raise compare.Wrong(("rule", str(hits[0])))
    torch = kata.backend == "torch"
    rules = Guard(kata.forbids, {program.path}, torch, kernels=torch and hides_kernels(program.text))
    with contract.learners_code():
        namespace = program.execute()
    return Implementation(program, namespace, rules, kata.caches, read(kata.solution).defaults)


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> np.random.Generator:
    """Random numbers that are the same each run, and others for each test."""
    return _generator(request.node.nodeid, 0)


@pytest.fixture
def fresh_rng(request: pytest.FixtureRequest) -> np.random.Generator:
    """Random numbers that differ from run to run; the failure tells the `--seed` that replays them."""
    return _generator(request.node.nodeid, request.config.stash[ENGINE].seed)


def _generator(nodeid: str, seed: int) -> np.random.Generator:
    digest = hashlib.sha256(nodeid.encode()).digest()
    return np.random.default_rng([seed, int.from_bytes(digest[:8], "big")])


@pytest.fixture
def device(request: pytest.FixtureRequest) -> Any:
    """The torch device of `--device`."""
    import torch

    name = request.config.getoption("device")
    if name != "cpu" and not torch.cuda.is_available():
        raise pytest.UsageError(f"--device={name}: torch sees no such device here")
    return torch.device(name)


# --- running ---------------------------------------------------------------------------------------------------


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> bool | None:
    """Kata tests run in a forked child, one child for all tests of a kata; everything else runs as always."""
    engine = item.config.stash[ENGINE]
    kata = engine.kata_of(item)
    if kata is None or not engine.isolates():
        return None
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    for each in engine.reports(item):
        item.ihook.pytest_runtest_logreport(report=each)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Iterator[None]:
    """After a kata's test: whatever decides about right and wrong is still what it was before."""
    engine = pyfuncitem.config.stash[ENGINE]
    if engine.kata_of(pyfuncitem) is None:
        return (yield)
    compare.begin_test(pyfuncitem.nodeid)
    try:
        return (yield)
    finally:
        contract.check_judges(engine.judges)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> pytest.TestReport | None:
    """A kata's test that fails has its own outcome (wrong, crashed, not attempted) and its own short text."""
    engine = item.config.stash[ENGINE]
    kata = engine.kata_of(item)
    if kata is None or call.excinfo is None:
        return None
    outcome, text = report.describe(engine, item, kata, call.excinfo)
    printed = [] if outcome == "not attempted" else item._report_sections
    made = pytest.TestReport(
        item.nodeid,
        item.location,
        dict.fromkeys(item.keywords, 1),
        "failed",
        text,
        call.when,  # type: ignore[arg-type]
        [(f"Captured {key} {when}", text[-2000:]) for when, key, text in printed],
        call.duration,
        call.start,
        call.stop,
    )
    made.kata_outcome = outcome  # type: ignore[attr-defined]
    return made


def pytest_unconfigure(config: pytest.Config) -> None:
    engine = config.stash.get(ENGINE, None)
    if engine:
        engine.close()


# --- the report ------------------------------------------------------------------------------------------------


def pytest_report_teststatus(report: pytest.TestReport) -> tuple[str, str, str] | None:
    outcome = getattr(report, "kata_outcome", None)
    if outcome is None:
        return None
    return outcome, {"wrong": "F", "crashed": "C", "not attempted": "-"}[outcome], outcome.upper()


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    report.summary(terminalreporter, config.stash[ENGINE].catalogue)
