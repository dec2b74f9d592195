"""A race tells fast from slow and right from wrong, and its rows reach pytest-benchmark and `kata bench`."""

import json
import math

import numpy as np
import pytest

from dojo.bench import Outcome, peak, verdict

SOLUTION = '''
"""Sorting.

Rules: inputs are read-only; results are new arrays.

Source: folklore.
"""

import numpy as np


def sort(x: np.ndarray) -> np.ndarray:
    """The entries of x in ascending order."""
    return np.sort(x)
'''

# The naive way takes seven times the library's time: the limit is √7 = 2.6.
TESTS = '''
import numpy as np
from dojo.testing import assert_same


def seven_times(x):
    for _ in range(6):
        np.sort(x)
    return np.sort(x)


def test_sort_by_hand(kata):
    """sort sorts"""
    assert_same(kata.sort(np.array([2.0, 1.0])), np.array([1.0, 2.0]))


def test_speed_of_sort(kata, race):
    """sort takes O(n log n)"""

    def make(n, rng):
        return (rng.random(n),)

    race("sort", make=make, sizes=(2000, 4000), naive=seven_times, peers={"np.sort": np.sort})
'''

ROWS = ["naive", "np.sort", "solution", "yours"]
SORTS = "import numpy as np\ndef sort(x):\n    for _ in range(3):\n        np.sort(x)\n    return np.sort(x)\n"
RIGHT_AT_FIRST = (
    "import numpy as np\ncalls = 0\n"
    "def sort(x):\n    global calls\n    calls += 1\n    return np.sort(x) if calls < 10 else x.copy()\n"
)


@pytest.fixture
def house(house):
    """The house of one performance kata."""
    house.write("solutions/toy/scaling.py", SOLUTION)
    house.write("katas/toy/test_scaling.py", TESTS)
    house.write("katas/toy/topic.toml", house.topic.read_text().replace("area =", "performance = true\narea ="))
    house.learn(SOLUTION.replace("return np.sort(x)", "raise NotImplementedError"))
    return house


# --- in pytest ---


def test_without_benchmark_enable_the_value_is_checked(house):
    house.learn(SORTS)
    assert house.pytest().returncode == 0
    house.learn(RIGHT_AT_FIRST.replace("calls < 10", "len(x) < 9"))
    done = house.pytest()
    assert done.returncode == 1
    assert "wrong: test_speed_of_sort" in done.stdout
    assert "worst" in done.stdout


def test_the_rows_reach_the_table_the_json_and_the_storage(house):
    done = house.pytest("--impl=solutions", "--benchmark-enable", "--benchmark-json=rows.json", "--benchmark-autosave")
    assert done.returncode == 0, done.stdout
    assert "benchmark 'scaling.sort n=4000': 4 tests" in done.stdout
    rows = {row["name"]: row for row in json.loads((house.root / "rows.json").read_text())["benchmarks"]}
    assert list(rows) == ROWS
    for row in rows.values():
        info = row["extra_info"]
        assert row["group"] == "scaling.sort n=4000"
        assert set(info["seconds"]) == {"2000", "4000"}
        assert info["reference"] == "np.sort"
        assert info["interval"][0] <= info["interval"][1]
        assert info["ratio"] > 0
        assert info["peak_bytes"] >= 4000 * 8
        assert 0.5 < info["growth"] < 2
    assert rows["yours"]["stats"]["rounds"] >= 31
    assert rows["yours"]["extra_info"]["grade"] in ("green", "gold")
    assert 2 < rows["yours"]["extra_info"]["limit"] < 3.5
    assert list((house.root / ".benchmarks").rglob("*.json"))


def test_four_times_the_time_is_told(house):
    house.learn(SORTS)
    done = house.pytest("--benchmark-enable")
    assert done.returncode == 1
    assert "times as slow as np.sort at n = 4000, the limit is 2." in done.stdout
    assert "benchmark 'scaling.sort n=4000': 4 tests" in done.stdout


def test_a_wrong_answer_while_timing_is_told(house):
    house.learn(RIGHT_AT_FIRST)
    done = house.pytest("--benchmark-enable")
    assert done.returncode == 1
    assert "in a timed call at n = 2000" in done.stdout


def test_a_loop_that_never_ends_at_a_larger_size_is_told(house):
    house.learn("import numpy as np\ndef sort(x):\n    while len(x) > 2000:\n        pass\n    return np.sort(x)\n")
    done = house.pytest("--benchmark-enable")
    assert done.returncode == 1
    assert "a loop that never ends" in done.stdout


def test_a_race_of_many_processes_is_refused(house):
    pytest.importorskip("xdist")
    done = house.pytest("--benchmark-enable", "-n2")
    assert done.returncode == 4
    assert "tests that run side by side cannot be timed" in done.stderr


def test_only_and_skip_choose_the_tests(house):
    house.learn(SORTS)
    only = house.pytest("--benchmark-enable", "--benchmark-only", "--collect-only", "-q")
    assert "1/2 tests collected" in only.stdout
    assert "test_speed_of_sort" in only.stdout
    skip = house.pytest("--benchmark-skip")
    assert skip.returncode == 0
    assert "1 passed, 1 deselected" in skip.stdout


# --- kata bench ---


def test_kata_bench_shows_all_rows_and_a_verdict(house):
    done = house.kata("bench", "scaling", "--impl", "solutions")
    assert done.returncode == 0, done.stderr
    assert [line.split()[0] for line in done.stdout.splitlines() if line[2:].startswith(tuple(ROWS))] == ROWS
    assert "n = 4000" in done.stdout
    assert "as np.sort" in done.stdout


def test_kata_bench_tells_how_far_it_is_to_green(house):
    house.learn(SORTS)
    done = house.kata("bench", "scaling", "--json")
    assert done.returncode == 1
    race = json.loads(done.stdout)["races"]["scaling.sort n=4000"]
    assert list(race) == ROWS
    assert race["yours"]["grade"] == "red"
    assert "green when it takes" in verdict(race["yours"])


def test_kata_bench_of_what_is_not_written_is_one_line(house):
    done = house.kata("bench", "scaling")
    assert done.returncode == 1
    assert done.stdout.count("\n") == 1
    assert "sort is not written yet" in done.stdout


def test_kata_bench_without_a_benchmark_is_one_line(house):
    house.write("katas/toy/topic.toml", house.topic.read_text().replace("performance = true", ""))
    done = house.kata("bench", "scaling")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "scaling has no benchmark" in done.stderr


# --- what times say ---


def outcome(**seconds):
    """The outcome of calls that took seconds(n) each, without noise."""
    times = {n: {row: np.full(31, f(n)) for row, f in seconds.items()} for n in (100, 200, 400)}
    return Outcome(times, tuple(row for row in times[100] if row not in ("naive", "solution", "yours")))


def test_the_fastest_peer_is_the_reference():
    made = outcome(naive=lambda n: 90, one=lambda n: 10, two=lambda n: 9, solution=lambda n: 8, yours=lambda n: 18)
    assert made.reference == "two"
    assert math.isclose(made.ratio("yours"), 2)
    assert math.isclose(made.limit, math.sqrt(10))
    assert made.grade == "green"


def test_without_a_peer_the_solution_is_the_reference():
    made = outcome(naive=lambda n: 90, solution=lambda n: 10, yours=lambda n: 10.2)
    assert made.reference == "solution"
    assert made.grade == "gold"


def test_there_is_no_limit_where_naive_is_nearly_as_fast():
    made = outcome(naive=lambda n: 30, library=lambda n: 10, solution=lambda n: 10, yours=lambda n: 90)
    assert math.isinf(made.limit)
    assert made.problems() == []


def test_another_complexity_is_told_even_within_the_limit():
    """a library with a fixed cost of a call looks as if it grew slowly: the solution says what growth is right"""
    rows = {"naive": lambda n: n**3, "library": lambda n: 1e6 + n**2, "solution": lambda n: n**2}
    assert outcome(**rows, yours=lambda n: 1.2 * n**2).problems() == []
    ((label, text),) = outcome(**rows, yours=lambda n: n**3 / 40).problems()
    assert label == "growth"
    assert text == "time grows like n^3.0, the worked solution's like n^2.0"


def test_peak_counts_what_is_held_at_once():
    assert 2_000_000 <= peak(lambda: np.ones(125_000) + np.ones(125_000)) < 3_300_000
    assert peak(lambda: [np.ones(125_000).sum() for _ in range(5)]) < 1_200_000
