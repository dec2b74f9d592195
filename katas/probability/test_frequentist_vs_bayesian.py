from itertools import cycle, pairwise
from math import sqrt

import numpy as np
import pytest

from dojo.testing import assert_close, assert_within, golden
from reference.probability import frequentist_vs_bayesian as reference

Z95 = 1.959963984540054  # the standard normal law has 2.5 % of its mass above
ROUNDING = 1e-10  # what the statement calls rounding

COUNTS = [(0, 1), (1, 1), (3, 7), (0, 10), (1, 12), (12, 12), (59, 60), (300, 1000)]
LEVELS = [0.5, 0.8, 0.95, 0.99]


def assert_near(got, want):
    """Floats, or tuples of floats, equal up to 1e-10."""
    assert_close(got, want, scale=1.0, ulps=ROUNDING / np.finfo(float).eps)


# --- by hand ---


def test_wald_by_hand(kata):
    """50 of 100: 0.5 ± z · 0.05"""
    assert_near(kata.wald_interval(50, 100), (0.5 - 0.05 * Z95, 0.5 + 0.05 * Z95))


def test_wald_is_a_point_without_failures_or_without_successes(kata):
    """k = 0 and k = n: p̂ (1 - p̂) = 0, so the interval has no width"""
    assert_near(kata.wald_interval(0, 10), (0.0, 0.0))
    assert_near(kata.wald_interval(10, 10), (1.0, 1.0))


def test_wald_is_cut_off_at_0_and_1(kata):
    """1 of 12 would begin below 0, 11 of 12 end above 1"""
    end = 1 / 12 + Z95 * sqrt(11 / 12**3)
    assert_near(kata.wald_interval(1, 12), (0.0, end))
    assert_near(kata.wald_interval(11, 12), (1 - end, 1.0))


def test_wilson_by_hand(kata):
    """50 of 100: (1/2 - p)² = z² p (1 - p) / n is symmetric about 1/2, with half width z / 2√(n + z²)"""
    half = Z95 / (2 * sqrt(100 + Z95**2))
    assert_near(kata.wilson_interval(50, 100), (0.5 - half, 0.5 + half))


def test_wilson_has_width_without_successes(kata):
    """k = 0: p² <= z² p (1 - p) / n holds from 0 to z² / (n + z²)"""
    for n in (1, 10, 300):
        assert_near(kata.wilson_interval(0, n), (0.0, Z95**2 / (n + Z95**2)))
        assert_near(kata.wilson_interval(n, n), (n / (n + Z95**2), 1.0))


def test_posterior_by_hand(kata):
    """no success in 3 after a flat prior: Beta(1, 4), whose distribution function is 1 - (1 - p)⁴"""
    mean, mode, (low, high) = kata.beta_posterior(0, 3)
    assert_near((mean, mode), (1 / 5, 0.0))
    assert_near((low, high), (1 - 0.975**0.25, 1 - 0.025**0.25))


def test_posterior_by_hand_with_a_prior(kata):
    """3 of 4 after Beta(2, 3): the posterior Beta(5, 4) has mean 5/9 and mode 4/7"""
    mean, mode, _ = kata.beta_posterior(3, 4, 2.0, 3.0)
    assert_near((mean, mode), (5 / 9, 4 / 7))


def test_posterior_by_hand_at_another_level(kata):
    """3 of 3: Beta(4, 1) has the distribution function p⁴; 80 % leave 10 % on either side"""
    assert_near(kata.beta_posterior(3, 3, conf=0.8), (4 / 5, 1.0, (0.1**0.25, 0.9**0.25)))


def test_coverage_by_hand(kata):
    """n = 2 and [k/4, k/4 + 1/2]: p = 0.6 is in that of k = 1 and k = 2, so 2 · 0.6 · 0.4 + 0.6² = 0.84"""

    def interval(k, n, conf):
        return k / 4, k / 4 + 0.5

    assert_near(kata.exact_coverage(interval, 2, 0.6), 0.84)
    assert_near(kata.exact_coverage(interval, 2, 0.3), 0.7**2 + 2 * 0.3 * 0.7)


# --- coverage, its definition ---


@pytest.mark.parametrize("only", [0, 1, 2, 3, 4])
def test_coverage_weighs_each_count(kata, only):
    """if only the interval of one k holds p, the coverage is C(n, k) p^k (1 - p)^(n - k)"""
    weight = [1, 4, 6, 4, 1][only] * 0.3**only * 0.7 ** (4 - only)
    assert_near(kata.exact_coverage(lambda k, n, conf: (0.0, 1.0) if k == only else (0.9, 1.0), 4, 0.3), weight)


def test_coverage_of_all_and_of_nothing(kata):
    """[0, 1] holds every p, [1/2, 1/2] no other than 1/2"""
    for n, p in ((1, 0.2), (9, 0.75), (60, 0.01)):
        assert_near(kata.exact_coverage(lambda k, n, conf: (0.0, 1.0), n, p), 1.0)
        assert_near(kata.exact_coverage(lambda k, n, conf: (0.5, 0.5), n, p), 0.0)


def test_ends_belong_to_the_interval(kata):
    """L = p and U = p cover: at p = 1/4 and n = 4 the point k/n does for k = 1, [k/n, 1] for k <= 1"""
    assert_near(kata.exact_coverage(lambda k, n, conf: (k / n, k / n), 4, 0.25), 4 * 0.25 * 0.75**3)
    assert_near(kata.exact_coverage(lambda k, n, conf: (k / n, 1.0), 4, 0.25), 0.75**4 + 4 * 0.25 * 0.75**3)
    assert_near(kata.exact_coverage(lambda k, n, conf: (0.0, k / n), 4, 0.25), 1 - 0.75**4)


def test_coverage_hands_on_n_and_the_level(kata):
    """the recipe is asked with n and conf, and 0.95 where no level is given"""
    assert_near(kata.exact_coverage(lambda k, n, conf: (0.0, conf), 5, 0.7, 0.5), 0.0)
    assert_near(kata.exact_coverage(lambda k, n, conf: (0.0, conf), 5, 0.7, 0.9), 1.0)
    assert_near(kata.exact_coverage(lambda k, n, conf: (conf - 0.95, 1.0), 5, 0.0078125), 1.0)
    assert_near(kata.exact_coverage(lambda k, n, conf: (0.0, n / 100), 71, 0.7), 1.0)


# --- laws ---


@pytest.mark.parametrize(("k", "n"), COUNTS)
def test_failures_mirror_successes(kata, k, n):
    """for n - k successes every interval is that for k, read from 1 downwards"""
    for interval in (kata.wald_interval, kata.wilson_interval):
        low, high = interval(k, n, 0.9)
        assert_near(interval(n - k, n, 0.9), (1 - high, 1 - low))
    mean, mode, (low, high) = kata.beta_posterior(k, n, 2.0, 5.0)
    assert_near(kata.beta_posterior(n - k, n, 5.0, 2.0), (1 - mean, 1 - mode, (1 - high, 1 - low)))


@pytest.mark.parametrize(("k", "n"), COUNTS)
def test_more_confidence_is_a_wider_interval(kata, k, n):
    """the interval of 99 % holds that of 95 %, and so on down; k/n is in all of them"""
    for interval in (kata.wald_interval, kata.wilson_interval):
        ends = [interval(k, n, conf) for conf in reversed(LEVELS)]
        ends.append((k / n, k / n))
        for (outer_low, outer_high), (low, high) in pairwise(ends):
            assert outer_low - ROUNDING <= low <= high <= outer_high + ROUNDING


@pytest.mark.parametrize(("k", "n"), COUNTS)
def test_wilson_ends_are_where_the_test_turns(kata, k, n):
    """(k/n - p)² n = z² p (1 - p) at both ends, which lie in [0, 1]"""
    for conf in LEVELS:
        z = reference.NormalDist().inv_cdf((1 + conf) / 2)
        for p in kata.wilson_interval(k, n, conf):
            assert -ROUNDING <= p <= 1 + ROUNDING
            assert_within((k / n - p) ** 2 - z**2 * p * (1 - p) / n, ROUNDING, "(k/n - p)² - z² p (1 - p) / n")


@pytest.mark.parametrize(("k", "n"), COUNTS)
def test_flat_prior_gives_the_maximum_likelihood(kata, k, n):
    """a = b = 1: the MAP is k/n, at k = 0 and k = n too; the mean is Laplace's (k + 1) / (n + 2)"""
    mean, mode, _ = kata.beta_posterior(k, n)
    assert_near((mean, mode), ((k + 1) / (n + 2), k / n))


def test_posterior_mean_lies_between_prior_and_data(kata):
    """mean = w · a/(a + b) + (1 - w) · k/n, with w the prior's share a + b of all the tosses a + b + n"""
    a, b, k, n = 3.0, 1.5, 4, 11
    w = (a + b) / (a + b + n)
    assert_near(kata.beta_posterior(k, n, a, b)[0], w * a / (a + b) + (1 - w) * k / n)


def test_data_in_two_parts(kata):
    """the posterior after the first part is the prior of the second"""
    assert_near(kata.beta_posterior(9, 20, 2.0 + 3, 1.0 + 7), kata.beta_posterior(3 + 9, 10 + 20, 2.0, 1.0))


def test_coverage_mirrors(kata):
    """a recipe that treats successes and failures alike covers p as often as 1 - p"""
    for n, p in ((12, 0.3), (25, 0.45)):
        mirrored = kata.exact_coverage(reference.wilson_interval, n, 1 - p)
        assert_near(kata.exact_coverage(reference.wilson_interval, n, p), mirrored)


# --- the oracle ---


@pytest.mark.parametrize(("k", "n"), COUNTS)
def test_intervals_agree_with_their_definitions(kata, k, n):
    """Wald's by its formula, Wilson's by bisection for where the score test turns"""
    for conf in LEVELS:
        assert_near(kata.wald_interval(k, n, conf), reference.wald_interval(k, n, conf))
        assert_near(kata.wilson_interval(k, n, conf), reference.wilson_interval(k, n, conf))


def test_the_level_is_95_percent_if_not_given(kata):
    """conf = 0.95 is the default of all three"""
    assert_near(kata.wald_interval(7, 20), kata.wald_interval(7, 20, 0.95))
    assert_near(kata.wilson_interval(7, 20), kata.wilson_interval(7, 20, 0.95))
    assert_near(kata.beta_posterior(7, 20), kata.beta_posterior(7, 20, 1.0, 1.0, 0.95))


@pytest.mark.parametrize(("a", "b"), [(1.0, 1.0), (2.0, 5.0), (1.0, 4.0), (0.5, 0.5), (20.0, 0.5), (30.0, 2.5)])
def test_posterior_agrees_with_bisection(kata, a, b):
    """the ends leave (1 - conf) / 2 of the mass outside, the mode is where the density stops to rise"""
    for (k, n), conf in zip(COUNTS, cycle((0.8, 0.95))):
        if a + k >= 1 and b + n - k >= 1:
            assert_near(kata.beta_posterior(k, n, a, b, conf), reference.beta_posterior(k, n, a, b, conf))


@pytest.mark.parametrize(("n", "p"), [(1, 0.3), (2, 0.5), (7, 0.11), (30, 0.77), (100, 0.9), (1000, 0.25)])
def test_coverage_agrees_with_whole_numbers(kata, n, p):
    """the binomial sum in exact arithmetic"""
    for conf in (0.9, 0.95) if n < 1000 else (0.9,):
        got = kata.exact_coverage(reference.wald_interval, n, p, conf)
        assert_near(got, reference.exact_coverage(reference.wald_interval, n, p, conf))


def test_agrees_with_scipy_stats(kata):
    """scipy.stats gives the same intervals: reference/probability/frequentist_vs_bayesian_golden.py"""
    data = golden(reference)
    for k, n, conf, low, high in data["wald"][::3]:
        assert_near(kata.wald_interval(k, n, conf), (low, high))
    for k, n, conf, low, high in data["wilson"][::3]:
        assert_near(kata.wilson_interval(k, n, conf), (low, high))
    for k, n, a, b, conf, mean, low, high in data["beta"][::3]:
        got, _, ends = kata.beta_posterior(k, n, a, b, conf)
        assert_near((got, ends), (mean, (low, high)))


def test_wald_breaks_its_promise(kata):
    """Brown, Cai & DasGupta: 95 % are 91.9 % at n = 40, p = 1/2, and 79.2 % at n = 592, p = 0.005"""
    for n, p, coverage in golden(reference)["wald coverage"]:
        assert_near(kata.exact_coverage(reference.wald_interval, n, p), coverage)


def test_wilson_keeps_its_promise_better(kata):
    """at the same n and p the coverage of Wilson's interval is from 95.1 % to 96.9 %"""
    for n, p, coverage in golden(reference)["wilson coverage"]:

        def interval(k, n, conf, p=p):  # bisection takes its time: 3 deviations from n p no interval reaches p
            return reference.wilson_interval(k, n, conf) if (k - n * p) ** 2 < 9 * n * p * (1 - p) else (k / n, k / n)

        assert_near(kata.exact_coverage(interval, n, p), coverage)


def test_recipes_and_coverage_together(kata):
    """the coverage of the kata's own three recipes at n = 9, p = 0.15"""

    def credible(posterior):
        return lambda k, n, conf: posterior(k, n, 1.0, 1.0, conf)[2]

    for mine, other in (
        (kata.wald_interval, reference.wald_interval),
        (kata.wilson_interval, reference.wilson_interval),
        (credible(kata.beta_posterior), credible(reference.beta_posterior)),
    ):
        assert_near(kata.exact_coverage(mine, 9, 0.15, 0.9), reference.exact_coverage(other, 9, 0.15, 0.9))


def test_agrees_on_fresh_numbers(kata, fresh_rng):
    """counts, levels and priors drawn anew"""
    for _ in range(4):
        n = int(fresh_rng.integers(1, 80))
        k = int(fresh_rng.integers(0, n + 1))
        a, b, conf = (float(value) for value in (*fresh_rng.uniform(1, 9, 2), fresh_rng.uniform(0.3, 0.99)))
        assert_near(kata.wald_interval(k, n, conf), reference.wald_interval(k, n, conf))
        assert_near(kata.wilson_interval(k, n, conf), reference.wilson_interval(k, n, conf))
        assert_near(kata.beta_posterior(k, n, a, b, conf), reference.beta_posterior(k, n, a, b, conf))
        p = float(fresh_rng.uniform(0.05, 0.95))
        got = kata.exact_coverage(reference.wald_interval, n, p, conf)
        assert_near(got, reference.exact_coverage(reference.wald_interval, n, p, conf))


def test_coverage_of_everything_at_the_largest_n(kata):
    """n = 1000: (1 - p)^n is 0 in float64 at p = 0.9, and p^n at 0.1, the sum of all terms is 1"""
    for p in (0.1, 0.9):
        assert_near(kata.exact_coverage(lambda k, n, conf: (0.0, 1.0), 1000, p), 1.0)


def test_recipe_may_name_its_arguments(kata):
    """it is called as interval(k, n, conf), by place"""
    assert_near(kata.exact_coverage(lambda heads, tosses, level: (0.0, 1.0), 3, 0.5), 1.0)


def test_counts_that_cover_need_no_order(kata):
    """the intervals of 0, 2 and 4 of 4 hold 1/2, those of 1 and 3 do not: (1 + 6 + 1) / 16"""
    assert_near(kata.exact_coverage(lambda k, n, conf: (0.0, 1.0 - k % 2), 4, 0.5), 0.5)


def test_a_near_miss_is_a_miss(kata):
    """an end 1e-8 short of p does not reach it"""
    assert_near(kata.exact_coverage(lambda k, n, conf: (0.0, 0.5 - 1e-8), 4, 0.5), 0.0)
    assert_near(kata.exact_coverage(lambda k, n, conf: (0.5 + 1e-8, 1.0), 4, 0.5), 0.0)


def test_extreme_levels(kata):
    """99.999 % have z = 4.417173, 1 % has z = 0.012533"""
    for conf, z in ((0.99999, 4.417173413469023), (0.01, 0.012533469508069276)):
        assert_near(kata.wald_interval(50, 100, conf), (0.5 - 0.05 * z, 0.5 + 0.05 * z))
