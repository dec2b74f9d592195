"""Inputs that catch mistakes: families of values and memory layouts.

More random inputs do not find more wrong programs; inputs of other kinds do.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Generator = np.random.Generator

# name -> values of that kind; each tells the mistake it is there for
VALUES: dict[str, Callable[[Generator, tuple[int, ...]], Any]] = {
    "normal": lambda rng, shape: rng.standard_normal(shape),
    "uniform": lambda rng, shape: rng.uniform(0.0, 1.0, shape),
    "offset": lambda rng, shape: 1e4 + rng.standard_normal(shape),  # cancellation
    "large": lambda rng, shape: 300 * rng.standard_normal(shape),  # overflow of exp
    "small": lambda rng, shape: 1e-6 * rng.standard_normal(shape),  # an epsilon added "for stability" shows
    "mixed": lambda rng, shape: rng.standard_normal(shape) * 10.0 ** rng.integers(-6, 7, shape),
    "constant": lambda rng, shape: np.full(shape, 1.5),
    "zeros": lambda rng, shape: np.zeros(shape),
    "ties": lambda rng, shape: rng.integers(-1, 2, shape).astype(np.float64),
    "levels": lambda rng, shape: (
        rng.standard_normal(shape) + 100 * np.arange(shape[0]).reshape(-1, *[1] * (len(shape) - 1))
    ),
}

# name -> the same numbers, laid out otherwise in memory
LAYOUTS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "contiguous": lambda a: np.ascontiguousarray(a),
    "fortran": lambda a: np.asfortranarray(a),
    "strided": lambda a: np.repeat(a, 2, axis=-1)[..., ::2],  # every second element of a longer array
    "reversed": lambda a: np.ascontiguousarray(a[..., ::-1])[..., ::-1],  # a negative stride
}


def draw(rng: Generator, family: str, *shape: int, dtype: Any = np.float64) -> np.ndarray:
    """An array of the given shape with values of a family, as `dtype`."""
    return np.asarray(VALUES[family](rng, shape), dtype=dtype)


def laid_out(layout: str, value: Any) -> Any:
    """The same value, every array in it (lists and tuples included) in another memory layout."""
    if isinstance(value, np.ndarray) and value.ndim:
        return LAYOUTS[layout](value)
    if type(value) in (list, tuple):
        return type(value)(laid_out(layout, part) for part in value)
    return value
