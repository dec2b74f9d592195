import numpy as np
import pytest

from dojo.testing import LAYOUTS, assert_agrees, assert_close, assert_same, assert_within, draw, laid_out
from reference.linear_algebra import power_iteration as reference

EPS = np.finfo(float).eps

SPECTRA = {  # the eigenvalue of largest modulus comes first
    "positive": (4.0, 2.5, 1.0, 0.5, 0.1),
    "negative dominates": (-4.0, 3.0, 2.5, 1.0, -1.0),
    "all negative": (-5.0, -3.0, -2.0, -0.5, -0.1),
    "below one": (0.03, -0.02, 0.01, 0.001, 0.0),
    "singular": (2.0, 0.0, 0.0, 0.0, 0.0),
    "double": (3.0, 3.0, -1.0, 1.0, 0.5),
}


@pytest.fixture(params=SPECTRA, ids=lambda name: name.replace(" ", "-"))
def spectrum(request):
    return np.array(SPECTRA[request.param])


def symmetric(rng, eigenvalues):
    """A symmetric matrix with these eigenvalues, and the orthonormal eigenvectors as columns."""
    V = np.linalg.qr(rng.standard_normal((len(eigenvalues), len(eigenvalues))))[0]
    A = (V * eigenvalues) @ V.T
    return (A + A.T) / 2, V


def assert_pair(eigenvalue, x, A, tol=1e-10):
    """x has length 1, the eigenvalue is its Rayleigh quotient, and the residual is within tol ‖A‖_F."""
    A = np.asarray(A)
    rounding = 8 * len(A) * EPS
    size = np.linalg.norm(A)
    assert_same(np.zeros_like(x), np.zeros(len(A)))  # shape and dtype
    assert_within(x @ x - 1, rounding, "xᵀx - 1")
    assert_within(eigenvalue - x @ A @ x, rounding * size, "λ - xᵀA x")
    assert_within(np.linalg.norm(A @ x - eigenvalue * x), (tol + rounding) * size, "A x - λ x")


def assert_same_up_to_sign(x, want, error=32 * EPS):
    """x is want or -want; more error is granted where rounding is carried from step to step."""
    assert_close(x, want if x @ want > 0 else -want, scale=1.0, ulps=error / EPS)


# --- by hand ---


@pytest.mark.parametrize(
    ("x", "quotient"),
    [([1.0, 0.0], 2.0), ([0.0, 3.0], 5.0), ([1.0, 1.0], 6.0), ([2.0, -2.0], 1.0), ([1.0, 2.0], 6.4)],
)
def test_rayleigh_quotient_by_hand(kata, x, quotient):
    """xᵀA x / xᵀx, for any length of x; A is not symmetric"""
    assert_close(kata.rayleigh_quotient(np.array([[2.0, 1.0], [4.0, 5.0]]), np.array(x)), quotient)


def test_power_iteration_by_hand(kata):
    """diag(2, 1) from (1, 1): x_k ~ (2^k, 1), and the residuals 1/2, 2/5, 4/17 fall below 0.11 √5 at k = 2"""
    eigenvalue, x, k = kata.power_iteration(np.diag([2.0, 1.0]), np.array([1.0, 1.0]), 0.11)
    assert_same(k, 2)
    assert_close(eigenvalue, 33 / 17)
    assert_same_up_to_sign(x, np.array([4.0, 1.0]) / np.sqrt(17.0))


def test_inverse_iteration_by_hand(kata):
    """diag(3, 1) with shift 0 from (1, 1): x_k ~ (1, 3^k), and the residual falls below 0.1 √10 at k = 2"""
    eigenvalue, x = kata.inverse_iteration(np.diag([3.0, 1.0]), 0.0, np.array([1.0, 1.0]), 0.1)
    assert_close(eigenvalue, 42 / 41, ulps=1e4)
    assert_same_up_to_sign(x, np.array([1.0, 9.0]) / np.sqrt(82.0), 1e-11)


def test_one_by_one(kata):
    """a number is its own eigenvalue: x_0 has converged"""
    A, x0 = np.array([[-3.0]]), np.array([2.0])
    eigenvalue, x, k = kata.power_iteration(A, x0)
    assert_same(k, 0)
    assert_pair(eigenvalue, x, A)
    assert_pair(*kata.inverse_iteration(A, 1.0, x0), A)


def test_an_eigenvector_has_converged(kata):
    """x0 is an eigenvector, if not of the largest eigenvalue: it comes back with length 1, after 0 steps"""
    A = np.diag([4.0, -2.0, 1.0])
    eigenvalue, x, k = kata.power_iteration(A, np.array([0.0, 5.0, 0.0]))
    assert_same(k, 0)
    assert_close(eigenvalue, -2.0)
    assert_same_up_to_sign(x, np.array([0.0, 1.0, 0.0]))


def test_what_is_mapped_to_zero_has_converged(kata):
    """A x_k = 0 = 0 x_k: for A = 0 at once, for [[0, 1], [0, 0]] from (0, 3) after one step, without 0 / 0"""
    eigenvalue, x, k = kata.power_iteration(np.zeros((2, 2)), np.array([3.0, 4.0]))
    assert_same((k, eigenvalue), (0, 0.0))
    assert_same_up_to_sign(x, np.array([0.6, 0.8]))
    eigenvalue, x, k = kata.power_iteration(np.array([[0.0, 1.0], [0.0, 0.0]]), np.array([0.0, 3.0]))
    assert_same((k, eigenvalue), (1, 0.0))
    assert_same_up_to_sign(x, np.array([1.0, 0.0]))


# --- laws ---


def test_rayleigh_quotient_has_no_length(kata, rng):
    """ρ(c x) = ρ(x)"""
    A, x = rng.standard_normal((4, 4)), rng.standard_normal(4)
    assert_close(kata.rayleigh_quotient(A, 1e-6 * x), kata.rayleigh_quotient(A, x), scale=10.0)


def test_power_iteration_gives_an_eigenpair(kata, rng, spectrum):
    """A x = λ x for the eigenvalue of largest modulus, with its sign"""
    A, _ = symmetric(rng, spectrum)
    eigenvalue, x, _ = kata.power_iteration(A, rng.standard_normal(5))
    assert_pair(eigenvalue, x, A)
    assert_close(eigenvalue, spectrum[0], ulps=1e6)


@pytest.mark.parametrize("tol", [1e-2, 1e-6, 1e-12])
def test_tol_bounds_the_residual(kata, rng, tol):
    """‖A x - ρ x‖ <= tol ‖A‖_F, where that happens first"""
    A, _ = symmetric(rng, np.array([-4.0, 3.0, 2.0, 1.0, 0.5]))
    x0 = rng.standard_normal(5)
    eigenvalue, x, k = kata.power_iteration(A, x0, tol)
    assert_pair(eigenvalue, x, A, tol)
    assert_same(k, reference.power_iteration(A, x0, tol)[2])


def test_error_shrinks_like_the_ratio_of_the_eigenvalues(kata):
    """|λ_2 / λ_1|^k: from ratio 1/2 to 3/4 and 19/20 the steps grow like 1 / log|λ_1 / λ_2|"""
    for ratio in (0.5, 0.75, 0.95):
        A = np.diag([1.0, ratio, 0.1])
        k = kata.power_iteration(A, np.ones(3))[2]
        predicted = np.log(1e-10 * np.linalg.norm(A) / (1 - ratio)) / np.log(ratio)
        assert_within(k - predicted, 1.5, "k - log(tol ‖A‖ / (λ_1 - λ_2)) / log|λ_2 / λ_1|")


@pytest.mark.parametrize("scale", [1e-100, 1e100])
def test_units_do_not_matter(kata, scale):
    """c A has c times the eigenvalue, after as many steps from any multiple of x0"""
    A, x0 = np.array([[2.0, 1.0, 0.0], [1.0, 1.0, 0.5], [0.0, 0.5, -1.0]]), np.array([1.0, -1.0, 0.5])
    eigenvalue, x, k = kata.power_iteration(A, x0)
    scaled, x_scaled, k_scaled = kata.power_iteration(scale * A, 1e-30 * x0)
    assert_same(k_scaled, k)
    assert_close(scaled / scale, eigenvalue, scale=10.0)
    assert_same_up_to_sign(x_scaled, x, 1e-11)
    eigenvalue, x = kata.inverse_iteration(A, -1.0, x0)
    scaled, x_scaled = kata.inverse_iteration(scale * A, -scale, 1e30 * x0)
    assert_close(scaled / scale, eigenvalue, scale=10.0)
    assert_same_up_to_sign(x_scaled, x, 1e-11)


@pytest.mark.parametrize(
    ("shift", "nearest"),
    [(-9.0, -5.0), (-2.6, -1.0), (0.0, 0.5), (1.1, 0.5), (1.4, 2.0), (3.0, 2.0), (20.0, 7.0)],
)
def test_inverse_iteration_finds_the_nearest_eigenvalue(kata, rng, shift, nearest):
    """of -5, -1, 0.5, 2 and 7 the one nearest to the shift"""
    A, _ = symmetric(rng, np.array([-5.0, -1.0, 0.5, 2.0, 7.0]))
    eigenvalue, x = kata.inverse_iteration(A, shift, rng.standard_normal(5))
    assert_pair(eigenvalue, x, A)
    assert_close(eigenvalue, nearest, ulps=1e7)


def test_matrix_need_not_be_symmetric(kata, rng):
    """A = S diag(λ) S⁻¹: A x = λ x, where xᵀA = λ xᵀ has another solution"""
    S = rng.standard_normal((4, 4)) + 2 * np.eye(4)
    A = S @ np.diag([-5.0, 3.0, 1.0, 0.5]) @ np.linalg.inv(S)
    eigenvalue, x, _ = kata.power_iteration(A, rng.standard_normal(4))
    assert_pair(eigenvalue, x, A)
    assert_within(eigenvalue + 5.0, 1e-5, "λ + 5")
    eigenvalue, x = kata.inverse_iteration(A, 1.3, rng.standard_normal(4))
    assert_pair(eigenvalue, x, A)
    assert_within(eigenvalue - 1.0, 1e-5, "λ - 1")


def test_stationary_distribution_of_a_markov_chain(kata):
    """the eigenvector of Pᵀ for 1: a walk on a triangle with a tail visits in proportion to the degrees"""
    P = np.array([[0, 1, 1, 0], [1, 0, 1, 0], [1, 1, 0, 1], [0, 0, 1, 0]]) / np.array([[2.0], [2.0], [3.0], [1.0]])
    eigenvalue, x, _ = kata.power_iteration(P.T, np.ones(4))
    assert_within(eigenvalue - 1.0, 1e-8, "λ - 1")
    assert_within(x / x.sum() - np.array([2, 2, 3, 1]) / 8, 1e-8, "x - degrees / 8")


# --- the oracle ---


@pytest.mark.parametrize("family", ["normal", "offset", "large", "small", "mixed"])
def test_rayleigh_quotient_agrees_with_the_double_sum(kata, rng, family):
    """Σ a_ij x_i x_j / Σ x_i²"""
    A, x = draw(rng, family, 5, 5), draw(rng, family, 5)
    assert_agrees(kata.rayleigh_quotient, reference.rayleigh_quotient, A, x, floor=np.abs(A).max() * 5)


def test_iteration_agrees_with_the_eigenvectors(kata, rng, spectrum):
    """x_k has the coordinates c_i λ_i^k, and the k is the first for which it has converged"""
    A, _ = symmetric(rng, spectrum)
    x0 = rng.standard_normal(5)
    eigenvalue, x, k = kata.power_iteration(A, x0, 1e-3)
    want, direction, steps = reference.power_iteration(A, x0, 1e-3)
    assert_same(k, steps)
    assert_close(eigenvalue, want, ulps=1e4)
    assert_same_up_to_sign(x, direction, 1e-11)


def test_inverse_iteration_agrees_with_the_eigenvectors(kata, rng, spectrum):
    """x_k has the coordinates c_i (λ_i - shift)^-k"""
    A, _ = symmetric(rng, spectrum)
    x0 = rng.standard_normal(5)
    shift = 0.3 * spectrum[0]
    eigenvalue, x = kata.inverse_iteration(A, shift, x0, 1e-3)
    want, direction = reference.inverse_iteration(A, shift, x0, 1e-3)
    assert_close(eigenvalue, want, ulps=1e4, scale=np.abs(spectrum[0]))
    assert_same_up_to_sign(x, direction, 1e-11)


def test_eigenpair_of_fresh_numbers(kata, fresh_rng):
    """A x = λ x, on other numbers each run"""
    A, _ = symmetric(fresh_rng, np.array([6.0, -3.0, 2.0, 1.0]))
    eigenvalue, x, _ = kata.power_iteration(A, fresh_rng.standard_normal(4))
    assert_pair(eigenvalue, x, A)
    assert_pair(*kata.inverse_iteration(A, 1.2, fresh_rng.standard_normal(4)), A)


# --- nasty inputs ---


def test_dominant_negative_eigenvalue(kata):
    """x_k changes its sign for ever under diag(-3, 2, 1), and converges all the same: ρ = -3"""
    eigenvalue, _, k = kata.power_iteration(np.diag([-3.0, 2.0, 1.0]), np.ones(3))
    assert_close(eigenvalue, -3.0, ulps=1e5)
    assert_same(k, reference.power_iteration(np.diag([-3.0, 2.0, 1.0]), np.ones(3))[2])


def test_a_plateau_is_no_convergence(kata):
    """x0 all but orthogonal to v_1: ρ stands still near 2 for many steps, the residual does not vanish"""
    eigenvalue, _, _ = kata.power_iteration(np.diag([3.0, 2.0, 1.0]), np.array([1e-9, 1.0, 0.3]))
    assert_close(eigenvalue, 3.0, ulps=1e5)


def test_start_without_a_part_along_the_first_eigenvector(kata):
    """diag(3, 2, 1) from (0, 1, 1) never hears of 3: the iteration goes to 2"""
    eigenvalue, x, _ = kata.power_iteration(np.diag([3.0, 2.0, 1.0]), np.array([0.0, 1.0, 1.0]))
    assert_close(eigenvalue, 2.0, ulps=1e5)
    assert_within(x[0], 0.0, "x_1")


NO_WINNER = {
    "opposite eigenvalues": np.diag([1.0, -1.0]),
    "quarter turn": np.array([[0.0, -1.0], [1.0, 0.0]]),
    "rotation": np.array([[0.6, -0.8], [0.8, 0.6]]),
    "growing rotation": 3 * np.array([[0.6, -0.8, 0.0], [0.8, 0.6, 0.0], [0.0, 0.0, 0.5]]),
}


@pytest.mark.parametrize("A", NO_WINNER.values(), ids=[name.replace(" ", "-") for name in NO_WINNER])
def test_two_eigenvalues_of_equal_modulus(kata, A):
    """λ and -λ, or a complex pair: no iterate converges, ValueError"""
    with pytest.raises(ValueError):
        kata.power_iteration(A, np.arange(1.0, len(A) + 1), 1e-10, 300)


def test_max_iter_is_the_last_step_looked_at(kata):
    """diag(2, 1) from (1, 1) converges at k = 33: max_iter = 33 is enough, 32 is a ValueError"""
    A, x0 = np.diag([2.0, 1.0]), np.ones(2)
    assert_same(kata.power_iteration(A, x0, 1e-10, 33)[2], 33)
    with pytest.raises(ValueError):
        kata.power_iteration(A, x0, 1e-10, 32)


def test_max_iter_of_inverse_iteration(kata):
    """diag(3, 1) with shift 0 converges at k = 21: max_iter = 21 is enough, 20 is a ValueError"""
    A, x0 = np.diag([3.0, 1.0]), np.ones(2)
    assert_close(kata.inverse_iteration(A, 0.0, x0, 1e-10, 21)[0], 1.0, ulps=1e5)
    with pytest.raises(ValueError):
        kata.inverse_iteration(A, 0.0, x0, 1e-10, 20)


def test_two_eigenvalues_equally_near_to_the_shift(kata):
    """1 and 3 are equally far from 2: no iterate converges, ValueError"""
    with pytest.raises(ValueError):
        kata.inverse_iteration(np.diag([1.0, 3.0]), 2.0, np.ones(2))


EXACT_SHIFTS = {
    "one by one": ([[5.0]], 5.0),
    "diagonal": ([[1.0, 0.0, 0.0], [0.0, 2.0, 0.0], [0.0, 0.0, 4.0]], 2.0),
    "symmetric, largest": ([[2.0, 1.0], [1.0, 2.0]], 3.0),
    "symmetric, smallest": ([[2.0, 1.0], [1.0, 2.0]], 1.0),
    "path graph, 0": ([[1.0, -1.0, 0.0], [-1.0, 2.0, -1.0], [0.0, -1.0, 1.0]], 0.0),
    "tiny": ([[2.0**-39, 2.0**-40], [2.0**-40, 2.0**-39]], 3 * 2.0**-40),
    "huge": ([[2.0**61, 2.0**60], [2.0**60, 2.0**61]], 3 * 2.0**60),
    "not symmetric": ([[1.0, 2.0], [3.0, 2.0]], -1.0),
    "not symmetric, triangular": ([[4.0, 1.0, 2.0], [0.0, 1.0, 5.0], [0.0, 0.0, 2.0]], 1.0),
    "with a near neighbour": (np.diag([1.0, 1.0 + 2.0**-20, 3.0]), 1.0 + 2.0**-20),
    "nearly": ([[2.0, 1.0], [1.0, 2.0]], 3.0 + 4e-16),
}


@pytest.mark.parametrize(("A", "shift"), EXACT_SHIFTS.values(), ids=[name.replace(" ", "-") for name in EXACT_SHIFTS])
def test_shift_may_be_an_eigenvalue(kata, A, shift):
    """A - shift I is singular, and the answer is the shift and its eigenvector: neither NaN nor an error"""
    A = np.array(A)
    eigenvalue, x = kata.inverse_iteration(A, shift, 1.0 / np.arange(1.0, len(A) + 1))
    assert_pair(eigenvalue, x, A)
    assert_within(eigenvalue - shift, 1e-8 * np.linalg.norm(A), "λ - shift")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_any_memory_layout(kata, rng, layout):
    A, x0 = laid_out(layout, (symmetric(rng, np.array([4.0, -1.0, 0.5]))[0], rng.standard_normal(3)))
    eigenvalue, x, _ = kata.power_iteration(A, x0)
    assert_pair(eigenvalue, x, A)
    assert_pair(*kata.inverse_iteration(A, 0.4, x0), A)
    assert_close(kata.rayleigh_quotient(A, x), eigenvalue, scale=10.0)


def test_inverse_iteration_looks_at_x0(kata):
    """x_0 within tol comes back as it is, also with no step allowed: ρ((1, 1)) = 2 of diag(3, 1)"""
    A, x0 = np.diag([3.0, 1.0]), np.array([1.0, 1.0])
    for max_iter in (0, 5):
        eigenvalue, x = kata.inverse_iteration(A, 0.0, x0, 0.5, max_iter)  # the residual is 1, 0.5 √10 is more
        assert_close(eigenvalue, 2.0)
        assert_same_up_to_sign(x, np.sqrt([0.5, 0.5]))


def test_rayleigh_quotient_of_a_tiny_vector(kata):
    """any length but 0: nothing is added to xᵀx"""
    for c in (1e-10, 1e-50, 1e50):
        assert_close(kata.rayleigh_quotient(np.array([[2.0, 1.0], [4.0, 5.0]]), c * np.array([1.0, 2.0])), 6.4)
