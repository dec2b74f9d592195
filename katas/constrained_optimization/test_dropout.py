import numpy as np
import pytest

from dojo.testing import LAYOUTS, assert_agrees, assert_close, assert_same, assert_within, laid_out
from reference.constrained_optimization import dropout as reference

SIGMAS = 5.0  # once in a million runs an honest program lies farther off


def model(rng, n=5, d=4):
    """X, y, w of a linear model."""
    return rng.standard_normal((n, d)), rng.standard_normal(n), rng.standard_normal(d)


# --- shape and dtype ---


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize(("train", "p_drop"), [(True, 0.4), (True, 0.0), (True, 1.0), (False, 0.4)])
def test_shape_and_dtype(kata, rng, dtype, train, p_drop):
    """out, mask and the gradient have x's shape and dtype: float32 stays float32"""
    for shape in [(4,), (1,), (2, 3), (2, 1, 5), (0, 3)]:
        x = rng.standard_normal(shape).astype(dtype)
        out, mask = kata.dropout_forward(x, p_drop, rng, train)
        back = kata.dropout_backward(x, mask) if p_drop == 0.4 else mask
        for found in (out, mask, back):
            assert_same((found.shape, str(found.dtype)), (shape, str(np.dtype(dtype))))


# --- by hand ---


def test_evaluation_is_the_identity(kata, rng):
    """train = False: out = x, and the mask is 1 everywhere"""
    x = np.array([[1.0, -2.0], [0.0, 3.0]])
    assert_close(kata.dropout_forward(x, 0.5, rng, False), (x, np.ones((2, 2))))


def test_nothing_is_dropped_at_zero(kata, rng):
    """p = 0: out = x, and the mask is 1 everywhere"""
    x = np.array([1.0, -2.0, 3.0])
    assert_close(kata.dropout_forward(x, 0.0, rng, True), (x, np.ones(3)))


def test_all_is_dropped_at_one(kata, rng):
    """p = 1: zeros, not 0/0"""
    x = np.array([1.0, -2.0, 3.0])
    assert_close(kata.dropout_forward(x, 1.0, rng, True), (np.zeros(3), np.zeros(3)))


def test_backward_by_hand(kata):
    """dout * mask: what was dropped gets no gradient, what was kept gets 1/(1 - p) of it"""
    found = kata.dropout_backward(np.array([1.0, 10.0, -3.0]), np.array([2.0, 0.0, 2.0]))
    assert_close(found, np.array([2.0, 0.0, -6.0]))


def test_loss_by_hand(kata):
    """X = (1), w = (1), y = (3), p = 3/4: out is 0 or 4, and 3/4 · 3² + 1/4 · 1² = 7"""
    found = kata.expected_dropout_loss(np.array([[1.0]]), np.array([3.0]), np.array([1.0]), 0.75)
    assert_close(found, 7.0)


# --- the mask ---


@pytest.mark.parametrize("p_drop", [0.1, 0.5, 0.8])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_mask_is_zero_or_one_over_keep(kata, rng, p_drop, dtype):
    """every entry of the mask is 0 or 1/(1 - p), and out = x * mask"""
    x = rng.standard_normal((20, 30)).astype(dtype)
    out, mask = kata.dropout_forward(x, p_drop, rng, True)
    assert_close(np.unique(mask), np.array([0.0, 1 / (1 - p_drop)], dtype=dtype))
    assert_close(out, x * mask)


@pytest.mark.parametrize("p_drop", [0.05, 0.3, 0.9])
def test_dropped_with_probability_p(kata, rng, p_drop):
    """of 40 000 entries a share p is dropped, give or take five standard errors; so E[mask] = 1"""
    _, mask = kata.dropout_forward(np.ones((100, 400)), p_drop, rng, True)
    error = np.sqrt(p_drop * (1 - p_drop) / mask.size)
    assert_within(np.mean(mask == 0) - p_drop, SIGMAS * error, "share that is dropped - p")


def test_mask_has_nothing_to_do_with_x(kata, rng):
    """entries are dropped whatever their size: E[out] = x for the large, the small, the negative and for 0"""
    values = np.array([1e6, 1e-6, 0.0, -3.0])
    _, mask = kata.dropout_forward(np.tile(values, (10_000, 1)), 0.4, rng, True)
    error = np.sqrt(0.4 / 0.6 / 10_000)
    assert_within(mask.mean(axis=0) - 1, SIGMAS * error, "mean of the mask - 1")


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_entries_are_independent(kata, rng, axis):
    """neighbours along any axis are uncorrelated: no mask is shared by a batch, a row or a channel"""
    _, mask = kata.dropout_forward(np.ones((30, 40, 50)), 0.3, rng, True)
    noise = (np.moveaxis(mask, axis, 0) - 1) / np.sqrt(0.3 / 0.7)  # mean 0, variance 1
    correlation = np.mean(noise[1:] * noise[:-1])
    assert_within(correlation, SIGMAS / np.sqrt(noise[1:].size), "correlation of neighbours")


def test_number_of_dropped_entries_varies(kata, rng):
    """how many of n are dropped is binomial, of variance n p (1 - p): no fixed number is drawn"""
    counts = [np.sum(kata.dropout_forward(np.ones(25), 0.4, rng, True)[1] == 0) for _ in range(80)]
    ratio = np.var(counts, ddof=1) / (25 * 0.4 * 0.6)
    assert_within(ratio - 1, SIGMAS * np.sqrt(2 / 80) + 0.05, "variance of the count / n p (1 - p) - 1")


# --- the generator ---


def test_each_call_draws_a_new_mask(kata, rng):
    """the generator moves on: two calls in a row drop different entries"""
    _, one = kata.dropout_forward(np.ones(200), 0.5, rng, True)
    _, other = kata.dropout_forward(np.ones(200), 0.5, rng, True)
    assert_within(float(np.mean(one == other)) - 0.5, 0.25, "share of equal entries - 1/2")


def test_the_generator_decides(kata):
    """two generators of the same seed give the same mask, one of another seed another"""
    masks = [kata.dropout_forward(np.ones(200), 0.5, np.random.default_rng(s), True)[1] for s in (1, 1, 2)]
    assert_same(masks[0], masks[1])
    assert_within(float(np.mean(masks[0] == masks[2])) - 0.5, 0.25, "share of equal entries - 1/2")


@pytest.mark.parametrize(("train", "p_drop"), [(False, 0.5), (True, 0.0), (True, 1.0)])
def test_nothing_is_drawn_where_nothing_is_random(kata, train, p_drop):
    """evaluation, p = 0 and p = 1 leave the generator where it was: results after them stay reproducible"""
    rng = np.random.default_rng(7)
    kata.dropout_forward(np.ones(6), p_drop, rng, train)
    assert_same(rng.random(3), np.random.default_rng(7).random(3))


# --- gradient ---


@pytest.mark.parametrize("shape", [(6,), (3, 4), (2, 3, 5)], ids=str)
def test_backward_is_the_transpose_of_forward(kata, rng, shape):
    """<dout, mask * v> = <backward(dout, mask), v>, with the mask of the forward pass"""
    v, dout = rng.standard_normal(shape), rng.standard_normal(shape)
    out, mask = kata.dropout_forward(v, 0.4, rng, True)
    left, right = np.sum(dout * out), np.sum(kata.dropout_backward(dout, mask) * v)
    assert_close(left, right, scale=float(np.sum(np.abs(dout * out))))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_backward_agrees_with_the_definition(kata, rng, layout):
    dout, mask = laid_out(layout, (rng.standard_normal((3, 4)), rng.uniform(0, 2, (3, 4))))
    assert_agrees(kata.dropout_backward, reference.dropout_backward, dout, mask)


# --- the expected loss ---


@pytest.mark.parametrize("p_drop", [0.0, 0.2, 0.5, 0.9, 1.0])
@pytest.mark.parametrize(("n", "d"), [(5, 4), (1, 6), (3, 1)])
def test_loss_agrees_with_all_masks(kata, rng, n, d, p_drop):
    """the sum over all 2^d masks of a row, each with its probability"""
    assert_agrees(kata.expected_dropout_loss, reference.expected_dropout_loss, *model(rng, n, d), p_drop, floor=10.0)


def test_loss_agrees_on_fresh_numbers(kata, fresh_rng):
    p_drop = float(fresh_rng.uniform(0.1, 0.9))
    assert_agrees(kata.expected_dropout_loss, reference.expected_dropout_loss, *model(fresh_rng), p_drop, floor=10.0)


def test_loss_is_the_mean_over_forward_passes(kata, rng):
    """4000 forward passes over X have this mean loss, give or take five standard errors"""
    X, y, w = model(rng)
    out, _ = kata.dropout_forward(np.tile(X, (4000, 1, 1)), 0.3, rng, True)
    losses = np.sum((y - out @ w) ** 2, axis=1)
    error = losses.std() / np.sqrt(len(losses))
    assert_within(losses.mean() - kata.expected_dropout_loss(X, y, w, 0.3), SIGMAS * error, "mean loss - E loss")


def test_dropout_is_ridge_scaled_by_the_data(kata, rng):
    """E loss is least where (XᵀX + p/(1 - p) diag(XᵀX)) w = Xᵀy, and grows by dᵀ(...) d a step d away"""
    X, y, d = model(rng)
    H = X.T @ X + 0.25 / 0.75 * np.diag(np.diag(X.T @ X))
    w = np.linalg.solve(H, X.T @ y)
    rise = kata.expected_dropout_loss(X, y, w + d, 0.25) - kata.expected_dropout_loss(X, y, w, 0.25)
    assert_close(rise, d @ H @ d, scale=100.0)


# --- nasty inputs ---


@pytest.mark.parametrize("p_drop", [-0.1, 1.1, -1.0, 2.0])
def test_improbable_probabilities_are_refused(kata, rng, p_drop):
    """p_drop < 0 and p_drop > 1: ValueError, in training, in evaluation and for the loss"""
    X, y, w = model(rng)
    for call in (
        lambda: kata.dropout_forward(X, p_drop, rng, True),
        lambda: kata.dropout_forward(X, p_drop, rng, False),
        lambda: kata.expected_dropout_loss(X, y, w, p_drop),
    ):
        with pytest.raises(ValueError):
            call()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_any_memory_layout(kata, rng, layout):
    """the mask belongs to the entries as they are indexed"""
    x, X, y, w = laid_out(layout, (rng.standard_normal((4, 6)), *model(rng)))
    out, mask = kata.dropout_forward(x, 0.5, rng, True)
    assert_close(out, x * mask)
    assert_agrees(kata.expected_dropout_loss, reference.expected_dropout_loss, X, y, w, 0.5, floor=10.0)


def test_rare_drops_happen(kata, rng):
    """p = 0.004 is neither 0 nor 1 %: of 40 000 entries some 160 are dropped"""
    _, mask = kata.dropout_forward(np.ones((200, 200)), 0.004, rng, True)
    assert_within(np.mean(mask == 0) - 0.004, SIGMAS * np.sqrt(0.004 * 0.996 / mask.size), "share that is dropped - p")


def test_evaluation_is_the_identity_at_one_as_well(kata, rng):
    """train = False with p = 1: still out = x and a mask of ones"""
    x = np.array([1.0, -2.0])
    assert_close(kata.dropout_forward(x, 1.0, rng, False), (x, np.ones(2)))


def test_out_and_mask_are_two_arrays(kata, rng):
    """writing to out leaves the mask alone, also where both are zeros or both are ones"""
    for x, p_drop, train in [(np.ones(3), 1.0, True), (np.ones(3), 0.0, True), (np.ones(3), 0.5, False)]:
        assert not np.shares_memory(*kata.dropout_forward(x, p_drop, rng, train))


def test_loss_almost_at_one(kata):
    """p = 1 - 2^-20: out is 0 or 2^20, and E (y - out)² = (3 - 1)² + 2^20 - 1"""
    X, y, w = np.array([[1.0]]), np.array([3.0]), np.array([1.0])
    assert_close(kata.expected_dropout_loss(X, y, w, 1 - 2.0**-20), 4.0 + 2.0**20 - 1)


def test_forward_almost_at_zero(kata, rng):
    """p = 2^-16 is not 0: what is kept is divided by 1 - p"""
    _, mask = kata.dropout_forward(np.ones(8), 2.0**-16, rng, True)
    assert_close(np.max(mask), 1 / (1 - 2.0**-16))


def test_far_entries_are_independent(kata, rng):
    """the two halves of a batch are uncorrelated: none is a copy or the complement of the other"""
    _, mask = kata.dropout_forward(np.ones((100, 400)), 0.5, rng, True)
    noise = mask - 1  # mean 0, variance 1
    assert_within(np.mean(noise[:50] * noise[50:]), SIGMAS / np.sqrt(20_000), "correlation of the halves")


def test_any_p_below_zero_or_above_one_is_refused(kata, rng):
    """-1e-9 and 1 + 1e-9 are no probabilities either"""
    for p_drop in (-1e-9, 1 + 1e-9):
        with pytest.raises(ValueError):
            kata.dropout_forward(np.ones(2), p_drop, rng, True)
