"""Known answers for runge_kutta."""

import math

import numpy as np

from dojo.answers import accepted, rejected


@accepted("the slopes are summed as they come: k1 / 6 + k2 / 3 + k3 / 3 + k4 / 6")
def rk4_step(f, t, y, h):
    total, k = np.zeros_like(y), np.zeros_like(y)
    for c, b in ((0, 1 / 6), (0.5, 1 / 3), (0.5, 1 / 3), (1, 1 / 6)):
        k = f(t + c * h, y + c * h * k)
        total = total + b * k
    return y + h * total


@accepted("a list of rows, stacked at the end")
def integrate(f, y0, t, method):
    def advance(t, y, h):
        if method == "euler":
            return y + h * f(t, y)
        if method == "midpoint":
            return y + h * f(t + h / 2, y + h / 2 * f(t, y))
        return rk4_step(f, t, y, h)

    if method not in ("euler", "midpoint", "rk4"):
        raise ValueError(method)
    rows = [y0]
    for i, h in enumerate(np.diff(t)):
        rows.append(advance(t[i], rows[-1], h))
    return np.stack(rows)


@accepted("R by running the method on y' = λ y, and by Horner's rule")
def stability_function(z, method):
    degree = {"euler": 1, "midpoint": 2, "rk4": 4}
    if method not in degree:
        raise ValueError(method)
    R = 1 + 0j
    for k in range(degree[method], 0, -1):
        R = 1 + z / k * R
    return complex(R)


@accepted("natural logarithms, and the norm as a square root of a dot product")
def observed_order(f, y0, T, exact, method):
    errors = []
    for N in (64, 128):
        miss = integrate(f, y0, np.arange(N + 1) * (T / N), method)[-1] - exact
        errors.append(math.log(miss @ miss) / 2)
    return (errors[0] - errors[1]) / math.log(2)


@rejected("all stages are taken at time t: they belong to t, t + h/2, t + h/2, t + h")
def rk4_step(f, t, y, h):
    k1 = f(t, y)
    k2 = f(t, y + h / 2 * k1)
    k3 = f(t, y + h / 2 * k2)
    k4 = f(t, y + h * k3)
    return y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)


@rejected("the last stage goes half a step: k4 = f(t + h, y + h k3)")
def rk4_step(f, t, y, h):
    k1 = f(t, y)
    k2 = f(t + h / 2, y + h / 2 * k1)
    k3 = f(t + h / 2, y + h / 2 * k2)
    k4 = f(t + h, y + h / 2 * k3)
    return y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)


@rejected("the weights 1, 2, 2, 1 sum to 6: the step is h/6 times the sum")
def rk4_step(f, t, y, h):
    k1 = f(t, y)
    k2 = f(t + h / 2, y + h / 2 * k1)
    k3 = f(t + h / 2, y + h / 2 * k2)
    k4 = f(t + h, y + h * k3)
    return y + h * (k1 + 2 * k2 + 2 * k3 + k4)


@rejected("k3 starts from k1 again: it is f(t + h/2, y + h/2 k2)")
def rk4_step(f, t, y, h):
    k1 = f(t, y)
    k2 = f(t + h / 2, y + h / 2 * k1)
    k3 = f(t + h / 2, y + h / 2 * k1)
    k4 = f(t + h, y + h * k3)
    return y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)


@rejected("the weights are those of the 3/8 rule, 1, 3, 3, 1 over 8, which has other stages")
def rk4_step(f, t, y, h):
    k1 = f(t, y)
    k2 = f(t + h / 2, y + h / 2 * k1)
    k3 = f(t + h / 2, y + h / 2 * k2)
    k4 = f(t + h, y + h * k3)
    return y + h / 8 * (k1 + 3 * k2 + 3 * k3 + k4)


@rejected("y += ... writes into the caller's array: a step returns a new one")
def rk4_step(f, t, y, h):
    k1 = f(t, y)
    k2 = f(t + h / 2, y + h / 2 * k1)
    k3 = f(t + h / 2, y + h / 2 * k2)
    k4 = f(t + h, y + h * k3)
    y += h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
    return y


@rejected("the slope that f returned is overwritten: it may be an array that f uses again")
def rk4_step(f, t, y, h):
    k1 = f(t, y)
    k2 = f(t + h / 2, y + h / 2 * k1)
    k3 = f(t + h / 2, y + h / 2 * k2)
    k4 = f(t + h, y + h * k3)
    k2 *= 2
    k3 *= 2
    return y + h / 6 * (k1 + k2 + k3 + k4)


@rejected("one step length for all: h is t[i+1] - t[i], and the times may be uneven")
def integrate(f, y0, t, method):
    if method not in _STEPS:
        raise ValueError(method)
    rows = [np.array(y0)]
    for i in range(len(t) - 1):
        rows.append(_STEPS[method](f, float(t[i]), rows[-1], float(t[1] - t[0])))
    return np.array(rows)


@rejected("the step starts at the wrong end: f is taken at t[i+1] where the step goes on from t[i]")
def integrate(f, y0, t, method):
    if method not in _STEPS:
        raise ValueError(method)
    rows = [np.array(y0)]
    for i in range(len(t) - 1):
        rows.append(_STEPS[method](f, float(t[i + 1]), rows[-1], float(t[i + 1] - t[i])))
    return np.array(rows)


@rejected("midpoint is Heun's method here: of order 2 as well, but with the mean of the slopes at both ends")
def integrate(f, y0, t, method):
    def heun(f, t, y, h):
        k1 = f(t, y)
        return y + h / 2 * (k1 + f(t + h, y + h * k1))

    if method not in _STEPS:
        raise ValueError(method)
    rows = [np.array(y0)]
    for i in range(len(t) - 1):
        step = heun if method == "midpoint" else _STEPS[method]
        rows.append(step(f, float(t[i]), rows[-1], float(t[i + 1] - t[i])))
    return np.array(rows)


@rejected("steps so small that the error of rk4 is rounding: its order cannot be seen there")
def observed_order(f, y0, T, exact, method):
    errors = [np.linalg.norm(integrate(f, y0, np.linspace(0.0, T, N + 1), method)[-1] - exact) for N in (2048, 4096)]
    return float(np.log2(errors[0] / errors[1]))


@rejected("the growth of exp(z) itself: R is its Taylor polynomial, and what it leaves out makes the limit")
def stability_function(z, method):
    if method not in _STEPS:
        raise ValueError(method)
    return complex(np.exp(complex(z)))
