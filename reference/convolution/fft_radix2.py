"""Oracle for fft_radix2: numpy's FFT, which is pocketfft, in C++ and with its own twiddle factors."""

import numpy as np


def dft_matrix(n):
    """Row k is the transform of the k-th unit vector."""
    return np.fft.fft(np.eye(n))


def fft(x):
    return np.fft.fft(x)


def ifft(X):
    return np.fft.ifft(X)


def naive_fft(x):
    """What `fft` is measured against: the product with the matrix, row by row, O(n²)."""
    j = np.arange(len(x))
    roots = np.exp(-2j * np.pi * j / len(x))
    return np.array([roots[k * j % len(x)] @ x for k in j])


def numpy_fft(x):
    """The library's own, for benchmarks."""
    return np.fft.fft(x)
