"""Known answers for frequentist_vs_bayesian."""

from math import comb, exp, lgamma, log, sqrt
from statistics import NormalDist

import numpy as np
from scipy.special import betainc, betaincinv, ndtri

from dojo.answers import accepted, equivalent, rejected


@accepted("z from the standard library, Wilson's ends as the roots of a polynomial")
class roots:
    def wald_interval(k, n, conf=0.95):
        normal = NormalDist(k / n, sqrt(k * (n - k) / n) / n) if 0 < k < n else None
        if normal is None:
            return (k / n, k / n)
        tail = (1 - conf) / 2
        return tuple(np.clip([normal.inv_cdf(tail), normal.inv_cdf(1 - tail)], 0, 1))

    def wilson_interval(k, n, conf=0.95):
        z2 = NormalDist().inv_cdf(1 - (1 - conf) / 2) ** 2
        a, b, c = n + z2, -(2 * k + z2), k**2 / n
        root = sqrt(max(b * b - 4 * a * c, 0.0))
        return (-b - root) / (2 * a), (-b + root) / (2 * a)


@accepted("Wilson's ends by bisection of the inequality itself")
def wilson_interval(k, n, conf=0.95):
    z, rate = -float(ndtri((1 - conf) / 2)), k / n

    def inside(p):
        return abs(rate - p) <= z * sqrt(p * (1 - p) / n)

    def end(out, within):
        for _ in range(100):
            middle = (out + within) / 2
            out, within = (out, middle) if inside(middle) else (middle, within)
        return within

    return (0.0 if k == 0 else end(0.0, rate)), (1.0 if k == n else end(1.0, rate))


@accepted("the posterior on the log-odds of its own distribution function: quantiles by bisection, mode by cases")
def beta_posterior(k, n, a=1.0, b=1.0, conf=0.95):
    A, B = k + a, n - k + b

    def quantile(q):
        low, high = 0.0, 1.0
        while high - low > 1e-13:
            middle = 0.5 * (low + high)
            if betainc(A, B, middle) < q:
                low = middle
            else:
                high = middle
        return 0.5 * (low + high)

    mode = 0 if A <= 1 else 1 if B <= 1 else (A - 1) / (A + B - 2)
    return A / (A + B), mode, (quantile((1 - conf) / 2), quantile((1 + conf) / 2))


@accepted("binomial probabilities in logarithms, summed smallest first")
def exact_coverage(interval, n, p, conf=0.95):
    terms = []
    for k in range(n + 1):
        low, high = interval(k, n, conf)
        if not (p < low or p > high):
            log_choose = lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
            terms.append(exp(log_choose + k * log(p) + (n - k) * log(1 - p)))
    return sum(sorted(terms))


@accepted("the binomial law by adding one trial at a time")
def exact_coverage(interval, n, p, conf=0.95):
    law = np.array([1.0])
    for _ in range(n):
        law = np.append(law * (1 - p), 0.0) + np.append(0.0, law * p)
    ends = np.array([interval(k, n, conf) for k in range(n + 1)])
    return float(law[(ends[:, 0] <= p) & (p <= ends[:, 1])].sum())


@rejected("not cut off: a probability lies between 0 and 1, and so does the interval")
def wald_interval(k, n, conf=0.95):
    half = _z(conf) * sqrt(k / n * (1 - k / n) / n)
    return k / n - half, k / n + half


@rejected("the quantile of one side: 95 % in the middle leave 2.5 % on either side, z is 1.96 and not 1.645")
class one_sided:
    def wald_interval(k, n, conf=0.95):
        half = float(ndtri(conf)) * sqrt(k / n * (1 - k / n) / n)
        return max(0.0, k / n - half), min(1.0, k / n + half)


@rejected("the quantile of one side in Wilson's interval: z leaves (1 - conf) / 2 above it")
def wilson_interval(k, n, conf=0.95):
    z, rate = float(ndtri(conf)), k / n
    centre = (rate + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * sqrt(rate * (1 - rate) / n + z**2 / (4 * n**2))
    return max(0.0, centre - half), min(1.0, centre + half)


@rejected("z = 1.96 whatever the level: that is the quantile for 95 % only, and rounded")
def wald_interval(k, n, conf=0.95):
    half = 1.96 * sqrt(k / n * (1 - k / n) / n)
    return max(0.0, k / n - half), min(1.0, k / n + half)


@rejected("the standard error of a proportion has n under the root, not n - 1")
def wald_interval(k, n, conf=0.95):
    half = _z(conf) * sqrt(k / n * (1 - k / n) / max(n - 1, 1))
    return max(0.0, k / n - half), min(1.0, k / n + half)


@rejected("the standard error is √(p̂ (1 - p̂) / n): n belongs under the root")
def wald_interval(k, n, conf=0.95):
    half = _z(conf) * sqrt(k / n * (1 - k / n)) / n
    return max(0.0, k / n - half), min(1.0, k / n + half)


@rejected("a correction for continuity, 1 / 2n on either side: nobody asked for it")
def wald_interval(k, n, conf=0.95):
    half = _z(conf) * sqrt(k / n * (1 - k / n) / n) + 1 / (2 * n)
    return max(0.0, k / n - half), min(1.0, k / n + half)


@rejected("this is Wald's interval again: Wilson takes the spread √(p (1 - p) / n) at each p, not at k/n")
def wilson_interval(k, n, conf=0.95):
    return wald_interval(k, n, conf)


@rejected("Wilson's width about the wrong centre: it is pulled from k/n towards 1/2")
def wilson_interval(k, n, conf=0.95):
    z, rate = _z(conf), k / n
    half = z / (1 + z**2 / n) * sqrt(rate * (1 - rate) / n + z**2 / (4 * n**2))
    return max(0.0, rate - half), min(1.0, rate + half)


@rejected("Wilson's centre with Wald's width: under the root z² / 4n² is missing, k = 0 has no width")
def wilson_interval(k, n, conf=0.95):
    z, rate = _z(conf), k / n
    centre = (rate + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * sqrt(rate * (1 - rate) / n)
    return max(0.0, centre - half), min(1.0, centre + half)


@rejected("this is Agresti and Coull's interval: Wilson's centre, but the spread taken there as Wald does")
def wilson_interval(k, n, conf=0.95):
    z = _z(conf)
    rate = (k + z**2 / 2) / (n + z**2)
    half = z * sqrt(rate * (1 - rate) / (n + z**2))
    return max(0.0, rate - half), min(1.0, rate + half)


@rejected("this is Clopper and Pearson's exact interval, which is wider")
def wilson_interval(k, n, conf=0.95):
    tail = (1 - conf) / 2
    low = 0.0 if k == 0 else float(betaincinv(k, n - k + 1, tail))
    return low, (1.0 if k == n else float(betaincinv(k + 1, n - k, 1 - tail)))


@rejected("the mean is k/n, the prior forgotten: it counts as a successes and b failures")
def beta_posterior(k, n, a=1.0, b=1.0, conf=0.95):
    _, mode, ends = _posterior(k, n, a, b, conf)
    return k / n, mode, ends


@rejected("b is forgotten in the mean: the prior adds a + b trials, not a")
def beta_posterior(k, n, a=1.0, b=1.0, conf=0.95):
    _, mode, ends = _posterior(k, n, a, b, conf)
    return (k + a) / (n + a), mode, ends


@rejected("the mode is given as the mean: it is (A - 1) / (A + B - 2) of Beta(A, B)")
def beta_posterior(k, n, a=1.0, b=1.0, conf=0.95):
    mean, _, ends = _posterior(k, n, a, b, conf)
    return mean, mean, ends


@rejected("the mode is k/n: that is the maximum of the likelihood, and the MAP only after the flat prior")
def beta_posterior(k, n, a=1.0, b=1.0, conf=0.95):
    mean, _, ends = _posterior(k, n, a, b, conf)
    return mean, k / n, ends


@rejected("the mode loses 1 in its numerator but not 2 in its denominator")
def beta_posterior(k, n, a=1.0, b=1.0, conf=0.95):
    mean, _, ends = _posterior(k, n, a, b, conf)
    return mean, (a + k - 1) / (a + b + n), ends


@rejected("no mode for k = 0 after a flat prior: Beta(1, n + 1) is largest at 0, that is the MAP")
def beta_posterior(k, n, a=1.0, b=1.0, conf=0.95):
    mean, mode, ends = _posterior(k, n, a, b, conf)
    return mean, (mode if a + k > 1 and b + n - k > 1 else float("nan")), ends


@rejected("the tails are 1 - conf each: together they are to be 1 - conf")
def beta_posterior(k, n, a=1.0, b=1.0, conf=0.95):
    mean, mode, _ = _posterior(k, n, a, b, conf)
    return (
        mean,
        mode,
        (float(betaincinv(a + k, b + n - k, 1 - conf)), float(betaincinv(a + k, b + n - k, conf))),
    )


@rejected("a and b are swapped: a goes with the successes, b with the failures")
def beta_posterior(k, n, a=1.0, b=1.0, conf=0.95):
    return _posterior(k, n, b, a, conf)


@rejected("successes and failures are swapped: the posterior is Beta(a + k, b + n - k)")
def beta_posterior(k, n, a=1.0, b=1.0, conf=0.95):
    return _posterior(n - k, n, a, b, conf)


@rejected("the posterior is Beta(a + k, b + n - k): b + n counts the successes as failures too")
def beta_posterior(k, n, a=1.0, b=1.0, conf=0.95):
    return _posterior(k, n + k, a, b, conf)


@rejected("a normal law with the posterior's mean and variance: the Beta quantiles are skewed")
def beta_posterior(k, n, a=1.0, b=1.0, conf=0.95):
    mean, mode, _ = _posterior(k, n, a, b, conf)
    half = _z(conf) * sqrt(mean * (1 - mean) / (a + b + n + 1))
    return mean, mode, (mean - half, mean + half)


@rejected("the shortest interval: the equal-tailed one leaves as much mass below as above")
def beta_posterior(k, n, a=1.0, b=1.0, conf=0.95):
    mean, mode, _ = _posterior(k, n, a, b, conf)
    below = np.linspace(0, 1 - conf, 2001)
    low, high = betaincinv(a + k, b + n - k, below), betaincinv(a + k, b + n - k, below + conf)
    best = np.argmin(high - low)
    return mean, mode, (float(low[best]), float(high[best]))


@rejected("a simulation: right to two or three digits. K has n + 1 values, sum over them")
def exact_coverage(interval, n, p, conf=0.95):
    draws = np.random.default_rng(0).binomial(n, p, 2000)
    ends = {int(k): interval(int(k), n, conf) for k in set(draws.tolist())}
    return float(np.mean([ends[k][0] <= p <= ends[k][1] for k in draws.tolist()]))


@rejected("the sum ends at n - 1: n successes are possible too")
def exact_coverage(interval, n, p, conf=0.95):
    ends = [interval(k, n, conf) for k in range(n)]
    return sum(comb(n, k) * p**k * (1 - p) ** (n - k) for k, (low, high) in enumerate(ends) if low <= p <= high)


@rejected("the sum begins at 1: no success at all is possible too")
def exact_coverage(interval, n, p, conf=0.95):
    ends = [interval(k, n, conf) for k in range(n + 1)]
    return (
        sum(comb(n, k) * p**k * (1 - p) ** (n - k) for k, (low, high) in enumerate(ends) if k and low <= p <= high)
        + 0.0
    )


@rejected("the ends are left out: an interval [L, U] covers p = L and p = U")
def exact_coverage(interval, n, p, conf=0.95):
    ends = [interval(k, n, conf) for k in range(n + 1)]
    return sum(comb(n, k) * p**k * (1 - p) ** (n - k) for k, (low, high) in enumerate(ends) if low < p < high) + 0.0


@rejected("the level is not handed on to the recipe")
def exact_coverage(interval, n, p, conf=0.95):
    ends = [interval(k, n, 0.95) for k in range(n + 1)]
    return sum(comb(n, k) * p**k * (1 - p) ** (n - k) for k, (low, high) in enumerate(ends) if low <= p <= high) + 0.0


@rejected("the number of intervals that cover, each counted alike: weigh k by its probability")
def exact_coverage(interval, n, p, conf=0.95):
    ends = [interval(k, n, conf) for k in range(n + 1)]
    return sum(low <= p <= high for low, high in ends) / (n + 1)


@rejected("the orders of the successes are not counted: C(n, k) is missing")
def exact_coverage(interval, n, p, conf=0.95):
    ends = [interval(k, n, conf) for k in range(n + 1)]
    return sum(p**k * (1 - p) ** (n - k) for k, (low, high) in enumerate(ends) if low <= p <= high) + 0.0


@rejected("the share of misses: the coverage is one minus that")
def exact_coverage(interval, n, p, conf=0.95):
    ends = [interval(k, n, conf) for k in range(n + 1)]
    return (
        sum(comb(n, k) * p**k * (1 - p) ** (n - k) for k, (low, high) in enumerate(ends) if not low <= p <= high) + 0.0
    )


@rejected("the normal approximation of the binomial law: its exact probabilities are at hand")
def exact_coverage(interval, n, p, conf=0.95):
    normal = NormalDist(n * p, sqrt(n * p * (1 - p)))
    ends = [interval(k, n, conf) for k in range(n + 1)]
    return (
        sum(normal.cdf(k + 0.5) - normal.cdf(k - 0.5) for k, (low, high) in enumerate(ends) if low <= p <= high) + 0.0
    )


def _posterior(k, n, a, b, conf):
    A, B, tail = a + k, b + n - k, (1 - conf) / 2
    mode = (A - 1) / (A + B - 2)
    return A / (A + B), mode, (float(betaincinv(A, B, tail)), float(betaincinv(A, B, 1 - tail)))


equivalent(
    "return max(0.0, centre - half), min(1.0, centre + half)",
    "return max(0.0, centre - half), min(2.0, centre + half)",
    "Wilson's ends lie in [0, 1] by themselves: only a last digit is cut off",
)
