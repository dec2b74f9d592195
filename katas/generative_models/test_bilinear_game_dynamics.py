import numpy as np
import pytest

from dojo.testing import LAYOUTS, assert_agrees, assert_close, assert_within, draw, laid_out
from reference.generative_models import bilinear_game_dynamics as reference

METHODS = ["simultaneous_gda", "alternating_gda", "extragradient"]
every_method = pytest.mark.parametrize("method", METHODS)

SHAPES = {
    "as many": (3, 3),
    "more for x": (4, 2),
    "more for y": (2, 5),
    "one for x": (1, 4),
    "one for y": (3, 1),
}


def game(rng, n, m):
    """A, x, y with singular values of A of about 1."""
    return rng.standard_normal((n, m)) / np.sqrt(n + m), rng.standard_normal(n), rng.standard_normal(m)


def rotation(rng, n):
    """An orthogonal matrix: every singular value is 1."""
    return np.linalg.qr(rng.standard_normal((n, n)))[0]


def play(kata, method, *args):
    return getattr(kata, method)(*args)


def distances(X, Y):
    """|w_t| for every t."""
    return np.sqrt((X**2).sum(axis=1) + (Y**2).sum(axis=1))


# --- by hand: the game 2 x y from (1, 1) with lr = 1/2, where x moves by -y and y by x ---


def column(*values):
    return np.array(values)[:, None]


A, ONE = np.array([[2.0]]), np.array([1.0])


def test_simultaneous_by_hand(kata):
    """(x, y) ← (x - y, y + x): (1, 1), (0, 2), (-2, 2), (-4, 0)"""
    X, Y = column(1.0, 0.0, -2.0, -4.0), column(1.0, 2.0, 2.0, 0.0)
    assert_close(kata.simultaneous_gda(A, ONE, ONE.copy(), 0.5, 3), (X, Y))


def test_alternating_by_hand(kata):
    """x ← x - y, then y ← y + x with the new x: (1, 1), (0, 1), (-1, 0), (-1, -1)"""
    X, Y = column(1.0, 0.0, -1.0, -1.0), column(1.0, 1.0, 0.0, -1.0)
    assert_close(kata.alternating_gda(A, ONE, ONE.copy(), 0.5, 3), (X, Y))


def test_extragradient_by_hand(kata):
    """looks ahead to (x - y, y + x), so that (x, y) ← (-y, x): (1, 1), (-1, 1), (-1, -1)"""
    X, Y = column(1.0, -1.0, -1.0), column(1.0, 1.0, -1.0)
    assert_close(kata.extragradient(A, ONE, ONE.copy(), 0.5, 2), (X, Y))


def test_players_of_different_size(kata):
    """x moves along A y, y along Aᵀx: with one x and three y"""
    A, x, y = np.array([[1.0, 2.0, 3.0]]), np.array([1.0]), np.array([1.0, 0.0, -1.0])
    X, Y = kata.simultaneous_gda(A, x, y, 1.0, 1)
    assert_close((X, Y), (np.array([[1.0], [3.0]]), np.array([[1.0, 0.0, -1.0], [2.0, 2.0, 2.0]])), scale=3.0)


@every_method
def test_no_steps(kata, method):
    """the history holds the start: with steps = 0 nothing else"""
    x, y = np.array([1.0, 2.0]), np.array([3.0, 4.0, 5.0])
    assert_close(play(kata, method, np.ones((2, 3)), x, y, 0.1, 0), (x[None], y[None]))


# --- what becomes of the circle ---


def test_simultaneous_play_flies_apart(kata, rng):
    """where every sigma is 1 each step lengthens w by sqrt(1 + lr²): after 100 by (1 + lr²)^50"""
    X, Y = kata.simultaneous_gda(rotation(rng, 3), rng.standard_normal(3), rng.standard_normal(3), 0.1, 100)
    growth = distances(X, Y) / distances(X, Y)[0]
    assert_close(growth, 1.01 ** (np.arange(101) / 2), scale=5.0)


def test_alternating_play_stays_on_an_ellipse(kata, rng):
    """|x|² + |y|² - lr xᵀA y never changes"""
    A, x, y = game(rng, 3, 4)
    X, Y = kata.alternating_gda(A, x, y, 0.3, 200)
    energy = (X**2).sum(axis=1) + (Y**2).sum(axis=1) - 0.3 * ((X @ A) * Y).sum(axis=1)
    assert_within(energy - energy[0], 1e-13 * (x @ x + y @ y), "|x|² + |y|² - lr xᵀA y, less its first value")


def test_extragradient_contracts(kata, rng):
    """where every sigma is 1 each step shortens w by sqrt(1 - lr² + lr⁴)"""
    X, Y = kata.extragradient(rotation(rng, 3), rng.standard_normal(3), rng.standard_normal(3), 0.5, 40)
    shrinkage = distances(X, Y) / distances(X, Y)[0]
    assert_close(shrinkage, 0.8125 ** (np.arange(41) / 2), scale=1.0)


def test_averages_converge_where_iterates_do_not(kata):
    """alternating play of x y: the mean is O(1/steps), while every iterate keeps its distance"""
    X, Y = kata.alternating_gda(np.array([[1.0]]), np.array([1.0]), np.array([0.0]), 0.2, 1000)
    assert_within([X.mean(), Y.mean()], 2 / (0.2 * 1000) + 2 / 1000, "mean of the iterates")
    assert_within(1 / distances(X, Y), 1.2, "1 / |w|")


@every_method
def test_equilibrium_is_at_rest(kata, method):
    """where A y = 0 and Aᵀx = 0 nobody moves"""
    A, x, y = np.array([[1.0, -1.0], [1.0, -1.0]]), np.array([2.0, -2.0]), np.array([3.0, 3.0])
    assert_close(play(kata, method, A, x, y, 0.5, 4), (np.tile(x, (5, 1)), np.tile(y, (5, 1))))


# --- the oracle ---


@every_method
@pytest.mark.parametrize("shape", SHAPES.values(), ids=[name.replace(" ", "-") for name in SHAPES])
def test_path_agrees_with_matrix_powers(kata, rng, method, shape):
    """w_t = Pᵗ w_0 with the matrix P of one step"""
    A, x, y = game(rng, *shape)
    floor = np.linalg.norm([*x, *y])
    assert_agrees(getattr(kata, method), getattr(reference, method), A, x, y, 0.4, 12, floor=floor)


@every_method
@pytest.mark.parametrize("lr", [0.01, 1.3])
def test_any_rate(kata, rng, method, lr):
    A, x, y = game(rng, 3, 2)
    floor = np.linalg.norm([*x, *y])
    assert_agrees(getattr(kata, method), getattr(reference, method), A, x, y, lr, 7, floor=floor)


@every_method
def test_path_on_fresh_numbers(kata, fresh_rng, method):
    A, x, y = game(fresh_rng, 2, 3)
    floor = np.linalg.norm([*x, *y])
    assert_agrees(getattr(kata, method), getattr(reference, method), A, x, y, 0.2, 9, floor=floor)


@every_method
@pytest.mark.parametrize("family", ["large", "small", "offset", "mixed"])
def test_any_size_of_start(kata, rng, method, family):
    A, (x, y) = game(rng, 3, 4)[0], (draw(rng, family, 3), draw(rng, family, 4))
    floor = np.linalg.norm([*x, *y])
    assert_agrees(getattr(kata, method), getattr(reference, method), A, x, y, 0.4, 5, floor=floor)


@every_method
@pytest.mark.parametrize("layout", LAYOUTS)
def test_any_memory_layout(kata, rng, method, layout):
    A, x, y = laid_out(layout, game(rng, 3, 4))
    floor = np.linalg.norm([*x, *y])
    assert_agrees(getattr(kata, method), getattr(reference, method), A, x, y, 0.4, 5, floor=floor)


# --- the radius ---


def test_radii_at_a_tenth(kata):
    """lr sigma = 0.1: sqrt(1.01) out, 1 around, sqrt(0.9901) in, and sqrt((1 + sqrt(0.96)) / 2) in"""
    known = {
        "simultaneous": np.sqrt(1.01),
        "alternating": 1.0,
        "extragradient": np.sqrt(0.9901),
        "optimistic": np.sqrt((1 + np.sqrt(0.96)) / 2),
    }
    for method, radius in known.items():
        assert_close(kata.iteration_radius(1.0, 0.1, method), radius)


def test_alternating_loses_its_footing_beyond_two(kata):
    """lr sigma = 5/2: the eigenvalues -4 and -1/4, where up to 2 both have modulus 1; they part at once"""
    assert_close(kata.iteration_radius(0.5, 5.0, "alternating"), 4.0)
    s = 2.02 / 2  # the eigenvalues are -(s ± sqrt(s² - 1))²
    assert_close(kata.iteration_radius(1.0, 2.02, "alternating"), (s + np.sqrt(s**2 - 1)) ** 2, scale=100.0)
    assert_close(kata.iteration_radius(1.0, 1.98, "alternating"), 1.0, scale=100.0)
    assert_close(kata.iteration_radius(1.5, 1.25, "alternating"), 1.0)


def test_extragradient_stops_converging_at_one(kata):
    """lr sigma = 1: modulus 1 again; at 2 it is sqrt(13)"""
    assert_close(kata.iteration_radius(4.0, 0.25, "extragradient"), 1.0)
    assert_close(kata.iteration_radius(0.5, 4.0, "extragradient"), np.sqrt(13.0))


def test_optimism_ends_at_one_over_root_three(kata):
    """lr sigma = 1/sqrt(3): modulus 1; at 5/8, where 1 - 4 (lr sigma)² is negative, sqrt(5)/2"""
    assert_close(kata.iteration_radius(1.0, 1 / np.sqrt(3.0), "optimistic"), 1.0)
    assert_close(kata.iteration_radius(2.5, 0.25, "optimistic"), np.sqrt(5.0) / 2)


@pytest.mark.parametrize("method", ["simultaneous", "alternating", "extragradient", "optimistic"])
@pytest.mark.parametrize("product", [0.2, 0.4, 0.7, 1.2, 2.3, 6.0])
def test_radius_agrees_with_the_eigenvalues(kata, rng, method, product):
    """of the matrix of one step; sigma and lr count only together"""
    sigma = rng.uniform(0.5, 3.0)
    assert_agrees(kata.iteration_radius, reference.iteration_radius, sigma, product / sigma, method)


@pytest.mark.parametrize("method", ["simultaneous", "extragradient"])
def test_radius_is_the_growth_of_the_path(kata, method):
    """in one plane |w_{t+1}| = radius |w_t|"""
    function = {"simultaneous": "simultaneous_gda", "extragradient": "extragradient"}[method]
    length = distances(*play(kata, function, np.array([[1.5]]), np.array([0.3]), np.array([-0.8]), 0.4, 6))
    radius = kata.iteration_radius(1.5, 0.4, method)
    assert_close(length[1:] / length[:-1], np.full(6, float(radius)))


def test_method_nobody_knows(kata):
    """ValueError for any other method"""
    with pytest.raises(ValueError):
        kata.iteration_radius(1.0, 0.1, "momentum")
