"""Oracle for nash_equilibrium: the definitions as loops, and equilibria as vertices of two polytopes.

With positive payoffs, let P = {u >= 0: Bᵀu <= 1} and Q = {v >= 0: A v <= 1}. Each inequality that holds with
equality is a label: "row i is not played" or "row i is a best response", and so for columns. A pair of
vertices that has every label is an equilibrium once both are normalised, and every equilibrium of a
nondegenerate game is such a pair (Mangasarian 1964). No support is guessed, no indifference solved for.

The values of zero-sum games are frozen from scipy's linear programs by nash_equilibrium_golden.py.
"""

from itertools import combinations

import numpy as np

SLACK = 1e-9  # payoffs are brought to [1, 2] first: what differs by less counts as equal


def best_gains(A, B, x, y):
    """What each player gains by the best pure strategy, (row player, column player)."""
    m, n = A.shape
    expected_a = sum(x[i] * A[i, j] * y[j] for i in range(m) for j in range(n))
    expected_b = sum(x[i] * B[i, j] * y[j] for i in range(m) for j in range(n))
    rows = [sum(A[i, j] * y[j] for j in range(n)) - expected_a for i in range(m)]
    columns = [sum(x[i] * B[i, j] for i in range(m)) - expected_b for j in range(n)]
    return max(rows), max(columns)


def is_nash(A, B, x, y, tol=1e-9):
    return max(best_gains(A, B, x, y)) <= tol


def exploitability(A, x, y):
    """The gains of both players in the game (A, -A)."""
    return float(sum(best_gains(A, -A, x, y)))


def equilibria(A, B):
    """All pairs of vertices of P and Q that have every label between them, in no particular order."""
    m, n = A.shape
    A, B = _positive(A), _positive(B)
    # each row of G z <= h is one inequality; in P and in Q the i-th one is about the same strategy
    P = _vertices(np.vstack([-np.eye(m), B.T]), np.append(np.zeros(m), np.ones(n)))
    Q = _vertices(np.vstack([A, -np.eye(n)]), np.append(np.ones(m), np.zeros(n)))
    return [
        (u / u.sum(), v / v.sum())
        for u, tight_u in P
        for v, tight_v in Q
        if (tight_u | tight_v).all() and u.any() and v.any()
    ]


def _positive(payoffs):
    """A positive multiple plus a constant: the same best responses."""
    spread = payoffs.max() - payoffs.min()
    return 1.0 + (payoffs - payoffs.min()) / (spread if spread > 0 else 1.0)


def _vertices(G, h):
    """The vertices z of {G z <= h}, each with the mask of the inequalities that are tight there."""
    found = []
    for tight in combinations(range(len(h)), G.shape[1]):
        try:
            z = np.linalg.solve(G[list(tight)], h[list(tight)])
        except np.linalg.LinAlgError:
            continue
        slack = h - G @ z
        if (slack >= -SLACK).all():
            z[np.abs(z) < SLACK] = 0.0
            found.append((z, slack <= SLACK))
    return found


def linear_program(A):
    """The value of the zero-sum game A: maximise v subject to xᵀA >= v, by scipy."""
    from scipy.optimize import linprog

    m, n = A.shape
    result = linprog(
        np.append(np.zeros(m), -1.0),
        A_ub=np.hstack([-A.T, np.ones((n, 1))]),
        b_ub=np.zeros(n),
        A_eq=np.append(np.ones(m), 0.0)[None],
        b_eq=[1.0],
        bounds=[(0, None)] * m + [(None, None)],
    )
    return float(-result.fun)
