"""Known answers for fft_convolution."""

import numpy as np
from scipy import fft

from dojo.answers import accepted, equivalent, rejected


@accepted("complex transforms at a power of two, of which the real part is kept")
class complex_power_of_two:
    def fft_convolve(x, h, mode="full"):
        n, k = len(x), len(h)
        if mode not in {"full", "same", "valid"} or not n or not k:
            raise ValueError("full, same or valid, and something to convolve")
        N = 2 ** (n + k - 2).bit_length()
        y = np.fft.ifft(np.fft.fft(x, N) * np.fft.fft(h, N)).real[: n + k - 1]
        if mode == "same":
            y = y[(k - 1) // 2 :][:n]
        if mode == "valid":
            y = y[min(n, k) - 1 : max(n, k)]
        return y.copy()

    def circulant_solve(c, b):
        if len(c) == 0 or len(c) != len(b):
            raise ValueError("lengths")
        eigenvalues = np.fft.fft(c)
        if abs(eigenvalues).min() <= len(c) * np.finfo(float).eps * abs(eigenvalues).max():
            raise np.linalg.LinAlgError("singular")
        return np.ascontiguousarray(np.fft.ifft(np.fft.fft(b) / eigenvalues).real)


@accepted("overlap-add: the longer one in blocks, whose convolutions overlap by k - 1 and are added")
def fft_convolve(x, h, mode="full"):
    if len(x) == 0 or len(h) == 0:
        raise ValueError("empty")
    long, short = (x, h) if len(x) >= len(h) else (h, x)
    n, k = len(long), len(short)
    N = 2 ** int(np.ceil(np.log2(2 * k)) + 1)
    step = N - k + 1
    H = np.fft.rfft(short, N)
    y = np.zeros(n + k - 1 + N)
    for start in range(0, n, step):
        y[start : start + N] += np.fft.irfft(np.fft.rfft(long[start : start + step], N) * H, N)
    if mode == "full":
        return y[: n + k - 1]
    if mode == "same":
        return y[(len(h) - 1) // 2 :][: len(x)]
    if mode == "valid":
        return y[k - 1 : n]
    raise ValueError(mode)


@accepted("correlation as Wiener and Khinchin have it: conjugate the spectrum, then put the negative lags in front")
def fft_correlate(x, y):
    n, m = len(x), len(y)
    if min(n, m) == 0:
        raise ValueError("empty")
    N = 1
    while N < n + m - 1:
        N *= 2
    r = np.fft.irfft(np.fft.rfft(x, N) * np.conj(np.fft.rfft(y, N)), N) if N > 1 else x * y
    return np.concatenate([r[N - m + 1 :], r[:n]])


@accepted("an image as one long signal: rows padded to W + q - 1 do not touch, so one 1-D convolution does it")
def fft_convolve2d(img, ker):
    if img.size == 0 or ker.size == 0:
        raise ValueError("empty")
    (H, W), (p, q) = img.shape, ker.shape
    width = W + q - 1
    a = np.pad(img, ((0, 0), (0, q - 1))).ravel()
    b = np.pad(ker, ((0, 0), (0, W - 1))).ravel()
    y = fft_convolve(a, b)
    return np.resize(np.append(y, 0), (H + p - 1) * width).reshape(H + p - 1, width)


@accepted("two one-dimensional transforms, an axis each")
def fft_convolve2d(img, ker):
    H, W = img.shape[0] + ker.shape[0] - 1, img.shape[1] + ker.shape[1] - 1
    if not img.size or not ker.size:
        raise ValueError("empty")

    def transform(a):
        return np.fft.fft(np.fft.rfft(a, 2 * fft.next_fast_len(W), axis=1), fft.next_fast_len(H), axis=0)

    y = np.fft.ifft(transform(img) * transform(ker), axis=0)
    return np.fft.irfft(y, 2 * fft.next_fast_len(W), axis=1)[:H, :W].copy()


@rejected("without room for n + k - 1 samples the end wraps around to the front: this is the circular convolution")
def fft_convolve(x, h, mode="full"):
    _check(x, h, mode)
    N = max(len(x), len(h))
    return _crop(np.resize(np.fft.irfft(np.fft.rfft(x, N) * np.fft.rfft(h, N), N), len(x) + len(h) - 1), x, h, mode)


@rejected("irfft without n= takes the length for even: an odd one comes back one too short, and distorted")
def fft_convolve(x, h, mode="full"):
    _check(x, h, mode)
    N = _good_length(len(x) + len(h) - 1)
    N -= N % 2 == 0 and len(x) % 2 == 0
    N = N if N >= len(x) + len(h) - 1 else N + 1
    return _crop(np.fft.irfft(np.fft.rfft(x, N) * np.fft.rfft(h, N)), x, h, mode)


@rejected("transformed at n + k - 1 itself: right, but where that is a prime the FFT is some ten times slower")
def fft_convolve(x, h, mode="full"):
    _check(x, h, mode)
    N = len(x) + len(h) - 1
    return _crop(np.fft.irfft(np.fft.rfft(x, N) * np.fft.rfft(h, N), N), x, h, mode)


@rejected("the next even length is no good length yet: it may be twice a prime")
def fft_convolve(x, h, mode="full"):
    _check(x, h, mode)
    N = (len(x) + len(h)) // 2 * 2
    return _crop(np.fft.irfft(np.fft.rfft(x, N) * np.fft.rfft(h, N), N), x, h, mode)


@rejected("the power of two below n + k - 1 is too short: the end wraps around. Round up")
def fft_convolve(x, h, mode="full"):
    _check(x, h, mode)
    N = 2 ** round(np.log2(len(x) + len(h) - 1)) * 2 // 2
    return _crop(
        np.resize(np.fft.irfft(np.fft.rfft(x, N) * np.fft.rfft(h, N), N) if N > 1 else x * h, len(x) + len(h) - 1),
        x,
        h,
        mode,
    )


@rejected("the result is complex: real x and h have a real convolution, the imaginary part is rounding")
def fft_convolve(x, h, mode="full"):
    _check(x, h, mode)
    N = _good_length(len(x) + len(h) - 1)
    return _crop(np.fft.ifft(np.fft.fft(x, N) * np.fft.fft(h, N)), x, h, mode)


@rejected("the magnitude of a complex result: negative entries lose their sign")
def fft_convolve(x, h, mode="full"):
    _check(x, h, mode)
    N = _good_length(len(x) + len(h) - 1)
    return _crop(np.abs(np.fft.ifft(np.fft.fft(x, N) * np.fft.fft(h, N))), x, h, mode)


@rejected("this is the correlation of x with h: the spectrum of h is conjugated, which reverses it in time")
def fft_convolve(x, h, mode="full"):
    _check(x, h, mode)
    return _crop(_full(x, h[::-1]), x, h, mode)


@rejected("one transform for both, as x + ih: its error is that of the louder one squared, and a faint one drowns")
def fft_convolve(x, h, mode="full"):
    _check(x, h, mode)
    N = _good_length(len(x) + len(h) - 1)
    z = np.zeros(N, complex)
    z[: len(x)] += x
    z[: len(h)] += 1j * h
    return _crop(np.fft.ifft(np.fft.fft(z) ** 2).imag / 2, x, h, mode)


@rejected("'same' starts at entry (k - 1) // 2: with k even this is one too late")
def fft_convolve(x, h, mode="full"):
    _check(x, h, mode)
    return _full(x, h)[len(h) // 2 :][: len(x)] if mode == "same" else _crop(_full(x, h), x, h, mode)


@rejected("'same' is as long as x: this is as long as the longer of the two, which is numpy's way")
def fft_convolve(x, h, mode="full"):
    _check(x, h, mode)
    n, k = len(x), len(h)
    return _full(x, h)[(min(n, k) - 1) // 2 :][: max(n, k)] if mode == "same" else _crop(_full(x, h), x, h, mode)


@rejected("'same' cut out at the end by h's other half: x[t] is met by the middle of h, not by its end")
def fft_convolve(x, h, mode="full"):
    _check(x, h, mode)
    return _full(x, h)[: len(x)] if mode == "same" else _crop(_full(x, h), x, h, mode)


@rejected("'valid' asks for the shorter one to lie inside the longer: where h is the longer one this is empty")
def fft_convolve(x, h, mode="full"):
    _check(x, h, mode)
    return _full(x, h)[len(h) - 1 : len(x)] if mode == "valid" else _crop(_full(x, h), x, h, mode)


@rejected("another mode is an error: here it is taken for 'full'")
def fft_convolve(x, h, mode="full"):
    _check(x, h, "full")
    return _crop(_full(x, h), x, h, mode)


@rejected("an empty signal is an error: padded with zeros it comes back as zeros")
def fft_convolve(x, h, mode="full"):
    _check(np.ones(1), np.ones(1), mode)
    return _crop(_full(x, h), x, h, mode)


@rejected("right, but the sum as it stands: n k products")
def fft_convolve(x, h, mode="full"):
    _check(x, h, mode)
    y = np.zeros(len(x) + len(h) - 1)
    for j in range(len(h)):
        y[j : j + len(x)] += h[j] * x
    return _crop(y, x, h, mode)


@rejected("this is the convolution of x and y: for the correlation reverse y, or conjugate its spectrum")
def fft_correlate(x, y):
    return fft_convolve(x, y)


@rejected("lags run backwards: this is r_{-l}, the correlation of y with x")
def fft_correlate(x, y):
    return fft_convolve(y, x[::-1])


@rejected("the lags stand as the FFT leaves them, the negative ones last: they ascend from -(m - 1)")
def fft_correlate(x, y):
    _check(x, y, "full")
    r = fft_convolve(x, y[::-1])
    return np.concatenate([r[len(y) - 1 :], r[: len(y) - 1]])


@rejected("fftshift puts lag 0 in the middle of the array: it belongs at m - 1, the middle only where n = m")
def fft_correlate(x, y):
    _check(x, y, "full")
    N = _good_length(len(x) + len(y) - 1)
    N = len(x) + len(y) - 1 if N < 100 else N
    r = np.fft.fftshift(np.fft.irfft(np.fft.rfft(x, N) * np.conj(np.fft.rfft(y, N)), N) if N > 1 else x * y)
    return r[: len(x) + len(y) - 1]


@rejected("the spectrum of x is conjugated instead of that of y: the lags run backwards")
def fft_correlate(x, y):
    _check(x, y, "full")
    n, m = len(x), len(y)
    N = 2 * _good_length(n + m - 1)
    r = np.fft.irfft(np.conj(np.fft.rfft(x, N)) * np.fft.rfft(y, N), N)
    return np.concatenate([r[N - m + 1 :], r[:n]])


@rejected("c is taken for the first row: this solves with the transpose, whose eigenvalues are the conjugates")
def circulant_solve(c, b):
    return _divide(b, np.conj(_eigenvalues(c, b)))


@rejected("irfft without n= returns an even number of unknowns")
def circulant_solve(c, b):
    return np.fft.irfft(np.fft.rfft(b) / _eigenvalues(c, b)) if len(c) > 1 else b / c


@rejected("the spectra are multiplied: this is C b, not the solution of C x = b")
def circulant_solve(c, b):
    return np.fft.irfft(np.fft.rfft(b) * _eigenvalues(c, b), len(b))


@rejected("a singular matrix is an error: here a zero eigenvalue is divided by")
def circulant_solve(c, b):
    if len(c) == 0 or len(c) != len(b):
        raise ValueError("lengths")
    return np.fft.irfft(np.fft.rfft(b) / np.fft.rfft(c), len(b))


@rejected("after a transform a zero eigenvalue is seldom exactly 0: compare it with rounding of the largest one")
def circulant_solve(c, b):
    if len(c) == 0 or len(c) != len(b):
        raise ValueError("lengths")
    if (np.fft.rfft(c) == 0).any():
        raise np.linalg.LinAlgError("singular")
    return np.fft.irfft(np.fft.rfft(b) / np.fft.rfft(c), len(b))


@rejected("how small an eigenvalue may be is measured by the largest one: a fixed 1e-8 refuses every small C")
def circulant_solve(c, b):
    if len(c) == 0 or len(c) != len(b):
        raise ValueError("lengths")
    if np.isclose(np.fft.rfft(c), 0).any():
        raise np.linalg.LinAlgError("singular")
    return np.fft.irfft(np.fft.rfft(b) / np.fft.rfft(c), len(b))


@rejected("the pseudo-inverse: a singular C is an error, not an equation to solve as well as may be")
def circulant_solve(c, b):
    if len(c) == 0 or len(c) != len(b):
        raise ValueError("lengths")
    eigenvalues = np.fft.rfft(c)
    keep = abs(eigenvalues) > 1e-14 * abs(eigenvalues).max()
    return np.fft.irfft(np.where(keep, np.fft.rfft(b), 0) / np.where(keep, eigenvalues, 1), len(b))


@rejected("the matrix is written out and eliminated: n² of memory and n³ of time, where transforms take n log n")
def circulant_solve(c, b):
    _eigenvalues(c, b)
    n = len(c)
    return np.linalg.solve(c[(np.arange(n)[:, None] - np.arange(n)) % n], b)


@rejected("c and b of different length: an irfft of the shorter spectrum hides it")
def circulant_solve(c, b):
    n = min(len(c), len(b))
    return _divide(b[:n], _eigenvalues(c[:n], b[:n]))


@rejected("the kernel is transformed at the image's size: the convolution wraps around at all four edges")
def fft_convolve2d(img, ker):
    _check(img, ker, "full")
    (H, W), (p, q) = img.shape, ker.shape
    y = np.fft.irfft2(np.fft.rfft2(img) * np.fft.rfft2(ker, (H, W)), (H, W))
    return np.pad(y, ((0, p - 1), (0, q - 1)), mode="wrap")


@rejected("the columns wrap around: both axes want room, W + q - 1 as well as H + p - 1")
def fft_convolve2d(img, ker):
    _check(img, ker, "full")
    (H, W), (p, q) = img.shape, ker.shape
    shape = (H + p - 1, max(W, q))
    y = np.fft.irfft2(np.fft.rfft2(img, shape) * np.fft.rfft2(ker, shape), shape)
    return np.pad(y, ((0, 0), (0, W + q - 1 - shape[1])), mode="wrap")


@rejected("irfft2 without s= takes the last axis for even: with W + q - 1 odd a column is lost")
def fft_convolve2d(img, ker):
    _check(img, ker, "full")
    shape = (img.shape[0] + ker.shape[0] - 1, img.shape[1] + ker.shape[1] - 1)
    return np.fft.irfft2(np.fft.rfft2(img, shape) * np.fft.rfft2(ker, shape)) if shape[1] > 1 else img * ker


@rejected("this is the correlation, what a convolutional layer computes: a convolution turns the kernel round")
def fft_convolve2d(img, ker):
    _check(img, ker, "full")
    shape = (img.shape[0] + ker.shape[0] - 1, img.shape[1] + ker.shape[1] - 1)
    return np.fft.irfft2(np.fft.rfft2(img, shape) * np.fft.rfft2(ker[::-1, ::-1], shape), shape)


@rejected("right, but a moved copy of the image for every entry of the kernel: H W p q products")
def fft_convolve2d(img, ker):
    _check(img, ker, "full")
    (H, W), (p, q) = img.shape, ker.shape
    y = np.zeros((H + p - 1, W + q - 1))
    for i in range(p):
        for j in range(q):
            y[i : i + H, j : j + W] += ker[i, j] * img
    return y


@rejected("cropped to the image: the full convolution has H + p - 1 rows and W + q - 1 columns")
def fft_convolve2d(img, ker):
    _check(img, ker, "full")
    shape = (img.shape[0] + ker.shape[0] - 1, img.shape[1] + ker.shape[1] - 1)
    y = np.fft.irfft2(np.fft.rfft2(img, shape) * np.fft.rfft2(ker, shape), shape)
    return y[: img.shape[0], : img.shape[1]]


def _check(x, h, mode):
    if mode not in ("full", "same", "valid") or x.size == 0 or h.size == 0:
        raise ValueError("mode, or empty")


def _good_length(n):
    return fft.next_fast_len(n, real=True)


def _full(x, h):
    N = _good_length(len(x) + len(h) - 1)
    return np.fft.irfft(np.fft.rfft(x, N) * np.fft.rfft(h, N), N)[: len(x) + len(h) - 1]


def _crop(y, x, h, mode):
    n, k = len(x), len(h)
    if mode == "same":
        return y[(k - 1) // 2 :][:n].copy()
    if mode == "valid":
        return y[min(n, k) - 1 : max(n, k)].copy()
    return y[: n + k - 1].copy()


def _eigenvalues(c, b):
    if len(c) == 0 or len(c) != len(b):
        raise ValueError("lengths")
    eigenvalues = np.fft.rfft(c)
    if abs(eigenvalues).min() <= len(c) * np.finfo(float).eps * abs(eigenvalues).max():
        raise np.linalg.LinAlgError("singular")
    return eigenvalues


def _divide(b, eigenvalues):
    return np.fft.irfft(np.fft.rfft(b) / eigenvalues, len(b))


equivalent(
    "length = fft.next_fast_len(n + k - 1, real=True)",
    "length = fft.next_fast_len(n + k + 1, real=True)",
    "any length with room will do",
)
equivalent(
    "length = fft.next_fast_len(n + k - 1, real=True)",
    "length = fft.next_fast_len(n + k - 0, real=True)",
    "any length with room will do",
)
equivalent(
    "length = fft.next_fast_len(n + k - 1, real=True)",
    "length = fft.next_fast_len((n + k), real=True)",
    "any length with room will do",
)
equivalent(
    "length = fft.next_fast_len(n + k - 1, real=True)",
    "length = fft.next_fast_len(n + k - 1, real=False)",
    "factors 7 and 11 are good lengths, too",
)
equivalent(
    "length = fft.next_fast_len(n + k - 1, real=True)",
    "length = fft.next_fast_len(n + k - 1)",
    "factors 7 and 11 are good lengths, too",
)
equivalent(
    "full = fft.irfft(spectrum, length, overwrite_x=True)",
    "full = fft.irfft(spectrum, length, overwrite_x=False)",
    "the spectrum is not used again",
)
equivalent(
    "full = fft.irfft(spectrum, length, overwrite_x=True)",
    "full = fft.irfft(spectrum, length)",
    "the spectrum is not used again",
)
equivalent(
    "if n == 0 or b.size != n:",
    "if n == -1 or b.size != n:",
    "a transform of nothing raises ValueError itself",
)
equivalent(
    "shape = fft.next_fast_len(H), fft.next_fast_len(W, real=True)",
    "shape = fft.next_fast_len(H), fft.next_fast_len(W, real=False)",
    "factors 7 and 11 are good lengths, too",
)
equivalent(
    "shape = fft.next_fast_len(H), fft.next_fast_len(W, real=True)",
    "shape = fft.next_fast_len(H), fft.next_fast_len(W)",
    "factors 7 and 11 are good lengths, too",
)
