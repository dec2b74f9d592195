"""Known answers for logistic_map."""

import itertools
import math

import numpy as np

from dojo.answers import accepted, equivalent, rejected


@accepted("the orbit as an accumulation, multiplied in another order: x - x² times r")
def orbit(r, x0, n, burn=0):
    points = itertools.accumulate(itertools.repeat(r, burn + n - 1), lambda x, r: r * (x - x * x), initial=x0)
    return np.array(list(points)[burn : burn + n], dtype=np.float64)


@accepted("one point at a time, with logarithms from math, in one pass")
def lyapunov_exponent(r, x0=0.3, n=100_000, burn=1000):
    x, total = float(x0), 0.0
    for k in range(burn + n):
        if k >= burn:
            slope = abs(r - 2 * r * x)
            if slope == 0:
                return -math.inf
            total += math.log(slope)
        x = r * x * (1 - x)
    return total / n


@accepted("the secant method: no derivative by r")
def superstable_parameter(n, guess):
    def rest(r):
        x = 0.5
        for _ in range(2**n):
            x = r * x * (1 - x)
        return x - 0.5

    a, b = guess, guess * (1 + 1e-6)
    fa, fb = rest(a), rest(b)
    for _ in range(50):
        if fb == fa or fb == 0:
            break
        a, b, fa = b, b - fb * (b - a) / (fb - fa), fb
        fb = rest(b)
    return b


@accepted("the period by a list of points, compared one by one")
def detect_period(r, x0=0.3, max_period=64, burn=20_000, tol=1e-9):
    x = orbit(r, x0, 2 * max_period, burn).tolist()
    found = (p for p in range(1, max_period + 1) if all(abs(x[k + p] - x[k]) <= tol for k in range(max_period)))
    return next(found, 0)


@rejected("the first point is x_1: an orbit starts at x0")
def orbit(r, x0, n, burn=0):
    points, x = [], x0
    for _ in range(burn + n):
        x = r * x * (1 - x)
        points.append(x)
    return np.array(points[burn:])


@rejected("the transient is kept: burn leaves out the first points")
def orbit(r, x0, n, burn=0):
    points = np.empty(n)
    for k in range(n):
        points[k] = x0
        x0 = r * x0 * (1 - x0)
    return points


@rejected("the logarithm of the points: λ is the mean logarithm of the derivative r (1 - 2x)")
def lyapunov_exponent(r, x0=0.3, n=100_000, burn=1000):
    with np.errstate(divide="ignore"):
        return float(np.log(np.abs(orbit(r, x0, n, burn))).mean())


@rejected("no absolute value: the derivative is negative right of 1/2, and its logarithm NaN")
def lyapunov_exponent(r, x0=0.3, n=100_000, burn=1000):
    with np.errstate(all="ignore"):
        return float(np.log(r * (1 - 2 * orbit(r, x0, n, burn))).mean())


@rejected("the derivative has lost its r: f'(x) = r (1 - 2x)")
def lyapunov_exponent(r, x0=0.3, n=100_000, burn=1000):
    with np.errstate(all="ignore"):
        return float(np.log(np.abs(1 - 2 * orbit(r, x0, n, burn))).mean())


@rejected("a logarithm to the base 2 counts bits: λ is in natural logarithms")
def lyapunov_exponent(r, x0=0.3, n=100_000, burn=1000):
    with np.errstate(divide="ignore"):
        return float(np.log2(np.abs(r * (1 - 2 * orbit(r, x0, n, burn)))).mean())


@rejected("a floor under the slope turns -inf into a number: log 0 is meant to be -inf")
def lyapunov_exponent(r, x0=0.3, n=100_000, burn=1000):
    return float(np.log(np.abs(r * (1 - 2 * orbit(r, x0, n, burn))) + 1e-300).mean())


@rejected("the slopes are multiplied before the logarithm: the product leaves float64 after some hundred steps")
def lyapunov_exponent(r, x0=0.3, n=100_000, burn=1000):
    with np.errstate(all="ignore"):
        return float(np.log(np.abs(np.prod(r * (1 - 2 * orbit(r, x0, n, burn))))) / n)


@rejected("the period is searched from above: 64 is a multiple of 2, and the least period is meant")
def detect_period(r, x0=0.3, max_period=64, burn=20_000, tol=1e-9):
    x = orbit(r, x0, 2 * max_period, burn)
    for p in range(max_period, 0, -1):
        if np.abs(x[p : p + max_period] - x[:max_period]).max() <= tol:
            return p
    return 0


@rejected("only powers of two are tried: there is a window of period 3")
def detect_period(r, x0=0.3, max_period=64, burn=20_000, tol=1e-9):
    x = orbit(r, x0, 2 * max_period, burn)
    p = 1
    while p <= max_period:
        if np.abs(x[p : p + max_period] - x[:max_period]).max() <= tol:
            return p
        p *= 2
    return 0


@rejected("one point that comes back is no period: all max_period of them have to")
def detect_period(r, x0=0.3, max_period=64, burn=20_000, tol=1e-9):
    x = orbit(r, x0, max_period + 1, burn)
    close = np.flatnonzero(np.abs(x[1:] - x[0]) <= tol)
    return int(close[0]) + 1 if len(close) else 0


@rejected("n iterates of f, where 2^n are meant")
def superstable_parameter(n, guess):
    r = guess
    for _ in range(50):
        x, slope = 0.5, 0.0
        for _ in range(max(n, 1)):
            x, slope = r * x * (1 - x), x * (1 - x) + r * (1 - 2 * x) * slope
        r -= (x - 0.5) / slope
    return r


@rejected("r is in every one of the 2^n factors: the derivative needs the chain rule through x as well")
def superstable_parameter(n, guess):
    r = guess
    for _ in range(50):
        x = 0.5
        for _ in range(2**n):
            x, slope = r * x * (1 - x), x * (1 - x)
        r -= (x - 0.5) / slope
    return r


equivalent(
    "x = orbit(r, x0, 2 * max_period, burn)",
    "x = orbit(r, x0, 3 * max_period, burn)",
    "points beyond the second max_period are never looked at",
)
equivalent("for _ in range(12):", "for _ in range(13):", "Newton has long converged: one step more is rounding")
equivalent("for _ in range(12):", "for _ in range(11):", "Newton has converged before the eleventh step")
equivalent('with np.errstate(divide="ignore"):', "with np.errstate():", "a warning more, the same result")
