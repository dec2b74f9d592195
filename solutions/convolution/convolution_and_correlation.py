"""Convolution and correlation, and which of the two a convolutional layer computes.

With x of n and h of k samples, both 0 outside their range,

    convolution    (x * h)_t = Σ_j h_j x_{t-j}            t = 0, ..., n + k - 2
    correlation    r_l       = Σ_j conj(h_j) x_{l+j}      l = -(k - 1), ..., n - 1

Convolution turns h round before it slides it along x. Correlation does not: it is the convolution of x with
conj(h) reversed. Convolution commutes and associates, as the product of polynomials does. Correlation
compares: it is large at the lags where x looks like h. A convolutional layer computes a correlation, with

    stride s       the window moves on by s samples
    padding p      p zeros before x and p behind it
    dilation d     the window's samples lie d apart, so that it spans d (k - 1) + 1 of them

and puts out floor((n + 2p - d (k - 1) - 1) / s) + 1 values.

Inputs are arrays of integers or floats of up to 64 bits, of at least one sample. They are computed in float64, as
which the results come: 100 * 100 has no place in an int8. Only `correlate1d` takes complex arrays as well. An
entry is right when it is within rounding of ‖x‖₂ ‖h‖₂; in the autocorrelation both are x less its mean.

Rules: no np.convolve, np.correlate, np.polymul and the like, scipy.signal, scipy.ndimage or torch. Inputs are
read-only; results are new arrays.

Source: Oppenheim & Schafer, Discrete-Time Signal Processing, ch. 2; Goodfellow, Bengio & Courville, Deep
Learning, sec. 9.1; Dumoulin & Visin, A Guide to Convolution Arithmetic for Deep Learning (2016).
"""

from typing import Literal

import numpy as np

Mode = Literal["full", "same", "valid"]


def convolve1d(x: np.ndarray, h: np.ndarray, mode: Mode = "full") -> np.ndarray:
    """x * h for real x of shape (n,) and h of shape (k,).

    mode "full" gives all n + k - 1 entries, t = 0, ..., n + k - 2;
    "same" the n entries from t = (k - 1) // 2 on: as long as x, also where k > n;
    "valid" those |n - k| + 1 entries whose sum uses every sample of the shorter one: t from min(n, k) - 1
    to max(n, k) - 1.

    ValueError for another mode, or if x or h is empty.

    >>> convolve1d(np.array([1.0, 2.0, 3.0]), np.array([0.0, 1.0, 0.5]))
    array([0. , 1. , 2.5, 4. , 1.5])
    """
    return _cut(_full(x, h), x.size, h.size, mode)


def correlate1d(x: np.ndarray, h: np.ndarray, mode: Mode = "full") -> np.ndarray:
    """The correlation of x of shape (n,) with h of shape (k,): h is conjugated and not turned round.

    In mode "full" lags ascend: entry i of the n + k - 1 is lag i - (k - 1). "same" and "valid" are the same
    entries of these as in `convolve1d`. complex128 if x or h is complex, else float64.

    ValueError for another mode, or if x or h is empty.

    >>> correlate1d(np.array([1.0, 2.0, 3.0]), np.array([0.0, 1.0, 0.5]))
    array([0.5, 2. , 3.5, 3. , 0. ])
    >>> correlate1d(np.array([1 + 1j]), np.array([1j]))
    array([1.-1.j])
    """
    return _cut(_full(x, np.conj(h[::-1])), x.size, h.size, mode)


def conv1d_strided(x: np.ndarray, h: np.ndarray, stride: int = 1, padding: int = 0, dilation: int = 1) -> np.ndarray:
    """What a convolutional layer computes: y_i = Σ_j h_j x_{i s - p + j d}, x being 0 outside its range.

    x: (n,), h: (k,), both real. Returns floor((n + 2p - d (k - 1) - 1) / s) + 1 values: those for which the
    whole window lies in the padded x. Samples at the end which no window reaches are left out.

    ValueError if x or h is empty, stride < 1, padding < 0, dilation < 1, or the window is longer than the
    padded x.

    >>> conv1d_strided(np.array([1.0, 2.0, 3.0, 4.0, 5.0]), np.array([1.0, 10.0]), stride=2, padding=1)
    array([10., 32., 54.])
    """
    if x.size == 0 or h.size == 0:
        raise ValueError("x and h need at least one sample")
    if stride < 1 or padding < 0 or dilation < 1:
        raise ValueError("stride and dilation are at least 1, padding at least 0")
    span = dilation * (h.size - 1) + 1
    padded = np.pad(x.astype(np.float64), padding)  # (n + 2p,)
    if span > padded.size:
        raise ValueError(f"a window of {span} samples does not fit into {padded.size}")
    windows = np.lib.stride_tricks.sliding_window_view(padded, span)  # (n + 2p - span + 1, span), a view
    return windows[::stride, ::dilation] @ h.astype(np.float64)  # (out, k) @ (k,)


def autocorrelation(x: np.ndarray, biased: bool = True) -> np.ndarray:
    """The autocorrelation of a real series about its mean m: r_l = (1/n) Σ_t (x_t - m) (x_{t+l} - m).

    x: (n,). Returns shape (n,): the lags l = 0, ..., n - 1, where the sum has n - l terms. With biased=False
    it is divided by n - l instead of n, which trades the bias for a large variance at large lags. r_0 is the
    variance; r is not divided by it.

    ValueError if x is empty.

    >>> autocorrelation(np.array([1.0, 2.0, 3.0]))
    array([ 0.66666667,  0.        , -0.33333333])
    """
    n = x.size
    if n == 0:
        raise ValueError("x needs at least one sample")
    deviation = x - x.mean(dtype=np.float64)
    r = _full(deviation, deviation[::-1])[n - 1 :]  # entry n - 1 is lag 0
    return r / (n if biased else np.arange(n, 0, -1))


def _full(x: np.ndarray, h: np.ndarray) -> np.ndarray:
    """All n + k - 1 entries of x * h: a moved copy of the longer one for every sample of the shorter."""
    if x.size == 0 or h.size == 0:
        raise ValueError("x and h need at least one sample")
    short, long = sorted((x, h), key=len)
    out = np.zeros(x.size + h.size - 1, dtype=np.result_type(x, h, np.float64))
    for j, weight in enumerate(short.astype(out.dtype)):
        out[j : j + long.size] += weight * long
    return out


def _cut(full: np.ndarray, n: int, k: int, mode: str) -> np.ndarray:
    """The entries of a full convolution that belong to a mode."""
    if mode == "full":
        return full
    if mode == "same":
        return full[(k - 1) // 2 :][:n]
    if mode == "valid":
        return full[min(n, k) - 1 : max(n, k)]
    raise ValueError(f"mode is full, same or valid, not {mode!r}")
