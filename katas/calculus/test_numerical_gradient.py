import numpy as np
import pytest

from dojo.testing import LAYOUTS, assert_agrees, assert_close, assert_same, assert_within, golden, laid_out
from reference.calculus import numerical_gradient as reference


def cube(x):
    """x³: its central difference is 3x² + h², its complex step 3x² - h², both exactly."""
    return x[0] ** 3


def saddle(x):
    """x y² + 3 z: each variable has another part in it."""
    return x[0] * x[1] ** 2 + 3 * x[2]


def saddle_gradient(x):
    return np.array([x[1] ** 2, 2 * x[0] * x[1], 3.0])


@pytest.fixture(params=reference.PROBLEMS)
def problem(request):
    """(f, gradient of f by hand)"""
    return reference.PROBLEMS[request.param]


class Noted:
    """A function that keeps the points it was called with."""

    def __init__(self, f):
        self.f, self.points = f, []

    def __call__(self, x):
        self.points.append(np.array(x))
        return self.f(x)


# --- by hand ---


def test_central_difference_of_a_cube(kata):
    """((x+h)³ - (x-h)³) / 2h = 3x² + h²: with h = 1/2 that is 3.25 at 1, and 48.25 at 4"""
    assert_close(kata.central_difference(cube, np.array([1.0]), 0.5), np.array([3.25]))
    assert_close(kata.central_difference(cube, np.array([4.0]), h=0.5), np.array([48.25]))


def test_complex_step_of_a_cube(kata):
    """Im (x + ih)³ / h = 3x² - h²: with h = 1/2 that is 2.75 at 1, and 47.75 at 4"""
    assert_close(kata.complex_step(cube, np.array([1.0]), 0.5), np.array([2.75]))
    assert_close(kata.complex_step(cube, np.array([4.0]), h=0.5), np.array([47.75]))


def test_the_steps_if_none_is_given(kata):
    """x³ at 0 shows the step: h² = 1e-10 for the central difference, -h² = -1e-60 for the complex step"""
    assert_close(kata.central_difference(cube, np.zeros(1)), np.array([1e-10]))
    assert_close(kata.complex_step(cube, np.zeros(1)), np.array([-1e-60]))


def test_gradient_of_three_variables(kata):
    """∇(x y² + 3 z) = (y², 2xy, 3) is (4, 12, 3) at (3, 2, 1)"""
    x = np.array([3.0, 2.0, 1.0])
    assert_close(kata.central_difference(saddle, x, 0.25), np.array([4.0, 12.0, 3.0]))
    assert_close(kata.complex_step(saddle, x), np.array([4.0, 12.0, 3.0]))


def test_integers_do_not_swallow_the_step(kata):
    """[3, 2, 1] is the point (3.0, 2.0, 1.0): a step of 1e-5 moves it"""
    x = np.array([3, 2, 1])
    assert_close(kata.central_difference(saddle, x, 0.25), np.array([4.0, 12.0, 3.0]))
    assert_within(kata.central_difference(saddle, x) - [4, 12, 3], 1e-8, "difference - gradient")
    assert_close(kata.complex_step(saddle, x), np.array([4.0, 12.0, 3.0]))


def test_right_and_wrong_gradients_are_told_apart(kata, rng):
    """(y², 2xy, 3) passes the check, (y², xy, 3) does not"""
    x = np.array([3.0, 2.0, 1.0])
    assert_same(kata.gradient_check(saddle, saddle_gradient, x, rng), True)
    assert_same(kata.gradient_check(saddle, lambda x: np.array([x[1] ** 2, x[0] * x[1], 3.0]), x, rng), False)


# --- laws ---


def test_central_difference_is_exact_for_quadratics(kata, rng):
    """the error is h² f'''/6: xᵀA x has none, however large h"""
    A, x = rng.standard_normal((4, 4)), rng.standard_normal(4)
    got = kata.central_difference(lambda x: x @ A @ x, x, h=2.0)
    assert_close(got, (A + A.T) @ x, scale=20.0)


def test_central_difference_is_of_second_order(kata, problem, rng):
    """half the step leaves a quarter of the error"""
    f, gradient = problem
    x = rng.uniform(0.2, 1.0, 3)
    coarse, fine = (np.abs(kata.central_difference(f, x, h) - gradient(x)).max() for h in (2**-7, 2**-8))
    assert_within(coarse / fine - 4.0, 0.1, "error(h) / error(h/2) - 4")


def test_complex_step_loses_no_digits(kata, problem, rng):
    """the smaller h the better: the gradient is right to rounding at h = 1e-12, 1e-30 and 1e-200"""
    f, gradient = problem
    x = rng.standard_normal(5)
    size = 10 * np.abs(gradient(x)).max()
    for h in (1e-12, 1e-30, 1e-200):
        assert_close(kata.complex_step(f, x, h), gradient(x), scale=size)


def test_costs(kata):
    """2n calls of f for central differences, n for complex steps"""
    central, step = Noted(saddle), Noted(saddle)
    kata.central_difference(central, np.ones(3))
    kata.complex_step(step, np.ones(3))
    assert len(central.points) == 6, f"{len(central.points)} calls of f for 3 variables, 6 are wanted"
    assert len(step.points) == 3, f"{len(step.points)} calls of f for 3 variables, 3 are wanted"


def test_what_f_is_called_with(kata):
    """f takes float64 arrays of shape (n,), complex128 for the complex step, whatever the dtype of x"""
    for dtype in (np.int64, np.float32, np.float64):
        central, step = Noted(saddle), Noted(saddle)
        kata.central_difference(central, np.ones(3, dtype=dtype))
        kata.complex_step(step, np.ones(3, dtype=dtype))
        assert {(x.shape, x.dtype.name) for x in central.points} == {((3,), "float64")}
        assert {(z.shape, z.dtype.name) for z in step.points} == {((3,), "complex128")}


# --- the oracle ---


@pytest.mark.parametrize("h", [0.25, 1e-5, 1e-7])
def test_central_difference_agrees_with_the_definition(kata, problem, rng, h):
    """the same quotient in extended precision, with the same error h² f'''/6"""
    f, gradient = problem
    x = rng.standard_normal(5)
    noise = (np.abs(f(x)) + 2 * np.abs(gradient(x)).max()) / h  # what the rounding of f, and of x + h, leaves
    assert_agrees(kata.central_difference, reference.central_difference, f, x, h, floor=noise)


def test_complex_step_of_squire_and_trapp(kata):
    """d/dx exp(x)/sqrt(sin³x + cos³x) at 1.5, to the last digit (40 digits by mpmath, frozen)"""
    want = np.array([golden(reference)["squire_trapp"]])
    assert_close(kata.complex_step(reference.squire_trapp, np.array([1.5])), want)
    assert_close(kata.complex_step(reference.squire_trapp, np.array([1.5]), h=1e-8), want)


def test_central_difference_of_squire_and_trapp(kata):
    """the central difference has some ten digits at h = 1e-5"""
    got = kata.central_difference(reference.squire_trapp, np.array([1.5]))
    assert_within(got - golden(reference)["squire_trapp"], 1e-8, "difference - derivative")


def test_agrees_with_scipy(kata):
    """Rosenbrock's function at (-1.2, 1, 0.5) (scipy.optimize.rosen_der, frozen)"""
    data = golden(reference)["rosenbrock"]
    x, want = np.array(data["x"]), np.array(data["gradient"])
    assert_close(kata.complex_step(reference.rosenbrock, x), want, scale=1e3)
    assert_within(kata.central_difference(reference.rosenbrock, x) - want, 1e-5, "difference - gradient")


# --- gradients ---


def test_right_gradients_pass(kata, problem, rng):
    """the gradients by hand agree along every direction, for 2 variables and for 50"""
    f, gradient = problem
    for n in (2, 50):
        assert_same(kata.gradient_check(f, gradient, rng.standard_normal(n) / n, rng), True)


def test_a_right_gradient_passes_on_fresh_numbers(kata, problem, fresh_rng):
    f, gradient = problem
    assert_same(kata.gradient_check(f, gradient, fresh_rng.standard_normal(6), fresh_rng), True)


WRONG = {
    "one percent more": lambda g: 1.01 * g,
    "the other sign": lambda g: -g,
    "zero": lambda g: 0 * g,
    "reversed": lambda g: g[::-1].copy(),
    "one entry off": lambda g: g + np.abs(g).max() * np.eye(len(g))[1],
    "off along ones": lambda g: g + 0.01 * np.abs(g).max(),
    "off orthogonally to ones": lambda g: g + 0.01 * np.abs(g).max() * (-1.0) ** np.arange(len(g)),
}


@pytest.mark.parametrize("mistake", WRONG, ids=lambda name: name.replace(" ", "-"))
def test_wrong_gradients_fail(kata, rng, mistake):
    """a random direction is blind for no mistake"""
    for f, gradient in reference.PROBLEMS.values():
        for n in (2, 50):
            x = rng.standard_normal(n) / n
            assert_same(kata.gradient_check(f, lambda x, g=gradient: WRONG[mistake](g(x)), x, rng), False)


@pytest.mark.parametrize("size", [1e-12, 1e-6, 1e6, 1e12])
def test_the_error_is_relative(kata, rng, size):
    """f and its gradient times 1e-12 or times 1e12: the verdicts stay"""

    def verdict(mistake):
        def f(x):
            return size * reference.wave(x)

        def gradient(x):
            return size * mistake * reference.wave_gradient(x)

        return kata.gradient_check(f, gradient, np.array([0.5, 0.2, -0.3]), rng)

    assert_same(verdict(1.0), True)
    assert_same(verdict(1.001), False)


def test_tol_is_the_relative_error(kata, rng):
    """a gradient that is 0.1 % too large passes with tol = 0.01 and fails with tol = 0.0001"""

    def check(tol):
        return kata.gradient_check(lambda x: x[0] ** 2, lambda x: 2.002 * x, np.array([3.0]), rng, 5, tol)

    assert_same(check(1e-2), True)
    assert_same(check(1e-4), False)


def test_tol_if_none_is_given(kata, rng):
    """tol = 1e-6: an error of 3e-6 fails, one of 3e-7 passes"""

    def check(error):
        return kata.gradient_check(lambda x: x[0] ** 2, lambda x: 2 * (1 + error) * x, np.array([3.0]), rng)

    assert_same(check(3e-6), False)
    assert_same(check(3e-7), True)


def test_every_direction_has_to_agree(kata, rng):
    """x with the gradient (1, 1/2) and tol = 0.43: most directions are within, those near (0, 1) are not"""
    got = kata.gradient_check(lambda x: x[0], lambda x: np.array([1.0, 0.5]), np.zeros(2), rng, 200, 0.43)
    assert_same(got, False)


def test_the_directions(kata, rng):
    """n_dirs different directions, 2 calls of f each, 1 of grad, whatever n; 5 if not said otherwise"""
    for n_dirs in (None, 1, 3, 20):
        f, gradient = Noted(reference.wave), Noted(reference.wave_gradient)
        x = np.linspace(-0.5, 0.5, 30)
        args = () if n_dirs is None else (n_dirs,)
        assert_same(kata.gradient_check(f, gradient, x, rng, *args), True)
        wanted, calls = n_dirs or 5, len(f.points)
        assert calls in (2 * wanted, 2 * wanted + 1), f"{calls} calls of f for {wanted} directions"
        assert len(gradient.points) == 1, f"{len(gradient.points)} calls of grad, 1 is enough"
        steps = np.array(f.points) - x
        rank = np.linalg.matrix_rank(steps, tol=1e-6 * np.abs(steps).max())
        assert rank == wanted, f"{wanted} directions are wanted, the points lie along {rank}"


def test_the_directions_come_from_the_generator(kata):
    """the same seed gives the same points, another seed others"""

    def points(seed):
        f = Noted(reference.wave)
        kata.gradient_check(f, reference.wave_gradient, np.zeros(4), np.random.default_rng(seed))
        return np.array(f.points)

    assert_same(points(1), points(1))
    assert not np.array_equal(points(1), points(2)), "seeds 1 and 2 give the same directions"


# --- nasty inputs ---


@pytest.mark.parametrize("layout", LAYOUTS)
def test_any_memory_layout(kata, rng, layout):
    f, gradient = reference.PROBLEMS["rosenbrock"]
    x = laid_out(layout, rng.standard_normal(5))
    assert_close(kata.complex_step(f, x), gradient(x), scale=1e4)
    assert_within(kata.central_difference(f, x) - gradient(x), 1e-5, "difference - gradient")


def test_float32_is_worked_in_float64(kata):
    """1e-5 beside 1.0 has two digits in float32"""
    x = np.array([1.0, 2.0, 0.5], dtype=np.float32)
    f, gradient = reference.PROBLEMS["rosenbrock"]
    want = gradient(x.astype(np.float64))
    assert_within(kata.central_difference(f, x) - want, 1e-5, "difference - gradient")
    assert_close(kata.complex_step(f, x), want, scale=1e3)


def test_a_constant(kata, rng):
    """the gradient of a constant is 0: that passes, and nothing else does"""
    x = np.ones(3)
    assert_same(kata.central_difference(lambda x: 7.0, x), np.zeros(3))
    for value in (7.0, 0.0):
        assert_same(kata.gradient_check(lambda x, value=value: value, lambda x: np.zeros(3), x, rng), True)
    assert_same(kata.gradient_check(lambda x: 7.0, lambda x: np.full(3, 1e-3), x, rng), False)


def test_a_stationary_point(kata, rng):
    """Σ exp(x_i) - x_i has gradient 0 at 0, where its value is n: only rounding is left of d, and 0 passes"""

    def f(x):
        return (np.exp(x) - x).sum()

    for _ in range(5):
        assert_same(kata.gradient_check(f, lambda x: np.exp(x) - 1, np.zeros(4), rng), True)
    assert_same(kata.gradient_check(f, lambda x: np.exp(x) - 1 + 1e-3, np.zeros(4), rng), False)


@pytest.mark.parametrize("constant", [1e6, -1e6])
def test_a_large_constant_beside_f(kata, rng, constant):
    """±1e6 + x²: rounding of f allows for an error of 2e-4, which a right gradient may have and 1 % exceeds"""

    def f(x):
        return constant + x[0] ** 2

    for _ in range(5):
        assert_same(kata.gradient_check(f, lambda x: 2 * x, np.array([0.7]), rng), True)
    assert_same(kata.gradient_check(f, lambda x: 2.02 * x, np.array([0.7]), rng), False)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_never_agrees(kata, rng, bad):
    """a NaN or an infinity in the gradient or in f fails the check, which a comparison alone may miss"""
    x = np.array([0.0, 1.0, 1.0])  # the gradient is (1, 0, 3): NaN taken for 0 would pass
    assert_same(kata.gradient_check(saddle, lambda x: np.array([1.0, bad, 3.0]), x, rng), False)
    assert_same(kata.gradient_check(lambda x: bad, lambda x: np.zeros(3), x, rng), False)
    assert_same(kata.gradient_check(lambda x: bad * x[0], lambda x: np.full(3, bad), x, rng), False)


@pytest.mark.parametrize("seed", range(4))
def test_an_infinity_on_one_side_never_agrees(kata, seed):
    """f is infinite for x > 0 and 0 elsewhere: whichever direction is drawn, the two do not agree"""
    rng = np.random.default_rng(seed)
    step = lambda x: np.inf if x[0] > 0 else 0.0  # noqa: E731
    assert_same(kata.gradient_check(step, lambda x: np.ones(1), np.zeros(1), rng, n_dirs=1), False)


def test_the_generator_moves_on(kata, rng):
    """a second check with the same generator draws other directions"""
    f = Noted(lambda x: x.sum())
    for _ in range(2):
        kata.gradient_check(f, lambda x: np.ones(3), np.zeros(3), rng, 1)
    assert np.linalg.matrix_rank(np.array(f.points), tol=1e-9) == 2, "the same direction was drawn twice"


def test_the_allowance_for_rounding(kata, rng):
    """f = ±1e6: 10 ε |f| / h = 2.2e-4, so a slope of 1e-4 may be rounding, one of 1e-3 may not"""
    for value in (1e6, -1e6):
        check = lambda slope, c=value: kata.gradient_check(lambda x: c, lambda x: np.array([slope]), np.ones(1), rng)  # noqa: E731
        assert_same(check(1e-4), True)
        assert_same(check(1e-3), False)


def test_tol_zero(kata, rng):
    """tol = 0 leaves the rounding alone: 2x with the slope 2 passes, with 2 (1 + 1e-9) it does not"""
    for slope, want in ((2.0, True), (2.0 * (1 + 1e-9), False)):
        got = kata.gradient_check(lambda x: 2 * x[0], lambda x, s=slope: np.array([s]), np.ones(1), rng, 5, 0.0)
        assert_same(got, want)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("side", [-1.0, 1.0])
def test_a_nan_on_one_side_never_agrees(kata, seed, side):
    """f is NaN for x > 0 only, or for x < 0 only: one point of each pair is NaN, whichever it is"""
    rng = np.random.default_rng(seed)
    half = lambda x: np.nan if side * x[0] > 0 else x[0]  # noqa: E731
    assert_same(kata.gradient_check(half, lambda x: np.ones(1), np.zeros(1), rng, n_dirs=1), False)
