"""How well the benchmarks tell slow from noisy: python benchmarks/noise.py [--trials 300] [--busy 4]

Each trial is a race as `dojo.bench` runs it, at its narrowest limit, while other processes keep the machine
busy:

    same         the library's own code as `yours`     every alarm is a false one
    twice        the same call made twice              every pass is a false one

Beside it, what a stopwatch would have said: the mean wall-clock time of as many calls, one program after the
other.
"""

import argparse
import multiprocessing
import os
import sys
import time
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

from dojo import bench  # noqa: E402

MATRIX = np.random.default_rng(0).random((600, 600))


def matvec(A, x):
    """Memory-bound: the matrix is read once."""
    return A @ x


def spectrum(x):
    """In the cache."""
    return np.fft.irfft(np.abs(np.fft.rfft(x)) ** 2, len(x))


def horner(n, x):
    """The interpreter."""
    total = 0.0
    for coefficient in range(n):
        total = total * x + coefficient
    return total


def draw_matvec(n, rng):
    return MATRIX[:n, :n], rng.random(n)


def draw_signal(n, rng):
    return (rng.standard_normal(n),)


def draw_point(n, rng):
    return n, rng.random()


KERNELS = {  # calls of 0.1 to 1 ms
    "matvec, n = 600": (matvec, draw_matvec, 600),
    "spectrum, n = 8 000": (spectrum, draw_signal, 8_000),
    "spectrum, n = 32 768": (spectrum, draw_signal, 32_768),
    "loop, n = 5 000": (horner, draw_point, 5_000),
}


def twice(function):
    def slow(*args):
        function(*args)
        return function(*args)

    return slow


def race(library, yours, make, n, rng):
    """The ratio the race gives; it fails where the ratio is above the limit."""
    contest = bench.Contest({"library": library, "yours": yours}, ("library",), make, (n,), rng)
    return contest.run(limit=bench.NARROWEST).ratio("yours")


def stopwatch(library, yours, make, n, rng):
    args = make(n, rng)

    def mean(function):
        began = time.perf_counter()
        for _ in range(bench.ROUNDS):
            function(*args)
        return (time.perf_counter() - began) / bench.ROUNDS

    return mean(yours) / mean(library)


def busy():
    while True:
        sum(np.random.default_rng(0).standard_normal(200_000))


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--trials", type=int, default=300)
    parser.add_argument("--busy", type=int, default=4, help="processes that keep the machine busy meanwhile")
    options = parser.parse_args()

    rng = np.random.default_rng(0)
    kernels = list(KERNELS.items())
    ratios = {(judge, code): [] for judge in (race, stopwatch) for code in ("same", "twice")}
    others = [multiprocessing.Process(target=busy, daemon=True) for _ in range(options.busy)]
    for process in others:
        process.start()
    began = time.monotonic()
    try:
        for trial in range(options.trials):
            function, make, n = kernels[trial % len(kernels)][1]
            for (judge, code), found in ratios.items():
                found.append(judge(function, function if code == "same" else twice(function), make, n, rng))
    finally:
        for process in others:
            process.kill()

    limit = bench.NARROWEST
    title = f"{options.trials} trials each, {options.busy} busy processes, {os.cpu_count()} cores, limit {limit}"
    table = Table("judge", "code", "least ratio", "median", "greatest", "misjudged", title=title)
    misjudged = {}
    for (judge, code), found in ratios.items():
        values = np.array(found)
        misjudged[judge, code] = int(((values > limit) if code == "same" else (values <= limit)).sum())
        figures = [f"{value:.2f}" for value in (values.min(), np.median(values), values.max())]
        table.add_row(judge.__name__, code, *figures, f"{misjudged[judge, code]} of {len(values)}")
    seconds = time.monotonic() - began
    Console().print(table, f"kernels: {'; '.join(KERNELS)}. {seconds:.0f} s.", sep="\n")
    return 1 if misjudged[race, "same"] or misjudged[race, "twice"] else 0


if __name__ == "__main__":
    sys.exit(main())
