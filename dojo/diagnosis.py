"""Diagnosis: is the learner's answer that of a known mistake?

The calls of the failing test are made again to each rejected answer. The mistake is named only where one of them
agrees with the learner's results on every call, and the worked solution does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from dojo import limits
from dojo.answers import known
from dojo.catalogue import Kata
from dojo.contract import Call, _frozen, _is_data, agree
from dojo.loading import Program, read

SECONDS = 0.5  # for one call of one known answer


def name(kata: Kata, calls: Sequence[Call]) -> str | None:
    """The line of the rejected answer that gives just these results; None where there is none, or more than doubt."""
    usable = [call for call in calls if call.returned and _is_data(call.result) and _repeatable(call)][-12:]
    if not usable or _agrees(read(kata.solution), usable):
        return None
    for answer in known(kata):
        if not answer.right and _agrees(answer.program, usable):
            return answer.why
    return None


def prepare(kata: Kata) -> None:
    """Reads and compiles the known answers: a tenth of a second that no learner waits for."""
    for answer in known(kata):
        _ = answer.program.code


def _repeatable(call: Call) -> bool:
    """Calls on data and plain functions; a module or an optimizer has moved on since."""
    values = [*call.args, *call.kwargs.values()]
    return all(_is_data(value) or (callable(value) and not hasattr(value, "parameters")) for value in values)


def _agrees(program: Program, calls: Sequence[Call]) -> bool:
    try:
        with limits.call_limits(SECONDS):
            names = program.execute()
        for call in calls:
            with limits.call_limits(SECONDS), np.errstate(all="ignore"):
                result = names[call.name](*_frozen(call.args), **_frozen(call.kwargs))
            if not same(result, call.result):
                return False
    except BaseException:  # this answer cannot do it: then it is not the learner's
        return False
    return True


def same(a: Any, b: Any) -> bool:
    """Whether two results are one, up to rounding."""
    return agree(a, b, _same_leaf)


def _same_leaf(a: Any, b: Any) -> bool:
    if not isinstance(a, np.ndarray | np.generic | int | float | complex):
        return type(a) is type(b) and bool(a == b)
    if type(a) is not type(b) and (isinstance(a, np.ndarray) or isinstance(b, np.ndarray)):
        return False
    a, b = np.asarray(a), np.asarray(b)
    if a.dtype != b.dtype or a.shape != b.shape:
        return False
    if a.dtype.kind not in "fc":
        return bool((a == b).all())
    return bool(np.allclose(a, b, rtol=1e-9, atol=1e-12, equal_nan=True))
