"""Gradient descent: how far to go, and how fast it gets there.

f: Rⁿ -> R falls fastest along p = -∇f(x). How far to go is another question. A fixed step is simple, and
easily too long. Backtracking tries a long one and shrinks it, α = alpha0, rho alpha0, rho² alpha0, ...,
until f has fallen by at least a small share c1 of what its slope along p promises (Armijo's condition of
sufficient decrease):

    f(x + α p) <= f(x) + c1 α gᵀp            g = ∇f(x), and gᵀp < 0: p is a descent direction

On a quadratic f(x) = 1/2 xᵀA x - bᵀx with A symmetric positive definite, eigenvalues m = λ_1 <= ... <= λ_n = L and
κ = L/m, everything is known. With a fixed step lr the error x - x* is multiplied by I - lr A each time. Hence it
shrinks from every start if and only if lr < 2/L. The best lr is 2/(m + L): the error is multiplied by
(κ - 1)/(κ + 1), or less. The exact line search, which goes to the lowest point along -g, does no better from the
worst start: there each step multiplies f(x) - f(x*) by ((κ - 1)/(κ + 1))². With κ = 100 it falls by 4 %.
Conditioning is what makes gradient descent slow.

All vectors are float64 of shape (n,) with n >= 1. f takes such a vector and returns a float, grad returns
a new (n,) array. Norms are 2-norms.

Rules: no scipy.optimize, no torch. Inputs are read-only; results are new arrays.

Source: Nocedal & Wright, Numerical Optimization, 2nd ed., sec. 3.1 and 3.3; Boyd & Vandenberghe, Convex
Optimization, sec. 9.2-9.3.
"""

from collections.abc import Callable

import numpy as np

Scalar = Callable[[np.ndarray], float]
Vector = Callable[[np.ndarray], np.ndarray]


def backtracking(
    f: Scalar,
    g: np.ndarray,
    x: np.ndarray,
    p: np.ndarray,
    c1: float = 1e-4,
    rho: float = 0.5,
    alpha0: float = 1.0,
) -> float:
    """The first α of alpha0, rho alpha0, rho² alpha0, ... with f(x + α p) <= f(x) + c1 α gᵀp.

    g is the gradient of f at x; p is any descent direction, not only -g. 0 < c1 < 1, 0 < rho < 1, alpha0
    > 0. f(x) is finite, but elsewhere f may be nan or inf (a logarithm beyond its domain): such an α is
    refused.

    Raises ValueError unless gᵀp < 0: uphill, level and nan are no descent. Raises RuntimeError if no step
    helps: if α has become so small that x + α p is x, and none was accepted. Then g is not the gradient
    of f.

    f(x) = x² at 1, where p = -2: α = 1 goes to -1 and wins nothing, α = 1/2 goes to 0.

    >>> backtracking(lambda x: x[0] ** 2, np.array([2.0]), np.array([1.0]), np.array([-2.0]))
    0.5
    """
    slope = g @ p
    if not slope < 0:  # and not `slope >= 0`: nan is no descent either
        raise ValueError("p is no descent direction: gᵀp is not below 0")
    start, alpha = f(x), alpha0
    while not np.array_equal(there := x + alpha * p, x):
        if f(there) <= start + c1 * alpha * slope:  # never true for nan, as `not f(there) > ...` would be
            return alpha
        alpha *= rho
    raise RuntimeError("f does not fall along p: is g its gradient?")


def gradient_descent(
    f: Scalar, grad: Vector, x0: np.ndarray, tol: float = 1e-6, max_iter: int = 100_000
) -> tuple[np.ndarray, list[float]]:
    """Gradient descent from x0: each step goes along -grad(x), as far as `backtracking` says by default.

    Every line search starts from α = 1 anew: f may be flatter here than where the last one was. Stops at
    the first x with ‖grad(x)‖ <= tol, be it x0, and in any case after max_iter steps: it then returns
    what it has. A small step is no reason to stop. A RuntimeError of the line search is passed on.

    Returns the last x, shape (n,), and the list of the values f(x_0), f(x_1), ... at every x visited, the
    first and the last included: one more than steps.

    >>> gradient_descent(lambda x: float(x[0] ** 2), lambda x: 2 * x, np.array([3.0]))
    (array([0.]), [9.0, 0.0])
    """
    x, values = x0.copy(), [f(x0)]
    for _ in range(max_iter):
        g = grad(x)
        if np.linalg.norm(g) <= tol:
            break
        x = x - backtracking(f, g, x, -g) * g
        values.append(f(x))
    return x, values


def exact_step(A: np.ndarray, g: np.ndarray) -> float:
    """The α at which f(x - α g) is least, for a quadratic f with the Hessian A and the gradient g ≠ 0 at x.

    A: (n, n), symmetric positive definite.

    >>> exact_step(np.diag([1.0, 3.0]), np.array([1.0, 1.0]))
    0.5
    """
    return float(g @ g / (g @ A @ g))  # d/dα f(x - α g) = -gᵀ(g - α A g) = 0


def contraction_factor(eigs: np.ndarray, lr: float) -> float:
    """The spectral radius of I - lr A: by how much a fixed step lr shrinks the error, in the worst direction.

    eigs: (n,), the eigenvalues of a symmetric A in any order. Those of a saddle have both signs: then it
    is above 1 for every lr > 0. Below 1 gradient descent converges from every start, above 1 from nearly
    none.

    >>> contraction_factor(np.array([1.0, 3.0]), 0.5)
    0.5
    """
    return float(np.abs(1 - lr * eigs).max())
