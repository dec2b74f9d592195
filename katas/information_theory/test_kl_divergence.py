import math

import numpy as np
import pytest

from dojo.testing import LAYOUTS, assert_agrees, assert_close, assert_same, assert_within, golden, laid_out
from reference.information_theory import kl_divergence as reference

LOG2, LOG3 = math.log(2.0), math.log(3.0)
HALVES, QUARTERS = np.array([0.5, 0.5]), np.array([0.75, 0.25])


def assert_not_negative(x):
    """x >= 0, and not -0.0 either."""
    assert math.copysign(1.0, x) > 0, f"{x!r} is negative"


def covariance(rng, d):
    """A symmetric positive definite matrix, far from a multiple of 1."""
    A = rng.standard_normal((d, d))
    S = A @ A.T + np.diag(rng.uniform(0.5, 3.0, d))
    return (S + S.T) / 2


def gaussians(rng, d):
    """(mu0, S0, mu1, S1)"""
    return rng.standard_normal(d), covariance(rng, d), rng.standard_normal(d), covariance(rng, d)


# --- by hand ---


def test_kl_by_hand(kata):
    """D((1/2, 1/2)‖(3/4, 1/4)) = log 2 - ½ log 3, the other way round ¾ log 3 - log 2: not symmetric"""
    assert_close(kata.kl(HALVES, QUARTERS), LOG2 - LOG3 / 2, scale=1.0)
    assert_close(kata.kl(QUARTERS, HALVES), 0.75 * LOG3 - LOG2, scale=1.0)


def test_cross_entropy_by_hand(kata):
    """H((1/2, 1/2), (3/4, 1/4)) = 2 log 2 - ½ log 3; the other way round it is log 2"""
    assert_close(kata.cross_entropy(HALVES, QUARTERS), 2 * LOG2 - LOG3 / 2, scale=1.0)
    assert_close(kata.cross_entropy(QUARTERS, HALVES), LOG2, scale=1.0)


def test_cross_entropy_of_a_class(kata):
    """where p is certain of class 1 the cross entropy is -log q_1: the loss of a classifier"""
    p, q = np.array([0.0, 1.0, 0.0]), np.array([0.5, 0.125, 0.375])
    assert_close(kata.cross_entropy(p, q), 3 * LOG2)
    assert_close(kata.kl(p, q), 3 * LOG2)


def test_js_divergence_by_hand(kata):
    """p = (1, 0), q = (1/2, 1/2), m = (3/4, 1/4): JS = ½ log 4/3 + ½ (log 2 - ½ log 3) = 3/2 log 2 - ¾ log 3"""
    p = np.array([1.0, 0.0])
    assert_close(kata.js_divergence(p, HALVES), 1.5 * LOG2 - 0.75 * LOG3, scale=1.0)


def test_impossible_for_both_adds_nothing(kata):
    """p_i = q_i = 0: 0 log 0/0 = 0"""
    p, q = np.array([0.5, 0.0, 0.5]), np.array([0.75, 0.0, 0.25])
    assert_close(kata.kl(p, q), LOG2 - LOG3 / 2, scale=1.0)
    assert_close(kata.cross_entropy(p, q), 2 * LOG2 - LOG3 / 2, scale=1.0)
    assert_close(kata.js_divergence(p, np.array([0.0, 0.0, 1.0])), 1.5 * LOG2 - 0.75 * LOG3, scale=1.0)


def test_impossible_for_p_adds_nothing(kata):
    """p = (1, 0), q = (1/2, 1/2): p_2 log p_2/q_2 = 0, and D = log 2"""
    p = np.array([1.0, 0.0])
    assert_close(kata.kl(p, HALVES), LOG2)
    assert_close(kata.cross_entropy(p, HALVES), LOG2)


def test_impossible_for_q_is_infinite(kata):
    """q_i = 0 < p_i: D = H = +inf, but JS is finite, since m_i > 0"""
    q = np.array([1.0, 0.0])
    assert_same(kata.kl(HALVES, q), math.inf)
    assert_same(kata.cross_entropy(HALVES, q), math.inf)
    assert_close(kata.js_divergence(HALVES, q), 1.5 * LOG2 - 0.75 * LOG3, scale=1.0)


def test_gaussians_on_a_line(kata):
    """D(N(0, 1)‖N(1, 4)) = ½ (1/4 + 1/4 - 1 + log 4) = log 2 - 1/4, the other way ½ (4 + 1 - 1 - log 4)"""
    zero, one = np.zeros(1), np.ones(1)
    narrow, wide = np.array([[1.0]]), np.array([[4.0]])
    assert_close(kata.gaussian_kl(zero, narrow, one, wide), LOG2 - 0.25, scale=2.0)
    assert_close(kata.gaussian_kl(one, wide, zero, narrow), 2 - LOG2, scale=4.0)


def test_gaussians_that_differ_in_one_thing(kata):
    """the means: ½ |μ_1 - μ_0|² = 25/2; or the covariance, 1 and 2·1 in the plane: ½ (1 - 2 + 2 log 2)"""
    zero, one = np.zeros(2), np.eye(2)
    assert_close(kata.gaussian_kl(zero, one, np.array([3.0, 4.0]), one), 12.5)
    assert_close(kata.gaussian_kl(zero, one, zero, 2 * one), LOG2 - 0.5, scale=2.0)


# --- laws ---


def test_divergences_are_not_negative(kata, rng):
    """D(p‖q) > 0 for p ≠ q (Gibbs), and 0 <= JS <= log 2"""
    for _ in range(5):
        p, q = rng.dirichlet(np.full(4, 0.5), 2)
        assert kata.kl(p, q) > 0
        assert 0 < kata.js_divergence(p, q) < LOG2


def test_nothing_diverges_from_itself(kata, rng):
    """D(p‖p) = JS(p, p) = 0 to rounding, and not below; so for Gaussians"""
    for _ in range(8):
        p = rng.dirichlet(np.ones(5))
        mean, S = rng.standard_normal(4), covariance(rng, 4)
        for got in (kata.kl(p, p), kata.js_divergence(p, p), kata.gaussian_kl(mean, S, mean, S)):
            assert_within(got, 1e-13, "D(p‖p)")
            assert_not_negative(got)


def test_certainty_has_cross_entropy_zero(kata):
    """H(p, p) of p = (0, 1) is 0.0, not -0.0"""
    p = np.array([0.0, 1.0])
    got = kata.cross_entropy(p, p)
    assert_same(got, 0.0)
    assert_not_negative(got)


def test_cross_entropy_is_entropy_plus_divergence(kata, rng):
    """H(p, q) = H(p) + D(p‖q), so it is least for q = p"""
    p, q = rng.dirichlet(np.ones(6), 2)
    entropy = -(p * np.log(p)).sum()
    assert_close(kata.cross_entropy(p, p), entropy, scale=2.0)
    assert_close(kata.cross_entropy(p, q), entropy + kata.kl(p, q), scale=4.0)


def test_divergence_from_the_uniform_distribution(kata, rng):
    """D(p‖uniform) = log n - H(p)"""
    p = rng.dirichlet(np.ones(7))
    want = math.log(7) + (p * np.log(p)).sum()
    assert_close(kata.kl(p, np.full(7, 1 / 7)), want, scale=4.0)


def test_independent_pairs_add_up(kata, rng):
    """D(p r‖q s) = D(p‖q) + D(r‖s) for independent pairs, and so for Gaussians"""
    (p, q), (r, s) = rng.dirichlet(np.ones(3), 2), rng.dirichlet(np.ones(4), 2)
    together = kata.kl(np.outer(p, r).ravel(), np.outer(q, s).ravel())
    assert_close(together, kata.kl(p, q) + kata.kl(r, s), scale=10.0)
    mu0, mu1 = rng.standard_normal((2, 3))
    v0, v1 = rng.uniform(0.2, 3.0, (2, 3))
    want = ((v0 + (mu1 - mu0) ** 2) / v1 - 1 + np.log(v1 / v0)).sum() / 2
    assert_close(kata.gaussian_kl(mu0, np.diag(v0), mu1, np.diag(v1)), want, scale=20.0)


def test_merging_outcomes_loses_divergence(kata, rng):
    """what cannot be told apart any more cannot diverge: D falls when two outcomes are merged"""
    p, q = rng.dirichlet(np.ones(5), 2)
    merged = kata.kl(np.append(p[:3], p[3] + p[4]), np.append(q[:3], q[3] + q[4]))
    assert merged < kata.kl(p, q)


def test_js_divergence_is_symmetric(kata, rng):
    """JS(p, q) = JS(q, p)"""
    p, q = rng.dirichlet(np.ones(5), 2)
    assert_close(kata.js_divergence(p, q), kata.js_divergence(q, p), scale=1.0)


def test_js_divergence_of_distributions_apart(kata):
    """nothing in common: JS = log 2, the most there is"""
    p, q = np.array([0.5, 0.5, 0.0, 0.0]), np.array([0.0, 0.0, 0.25, 0.75])
    assert_close(kata.js_divergence(p, q), LOG2, scale=2.0)


def test_gaussian_kl_does_not_see_coordinates(kata, rng):
    """D is the same for x and for A x + b"""
    mu0, S0, mu1, S1 = gaussians(rng, 3)
    A, b = rng.standard_normal((3, 3)) + 3 * np.eye(3), rng.standard_normal(3)
    M0, M1 = ((M + M.T) / 2 for M in (A @ S0 @ A.T, A @ S1 @ A.T))  # symmetric to the last bit
    moved = kata.gaussian_kl(A @ mu0 + b, M0, A @ mu1 + b, M1)
    assert_close(moved, kata.gaussian_kl(mu0, S0, mu1, S1), scale=100.0)


# --- the oracle ---


@pytest.mark.parametrize("n", [2, 3, 8, 30])
def test_distributions_agree_with_the_definition(kata, rng, n):
    p, q = rng.dirichlet(np.full(n, 0.5), 2)
    p[0] = 0.0
    p /= p.sum()
    for function in ("kl", "cross_entropy", "js_divergence"):
        want = getattr(reference, function)(p, q)
        assert_close(getattr(kata, function)(p, q), want, scale=max(5.0, want))


@pytest.mark.parametrize("d", [1, 2, 5, 10])
def test_gaussians_agree_with_eigenvalues(kata, rng, d):
    """½ Σ (λ - 1 - log λ) over the eigenvalues of S_1⁻¹ S_0, and the means"""
    assert_agrees(kata.gaussian_kl, reference.gaussian_kl, *gaussians(rng, d), floor=10.0 * d)


def test_agrees_on_fresh_numbers(kata, fresh_rng):
    p, q = fresh_rng.dirichlet(np.ones(6), 2)
    assert_close(kata.kl(p, q), reference.kl(p, q), scale=10.0)
    assert_close(kata.js_divergence(p, q), reference.js_divergence(p, q), scale=10.0)
    assert_agrees(kata.gaussian_kl, reference.gaussian_kl, *gaussians(fresh_rng, 4), floor=40.0)


def test_agrees_with_scipy_and_torch(kata):
    """scipy's rel_entr and jensenshannon², torch.distributions (frozen by kl_divergence_golden.py)"""
    data = golden(reference)
    p, q = np.array(data["p"]), np.array(data["q"])
    for function in ("kl", "cross_entropy", "js_divergence"):
        assert_close(getattr(kata, function)(p, q), data[function], scale=5.0)
    (mu0, mu1), (S0, S1) = np.array(data["means"]), np.array(data["covariances"])
    assert_close(kata.gaussian_kl(mu0, S0, mu1, S1), data["gaussian_kl"], scale=30.0)


# --- nasty inputs ---


@pytest.mark.parametrize("tiny", [1e-9, 1e-300, 1e-320])
def test_tiny_probabilities_are_no_zeros(kata, tiny):
    """q_i = 1e-320 is not 0: D is finite, though p_i / q_i is not; and p_i = 1e-320 adds nothing to speak of"""
    p, q = HALVES, np.array([1.0 - tiny, tiny])
    assert_close(kata.kl(p, q), reference.kl(p, q))
    assert_close(kata.cross_entropy(p, q), reference.cross_entropy(p, q))
    assert_close(kata.kl(q, p), reference.kl(q, p))
    assert_close(kata.js_divergence(p, q), reference.js_divergence(p, q), scale=1.0)


BAD = {
    "a negative entry": [-0.25, 0.5, 0.75],
    "a sum of 2": [0.5, 0.5, 1.0],
    "a sum of 1 - 1e-6": [0.25, 0.25, 0.499999],
    "an entry of -1e-13": [0.5, 0.5, -1e-13],
    "a NaN": [0.5, 0.25, math.nan],
}


@pytest.mark.parametrize("kind", BAD, ids=lambda kind: kind.replace(" ", "-"))
def test_what_is_no_distribution_is_refused(kata, kind):
    """entries below 0, another sum than 1, NaN, in p or in q: ValueError, in each of the three functions"""
    good, bad = np.array([0.25, 0.25, 0.5]), np.array(BAD[kind])
    for call in (kata.kl, kata.cross_entropy, kata.js_divergence):
        with pytest.raises(ValueError):
            call(good, bad)
        with pytest.raises(ValueError):
            call(bad, good)


def test_rounding_of_the_sum_is_no_error(kata, rng):
    """sums of 1 ± 1e-12 are 1"""
    p, q = rng.dirichlet(np.ones(6), 2)
    p, q = p * (1 + 1e-12), q * (1 - 1e-12)
    for function in ("kl", "cross_entropy", "js_divergence"):
        assert_within(getattr(kata, function)(p, q) - getattr(reference, function)(p, q), 1e-10, function)


def test_many_dimensions(kata, rng):
    """d = 150, variances of 1e-6 and 1e6: det S is 0 or infinite in floating point, its logarithm is not"""
    d = 150
    mean, S = np.zeros(d), covariance(rng, d)
    for scale in (1e-6, 1e6):
        got = kata.gaussian_kl(mean, scale * S, mean, 2 * scale * S)
        assert_close(got, d * (0.5 - 1 + LOG2) / 2, scale=20.0 * d)


@pytest.mark.parametrize("S", [[[1.0, 2.0], [2.0, 1.0]], [[-1.0, 0.0], [0.0, -2.0]]], ids=["saddle", "negative"])
def test_what_is_no_covariance_is_refused(kata, S):
    """a covariance has positive eigenvalues, not only a positive determinant: ValueError, for S0 and for S1"""
    zero, S, good = np.zeros(2), np.array(S), np.eye(2)
    with pytest.raises(ValueError):
        kata.gaussian_kl(zero, S, zero, good)
    with pytest.raises(ValueError):
        kata.gaussian_kl(zero, good, zero, S)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_any_memory_layout(kata, rng, layout):
    p, q = rng.dirichlet(np.ones(6), 2)
    assert_close(kata.kl(laid_out(layout, p), laid_out(layout, q)), reference.kl(p, q), scale=5.0)
    args = laid_out(layout, gaussians(rng, 3))
    assert_agrees(kata.gaussian_kl, reference.gaussian_kl, *args, floor=30.0)


def test_a_tiny_probability_that_q_excludes(kata):
    """0 < p_i = 2⁻⁵⁰, or 1e-320, and q_i = 0: infinite, however small p_i"""
    q = np.array([1.0, 0.0])
    for tiny in (2.0**-50, 1e-320):
        p = np.array([1.0 - tiny, tiny])
        assert_same(kata.kl(p, q), math.inf)
        assert_same(kata.cross_entropy(p, q), math.inf)


@pytest.mark.parametrize("off", [5e-10, -5e-10, 2e-9, -2e-9])
def test_a_sum_of_one_up_to_1e_9(kata, off):
    """sums of 1 ± 5e-10 are 1, sums of 1 ± 2e-9 are not"""
    p = np.array([0.5, 0.5 + off])
    for function, limit in (("kl", 0.0), ("cross_entropy", LOG2), ("js_divergence", 0.0)):
        call = getattr(kata, function)
        for pair in ((p, HALVES), (HALVES, p)):
            if abs(off) < 1e-9:
                assert_within(call(*pair) - limit, 1e-8, "value - limit")
            else:
                with pytest.raises(ValueError):
                    call(*pair)


def test_any_negative_entry_is_refused(kata):
    """-1e-300 is below 0"""
    bad = np.array([0.5, 0.5, -1e-300])
    for call in (kata.kl, kata.cross_entropy, kata.js_divergence):
        for pair in ((bad, np.full(3, 1 / 3)), (np.full(3, 1 / 3), bad)):
            with pytest.raises(ValueError):
                call(*pair)


def test_certainty_up_to_rounding(kata):
    """(1 + 1e-12, 0) is a distribution; H(p, q) with q_1 = 1 + 1e-12 is 0.0 and not -1e-12"""
    p, q = np.array([1.0, 0.0]), np.array([1.0 + 1e-12, 0.0])
    assert_within(kata.kl(q, HALVES) - LOG2, 1e-10, "D - log 2")
    for call in (kata.kl, kata.cross_entropy):
        assert_same(call(p, q), 0.0)
        assert_not_negative(call(p, q))


def test_small_divergences_are_no_zeros(kata):
    """p = ½ ± e, q = ½: D = 2e² and JS = e²/2 up to e⁴, for e = 2⁻²¹; means e apart: e²/2"""
    e = 2.0**-21
    p, zero, one = np.array([0.5 + e, 0.5 - e]), np.zeros(1), np.eye(1)
    assert_within(kata.kl(p, HALVES) - 2 * e**2, 4e-15, "D - 2e²")
    assert_within(kata.js_divergence(p, HALVES) - e**2 / 2, 4e-15, "JS - e²/2")
    assert_within(kata.gaussian_kl(zero, one, np.array([e]), one) - e**2 / 2, 4e-15, "D - e²/2")


def test_neighbours_have_no_negative_divergence(kata, rng):
    """p and q one rounding apart: what rounding leaves of D and JS is not below 0"""
    for _ in range(50):
        p = rng.dirichlet(np.ones(5))
        q = np.nextafter(p, rng.integers(0, 2, 5))
        for got in (kata.kl(p, q), kata.js_divergence(p, q)):
            assert_within(got, 1e-13, "D(p‖q)")
            assert_not_negative(got)


SINGULAR = {
    "a variance of 0": np.diag([1.0, 0.0]),
    "zero": np.zeros((2, 2)),
    "two saddles": np.kron(np.eye(2), [[1.0, 2.0], [2.0, 1.0]]),  # det = 9, the diagonal is positive
}


@pytest.mark.parametrize("kind", SINGULAR, ids=lambda kind: kind.replace(" ", "-"))
def test_semidefinite_and_indefinite_are_refused(kata, kind):
    """every eigenvalue is positive, not only their product: ValueError, for S0 and for S1"""
    S = SINGULAR[kind]
    zero, good = np.zeros(len(S)), np.eye(len(S))
    with pytest.raises(ValueError):
        kata.gaussian_kl(zero, S, zero, good)
    with pytest.raises(ValueError):
        kata.gaussian_kl(zero, good, zero, S)


def test_a_small_variance_is_no_zero(kata):
    """S = diag(1, 2⁻⁶⁰) is positive definite: D(N(0, S)‖N(0, 2S)) = ½ (1 - 2 + 2 log 2)"""
    S, zero = np.diag([1.0, 2.0**-60]), np.zeros(2)
    assert_close(kata.gaussian_kl(zero, S, zero, 2 * S), LOG2 - 0.5, scale=100.0)


def test_covariances_of_different_size_in_many_dimensions(kata):
    """d = 200, S0 = 1 and S1 = 64: det(S0⁻¹ S1) = 2¹²⁰⁰ overflows, and the other way it underflows"""
    d = 200
    zero, one = np.zeros(d), np.eye(d)
    assert_close(kata.gaussian_kl(zero, one, zero, 64 * one), d * (1 / 64 - 1 + 6 * LOG2) / 2, scale=20.0 * d)
    assert_close(kata.gaussian_kl(zero, 64 * one, zero, one), d * (64 - 1 - 6 * LOG2) / 2, scale=200.0 * d)


def test_means_far_from_zero(kata):
    """only the difference of the means counts: 1e8 and 1e8 + 1 are one standard deviation apart, D = 1/2"""
    one = np.eye(1)
    assert_close(kata.gaussian_kl(np.array([1e8]), one, np.array([1e8 + 1]), one), 0.5)
