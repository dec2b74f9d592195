"""Policy iteration, and Jack's car rental.

In a Markov decision process, action a in state s pays the expected reward R[s, a] and leads to s' with
probability P[s, a, s']. A policy π names one action a state. Its value is the discounted sum of all it will
be paid:

    v_π(s) = R[s, π(s)] + γ Σ_s' P[s, π(s), s'] v_π(s')            linear in v_π: one system of S equations

Howard's policy improvement theorem: let π'(s) maximise Q(s, a) = R[s, a] + γ Σ_s' P[s, a, s'] v_π(s') in each
state. Then v_π' >= v_π in every state, and if nothing can be improved, v_π is optimal. So evaluate, improve,
and start again; each round is strictly better than the last and there are only finitely many policies, hence
the loop ends, nearly always after a handful of rounds. There is one way to spoil it: with two equally good
actions, an improvement that takes either of them may swap them for ever. A tie is therefore no reason to
change.

Throughout: P is (S, A, S), R is (S, A), 0 <= γ < 1, all float64. An action that is not available in a state
has R[s, a] = -inf and a row of zeros in P; each state has at least one that is available. Policies are int64
of shape (S,). Rewards are of a size for which rounding of v stays far below tol: |v| up to some 10⁵.

Rules: no quantecon, mdptoolbox or gymnasium. Inputs are read-only; results are new arrays.

Source: Howard, Dynamic Programming and Markov Processes (1960); Sutton & Barto, Reinforcement Learning, 2nd
ed., 4.3 (example 4.2, exercise 4.4); Puterman, Markov Decision Processes, 6.4.
"""

import math

import numpy as np


def policy_improvement(
    V: np.ndarray, P: np.ndarray, R: np.ndarray, gamma: float, pi_old: np.ndarray, tol: float = 1e-9
) -> np.ndarray:
    """The greedy policy for V, but the old action stays unless another is better by more than tol.

    V: (S,), any values. In each state, with Q(s, a) as above:

        Q(s, pi_old(s)) >= max_a Q(s, a) - tol    the new policy keeps pi_old(s)
        else                                      it takes an action of largest Q; of several, any

    tol is absolute. An old action that is not available is replaced. Returns a new (S,) int64 array, also
    where nothing changes.

    >>> P, R = np.ones((1, 3, 1)), np.array([[1.0, 2.0, 2.0]])  # one state, three actions: Q = R
    >>> [int(policy_improvement(np.zeros(1), P, R, 0.5, np.array([a]))[0]) for a in (1, 2)]
    [1, 2]
    """
    Q = R + gamma * (P @ V)  # (S, A)
    of_old = Q[np.arange(len(Q)), pi_old]
    return np.where(of_old >= Q.max(axis=1) - tol, pi_old, Q.argmax(axis=1))


def policy_iteration(
    P: np.ndarray, R: np.ndarray, gamma: float, pi0: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray, int]:
    """(pi, V, n): an optimal policy, its value, and the number of improvements it took.

    One round solves for the value of the present policy, then improves every state at once by
    `policy_improvement` with its default tol: a system of S equations, and one product with P. The round that
    changes nothing is the last: its policy is returned, with the value of just that policy, to ten digits of
    the largest |V| or better. n counts the rounds that did change something: 0 if pi0 is optimal already.

    pi0: (S,) int64; None starts from the first available action of each state. ValueError if pi0 takes an
    action that is not available. Of several optimal policies it may return any; an optimal pi0 comes back as
    it is, in a new array.

    >>> P = np.array([[[1.0, 0.0], [0.0, 1.0]], [[0.0, 1.0], [0.0, 0.0]]])  # 0: stay or go; 1: stay
    >>> R = np.array([[1.0, 0.0], [3.0, -np.inf]])
    >>> policy_iteration(P, R, 0.5)
    (array([1, 0]), array([3., 6.]), 1)
    """
    states = np.arange(len(R))
    pi = np.isfinite(R).argmax(axis=1) if pi0 is None else pi0
    if not np.isfinite(R[states, pi]).all():
        raise ValueError("pi0 takes an action that is not available")
    n = 0
    while True:
        V = np.linalg.solve(np.eye(len(R)) - gamma * P[states, pi], R[states, pi])
        better = policy_improvement(V, P, R, gamma, pi)
        if np.array_equal(better, pi):  # a fixed point: max_a Q = V, the Bellman equation of the optimum
            return better, V, n
        pi, n = better, n + 1


def jacks_car_rental(max_cars: int = 20, max_move: int = 5) -> tuple[np.ndarray, np.ndarray]:
    """(P, R) of Sutton & Barto's example 4.2: two car rentals, and cars to be moved between them overnight.

    A state is (n1, n2), the cars at either location in the evening, 0 to max_cars each: S = (max_cars + 1)²,
    and (n1, n2) has index n1 (max_cars + 1) + n2. Action a, of A = 2 max_move + 1, moves a - max_move cars
    from location 1 to location 2; a negative number moves them the other way. One step, from evening to
    evening:

        1. the cars are moved, at 2 dollars each, whichever way. To move more than are there is not available.
           Where a location then has more than max_cars, the surplus vanishes; it is paid for all the same.
        2. customers ask for Poisson(3) cars at location 1 and Poisson(4) at location 2. As many as are there
           go out, at 10 dollars each.
        3. Poisson(3) cars come back to location 1 and Poisson(2) to location 2, too late to go out today.
           What is beyond max_cars vanishes.

    All four are independent. The Poisson tails are exact, nothing is cut off: demand beyond the stock rents
    out the stock, returns beyond the space fill it, and every row of P (of an available action) sums to 1 to
    rounding. max_cars and max_move are at least 0. The default size takes well under a second: given the cars
    of the morning, the two locations know nothing of each other.

    >>> P, R = jacks_car_rental()
    >>> P.shape, R.shape
    ((441, 11, 441), (441, 11))
    >>> jacks_car_rental(1, 1)[1].round(2)  # from (0, 0), (0, 1), (1, 0), (1, 1)
    array([[ -inf,  0.  ,  -inf],
           [ 7.5 ,  9.82,  -inf],
           [ -inf,  9.5 ,  7.82],
           [ 7.5 , 19.32,  7.82]])
    """
    N = max_cars + 1
    T1, rented1 = _one_location(max_cars, demand=3.0, returns=3.0)
    T2, rented2 = _one_location(max_cars, demand=4.0, returns=2.0)
    n1, n2 = np.divmod(np.arange(N * N), N)
    P = np.zeros((N * N, 2 * max_move + 1, N * N))
    R = np.full((N * N, 2 * max_move + 1), -np.inf)
    for a, move in enumerate(range(-max_move, max_move + 1)):
        s = np.flatnonzero((n1 >= move) & (n2 >= -move))  # the states in which there are that many cars
        morning1, morning2 = np.minimum(n1[s] - move, max_cars), np.minimum(n2[s] + move, max_cars)
        joint = T1[morning1][:, :, None] * T2[morning2][:, None, :]  # (states, n1', n2')
        P[s, a] = joint.reshape(len(s), N * N)
        R[s, a] = 10 * (rented1[morning1] + rented2[morning2]) - 2 * abs(move)
    return P, R


def _one_location(max_cars: int, demand: float, returns: float) -> tuple[np.ndarray, np.ndarray]:
    """T[n, n'] from the cars of the morning to those of the evening, and the expected rentals."""
    n = np.arange(max_cars + 1)
    left = _climb(max_cars, demand)[::-1, ::-1]  # rentals go down and stop at 0: returns seen from above
    rented = (left * (n[:, None] - n)).sum(axis=1)
    return left @ _climb(max_cars, returns), rented


def _climb(top: int, rate: float) -> np.ndarray:
    """C[k, l] = Pr[min(k + X, top) = l] for X ~ Poisson(rate); the last column holds the tail."""
    pmf = math.exp(-rate) * np.cumprod(np.append(1.0, rate / np.arange(1, top)))
    C = np.zeros((top + 1, top + 1))
    for k in range(top + 1):
        C[k, k:top] = pmf[: top - k]
        C[k, top] = max(1.0 - C[k].sum(), 0.0)
    return C
