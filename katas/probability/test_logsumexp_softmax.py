import numpy as np
import pytest

from dojo.testing import (
    LAYOUTS,
    assert_agrees,
    assert_close,
    assert_same,
    assert_within,
    draw,
    golden,
    laid_out,
)
from reference.probability import logsumexp_softmax as reference

INF = np.inf
LN2 = np.log(2.0)


def assert_number(got, want):
    """One number, as np.float64 or as an array of shape ()."""
    assert np.shape(got) == (), f"a vector has one logsumexp, this has shape {np.shape(got)}"
    assert_close(np.asarray(got), np.asarray(want))


def distribution(rng, *shape, axis=-1):
    """Positive numbers that sum to 1 along an axis."""
    weights = rng.gamma(0.5, size=shape)
    return weights / weights.sum(axis=axis, keepdims=True)


# --- by hand ---


def test_logsumexp_by_hand(kata):
    """log(e^0 + e^0) = log 2, and log(e^{log 1} + e^{log 2} + e^{log 5}) = log 8"""
    assert_number(kata.logsumexp(np.zeros(2)), LN2)
    assert_number(kata.logsumexp(np.log([1.0, 2.0, 5.0])), 3 * LN2)


def test_softmax_by_hand(kata):
    """softmax of log 1, log 2, log 5 is (1, 2, 5) / 8"""
    assert_close(kata.softmax(np.log([1.0, 2.0, 5.0])), np.array([1, 2, 5]) / 8)


def test_temperature_by_hand(kata):
    """T divides the scores: at T = 1/2 the odds 1:3 become 1:9, at T = 2 the odds 1:9 become 1:3"""
    assert_close(kata.softmax(np.log([1.0, 3.0]), temperature=0.5), np.array([0.1, 0.9]))
    assert_close(kata.softmax(np.log([1.0, 9.0]), temperature=2.0), np.array([0.25, 0.75]))


def test_vjp_by_hand(kata):
    """p = (1, 1, 2) / 4 and g = (4, 0, 2): the mean of g under p is 2, so Jᵀg = p * (2, -2, 0)"""
    got = kata.softmax_vjp(np.array([0.25, 0.25, 0.5]), np.array([4.0, 0.0, 2.0]))
    assert_close(got, np.array([0.5, -0.5, 0.0]))


def test_rows_are_slices_of_the_last_axis(kata):
    """the default axis is the last one, and a square array does not hide it"""
    x = np.log([[1.0, 3.0], [1.0, 1.0]])
    p, g = np.array([[0.25, 0.75], [0.5, 0.5]]), np.array([[4.0, 0.0], [0.0, 2.0]])
    assert_close(kata.logsumexp(x), np.array([2 * LN2, LN2]))
    assert_close(kata.softmax(x), p)
    assert_close(kata.softmax_vjp(p, g), np.array([[0.75, -0.75], [-0.5, 0.5]]))


def test_columns_are_slices_of_axis_0(kata):
    """axis=0 works on columns, and a square array does not hide it"""
    x = np.log([[1.0, 1.0], [3.0, 1.0]])
    p, g = np.array([[0.25, 0.5], [0.75, 0.5]]), np.array([[4.0, 0.0], [0.0, 2.0]])
    assert_close(kata.logsumexp(x, axis=0), np.array([2 * LN2, LN2]))
    assert_close(kata.softmax(x, axis=0), p)
    assert_close(kata.softmax_vjp(p, g, axis=0), np.array([[0.75, -0.5], [-0.75, 0.5]]))


@pytest.mark.parametrize("axis", [0, 1, 2, -1, -2])
def test_keepdims_keeps_the_axis_with_length_1(kata, rng, axis):
    """logsumexp(x, keepdims=True) broadcasts against x; without it the axis is gone"""
    x = rng.standard_normal((2, 3, 4))
    want = reference.logsumexp(x, axis)
    assert_close(kata.logsumexp(x, axis=axis, keepdims=True), np.expand_dims(want, axis), scale=1.0)
    assert_close(kata.logsumexp(x, axis=axis, keepdims=False), want, scale=1.0)


def test_vector_with_keepdims_gives_shape_1(kata):
    """keepdims=True on a vector of shape (4,) gives shape (1,)"""
    assert_close(kata.logsumexp(np.zeros(4), keepdims=True), np.array([2 * LN2]))


def test_axis_of_length_1(kata):
    """of one score: logsumexp is that score, its probability is 1, and the gradient is 0"""
    x = np.array([[3.0], [-800.0]])
    assert_close(kata.logsumexp(x), np.array([3.0, -800.0]))
    assert_close(kata.softmax(x), np.ones((2, 1)))
    assert_close(kata.softmax_vjp(np.ones((2, 1)), x), np.zeros((2, 1)))


# --- laws ---


@pytest.mark.parametrize("family", ["normal", "offset", "large", "small", "ties", "levels"])
def test_probabilities_sum_to_one(kata, rng, family):
    """softmax gives a distribution: no negative number, and each slice sums to 1"""
    x = draw(rng, family, 5, 7)
    p = kata.softmax(x)
    assert_close(p.sum(axis=-1), np.ones(5), scale=1 + np.abs(x).max())
    assert np.all(p >= 0)


@pytest.mark.parametrize("c", [-1e5, -800.0, 3.0, 800.0, 1e5])
def test_a_shift_moves_logsumexp_and_leaves_softmax(kata, rng, c):
    """logsumexp(x + c) = logsumexp(x) + c, softmax(x + c) = softmax(x)"""
    x = rng.integers(-64, 65, (3, 6)) / 16  # x + c is exact
    assert_close(kata.logsumexp(x + c), kata.logsumexp(x) + c, scale=abs(c) + 4)
    assert_close(kata.softmax(x + c), kata.softmax(x), scale=1 + abs(c))


def test_temperature_rescales_the_scores(kata, rng):
    """softmax(x, T) = softmax(x / T), along another axis too"""
    x = rng.standard_normal((4, 3))
    for T in (0.25, 1.0, 8.0):
        assert_close(kata.softmax(x, axis=0, temperature=T), kata.softmax(x / T, axis=0), scale=1.0)


def test_cold_softmax_is_argmax(kata):
    """T -> 0: all probability on the largest score, shared among equals"""
    x = np.array([0.5, 3.0, -2.0, 1.0])
    for T in (1e-2, 1e-30, 1e-300):
        assert_close(kata.softmax(x, temperature=T), np.array([0.0, 1.0, 0.0, 0.0]), scale=1.0)
    ties = np.array([2.0, -1.0, 2.0, 0.0])
    assert_close(kata.softmax(ties, temperature=1e-2), np.array([0.5, 0.0, 0.5, 0.0]), scale=200.0)


def test_hot_softmax_is_uniform(kata):
    """T -> infinity: every score counts the same"""
    assert_close(kata.softmax(np.array([0.5, 3.0, -2.0, 1.0, 0.0]), temperature=1e20), np.full(5, 0.2))


def test_jacobian_is_symmetric(kata, rng):
    """<u, J g> = <J u, g> for a random pair, in each slice"""
    p = distribution(rng, 4, 6)
    u, g = rng.standard_normal((2, 4, 6))
    left = (u * kata.softmax_vjp(p, g)).sum(axis=1)
    right = (kata.softmax_vjp(p, u) * g).sum(axis=1)
    assert_within(left - right, 1e-14 * np.linalg.norm(u) * np.linalg.norm(g), "<u, J g> - <J u, g>")


def test_equal_gradients_move_nothing(kata, rng):
    """J 1 = 0: a shift of all scores leaves the probabilities, so a constant g gives 0"""
    p = distribution(rng, 3, 5)
    assert_close(kata.softmax_vjp(p, np.full((3, 5), 7.0)), np.zeros((3, 5)), scale=7.0)


def test_softmax_is_the_gradient_of_logsumexp(kata, rng):
    """(logsumexp(x + h e_i) - logsumexp(x - h e_i)) / 2h = softmax(x)_i, up to h²"""
    x, h = rng.standard_normal(5), 1e-4
    up, down = kata.logsumexp(x + h * np.eye(5)), kata.logsumexp(x - h * np.eye(5))
    assert_within((up - down) / (2 * h) - kata.softmax(x), 1e-8, "d logsumexp / dx - softmax(x)")


# --- the oracle ---


@pytest.mark.parametrize("shape", [(4, 5), (33, 130)], ids=str)
@pytest.mark.parametrize("family", ["normal", "offset", "large", "small", "mixed", "zeros", "levels"])
def test_agrees_with_scipy(kata, rng, family, shape):
    """scipy.special gives the same logsumexp and softmax"""
    x = draw(rng, family, *shape)
    assert_agrees(kata.logsumexp, reference.logsumexp, x)
    each_score_rounded = np.abs(x).max() * reference.softmax(x)
    assert_agrees(kata.softmax, reference.softmax, x, floor=each_score_rounded)


@pytest.mark.parametrize("shape", [(7,), (1, 1), (1, 5), (5, 1), (2, 3, 4), (2, 1, 3, 2)], ids=str)
def test_agrees_for_any_shape(kata, rng, shape):
    """the last axis goes, or stays in softmax; all others are as they were"""
    x, p, g = rng.standard_normal(shape), distribution(rng, *shape), rng.standard_normal(shape)
    assert_close(np.asarray(kata.logsumexp(x)), np.asarray(reference.logsumexp(x)), scale=4.0)
    assert_agrees(kata.softmax, reference.softmax, x)
    assert_agrees(kata.softmax_vjp, reference.softmax_vjp, p, g)


@pytest.mark.parametrize("axis", [0, 1, 2, -1, -2, -3])
def test_agrees_along_every_axis(kata, rng, axis):
    """each slice along the axis is treated as if it were alone"""
    x = rng.standard_normal((3, 4, 5))
    p, g = distribution(rng, 3, 4, 5, axis=axis), rng.standard_normal((3, 4, 5))
    assert_agrees(kata.logsumexp, reference.logsumexp, x, floor=4.0, axis=axis)
    assert_agrees(kata.softmax, reference.softmax, x, floor=1.0, axis=axis, temperature=0.3)
    assert_agrees(kata.softmax_vjp, reference.softmax_vjp, p, g, floor=1.0, axis=axis)


@pytest.mark.parametrize("family", ["normal", "offset", "small", "mixed", "ties"])
def test_vjp_agrees_with_the_jacobian(kata, rng, family):
    """(diag(p) - p pᵀ)ᵀ g by the definition, for random cotangents"""
    assert_agrees(kata.softmax_vjp, reference.softmax_vjp, distribution(rng, 4, 6), draw(rng, family, 4, 6))


def test_vjp_of_a_sure_thing(kata, rng):
    """where p is 0 or 1 the gradient vanishes"""
    p = np.array([[0.0, 1.0, 0.0], [0.5, 0.0, 0.5]])
    g = np.array([[5.0, 1.0, -3.0], [1.0, 9.0, 3.0]])
    assert_close(kata.softmax_vjp(p, g), np.array([[0.0, 0.0, 0.0], [-0.5, 0.0, 0.5]]), scale=1.0)


def test_agrees_with_torch(kata):
    """torch and its autograd give the same numbers: reference/probability/logsumexp_softmax_golden.py"""
    data = {name: np.array(value) for name, value in golden(reference).items()}
    assert_close(kata.logsumexp(data["x"], axis=1), data["logsumexp"], scale=1.0)
    assert_close(kata.softmax(data["x"], axis=1), data["softmax"], scale=1.0)
    assert_close(kata.softmax_vjp(data["softmax"], data["g"], axis=1), data["vjp"], scale=1.0)


def test_agrees_on_fresh_numbers(kata, fresh_rng):
    x = 20 * fresh_rng.standard_normal((3, 8))
    p, g = distribution(fresh_rng, 3, 8), fresh_rng.standard_normal((3, 8))
    assert_agrees(kata.logsumexp, reference.logsumexp, x)
    assert_agrees(kata.softmax, reference.softmax, x, floor=1.0, temperature=2.5)
    assert_agrees(kata.softmax_vjp, reference.softmax_vjp, p, g)


# --- nasty inputs ---


def test_large_scores_do_not_overflow(kata):
    """e^1000 is infinite in float64, and yet logsumexp(1000, 1000) = 1000 + log 2"""
    assert_number(kata.logsumexp(np.array([1000.0, 1000.0])), 1000 + LN2)
    assert_close(kata.softmax(np.array([1000.0, 0.0])), np.array([1.0, 0.0]))
    assert_number(kata.logsumexp(np.array([1e308, 1e308])), 1e308)


def test_very_negative_scores_do_not_vanish(kata):
    """e^-1000 is 0 in float64, and yet logsumexp(-1000, -1000) = -1000 + log 2"""
    assert_number(kata.logsumexp(np.array([-1000.0, -1000.0])), -1000 + LN2)
    assert_close(kata.softmax(np.array([-1000.0, -1000.0])), np.array([0.5, 0.5]), scale=1000.0)


def test_each_slice_has_its_own_level(kata):
    """a slice near 1000 does not cost the one near 0 its digits, nor the other way round"""
    x = np.array([[0.0, 1.0], [1000.0, 1001.0], [-1000.0, -999.0]])
    p = 1 / (1 + np.exp([1.0, -1.0]))
    assert_close(kata.logsumexp(x), np.array([0.0, 1000.0, -1000.0]) + np.log1p(np.e))
    assert_close(kata.softmax(x), np.tile(p, (3, 1)), scale=1000.0)
    assert_close(kata.softmax(x.T.copy(), axis=0), np.tile(p[:, None], (1, 3)), scale=1000.0)


def test_a_masked_score_has_no_weight(kata):
    """e^{-inf} = 0: a score of -inf is as if it were not there, next to scores of any level"""
    x = np.array([[-INF, LN2, -INF, 0.0], [-1000.0, -INF, -1000.0, -INF]])
    assert_close(kata.logsumexp(x), np.array([np.log(3.0), -1000 + LN2]))
    p = kata.softmax(x)
    assert_close(p, np.array([[0.0, 2 / 3, 0.0, 1 / 3], [0.5, 0.0, 0.5, 0.0]]), scale=1000.0)
    assert_same(p[np.isneginf(x)], np.zeros(4))


def test_logsumexp_of_a_masked_slice(kata):
    """log 0 = -inf: a slice of only -inf gives -inf, and the slice beside it its own value"""
    assert_number(kata.logsumexp(np.array([-INF, -INF])), -INF)
    x = np.array([[-INF, -INF, -INF], [0.0, 0.0, -INF], [1000.0, 1000.0, -INF]])
    assert_close(kata.logsumexp(x), np.array([-INF, LN2, 1000 + LN2]))
    assert_close(kata.logsumexp(x, keepdims=True), np.array([[-INF], [LN2], [1000 + LN2]]))


def test_logsumexp_of_an_infinite_score(kata):
    """a slice with +inf gives +inf, whatever else is in it"""
    x = np.array([[INF, 0.0], [INF, INF], [-INF, INF], [1000.0, INF], [0.0, 0.0]])
    assert_close(kata.logsumexp(x), np.array([INF, INF, INF, INF, LN2]))


def test_softmax_beside_a_slice_without_distribution(kata):
    """what a slice of only -inf, or one with +inf, gives is left open; the slice beside it is as ever"""
    x = np.array([[-INF, -INF], [0.0, np.log(3.0)], [INF, 0.0], [1000.0, 1000.0]])
    assert_close(kata.softmax(x)[[1, 3]], np.array([[0.25, 0.75], [0.5, 0.5]]), scale=1000.0)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_any_memory_layout(kata, rng, layout):
    x, g = laid_out(layout, (rng.standard_normal((3, 5)), rng.standard_normal((3, 5))))
    assert_agrees(kata.logsumexp, reference.logsumexp, x)
    assert_agrees(kata.softmax, reference.softmax, x, axis=0, floor=1.0)
    assert_agrees(kata.softmax_vjp, reference.softmax_vjp, laid_out(layout, distribution(rng, 3, 5)), g)


def test_tiny_temperature(kata):
    """T = 1e-9 on scores of that size is T = 1 on scores of 1: there is no smallest temperature"""
    want = np.array([1 / (1 + np.e), np.e / (1 + np.e)])
    assert_close(kata.softmax(np.array([0.0, 2.0**-30]), temperature=2.0**-30), want, scale=1.0)


def test_no_smallest_temperature(kata):
    """T = 2⁻¹⁰⁰ on scores of that size is T = 1 on scores of 1"""
    want = np.array([1 / (1 + np.e), np.e / (1 + np.e)])
    assert_close(kata.softmax(np.array([0.0, 2.0**-100]), temperature=2.0**-100), want, scale=1.0)


def test_a_masked_score_stays_masked_when_hot(kata):
    """e^{-inf / T} = 0 for every T: no large negative number stands in for -inf"""
    assert_close(kata.softmax(np.array([-INF, 0.0, 0.0]), temperature=1e20), np.array([0.0, 0.5, 0.5]))


def test_a_low_score_is_not_a_masked_one(kata):
    """-1e40 is far above -inf"""
    assert_close(kata.softmax(np.array([-1e40, -INF])), np.array([1.0, 0.0]))
    assert_close(kata.logsumexp(np.array([[-1e40, -INF], [-1e7, -INF]])), np.array([-1e40, -1e7]))


def test_small_probabilities_count_in_the_vjp(kata):
    """p = (1, 1e-20, 0), g = (0, 1, 1): the second entry is 1e-20, the third 0"""
    got = kata.softmax_vjp(np.array([1.0, 1e-20, 0.0]), np.array([0.0, 1.0, 1.0]))
    assert_close(got[1:].copy(), np.array([1e-20, 0.0]), scale=1e-20)


def test_large_gradients_are_not_clipped(kata):
    """p = (1/2, 1/2), g = (2e10, 0): the mean is 1e10"""
    assert_close(kata.softmax_vjp(np.array([0.5, 0.5]), np.array([2e10, 0.0])), np.array([5e9, -5e9]))
