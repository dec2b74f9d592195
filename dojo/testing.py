"""What the tests of a kata use from dojo: `from dojo.testing import assert_agrees, draw`.

The rest comes as pytest fixtures: `kata` (the implementation under test), `rng` (seeded by the test's name),
`fresh_rng` (another seed each run; `--seed` replays it), `race` (benchmarks).
"""

import json
import time
import tracemalloc
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dojo.cases import LAYOUTS, VALUES, draw, laid_out
from dojo.compare import assert_agrees, assert_close, assert_same, assert_within, show

ENOUGH = 50_000_000  # nanoseconds after which no further round is worth the wait

__all__ = [
    "LAYOUTS",
    "VALUES",
    "assert_agrees",
    "assert_close",
    "assert_same",
    "assert_within",
    "draw",
    "golden",
    "laid_out",
    "least_seconds",
    "peak_bytes",
    "show",
]


def golden(reference: types.ModuleType) -> Any:
    """The golden numbers that lie beside a reference module; `python -m reference.golden` writes them."""
    path = Path(str(reference.__file__))
    return json.loads(path.with_name(f"{path.stem}_golden.json").read_text(encoding="utf-8"))


def least_seconds(function: Callable[..., Any], *args: Any, rounds: int = 5) -> float:
    """The least processor time of a few calls. For ratios far apart (a sweep against thousands), not for races.

    By the clock of this thread: that of the process moves in ticks of milliseconds around a call with a time limit.
    """
    taken: list[int] = []
    while len(taken) < rounds and (len(taken) < 2 or sum(taken) < ENOUGH):
        began = time.thread_time_ns()
        function(*args)
        taken.append(time.thread_time_ns() - began)
    return max(min(taken) * 1e-9, 1e-6)


def peak_bytes(function: Callable[..., Any], *args: Any) -> int:
    """The most memory numpy and Python held at once during one call, on top of what there was."""
    tracemalloc.start()
    try:
        function(*args)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
