"""Oracle for lqr_riccati: no recursion.

A finite horizon is one quadratic problem in all its inputs at once: x_1, ..., x_N are linear in x_0 and u_0,
..., u_{N-1}, and the best inputs solve one linear system. The algebraic equation is left to scipy, which
takes it from an invariant subspace. The cost of a gain is that of the powers of A - B K.
"""

import numpy as np
from scipy.linalg import block_diag, solve_discrete_are


def best_inputs(A, B, Q, R, Qf, N):
    """(U, P): the best inputs u_0, ..., u_{N-1}, stacked, are U x_0, and their cost is x_0ᵀ P x_0."""
    n, m = B.shape
    powers = [np.linalg.matrix_power(A, t) for t in range(N + 1)]
    from_x0 = np.vstack(powers)  # x_0, ..., x_N
    from_u = np.zeros((n * (N + 1), m * N))
    for t in range(1, N + 1):
        for s in range(t):
            from_u[n * t : n * (t + 1), m * s : m * (s + 1)] = powers[t - 1 - s] @ B
    weight_x, weight_u = block_diag(*[Q] * N, Qf), block_diag(*[R] * N)
    U = -np.linalg.solve(weight_u + from_u.T @ weight_x @ from_u, from_u.T @ weight_x @ from_x0)
    X = from_x0 + from_u @ U
    return U, X.T @ weight_x @ X + U.T @ weight_u @ U


def finite_horizon_lqr(A, B, Q, R, Qf, N):
    """The gain at time t is that of the first input of the problem that begins there."""
    m = B.shape[1]
    gains = [-best_inputs(A, B, Q, R, Qf, N - t)[0][:m] for t in range(N)]
    return gains, best_inputs(A, B, Q, R, Qf, N)[1] if N else Qf.copy()


def dare(A, B, Q, R):
    P = solve_discrete_are(A, B, Q, R)
    return P, np.linalg.inv(R + B.T @ P @ B) @ (B.T @ P @ A)


def simulate_cost(A, B, Q, R, K, x0, N):
    closed = A - B @ K
    states = [np.linalg.matrix_power(closed, t) @ x0 for t in range(N)]
    return float(sum(x @ (Q + K.T @ R @ K) @ x for x in states))
