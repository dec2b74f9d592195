"""Oracle for numerical_gradient: the definition in extended precision, and gradients worked out by hand.

Each problem is a function of any number of variables, for real, long and complex input, with its gradient.
All are analytic and none is separable: a coordinate that is moved and not put back shows in the others.
"""

import numpy as np


def central_difference(f, x, h=1e-5):
    """The definition, one coordinate after the other, in the longest float there is."""
    x, h = np.array(x, dtype=np.longdouble), np.longdouble(h)
    gradient = []
    for i in range(len(x)):
        above, below = x.copy(), x.copy()
        above[i], below[i] = x[i] + h, x[i] - h
        gradient.append((f(above) - f(below)) / (above[i] - below[i]))
    return np.array(gradient, dtype=np.float64)


def rosenbrock(x):
    """Σ 100 (x_{i+1} - x_i²)² + (1 - x_i)²"""
    return (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()


def rosenbrock_gradient(x):
    g = np.zeros(len(x))
    for i in range(len(x) - 1):
        g[i] += -400 * x[i] * (x[i + 1] - x[i] ** 2) - 2 * (1 - x[i])
        g[i + 1] += 200 * (x[i + 1] - x[i] ** 2)
    return g


def wave(x):
    """sin(x_1 + 2 x_2 + ... + n x_n) exp(x_1 / 2)"""
    return np.sin((x * np.arange(1, len(x) + 1)).sum()) * np.exp(x[0] / 2)


def wave_gradient(x):
    k = np.arange(1, len(x) + 1)
    phase, size = (x * k).sum(), np.exp(x[0] / 2)
    g = np.cos(phase) * size * k
    g[0] += np.sin(phase) * size / 2
    return g


def softplus(x):
    """log(1 + exp(x_1 x_2 + x_2 x_3 + ... + x_n x_1))"""
    return np.log(1 + np.exp((x * np.roll(x, -1)).sum()))


def softplus_gradient(x):
    slope = 1 / (1 + np.exp(-(x * np.roll(x, -1)).sum()))
    return slope * (np.roll(x, -1) + np.roll(x, 1))


PROBLEMS = {
    "rosenbrock": (rosenbrock, rosenbrock_gradient),
    "wave": (wave, wave_gradient),
    "softplus": (softplus, softplus_gradient),
}


def squire_trapp(x):
    """exp(x) / sqrt(sin³x + cos³x), the example of the paper on the complex step."""
    return np.exp(x[0]) / np.sqrt(np.sin(x[0]) ** 3 + np.cos(x[0]) ** 3)
