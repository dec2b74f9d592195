"""Oracle for runge_kutta: Butcher's tableaux run through one general loop, closed forms, scipy."""

import itertools
import math
from fractions import Fraction

import numpy as np

# method -> (A, b): c is the row sums of A
TABLEAUX = {
    "euler": ([[0.0]], [1.0]),
    "midpoint": ([[0.0, 0.0], [0.5, 0.0]], [0.0, 1.0]),
    "rk4": (
        [[0.0, 0.0, 0.0, 0.0], [0.5, 0.0, 0.0, 0.0], [0.0, 0.5, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0]],
        [1 / 6, 1 / 3, 1 / 3, 1 / 6],
    ),
}
ORDERS = {"euler": 1, "midpoint": 2, "rk4": 4}


def step(f, t, y, h, method):
    """y + h Σ b_i k_i with k_i = f(t + c_i h, y + h Σ_j A_ij k_j), for any explicit tableau."""
    A, b = TABLEAUX[method]
    k = np.zeros((len(b), len(y)))
    for i, row in enumerate(A):
        k[i] = f(t + sum(row) * h, y + h * np.array(row) @ k)
    return y + h * np.array(b) @ k


def integrate(f, y0, t, method):
    rows = [np.array(y0)]
    for a, b in itertools.pairwise(t):
        rows.append(step(f, a, rows[-1], b - a, method))
    return np.array(rows)


def observed_order(f, y0, T, exact, method):
    """log2 of the ratio of errors, 64 steps against 128."""
    errors = []
    for N in (64, 128):
        y = np.array(y0)
        for i in range(N):
            y = step(f, T * i / N, y, T / N, method)
        errors.append(math.sqrt(sum((y - exact) ** 2)))
    return math.log(errors[0] / errors[1]) / math.log(2)


def stability_function(z, method):
    """det(I - z A + z 1 bᵀ), a polynomial for an explicit tableau: R without a Taylor series."""
    A, b = (np.array(part) for part in TABLEAUX[method])
    s = len(b)
    return complex(np.linalg.det(np.eye(s) - z * A + z * np.outer(np.ones(s), b)))


def exact_stability(x, method):
    """R at a real x as a fraction: the Taylor polynomial of the exponential."""
    x = Fraction(x)
    return float(sum(x**k / math.factorial(k) for k in range(ORDERS[method] + 1)))


def solve_ivp(f, y0, t):
    """scipy's own integrator, at the times t, to twelve digits."""
    from scipy.integrate import solve_ivp

    return solve_ivp(f, (t[0], t[-1]), y0, t_eval=t, method="DOP853", rtol=1e-12, atol=1e-13).y.T
