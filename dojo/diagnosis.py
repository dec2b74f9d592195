"""Diagnosis: is the learner's answer that of a known mistake?

The calls of the failing test are made again to each rejected answer. The mistake is named only where one of them
agrees with the learner's results on every call, and the worked solution does not. Where two agree both are named;
where more do, or where the results are all 0, 1 or not finite, as those of many mistakes are, none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from dojo import limits
from dojo.answers import known
from dojo.catalogue import Kata
from dojo.compare import _is_tensor
from dojo.contract import Call, _frozen, _is_data, _leaves, agree
from dojo.loading import Program, read

SECONDS = 0.5  # for one call of one known answer


def name(kata: Kata, calls: Sequence[Call]) -> str | None:
    """The line of the rejected answer that gives just these results; None where there is none, or too many."""
    usable = [call for call in calls if call.returned and _is_data(call.result) and _repeatable(call)][-12:]
    if not any(_is_telling(call.result) for call in usable) or _agrees(read(kata.solution), usable):
        return None
    mistakes = {answer.why for answer in known(kata) if not answer.right and _agrees(answer.program, usable)}
    return "; or: ".join(sorted(mistakes)) if 0 < len(mistakes) <= 2 else None


def _is_telling(result: Any) -> bool:
    """Whether some number of the result is another than 0 and 1."""
    numbers = [np.asarray(leaf) for leaf in _leaves(result) if not _is_tensor(leaf)]
    numbers += [leaf.detach().cpu().numpy() for leaf in _leaves(result) if _is_tensor(leaf)]
    return any((np.isfinite(a) & (a != 0) & (a != 1)).any() for a in numbers if a.dtype.kind in "iufc")


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
