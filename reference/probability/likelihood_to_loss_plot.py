"""Picture of likelihood_to_loss: three losses, how hard each lets a residual pull, and what two priors leave."""

import numpy as np

LAWS = {"gaussian": "tab:blue", "laplace": "tab:green", "student_t": "tab:orange"}


def draw(kata, figure):
    loss, influence, shrinkage = figure.subplots(1, 3)
    r = np.linspace(-8, 8, 321)
    for family, colour in LAWS.items():
        influence.plot(r, kata.influence(r, family), color=colour, label=family)
        at_zero = kata.nll(np.zeros(1), family)
        above = [kata.nll(r[i : i + 1], family) - at_zero for i in range(len(r))]
        loss.plot(r, above, color=colour)
    loss.set(title="loss  −log p(r) + log p(0)", xlabel="residual r", ylim=(0, 9.5))
    influence.set(title="influence  d(−log p)/dr", xlabel="residual r", ylim=(-3, 3))
    influence.legend(loc="lower right", fontsize=8, handlelength=1.2)

    z = np.linspace(-3, 3, 121)
    shrinkage.plot(z, z, color="0.5", linewidth=0.8, linestyle="dotted")
    for prior in ("gaussian", "laplace"):
        shrinkage.plot(z, kata.map_shrink(z, 1.0, prior, 1.0), color=LAWS[prior])
    shrinkage.set(title="MAP weight by prior", xlabel="weight without prior", ylim=(-3, 3))
    for axes in (influence, shrinkage):
        axes.axhline(0, color="0.5", linewidth=0.5, zorder=0)
