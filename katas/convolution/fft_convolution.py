"""Convolution by FFT: the convolution theorem, the wrap-around, and the matrices the DFT diagonalises.

x of n samples and h of k samples, both 0 outside their range, have the convolution

    (x * h)_t = Σ_j x_j h_{t-j},        t = 0, ..., n + k - 2.

Summed as it stands it costs n k multiplications. The discrete Fourier transform F of length N makes a product
of it, entry by entry, but with indices taken modulo N:

    F(x ⊛ h) = F(x) F(h),        (x ⊛ h)_t = Σ_j x_j h_{(t-j) mod N}.

What runs over the end comes in again at the front. Padded with zeros to N ≥ n + k - 1 nothing runs over: ⊛ is
the same as *, and three transforms give x * h in O(N log N). The FFT likes some N better than others: at a
large prime it takes some ten times longer than at a product of 2, 3 and 5 a little above.

The same theorem gives

    correlation       r_l = Σ_t x_{t+l} y_t, the convolution of x with y reversed; F(r) = F(x) conj(F(y)).
                      For y = x that is |F(x)|² (Wiener-Khinchin);
    circulants        C_ij = c_{(i-j) mod n}, so C x = c ⊛ x: the Fourier vectors are eigenvectors of every
                      circulant matrix, and F(c) are its eigenvalues;
    images            the same along each axis.

All arrays are float64 and so are the results. Every entry of a convolution or correlation is within rounding
of ‖x‖₂ ‖h‖₂: an entry far below that has lost digits, which is the price of the FFT.

Rules: the FFTs of numpy and scipy are allowed; np.convolve, np.correlate, np.polymul and the like,
scipy.signal, scipy.ndimage, scipy.linalg and torch are not. Inputs are read-only; results are new arrays.

Source: Golub & Van Loan, Matrix Computations, 4th ed., sec. 4.8; Oppenheim & Schafer, Discrete-Time Signal
Processing, ch. 8; Mathieu, Henaff & LeCun, Fast Training of Convolutional Networks through FFTs (2014).
"""

from typing import Literal

import numpy as np


def fft_convolve(x: np.ndarray, h: np.ndarray, mode: Literal["full", "same", "valid"] = "full") -> np.ndarray:
    """x * h for x of shape (n,) and h of shape (k,), in O((n + k) log(n + k)).

    Two signals of 10⁵ samples take milliseconds, and n + k - 1 being a prime makes no difference.

    mode "full" gives all n + k - 1 entries, t = 0, ..., n + k - 2;
    "same" the n entries from t = (k - 1) // 2 on: as long as x, also where k > n;
    "valid" those |n - k| + 1 entries whose sum uses every sample of the shorter one: t from min(n, k) - 1
    to max(n, k) - 1.

    ValueError for another mode, or if x or h is empty.

    >>> fft_convolve(np.array([1.0, 2.0, 3.0]), np.array([4.0, 5.0])).round(9)
    array([ 4., 13., 22., 15.])
    """
    raise NotImplementedError


def fft_correlate(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The correlation r_l = Σ_t x_{t+l} y_t of x of shape (n,) with y of shape (m,), at every lag they meet.

    Returns shape (n + m - 1,). Lags ascend: entry i is lag l = i - (m - 1), from -(m - 1) to n - 1. This is
    the order of np.correlate(x, y, "full"). Cost: that of `fft_convolve`. ValueError if x or y is empty.

    >>> fft_correlate(np.array([1.0, 2.0, 3.0]), np.array([4.0, 5.0])).round(9)
    array([ 5., 14., 23., 12.])
    """
    raise NotImplementedError


def circulant_solve(c: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The solution x of C x = b, where C_ij = c_{(i-j) mod n} has c as its first *column*.

    c, b: (n,). Returns x of shape (n,) in O(n log n); the matrix is never formed.

    np.linalg.LinAlgError (a ValueError) where C is singular to rounding: where an eigenvalue has magnitude
    n eps max|eigenvalue| or less, eps = np.finfo(float).eps. The scale of c as a whole does not matter.
    ValueError if c is empty or b differs in length.

    >>> circulant_solve(np.array([2.0, 1.0, 0.0]), np.array([5.0, 5.0, 8.0])).round(9)
    array([1., 2., 3.])
    """
    raise NotImplementedError


def fft_convolve2d(img: np.ndarray, ker: np.ndarray) -> np.ndarray:
    """The full two-dimensional convolution Y_st = Σ_ij img_ij ker_{s-i, t-j}.

    img: (H, W), ker: (p, q). Returns shape (H + p - 1, W + q - 1): N entries in O(N log N), whatever the size
    of the kernel. ValueError if img or ker is empty.

    >>> fft_convolve2d(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, 10.0, 100.0]])).round(9)
    array([[  1.,  12., 120., 200.],
           [  3.,  34., 340., 400.]])
    """
    raise NotImplementedError
