"""Oracle for fft_convolution: the sums as they stand, without a transform, and matrices written out.

np.convolve and np.correlate sum directly, in O(n k); which entries belong to a mode is counted out here.
"""

import numpy as np


def fft_convolve(x, h, mode="full"):
    """x * h: entry t adds x_j h_{t-j} over all j for which both exist."""
    n, k = len(x), len(h)
    full = np.convolve(x, h)
    overlap = np.convolve(np.ones(n), np.ones(k)).round()  # how many terms the sum of entry t has
    if mode == "valid":
        return full[overlap == min(n, k)]
    if mode == "same":
        return np.array([full[(k - 1) // 2 + i] for i in range(n)])
    return full


def fft_correlate(x, y):
    """r_l = Σ_t x_{t+l} y_t, lags ascending."""
    return np.correlate(x, y, "full")


def circulant(c):
    """The matrix C_ij = c_{(i-j) mod n}: each column is the one before, moved down by one."""
    return np.stack([np.roll(c, j) for j in range(len(c))], axis=1)


def circulant_solve(c, b):
    """C x = b by Gaussian elimination on the whole matrix."""
    return np.linalg.solve(circulant(c), b)


def fft_convolve2d(img, ker):
    """A copy of the image for each entry of the kernel, moved and weighted."""
    (H, W), (p, q) = img.shape, ker.shape
    out = np.zeros((H + p - 1, W + q - 1))
    for i in range(p):
        for j in range(q):
            out[i : i + H, j : j + W] += ker[i, j] * img
    return out


def naive_convolve(x, h):
    """What `fft_convolve` is measured against: the direct sum, O(n k), in C."""
    return np.convolve(x, h)


def scipy_fftconvolve(x, h):
    """scipy's own convolution by FFT, for benchmarks."""
    from scipy.signal import fftconvolve  # half a second to import: not at the top

    return fftconvolve(x, h)
