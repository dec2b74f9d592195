"""Known answers for entropy_and_mutual_information."""

import math

import numpy as np
from scipy.special import xlogy

from dojo.answers import accepted, equivalent, rejected


@accepted("plain loops; the conditional entropy as an average, the information as an average of log-ratios")
class by_loops:
    def entropy(p, base=2.0):
        _distribution(p)
        return sum([x * math.log(1 / x) if x > 1e-308 else -x * math.log(x) for x in p if x > 0], 0.0) / math.log(base)

    def conditional_entropy(pxy, base=2.0):
        total = 0.0
        for row in _distribution(pxy):
            px = row.sum()
            for x in row:
                if x > 0:
                    total += x * math.log(px / x)
        return max(total, 0.0) / math.log(base)

    def mutual_information(pxy, base=2.0):
        _distribution(pxy)
        px, py = np.sum(pxy, 1), np.sum(pxy, 0)
        total = 0.0
        for x, y in np.argwhere(pxy):
            total += pxy[x, y] * (math.log(pxy[x, y]) - math.log(px[x]) - math.log(py[y]))
        return abs(max(total, 0.0)) / math.log(base)


@accepted("x log x as a library has it, with its value 0 at 0")
class by_xlogy:
    def _nats(p):
        return max(0.0, -np.sum(xlogy(p, p)))

    def plugin_entropy(counts, miller_madow=False):
        N = int(np.sum(counts))
        if N <= 0 or np.min(counts) < 0:
            raise ValueError("no counts")
        c = counts.astype(float)
        estimate = max(0.0, np.log(N) - np.sum(xlogy(c, c)) / N)
        return estimate + (np.sum(counts > 0) - 1) / 2 / N if miller_madow else estimate


@accepted("logarithms with -inf where p = 0, and the information as H(Y) - H(Y|X)")
class with_masks:
    def _nats(p):
        with np.errstate(divide="ignore", invalid="ignore"):
            terms = np.where(p > 0, -p * np.log(p), 0.0)
        return abs(max(0.0, float(terms.sum())))

    def mutual_information(pxy, base=2.0):
        return max(0.0, entropy(pxy.sum(axis=0), base) - conditional_entropy(pxy, base))


@rejected("0 log 0 is NaN in numpy: the limit 0 has to be put there")
def entropy(p, base=2.0):
    _distribution(p)
    return max(0.0, -(p * np.log(p)).sum() / np.log(base))


@rejected("an epsilon inside the logarithm makes every entropy wrong by about that much; leave the zeros out instead")
def _nats(p):
    return max(0.0, -float((p * np.log(p + 1e-12)).sum()))


@rejected("probabilities are clipped from below: what is impossible becomes possible")
def _nats(p):
    p = np.maximum(p, 1e-12)
    return max(0.0, -float((p * np.log(p)).sum()))


@rejected("this is in nats: the default is bits, base 2")
def entropy(p, base=math.e):
    return _nats(_distribution(p)) / math.log(base)


@rejected("the base is not taken into account: bits always")
def mutual_information(pxy, base=2.0):
    pxy = _distribution(pxy)
    return max(0.0, _nats(pxy.sum(axis=1)) + _nats(pxy.sum(axis=0)) - _nats(pxy)) / math.log(2)


@rejected("this is H(X|Y): the axis to sum over leaves the one that is known, and X is on axis 0")
def conditional_entropy(pxy, base=2.0):
    pxy = _distribution(pxy)
    return max(0.0, _nats(pxy) - _nats(pxy.sum(axis=0))) / math.log(base)


@rejected("each x counts the same: the entropies of Y given x are to be averaged with the weights p(x)")
def conditional_entropy(pxy, base=2.0):
    _distribution(pxy)
    rows = [row / row.sum() for row in pxy if row.sum() > 0]
    return float(np.mean([_nats(row) for row in rows])) / math.log(base)


@rejected("this is the joint entropy H(X, Y)")
def conditional_entropy(pxy, base=2.0):
    return entropy(pxy.ravel(), base)


@rejected("the result is -0.0 where the outcome is certain")
def entropy(p, base=2.0):
    mass = _distribution(p)[p > 0]
    return -float((mass * np.log(mass)).sum()) / math.log(base)


@rejected("rounding leaves a little less than 0 where X and Y are independent: information is never negative")
def mutual_information(pxy, base=2.0):
    pxy = _distribution(pxy)
    return (_nats(pxy.sum(axis=1)) + _nats(pxy.sum(axis=0)) - _nats(pxy)) / math.log(base)


@rejected("nothing is refused: a negative entry, another sum than 1 or a NaN is no distribution")
def _distribution(p):
    return p


@rejected("`abs(sum - 1) > 1e-9` is False for a NaN, which passes so")
def _distribution(p):
    if (p < 0).any() or abs(p.sum() - 1) > 1e-9:
        raise ValueError("no distribution")
    return p


@rejected("the correction takes all bins, empty ones too: K is the number of those that were hit")
def plugin_entropy(counts, miller_madow=False):
    N = counts.sum()
    if N <= 0 or (counts < 0).any():
        raise ValueError("no counts")
    return _nats(counts / N) + ((len(counts) - 1) / (2 * N) if miller_madow else 0.0)


@rejected("the correction is added: the plug-in estimate is too low, not too high")
def plugin_entropy(counts, miller_madow=False):
    N = counts.sum()
    if N <= 0 or (counts < 0).any():
        raise ValueError("no counts")
    return _nats(counts / N) - ((np.count_nonzero(counts) - 1) / (2 * N) if miller_madow else 0.0)


equivalent(
    "if not ((p >= 0).all() and abs(p.sum() - 1) <= 1e-9):",
    "if not ((p >= 0).all() and abs(p.sum() - 1) < 1e-9):",
    "a float64 sum near 1 is off by a multiple of 2^-53, which 1e-9 is not",
)
