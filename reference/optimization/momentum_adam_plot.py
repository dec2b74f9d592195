"""The picture of momentum_adam: three ways down a narrow valley, and the rates that the theory gives them."""

import numpy as np

EIGENVALUES = np.array([1.0, 50.0])
START = np.array([-10.0, 1.6])
STEPS = 60
RATE = 1.8 / EIGENVALUES.max()  # nearly as long as gradient descent can bear


def draw(kata, figure):
    paths = {
        "gradient descent": (_sgd(kata, 0.0), "tab:blue"),
        "momentum, mu = 0.8": (_sgd(kata, 0.8), "tab:orange"),
        "Adam": (_adam(kata, 0.5), "tab:green"),
    }
    valley, distance = figure.subplots(1, 2, width_ratios=[1.25, 1])

    x, y = np.meshgrid(np.linspace(-11, 5, 90), np.linspace(-2.2, 2.2, 60))
    f = (EIGENVALUES[0] * x**2 + EIGENVALUES[1] * y**2) / 2
    valley.contour(x, y, f, levels=np.geomspace(1, 150, 7), colors="0.5", linewidths=0.6, alpha=0.7)
    for name, (path, colour) in paths.items():
        valley.plot(*path[:26].T, color=colour, linewidth=1.3, marker="o", markersize=2.2, label=name)
        distance.semilogy(np.linalg.norm(path, axis=1), color=colour, linewidth=1.3)
    valley.set(title="the first 25 steps, κ = 50", xlim=(-11, 5), ylim=(-2.2, 2.2))
    valley.legend(loc="lower right", fontsize=7)

    k = np.arange(STEPS + 1)
    for mu, colour in ((0.0, "tab:blue"), (0.8, "tab:orange")):
        radius = max(kata.heavy_ball_radius(lam, RATE, mu) for lam in EIGENVALUES)
        distance.semilogy(15 * radius**k, color=colour, linewidth=1.0, linestyle=":")
    distance.set(title="‖x‖; dotted: 15 radiusᵏ", xlabel="step k", ylim=(5e-3, 40))


def _sgd(kata, mu):
    path, v = [START], np.zeros(2)
    for _ in range(STEPS):
        w, v = kata.sgd_momentum_step(path[-1], EIGENVALUES * path[-1], v, RATE, mu)
        path.append(w)
    return np.array(path)


def _adam(kata, lr):
    path, m, v = [START], np.zeros(2), np.zeros(2)
    for t in range(1, STEPS + 1):
        w, m, v = kata.adam_step(path[-1], EIGENVALUES * path[-1], m, v, t, lr)
        path.append(w)
    return np.array(path)
