"""Kullback-Leibler divergence, cross entropy, Jensen-Shannon divergence, and the divergence of two Gaussians.

How much is lost by taking q for the distribution where p is the true one? In nats:

    D(p‖q)  = Σ_i p_i log(p_i / q_i) >= 0            0 only for p = q; not symmetric
    H(p, q) = -Σ_i p_i log q_i = H(p) + D(p‖q)       the cross entropy
    JS(p,q) = ½ D(p‖m) + ½ D(q‖m),  m = ½ (p + q)    symmetric, between 0 and log 2

An i with p_i = 0 adds nothing, whatever q_i. An i with q_i = 0 < p_i makes D and H infinite: q excludes what
happens. For densities the sum is an integral, which for Gaussians N(μ, S) in d dimensions is a formula:

    D(N_0‖N_1) = ½ ( tr(S_1⁻¹ S_0) + (μ_1 - μ_0)ᵀ S_1⁻¹ (μ_1 - μ_0) - d + log det S_1 - log det S_0 )

Distributions are float64 arrays of shape (n,), with entries >= 0 that sum to 1 up to 1e-9; anything else (a
negative entry, another sum, a NaN) is a ValueError. No result is negative: what rounding leaves below 0, and
-0.0, is 0.0.

Rules: no scipy.stats, scipy.special.rel_entr, kl_div or entr, scipy.spatial.distance, torch. Inputs are
read-only; results are new numbers.

Source: Cover & Thomas, Elements of Information Theory, 2nd ed., sec. 2.3; Kullback, Information Theory and
Statistics (1959).
"""

import numpy as np


def kl(p: np.ndarray, q: np.ndarray) -> float:
    """D(p‖q) in nats: +inf if q_i = 0 < p_i for some i, and only then.

    It is finite for q_i = 1e-320 as well, where p_i / q_i overflows.

    >>> round(kl(np.array([0.5, 0.5]), np.array([0.75, 0.25])), 4)  # log 2 - ½ log 3
    0.1438
    >>> kl(np.array([0.5, 0.5]), np.array([1.0, 0.0]))
    inf
    """
    _check(p, q)
    mass = p > 0
    with np.errstate(divide="ignore"):  # log 0 = -inf is what is meant here
        log_ratio = np.log(p[mass]) - np.log(q[mass])
    return max(0.0, float((p[mass] * log_ratio).sum()))


def cross_entropy(p: np.ndarray, q: np.ndarray) -> float:
    """H(p, q) in nats: the entropy of p where q = p, +inf if q_i = 0 < p_i for some i.

    >>> round(cross_entropy(np.array([0.5, 0.5]), np.array([0.75, 0.25])), 4)  # 2 log 2 - ½ log 3
    0.837
    """
    _check(p, q)
    mass = p > 0
    with np.errstate(divide="ignore"):
        return max(0.0, -float((p[mass] * np.log(q[mass])).sum()))


def js_divergence(p: np.ndarray, q: np.ndarray) -> float:
    """JS(p, q) in nats: the divergence itself, not its square root (which is a metric). Never infinite.

    >>> round(js_divergence(np.array([1.0, 0.0]), np.array([0.0, 1.0])), 4)  # log 2
    0.6931
    """
    m = (p + q) / 2  # positive where p or q is
    return (kl(p, m) + kl(q, m)) / 2


def gaussian_kl(mu0: np.ndarray, S0: np.ndarray, mu1: np.ndarray, S1: np.ndarray) -> float:
    """D(N(mu0, S0) ‖ N(mu1, S1)) in nats. mu0, mu1: (d,); S0, S1: (d, d), symmetric positive definite.

    d may be large and the covariances small: det S may underflow, while its logarithm is harmless.
    ValueError if S0 or S1 is not positive definite (numpy's LinAlgError is one).

    >>> S0, S1 = np.array([[1.0]]), np.array([[4.0]])
    >>> round(gaussian_kl(np.zeros(1), S0, np.ones(1), S1), 4)  # log 2 - 1/4
    0.4431
    """
    L0, L1 = np.linalg.cholesky(S0), np.linalg.cholesky(S1)  # (d, d), S = L Lᵀ
    W = np.linalg.solve(L1, L0)  # tr(S1⁻¹ S0) = ‖L1⁻¹ L0‖²_F
    z = np.linalg.solve(L1, mu1 - mu0)  # (d,), in units of N_1's standard deviations
    log_dets = 2 * (np.log(np.diag(L1)).sum() - np.log(np.diag(L0)).sum())
    return max(0.0, float((W**2).sum() + z @ z - len(mu0) + log_dets) / 2)


def _check(*distributions: np.ndarray) -> None:
    for p in distributions:
        # NaN fails both comparisons, which are therefore written for what is wanted
        if not ((p >= 0).all() and abs(p.sum() - 1) <= 1e-9):
            raise ValueError("a distribution has entries >= 0 that sum to 1")
