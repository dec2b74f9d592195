"""Oracle for momentum_adam: the recursions written out as sums over all gradients, one entry at a time.

After steps 1 to t with the gradients g_1 ... g_t, momentum has the velocity Σ muᵗ⁻ⁱ g_i, and Adam's corrected
averages are Σ b^(t-i) g_i / Σ b^(t-i): weighted means. None of them is computed by the recursion that a step is.
"""

import math

import numpy as np


def sgd_path(w, gradients, lr, mu, nesterov):
    """(w, v) after all the gradients, from v = 0."""
    w = np.array(w)
    for t in range(1, len(gradients) + 1):
        ahead = np.array(_geometric_sum(gradients[:t], mu))
        if nesterov:
            ahead = gradients[t - 1] + mu * ahead
        w = w - lr * ahead
    return w, _geometric_sum(gradients, mu)


def adam_path(w, gradients, lr, b1, b2, eps, wd=0.0):
    """(w, m, v) after all the gradients, from m = v = 0; with wd this is AdamW."""
    w, squares = np.array(w), [g * g for g in gradients]
    for t in range(1, len(gradients) + 1):
        mean = _geometric_sum(gradients[:t], b1) / sum(b1**k for k in range(t))
        square = _geometric_sum(squares[:t], b2) / sum(b2**k for k in range(t))
        w = w - lr * wd * w - lr * mean / (square**0.5 + eps)
    return w, (1 - b1) * _geometric_sum(gradients, b1), (1 - b2) * _geometric_sum(squares, b2)


def _geometric_sum(terms, ratio):
    return sum(ratio**age * term for age, term in enumerate(reversed(terms)))


def sgd_step(w, g, v, lr, mu, nesterov=False):
    """One step from any state: an old velocity v is a gradient that came one step before."""
    total = g + mu * v
    return w - lr * ((1 + mu) * g + mu * mu * v if nesterov else total), total


def adam_step(w, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8, wd=0.0):
    """One step from any state, number by number."""
    out = [np.empty_like(w) for _ in range(3)]
    for i in np.ndindex(w.shape):
        mean = m[i] + (1 - b1) * (g[i] - m[i])
        square = v[i] + (1 - b2) * (g[i] * g[i] - v[i])
        root = math.sqrt(max(square, 0.0) / (1 - b2**t))
        out[0][i] = w[i] - lr * (wd * w[i] + mean / (1 - b1**t) / (root + eps))
        out[1][i], out[2][i] = mean, square
    return tuple(out)


def heavy_ball_radius(lam, lr, mu):
    """The largest |eigenvalue| of the matrix, in the variables (x, v) of the step."""
    step = np.array([[1 - lr * lam, -lr * mu], [lam, mu]])
    return float(np.abs(np.linalg.eigvals(step)).max())
