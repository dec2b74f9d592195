import numpy as np
import pytest

from dojo.testing import LAYOUTS, assert_close, assert_same, assert_within, laid_out
from reference.dynamical_systems import runge_kutta as reference

METHODS = ["euler", "midpoint", "rk4"]


def growth(t, y):
    """y' = y"""
    return 1.0 * y


def clock(t, y):
    """y' = t in every entry: the state does not matter, the time does."""
    return np.full(len(y), t)


def oscillator(t, y):
    """(q, p)' = (p, -q): a turn at unit speed."""
    return np.array([y[1], -y[0]])


def forced(t, y):
    """Three variables, not linear, with time in each."""
    return np.array([y[1] * y[2] - t, np.sin(y[0]) + t**2, np.cos(t) * y[0] - y[2]])


def pendulum(t, y):
    return np.array([y[1], -np.sin(y[0]) - 0.1 * y[1] + 0.5 * np.cos(2 * t)])


# --- by hand ---


def test_one_step_of_growth(kata):
    """y' = y with h = 1: 1 + 1 + 1/2 + 1/6 + 1/24 = 65/24"""
    assert_close(kata.rk4_step(growth, 0.0, np.array([24.0]), 1.0), np.array([65.0]))


def test_one_step_of_the_clock(kata):
    """y' = t: the stages are at t, t + h/2, t + h/2, t + h, and y grows by h t + h²/2"""
    assert_close(kata.rk4_step(clock, 3.0, np.array([1.0]), 2.0), np.array([9.0]))


def test_rk4_is_simpsons_rule(kata):
    """y' = t³, from 1 to 3: Simpson's rule is exact, (81 - 1) / 4 = 20"""
    assert_close(kata.rk4_step(lambda t, y: np.array([t**3]), 1.0, np.array([0.0]), 2.0), np.array([20.0]))


@pytest.mark.parametrize(("method", "want"), [("euler", 2.0), ("midpoint", 2.5), ("rk4", 65 / 24)])
def test_one_step_of_each_method(kata, method, want):
    """y' = y with h = 1: exp(1) by its Taylor series up to degree 1, 2, 4"""
    y = kata.integrate(growth, np.array([1.0]), np.array([0.0, 1.0]), method)
    assert_close(y, np.array([[1.0], [want]]))


@pytest.mark.parametrize(("method", "want"), [("euler", 7.0), ("midpoint", 9.0), ("rk4", 9.0)])
def test_time_of_each_method(kata, method, want):
    """y' = t from t = 3 to 5: Euler takes t = 3 for the whole step, midpoint t = 4"""
    y = kata.integrate(clock, np.array([1.0]), np.array([3.0, 5.0]), method)
    assert_close(y, np.array([[1.0], [want]]))


def test_each_step_has_its_own_length(kata):
    """Euler on y' = y over 0, 1, 3, 3.5: the factors are 2, 3 and 1.5"""
    y = kata.integrate(growth, np.array([1.0]), np.array([0.0, 1.0, 3.0, 3.5]), "euler")
    assert_close(y, np.array([[1.0], [2.0], [6.0], [9.0]]))


@pytest.mark.parametrize("method", METHODS)
def test_one_time_is_the_start(kata, method):
    """m = 1: nothing to integrate, the row is y0"""
    assert_same(kata.integrate(growth, np.array([2.0, -1.0]), np.array([5.0]), method), np.array([[2.0, -1.0]]))


@pytest.mark.parametrize(("method", "want"), [("euler", 3.0), ("midpoint", 5.0), ("rk4", 7.0)])
def test_stability_function_at_2(kata, method, want):
    """1 + 2 = 3, + 2 = 5, + 8/6 + 16/24 = 7"""
    assert_close(np.array(kata.stability_function(2.0, method)), np.array(want + 0j))


@pytest.mark.parametrize("method", METHODS)
def test_stability_function_is_complex(kata, method):
    """a Python complex, for whole numbers and real ones too; R(0) = 1"""
    for zero in (0, 0.0, 0j):
        value = kata.stability_function(zero, method)
        assert isinstance(value, complex)
        assert value == 1


# --- laws ---


@pytest.mark.parametrize(("method", "order"), [("euler", 1), ("midpoint", 2), ("rk4", 4)])
def test_observed_order(kata, method, order):
    """on the harmonic oscillator the order is 1, 2, 4 to a few hundredths"""
    exact = np.array([np.cos(1.0), -np.sin(1.0)])
    measured = kata.observed_order(oscillator, np.array([1.0, 0.0]), 1.0, exact, method)
    assert_within(measured - order, 0.05, "observed order - p")


@pytest.mark.parametrize("method", METHODS)
def test_a_step_multiplies_by_the_stability_function(kata, method):
    """y' = λ y, also where λ is complex (as a rotation with growth)"""
    a, b, h = -0.7, 1.3, 0.5
    y = kata.integrate(
        lambda t, y: np.array([a * y[0] - b * y[1], b * y[0] + a * y[1]]),
        np.array([1.0, 0.0]),
        np.array([0.0, h, 2 * h]),
        method,
    )
    R = kata.stability_function(h * complex(a, b), method)
    want = np.array([[1.0, 0.0], [R.real, R.imag], [(R * R).real, (R * R).imag]])
    assert_close(y, want, scale=1.0)


@pytest.mark.parametrize(
    ("method", "limit"), [("euler", -2.0), ("midpoint", -2.0), ("rk4", -2.785293563405282), ("rk4", 8**0.5 * 1j)]
)
def test_stability_limits(kata, method, limit):
    """|R| = 1 at hλ = -2, -2, -2.7853, and at 2√2 i for rk4; below 1 a little before, above 1 a little after"""
    assert_within(abs(kata.stability_function(limit, method)) - 1, 1e-12, "|R| - 1")
    assert abs(kata.stability_function(0.99 * limit, method)) < 1
    assert abs(kata.stability_function(1.01 * limit, method)) > 1


@pytest.mark.parametrize("method", METHODS)
def test_a_stiff_problem_explodes_beyond_the_limit(kata, method):
    """y' = -1000 (y - cos t): with h = 0.001 the error stays small, with h = 0.003 it has no bound"""

    def stiff(t, y):
        return -1000 * (y - np.cos(t))

    y = kata.integrate(stiff, np.array([0.0]), 0.001 * np.arange(61), method)
    assert_within(y[-1] - np.cos(0.06), 0.01, "y - cos t at h = 0.001")
    y = kata.integrate(stiff, np.array([0.0]), 0.003 * np.arange(61), method)
    assert np.abs(y[-1]).max() > 1e5


@pytest.mark.parametrize("method", METHODS)
def test_energy_of_the_oscillator(kata, method):
    """|y| is multiplied by |R(ih)| at each step: it grows with Euler and midpoint, and falls with rk4"""
    y = kata.integrate(oscillator, np.array([1.0, 0.0]), 0.1 * np.arange(101), method)
    growth_of_one = abs(reference.stability_function(0.1j, method))
    assert_within(np.hypot(*y.T) - growth_of_one ** np.arange(101), 1e-12, "|y| - |R(ih)|^i")


def test_there_and_back_again(kata):
    """with the times turned round rk4 comes back to where it was, up to O(h⁴)"""
    t = np.linspace(0.0, 2.0, 101)
    y = kata.integrate(pendulum, np.array([1.0, 0.0]), t, "rk4")
    back = kata.integrate(pendulum, y[-1], t[::-1], "rk4")
    assert_within(back[-1] - y[0], 1e-7, "y after the way back - y0")


# --- the oracle ---


@pytest.mark.parametrize("h", [0.3, -0.2, 1.7])
def test_rk4_step_agrees_with_the_tableau(kata, rng, h):
    """one step on three coupled variables with time in each"""
    y = rng.standard_normal(3)
    assert_close(kata.rk4_step(forced, 0.8, y, h), reference.step(forced, 0.8, y, h, "rk4"), scale=30.0)


@pytest.mark.parametrize("method", METHODS)
def test_integrate_agrees_with_the_tableau(kata, rng, method):
    """uneven times that start anywhere"""
    t = -1.0 + np.cumsum(rng.uniform(0.02, 0.2, 12))
    y0 = rng.standard_normal(3)
    want = reference.integrate(forced, y0, t, method)
    assert_close(kata.integrate(forced, y0, t, method), want, scale=100.0)


def test_agrees_with_scipy(kata):
    """a driven pendulum, 2000 steps of rk4 against scipy.integrate.solve_ivp: ten digits"""
    t = np.linspace(0.0, 5.0, 1001)
    y = kata.integrate(pendulum, np.array([1.0, 0.3]), t, "rk4")[::200]
    assert_within(y - reference.solve_ivp(pendulum, np.array([1.0, 0.3]), t[::200]), 1e-9, "y - y of scipy")


@pytest.mark.parametrize("method", METHODS)
def test_observed_order_agrees_with_the_definition(kata, method):
    """log2(e_64 / e_128), on y' = -2 t y from (1, 3): the norm is that of the vector"""
    y0, T = np.array([1.0, 3.0]), 1.5
    problem = (lambda t, y: -2 * t * y * np.array([1.0, 0.5]), y0, T, y0 * np.exp([-(T**2), -(T**2) / 2]))
    want = reference.observed_order(*problem, method)
    assert_within(kata.observed_order(*problem, method) - want, 1e-5, "order - log2(e_64 / e_128)")


@pytest.mark.parametrize("method", METHODS)
def test_stability_function_agrees_with_the_tableau(kata, method):
    """R(z) = det(I - zA + z 1bᵀ), across the complex plane"""
    for z in (-3.0, 0.25, 2j, -1 + 2j, 1.5 - 2.5j):
        difference = kata.stability_function(z, method) - reference.stability_function(z, method)
        assert_within(abs(difference), 1e-12, "R - det")
    assert_close(kata.stability_function(-2.5, method).real, reference.exact_stability(-2.5, method), scale=5.0)


# --- nasty inputs ---


def test_another_method_is_an_error(kata):
    """ValueError, whether or not there is a step to do"""
    for t in (np.array([0.0, 1.0]), np.array([0.0])):
        for name in ("heun", "RK4"):
            with pytest.raises(ValueError):
                kata.integrate(growth, np.array([1.0]), t, name)
    with pytest.raises(ValueError):
        kata.stability_function(0.5, "RK4")


def test_a_step_asks_four_times(kata):
    """four slopes are all that rk4 takes: f may be a network, or a ship in a basin"""
    asked = []
    kata.rk4_step(lambda t, y: asked.append(t) or y, 0.0, np.array([1.0]), 0.5)
    assert_same(len(asked), 4)


@pytest.mark.parametrize("method", METHODS)
def test_f_keeps_what_it_returned(kata, method):
    """an f that hands out the same constant array each time: nobody may add to it"""
    speed = np.array([1.0, -2.0])
    speed.flags.writeable = False
    y = kata.integrate(lambda t, y: speed, np.array([0.0, 0.0]), np.array([0.0, 1.0, 3.0]), method)
    assert_close(y, np.array([[0.0, 0.0], [1.0, -2.0], [3.0, -6.0]]))


@pytest.mark.parametrize("method", METHODS)
def test_what_f_was_given_stays_as_it_was(kata, method):
    """an f that keeps each y it is called with finds them unchanged in the end"""
    given = []

    def noted(t, y):
        given.append((y, np.array(y)))
        return growth(t, y)

    kata.integrate(noted, np.array([1.0, 2.0]), np.array([0.0, 0.5, 1.0]), method)
    for y, copy in given:
        assert_same(np.array(y), copy)
    assert given


def test_f_may_return_its_argument(kata):
    """y' = y written as `return y`: the slope is the state itself, not a copy"""
    y0 = np.array([1.0, 24.0])
    assert_close(kata.rk4_step(lambda t, y: y, 0.0, y0, 1.0), y0 * 65 / 24)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_any_memory_layout(kata, layout):
    y0, t = laid_out(layout, (np.array([0.5, -1.0, 2.0]), np.array([0.0, 0.1, 0.3, 0.35])))
    want = reference.integrate(forced, y0, t, "rk4")
    assert_close(kata.integrate(forced, y0, t, "rk4"), want, scale=10.0)
