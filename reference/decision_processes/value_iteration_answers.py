"""Known answers for value_iteration."""

import numpy as np

from dojo.answers import accepted, equivalent, rejected

equivalent(
    "r_pi = (pi * np.where(pi > 0, R, 0.0)).sum(axis=1)",
    "r_pi = (pi * np.where(pi > 0, R, 1.0)).sum(axis=1)",
    "what is put in place of -inf is multiplied by 0",
)
equivalent(
    "system[absorbing, absorbing] = 1.0",
    "system[absorbing, absorbing] = 2.0",
    "2 v = 0 has the same solution",
)
equivalent(
    "if missing <= eps or gamma**n < 2.0**-53:",
    "if missing <= eps or gamma**n <= 2.0**-53:",
    "one sweep more or less beyond rounding",
)
equivalent(
    "if missing <= eps or gamma**n < 2.0**-53:",
    "if missing <= eps or gamma**n < 3.0**-53:",
    "some sweeps more beyond rounding",
)
equivalent(
    "if missing <= eps or gamma**n < 2.0**-53:",
    "if missing <= eps or gamma**n < 2.0**-54:",
    "one sweep more beyond rounding",
)
equivalent(
    "if missing <= eps or gamma**n < 2.0**-53:",
    "if missing <= eps or gamma**n < 2.0**-52:",
    "one sweep less: still at rounding",
)


@accepted("max and argmax apart, absorbing states taken out of the system, and a sweep count known beforehand")
class other:
    def bellman_backup(V, P, R, gamma):
        Q = R + gamma * np.einsum("sat,t->sa", P, V)
        return np.max(Q, axis=1), np.argmax(Q, axis=1)

    def evaluate_policy(pi, P, R, gamma):
        S = len(R)
        pay = R.copy()
        pay[pi == 0] = 0
        r = np.array([pi[s] @ pay[s] for s in range(S)])
        M = np.array([pi[s] @ P[s] for s in range(S)])
        off = M - np.diag(np.diag(M))
        live = (off.sum(axis=1) > 0) | (r != 0)
        v = np.zeros(S)
        v[live] = np.linalg.inv(np.eye(live.sum()) - gamma * M[np.ix_(live, live)]) @ r[live]
        return v

    def value_iteration(P, R, gamma, eps=1e-8):
        if gamma < 0 or gamma >= 1:
            raise ValueError(gamma)
        most = 1 if gamma == 0 else 10 + int(-37 / np.log(gamma))
        V = np.zeros(len(R))
        for n in range(1, most + 1):
            new, pi = bellman_backup(V, P, R, gamma)
            change, V = max(abs(new - V)), new
            if gamma * change <= eps * (1 - gamma):
                break
        return V, bellman_backup(V, P, R, gamma)[1], n


@accepted("values as limits instead of solutions, ties to the last action, a stop when the steps no longer shrink")
class limits:
    def bellman_backup(V, P, R, gamma):
        Q = gamma * np.tensordot(P, V, axes=1) + R
        last = R.shape[1] - 1 - Q[:, ::-1].argmax(axis=1)
        return np.take_along_axis(Q, last[:, None], axis=1)[:, 0], last

    def evaluate_policy(pi, P, R, gamma):
        r = np.nansum(np.where(pi == 0, np.nan, pi * np.where(pi == 0, 0, R)), axis=1)
        M = (pi[:, :, None] * P).sum(axis=1)
        v, before, sweeps = r.copy(), np.inf, 0
        while np.abs(v - before).max() > 1e-14 * np.abs(v).max() and sweeps < 20_000:
            v, before, sweeps = r + gamma * (M @ v), v, sweeps + 1
        if sweeps < 20_000:
            return v
        absorbing = (M.diagonal() == 1) & (r == 0)
        A = np.eye(len(r)) - gamma * M
        A[absorbing] = np.eye(len(r))[absorbing]
        return np.linalg.solve(A, r)

    def value_iteration(P, R, gamma, eps=1e-8):
        if not (0 <= gamma < 1):
            raise ValueError("gamma")
        V, n, least, patience = np.zeros(R.shape[0]), 0, np.inf, 0
        while True:
            new, pi = bellman_backup(V, P, R, gamma)
            step = np.linalg.norm(new - V, np.inf)
            V, n = new, n + 1
            patience = 0 if step < least else patience + 1
            least = min(least, step)
            if gamma * step / (1 - gamma) <= eps or patience > 100:
                return V, pi, n


@accepted("action by action: the running maximum over the matrices P[:, a]")
def bellman_backup(V, P, R, gamma):
    best, pi = np.full(len(R), -np.inf), np.zeros(len(R), dtype=np.int64)
    for a in range(R.shape[1]):
        q = R[:, a] + gamma * (P[:, a] @ V)
        pi[q > best] = a
        best = np.maximum(best, q)
    return best, pi


@rejected("states are backed up from values of this same sweep: T V is built from the old V alone")
def bellman_backup(V, P, R, gamma):
    V, pi = V.copy(), np.zeros(len(R), dtype=np.int64)
    for s in range(len(R)):
        q = R[s] + gamma * (P[s] @ V)
        V[s], pi[s] = q.max(), q.argmax()
    return V, pi


@rejected("a Python loop over the states: P V is one product for all of them")
def bellman_backup(V, P, R, gamma):
    Q = np.array([R[s] + gamma * (P[s] @ V) for s in range(len(R))])
    return Q.max(axis=1), Q.argmax(axis=1)


@rejected("P is used backwards: the successor s' is the last index of P[s, a, s']")
def bellman_backup(V, P, R, gamma):
    Q = R + gamma * np.einsum("tas,t->sa", P, V)
    return Q.max(axis=1), Q.argmax(axis=1)


@rejected("the reward is discounted as well: it is paid now, only V(s') is a step away")
def bellman_backup(V, P, R, gamma):
    Q = gamma * (R + P @ V)
    return Q.max(axis=1), Q.argmax(axis=1)


@rejected("the future is not discounted: γ P V, not P V")
def bellman_backup(V, P, R, gamma):
    Q = R + P @ V
    return Q.max(axis=1), Q.argmax(axis=1)


@rejected("an average over the actions is the value of playing at random: the optimum takes the largest")
def bellman_backup(V, P, R, gamma):
    Q = R + gamma * (P @ V)
    return np.where(np.isfinite(Q), Q, 0).sum(axis=1) / np.isfinite(Q).sum(axis=1), Q.argmax(axis=1)


@rejected("an action that is not available became one that pays 0: -inf has to stay, and is never the maximum")
def bellman_backup(V, P, R, gamma):
    Q = np.where(np.isfinite(R), R, 0.0) + gamma * (P @ V)
    return Q.max(axis=1), Q.argmax(axis=1)


@rejected("0 · -inf is NaN: leave actions of probability 0 out of the sum")
def evaluate_policy(pi, P, R, gamma):
    M, r = np.einsum("sa,sat->st", pi, P), (pi * R).sum(axis=1)
    absorbing = (M.diagonal() == 1) & (r == 0)
    return np.linalg.solve(np.where(absorbing[:, None], np.eye(len(r)), np.eye(len(r)) - gamma * M), r)


@rejected("at γ = 1 the rows of absorbing states read 0 = 0, the matrix is singular: set v = 0 there")
def evaluate_policy(pi, P, R, gamma):
    M, r = np.einsum("sa,sat->st", pi, P), (pi * np.where(pi > 0, R, 0)).sum(axis=1)
    return np.linalg.solve(np.eye(len(r)) - gamma * M, r)


@rejected("the solution of least norm of a singular system is not the one with v = 0 in absorbing states")
def evaluate_policy(pi, P, R, gamma):
    M, r = np.einsum("sa,sat->st", pi, P), (pi * np.where(pi > 0, R, 0)).sum(axis=1)
    return np.linalg.lstsq(np.eye(len(r)) - gamma * M, r, rcond=None)[0]


@rejected("a state that is never left is worth r / (1 - γ) if it pays: only those that pay nothing are worth 0")
def evaluate_policy(pi, P, R, gamma):
    M, r = np.einsum("sa,sat->st", pi, P), (pi * np.where(pi > 0, R, 0)).sum(axis=1)
    live = M.diagonal() < 1
    v = np.zeros(len(r))
    v[live] = np.linalg.solve(np.eye(live.sum()) - gamma * M[np.ix_(live, live)], r[live])
    return v


@rejected("absorbing is what the policy never leaves, be there other actions or not")
def evaluate_policy(pi, P, R, gamma):
    M, r = np.einsum("sa,sat->st", pi, P), (pi * np.where(pi > 0, R, 0)).sum(axis=1)
    absorbing = np.array([all(P[s, a, s] == 1 or R[s, a] == -np.inf for a in range(R.shape[1])) for s in range(len(r))])
    absorbing &= r == 0
    return np.linalg.solve(np.where(absorbing[:, None], np.eye(len(r)), np.eye(len(r)) - gamma * M), r)


@rejected("nearly always is not for ever: a state left once in a million steps is not absorbing")
def evaluate_policy(pi, P, R, gamma):
    M, r = np.einsum("sa,sat->st", pi, P), (pi * np.where(pi > 0, R, 0)).sum(axis=1)
    absorbing = np.isclose(M.diagonal(), 1) & (r == 0)
    return np.linalg.solve(np.where(absorbing[:, None], np.eye(len(r)), np.eye(len(r)) - gamma * M), r)


@rejected("I - γ P_πᵀ is the system of how often states are visited, not of their values")
def evaluate_policy(pi, P, R, gamma):
    M, r = np.einsum("sa,sat->st", pi, P).T, (pi * np.where(pi > 0, R, 0)).sum(axis=1)
    absorbing = (M.diagonal() == 1) & (r == 0)
    return np.linalg.solve(np.where(absorbing[:, None], np.eye(len(r)), np.eye(len(r)) - gamma * M), r)


@rejected("only the likeliest action is evaluated: pi is a distribution, all its actions count")
def evaluate_policy(pi, P, R, gamma):
    s = np.arange(len(R))
    M, r = P[s, pi.argmax(axis=1)], R[s, pi.argmax(axis=1)]
    absorbing = (M.diagonal() == 1) & (r == 0)
    return np.linalg.solve(np.where(absorbing[:, None], np.eye(len(r)), np.eye(len(r)) - gamma * M), r)


@rejected("a last step below eps leaves an error of γ / (1 - γ) as much")
def value_iteration(P, R, gamma, eps=1e-8):
    if not 0 <= gamma < 1:
        raise ValueError
    V = np.zeros(len(R))
    for n in range(1, 10_000):
        before = V
        V, pi = bellman_backup(before, P, R, gamma)
        if np.abs(V - before).max() <= eps:
            break
    return V, pi, n


@rejected("stricter than asked for: the bound is γ / (1 - γ) times the last step, n the first sweep to meet it")
def value_iteration(P, R, gamma, eps=1e-8):
    if not 0 <= gamma < 1:
        raise ValueError
    V = np.zeros(len(R))
    for n in range(1, 10_000):
        before = V
        V, pi = bellman_backup(before, P, R, gamma)
        if np.abs(V - before).max() <= eps * (1 - gamma):
            break
    return V, pi, n


@rejected("this is V_{n-1}: the bound holds for the V after the last step")
def value_iteration(P, R, gamma, eps=1e-8):
    if not 0 <= gamma < 1:
        raise ValueError
    V = np.zeros(len(R))
    for n in range(1, 10_000):
        new, pi = bellman_backup(V, P, R, gamma)
        if gamma * np.abs(new - V).max() <= eps * (1 - gamma):
            break
        V = new
    return V, pi, n


@rejected("n is one too small: the first sweep counts as well")
def value_iteration(P, R, gamma, eps=1e-8):
    if not 0 <= gamma < 1:
        raise ValueError
    V = np.zeros(len(R))
    for n in range(10_000):
        before = V
        V, pi = bellman_backup(before, P, R, gamma)
        if gamma * np.abs(V - before).max() <= eps * (1 - gamma):
            break
    return V, pi, n


@rejected("the steps may never become smaller than rounding: with a tiny eps this loop has no end")
def value_iteration(P, R, gamma, eps=1e-8):
    if not 0 <= gamma < 1:
        raise ValueError
    V, n = np.zeros(len(R)), 0
    while True:
        before, n = V, n + 1
        V, pi = bellman_backup(before, P, R, gamma)
        if gamma * np.abs(V - before).max() <= eps * (1 - gamma):
            return V, pi, n


@rejected("at γ = 1 the bound is infinite and says nothing: that is an error")
def value_iteration(P, R, gamma, eps=1e-8):
    V = np.zeros(len(R))
    for n in range(1, 10_000):
        before = V
        V, pi = bellman_backup(before, P, R, gamma)
        if gamma * np.abs(V - before).max() <= eps * (1 - gamma):
            break
    return V, pi, n


@rejected("the bound is in the largest norm: a mean over the states lets one of them stay behind")
def value_iteration(P, R, gamma, eps=1e-8):
    if not 0 <= gamma < 1:
        raise ValueError
    V = np.zeros(len(R))
    for n in range(1, 10_000):
        before = V
        V, pi = bellman_backup(before, P, R, gamma)
        if gamma * np.abs(V - before).mean() <= eps * (1 - gamma):
            break
    return V, pi, n


@rejected("the stop compares with eps |V|: eps is the absolute error asked for")
def value_iteration(P, R, gamma, eps=1e-8):
    if not 0 <= gamma < 1:
        raise ValueError
    V = np.zeros(len(R))
    for n in range(1, 10_000):
        before = V
        V, pi = bellman_backup(before, P, R, gamma)
        if gamma * np.abs(V - before).max() <= eps * (1 - gamma) * np.abs(V).max():
            break
    return V, pi, n
