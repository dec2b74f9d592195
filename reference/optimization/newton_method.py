"""Oracle for newton_method: what a step must satisfy, closed forms in one unknown, Cramer's rule in two.

A vector p is -B⁻¹g for a symmetric B with eigenvalues between a and b if and only if -g lies in the ball
whose diameter goes from a p to b p: (-g - a p)ᵀ(b p + g) >= 0. So B need not be known to see that a step
is one.
"""

import math

import numpy as np


def outside(g, H, min_eig, p):
    """How far -g is outside that ball, in units of ‖g‖ and ‖b p‖; 0 inside. 1 % is allowed to rounding."""
    a = 0.99 * min_eig
    b = 1.01 * 4 * (np.abs(np.linalg.eigvals(H)).max() + min_eig)
    inside = (-g - a * p) @ (b * p + g)
    return max(0.0, float(-inside / (np.linalg.norm(g) * (np.linalg.norm(g) + np.linalg.norm(b * p)))))


def residual(g, H, p):
    """‖H p + g‖ in units of what rounding explains, ε (‖H‖ ‖p‖ + ‖g‖)."""
    scale = np.linalg.norm(H, 2) * np.linalg.norm(p) + np.linalg.norm(g)
    return float(np.linalg.norm(H @ p + g) / (np.finfo(float).eps * scale))


def newton_in_two(f, grad, hess, x0, steps):
    """(x, gradient norms) after `steps` steps in two unknowns with positive definite Hessians, by Cramer's rule."""
    x, g = np.array(x0), grad(x0)
    norms = [math.hypot(*g)]
    for _ in range(steps):
        (a, b), (c, d) = hess(x)
        p = np.array([-(d * g[0] - b * g[1]), -(a * g[1] - c * g[0])]) / (a * d - b * c)
        lengths = (2.0**-k for k in range(1000))
        x = x + next(t for t in lengths if f(x + t * p) - f(x) <= 1e-4 * t * math.fsum(p * g)) * p
        g = grad(x)
        norms.append(math.hypot(*g))
    return x, norms


def exponential_path(x0, steps):
    """The same for eˣ - 2x in one unknown, where p = 2 e⁻ˣ - 1; from x0 >= 0 no step has to be shortened."""
    x = np.array(x0)
    norms = [float(abs(np.exp(x[0]) - 2))]
    for _ in range(steps):
        x = x + 2 * np.exp(-x) - 1
        norms.append(float(abs(np.exp(x[0]) - 2)))
    return x, norms


# --- functions, each with gradient and Hessian ---


def quadratic(A, b):
    return (lambda x: float(x @ A @ x / 2 - b @ x)), (lambda x: A @ x - b), (lambda x: A.copy())


def rosenbrock():
    """(1 - x)² + 100 (y - x²)², least at (1, 1)."""

    def grad(x):
        across = x[1] - x[0] ** 2
        return np.array([-2 * (1 - x[0]) - 400 * x[0] * across, 200 * across])

    def hess(x):
        return np.array([[2 - 400 * x[1] + 1200 * x[0] ** 2, -400 * x[0]], [-400 * x[0], 200.0]])

    return (lambda x: float((1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2)), grad, hess


def scalar(f, slope, curvature):
    """A function of one unknown as one of x of shape (1,)."""
    return (
        lambda x: float(f(x[0])),
        lambda x: np.array([slope(x[0])]),
        lambda x: np.array([[curvature(x[0])]]),
    )


def exponential():
    """eˣ - 2x, least at log 2."""
    return scalar(lambda x: np.exp(x) - 2 * x, lambda x: np.exp(x) - 2, np.exp)


def double_well():
    """x⁴ - x²: minima at ±√(1/2), a maximum at 0."""
    return scalar(lambda x: x**4 - x**2, lambda x: 4 * x**3 - 2 * x, lambda x: 12 * x**2 - 2)


def quartic():
    """x⁴, least at 0, where the second derivative is 0, too."""
    return scalar(lambda x: x**4, lambda x: 4 * x**3, lambda x: 12 * x**2)


def root():
    """√(1 + x²), convex, least at 0."""
    return scalar(lambda x: math.sqrt(1 + x * x), lambda x: x / math.sqrt(1 + x * x), lambda x: (1 + x * x) ** -1.5)


def barrier():
    """x - log x: nan for x < 0, infinite at 0, least at 1."""

    def f(x):
        with np.errstate(all="ignore"):
            return x - np.log(x)

    return scalar(f, lambda x: 1 - 1 / x, lambda x: x**-2)


def saddle():
    """x²/2 + y⁴/4 - y²/2: a saddle at 0, minima at (0, ±1)."""
    return (
        lambda x: float(x[0] ** 2 / 2 + x[1] ** 4 / 4 - x[1] ** 2 / 2),
        lambda x: np.array([x[0], x[1] ** 3 - x[1]]),
        lambda x: np.diag([1.0, 3 * x[1] ** 2 - 1]),
    )


def far_parabola(c):
    """‖x‖²/2 - cᵀx, summed one product after the other: its minimum -‖c‖²/2 is large, its rounding, too."""

    def f(x):
        total = 0.0
        for xi, ci in zip(x.tolist(), c.tolist(), strict=True):
            total += xi * xi / 2
            total -= ci * xi
        return total

    return f, (lambda x: x - c), (lambda x: np.eye(len(c)))


def logistic(X, y, ridge):
    """Logistic regression, sum_i log(1 + exp(-y_i x_iᵀw)) + ridge/2 ‖w‖², with y_i = ±1."""

    def f(w):
        return float(np.logaddexp(0, -y * (X @ w)).sum() + ridge / 2 * w @ w)

    def grad(w):
        return -X.T @ (y / (1 + np.exp(y * (X @ w)))) + ridge * w

    def hess(w):
        s = 1 / (1 + np.exp(-X @ w))
        return (X.T * (s * (1 - s))) @ X + ridge * np.eye(len(w))

    return f, grad, hess
