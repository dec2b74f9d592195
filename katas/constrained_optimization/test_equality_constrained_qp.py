import numpy as np
import pytest

from dojo.testing import LAYOUTS, assert_agrees, assert_close, assert_within, laid_out
from reference.constrained_optimization import equality_constrained_qp as reference

# Nocedal & Wright, example 16.2: the minimum is at (2, -1, 1); their multipliers (3, -2) have the other sign
BOOK = (
    np.array([[6.0, 2.0, 1.0], [2.0, 5.0, 2.0], [1.0, 2.0, 4.0]]),
    np.array([-8.0, -3.0, -3.0]),
    np.array([[1.0, 0.0, 1.0], [0.0, 1.0, 1.0]]),
    np.array([3.0, 0.0]),
)

# what P is like -> n, m, and how f curves across the constraints
KINDS = {
    "positive definite": (5, 2, 2.0),
    "not symmetric": (4, 2, 2.0),
    "singular": (6, 3, 0.0),
    "indefinite": (6, 4, -2.0),
    "no constraint": (4, 0, 0.0),
    "one unknown": (1, 0, 0.0),
    "nothing is free": (3, 3, -2.0),
    "zero": (4, 4, 0.0),
}


def program(rng, kind):
    """(P, q, A, b) with one minimum: on the null space of A, spanned by Z, P has eigenvalues 1 to 3."""
    n, m, across = KINDS[kind]
    Q = np.linalg.qr(rng.standard_normal((n, n)))[0]
    Y, Z = Q[:, :m], Q[:, m:]
    A = np.linalg.qr(rng.standard_normal((m, m)))[0] @ (Y * np.linspace(1, 2, m)).T
    G = Z + Y @ rng.uniform(-0.5, 0.5, (m, n - m))
    P = (G * np.linspace(1, 3, n - m)) @ G.T + across * Y @ Y.T
    if kind in ("not symmetric", "no constraint"):
        B = rng.standard_normal((n, n))
        P = P + B - B.T  # xᵀP x stays the same
    return P, rng.standard_normal(n), A, rng.standard_normal(m)


@pytest.fixture(params=KINDS, ids=lambda name: name.replace(" ", "-"))
def case(request, rng):
    return program(rng, request.param)


# --- by hand ---


def test_one_constraint_by_hand(kata):
    """the point of x + y = 2 nearest to the origin is (1, 1); there (1, 1) + (1, 1) nu = 0 gives nu = -1"""
    x, nu = kata.solve_kkt(np.eye(2), np.zeros(2), np.array([[1.0, 1.0]]), np.array([2.0]))
    assert_close((x, nu), (np.array([1.0, 1.0]), np.array([-1.0])))


def test_book_example(kata):
    """Nocedal & Wright, example 16.2: x = (2, -1, 1), and nu = (-3, 2) in the sign of f + nuᵀ(A x - b)"""
    x, nu = kata.solve_kkt(*BOOK)
    assert_close((x, nu), (np.array([2.0, -1.0, 1.0]), np.array([-3.0, 2.0])), scale=8.0)


def test_residuals_by_hand(kata):
    """at (3, 1) with nu = 0 the gradient is (3, 1), and x + y misses 2 by 2"""
    found = kata.kkt_residuals(
        np.eye(2), np.zeros(2), np.array([[1.0, 1.0]]), np.array([2.0]), np.array([3.0, 1.0]), np.zeros(1)
    )
    assert_close(found, (3.0, 2.0))


def test_residuals_are_max_norms(kata):
    """each residual is its largest entry in absolute value: ∇f + Aᵀnu = (3, -4, -2), A x - b = (-5, 2)"""
    q, A, b = np.array([2.0, -4.0, -1.0]), np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]), np.array([5.0, -2.0])
    found = kata.kkt_residuals(np.zeros((3, 3)), q, A, b, np.zeros(3), np.array([1.0, -1.0]))
    assert_close(found, (4.0, 5.0))


def test_price_by_hand(kata):
    """p*(b) = b²/4 on x + y = b: dp*/db = b/2 is 1 at b = 2, where nu = -1"""
    assert_close(kata.sensitivity(np.array([-1.0])), np.array([1.0]))


# --- laws ---


def test_kkt_conditions_hold(kata, case):
    """P x + q + Aᵀnu = 0 (P's symmetric part) and A x = b, to rounding"""
    P, q, A, b = case
    x, nu = kata.solve_kkt(P, q, A, b)
    H = (P + P.T) / 2
    rounding = 30 * len(x) * np.finfo(float).eps
    along_x = np.abs(H) @ np.abs(x) + np.abs(q) + np.abs(A.T) @ np.abs(nu)  # the size of what is added up
    along_nu = np.abs(A) @ np.abs(x) + np.abs(b)
    assert_within(H @ x + q + A.T @ nu, rounding * along_x.max(), "∇f(x) + Aᵀnu")
    assert_within(A @ x - b, rounding * along_nu.max(initial=0.0), "A x - b")


def test_every_feasible_step_goes_uphill(kata, case, rng):
    """f(x + d) - f(x) = 1/2 dᵀP d > 0 for each d ≠ 0 with A d = 0"""
    P, q, A, b = case
    Z = np.linalg.svd(A)[2][len(b) :].T  # the directions that are left free
    x, _ = kata.solve_kkt(P, q, A, b)
    for d in (Z @ rng.standard_normal((Z.shape[1], 5))).T:
        gain = reference.objective(P, q, x + d) - reference.objective(P, q, x)
        size = np.abs(P).sum() * (x @ x + d @ d) + np.abs(q) @ np.abs(x)
        assert_within(gain - d @ P @ d / 2, 1e-12 * size, "f(x + d) - f(x) - dᵀP d / 2")


def test_multipliers_are_prices(kata, rng):
    """p*(b + e) - p*(b - e) = 2 eᵀ dp*/db: p* is a quadratic in b, whose symmetric difference is exact"""
    P, q, A, b = program(rng, "positive definite")
    step = rng.standard_normal(len(b))

    def least(b):
        return reference.objective(P, q, kata.solve_kkt(P, q, A, b)[0])

    price = kata.sensitivity(kata.solve_kkt(P, q, A, b)[1])
    rise = least(b + step) - least(b - step)
    assert_within(rise - 2 * step @ price, 1e-12 * (abs(least(b)) + 10.0), "p*(b + e) - p*(b - e) - 2 eᵀ dp*/db")


def test_scaling_a_constraint_scales_its_price(kata, rng):
    """a_iᵀx = b_i written ten times larger is the same problem: x stays, nu_i is a tenth"""
    P, q, A, b = program(rng, "positive definite")
    x, nu = kata.solve_kkt(P, q, A, b)
    ten = np.array([10.0, 1.0])
    x10, nu10 = kata.solve_kkt(P, q, ten[:, None] * A, ten * b)
    assert_close(x10, x, scale=100 * np.abs(x).max())
    assert_close(ten * nu10, nu, scale=100 * np.abs(nu).max())


def test_constraint_through_the_free_minimum_costs_nothing(kata, rng):
    """with b = A x̂, where x̂ minimises f without constraints, x = x̂ and nu = 0"""
    P, q, A, _ = program(rng, "positive definite")
    free = rng.standard_normal(len(q))
    x, nu = kata.solve_kkt(P, -P @ free, A, A @ free)
    assert_close(x, free, scale=100.0)
    assert_close(nu, np.zeros(len(nu)), scale=1000.0)


# --- the oracle ---


def test_agrees_with_the_null_space_method(kata, case):
    assert_agrees(kata.solve_kkt, reference.solve_kkt, *case, floor=10.0)


def test_agrees_on_fresh_numbers(kata, fresh_rng):
    for kind in ("not symmetric", "indefinite"):
        assert_agrees(kata.solve_kkt, reference.solve_kkt, *program(fresh_rng, kind), floor=10.0)


def test_residuals_agree_with_the_definition(kata, case, rng):
    """at any x and nu, not only at the solution"""
    P, q, A, b = case
    x, nu = 3 * rng.standard_normal(len(q)), 3 * rng.standard_normal(len(b))
    assert_agrees(kata.kkt_residuals, reference.kkt_residuals, P, q, A, b, x, nu, floor=10.0)


def test_sensitivity_of_several_constraints(kata):
    """dp*/db = -nu, entry by entry, for either sign"""
    assert_close(kata.sensitivity(np.array([-3.0, 0.5, 2.0])), np.array([3.0, -0.5, -2.0]))


# --- nasty inputs ---


DEPENDENT = {
    "a row twice": np.array([[1.0, 2.0, 3.0], [1.0, 2.0, 3.0]]),
    "a multiple": np.array([[0.1, 0.7, -0.4], [0.3, 2.1, -1.2]]),
    "a sum": np.array([[0.1, 0.7, -0.4, 0.2], [0.3, 0.2, 0.9, 0.5], [0.4, 0.9, 0.5, 0.7]]),
    "a row of zeros": np.array([[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]]),
    "more rows than unknowns": np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 7.0]]),
    "large numbers": 1e5 * np.array([[0.1, 0.7, -0.4], [0.3, 2.1, -1.2]]),
}


@pytest.mark.parametrize("how", DEPENDENT)
def test_redundant_constraints_are_refused(kata, rng, how):
    """dependent rows of A leave nu undetermined: ValueError, although A x = b can be met"""
    A = DEPENDENT[how]
    n = A.shape[1]
    with pytest.raises(ValueError):
        kata.solve_kkt(np.eye(n), np.zeros(n), A, A @ rng.standard_normal(n))


def test_contradictory_constraints_are_refused(kata):
    """x + 2y = 1 and x + 2y = 2 have no common point: ValueError"""
    with pytest.raises(ValueError):
        kata.solve_kkt(np.eye(2), np.zeros(2), np.array([[1.0, 2.0], [1.0, 2.0]]), np.array([1.0, 2.0]))


ONE = np.array([[1.0, 0.0, 0.0]])  # x_1 = b: the second and third coordinate are free


@pytest.mark.parametrize("q", [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]], ids=["many-minima", "no-minimum"])
def test_flat_free_direction_is_refused(kata, q):
    """dᵀP d = 0 for a d with A d = 0: f has many minima, or falls without end; ValueError"""
    with pytest.raises(ValueError):
        kata.solve_kkt(np.diag([1.0, 1.0, 0.0]), np.array(q), ONE, np.array([1.0]))


@pytest.mark.parametrize("curvature", [(1.0, 1.0, -1.0), (5.0, -1.0, 2.0), (-1.0, -1.0, -1.0)], ids=str)
def test_saddle_is_refused(kata, curvature):
    """dᵀP d < 0 for a d with A d = 0: the KKT system has a solution, but f has no minimum; ValueError"""
    with pytest.raises(ValueError):
        kata.solve_kkt(np.diag(curvature), np.array([1.0, 1.0, 1.0]), ONE, np.array([1.0]))


def test_saddle_across_the_axes_is_refused(kata, rng):
    """the free directions need not be axes: dᵀP d < 0 for one d of the null space of A is enough"""
    P, q, A, b = program(rng, "positive definite")
    Z = np.linalg.svd(A)[2][2:].T
    d = Z @ rng.standard_normal(3)
    with pytest.raises(ValueError):
        kata.solve_kkt(P - 2 * (d @ P @ d) * np.outer(d, d) / (d @ d) ** 2, q, A, b)


def test_downhill_curvature_is_welcome_where_nothing_is_free(kata):
    """P = diag(-1, 1, 1) falls along x_1 only, which A x = b holds fast: there is a minimum"""
    x, nu = kata.solve_kkt(np.diag([-1.0, 1.0, 1.0]), np.array([0.0, -2.0, 3.0]), ONE, np.array([4.0]))
    assert_close((x, nu), (np.array([4.0, 2.0, -3.0]), np.array([4.0])))


@pytest.mark.parametrize("scale", [1e-11, 1e-3, 1e4])
def test_small_and_large_numbers(kata, rng, scale):
    """all inputs times one number: x and nu stay, though the determinant of the system is tiny, or huge"""
    case = [scale * part for part in program(rng, "indefinite")]
    assert_agrees(kata.solve_kkt, reference.solve_kkt, *case, floor=10.0)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_any_memory_layout(kata, rng, layout):
    case = laid_out(layout, program(rng, "indefinite"))
    x, nu = laid_out(layout, (rng.standard_normal(6), rng.standard_normal(4)))
    assert_agrees(kata.solve_kkt, reference.solve_kkt, *case, floor=10.0)
    assert_agrees(kata.kkt_residuals, reference.kkt_residuals, *case, x, nu, floor=10.0)


def test_sixty_unknowns(kata, rng):
    """the KKT conditions hold to rounding at n = 60, m = 25 as well"""
    A, B = rng.standard_normal((25, 60)), rng.standard_normal((60, 60))
    P, q, b = B @ B.T / 60 + np.eye(60), rng.standard_normal(60), rng.standard_normal(25)
    x, nu = kata.solve_kkt(P, q, A, b)
    assert_within(P @ x + q + A.T @ nu, 1e-11, "∇f(x) + Aᵀnu")
    assert_within(A @ x - b, 1e-11, "A x - b")


def test_weak_curvature_is_curvature(kata):
    """P = diag(1, 1e-8, 1) on x_3 = 0: the minimum is at (-1, -1, 0), however flat the bowl is in x_2"""
    P, q = np.diag([1.0, 1e-8, 1.0]), np.array([1.0, 1e-8, 0.0])
    x, _ = kata.solve_kkt(P, q, np.array([[0.0, 0.0, 1.0]]), np.zeros(1))
    assert_close(x, np.array([-1.0, -1.0, 0.0]), scale=1.0, ulps=1e9)
