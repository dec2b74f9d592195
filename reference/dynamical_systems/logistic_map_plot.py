"""Picture of logistic_map: where the orbits end for each r, and the Lyapunov exponent under it."""

import numpy as np


def draw(kata, figure):
    r = np.linspace(2.8, 4.0, 320)
    ends = np.array([kata.orbit(value, 0.3, 80, 400) for value in r])  # (r, points)
    exponents = np.array([kata.lyapunov_exponent(value, 0.3, 800, 400) for value in r])

    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(3, 2))
    above.scatter(np.repeat(r, 80), ends.ravel(), s=0.3, color="tab:blue", linewidths=0, rasterized=True)
    above.set(ylabel="x, after 400 steps", ylim=(0, 1))

    below.axhline(0, color="0.5", linewidth=0.6)
    below.fill_between(r, 0, exponents, where=exponents > 0, color="tab:orange", alpha=0.5, linewidth=0)
    below.plot(r, exponents, color="tab:orange", linewidth=0.9)
    below.text(2.83, 0.15, "chaos: λ > 0")
    below.set(xlabel="r", ylabel="λ", ylim=(-2, 0.8), xlim=(2.8, 4.0))
