"""Oracle for equality_constrained_qp: the null-space method. No KKT matrix is formed.

Every feasible point is x_0 + Z z, where A x_0 = b and the columns of Z span the null space of A. On these
points f is a function of z without constraints, whose minimum solves (ZᵀHZ) z = -Zᵀ(H x_0 + q). The
multipliers come last, from Aᵀnu = -∇f(x). The bases come from the singular value decomposition of A.
"""

import numpy as np


def solve_kkt(P, q, A, b):
    m = len(b)
    U, s, Vt = np.linalg.svd(A)
    Y, Z = Vt[:m].T, Vt[m:].T
    x0 = Y @ ((U.T @ b) / s)
    z = np.linalg.solve(Z.T @ (P + P.T) @ Z, -Z.T @ (2 * q + (P + P.T) @ x0))
    x = x0 + Z @ z
    gradient = 0.5 * (P + P.T) @ x + q
    return x, -U @ ((Y.T @ gradient) / s)


def kkt_residuals(P, q, A, b, x, nu):
    """The derivatives of the Lagrangian, entry by entry."""
    m, n = A.shape
    by_x = [
        sum((P[i, j] + P[j, i]) / 2 * x[j] for j in range(n)) + q[i] + sum(A[k, i] * nu[k] for k in range(m))
        for i in range(n)
    ]
    by_nu = [sum(A[k, j] * x[j] for j in range(n)) - b[k] for k in range(m)]
    return float(max(map(abs, by_x))), float(max(map(abs, by_nu), default=0.0))


def objective(P, q, x):
    """f(x) = 1/2 xᵀP x + qᵀx."""
    return 0.5 * x @ P @ x + q @ x
