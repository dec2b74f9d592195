"""Save -> verdict: `kata watch` beside pytest-watcher, on the same files, in one run.

    python benchmarks/latency.py [--saves 50]

Both watch a copy of the repository in a temporary folder, each in a pseudo-terminal. A save adds a comment to a
solved stub; the clock stops when the terminal shows the verdict. Saves alternate between the two.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from dojo.tests.terminal import KATA, Terminal

ROOT = Path(__file__).resolve().parent.parent
KATAS = ("jacobian_vector_product", "gan_minimax_step")


def measure(root: Path, slug: str, saves: int) -> dict[str, list[float]]:
    solution = next(root.glob(f"solutions/*/{slug}.py"))
    stub = root / "katas" / solution.parent.name / solution.name
    test = stub.with_name(f"test_{slug}.py")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = {**os.environ, "PATH": path, "KATA_HOME": str(root / "home"), "TERM": "xterm"}
    text = solution.read_text(encoding="utf-8")
    stub.write_text(text, encoding="utf-8")
    kata = [*KATA, "watch", slug]
    watcher = [sys.executable, "-m", "pytest_watcher", ".", "--now", "-q", test.name]
    programs = {  # command, what shows the verdict, what shows that it waits for the next save
        "kata watch": (kata, r"\d+ of \d+ passed", "q quit"),
        "pytest-watcher": (watcher, r"\d+ (passed|failed).* in ", "show menu"),
    }
    found: dict[str, list[float]] = {}
    for name, (command, verdict, ready) in programs.items():
        terminal = Terminal(command, stub.parent, env)  # pytest-watcher sees changes under "." only
        try:
            terminal.wait_for(verdict)
            terminal.wait_for(ready)
            for number in range(saves):
                began = time.monotonic()
                stub.write_text(f"{text}\n# save {number} for {name}\n", encoding="utf-8")
                found.setdefault(name, []).append(terminal.wait_for(verdict) - began)
                terminal.wait_for(ready)
                time.sleep(0.3)
        finally:
            terminal.close()
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--saves", type=int, default=50)
    saves = parser.parse_args().saves
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "clone"
        shutil.copytree(
            ROOT, root, ignore=shutil.ignore_patterns(".git", ".venv", "attempts", "__pycache__", ".*_cache")
        )
        print(f"{'kata':<26}{'program':<18}{'median':>9}{'90 %':>9}{'ratio':>8}   {saves} saves each")
        for slug in KATAS:
            found = measure(root, slug, saves)
            base = statistics.median(found["kata watch"])
            for name, times in found.items():
                median, high = statistics.median(times), sorted(times)[int(0.9 * len(times))]
                print(f"{slug:<26}{name:<18}{median:>8.3f}s{high:>8.3f}s{median / base:>8.1f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
