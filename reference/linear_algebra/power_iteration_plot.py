"""The picture of power iteration: where the iterates go, and how fast the residual falls.

`power_iteration` returns the first iterate that has converged, so a falling tol asks for one after the other.
"""

import numpy as np


def draw(kata, figure):
    """Left: the unit circle, its image under A, the iterates. Right: residuals beside |λ₂/λ₁|^k."""
    left, right = figure.subplots(1, 2, width_ratios=(1, 1.3))
    _iterates(kata, left)
    _residuals(kata, right)


def _found(kata, A, x0, tols):
    """{k: x_k} of the iterates that are the first to meet one of the tols."""
    return {k: x for _, x, k in (kata.power_iteration(A, x0, tol) for tol in tols)}


def _iterates(kata, axes):
    first, second = np.array([0.9, 0.436]), np.array([-0.436, 0.9])  # the eigenvectors
    A = 2.0 * np.outer(first, first) + 1.25 * np.outer(second, second)
    angle = np.linspace(0.0, 2 * np.pi, 200)
    circle = np.stack([np.cos(angle), np.sin(angle)])
    axes.plot(*circle, color="0.5", linewidth=0.8)
    axes.plot(*(A @ circle), color="tab:blue", linewidth=1.2)
    axes.plot(*np.outer(first, [-2.3, 2.3]), color="0.5", linewidth=0.8, linestyle=":")
    for k, x in _found(kata, A, first + second, np.geomspace(0.5, 0.01, 60)).items():
        x = x if x @ first > 0 else -x
        arrow = {"arrowstyle": "->", "color": "tab:orange", "linewidth": 1.0, "shrinkA": 0, "shrinkB": 0}
        axes.annotate("", x, (0, 0), arrowprops=arrow)
        if k < 2:
            axes.text(*(1.2 * x), f"$x_{k}$", color="tab:orange", ha="center", va="center")
    axes.text(*(2.45 * first), "$v_1$", color="0.5", ha="center", va="center")
    axes.set(aspect="equal", xticks=[], yticks=[], title="circle, its image under $A$, iterates")
    axes.spines[:].set_visible(False)


def _residuals(kata, axes):
    for ratio, color in ((0.9, "tab:orange"), (0.7, "tab:blue"), (0.4, "tab:green")):
        A, x0 = np.diag([1.0, -ratio, 0.1]), np.array([1.0, 1.0, 0.3])
        found = _found(kata, A, x0, np.geomspace(2.0, 1e-9, 50))
        steps = np.array(sorted(found))
        residuals = [np.linalg.norm(A @ found[k] - kata.rayleigh_quotient(A, found[k]) * found[k]) for k in steps]
        axes.plot(steps, residuals, ".", color=color, markersize=5)
        line = (1 + ratio) * ratio ** steps.astype(float)
        axes.plot(steps, line, color=color, linewidth=0.8, label=rf"$|\lambda_2/\lambda_1| = {ratio}$")
    axes.set(yscale="log", xlim=(0, 100), ylim=(1e-10, 5), xlabel="step $k$")
    axes.set_title(r"residual $\|A x_k - \rho(x_k)\, x_k\|$, and $|\lambda_2/\lambda_1|^k$")
    axes.legend(loc="lower right")
