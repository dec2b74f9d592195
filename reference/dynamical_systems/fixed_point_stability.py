"""Oracle for fixed_point_stability: contraction instead of Newton, eigenvalues instead of trace and determinant."""

import numpy as np


def rabbits_and_sheep(x):
    """Strogatz, sec. 6.4: two species that compete for the same grass."""
    return np.array([x[0] * (3 - x[0] - 2 * x[1]), x[1] * (2 - x[0] - x[1])])


def rabbits_jacobian(x):
    return np.array([[3 - 2 * x[0] - 2 * x[1], -2 * x[0]], [-x[1], 2 - x[0] - 2 * x[1]]])


# fixed point -> its kind
RABBITS = {
    (0.0, 0.0): "unstable node",
    (0.0, 2.0): "stable node",
    (3.0, 0.0): "stable node",
    (1.0, 1.0): "saddle",
}


def attractor(W, b):
    """The fixed point of x' = -x + W tanh(x) + b with ‖W‖ < 1, by 2000 rounds of x ← W tanh(x) + b."""
    x = np.zeros(len(b))
    for _ in range(2000):
        x = W @ np.tanh(x) + b
    return x


def classify(J, border=1e-6):
    """The kind by the eigenvalues, for J with entries about 1; '' within `border` of a change of kind."""
    a, b = np.linalg.eigvals(J)
    if min(abs(a), abs(b), abs(a - b), abs((a + b).real)) < border:
        return ""
    if abs(a.imag) > 0:
        return "stable spiral" if a.real < 0 else "unstable spiral"
    if a.real * b.real < 0:
        return "saddle"
    return "stable node" if a.real < 0 else "unstable node"


def dies_out(J):
    """Whether J^(2^20) is zero: the map itself, squared again and again. For |λ| not too near 1."""
    with np.errstate(all="ignore"):
        for _ in range(20):
            J = J @ J
            if not np.isfinite(J).all():
                return False
    return bool(np.abs(J).max() < 1e-3)
