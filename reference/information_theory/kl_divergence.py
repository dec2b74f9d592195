"""Oracle for kl_divergence: exact sums over outcomes, and Gaussians by generalised eigenvalues.

Let S_0 v = λ S_1 v. In the basis of these v both covariances are diagonal, so that the divergence of two
Gaussians falls apart into that of d pairs of numbers: Σ (λ - 1 - log λ) / 2, and the distance of the means
on top.
"""

import math

import numpy as np
import scipy.linalg


def kl(p, q):
    if any(x > 0 and y == 0 for x, y in zip(p, q, strict=True)):
        return math.inf
    return math.fsum(x * (math.log(x) - math.log(y)) for x, y in zip(p, q, strict=True) if x > 0)


def cross_entropy(p, q):
    if any(x > 0 and y == 0 for x, y in zip(p, q, strict=True)):
        return math.inf
    return math.fsum(-x * math.log(y) for x, y in zip(p, q, strict=True) if x > 0)


def js_divergence(p, q):
    """The entropy of the mixture less the mean of the entropies."""
    m = [(x + y) / 2 for x, y in zip(p, q, strict=True)]
    return cross_entropy(m, m) - (cross_entropy(p, p) + cross_entropy(q, q)) / 2


def gaussian_kl(mu0, S0, mu1, S1):
    ratios, V = scipy.linalg.eigh(S0, S1)  # VᵀS1 V = 1
    shift = V.T @ (mu1 - mu0)
    return float((ratios - 1 - np.log(ratios) + shift**2).sum() / 2)
