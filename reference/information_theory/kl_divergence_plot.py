"""Picture of kl_divergence: a Gaussian fitted to two bumps, by either direction of the divergence."""

import numpy as np

X = np.linspace(-6.0, 6.0, 241)


def bump(mean, width):
    density = np.exp(-(((X - mean) / width) ** 2) / 2)
    return density / density.sum()


def draw(kata, figure):
    p = 0.6 * bump(-2.0, 0.7) + 0.4 * bump(2.0, 0.9)
    models = [(mean, width) for mean in np.linspace(-3, 3, 41) for width in np.linspace(0.4, 3.2, 29)]
    fits = [
        ("least D(p‖q): covers all of p", "tab:blue", lambda q: kata.kl(p, q)),
        ("least D(q‖p): keeps to one mode", "tab:orange", lambda q: kata.kl(q, p)),
    ]

    axes = figure.subplots()
    axes.fill_between(X, p, color="0.5", alpha=0.35, lw=0, label="p")
    for name, colour, divergence in fits:
        best = min(models, key=lambda model: divergence(bump(*model)))
        axes.plot(X, bump(*best), color=colour, lw=1.8, label=name)
    axes.set(xlabel="x", yticks=[], ylim=(0, None), xlim=(-6, 6))
    axes.spines["left"].set_visible(False)
    axes.legend(loc="upper right")
