"""Fixed points and their stability, of flows and of maps.

A flow x' = f(x) rests where f(x*) = 0, and a map x_{t+1} = g(x_t) where g(x*) = x*. Near the point all that counts
is the Jacobian J there, by Hartman and Grobman's theorem, as long as no eigenvalue lies on the border:

    flow    δx' = J δx               stable iff Re λ < 0    for every eigenvalue λ of J
    map     δx_{t+1} = J δx_t        stable iff |λ| < 1     for every eigenvalue λ of J

For a flow in the plane, trace τ = λ1 + λ2 and determinant Δ = λ1 λ2 tell everything, as λ = (τ ± √(τ² - 4Δ)) / 2.

Attractors of a recurrent network, equilibria of a two-player game, and the largest learning rate gradient descent
bears (the map θ - lr ∇L has the Jacobian I - lr H) are all read off in this way.

Rules: no scipy.optimize, no sympy. Inputs are read-only; results are new arrays.

Source: Strogatz, Nonlinear Dynamics and Chaos, 2nd ed., ch. 5-6 and sec. 10.1.
"""

from collections.abc import Callable
from typing import Literal

import numpy as np

Kind = Literal["stable node", "unstable node", "stable spiral", "unstable spiral", "saddle", "center", "degenerate"]


def find_fixed_point(
    f: Callable[[np.ndarray], np.ndarray], x0: np.ndarray, tol: float = 1e-12, max_iter: int = 100
) -> np.ndarray:
    """A fixed point of the flow x' = f(x), that is a root of f, by Newton's method from x0.

    x0: (n,) float64; f takes and gives such arrays. A step solves J dx = -f(x), where J comes from central
    differences of f, with a step in x_j that goes with max(1, |x_j|). Returns x of shape (n,) with
    max_i |f_i(x)| <= tol; an x0 that fulfils this is returned as it is (a copy).

    RuntimeError where no such point is found: not within max_iter steps, or f or x is no longer finite, or J is
    singular and has no step to offer. Never is a point returned that is no fixed point.

    >>> find_fixed_point(lambda x: x**2 - 4, np.array([3.0])).round(9)
    array([2.])
    """
    x = np.array(x0)
    for _ in range(max_iter + 1):
        value = f(x)
        if np.abs(value).max() <= tol:  # false for NaN
            return x
        try:
            x = x - np.linalg.solve(_jacobian(f, x), value)
        except np.linalg.LinAlgError:
            raise RuntimeError(f"the Jacobian is singular at {x}") from None
    raise RuntimeError(f"no fixed point after {max_iter} steps")


def classify_flow(J: np.ndarray, tol: float = 1e-9) -> Kind:
    """What the origin of δx' = J δx is; J is (2, 2).

    With τ = J_11 + J_22, Δ = J_11 J_22 - J_12 J_21, D = τ² - 4Δ, s the largest |J_ij|, the first line that holds
    decides:

        |Δ| <= tol s²                 degenerate: an eigenvalue is zero (J = 0 included)
        Δ < 0                         saddle
        |τ| <= tol s                  center
        |D| <= tol s²                 degenerate: a repeated eigenvalue (a star or a degenerate node)
        D < 0, and τ < 0 or τ > 0     stable spiral or unstable spiral
        D > 0, and τ < 0 or τ > 0     stable node or unstable node

    So J and c J, c > 0, are of the same kind.

    >>> classify_flow(np.array([[0.0, 1.0], [-1.0, -0.5]]))  # an oscillator with friction
    'stable spiral'
    """
    trace = J[0, 0] + J[1, 1]
    det = J[0, 0] * J[1, 1] - J[0, 1] * J[1, 0]
    discriminant = trace**2 - 4 * det
    size = np.abs(J).max()
    if abs(det) <= tol * size**2:
        return "degenerate"
    if det < 0:  # before the discriminant, which is positive then: real eigenvalues of either sign
        return "saddle"
    if abs(trace) <= tol * size:
        return "center"
    if abs(discriminant) <= tol * size**2:
        return "degenerate"
    if discriminant < 0:
        return "stable spiral" if trace < 0 else "unstable spiral"
    return "stable node" if trace < 0 else "unstable node"


def is_stable_map(J: np.ndarray) -> bool:
    """Whether every eigenvalue of J, of shape (n, n) with n >= 1, has |λ| < 1: δx_{t+1} = J δx_t dies out.

    |λ| = 1 is not stable.

    >>> is_stable_map(np.array([[-0.5]])), is_stable_map(np.array([[-1.5]]))
    (True, False)
    """
    return bool(np.abs(np.linalg.eigvals(J)).max() < 1)


def _jacobian(f: Callable[[np.ndarray], np.ndarray], x: np.ndarray) -> np.ndarray:
    """J[i, j] = ∂f_i/∂x_j by central differences."""
    columns = []
    for j in range(len(x)):
        h = 6e-6 * max(1.0, abs(x[j]))  # the cube root of eps
        step = np.zeros(len(x))
        step[j] = h
        columns.append((f(x + step) - f(x - step)) / (2 * h))
    return np.stack(columns, axis=1)  # (n, n)
