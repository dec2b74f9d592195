"""Oracle for saddle_points: the inertia without eigenvalues, |H| as a polar factor, and steps that are counted.

By Sylvester's law of inertia H has as many negative eigenvalues as the D of H = L D Lᵀ; how many eigenvalues are
below s is the same question about H - sI.
"""

from decimal import Decimal, localcontext

import numpy as np
import scipy.linalg


def inertia(H, rtol=1e-8):
    """How many eigenvalues of H count as negative, as zero, as positive."""
    size = np.linalg.norm(H, 2)  # the largest |eigenvalue|, as a singular value
    if size == 0:
        return 0, len(H), 0
    negative, below = _eigenvalues_below(H / size, -rtol), _eigenvalues_below(H / size, rtol)
    return negative, below - negative, len(H) - below


def _eigenvalues_below(H, s):
    _, D, _ = scipy.linalg.ldl(H - s * np.eye(len(H)))
    count, i = 0, 0
    while i < len(D):
        if i + 1 < len(D) and D[i, i + 1] != 0:  # a 2x2 block of D has one eigenvalue of each sign
            count, i = count + 1, i + 2
        else:
            count, i = count + (D[i, i] < 0), i + 1
    return int(count)


def kind(H, rtol=1e-8):
    negative, zero, positive = inertia(H, rtol)
    if zero:
        return "degenerate"
    return "minimum" if not negative else "maximum" if not positive else "saddle"


def saddle_free_newton_step(g, H, damping=0.0):
    """|H| is the positive factor of the polar decomposition of H."""
    _, size = scipy.linalg.polar(H)
    return np.linalg.solve(size + damping * np.eye(len(g)), -g)


def escape_time(lam_neg, delta, lr):
    """Gradient descent itself, counted in 50 digits."""
    with localcontext() as context:
        context.prec = 50
        x, growth, t = Decimal(delta), 1 - Decimal(lr) * Decimal(lam_neg), 0
        while x < 1:
            x, t = x * growth, t + 1
    return t


def long_escape_time(lam_neg, delta, lr):
    """The quotient of logarithms in 50 digits: the step at which |x| = 1, not yet rounded up."""
    with localcontext() as context:
        context.prec = 50
        return -Decimal(delta).ln() / (1 - Decimal(lr) * Decimal(lam_neg)).ln()


# --- critical points with names ---


def himmelblau(x, y):
    """The Hessian of (x² + y - 11)² + (x + y² - 7)²."""
    cross = 4 * (x + y)
    return np.array([[12 * x**2 + 4 * y - 42, cross], [cross, 12 * y**2 + 4 * x - 26]])
