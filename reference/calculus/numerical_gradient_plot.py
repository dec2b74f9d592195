"""Picture of numerical_gradient: the error of three numerical derivatives against the step."""

import numpy as np

DERIVATIVE = 4.0534278938986207  # of exp(x) / sqrt(sin³x + cos³x) at 1.5


def f(x):
    return np.exp(x[0]) / np.sqrt(np.sin(x[0]) ** 3 + np.cos(x[0]) ** 3)


def draw(kata, figure):
    x = np.array([1.5])
    steps = np.logspace(-15, -1, 85)
    forward = [(f(x + h) - f(x)) / h for h in steps]
    central = [kata.central_difference(f, x, h)[0] for h in steps]
    exact = [kata.complex_step(f, x, h)[0] for h in steps]

    axes = figure.subplots()
    for slopes, colour, name in (
        (forward, "0.5", "forward difference"),
        (central, "tab:blue", "central difference"),
        (exact, "tab:orange", "complex step"),
    ):
        error = np.abs(np.array(slopes) / DERIVATIVE - 1)
        axes.loglog(steps, np.maximum(error, 1e-16), color=colour, lw=1.4, label=name)
    axes.set(xlabel="step h", ylabel="relative error", ylim=(5e-17, 3))
    axes.text(2e-13, 3e-2, "rounding: ε/h")
    axes.text(2e-4, 1e-12, "truncation: h and h²")
    axes.legend(loc="lower left", bbox_to_anchor=(0.02, 0.06))
