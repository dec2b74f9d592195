"""Oracle for bilinear_game_dynamics: each method as one matrix on w = (x, y), raised to powers.

With M w = F(w), a step is w ← P w, and P is written down from M for each method. Radii are those of the same
matrices, by numpy's eigenvalues.
"""

import numpy as np


def simultaneous_gda(A, x, y, lr, steps):
    return _powers(_step_matrix(A, lr, "simultaneous"), x, y, steps)


def alternating_gda(A, x, y, lr, steps):
    return _powers(_step_matrix(A, lr, "alternating"), x, y, steps)


def extragradient(A, x, y, lr, steps):
    return _powers(_step_matrix(A, lr, "extragradient"), x, y, steps)


def iteration_radius(sigma, lr, method):
    P = _step_matrix(np.array([[sigma]]), lr, method)
    return float(np.abs(np.linalg.eigvals(P)).max())


def _step_matrix(A, lr, method):
    """P with w_{t+1} = P w_t; for the optimistic method on (w_t, w_{t-1})."""
    n, m = A.shape
    one = np.eye(n + m)
    M = np.block([[np.zeros((n, n)), A], [-A.T, np.zeros((m, m))]])
    if method == "simultaneous":
        return one - lr * M
    if method == "extragradient":
        return one - lr * M + lr**2 * M @ M
    if method == "optimistic":
        return np.block([[one - 2 * lr * M, lr * M], [one, np.zeros_like(one)]])
    x_moves, y_moves = one - lr * M, one - lr * M
    x_moves[n:], y_moves[:n] = one[n:], one[:n]
    return y_moves @ x_moves


def _powers(P, x, y, steps):
    w = np.concatenate([x, y])
    path = np.array([np.linalg.matrix_power(P, t) @ w for t in range(steps + 1)])
    return np.ascontiguousarray(path[:, : len(x)]), np.ascontiguousarray(path[:, len(x) :])
