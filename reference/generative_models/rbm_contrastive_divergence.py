"""Oracle for rbm_contrastive_divergence: all pairs (v, h), one after another, and chains unit by unit.

Nothing is summed out and no sigmoid of a sum over units is shared: the exact gradient comes from the joint
probabilities exp(-E(v, h)) / Z, the free energy from a sum over all h. Gradients by torch's autograd are frozen
by rbm_contrastive_divergence_golden.py.
"""

import itertools
import math

import numpy as np


def _energy(v, h, W, b, c):
    bonds = math.fsum(W[i, j] for i in range(len(v)) for j in range(len(h)) if v[i] and h[j])
    return -math.fsum(b[i] for i in range(len(v)) if v[i]) - math.fsum(c[j] for j in range(len(h)) if h[j]) - bonds


def _log_sum_exp(x):
    largest = max(x)
    return largest + math.log(math.fsum(math.exp(value - largest) for value in x))


def _layer(n):
    return list(itertools.product((0, 1), repeat=n))


def free_energy(v, W, b, c):
    """-log sum_h exp(-E(v, h)), row by row."""
    return np.array([-_log_sum_exp([-_energy(row, h, W, b, c) for h in _layer(len(c))]) for row in v.round()])


def exact_gradient(v, W, b, c):
    """Means over all pairs (v, h), with their joint probabilities."""
    v = v.round()  # what is no 0 or 1 is no state; the oracle is asked beside them, too
    nv, nh = W.shape
    pairs = [(x, h) for x in _layer(nv) for h in _layer(nh)]
    log_weights = [-_energy(x, h, W, b, c) for x, h in pairs]
    log_Z = _log_sum_exp(log_weights)
    p = np.array([math.exp(w - log_Z) for w in log_weights])
    X, H = (np.array(layer, dtype=np.float64) for layer in zip(*pairs, strict=True))
    model = np.einsum("s,si,sj->ij", p, X, H), p @ X, p @ H
    p_h = np.array([[hidden_probability(row, j, W, c) for j in range(nh)] for row in v])
    data = np.einsum("ni,nj->ij", v, p_h) / len(v), v.mean(axis=0), p_h.mean(axis=0)
    likelihood = float(np.mean(-free_energy(v, W, b, c)) - log_Z)
    return *(d - m for d, m in zip(data, model, strict=True)), likelihood


def hidden_probability(row, j, W, c):
    """p(h_j = 1 | v): the weights of h_j = 1 and h_j = 0, all other units being equal."""
    x = c[j] + math.fsum(W[i, j] for i in range(len(row)) if row[i])
    return 1 / (1 + math.exp(-x)) if x > 0 else math.exp(x) / (1 + math.exp(x))


def sample_hidden(v, W, c, rng):
    p = np.array([[hidden_probability(row, j, W, c) for j in range(len(c))] for row in v.round()])
    u = rng.random(p.shape)
    return p, np.array([[1.0 if u[n, j] < p[n, j] else 0.0 for j in range(len(c))] for n in range(len(v))])


def cd_gradient(v, W, b, c, k, rng):
    """The chains as the statement describes them, then the means one by one."""
    v = v.round()
    chain = v
    for _ in range(k):
        _, h = sample_hidden(chain, W, c, rng)
        _, chain = sample_hidden(h, W.T, b, rng)
    N, (nv, nh) = len(v), W.shape
    before = [[hidden_probability(row, j, W, c) for j in range(nh)] for row in v]
    after = [[hidden_probability(row, j, W, c) for j in range(nh)] for row in chain]
    dW = np.zeros((nv, nh))
    for n, i, j in itertools.product(range(N), range(nv), range(nh)):
        dW[i, j] += (v[n, i] * before[n][j] - chain[n, i] * after[n][j]) / N
    db = np.array([math.fsum(v[:, i] - chain[:, i]) / N for i in range(nv)])
    dc = np.array([math.fsum(before[n][j] - after[n][j] for n in range(N)) / N for j in range(nh)])
    return dW, db, dc
