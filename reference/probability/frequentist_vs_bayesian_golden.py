"""Golden numbers for frequentist_vs_bayesian: scipy.stats, which is slow to import, on a few cases."""

from scipy import stats

COUNTS = [(7, 20), (0, 10), (10, 10), (1, 12), (59, 60), (300, 1000)]
PRIORS = [(1.0, 1.0), (2.0, 5.0), (0.5, 0.5), (30.0, 1.0)]
COVERAGES = [(17, 0.5), (40, 0.5), (30, 0.2), (98, 0.2), (592, 0.005)]  # Brown, Cai & DasGupta's examples


def _wald(k, n, conf):
    low, high = stats.norm.interval(conf, loc=k / n, scale=(k * (n - k) / n**3) ** 0.5) if 0 < k < n else (k / n, k / n)
    return max(low, 0.0), min(high, 1.0)


def _wilson(k, n, conf):
    interval = stats.binomtest(k, n).proportion_ci(conf, method="wilson")
    return interval.low, interval.high


def _coverage(recipe, n, p, conf):
    law = stats.binom(n, p)
    ends = [recipe(k, n, conf) for k in range(n + 1)]
    return sum(float(law.pmf(k)) for k, (low, high) in enumerate(ends) if low <= p <= high)


def numbers():
    return {
        "wald": [(k, n, conf, *map(float, _wald(k, n, conf))) for k, n in COUNTS for conf in (0.5, 0.95, 0.99)],
        "wilson": [(k, n, conf, *map(float, _wilson(k, n, conf))) for k, n in COUNTS for conf in (0.5, 0.95, 0.99)],
        "beta": [
            (k, n, a, b, conf, float(law.mean()), *map(float, law.interval(conf)))
            for k, n in COUNTS
            for a, b in PRIORS
            if a + k >= 1 and b + n - k >= 1
            for conf in (0.8, 0.95)
            for law in [stats.beta(a + k, b + n - k)]
        ],
        "wald coverage": [(n, p, _coverage(_wald, n, p, 0.95)) for n, p in COVERAGES],
        "wilson coverage": [(n, p, _coverage(_wilson, n, p, 0.95)) for n, p in COVERAGES],
    }
