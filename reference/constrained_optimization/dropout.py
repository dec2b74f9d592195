"""Oracle for dropout: the expected loss by its definition, a sum over all 2^d masks of a row with their probabilities.

The rows of X are masked independently, so that the expectation of the sum of squares is the sum of the
rows' own.
"""

from itertools import product

import numpy as np


def expected_dropout_loss(X, y, w, p_drop):
    kept = np.array(list(product([0.0, 1.0], repeat=X.shape[1])))  # (2^d, d)
    probability = np.prod(np.where(kept == 1, 1 - p_drop, p_drop), axis=1)
    scale = 1 / (1 - p_drop) if p_drop < 1 else 0.0
    total = 0.0
    for row, target in zip(X, y, strict=True):
        total += np.sum(probability * (target - (kept * row) @ w * scale) ** 2)
    return float(total)


def dropout_backward(dout, mask):
    """The transpose of the diagonal map x -> x * mask, entry by entry."""
    flat = [g * m for g, m in zip(dout.ravel(), mask.ravel(), strict=True)]
    return np.array(flat, dtype=dout.dtype).reshape(dout.shape)
