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
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, Pipe
from typing import IO, Any

from _pytest.debugging import pytestPDB

from dojo import contract, limits

PATIENCE = 60.0  # seconds without a word from the child, after which it is killed: sleep in C, a deadlock
TIMEOUTS = 2  # tests of one kata that may run out of time; the rest is not run

AVAILABLE = hasattr(os, "fork") and sys.platform != "win32"


@dataclass(frozen=True)
class Died:
    """The child ended during a test; `reason` is one line."""

    name: str
    reason: str


Run = Callable[[str, Callable[[Any], None]], None]  # runs the named test, sends what there is to tell


def run(names: Sequence[str], run_one: Run, stop: Connection | None = None) -> Iterator[Any]:
    """Runs the named tests in forked children; yields what `run_one` sends, and `Died` for each that never ended.

    stop: a connection at which a message means that nobody wants to know any more.
    """
    waiting = list(names)
    timeouts = 0
    while waiting:
        child = _Child(waiting, run_one)
        try:
            for message in child.messages(stop):
                if isinstance(message, _Begun):
                    waiting = waiting[waiting.index(message.name) + 1 :]
                else:
                    yield message
        finally:
            reason = child.end()
        if child.done or child.stopped:
            return
        yield Died(child.current, reason)
        timeouts += "no answer" in reason
        if timeouts >= TIMEOUTS:
            for name in waiting:
                yield Died(name, f"not run: {timeouts} tests before it ran out of time")
            return


@dataclass(frozen=True)
class _Begun:
    name: str


class _Child:
    def __init__(self, names: Sequence[str], run_one: Run):
        self.current, self.done, self.stopped, self.debugging = names[0], False, False, False
        self._status = 0
        self._crash: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (closed in `end`)
        self._ours, theirs = Pipe(duplex=False)
        sys.stdout.flush()
        sys.stderr.flush()
        gc.freeze()  # a collection in the child would touch, and so copy, every page it shares with us
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.pid = os.fork()
        if self.pid == 0:
            self._ours.close()
            self._live(names, run_one, theirs)
        theirs.close()

    def _live(self, names: Sequence[str], run_one: Run, connection: Connection) -> None:
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
            for name in names:
                send(_Begun(name))
                run_one(name, send)
            send("done")
        except BaseException:
            import traceback

            self._crash.write(traceback.format_exc().encode())
            self._crash.flush()
            os._exit(1)
        os._exit(0)

    def messages(self, stop: Connection | None) -> Iterator[Any]:
        from multiprocessing.connection import wait

        ends = [self._ours] + ([stop] if stop else [])
        last = time.monotonic()
        while True:
            ready = wait(ends, timeout=1.0)
            if stop and stop in ready:
                self.stopped = True
                return
            if self._ours not in ready:
                if time.monotonic() - last > PATIENCE and not self.debugging:
                    os.kill(self.pid, signal.SIGABRT)
                continue
            last = time.monotonic()
            try:
                message = self._ours.recv()
            except (EOFError, OSError):
                return
            except Exception:  # the learner's process wrote into our pipe
                continue
            if message == "done":
                self.done = True
                return
            if message in ("debugging", "alive"):
                self.debugging = self.debugging or message == "debugging"
                continue
            if isinstance(message, _Begun):
                self.current = message.name
            yield message

    def end(self) -> str:
        """Kills what is left of the child's whole group; gives the reason of its end in one line."""
        if self.done:  # its last word is said; what it left behind is nobody's
            with contextlib.suppress(ChildProcessError):
                self._status = os.waitpid(self.pid, 0)[1]
        elif self.stopped:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if not self.done and not self.stopped:  # its end of the pipe is closed: it is about to be gone
                self._status = self._wait(1.0)
            os.killpg(self.pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            status = os.waitpid(self.pid, 0)[1]
            self._status = self._status or status
        if self.debugging:
            _take_terminal(os.getpgrp())
        self._ours.close()
        with self._crash:
            return "" if self.done or self.stopped else self._reason()

    def _wait(self, seconds: float) -> int:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                return status
            time.sleep(0.001)
        return 0

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
