import numpy as np
import pytest

from dojo.testing import LAYOUTS, assert_agrees, assert_close, assert_same, assert_within, draw, golden, laid_out
from reference.deep_networks import softmax_cross_entropy as reference

SMOOTHING = [0.0, 0.1, 0.7]


def labels(rng, n, C):
    return rng.integers(0, C, n)


# --- by hand ---


def test_loss_of_equal_logits(kata):
    """equal logits say nothing: the loss is log C, whatever the label and the smoothing"""
    assert_close(kata.cross_entropy(np.full((2, 3), 7.0), np.array([0, 2])), np.log(3.0), scale=1.0)
    assert_close(kata.cross_entropy(np.zeros((1, 5)), np.array([4]), 0.3), np.log(5.0), scale=1.0)


def test_loss_by_hand(kata):
    """odds of 3 to 1 for the label: p = 3/4, and the loss is log 4/3"""
    assert_close(kata.cross_entropy(np.log([[3.0, 1.0]]), np.array([0])), np.log(4 / 3), scale=1.0)


def test_loss_is_the_mean_over_rows(kata):
    """log 4/3 and log 4 have the mean log(4/√3)"""
    assert_close(kata.cross_entropy(np.log([[3.0, 1.0], [3.0, 1.0]]), np.array([0, 1])), np.log(4 / 3**0.5), scale=1.0)


def test_gradient_by_hand(kata):
    """p - onehot = (3/4 - 1, 1/4), and half of that in a batch of two"""
    logits = np.log([[3.0, 1.0], [1.0, 1.0]])
    want = np.array([[-0.125, 0.125], [0.25, -0.25]])
    assert_close(kata.cross_entropy_grad(logits, np.array([0, 1])), want, scale=1.0)


def test_smoothing_spreads_over_all_classes(kata):
    """ε = 0.3 over C = 3: the label keeps 0.7 + 0.1, each other class gets 0.1"""
    logits = np.log([[2.0, 1.0, 1.0]])
    want = 0.8 * np.log(2.0) + 0.2 * np.log(4.0)
    assert_close(kata.cross_entropy(logits, np.array([0]), 0.3), want, scale=1.0)
    want = np.array([[0.5 - 0.8, 0.25 - 0.1, 0.25 - 0.1]])
    assert_close(kata.cross_entropy_grad(logits, np.array([0]), 0.3), want, scale=1.0)


def test_ignored_rows_have_no_part(kata):
    """a row with the label -100 is neither in the sum nor in the count, and its gradient is 0"""
    logits, y = np.log([[3.0, 1.0], [1.0, 9.0], [3.0, 1.0]]), np.array([0, -100, 1])
    assert_close(kata.cross_entropy(logits, y), np.log(4 / 3**0.5), scale=1.0)
    want = np.array([[-0.125, 0.125], [0.0, 0.0], [0.375, -0.375]])
    assert_close(kata.cross_entropy_grad(logits, y), want, scale=1.0)


@pytest.mark.parametrize("index", [0, 1, 7, -1])
def test_any_label_can_be_the_ignored_one(kata, index):
    """ignore_index may be a class of its own"""
    logits, y = np.log([[3.0, 1.0, 4.0], [1.0, 9.0, 6.0]]), np.array([2, index])
    assert_close(kata.cross_entropy(logits, y, ignore_index=index), np.log(2.0), scale=1.0)
    want = np.array([[0.375, 0.125, -0.5], [0.0, 0.0, 0.0]])
    assert_close(kata.cross_entropy_grad(logits, y, ignore_index=index), want, scale=1.0)


def test_binary_by_hand(kata):
    """σ = 3/4 for one and 1/2 for the other: the mean of log 4/3 and log 2"""
    z, t = np.log([3.0, 1.0]), np.array([1.0, 0.0])
    want = (np.log(4 / 3) + np.log(2.0)) / 2
    assert_close(kata.binary_cross_entropy_with_logits(z, t), want, scale=1.0)


def test_binary_takes_soft_targets(kata):
    """t = 1/4 at odds of 3 to 1: log(4/3) / 4 + 3 log(4) / 4"""
    want = np.log(4 / 3) / 4 + 0.75 * np.log(4.0)
    assert_close(kata.binary_cross_entropy_with_logits(np.log([3.0]), np.array([0.25])), want, scale=1.0)


# --- laws ---


def test_a_shift_of_a_row_changes_nothing(kata, rng):
    """softmax(z + c) = softmax(z)"""
    logits, y = rng.standard_normal((4, 3)), labels(rng, 4, 3)
    moved = logits + np.array([[64.0], [-256.0], [0.0], [1024.0]])
    assert_close(kata.cross_entropy(moved, y, 0.1), kata.cross_entropy(logits, y, 0.1), scale=1024.0)
    assert_close(kata.cross_entropy_grad(moved, y, 0.1), kata.cross_entropy_grad(logits, y, 0.1), scale=1024.0)


def test_rows_of_the_gradient_sum_to_zero(kata, rng):
    """p and q are distributions: p - q has the sum 0"""
    grad = kata.cross_entropy_grad(rng.standard_normal((5, 4)), labels(rng, 5, 4), 0.2)
    assert_same(grad.shape, (5, 4))
    assert_within(grad.sum(axis=1), 1e-15, "Σ_c ∂L/∂z_c")


def test_two_classes_are_the_binary_loss(kata, rng):
    """softmax of (z, 0) is (σ(z), 1 - σ(z))"""
    z, y = 5 * rng.standard_normal(6), labels(rng, 6, 2)
    two = kata.cross_entropy(np.stack([np.zeros(6), z], axis=1), y)
    assert_close(kata.binary_cross_entropy_with_logits(z, y.astype(float)), two, scale=10.0)


# --- the oracle ---


@pytest.mark.parametrize("smoothing", SMOOTHING)
@pytest.mark.parametrize(("n", "C"), [(1, 1), (1, 4), (6, 3), (5, 9)])
def test_loss_agrees_with_the_definition(kata, rng, n, C, smoothing):
    logits, y = 3 * rng.standard_normal((n, C)), labels(rng, n, C)
    assert_agrees(kata.cross_entropy, reference.cross_entropy, logits, y, smoothing, floor=10.0)


@pytest.mark.parametrize("smoothing", SMOOTHING)
def test_gradient_agrees_with_the_definition(kata, rng, smoothing):
    logits, y = 3 * rng.standard_normal((6, 4)), np.array([0, 3, -100, 2, 2, -100])
    assert_agrees(kata.cross_entropy_grad, reference.cross_entropy_grad, logits, y, smoothing, floor=1.0)


def test_agrees_with_torch(kata):
    """loss and autograd of torch.nn.functional (frozen by softmax_cross_entropy_golden.py)"""
    data = golden(reference)
    logits, y = np.array(data["logits"]), np.array(data["y"])
    assert_close(kata.cross_entropy(logits, y, label_smoothing=0.2), data["loss"], scale=10.0)
    assert_close(kata.cross_entropy_grad(logits, y, label_smoothing=0.2), np.array(data["grad"]), scale=1.0)
    binary = kata.binary_cross_entropy_with_logits(logits[:, 0].copy(), np.array(data["t"]))
    assert_close(binary, data["binary"], scale=10.0)


def test_agrees_on_fresh_numbers(kata, fresh_rng):
    logits, y = 4 * fresh_rng.standard_normal((4, 5)), labels(fresh_rng, 4, 5)
    z, t = 4 * fresh_rng.standard_normal(5), fresh_rng.uniform(0, 1, 5)
    assert_agrees(kata.cross_entropy, reference.cross_entropy, logits, y, 0.1, floor=10.0)
    assert_agrees(kata.cross_entropy_grad, reference.cross_entropy_grad, logits, y, 0.1, floor=1.0)
    assert_agrees(kata.binary_cross_entropy_with_logits, reference.binary_cross_entropy_with_logits, z, t, floor=10.0)


# --- gradients ---


@pytest.mark.parametrize("smoothing", SMOOTHING)
def test_gradient_is_the_slope_of_the_loss(kata, rng, smoothing):
    """<∂L/∂z, v> is the central difference of L along a random direction v"""
    logits, v, y = rng.standard_normal((4, 3)), rng.standard_normal((4, 3)), np.array([2, -100, 0, 2])
    h = 1e-5
    up, down = (kata.cross_entropy(logits + s * h * v, y, smoothing) for s in (1, -1))
    slope = (kata.cross_entropy_grad(logits, y, smoothing) * v).sum()
    assert_within((up - down) / (2 * h) - slope, 1e-8, "difference quotient - <gradient, v>")


# --- nasty inputs ---


def test_loss_of_a_confident_mistake(kata):
    """logits (1000, 0, -1000) with label 2 cost 2000: nothing overflows, nothing is log 0"""
    logits = np.array([[1000.0, 0.0, -1000.0]])
    assert_close(kata.cross_entropy(logits, np.array([2])), 2000.0)
    assert_close(kata.cross_entropy_grad(logits, np.array([2])), np.array([[1.0, 0.0, -1.0]]))


def test_small_losses_keep_their_digits(kata):
    """a sure and right answer costs e^-30, not 0"""
    assert_close(kata.cross_entropy(np.array([[30.0, 0.0]]), np.array([0])), np.exp(-30.0), scale=32 * 2**-5)
    assert_close(kata.binary_cross_entropy_with_logits(np.array([40.0]), np.array([1.0])), np.exp(-40.0))


def test_impossible_class(kata):
    """a logit of -inf is a class with p = 0: no cost unless it is the label, and then an infinite one"""
    logits = np.array([[0.0, -np.inf, 0.0]])
    assert_close(kata.cross_entropy(logits, np.array([0])), np.log(2.0), scale=1.0)
    assert_close(kata.cross_entropy(logits, np.array([1])), np.inf)
    assert_close(kata.cross_entropy_grad(logits, np.array([0])), np.array([[-0.5, 0.0, 0.5]]), scale=1.0)


@pytest.mark.parametrize("z", [1e4, -1e4, 710.0, -745.0])
def test_binary_loss_of_any_logit(kata, z):
    """softplus(z) - t z is |z| for the wrong side and 0 for the right one"""
    assert_close(kata.binary_cross_entropy_with_logits(np.array([z]), np.array([float(z < 0)])), abs(z))
    assert_within(kata.binary_cross_entropy_with_logits(np.array([z]), np.array([float(z > 0)])), 1e-300, "loss")


@pytest.mark.parametrize("family", ["offset", "large", "small", "ties", "constant", "levels"])
def test_any_size_of_values(kata, rng, family):
    logits, y = draw(rng, family, 5, 3), labels(rng, 5, 3)
    size = np.abs(logits).max() + 1
    assert_agrees(kata.cross_entropy, reference.cross_entropy, logits, y, 0.1, floor=size)
    assert_agrees(kata.cross_entropy_grad, reference.cross_entropy_grad, logits, y, 0.1, floor=1.0)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_any_memory_layout(kata, rng, layout):
    logits, y, z, t = laid_out(
        layout, (rng.standard_normal((5, 4)), labels(rng, 5, 4), rng.standard_normal(6), rng.uniform(0, 1, 6))
    )
    assert_agrees(kata.cross_entropy_grad, reference.cross_entropy_grad, logits, y, floor=1.0)
    assert_agrees(kata.cross_entropy, reference.cross_entropy, logits, y, floor=10.0)
    assert_agrees(kata.binary_cross_entropy_with_logits, reference.binary_cross_entropy_with_logits, z, t, floor=10.0)


@pytest.mark.parametrize("name", ["cross_entropy", "cross_entropy_grad"])
def test_a_mean_over_nothing_is_refused(kata, name):
    """no row that counts is an error, not 0 and not NaN"""
    with pytest.raises(ValueError):
        getattr(kata, name)(np.zeros((2, 3)), np.array([-100, -100]))
    with pytest.raises(ValueError):
        getattr(kata, name)(np.zeros((0, 3)), np.zeros(0, dtype=np.int64))


@pytest.mark.parametrize("label", [3, -1, -3])
@pytest.mark.parametrize("name", ["cross_entropy", "cross_entropy_grad"])
def test_an_unknown_label_is_refused(kata, name, label):
    """labels are 0 to C - 1: a negative one does not count from the end"""
    with pytest.raises(ValueError):
        getattr(kata, name)(np.zeros((2, 3)), np.array([0, label]))


def test_binary_mean_over_nothing_is_refused(kata):
    """no rows, no mean"""
    with pytest.raises(ValueError):
        kata.binary_cross_entropy_with_logits(np.zeros(0), np.zeros(0))


def test_all_logits_far_below_zero(kata):
    """logits (-1000, -1000): the largest is taken out where it is negative, too"""
    logits = np.full((1, 2), -1000.0)
    assert_close(kata.cross_entropy(logits, np.array([0])), np.log(2.0), scale=1.0)
    assert_close(kata.cross_entropy_grad(logits, np.array([0])), np.array([[-0.5, 0.5]]), scale=1.0)


def test_small_binary_losses_of_the_other_side(kata):
    """a sure and right 0 costs e^-40 as well: -40 and 40 do not cancel it"""
    assert_close(kata.binary_cross_entropy_with_logits(np.array([-40.0]), np.array([0.0])), np.exp(-40.0))


@pytest.mark.parametrize("place", [0, 1, 2])
def test_impossible_class_anywhere(kata, place):
    """-inf in the first, the second or the last column, and in two of them"""
    logits = np.zeros((1, 3))
    logits[0, place] = -np.inf
    y = np.array([(place + 1) % 3])
    assert_close(kata.cross_entropy(logits, y), np.log(2.0), scale=1.0)
    logits[0, (place + 2) % 3] = -np.inf
    assert_close(kata.cross_entropy(logits, y), 0.0)


def test_impossible_class_in_an_ignored_row(kata):
    """a row that does not count has no part, whatever stands in it: no inf * 0"""
    logits, y = np.array([[0.0, 0.0], [-np.inf, 0.0], [0.0, -np.inf]]), np.array([0, -100, -100])
    assert_close(kata.cross_entropy(logits, y), np.log(2.0), scale=1.0)
    assert_close(kata.cross_entropy_grad(logits, y), np.array([[-0.5, 0.5], [0.0, 0.0], [0.0, 0.0]]), scale=1.0)


def test_gradient_where_the_label_is_impossible(kata):
    """the loss is inf, its gradient still softmax(z) - q"""
    logits = np.array([[0.0, -np.inf, 0.0]])
    assert_close(kata.cross_entropy_grad(logits, np.array([1])), np.array([[0.5, -1.0, 0.5]]), scale=1.0)


@pytest.mark.parametrize("label", [3, -1, -4, -100])
@pytest.mark.parametrize("name", ["cross_entropy", "cross_entropy_grad"])
@pytest.mark.parametrize("index", [1, 7])
def test_unknown_labels_with_another_ignored_one(kata, name, label, index):
    """with another ignore_index -100 is a label like any other, which is not there"""
    with pytest.raises(ValueError):
        getattr(kata, name)(np.zeros((2, 3)), np.array([0, label]), ignore_index=index)


def test_logits_of_any_size(kata):
    """1e9 of difference costs 1e9"""
    assert_close(kata.cross_entropy(np.array([[1e9, 0.0]]), np.array([1])), 1e9)
    assert_close(kata.binary_cross_entropy_with_logits(np.array([-1e9]), np.array([1.0])), 1e9)
