import itertools
import math

import numpy as np
import pytest

from dojo.testing import LAYOUTS, assert_agrees, assert_close, assert_same, assert_within, golden, laid_out
from reference.optimization import saddle_points as reference


def symmetric(rng, eigenvalues):
    """A symmetric matrix with these eigenvalues, in a random basis."""
    Q = np.linalg.qr(rng.standard_normal((len(eigenvalues), len(eigenvalues))))[0]
    H = Q * np.asarray(eigenvalues, dtype=float) @ Q.T
    return (H + H.T) / 2


# --- by hand ---


def test_kinds_by_hand(kata):
    """x² + y² has a minimum, -x² - y² a maximum, x² - y² and xy a saddle, x² + y⁴ a degenerate point"""
    assert_same(kata.classify_critical_point(np.diag([2.0, 2.0])), "minimum")
    assert_same(kata.classify_critical_point(np.diag([-2.0, -2.0])), "maximum")
    assert_same(kata.classify_critical_point(np.diag([2.0, -2.0])), "saddle")
    assert_same(kata.classify_critical_point(np.array([[0.0, 1.0], [1.0, 0.0]])), "saddle")
    assert_same(kata.classify_critical_point(np.diag([2.0, 0.0])), "degenerate")


def test_index_by_hand(kata):
    """how many eigenvalues are negative: of diag(3, -1, 0, -2) two, of [[0, 1], [1, 0]] one"""
    assert_same(kata.morse_index(np.diag([3.0, -1.0, 0.0, -2.0])), 2)
    assert_same(kata.morse_index(np.array([[0.0, 1.0], [1.0, 0.0]])), 1)
    assert_same(kata.morse_index(np.diag([3.0, 1.0])), 0)


def test_step_by_hand(kata):
    """H = diag(2, -4), g = (2, 2): downhill by 1 along x and by 1/2 along y"""
    assert_close(kata.saddle_free_newton_step(np.array([2.0, 2.0]), np.diag([2.0, -4.0])), np.array([-1.0, -0.5]))


def test_coupled_step_by_hand(kata):
    """H = [[0, 2], [2, 0]] has the eigenvalues ±2, so |H| = 2 I: p = -g/2"""
    found = kata.saddle_free_newton_step(np.array([3.0, -1.0]), np.array([[0.0, 2.0], [2.0, 0.0]]))
    assert_close(found, np.array([-1.5, 0.5]), scale=2.0)


def test_damping_by_hand(kata):
    """|H| + I = diag(3, 5), not |H + I| = diag(3, 3)"""
    found = kata.saddle_free_newton_step(np.array([3.0, 10.0]), np.diag([2.0, -4.0]), 1.0)
    assert_close(found, np.array([-1.0, -2.0]))


def test_escape_by_hand(kata):
    """λ = -2, lr = 1/2: the distance doubles; 0.3, 0.6, 1.2 takes two steps, and from 0.09 four"""
    assert_same(kata.escape_time(-2.0, 0.3, 0.5), 2)
    assert_same(kata.escape_time(-2.0, 0.09, 0.5), 4)
    assert_same(kata.escape_time(-1.0, 0.3, 2.0), 2)  # three times as far each step


# --- points ---


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_every_pattern_of_signs(kata, rng, n):
    """all positive: minimum; all negative: maximum; both: saddle; in every dimension and basis, with the index"""
    for signs in itertools.product([-1, 1], repeat=n):
        H = symmetric(rng, signs * rng.uniform(0.1, 2.0, n))
        index = signs.count(-1)
        kind = "minimum" if index == 0 else "maximum" if index == n else "saddle"
        assert_same(kata.classify_critical_point(H), kind)
        assert_same(kata.morse_index(H), index)


DEGENERATE = {
    "one flat direction": [3.0, 1.0, 0.0],
    "a trough upside down": [-3.0, -1.0, 0.0],
    "up, down and flat": [1.0, -1.0, 0.0],
    "nearly flat upwards": [1.0, 2.0, 1e-10],
    "nearly flat downwards": [1.0, 2.0, -1e-10],
    "two flat directions": [-5.0, 0.0, 0.0],
}


@pytest.mark.parametrize("name", DEGENERATE)
def test_degenerate_points_are_reported(kata, rng, name):
    """an eigenvalue that is 0 to rounding, in any basis: H does not tell what kind of point it is"""
    eigenvalues = DEGENERATE[name]
    H = symmetric(rng, eigenvalues)
    assert_same(kata.classify_critical_point(H), "degenerate")
    assert_same(kata.morse_index(H), sum(value < -1e-9 for value in eigenvalues))


def test_monkey_saddle(kata):
    """x³ - 3 x y² has H = 0 at 0: degenerate, and no negative eigenvalue"""
    assert_same(kata.classify_critical_point(np.zeros((2, 2))), "degenerate")
    assert_same(kata.morse_index(np.zeros((2, 2))), 0)
    assert_same(kata.classify_critical_point(np.zeros((1, 1))), "degenerate")


@pytest.mark.parametrize("scale", [1e-12, 1e-100, 1e12])
def test_units_do_not_matter(kata, rng, scale):
    """f in other units has the same kinds of points: rtol is relative to the largest |λ|"""
    for eigenvalues, kind in (([1.0, -1.0], "saddle"), ([1.0, 3.0], "minimum"), ([-1.0, -2.0], "maximum")):
        H = symmetric(rng, eigenvalues)
        assert_same(kata.classify_critical_point(scale * H), kind)
        assert_same(kata.morse_index(scale * H), kata.morse_index(H))
    assert_same(kata.classify_critical_point(scale * np.diag([1.0, 1e-9])), "degenerate")


def test_rtol(kata):
    """|λ| <= rtol max |λ| counts as 0, equality included; the largest |λ| may be that of a negative λ"""
    for H, rtol, kind, index in (
        (np.diag([1.0, 1e-6]), 1e-8, "minimum", 0),
        (np.diag([1.0, 1e-6]), 1e-4, "degenerate", 0),
        (np.diag([1.0, -1e-6]), 1e-4, "degenerate", 0),
        (np.diag([1.0, -1e-6]), 1e-8, "saddle", 1),
        (np.diag([1.0, -1e-9]), 1e-10, "saddle", 1),
        (np.diag([-1.0, 1e-6]), 1e-4, "degenerate", 1),
        (np.diag([-1.0, 1e-6]), 1e-8, "saddle", 1),
        (np.diag([-8.0, 2.0]), 0.25, "degenerate", 1),
        (np.diag([8.0, -2.0]), 0.25, "degenerate", 0),
        (np.diag([8.0, -2.0]), 0.2, "saddle", 1),
        (np.diag([1.0] * 8 + [0.2]), 0.1, "minimum", 0),  # the largest |λ|, not the norm of all of them
        (np.diag([-1.0] * 8 + [-0.2]), 0.1, "maximum", 9),
    ):
        assert_same(kata.classify_critical_point(H, rtol), kind)
        assert_same(kata.morse_index(H, rtol), index)


def test_himmelblau(kata):
    """(x² + y - 11)² + (x + y² - 7)² has four minima, four saddles and one maximum"""
    data = golden(reference)
    assert_same(len(data["points"]), 9)
    for point, kind in zip(data["points"], data["kinds"], strict=True):
        H = reference.himmelblau(*point)
        assert_same(kata.classify_critical_point(H), kind)
        assert_same(kata.morse_index(H), {"minimum": 0, "saddle": 1, "maximum": 2}[kind])


def test_points_agree_with_sylvester(kata, fresh_rng):
    """the inertia of H = L D Lᵀ is that of D, no eigenvalue needed: random H, with zeros among the eigenvalues"""
    for n in (2, 3, 5, 8):
        H = symmetric(fresh_rng, fresh_rng.choice([-1.0, 0.0, 1.0, 2.0], n, p=[0.3, 0.1, 0.3, 0.3]))
        assert_same(kata.classify_critical_point(H), reference.kind(H))
        assert_same(kata.morse_index(H), reference.inertia(H)[0])


# --- steps ---


def test_a_saddle_repels_the_step(kata):
    """f = (x² - y²)/2 from (1, -0.1): Newton's step ends in the saddle at 0, this one doubles the distance along y"""
    x = np.array([1.0, -0.1])
    H = np.diag([1.0, -1.0])
    assert_close(x + kata.saddle_free_newton_step(H @ x, H), np.array([0.0, -0.2]), scale=1.0)
    assert_close(x + kata.saddle_free_newton_step(H @ x, H, 1.0), np.array([0.5, -0.15]), scale=1.0)


def test_both_signs_of_f(kata, rng):
    """|H| = |-H|; it is H where H is positive definite, and the step is Newton's"""
    g, H = rng.standard_normal(3), symmetric(rng, [1.0, 2.0, 5.0])
    newton = -np.linalg.solve(H, g)
    assert_close(kata.saddle_free_newton_step(g, H), newton, scale=10.0)
    assert_close(kata.saddle_free_newton_step(g, -H), newton, scale=10.0)


@pytest.mark.parametrize("eigenvalues", [[-3.0], [2.0, -1.0], [1.0, -1.0, 4.0], [-1.0, -0.2, 0.1, 5.0, -7.0]], ids=len)
@pytest.mark.parametrize("damping", [0.0, 0.3])
def test_step_agrees_with_the_polar_factor(kata, rng, eigenvalues, damping):
    """(|H| + damping I) p = -g, where |H| is the positive factor of H = U |H|"""
    g, H = rng.standard_normal(len(eigenvalues)), symmetric(rng, eigenvalues)
    size = float(np.abs(g).sum())
    assert_agrees(kata.saddle_free_newton_step, reference.saddle_free_newton_step, g, H, damping, floor=100 * size)
    assert_same(bool(g @ kata.saddle_free_newton_step(g, H, damping) < 0), True)


def test_units_of_f_cancel(kata, rng):
    """g and H may both be scaled; H alone shortens the step"""
    g, H = rng.standard_normal(3), symmetric(rng, [1.0, -2.0, 5.0])
    p = kata.saddle_free_newton_step(g, H)
    for scale in (2.0**-60, 2.0**60):
        assert_close(kata.saddle_free_newton_step(scale * g, scale * H), p, scale=10.0)
        assert_close(kata.saddle_free_newton_step(g, scale * H), p / scale, scale=10.0 / scale)


def test_much_damping_is_gradient_descent(kata, rng):
    """damping far above ‖H‖: p -> -g/damping"""
    g, H = rng.standard_normal(4), symmetric(rng, [1.0, -2.0, 0.5, -0.1])
    assert_within(kata.saddle_free_newton_step(g, H, 1e9) + g / 1e9, 1e-16, "p + g/damping")


def test_no_gradient_no_step(kata, rng):
    """p = 0 where g = 0, at a saddle too"""
    assert_close(kata.saddle_free_newton_step(np.zeros(3), symmetric(rng, [1.0, -1.0, 2.0])), np.zeros(3))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_any_memory_layout(kata, rng, layout):
    """the same step and the same kind, however the numbers lie in memory"""
    g, H = laid_out(layout, (rng.standard_normal(4), symmetric(rng, [1.0, -2.0, 3.0, -0.5])))
    assert_agrees(kata.saddle_free_newton_step, reference.saddle_free_newton_step, g, H, 0.1, floor=20.0)
    assert_same(kata.classify_critical_point(H), "saddle")


# --- escape ---


def test_escape_of_descent_on_a_saddle(kata):
    """gradient descent on (x² - y²)/2 from (1, 1e-8) with lr = 0.1 has |y| >= 1 after 194 steps"""
    assert_same(kata.escape_time(-1.0, 1e-8, 0.1), 194)


@pytest.mark.parametrize(
    ("lam_neg", "delta", "lr"),
    [
        (-1.0, 1e-8, 0.1),
        (-1.0, 1e-3, 0.01),
        (-5.0, 1e-12, 0.3),
        (-0.02, 0.1, 0.5),
        (-3.0, 0.9, 0.01),
        (-40.0, 1e-200, 1.0),
    ],
)
def test_escape_agrees_with_counting(kata, lam_neg, delta, lr):
    """as many steps as gradient descent takes, one after the other, in 50 digits"""
    assert_same(kata.escape_time(lam_neg, delta, lr), reference.escape_time(lam_neg, delta, lr))


@pytest.mark.parametrize("rate", [1e-6, 1e-9])
def test_escape_from_a_nearly_flat_saddle(kata, rate):
    """lr |λ| = 1e-9 takes t = 5 billion steps: log(1 + 1e-9) needs its digits, and nobody counts that far"""
    for delta in (0.01, 0.0071):
        assert_same(
            kata.escape_time(-rate / 0.1, delta, 0.1), math.ceil(reference.long_escape_time(-rate / 0.1, delta, 0.1))
        )


def test_outside_already(kata):
    """delta >= 1: no step is needed, and no negative number of them"""
    for delta in (1.0, 1.5, 1e6):
        assert_same(kata.escape_time(-1.0, delta, 0.1), 0)


# --- nasty inputs ---


def test_singular_hessian_needs_damping(kata):
    """an eigenvalue 0, or 1e-17 beside 1, and damping 0: ValueError; with damping > 0 there is a step"""
    g, H = np.array([1.0, -2.0]), np.diag([2.0, 0.0])
    for singular in (H, np.diag([0.0, -2.0]), np.diag([1.0, 1e-17]), np.zeros((2, 2))):
        with pytest.raises(ValueError):
            kata.saddle_free_newton_step(g, singular)
    assert_close(kata.saddle_free_newton_step(g, H, 0.5), np.array([-0.4, 4.0]))
    assert_close(kata.saddle_free_newton_step(g, np.zeros((2, 2)), 0.5), np.array([-2.0, 4.0]))


def test_small_eigenvalues_are_not_singular(kata):
    """1e-10 beside 1 is invertible: a long step, no error, and no floor under |λ|"""
    found = kata.saddle_free_newton_step(np.array([1.0, 1.0]), np.diag([1.0, -1e-10]))
    assert_within(found / np.array([-1.0, -1e10]) - 1, 1e-4, "p / (-1, -1e10) - 1")
    found = kata.saddle_free_newton_step(np.array([1.0, 1.0]), np.diag([1e-20, -1e-20]))
    assert_close(found, np.array([-1e20, -1e20]))


@pytest.mark.parametrize("delta", [0.0, -1e-8])
def test_on_the_stable_manifold(kata, delta):
    """from delta = 0 gradient descent converges to the saddle; a distance is not negative: ValueError"""
    with pytest.raises(ValueError):
        kata.escape_time(-1.0, delta, 0.1)


def test_small_curvature_is_curvature(kata):
    """eigenvalues 1 and 2⁻⁴⁵: far above 1e-15 of the largest, so a step without damping is taken"""
    H, g = np.diag([1.0, 2.0**-45]), np.array([1.0, 2.0**-45])
    assert_close(kata.saddle_free_newton_step(g, H), np.array([-1.0, -1.0]), ulps=2.0**10)


def test_a_little_short_of_the_edge(kata):
    """three doublings from just below 1/8 end below 1, a fourth is needed; from just above, three are enough"""
    assert_same(kata.escape_time(-2.0, 0.125 * (1 - 2.0**-36), 0.5), 4)
    assert_same(kata.escape_time(-2.0, 0.125 * (1 + 2.0**-36), 0.5), 3)


def test_rtol_is_relative_to_an_eigenvalue_not_an_entry_or_a_norm(kata):
    """[[5, 4], [4, 5]] has 9 and 1, largest entry 5; [[1, 2], [2, -2]] has 2 and -3, largest row sum 4"""
    H = np.array([[5.0, 4.0], [4.0, 5.0]])
    assert_same(kata.classify_critical_point(H, 0.125), "degenerate")
    assert_same(kata.morse_index(-H, 0.125), 1)
    H = np.array([[1.0, 2.0], [2.0, -2.0]])
    assert_same(kata.classify_critical_point(H, 0.6), "saddle")
    assert_same(kata.morse_index(-H, 0.6), 1)


def test_rtol_zero(kata):
    """rtol = 0: only 0 counts as 0"""
    assert_same(kata.classify_critical_point(np.diag([1.0, 1e-13]), 0.0), "minimum")
    assert_same(kata.morse_index(np.diag([1.0, -1e-13]), 0.0), 1)
    assert_same(kata.classify_critical_point(np.diag([1.0, 0.0]), 0.0), "degenerate")


def test_any_damping_is_enough(kata):
    """H = diag(2, 0), damping = 2⁻⁴³, 1e-13: small, but not 0, so there is a step"""
    found = kata.saddle_free_newton_step(np.array([1.0, -(2.0**-43)]), np.diag([2.0, 0.0]), 2.0**-43)
    assert_close(found, np.array([-0.5, 1.0]), ulps=2.0**10)
