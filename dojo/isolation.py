"""Isolation: the tests of a kata run in a forked child, so that nothing a learner writes can end the session.

The child sends each report as it comes. When it dies without its last word (`os._exit`, a segfault, the kernel at
its time limit) the test it was at is reported as crashed, and a new child goes on with the next one. The exit code
says nothing: `os._exit(0)` looks like success.
"""

from __future__ import annotations

import contextlib
import gc
import os
import re
import signal
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, Pipe, wait
from typing import IO, Any

from _pytest.debugging import pytestPDB

from dojo import contract, limits

PATIENCE = 60.0  # seconds without a word from the child, after which it is killed: sleep in C, a deadlock
TIMEOUTS = 2  # tests of one kata that may run out of time; the rest is not run

LANES = min(os.cpu_count() or 1, 4)  # children that share out the tests of a kata

AVAILABLE = hasattr(os, "fork") and sys.platform != "win32"


@dataclass(frozen=True)
class Died:
    """The child ended during a test; `reason` is one line."""

    name: str
    reason: str


@dataclass(frozen=True)
class Begun:
    """What `Work` yields first of each test."""

    name: str


Work = Callable[[Sequence[str], Any], Iterable[Any]]  # runs the named tests of a program, yields what there is to tell


def run(
    names: Sequence[str],
    program: Any,
    fork: Callable[[], Child],
    *,
    waiting: Sequence[Child] = (),
    stop: Connection | None = None,
) -> Iterator[Any]:
    """Runs the named tests in forked children; yields what their work tells, and `Died` for each that never ended.

    waiting: children that share the tests out among them; without any, one is forked.
    stop: a connection at which a message means that nobody wants to know any more.
    """
    if not names:
        return
    children = list(waiting[: len(names)]) or [fork()]
    for lane, child in enumerate(children):
        child.begin(names[lane :: len(children)], program)
    timeouts = 0
    try:
        while working := {child.connection: child for child in children if child.left is not None}:
            ready = wait([*working, *([stop] if stop else [])], timeout=1.0)
            if stop in ready:
                return
            for child in working.values():
                child.check_patience()
            for child in working.values():
                message = child.read() if child.connection in ready else None
                if message is not None:
                    yield message
                elif child.ended and child.left is not None:
                    left, child.left = child.left, None
                    reason = child.end()
                    yield Died(child.current, reason)
                    timeouts += "no answer" in reason
                    if timeouts >= TIMEOUTS:
                        for name in left:
                            yield Died(name, f"not run: {timeouts} tests before it ran out of time")
                    elif left:
                        children.append(fork())
                        children[-1].begin(left, program)
    finally:
        for child in children:
            child.end()


class Child:
    """A forked process that waits for the tests it is to run.

    warm_up: names and a program that it runs meanwhile, for nobody: the first time is the slow one.
    """

    def __init__(self, work: Work, *warm_up: Any):
        self.current = ""
        self.left: list[str] | None = None  # tests that have not begun; None where it works at nothing
        self.ended, self.debugging = False, False
        self._heard = time.monotonic()
        self._status, self._over = 0, False
        self._crash: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (closed in `end`)
        self.connection, theirs = Pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        gc.freeze()  # a collection in the child would touch, and so copy, every page it shares with us
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.pid = os.fork()
        if self.pid == 0:
            self.connection.close()
            self._live(work, theirs, warm_up)
        theirs.close()

    def _live(self, work: Work, connection: Connection, warm_up: Sequence[Any]) -> None:
        """The child's whole life; it never returns."""
        try:
            os.setpgid(0, 0)
            me = os.getpid()

            def send(message: Any) -> None:
                if os.getpid() != me:  # the learner forked: only one of the two goes on
                    os._exit(0)
                with contextlib.suppress(BrokenPipeError):
                    connection.send(message)

            global _send
            _send = send
            _hook_breakpoint(lambda: send("debugging"))
            limits.enable(self._crash.fileno())
            for _ in work(*warm_up) if warm_up else ():
                if connection.poll():
                    break
            names, program = connection.recv()
            for message in work(names, program):
                send(message)
            send("done")
        except EOFError:  # nobody needs it
            os._exit(0)
        except BaseException:
            import traceback

            self._crash.write(traceback.format_exc().encode())
            self._crash.flush()
            os._exit(1)
        os._exit(0)

    def begin(self, names: Sequence[str], program: Any) -> None:
        self._heard = time.monotonic()
        self.current, self.left = names[0], list(names[1:])
        with contextlib.suppress(OSError):  # it died waiting: it will be seen to have ended
            self.connection.send((list(names), program))

    def read(self) -> Any:
        """The next thing its work told; None where there is nothing to tell (yet, or any more)."""
        self._heard = time.monotonic()
        try:
            message = self.connection.recv()
        except (EOFError, OSError):
            self.ended = True
            return None
        except Exception:  # the learner's process wrote into our pipe
            return None
        if isinstance(message, Begun):
            self.current = message.name
            if self.left and message.name in self.left:
                self.left = self.left[self.left.index(message.name) + 1 :]
        elif message == "done":
            self.left = None
        elif message == "debugging":
            self.debugging = True
        elif message != "alive":
            return message
        return None

    def check_patience(self) -> None:
        """Ends a child that was silent for too long: at first so that it leaves its line, then with all it started."""
        silent = time.monotonic() - self._heard
        if silent > PATIENCE and not self.debugging:
            os.kill(self.pid, signal.SIGABRT)
            self.ended = silent > PATIENCE + 2  # a process that it started may hold the pipe for ever

    def end(self) -> str:
        """Kills what is left of the child's whole group; gives the reason of its end in one line."""
        if self._over:
            return ""
        self._over = True
        reaped = self.ended and self._wait(1.0)  # its end of the pipe is closed: it is about to be gone
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        if not reaped:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            self._status = os.waitpid(self.pid, 0)[1]
        if self.debugging:
            _take_terminal(os.getpgrp())
        self.connection.close()
        with self._crash:
            return self._reason() if self.ended else ""

    def _wait(self, seconds: float) -> bool:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            pid, self._status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                return True
            time.sleep(0.001)
        return False

    def _reason(self) -> str:
        """Why it died, in one line, with the learner's line where faulthandler left one."""
        self._crash.seek(0)
        trace = self._crash.read().decode(errors="replace")
        frames = re.findall(r'File "([^"]+)", line (\d+) in (\S+)', trace)
        mine = [
            frame
            for frame in frames
            if (f"{os.sep}dojo{os.sep}" not in frame[0] and "katas" in frame[0]) or "attempts" in frame[0]
        ]
        mine = [frame for frame in mine if not os.path.basename(frame[0]).startswith("test_")]
        where = f" at {mine[0][0]}:{mine[0][1]} in {mine[0][2]}" if mine else ""
        if os.WIFSIGNALED(self._status):
            number = os.WTERMSIG(self._status)
            if number == signal.SIGPROF:
                return f"no answer after {2 * limits.SECONDS + 1:.0f} s: a loop that never ends{where}"
            if number == signal.SIGABRT and not where:
                return f"no answer for {PATIENCE:.0f} s"
            name = signal.Signals(number).name
            what = "segmentation fault" if number == signal.SIGSEGV else "killed"
            return f"the process crashed: {what} ({name}){where}"
        code = os.waitstatus_to_exitcode(self._status)
        if code == limits.ENDED_ITSELF:
            return f"no answer, and the alarm was swallowed: an `except:` catches everything{where}"
        return f"the process left with os._exit({code}) in the middle of a test{where}"


_send: Callable[[Any], Any] = id  # in a child: how it tells its parent something


def alive() -> None:
    """Called now and then by what takes long on purpose, a benchmark: the parent's patience starts anew."""
    _send("alive")


def _hook_breakpoint(tell: Callable[[], None]) -> None:
    """`breakpoint()` just works: limits step aside, the parent waits, the terminal is the child's."""

    def hook(*args: Any, **kwargs: Any) -> Any:
        contract.step_aside()
        tell()
        _take_terminal(os.getpgrp())
        pdb: Any = pytestPDB
        pdb._init_pdb("breakpoint").set_trace(sys._getframe(1))  # in the learner's frame, not in this one

    sys.breakpointhook = hook


def _take_terminal(group: int) -> None:
    with contextlib.suppress(OSError), open("/dev/tty", "rb") as tty:
        previous = signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        os.tcsetpgrp(tty.fileno(), group)
        signal.signal(signal.SIGTTOU, previous)
