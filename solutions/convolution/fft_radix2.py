"""The fast Fourier transform of Cooley and Tukey, for n a power of two.

The discrete Fourier transform of x is

    X_k = Σ_j x_j w^{jk},        w = e^{-2πi/n},        j, k = 0, ..., n - 1,

the product with the n x n matrix F_{jk} = w^{jk}: n² multiplications. For even n let E be the transform of
the even samples x_0, x_2, ... and O that of the odd ones x_1, x_3, ..., both of length n/2. Then for k < n/2

    X_k       = E_k + w^k O_k,
    X_{k+n/2} = E_k - w^k O_k.

What both halves share is done once, at every level: T(n) = 2 T(n/2) + O(n) = O(n log n). The inverse
transform is x_j = (1/n) Σ_k X_k w^{-jk}.

Rounding: an entry of X is within some log₂ n rounding units of ‖x‖₂, if the twiddle factors w^k are exact to
rounding. They are if each comes from its own angle; by repeated multiplication, or as powers of a rounded w,
they lose up to n rounding units, which is too many.

Rules: no FFT of numpy, scipy or torch, no scipy.linalg.dft, no scipy.signal. Inputs are read-only; results
are new arrays.

Source: Cooley & Tukey, Math. Comp. 19 (1965); Cormen, Leiserson, Rivest & Stein, Introduction to Algorithms,
ch. 30; Golub & Van Loan, Matrix Computations, 4th ed., sec. 1.4.
"""

from functools import cache, lru_cache

import numpy as np

_BASE = 32  # so many points are transformed by their matrix: one product instead of five levels


def dft_matrix(n: int) -> np.ndarray:
    """The matrix F of shape (n, n), complex128, F_{jk} = e^{-2πi jk/n}, for every n ≥ 1.

    Every entry is within a few rounding units. (jk runs up to n², where an angle has lost the digits that
    count; but e^{-2πi jk/n} depends on jk mod n only.) ValueError for n < 1.

    >>> dft_matrix(2).real
    array([[ 1.,  1.],
           [ 1., -1.]])
    """
    if n < 1:
        raise ValueError("n is at least 1")
    j = np.arange(n)
    return _roots(n)[np.outer(j, j) % n]  # n² entries, of which n differ


def fft(x: np.ndarray) -> np.ndarray:
    """X of shape (n,), complex128, for x of shape (n,), float64 or complex128, and n = 1, 2, 4, 8, ...

    O(n log n): 2¹⁶ points take well under a second. ValueError if n is no power of two, which 0 is not.

    >>> fft(np.array([1.0, 2.0])).real
    array([ 3., -1.])
    """
    n = x.size
    if n == 0 or n & (n - 1):
        raise ValueError(f"{n} is no power of two")
    m = min(n, _BASE)
    # Row r transforms every (n/m)-th sample from x_r on. F is symmetric and may stand on the right.
    X = x.reshape(m, n // m).T @ _matrix(m)  # (n/m, m)
    while len(X) > 1:
        rows, m = X.shape
        even = X[: rows // 2]
        odd = X[rows // 2 :] * _roots(2 * m)[:m]  # row r + rows/2 has the samples between those of row r
        X = np.concatenate([even + odd, even - odd], axis=1)  # (rows/2, 2m)
    return X[0]


def ifft(X: np.ndarray) -> np.ndarray:
    """The inverse x_j = (1/n) Σ_k X_k e^{+2πi jk/n}: shape (n,), complex128, for X of shape (n,) as in `fft`.

    Cost and ValueError are those of `fft`.

    >>> ifft(np.array([3.0, -1.0])).real
    array([1., 2.])
    """
    return np.conj(fft(np.conj(X))) / X.size


@cache
def _matrix(n: int) -> np.ndarray:
    """The matrix for the smallest transforms, of at most _BASE points: kept."""
    return dft_matrix(n)


@lru_cache(maxsize=64)
def _roots(n: int) -> np.ndarray:
    """All n-th roots of unity, clockwise from 1. They do not depend on x: computed once for each n."""
    return np.exp(-2j * np.pi * np.arange(n) / n)
