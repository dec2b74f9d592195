"""Comparison: is what came back what the mathematics says?

Type first, then dtype, shape, the pattern of NaN and infinity, and only then the values: every shortcut has let a
wrong answer through somewhere (`==` asks the answer itself, `allclose` broadcasts, `zip` stops at the shorter one,
`not (error > tolerance).any()` likes NaN).

The tolerance is not chosen, it is computed. A right program may be off by as much as the true answer moves when the
inputs move by one rounding unit; see `expected`.
"""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

SAFETY = 32  # right programs were seen to need up to 5, wrong ones from 61: the one tolerance constant there is
DRAWS = 8


class Wrong(AssertionError):
    """The answer is wrong. `lines` are label and text pairs, in the order the learner reads them."""

    def __init__(self, *lines: tuple[str, str]):
        self.lines = lines
        super().__init__("\n".join(f"{label}: {text}" for label, text in lines))


# --- what tests call -------------------------------------------------------------------------------------------


def assert_agrees(
    call: Callable[..., Any], oracle: Callable[..., Any], *args: Any, floor: Any = 0.0, **kwargs: Any
) -> None:
    """`call(*args)` and `oracle(*args)` are the same, up to what rounding of the inputs explains.

    floor: magnitude (scalar, or an array that broadcasts to the result) whose rounding counts as well, where the
        method of the kata cancels by nature: sums of large terms that end small.
    """
    got = call(*args, **kwargs)  # the candidate goes first: it cannot learn from what the oracle did
    want, tolerance = expected(oracle, args, kwargs, floor)
    compare(got, want, tolerance)


def assert_close(got: Any, want: Any, *, scale: Any = 0.0, ulps: float = SAFETY) -> None:
    """`got` is `want` within `ulps` rounding units of the larger of |want| and `scale`.

    For answers that are known: worked by hand, a closed form, another call of the kata. scale is the magnitude of
    the terms that were added up to get there; it may be an array that broadcasts to the result.
    """
    compare(got, want, _per_leaf(want, lambda leaf: ulps * _unit(leaf) * np.maximum(_size(leaf), scale)))


def assert_same(got: Any, want: Any) -> None:
    """`got` is exactly `want`: for integers, masks, and promises of bit-for-bit equality."""
    compare(got, want, _per_leaf(want, lambda leaf: 0.0))


def assert_within(error: Any, bound: float, what: str) -> None:
    """A residual is small: every |error| is at most `bound`; NaN never is. `what` names it: "A x - b"."""
    error = np.abs(np.asarray(_numpy(error), dtype=np.float64))
    worst = float(np.max(error, initial=0.0))
    if not worst <= bound:  # NaN lands here
        raise Wrong(("found", f"|{what}| = {worst:.3g}, at most {bound:.3g} is rounding"))


# --- the tolerance ---------------------------------------------------------------------------------------------


def expected(
    oracle: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any], floor: Any = 0.0
) -> tuple[Any, Any]:
    """The oracle's answer, and how far from it a right program may be.

    |got - want| <= 32 (largest move of the oracle over 8 draws + eps |want| + eps floor + tiny)

    where each draw moves every number of the input by up to one eps of the largest magnitude in its row (its last
    axis), eps being that of the narrowest float in the inputs. The oracle itself computes in float64 at least.
    """
    key = _key(args, kwargs, floor)
    if key not in remembered:
        remembered[key] = _expected(oracle, args, kwargs, floor)
    return remembered[key] if key else remembered.pop(key)


# What the oracles answered. Watch asks the same questions at each save, and oracles are slow.
remembered: dict[bytes, tuple[Any, Any]] = {}
_test, _number = "", 0


def begin_test(name: str) -> None:
    """The questions that follow are of this test."""
    global _test, _number
    _test, _number = name, 0


def _key(*question: Any) -> bytes:
    """Names a question: the how-manieth of which test, and its inputs. Empty where the inputs cannot be told apart."""
    global _number
    _number += 1
    try:
        return hashlib.blake2b(pickle.dumps((_test, _number, _untorched(question)))).digest()
    except (pickle.PicklingError, AttributeError, TypeError):
        return b""


def _untorched(value: Any) -> Any:
    """The same nest with arrays for tensors, whose pickles differ from one another."""
    if isinstance(value, dict):
        return {key: _untorched(part) for key, part in value.items()}
    if type(value) in (list, tuple):
        return [_untorched(part) for part in value]
    return (str(value.dtype), value.detach().cpu().numpy()) if _is_tensor(value) else value


def _expected(oracle: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any], floor: Any) -> tuple[Any, Any]:
    eps, narrow = _precision(args, kwargs)
    wide_args, wide_kwargs = _widen(args), _widen(kwargs)
    want = oracle(*wide_args, **wide_kwargs)
    rng = np.random.default_rng(0)
    with np.errstate(all="ignore"):
        moved = [oracle(*_move(wide_args, eps, rng), **_move(wide_kwargs, eps, rng)) for _ in range(DRAWS)]

    def tolerance(want: Any, *moved: Any) -> Any:
        if not _is_float(want):
            return 0.0
        centre = _numpy(want)
        with np.errstate(all="ignore"):
            moves = [np.nan_to_num(np.abs(_numpy(m) - centre), nan=0.0, posinf=0.0) for m in moved]
            size = np.nan_to_num(np.abs(centre), nan=0.0, posinf=0.0)
        return SAFETY * (np.max(moves, axis=0) + eps * (size + floor) + np.finfo(narrow).tiny)

    return _narrow(want, narrow), _zip_leaves(tolerance, want, *moved)


def _precision(args: Any, kwargs: Any) -> tuple[float, type]:
    """Rounding unit and type of the narrowest float among the inputs; plain numbers count as float64."""
    bits = [leaf.dtype.itemsize * (4 if leaf.dtype.kind == "f" else 2) for leaf in _arrays((args, kwargs))]
    narrow = np.float32 if bits and min(bits) <= 16 else np.float64
    return float(np.finfo(narrow).eps), narrow


def _arrays(value: Any) -> list[Any]:
    """Every float or complex array in nested lists, tuples and dicts."""
    if isinstance(value, dict):
        return [leaf for part in value.values() for leaf in _arrays(part)]
    if isinstance(value, list | tuple):
        return [leaf for part in value for leaf in _arrays(part)]
    if _is_tensor(value):
        value = value.detach().cpu().numpy()
    return [value] if isinstance(value, np.ndarray) and value.dtype.kind in "fc" else []


def _widen(value: Any) -> Any:
    return _map_arrays(value, lambda a: a.astype(np.complex128 if a.dtype.kind == "c" else np.float64))


def _move(value: Any, eps: float, rng: np.random.Generator) -> Any:
    def move(a: np.ndarray) -> np.ndarray:
        size = np.where(np.isfinite(a), np.abs(a), 0.0)
        row = size.max(axis=-1, keepdims=True, initial=0.0) if a.ndim else size
        step = rng.uniform(-1, 1, a.shape)
        if a.dtype.kind == "c":
            step = step + 1j * rng.uniform(-1, 1, a.shape)
        return np.asarray(a + eps * row * step, dtype=a.dtype)

    return _map_arrays(value, move)


def _map_arrays(value: Any, function: Callable[[np.ndarray], np.ndarray]) -> Any:
    """The same nest of lists, tuples and dicts with `function` applied to each float or complex array."""
    if isinstance(value, dict):
        return {key: _map_arrays(part, function) for key, part in value.items()}
    if type(value) in (list, tuple):
        return type(value)(_map_arrays(part, function) for part in value)
    if _is_tensor(value) and (value.is_floating_point() or value.is_complex()):
        import torch

        return torch.from_numpy(function(value.detach().cpu().numpy().copy()))
    if isinstance(value, np.ndarray) and value.dtype.kind in "fc":
        return function(value)
    return value


def _narrow(want: Any, narrow: type) -> Any:
    """The oracle's answer in the precision the inputs came in."""
    if narrow is np.float64:
        return want

    def cast(leaf: Any) -> Any:
        if _is_tensor(leaf):
            import torch

            return leaf.to(torch.complex64 if leaf.is_complex() else torch.float32) if _is_float(leaf) else leaf
        if isinstance(leaf, np.ndarray) and leaf.dtype.kind in "fc":
            return leaf.astype(np.complex64 if leaf.dtype.kind == "c" else np.float32)
        return leaf

    return _per_leaf(want, cast)


# --- the comparison --------------------------------------------------------------------------------------------


def compare(got: Any, want: Any, tolerance: Any, at: str = "") -> None:
    """Raises `Wrong` unless `got` has want's type, dtype, shape and special values, and is within tolerance."""
    if type(want) in (tuple, list):
        _compare_sequence(got, want, tolerance, at)
    elif _is_tensor(want):
        _require_tensor(got, want, at)
        _compare_values(_numpy(got), _numpy(want), tolerance, at)
    elif isinstance(want, np.ndarray):
        _require_array(got, want, at)
        _compare_values(got, want, tolerance, at)
    elif isinstance(want, bool | np.bool_):
        _require_type(got, (bool, np.bool_), "bool", at)
        if bool(got) is not bool(want):
            raise _differs(got, want, at)
    elif isinstance(want, int | np.integer):
        _require_type(got, (int, *_INTEGERS), "int", at)
        if int(got) != int(want):
            raise _differs(got, want, at)
    elif isinstance(want, float | np.floating):
        _require_type(got, (float, int, *_FLOATS, *_INTEGERS), "float", at)
        _compare_values(np.asarray(float(got)), np.asarray(float(want)), tolerance, at)
    elif want is None or isinstance(want, str):
        if type(got) is not type(want) or got != want:
            raise _differs(got, want, at)
    else:
        raise TypeError(f"compare knows no {type(want).__name__}: the oracle must return arrays and numbers")


_FLOATS = (np.float64, np.float32)
_INTEGERS = (np.int64, np.int32, np.intp)


def _require_type(got: Any, kinds: tuple[type, ...], name: str, at: str) -> None:
    if type(got) not in kinds:
        raise Wrong(("got", f"{_place(at)}{_kind(got)}"), ("expected", f"a {name}"))


def _compare_sequence(got: Any, want: Any, tolerance: Any, at: str) -> None:
    name = type(want).__name__
    if type(got) is not type(want) and not (isinstance(want, tuple) and hasattr(type(got), "_fields")):
        raise Wrong(("got", f"{_place(at)}{_kind(got)}"), ("expected", f"a {name} of {len(want)}"))
    if len(got) != len(want):
        raise Wrong(("got", f"{_place(at)}a {name} of {len(got)}"), ("expected", f"a {name} of {len(want)}"))
    for index in range(len(want)):
        tol = tolerance[index] if type(tolerance) in (tuple, list) else tolerance
        compare(got[index], want[index], tol, f"{at}[{index}]")


def _require_array(got: Any, want: np.ndarray, at: str) -> None:
    if type(got) is not np.ndarray:
        raise Wrong(("got", f"{_place(at)}{_kind(got)}"), ("expected", _kind(want)))
    if got.dtype != want.dtype:
        raise Wrong(("got", f"{_place(at)}dtype {got.dtype}"), ("expected", f"dtype {want.dtype}"))
    if got.shape != want.shape:
        raise Wrong(("got", f"{_place(at)}shape {got.shape}"), ("expected", f"shape {want.shape}"))


def _require_tensor(got: Any, want: Any, at: str) -> None:
    if type(got) is not type(want):
        raise Wrong(("got", f"{_place(at)}{_kind(got)}"), ("expected", _kind(want)))
    if got.dtype is not want.dtype:
        raise Wrong(("got", f"{_place(at)}dtype {got.dtype}"), ("expected", f"dtype {want.dtype}"))
    if tuple(got.shape) != tuple(want.shape):
        raise Wrong(("got", f"{_place(at)}shape {tuple(got.shape)}"), ("expected", f"shape {tuple(want.shape)}"))


def _compare_values(got: np.ndarray, want: np.ndarray, tolerance: Any, at: str) -> None:
    with np.errstate(all="ignore"):
        error = np.abs(got.astype(np.result_type(got, np.float64)) - want)
        same_special = (got == want) | (np.isnan(got) & np.isnan(want))
        finite = np.isfinite(got) & np.isfinite(want)
        bound = np.broadcast_to(np.asarray(tolerance, dtype=np.float64), want.shape)
        good = np.where(finite, error <= bound, same_special)  # what is not shown to be good is bad
    if good.all():
        return
    # The worst place: a special value out of place beats any finite error.
    with np.errstate(all="ignore"):
        excess = np.where(good, -1.0, np.where(finite, error / np.maximum(bound, 1e-300), np.inf))
    index = np.unravel_index(int(np.argmax(excess)), want.shape)
    place = at + (f"[{', '.join(map(str, map(int, index)))}]" if want.ndim else "")
    lines = [("got", show(got)), ("expected", show(want))]
    if want.size > 1 or at:
        lines = [*lines, ("worst", f"at {place}: got {got[index]:.17g}, expected {want[index]:.17g}")]
    lines.append(("error", f"{error[index]:.3g}, tolerance {bound[index]:.3g}; {_count(good)}"))
    raise Wrong(*lines)


def _count(good: np.ndarray) -> str:
    return f"{good.size - int(good.sum())} of {good.size} values are off"


def _differs(got: Any, want: Any, at: str) -> Wrong:
    return Wrong(("got", f"{_place(at)}{show(got)}"), ("expected", show(want)))


def _place(at: str) -> str:
    return f"at {at}: " if at else ""


# --- how values are shown --------------------------------------------------------------------------------------


def show(value: Any, limit: int = 24) -> str:
    """A value as one would paste it; beyond `limit` numbers only what it is."""
    if isinstance(value, np.ndarray):
        if value.size > limit:
            return f"<array {value.dtype} {value.shape}>"
        return " ".join(np.array_repr(value, max_line_width=10**6).split())
    if _is_tensor(value):
        if value.numel() > limit:
            return f"<tensor {str(value.dtype).removeprefix('torch.')} {tuple(value.shape)}>"
        return " ".join(repr(value).split())
    if isinstance(value, tuple | list):
        parts = [show(part, limit) for part in value]
        left, right = "()" if isinstance(value, tuple) else "[]"
        text = ", ".join(parts) + ("," if isinstance(value, tuple) and len(parts) == 1 else "")
        return f"{left}{text}{right}" if len(text) <= 400 else f"{left}{text[:400]} …{right}"
    if isinstance(value, np.generic):
        value = value.item()
    if callable(value) and hasattr(value, "__name__"):
        return str(value.__name__)
    text = object.__repr__(value) if _foreign(value) else repr(value)
    if "\n" in text:  # a module, an optimizer: pages long
        return f"<{type(value).__name__}>"
    return text if len(text) <= 200 else text[:200] + " …"


def _foreign(value: Any) -> bool:
    """A class the learner wrote: its repr may do anything, so it is not asked."""
    return type(value).__module__.startswith("kata_")


def _kind(value: Any) -> str:
    if isinstance(value, np.ndarray) and type(value) is np.ndarray:
        return f"a numpy array of {value.dtype} {value.shape}"
    if _is_tensor(value):
        return f"a torch tensor of {str(value.dtype).removeprefix('torch.')} {tuple(value.shape)}"
    if value is None:
        return "None: is a `return` missing?"
    article = "an" if type(value).__name__[0] in "aeiouAEIOU" else "a"
    return f"{article} {type(value).__name__}"


# --- leaves ----------------------------------------------------------------------------------------------------


def _is_tensor(value: Any) -> bool:
    """Whether this is a plain torch.Tensor, asked without importing torch."""
    return type(value).__module__ == "torch" and type(value).__name__ == "Tensor"


def _numpy(value: Any) -> Any:
    return value.detach().cpu().numpy() if _is_tensor(value) else np.asarray(value)


def _is_float(leaf: Any) -> bool:
    if _is_tensor(leaf):
        return bool(leaf.is_floating_point() or leaf.is_complex())
    return not isinstance(leaf, bool) and np.asarray(leaf).dtype.kind in "fc"


def _size(leaf: Any) -> Any:
    return np.nan_to_num(np.abs(_numpy(leaf)).astype(np.float64), nan=0.0, posinf=0.0)


def _unit(leaf: Any) -> float:
    kind = _numpy(leaf).dtype if _is_float(leaf) else np.dtype(np.float64)
    return float(np.finfo(kind).eps)


def _per_leaf(value: Any, function: Callable[[Any], Any]) -> Any:
    return _zip_leaves(function, value)


def _zip_leaves(function: Callable[..., Any], value: Any, *others: Any) -> Any:
    """`function` on the leaves of equal nests of tuples and lists; leaves that hold no number give 0."""
    if type(value) in (tuple, list):
        return type(value)(_zip_leaves(function, *parts) for parts in zip(value, *others, strict=True))
    if value is None or isinstance(value, str):
        return value
    return function(value, *others)
