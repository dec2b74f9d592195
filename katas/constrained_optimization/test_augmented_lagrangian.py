import numpy as np
import pytest

from dojo.testing import assert_close, assert_within
from reference.constrained_optimization import augmented_lagrangian as reference

LOOSE = 1e-5  # a tolerance that any minimiser meets; the default of 1e-8 has tests of its own


def assert_near(got, want, error):
    """`got` is an array like `want`, off by no more than `error`."""
    assert_close(got, want, scale=1.0, ulps=error / np.finfo(float).eps)


def assert_solved(problem, x, lam, tol=LOOSE):
    """∇f = Jᵀlambda and c = 0 hold within tol, at the solution that is known."""
    assert_near(x, problem.x, reference.REACH * tol)
    assert_near(lam, problem.lam, reference.REACH * tol)
    assert_within(problem.c(x), 1.001 * tol, "c(x)")
    assert_within(problem.grad_f(x) - problem.jac_c(x).T @ lam, 1.001 * tol, "∇f(x) - J(x)ᵀlambda")


def assert_solved_with_inequalities(problem, x, lam, tol=LOOSE):
    """∇f + Jᵀlambda = 0 and min(lambda, -h) = 0 hold within tol, at the solution that is known."""
    assert_near(x, problem.x, reference.REACH * tol)
    assert_near(lam, problem.lam, reference.REACH * tol)
    assert_within(np.minimum(lam, 0.0), 0.0, "negative part of lambda")
    assert_within(np.minimum(lam, -problem.c(x)), 1.001 * tol, "min(lambda, -h(x))")
    assert_within(problem.grad_f(x) + problem.jac_c(x).T @ lam, 1.001 * tol, "∇f(x) + J(x)ᵀlambda")


# --- by hand ---


def test_one_unknown_by_hand(kata):
    """x² on x = 3: x = 3, and ∇f = 6 = lambda"""
    problem = reference.point()
    assert_solved(problem, *kata.augmented_lagrangian(*problem.functions, problem.x0, tol=LOOSE))


def test_penalty_by_hand(kata):
    """x² + mu/2 (x - 3)² is least where 2 x + mu (x - 3) = 0: at x = 3 mu / (2 + mu)"""
    problem = reference.point()
    for mu in (0.5, 4.0, 100.0):
        x = kata.quadratic_penalty(*problem.functions, problem.x0, mu)
        assert_near(x, np.array([3 * mu / (2 + mu)]), 1e-5)


def test_one_inequality_by_hand(kata):
    """(x - 2)² on x <= 1/2: x = 1/2, and ∇f = -3 = -lambda"""
    problem = reference.half_line(0.5)
    x, lam = kata.with_inequalities(*problem.functions, problem.x0, tol=LOOSE)
    assert_solved_with_inequalities(problem, x, lam)


def test_book_example(kata):
    """Nocedal & Wright, example 17.1: x + y on the circle x² + y² = 2 is least at (-1, -1), lambda = -1/2"""
    problem = reference.circle()
    assert_solved(problem, *kata.augmented_lagrangian(*problem.functions, problem.x0, tol=LOOSE))


# --- penalties ---


@pytest.mark.parametrize("mu", [1.0, 5.0, 20.0])
def test_penalty_agrees_with_the_closed_form(kata, mu):
    """(P + mu AᵀA) x = mu Aᵀb - q, and for the circle the least root of 1 + 4 mu t (t² - 1) = 0"""
    planes, circle = reference.two_planes(), reference.circle((-1.5, -0.5))
    of_planes = kata.quadratic_penalty(*planes.functions, planes.x0, mu)
    of_circle = kata.quadratic_penalty(*circle.functions, circle.x0, mu)
    for problem, x in ((planes, of_planes), (circle, of_circle)):
        slope = problem.grad_f(x) + mu * problem.jac_c(x).T @ problem.c(x)
        assert_within(slope, 1.001e-5, "∇(f + mu/2 ‖c‖²)(x)")
    assert_near(of_planes, reference.penalised_planes(mu), 1e-4)
    assert_near(of_circle, reference.penalised_circle(mu), 1e-4)


def test_penalty_misses_the_constraint_by_the_price(kata):
    """-mu c(x) -> lambda* as mu grows: on the circle -0.4939 and -0.4984 at mu = 10 and 40, not yet -0.5"""
    problem = reference.circle((-1.1, -0.9))
    for mu, price in ((10.0, -0.4939), (40.0, -0.4984)):
        x = kata.quadratic_penalty(*problem.functions, problem.x0, mu)
        assert_within(-mu * problem.c(x) - price, 2e-4, "-mu c(x) - price")


# --- equalities ---


@pytest.mark.parametrize("name", reference.EQUALITIES)
def test_known_solutions(kata, name):
    """x, lambda and both conditions, where the solution is known"""
    problem = reference.EQUALITIES[name]()
    assert_solved(problem, *kata.augmented_lagrangian(*problem.functions, problem.x0, tol=LOOSE))


@pytest.mark.parametrize("name", ["circle", "two planes"])
def test_default_tolerance(kata, name):
    """without a word on tol, c(x) and ∇f(x) - J(x)ᵀlambda are within 1e-8 of 0"""
    problem = reference.EQUALITIES[name]()
    assert_solved(problem, *kata.augmented_lagrangian(*problem.functions, problem.x0), tol=1e-8)


@pytest.mark.parametrize("mu0", [1.0, 100.0])
def test_first_penalty_does_not_matter(kata, mu0):
    """the minimum on the constraints is no matter of mu"""
    problem = reference.two_planes()
    assert_solved(problem, *kata.augmented_lagrangian(*problem.functions, problem.x0, tol=LOOSE, mu0=mu0))


@pytest.mark.parametrize(("depth", "mu0"), [(1.0, 0.8), (12.5, 10.0)])
def test_mu_grows_where_it_is_too_small(kata, depth, mu0):
    """-xy on x + y = 2, times depth: L_A is bounded for mu > depth/2, but lambda strays unless mu > depth"""
    problem = reference.hollow(depth)
    assert_solved(problem, *kata.augmented_lagrangian(*problem.functions, problem.x0, tol=LOOSE, mu0=mu0))


STARTS = {
    "at the minimum": (-np.sqrt(2), -np.sqrt(0.5)),  # lambda is still to be found
    "feasible": (np.sqrt(3), 0.0),  # which is not yet optimal
    "constraint without a gradient": (0.0, 0.0),
    "near the maximum": (1.6, 0.2),  # (√2, √2/2) satisfies ∇f = Jᵀlambda, too
    "far away": (8.0, -6.0),
}


@pytest.mark.parametrize("start", STARTS)
def test_any_start(kata, start):
    """x + y on the ellipse x² + 2y² = 3 is least at -(√2, √2/2), wherever one comes from"""
    problem = reference.ellipse(STARTS[start])
    assert_solved(problem, *kata.augmented_lagrangian(*problem.functions, problem.x0, tol=LOOSE))


def test_multiplier_is_a_price(kata):
    """p*(b + e) - p*(b - e) = 2 eᵀlambda for f quadratic and c(x) = A x - b: what a unit of b costs"""
    b, e = np.array([3.0, 0.0]), np.array([0.5, -1.0])
    middle, up, down = reference.two_planes(b), reference.two_planes(b + e), reference.two_planes(b - e)
    _, lam = kata.augmented_lagrangian(*middle.functions, middle.x0, tol=LOOSE)
    above, _ = kata.augmented_lagrangian(*up.functions, up.x0, tol=LOOSE)
    below, _ = kata.augmented_lagrangian(*down.functions, down.x0, tol=LOOSE)
    assert_within(up.f(above) - down.f(below) - 2 * e @ lam, 1e-3, "p*(b + e) - p*(b - e) - 2 eᵀlambda")


def test_eigenvalue_is_a_multiplier(kata, rng):
    """xᵀS x on xᵀx = 1 is least at an eigenvector, and lambda is the least eigenvalue (numpy's eigh)"""
    Q = np.linalg.qr(rng.standard_normal((4, 4)))[0]
    problem = reference.rayleigh(Q * np.array([-1.0, 0.0, 1.0, 2.0]) @ Q.T, np.full(4, 0.6))
    x, lam = kata.augmented_lagrangian(*problem.functions, problem.x0, tol=LOOSE)
    assert_near(lam, problem.lam, reference.REACH * LOOSE)
    assert_near(x * np.sign(x @ problem.x), problem.x, reference.REACH * LOOSE)


# --- inequalities ---


@pytest.mark.parametrize("name", reference.INEQUALITIES)
def test_known_solutions_with_inequalities(kata, name):
    """x, lambda >= 0 and both conditions, where constraints hold with equality and where they do not"""
    problem = reference.INEQUALITIES[name]()
    x, lam = kata.with_inequalities(*problem.functions, problem.x0, tol=LOOSE)
    assert_solved_with_inequalities(problem, x, lam)


@pytest.mark.parametrize("name", ["an end that counts", "polygon"])
def test_default_tolerance_with_inequalities(kata, name):
    """without a word on tol, min(lambda, -h(x)) and ∇f(x) + J(x)ᵀlambda are within 1e-8 of 0"""
    problem = reference.INEQUALITIES[name]()
    x, lam = kata.with_inequalities(*problem.functions, problem.x0)
    assert_solved_with_inequalities(problem, x, lam, tol=1e-8)


def test_agrees_with_trying_every_active_set(kata, fresh_rng):
    """a convex quadratic program: of the 8 sets of constraints that may be active one meets the conditions"""
    for _ in range(3):
        Q, R = (np.linalg.qr(fresh_rng.standard_normal((4, 4)))[0] for _ in range(2))
        P, q = Q * np.array([1.0, 1.5, 2.0, 3.0]) @ Q.T, 2 * fresh_rng.standard_normal(4)
        problem = reference.quadratic_program(P, q, R[:3], fresh_rng.standard_normal(3))
        x, lam = kata.with_inequalities(*problem.functions, problem.x0, tol=LOOSE)
        assert_solved_with_inequalities(problem, x, lam)


def test_a_loose_tolerance_is_soon_met(kata):
    """c(x) is of the size of 1e-3 after two minimisations with mu0 = 10: three suffice for tol = 0.01"""
    circle, end = reference.circle(), reference.half_line(0.5)
    x, lam = kata.augmented_lagrangian(*circle.functions, circle.x0, tol=0.01, max_outer=3)
    assert_solved(circle, x, lam, tol=0.01)
    x, lam = kata.with_inequalities(*end.functions, end.x0, tol=0.01, max_outer=3)
    assert_solved_with_inequalities(end, x, lam, tol=0.01)


# --- nasty inputs ---


def test_start_at_the_solution(kata):
    """where x0 is the minimum and lambda = 0 nothing is left to do: x is x0, in a new array"""
    problem, inside = reference.parabola(), reference.disc([0.3, -0.5])
    assert_solved(problem, *kata.augmented_lagrangian(*problem.functions, problem.x))
    assert_near(kata.quadratic_penalty(*problem.functions, problem.x, 10.0), problem.x, 1e-4)
    assert_solved_with_inequalities(inside, *kata.with_inequalities(*inside.functions, inside.x))


def test_one_minimisation_is_a_penalty(kata):
    """max_outer = 1 leaves c(x) near -lambda*/mu0, far from tol: RuntimeError"""
    circle, end = reference.circle(), reference.half_line(0.5)
    with pytest.raises(RuntimeError):
        kata.augmented_lagrangian(*circle.functions, circle.x0, tol=LOOSE, max_outer=1)
    with pytest.raises(RuntimeError):
        kata.with_inequalities(*end.functions, end.x0, tol=LOOSE, max_outer=1)


def test_constraints_nobody_can_meet(kata):
    """x² + 1 is never 0, and never negative: RuntimeError"""
    functions = (lambda x: x @ x, lambda x: 2 * x, lambda x: x * x + 1, lambda x: 2 * x[None])
    with pytest.raises(RuntimeError):
        kata.augmented_lagrangian(*functions, np.array([0.7]), tol=LOOSE, max_outer=3)
    with pytest.raises(RuntimeError):
        kata.with_inequalities(*functions, np.array([0.7]), tol=LOOSE, max_outer=3)
