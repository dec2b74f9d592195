"""Limits: a call that never ends, or asks for all the memory, costs one line and not the session.

Two clocks are wound for every call. The first, at `SECONDS` of processor time, raises `OutOfTime` in the learner's
line. The second is for loops inside C, where Python runs no signal handler: at twice that the kernel ends the
process, and faulthandler leaves the line. The process is a forked child (see `isolation`), so only one test is lost.
"""

from __future__ import annotations

import faulthandler
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

SECONDS = 2.0  # of processor time for one call into the implementation
PATIENCE = 5  # times that in wall-clock time: for sleep, input and locks, on a busy machine
SWALLOWED = 4  # so often may `except:` swallow the alarm before the process ends itself
MEMORY = 1 << 30  # bytes that one call may take on top of what is there

ENDED_ITSELF = 124  # exit code of a process that swallowed its alarms

_ON_POSIX = hasattr(signal, "setitimer")
_active = False


class OutOfTime(BaseException):
    """Raised in the learner's line; no Exception, so that `except Exception` lets it through."""


def enable(crash_file: int) -> None:
    """Puts the limits in force for this process; where it crashes, the Python line goes to `crash_file`."""
    global _active
    if not _ON_POSIX:
        return
    _active = True
    faulthandler.enable(file=crash_file)
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    faulthandler.register(signal.SIGPROF, file=crash_file, all_threads=False, chain=True)
    # Linux ends a process that writes a file past this: endless printing fills no disk.
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (PRINTED, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


PRINTED = 8 << 20  # bytes a test may print


def disable() -> None:
    """Steps aside: a debugger is at work."""
    global _active
    if _active:
        _active = False
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.setitimer(signal.ITIMER_PROF, 0)
        _limit_memory(None)


@contextmanager
def call_limits(seconds: float = SECONDS) -> Iterator[None]:
    """Time and memory are limited inside the block."""
    if not _active:
        yield
        return
    began, began_wall, rung = time.process_time(), time.monotonic(), 0

    def ring(_signal: int, _frame: FrameType | None) -> None:
        nonlocal rung
        used, waited = time.process_time() - began, time.monotonic() - began_wall
        if used < seconds and waited < PATIENCE * seconds:  # others had the processor: it gets its full share
            signal.setitimer(signal.ITIMER_REAL, max(seconds - used, 0.01), 0.2)
            return
        rung += 1
        if rung > SWALLOWED:
            os._exit(ENDED_ITSELF)
        raise OutOfTime(f"no answer after {max(used, waited):.0f} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, 0.2)
    signal.setitimer(signal.ITIMER_PROF, 2 * seconds + 1)
    _limit_memory(MEMORY)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGALRM, before)
        _limit_memory(None)


_present = 0


def _limit_memory(extra: int | None) -> None:
    """Lets the address space grow by `extra` bytes from what it was at first; None lifts the limit. Linux only."""
    global _present
    if sys.platform != "linux":
        return
    import resource

    if not _present:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        _present = pages * resource.getpagesize()
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (hard if extra is None else _present + extra, hard))
