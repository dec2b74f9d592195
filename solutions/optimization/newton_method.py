"""Newton's method, made safe: a descent direction from any Hessian, and a line search.

Near x, f is about its quadratic model f(x) + gᵀp + 1/2 pᵀH p, with the gradient g and the Hessian H.
Where H is positive definite the model is least at

    p = -H⁻¹g        found by solving H p = -g, never by an inverse

and near a minimum with a positive definite Hessian each step squares the error,
‖x_k+1 - x*‖ <= C ‖x_k - x*‖²: the number of right digits doubles. Far from it two things go wrong.

- H may have negative eigenvalues. Then the model has no minimum, and -H⁻¹g leads to a saddle or a maximum.
  So H is replaced by a symmetric B with eigenvalues of at least min_eig > 0, and p = -B⁻¹g goes downhill:
  gᵀp < 0. The usual ways: a shift B = H + τI, or the same eigenvectors with max(|λ|, min_eig) in place of
  each eigenvalue λ.
- The step may be too long even where H is positive definite. On √(1 + x²) it leads from x to -x³, ever
  farther away if |x| > 1. So it is shortened until f has fallen enough, as in gradient descent.

Where the minimum is degenerate, H singular there, the digits no longer double: on x⁴ each step leads from
x to 2x/3.

All vectors are float64 of shape (n,), n >= 1; H is (n, n), float64 and symmetric. f takes such a vector
and returns a float; grad and hess return new arrays. Norms are 2-norms.

Rules: no scipy.optimize, no torch, no inverse or pseudo-inverse; solvers, factorizations and eigenvalues
are allowed. Inputs are read-only; results are new arrays.

Source: Nocedal & Wright, Numerical Optimization, 2nd ed., sec. 3.3-3.4; Boyd & Vandenberghe, Convex
Optimization, sec. 9.5.
"""

from collections.abc import Callable

import numpy as np

Scalar = Callable[[np.ndarray], float]
Vector = Callable[[np.ndarray], np.ndarray]
Matrix = Callable[[np.ndarray], np.ndarray]

ROUNDING = 10 * np.finfo(np.float64).eps


def newton_step(g: np.ndarray, H: np.ndarray, min_eig: float = 1e-8) -> np.ndarray:
    """The step p = -B⁻¹g, shape (n,), for a positive definite B made from H.

    - If no eigenvalue of H is below min_eig > 0, B is H itself: p is the Newton step, with nothing added to H.
    - Else B is symmetric with all eigenvalues between min_eig and 4 (‖H‖ + min_eig), where ‖H‖ is the largest
      |λ| of H. Which B is yours to choose; both of the above will do. H may be 0.

    p solves B p = -g to rounding also where B is ill-conditioned, and p = 0 where g = 0.

    >>> newton_step(np.array([2.0, 8.0]), np.diag([2.0, 4.0]))
    array([-1., -2.])
    >>> bool(newton_step(np.array([3.0]), np.array([[-1.0]]))[0] < 0)  # f curves down: p goes down all the same
    True
    """
    lam, Q = np.linalg.eigh(H)
    return -Q @ ((Q.T @ g) / np.maximum(np.abs(lam), min_eig))  # B = Q max(|Λ|, min_eig) Qᵀ


def newton(
    f: Scalar, grad: Vector, hess: Matrix, x0: np.ndarray, tol: float = 1e-10, max_iter: int = 200
) -> tuple[np.ndarray, list[float]]:
    """Newton's method from x0, each step p being `newton_step` with its default min_eig, shortened by α.

    α is the first of 1, 1/2, 1/4, ... with

        f(x + α p) <= f(x) + 1e-4 α gᵀp + 10 ε |f(x)|            ε = 2.2e-16, the rounding unit of float64

    The last term is what rounding may do to f. Without it the last steps, which gain less than that,
    would be refused or not by accident. f may be nan or inf away from x0: such an α is refused.

    Stops at the first x with ‖grad(x)‖ <= tol, be it x0, and in any case after max_iter steps: it then
    returns what it has. At a saddle or a maximum the gradient is 0 as well: started just there, it stays.

    Returns the last x, shape (n,), and the list of ‖grad(x)‖ at every x visited, the first and the last
    included: one more than steps.

    >>> newton(lambda x: float((x[0] - 2) ** 2), lambda x: 2 * (x - 2), lambda x: np.diag([2.0]), np.array([10.0]))
    (array([2.]), [16.0, 0.0])
    """
    x, g = x0.copy(), grad(x0)
    norms = [float(np.linalg.norm(g))]
    while norms[-1] > tol and len(norms) <= max_iter:
        p = newton_step(g, hess(x))
        x = x + _step_length(f, x, p, g @ p) * p
        g = grad(x)
        norms.append(float(np.linalg.norm(g)))
    return x, norms


def _step_length(f: Scalar, x: np.ndarray, p: np.ndarray, slope: float) -> float:
    start, alpha = f(x), 1.0
    while not f(x + alpha * p) <= start + 1e-4 * alpha * slope + ROUNDING * abs(start):  # nan is below nothing
        alpha /= 2
    return alpha
