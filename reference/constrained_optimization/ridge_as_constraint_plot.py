"""Picture of ridge_as_constraint: the path of ridge regression through the balls, and the filters that make it."""

import numpy as np

U = np.array([[0.5, 0.5, 0.5, 0.5], [0.5, -0.5, 0.5, -0.5]]).T
V = np.array([[0.8, 0.6], [-0.6, 0.8]])  # the axes of the loss, as rows
S = np.array([1.6, 0.5])
X = U * S @ V
Y = X @ np.array([1.3, 1.9])  # least squares ends at (1.3, 1.9)
RADIUS = 1.0


def draw(kata, figure):
    plane, spectrum = figure.subplots(1, 2, width_ratios=(1, 1.15))
    _draw_path(kata, plane)
    _draw_filters(kata, spectrum)


def _draw_path(kata, axes):
    """Level sets of the loss, the ball, and the point where they touch."""
    free = kata.ridge(X, Y, 0.0)
    w, lam = kata.ridge_constrained(X, Y, RADIUS)
    path = np.array([kata.ridge(X, Y, size) for size in np.logspace(-4, 4, 200)])
    grid = np.stack(np.meshgrid(np.linspace(-1.25, 2.6, 160), np.linspace(-1.25, 2.6, 160)), axis=-1)
    loss = np.sum((grid @ X.T - Y) ** 2, axis=-1)
    at_w = np.sum((X @ w - Y) ** 2)
    axes.contour(
        *np.moveaxis(grid, -1, 0), loss, levels=at_w * np.array([0.05, 0.35, 1.0]), colors="0.5", linewidths=0.7
    )
    angle = np.linspace(0, 2 * np.pi, 200)
    axes.fill(RADIUS * np.cos(angle), RADIUS * np.sin(angle), color="tab:blue", alpha=0.25, lw=0)
    axes.plot(*path.T, color="tab:orange", lw=2)
    axes.plot(*free, "o", color="tab:orange", ms=5)
    axes.plot(*w, "o", color="tab:blue", ms=6)
    axes.annotate("", w * (1 + 0.75), w, arrowprops={"arrowstyle": "->", "color": "tab:blue", "lw": 1.4})
    axes.text(free[0] + 0.12, free[1], "lam = 0", va="center")
    axes.text(w[0] + 0.17, w[1] - 0.22, f"lam = {lam:.2f}")
    axes.text(0.05, -0.12, "lam = ∞", ha="center", va="top")
    axes.text(0, -0.85, "‖w‖ ≤ t", ha="center", color="tab:blue")
    axes.set(aspect="equal", xlabel="w₁", ylabel="w₂", xlim=(-1.25, 2.6), ylim=(-1.25, 2.6))


def _draw_filters(kata, axes):
    """What ridge and early stopping leave of a direction with singular value s."""
    s, rate = np.logspace(-2.5, 0, 200), 0.5
    for steps, colour, at in ((1000, "tab:green", 0.041), (100, "tab:orange", 0.13), (10, "tab:blue", 0.41)):
        ridge = [kata.ridge(np.array([[size]]), np.array([size]), 1 / (rate * steps))[0] for size in s]
        axes.semilogx(s, kata.early_stopping_filter(s, rate, steps), color=colour, lw=1.8)
        axes.semilogx(s, ridge, color=colour, lw=1.2, ls="--")
        axes.text(at, 0.65, f"{steps} steps" if steps == 1000 else f"{steps}", color=colour, ha="right")
    axes.plot([], [], color="0.5", lw=1.8, label="early stopping")
    axes.plot([], [], color="0.5", lw=1.2, ls="--", label="ridge, lam = 1/(lr steps)")
    axes.set(xlabel="singular value s", ylabel="share that is learnt", xlim=(3e-3, 1), ylim=(-0.02, 1.25))
    axes.legend(loc="upper left", fontsize=8, ncols=2)
