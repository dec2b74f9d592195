import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dojo.stub import derive

SOLUTION = '''\
"""Softmax.

Return exp(xᵢ) / Σⱼ exp(xⱼ) over the last axis.

Solution notes:
    Subtract the maximum first.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.linalg import norm

Array = np.ndarray
_TINY = 1e-30

SIZES = [
    # chosen by hand
    1,
    2,  # the even one
]


def _shifted(x):
    return x - x.max(axis=-1, keepdims=True)


# the trick is in _shifted
def softmax(
    x: Array,  # (..., n)
    temperature: float = 1.0,
) -> Array:  # (..., n)
    # exp of a large number overflows
    """Rows of probabilities.

    x: shape (..., n).

    Solution notes:
        One shift, one division.
    """
    e = np.exp(_shifted(x) / temperature)  # (..., n)
    return e / (e.sum(-1, keepdims=True) + _TINY)


class _Cache:
    pass


@dataclass
class Layer:
    """A layer."""

    width: int = 3  # neurons
    _norms: list = field(default_factory=list)

    def __init__(self, width: int):
        self.width = width

    def __call__(self, x: Array) -> Array:
        """Apply it."""
        return softmax(x) * norm(x)

    def __repr__(self):
        return "Layer"

    @property
    def kind(self) -> Literal["row"]:
        """Which kind.

        Solution notes: only one
        """
        return "row"

    def _hidden(self):
        return math.pi


@dataclass(frozen=True)
class Point:
    x: float
    y: float


if __name__ == "__main__":
    print(softmax(np.ones(3)))
'''

STUB = '''\
"""Softmax.

Return exp(xᵢ) / Σⱼ exp(xⱼ) over the last axis.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

Array = np.ndarray

SIZES = [
    1,
    2,
]


def softmax(
    x: Array,  # (..., n)
    temperature: float = 1.0,
) -> Array:  # (..., n)
    """Rows of probabilities.

    x: shape (..., n).
    """
    raise NotImplementedError


@dataclass
class Layer:
    """A layer."""

    width: int = 3

    def __init__(self, width: int):
        raise NotImplementedError

    def __call__(self, x: Array) -> Array:
        """Apply it."""
        raise NotImplementedError

    @property
    def kind(self) -> Literal["row"]:
        """Which kind."""
        raise NotImplementedError


@dataclass(frozen=True)
class Point:
    x: float
    y: float
'''


def formatted(text: str) -> str:
    ruff = shutil.which("ruff") or shutil.which("ruff", path=str(Path(sys.executable).parent))
    if not ruff:
        pytest.skip("ruff is not installed")
    command = [ruff, "format", "--isolated", "--line-length", "110", "-"]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout


def test_a_stub_is_the_solution_without_its_answer():
    assert derive(SOLUTION) == STUB


def test_a_stub_of_a_stub_is_itself():
    assert derive(STUB) == STUB


def test_a_formatted_solution_gives_a_formatted_stub():
    assert formatted(SOLUTION) == SOLUTION
    assert formatted(STUB) == STUB


@pytest.mark.parametrize(
    "removed",
    [
        '"""Title."""\n\n_A = 1\nB = 2\n',
        '"""Title."""\n\nimport os\n\nB = 2\n',
        '"""Title."""\n\nimport os\n\n\ndef f():\n    return os\n',
        "import os\nimport sys\n\nimport numpy as np\n\nB: os.PathLike\n_C = sys\nD = np\n",
        "A = 1\n\n\ndef _f():\n    return 1\n\n\nB = 2\n",
        "class A:\n    _x = 1\n",
        'class A:\n    """An A."""\n\n    _x = 1\n    y = 2\n\n    # why\n    def f(self): ...\n',
        'class A:\n    """An A."""\n\n    _x = 1\n',
        "class A:\n    _x = 1\n\n    @property\n    def f(self):\n        return 1\n",
        'def f():\n    """One.\n\n    Solution notes: none.\n    """\n',
    ],
)
def test_what_is_left_stays_formatted(removed):
    assert formatted(removed) == removed
    stub = derive(removed)
    assert formatted(stub) == stub


def test_solving_only_ever_adds_lines():
    solution = iter(SOLUTION.split("\n"))
    own = ("raise NotImplementedError", "from dataclasses", "1,", "2,", "width: int", '"""')
    for line in STUB.split("\n"):
        if not line.strip().startswith(own):
            assert line in solution, f"{line!r} is not in the solution, or not in this order"


@pytest.mark.parametrize("backend", ["import numpy as np", "import torch"])
def test_the_backend_stays_imported_though_no_signature_names_it(backend):
    assert backend in derive(f"import math\n{backend}\n\n\ndef f(x):\n    return x\n")


def test_an_import_is_cut_down_to_what_signatures_name():
    source = "from typing import Any, Final\n\n\ndef f(x: Any):\n    y: Final = x\n    return y\n"
    assert derive(source).startswith("from typing import Any\n")


def test_a_hash_in_a_string_is_no_comment():
    assert derive('A = [\n    "# kept",  # gone\n]\n') == 'A = [\n    "# kept",\n]\n'


def test_a_blank_line_in_a_constant_string_stays():
    text = 'A = """\none\n\ntwo\n"""\n'
    assert derive(text) == text


def test_a_body_on_the_line_of_its_signature_goes_too():
    assert derive("def f(x): return x\n") == "def f(x):\n    raise NotImplementedError\n"


def test_a_comment_after_the_signature_goes():
    solution = "def f(x):\n    # the trick\n    return x\n"
    assert derive(solution) == "def f(x):\n    raise NotImplementedError\n"


@pytest.mark.parametrize(
    "source",
    [
        "_EPS = 1e-6\n\n\ndef f(x, eps=_EPS):\n    return x\n",
        "class _Base:\n    pass\n\n\nclass A(_Base):\n    pass\n",
        "_ROOT = 2\nTWO = _ROOT\n",
    ],
)
def test_a_stub_that_would_need_a_private_name_is_refused(source):
    with pytest.raises(ValueError, match=r"the stub needs _.*make public"):
        derive(source)


def test_a_stub_runs_and_says_that_it_is_not_attempted():
    namespace = {"__name__": __name__}  # a dataclass looks its module up
    exec(compile(ast.parse(derive(SOLUTION)), "stub.py", "exec"), namespace)
    with pytest.raises(NotImplementedError):
        namespace["softmax"](None)
    assert namespace["Point"](1.0, 2.0).y == 2.0
