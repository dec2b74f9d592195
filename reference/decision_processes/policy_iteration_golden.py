"""Golden numbers for policy_iteration: Jack's car rental, solved as a linear program.

The optimal value is the least V with V(s) >= Q(s, a) for all s and a; the tight constraints name the optimal
policy. HiGHS drops coefficients below 1e-9: the program gives the policy, and the policy's series the digits.
Value iteration has to agree, and no two actions may be close: then only one policy is optimal.
"""

import numpy as np
from scipy.optimize import linprog

from reference.decision_processes import policy_iteration as reference

GAMMA = 0.9


def numbers():
    return {str(max_cars): solved(max_cars) for max_cars in (10, 20)}


def solved(max_cars):
    P, R = reference.jacks_car_rental(max_cars)
    S, N = len(R), max_cars + 1
    state, action = np.nonzero(np.isfinite(R))
    rows = GAMMA * P[state, action]
    rows[np.arange(len(state)), state] -= 1  # γPV - V <= -R
    V = linprog(np.ones(S), A_ub=rows, b_ub=-R[state, action], bounds=(None, None), method="highs").x
    pi = (R + GAMMA * (P @ V)).argmax(axis=1)

    V = reference.value(pi, P, R, GAMMA)
    assert np.abs(V - reference.long_value_iteration(P, R, GAMMA, 600)).max() < 1e-9
    best = np.sort(R + GAMMA * (P @ V), axis=1)
    assert (best[:, -1] - best[:, -2]).min() > 1e-4
    return {
        "V": V.reshape(N, N).tolist(),
        "moves": (pi - 5).reshape(N, N).tolist(),
        "changes": changes(P, R, no_move=np.full(S, 5)),
    }


def changes(P, R, no_move):
    """How many states change their action in each improvement that starts from moving no car."""
    pi, counts = no_move, []
    while not counts or counts[-1]:
        better = (R + GAMMA * (P @ reference.value(pi, P, R, GAMMA))).argmax(axis=1)
        counts.append(int((better != pi).sum()))
        pi = better
    return counts
