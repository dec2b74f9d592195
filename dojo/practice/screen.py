"""The terminal of watch and drill: single keys in, one screen out, and everything as before when it ends."""

from __future__ import annotations

import contextlib
import os
import re
import select
import shutil
import signal
import sys
from types import FrameType
from typing import Any

from rich.console import Console, Group
from rich.text import Text

from dojo.runner import Result, Verdict

COLORS = {"claim": "bold", "crash": "red", "mistake": "yellow", "hint": "dim", "test": "dim", "rule": "red"}


class HangUp(Exception):
    """The terminal is gone."""


class Screen:
    """Reads keys without Enter where stdin is a terminal; draws over itself where stdout is one."""

    def __init__(self) -> None:
        self.console = Console(highlight=False)
        self.live = self.console.is_terminal and not self.console.is_dumb_terminal
        self.resized = False
        self._clear = False  # the statement stays until the second screen
        self._status = ""
        self._fd = sys.stdin.fileno() if sys.stdin and sys.stdin.isatty() else None
        self._before: list[Any] = []
        self._handlers: dict[int, Any] = {}

    @property
    def interactive(self) -> bool:
        """Whether somebody can press keys."""
        return self._fd is not None

    def __enter__(self) -> Screen:
        if self._fd is not None:
            import termios
            import tty

            self._before = termios.tcgetattr(self._fd)
            tty.setcbreak(self._fd, termios.TCSADRAIN)
            self._handlers = {
                signal.SIGWINCH: signal.signal(signal.SIGWINCH, self._on_resize),
                signal.SIGHUP: signal.signal(signal.SIGHUP, self._on_hang_up),
            }
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self.leave()
            self.say("")
        for number, handler in self._handlers.items():
            signal.signal(number, handler)

    def leave(self) -> None:
        """The terminal as it was: for the time of another program, or for good."""
        if self._fd is not None and self._before:
            import termios

            with contextlib.suppress(termios.error):
                termios.tcsetattr(self._fd, termios.TCSADRAIN, self._before)

    def enter(self) -> None:
        if self._fd is not None:
            import termios
            import tty

            tty.setcbreak(self._fd, termios.TCSADRAIN)

    def _on_resize(self, _signal: int, _frame: FrameType | None) -> None:
        self.resized = True

    def _on_hang_up(self, _signal: int, _frame: FrameType | None) -> None:
        raise HangUp

    def key(self, seconds: float) -> str:
        """The key pressed within so many seconds; "" for none. A closed terminal ends everything."""
        if self._fd is None:
            import time

            time.sleep(seconds)
            return ""
        if not select.select([self._fd], [], [], seconds)[0]:
            return ""
        data = os.read(self._fd, 64)
        if not data:
            raise HangUp
        return data.decode(errors="replace")[:1]

    def show(self, *parts: Any) -> None:
        """One screenful: in place of the last one on a terminal, below it elsewhere."""
        self.status("")
        if self.live and self._clear:
            self.console.clear()
        self._clear = True
        self.console.print(Group(*parts))

    def status(self, text: str) -> None:
        """The last line, written over in place."""
        if self.live and text != self._status:
            self._status = text
            width = shutil.get_terminal_size().columns
            plain = re.sub(r"\x1b\[\d*m", "", text)
            self.console.file.write(f"\r\x1b[2K{text if len(plain) < width else plain[: width - 1]}")
            self.console.file.flush()

    def say(self, text: str) -> None:
        self.status("")
        self.console.print(Text(text))


def verdict_text(verdict: Verdict) -> Group:
    """Passed of all, the time it took, and the first failure."""
    total, passed = len(verdict.results), len(verdict.passed)
    style = "green" if verdict.green else "red"
    parts: list[Any] = [Text(f"{passed} of {total} passed   {verdict.seconds:.2f} s", style=style)]
    first = verdict.first_failure
    if first is not None:
        parts += [Text(""), failure_text(first)]
        waiting = sum(r.outcome == "not attempted" for r in verdict.results)
        if waiting and first.outcome != "not attempted":
            parts.append(Text(f"{waiting} checks wait for what is not written yet", style="dim"))
    return Group(*parts)


def failure_text(result: Result) -> Text:
    """A failure as its lines, the labels coloured."""
    text = Text()
    for line in result.text.splitlines():
        label = line[:9].strip()
        text.append(line + "\n", style=COLORS.get(label, ""))
    if result.output.strip():
        text.append("printed\n", style="dim")
        text.append("\n".join(result.output.rstrip().splitlines()[-12:]) + "\n")
    return text
