"""A program in a pseudo-terminal: what tests and benchmarks drive `kata watch` and `kata drill` with."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

KATA = [sys.executable, "-c", "from dojo.cli import main; main(prog_name='kata')"]


class Terminal:
    """Starts a command on a terminal of its own; keeps what it wrote since the last match."""

    def __init__(self, command: list[str], cwd: Path, env: dict[str, str], columns: int = 100, rows: int = 40):
        self.fd, theirs = pty.openpty()
        self.resize(columns, rows)
        self.output = ""
        env = {**env, "TERM": env.get("TERM", "xterm-256color")}
        env.pop("COLUMNS", None)
        self.process = subprocess.Popen(
            command, cwd=cwd, env=env, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
            preexec_fn=_own_terminal,
        )  # fmt: skip
        os.close(theirs)

    def wait_for(self, pattern: str, seconds: float = 60) -> float:
        """The moment at which the output since the last match has the pattern."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if found := re.search(pattern, text := self.text):
                self.seen, self.output = text[: found.end()], text[found.end() :]
                return time.monotonic()
            self.read(0.2)
        raise TimeoutError(f"no {pattern!r} within {seconds} s in: {self.text[-800:]}")

    @property
    def text(self) -> str:
        """The output without colours and cursor movements."""
        return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self.output)

    def read(self, seconds: float) -> None:
        if select.select([self.fd], [], [], seconds)[0]:
            try:
                self.output += os.read(self.fd, 65536).decode(errors="replace")
            except OSError:  # the program has closed its end
                time.sleep(0.05)

    def type(self, keys: str) -> None:
        os.write(self.fd, keys.encode())

    def resize(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def ended(self, seconds: float = 10) -> int | None:
        """The exit code, once it has ended; None where it goes on."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self.process.poll() is not None:
                return self.process.returncode
            self.read(0.05)
        return None

    def hang_up(self) -> None:
        """The window is closed."""
        os.close(self.fd)
        self.fd = -1

    def close(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
        if self.fd >= 0:
            os.close(self.fd)


def _own_terminal() -> None:
    """Makes the pseudo-terminal the controlling one: Ctrl-C and hang-ups come as signals."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
