import numpy as np
import pytest

from dojo.testing import LAYOUTS, assert_close, assert_same, assert_within, golden, laid_out
from reference.dynamical_systems import rnn_bptt as reference

SIZES = {  # T, N, d, h: every size different, and each of them 1
    "one step": (1, 3, 2, 4),
    "two steps": (2, 1, 3, 2),
    "one unit": (5, 2, 3, 1),
    "one input": (4, 2, 1, 3),
    "one of each": (1, 1, 1, 1),
    "a batch": (6, 4, 2, 3),
}
NAMES = ("dX", "dh0", "dWx", "dWh", "db")


def network(rng, T, N, d, h, scale=0.6):
    """(X, h0, Wx, Wh, b), bent but not saturated."""
    shapes = (T, N, d), (N, h), (d, h), (h, h), (h,)
    return tuple(scale * rng.standard_normal(shape) for shape in shapes)


@pytest.fixture(params=SIZES, ids=lambda name: name.replace(" ", "-"))
def case(request, rng):
    """((X, h0, Wx, Wh, b), dH)"""
    T, N, d, h = SIZES[request.param]
    return network(rng, T, N, d, h), rng.standard_normal((T, N, h))


def scalar(T, wx, wh, x=0.0, h0=0.0):
    """One unit, one input, one sequence."""
    return np.full((T, 1, 1), x), np.array([[h0]]), np.array([[wx]]), np.array([[wh]]), np.zeros(1)


def backward(kata, dH, args):
    return kata.rnn_backward(dH, kata.rnn_forward(*args)[1])


def agree(got, want):
    """The five gradients, each to 13 digits of its largest entry."""
    assert type(got) is tuple
    for name, g, w in zip(NAMES, got, want, strict=True):
        assert_same((name, g.shape, str(g.dtype)), (name, w.shape, "float64"))
        assert_within(g - w, 1e-13 * max(1.0, np.abs(w).max()), f"{name} - {name} of the oracle")


# --- by hand ---


def test_one_step_forward(kata):
    """h_1 = tanh(x Wx + h_0 Wh + b), with tanh⁻¹(1/2) = x 2 + h_0 3 + b"""
    args = (
        np.array([[[1.0]]]),
        np.array([[-1.0]]),
        np.array([[2.0]]),
        np.array([[3.0]]),
        np.array([np.arctanh(0.5) + 1]),
    )
    assert_close(kata.rnn_forward(*args)[0], np.array([[[0.5]]]))


def test_a_state_goes_on(kata):
    """without inputs h_2 = tanh(Wh tanh(Wh h_0))"""
    H, _ = kata.rnn_forward(*scalar(2, 1.0, 2.0, h0=0.3))
    first = np.tanh(0.6)
    assert_close(H.ravel(), np.array([first, np.tanh(2 * first)]))


def test_the_weights_stand_on_the_right(kata):
    """row vectors: h = tanh(x Wx), so unit 1 listens to Wx[:, 1]"""
    Wx, Wh = np.array([[0.0, 1.0, 0.0]]), np.array([[0.0, 0.0, 1.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    H, _ = kata.rnn_forward(np.ones((1, 1, 1)), np.array([[0.5, 0.0, 0.0]]), Wx, Wh, np.zeros(3))
    assert_close(H, np.array([[[0.0, np.tanh(1.0), np.tanh(0.5)]]]))


def test_the_gradient_goes_back_in_time(kata):
    """at h = 0 tanh' is 1: from a loss at the end dx_t = Wx Wh^(T-t), and dh_0 = Wh^T"""
    dH = np.array([0.0, 0.0, 1.0]).reshape(3, 1, 1)
    dX, dh0, _, _, db = backward(kata, dH, scalar(3, 5.0, 2.0))
    assert_close(dX.ravel(), np.array([20.0, 10.0, 5.0]))
    assert_close(dh0, np.array([[8.0]]))
    assert_close(db, np.array([7.0]))


def test_the_gradient_goes_back_to_the_start(kata):
    """64 steps of factor 2: dh_0 = 2⁶⁴, neither cut off nor clipped on the way"""
    dH = np.zeros((64, 1, 1))
    dH[-1] = 1.0
    assert_close(backward(kata, dH, scalar(64, 1.0, 2.0))[1], np.array([[2.0**64]]))


def test_a_loss_at_the_start_goes_nowhere_else(kata):
    """dH_1 alone: x_2 and x_3 come later, and have no part in it"""
    dH = np.array([1.0, 0.0, 0.0]).reshape(3, 1, 1)
    dX, dh0, _, _, _ = backward(kata, dH, scalar(3, 5.0, 2.0))
    assert_close(dX.ravel(), np.array([5.0, 0.0, 0.0]))
    assert_close(dh0, np.array([[2.0]]))


def test_one_step_backward(kata):
    """h_1 = 1/2 has the slope 3/4: dWx = x 3/4, dWh = h_0 3/4, db = 3/4"""
    args = (
        np.array([[[1.0]]]),
        np.array([[-1.0]]),
        np.array([[2.0]]),
        np.array([[3.0]]),
        np.array([np.arctanh(0.5) + 1]),
    )
    want = np.array([[[1.5]]]), np.array([[2.25]]), np.array([[0.75]]), np.array([[-0.75]]), np.array([0.75])
    assert_close(backward(kata, np.ones((1, 1, 1)), args), want)


def test_clip_by_hand(kata):
    """(3, 4) has norm 5, over two arrays: clipped to 1 it is (0.6, 0.8)"""
    got = kata.clip_grad_norm([np.array([3.0]), np.array([[4.0]])], 1.0)
    assert_close(got, ([np.array([0.6]), np.array([[0.8]])], 5.0))


@pytest.mark.parametrize("max_norm", [5.0, 7.0])
def test_a_short_gradient_stays(kata, max_norm):
    """a norm of at most max_norm: the same numbers, never longer ones"""
    got = kata.clip_grad_norm([np.array([3.0, 0.0]), np.array([-4.0])], max_norm)
    assert_same(got, ([np.array([3.0, 0.0]), np.array([-4.0])], 5.0))


def test_a_little_too_long_is_too_long(kata):
    """norm > max_norm by 1e-6: clipped"""
    clipped, norm = kata.clip_grad_norm([np.array([1 + 2.0**-20])], 1.0)
    assert_close((clipped[0], norm), (np.array([1.0]), 1 + 2.0**-20))


def test_zero_gradients_are_clipped_to_zero(kata):
    """no division by the norm 0; no arrays have norm 0 as well"""
    assert_same(kata.clip_grad_norm([np.zeros((2, 3)), np.zeros(1)], 0.5), ([np.zeros((2, 3)), np.zeros(1)], 0.0))
    assert_same(kata.clip_grad_norm([], 0.5), ([], 0.0))


def test_norms_by_hand(kata):
    """at h = 0 each step back multiplies by Wh: log ‖∂h_T/∂h_t‖ = (T - t) log 2, and 0 at the end"""
    for wh in (2.0, -2.0):
        _, cache = kata.rnn_forward(*scalar(4, 1.0, wh))
        assert_close(kata.jacobian_product_norms(cache), np.log(2) * np.array([3.0, 2.0, 1.0, 0.0]))


def test_a_small_factor_is_not_zero(kata):
    """each step back shrinks to a billionth: 2 log 1e-9, log 1e-9, 0"""
    norms = kata.jacobian_product_norms(kata.rnn_forward(*scalar(3, 1.0, 1e-9))[1])
    assert_close(norms, np.log(1e-9) * np.array([2.0, 1.0, 0.0]))


def test_norm_of_a_single_step(kata):
    """T = 1: ∂h_1/∂h_1 is the identity, of norm 1"""
    _, cache = kata.rnn_forward(*scalar(1, 1.0, 2.0, x=3.0))
    assert_close(kata.jacobian_product_norms(cache), np.zeros(1))


# --- laws ---


def test_sequences_of_a_batch_do_not_meet(kata, rng):
    """each sequence alone gives its own rows; the gradients of the weights add up"""
    (X, h0, *weights), dH = network(rng, 4, 3, 2, 5), rng.standard_normal((4, 3, 5))
    whole = backward(kata, dH, (X, h0, *weights))
    parts = [backward(kata, dH[:, n : n + 1], (X[:, n : n + 1], h0[n : n + 1], *weights)) for n in range(3)]
    dX, dh0 = (np.concatenate([part[k] for part in parts], axis=1 - k) for k in (0, 1))
    agree(whole, (dX, dh0, *(sum(part[k] for part in parts) for k in (2, 3, 4))))


def test_backward_is_linear_in_dH(kata, rng):
    """the gradient of 2 L_1 - 3 L_2; one cache serves all three"""
    args = network(rng, 5, 2, 3, 4)
    _, cache = kata.rnn_forward(*args)
    one, two = rng.standard_normal((2, 5, 2, 4))
    parts = zip(kata.rnn_backward(one, cache), kata.rnn_backward(two, cache), strict=True)
    agree(kata.rnn_backward(2 * one - 3 * two, cache), tuple(2 * a - 3 * b for a, b in parts))


def test_clipping_keeps_the_direction(kata, rng):
    """all arrays are multiplied by the same number, max_norm / norm"""
    grads = [10 * rng.standard_normal(shape) for shape in ((3, 2), (4,), (2, 2, 2))]
    norm = np.linalg.norm(np.concatenate([g.ravel() for g in grads]))
    assert_close(kata.clip_grad_norm(grads, 0.1), ([g * (0.1 / norm) for g in grads], float(norm)), scale=0.1)


def test_a_linear_network_has_the_powers_of_its_matrix(kata, rng):
    """at h = 0: ‖∂h_T/∂h_t‖₂ = ‖Wh^(T-t)‖₂, the largest singular value of a power"""
    Wh = rng.standard_normal((4, 4))
    _, cache = kata.rnn_forward(np.zeros((6, 2, 3)), np.zeros((2, 4)), np.zeros((3, 4)), Wh, np.zeros(4))
    want = [np.log(np.linalg.norm(np.linalg.matrix_power(Wh, k), 2)) for k in range(5, -1, -1)]
    assert_within(kata.jacobian_product_norms(cache) - np.array(want), 1e-12, "log norm - log ‖Wh^k‖")


# --- the oracle ---


def test_forward_agrees_with_the_definition(kata, case):
    """one unit at a time"""
    args, _ = case
    assert_close(kata.rnn_forward(*args)[0], reference.states(*args), scale=1.0)


def test_norms_agree_with_the_complex_step(kata, case):
    """the Jacobian of all states of the batch, unit by unit"""
    args, _ = case
    _, cache = kata.rnn_forward(*args)
    assert_within(kata.jacobian_product_norms(cache) - reference.log_norms(*args), 1e-11, "log norm - oracle")


def test_agrees_with_torch(kata):
    """torch.nn.RNN and autograd, and torch's clipping, which adds 1e-6 to the norm (frozen numbers)"""
    data = golden(reference)
    args, dH = tuple(np.array(a) for a in data["args"]), np.array(data["dH"])
    want = tuple(np.array(g) for g in data["gradients"])
    assert_close(kata.rnn_forward(*args)[0], np.array(data["H"]), scale=1.0)
    agree(backward(kata, dH, args), want)
    clipped, norm = kata.clip_grad_norm(list(want), 1.0)
    assert_close(norm, data["norm"])
    for got, torchs in zip(clipped, data["clipped"], strict=True):
        assert_within(got - np.array(torchs), 1e-6, "clipped - clipped by torch")


# --- gradients ---


def test_backward_agrees_with_the_complex_step(kata, case):
    """all five gradients, for a random dH at every time"""
    args, dH = case
    agree(backward(kata, dH, args), reference.gradients(dH, *args))


def test_backward_on_fresh_numbers(kata, fresh_rng):
    args, dH = network(fresh_rng, 5, 3, 2, 4, scale=0.9), fresh_rng.standard_normal((5, 3, 4))
    agree(backward(kata, dH, args), reference.gradients(dH, *args))


# --- nasty inputs ---


@pytest.mark.parametrize(("wh", "sign"), [(1e6, 1), (1e-6, -1)])
def test_norms_beyond_float64(kata, wh, sign):
    """at h = 0 the norms reach 1e354 and 1e-354: only their logarithms fit into float64"""
    args = np.zeros((60, 1, 1)), np.zeros((1, 2)), np.zeros((1, 2)), wh * np.eye(2), np.zeros(2)
    _, cache = kata.rnn_forward(*args)
    want = sign * np.log(1e6) * np.arange(59.0, -1.0, -1.0)
    assert_within(kata.jacobian_product_norms(cache) - want, 1e-9, "log norm - (T - t) log Wh")


def test_sequences_of_different_size(kata):
    """one sequence of the batch is saturated, and its product vanishes; the other one's counts"""
    X = np.zeros((60, 2, 1))
    X[:, 1] = 8.0
    args = X, np.zeros((2, 1)), np.ones((1, 1)), np.array([[1.5]]), np.zeros(1)
    _, cache = kata.rnn_forward(*args)
    want = np.log(1.5) * np.arange(59.0, -1.0, -1.0)
    assert_within(kata.jacobian_product_norms(cache) - want, 1e-9, "log norm - (T - t) log 1.5")


def test_a_saturated_unit_lets_nothing_through(kata):
    """tanh(10000) = 1 to the last bit: slope 0, gradient 0, and log 0 = -inf but for the end"""
    args = scalar(3, 1.0, 2.0, x=1e4)
    _, cache = kata.rnn_forward(*args)
    assert_same(kata.jacobian_product_norms(cache), np.array([-np.inf, -np.inf, 0.0]))
    for g in kata.rnn_backward(np.ones((3, 1, 1)), cache):
        assert_same(g, np.zeros_like(g))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_any_memory_layout(kata, rng, layout):
    args, dH = network(rng, 3, 2, 4, 3), rng.standard_normal((3, 2, 3))
    want = reference.gradients(dH, *args)
    agree(backward(kata, laid_out(layout, dH), laid_out(layout, args)), want)
