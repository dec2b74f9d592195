"""The runner: one process ready, a verdict for each text, and it goes on after every fault."""

import subprocess
import sys
import time

import pytest

from dojo.catalogue import load
from dojo.runner import Runner, RunnerDied

RIGHT = "import numpy as np\ndef double(x): return 2 * x\ndef total(x): return float(np.add.reduce(x, axis=None))\n"
WRONG = RIGHT.replace("2 * x", "x * x")


@pytest.fixture
def runner(house):
    with Runner(load(house.root)["scaling"]) as runner:
        yield runner


def grade(runner, text, **kwargs):
    return runner.grade(text, runner.kata.stub, **kwargs)


def test_green_and_red(runner):
    assert grade(runner, RIGHT).green
    verdict = grade(runner, WRONG)
    assert not verdict.green
    assert verdict.complete
    assert verdict.first_failure.name == "test_double_by_hand"
    assert "mistake  this is x squared: right for 0 and 2 only" in verdict.first_failure.text


def test_same_size_within_a_second_is_no_stale_answer(runner):
    for _ in range(5):
        assert grade(runner, RIGHT).green
        assert not grade(runner, RIGHT.replace("2 * x", "3 * x")).green


def test_what_is_wrong_is_shown_before_what_is_not_written(runner):
    text = "def double(x): raise NotImplementedError\ndef total(x): return 0.0\n"
    assert grade(runner, text).first_failure.name == "test_total_agrees"


def test_what_is_not_written_is_no_error_that_a_test_waits_for(house):
    """NotImplementedError is a RuntimeError: `pytest.raises(RuntimeError)` alone would pass it."""
    house.write(
        "katas/toy/test_scaling.py",
        "import pytest\ndef test_it_raises(kata):\n    with pytest.raises(RuntimeError): kata.double(1.0)\n",
    )
    with Runner(load(house.root)["scaling"]) as runner:
        for text, outcome in [("raise NotImplementedError", "not attempted"), ("raise RuntimeError", "passed")]:
            verdict = grade(runner, f"def double(x): {text}\ndef total(x): return 0.0\n")
            assert [result.outcome for result in verdict.results] == [outcome]


@pytest.mark.parametrize(
    "fault", ["import os; os._exit(0)", "import ctypes; ctypes.string_at(0)", "def f(:", "import sys; sys.exit()"]
)
def test_it_goes_on_after_a_fault(runner, fault):
    verdict = grade(runner, fault)
    assert {r.outcome for r in verdict.results} == {"crashed"}
    assert grade(runner, RIGHT).green


def test_a_run_is_stopped_when_nobody_waits_for_it(runner):
    runner.wait_ready()
    began = time.monotonic()
    assert grade(runner, "while True: pass", stop=lambda: time.monotonic() - began > 0.3) is None
    assert time.monotonic() - began < 2
    assert grade(runner, RIGHT).green


def test_it_may_stop_at_the_first_failure(runner):
    verdict = grade(runner, WRONG, stop_at_first=True)
    assert len(verdict.results) == 1
    assert not verdict.complete
    assert grade(runner, RIGHT, stop_at_first=True).green


def test_only_some_tests(runner):
    verdict = grade(runner, WRONG, only=lambda name: "total" in name)
    assert [r.name for r in verdict.results] == ["test_total_agrees"]
    assert verdict.green


def test_tests_that_cannot_be_collected_are_one_line(house):
    house.write("katas/toy/test_scaling.py", "def test_(:\n")
    with (
        Runner(load(house.root)["scaling"]) as runner,
        pytest.raises(RunnerDied, match=r"katas/toy/test_scaling\.py: pytest could not start"),
    ):
        runner.wait_ready()


def test_children_share_out_the_tests_and_the_order_stays(house):
    """so with one that waited, warm, and with one that was asked before it was warm"""
    with Runner(load(house.root)["scaling"], ready=9) as runner:  # more than there are tests
        for pause in (0.0, 0.5):
            time.sleep(pause)
            assert [result.name for result in grade(runner, RIGHT).results] == runner.tests
            wrong = grade(runner, WRONG)
            assert [result.name for result in wrong.results] == runner.tests
            assert not wrong.green
        only = runner.tests[-1]
        assert [result.name for result in grade(runner, RIGHT, only=lambda name: name == only).results] == [only]


def test_no_process_is_left_when_the_near_end_is_killed(house):
    """neither the one that forks nor those that wait, or hang in an endless loop"""
    program = f"""
import time
from dojo.catalogue import load
from dojo.runner import Runner
from pathlib import Path
runner = Runner(load(Path({str(house.root)!r}))["scaling"], ready=2)
runner.wait_ready()
print(flush=True)
runner.grade("while True: pass", runner.kata.stub)
"""
    near = subprocess.Popen([sys.executable, "-c", program], cwd=house.root, stdout=subprocess.PIPE)
    assert near.stdout is not None
    near.stdout.readline()
    time.sleep(1.0)
    assert str(house.root) in processes()
    near.kill()
    near.communicate()
    until = time.monotonic() + 5
    while str(house.root) in processes() and time.monotonic() < until:
        time.sleep(0.1)
    assert str(house.root) not in processes()


def processes() -> str:
    return subprocess.run(["ps", "-ewwo", "args"], capture_output=True, text=True, check=True).stdout


def test_a_warm_child_remembers_nothing_of_the_worked_answer(house):
    """it has run the tests on it: a text without a function still has none, and wrong is wrong"""
    with Runner(load(house.root)["scaling"], ready=2) as runner:
        runner.wait_ready()
        for text in ("", WRONG, "def double(x): return x\n"):
            time.sleep(0.5)
            assert not grade(runner, text).green
