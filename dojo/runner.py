"""The runner: a process that holds pytest and one kata's tests ready, and grades a text in a forked child.

Starting Python, pytest and torch takes seconds; a fork takes milliseconds. So the starting is done once, and each
verdict costs only the tests themselves:

    with Runner(root, kata) as runner:
        verdict = runner.grade(text, path)

The process that forks does nothing else: no thread runs in it and nothing is computed in it, since both are known to
hang the child.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from dojo import diagnosis
from dojo.catalogue import Kata
from dojo.loading import Program, read

if TYPE_CHECKING:
    from dojo.plugin import Engine


@dataclass(frozen=True)
class Result:
    """One test's outcome: passed, wrong, crashed, not attempted (or skipped, error)."""

    name: str  # test_rows_sum_to_one[normal]
    outcome: str
    text: str = ""  # what the learner reads
    output: str = ""  # what the learner's code printed
    seconds: float = 0.0  # of processor time
    at_load: bool = False  # before the test began: the program could not be loaded


@dataclass
class Verdict:
    """What the tests say of one text. `complete` only where every test has its result."""

    results: list[Result] = field(default_factory=list)
    complete: bool = False
    seconds: float = 0.0

    @property
    def green(self) -> bool:
        return self.complete and bool(self.results) and all(r.outcome == "passed" for r in self.results)

    @property
    def passed(self) -> list[Result]:
        return [r for r in self.results if r.outcome == "passed"]

    @property
    def failures(self) -> list[Result]:
        return [r for r in self.results if r.outcome != "passed"]

    @property
    def first_failure(self) -> Result | None:
        """The one to show: what is wrong before what is not written yet."""
        attempted = [r for r in self.failures if r.outcome != "not attempted"]
        return next(iter(attempted or self.failures), None)


class RunnerDied(Exception):
    """The runner could not start or has ended; the text is one line."""


class Runner:
    """The near end: starts the process, sends texts, collects results.

    diagnose: the failures whose mistake is looked for: "all", "first", "none".
    ready: so many children wait warmed up, and share out the tests of the next text.
    """

    def __init__(self, kata: Kata, *, diagnose: str = "all", ready: int = 0, seed: int | None = None):
        self.kata = kata
        options = [] if seed is None else [f"--seed={seed}"]
        self._arguments = [str(kata.test), diagnose, str(ready), *options]
        self._start()

    def _start(self) -> None:
        self.tests: list[str] = []
        self._near, far = Pipe()
        start = "import sys; from dojo.runner import serve; sys.exit(serve(*sys.argv[1:]))"
        self._process = subprocess.Popen(
            [sys.executable, "-c", start, str(far.fileno()), *self._arguments],
            cwd=self.kata.root,
            pass_fds=[far.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        far.close()

    def __enter__(self) -> Runner:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def wait_ready(self) -> list[str]:
        """The names of the kata's tests, once pytest has collected them."""
        if not self.tests:
            self.tests = self._receive()
        return self.tests

    def grade(
        self,
        text: str,
        path: Path | str,
        *,
        only: Callable[[str], bool] | None = None,
        stop_at_first: bool = False,
        stop: Callable[[], bool] = lambda: False,
        on_result: Callable[[Result], None] = lambda result: None,
    ) -> Verdict | None:
        """Grades a text as if it stood in `path`; None where `stop` said so meanwhile.

        only: which tests to run, by name. stop_at_first: end at the first test that is not passed.
        """
        names = [name for name in self.wait_ready() if only is None or only(name)]
        began = time.monotonic()
        verdict = Verdict()
        self._send((Program(str(path), text), names))
        while True:
            if self._near.poll(0.02) or self._process.poll() is not None:
                message = self._receive()
                if message is None:
                    break
                verdict.results.append(message)
                on_result(message)
                if stop_at_first and message.outcome != "passed":
                    self._stop()
                    break
            if stop():
                self._stop()
                return None
        verdict.results.sort(key=lambda result: names.index(result.name))
        verdict.seconds = time.monotonic() - began
        verdict.complete = {r.name for r in verdict.results} == set(names)
        return verdict

    def _stop(self) -> None:
        """Ends the running child, and reads away what it still had to say."""
        self._send("stop")
        while self._receive() is not None:
            pass

    def _send(self, message: Any) -> None:
        try:
            self._near.send(message)
        except OSError:
            raise RunnerDied(self._last_words()) from None

    def _receive(self) -> Any:
        try:
            return self._near.recv()
        except (EOFError, OSError):
            raise RunnerDied(self._last_words()) from None

    def _last_words(self) -> str:
        self._process.kill()
        assert self._process.stdout is not None
        output = self._process.stdout.read().decode(errors="replace").strip().splitlines()
        errors = [line for line in output if line.startswith(("E ", "ERROR")) or "Error" in line]
        last = (errors or output or ["no output"])[-1].strip()
        return f"{self.kata.shown(self.kata.test)}: pytest could not start: {last}"

    def restart(self) -> None:
        """A new process, after the old one died."""
        self.close()
        self._start()

    def close(self) -> None:
        self._near.close()
        self._process.terminate()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()


# --- the far end -----------------------------------------------------------------------------------------------


class _Server:
    """A pytest plugin that, where pytest would run the tests, waits for texts to grade."""

    def __init__(self, connection: Connection, diagnose: str, ready: int):
        self.connection, self.diagnose, self.ready = connection, diagnose, ready

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        from dojo.plugin import ENGINE

        if session.testsfailed:
            raise session.Interrupted("the tests cannot be collected")
        engine, items = session.config.stash[ENGINE], session.items
        engine.diagnose = self.diagnose
        self.connection.send([item.name for item in items])
        kata = engine.kata_of(items[0])
        assert kata is not None
        solution = read(kata.solution)
        for _ in engine.grade(items, solution, remember=True):  # what the oracles say is the same for every text
            pass
        if self.diagnose != "none":
            diagnosis.prepare(kata)
        try:
            while True:
                self._serve(engine, items, solution)
        except (EOFError, OSError):  # the near end is gone
            pass
        return True

    def _serve(self, engine: Engine, items: list[pytest.Item], solution: Program) -> None:
        """Waits for one text with children that have run the tests once on the worked answer; grades it."""
        from dojo.plugin import Job

        names, lanes = [item.nodeid for item in items], min(self.ready, len(items))
        waiting = [engine.fork(items, names[lane::lanes], Job(solution)) for lane in range(lanes)]
        try:
            while (message := self.connection.recv()) == "stop":  # a run that had ended before it could be stopped
                pass
            program, asked = message
            chosen = [item for item in items if item.name in asked]
            for nodeid, reports in engine.grade(chosen, program, waiting=waiting, stop=self.connection):
                self.connection.send(_result(nodeid.partition("::")[2], reports))
            self.connection.send(None)
        finally:
            for child in waiting:
                child.end()


def _result(name: str, reports: list[pytest.TestReport]) -> Result:
    failed = next((each for each in reports if each.outcome != "passed"), None)
    outcome = getattr(failed, "kata_outcome", failed.outcome) if failed else "passed"
    output = "".join(text for title, text in (failed.sections if failed else []) if "Captured" in title)
    seconds = getattr(reports[0], "cpu_seconds", 0.0)
    at_load = failed is not None and failed.when == "setup" and "\nrule" not in str(failed.longrepr)
    return Result(name, outcome, str(failed.longrepr) if failed else "", output, seconds, at_load)


def serve(fd: str, test: str, diagnose: str, ready: str, *options: str) -> int:
    """The far end's whole life: a pytest session of one test file."""
    os.environ.pop("PYTEST_ADDOPTS", None)
    server = _Server(Connection(int(fd)), diagnose, int(ready))
    return int(pytest.main([test, "-q", "-p", "no:hypothesispytest", "-p", "no:logging", *options], plugins=[server]))
