import math

import numpy as np
import pytest

from dojo.testing import assert_close, assert_same, assert_within
from reference.dynamical_systems import logistic_map as reference

# --- by hand ---


def test_orbit_by_hand(kata):
    """r = 2 from 1/4: 1/4, 3/8, 15/32"""
    assert_close(kata.orbit(2.0, 0.25, 3), np.array([0.25, 0.375, 0.46875]))


def test_the_orbit_starts_at_x0(kata):
    """n points, the first of them x0"""
    assert_same(kata.orbit(3.7, 0.3, 1), np.array([0.3]))
    assert_same(kata.orbit(3.7, 0.3, 0), np.empty(0))


def test_burn_leaves_out_the_first_points(kata):
    """x_2, x_3, x_4, x_5 are the orbit with burn = 2 and n = 4"""
    assert_close(kata.orbit(3.2, 0.3, 4, 2), kata.orbit(3.2, 0.3, 6)[2:])
    assert_close(kata.orbit(4.0, 0.5, 2, burn=1), np.array([1.0, 0.0]))


def test_r_4_from_the_middle_falls_to_zero(kata):
    """1/2 → 1 → 0 → 0: the top of the parabola is two steps from the fixed point 0"""
    assert_same(kata.orbit(4.0, 0.5, 5), np.array([0.5, 1.0, 0.0, 0.0, 0.0]))


def test_exponent_of_two_points(kata):
    """r = 2 from 1/4: f' is 1, then 1/2, so the mean of the logarithms is -log(2) / 2"""
    assert_close(kata.lyapunov_exponent(2.0, 0.25, 2, 0), -math.log(2) / 2)
    assert_close(kata.lyapunov_exponent(2.0, 0.25, n=1, burn=1), -math.log(2))


def test_exponent_at_a_fixed_point(kata):
    """at r = 4 both fixed points repel: λ = log 4 at 0, and log 2 at 3/4, where f' is negative"""
    assert_close(kata.lyapunov_exponent(4.0, 0.0, 5), math.log(4))
    assert_close(kata.lyapunov_exponent(4.0, 0.75, 5), math.log(2))


@pytest.mark.parametrize(("r", "x0"), [(2.0, 0.5), (0.0, 0.3)])
def test_a_slope_of_zero_gives_minus_infinity(kata, r, x0):
    """log 0 = -inf, and the mean with it"""
    assert_same(kata.lyapunov_exponent(r, x0, 7, 0), -math.inf)


def test_one_slope_of_zero_is_enough(kata):
    """r = 4 from 1/2: f' is 0, -4, 4, 4; without the first point it is 4 in size"""
    assert_same(kata.lyapunov_exponent(4.0, 0.5, 4, 0), -math.inf)
    assert_close(kata.lyapunov_exponent(4.0, 0.5, 4, 1), math.log(4))


@pytest.mark.parametrize(("burn", "want"), [(0, 0), (1, 0), (2, 1)])
def test_a_period_holds_from_burn_on(kata, burn, want):
    """1/2 → 1 → 0 → 0 → ...: a fixed point from x_2 on, and not before"""
    assert_same(kata.detect_period(4.0, 0.5, 4, burn), want)


def test_superstable_fixed_point(kata):
    """n = 0: r/4 = 1/2"""
    assert_within(kata.superstable_parameter(0, 2.1) - 2.0, 1e-12, "r - 2")


def test_superstable_2_cycle(kata):
    """n = 1: 1/2 comes back after two steps at r = 1 + √5"""
    assert_within(kata.superstable_parameter(1, 3.2) - (1 + math.sqrt(5)), 1e-12, "r - (1 + √5)")


# --- laws ---


def test_the_two_cycle(kata):
    """at r = 3.2 the orbit ends on the roots of r² x² - r (r + 1) x + r + 1 = 0"""
    r = 3.2
    root = math.sqrt((r - 3) * (r + 1))
    want = np.array([(r + 1 - root) / (2 * r), (r + 1 + root) / (2 * r)])
    assert_close(np.sort(kata.orbit(r, 0.3, 2, 1000)), want)


@pytest.mark.parametrize(
    ("r", "want"),
    [(0.5, 1), (2.8, 1), (3.2, 2), (3.5, 4), (3.55, 8), (3.566, 16), (3.83, 3), (3.845, 6), (3.9, 0), (4.0, 0)],
)
def test_the_road_to_chaos(kata, r, want):
    """the period doubles, is lost, and comes back as 3 in a window of order"""
    assert_same(kata.detect_period(r, burn=2000), want)


@pytest.mark.parametrize(("r", "want"), [(3.566, 16), (4.0, 0)])
def test_a_period_is_asked_for_after_long_enough(kata, r, want):
    """burn is 20 000 unless said otherwise: order is at rest by then, and chaos never is"""
    assert_same(kata.detect_period(r), want)


def test_the_start_does_not_matter(kata):
    """at most one cycle attracts, and nearly every start goes there"""
    for x0 in (0.1, 0.62, 0.9):
        assert_same(kata.detect_period(3.5, x0, burn=2000), 4)


def test_a_start_on_a_repelling_fixed_point_stays(kata):
    """3/4 is a fixed point at r = 4, to the last bit"""
    assert_same(kata.detect_period(4.0, 0.75), 1)


def test_no_period_beyond_the_largest_asked_for(kata):
    """the 4-cycle at r = 3.5 is found with max_period = 4, and not with 3"""
    assert_same(kata.detect_period(3.5, max_period=4, burn=2000), 4)
    assert_same(kata.detect_period(3.5, max_period=3, burn=2000), 0)
    assert_same(kata.detect_period(2.8, max_period=1, burn=2000), 1)


def test_a_window_of_max_period_steps(kata):
    """each distance counts, of each of max_period steps: from 3/4 + 1e-6 at r = 4 they are 3, 6, 12 and 24 · 1e-6"""
    assert_same(kata.detect_period(3.2, max_period=1), 0)
    assert_same(kata.detect_period(4.0, 0.75 + 1e-6, 4, 0, tol=20e-6), 0)
    assert_same(kata.detect_period(4.0, 0.75 + 1e-6, 4, 0, tol=25e-6), 1)


def test_an_orbit_that_dies_out_has_settled(kata):
    """at r = 0.9 the distances go to 0 with x itself: tol is absolute"""
    assert_same(kata.detect_period(0.9, burn=1000), 1)


def test_tol_is_the_distance_that_counts_as_none(kata):
    """near 3.0 the orbit settles slowly, |x_{k+1} - x_k| ~ 0.99^k: what tol allows decides"""
    assert_same(kata.detect_period(2.99, burn=1000), 0)
    assert_same(kata.detect_period(2.99, burn=1000, tol=1e-3), 1)
    assert_same(kata.detect_period(2.99, burn=4000), 1)


def test_a_distance_of_just_tol_counts_as_none(kata):
    """1 → 0 → 0 at r = 4: the distance 1 is no more than tol = 1, and 0 no more than 0"""
    assert_same(kata.detect_period(4.0, 0.5, 4, 1, tol=1.0), 1)
    assert_same(kata.detect_period(4.0, 0.5, 4, 2, tol=0.0), 1)


def test_every_point_has_to_come_back(kata):
    """from 3/4 + 1e-10 at r = 4 the first points look fixed, and then the distance doubles step by step"""
    assert_same(kata.detect_period(4.0, 0.75 + 1e-10, 20, 0), 0)
    assert_same(kata.detect_period(4.0, 0.75 + 1e-10, 2, 0), 1)


@pytest.mark.parametrize("r", [1.5, 2.5, 2.9, 3.2, 3.4])
def test_exponent_of_a_stable_cycle(kata, r):
    """λ = log|2 - r| at the fixed point, and log|4 + 2r - r²| / 2 on the 2-cycle"""
    assert_within(kata.lyapunov_exponent(r, n=2000) - reference.cycle_exponent(r), 1e-11, "λ - λ of the cycle")


def test_chaos_at_r_4(kata):
    """λ = log 2: errors double at each step; the mean of 20 000 logarithms is that close"""
    assert_within(kata.lyapunov_exponent(4.0, n=20_000) - math.log(2), 1e-3, "λ - log 2")


def test_invariant_density_at_r_4(kata):
    """x = sin²(θ) with θ uniform: mean 1/2, variance 1/8, and a third of the orbit below 1/4"""
    x = kata.orbit(4.0, 0.3, 20_000, 10)
    assert_within(x.mean() - 0.5, 0.02, "mean - 1/2")
    assert_within(x.var() - 0.125, 0.02, "variance - 1/8")
    assert_within((x < 0.25).mean() - 1 / 3, 0.03, "share below 1/4 - 1/3")


def test_feigenbaum(kata):
    """the distances of superstable parameters shrink by factors that go to δ = 4.669"""
    r = [kata.superstable_parameter(n, guess) for n, guess in enumerate([1.9, 3.25, 3.5, 3.555, 3.5667, 3.56925])]
    gaps = np.diff(r)
    want = np.array([4.7089, 4.6808, 4.6630, 4.6684])
    assert_within(gaps[:-1] / gaps[1:] - want, 1e-4, "ratios - (4.7089, 4.6808, 4.6630, 4.6684)")


def test_the_guess_decides_which_root(kata):
    """the 4-cycle of the last window before r = 4; and for n = 1 the fixed point, which comes back twice as well"""
    assert_within(kata.superstable_parameter(2, 3.96) - 3.9602701272211527, 1e-12, "r - root")
    assert_within(kata.superstable_parameter(1, 1.99) - 2.0, 1e-12, "r - 2")


def test_near_the_maximum_the_slope_is_small_and_not_zero(kata):
    """f'(1/2 + 2⁻⁴⁰) = -2⁻³⁸ at r = 2"""
    assert_close(kata.lyapunov_exponent(2.0, 0.5 + 2.0**-40, n=1, burn=0), -38 * math.log(2))


# --- the oracle ---


@pytest.mark.parametrize(("r", "x0"), [(0.7, 0.9), (2.9, 0.05), (3.3, 0.8), (3.7, 0.3), (4.0, 0.1)])
def test_orbit_agrees_with_fractions(kata, r, x0):
    """nine points, as long as r^k rounding units are still nothing"""
    want = np.array([float(x) for x in reference.exact_orbit(r, x0, 9)])
    assert_close(kata.orbit(r, x0, 9), want, scale=max(r, 1.0) ** np.arange(9.0))


def test_orbit_at_r_4_in_closed_form(kata):
    """x_k = sin²(2^k arcsin √x_0)"""
    angle = 2.0 ** np.arange(15) * math.asin(math.sqrt(0.3))
    assert_close(kata.orbit(4.0, 0.3, 15), np.sin(angle) ** 2, scale=4.0 ** np.arange(15.0) + 1)


@pytest.mark.parametrize(("r", "burn"), [(3.7, 0), (3.7, 3), (2.3, 2), (4.0, 1)])
def test_exponent_agrees_with_fractions(kata, r, burn):
    """six points of the exact orbit, whatever comes before them"""
    assert_close(kata.lyapunov_exponent(r, 0.2, 6, burn), reference.exact_exponent(r, 0.2, 6, burn), scale=1e4)


SLOW = reference.long_exponent(2.999, 0.3, 100_000, 1000)  # here and not in the test: once, not at each save


def test_what_is_left_of_a_slow_transient(kata):
    """r = 2.999 settles like 0.999^k: the default n and burn show in the mean"""
    assert_within(kata.lyapunov_exponent(2.999) - SLOW, 1e-10, "λ - λ of 100 000 points after 1000")


@pytest.mark.parametrize(("n", "guess"), [(0, 1.5), (1, 3.25), (2, 3.5), (3, 3.555), (4, 3.5667), (5, 3.56925)])
def test_superstable_agrees_with_bisection(kata, n, guess):
    """the root of f^(2^n)(1/2) = 1/2 that is near the guess, in 40 digits"""
    assert_within(kata.superstable_parameter(n, guess) - reference.superstable(n), 1e-12, "r - root")


def test_the_cycle_of_a_superstable_parameter(kata):
    """at the root with n = 3 the orbit of 1/2 has period 8, not 4"""
    assert_same(kata.detect_period(reference.superstable(3), 0.5, burn=100), 8)
