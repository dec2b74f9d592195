"""Picture of fft_convolution: the convolution theorem on a signal of two tones and a kernel that smooths."""

import numpy as np


def draw(kata, figure):
    n, k = 128, 17
    t = np.arange(n)
    x = np.sin(2 * np.pi * 3 * t / n) + 0.7 * np.sin(2 * np.pi * 33 * t / n)
    h = np.exp(-0.5 * ((np.arange(k) - k // 2) / 2.2) ** 2)
    h /= h.sum()
    y = kata.fft_convolve(x, h)  # (n + k - 1,)
    spectra = [np.abs(np.fft.rfft(signal, len(y))) for signal in (x, h, y)]

    columns = ("x", "h", "x ∗ h"), ("|F(x)|", "|F(h)|", "|F(x ∗ h)|"), ("∗", "=", ""), ("×", "=", "")
    above, below = figure.subplots(2, 3)
    for column, (signal, spectrum) in enumerate(zip((x, h, y), spectra, strict=True)):
        colour = ("tab:blue", "tab:orange", "tab:green")[column]
        above[column].plot(signal, color=colour, lw=1.2)
        below[column].plot(spectrum, color=colour, lw=1.2)
        above[column].set(title=columns[0][column], xlim=(-4, len(y) + 4))
        below[column].set(title=columns[1][column], xlabel="frequency", ylim=(0, None))
        for axes, sign in ((above[column], columns[2][column]), (below[column], columns[3][column])):
            axes.text(1.1, 0.5, sign, transform=axes.transAxes, fontsize=16, ha="center", va="center")
    product = spectra[0] * spectra[1]
    below[2].plot(product, ".", color="0.5", ms=3, label="|F(x)| × |F(h)|")
    below[2].legend(loc="upper right")
    above[0].set(ylabel="in time")
    below[0].set(ylabel="in frequency")
