"""Known answers for markov_chain_stationary."""

import numpy as np

from dojo.answers import accepted, equivalent, rejected

equivalent(
    "closed = [c for c in communicating_classes(P) if reachable[c[0]].sum() == len(c)]",
    "closed = [c for c in communicating_classes(P) if reachable[c[-1]].sum() == len(c)]",
    "all states of a class reach the same states",
)
equivalent("c = closed[0]", "c = closed[-1]", "there is only one")


def walk(P):
    """Warshall: reach[i, j] if a path leads from i to j."""
    reach = (P > 0) | np.eye(len(P), dtype=bool)
    for k in range(len(P)):
        reach |= np.outer(reach[:, k], reach[k])
    return reach


@accepted("Warshall's loop, least squares on all n + 1 equations, the fundamental matrix, and a surfer who walks")
class other:
    def communicating_classes(P):
        reach, classes = walk(P), {}
        for i in range(len(P)):
            first = next(j for j in range(len(P)) if reach[i, j] and reach[j, i])
            classes.setdefault(first, []).append(i)
        return list(classes.values())

    def stationary_distribution(P):
        n, reach = len(P), walk(P)
        if not reach.all(axis=0).any():  # a state that everybody reaches lies in the only closed class
            raise ValueError("not unique")
        return np.linalg.lstsq(np.vstack([P.T - np.eye(n), np.ones(n)]), np.eye(n + 1)[n], rcond=None)[0]

    def absorption_probabilities(P):
        ends = np.diag(P) == 1
        if not walk(P)[:, ends].any(axis=1).all():
            raise ValueError("not absorbed")
        return np.linalg.inv(np.eye((~ends).sum()) - P[~ends][:, ~ends]) @ P[~ends][:, ends]

    def pagerank(A, d=0.85):
        n, links = len(A), A.sum(axis=1)
        rank = np.ones(n) / n
        for _ in range(3000):
            sent = np.divide(rank, links, out=np.zeros(n), where=links > 0)
            rank = d * (sent @ A + rank[links == 0].sum() / n) + (1 - d) / n
        return rank


@accepted("Grassmann, Taksar and Heyman: states are eliminated one by one, without a subtraction")
def stationary_distribution(P):
    reachable = _reachable(P)
    closed = {tuple(c) for c in communicating_classes(P) if reachable[c[0]].sum() == len(c)}
    if len(closed) != 1:
        raise ValueError(closed)
    c = list(closed.pop())
    G = P[np.ix_(c, c)].copy()
    for k in range(len(c) - 1, 0, -1):
        G[:k, k] /= G[k, :k].sum()
        G[:k, :k] += np.outer(G[:k, k], G[k, :k])
    w = np.ones(len(c))
    for k in range(1, len(c)):
        w[k] = w[:k] @ G[:k, k]
    pi = np.zeros(len(P))
    pi[c] = w / w.sum()
    return pi


@accepted("the null space of I - P from the left, by its singular vectors; PageRank is the surfer's chain")
class null_space:
    def stationary_distribution(P):
        reach = walk(P)
        closed = [i for i in range(len(P)) if (reach[i] <= reach[:, i]).all()]
        if not reach[np.ix_(closed, closed)].all():
            raise ValueError("several closed classes")
        v = np.linalg.svd((np.eye(len(P)) - P).T)[2][-1]
        return v / v.sum()

    def pagerank(A, d=0.85):
        n = len(A)
        S = np.array([row / row.sum() if row.any() else np.ones(n) / n for row in A])
        return stationary_distribution(d * S + (1 - d) * np.ones((n, n)) / n)


@rejected("P x = x has the uniform solution: π stands on the left of P, so it is Pᵀ that enters the system")
def stationary_distribution(P):
    classes = communicating_classes(P)
    if sum(_reachable(P)[c[0]].sum() == len(c) for c in classes) != 1:
        raise ValueError
    system = P - np.eye(len(P))
    system[-1] = 1.0
    return np.linalg.solve(system, np.eye(len(P))[-1])


@rejected("P^k does not converge for a periodic chain: it goes round and round")
def stationary_distribution(P):
    classes = communicating_classes(P)
    if sum(_reachable(P)[c[0]].sum() == len(c) for c in classes) != 1:
        raise ValueError
    pi = np.full(len(P), 1 / len(P))
    for _ in range(10_000):
        pi = pi @ P
    return pi


@rejected("the mean over the first k steps is off by 1/k")
def stationary_distribution(P):
    classes = communicating_classes(P)
    if sum(_reachable(P)[c[0]].sum() == len(c) for c in classes) != 1:
        raise ValueError
    pi, total = np.full(len(P), 1 / len(P)), np.zeros(len(P))
    for _ in range(5000):
        pi = pi @ P
        total += pi
    return total / total.sum()


@rejected("least squares gives one of many where there are several closed classes: that is an error")
def stationary_distribution(P):
    n = len(P)
    return np.linalg.lstsq(np.vstack([P.T - np.eye(n), np.ones(n)]), np.eye(n + 1)[n], rcond=None)[0]


@rejected("a single closed class is enough: transient states beside it do no harm, they get 0")
def stationary_distribution(P):
    if len(communicating_classes(P)) > 1:
        raise ValueError
    system = P.T - np.eye(len(P))
    system[-1] = 1.0
    return np.linalg.solve(system, np.eye(len(P))[-1])


@rejected("the transient states are spread over as well: without Σ π = 1 on the closed class the sum is not 1")
def stationary_distribution(P):
    reachable = _reachable(P)
    closed = [c for c in communicating_classes(P) if reachable[c[0]].sum() == len(c)]
    if len(closed) != 1:
        raise ValueError
    v = np.linalg.svd((np.eye(len(P)) - P).T)[2][-1]
    return np.abs(v)


@rejected("a transition of 1e-12 is one: what is rare is not impossible, the chain is in one piece")
def stationary_distribution(P):
    kept = np.where(P > 1e-9, P, 0.0)
    reachable = _reachable(kept)
    closed = [c for c in communicating_classes(kept) if reachable[c[0]].sum() == len(c)]
    if len(closed) != 1:
        raise ValueError
    system = P.T - np.eye(len(P))
    system[-1] = 1.0
    return np.linalg.solve(system, np.eye(len(P))[-1])


@rejected("reached in one step only: a path may have any length")
def communicating_classes(P):
    step = (P > 0) | np.eye(len(P), dtype=bool)
    mutual, classes = step & step.T, []
    for i in range(len(P)):
        if not any(i in c for c in classes):
            classes.append(np.flatnonzero(mutual[i]).tolist())
    return classes


@rejected("to be reached from there is not enough: both have to reach each other")
def communicating_classes(P):
    reach, classes = walk((P > 0) | (P.T > 0)), []
    for i in range(len(P)):
        if not any(i in c for c in classes):
            classes.append(np.flatnonzero(reach[i]).tolist())
    return classes


@rejected("the product of small probabilities is 0 in float64: look for paths with booleans, not with powers of P")
def communicating_classes(P):
    reach = np.linalg.matrix_power((np.eye(len(P)) + P) / 2, 2 * len(P)) > 0
    mutual = reach & reach.T
    return [np.flatnonzero(row).tolist() for i, row in enumerate(mutual) if row.argmax() == i]


@rejected("a state that one cannot return to is a class as well: it reaches itself in 0 steps")
def communicating_classes(P):
    reach = P > 0
    for k in range(len(P)):
        reach |= np.outer(reach[:, k], reach[k])
    mutual = reach & reach.T
    return [np.flatnonzero(row).tolist() for i, row in enumerate(mutual) if row.any() and row.argmax() == i]


@rejected("the closed classes came first: the order is that of the first states")
def communicating_classes(P):
    reach = walk(P)
    mutual = reach & reach.T
    classes = [np.flatnonzero(row).tolist() for i, row in enumerate(mutual) if row.argmax() == i]
    return sorted(classes, key=lambda c: reach[c[0]].sum() > len(c))


@rejected("this is the fundamental matrix (I - Q)⁻¹, how often states are visited: times R it says where one ends")
def absorption_probabilities(P):
    ends = P.diagonal() == 1
    if not _reachable(P)[:, ends].any(axis=1).all():
        raise ValueError
    return np.linalg.inv(np.eye((~ends).sum()) - P[~ends][:, ~ends])


@rejected("this is R: where one ends in the very next step")
def absorption_probabilities(P):
    ends = P.diagonal() == 1
    if not _reachable(P)[:, ends].any(axis=1).all():
        raise ValueError
    return P[~ends][:, ends].copy()


@rejected("columns are taken for sources: Q stands in (I - Q)⁻¹ as it is, not transposed")
def absorption_probabilities(P):
    ends = P.diagonal() == 1
    if not _reachable(P)[:, ends].any(axis=1).all():
        raise ValueError
    return np.linalg.solve(np.eye((~ends).sum()) - P[~ends][:, ~ends].T, P[~ends][:, ends])


@rejected("rows are the transient states, columns the absorbing ones: this is the other way round")
def absorption_probabilities(P):
    ends = P.diagonal() == 1
    if not _reachable(P)[:, ends].any(axis=1).all():
        raise ValueError
    return np.linalg.solve(np.eye((~ends).sum()) - P[~ends][:, ~ends], P[~ends][:, ends]).T.copy()


@rejected("a singular system is noticed, but not that nothing absorbs, nor a way that never ends")
def absorption_probabilities(P):
    ends = P.diagonal() == 1
    return np.linalg.pinv(np.eye((~ends).sum()) - P[~ends][:, ~ends]) @ P[~ends][:, ends]


@rejected("a singular system is no test: rounding makes I - Q regular, and the answer is then any number")
def absorption_probabilities(P):
    ends = P.diagonal() == 1
    return np.linalg.solve(np.eye((~ends).sum()) - P[~ends][:, ~ends], P[~ends][:, ends])


@rejected("what arrives at a dangling page is lost, so the ranks sum to less than 1: from there he goes anywhere")
def pagerank(A, d=0.85):
    n, links = len(A), A.sum(axis=1, keepdims=True)
    return np.linalg.solve(np.eye(n) - d * (A / np.maximum(links, 1)).T, np.full(n, (1 - d) / n))


@rejected("the ranks are scaled to 1 in the end, but what dangling pages lost is not spread evenly by that")
def pagerank(A, d=0.85):
    n, links = len(A), A.sum(axis=1, keepdims=True)
    lost = np.where(links == 0, np.eye(n), A / np.maximum(links, 1))  # a dangling page keeps its surfer
    rank = np.linalg.solve(np.eye(n) - d * lost.T, np.full(n, (1 - d) / n))
    return rank / rank.sum()


@rejected("from a dangling page he goes to any page, the dangling one included")
def pagerank(A, d=0.85):
    n, links = len(A), A.sum(axis=1, keepdims=True)
    others = (1 - np.eye(n)) / max(n - 1, 1) if n > 1 else np.ones((1, 1))
    S = np.where(links > 0, A / np.maximum(links, 1), others)
    return np.linalg.solve(np.eye(n) - d * S.T, np.full(n, (1 - d) / n))


@rejected("columns are taken for sources: A[i, j] is a link from i to j")
def pagerank(A, d=0.85):
    n, links = len(A), A.sum(axis=0)
    S = np.where(links > 0, A / np.maximum(links, 1), 1 / n)
    return np.linalg.solve(np.eye(n) - d * S, np.full(n, (1 - d) / n))


@rejected("d and 1 - d are exchanged: links are followed with probability d")
def pagerank(A, d=0.85):
    n, links = len(A), A.sum(axis=1, keepdims=True)
    S = np.where(links > 0, A / np.maximum(links, 1), 1 / n)
    return np.linalg.solve(np.eye(n) - (1 - d) * S.T, np.full(n, d / n))


@rejected("1 - d is to be shared among the n pages: these ranks sum to n")
def pagerank(A, d=0.85):
    n, links = len(A), A.sum(axis=1, keepdims=True)
    S = np.where(links > 0, A / np.maximum(links, 1), 1 / n)
    return np.linalg.solve(np.eye(n) - d * S.T, np.full(n, 1 - d))


@rejected("a page's link to itself was dropped: it is a link like any other")
def pagerank(A, d=0.85):
    n, A = len(A), A * (1 - np.eye(len(A)))
    links = A.sum(axis=1, keepdims=True)
    S = np.where(links > 0, A / np.maximum(links, 1), 1 / n)
    return np.linalg.solve(np.eye(n) - d * S.T, np.full(n, (1 - d) / n))


@rejected("the surfer is stopped too early: a change of 1e-6 a step is not yet 1e-10")
def pagerank(A, d=0.85):
    n, links = len(A), A.sum(axis=1, keepdims=True)
    S = np.where(links > 0, A / np.maximum(links, 1), 1 / n)
    rank, before = np.full(n, 1 / n), np.ones(n)
    while np.abs(rank - before).max() > 1e-6:
        before, rank = rank, d * (rank @ S) + (1 - d) / n
    return rank
