"""Known answers for policy_iteration."""

import math

import numpy as np

from dojo.answers import accepted, rejected


def poisson(rate, size):
    return np.array([math.exp(-rate) * rate**k / math.factorial(k) for k in range(size)])


def rental(morning_to_evening, max_cars, max_move, cost=lambda move: 2 * abs(move)):
    """Jack's car rental, from a function (cars, demand, returns) -> (distribution, expected rentals)."""
    N, A = max_cars + 1, 2 * max_move + 1
    P, R = np.zeros((N * N, A, N * N)), np.full((N * N, A), -np.inf)
    first = [morning_to_evening(n, 3.0, 3.0) for n in range(N)]
    second = [morning_to_evening(n, 4.0, 2.0) for n in range(N)]
    for s in range(N * N):
        for a in range(A):
            n1, n2 = s // N - (a - max_move), s % N + (a - max_move)
            if n1 >= 0 and n2 >= 0:
                (p1, e1), (p2, e2) = first[min(n1, max_cars)], second[min(n2, max_cars)]
                P[s, a] = np.kron(p1, p2)
                R[s, a] = 10 * (e1 + e2) - cost(a - max_move)
    return P, R


@accepted("the policy's equation is not solved but iterated, until nothing moves beyond rounding")
def policy_iteration(P, R, gamma, pi0=None):
    S = len(R)
    pi = np.array([np.flatnonzero(row > -np.inf)[0] for row in R]) if pi0 is None else pi0.copy()
    if any(R[s, pi[s]] == -np.inf for s in range(S)):
        raise ValueError("not available")
    V, n = np.zeros(S), 0
    while True:
        r, M = R[np.arange(S), pi], gamma * P[np.arange(S), pi]
        for _ in range(10_000):
            before, V = V, r + M @ V
            if np.abs(V - before).max() <= 1e-15 * np.abs(V).max():
                break
        new = policy_improvement(V, P, R, gamma, pi)
        if (new == pi).all():
            return new, V, n
        pi, n = new, n + 1


@accepted("state by state and action by action, as a recursion over rounds")
class in_loops:
    def policy_improvement(V, P, R, gamma, pi_old, tol=1e-9):
        new = []
        for s, old in enumerate(pi_old):
            q = [R[s, a] + gamma * sum(p * v for p, v in zip(P[s, a], V, strict=True)) for a in range(R.shape[1])]
            new.append(old if max(q) - q[old] <= tol else max(range(len(q)), key=q.__getitem__))
        return np.array(new, dtype=np.int64)

    def policy_iteration(P, R, gamma, pi0=None, n=0):
        if pi0 is None:
            pi0 = np.argmax(np.isfinite(R), axis=1)
        chosen = np.eye(R.shape[1], dtype=bool)[pi0]
        if np.isinf(R[chosen]).any():
            raise ValueError(pi0)
        V = np.linalg.inv(np.identity(len(R)) - gamma * P[chosen]).dot(R[chosen])
        new = policy_improvement(V, P, R, gamma, pi0)
        return (new, V, n) if (new == pi0).all() else policy_iteration(P, R, gamma, new, n + 1)


@accepted("the last of several best actions is taken, and all outcomes of a day are listed up to 60 cars")
class listed:
    def policy_improvement(V, P, R, gamma, pi_old, tol=1e-9):
        Q = R + gamma * np.einsum("sat,t->sa", P, V)
        states = np.arange(len(R))
        last = R.shape[1] - 1 - np.argmax(Q[:, ::-1], axis=1)
        change = Q[states, last] > Q[states, pi_old] + tol
        new = pi_old.copy()
        new[change] = last[change]
        return new

    def jacks_car_rental(max_cars=20, max_move=5):
        def day(n, demand, returns):
            p = np.zeros(max_cars + 1)
            for asked, p_asked in enumerate(poisson(demand, 60)):
                for back, p_back in enumerate(poisson(returns, 60)):
                    p[min(max(n - asked, 0) + back, max_cars)] += p_asked * p_back
            return p, sum(min(n, asked) * q for asked, q in enumerate(poisson(demand, 60)))

        return rental(day, max_cars, max_move)


@rejected("argmax alone: between equally good actions it may go to and fro for ever; the old one must stay")
def policy_improvement(V, P, R, gamma, pi_old, tol=1e-9):
    return (R + gamma * (P @ V)).argmax(axis=1)


@rejected("ties are seen only where equal to the last bit: rounding of V swaps equally good actions for ever")
def policy_improvement(V, P, R, gamma, pi_old, tol=1e-9):
    Q = R + gamma * (P @ V)
    return np.where(Q[np.arange(len(R)), pi_old] == Q.max(axis=1), pi_old, Q.argmax(axis=1))


@rejected("tol is absolute: np.isclose also forgives a hundred-thousandth of the value")
def policy_improvement(V, P, R, gamma, pi_old, tol=1e-9):
    Q = R + gamma * (P @ V)
    keep = np.isclose(Q[np.arange(len(R)), pi_old], Q.max(axis=1), atol=tol)
    return np.where(keep, pi_old, Q.argmax(axis=1))


@rejected("the future is not discounted: Q = R + γ P V, not R + P V")
def policy_improvement(V, P, R, gamma, pi_old, tol=1e-9):
    Q = R + P @ V
    return np.where(Q[np.arange(len(R)), pi_old] >= Q.max(axis=1) - tol, pi_old, Q.argmax(axis=1))


@rejected("greedy for the pay of today: the future γ P V is missing in Q")
def policy_improvement(V, P, R, gamma, pi_old, tol=1e-9):
    return np.where(R[np.arange(len(R)), pi_old] >= R.max(axis=1) - tol, pi_old, R.argmax(axis=1))


@rejected("V changes while the states are gone through: all are improved on the value of the old policy")
def policy_improvement(V, P, R, gamma, pi_old, tol=1e-9):
    V, new = V.copy(), pi_old.copy()
    for s in range(len(R)):
        q = R[s] + gamma * (P[s] @ V)
        if q[pi_old[s]] < q.max() - tol:
            new[s] = q.argmax()
        V[s] = q.max()
    return new


@rejected("the old policy is written over: the caller still needs it to see whether anything changed")
def policy_improvement(V, P, R, gamma, pi_old, tol=1e-9):
    Q = R + gamma * (P @ V)
    change = Q[np.arange(len(R)), pi_old] < Q.max(axis=1) - tol
    pi_old[change] = Q.argmax(axis=1)[change]
    return pi_old


@rejected("the last check changes nothing and is no improvement: n is one too many")
def policy_iteration(P, R, gamma, pi0=None):
    states, n = np.arange(len(R)), 0
    pi = (R > -np.inf).argmax(axis=1) if pi0 is None else pi0
    if np.isneginf(R[states, pi]).any():
        raise ValueError
    while True:
        V = np.linalg.solve(np.eye(len(R)) - gamma * P[states, pi], R[states, pi])
        better, n = policy_improvement(V, P, R, gamma, pi), n + 1
        if np.array_equal(better, pi):
            return better, V, n
        pi = better


@rejected("V belongs to the policy before the last improvement: evaluate once more")
def policy_iteration(P, R, gamma, pi0=None):
    states, n = np.arange(len(R)), 0
    pi = (R > -np.inf).argmax(axis=1) if pi0 is None else pi0
    if np.isneginf(R[states, pi]).any():
        raise ValueError
    V = np.linalg.solve(np.eye(len(R)) - gamma * P[states, pi], R[states, pi])
    while True:
        better = policy_improvement(V, P, R, gamma, pi)
        if np.array_equal(better, pi):
            return better, before if n else V, n
        pi, n, before = better, n + 1, V
        V = np.linalg.solve(np.eye(len(R)) - gamma * P[states, pi], R[states, pi])


@rejected("the evaluation stops too early: a change below 1e-4 a sweep is an error of 1e-4 γ / (1 - γ) in V")
def policy_iteration(P, R, gamma, pi0=None):
    states, n = np.arange(len(R)), 0
    pi = (R > -np.inf).argmax(axis=1) if pi0 is None else pi0
    if np.isneginf(R[states, pi]).any():
        raise ValueError
    V = np.zeros(len(R))
    while True:
        change = 1.0
        while change > 1e-4:
            before, V = V, R[states, pi] + gamma * (P[states, pi] @ V)
            change = np.abs(V - before).max()
        better = policy_improvement(V, P, R, gamma, pi)
        if np.array_equal(better, pi):
            return better, V, n
        pi, n = better, n + 1


@rejected("that is value iteration with n sweeps: a policy is evaluated to the end before it is improved")
def policy_iteration(P, R, gamma, pi0=None):
    pi = (R > -np.inf).argmax(axis=1) if pi0 is None else pi0
    if np.isneginf(R[np.arange(len(R)), pi]).any():
        raise ValueError
    V, n = np.zeros(len(R)), 0
    while True:
        new = (R + gamma * (P @ V)).max(axis=1)
        if np.abs(new - V).max() <= 1e-15 * np.abs(new).max() or n > 5000:
            return policy_improvement(V, P, R, gamma, pi), V, n
        V, n = new, n + 1


@rejected("only the state that gains most is improved: every state is to be improved in each round")
def policy_iteration(P, R, gamma, pi0=None):
    states, n = np.arange(len(R)), 0
    pi = ((R > -np.inf).argmax(axis=1) if pi0 is None else pi0).copy()
    if np.isneginf(R[states, pi]).any():
        raise ValueError
    while True:
        V = np.linalg.solve(np.eye(len(R)) - gamma * P[states, pi], R[states, pi])
        Q = R + gamma * (P @ V)
        s = (Q.max(axis=1) - V).argmax()
        if Q[s].max() - V[s] <= 1e-9:
            return pi, V, n
        pi[s], n = Q[s].argmax(), n + 1


@rejected("pi0 = None starts from action 0, which need not be available: -inf goes into V")
def policy_iteration(P, R, gamma, pi0=None):
    states, n = np.arange(len(R)), 0
    pi = np.zeros(len(R), dtype=np.int64) if pi0 is None else pi0
    if np.isneginf(R[states, pi]).any():
        raise ValueError
    while True:
        V = np.linalg.solve(np.eye(len(R)) - gamma * P[states, pi], R[states, pi])
        better = policy_improvement(V, P, R, gamma, pi)
        if np.array_equal(better, pi):
            return better, V, n
        pi, n = better, n + 1


@rejected("P is used backwards: Σ_s P[s, s'] V[s] sums over where one comes from, not over where one goes")
def policy_iteration(P, R, gamma, pi0=None):
    states, n = np.arange(len(R)), 0
    pi = (R > -np.inf).argmax(axis=1) if pi0 is None else pi0
    if np.isneginf(R[states, pi]).any():
        raise ValueError
    while n < 100:
        V = np.linalg.solve(np.eye(len(R)) - gamma * P[states, pi].T, R[states, pi])
        better = policy_improvement(V, P, R, gamma, pi)
        if np.array_equal(better, pi):
            break
        pi, n = better, n + 1
    return better, V, n


@rejected("the Poisson distributions end at 10 cars and the tail is lost: V(0, 0) = 406 where 421 is right")
def jacks_car_rental(max_cars=20, max_move=5):
    def day(n, demand, returns):
        p, rented = np.zeros(max_cars + 1), 0.0
        for asked, p_asked in enumerate(poisson(demand, 11)):
            rented += p_asked * min(n, asked)
            for back, p_back in enumerate(poisson(returns, 11)):
                p[min(max(n - asked, 0) + back, max_cars)] += p_asked * p_back
        return p, rented

    return rental(day, max_cars, max_move)


@rejected("the Poisson distributions end at 10 cars: divided by their sum they are those of another rental")
def jacks_car_rental(max_cars=20, max_move=5):
    def day(n, demand, returns):
        p, rented = np.zeros(max_cars + 1), 0.0
        for asked, p_asked in enumerate(poisson(demand, 11) / poisson(demand, 11).sum()):
            rented += p_asked * min(n, asked)
            for back, p_back in enumerate(poisson(returns, 11) / poisson(returns, 11).sum()):
                p[min(max(n - asked, 0) + back, max_cars)] += p_asked * p_back
        return p, rented

    return rental(day, max_cars, max_move)


@rejected("demand beyond the stock is lost: whoever asks for more than there is takes what there is")
def jacks_car_rental(max_cars=20, max_move=5):
    def day(n, demand, returns):
        p, rented = np.zeros(max_cars + 1), 0.0
        for asked, p_asked in enumerate(poisson(demand, n + 1)):
            rented += p_asked * asked
            for back, p_back in enumerate(poisson(returns, 60)):
                p[min(n - asked + back, max_cars)] += p_asked * p_back
        return p, rented

    return rental(day, max_cars, max_move)


@rejected("the cars that come back today are let again today: they are to be available tomorrow")
def jacks_car_rental(max_cars=20, max_move=5):
    def day(n, demand, returns):
        p, rented = np.zeros(max_cars + 1), 0.0
        for back, p_back in enumerate(poisson(returns, 60)):
            there = min(n + back, max_cars)
            for asked, p_asked in enumerate(poisson(demand, 60)):
                p[max(there - asked, 0)] += p_asked * p_back
                rented += p_asked * p_back * min(there, asked)
        return p, rented

    return rental(day, max_cars, max_move)


@rejected("moving cars costs nothing here: 2 dollars each, whichever way they go")
def jacks_car_rental(max_cars=20, max_move=5):
    T1, T2 = _one_location(max_cars, 3.0, 3.0), _one_location(max_cars, 4.0, 2.0)
    return rental(lambda n, d, r: [T[n] for T in (T1 if d == 3 else T2)], max_cars, max_move, lambda move: 0)


@rejected("a negative number of cars costs as well: 2 |move|, or moving them back would be paid for")
def jacks_car_rental(max_cars=20, max_move=5):
    T1, T2 = _one_location(max_cars, 3.0, 3.0), _one_location(max_cars, 4.0, 2.0)
    day = lambda n, demand, returns: [T[n] for T in (T1 if demand == 3 else T2)]
    return rental(day, max_cars, max_move, lambda move: 2 * move)


@rejected("more cars are moved than stand there: such a move is not available, R = -inf")
def jacks_car_rental(max_cars=20, max_move=5):
    N, A = max_cars + 1, 2 * max_move + 1
    (T1, e1), (T2, e2) = _one_location(max_cars, 3.0, 3.0), _one_location(max_cars, 4.0, 2.0)
    P, R = np.zeros((N * N, A, N * N)), np.zeros((N * N, A))
    for s in range(N * N):
        for a in range(A):
            move = max(-(s % N), min(a - max_move, s // N))
            n1, n2 = min(s // N - move, max_cars), min(s % N + move, max_cars)
            P[s, a] = np.kron(T1[n1], T2[n2])
            R[s, a] = 10 * (e1[n1] + e2[n2]) - 2 * abs(move)
    return P, R


@rejected("a move beyond the space is available: the surplus vanishes, and is paid for")
def jacks_car_rental(max_cars=20, max_move=5):
    T1, T2 = _one_location(max_cars, 3.0, 3.0), _one_location(max_cars, 4.0, 2.0)
    P, R = rental(lambda n, d, r: [T[n] for T in (T1 if d == 3 else T2)], max_cars, max_move)
    n1, n2, move = np.indices((max_cars + 1, max_cars + 1, 2 * max_move + 1)).reshape(3, len(R), -1)
    full = (n1 - move + max_move > max_cars) | (n2 + move - max_move > max_cars)
    P[full], R[full] = 0.0, -np.inf
    return P, R


@rejected("actions run the other way: action a moves a - max_move cars from location 1 to location 2")
def jacks_car_rental(max_cars=20, max_move=5):
    T1, T2 = _one_location(max_cars, 3.0, 3.0), _one_location(max_cars, 4.0, 2.0)
    P, R = rental(lambda n, d, r: [T[n] for T in (T1 if d == 3 else T2)], max_cars, max_move)
    return P[:, ::-1].copy(), R[:, ::-1].copy()


@rejected("the two locations are exchanged: state (n1, n2) has index n1 (max_cars + 1) + n2")
def jacks_car_rental(max_cars=20, max_move=5):
    T1, T2 = _one_location(max_cars, 3.0, 3.0), _one_location(max_cars, 4.0, 2.0)
    P, R = rental(lambda n, d, r: [T[n] for T in (T1 if d == 3 else T2)], max_cars, max_move)
    N, A = max_cars + 1, 2 * max_move + 1
    P = P.reshape(N, N, A, N, N).transpose(1, 0, 2, 4, 3).reshape(N * N, A, N * N)
    return P, R.reshape(N, N, A).transpose(1, 0, 2).reshape(N * N, A)
