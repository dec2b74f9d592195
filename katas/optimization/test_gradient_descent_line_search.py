import numpy as np
import pytest

from dojo.testing import LAYOUTS, assert_agrees, assert_close, assert_same, assert_within, laid_out
from reference.optimization import gradient_descent_line_search as reference


def square(x):
    return float(x[0] ** 2)


def bowl(x):
    return float(x @ x / 2)


def same(x):
    """The gradient of `bowl`."""
    return x + 0.0


def with_eigenvalues(rng, eigs):
    """A symmetric matrix with these eigenvalues, in a random basis."""
    Q = np.linalg.qr(rng.standard_normal((len(eigs), len(eigs))))[0]
    A = Q * np.asarray(eigs) @ Q.T
    return (A + A.T) / 2


# --- by hand ---


def test_full_step_by_hand(kata):
    """x²/2 at 3 with p = -3: α = 1 reaches the minimum, so it is taken as it is"""
    assert_close(kata.backtracking(bowl, np.array([3.0]), np.array([3.0]), np.array([-3.0])), 1.0)


def test_one_halving_by_hand(kata):
    """x² at 1 with p = -2: α = 1 leads to -1, where f is no lower; α = 1/2 is taken"""
    assert_close(kata.backtracking(square, np.array([2.0]), np.array([1.0]), np.array([-2.0])), 0.5)


def test_descent_by_hand(kata):
    """x² from 3: one step of α = 1/2 ends at 0; the values are 9 and 0"""
    assert_close(
        kata.gradient_descent(square, lambda x: 2 * x, np.array([3.0])),
        (np.array([0.0]), [9.0, 0.0]),
        scale=1.0,
    )


def test_two_steps_by_hand(kata):
    """(x² + 4 y²)/2 from (1, 1), twice α = 1/2: to (1/2, -1) and (1/4, 1)"""
    f, grad = reference.quadratic(np.diag([1.0, 4.0]), np.zeros(2))
    found = kata.gradient_descent(f, grad, np.ones(2), max_iter=2)
    assert_close(found, (np.array([0.25, 1.0]), [2.5, 2.125, 2.03125]))


def test_exact_step_by_hand(kata):
    """gᵀg / gᵀA g with A = diag(1, 4) and g = (1, 4): 17/65"""
    assert_close(kata.exact_step(np.diag([1.0, 4.0]), np.array([1.0, 4.0])), 17 / 65)


def test_contraction_by_hand(kata):
    """the eigenvalues 1 and 3: |1 - lr λ| is at most 1/2 with lr = 1/2, 0.9 with 0.1, 2 with 1"""
    for lr, factor in ((0.5, 0.5), (0.1, 0.9), (1.0, 2.0)):
        assert_close(kata.contraction_factor(np.array([1.0, 3.0]), lr), factor)


# --- laws ---


@pytest.mark.parametrize(
    ("c1", "rho", "alpha0"),
    [
        (1e-4, 0.5, 1.0),
        (1e-4, 0.5, 0.9),
        (0.2, 0.5, 0.9),
        (0.6, 0.5, 1.0),
        (0.5, 0.5, 1.0),
        (1e-4, 0.9, 1.0),
        (0.3, 0.25, 8.0),
    ],
)
def test_armijo_on_a_parabola(kata, c1, rho, alpha0):
    """x² at 1 with p = -2: the condition is α <= 1 - c1, and the first such α of alpha0 rhoᵏ is taken"""
    alpha = kata.backtracking(square, np.array([2.0]), np.array([1.0]), np.array([-2.0]), c1, rho, alpha0)
    assert_close(alpha, reference.step_at_most(1 - c1, rho, alpha0))


@pytest.mark.parametrize("c1", [1e-4, 0.4, 0.9])
def test_armijo_on_a_quadratic(kata, rng, c1):
    """along any descent direction: the condition is α <= 2 (1 - c1) (-gᵀp) / pᵀA p"""
    A, b = with_eigenvalues(rng, [0.5, 3.0, 20.0]), rng.standard_normal(3)
    f, grad = reference.quadratic(A, b)
    for _ in range(3):
        x, p = rng.standard_normal(3), rng.standard_normal(3)
        g = grad(x)
        p = p if g @ p < 0 else -p
        want = reference.step_at_most(reference.longest_step(A, g, p, c1), 0.7, 2.0)
        assert_close(kata.backtracking(f, g, x, p, c1=c1, rho=0.7, alpha0=2.0), want)


@pytest.mark.parametrize("scale", [1e-14, 1e14])
def test_units_of_f_do_not_matter(kata, scale):
    """f and g may both be scaled: the condition has nothing added to it"""
    x, p = np.array([1.0]), np.array([-2.0])
    assert_close(kata.backtracking(lambda x: scale * square(x), scale * 2 * x, x, p), 0.5)


def test_values_never_rise(kata):
    """f(x_0) > f(x_1) > ..., one value for each step and one for the start; the last belongs to x"""
    f, grad = reference.rosenbrock(5.0)
    x, values = kata.gradient_descent(f, grad, np.array([-1.2, 1.0]), max_iter=25)
    assert_same(len(values), 26)
    assert_same(bool(np.all(np.diff(values) < 0)), True)
    assert_close((values[0], values[-1]), (f(np.array([-1.2, 1.0])), f(x)))


def test_path_turns_with_the_axes(kata, rng):
    """with Q orthogonal, descent on f(Q y) from Qᵀx_0 goes through Qᵀx_1, Qᵀx_2, ..."""
    Q = np.linalg.qr(rng.standard_normal((2, 2)))[0]
    f, grad = reference.rosenbrock(2.0)
    x0 = np.array([-1.2, 1.0])
    x, _ = kata.gradient_descent(f, grad, x0, max_iter=5)
    y, _ = kata.gradient_descent(lambda y: f(Q @ y), lambda y: Q.T @ grad(Q @ y), Q.T @ x0, max_iter=5)
    assert_within(Q @ y - x, 1e-10, "Q y_5 - x_5")


def test_fixed_step_converges_below_two_over_L(kata):
    """the largest stable step is 2/λ_max: there the factor is 1, beyond it more, before it less"""
    eigs = np.array([2.0, 100.0, 7.0])
    for share in (1.99, 2.0, 2.01):
        assert_close(kata.contraction_factor(eigs, share / 100), share - 1)


def test_best_fixed_step(kata):
    """lr = 2/(m + L) gives (κ - 1)/(κ + 1): 99/101 with κ = 100; both neighbours are worse"""
    eigs = np.array([100.0, 1.0, 30.0])
    assert_close(kata.contraction_factor(eigs, 2 / 101), 99 / 101)
    assert_close(kata.contraction_factor(eigs, 1.9 / 101), 1 - 1.9 / 101)
    assert_close(kata.contraction_factor(eigs, 2.1 / 101), 210 / 101 - 1)


def test_a_saddle_repels(kata):
    """an eigenvalue -1 is multiplied by 1 + lr, whatever the others do"""
    assert_close(kata.contraction_factor(np.array([1.0, -1.0, 0.5]), 0.25), 1.25)


def test_worst_start_of_the_exact_search(kata):
    """A = diag(1, κ) from (κ, 1): every step multiplies f by ((κ - 1)/(κ + 1))² = 0.960788, κ = 100"""
    A = np.diag([1.0, 100.0])
    x = np.array([100.0, 1.0])
    for _ in range(10):
        lower = x - kata.exact_step(A, A @ x) * (A @ x)
        assert_within((lower @ A @ lower) / (x @ A @ x) - (99 / 101) ** 2, 1e-12, "f(x_k+1)/f(x_k) - 0.960788")
        x = lower


def test_slope_is_zero_after_the_exact_step(kata, rng):
    """at the lowest point along g the new gradient is orthogonal to g: gᵀ(g - α A g) = 0"""
    A, g = with_eigenvalues(rng, [0.1, 1.0, 4.0, 50.0]), rng.standard_normal(4)
    residual = g @ (g - kata.exact_step(A, g) * (A @ g))
    assert_within(residual / (g @ g), 1e-13, "gᵀ(g - α A g) / gᵀg")


# --- the oracle ---

PROBLEMS = {
    "valley": (reference.rosenbrock(100.0), [-1.2, 1.0], 6),
    "steep, then flat": (reference.quartic(), [3.0], 8),  # the step lengths have to grow again
    "edge of a domain": (reference.barrier(), [1.0], 5),
    "quadratic": (
        reference.quadratic(np.diag([1.0, 4.0, 30.0]), np.array([1.0, -2.0, 3.0])),
        [1.0, 2.0, -3.0],
        7,
    ),
}


@pytest.mark.parametrize("name", PROBLEMS)
def test_path_agrees_with_the_definition(kata, name):
    """the first few steps: along -grad(x), α the first of 1, 1/2, 1/4, ... that Armijo's condition admits"""
    (f, grad), x0, steps = PROBLEMS[name]
    assert_agrees(kata.gradient_descent, reference.gradient_descent, f, grad, np.array(x0), max_iter=steps)


def test_contraction_agrees_with_the_matrix(kata, rng):
    """the largest |eigenvalue| of the matrix I - lr A"""
    for eigs in ([3.0, 1.0, 2.0], [0.01, 5.0], [-2.0, 0.3, 1.0, 0.0]):
        A = with_eigenvalues(rng, eigs)
        for lr in (0.1, 0.5, 3.0):
            error = kata.contraction_factor(np.array(eigs), lr) - reference.contraction_factor(A, lr)
            assert_within(error, 1e-12, "factor - spectral radius of I - lr A")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_exact_step_in_any_layout(kata, rng, layout):
    """the vertex of the parabola through three points"""
    A, g = laid_out(layout, (with_eigenvalues(rng, [0.5, 1.0, 3.0]), rng.standard_normal(3)))
    assert_agrees(kata.exact_step, reference.exact_step, A, g, floor=1.0)


@pytest.mark.parametrize("tol", [1e-2, 1e-5])
def test_stops_at_the_first_small_gradient(kata, rng, tol):
    """‖grad(x)‖ <= tol at the end, and not one step before; x is within tol/m of the minimum"""
    A, b = with_eigenvalues(rng, [1.0, 5.0, 40.0]), rng.standard_normal(3)
    f, grad = reference.quadratic(A, b)
    x, values = kata.gradient_descent(f, grad, np.full(3, 2.0), tol=tol)
    assert_within(np.linalg.norm(grad(x)), tol, "∇f(x)")
    assert_within(np.linalg.norm(x - np.linalg.solve(A, b)), 1.001 * tol, "x - x*")
    before, _ = kata.gradient_descent(f, grad, np.full(3, 2.0), tol=tol, max_iter=len(values) - 2)
    assert_same(bool(np.linalg.norm(grad(before)) > tol), True)


def test_curved_valley(kata):
    """(1 - x)² + 2 (y - x²)² is least at (1, 1), some hundred steps from (-1.2, 1)"""
    f, grad = reference.rosenbrock(2.0)
    x, values = kata.gradient_descent(f, grad, np.array([-1.2, 1.0]))
    assert_within(np.linalg.norm(grad(x)), 1e-6, "∇f(x)")
    assert_within(x - 1.0, 1e-5, "x - (1, 1)")
    assert_within(values[-1], 1e-11, "f(x)")


# --- nasty inputs ---


@pytest.mark.parametrize(
    "p", [[1.0, -0.5], [2.0, 1.0], [0.0, 0.0], [np.nan, 0.0]], ids=["uphill", "level", "zero", "nan"]
)
def test_no_descent_direction(kata, p):
    """gᵀp < 0 or ValueError"""
    with pytest.raises(ValueError):
        kata.backtracking(bowl, np.array([1.0, -2.0]), np.array([1.0, -2.0]), np.array(p))


def test_nan_and_infinity_are_refused(kata):
    """10 x - log x at 1 with p = -9: α = 1, 1/2, 1/4 and 1/8 lead to x < 0, where f is nan; 1/16 is fine"""
    f, grad = reference.barrier()
    x = np.array([1.0])
    assert_close(kata.backtracking(f, grad(x), x, -grad(x)), 1 / 16)
    assert_close(kata.backtracking(f, grad(x), x, np.array([-2.0])), 0.25)  # α = 1/2 leads to 0: infinity


def test_many_halvings(kata):
    """1e12 x² at 1: the first of 1, 1/2, 1/4, ... below 1e-12 (1 - c1) is 2⁻⁴⁰"""
    g = np.array([2e12])
    assert_close(kata.backtracking(lambda x: 1e12 * square(x), g, np.array([1.0]), -g), 2.0**-40)


@pytest.mark.parametrize("around", [lambda x: x + x * x, lambda x: np.nan], ids=["rises", "nan"])
def test_no_step_helps(kata, around):
    """f does not fall along p, though g says so: RuntimeError, not a step of length 0, and no endless loop"""

    def f(x):
        return float(around(x[0])) if x[0] != 0 else 0.0

    with pytest.raises(RuntimeError):
        kata.backtracking(f, np.array([-1.0]), np.array([0.0]), np.array([1.0]))
    with pytest.raises(RuntimeError):
        kata.gradient_descent(f, lambda x: np.array([-1.0]), np.array([0.0]))


def test_start_where_the_gradient_is_small(kata):
    """‖grad(x_0)‖ = 5 = tol, in the 2-norm: nothing is to be done, the only value is f(x_0)"""
    x0 = np.array([3.0, -4.0])
    assert_close(kata.gradient_descent(bowl, same, x0, tol=5.0), (x0, [12.5]))


@pytest.mark.parametrize(("x0", "steps"), [((0.6, 0.7), 0), ((0.8, 0.8), 1)])
def test_tolerance_bounds_the_2_norm(kata, x0, steps):
    """(0.6, 0.7) is shorter than 1 though it sums to 1.3, (0.8, 0.8) longer though no entry is above 1"""
    _, values = kata.gradient_descent(bowl, same, np.array(x0), tol=1.0)
    assert_same(len(values), steps + 1)


def test_a_small_step_is_no_reason_to_stop(kata):
    """across a valley 200 times steeper than along it, steps are short long before the gradient is small"""
    f, grad = reference.quadratic(np.diag([200.0, 1.0]), np.zeros(2))
    x, _ = kata.gradient_descent(f, grad, np.array([0.01, 0.01]), tol=5e-3)
    assert_within(np.linalg.norm(grad(x)), 5e-3, "∇f(x)")


@pytest.mark.parametrize("max_iter", [0, 1, 3])
def test_no_more_than_max_iter_steps(kata, max_iter):
    """after max_iter steps it returns what it has: no error, and max_iter + 1 values"""
    f, grad = reference.rosenbrock(100.0)
    _, values = kata.gradient_descent(f, grad, np.array([-1.2, 1.0]), max_iter=max_iter)
    assert_same(len(values), max_iter + 1)


def test_units_of_x_do_not_matter(kata):
    """x² at 1e-20: a step is too short when x + αp is x, not when it is short"""
    x, p = np.array([1e-20]), np.array([-2e-20])
    assert_close(kata.backtracking(square, np.array([2e-20]), x, p), 0.5)


@pytest.mark.parametrize("e", [60, 120])
def test_no_shortest_step(kata, e):
    """2^e x² at 1: α = 2^-(e+1) leads to 0, however small it is"""
    g = np.array([2.0 ** (e + 1)])
    assert_close(kata.backtracking(lambda x: 2.0**e * square(x), g, np.array([1.0]), -g), 2.0 ** -(e + 1))


def test_nearly_x_is_not_x(kata):
    """(x - 1)²/2 at 1 + 2⁻⁴⁵: a step of 3e-14 is one, and α = 1 reaches the minimum"""
    x = np.array([1 + 2.0**-45])
    assert_close(kata.backtracking(lambda x: float((x[0] - 1) ** 2 / 2), x - 1, x, 1 - x), 1.0)


def test_tolerance_is_no_share_of_x_or_f(kata):
    """(x - 10⁴)²/4 + 10⁴: tol bounds the gradient itself"""
    x, _ = kata.gradient_descent(
        lambda x: float((x[0] - 1e4) ** 2 / 4) + 1e4, lambda x: (x - 1e4) / 2, np.array([1e4 + 1.0])
    )
    assert_within((x - 1e4) / 2, 1e-6, "∇f(x)")


def test_exact_step_scales(kata):
    """α does not depend on the length of g, and is large where A is small"""
    assert_close(kata.exact_step(np.diag([1.0, 3.0]), np.array([1e-20, 1e-20])), 0.5)
    assert_close(kata.exact_step(np.diag([1e-4, 3e-4]), np.array([1.0, 1.0])), 5e3)


def test_zero_is_a_value_like_others(kata):
    """x²/4 - 1 from 4 passes 0 at x = 2, where the gradient is 1"""
    x, _ = kata.gradient_descent(lambda x: float(x[0] ** 2 / 4) - 1.0, lambda x: x / 2, np.array([4.0]))
    assert_within(x / 2, 1e-6, "∇f(x)")


def test_parameters_near_their_ends(kata):
    """rho = 0.01 and 0.99, c1 = 0.95, alpha0 = 1024 are used as given"""
    g, x, p = np.array([2.0]), np.array([1.0]), np.array([-2.0])
    assert_close(kata.backtracking(square, g, x, p, rho=0.01), 0.01)
    assert_close(kata.backtracking(square, g, x, p, rho=0.99, c1=0.015), 0.99**2)
    assert_close(kata.backtracking(lambda x: 1e-3 * square(x), 1e-3 * g, x, p, c1=0.95, alpha0=1024.0), 1 / 32)


def test_contraction_special_spectra(kata):
    """one eigenvalue, a zero among them, all negative"""
    for eigs, lr, want in (([3.0], 1.0, 2.0), ([0.0, 1.0], 0.5, 1.0), ([-3.0, -1.0], 0.5, 2.5)):
        assert_close(kata.contraction_factor(np.array(eigs), lr), want)
