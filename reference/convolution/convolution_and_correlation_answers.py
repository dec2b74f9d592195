"""Known answers for convolution_and_correlation."""

import numpy as np

from dojo.answers import accepted, equivalent, rejected


@accepted("the sum over j for each t, as the formula has it")
class loops:
    def convolve1d(x, h, mode="full"):
        n, k = len(x), len(h)
        _check(x, h, mode)
        out = []
        for t in range(n + k - 1):
            first, last = max(0, t - n + 1), min(k - 1, t)
            out.append(sum(float(h[j]) * float(x[t - j]) for j in range(first, last + 1)))
        return _cut(np.array(out), n, k, mode)

    def correlate1d(x, h, mode="full"):
        n, k = len(x), len(h)
        _check(x, h, mode)
        kind = complex if np.iscomplexobj(x) or np.iscomplexobj(h) else float
        x, h = [kind(value) for value in x], [kind(value) for value in h]
        out = [sum(np.conj(h[j]) * x[lag + j] for j in range(k) if 0 <= lag + j < n) for lag in range(1 - k, n)]
        return _cut(np.array(out, dtype=kind), n, k, mode)

    def conv1d_strided(x, h, stride=1, padding=0, dilation=1):
        _check(x, h, "full")
        n, k = len(x), len(h)
        out = (n + 2 * padding - dilation * (k - 1) - 1) // stride + 1 if stride > 0 else 0
        if min(stride, dilation) < 1 or padding < 0 or out < 1:
            raise ValueError("options")
        y = np.zeros(out)
        for i in range(out):
            for j in range(k):
                at = i * stride - padding + j * dilation
                if 0 <= at < n:
                    y[i] += float(h[j]) * float(x[at])
        return y

    def autocorrelation(x, biased=True):
        n = len(x)
        if not n:
            raise ValueError("empty")
        d = np.array([float(value) for value in x])
        d -= d.mean()
        return np.array([d[: n - lag] @ d[lag:] / (n if biased else n - lag) for lag in range(n)])


@accepted("a convolution is a matrix with constant diagonals, times x")
class toeplitz:
    def convolve1d(x, h, mode="full"):
        _check(x, h, mode)
        n, k = len(x), len(h)
        T = np.zeros((n + k - 1, n))
        for t in range(n):
            T[t : t + k, t] = h
        return _cut(T @ x.astype(float), n, k, mode)

    def conv1d_strided(x, h, stride=1, padding=0, dilation=1):
        _check(x, h, "full")
        n, k = len(x), len(h)
        last = n + 2 * padding - dilation * (k - 1) - 1
        if stride < 1 or padding < 0 or dilation < 1 or last < 0:
            raise ValueError("options")
        at = np.arange(0, last + 1, stride)[:, None] - padding + dilation * np.arange(k)  # (out, k) indices into x
        return np.where((at >= 0) & (at < n), x[at.clip(0, n - 1)], 0).astype(float) @ h


@accepted("by the convolution theorem: spectra are multiplied")
class fourier:
    def correlate1d(x, h, mode="full"):
        _check(x, h, mode)
        n, k = len(x), len(h)
        spectrum = np.fft.fft(x.astype(complex), n + k - 1)
        r = np.fft.ifft(spectrum * np.fft.fft(np.conj(h[::-1]).astype(complex), n + k - 1))
        return _cut(r if np.iscomplexobj(x) or np.iscomplexobj(h) else r.real.copy(), n, k, mode)

    def autocorrelation(x, biased=True):
        n = len(x)
        if n == 0:
            raise ValueError("empty")
        power = np.abs(np.fft.rfft(x - np.mean(x, dtype=float), 2 * n)) ** 2
        return np.fft.irfft(power, 2 * n)[:n] / (n if biased else n - np.arange(n))


@rejected("h is not turned round: this is the correlation")
def convolve1d(x, h, mode="full"):
    return correlate1d(x, h, mode)


@rejected("convolution with h conjugated: the correlation does not turn h round")
def correlate1d(x, h, mode="full"):
    return _cut(_full(x, np.conj(h)), len(x), len(h), mode)


@rejected("the second argument of a complex correlation is conjugated")
def correlate1d(x, h, mode="full"):
    return _cut(_full(x, h[::-1]), len(x), len(h), mode)


@rejected("the first argument is conjugated instead of the second: all is the conjugate of what it should be")
def correlate1d(x, h, mode="full"):
    return _cut(_full(np.conj(x), h[::-1]), len(x), len(h), mode)


@rejected("the imaginary part is lost: with a complex x or h the correlation is complex")
def correlate1d(x, h, mode="full"):
    return _cut(_full(x, np.conj(h[::-1])).real.copy(), len(x), len(h), mode)


@rejected("real arrays have a real correlation: float64, not complex128")
def correlate1d(x, h, mode="full"):
    return _cut(_full(x, np.conj(h[::-1])).astype(complex), len(x), len(h), mode)


@rejected("lags run backwards: x and h have changed places")
def correlate1d(x, h, mode="full"):
    r = _full(np.conj(h), x[::-1])
    return _cut(r, len(x), len(h), mode)


@rejected("'same' starts at entry (k - 1) // 2: with k even this is one too late")
class centre_late:
    def convolve1d(x, h, mode="full"):
        return _full(x, h)[len(h) // 2 :][: len(x)] if mode == "same" else _cut(_full(x, h), len(x), len(h), mode)

    def correlate1d(x, h, mode="full"):
        r = _full(x, np.conj(h[::-1]))
        return r[len(h) // 2 :][: len(x)] if mode == "same" else _cut(r, len(x), len(h), mode)


@rejected("'same' starts at entry (k - 1) // 2, for a correlation too: with k even this is one too late")
def correlate1d(x, h, mode="full"):
    r = _full(x, np.conj(h[::-1]))
    return r[len(h) // 2 :][: len(x)] if mode == "same" else _cut(r, len(x), len(h), mode)


@rejected("'same' is as long as x: this is as long as the longer of the two, which is numpy's way")
def convolve1d(x, h, mode="full"):
    n, k = len(x), len(h)
    return _full(x, h)[(min(n, k) - 1) // 2 :][: max(n, k)] if mode == "same" else _cut(_full(x, h), n, k, mode)


@rejected("'same' begins with the first entry: x[t] is to be met by the middle of h")
def convolve1d(x, h, mode="full"):
    return _full(x, h)[: len(x)] if mode == "same" else _cut(_full(x, h), len(x), len(h), mode)


@rejected("'valid' asks for the shorter one to lie inside the longer: where h is the longer one this is empty")
def convolve1d(x, h, mode="full"):
    return _full(x, h)[len(h) - 1 : len(x)] if mode == "valid" else _cut(_full(x, h), len(x), len(h), mode)


@rejected("another mode is an error: here it is taken for 'full'")
def convolve1d(x, h, mode="full"):
    return _cut(_full(x, h), len(x), len(h), mode if mode in ("same", "valid") else "full")


@rejected("an empty signal is an error: here it gives zeros, or nothing")
def convolve1d(x, h, mode="full"):
    if len(x) == 0 or len(h) == 0:
        return np.zeros(max(len(x) + len(h) - 1, 0))
    return _cut(_full(x, h), len(x), len(h), mode)


@rejected("computed in the type of the inputs: the products overflow an int8")
def convolve1d(x, h, mode="full"):
    _check(x, h, mode)
    out = np.zeros(len(x) + len(h) - 1, np.result_type(x, h))
    for j in range(len(h)):
        out[j : j + len(x)] += h[j] * x
    return _cut(out.astype(float), len(x), len(h), mode)


@rejected("the products overflow before they are added: widen x and h, not only their sum")
def convolve1d(x, h, mode="full"):
    _check(x, h, mode)
    out = np.zeros(len(x) + len(h) - 1)
    for j in range(len(h)):
        out[j : j + len(x)] += h[j] * x
    return _cut(out, len(x), len(h), mode)


@rejected("the result keeps the type of the inputs: it is asked for as float64")
def convolve1d(x, h, mode="full"):
    return _cut(_full(x, h), len(x), len(h), mode).astype(np.result_type(x, h))


@rejected("the window is turned round: a layer computes a correlation")
def conv1d_strided(x, h, stride=1, padding=0, dilation=1):
    return _windows(x, h, stride, padding, dilation) @ h[::-1].astype(float)


@rejected("stride drops samples of x before the sum: it moves the window, which still sees every sample inside")
def conv1d_strided(x, h, stride=1, padding=0, dilation=1):
    _windows(x, h, stride, padding, dilation)
    padded = np.pad(x.astype(float), padding)[::stride]
    return _windows(padded, h, 1, 0, dilation) @ h.astype(float)


@rejected("dilation spreads the window's samples: here it thins out the results, as a stride does")
def conv1d_strided(x, h, stride=1, padding=0, dilation=1):
    _windows(x, h, stride, padding, dilation)
    return (_windows(x, h, 1, padding, 1) @ h.astype(float))[:: stride * dilation].copy()


@rejected("dilation d puts d - 1 samples between two of the window, not d")
def conv1d_strided(x, h, stride=1, padding=0, dilation=1):
    return _windows(x, h, stride, padding, dilation + (dilation > 1)) @ h.astype(float)


@rejected("dilation is ignored")
def conv1d_strided(x, h, stride=1, padding=0, dilation=1):
    return _windows(x, h, stride, padding, 1) @ h.astype(float)


@rejected("padding is for both ends: here it is in front only")
def conv1d_strided(x, h, stride=1, padding=0, dilation=1):
    if padding < 0 or len(x) == 0:
        raise ValueError("padding")
    return _windows(np.pad(x.astype(float), (padding, 0)), h, stride, 0, dilation) @ h.astype(float)


@rejected("the edge is repeated into the padding: padding is zeros")
def conv1d_strided(x, h, stride=1, padding=0, dilation=1):
    if padding < 0 or len(x) == 0:
        raise ValueError("padding")
    return _windows(np.pad(x.astype(float), padding, mode="edge"), h, stride, 0, dilation) @ h.astype(float)


@rejected("rounded up: a last window which hangs over the end is not counted")
def conv1d_strided(x, h, stride=1, padding=0, dilation=1):
    _windows(x, h, stride, padding, dilation)
    left = (len(x) + 2 * padding - dilation * (len(h) - 1) - 1) % stride
    longer = np.concatenate([np.pad(x.astype(float), padding), np.zeros(-left % stride)])
    return _windows(longer, h, stride, 0, dilation) @ h.astype(float)


@rejected("floor((n + 2p - d(k - 1) - 1) / s) + 1: without the + 1 the last window is lost")
def conv1d_strided(x, h, stride=1, padding=0, dilation=1):
    y = _windows(x, h, stride, padding, dilation) @ h.astype(float)
    return y[:-1].copy() if len(y) > 1 else y


@rejected("a window that does not fit is an error: here the result is empty")
def conv1d_strided(x, h, stride=1, padding=0, dilation=1):
    span = dilation * (len(h) - 1) + 1
    if len(x) and len(h) and stride > 0 and padding >= 0 and dilation > 0 and span > len(x) + 2 * padding:
        return np.zeros(0)
    return _windows(x, h, stride, padding, dilation) @ h.astype(float)


@rejected("options out of range are an error: a padding below 0 would cut samples off")
def conv1d_strided(x, h, stride=1, padding=0, dilation=1):
    if padding < 0:
        x, padding = x[-padding:padding], 0
    return _windows(x, h, abs(stride) or 1, padding, abs(dilation) or 1) @ h.astype(float)


@rejected("the mean is not taken off: an offset of the series hides everything else")
def autocorrelation(x, biased=True):
    _check(x, x, "full")
    n = len(x)
    return _full(x, x[::-1])[n - 1 :] / (n if biased else n - np.arange(n))


@rejected("biased and unbiased changed places: the biased one divides by n at every lag")
def autocorrelation(x, biased=True):
    return _sums(x) / (len(x) if not biased else len(x) - np.arange(len(x)))


@rejected("always divided by n: with biased=False it is n - l, the number of terms")
def autocorrelation(x, biased=True):
    return _sums(x) / len(x)


@rejected("divided by r_0: the lags are asked for as they are, with the variance at lag 0")
def autocorrelation(x, biased=True):
    n = len(x)
    r = _sums(x) / (n if biased else n - np.arange(n))
    return r / r[0] if r[0] else r


@rejected("divided by n - 1: r_0 is the mean of the squares, the variance without Bessel's correction")
def autocorrelation(x, biased=True):
    n = len(x)
    return _sums(x) / (max(n - 1, 1) if biased else np.maximum(n - 1 - np.arange(n), 1))


@rejected("without padding the lags wrap around: the series is not periodic")
def autocorrelation(x, biased=True):
    _sums(x)
    n = len(x)
    d = x - x.mean(dtype=float)
    return np.array([d @ np.roll(d, -lag) for lag in range(n)]) / (n if biased else n - np.arange(n))


@rejected("the lags of both signs: only 0, ..., n - 1 are asked for")
def autocorrelation(x, biased=True):
    _sums(x)
    n = len(x)
    d = x - x.mean(dtype=float)
    return _full(d, d[::-1]) / (n if biased else n - np.abs(np.arange(1 - n, n)))


@rejected("the lags descend: lag 0, the variance, comes first")
def autocorrelation(x, biased=True):
    n = len(x)
    return (_sums(x) / (n if biased else n - np.arange(n)))[::-1].copy()


@rejected("each lag has its own mean: the deviations are from the mean of the whole series")
def autocorrelation(x, biased=True):
    _sums(x)
    n = len(x)
    x = x.astype(float)
    r = [(x[: n - lag] - x[: n - lag].mean()) @ (x[lag:] - x[lag:].mean()) for lag in range(n)]
    return np.array(r) / (n if biased else n - np.arange(n))


def _check(x, h, mode):
    if mode not in ("full", "same", "valid") or len(x) == 0 or len(h) == 0:
        raise ValueError("mode, or empty")


def _windows(x, h, stride, padding, dilation):
    _check(x, h, "full")
    span = dilation * (len(h) - 1) + 1
    if stride < 1 or padding < 0 or dilation < 1 or span > len(x) + 2 * padding:
        raise ValueError("options")
    padded = np.pad(x.astype(float), padding)
    return np.lib.stride_tricks.sliding_window_view(padded, span)[::stride, ::dilation]


def _sums(x):
    _check(x, x, "full")
    d = x - x.mean(dtype=float)
    return _full(d, d[::-1])[len(x) - 1 :]


equivalent(
    "if stride < 1 or padding < 0 or dilation < 1:",
    "if stride < 0 or padding < 0 or dilation < 1:",
    "a slice with step 0 raises ValueError itself",
)
equivalent(
    "if stride < 1 or padding < 0 or dilation < 1:",
    "if stride < 1 or padding < -1 or dilation < 1:",
    "np.pad raises ValueError for a padding below 0",
)
equivalent(
    "if stride < 1 or padding < 0 or dilation < 1:",
    "if stride < 1 or padding < 0 and dilation < 1:",
    "np.pad, sliding_window_view and slices raise ValueError",
)
equivalent(
    "if stride < 1 or padding < 0 or dilation < 1:",
    "if stride < 1 or padding < 0 or dilation < 0:",
    "a slice with step 0 raises ValueError itself",
)
equivalent(
    "padded = np.pad(x.astype(np.float64), padding)",
    "padded = np.pad(x.astype(None), padding)",
    "the type None is float64",
)
equivalent("if span > padded.size:", "if False:", "sliding_window_view raises ValueError itself")
equivalent(
    'raise ValueError(f"a window of {span} samples does not fit into {padded.size}")',
    "pass",
    "sliding_window_view raises ValueError itself",
)
equivalent(
    "return windows[::stride, ::dilation] @ h.astype(np.float64)",
    "return windows[::stride, ::dilation] @ h.astype(None)",
    "the type None is float64",
)
equivalent("if n == 0:", "if n == -1:", "the convolution of nothing raises ValueError itself")
equivalent("if n == 0:", "if False:", "the convolution of nothing raises ValueError itself")
equivalent(
    'raise ValueError("x needs at least one sample")',
    "pass",
    "the convolution of nothing raises ValueError itself",
)
equivalent(
    "out = np.zeros(x.size + h.size - 1, dtype=np.result_type(x, h, np.float64))",
    "out = np.zeros(x.size + h.size - 1, dtype=np.result_type(x, h, None))",
    "the type None is float64",
)
