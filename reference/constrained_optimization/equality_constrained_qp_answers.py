"""Known answers for equality_constrained_qp."""

import numpy as np
import scipy.linalg

from dojo.answers import accepted, equivalent, rejected


@accepted("the null-space method by QR: eliminate, minimise what is left free, take nu from the gradient")
def solve_kkt(P, q, A, b):
    m, n = A.shape
    Q, R = np.linalg.qr(A.T, mode="complete")
    R = R[:m]
    if m > n or (m and np.abs(np.diag(R)).min() <= 10 * n * 2.2e-16 * np.abs(A).max()):
        raise ValueError("A is not of full rank")
    Y, Z = Q[:, :m], Q[:, m:]
    H = (P + P.T) / 2
    y = np.linalg.solve(R.T, b)
    L = np.linalg.cholesky(Z.T @ H @ Z)
    z = np.linalg.solve(L.T, np.linalg.solve(L, -Z.T @ (q + H @ (Y @ y))))
    x = Y @ y + Z @ z
    return x, np.linalg.solve(R, -Y.T @ (H @ x + q))


@accepted("an augmented P + rho AᵀA has the same minimum, and is positive definite: then eliminate x")
def solve_kkt(P, q, A, b):
    m, n = A.shape
    H = (P + P.T) / 2
    if np.linalg.matrix_rank(A) < m:
        raise ValueError("dependent rows")
    if m:  # the least rho that is safe: Schur complement of the null space
        Q, _ = np.linalg.qr(A.T, mode="complete")
        Y, Z = Q[:, :m], Q[:, m:]
        if m < n and np.linalg.eigvalsh(Z.T @ H @ Z)[0] <= 1e-14 * np.abs(H).max():
            raise ValueError("a saddle")
        least = np.linalg.eigvalsh(Y.T @ H @ Y - (Y.T @ H @ Z) @ np.linalg.solve(Z.T @ H @ Z, Z.T @ H @ Y))[0]
        rho = ((max(0.0, -least) + np.abs(H).max()) or 1.0) / np.linalg.svd(A, compute_uv=False)[-1] ** 2
        H, q = H + rho * A.T @ A, q - rho * A.T @ b
    L = np.linalg.cholesky(H)
    W, v = np.linalg.solve(L, A.T), np.linalg.solve(L, q)
    nu = np.linalg.solve(W.T @ W, -(b + W.T @ v))
    return np.linalg.solve(L.T, -(v + W @ nu)), nu


@accepted("the inertia of the KKT matrix tells all: n positive and m negative eigenvalues, else no minimum")
def solve_kkt(P, q, A, b):
    m, n = A.shape
    K = np.zeros((n + m, n + m))
    K[:n, :n], K[:n, n:], K[n:, :n] = (P + P.T) / 2, A.T, A
    values, V = np.linalg.eigh(K)
    tiny = 1e-14 * np.abs(values).max()
    if np.sum(values > tiny) != n or np.sum(values < -tiny) != m:
        raise ValueError("no unique minimum")
    solution = V @ ((V.T @ np.append(-q, b)) / values)
    return solution[:n].copy(), solution[n:].copy()


@rejected("nu has the other sign: this is lambda of ∇f = Aᵀlambda; here ∇f + Aᵀnu = 0")
def solve_kkt(P, q, A, b):
    m, n = A.shape
    H = (P + P.T) / 2
    _refuse(H, A)
    K = np.block([[H, -A.T], [A, np.zeros((m, m))]])
    solution = np.linalg.solve(K, np.concatenate([-q, b]))
    return solution[:n], solution[n:]


@rejected("x is eliminated by solving with P: P may be singular, the constraints hold what it leaves flat")
def solve_kkt(P, q, A, b):
    m, n = A.shape
    H = (P + P.T) / 2
    _refuse(H, A)
    nu = np.linalg.solve(A @ np.linalg.solve(H, A.T), -(b + A @ np.linalg.solve(H, q)))
    return np.linalg.solve(H, -q - A.T @ nu), nu


@rejected("P is asked to be positive definite: it need be so only where A d = 0")
def solve_kkt(P, q, A, b):
    m, n = A.shape
    H = (P + P.T) / 2
    _refuse(H, A)
    np.linalg.cholesky(H)
    solution = np.linalg.solve(np.block([[H, A.T], [A, np.zeros((m, m))]]), np.concatenate([-q, b]))
    return solution[:n], solution[n:]


@rejected("the gradient's side of the system has A where Aᵀ belongs: it only runs where A is square")
def solve_kkt(P, q, A, b):
    m, n = A.shape
    H = (P + P.T) / 2
    _refuse(H, A)
    right = A if m == n else A.T
    solution = np.linalg.solve(np.block([[H, right], [A, np.zeros((m, m))]]), np.concatenate([-q, b]))
    return solution[:n], solution[n:]


@rejected("P is used as it is: the gradient of 1/2 xᵀP x is (P + Pᵀ) x / 2")
class not_symmetrised:
    def solve_kkt(P, q, A, b):
        m, n = A.shape
        _refuse((P + P.T) / 2, A)
        solution = np.linalg.solve(np.block([[P, A.T], [A, np.zeros((m, m))]]), np.concatenate([-q, b]))
        return solution[:n], solution[n:]

    def kkt_residuals(P, q, A, b, x, nu):
        return float(np.abs(P @ x + q + A.T @ nu).max()), float(np.abs(A @ x - b).max(initial=0.0))


@rejected("the residual takes P as it is: the gradient of 1/2 xᵀP x is (P + Pᵀ) x / 2")
def kkt_residuals(P, q, A, b, x, nu):
    return float(np.abs(P @ x + q + A.T @ nu).max()), float(np.abs(A @ x - b).max(initial=0.0))


@rejected("P + Pᵀ without the half: that is the gradient of xᵀP x")
def solve_kkt(P, q, A, b):
    m, n = A.shape
    H = P + P.T
    _refuse(H, A)
    solution = np.linalg.solve(np.block([[H, A.T], [A, np.zeros((m, m))]]), np.concatenate([-q, b]))
    return solution[:n], solution[n:]


@rejected("q stands on the right-hand side with its own sign: the first row reads P x + Aᵀnu = -q")
def solve_kkt(P, q, A, b):
    m, n = A.shape
    H = (P + P.T) / 2
    _refuse(H, A)
    solution = np.linalg.solve(np.block([[H, A.T], [A, np.zeros((m, m))]]), np.concatenate([q, b]))
    return solution[:n], solution[n:]


@rejected("dependent constraints are let through: elimination meets 1e-17 where a pivot is 0, and nu is noise")
def solve_kkt(P, q, A, b):
    m, n = A.shape
    H = (P + P.T) / 2
    if _saddle(H, A):
        raise ValueError("a saddle")
    solution = np.linalg.solve(np.block([[H, A.T], [A, np.zeros((m, m))]]), np.concatenate([-q, b]))
    return solution[:n], solution[n:]


@rejected("only the equations are solved: a saddle solves them too, check that dᵀP d > 0 where A d = 0")
def solve_kkt(P, q, A, b):
    m, n = A.shape
    K = np.block([[(P + P.T) / 2, A.T], [A, np.zeros((m, m))]])
    if np.linalg.matrix_rank(K) < n + m:
        raise ValueError("singular")
    solution = np.linalg.solve(K, np.concatenate([-q, b]))
    return solution[:n], solution[n:]


@rejected("a determinant tells nothing of singularity: it scales with the size of the numbers")
def solve_kkt(P, q, A, b):
    m, n = A.shape
    H = (P + P.T) / 2
    _refuse(H, A)
    K = np.block([[H, A.T], [A, np.zeros((m, m))]])
    if abs(np.linalg.det(K)) < 1e-12:
        raise ValueError("singular")
    solution = np.linalg.solve(K, np.concatenate([-q, b]))
    return solution[:n], solution[n:]


@rejected("a small ridge keeps the system solvable, and hides constraints that depend on each other")
def solve_kkt(P, q, A, b):
    m, n = A.shape
    H = (P + P.T) / 2
    solution = np.linalg.solve(np.block([[H, A.T], [A, -1e-10 * np.eye(m)]]), np.concatenate([-q, b]))
    return solution[:n], solution[n:]


@rejected("a quadratic penalty instead of constraints: A x misses b by nu / rho, however large rho")
def solve_kkt(P, q, A, b):
    m, n = A.shape
    H = (P + P.T) / 2
    _refuse(H, A)
    rho = 1e8
    x = np.linalg.solve(H + rho * A.T @ A, rho * A.T @ b - q)
    return x, rho * (A @ x - b)


@rejected("a price with the sign of the multiplier: with f + nuᵀ(A x - b), dp*/db = -nu")
def sensitivity(nu):
    return nu.copy()


@rejected("the largest entry without its sign taken off: a residual of -5 is no residual of 2")
def kkt_residuals(P, q, A, b, x, nu):
    gap = A @ x - b
    return float(((P + P.T) @ x / 2 + q + A.T @ nu).max()), float(gap.max(initial=0.0))


@rejected("Euclidean norms: the max norm is asked for")
def kkt_residuals(P, q, A, b, x, nu):
    return float(np.linalg.norm((P + P.T) @ x / 2 + q + A.T @ nu)), float(np.linalg.norm(A @ x - b))


@rejected("the multipliers enter with a minus: stationarity is ∇f(x) + Aᵀnu = 0")
def kkt_residuals(P, q, A, b, x, nu):
    return float(np.abs((P + P.T) @ x / 2 + q - A.T @ nu).max()), float(np.abs(A @ x - b).max(initial=0.0))


def _saddle(H, A):
    Z = scipy.linalg.null_space(A)
    return Z.shape[1] and np.linalg.eigvalsh(Z.T @ H @ Z)[0] <= 1e-14 * np.abs(H).max()


def _refuse(H, A):
    if np.linalg.matrix_rank(A) < len(A) or _saddle(H, A):
        raise ValueError("no unique minimum")


equivalent(
    "if np.linalg.matrix_rank(reduced) < n - m or np.any(np.linalg.eigvalsh(reduced) < 0):",
    "if np.linalg.matrix_rank(reduced) < n - m or np.any(np.linalg.eigvalsh(reduced) <= 0):",
    "an eigenvalue 0 has shown in the rank",
)
