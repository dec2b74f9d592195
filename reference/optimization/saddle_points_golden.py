"""Golden numbers for saddle_points: all critical points of Himmelblau's function, found by scipy from a grid."""

import numpy as np
from scipy.optimize import fsolve


def gradient(z):
    x, y = z
    a, b = x**2 + y - 11, x + y**2 - 7
    return [4 * x * a + 2 * b, 2 * a + 4 * y * b]


def numbers():
    starts = [(x, y) for x in np.linspace(-5, 5, 15) for y in np.linspace(-5, 5, 15)]
    roots = [fsolve(gradient, start, xtol=1e-13, full_output=True) for start in starts]
    points = sorted({tuple((root.round(9) + 0.0).tolist()) for root, _, good, _ in roots if good == 1})
    values = [(x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2 for x, y in points]
    # the kind from the values around: lower everywhere, higher everywhere, or both
    kinds = []
    for (x, y), value in zip(points, values, strict=True):
        angles = np.arange(360) * np.pi / 180
        u, v = x + 1e-3 * np.cos(angles), y + 1e-3 * np.sin(angles)
        higher = (u**2 + v - 11) ** 2 + (u + v**2 - 7) ** 2 > value
        kinds.append("minimum" if higher.all() else "saddle" if higher.any() else "maximum")
    return {"points": points, "values": [round(value, 6) for value in values], "kinds": kinds}
