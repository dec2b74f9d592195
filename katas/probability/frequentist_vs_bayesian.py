"""Confidence and credibility: what 95 % means to a frequentist and to a Bayesian.

k successes in n independent trials of unknown probability p. Both schools answer with an interval [L, U] and
a level conf, but the level is a probability of different things:

    frequentist   p is fixed, the data are random: the interval is a recipe k -> [L(k), U(k)], and conf is to
                  be its coverage, P_p(L(K) <= p <= U(K)) with K ~ Binomial(n, p), for every p
    Bayesian      the data are fixed, p is random: after the prior Beta(a, b) it follows the posterior
                  Beta(a + k, b + n - k), and conf is the posterior mass of the interval

With z the quantile of the standard normal law that leaves (1 - conf) / 2 above it (1.959964 for 95 %), two
recipes:

    Wald     k/n ± z √(p̂ (1 - p̂) / n) with p̂ = k/n, cut off at 0 and 1
    Wilson   all p that the data do not speak against: |k/n - p| <= z √(p (1 - p) / n)

Wald takes the spread at p̂, Wilson at each p in question; that is the whole difference, and no small one.
Whether either keeps its promise can be computed: K has n + 1 values, so the coverage is a finite sum. It
jumps wherever an end of some interval passes p.

k and n are ints with 0 <= k <= n and n >= 1; 0 < conf < 1. Numbers are floats; errors of 1e-10 are rounding.

Rules: no statsmodels, no scipy.stats.binomtest, no scipy.stats.bayes_mvs. scipy.special has the quantiles:
ndtri for the normal law, betaincinv for Beta.

Source: Brown, Cai & DasGupta, Interval estimation for a binomial proportion, Statistical Science 16 (2001);
Bishop, PRML, sec. 2.1; Wasserman, All of Statistics, ch. 6 and 11.
"""

from collections.abc import Callable


def wald_interval(k: int, n: int, conf: float = 0.95) -> tuple[float, float]:
    """(L, U) = k/n ± z √(p̂ (1 - p̂) / n), each end cut off where it leaves [0, 1].

    For k = 0 and k = n it is a single point, sure of itself for no good reason.

    >>> [round(end, 6) for end in wald_interval(7, 20)]
    [0.140963, 0.559037]
    >>> wald_interval(0, 10)
    (0.0, 0.0)
    """
    raise NotImplementedError


def wilson_interval(k: int, n: int, conf: float = 0.95) -> tuple[float, float]:
    """(L, U): the smallest and the largest p in [0, 1] with |k/n - p| <= z √(p (1 - p) / n).

    >>> [round(end, 6) for end in wilson_interval(7, 20)]
    [0.181192, 0.567146]
    >>> [round(end, 6) for end in wilson_interval(0, 10)]
    [0.0, 0.277533]
    """
    raise NotImplementedError


def beta_posterior(
    k: int, n: int, a: float = 1.0, b: float = 1.0, conf: float = 0.95
) -> tuple[float, float, tuple[float, float]]:
    """(mean, MAP, (L, U)) of the posterior after the prior Beta(a, b), with a, b > 0.

    mean: E[p | k]. MAP: the p at which the posterior density is largest. (L, U): the equal-tailed credible
    interval, which leaves (1 - conf) / 2 of the posterior mass on either side.

    Asked for only where the density has one largest point and is finite there: a + k >= 1 and b + n - k >= 1,
    not both of them 1. The prior a = b = 1 is flat: then the MAP is k/n, also for k = 0 and k = n.

    >>> mean, mode, (low, high) = beta_posterior(7, 20)
    >>> round(mean, 6), round(mode, 6), round(low, 6), round(high, 6)
    (0.363636, 0.35, 0.181072, 0.569675)
    """
    raise NotImplementedError


def exact_coverage(
    interval: Callable[[int, int, float], tuple[float, float]], n: int, p: float, conf: float = 0.95
) -> float:
    """P(L(K) <= p <= U(K)) for K ~ Binomial(n, p): how often the intervals of a recipe hold the true p.

    interval: called as interval(k, n, conf), gives (L, U); both ends belong to the interval. n: up to 1000.
    0 < p < 1. No simulation: the sum has n + 1 terms.

    >>> round(exact_coverage(wald_interval, 40, 0.5), 6)
    0.91931
    >>> round(exact_coverage(wilson_interval, 40, 0.5), 6)
    0.961523
    """
    raise NotImplementedError
