"""Picture of vanishing_gradients: gradient norms by depth for three initialisations of a relu network."""

import numpy as np


def draw(kata, figure):
    n, L, runs = 128, 50, 5
    he = kata.init_std(n, n, "he")
    stds = {
        "2/√n: too large": (2 / np.sqrt(n), "tab:orange", np.sqrt(2)),
        "√(2/n): He": (he, "tab:blue", 1.0),
        "1/√n: LeCun, Xavier": (kata.init_std(n, n, "lecun"), "tab:green", np.sqrt(0.5)),
    }
    axes = figure.subplots()
    layers = np.arange(1, L + 1)
    for label, (std, colour, c) in stds.items():
        rng = np.random.default_rng(2015)
        norms = np.array([_norms(kata, std * rng.standard_normal((L, n, n)), rng) for _ in range(runs)])
        axes.semilogy(layers, norms.T, color=colour, lw=0.8, alpha=0.6)
        axes.semilogy(layers, c ** (L + 1 - layers), color=colour, ls="--", lw=1.4, label=label)
    axes.set(xlabel="layer l (the gradient comes in at 50 and goes down to 1)")
    axes.set(ylabel="‖∂L/∂h$_{l-1}$‖ / ‖∂L/∂h$_{50}$‖")
    axes.set(title="50 relu layers: five networks each; dashed: theory", xlim=(0, L + 1))
    axes.legend(title="standard deviation", loc="center left", bbox_to_anchor=(1.0, 0.5)).get_title().set_color("0.5")


def _norms(kata, weights, rng):
    """The gain from the output back to each layer."""
    h, v, n = rng.standard_normal(weights.shape[1]), rng.standard_normal(weights.shape[1]), len(weights)
    norms = []
    for layer in range(n):
        norms.append(kata.gradient_gain(list(weights[layer:]), h, v, "relu"))
        h = np.maximum(weights[layer] @ h, 0)
    return norms
