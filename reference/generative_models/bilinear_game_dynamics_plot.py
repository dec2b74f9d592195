"""The picture of bilinear_game_dynamics: three ways to play x y from the same point."""

import numpy as np

PLAYS = [
    ("simultaneous_gda", "simultaneous: outwards", "tab:orange"),
    ("alternating_gda", "alternating: around", "0.6"),
    ("extragradient", "extragradient: inwards", "tab:blue"),
]


def draw(kata, figure):
    plane, distance = figure.subplots(1, 2)
    start = np.array([[1.0]]), np.array([1.0]), np.array([0.0])
    for name, label, colour in PLAYS:
        X, Y = getattr(kata, name)(*start, 0.2, 55)
        plane.plot(X[:, 0], Y[:, 0], ".-", color=colour, markersize=3, linewidth=1)
        distance.plot(np.hypot(X[:, 0], Y[:, 0]), color=colour, linewidth=1.5, label=label)
    plane.plot(0, 0, "+", color="0.5", markersize=9)
    plane.plot(1, 0, "o", color="0.5", markersize=5)
    plane.set(xlabel="x (descends)", ylabel="y (ascends)", aspect="equal", title="min over x, max over y of x y")
    distance.set(xlabel="step", title="distance from the equilibrium", yscale="log", ylim=(0.28, 12))
    distance.set_yticks([0.3, 1, 3, 10], ["0.3", "1", "3", "10"])
    distance.minorticks_off()
    distance.legend(loc="upper left")
