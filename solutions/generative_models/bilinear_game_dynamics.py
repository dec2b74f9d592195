"""Two players, one function: why gradients that descend and ascend go round in circles.

In the game min_x max_y xᵀA y one player descends along A y, the other ascends along Aᵀx. With w = (x, y) both
follow one vector field,

    F(w) = (A y, -Aᵀx),        w ← w - lr F(w),

whose matrix is skew-symmetric: F is always at right angles to w. A gradient points downhill; this field only
turns, with speed sigma in the plane of each singular value sigma of A. In continuous time the players would
circle around the equilibrium (0, 0) for ever. What becomes of it in discrete time is up to the method:

    simultaneous     both move along F(w)                              spirals outwards
    alternating      x moves, then y answers to the new x              stays on an ellipse
    extragradient    both look ahead, w_half = w - lr F(w),
                     and move from w along F(w_half)                   spirals inwards
    optimistic       w_{t+1} = w_t - 2 lr F(w_t) + lr F(w_{t-1})       spirals inwards, one F a step

Each is linear. In the plane of sigma, where F has the eigenvalues ±i sigma, one step has eigenvalues that
depend on lr sigma only, and the largest modulus among them, the spectral radius, decides: above 1 the players
fly apart, below 1 they meet. All this is a picture of what a GAN does near its equilibrium.

Rules: no torch, no scipy.integrate, no scipy.optimize. Inputs are read-only; results are new arrays.

Source: Korpelevich 1976; Daskalakis et al., Training GANs with Optimism, ICLR 2018; Gidel et al., Negative
Momentum for Improved Game Dynamics, AISTATS 2019; Mescheder, Geiger & Nowozin, Which Training Methods for
GANs do actually Converge?, ICML 2018.
"""

import cmath
from typing import Literal

import numpy as np


def simultaneous_gda(
    A: np.ndarray, x: np.ndarray, y: np.ndarray, lr: float, steps: int
) -> tuple[np.ndarray, np.ndarray]:
    """Gradient descent in x and ascent in y, both from where they are: (x - lr A y, y + lr Aᵀx).

    A: (n, m), x: (n,), y: (m,), float64; steps >= 0. Returns the histories X: (steps + 1, n) and
    Y: (steps + 1, m): row 0 is the start, row t the iterate after t steps, and no average of iterates.

    >>> simultaneous_gda(np.array([[2.0]]), np.array([1.0]), np.array([1.0]), 0.5, 1)
    (array([[1.],
           [0.]]), array([[1.],
           [2.]]))
    """
    X, Y = _start(x, y, steps)
    for t in range(steps):
        X[t + 1] = X[t] - lr * A @ Y[t]
        Y[t + 1] = Y[t] + lr * X[t] @ A  # the old x: nobody sees the other move
    return X, Y


def alternating_gda(
    A: np.ndarray, x: np.ndarray, y: np.ndarray, lr: float, steps: int
) -> tuple[np.ndarray, np.ndarray]:
    """The same in turns: x moves, then y by the gradient at the new x. One step is a move of both.

    Shapes as in `simultaneous_gda`.

    >>> alternating_gda(np.array([[2.0]]), np.array([1.0]), np.array([1.0]), 0.5, 1)
    (array([[1.],
           [0.]]), array([[1.],
           [1.]]))
    """
    X, Y = _start(x, y, steps)
    for t in range(steps):
        X[t + 1] = X[t] - lr * A @ Y[t]
        Y[t + 1] = Y[t] + lr * X[t + 1] @ A
    return X, Y


def extragradient(A: np.ndarray, x: np.ndarray, y: np.ndarray, lr: float, steps: int) -> tuple[np.ndarray, np.ndarray]:
    """A simultaneous step to look ahead, then the step from the old point by the gradients found there.

    Shapes as in `simultaneous_gda`; the points looked at are not part of the histories.

    >>> extragradient(np.array([[2.0]]), np.array([1.0]), np.array([1.0]), 0.5, 1)
    (array([[ 1.],
           [-1.]]), array([[1.],
           [1.]]))
    """
    X, Y = _start(x, y, steps)
    for t in range(steps):
        x_half = X[t] - lr * A @ Y[t]
        y_half = Y[t] + lr * X[t] @ A
        X[t + 1] = X[t] - lr * A @ y_half
        Y[t + 1] = Y[t] + lr * x_half @ A
    return X, Y


def iteration_radius(
    sigma: float, lr: float, method: Literal["simultaneous", "alternating", "extragradient", "optimistic"]
) -> float:
    """The spectral radius of one step of a method on the game sigma x y: the largest |eigenvalue|.

    sigma, lr > 0. The state is (x, y), and for "optimistic" (x_t, y_t, x_{t-1}, y_{t-1}). ValueError for any
    other method.

    >>> iteration_radius(1.0, 0.75, "simultaneous")  # |1 - 0.75 i|
    1.25
    """
    a = lr * sigma
    mu = 1j * a  # an eigenvalue of lr F; the other is its conjugate and gives the same moduli
    match method:
        case "simultaneous":
            eigenvalues = [1 - mu]
        case "alternating":  # x' = x - a y, y' = y + a x': determinant 1, trace 2 - a²
            eigenvalues = _roots(2 - a * a, 1.0)
        case "extragradient":
            eigenvalues = [1 - mu * (1 - mu)]
        case "optimistic":  # w ~ z^t in the recurrence: z² = (1 - 2 mu) z + mu
            eigenvalues = _roots(1 - 2 * mu, -mu)
        case _:
            raise ValueError(f"no such method: {method!r}")
    return max(abs(z) for z in eigenvalues)


def _roots(trace: complex, determinant: complex) -> list[complex]:
    """The roots of z² - trace z + determinant."""
    root = cmath.sqrt(trace * trace - 4 * determinant)
    return [(trace + root) / 2, (trace - root) / 2]


def _start(x: np.ndarray, y: np.ndarray, steps: int) -> tuple[np.ndarray, np.ndarray]:
    """Two histories with only row 0 filled in."""
    X, Y = np.empty((steps + 1, len(x))), np.empty((steps + 1, len(y)))
    X[0], Y[0] = x, y
    return X, Y
