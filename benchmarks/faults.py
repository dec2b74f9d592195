"""What `kata watch` shows for each fault, whether it goes on, and how long until it does.

    python benchmarks/faults.py

Drives the real command in a pseudo-terminal, on a copy of the repository. A fault is saved into the stub; then a
right answer is, and the clock runs from that save to the green verdict.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from dojo.tests.terminal import KATA, Terminal

ROOT = Path(__file__).resolve().parent.parent
SLUG = "jacobian_vector_product"
HEAD = "import numpy as np\ndef forward(params, x):\n    "

TEXTS = {  # fault -> (what is saved, what must be shown)
    "syntax error": ("def forward(params, x:\n", r"was never closed"),
    "half-written file": ('"""half a docst', r"unterminated triple-quoted"),
    "endless loop in Python": (HEAD + "while True: pass\n", r"no answer after"),
    "endless loop in C": (HEAD + "return sum(range(10**12))\n", r"no answer after"),
    "memory bomb": (HEAD + "return np.ones(10**11)\n", r"asked for more than 1 GiB"),
    "segfault": (HEAD + "import ctypes; ctypes.string_at(0)\n", r"segmentation fault"),
    "sys.exit": (HEAD + "import sys; sys.exit(0)\n", r"the call raised SystemExit"),
    "os._exit(0)": (HEAD + "import os; os._exit(0)\n", r"left with os\._exit\(0\)"),
    "output flood": (HEAD + "while True: print('spam' * 1000)\n", r"printed more than 8 MiB"),
    "fork": (HEAD + "import os; os.fork(); return x\n", r"claim"),
}


class Watch:
    """`kata watch` on a terminal, and the stub it watches."""

    def __init__(self, root: Path, **options: object):
        self.stub = root / "katas/calculus" / f"{SLUG}.py"
        self.right = (root / "solutions/calculus" / f"{SLUG}.py").read_text(encoding="utf-8")
        self.saves = 0
        self.save(self.right)
        env = {**os.environ, "KATA_HOME": str(root / "home"), **{k: str(v) for k, v in options.items() if k.isupper()}}
        env.pop("PYTHONDONTWRITEBYTECODE", None)
        self.terminal = Terminal([*KATA, "watch", SLUG], root, env, columns=int(options.get("columns", 100)))  # type: ignore[call-overload]
        self.terminal.wait_for(r"(\d+) of \1 passed[\s\S]*q quit")

    def save(self, text: str) -> None:
        self.stub.write_text(text, encoding="utf-8")

    def recover(self) -> float:
        """Saves a right answer; seconds to the green verdict."""
        self.saves += 1
        began = time.monotonic()
        self.save(f"{self.right}\n# {self.saves}\n")
        return self.terminal.wait_for(r"(\d+) of \1 passed[\s\S]*q quit") - began

    def line(self) -> str:
        """The line that tells what happened, of the last screen matched."""
        lines = self.terminal.seen.splitlines()
        told = [line for line in lines if line.startswith(("crash", "mistake", "error", "expected", "claim"))]
        return (told or lines)[-1].strip() if lines else ""


def texts(watch: Watch) -> None:
    for fault, (text, shown) in TEXTS.items():
        watch.save(text)
        watch.terminal.wait_for(shown + r"[^\n]*\n")
        line = watch.line()
        watch.terminal.wait_for("q quit")
        row(fault, line, watch.recover())


def rename_on_save(watch: Watch) -> None:
    part = watch.stub.with_suffix(".tmp")
    part.write_text(watch.right.replace("return W @ h + b, W @ t", "return W @ h + b, W @ t * 2"), encoding="utf-8")
    watch.stub.unlink()
    part.rename(watch.stub)
    watch.terminal.wait_for("claim[\\s\\S]*q quit")
    row("rename on save", "the verdict of the new text", watch.recover())


def deleted(watch: Watch) -> None:
    watch.stub.unlink()
    watch.terminal.wait_for("is gone: save it again")
    row("deleted file", watch.line(), watch.recover())


def same_size(watch: Watch) -> None:
    """Two saves within a second, of the same size: stale bytecode would show the first one's verdict."""
    wrong = watch.right.replace("return W @ h + b, W @ t", "return W @ h - b, W @ t")
    watch.save(watch.right + "\n#!!\n")
    time.sleep(0.05)
    watch.save(wrong + "\n#!!\n")
    watch.terminal.wait_for(r"claim[\s\S]*q quit")
    row("two saves in a second, same size", "the verdict of the second one", watch.recover())


def save_during_a_run(watch: Watch) -> None:
    watch.save(HEAD + "while True: pass\n")
    time.sleep(0.3)
    row("save during a run", "the run is stopped, the new text is graded", watch.recover())


def resize(watch: Watch) -> None:
    watch.terminal.resize(60, 20)
    watch.terminal.wait_for("q quit")
    row("window resize", "the screen is drawn anew", watch.recover())


def interrupt(watch: Watch) -> None:
    watch.terminal.type("\x03")
    code = watch.terminal.ended()
    row("Ctrl-C", f"ends with exit code {code}", None)


def hang_up(watch: Watch) -> None:
    watch.terminal.hang_up()
    began = time.monotonic()
    watch.terminal.process.wait(10)
    row("closed terminal", f"ends after {time.monotonic() - began:.1f} s", None)


def row(fault: str, shown: str, seconds: float | None) -> None:
    went_on = "ends" if seconds is None else f"{seconds:>6.2f} s"
    print(f"{fault:<34}{went_on:>10}   {shown[:110]}", flush=True)


def main() -> int:
    print(f"{'fault':<34}{'green after':>10}   shown")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "clone"
        shutil.copytree(
            ROOT, root, ignore=shutil.ignore_patterns(".git", ".venv", "attempts", "__pycache__", ".*_cache")
        )

        def with_watch(*steps: Callable[[Watch], None], **options: object) -> None:
            watch = Watch(root, **options)
            try:
                for step in steps:
                    step(watch)
            finally:
                watch.terminal.close()

        with_watch(texts, rename_on_save, deleted, same_size, save_during_a_run, resize, interrupt)
        with_watch(hang_up)
        with_watch(lambda watch: row("no colour (NO_COLOR)", "no escape codes for colour", watch.recover()), NO_COLOR=1)
        with_watch(lambda watch: row("40 columns", "lines are wrapped", watch.recover()), columns=40)
    return 0


if __name__ == "__main__":
    sys.exit(main())
