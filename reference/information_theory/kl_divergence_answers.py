"""Known answers for kl_divergence."""

import math

import numpy as np
from scipy.special import xlogy

from dojo.answers import accepted, equivalent, rejected


@accepted("loops with the logarithm of the ratio, taken apart where the ratio overflows")
class by_loops:
    def kl(p, q):
        _check(p, q)
        total = 0.0
        for x, y in zip(p.tolist(), q.tolist(), strict=True):
            if x > 0 and y == 0:
                return float("inf")
            if x > 0:
                ratio = x / y
                total += x * (math.log(ratio) if 0 < ratio < math.inf else math.log(x) - math.log(y))
        return total if total > 0 else 0.0

    def cross_entropy(p, q):
        _check(p, q)
        terms = [x * math.log(y) if y > 0 else -math.inf for x, y in zip(p, q, strict=True) if x != 0]
        return abs(min(sum(terms), 0.0))


@accepted("by entropies: D = H(p, q) - H(p) and JS = H(m) - (H(p) + H(q)) / 2")
class by_entropies:
    def kl(p, q):
        cross = cross_entropy(p, q)
        return max(0.0, cross - cross_entropy(p, p)) if cross < math.inf else cross

    def cross_entropy(p, q):
        _check(p, q)
        return max(0.0, float(-np.sum(xlogy(p, q))))

    def js_divergence(p, q):
        _check(p, q)
        m = 0.5 * p + 0.5 * q
        return max(0.0, float(-xlogy(m, m).sum() + (xlogy(p, p) + xlogy(q, q)).sum() / 2))


@accepted("an inverse and slogdet, with the eigenvalues asked whether the matrices are covariances")
def gaussian_kl(mu0, S0, mu1, S1):
    if min(np.linalg.eigvalsh(S0)[0], np.linalg.eigvalsh(S1)[0]) <= 0:
        raise ValueError("not positive definite")
    P = np.linalg.inv(S1)
    d, shift = mu0.shape[0], mu0 - mu1
    log_ratio = np.linalg.slogdet(S1)[1] - np.linalg.slogdet(S0)[1]
    return max(0.0, 0.5 * (np.trace(P @ S0) + shift @ P @ shift - d + log_ratio))


@rejected("this is D(q‖p): the average is taken over p")
def kl(p, q):
    _check(p, q)
    if (q[p == 0] > 0).any():
        return math.inf
    mass = q > 0
    return max(0.0, float((q[mass] * (np.log(q[mass]) - np.log(p[mass]))).sum()))


@rejected("0 log 0 is NaN in numpy: an outcome of probability 0 adds nothing")
def kl(p, q):
    _check(p, q)
    terms = p * (np.log(p) - np.log(q))
    return max(float(terms.sum()), 0.0)


@rejected("an outcome that q excludes is left out: there the divergence is infinite")
def kl(p, q):
    _check(p, q)
    both = (p > 0) & (q > 0)
    return max(0.0, float((p[both] * np.log(p[both] / q[both])).sum()))


@rejected("an epsilon makes q possible where it is not: the divergence there is infinite")
def kl(p, q):
    _check(p, q)
    mass = p > 0
    return max(0.0, float((p[mass] * (np.log(p[mass]) - np.log(q[mass] + 1e-12))).sum()))


@rejected("p / q overflows for q = 1e-320, where the difference of the logarithms is finite")
def kl(p, q):
    _check(p, q)
    mass = p > 0
    return max(0.0, float((p[mass] * np.log(p[mass] / q[mass])).sum()))


@rejected("this is in bits: nats are asked for, the natural logarithm")
def kl(p, q):
    _check(p, q)
    mass = p > 0
    return max(0.0, float((p[mass] * (np.log2(p[mass]) - np.log2(q[mass]))).sum()))


@rejected("the average is taken over q: the cross entropy is -Σ p log q")
def cross_entropy(p, q):
    _check(p, q)
    return max(0.0, -float(xlogy(q, p).sum()))


@rejected("this is the distance, the square root of the divergence")
def js_divergence(p, q):
    _check(p, q)
    m = (p + q) / 2
    return math.sqrt((kl(p, m) + kl(q, m)) / 2)


@rejected("this is half of D(p‖q) + D(q‖p): Jensen and Shannon go by way of the mixture m, and stay finite")
def js_divergence(p, q):
    return (kl(p, q) + kl(q, p)) / 2


@rejected("nothing is refused: with another sum than 1, or a NaN, nothing here means anything")
def _check(*distributions):
    return None


@rejected("the covariances have changed places in the trace: it is that of S1⁻¹ S0")
def gaussian_kl(mu0, S0, mu1, S1):
    L0, L1 = np.linalg.cholesky(S0), np.linalg.cholesky(S1)
    W, z = np.linalg.solve(L0, L1), np.linalg.solve(L1, mu1 - mu0)
    log_dets = 2 * (np.log(np.diag(L1)).sum() - np.log(np.diag(L0)).sum())
    return max(0.0, float((W**2).sum() + z @ z - len(mu0) + log_dets) / 2)


@rejected("log det S0 - log det S1: the ratio is the other way up")
def gaussian_kl(mu0, S0, mu1, S1):
    L0, L1 = np.linalg.cholesky(S0), np.linalg.cholesky(S1)
    W, z = np.linalg.solve(L1, L0), np.linalg.solve(L1, mu1 - mu0)
    log_dets = 2 * (np.log(np.diag(L0)).sum() - np.log(np.diag(L1)).sum())
    return max(0.0, float((W**2).sum() + z @ z - len(mu0) + log_dets) / 2)


@rejected("the dimension d is not taken off: the divergence of a Gaussian from itself is 0")
def gaussian_kl(mu0, S0, mu1, S1):
    L0, L1 = np.linalg.cholesky(S0), np.linalg.cholesky(S1)
    W, z = np.linalg.solve(L1, L0), np.linalg.solve(L1, mu1 - mu0)
    return float((W**2).sum() + z @ z) / 2 + np.log(np.diag(L1)).sum() - np.log(np.diag(L0)).sum()


@rejected("log of det: in many dimensions det S is 0 or infinite in floating point, its logarithm is not")
def gaussian_kl(mu0, S0, mu1, S1):
    L0, L1 = np.linalg.cholesky(S0), np.linalg.cholesky(S1)
    W, z = np.linalg.solve(L1, L0), np.linalg.solve(L1, mu1 - mu0)
    log_dets = np.log(np.linalg.det(S1) / np.linalg.det(S0))
    return max(0.0, float((W**2).sum() + z @ z - len(mu0) + log_dets) / 2)


equivalent(
    "if not ((p >= 0).all() and abs(p.sum() - 1) <= 1e-9):",
    "if not ((p >= 0).all() and abs(p.sum() - 1) < 1e-9):",
    "a float64 sum near 1 is off by a multiple of 2^-53, which 1e-9 is not",
)

equivalent(
    'with np.errstate(divide="ignore"):',
    "with np.errstate():",
    "only the warning differs: log 0 is -inf either way",
)
