"""Oracle for gradient_descent_line_search: closed forms on quadratics, and the definitions as written.

Along p a quadratic is a parabola, f(x + αp) = f(x) + α gᵀp + α²/2 pᵀA p, and Armijo's condition reads α
<= 2 (1 - c1) (-gᵀp) / pᵀA p: which of alpha0, rho alpha0, ... is the first that is so small is a
logarithm.
"""

import math

import numpy as np


def longest_step(A, g, p, c1):
    """The longest step that Armijo's condition admits on a quadratic with Hessian A."""
    return -2 * (1 - c1) * float(g @ p) / float(p @ A @ p)


def step_at_most(longest, rho, alpha0):
    """The first of alpha0, rho alpha0, ... that is not longer than `longest`."""
    return alpha0 * rho ** max(0, math.ceil(math.log(longest / alpha0) / math.log(rho)))


def gradient_descent(f, grad, x0, max_iter):
    """`max_iter` steps by the definition; every step length that may be asked for is listed beforehand."""
    path = [np.array(x0)]
    for _ in range(max_iter):
        x, p = path[-1], -grad(path[-1])
        slope = -math.fsum(p * p)
        good = (k for k in range(1000) if _armijo(f(x), f(x + 2.0**-k * p), 1e-4 * 2.0**-k * slope))
        path.append(x + 2.0 ** -next(good) * p)
    return path[-1], [float(f(x)) for x in path]


def _armijo(before, after, change):
    return math.isfinite(after) and after - before <= change


def exact_step(A, g):
    """The vertex of the parabola through f(x), f(x - g) and f(x + g), up to the constant f(x)."""
    down, up = -g @ g + g @ A @ g / 2, g @ g + g @ A @ g / 2
    return float((up - down) / (2 * (up + down)))


def contraction_factor(A, lr):
    """The spectral radius from the eigenvalues of the matrix I - lr A itself."""
    return float(np.abs(np.linalg.eigvals(np.eye(len(A)) - lr * A)).max())


# --- functions to descend ---


def quadratic(A, b):
    """f and ∇f of 1/2 xᵀA x - bᵀx."""
    return (lambda x: float(x @ A @ x / 2 - b @ x)), (lambda x: A @ x - b)


def rosenbrock(steepness):
    """f and ∇f of (1 - x)² + steepness (y - x²)²: a valley along y = x², with its minimum 0 at (1, 1)."""

    def f(x):
        return float((1 - x[0]) ** 2 + steepness * (x[1] - x[0] ** 2) ** 2)

    def grad(x):
        across = x[1] - x[0] ** 2
        return np.array([-2 * (1 - x[0]) - 4 * steepness * x[0] * across, 2 * steepness * across])

    return f, grad


def quartic():
    """f and ∇f of x⁴/4: steep far away, flat near 0."""
    return (lambda x: float(x[0] ** 4 / 4)), (lambda x: x**3)


def barrier():
    """f and ∇f of 10 x - log x: nan for x < 0, infinite at 0, least at 1/10."""

    def f(x):
        with np.errstate(all="ignore"):
            return float(10 * x[0] - np.log(x[0]))

    return f, lambda x: 10 - 1 / x
