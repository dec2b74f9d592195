"""Oracle for markov_chain_stationary: walk for ever, and see.

Where a chain ends, and how often it is where, are limits of its powers. Half of the time the walker here
stays where he is, which changes neither and ends all periods; 2^60 steps are 60 squarings. Classes are found
by walking along the arrows, state by state.
"""

import numpy as np


def reached_from(P, start):
    """All states that a walk from `start` can visit."""
    seen, frontier = {start}, [start]
    while frontier:
        i = frontier.pop()
        for j in range(len(P)):
            if P[i, j] > 0 and j not in seen:
                seen.add(j)
                frontier.append(j)
    return seen


def communicating_classes(P):
    reached = [reached_from(P, i) for i in range(len(P))]
    classes = []
    for i in range(len(P)):
        if not any(i in c for c in classes):
            classes.append([j for j in range(len(P)) if j in reached[i] and i in reached[j]])
    return classes


def after_ever(P):
    """Row i: the distribution after very many steps from i."""
    M = (np.eye(len(P)) + P) / 2
    for _ in range(60):
        M = M @ M
        M /= M.sum(axis=1, keepdims=True)
    return M


def stationary_distribution(P):
    """The same from every start, if it is unique."""
    return after_ever(P)[0]


def absorption_probabilities(P):
    absorbing = [i for i in range(len(P)) if P[i, i] == 1]
    transient = [i for i in range(len(P)) if P[i, i] != 1]
    return after_ever(P)[np.ix_(transient, absorbing)]


def pagerank(A, d=0.85, steps=600):
    """The surfer's distribution after many steps, page by page."""
    n = len(A)
    rank = np.full(n, 1.0 / n)
    for _ in range(steps):
        after = np.full(n, (1 - d) / n)
        for i in range(n):
            links = A[i].sum()
            after += d * rank[i] * (A[i] / links if links else np.full(n, 1.0 / n))
        rank = after
    return rank
