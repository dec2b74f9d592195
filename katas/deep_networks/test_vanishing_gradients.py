import numpy as np
import pytest

from dojo.testing import LAYOUTS, assert_agrees, assert_close, assert_same, assert_within, laid_out
from reference.deep_networks import vanishing_gradients as reference

ACTS = ["sigmoid", "tanh", "relu"]


def stack(rng, depth, n, std):
    """Random layers, and an input and an output gradient to go with them."""
    weights = [std * rng.standard_normal((n, n)) for _ in range(depth)]
    return weights, rng.standard_normal(n), rng.standard_normal(n)


def assert_gain(kata, weights, x, v, act):
    """The gain is the oracle's, relative to its own size: 1e-32 is a number like any other."""
    floor = 10 * len(weights) * reference.gradient_gain(weights, x, v, act)
    assert_agrees(kata.gradient_gain, reference.gradient_gain, weights, x, v, act, floor=floor)


# --- by hand ---


def test_gain_of_one_neuron(kata):
    """φ'(wx) w for one weight w = 2 at x = 0: slopes 1/4, 1 and, at the kink of the relu, 0"""
    one = np.array([1.0])
    for act, want in (("sigmoid", 0.5), ("tanh", 2.0), ("relu", 0.0)):
        assert_close(kata.gradient_gain([np.array([[2.0]])], np.zeros(1), one, act), want)


def test_gradient_goes_back_through_the_transpose(kata):
    """Wᵀ(2, 0) = 2 (3, 4), twice a vector of length 5; W (2, 0) would be (6, 0)"""
    W = np.array([[3.0, 4.0], [0.0, 1.0]])
    assert_close(kata.gradient_gain([W], np.array([1.0, 1.0]), np.array([2.0, 0.0]), "relu"), 5.0)


def test_layers_come_first_to_last(kata):
    """at x = 0 tanh is the identity, and Jᵀv = W_1ᵀ W_2ᵀ v: (1, 0) goes to (0, 3) and then to (6, 0)"""
    W1, W2 = np.array([[1.0, 0.0], [2.0, 0.0]]), np.array([[0.0, 3.0], [0.0, 0.0]])
    assert_close(kata.gradient_gain([W1, W2], np.zeros(2), np.array([1.0, 0.0]), "tanh"), 6.0)


def test_slope_is_taken_where_each_layer_stands(kata):
    """two sigmoids in a row: x = 0 gives h_1 = 1/2, z_2 = 1/2, and J = σ'(1/2) σ'(0)"""
    one = np.eye(1)
    want = 1 / (4 * np.cosh(0.25) ** 2) / 4
    assert_close(kata.gradient_gain([one, one], np.zeros(1), np.ones(1), "sigmoid"), want)


def test_relu_has_slope_0_at_0(kata):
    """z = (0, 2): nothing passes the first unit, the second one passes (1, 1)"""
    W, x = np.array([[1.0, -1.0], [1.0, 1.0]]), np.array([1.0, 1.0])
    assert_close(kata.gradient_gain([W], x, np.array([1.0, 0.0]), "relu"), 0.0)
    assert_close(kata.gradient_gain([W], x, np.array([7.0, 1.0]), "relu"), 0.2)


def test_init_std_by_hand(kata):
    """fan_in = 8, fan_out = 24: variances 1/8, 2/32 and 2/8"""
    assert_close(kata.init_std(8, 24, "lecun"), np.sqrt(0.125))
    assert_close(kata.init_std(8, 24, "xavier"), 0.25)
    assert_close(kata.init_std(8, 24, "he"), 0.5)


def test_variance_map_of_the_relu(kata):
    """half of the normal distribution is cut off: sw² q/2 + sb²"""
    assert_within(kata.variance_map(3.0, 2.0, 1.0, "relu") - 7.0, 7e-5, "q' - 7")


def test_variance_map_without_variance(kata):
    """q = 0 leaves z = 0: only the sigmoid, which is 1/2 there, puts out anything"""
    for act, want in (("sigmoid", 1.25), ("tanh", 0.25), ("relu", 0.25)):
        assert_within(kata.variance_map(0.0, 2.0, 0.5, act) - want, 1e-5 * want, "q' - φ(0)² sw² - sb²")


# --- laws ---


def test_gain_does_not_know_the_length_of_v(kata, rng):
    """backpropagation is linear: 1000 v has the gain of v"""
    weights, x, v = stack(rng, 3, 4, 0.5)
    assert_close(kata.gradient_gain(weights, x, 1000 * v, "tanh"), kata.gradient_gain(weights, x, v, "tanh"))


def test_orthogonal_tanh_layers_at_0_have_gain_to_the_power_of_depth(kata, rng):
    """at x = 0 every slope of tanh is 1; orthogonal layers times 1.5 stretch every v by 1.5^20, to rounding"""
    weights = [kata.orthogonal(5, 1.5, rng) for _ in range(20)]
    v = rng.standard_normal(5)
    assert_close(kata.gradient_gain(weights, np.zeros(5), v, "tanh"), 1.5**20, scale=5 * 1.5**20)


def test_sigmoid_vanishes(kata, rng):
    """each orthogonal sigmoid layer shrinks the gradient at least four times"""
    weights = [kata.orthogonal(6, 1.0, rng) for _ in range(30)]
    gain = kata.gradient_gain(weights, rng.standard_normal(6), rng.standard_normal(6), "sigmoid")
    assert 0 < gain <= 0.25**30 * (1 + 1e-9)


def test_he_keeps_relu_gradients_alive(kata, rng):
    """40 relu layers with He's weights: the gain stays near 1, where 1/fan_in would make it 1e-6"""
    weights, x, v = stack(rng, 40, 100, kata.init_std(100, 100, "he"))
    assert 5e-3 < kata.gradient_gain(weights, x, v, "relu") < 200


def test_he_is_a_fixed_point_of_the_variance(kata):
    """sw² = n Var w = 2 without biases: the relu's q stays what it was"""
    sw = np.sqrt(50) * kata.init_std(50, 7, "he")
    for q in (0.01, 1.0, 400.0):
        assert_within(kata.variance_map(q, sw, 0.0, "relu") - q, 1e-5 * q, "q' - q")


@pytest.mark.parametrize("n", [1, 2, 5, 12])
def test_orthogonal_columns(kata, rng, n):
    """QᵀQ = gain² I"""
    Q = kata.orthogonal(n, 3.0, rng)
    assert_same((Q.shape, str(Q.dtype)), ((n, n), "float64"))
    assert_within(Q.T @ Q - 9 * np.eye(n), 10 * n * 9 * np.finfo(float).eps, "QᵀQ - gain² I")


@pytest.mark.parametrize(("n", "error"), [(2, 0.354), (3, 0.401)])
def test_orthogonal_is_uniform(kata, n, error):
    """over 800 draws entries have mean 0, E[Q_ij Q_kl] = 1/n for one entry and 0 for two, E ΣQ⁴ = 3n/(n+2); 6 errors"""
    rng = np.random.default_rng(4)
    draws = np.array([kata.raw("orthogonal")(n, 1.0, rng).ravel() for _ in range(800)])  # (800, n²)
    assert_within(draws.mean(axis=0), 6 * np.sqrt(1 / n / 800), "mean of Q")
    assert_within(draws.T @ draws / 800 - np.eye(n * n) / n, 6 * np.sqrt(2 / 15 / 800), "covariance of entries - I/n")
    assert_within((draws**4).sum(axis=1).mean() - 3 * n / (n + 2), 6 * error / np.sqrt(800), "E ΣQ⁴ - 3n/(n+2)")


def test_orthogonal_of_one_is_a_sign(kata):
    """1 and -1, as often the one as the other: both within 40 draws, but once in 10¹²"""
    draws = {round(float(kata.raw("orthogonal")(1, 2.0, np.random.default_rng(seed))[0, 0]), 9) for seed in range(40)}
    assert_same(sorted(draws), [-2.0, 2.0])


def test_orthogonal_reflects_as_often_as_it_rotates(kata):
    """det Q is 1 in about half of 400 draws, and tr Q has the variance 1"""
    rng = np.random.default_rng(5)
    draws = np.array([kata.raw("orthogonal")(3, 1.0, rng) for _ in range(400)])
    assert_within(np.linalg.det(draws).mean(), 6 / np.sqrt(400), "mean of det Q")
    assert_within((np.trace(draws, axis1=1, axis2=2) ** 2).mean() - 1, 6 * np.sqrt(2 / 400), "E[(tr Q)²] - 1")


# --- the oracle ---


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize(("depth", "n"), [(1, 1), (1, 3), (3, 2), (6, 5)])
def test_gain_agrees_with_forward_mode(kata, rng, act, depth, n):
    """Jᵀv from the Jacobian multiplied up the other way round"""
    assert_gain(kata, *stack(rng, depth, n, 1 / np.sqrt(n)), act)


@pytest.mark.parametrize("act", ACTS)
def test_gain_of_fifty_layers(kata, rng, act):
    """about 1e-32 for the sigmoid: nothing underflows, and every digit counts"""
    std = np.sqrt((2 if act == "relu" else 1) / 20)
    assert_gain(kata, *stack(rng, 50, 20, std), act)


@pytest.mark.parametrize("scheme", ["lecun", "xavier", "he"])
def test_init_std_agrees_with_the_variances(kata, scheme):
    """the fans differ: one cannot stand for the other"""
    for fans in ((1, 1), (2, 3), (3, 7), (100, 10), (10, 100)):
        assert_close(kata.init_std(*fans, scheme), reference.init_std(*fans, scheme))


@pytest.mark.parametrize("act", ACTS)
def test_variance_map_agrees_with_the_integral(kata, act):
    """E[φ(z)²] under N(0, q), within the promised 1e-5"""
    for q, sw, sb in (
        (1.0, 1.0, 0.0),
        (0.25, 1.5, 0.3),
        (0.7, 0.5, 2.0),
        (5e-3, 3.0, 0.0),
        (1e-4, 1.0, 0.0),
        (1e-8, 1.0, 0.0),
    ):
        want = reference.variance_map(q, sw, sb, act)
        assert_within(kata.variance_map(q, sw, sb, act) / want - 1, 1e-5, f"relative error at q = {q}")


def test_agrees_on_fresh_numbers(kata, fresh_rng):
    assert_gain(kata, *stack(fresh_rng, 4, 3, 0.6), "tanh")


# --- nasty inputs ---


@pytest.mark.parametrize("q", [1e-8, 1e6])
def test_relu_is_exact_at_every_size(kata, q):
    """φ(cz) = c φ(z) for c > 0: no q is special"""
    assert_within(kata.variance_map(q, 1.0, 0.0, "relu") / (q / 2) - 1, 1e-5, "relative error")


def test_dead_layer_passes_nothing(kata):
    """all units of a relu layer off: the gain is 0"""
    weights = [np.eye(2), np.array([[-1.0, -2.0], [-3.0, -1.0]]), np.eye(2)]
    assert_close(kata.gradient_gain(weights, np.array([1.0, 2.0]), np.array([3.0, 4.0]), "relu"), 0.0)


def test_unknown_names_are_refused(kata):
    """ValueError for an activation or a scheme which is none of the three"""
    with pytest.raises(ValueError):
        kata.gradient_gain([np.eye(1)], np.ones(1), np.ones(1), "linear")
    with pytest.raises(ValueError):
        kata.variance_map(1.0, 1.0, 0.0, "gelu")
    with pytest.raises(ValueError):
        kata.init_std(3, 4, "zeros")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_any_memory_layout(kata, rng, layout):
    assert_gain(kata, *laid_out(layout, stack(rng, 2, 3, 0.7)), "sigmoid")
