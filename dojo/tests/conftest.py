"""A small house to break things in: one topic, one kata, both grown for the tests of the engine."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

SOLUTION = '''
"""Scaling: the smallest kata.

Rules: no np.sum. Inputs are read-only; results are new arrays.

Source: folklore.
"""

import numpy as np


def double(x: np.ndarray) -> np.ndarray:
    """2 x, of the shape of x.

    >>> double(np.ones(2))
    array([2., 2.])
    """
    return 2 * x


def total(x: np.ndarray) -> float:
    """The sum of all entries."""
    return float(np.add.reduce(x, axis=None))
'''

TESTS = '''
import numpy as np

from dojo.testing import assert_agrees, assert_close
from reference.toy import scaling as reference


def test_double_by_hand(kata):
    """double gives 2 x"""
    assert_close(kata.double(np.array([1.0, -3.0])), np.array([2.0, -6.0]))
    assert_close(kata.double(np.array([5.0, 0.5])), np.array([10.0, 1.0]))


def test_double_agrees(kata, rng):
    """double agrees with x + x"""
    assert_agrees(kata.double, reference.double, rng.standard_normal((3, 4)))


def test_total_agrees(kata, rng):
    """total agrees with the sum one by one"""
    x = rng.standard_normal(7)
    assert_agrees(kata.total, reference.total, x, floor=np.abs(x).sum())
'''

REFERENCE = """
import math


def double(x):
    return x + x


def total(x):
    return math.fsum(x.ravel())
"""

ANSWERS = """
from dojo.answers import accepted, rejected


@accepted("addition in place of multiplication")
def double(x):
    return x + x


@accepted("a Python loop over all entries")
def total(x):
    return float(sum(x.ravel().tolist()))


@rejected("this is x squared: right for 0 and 2 only")
def double(x):
    return x * x


@rejected("this is x itself, copied: nothing was doubled")
def double(x):
    return x.copy()


@rejected("the sign is lost: absolute values are doubled")
def double(x):
    return abs(2 * x)


@rejected("this is the mean, the sum divided by how many there are")
def total(x):
    return float(x.mean())


@rejected("the first entry is left out of the sum")
def total(x):
    return float(sum(x.ravel()[1:].tolist()))
"""

TOPIC = """
title = "Toys"
order = 1

[[kata]]
slug = "scaling"
title = "Scaling"
level = 1
minutes = 5
backend = "numpy"
area = "toys"
requires = []
forbids = ["numpy.sum", "scipy.signal"]
source = "folklore"
hints = ["think of twice", "2 x", "return 2 * x"]
"""


class House:
    """A repository of katas in a temporary folder, and the commands one types in it."""

    def __init__(self, root: Path):
        self.root = root
        self.stub = root / "katas/toy/scaling.py"
        self.topic = root / "katas/toy/topic.toml"
        self.env = {**os.environ, "KATA_HOME": str(root / "home"), "PYTHONPATH": str(ROOT), "COLUMNS": "120"}
        for name in [name for name in self.env if name.startswith("PYTEST_")]:
            del self.env[name]  # what starts here is no part of this session, nor a worker of xdist

    def write(self, path: str, text: str) -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text.lstrip(), encoding="utf-8")
        return file

    def learn(self, text: str) -> None:
        """The learner saves this text in the stub."""
        self.stub.write_text(textwrap.dedent(text), encoding="utf-8")

    def pytest(self, *args: str, **kwargs: object) -> subprocess.CompletedProcess[str]:
        return self._run(sys.executable, "-m", "pytest", "-p", "no:hypothesispytest", *args, **kwargs)

    def kata(self, *args: str, **kwargs: object) -> subprocess.CompletedProcess[str]:
        code = "from dojo.cli import main; main(prog_name='kata')"
        return self._run(sys.executable, "-c", code, *args, **kwargs)

    def _run(self, *command: str, **kwargs: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=self.root,
            env=self.env,
            capture_output=True,
            text=True,
            timeout=120,
            **kwargs,  # type: ignore[call-overload]
        )


@pytest.fixture
def house(tmp_path: Path) -> House:
    from dojo.stub import derive

    house = House(tmp_path)
    house.write("conftest.py", 'pytest_plugins = ["dojo.plugin"]\n')
    house.write("pyproject.toml", (ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    house.write("solutions/toy/scaling.py", SOLUTION)
    house.write("katas/toy/scaling.py", derive(SOLUTION.lstrip()))
    house.write("katas/toy/test_scaling.py", TESTS)
    house.write("katas/toy/README.md", "# Toys\n")
    house.write("reference/toy/scaling.py", REFERENCE)
    house.write("reference/toy/scaling_answers.py", ANSWERS)
    house.write("katas/toy/topic.toml", TOPIC)
    return house
