"""Oracle for convolution_and_correlation: numpy's own sums, and the strided window sample by sample.

torch.nn.functional.conv1d gives the strided one a second time: see convolution_and_correlation_golden.py.
"""

import numpy as np


def _as_double(a):
    return np.asarray(a, dtype=np.complex128 if np.iscomplexobj(a) else np.float64)


def _cut(full, n, k, mode):
    if mode == "same":
        return np.array([full[(k - 1) // 2 + i] for i in range(n)])
    if mode == "valid":
        terms = [sum(0 <= t - j < n for j in range(k)) for t in range(n + k - 1)]  # of the sum of entry t
        return full[np.array(terms) == min(n, k)]
    return full


def convolve1d(x, h, mode="full"):
    """np.convolve, in double precision; its entries are counted out for the other modes."""
    return _cut(np.convolve(_as_double(x), _as_double(h)), len(x), len(h), mode)


def correlate1d(x, h, mode="full"):
    """np.correlate, which conjugates its second argument."""
    return _cut(np.correlate(_as_double(x), _as_double(h), "full"), len(x), len(h), mode)


def conv1d_strided(x, h, stride=1, padding=0, dilation=1):
    """The window at start, start + stride, ... as long as its last sample lies in the padded signal."""
    padded = [0.0] * padding + [float(value) for value in x] + [0.0] * padding
    out, start = [], 0
    while start + dilation * (len(h) - 1) < len(padded):
        out.append(sum(float(weight) * padded[start + j * dilation] for j, weight in enumerate(h)))
        start += stride
    return np.array(out)


def autocorrelation(x, biased=True):
    """The mean of the products of deviations, lag by lag."""
    n = len(x)
    deviation = _as_double(x) - _as_double(x).mean()
    sums = np.array([sum(deviation[t] * deviation[t + lag] for t in range(n - lag)) for lag in range(n)])
    return sums / np.array([n if biased else n - lag for lag in range(n)])
