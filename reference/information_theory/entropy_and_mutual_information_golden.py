"""Golden numbers for entropy_and_mutual_information: scipy.stats.entropy on fixed distributions."""

import numpy as np
from scipy.stats import entropy


def numbers():
    rng = np.random.default_rng(1948)
    p = rng.dirichlet(np.ones(7))
    pxy = rng.dirichlet(np.ones(12)).reshape(3, 4)
    px, py = pxy.sum(axis=1), pxy.sum(axis=0)
    counts = rng.integers(0, 9, 10)
    return {
        "p": p.tolist(),
        "pxy": pxy.tolist(),
        "counts": counts.tolist(),
        "entropy": [float(entropy(p, base=base)) for base in (2, np.e, 10)],
        "conditional_entropy": float(sum(w * entropy(row / w, base=2) for w, row in zip(px, pxy, strict=True))),
        "mutual_information": float(entropy(pxy.ravel(), np.outer(px, py).ravel(), base=2)),
        "plugin_entropy": float(entropy(counts)),
    }
