"""Runge-Kutta methods: Euler, midpoint, RK4; their order and their stability.

An explicit method advances y' = f(t, y) by a step h from values of f alone:

    euler       y + h k1                             k1 = f(t, y)
    midpoint    y + h k2                             k2 = f(t + h/2, y + h/2 k1)
    rk4         y + h/6 (k1 + 2 k2 + 2 k3 + k4)      k3 = f(t + h/2, y + h/2 k2),  k4 = f(t + h, y + h k3)

Accuracy: over a fixed time the error is O(h^p), with order p = 1, 2, 4.

Stability is another matter. On y' = λ y each step multiplies y by R(hλ), where R(z) is the Taylor polynomial of
exp(z) of degree p. The numerical solution stays bounded iff |R(hλ)| <= 1, however smooth the true one is: with
λ = -1000 and h = 0.003 all three explode, although y itself is long gone. Gradient descent is Euler's method on
θ' = -∇L(θ): its learning rate is h, its bound lr <= 2/λ_max is |1 + hλ| <= 1. A residual block x + g(x) is an
Euler step too.

Throughout, f(t, y) takes a float t and an array y of shape (n,) and gives an array of shape (n,); the arrays are
float64. f may be handed the same y again: neither y nor what f returned may be written to.

Rules: no scipy.integrate, no torchdiffeq. Inputs are read-only; results are new arrays.

Source: Hairer, Nørsett & Wanner, Solving Ordinary Differential Equations I, ch. II; LeVeque, Finite Difference
Methods, ch. 5-7; Strogatz, Nonlinear Dynamics and Chaos, 2.8.
"""

from collections.abc import Callable
from typing import Literal

import numpy as np

Field = Callable[[float, np.ndarray], np.ndarray]
Method = Literal["euler", "midpoint", "rk4"]


def rk4_step(f: Field, t: float, y: np.ndarray, h: float) -> np.ndarray:
    """y(t + h) from y = y(t), of shape (n,), by one step of rk4. f is called four times. h may be negative.

    >>> rk4_step(lambda t, y: y, 0.0, np.array([24.0]), 1.0)  # 24 (1 + 1 + 1/2 + 1/6 + 1/24)
    array([65.])
    """
    k1 = f(t, y)
    k2 = f(t + h / 2, y + h / 2 * k1)
    k3 = f(t + h / 2, y + h / 2 * k2)
    k4 = f(t + h, y + h * k3)
    return y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)


def integrate(f: Field, y0: np.ndarray, t: np.ndarray, method: Method) -> np.ndarray:
    """The solution of y' = f(t, y), y(t[0]) = y0, at the times t: one step of the method from each to the next.

    y0: (n,); t: (m,) with m >= 1, in any spacing, rising or falling. Returns (m, n); row i belongs to t[i], and
    row 0 is y0. Another name of a method is a ValueError.

    >>> integrate(lambda t, y: y, np.array([1.0]), np.array([0.0, 1.0, 1.5]), "euler")
    array([[1.],
           [2.],
           [3.]])
    """
    if method not in _STEPS:
        raise ValueError(f"no method is called {method!r}")
    step = _STEPS[method]
    y = np.empty((len(t), len(y0)))
    y[0] = y0
    for i in range(len(t) - 1):
        y[i + 1] = step(f, float(t[i]), y[i], float(t[i + 1] - t[i]))
    return y


def observed_order(f: Field, y0: np.ndarray, T: float, exact: np.ndarray, method: Method) -> float:
    """The order p, measured: log2(e_64 / e_128) on y' = f(t, y), y(0) = y0.

    e_N is the error at time T of N equal steps, the Euclidean norm of y_N - exact. exact: (n,), the true y(T).
    64 and 128 steps are few enough for the error to be far above rounding, and many enough for O(h^p) to be in
    sight.

    >>> round(observed_order(lambda t, y: y, np.array([1.0]), 1.0, np.exp([1.0]), "midpoint"), 1)
    2.0
    """
    coarse, fine = (np.linalg.norm(integrate(f, y0, np.linspace(0.0, T, N + 1), method)[-1] - exact) for N in (64, 128))
    return float(np.log2(coarse / fine))


def stability_function(z: complex, method: Method) -> complex:
    """R(z), by which one step multiplies y where y' = λ y and z = hλ. Another name is a ValueError.

    Returns a Python complex, also for a real z.

    >>> stability_function(-1, "midpoint")
    (0.5+0j)
    """
    if method not in _STEPS:
        raise ValueError(f"no method is called {method!r}")
    z = complex(z)
    if method == "euler":
        return 1 + z
    if method == "midpoint":
        return 1 + z + z**2 / 2
    return 1 + z + z**2 / 2 + z**3 / 6 + z**4 / 24


def _euler_step(f: Field, t: float, y: np.ndarray, h: float) -> np.ndarray:
    return y + h * f(t, y)


def _midpoint_step(f: Field, t: float, y: np.ndarray, h: float) -> np.ndarray:
    return y + h * f(t + h / 2, y + h / 2 * f(t, y))


_STEPS = {"euler": _euler_step, "midpoint": _midpoint_step, "rk4": rk4_step}
