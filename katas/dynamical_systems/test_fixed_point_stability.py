import numpy as np
import pytest

from dojo.testing import LAYOUTS, assert_same, assert_within, laid_out
from reference.dynamical_systems import fixed_point_stability as reference

KINDS = {
    "stable node": [[-1.0, 0.0], [0.0, -3.0]],
    "unstable node": [[2.0, 1.0], [0.0, 5.0]],
    "stable spiral": [[-1.0, -2.0], [2.0, -1.0]],
    "unstable spiral": [[1.0, -5.0], [3.0, 0.5]],
    "saddle": [[1.0, 4.0], [0.0, -2.0]],
    "center": [[1.0, -2.0], [1.0, -1.0]],
    "degenerate": [[1.0, 2.0], [2.0, 4.0]],
}


def turn(angle):
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, -s], [s, c]])


# --- by hand: flows ---


@pytest.mark.parametrize("kind", KINDS)
def test_one_of_each_kind(kata, kind):
    """trace, determinant and discriminant, small enough to work out"""
    assert_same(kata.classify_flow(np.array(KINDS[kind])), kind)


@pytest.mark.parametrize(("a", "b"), [(1.0, -2.0), (-2.0, 1.0), (0.1, -0.2), (-0.2, 0.1)])
def test_eigenvalues_of_either_sign_are_a_saddle(kata, a, b):
    """Δ < 0: whatever the sign of the trace"""
    assert_same(kata.classify_flow(np.array([[a, 3.0], [0.0, b]])), "saddle")
    assert_same(kata.classify_flow(np.array([[0.0, a], [-b, 0.0]])), "saddle")


@pytest.mark.parametrize("rate", [-2.0, 3.0])
def test_a_repeated_eigenvalue_is_degenerate(kata, rate):
    """a star (every direction an eigenvector) and a degenerate node (only one)"""
    assert_same(kata.classify_flow(np.array([[rate, 0.0], [0.0, rate]])), "degenerate")
    assert_same(kata.classify_flow(np.array([[rate, 1.0], [0.0, rate]])), "degenerate")
    U = turn(0.7)
    assert_same(kata.classify_flow(U @ np.array([[rate, 1.0], [0.0, rate]]) @ U.T), "degenerate")


@pytest.mark.parametrize("other", [-1.0, 0.0, 2.0])
def test_a_zero_eigenvalue_is_degenerate(kata, other):
    """Δ = 0: a line of fixed points, or everything at rest, also after a turn"""
    J = np.array([[other, 0.0], [0.0, 0.0]])
    assert_same(kata.classify_flow(J), "degenerate")
    assert_same(kata.classify_flow(turn(0.3) @ J @ turn(0.3).T), "degenerate")


def test_nilpotent_is_degenerate(kata):
    """both eigenvalues are 0, and J is not: zero trace makes no center"""
    assert_same(kata.classify_flow(np.array([[0.0, 1.0], [0.0, 0.0]])), "degenerate")


@pytest.mark.parametrize(
    ("trace", "want"),
    [(1e-12, "center"), (-1e-12, "center"), (1e-6, "unstable spiral"), (-1e-6, "stable spiral")],
)
def test_a_small_trace(kata, trace, want):
    """|τ| <= 1e-9 s is rounding; a trace of 1e-6 makes a slow spiral, and no center"""
    assert_same(kata.classify_flow(np.array([[0.0, -1.0], [1.0, trace]])), want)


def test_tol_moves_the_borders(kata):
    """each of the three comparisons is with tol"""
    slow = np.array([[0.0, -1.0], [1.0, -0.01]])
    assert_same(kata.classify_flow(slow), "stable spiral")
    assert_same(kata.classify_flow(slow, 0.1), "center")
    nearly_star = np.array([[1.0, 0.0], [0.0, 1.1]])  # D = 0.01, s² = 1.21
    assert_same(kata.classify_flow(nearly_star), "unstable node")
    assert_same(kata.classify_flow(nearly_star, 0.012), "degenerate")
    assert_same(kata.classify_flow(nearly_star, tol=0.006), "unstable node")
    flat = np.array([[-1.0, 0.0], [0.0, 0.01]])
    assert_same(kata.classify_flow(flat), "saddle")
    assert_same(kata.classify_flow(flat, 0.1), "degenerate")
    assert_same(kata.classify_flow(flat, 0.005), "saddle")


def test_just_tol_counts_as_zero(kata):
    """|Δ| = tol s², |τ| = tol s, |D| = tol s², in numbers without rounding; J = 0 at tol = 0 too"""
    assert_same(kata.classify_flow(np.array([[2.0, 0.0], [0.0, -0.5]]), 0.25), "degenerate")
    assert_same(kata.classify_flow(np.array([[0.0, -2.0], [2.0, 0.5]]), 0.25), "center")
    assert_same(kata.classify_flow(np.array([[2.0, 0.0], [0.0, 1.0]]), 0.25), "degenerate")
    assert_same(kata.classify_flow(np.zeros((2, 2)), 0.0), "degenerate")


def test_an_eigenvalue_near_zero_comes_first(kata):
    """Δ = 5e-10 and τ = 0: degenerate, since the lines are read from the top"""
    assert_same(kata.classify_flow(np.array([[0.0, 1.0], [-5e-10, 0.0]])), "degenerate")


def test_the_size_is_that_of_the_largest_entry(kata):
    """Δ = 1.5e-9 is more than tol s² with s = 1; the matrix norm would be 2"""
    assert_same(kata.classify_flow(np.array([[1.0, 1.0], [1.0, 1.0 + 1.5e-9]])), "unstable node")


# --- by hand: maps ---


@pytest.mark.parametrize(
    ("factor", "want"),
    [(0.0, True), (0.9, True), (-0.9, True), (1.0, False), (-1.0, False), (1.1, False), (-3.0, False)],
)
def test_a_map_in_one_dimension(kata, factor, want):
    """δx ← a δx dies out iff |a| < 1: a = -3 grows, although it is negative"""
    assert_same(kata.is_stable_map(np.array([[factor]])), want)


def test_a_map_turns(kata):
    """0.9 (cos 2, ± sin 2) has modulus 0.9, and 1.1 has not, whatever the real parts"""
    for angle in (0.1, 1.0, 2.0, 3.0):
        assert_same(kata.is_stable_map(0.9 * turn(angle)), True)
        assert_same(kata.is_stable_map(1.1 * turn(angle)), False)


def test_a_map_may_grow_before_it_dies_out(kata):
    """the norm says nothing: 1/2, 1/2 are the eigenvalues, 100 is the other entry"""
    assert_same(kata.is_stable_map(np.array([[0.5, 100.0], [0.0, 0.5]])), True)
    assert_same(kata.is_stable_map(np.array([[0.5, 100.0, 0.0], [0.0, 0.5, 0.0], [3.0, 0.0, 1.5]])), False)


def test_a_map_may_take_very_long_to_die_out(kata):
    """0.9999^1000 is still 0.9, and beside it an entry of 10 has grown: stable all the same"""
    assert_same(kata.is_stable_map(np.array([[1 - 2.0**-20]])), True)
    assert_same(kata.is_stable_map(np.array([[0.99, 10.0], [0.0, 0.9999]])), True)
    assert_same(kata.is_stable_map(np.array([[1 + 2.0**-20]])), False)


def test_every_eigenvalue_counts(kata):
    """one of three outside the circle is enough, and one on it too"""
    assert_same(kata.is_stable_map(np.diag([0.1, 0.2, -1.2])), False)
    assert_same(kata.is_stable_map(np.diag([-0.5, 1.0, 0.3])), False)
    assert_same(kata.is_stable_map(np.diag([-0.5, 0.99, 0.3])), True)
    assert_same(kata.is_stable_map(np.diag([5.0, 0.1])), False)  # the determinant is 1/2


# --- by hand: fixed points ---


@pytest.mark.parametrize(("start", "want"), [(3.0, 2.0), (-1.0, -2.0)])
def test_a_square_root(kata, start, want):
    """x² - 4 = 0: it is a root of f that is wanted, not f(x) = x"""
    assert_within(kata.find_fixed_point(lambda x: x**2 - 4, np.array([start])) - want, 1e-10, "x - root")


def test_a_linear_flow(kata):
    """A x = b, with an A that is not symmetric; from far away"""
    A, b = np.array([[1.0, 2.0, 0.0], [0.0, 1.0, 3.0], [1.0, 0.0, 1.0]]), np.array([5.0, 11.0, 4.0])
    x = kata.find_fixed_point(lambda x: A @ x - b, np.array([50.0, -20.0, 7.0]), tol=1e-11)
    assert_within(x - np.array([1.0, 2.0, 3.0]), 1e-9, "x - (1, 2, 3)")


def test_a_start_at_rest_stays(kata):
    """f(x0) = 0: x0 comes back, also if no step is allowed and the Jacobian is singular"""
    assert_same(kata.find_fixed_point(lambda x: x**2, np.zeros(2)), np.zeros(2))
    assert_same(kata.find_fixed_point(lambda x: x - 1, np.ones(3), max_iter=0), np.ones(3))


def test_tol_bounds_the_largest_part_of_f(kata):
    """a start with |f| <= tol is returned as it is, and one where a single part is larger is not"""
    assert_same(kata.find_fixed_point(lambda x: x, np.array([0.1, -0.1]), tol=0.125), np.array([0.1, -0.1]))
    assert_same(kata.find_fixed_point(lambda x: x, np.array([0.125]), tol=0.125), np.array([0.125]))
    for start in ([0.1, -0.2], [-0.2, 0.1]):
        x = kata.find_fixed_point(lambda x: x, np.array(start), 0.125)
        assert_within(x, 1e-9, "x")


def test_a_small_step_is_no_fixed_point(kata):
    """1e8 (x² - 2) is 4e-8 at the floats next to √2, which no step leaves: RuntimeError, for tol is 1e-12"""
    with pytest.raises(RuntimeError):
        kata.find_fixed_point(lambda x: 1e8 * (x**2 - 2), np.array([3.0]))


def test_every_part_of_f_is_within_tol(kata):
    """the largest part, neither their mean nor a tenth of it, at the start and after the last step"""
    x = kata.find_fixed_point(lambda x: x, np.array([0.0, 1.5e-12]))
    assert_within(x, 1e-12, "x")
    with pytest.raises(RuntimeError):
        kata.find_fixed_point(lambda x: x, np.array([5e-12]), max_iter=0)


def test_differences_are_central(kata):
    """f is asked at x - h as often as at x + h"""
    asked = []
    kata.find_fixed_point(lambda x: asked.append(x[0]) or x**2 - 4, np.array([3.0]))
    beside = [x - 3.0 for x in asked if 0 < abs(x - 3.0) < 0.1]
    assert_within(sum(beside), 1e-12, "sum of the steps")
    assert beside


def test_no_fixed_point_is_an_error(kata):
    """x² + 1 has no root: RuntimeError, and not the last point"""
    with pytest.raises(RuntimeError):
        kata.find_fixed_point(lambda x: x**2 + 1, np.array([0.7]))


def test_no_step_allowed_is_none_taken(kata):
    """max_iter = 0: only x0 is looked at, however near the root is"""
    with pytest.raises(RuntimeError):
        kata.find_fixed_point(lambda x: 2 * x - 1, np.array([3.0]), 1e-6, 0)


def test_too_few_steps_are_an_error(kata):
    """x³ = 0 from 1: each Newton step takes a third away, so 5 steps are not enough; 100 are"""
    with pytest.raises(RuntimeError):
        kata.find_fixed_point(lambda x: x**3, np.ones(1), max_iter=5)
    assert_within(kata.find_fixed_point(lambda x: x**3, np.ones(1)), 1.01e-4, "x")


def test_the_last_step_counts(kata):
    """a linear f with one step allowed: what that step reaches is looked at"""
    x = kata.find_fixed_point(lambda x: 2 * x - 1, np.array([3.0]), 1e-6, 1)
    assert_within(x - 0.5, 1e-6, "x - 1/2")
    with pytest.raises(RuntimeError):  # here x gets there, and y does not
        kata.find_fixed_point(lambda x: np.array([2 * x[0] - 1, x[1] ** 3]), np.array([3.0, 1.0]), 1e-6, 1)


@pytest.mark.parametrize("start", [[0.0], [0.0, 0.0]])
def test_a_singular_start(kata, start):
    """f' = 0 at the start has no Newton step: RuntimeError, or a root by another way, but nothing else"""
    try:
        x = kata.find_fixed_point(lambda x: x**2 - 1, np.array(start))
    except RuntimeError:
        return
    assert_within(x**2 - 1, 1e-12, "f(x)")


def test_nan_is_never_a_fixed_point(kata):
    """f is NaN beyond 0, where the first step leads: RuntimeError"""
    with pytest.raises(RuntimeError):
        kata.find_fixed_point(lambda x: np.where(x > 0, np.sqrt(np.abs(x)) + 1, np.nan), np.array([1.0]))


# --- laws ---


@pytest.mark.parametrize("point", reference.RABBITS)
def test_rabbits_and_sheep(kata, point):
    """each of the four fixed points is found from nearby, and is what Strogatz, sec. 6.4, says it is"""
    want = np.array(point)
    x = kata.find_fixed_point(reference.rabbits_and_sheep, want + np.array([0.1, -0.07]))
    assert_within(x - want, 1e-10, "x - fixed point")
    assert_same(kata.classify_flow(reference.rabbits_jacobian(want)), reference.RABBITS[point])


@pytest.mark.parametrize("scale", [1e-8, 1e-3, 1e10])
def test_the_kind_does_not_depend_on_the_unit_of_time(kata, scale):
    """J and c J are of the same kind"""
    for kind, J in KINDS.items():
        assert_same(kata.classify_flow(scale * np.array(J)), kind)
    near = {"saddle": [[-1.0, 0.0], [0.0, 1e-6]], "unstable node": [[1.0, 0.0], [0.0, 1.001]]}
    for kind, J in near.items():
        assert_same(kata.classify_flow(scale * np.array(J)), kind)
    weak = {"stable spiral": [[0.0, 1.0], [-1.0, -1e-3]], "center": [[0.0, 1.0], [-1.0, 5e-10]]}
    for kind, J in weak.items():
        assert_same(kata.classify_flow(scale * np.array(J)), kind)
    for J in ([[1.0, 1.0], [1.0, 1.0 + 1e-11]], [[-1.0, 0.0], [0.0, -1.0 - 1e-6]]):
        assert_same(kata.classify_flow(scale * np.array(J)), "degenerate")


def test_time_turned_round(kata, rng):
    """-J: stable and unstable change places, a saddle and a center remain"""
    for kind, J in KINDS.items():
        swapped = kind[2:] if kind.startswith("un") else kind.replace("stable", "unstable")
        assert_same(kata.classify_flow(-np.array(J)), swapped)


def test_gradient_descent_is_stable_up_to_two_over_the_curvature(kata):
    """θ ← θ - lr H θ has the Jacobian I - lr H: stable iff lr < 2 / λ_max"""
    H = turn(0.4) @ np.diag([0.5, 4.0]) @ turn(0.4).T
    for lr, want in ((0.01, True), (0.49, True), (0.51, False)):
        assert_same(kata.is_stable_map(np.eye(2) - lr * H), want)


# --- the oracle ---


def test_classify_agrees_with_the_eigenvalues(kata, rng):
    """forty random matrices, a fair share of each kind"""
    for _ in range(40):
        J = rng.standard_normal((2, 2))
        if want := reference.classify(J):
            assert_same(kata.classify_flow(J), want)


@pytest.mark.parametrize("n", [1, 2, 3, 6])
def test_stability_of_a_map_agrees_with_its_powers(kata, rng, n):
    """stable iff J^t → 0, with the spectral radius a little below and a little above 1"""
    for _ in range(3):
        J = rng.standard_normal((n, n))
        J /= np.abs(np.linalg.eigvals(J)).max()
        for radius in (0.2, 0.97, 1.03):
            assert_same(kata.is_stable_map(radius * J), reference.dies_out(radius * J))


@pytest.mark.parametrize("n", [1, 3, 8])
def test_attractor_of_a_network(kata, fresh_rng, n):
    """x' = -x + W tanh(x) + b with ‖W‖ < 1 rests where x ← W tanh(x) + b ends"""
    W, b = fresh_rng.standard_normal((n, n)), fresh_rng.standard_normal(n)
    W *= 0.8 / np.linalg.norm(W, 2)
    x = kata.find_fixed_point(lambda x: -x + W @ np.tanh(x) + b, np.zeros(n))
    assert_within(x - reference.attractor(W, b), 1e-10, "x - attractor")


# --- nasty inputs ---


def test_variables_of_different_size(kata):
    """1e12 and 1e-3 in one system: a step of 1e-5 in the first would be lost in rounding"""

    def f(x):
        return np.array([(x[0] / 1e12) ** 2 - x[1] * 1e3, x[0] / 1e12 + x[1] * 1e3 - 2])

    start, root = np.array([1.3e12, 0.8e-3]), np.array([1e12, 1e-3])
    assert_within(kata.find_fixed_point(f, start, tol=1e-11) / root - 1, 1e-9, "x / root - 1")
    turned = kata.find_fixed_point(lambda x: f(-x), -start, tol=1e-11)
    assert_within(turned / -root - 1, 1e-9, "x / root - 1, for a negative root")
    x = kata.find_fixed_point(lambda x: np.array([x[0] - 1e8, np.exp(x[1]) - 2]), np.array([1e8, 0.0]))
    assert_within(x - np.array([1e8, np.log(2)]), 1e-12, "x - root")  # 600 for a step of x_1 is too far


@pytest.mark.parametrize("layout", LAYOUTS)
def test_any_memory_layout(kata, layout):
    J = laid_out(layout, np.array([[1.0, -5.0], [3.0, 0.5]]))
    assert_same(kata.classify_flow(J), "unstable spiral")
    assert_same(kata.is_stable_map(laid_out(layout, np.array([[0.5, 9.0], [0.0, 0.5]]))), True)
    x = kata.find_fixed_point(reference.rabbits_and_sheep, laid_out(layout, np.array([1.1, 0.95])))
    assert_within(x - 1, 1e-10, "x - (1, 1)")
