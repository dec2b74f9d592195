"""Oracle for value_iteration: the definitions in loops, and no linear algebra.

A policy's value is found as the limit of V ← r_π + γ P_π V, the optimum as that of V ← max_a Q, each run
until float64 shows no change but rounding.
"""

import math

import numpy as np


def q_values(V, P, R, gamma):
    """Q(s, a) = R[s, a] + γ Σ_s' P[s, a, s'] V(s'), one number at a time."""
    S, A = R.shape
    Q = np.empty((S, A))
    for s in range(S):
        for a in range(A):
            Q[s, a] = R[s, a] + gamma * math.fsum(P[s, a, t] * V[t] for t in range(S))
    return Q


def backed_up(V, P, R, gamma):
    """T V."""
    return np.array([max(row) for row in q_values(V, P, R, gamma)])


def evaluate_policy(pi, P, R, gamma, sweeps=20_000):
    """Iterative policy evaluation from V = 0, on the actions the policy takes."""
    S, A = R.shape
    r, M = np.zeros(S), np.zeros((S, S))
    for s in range(S):
        for a in range(A):
            if pi[s, a]:
                r[s] += pi[s, a] * R[s, a]
                M[s] += pi[s, a] * P[s, a]
    V = np.zeros(S)
    for _ in range(sweeps):
        before, V = V, r + gamma * (M @ V)
        if np.abs(V - before).max() <= 1e-16 * np.abs(V).max():
            break
    return V


def iterates(P, R, gamma, sweeps):
    """V_0, V_1, ..., V_sweeps."""
    V = [np.zeros(len(R))]
    for _ in range(sweeps):
        V.append(np.max(R + gamma * np.einsum("sat,t->sa", P, V[-1]), axis=1))
    return V


def optimal_value(P, R, gamma):
    """V*: as many sweeps as make γ^k vanish beside rounding."""
    return iterates(P, R, gamma, 1 + math.ceil(-20 / math.log10(gamma)) if gamma else 1)[-1]


def matmul_backup(V, P, R, gamma):
    """A dense sweep as BLAS does it in one expression: `P @ V` is a product of (A, S) with (S,) for each state."""
    Q = R + gamma * (P @ V)
    return Q.max(axis=1), Q.argmax(axis=1)


def naive_backup(V, P, R, gamma):
    """What `bellman_backup` is measured against: a loop over states, actions and successors."""
    S, A = R.shape
    best, pi = np.full(S, -np.inf), np.zeros(S, dtype=np.int64)
    for s in range(S):
        for a in range(A):
            q = R[s, a]
            for t in range(S):
                q += gamma * P[s, a, t] * V[t]
            if q > best[s]:
                best[s], pi[s] = q, a
    return best, pi
