"""Picture of policy_iteration: Jack's optimal moves, and what his cars are worth to him."""

import numpy as np


def draw(kata, figure):
    P, R = kata.jacks_car_rental()
    pi, V, _ = kata.policy_iteration(P, R, 0.9, np.full(441, 5))
    moves, value = (pi - 5.0).reshape(21, 21), V.reshape(21, 21)
    moves[moves == 0] = np.nan  # no car is moved: left blank

    left, right = figure.subplots(1, 2)
    steps = left.imshow(moves, origin="lower", cmap="coolwarm_r", vmin=-6.5, vmax=6.5)
    left.text(12, 11, "no move", ha="center")
    bar = figure.colorbar(steps, ax=left, shrink=0.8, ticks=range(-4, 6), boundaries=np.arange(-4.5, 6))
    bar.outline.set_visible(False)

    worth = right.imshow(value, origin="lower", cmap="viridis")
    lines = right.contour(value, range(440, 640, 40), colors="white", linewidths=0.8)
    right.clabel(lines, fontsize=7)
    figure.colorbar(worth, ax=right, shrink=0.8).outline.set_visible(False)

    for axes, title in ((left, "cars moved from 1 to 2"), (right, "value in dollars")):
        axes.set(title=title, xlabel="cars at location 2", ylabel="cars at location 1")
        axes.set(xticks=range(0, 21, 5), yticks=range(0, 21, 5))
