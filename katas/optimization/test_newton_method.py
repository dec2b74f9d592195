from itertools import pairwise

import numpy as np
import pytest

from dojo.testing import LAYOUTS, assert_agrees, assert_close, assert_same, assert_within, golden, laid_out
from reference.optimization import newton_method as reference


def symmetric(rng, eigenvalues):
    """A symmetric matrix with these eigenvalues, in a random basis."""
    Q = np.linalg.qr(rng.standard_normal((len(eigenvalues), len(eigenvalues))))[0]
    H = Q * np.asarray(eigenvalues) @ Q.T
    return (H + H.T) / 2


def assert_minimum(problem, x, norms, tol=1e-10):
    """The gradient is at most tol at x, and its norms came along: the first one is any, the last one is that at x."""
    _, grad, hess = problem
    assert_within(grad(x), tol, "∇f(x)")
    assert_within(norms[-1] - np.linalg.norm(grad(x)), 1e-3 * tol, "last norm - ‖∇f(x)‖")
    assert_within(min(0.0, np.linalg.eigvalsh(hess(x))[0]), 0.0, "negative curvature at x")


# --- by hand ---


def test_step_by_hand(kata):
    """H = diag(2, 4) and g = (2, 8): the model is least at p = (-1, -2)"""
    assert_close(kata.newton_step(np.array([2.0, 8.0]), np.diag([2.0, 4.0])), np.array([-1.0, -2.0]))


def test_coupled_step_by_hand(kata):
    """H = [[2, 1], [1, 3]] and g = (3, -1): H p = -g with p = (-2, 1)"""
    found = kata.newton_step(np.array([3.0, -1.0]), np.array([[2.0, 1.0], [1.0, 3.0]]))
    assert_close(found, np.array([-2.0, 1.0]))


def test_parabola_by_hand(kata):
    """(x - 2)² from 10: one step; the gradients are 16 and 0"""
    problem = reference.scalar(lambda x: (x - 2) ** 2, lambda x: 2 * (x - 2), lambda x: 2.0)
    assert_close(kata.newton(*problem, np.array([10.0])), (np.array([2.0]), [16.0, 0.0]), scale=10.0)


def test_halved_step_by_hand(kata):
    """√(1 + x²) at 1: the whole step leads to -1, where f is no lower; half of it to 0, the minimum"""
    assert_close(kata.newton(*reference.root(), np.array([1.0])), (np.array([0.0]), [0.5**0.5, 0.0]), scale=1.0)


# --- steps ---


@pytest.mark.parametrize("eigenvalues", [[3.0], [1.0, 4.0], [0.2, 1.0, 5.0], [1e-6, 2e-6, 5e-6, 9e-6]], ids=len)
def test_positive_definite_hessian_is_left_alone(kata, rng, eigenvalues):
    """H p = -g where every eigenvalue is at least min_eig: nothing is added to H"""
    H, g = symmetric(rng, eigenvalues), rng.standard_normal(len(eigenvalues))
    assert_within(reference.residual(g, H, kata.newton_step(g, H)), 50.0, "H p + g in rounding units")
    p = kata.newton_step(g, H, min_eig=0.99 * min(eigenvalues))
    assert_within(reference.residual(g, H, p), 50.0, "H p + g in rounding units")


@pytest.mark.parametrize("least", [1.0, 1e-6])
def test_ill_conditioned_hessian(kata, rng, least):
    """with ‖H‖‖H⁻¹‖ = 1e12, H p = -g still holds to rounding, which a product with H⁻¹ misses by far"""
    H = symmetric(rng, least * np.geomspace(1, 1e12, 5))
    for g in (rng.standard_normal(5), H @ rng.standard_normal(5)):
        assert_within(reference.residual(g, H, kata.newton_step(g, H)), 100.0, "H p + g in rounding units")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_any_memory_layout(kata, rng, layout):
    """H p = -g, however the numbers lie in memory"""
    g, H = laid_out(layout, (rng.standard_normal(4), symmetric(rng, [0.5, 1.0, 2.0, 3.0])))
    assert_within(reference.residual(g, H, kata.newton_step(g, H)), 50.0, "H p + g in rounding units")


HESSIANS = {
    "saddle": ([-1.0, 0.5, 2.0], 1e-8),
    "maximum": ([-1.0, -2.0, -3.0], 1e-8),
    "nearly all positive": ([-1e-3, 1.0, 2.0, 3.0], 1e-8),
    "slightly curved": ([-2e-4, 1e-4, 3e-4], 1e-8),
    "strongly curved": ([-1e3, 20.0, 1e3], 1e-8),
    "flat and down": ([0.0, -1.0, 0.0], 1e-6),
    "one unknown": ([-3.0], 1e-8),
    "positive, but below min_eig": ([0.01, 1.0, 4.0], 0.5),
    "all below min_eig": ([-0.2, 0.1, 0.3], 10.0),
}


@pytest.mark.parametrize("name", HESSIANS)
def test_downhill_on_any_hessian(kata, rng, name):
    """p = -B⁻¹g with min_eig <= B <= 4 (‖H‖ + min_eig), for some symmetric B; hence gᵀp < 0"""
    eigenvalues, min_eig = HESSIANS[name]
    H = symmetric(rng, eigenvalues)
    eigenvectors = np.linalg.eigh(H)[1].T
    for g in (rng.standard_normal(len(H)), *eigenvectors, -7 * eigenvectors[0]):
        p = kata.newton_step(g, H, min_eig)
        assert_same(bool(g @ p < 0), True)
        assert_within(reference.outside(g, H, min_eig, p), 0.0, "distance of B from its bounds")


def test_zero_hessian(kata):
    """B = bI with min_eig <= b <= 4 min_eig, or about so: a long step along -g, no division by 0"""
    g, H = np.array([1.0, -2.0]), np.zeros((2, 2))
    assert_within(reference.outside(g, H, 0.25, kata.newton_step(g, H, 0.25)), 0.0, "distance of B from its bounds")


@pytest.mark.parametrize("eigenvalues", [[1.0, 2.0], [-1.0, 2.0], [0.0, 0.0]], ids=["minimum", "saddle", "flat"])
def test_no_gradient_no_step(kata, rng, eigenvalues):
    """p = 0 where g = 0"""
    assert_close(kata.newton_step(np.zeros(2), symmetric(rng, eigenvalues)), np.zeros(2))


# --- descents ---


def test_quadratic_takes_one_step(kata, rng):
    """the model is f itself: the first step ends at the minimum, where A x = b"""
    A, b = symmetric(rng, [0.5, 1.0, 3.0, 8.0]), rng.standard_normal(4)
    problem = reference.quadratic(A, b)
    x, norms = kata.newton(*problem, np.array([3.0, -2.0, 1.0, 5.0]))
    assert_minimum(problem, x, norms)
    assert_same(len(norms), 2)
    assert_close(norms[0], float(np.linalg.norm(A @ [3.0, -2.0, 1.0, 5.0] - b)))


def test_digits_double(kata):
    """eˣ - 2x from 0: the slopes g_k = eˣ - 2 obey |g_k+1| <= g_k², until rounding ends it"""
    x, norms = kata.newton(*reference.exponential(), np.array([0.0]))
    assert_within(x - np.log(2), 1e-10, "x - log 2")
    for before, after in pairwise(norms):
        assert_within(after, before**2 + 1e-14, "g_k+1")


def test_degenerate_minimum_is_reached_linearly(kata):
    """x⁴ from 1: each step leads from x to 2x/3, so that the gradients are 4 (8/27)ᵏ, down to 1e-10"""
    x, norms = kata.newton(*reference.quartic(), np.array([1.0]))
    assert_same(len(norms), 22)
    assert_within(np.array(norms) / (4 * (8 / 27) ** np.arange(22.0)) - 1, 1e-11, "norms / 4 (8/27)ᵏ - 1")
    assert_within(x / (2 / 3) ** 21 - 1, 1e-11, "x / (2/3)²¹ - 1")


@pytest.mark.parametrize("start", [0.1, -0.1, 0.4, 3.0])
def test_minimum_and_not_a_maximum(kata, start):
    """x⁴ - x² has a maximum at 0, where -H⁻¹g leads; the minimum on this side is at √(1/2)"""
    problem = reference.double_well()
    x, norms = kata.newton(*problem, np.array([start]))
    assert_minimum(problem, x, norms)
    assert_within(x - np.sign(start) * 0.5**0.5, 1e-9, "x - √(1/2)")


def test_escapes_from_a_saddle(kata):
    """x²/2 + y⁴/4 - y²/2 beside its saddle at 0: downhill along y, to (0, 1) or (0, -1)"""
    problem = reference.saddle()
    x, norms = kata.newton(*problem, np.array([1.0, 1e-3]))
    assert_minimum(problem, x, norms)
    assert_within(np.abs(x) - [0.0, 1.0], 1e-9, "(|x|, |y|) - (0, 1)")


@pytest.mark.parametrize("x0", [(1.0, 1e-3), (-0.4, 0.3), (0.7, 1.5)])
def test_descent_takes_the_step(kata, x0):
    """x_1 - x_0 is α p, with p from `newton_step` and α one of 1, 1/2, 1/4, ..., wherever H is positive or not"""
    f, grad, hess = reference.saddle()
    x0 = np.array(x0)
    p = kata.newton_step(grad(x0), hess(x0))
    x1, _ = kata.newton(f, grad, hess, x0, max_iter=1)
    alpha = float((x1 - x0) @ p / (p @ p))
    assert_within(x1 - x0 - alpha * p, 1e-12, "x_1 - x_0 - α p")
    assert_within(np.log2(alpha) - min(0, round(np.log2(alpha))), 1e-9, "log₂ α - a whole number <= 0")


@pytest.mark.parametrize("start", [2.0, -10.0, 1000.0])
def test_far_from_the_minimum(kata, start):
    """√(1 + x²) from beyond 1, where undamped steps lead ever farther away: x = 0"""
    problem = reference.root()
    x, norms = kata.newton(*problem, np.array([start]))
    assert_minimum(problem, x, norms)
    assert_within(x, 1.001e-10, "x")


def test_curved_valley(kata):
    """Rosenbrock's function from (-1.2, 1): the gradient there is (-215.6, -88), the minimum (1, 1)"""
    problem = reference.rosenbrock()
    x, norms = kata.newton(*problem, np.array([-1.2, 1.0]))
    assert_minimum(problem, x, norms)
    assert_within(x - 1.0, 1e-9, "x - (1, 1)")
    assert_close(norms[0], float(np.hypot(215.6, 88.0)))


def test_new_coordinates_change_nothing(kata, rng):
    """Newton's method on f(T y) from T⁻¹x_0 goes through T⁻¹x_1, T⁻¹x_2, ...: scaling is no matter"""
    X, y = rng.standard_normal((8, 2)), np.array([1.0, -1, 1, -1, 1, 1, -1, -1])
    f, grad, hess = reference.logistic(X, y, 0.5)
    T, x0 = np.array([[100.0, 30.0], [0.0, 0.2]]), np.array([2.0, -1.0])
    x, _ = kata.newton(f, grad, hess, x0, max_iter=3)
    warped = (lambda y: f(T @ y)), (lambda y: T.T @ grad(T @ y)), (lambda y: T.T @ hess(T @ y) @ T)
    y, _ = kata.newton(*warped, np.linalg.solve(T, x0), max_iter=3)
    assert_within(T @ y - x, 1e-9, "T y_3 - x_3")


# --- the oracle ---


def test_path_agrees_with_the_closed_form(kata):
    """eˣ - 2x from 0 and from 2: each whole step adds 2 e⁻ˣ - 1"""
    for start in (0.0, 2.0):
        x, norms = kata.newton(*reference.exponential(), np.array([start]), max_iter=2)
        assert_close((x, norms), reference.exponential_path([start], 2), scale=4.0)


@pytest.mark.parametrize(("start", "alpha"), [(0.99, 1.0), (0.99999, 0.5)])
def test_share_of_the_promised_decrease(kata, start, alpha):
    """√(1 + x²): the whole step, to -x³, wins 1 % of |gᵀp| from 0.99, good enough, and 0.001 % from 0.99999: halved"""
    x, _ = kata.newton(*reference.root(), np.array([start]), max_iter=1)
    assert_close(x, np.array([start - alpha * (start + start**3)]), scale=1.0)


def test_path_agrees_with_cramers_rule(kata):
    """the first steps on Rosenbrock's function, where H is positive definite and some steps are halved"""

    def found(x0):
        return kata.newton(*reference.rosenbrock(), x0, max_iter=6)

    def wanted(x0):
        return reference.newton_in_two(*reference.rosenbrock(), x0, 6)

    assert_agrees(found, wanted, np.array([-1.2, 1.0]))


def test_agrees_with_scipy(kata):
    """logistic regression: the minimum that scipy's trust-region method finds (numbers frozen)"""
    data = golden(reference)
    problem = reference.logistic(np.array(data["X"]), np.array(data["y"]), data["ridge"])
    w, norms = kata.newton(*problem, np.zeros(3))
    assert_minimum(problem, w, norms)
    assert_within(w - np.array(data["w"]), 1e-9, "w - w of scipy")


# --- nasty inputs ---


def test_nan_and_infinity_are_refused(kata):
    """x - log x at 3: the whole step leads to -3, half of it to 0, a quarter to 3/2, where f is finite again"""
    problem = reference.barrier()
    x, norms = kata.newton(*problem, np.array([3.0]), max_iter=1)
    assert_close((x, norms), (np.array([1.5]), [2 / 3, 1 / 3]), scale=3.0)
    x, norms = kata.newton(*problem, np.array([3.0]))
    assert_minimum(problem, x, norms)
    assert_within(x - 1.0, 1e-9, "x - 1")


def test_gain_below_the_rounding_of_f(kata, rng):
    """f is about -1e7, 1e-7 from its minimum: the step wins 1e-14, which no value shows, and is taken whole"""
    c = np.array([3000.1, -2000.7, 2500.3])
    problem = reference.far_parabola(c)
    for _ in range(10):
        start = c + 1e-7 * rng.standard_normal(3)
        _, norms = kata.newton(*problem, start, max_iter=1)
        assert_within(norms[-1], 1e-11, "∇f(x_1)")


def test_start_at_a_stationary_point(kata):
    """the gradient is 0 at a maximum as well: there is no step, and x is x0, in a new array"""
    assert_close(kata.newton(*reference.double_well(), np.array([0.0])), (np.array([0.0]), [0.0]))


def test_tolerance_bounds_the_2_norm(kata):
    """‖grad(x0)‖ <= tol is the end: (3, -4) has the norm 5, (0.6, 0.7) is shorter than 1, (0.8, 0.8) is not"""
    bowl = reference.quadratic(np.eye(2), np.zeros(2))
    for x0, tol, steps in (((3.0, -4.0), 5.0, 0), ((0.6, 0.7), 1.0, 0), ((0.8, 0.8), 1.0, 1)):
        _, norms = kata.newton(*bowl, np.array(x0), tol=tol)
        assert_same(len(norms), steps + 1)


@pytest.mark.parametrize("max_iter", [0, 1, 4])
def test_no_more_than_max_iter_steps(kata, max_iter):
    """after max_iter steps it returns what it has: no error, and max_iter + 1 norms"""
    _, norms = kata.newton(*reference.rosenbrock(), np.array([-1.2, 1.0]), max_iter=max_iter)
    assert_same(len(norms), max_iter + 1)
