"""Golden numbers for likelihood_to_loss: the log densities of scipy.stats, which is slow to import."""

import numpy as np
from scipy import stats


def numbers():
    r = np.array([-7.5, -1.0, -0.25, 0.0, 0.5, 2.0, 40.0])
    cases = []
    for scale in (0.5, 1.0, 3.0):
        laws = [("gaussian", 3.0, stats.norm), ("laplace", 3.0, stats.laplace)]
        laws += [("student_t", nu, stats.t(nu)) for nu in (1.0, 2.5, 12.0)]
        cases += [(name, scale, nu, float(-law.logpdf(r / scale).mean() + np.log(scale))) for name, nu, law in laws]
    return {"r": r.tolist(), "nll": cases}
