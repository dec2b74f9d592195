"""Oracle for policy_iteration: every policy is tried, and every number of cars.

A small decision process is solved by the definition of its optimum: the value of each of the A^S policies,
and the largest in each state. A policy's value is the series Σ γ^k P^k r, no linear system. For the car
rental all outcomes of demand and returns up to 80 are listed; what lies beyond has probability below 1e-60.
"""

import math
from itertools import product

import numpy as np


def q_values(V, P, R, gamma):
    """Q(s, a) by its definition, in loops."""
    S, A = R.shape
    Q = np.empty((S, A))
    for s in range(S):
        for a in range(A):
            Q[s, a] = R[s, a] + gamma * math.fsum(P[s, a, t] * V[t] for t in range(S))
    return Q


def value(pi, P, R, gamma):
    """v_π = Σ_k γ^k P_π^k r_π, summed by doubling: the first 2m terms are m terms and m terms further on."""
    states = np.arange(len(R))
    v, M = R[states, pi], gamma * P[states, pi]  # the first term, and (γP)^m for m = 1
    while np.abs(M).max(initial=0.0) > 1e-40:
        v, M = v + M @ v, M @ M
    return v


def policies(R):
    """All policies that take available actions only."""
    return (np.array(pi) for pi in product(*(np.flatnonzero(np.isfinite(row)) for row in R)))


def optimal_value(P, R, gamma):
    """max over all policies, state by state: for a few states and actions."""
    return np.max([value(pi, P, R, gamma) for pi in policies(R)], axis=0)


def long_value_iteration(P, R, gamma, sweeps):
    """V after so many sweeps of V ← max_a Q: for larger processes; the error shrinks by γ a sweep."""
    S, A = R.shape
    V = np.zeros(S)
    for _ in range(sweeps):
        V = (R + gamma * (P.reshape(S * A, S) @ V).reshape(S, A)).max(axis=1)
    return V


def one_location(max_cars, demand, returns, listed=80):
    """Cars in the evening given those of the morning, and expected rentals: all outcomes one by one."""

    def poisson(rate):
        return np.array([math.exp(k * math.log(rate) - rate - math.lgamma(k + 1)) for k in range(listed)])

    asked, back = np.arange(listed)[:, None], np.arange(listed)[None, :]
    probability = poisson(demand)[:, None] * poisson(returns)  # (asked, back)
    T, rented = np.zeros((max_cars + 1, max_cars + 1), np.longdouble), np.zeros(max_cars + 1)
    for n in range(max_cars + 1):
        out = np.minimum(asked, n)
        evening = np.minimum(n - out + back, max_cars)
        np.add.at(T[n], evening, probability)
        rented[n] = (probability * out).sum()
    return T.astype(np.float64), rented


def jacks_car_rental(max_cars=20, max_move=5):
    """Example 4.2, a state and an action at a time."""
    T1, rented1 = one_location(max_cars, 3.0, 3.0)
    T2, rented2 = one_location(max_cars, 4.0, 2.0)
    N, A = max_cars + 1, 2 * max_move + 1
    P, R = np.zeros((N * N, A, N * N)), np.full((N * N, A), -np.inf)
    for n1 in range(N):
        for n2 in range(N):
            for a in range(A):
                move = a - max_move
                if move <= n1 and -move <= n2:
                    morning1, morning2 = min(n1 - move, max_cars), min(n2 + move, max_cars)
                    P[n1 * N + n2, a] = np.outer(T1[morning1], T2[morning2]).ravel()
                    R[n1 * N + n2, a] = 10 * (rented1[morning1] + rented2[morning2]) - 2 * abs(move)
    return P, R
