"""Oracle for information_bottleneck: the definitions, one entry at a time.

The update is taken as ratios of clusters, 1 / Σ_s [q(s) / q(t)] exp(-beta (KL_s - KL_t)), with whole KL divergences; no
logarithm of a sum is shifted. Informations are differences of entropies, and rho² is an eigenvalue of the walk
x -> y -> x, of which it is the second largest.
"""

import math

import numpy as np


def _kl(p, q):
    """Σ p log(p / q); infinite where q cannot produce what p can."""
    if any(b <= 0 < a for a, b in zip(p, q, strict=True)):
        return math.inf
    return math.fsum(a * math.log(a / b) for a, b in zip(p, q, strict=True) if a > 0)


def _exp(value):
    return math.inf if value > 709 else math.exp(value)


def ib_iterate(pxy, q, beta):
    """The self-consistent equations, cluster against cluster."""
    nx, ny = pxy.shape
    nt = q.shape[1]
    p_x = [math.fsum(row) for row in pxy]
    q_t = [math.fsum(p_x[x] * q[x, t] for x in range(nx)) for t in range(nt)]
    used = [t for t in range(nt) if q_t[t] > 0]
    q_yt = {t: [math.fsum(pxy[x, y] * q[x, t] for x in range(nx)) / q_t[t] for y in range(ny)] for t in used}
    new = np.zeros((nx, nt))
    for x in range(nx):
        far = {t: _kl(pxy[x] / p_x[x], q_yt[t]) for t in used}
        near = [t for t in used if far[t] < math.inf]
        for t in near:
            new[x, t] = 1 / sum(q_t[s] / q_t[t] * _exp(-beta * (far[s] - far[t])) for s in near)
    return new


def _entropy(p):
    return -math.fsum(value * math.log(value) for value in np.ravel(p) if value > 0)


def informations(pxy, q):
    """I(X;T) = H(X) + H(T) - H(X,T), and I(T;Y) likewise."""
    values = []
    for joint in (pxy.sum(axis=1)[:, None] * q, q.T @ pxy):
        values.append(_entropy(joint.sum(axis=1)) + _entropy(joint.sum(axis=0)) - _entropy(joint))
    return tuple(values)


def lagrangian(pxy, q, beta):
    """L = I(X;T) - beta I(T;Y)."""
    x_t, t_y = informations(pxy, q)
    return x_t - beta * t_y


def ib(pxy, beta, nt, seed, tol=1e-10, max_iter=10_000):
    """The iteration from the start that the statement names."""
    q = np.random.default_rng(seed).dirichlet(np.ones(nt), size=len(pxy))
    for _ in range(max_iter):
        new = ib_iterate(pxy, q, beta)
        change = max(abs(a - b) for a, b in zip(new.ravel(), q.ravel(), strict=True))
        q = new
        if change <= tol:
            break
    return (q, *informations(pxy, q))


def critical_beta(pxy):
    """1 / the second eigenvalue of Σ_y p(y|x) p(x'|y), a stochastic matrix."""
    p_x, p_y = pxy.sum(axis=1), pxy.sum(axis=0)
    there, back = pxy / p_x[:, None], (pxy / p_y).T
    return float(1 / np.sort(np.linalg.eigvals(there @ back).real)[-2])


def vib_loss_terms(logits, y, mu, logvar):
    """Sample by sample, class by class, dimension by dimension."""
    N = len(y)
    ce = []
    for row, c in zip(logits, y, strict=True):
        top = max(row)
        ce.append(math.log(math.fsum(math.exp(other - top) for other in row)) + (top - row[c]))
    kl = [m * m + math.expm1(v) - v for m, v in zip(mu.ravel(), logvar.ravel(), strict=True)]
    return math.fsum(ce) / N, 0.5 * math.fsum(kl) / N


def binary_channel_information(error, forgotten):
    """I(T;Y) where X -> Y errs with probability `error` and X -> T with `forgotten`, all bits fair (Mrs. Gerber)."""
    both = error * (1 - forgotten) + (1 - error) * forgotten
    return math.log(2) - _entropy([both, 1 - both])
