"""Oracle for weight_sharing: no chain rule and no clever indexing, only definitions.

The autoencoder's gradient is the complex step of its loss, Im L(W + ihe) / h, one entry of W at a time; the rest are
loops over single entries.
"""

import numpy as np

STEP = 1e-30


def loss(W, x):
    """1/2 ‖Wᵀ tanh(W x) - x‖², sum by sum; works on complex W too."""
    h, d = len(W), len(x)
    code = [np.tanh(sum(W[i, j] * x[j] for j in range(d))) for i in range(h)]
    residual = [sum(W[i, j] * code[i] for i in range(h)) - x[j] for j in range(d)]
    return sum(r * r for r in residual) / 2


def tied_autoencoder_grad(W, x):
    """One complex step for each entry of W."""
    grad = np.zeros(W.shape)
    for index in np.ndindex(W.shape):
        moved = W.astype(complex)
        moved[index] += 1j * STEP
        grad[index] = loss(moved, x).imag / STEP
    return grad


def toeplitz_matrix(kernel, n):
    """Row i holds the kernel, i places to the right."""
    k = len(kernel)
    return np.array([[kernel[c - r] if 0 <= c - r < k else 0.0 for c in range(n)] for r in range(n - k + 1)])


def shared_grad(dT, k):
    """T's entry (i, i + j) is kernel[j]: each of them adds its gradient."""
    return np.array([sum(dT[i, i + j] for i in range(len(dT))) for j in range(k)])


def embedding_backward(idx, g, vocab):
    """One row of g after the other: also what a time is measured against."""
    total = np.zeros((vocab, g.shape[1]))
    for i, row in zip(idx, g, strict=True):
        total[i] += row
    return total
