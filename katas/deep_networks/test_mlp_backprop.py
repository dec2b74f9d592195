import numpy as np
import pytest

from dojo.testing import (
    LAYOUTS,
    assert_agrees,
    assert_close,
    assert_same,
    assert_within,
    golden,
    laid_out,
    least_seconds,
)
from reference.deep_networks import mlp_backprop as reference

SIZES = {  # every size different: a transposed product cannot hide
    "one layer": (3, 2),
    "two layers": (3, 4, 2),
    "three layers": (2, 5, 4, 3),
    "one class": (3, 4, 1),
    "deep": (2, 4, 3, 5, 3, 4),
}


def network(rng, sizes):
    """Random layers, biases included; about half of the units are on."""
    return [
        (rng.standard_normal((n, out)) / np.sqrt(n), 0.3 * rng.standard_normal(out))
        for n, out in zip(sizes[:-1], sizes[1:], strict=True)
    ]


@pytest.fixture(params=SIZES, ids=lambda name: name.replace(" ", "-"))
def case(request, rng):
    """(params, X, y) with six samples."""
    sizes = SIZES[request.param]
    return network(rng, sizes), rng.standard_normal((6, sizes[0])), rng.integers(0, sizes[-1], 6)


# Two hidden units, of which the second is off for x = 2: z_1 = (2, -2), a_1 = (2, 0), logits (2, 0)
SMALL = [(np.array([[1.0, -1.0]]), np.zeros(2)), (np.array([[1.0, 0.0], [5.0, 7.0]]), np.array([0.0, 0.0]))]
X2, P = np.array([[2.0]]), 1 / (1 + np.exp(-2.0))  # softmax(2, 0) = (P, 1 - P)


# --- by hand ---


def test_forward_by_hand(kata):
    """a unit below 0 puts out 0, and the last layer has no relu"""
    logits, _ = kata.forward(SMALL, np.array([[2.0], [-1.0]]))
    assert_close(logits, np.array([[2.0, 0.0], [5.0, 7.0]]))
    logits, _ = kata.forward([(np.array([[1.0, -1.0]]), np.array([0.0, 0.5]))], np.array([[2.0]]))
    assert_close(logits, np.array([[2.0, -1.5]]))


def test_loss_by_hand(kata):
    """logits (2, 0) and label 1: the loss is log(1 + e²); l2 = 3 adds 3/2 of all squared weights"""
    assert_close(kata.loss_and_grads(SMALL, X2, np.array([1]))[0], np.log(1 + np.exp(2.0)), scale=4.0)
    want = np.log(1 + np.exp(2.0)) + 1.5 * (1 + 1 + 1 + 25 + 49)
    assert_close(kata.loss_and_grads(SMALL, X2, np.array([1]), 3.0)[0], want)


def test_gradients_by_hand(kata):
    """δ_2 = (P, -P), dW_2 = a_1ᵀ δ_2; only the unit that is on passes anything back: δ_1 = (P, 0)"""
    _, [(dW1, db1), (dW2, db2)] = kata.loss_and_grads(SMALL, X2, np.array([1]))
    assert_close(dW2, np.array([[2 * P, -2 * P], [0.0, 0.0]]), scale=4.0)
    assert_close(db2, np.array([P, -P]), scale=4.0)
    assert_close(dW1, np.array([[2 * P, 0.0]]), scale=4.0)
    assert_close(db1, np.array([P, 0.0]), scale=4.0)


def test_penalty_pulls_weights_and_leaves_biases(kata):
    """∂/∂W of (l2/2)‖W‖² is l2 W; the biases have no part in it"""
    params = [(np.array([[3.0, -4.0]]), np.array([5.0, 5.0]))]
    _, [(dW, db)] = kata.loss_and_grads(params, np.array([[0.0]]), np.array([0]), 0.5)
    assert_close(dW, np.array([[1.5, -2.0]]))
    assert_close(db, np.array([-0.5, 0.5]), scale=1.0)


def test_relu_has_slope_0_at_0(kata):
    """a pre-activation of exactly 0 passes nothing back"""
    params = [(np.array([[1.0]]), np.array([-2.0])), (np.array([[3.0, 1.0]]), np.zeros(2))]
    _, [(dW1, db1), _] = kata.loss_and_grads(params, X2, np.array([0]))
    assert_within(dW1, 0.0, "dW_1")
    assert_within(db1, 0.0, "db_1")


def test_init_has_shapes_and_zero_biases(kata, rng):
    """(in, out) for each layer, and biases of exactly 0"""
    params = kata.init([5, 4, 3], rng)
    assert_same([(W.shape, str(W.dtype)) for W, _ in params], [((5, 4), "float64"), ((4, 3), "float64")])
    for (_, b), size in zip(params, (4, 3), strict=True):
        assert_same(b, np.zeros(size))


# --- laws ---


def test_init_has_he_variance(kata, rng):
    """the weights have mean 0 and variance 2/in, within 5 standard errors, and the tails of a normal"""
    [(W, _), (V, _)] = kata.init([100, 200, 40], rng)
    for w, n in ((W, 100), (V, 200)):
        count = w.size
        assert_within(w.mean() * np.sqrt(n / 2), 5 / np.sqrt(count), "mean / σ")
        assert_within(w.var() * n / 2 - 1, 5 * np.sqrt(2 / count), "variance / (2/in) - 1")
        assert_within((w**4).mean() * (n / 2) ** 2 / 3 - 1, 5 * np.sqrt(96 / 9 / count), "kurtosis / 3 - 1")


def test_init_uses_the_generator_it_is_given(kata):
    """the same seed gives the same weights, the next draw others; layers are independent"""
    rng = np.random.default_rng(1)
    first, second = kata.init([3, 3, 3], rng), kata.init([3, 3, 3], rng)
    again = kata.init([3, 3, 3], np.random.default_rng(1))
    assert_same(first[0][0], again[0][0])
    assert (first[0][0] != second[0][0]).all()
    assert (first[0][0] != first[1][0]).all()


def test_zero_last_layer_knows_nothing(kata, rng):
    """with zeros in the last layer the loss is log C, and no gradient reaches the layers before"""
    params = [*network(rng, (3, 4)), (np.zeros((4, 5)), np.zeros(5))]
    loss, grads = kata.loss_and_grads(params, rng.standard_normal((7, 3)), rng.integers(0, 5, 7))
    assert_close(loss, np.log(5.0), scale=1.0)
    assert_within(grads[0][0], 0.0, "dW_1")


def test_a_batch_is_the_mean_of_its_samples(kata, case):
    """loss and gradients are means over the batch, sample by sample"""
    params, X, y = case[0], case[1][:3], case[2][:3]
    loss, grads = kata.loss_and_grads(params, X, y)
    singles = [kata.loss_and_grads(params, X[i : i + 1], y[i : i + 1]) for i in range(len(X))]
    assert_close(loss, sum(one for one, _ in singles) / len(X), scale=4.0)
    for layer, (dW, db) in enumerate(grads):
        assert_close(dW, sum(g[layer][0] for _, g in singles) / len(X), scale=4.0)
        assert_close(db, sum(g[layer][1] for _, g in singles) / len(X), scale=4.0)


# --- the oracle ---


def test_forward_agrees_with_the_definition(kata, case):
    """logits neuron by neuron"""
    params, X, _ = case
    assert_agrees(lambda params, X: kata.forward(params, X)[0], reference.forward, params, X, floor=4.0)


@pytest.mark.parametrize("l2", [0.0, 0.3])
def test_gradients_agree_with_the_complex_step(kata, case, l2):
    """every single parameter's slope"""
    params, X, y = case
    assert_agrees(kata.loss_and_grads, reference.loss_and_grads, params, X[:3].copy(), y[:3].copy(), l2, floor=4.0)


def test_agrees_with_torch(kata):
    """autograd of torch on the same network (frozen by mlp_backprop_golden.py)"""
    data = golden(reference)
    params = [(np.array(W), np.array(b)) for W, b in data["params"]]
    loss, grads = kata.loss_and_grads(params, np.array(data["X"]), np.array(data["y"]), data["l2"])
    assert_close(loss, data["loss"], scale=4.0)
    for (dW, db), (want_W, want_b) in zip(grads, data["grads"], strict=True):
        assert_close(dW, np.array(want_W), scale=4.0)
        assert_close(db, np.array(want_b), scale=4.0)


def test_agrees_on_fresh_numbers(kata, fresh_rng):
    params, X, y = network(fresh_rng, (3, 5, 2)), fresh_rng.standard_normal((4, 3)), fresh_rng.integers(0, 2, 4)
    assert_agrees(kata.loss_and_grads, reference.loss_and_grads, params, X, y, 0.1, floor=4.0)


# --- gradients ---


def test_gradients_are_the_slope_along_a_random_direction(kata, case, rng):
    """<∇J, v> is the central difference of J along v, over all parameters at once"""
    params, X, y = case
    v = [(rng.standard_normal(W.shape), rng.standard_normal(b.shape)) for W, b in params]
    h = 1e-6

    def moved(s):
        return [(W + s * dW, b + s * db) for (W, b), (dW, db) in zip(params, v, strict=True)]

    up, down = kata.loss_and_grads(moved(h), X, y, 0.2)[0], kata.loss_and_grads(moved(-h), X, y, 0.2)[0]
    _, grads = kata.loss_and_grads(params, X, y, 0.2)
    slope = sum((g * d).sum() for pair, way in zip(grads, v, strict=True) for g, d in zip(pair, way, strict=True))
    assert_within((up - down) / (2 * h) - slope, 1e-7, "difference quotient - <∇J, v>")


def test_descent_fits_the_data(kata):
    """8 points with random labels: gradient descent learns them by heart"""
    rng = np.random.default_rng(3)
    X, y = rng.standard_normal((8, 2)), rng.integers(0, 3, 8)
    params = network(rng, (2, 20, 3))
    for _ in range(25):
        _, grads = kata.loss_and_grads(params, X, y)
        params = [(W - 1.0 * dW, b - 1.0 * db) for (W, b), (dW, db) in zip(params, grads, strict=True)]
    assert kata.loss_and_grads(params, X, y)[0] < 0.5 * np.log(3)


# --- nasty inputs ---


def test_dead_layer_has_gradient_zero(kata, rng):
    """all units off: nothing but the last bias learns, and nothing is NaN"""
    params = [(np.ones((2, 3)), np.full(3, -100.0)), (rng.standard_normal((3, 2)), np.zeros(2))]
    loss, [(dW1, db1), (dW2, db2)] = kata.loss_and_grads(params, rng.standard_normal((4, 2)), np.array([0, 0, 0, 1]))
    assert_close(loss, np.log(2.0), scale=1.0)
    for zero in (dW1, db1, dW2):
        assert_within(zero, 0.0, "gradient")
    assert_close(db2, np.array([-0.25, 0.25]), scale=1.0)


def test_large_logits_do_not_overflow(kata):
    """logits (2000, 0) and (-2000, 0) with the labels 1 and 0 cost 2000 each, whatever the other row is"""
    params = [(np.array([[1000.0, 0.0]]), np.zeros(2))]
    loss, [(dW, _)] = kata.loss_and_grads(params, np.array([[2.0], [-2.0]]), np.array([1, 0]))
    assert_close(loss, 2000.0)
    assert_close(dW, np.array([[2.0, -2.0]]))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_any_memory_layout(kata, rng, layout):
    params, X, y = laid_out(layout, (network(rng, (3, 4, 2)), rng.standard_normal((3, 3)), np.array([1, 0, 1])))
    assert_agrees(kata.loss_and_grads, reference.loss_and_grads, params, X, y, 0.1, floor=4.0)


# --- rules ---


def test_no_loop_over_the_batch(kata, rng):
    """4000 rows in one batch cost far less than 4000 batches of one row"""
    params, X, y = network(rng, (8, 8, 3)), rng.standard_normal((4000, 8)), rng.integers(0, 3, 4000)
    whole = least_seconds(kata.raw("loss_and_grads"), params, X, y, rounds=3)
    one = least_seconds(kata.raw("loss_and_grads"), params, X[:1], y[:1])
    assert_within(whole / one, 600.0, "time of 4000 rows / time of one")


def test_logits_far_below_zero_do_not_underflow(kata):
    """logits (-2000, -2000): the largest is taken out where it is negative, too"""
    params = [(np.zeros((1, 2)), np.full(2, -2000.0))]
    loss, [(_, db)] = kata.loss_and_grads(params, np.array([[1.0]]), np.array([0]))
    assert_close(loss, np.log(2.0), scale=2000.0)
    assert_close(db, np.array([-0.5, 0.5]), scale=2000.0)


def test_large_activations_and_gradients(kata):
    """a relu has no ceiling, and a gradient is not clipped: z_1 = 1e5, dW_2 = 1e5 (p - onehot)"""
    params = [(np.array([[1.0]]), np.zeros(1)), (np.zeros((1, 2)), np.zeros(2))]
    _, [_, (dW, _)] = kata.loss_and_grads(params, np.array([[1e5]]), np.array([0]))
    assert_close(kata.forward([params[0], (np.array([[1.0]]), np.zeros(1))], np.array([[1e5]]))[0], np.array([[1e5]]))
    assert_close(dW, np.array([[-5e4, 5e4]]))


def test_init_has_tails(kata, rng):
    """of 10^5 normals some 270 lie beyond 3 σ: none is cut off"""
    W = kata.init([500, 200], rng)[0][0] * np.sqrt(250)
    assert_within(np.mean(np.abs(W) > 3.1) - 0.00193521, 5 * np.sqrt(0.0019 / 1e5), "share beyond 3.1 σ")


def test_init_takes_any_sequence(kata, rng):
    """a tuple of sizes does as well"""
    assert_same([W.shape for W, _ in kata.init((3, 4, 2), rng)], [(3, 4), (4, 2)])


def test_biases_are_separate_arrays(kata, rng):
    """each layer has its own bias: to write to one leaves the others alone"""
    (_, one), (_, other) = kata.init([3, 4, 4], rng)
    assert not np.shares_memory(one, other)
