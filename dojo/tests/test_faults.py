"""Whatever a learner's file does, the learner gets one clear line, nothing comes out green, and the session goes on.

Each fault is made for real: a file is written, pytest is run.
"""

import pytest

GOOD_TOTAL = """
def total(x):
    return float(np.add.reduce(x, axis=None))
"""

# name -> (the learner's text, the outcome in the summary, the line that must be told)
FAULTS = {
    "syntax error": ("def double(x:\n", "crashed", "katas/toy/scaling.py:1: '(' was never closed: def double(x:"),
    "a NUL byte": ("x = '\0'\n", "crashed", "source code string cannot contain null bytes"),
    "no function": ("import numpy as np\n", "crashed", "katas/toy/scaling.py has no double: the statement asks for it"),
    "another signature": ("def double(x, y): return 2 * x\n", "wrong", "double(x, y) does not take this call"),
    "returns None": ("def double(x): 2 * x\n", "wrong", "None: is a `return` missing?"),
    "returns a list": ("def double(x): return (2 * x).tolist()\n", "wrong", "got      a list"),
    "returns float32": ("def double(x): return (2 * x).astype('f4')\n", "wrong", "got      dtype float32"),
    "returns a tensor": (
        "import torch\ndef double(x): return torch.from_numpy(2 * x)\n", "wrong", "got      a torch tensor of float64 (2,)"),
    "returns NaN": ("def double(x): return x * float('nan')\n", "wrong", "worst    at [0]: got nan, expected 2"),
    "wrong shape": ("def double(x): return (2 * x)[None]\n", "wrong", "got      shape (1, 2)"),
    "a view of its input": ("def double(x): return x[:]\n", "wrong", "a result that is (a view of) an input: return a new array"),
    "mutates its input": ("def double(x):\n    x *= 2\n    return x.copy()\n", "crashed", "ValueError: output array is read-only"),
    "mutates by force": (
        "def double(x):\n    x.flags.writeable = True\n    x *= 2\n    return x.copy()\n",
        "wrong", "an input that is not as it was"),
    "remembers by id": (
        "seen = {}\ndef double(x): return seen.setdefault(id(x), 2 * x).copy()\n", "wrong", "expected array([10., 1.])"),
    "another answer each time": (
        "import itertools\nn = itertools.count(2)\ndef double(x): return next(n) * x\n",
        "wrong", "another result when called again with the same input"),
    "one result for all": (
        "import numpy as np\nout = np.empty(2)\n"
        "def double(x):\n    global out\n    out = np.resize(out, x.shape) if out.shape != x.shape else out\n"
        "    out[...] = 2 * x\n    return out\ndef total(x): return float(np.add.reduce(x, axis=None))\n",
        "wrong", None),
    "seeds the global generator": (
        "import numpy as np\ndef double(x):\n    np.random.seed(0)\n    return 2 * x\n",
        "wrong", "the call changed numpy's global random state"),
    "np.seterr": (
        "import numpy as np\ndef double(x):\n    np.seterr(all='ignore')\n    return 2 * x\n",
        "wrong", "the call changed np.seterr"),
    "a forbidden call": (
        "import numpy as np\ndef double(x): return 2 * x\ndef total(x): return float(np.sum(x))\n",
        "wrong", "numpy.sum is not allowed here (line 3: def total(x): return float(np.sum(x)))"),
    "a hidden forbidden call": (
        "import numpy as np\ndef double(x): return 2 * x\n"
        "def total(x):\n    try:\n        return float(getattr(np, 's' + 'um')(x))\n    except BaseException:\n        pass\n",
        "wrong", "numpy.sum is not allowed here (line 5"),
    "an endless loop": ("def double(x):\n    while True: pass\n", "crashed", "s: a loop that never ends"),
    "an endless loop that swallows": (
        "def double(x):\n    while True:\n        try:\n            while True: pass\n        except BaseException: pass\n",
        "crashed", "no answer"),
    "an endless loop in C": ("def double(x): return sum(range(10**12))\n", "crashed", "no answer after 5 s: a loop that never ends"),
    "sleep": ("import time\ndef double(x): time.sleep(1000)\n", "crashed", "no answer after 1"),
    "a memory bomb": (
        "import numpy as np\ndef double(x): return np.ones(10**10)\n", "crashed", "asked for more than 1 GiB of memory"),
    "a slow memory bomb": (
        "def double(x):\n    a = []\n    while True: a.append(bytes(1 << 24))\n", "crashed", "asked for more than 1 GiB of memory"),
    "deep recursion": ("def double(x): return double(x)\n", "crashed", "the recursion never ends"),
    "sys.exit": ("import sys\ndef double(x): sys.exit(0)\n", "crashed", "the call raised SystemExit"),
    "sys.exit at the top": ("import sys\nsys.exit(0)\n", "crashed", "the call raised SystemExit"),
    "os._exit": ("import os\ndef double(x): os._exit(0)\n", "crashed", "the process left with os._exit(0) in the middle of a test"),
    "os._exit at the top": ("import os\nos._exit(0)\n", "crashed", "the process left with os._exit(0) in the middle of a test"),
    "a segfault": (
        "import ctypes\ndef double(x): ctypes.string_at(0)\n", "crashed", "the process crashed: segmentation fault (SIGSEGV)"),
    "kills its group": (
        "import os, signal\ndef double(x): os.killpg(os.getpgrp(), signal.SIGKILL)\n", "crashed", "the process crashed: killed (SIGKILL)"),
    "endless printing": (
        "def double(x):\n    while True: print('spam' * 1000)\n", "crashed", "printed more than 8 MiB"),
    "forks": ("import os\ndef double(x):\n    os.fork()\n    return 3 * x\n", "wrong", "claim    double gives 2 x"),
    "pytest.skip": ("import pytest\ndef double(x): pytest.skip('no')\n", "crashed", "the call raised pytest's Skipped"),
    "pytest.skip at the top": ("import pytest\npytest.skip('no', allow_module_level=True)\n", "crashed", "the call raised pytest's Skipped"),
    "KeyboardInterrupt": ("def double(x): raise KeyboardInterrupt\n", "crashed", "the call raised KeyboardInterrupt"),
    "always equal": (
        "import numpy as np\nclass Equal(np.ndarray):\n    def __eq__(self, other): return True\n    __ne__ = __eq__\n"
        "def double(x): return x.copy().view(Equal)\n", "wrong", "got      an Equal"),
    "always equal, no array": (
        "class Equal:\n    shape = (2,)\n    dtype = 'float64'\n    def __eq__(self, other): return True\n"
        "def double(x): return Equal()\n", "wrong", "got      an Equal"),
    "a patched comparator": (
        "import dojo.compare\ndojo.compare.compare = dojo.compare._compare_values = lambda *a, **k: None\n"
        "def double(x): return x.copy()\ndef total(x): return 0.0\n", "wrong", "replaced: the library stays as it came"),
    "a patched numpy": (
        "import numpy as np\nnp.abs = lambda *a, **k: np.zeros(1)\ndef double(x): return x.copy()\ndef total(x): return 0.0\n",
        "wrong", "numpy.abs replaced: the library stays as it came"),
    "an exception that cannot be shown": (
        "class Bad(Exception):\n    def __str__(self): raise RuntimeError\ndef double(x): raise Bad\n", "crashed", "Bad: ?"),
    "a repr that ends the process": (
        "import os\nclass R:\n    def __repr__(self): os._exit(0)\ndef double(x): return R()\n", "wrong", "got      a R"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_costs_one_line(house, fault):
    text, outcome, line = FAULTS[fault]
    house.learn(text)
    run = house.pytest()
    assert run.returncode == 1, run.stdout + run.stderr
    summary = run.stdout[run.stdout.index("= katas =") :]
    assert outcome in summary
    if line:
        assert line in run.stdout, run.stdout
    assert "Traceback" not in run.stdout + run.stderr
    assert "INTERNALERROR" not in run.stdout


def test_a_fault_does_not_stop_the_other_functions_from_being_graded(house):
    house.learn("import os\nimport numpy as np\ndef double(x): os._exit(0)\n" + GOOD_TOTAL)
    summary = house.pytest().stdout
    assert "1 passed, 2 crashed" in summary


def test_a_fault_does_not_stop_the_other_katas(house):
    for path in ("katas/toy/test_scaling.py", "katas/toy/scaling.py"):
        text = (house.root / path).read_text()
        house.write(path.replace("scaling", "zoom"), text.replace("import scaling", "import zoom"))
    for path in ("solutions/toy/scaling.py", "reference/toy/scaling.py", "reference/toy/scaling_answers.py"):
        house.write(path.replace("scaling", "zoom"), (house.root / path).read_text())
    entry = house.topic.read_text()
    house.topic.write_text(entry + entry[entry.index("[[kata]]") :].replace("scaling", "zoom"))
    (house.root / "katas/toy/zoom.py").write_text((house.root / "solutions/toy/scaling.py").read_text())
    house.learn("import os\nos._exit(0)\n")
    run = house.pytest()
    assert "scaling  3 crashed" in run.stdout
    assert "zoom     3 passed" in run.stdout


@pytest.mark.parametrize(("mine", "line"), [("factor=3", "double(..., factor=3): it is factor=2"), ("factor=None", "")])
def test_a_default_is_part_of_the_statement(house, mine, line):
    """no test calls `double` without its factor; None may stand for the number that is promised"""
    solution = house.root / "solutions/toy/scaling.py"
    solution.write_text(solution.read_text().replace("double(x: np.ndarray)", "double(x: np.ndarray, factor: int = 2)"))
    house.learn(f"def double(x, {mine}): return 2 * x\n" + GOOD_TOTAL)
    run = house.pytest("-k", "double")
    assert ("2 passed" in run.stdout) is not bool(line)
    assert line in run.stdout


def test_a_missing_file_is_one_line_with_the_mend(house):
    house.stub.unlink()
    run = house.pytest()
    assert run.returncode == 1
    assert "there is no such file; `kata reset scaling` puts the stub back" in run.stdout


def test_prints_of_the_learner_are_shown(house):
    house.learn("def double(x):\n    print('x is', x.shape)\n    return x.copy()\n")
    assert "x is (2,)" in house.pytest().stdout


def test_breakpoint_opens_the_debugger_and_the_limits_step_aside(house):
    house.learn("import numpy as np\ndef double(x):\n    breakpoint()\n    return 2 * x\n" + GOOD_TOTAL)
    run = house.pytest("-s", "-k", "by_hand", input="p x.shape\nc\n" * 4)
    assert "(2,)" in run.stdout
    assert "1 passed" in run.stdout


def test_pdb_option_stops_in_the_learners_line(house):
    house.learn("def double(x):\n    secret = 42\n    raise ValueError('boom')\n")
    run = house.pytest("--pdb", "-k", "by_hand", input="p secret + 1\nq\n")
    assert "43" in run.stdout
