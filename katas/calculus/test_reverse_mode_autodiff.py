import math
import sys

import numpy as np
import pytest

from dojo.testing import assert_close, assert_same, golden
from reference.calculus import reverse_mode_autodiff as reference

LOG2 = math.log(2.0)


def function(text):
    """'x * y' as a function of x and y; its name in a failure is its text."""
    names = ", ".join(name for name in "xyz" if name in text.replace("exp", ""))
    f = eval(f"lambda {names}: {text}")
    f.__name__ = text
    return f


def check(kata, text, args, value, slopes):
    """The expression has this value and these derivatives at args."""
    f, nodes = function(text), []

    def noted(*variables):
        nodes.append(f(*variables))
        return nodes[-1]

    noted.__name__ = text
    assert_close(kata.grad(noted, args), slopes)
    assert_close(nodes[0].data, value)


def place(order, node):
    """Where a node stands in an order; it has to be there once."""
    places = [index for index, other in enumerate(order) if other is node]
    assert len(places) == 1, f"a node of the graph is {len(places)} times in the order, once is wanted"
    return places[0]


# --- by hand ---


def test_a_value_holds_a_number(kata):
    """Value(3) has the data 3.0, and grad 0.0 before any backward"""
    x = kata.Value(3)
    assert_same((x.data, x.grad), (3.0, 0.0))


def test_addition(kata):
    """∂(x + y) = (1, 1), with a number on either side as well"""
    check(kata, "x + y", [3.0, 5.0], 8.0, [1.0, 1.0])
    check(kata, "x + 5", [3.0], 8.0, [1.0])
    check(kata, "5 + x", [3.0], 8.0, [1.0])
    check(kata, "x + 0.5", [3.0], 3.5, [1.0])
    check(kata, "0.5 + x", [3.0], 3.5, [1.0])


def test_subtraction(kata):
    """∂(x - y) = (1, -1): 5 - x is not x - 5"""
    check(kata, "x - y", [3.0, 5.0], -2.0, [1.0, -1.0])
    check(kata, "x - 5", [3.0], -2.0, [1.0])
    check(kata, "5 - x", [3.0], 2.0, [-1.0])
    check(kata, "x - 0.5", [3.0], 2.5, [1.0])
    check(kata, "0.5 - x", [3.0], -2.5, [-1.0])
    check(kata, "-x", [3.0], -3.0, [-1.0])


def test_multiplication(kata):
    """∂(x y) = (y, x)"""
    check(kata, "x * y", [3.0, 5.0], 15.0, [5.0, 3.0])
    check(kata, "x * 5", [3.0], 15.0, [5.0])
    check(kata, "5 * x", [3.0], 15.0, [5.0])
    check(kata, "x * 0.5", [3.0], 1.5, [0.5])
    check(kata, "0.5 * x", [3.0], 1.5, [0.5])


def test_division(kata):
    """∂(x / y) = (1/y, -x/y²), also for negative y"""
    check(kata, "x / y", [3.0, -4.0], -0.75, [-0.25, -0.1875])
    check(kata, "x / 4", [3.0], 0.75, [0.25])
    check(kata, "4 / x", [-2.0], -2.0, [-1.0])
    check(kata, "x / 2.5", [5.0], 2.0, [0.4])
    check(kata, "0.5 / x", [2.0], 0.25, [-0.125])


def test_powers_by_a_number(kata):
    """(xⁿ)' = n xⁿ⁻¹ for any sign of x"""
    check(kata, "x ** 3", [-2.0], -8.0, [12.0])
    check(kata, "x ** -1", [2.0], 0.5, [-0.25])
    check(kata, "x ** -2", [-2.0], 0.25, [0.25])
    check(kata, "x ** 0.5", [4.0], 2.0, [0.25])


def test_powers_of_zero(kata):
    """at x = 0: x² has slope 0, x¹ has slope 1, and x⁰ = 1 has slope 0"""
    check(kata, "x ** 2", [0.0], 0.0, [0.0])
    check(kata, "x ** 1", [0.0], 0.0, [1.0])
    check(kata, "x ** 0", [0.0], 1.0, [0.0])
    check(kata, "x ** 0.0", [0.0], 1.0, [0.0])


def test_powers_by_a_value(kata):
    """∂(x^y) = (y x^(y-1), x^y log x): (12, 8 log 2) at (2, 3)"""
    check(kata, "x ** y", [2.0, 3.0], 8.0, [12.0, 8 * LOG2])
    check(kata, "2 ** x", [3.0], 8.0, [8 * LOG2])


def test_exp_and_log(kata):
    """exp' = exp, log x has slope 1/x"""
    check(kata, "x.exp()", [2.0], math.e**2, [math.e**2])
    check(kata, "x.log()", [2.0], LOG2, [0.5])


def test_tanh(kata):
    """tanh' = 1 - tanh², 3/4 where tanh is 1/2"""
    check(kata, "x.tanh()", [math.atanh(0.5)], 0.5, [0.75])


def test_relu(kata):
    """max(0, x) has slope 1 above 0, and 0 below and at 0"""
    check(kata, "x.relu()", [3.0], 3.0, [1.0])
    check(kata, "x.relu()", [-3.0], 0.0, [0.0])
    check(kata, "x.relu()", [0.0], 0.0, [0.0])


def test_one_node_on_both_sides(kata):
    """x + x, x - x, x * x, x / x and x ** x have x twice: both parts count"""
    check(kata, "x + x", [3.0], 6.0, [2.0])
    check(kata, "x - x", [3.0], 0.0, [0.0])
    check(kata, "x * x", [3.0], 9.0, [6.0])
    check(kata, "x / x", [4.0], 1.0, [0.0])
    check(kata, "x ** x", [2.0], 4.0, [4 * (1 + LOG2)])


def test_a_diamond(kata):
    """a = x², y = a + a + x a = 2x² + x³: at x = 3 the adjoint of a is 2 + x = 5, of x 4x + 3x² = 39"""
    x = kata.Value(3.0)
    a = x * x
    y = a + a + x * a
    kata.backward(y)
    assert_close([y.data, y.grad, a.grad, x.grad], [45.0, 1.0, 5.0, 39.0])


# --- laws ---


def test_operands_keep_their_data(kata):
    """x - 1 is a new Value: x is as it was, also after `y = x; y += 1`"""
    x = kata.Value(3.0)
    y = x
    y += 1
    assert_same((x.data, y.data, (x - 1).data, x.data), (3.0, 4.0, 2.0, 3.0))


def test_order(kata):
    """every node stands once, after its operands, and the root is last"""
    x, y = kata.Value(2.0), kata.Value(3.0)
    a = x * y
    b = a.tanh()
    c = a * b
    root = c + x
    order = kata.topological_order(root)
    assert type(order) is list, f"a list is wanted, this is a {type(order).__name__}"
    assert all(isinstance(node, kata.Value) for node in order), "the order holds something that is no Value"
    assert len({id(node) for node in order}) == len(order), "a node is more than once in the order"
    assert order[-1] is root, "the root is not last"
    for operand, node in [(x, a), (y, a), (a, b), (a, c), (b, c), (c, root), (x, root)]:
        assert place(order, operand) < place(order, node), "a node stands before one of its operands"


def test_order_of_a_long_and_a_short_path(kata):
    """x is an operand of the root, and far below it as well: it stands before all of them"""
    x = kata.Value(0.5)
    for right in (False, True):
        nodes = [x]
        for _ in range(6):
            nodes.append(nodes[-1].tanh())
        root = x * nodes[-1] if right else nodes[-1] * x
        places = [place(kata.topological_order(root), node) for node in [*nodes, root]]
        assert places == sorted(places), f"a chain stands at the places {places}"


def test_order_holds_only_what_the_root_needs(kata):
    """what was computed from x, but not used for the root, is not in the order"""
    x = kata.Value(2.0)
    other = x * x
    root = x.exp()
    order = kata.topological_order(root)
    assert all(node is not other for node in order), "a node that the root does not depend on is in the order"
    assert place(order, x) < place(order, root), "a node stands before one of its operands"


def test_order_of_an_input(kata):
    """an input alone is its own order"""
    x = kata.Value(2.0)
    order = kata.topological_order(x)
    assert len(order) == 1, f"{len(order)} nodes, 1 is wanted"
    assert order[0] is x


def test_backward_fills_every_node(kata):
    """each v.grad is ∂root/∂v: y = (2x + 1)² at x = 1 has 2·3 for the sum, and 12 for x"""
    x = kata.Value(1.0)
    double = 2 * x
    total = double + 1
    y = total**2
    kata.backward(y)
    assert_close([y.grad, total.grad, double.grad, x.grad], [1.0, 6.0, 6.0, 12.0])


def test_backward_twice_is_backward_once(kata):
    """what an earlier sweep left is replaced, in the inputs and in between"""
    x = kata.Value(3.0)
    a = x * x
    y = a * a
    kata.backward(y)
    kata.backward(y)
    assert_close([a.grad, x.grad], [18.0, 108.0])


def test_another_root(kata):
    """after backward(z) the grads belong to z, also where y and z share nodes"""
    x = kata.Value(3.0)
    a = x * x
    y, z = 5 * a, a * x
    kata.backward(y)
    kata.backward(z)
    assert_close([z.grad, a.grad, x.grad], [1.0, 3.0, 27.0])
    kata.backward(a)
    assert_close([a.grad, x.grad], [1.0, 6.0])


def test_an_argument_that_is_not_used(kata):
    """it has the derivative 0, in its place"""
    assert_close(kata.grad(function("x * z + 0 * z"), [2.0, 3.0]), [3.0, 2.0])
    assert_close(kata.grad(lambda x, y, z: z * x, [2.0, 7.0, 3.0]), [3.0, 0.0, 2.0])


def test_the_identity(kata):
    """f(x, y) = y has the gradient (0, 1)"""
    assert_close(kata.grad(lambda x, y: y, [2.0, 3.0]), [0.0, 1.0])


def test_equal_arguments_are_different_variables(kata):
    """x² y at (3, 3) has the gradient (18, 9)"""
    assert_close(kata.grad(lambda x, y: x * x * y, [3.0, 3.0]), [18.0, 9.0])


def test_sum_of_a_list(kata):
    """sum() starts with the number 0: Σ i x_i has the gradient (0, 1, ..., 9)"""
    got = kata.grad(lambda *xs: sum(i * x for i, x in enumerate(xs)), [1.5] * 10)
    assert_close(got, [float(i) for i in range(10)])


# --- the oracle ---


@pytest.mark.parametrize("name", reference.EXPRESSIONS)
def test_expressions(kata, name):
    """value and gradient agree with the complex step, and with torch (frozen by the golden script)"""
    f, args = reference.EXPRESSIONS[name]
    scale = 10 * max(1.0, *map(abs, golden(reference)[name]))
    assert_close(kata.grad(f, args), reference.grad(f, args), scale=scale)
    assert_close(kata.grad(f, args), golden(reference)[name], scale=scale)
    assert_close(f(*map(kata.Value, args)).data, reference.value(f, args), scale=scale)


@pytest.mark.parametrize("length", [5, 10, 20, 25, 40])
def test_random_expressions(kata, rng, length):
    """graphs of random operations, in which many nodes are used many times"""
    f, args = reference.random_expression(rng, length), rng.uniform(-1, 1, 3).tolist()
    want = reference.grad(f, args)
    assert_close(kata.grad(f, args), want, scale=10 * max(map(abs, want)))


def test_a_fresh_expression(kata, fresh_rng):
    f, args = reference.random_expression(fresh_rng, 25), fresh_rng.uniform(-1, 1, 3).tolist()
    want = reference.grad(f, args)
    assert_close(kata.grad(f, args), want, scale=10 * max(map(abs, want)))


# --- nasty inputs ---


def test_tanh_saturates(kata):
    """tanh(±1000) = ±1 with slope 0, though exp(2000) is no float"""
    check(kata, "x.tanh()", [1000.0], 1.0, [0.0])
    check(kata, "x.tanh()", [-1000.0], -1.0, [0.0])


def test_many_paths(kata):
    """x ← x + x sixty times has 60 nodes and 2^60 paths: the cost is that of the nodes"""

    def doubled(x):
        for _ in range(60):
            x = x + x
        return x

    assert_close(kata.grad(doubled, [1.0]), [2.0**60])


def test_a_deep_chain(kata):
    """5000 operations one after the other: nothing recurses along the graph, nor raises the limit to do so"""
    ends, limit = [], sys.getrecursionlimit()

    def chain(x, y):
        z = x
        for _ in range(5000):
            z = z - y
        ends.append(z)
        return z

    assert_close(kata.grad(chain, [2.0, 0.001]), [1.0, -5000.0])
    assert_same(sys.getrecursionlimit(), limit)
    order = kata.topological_order(ends[0])
    assert len(order) >= 5002, f"{len(order)} nodes are in the order of 5000 operations on 2 inputs"
    assert order[-1] is ends[0], "the root is not last"


def test_a_wide_sum(kata):
    """one x in a hundred terms: Σ i x has the derivative Σ i"""

    def wide(x):
        return sum(i * x for i in range(100))

    assert_close(kata.grad(wide, [0.5]), [4950.0])


def test_integers(kata):
    """the numbers may be ints: Value(3) / 2 is 1.5"""
    assert_close(kata.grad(lambda x, y: x / y, [3, 2]), [0.5, -0.75])
    assert_close((kata.Value(3) / kata.Value(2)).data, 1.5)


def test_numbers_far_apart(kata):
    """no epsilon anywhere: (x / y)' and log' at 1e-9 and at 1e9"""
    check(kata, "x / y", [1e-9, 1e-9], 1.0, [1e9, -1e9])
    check(kata, "x.log()", [1e-9], math.log(1e-9), [1e9])
    check(kata, "x * y", [1e9, 1e-9], 1.0, [1e-9, 1e9])


def test_arguments_from_numpy(kata):
    """np.float64 is a float: it goes in, and on either side of an operator"""
    two = np.float64(2.0)
    assert_close(kata.grad(lambda x: x * two + x**two, [np.float64(3.0)]), [8.0])


def test_a_value_minus_itself_still_depends_on_it(kata):
    """x - x is 0 with the slope 1 - 1 = 0; x is among its nodes, so an older gradient does not stay"""
    x = kata.Value(3.0)
    kata.backward(x * x)
    y = x - x
    assert any(node is x for node in kata.topological_order(y))
    kata.backward(y)
    assert_close(float(x.grad), 0.0)
