import numpy as np
import pytest

from dojo.testing import (
    LAYOUTS,
    assert_agrees,
    assert_close,
    assert_within,
    draw,
    golden,
    laid_out,
    least_seconds,
    peak_bytes,
)
from reference.calculus import jacobian_vector_product as reference

WIDTHS = {  # every size different: a transposed product cannot hide
    "one layer": (3, 2),
    "two layers": (4, 3, 2),
    "more outputs than inputs": (2, 5, 4, 7),
    "one output": (6, 5, 3, 1),
    "one input": (1, 4, 2, 3),
    "deep": (3, 4, 5, 6, 5, 4, 2),
}


def network(rng, widths, scale=1.0):
    """Random layers; scaled so that tanh is bent but not saturated."""
    return [
        (scale * rng.uniform(-1.7, 1.7, (out, n)) / np.sqrt(n), 0.5 * rng.standard_normal(out))
        for n, out in zip(widths[:-1], widths[1:], strict=True)
    ]


@pytest.fixture(params=WIDTHS, ids=lambda name: name.replace(" ", "-"))
def case(request, rng):
    """(params, x, v, u): a network, a point, a direction and a cotangent."""
    widths = WIDTHS[request.param]
    n, m = widths[0], widths[-1]
    return network(rng, widths), rng.standard_normal(n), rng.standard_normal(n), rng.standard_normal(m)


# 2 tanh(3x) + 1: small enough to differentiate by hand
SCALAR = [(np.array([[3.0]]), np.array([0.0])), (np.array([[2.0]]), np.array([1.0]))]
AT_HALF = np.array([np.arctanh(0.5) / 3])  # here tanh(3x) = 1/2


# --- by hand ---


def test_forward_by_hand(kata):
    """forward gives 2 tanh(3x) + 1 at tanh(3x) = 1/2"""
    assert_close(kata.forward(SCALAR, AT_HALF), np.array([2.0]))


def test_jvp_by_hand(kata):
    """d/dx (2 tanh(3x) + 1) = 6 (1 - tanh²(3x)) is 4.5 at tanh(3x) = 1/2"""
    assert_close(kata.jvp(SCALAR, AT_HALF, np.array([1.0])), (np.array([2.0]), np.array([4.5])))


def test_vjp_by_hand(kata):
    """the same derivative comes out of the backward sweep, times the cotangent"""
    assert_close(kata.vjp(SCALAR, AT_HALF, np.array([10.0])), (np.array([2.0]), np.array([45.0])))


def test_last_layer_is_linear(kata):
    """one layer is x -> W x + b: its Jacobian is W, and no tanh anywhere"""
    W, b = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), np.array([10.0, 20.0])
    x, v, u = np.array([1.0, 0.0, -1.0]), np.array([1.0, 1.0, 0.0]), np.array([1.0, -1.0])
    assert_close(kata.forward([(W, b)], x), np.array([8.0, 18.0]))
    assert_close(kata.jvp([(W, b)], x, v)[1], np.array([3.0, 9.0]))
    assert_close(kata.vjp([(W, b)], x, u)[1], np.array([-3.0, -3.0, -3.0]))
    assert_close(kata.jacobian([(W, b)], x), W)


# --- laws ---


def test_jvp_and_vjp_are_adjoint(kata, case):
    """<u, J v> = <Jᵀu, v> for a random cotangent and direction"""
    params, x, v, u = case
    left, right = u @ kata.jvp(params, x, v)[1], kata.vjp(params, x, u)[1] @ v
    assert_within(left - right, 1e-13 * np.linalg.norm(u) * np.linalg.norm(v), "<u, Jv> - <Jᵀu, v>")


def test_jvp_is_linear_in_the_direction(kata, case, rng):
    """J (2 v - 3 w) = 2 J v - 3 J w"""
    params, x, v, _ = case
    w = rng.standard_normal(v.shape)
    mixed = kata.jvp(params, x, 2 * v - 3 * w)[1]
    apart = 2 * kata.jvp(params, x, v)[1] - 3 * kata.jvp(params, x, w)[1]
    assert_close(mixed, apart, scale=np.linalg.norm(apart) + 1)


def test_all_three_give_the_value_of_forward(kata, case):
    """the value that comes with a product is f(x)"""
    params, x, v, u = case
    value = kata.forward(params, x)
    assert_close(kata.jvp(params, x, v)[0], value, scale=1.0)
    assert_close(kata.vjp(params, x, u)[0], value, scale=1.0)


# --- the oracle ---


def test_forward_agrees_with_the_definition(kata, case):
    params, x, _, _ = case
    assert_agrees(kata.forward, reference.forward, params, x, floor=1.0)


def test_jvp_agrees_with_the_complex_step(kata, case):
    params, x, v, _ = case
    assert_agrees(kata.jvp, reference.jvp, params, x, v, floor=1.0)


def test_vjp_agrees_with_the_complex_step(kata, case):
    params, x, _, u = case
    assert_agrees(kata.vjp, reference.vjp, params, x, u, floor=1.0)


def test_jacobian_agrees_with_the_complex_step(kata, case):
    """J has shape (m, n), for m < n and for m > n"""
    params, x, _, _ = case
    assert_agrees(kata.jacobian, reference.jacobian, params, x, floor=1.0)


def test_agrees_on_fresh_numbers(kata, fresh_rng):
    params = network(fresh_rng, (5, 4, 6, 3), scale=1.5)
    x, v, u = fresh_rng.standard_normal(5), fresh_rng.standard_normal(5), fresh_rng.standard_normal(3)
    assert_agrees(kata.jvp, reference.jvp, params, x, v, floor=1.0)
    assert_agrees(kata.vjp, reference.vjp, params, x, u, floor=1.0)


def test_agrees_with_torch(kata):
    """torch.func gives the same products (numbers frozen by reference/calculus/jacobian_vector_product_golden.py)"""
    data = golden(reference)
    params = [(np.array(W), np.array(b)) for W, b in data["params"]]
    x, v, u = np.array(data["x"]), np.array(data["v"]), np.array(data["u"])
    assert_close(kata.jvp(params, x, v)[1], np.array(data["jvp"]), scale=1.0)
    assert_close(kata.vjp(params, x, u)[1], np.array(data["vjp"]), scale=1.0)
    assert_close(kata.jacobian(params, x), np.array(data["jacobian"]), scale=1.0)


# --- nasty inputs ---


@pytest.mark.parametrize("family", ["offset", "large", "small", "mixed", "zeros"])
def test_any_size_of_input(kata, rng, family):
    """saturated tanh has slope 0, not NaN; tiny and mixed directions keep their digits"""
    params = network(rng, (4, 5, 3))
    x, v = draw(rng, family, 4), draw(rng, "mixed", 4)
    size = np.abs(v).max()
    assert_agrees(kata.jvp, reference.jvp, params, x, v, floor=size)
    assert_agrees(kata.vjp, reference.vjp, params, x, draw(rng, "normal", 3), floor=1.0)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_any_memory_layout(kata, rng, layout):
    params, x, v = laid_out(layout, (network(rng, (4, 6, 3)), rng.standard_normal(4), rng.standard_normal(4)))
    assert_agrees(kata.jvp, reference.jvp, params, x, v, floor=1.0)
    assert_agrees(kata.jacobian, reference.jacobian, params, x, floor=1.0)


# --- rules ---


@pytest.mark.parametrize("product", ["jvp", "vjp"])
def test_no_layer_jacobian_is_formed(kata, rng, product):
    """peak memory stays far below one matrix of the size of W"""
    n = 300
    params = network(rng, (n, n, n))
    x, v = rng.standard_normal(n), rng.standard_normal(n)
    assert_within(peak_bytes(kata.raw(product), params, x, v) / (8 * n * n), 0.25, "peak memory / bytes of W")


@pytest.mark.parametrize("n", [250, 1000])
def test_jacobian_of_one_output_costs_about_one_vjp(kata, rng, n):
    """m = 1 asks for reverse mode: one sweep back, not n forward"""
    params = network(rng, (n, 300, 300, 1))
    x, u = rng.standard_normal(n), np.ones(1)
    ratio = least_seconds(kata.raw("jacobian"), params, x) / least_seconds(kata.raw("vjp"), params, x, u)
    assert_within(ratio, 5.0, "time of jacobian / time of vjp")


@pytest.mark.parametrize("m", [250, 1000])
def test_jacobian_of_one_input_costs_about_one_jvp(kata, rng, m):
    """n = 1 asks for forward mode: one sweep, not m back"""
    params = network(rng, (1, 300, 300, m))
    x, v = rng.standard_normal(1), np.ones(1)
    ratio = least_seconds(kata.raw("jacobian"), params, x) / least_seconds(kata.raw("jvp"), params, x, v)
    assert_within(ratio, 5.0, "time of jacobian / time of jvp")


@pytest.mark.parametrize(("n", "m"), [(1000, 3), (3, 1000)])
def test_jacobian_takes_the_fewer_sweeps(kata, rng, n, m):
    """three outputs are three sweeps back, three inputs three forward: some ten products at the most"""
    params = network(rng, (n, 300, 300, m))
    x, v, u = rng.standard_normal(n), rng.standard_normal(n), rng.standard_normal(m)
    one = least_seconds(kata.raw("jvp"), params, x, v) + least_seconds(kata.raw("vjp"), params, x, u)
    assert_within(least_seconds(kata.raw("jacobian"), params, x) / one, 5.0, "time of jacobian / time of jvp and vjp")


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_saturated(kata, sign):
    """2 tanh(3x) + 1 at x = ±1000 is 1 ± 2 to the last digit, and its slope is 0"""
    x, one = np.array([sign * 1000.0]), np.ones(1)
    value, zero = np.array([1.0 + 2.0 * sign]), np.zeros(1)
    assert_close(kata.forward(SCALAR, x), value)
    assert_close(kata.jvp(SCALAR, x, one), (value, zero), scale=1.0)
    assert_close(kata.vjp(SCALAR, x, one), (value, zero), scale=1.0)
    assert_close(kata.jacobian(SCALAR, x), np.zeros((1, 1)), scale=1.0)


def test_no_direction(kata, rng):
    """J 0 = 0 and Jᵀ0 = 0: a direction is not divided by its length"""
    params, x = network(rng, (4, 3, 2)), rng.standard_normal(4)
    assert_close(kata.jvp(params, x, np.zeros(4))[1], np.zeros(2))
    assert_close(kata.vjp(params, x, np.zeros(2))[1], np.zeros(4))


@pytest.mark.parametrize("product", ["jvp", "vjp"])
def test_a_product_costs_about_two_forward_passes(kata, rng, product):
    """30 layers of width 50: one sweep, neither one for each entry nor one from the start for each layer"""
    params = network(rng, (50,) * 31)
    x, v = rng.standard_normal(50), rng.standard_normal(50)
    ratio = least_seconds(kata.raw(product), params, x, v) / least_seconds(kata.raw("forward"), params, x)
    assert_within(ratio, 8.0, f"time of {product} / time of forward")


# --- speed ---


def test_speed_of_jvp(kata, race):
    """jvp is a few matrix-vector products: O(n²), where forming J is O(n³)"""

    def make(n, rng):
        return network(rng, (n, n, n)), rng.standard_normal(n), rng.standard_normal(n)

    race(
        "jvp",
        make=make,
        sizes=(200, 400, 800),
        naive=reference.naive_jvp,
        peers={"torch.func.jvp": reference.torch_jvp},
    )
