"""Picture of information_bottleneck: the information plane, and where remembering sets in."""

import numpy as np

JOINT = np.array([[0.18, 0.02], [0.16, 0.04], [0.02, 0.18], [0.04, 0.16], [0.1, 0.1]])


def draw(kata, figure):
    plane, price = figure.subplots(1, 2)
    betas = np.concatenate([np.linspace(1.5, 4.0, 21), np.geomspace(4.4, 60.0, 16)])
    points = [kata.ib(JOINT, beta, 4, np.random.default_rng(0), 1e-7, 1000)[1:] for beta in betas]
    x_t, t_y = np.array(points).T

    rng = np.random.default_rng(1)
    some = [kata.ib(JOINT, 1.0, nt, rng, 0.0, 0)[1:] for nt in (2, 3, 4, 6) for _ in range(40)]
    plane.plot(*np.array(some).T, ".", ms=3, color="0.5")
    plane.plot(x_t, t_y, "o-", ms=2.5, lw=1.4, color="tab:blue")
    plane.set(xlabel="I(X;T) in nats", ylabel="I(T;Y) in nats")
    plane.text(0.47, 0.02, "random encoders")
    plane.text(0.53, 0.14, "information bottleneck")

    critical = kata.critical_beta(JOINT)
    price.semilogx(betas, x_t, color="tab:orange", lw=1.4, label="I(X;T)")
    price.semilogx(betas, t_y, color="tab:blue", lw=1.4, label="I(T;Y)")
    price.axvline(critical, color="0.5", lw=0.8, ls="--")
    price.text(critical * 0.95, 0.95, f"beta_c = {critical:.2g}", rotation=90, ha="right", va="top")
    price.set(xlabel="beta", xticks=[2, 5, 10, 20, 50], xticklabels=["2", "5", "10", "20", "50"])
    price.minorticks_off()
    price.legend(loc="center right", bbox_to_anchor=(1.0, 0.4))
