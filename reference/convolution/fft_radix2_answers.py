"""Known answers for fft_radix2."""

import cmath

import numpy as np

from dojo.answers import accepted, equivalent, rejected


@accepted("the recursion as it stands: even samples, odd samples, butterflies")
def fft(x):
    n = len(x)
    if n == 1:
        return x.astype(complex)
    if n == 0 or n % 2:
        raise ValueError("no power of two")
    E, O = fft(x[::2]), fft(x[1::2])
    t = np.exp(-2j * np.pi * np.arange(n // 2) / n) * O
    return np.concatenate([E + t, E - t])


@accepted("in place: the samples in bit-reversed order, then butterflies level by level, in plain Python")
def fft(x):
    n = len(x)
    bits = n.bit_length() - 1
    if n != 1 << max(bits, 0):
        raise ValueError("no power of two")
    a = [complex(x[int(f"{i:0{bits}b}"[::-1], 2)]) for i in range(n)] if bits else [complex(x[0])]
    half = 1
    while half < n:
        w = [cmath.exp(-1j * cmath.pi * k / half) for k in range(half)]
        for start in range(0, n, 2 * half):
            for k in range(start, start + half):
                t = w[k - start] * a[k + half]
                a[k], a[k + half] = a[k] + t, a[k] - t
        half *= 2
    return np.array(a)


@accepted("decimation in frequency: sums and differences of the two halves give the even and the odd frequencies")
class in_frequency:
    def fft(x):
        return _in_frequency(x, -1)

    def ifft(X):
        return _in_frequency(X, +1) / len(X)


@accepted("the matrix from cosine and sine, the inverse by running the frequencies backwards")
class sine_and_cosine:
    def dft_matrix(n):
        if n < 1:
            raise ValueError("n")
        angle = [[2 * np.pi * (j * k % n) / n for k in range(n)] for j in range(n)]
        return np.cos(angle) - 1j * np.sin(angle)

    def ifft(X):
        x = fft(X)
        return np.roll(x[::-1], 1) / len(x)


@rejected("e^{+2πi jk/n} is the inverse transform: the exponent of the forward one is negative")
class other_sign:
    def dft_matrix(n):
        _check(n)
        return np.conj(_matrix(n))

    def fft(x):
        return _in_frequency(x, +1)

    def ifft(X):
        return _in_frequency(X, -1) / len(X)


@rejected("the exponent of the forward transform is negative")
def fft(x):
    return _in_frequency(x, +1)


@rejected("the exponent of the matrix is negative, too")
def dft_matrix(n):
    _check(n)
    return np.conj(_matrix(n))


@rejected("divided by √n: that is the unitary matrix, F itself has entries of magnitude 1")
def dft_matrix(n):
    _check(n)
    return _matrix(n) / np.sqrt(n)


@rejected("the angle of jk up to n² has lost its digits: take jk mod n first")
def dft_matrix(n):
    _check(n)
    j = np.arange(n)
    return np.exp(-2j * np.pi * np.outer(j, j) / n)


@rejected("powers of a rounded w: the error of w is multiplied by the exponent. Take each root from its own angle")
def dft_matrix(n):
    _check(n)
    j = np.arange(n)
    return np.exp(-2j * np.pi / n) ** (np.outer(j, j) % n)


@rejected("half of the matrix: the cosines only, the sines are its imaginary part")
def dft_matrix(n):
    _check(n)
    return _matrix(n).real.copy()


@rejected("ifft without 1/n: forth and back gives n x")
def ifft(X):
    return np.conj(fft(np.conj(X)))


@rejected("1/√n on the way back alone: it is 1/n there, and nothing forth")
def ifft(X):
    return np.conj(fft(np.conj(X))) / np.sqrt(len(X))


@rejected("1/√n both ways is the unitary transform: here all of 1/n stands in the inverse")
class unitary:
    def fft(x):
        return _in_frequency(x, -1) / np.sqrt(len(x))

    def ifft(X):
        return _in_frequency(X, +1) / np.sqrt(len(X))


@rejected("the exponent of the inverse is positive: this gives x_{-j}")
def ifft(X):
    return fft(X) / len(X)


@rejected("the conjugate of the result is missing: x comes back conjugated")
def ifft(X):
    return fft(np.conj(X)) / len(X)


@rejected("the inverse is complex: the imaginary part is dropped")
def ifft(X):
    return (np.conj(fft(np.conj(X))) / len(X)).real.copy()


@rejected("real x has a complex spectrum: the imaginary part is dropped")
def fft(x):
    X = _in_frequency(x, -1)
    return X if np.iscomplexobj(x) else X.real.copy()


@rejected("the imaginary part of x is dropped")
def fft(x):
    return _in_frequency(x.real, -1)


@rejected("the halves of x are transformed, not its even and odd samples")
def fft(x):
    n = len(x)
    if n == 1:
        return x.astype(complex)
    if n == 0 or n % 2:
        raise ValueError("no power of two")
    E, O = fft(x[: n // 2]), fft(x[n // 2 :])
    t = np.exp(-2j * np.pi * np.arange(n // 2) / n) * O
    return np.concatenate([E + t, E - t])


@rejected("twiddles of the level below: w belongs to the n of the result, not to the n/2 of its parts")
def fft(x):
    n = len(x)
    if n == 1:
        return x.astype(complex)
    if n == 0 or n % 2:
        raise ValueError("no power of two")
    E, O = fft(x[::2]), fft(x[1::2])
    t = np.exp(-4j * np.pi * np.arange(n // 2) / n) * O
    return np.concatenate([E + t, E - t])


@rejected("the twiddles of the longest transform at every level: each level has its own n")
def fft(x):
    N = len(x)
    if N == 0 or N & (N - 1):
        raise ValueError("no power of two")

    def part(x):
        n = len(x)
        if n == 1:
            return x.astype(complex)
        E, O = part(x[::2]), part(x[1::2])
        t = np.exp(-2j * np.pi * np.arange(n // 2) / N) * O
        return np.concatenate([E + t, E - t])

    return part(x)


@rejected("X_{k+n/2} = E_k - w^k O_k: w^{n/2} is -1, and without it the second half repeats the first")
def fft(x):
    n = len(x)
    if n == 1:
        return x.astype(complex)
    if n == 0 or n % 2:
        raise ValueError("no power of two")
    E, O = fft(x[::2]), fft(x[1::2])
    t = np.exp(-2j * np.pi * np.arange(n // 2) / n) * O
    return np.concatenate([E + t, E + t])


@rejected("the twiddle belongs to the odd samples: here the even ones have it")
def fft(x):
    n = len(x)
    if n == 1:
        return x.astype(complex)
    if n == 0 or n % 2:
        raise ValueError("no power of two")
    E, O = fft(x[::2]), fft(x[1::2])
    t = np.exp(-2j * np.pi * np.arange(n // 2) / n) * E
    return np.concatenate([t + O, t - O])


@rejected("sums and differences stand in turn: X_k belongs to the first half, X_{k+n/2} to the second")
def fft(x):
    n = len(x)
    if n == 1:
        return x.astype(complex)
    if n == 0 or n % 2:
        raise ValueError("no power of two")
    E, O = fft(x[::2]), fft(x[1::2])
    t = np.exp(-2j * np.pi * np.arange(n // 2) / n) * O
    return np.stack([E + t, E - t], axis=1).ravel()


@rejected("the frequencies come out in bit-reversed order")
def fft(x):
    n = len(x)
    if n == 0 or n & (n - 1):
        raise ValueError("no power of two")
    X, m = x.astype(complex), n
    while m > 1:
        a, b = X.reshape(n // m, 2, m // 2)[:, 0], X.reshape(n // m, 2, m // 2)[:, 1]
        w = np.exp(-2j * np.pi * np.arange(m // 2) / m)
        X, m = np.stack([a + b, (a - b) * w], axis=1).ravel(), m // 2
    return X


@rejected("twiddles by repeated multiplication: rounding grows with n. Take each from its own angle")
def fft(x):
    n = len(x)
    if n == 0 or n & (n - 1):
        raise ValueError("no power of two")
    X = x.reshape(1, n).T.astype(complex)
    while len(X) > 1:
        rows, m = X.shape
        w = np.cumprod(np.append(1, np.full(m - 1, np.exp(-1j * np.pi / m))))
        even, odd = X[: rows // 2], w * X[rows // 2 :]
        X = np.hstack([even + odd, even - odd])
    return X[0]


@rejected("twiddles as powers of a rounded w: the error of w is multiplied by the exponent")
def fft(x):
    n = len(x)
    if n == 0 or n & (n - 1):
        raise ValueError("no power of two")
    X = x.reshape(1, n).T.astype(complex)
    while len(X) > 1:
        rows, m = X.shape
        even, odd = X[: rows // 2], np.exp(-1j * np.pi / m) ** np.arange(m) * X[rows // 2 :]
        X = np.hstack([even + odd, even - odd])
    return X[0]


@rejected("right, but the product with the matrix: n² multiplications, and n² numbers to keep")
def fft(x):
    n = len(x)
    if n == 0 or n & (n - 1):
        raise ValueError("no power of two")
    return _matrix(n) @ x


@rejected("right, but a sum of n terms for each of n frequencies: n² multiplications")
def fft(x):
    n = len(x)
    if n == 0 or n & (n - 1):
        raise ValueError("no power of two")
    j, roots = np.arange(n), np.exp(-2j * np.pi * np.arange(n) / n)
    return np.array([roots[j * k % n] @ x for k in range(n)])


@rejected("padded with zeros to a power of two: that is the transform of another, longer signal")
def fft(x):
    n = 1
    while n < len(x):
        n *= 2
    return _in_frequency(np.append(x, np.zeros(n - len(x))), -1)


@rejected("an odd length ends the recursion like a single sample: 3 samples are no power of two")
def fft(x):
    n = len(x)
    if n % 2 or n == 0:
        return x.astype(complex)
    E, O = fft(x[::2]), fft(x[1::2])
    t = np.exp(-2j * np.pi * np.arange(n // 2) / n) * O
    return np.concatenate([E + t, E - t])


@rejected("0 is no power of two: an empty signal is an error, and so is a matrix without a row")
class empty:
    def dft_matrix(n):
        return _matrix(max(n, 0))

    def fft(x):
        return _in_frequency(x, -1) if len(x) else np.zeros(0, complex)


@rejected("n & (n - 1) is 0 for n = 0, too: an empty signal is an error")
def fft(x):
    return _in_frequency(x, -1) if len(x) else np.zeros(0, complex)


def _check(n):
    if n < 1:
        raise ValueError("n is at least 1")


def _matrix(n):
    j = np.arange(n)
    return np.exp(-2j * np.pi * (np.outer(j, j) % max(n, 1)) / max(n, 1))


def _in_frequency(x, sign):
    n = len(x)
    if n == 0 or n & (n - 1):
        raise ValueError("no power of two")
    if n == 1:
        return np.array(x, dtype=complex)
    a, b = x[: n // 2], x[n // 2 :]
    X = np.empty(n, complex)
    X[::2] = _in_frequency(a + b, sign)
    X[1::2] = _in_frequency((a - b) * np.exp(sign * 2j * np.pi * np.arange(n // 2) / n), sign)
    return X


equivalent("return X[0]", "return X[-1]", "one row is left")
