import numpy as np
import pytest

from dojo.testing import LAYOUTS, assert_agrees, assert_close, assert_same, assert_within, laid_out
from reference.constrained_optimization import ridge_as_constraint as reference

SHAPES = {  # n, d and the rank
    "more rows": (8, 3, 3),
    "more columns": (3, 6, 3),
    "square": (4, 4, 4),
    "one column": (5, 1, 1),
    "one row": (1, 4, 1),
    "rank two of four": (7, 4, 2),
}


def data(rng, n, d, rank, smallest=0.3):
    """X with singular values from 2 down to `smallest`, and y."""
    U = np.linalg.qr(rng.standard_normal((n, n)))[0][:, :rank]
    V = np.linalg.qr(rng.standard_normal((d, d)))[0][:, :rank]
    return U * np.geomspace(2.0, smallest, rank) @ V.T, rng.standard_normal(n)


@pytest.fixture(params=SHAPES, ids=lambda name: name.replace(" ", "-"))
def case(request, rng):
    return data(rng, *SHAPES[request.param])


RELATIVE = 5e-9 / np.finfo(float).eps  # in rounding units; the statement promises 1e-9


def assert_in_ball(X, y, t, w, lam):
    """‖w‖ = t and w = ridge(X, y, lam) with lam > 0: then w is the minimum in the ball"""
    assert_within(min(lam, 0.0), 0.0, "negative part of lam")
    assert_within(np.linalg.norm(w) / t - 1, 2e-9, "‖w‖ / t - 1")
    assert_close(w, reference.ridge(X, y, float(lam)), scale=t, ulps=RELATIVE)


# --- by hand ---


def test_ridge_by_hand(kata):
    """two equal columns of numbers, X = (1, 1)ᵀ: w = Xᵀy / (XᵀX + lam) = 9 / (2 + 1)"""
    assert_close(kata.ridge(np.array([[1.0], [1.0]]), np.array([3.0, 6.0]), 1.0), np.array([3.0]))


def test_ball_by_hand(kata):
    """X = I: the point of the ball of radius 5 nearest to y = (6, 8) is y/2, and 1 + lam = 2"""
    found = kata.ridge_constrained(np.eye(2), np.array([6.0, 8.0]), 5.0)
    assert_close(found, (np.array([3.0, 4.0]), 1.0), ulps=RELATIVE)


def test_unit_ball_by_hand(kata):
    """X = 1, y = 3: the ball of radius 1 ends at w = 1, where 1 (1 - 3) + lam 1 = 0"""
    assert_close(kata.ridge_constrained(np.eye(1), np.array([3.0]), 1.0), (np.array([1.0]), 2.0), ulps=RELATIVE)


def test_slack_ball_by_hand(kata):
    """X = I: y = (6, 8) is inside the ball of radius 11, which costs nothing: w = y, lam = 0"""
    assert_close(kata.ridge_constrained(np.eye(2), np.array([6.0, 8.0]), 11.0), (np.array([6.0, 8.0]), 0.0))


def test_effective_dof_by_hand(kata):
    """singular values 1 and 2, lam = 4: 1/5 + 4/8"""
    assert_close(kata.effective_dof(np.diag([1.0, 2.0]), 4.0), 0.7)


def test_early_stopping_by_hand(kata):
    """1 - (1 - lr s²)²: 1, 7/16 and 0 for s = 1, 1/2 and 0"""
    found = kata.early_stopping_filter(np.array([1.0, 0.5, 0.0]), 1.0, 2)
    assert_close(found, np.array([1.0, 0.4375, 0.0]), scale=1.0)


# --- laws ---


def test_the_ball_is_a_penalty(kata, case):
    """for t < ‖w_OLS‖: ‖w‖ = t, and w = ridge(X, y, lam) with lam > 0"""
    X, y = case
    longest = np.linalg.norm(reference.ridge(X, y, 0.0))
    for fraction in (1e-6, 0.1, 0.9, 1 - 1e-6):
        assert_in_ball(X, y, fraction * longest, *kata.ridge_constrained(X, y, fraction * longest))


def test_the_penalty_is_a_ball(kata, case):
    """ridge(X, y, lam) is the minimum in the ball of its own norm, and lam is the multiplier that comes back"""
    X, y = case
    for lam in (1e-3, 1.0, 1e4):
        w = kata.ridge(X, y, lam)
        again, multiplier = kata.ridge_constrained(X, y, float(np.linalg.norm(w)))
        assert_within(again - w, 1e-8 * np.linalg.norm(w), "w again - w")
        assert_within(multiplier - lam, 1e-8 * (lam + 4), "multiplier - lam")


def test_slackness(kata, case):
    """for t >= ‖w_OLS‖ the shortest least-squares solution is the answer, and lam = 0, not less"""
    X, y = case
    w = reference.ridge(X, y, 0.0)
    for factor in (1 + 1e-6, 2.0, np.inf):
        found, lam = kata.ridge_constrained(X, y, factor * float(np.linalg.norm(w)))
        assert_close(found, w, scale=10.0)
        assert_same(float(lam), 0.0)


def test_multiplier_is_the_price_of_the_radius(kata, rng):
    """p*(t²), the least loss in the ball of radius t, has dp*/d(t²) = -lam"""
    X, y = data(rng, 8, 3, 3)
    t, h = 0.6 * np.linalg.norm(reference.ridge(X, y, 0.0)), 1e-4
    more, less = np.sqrt(t**2 * (1 + h)), np.sqrt(t**2 * (1 - h))
    rise = reference.loss(X, y, kata.ridge_constrained(X, y, more)[0])
    rise -= reference.loss(X, y, kata.ridge_constrained(X, y, less)[0])
    lam = kata.ridge_constrained(X, y, t)[1]
    assert_within(rise / (2 * h * t**2) + lam, 1e-4 * lam, "dp*/d(t²) + lam")


def test_dof_falls_from_the_rank(kata, case):
    """lam = 0 counts the directions of X, lam = inf none"""
    X, _ = case
    assert_close(kata.effective_dof(X, 0.0), float(np.linalg.matrix_rank(X)))
    assert_close(kata.effective_dof(X, np.inf), 0.0)


def test_gradient_descent_is_a_filter(kata, rng):
    """`steps` of gradient descent on 1/2 ‖X w - y‖² from w = 0 give V (f/s) Uᵀy"""
    X, y = data(rng, 6, 3, 3)
    U, s, Vt = np.linalg.svd(X, full_matrices=False)
    w = np.zeros(3)
    for _ in range(7):
        w = w - 0.3 * X.T @ (X @ w - y)
    filtered = (kata.early_stopping_filter(s, 0.3, 7) / s * (U.T @ y)) @ Vt
    assert_close(filtered, w, scale=30.0)


# --- the oracle ---


def test_ridge_agrees_with_least_squares_on_more_rows(kata, case):
    """‖X w - y‖² + lam ‖w‖² is one sum of squares, of X w - y and of √lam w - 0"""
    X, y = case
    for lam in (0.0, 1e-6, 0.7, 3.0, 1e5):
        assert_agrees(kata.ridge, reference.ridge, X, y, lam, floor=1.0)


def test_dof_agrees_with_the_trace(kata, case):
    """the trace of the map y -> X ridge(X, y, lam)"""
    for lam in (1e-3, 0.7, 40.0):
        assert_agrees(kata.effective_dof, reference.effective_dof, case[0], lam, floor=1.0)


@pytest.mark.parametrize(("lr", "steps"), [(0.1, 0), (0.1, 1), (0.25, 3), (1.0, 20), (0.4, 21)])
def test_filter_agrees_with_gradient_descent(kata, lr, steps):
    """step by step on one weight at a time; lr s² up to 4, so that 2 is passed and it diverges"""
    s = np.array([2.0, 1.5, 1.0, 0.5, 0.1, 1e-3, 0.0])
    assert_agrees(kata.early_stopping_filter, reference.early_stopping_filter, s, lr, steps, floor=1.0 + steps)


def test_agrees_on_fresh_numbers(kata, fresh_rng):
    X, y = data(fresh_rng, 9, 5, 5)
    lam = float(fresh_rng.uniform(0.1, 2.0))
    assert_agrees(kata.ridge, reference.ridge, X, y, lam, floor=1.0)
    t = float(fresh_rng.uniform(0.1, 0.9)) * np.linalg.norm(reference.ridge(X, y, 0.0))
    assert_in_ball(X, y, t, *kata.ridge_constrained(X, y, t))


# --- nasty inputs ---


@pytest.mark.parametrize("lam", [0.0, 1e-13])
@pytest.mark.parametrize(("n", "d"), [(9, 4), (4, 7)])
def test_condition_number_of_ten_million(kata, rng, n, d, lam):
    """with y = X w the digits of w are there to be found; in XᵀX, of condition number 1e14, they are not"""
    X, _ = data(rng, n, d, 4, smallest=2e-7)
    y = X @ rng.standard_normal(d)
    assert_agrees(kata.ridge, reference.ridge, X, y, lam, floor=1.0)


def test_small_lam_tends_to_the_shortest_solution(kata, rng):
    """ridge(X, y, lam) -> the least-squares solution of least norm where d > n and XᵀX has no inverse"""
    X, y = data(rng, *SHAPES["more columns"])
    assert_within(kata.ridge(X, y, 1e-12) - reference.ridge(X, y, 0.0), 1e-9, "w(1e-12) - w(0)")


@pytest.mark.parametrize("scale", [1e-6, 1e6])
def test_rank_does_not_depend_on_scale(kata, rng, scale):
    """of the four singular values two are 0 to rounding, 1e-16 or 1e-10 as they may come out"""
    X, y = data(rng, *SHAPES["rank two of four"])
    assert_close(kata.effective_dof(scale * X, 0.0), 2.0)
    assert_agrees(kata.ridge, reference.ridge, scale * X, y, 0.0, floor=1 / scale)


def test_infinite_lam(kata, case):
    """lam = inf leaves nothing of w"""
    X, y = case
    assert_close(kata.ridge(X, y, np.inf), np.zeros(X.shape[1]))


def test_ball_of_radius_zero(kata, case):
    """t = 0 leaves w = 0 at any price: lam = inf"""
    X, y = case
    assert_close(kata.ridge_constrained(X, y, 0.0), (np.zeros(X.shape[1]), np.inf))


def test_nothing_to_learn(kata):
    """for y = 0, and for X = 0, w = 0 is the least-squares solution: it fits every ball, and lam = 0"""
    X, zeros = np.array([[1.0, 2.0], [3.0, 5.0], [0.0, 1.0]]), (np.zeros(2), 0.0)
    for t in (0.0, 1.0):
        assert_close(kata.ridge_constrained(X, np.zeros(3), t), zeros)
        assert_close(kata.ridge_constrained(np.zeros((3, 2)), np.ones(3), t), zeros)
    assert_close(kata.ridge(np.zeros((3, 2)), np.ones(3), 0.0), np.zeros(2))
    assert_close(kata.effective_dof(np.zeros((3, 2)), 0.0), 0.0)


@pytest.mark.parametrize("scale", [1e-5, 1e6])
@pytest.mark.parametrize("fraction", [1e-7, 0.5, 1 - 1e-6])
def test_multipliers_of_any_size(kata, rng, scale, fraction):
    """X times 1e6 makes lam 1e12 times larger; so does a ball that is nearly nothing"""
    X, y = data(rng, 6, 4, 4, smallest=0.01)
    t = fraction * np.linalg.norm(reference.ridge(scale * X, y, 0.0))
    assert_in_ball(scale * X, y, t, *kata.ridge_constrained(scale * X, y, t))


def test_any_number_of_steps(kata):
    """after 1e9 steps every direction is learnt but the one with s = 0, and no loop gets there"""
    found = kata.early_stopping_filter(np.array([0.0, 0.5, 1.0, 1.3]), 1.0, 10**9)
    assert_close(found, np.array([0.0, 1.0, 1.0, 1.0]))


def test_negative_sizes_are_refused(kata):
    """lam < 0 and t < 0 have no meaning: ValueError"""
    X, y = np.array([[1.0, 2.0], [3.0, 5.0], [0.0, 1.0]]), np.ones(3)
    for call in (
        lambda: kata.ridge(X, y, -1e-3),
        lambda: kata.effective_dof(X, -1e-3),
        lambda: kata.ridge_constrained(X, y, -1e-3),
    ):
        with pytest.raises(ValueError):
            call()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_any_memory_layout(kata, rng, layout):
    X, y = laid_out(layout, data(rng, 6, 4, 4))
    assert_agrees(kata.ridge, reference.ridge, X, y, 0.3, floor=1.0)
    assert_agrees(kata.effective_dof, reference.effective_dof, X, 0.3, floor=1.0)
    assert_in_ball(X, y, 0.2, *kata.ridge_constrained(X, y, 0.2))
