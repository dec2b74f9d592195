import ast
from textwrap import indent

import pytest

from dojo.mutants import mutants


def changes(body: str) -> set[str]:
    """What a function's one interesting line becomes."""
    source = "def f(x, y, n, axis=0):\n" + indent(body, "    ") + "\n"
    return {mutant.now for mutant in mutants(source)}


@pytest.mark.parametrize(
    ("line", "mutated"),
    [
        ("return x + y", ["return x - y", "return x", "return y", "return None"]),
        ("return x @ y", ["return x * y"]),
        ("return x * y / n", ["return x / y / n", "return x * y * n", "return (x * y)"]),
        ("return x // y ** n", ["return x / y ** n", "return x // y * n"]),
        ("return x < y", ["return x <= y", "return x >= y"]),
        ("return x == y", ["return x != y"]),
        ("return 3", ["return 4", "return 2"]),
        ("return 0.5", ["return 1.5"]),
        ("return True", ["return False"]),
        ("return x and y", ["return x or y"]),
        ("return -x", ["return +x"]),
        ("return not x", ["return  x"]),
        ("return x in y", ["return x not in y"]),
        ("return x is not y", ["return x is  y"]),
        ("return x.sum(axis=1)", ["return x.sum(axis=2)", "return x.sum(axis=0)", "return x.sum()"]),
        ("return x.sum(axis=1)", ["return x.mean(axis=1)"]),
        ("return x.sum(0, keepdims=True)", ["return x.sum(0)", "return x.sum(None, keepdims=True)"]),
        ("return np.max(x)", ["return np.min(x)", "return np.max(None)"]),
        ("return np.exp(x)", ["return np.expm1(x)"]),
        ("return np.log(x)", ["return np.log1p(x)"]),
        ("return max(x, y)", ["return min(x, y)"]),
        ("return np.triu(x).real", ["return np.tril(x).real", "return np.triu(x).imag"]),
        ("return x.T", ["return x"]),
        ("return x.copy()", ["return x"]),
        ("return x[n:]", ["return x[n + 1:]", "return x[n - 1:]"]),
        ("return x[1:]", ["return x[2:]", "return x[0:]"]),
        ("return x[:-1]", ["return x[:-2]", "return x[:-0]", "return x[:+1]"]),
        ("y = x", ["y = None", "pass"]),
        ("y += x", ["y -= x", "y = x", "pass"]),
        ("y[0] = x", ["y[0] = None", "y[1] = x", "pass"]),
        ("x.sort()", ["pass"]),
        ("return x if n else y", ["return x if True else y", "return x if False else y"]),
    ],
)  # fmt: skip
def test_a_line_becomes(line, mutated):
    assert set(mutated) <= changes(line)


def test_a_condition_is_forced_both_ways():
    assert {"if True:", "if False:"} <= changes("if n:\n    return x\nreturn y")


def test_a_loop_ends_early():
    assert {"break", "pass"} <= changes("for i in x:\n    if i:\n        continue\n    y += i\nreturn y")


@pytest.mark.parametrize(
    "untouched",
    [
        '"""1 + 2"""',
        'raise ValueError(f"n = {n + 1}" + "not 3")',
        'assert x, "1 + 2"',
        "import numpy as np",
        "y: tuple[1 + 2, 'a']",
    ],
)
def test_what_is_not_graded_stays(untouched):
    changed = changes(untouched)
    assert changed <= {"pass"}, "only the whole statement may go"


def test_signatures_and_module_constants_stay():
    source = '"""1 + 2"""\n\nEPS = 1 + 2\n\n\n@cache(1 + 2)\ndef f(x: 1 + 2 = 3 + 4) -> 5:\n    return x\n'
    assert [mutant.now for mutant in mutants(source)] == ["return None"]


def test_methods_and_private_helpers_are_mutated():
    source = "def _f():\n    return 1\n\n\nclass A:\n    n = 3\n\n    def f(self):\n        return 7\n"
    changed = {mutant.was for mutant in mutants(source)}
    assert changed == {"return 1", "return 7"}


SOURCE = '''\
"""Σ: wide characters move byte offsets."""

import numpy as np


def f(x, μ=1):
    """A docstring."""
    σ = np.sqrt(x + μ); x = -x + 0  # ∂
    return np.where(
        x > 0,
        σ * x,
        np.sum(
            x,
            axis=0,
        ),
    )
'''


def test_a_mutant_is_the_source_with_one_change_that_was_and_now_tell():
    lines = SOURCE.split("\n")
    for mutant in mutants(SOURCE):
        mutated = mutant.source.split("\n")
        assert mutated[: mutant.line - 1] == lines[: mutant.line - 1]
        assert mutant.was == lines[mutant.line - 1].partition("  #")[0].strip()
        assert mutant.now == mutated[mutant.line - 1].partition("  #")[0].strip()
        assert mutant.was != mutant.now


def test_an_argument_on_a_line_of_its_own_is_dropped_with_its_comma():
    assert any(m.was == "axis=0," and m.now == "" for m in mutants(SOURCE))


def test_mutants_parse_and_differ_from_the_source_and_each_other():
    programs = [ast.dump(ast.parse(source)) for source in [SOURCE, *(m.source for m in mutants(SOURCE))]]
    assert len(programs) == len(set(programs)) > 20


def test_mutants_come_by_line_and_the_same_each_time():
    first = list(mutants(SOURCE))
    assert first == list(mutants(SOURCE))
    assert [m.line for m in first] == sorted(m.line for m in first)


def test_a_precedence_is_kept_when_a_term_is_dropped():
    assert "return (x - y) / n" in changes("return 2 / (x - y) / n")
    assert "return x[(y if n else 0) + 1:]" in changes("return x[y if n else 0:]")


def test_an_equal_program_is_no_mutant():
    assert changes("return None") == set()
    assert "pass" not in changes("pass")
