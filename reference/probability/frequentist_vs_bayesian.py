"""Oracle for frequentist_vs_bayesian: definitions solved by bisection, the binomial law in whole numbers.

Wilson's ends are found where the score test changes its mind, the credible ends where the posterior's
distribution function reaches the tail, the MAP where the slope of the log density changes sign. The mean is
learnt toss by toss.
"""

from fractions import Fraction
from math import comb, sqrt
from statistics import NormalDist

from scipy.special import betainc


def _last_true(holds, low=0.0, high=1.0):
    """The end of the stretch from low on which a condition holds."""
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low


def wald_interval(k, n, conf=0.95):
    """p̂ ± z standard errors, each end moved into [0, 1]."""
    z, rate = NormalDist().inv_cdf((1 + conf) / 2), k / n
    error = sqrt(k * (n - k) / n**3)
    return min(max(rate - z * error, 0.0), 1.0), min(max(rate + z * error, 0.0), 1.0)


def wilson_interval(k, n, conf=0.95):
    """Below L the score test says p is too small for the data; U is the same for failures."""
    z = NormalDist().inv_cdf((1 + conf) / 2)

    def lowest(k):
        return _last_true(lambda p: k / n - p > z * sqrt(p * (1 - p) / n), 0.0, k / n)

    return lowest(k), 1 - lowest(n - k)


def beta_posterior(k, n, a=1.0, b=1.0, conf=0.95):
    """Mean by one update a toss, mode and quantiles by bisection."""
    mean, weight = a / (a + b), a + b
    for toss in range(n):
        weight += 1
        mean += ((toss < k) - mean) / weight
    A, B = a + k, b + n - k
    mode = _last_true(lambda p: (A - 1) * (1 - p) > (B - 1) * p)
    low, high = (_last_true(lambda p, q=q: betainc(A, B, p) < q) for q in ((1 - conf) / 2, (1 + conf) / 2))
    return mean, mode, (low, high)


def exact_coverage(interval, n, p, conf=0.95):
    """The binomial probabilities as whole numbers over a common denominator: exact until the division."""
    successes, all_ = Fraction(p).as_integer_ratio()
    weight = 0
    for k in range(n + 1):
        low, high = interval(k, n, conf)
        if low <= p <= high:
            weight += comb(n, k) * successes**k * (all_ - successes) ** (n - k)
    return weight / all_**n
