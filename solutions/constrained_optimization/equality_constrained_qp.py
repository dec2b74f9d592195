"""Equality-constrained quadratic programs: the KKT system, and multipliers as prices.

    minimise  f(x) = 1/2 xᵀP x + qᵀx    subject to  A x = b

has n unknowns and m constraints, the rows of A. At a minimum no feasible direction goes downhill: every d
with A d = 0 has ∇f(x)ᵀd = 0, so that ∇f(x) is a combination of the rows of A. The coefficients are the
Lagrange multipliers nu:

    ∇f(x) + Aᵀnu = 0     stationarity: the gradient of the Lagrangian f(x) + nuᵀ(A x - b)
    A x = b              feasibility

These are n + m linear equations in (x, nu), the KKT system. Its solution is the minimum only if f curves
upwards along every direction that the constraints leave free: dᵀP d > 0 for all d ≠ 0 with A d = 0. P itself
need not be positive definite, nor invertible. Without that, f on A x = b has no minimum, or many.

The multipliers are prices. If p*(b) is the minimum as a function of the right-hand side, then dp*/db = -nu
in the sign convention above: what one more unit of b_i costs.

P is (n, n) and need not be symmetric: f is defined all the same. q is (n,), A is (m, n), b is (m,), all
float64, with n >= 1 and m >= 0: without constraints A has shape (0, n), b and nu have shape (0,). With m = n
nothing is left free, and any P will do, even 0.

Rules: `np.linalg.solve` and factorizations are allowed; no scipy.optimize, no cvxpy, no inverse,
pseudo-inverse or lstsq. Inputs are read-only; results are new arrays.

Source: Nocedal & Wright, Numerical Optimization, 2nd ed., sec. 16.1 (example 16.2); Boyd & Vandenberghe,
Convex Optimization, sec. 10.1.1 (the KKT system) and 5.6 (sensitivity).
"""

import numpy as np


def solve_kkt(P: np.ndarray, q: np.ndarray, A: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The minimiser x and the multipliers nu of 1/2 xᵀP x + qᵀx subject to A x = b.

    Returns (x, nu) of shapes (n,) and (m,), with ∇f(x) + Aᵀnu = 0 and A x = b.

    Raises ValueError where there is no unique answer, even if the equations happen to be consistent:
    - the rows of A are linearly dependent (a redundant or contradictory constraint), up to rounding as
      `np.linalg.matrix_rank` takes it: nu is not unique;
    - dᵀP d <= 0 for some d ≠ 0 with A d = 0: f has no minimum, or many.
    That all numbers are small (P = 1e-9 times the identity, say) is no reason to raise.

    Minimise (x² + y²)/2 on x + y = 2; from the gradient (1, 1) + (1, 1) nu = 0 follows nu = -1:

    >>> solve_kkt(np.eye(2), np.zeros(2), np.array([[1.0, 1.0]]), np.array([2.0]))
    (array([1., 1.]), array([-1.]))
    """
    m, n = A.shape
    H = (P + P.T) / 2  # xᵀP x = xᵀPᵀx: f sees the symmetric part only, and so does its gradient H x + q
    if np.linalg.matrix_rank(A) < m:
        raise ValueError("the constraints are linearly dependent")
    # the first m columns of Q span the rows of A, the others what the constraints leave free
    Z = np.linalg.qr(A.T, mode="complete")[0][:, m:]  # (n, n - m)
    reduced = Z.T @ H @ Z  # (n - m, n - m): f along Z z is 1/2 zᵀ(reduced) z + ...
    if np.linalg.matrix_rank(reduced) < n - m or np.any(np.linalg.eigvalsh(reduced) < 0):
        raise ValueError("P is not positive definite on the null space of A")
    K = np.block([[H, A.T], [A, np.zeros((m, m))]])  # (n + m, n + m): symmetric, never positive definite
    solution = np.linalg.solve(K, np.concatenate([-q, b]))
    return solution[:n], solution[n:]


def kkt_residuals(
    P: np.ndarray, q: np.ndarray, A: np.ndarray, b: np.ndarray, x: np.ndarray, nu: np.ndarray
) -> tuple[float, float]:
    """How far (x, nu) is from the KKT conditions: (max |∇f(x) + Aᵀnu|, max |A x - b|).

    Any x of shape (n,) and nu of shape (m,) may be asked about. Both are floats: max norms, the largest
    absolute value of an entry; without constraints the second is 0.

    >>> A, b = np.array([[1.0, 1.0]]), np.array([2.0])
    >>> kkt_residuals(np.eye(2), np.zeros(2), A, b, np.array([3.0, 1.0]), np.zeros(1))
    (3.0, 2.0)
    """
    stationarity = (P @ x + P.T @ x) / 2 + q + A.T @ nu  # (n,)
    feasibility = A @ x - b  # (m,)
    return float(np.abs(stationarity).max()), float(np.abs(feasibility).max(initial=0.0))


def sensitivity(nu: np.ndarray) -> np.ndarray:
    """dp*/db of shape (m,), from the multipliers nu: how fast the minimum changes with each right-hand side.

    Above, p*(b) = b²/4, so one more unit of b costs b/2 = 1 at b = 2:

    >>> sensitivity(np.array([-1.0]))
    array([1.])
    """
    return -nu
