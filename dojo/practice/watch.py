"""Watch: save, and see the verdict.

One loop serves `kata watch` and `kata drill`: it waits for a save or a key, whichever comes first, and grades. What
the two do otherwise is in their `Practice`.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.text import Text

from dojo import isolation
from dojo.catalogue import Catalogue, Kata
from dojo.loading import LoadError, read
from dojo.practice import home
from dojo.practice.log import Log
from dojo.practice.screen import HangUp, Screen, verdict_text
from dojo.runner import Runner, RunnerDied, Verdict

POLL = 0.005  # seconds between two looks at the file: polling works over ssh and on network drives alike
REREAD = 0.5  # so often the text itself is compared, where a drive's clock is too coarse to tell
GRACE = 0.3  # an editor that saves by renaming leaves no file for a moment


class Practice:
    """What is practised: a file, and what to do about a verdict, a key, the time. This one is plain watching."""

    KEYS = "Enter again · h hint · n next · l list · s solution · b bench · o open · q quit"

    def __init__(self, kata: Kata, path: Path, log: Log):
        self.kata, self.path, self.log = kata, path, log
        self.attempt: str | None = None  # id in the log; None outside a drill
        self.hints = 0
        self.green = False

    def only(self, test: str) -> bool:
        """Whether a test is run at each save."""
        return True

    def status(self) -> str:
        """The last line, asked for many times a second."""
        return ""

    def tick(self, screen: Screen) -> str:
        """Called at each look at the file; what to do, if anything: "grade", "leave"."""
        return ""

    def begin(self, tests: list[str]) -> None:
        """The tests are collected: from now on a save has a verdict."""

    @property
    def paused(self) -> bool:
        return False

    def on_verdict(self, text: str, verdict: Verdict, screen: Screen) -> list[Text]:
        """Records a verdict; what there is to say besides it."""
        if verdict.green and not self.green:
            self.log.append("green", slug=self.kata.slug, text=home.keep(text))
        self.green = verdict.green
        if not verdict.green:
            return []
        return [Text("Green. n takes up the next kata, s shows the worked answer, b times yours.", style="green")]

    def on_key(self, key: str, screen: Screen) -> str | None:
        """A key this practice has its own idea of: what to do; None for any other key."""
        return None


@dataclass
class _File:
    """The learner's file, and whether it was saved since the last look."""

    path: Path
    text: bytes | None = None
    _seen: tuple[int, int, int] | None = None
    _read_at: float = 0.0

    def saved(self) -> bool:
        """True once for each new text. mtime alone misses two saves in one tick of a coarse clock."""
        try:
            stat = self.path.stat()
        except OSError:
            stat = None
        seen = (stat.st_mtime_ns, stat.st_size, stat.st_ino) if stat else None
        now = time.monotonic()
        if seen == self._seen and now - self._read_at < REREAD:
            return False
        self._seen, self._read_at = seen, now
        text = self._read()
        changed = text != self.text
        self.text = text
        return changed

    def _read(self) -> bytes | None:
        until = time.monotonic() + GRACE
        while True:
            try:
                return self.path.read_bytes()
            except OSError:
                if time.monotonic() > until:
                    return None
                time.sleep(POLL)


def watch(catalogue: Catalogue, kata: Kata, log: Log) -> int:
    """`kata watch`: until q. Only the learner leaves a kata."""
    if not isolation.AVAILABLE:
        return _watch_without_fork(kata)
    katas = list(catalogue)
    with Screen() as screen:
        while True:
            action = loop(Practice(kata, kata.stub, log), screen)
            if action != "next":
                return 0
            kata = katas[(katas.index(kata) + 1) % len(katas)]


def loop(practice: Practice, screen: Screen) -> str:
    """Grades at each save until the learner leaves; "next" or "quit"."""
    file = _File(practice.path)
    _show_statement(practice, screen)
    try:
        with Runner(practice.kata, diagnose="first", ready=isolation.LANES) as runner:
            watcher = _Watcher(practice, screen, file, runner)
            return watcher.run()
    except KeyboardInterrupt:
        screen.say("")
        return "quit"
    except HangUp:
        return "quit"


class _Watcher:
    def __init__(self, practice: Practice, screen: Screen, file: _File, runner: Runner):
        self.practice, self.screen, self.file, self.runner = practice, screen, file, runner
        self.pending = ""  # a key that came while a check was running
        self.shown: tuple[Any, ...] = ()
        self.asked_for_solution = False

    def run(self) -> str:
        self.practice.begin(self.runner.wait_ready())
        self.file.saved()
        self.grade()
        while True:
            action = self.practice.tick(self.screen) or self.on_key(self.pending or self.screen.key(POLL))
            if action in ("next", "quit", "leave"):
                return action
            if action == "grade" or (not self.practice.paused and self.file.saved()):
                self.grade()
            if self.screen.resized:
                self.screen.resized = False
                self.show(*self.shown)
            self.screen.status(self.practice.status())

    def grade(self) -> None:
        """Grades what is saved; a newer save ends the check and starts the next one."""
        self.pending = ""
        while True:
            if self.file.text is None:
                name = self.practice.kata.shown(self.practice.path)
                self.show(
                    Text(f"{name} is gone: save it again, or `kata reset {self.practice.kata.slug}`", style="red")
                )
                return
            text = self.file.text.decode("utf-8", errors="replace")
            try:
                verdict = self.runner.grade(text, self.practice.path, only=self.practice.only, stop=self._interrupted)
            except RunnerDied as error:
                self.show(Text(str(error), style="red"))
                self.runner.restart()
                return
            if verdict is not None:
                self.show(verdict_text(verdict), *self.practice.on_verdict(text, verdict, self.screen))
                return
            if self.pending:
                return

    def _interrupted(self) -> bool:
        """A new save, or a key, while a check runs."""
        self.screen.status(self.practice.status())
        self.pending = self.pending or self.screen.key(0)
        return self.file.saved() or self.pending in ("q", "n")

    def show(self, *parts: Any) -> None:
        self.shown = parts
        kata = self.practice.kata
        title = Text(f"{kata.title}   {kata.shown(self.practice.path)}", style="bold")
        self.screen.show(title, *parts, Text(self.practice.KEYS, style="dim"))

    def on_key(self, key: str) -> str:
        kata, practice = self.practice.kata, self.practice
        self.pending = ""
        own = practice.on_key(key, self.screen)
        if own is not None:
            return own
        if key != "s":
            self.asked_for_solution = self.asked_for_solution and not key
        match key:
            case "q":
                return "quit"
            case "n":
                return "next"
            case "\n" | "\r":
                return "grade"
            case "h":
                practice.hints = min(practice.hints + 1, 3)
                practice.log.append("hint", slug=kata.slug, attempt=practice.attempt, number=practice.hints)
                self.show(
                    *self.shown, Text(f"hint {practice.hints} of 3: {kata.hints[practice.hints - 1]}", style="cyan")
                )
            case "s":
                self._solution()
            case "l":
                self._run([sys.executable, "-c", "from dojo.cli import main; main(['list'])"])
            case "b":
                self._run([sys.executable, "-c", f"from dojo.cli import main; main(['bench', {kata.slug!r}])"])
            case "o":
                self._run(editor(practice.path))
        return ""

    def _solution(self) -> None:
        if not self.practice.green and not self.asked_for_solution:
            self.asked_for_solution = True
            self.show(
                *self.shown, Text("Not green yet: s once more shows the worked answer all the same.", style="yellow")
            )
            return
        self.asked_for_solution = False
        kata = self.practice.kata
        self.practice.log.append("solution", slug=kata.slug, attempt=self.practice.attempt)
        from rich.syntax import Syntax

        try:
            self.show(Syntax(read(kata.solution).text, "python", word_wrap=True))
        except LoadError as error:
            self.show(Text(str(error), style="red"))

    def _run(self, command: list[str]) -> None:
        """Another program on this terminal, for as long as it takes."""
        self.screen.leave()
        self.screen.say("")
        try:
            subprocess.run(command, cwd=self.practice.kata.root, check=False)
        except OSError as error:
            self.screen.say(f"{command[0]}: {error.strerror}: set $VISUAL or $EDITOR")
        finally:
            self.screen.enter()


def editor(path: Path) -> list[str]:
    """The command that opens a file in the learner's editor."""
    for name in ("VISUAL", "EDITOR"):
        if os.environ.get(name):
            return [*shlex.split(os.environ[name]), str(path)]
    found = next((name for name in ("code", "nano", "vi", "notepad") if shutil.which(name)), "vi")
    return [found, str(path)]


def _show_statement(practice: Practice, screen: Screen) -> None:
    import ast

    try:
        screen.say((ast.get_docstring(read(practice.kata.solution).tree) or "").strip() + "\n")
    except LoadError as error:
        screen.say(str(error))
    screen.status("pytest starts ...")


def _watch_without_fork(kata: Kata) -> int:
    """Windows: a whole new pytest for each save, seconds where a fork takes a tenth of one."""
    print("This system has no fork: each save starts a new pytest, which takes a second or more. Ctrl-C ends.")
    file = _File(kata.stub)
    try:
        while True:
            if file.saved():
                subprocess.run([sys.executable, "-m", "pytest", "-q", "-x", str(kata.test)], cwd=kata.root, check=False)
            time.sleep(POLL)
    except KeyboardInterrupt:
        return 0
