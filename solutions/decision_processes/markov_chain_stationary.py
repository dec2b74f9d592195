"""Markov chains: who communicates, where it ends, and how often it is where.

P[i, j] is the probability to go from state i to state j: the rows of P sum to 1. Two states communicate if
each can be reached from the other, in any number of steps, 0 included; this splits the states into classes. A
class is closed if nothing leads out of it. A state is absorbing if P[i, i] = 1.

A stationary distribution is a row vector with

    π P = π,  Σ_i π_i = 1,  π >= 0

There is one at least, and it is the only one exactly if there is a single closed class; whoever is elsewhere
ends up there, so π is 0 elsewhere. If every state can reach an absorbing one, the chain is absorbed in the
end. Write Q for the transitions among the other, transient states and R for those from transient to absorbing
ones:

    B = (I - Q)⁻¹ R         B[i, j] = Pr[absorbed in j | start in i]

Throughout: float64, n >= 1. An entry counts as a possible transition if it is > 0, however small. Results to
1e-10.

Rules: no eigenvalue routines (np.linalg.eig*, scipy.linalg.eig*), scipy.sparse.csgraph, networkx or
quantecon; linear solves are welcome. Inputs are read-only; results are new arrays.

Source: Grinstead & Snell, Introduction to Probability, ch. 11; Norris, Markov Chains, ch. 1; Page, Brin,
Motwani & Winograd, The PageRank citation ranking (1999).
"""

import numpy as np


def communicating_classes(P: np.ndarray) -> list[list[int]]:
    """The classes, each a list of states in ascending order; the classes in the order of their first states.

    >>> communicating_classes(np.array([[0.5, 0.0, 0.5], [0.0, 1.0, 0.0], [0.9, 0.1, 0.0]]))
    [[0, 2], [1]]
    """
    reachable = _reachable(P)
    mutual = reachable & reachable.T
    return [np.flatnonzero(row).tolist() for i, row in enumerate(mutual) if row.argmax() == i]


def stationary_distribution(P: np.ndarray) -> np.ndarray:
    """The stationary distribution, (n,). ValueError if there is more than one.

    Periodic chains have one as well, though P^k does not converge. A nearly decomposable chain, held together
    by transitions of 1e-12, determines π badly: there, no entry of π P - π exceeds 1e-13, with Σ π = 1 as
    well, but nothing more is asked for.

    >>> stationary_distribution(np.array([[0.75, 0.25], [0.75, 0.25]]))
    array([0.75, 0.25])
    """
    reachable = _reachable(P)
    closed = [c for c in communicating_classes(P) if reachable[c[0]].sum() == len(c)]
    if len(closed) > 1:
        raise ValueError(f"{len(closed)} closed classes: each has a stationary distribution of its own")
    c = closed[0]
    # (Pᵀ - I) π = 0 has one equation too many, as its rows sum to 0; Σ π = 1 takes the place of the last.
    system = P[np.ix_(c, c)].T - np.eye(len(c))
    system[-1] = 1.0
    pi = np.zeros(len(P))
    pi[c] = np.linalg.solve(system, np.eye(len(c))[-1])
    return pi


def absorption_probabilities(P: np.ndarray) -> np.ndarray:
    """B, (t, a): where the chain ends, for t transient and a absorbing states, both in ascending order.

    ValueError if some state cannot reach an absorbing one. If all states are absorbing, B has shape (0, n).

    >>> absorption_probabilities(np.array([[1.0, 0.0, 0.0], [0.25, 0.5, 0.25], [0.0, 0.0, 1.0]]))
    array([[0.5, 0.5]])
    """
    absorbing, transient = np.flatnonzero(P.diagonal() == 1), np.flatnonzero(P.diagonal() != 1)
    if not _reachable(P)[np.ix_(transient, absorbing)].any(axis=1).all():
        raise ValueError("a state that is not absorbing never gets to one that is")
    Q, R = P[np.ix_(transient, transient)], P[np.ix_(transient, absorbing)]
    return np.linalg.solve(np.eye(len(transient)) - Q, R)


def pagerank(A: np.ndarray, d: float = 0.85) -> np.ndarray:
    """The PageRank of n pages, (n,). A[i, j] = 1 if page i links to page j, else 0; 0 <= d < 1.

    The random surfer follows one of the links of the present page, each as likely as the other, with
    probability d; with 1 - d he goes to any of the n pages. So he does always where a page has no links (a
    dangling page). The PageRank is his stationary distribution. A link to the page itself is a link like any
    other.

    >>> pagerank(np.array([[0.0, 1.0], [0.0, 0.0]]), d=0.5)
    array([0.4, 0.6])
    """
    n = len(A)
    links = A.sum(axis=1, keepdims=True)
    follow = np.where(links > 0, A / np.maximum(links, 1.0), 1.0 / n)  # rows sum to 1, dangling ones too
    # π = d π S + (1 - d) / n, since Σ π = 1: a system that is well conditioned for d < 1
    return np.linalg.solve(np.eye(n) - d * follow.T, np.full(n, (1 - d) / n))


def _reachable(P: np.ndarray) -> np.ndarray:
    """reachable[i, j]: does a path of any length lead from i to j? In booleans: powers of P may underflow."""
    paths = (P > 0) | np.eye(len(P), dtype=bool)  # of length 0 and 1
    for _ in range(len(P).bit_length()):
        paths = paths @ paths  # twice as long
    return paths
