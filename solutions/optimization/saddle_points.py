"""Saddle points: telling them apart, and getting away from them.

Where ∇f = 0, the signs of the eigenvalues of the Hessian H (its inertia) tell what kind of point it is: a minimum
if all are positive, a maximum if all are negative, a saddle if there are both. If an eigenvalue is 0, H does not
tell: x⁴, -x⁴ and x³ have the same H = 0. Such points are degenerate. The number of negative eigenvalues is the
Morse index: the directions in which a critical point can be left downhill.

Newton's step -H⁻¹g is attracted by saddles as by minima: along an eigenvector with λ < 0 it goes uphill. With

    |H| = Q |Λ| Qᵀ        where H = Q Λ Qᵀ, Q orthogonal, Λ = diag(λ_1, ..., λ_n), |Λ| = diag(|λ_1|, ..., |λ_n|)

the saddle-free step -|H|⁻¹g has the same length along each eigenvector and goes downhill along all of them.

Gradient descent leaves a saddle, too, but slowly: along an eigenvector with λ < 0 the distance x is multiplied by
1 + lr |λ| in each step, so that from |x| = delta it needs

    t = ⌈ log(1/delta) / log(1 + lr |λ|) ⌉

steps to |x| >= 1. From delta = 0, on the stable manifold, it never leaves.

g is (n,), H is (n, n) and symmetric, both float64, n >= 1.

Rules: np.linalg.eigh is allowed, scipy.optimize is not, nor torch. Inputs are read-only; results are new arrays.

Source: Dauphin et al., Identifying and attacking the saddle point problem, NeurIPS 2014; Lee et al., Gradient descent
only converges to minimizers, COLT 2016; Nocedal & Wright, Numerical Optimization, 2nd ed., sec. 2.1.
"""

import math
from typing import Literal

import numpy as np

Kind = Literal["minimum", "maximum", "saddle", "degenerate"]


def classify_critical_point(H: np.ndarray, rtol: float = 1e-8) -> Kind:
    """'minimum', 'maximum', 'saddle' or 'degenerate', from the Hessian at a critical point.

    An eigenvalue counts as 0 if |λ| <= rtol max |λ|, whatever the unit of f: 1e-12 H is of the same kind as H. If any
    eigenvalue counts as 0, the point is degenerate, even if others have both signs: diag(1, -1, 0) is reported as
    degenerate, though certainly no extremum. So is H = 0. 0 <= rtol < 1.

    >>> classify_critical_point(np.array([[0.0, 1.0], [1.0, 0.0]]))  # f = xy
    'saddle'
    """
    signs = set(_signs(H, rtol))
    if 0 in signs:
        return "degenerate"
    if signs == {1}:
        return "minimum"
    return "maximum" if signs == {-1} else "saddle"


def morse_index(H: np.ndarray, rtol: float = 1e-8) -> int:
    """The number of negative eigenvalues of H; those that count as 0, as above, are not negative.

    >>> morse_index(np.diag([3.0, -1.0, 0.0, -2.0]))
    2
    """
    return _signs(H, rtol).count(-1)


def saddle_free_newton_step(g: np.ndarray, H: np.ndarray, damping: float = 0.0) -> np.ndarray:
    """The step p = -(|H| + damping I)⁻¹g, shape (n,), with damping >= 0.

    damping is added to each |λ|, not to λ: to λ it would make things worse where λ < 0. Raises ValueError if
    |H| + damping I is singular, i.e. if damping is 0 and H is singular to rounding: |λ| <= 1e-15 max |λ| for an
    eigenvalue.

    f = (x² - y²)/2 near its saddle: -H⁻¹g = (-1, -0.1) leads right into it, this step away from it along y.

    >>> saddle_free_newton_step(np.array([1.0, -0.1]), np.diag([1.0, -1.0]))
    array([-1. ,  0.1])
    """
    lam, Q = np.linalg.eigh(H)
    size = np.abs(lam)
    if damping == 0 and size.min() <= 1e-15 * size.max():
        raise ValueError("H is singular: some damping is needed")
    return -Q @ ((Q.T @ g) / (size + damping))


def escape_time(lam_neg: float, delta: float, lr: float) -> int:
    """The least t >= 0 with delta (1 + lr |lam_neg|)ᵗ >= 1: how many steps gradient descent spends near the saddle.

    lam_neg < 0 < lr. Where delta >= 1 no step is needed. Raises ValueError unless delta > 0. It may be off by one
    where log(1/delta) / log(1 + lr |lam_neg|) is an integer up to rounding. lr |lam_neg| may be as small as 1e-9,
    where 1 + lr |lam_neg| has lost half of its digits and t is in the billions, too many to count.

    >>> escape_time(-1.0, 1e-8, 0.1)
    194
    """
    return max(0, math.ceil(-math.log(delta) / math.log1p(-lr * lam_neg)))  # log raises ValueError for delta <= 0


def _signs(H: np.ndarray, rtol: float) -> list[float]:
    """-1, 0 or 1 for each eigenvalue."""
    lam = np.linalg.eigvalsh(H)
    counts = np.abs(lam) > rtol * np.abs(lam).max()  # what does not is rounding: an exact 0 is rare
    return [*np.where(counts, np.sign(lam), 0)]
