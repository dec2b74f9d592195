"""Golden numbers for kl_divergence: scipy for distributions, torch.distributions for Gaussians."""

import numpy as np
import torch
from scipy.spatial.distance import jensenshannon
from scipy.special import rel_entr
from scipy.stats import entropy
from torch.distributions import MultivariateNormal, kl_divergence


def numbers():
    rng = np.random.default_rng(1951)
    p, q = rng.dirichlet(np.ones(6), 2)
    means, roots = rng.standard_normal((2, 3)), rng.standard_normal((2, 3, 3))
    covariances = [root @ root.T + np.eye(3) for root in roots]
    normals = [
        MultivariateNormal(torch.from_numpy(mean), torch.from_numpy(S))
        for mean, S in zip(means, covariances, strict=True)
    ]
    return {
        "p": p.tolist(),
        "q": q.tolist(),
        "kl": float(rel_entr(p, q).sum()),
        "cross_entropy": float(entropy(p) + entropy(p, q)),
        "js_divergence": float(jensenshannon(p, q) ** 2),
        "means": means.tolist(),
        "covariances": [S.tolist() for S in covariances],
        "gaussian_kl": kl_divergence(*normals).item(),
    }
