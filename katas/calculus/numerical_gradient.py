"""Numerical derivatives, and how they find a wrong gradient.

A gradient worked out by hand is checked by one that needs no calculus:

    central difference   (f(x + h e_i) - f(x - h e_i)) / 2h  =  ∂_i f(x) + O(h²) + O(ε |f| / h)
    complex step         Im f(x + i h e_i) / h               =  ∂_i f(x) + O(h²)

ε = 2.2e-16 is the rounding unit of float64. The difference of two nearly equal numbers keeps few of their
digits: h may not be small, the best is about ε^(1/3), and a third of the digits is lost. The complex step
subtracts nothing, so h may be as small as one likes and every digit is right; but f has to be analytic and to
take complex numbers: with abs, conj or a real part inside f the answer means nothing.

An analytic gradient g(x) of n entries is not checked entry by entry, at 2n values of f, but along a few
random directions v of length 1, at 2 values each:

    d = (f(x + h v) - f(x - h v)) / 2h  ≈  <g(x), v>

A wrong gradient passes only along directions orthogonal to its error, and those are never drawn.

Rules: no scipy, no np.gradient, no automatic differentiation. Random numbers come from the generator handed
over. Inputs are read-only; results are new arrays.

Source: Nocedal & Wright, Numerical Optimization, sec. 8.1; Squire & Trapp, SIAM Review 40 (1998).
"""

from collections.abc import Callable

import numpy as np

STEP = 1e-5
ROUNDING = 10 * np.finfo(np.float64).eps


def central_difference(f: Callable[[np.ndarray], float], x: np.ndarray, h: float = STEP) -> np.ndarray:
    """The gradient of f at x by central differences with the step h, the same h for each coordinate.

    x: (n,) with n >= 1, floats or integers. f takes a float64 array of shape (n,), whatever the dtype of x,
    and returns a float. Returns (n,) float64. Cost: 2n calls of f.

    >>> central_difference(lambda x: x[0] ** 3, np.array([1]), h=0.5)  # 3x² + h²
    array([3.25])
    """
    raise NotImplementedError


def complex_step(f: Callable[[np.ndarray], complex], x: np.ndarray, h: float = 1e-30) -> np.ndarray:
    """The gradient of an analytic f at real x by complex steps of size h.

    x: (n,) with n >= 1, floats or integers. f takes a complex128 array of shape (n,) and returns a complex
    number. Returns (n,) float64. Cost: n calls of f.

    >>> complex_step(lambda z: z[0] ** 2 * z[1], np.array([3.0, 5.0]))
    array([30.,  9.])
    """
    raise NotImplementedError


def gradient_check(
    f: Callable[[np.ndarray], float],
    grad: Callable[[np.ndarray], np.ndarray],
    x: np.ndarray,
    rng: np.random.Generator,
    n_dirs: int = 5,
    tol: float = 1e-6,
) -> bool:
    """Whether grad(x) is the gradient of f at x: whether they agree along n_dirs >= 1 random directions.

    x: (n,) float64 with n >= 1; grad(x) is (n,) float64. Each direction v is a new draw from rng, uniform on
    the unit sphere (a standard normal vector over its length). With g = grad(x), and d as above at h = 1e-5,
    they agree along v if

        |d - <g, v>| <= tol ‖g‖ + 10 ε |f(x + h v)| / h

    The error is relative: f and g may both be scaled by 1e9, or by 1e-9, with the same verdict. The second
    term is what the rounding of f does to d; it alone is left where g = 0 is right. A NaN or an infinity, in
    f or in g, never agrees.

    Cost: 2 n_dirs calls of f (one more is allowed) and one of grad, whatever n. It may stop where one fails.

    >>> gradient_check(lambda x: x @ x, lambda x: 2 * x, np.ones(3), np.random.default_rng(0))
    True
    >>> gradient_check(lambda x: x @ x, lambda x: x, np.ones(3), np.random.default_rng(0))
    False
    """
    raise NotImplementedError
