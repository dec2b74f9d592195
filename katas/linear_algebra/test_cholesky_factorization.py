import numpy as np
import pytest

from dojo.testing import LAYOUTS, assert_agrees, assert_close, assert_same, assert_within, draw, laid_out
from reference.linear_algebra import cholesky_factorization as reference

EPS, TINY = np.finfo(float).eps, np.finfo(float).tiny

A2, L2 = np.array([[4.0, 2.0], [2.0, 5.0]]), np.array([[2.0, 0.0], [1.0, 2.0]])
A3 = np.array([[1.0, 2.0, -1.0], [2.0, 13.0, 10.0], [-1.0, 10.0, 21.0]])
L3 = np.array([[1.0, 0.0, 0.0], [2.0, 3.0, 0.0], [-1.0, 4.0, 2.0]])


def hilbert(n):
    return 1.0 / (1 + np.add.outer(np.arange(n), np.arange(n)))


def gram(*rows):
    """B Bᵀ in whole numbers: exactly singular where B has fewer columns than rows."""
    B = np.array(rows, dtype=float)
    return B @ B.T


def last_pivot(d, n):
    """I but for the last two rows and columns; in any order of operations the last pivot is d, exactly."""
    A = np.eye(n)
    A[-1, -2] = A[-2, -1] = 1.0
    A[-1, -1] = 1.0 + d
    return A


DEFINITE = {
    "one by one": np.array([[3.0]]),
    "negative off the diagonal": np.array([[2.0, -1.0], [-1.0, 2.0]]),
    "larger entry off the diagonal than on it": np.array([[1.0, 2.0], [2.0, 5.0]]),
    "tiny": 1e-20 * np.array([[2.0, 1.0], [1.0, 2.0]]),
    "huge": 1e20 * np.array([[2.0, 1.0], [1.0, 2.0]]),
    "one tiny direction": np.diag([1.0, 1e-20]),
    "nearly singular": np.array([[1.0, 1.0], [1.0, 1.0 + 1e-9]]),
    "Hilbert": hilbert(6),
    "last pivot 85 eps, n = 8": last_pivot(85 * EPS, 8),
    "symmetric up to rounding": np.array([[2.0, 1.0, 1e-15], [1.0 + 5e-16, 2.0, 1.0], [0.0, 1.0, 2.0]]),
    "huge, symmetric up to rounding": 1e8 * np.array([[2.0, 1.0], [1.0 + 5e-16, 2.0]]),
    "integers": np.array([[2, 1], [1, 3]]),
}

NOT_DEFINITE = {
    "one by one": np.array([[-3.0]]),
    "zero": np.zeros((2, 2)),
    "positive diagonal, indefinite": np.array([[1.0, 2.0], [2.0, 1.0]]),
    "positive determinant, negative": -np.eye(2),
    "positive determinant, indefinite": np.diag([1.0, -1.0, -1.0]),
    "zero on the diagonal": np.array([[0.0, 1.0], [1.0, 0.0]]),
    "zero first": np.diag([0.0, 1.0]),
    "last pivot negative": np.array([[4.0, 2.0, 2.0], [2.0, 5.0, 5.0], [2.0, 5.0, 1.0]]),
    "every block of two definite, the whole not": np.full((3, 3), -0.6) + 1.6 * np.eye(3),
    "nearly definite": np.array([[1.0, 1.0], [1.0, 1.0 - 1e-9]]),
    "tiny, indefinite": 1e-20 * np.array([[1.0, 2.0], [2.0, 1.0]]),
    "singular": np.array([[1.0, 1.0], [1.0, 1.0]]),
    "singular, last pivot": gram([1, 0], [2, 3], [-1, 1]),
    "singular up to rounding": gram([1, -2], [-3, -1], [0, 2]),
    "Laplacian of a complete graph": 14 * np.eye(14) - 1.0,
    "last pivot 75 eps, n = 8": last_pivot(75 * EPS, 8),
    "rank 3 of 5 up to rounding": gram([2, 1, -1], [0, 3, 0], [-3, 3, -3], [3, -2, 1], [0, -1, -2]),
}

NOT_SYMMETRIC = {
    "upper triangular": np.array([[1.0, 5.0], [0.0, 1.0]]),
    "lower triangular": np.array([[1.0, 0.0], [0.5, 1.0]]),
    "positive symmetric part": np.array([[2.0, 1.0], [-1.0, 2.0]]),
    "slightly": np.array([[2.0, 1.0], [1.0 + 1e-6, 2.0]]),
    "tiny": 1e-20 * np.array([[2.0, 1.0], [0.5, 2.0]]),
    "in the last entry": np.array([[4.0, 0.0, 0.0], [0.0, 4.0, 1.0], [0.0, 2.0, 4.0]]),
}

REFUSED = NOT_DEFINITE | {f"not symmetric: {name}": A for name, A in NOT_SYMMETRIC.items()}


def cases(table):
    return pytest.mark.parametrize("A", table.values(), ids=[name.replace(" ", "-") for name in table])


def spd(rng, n):
    """Symmetric with eigenvalues of at least 1/2."""
    B = rng.standard_normal((n, n))
    return B @ B.T + 0.5 * np.eye(n)


def assert_rounding(error, size, what):
    """Each error is no more than 8 n eps times the size of what was added up there."""
    assert_within(error / (len(error) * EPS * size + TINY), 8.0, f"{what} / (n eps size)")


def assert_factor(L, A):
    """L is the Cholesky factor of A: lower triangular, positive diagonal, A = L Lᵀ to rounding."""
    A, root = np.asarray(A, dtype=float), np.sqrt(np.diag(A))
    assert_close(L, np.tril(L), scale=np.abs(L).max())
    assert_same(np.diag(L) > 0, np.ones(len(A), dtype=bool))
    assert_rounding(A - L @ L.T, np.outer(root, root), "A - L Lᵀ")  # Σ_k |l_ik l_jk| <= sqrt(a_ii a_jj)


# --- by hand ---


def test_factor_by_hand(kata):
    """l_11 = √4, l_21 = 2 / l_11, l_22 = √(5 - l_21²)"""
    assert_close(kata.cholesky(A2), L2, scale=1.0)


def test_larger_factor_by_hand(kata):
    """A = L Lᵀ has this L and no other with a positive diagonal"""
    assert_close(kata.cholesky(A3), L3, scale=1.0)


def test_solve_by_hand(kata):
    """L Lᵀx = b gives back the x that b was made of: (1, 2), then (2, -1, 1)"""
    assert_close(kata.cho_solve(L2, np.array([8.0, 12.0])), np.array([1.0, 2.0]))
    assert_close(kata.cho_solve(L3, np.array([-1.0, 1.0, 9.0])), np.array([2.0, -1.0, 1.0]), scale=2.0)


def test_logdet_by_hand(kata):
    """log det A = 2 Σ log l_jj: det = 16 and det = 36"""
    assert_close(kata.logdet_spd(A2), np.log(16.0))
    assert_close(kata.logdet_spd(A3), np.log(36.0))


@cases(DEFINITE)
def test_definite_matrix_has_a_factor(kata, A):
    """A is positive definite: A = L Lᵀ"""
    assert_factor(kata.cholesky(A), A)


@cases(DEFINITE)
def test_definite_matrix_is_called_so(kata, A):
    assert_same(kata.is_positive_definite(A), True)


@cases(REFUSED)
def test_other_matrix_has_no_factor(kata, A):
    """A is not symmetric, or not positive definite: ValueError"""
    with pytest.raises(ValueError):
        kata.cholesky(A)


@cases(REFUSED)
def test_other_matrix_is_not_called_definite(kata, A):
    """A is not symmetric, or not positive definite: False, and no exception"""
    assert_same(kata.is_positive_definite(A), False)


@cases(REFUSED)
def test_other_matrix_has_no_logdet(kata, A):
    """A is not symmetric, or not positive definite: ValueError, neither NaN nor the log of |det A|"""
    with pytest.raises(ValueError):
        kata.logdet_spd(A)


# --- laws ---


@pytest.mark.parametrize("n", [1, 2, 3, 5, 8, 33])
def test_product_of_the_factor_is_the_matrix(kata, rng, n):
    """A = L Lᵀ, L lower triangular with a positive diagonal"""
    A = spd(rng, n)
    assert_factor(kata.cholesky(A), A)


def test_factor_of_fresh_numbers(kata, fresh_rng):
    """A = L Lᵀ, on other numbers each run"""
    A = spd(fresh_rng, 6)
    assert_factor(kata.cholesky(A), A)


def test_definite_is_where_all_eigenvalues_are_positive(kata, rng):
    """A - s I is positive definite for s below the smallest eigenvalue of A and for no s above it"""
    B = rng.standard_normal((6, 6))
    A = B + B.T
    smallest = reference.smallest_eigenvalue(A)
    for shift, verdict in [(-1.0, True), (-1e-6, True), (1e-6, False), (1.0, False), (4.0, False)]:
        assert_same(kata.is_positive_definite(A - (smallest + shift) * np.eye(6)), verdict)


def test_scaling_rows_and_columns_scales_the_factor(kata, rng):
    """D A D has the factor D L, however different the scales are: units do not decide about definiteness"""
    A, d = spd(rng, 5), 2.0 ** np.array([-40, 13, 0, 40, -7])
    L = kata.cholesky(A)
    assert_close(kata.cholesky(d[:, None] * A * d), d[:, None] * L, scale=d[:, None] * 10.0)


@pytest.mark.parametrize("columns", [(), (1,), (3,), (6,)], ids=["vector", "n-by-1", "n-by-3", "n-by-n"])
def test_solution_meets_the_equations(kata, rng, columns):
    """L Lᵀx = b for a vector b, and for each column of a matrix b"""
    L = np.tril(rng.standard_normal((6, 6)), -1) + np.diag([1.0, 3.0, 0.5, 2.0, 1.5, 0.8])
    b = rng.standard_normal((6, *columns))
    x = kata.cho_solve(L, b)
    assert_same(np.zeros_like(x), np.zeros(b.shape))  # shape and dtype
    assert_rounding(L @ (L.T @ x) - b, np.abs(L) @ np.abs(L.T) @ np.abs(x), "L Lᵀx - b")


def test_factor_and_solve_together(kata, rng):
    """cho_solve takes what cholesky returns, and the two solve A x = b"""
    A, b = spd(rng, 7), rng.standard_normal((7, 2))
    x = kata.cho_solve(kata.cholesky(A), b)
    assert_rounding(A @ x - b, np.abs(A).sum() * np.abs(x).max(), "A x - b")


def test_logdet_of_a_multiple(kata, rng):
    """log det (c A) = n log c + log det A"""
    A = spd(rng, 4)
    assert_close(kata.logdet_spd(16.0 * A), 4 * np.log(16.0) + kata.logdet_spd(A), scale=10.0)


# --- the oracle ---


@pytest.mark.parametrize("n", [2, 3, 4])
def test_factor_agrees_with_minors(kata, rng, n):
    """l_ij is a quotient of minors of A, the same in exact arithmetic"""
    A = spd(rng, n)
    assert_agrees(kata.cholesky, reference.cholesky, A, floor=np.sqrt(np.abs(A).max()))


@pytest.mark.parametrize("family", ["normal", "offset", "large", "small"])
def test_logdet_agrees_with_leibniz(kata, rng, family):
    """log det A is that of the sum over all permutations"""
    X = draw(rng, family, 9, 4)
    assert_agrees(kata.logdet_spd, reference.logdet_spd, X.T @ X, floor=10.0)


# --- nasty inputs ---


@pytest.mark.parametrize("family", ["normal", "uniform", "offset", "large", "small"])
def test_factor_of_a_gram_matrix(kata, rng, family):
    """XᵀX has a factor where the columns of X are independent, nearly equal ones included"""
    X = draw(rng, family, 9, 5)
    assert_factor(kata.cholesky(X.T @ X), X.T @ X)


@pytest.mark.parametrize("scale", [1e-20, 1e20])
def test_logdet_of_many_small_or_large_pivots(kata, scale):
    """log det(c I) = n log c, where the determinant itself is 0 or infinite as a float"""
    assert_close(kata.logdet_spd(scale * np.eye(20)), 20 * np.log(scale))


def test_substitution_does_not_mind_an_ill_conditioned_factor(kata, rng):
    """L Lᵀx = b to rounding where L has an inverse of 1e8: a product with it is not that good"""
    n = 30
    L = np.eye(n) - np.tril(rng.uniform(0.5, 1.0, (n, n)), -1)
    b = L @ (L.T @ np.ones(n))
    x = kata.cho_solve(L, b)
    assert_rounding(L @ (L.T @ x) - b, np.abs(L) @ np.abs(L.T) @ np.abs(x), "L Lᵀx - b")


def test_integers_are_taken_as_floats(kata):
    """roots, solutions and logarithms are no integers, whatever A and b hold"""
    A = np.array([[2, 1, 0], [1, 3, 1], [0, 1, 4]])
    assert_factor(kata.cholesky(A), A)
    assert_close(kata.logdet_spd(A), np.log(18.0))
    assert_close(kata.cho_solve(L2, np.array([1, 1])), np.array([0.1875, 0.125]), scale=1.0)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_any_memory_layout(kata, rng, layout):
    A, b = laid_out(layout, (spd(rng, 5), rng.standard_normal((5, 2))))
    L = kata.cholesky(A)
    assert_factor(L, A)
    x = kata.cho_solve(laid_out(layout, L), b)
    assert_rounding(L @ (L.T @ x) - b, np.abs(L) @ np.abs(L.T) @ np.abs(x), "L Lᵀx - b")
    assert_close(kata.logdet_spd(A), 2 * np.log(np.diag(L)).sum(), scale=10.0)


@pytest.mark.parametrize(("off", "wanted"), [(5e-9, False), (2e-11, True)])
def test_symmetry_is_judged_at_1e_10(kata, off, wanted):
    """an asymmetry of 5e-9 max|A| is one, of 2e-11 max|A| is none"""
    assert_same(kata.is_positive_definite(np.array([[1.0, 0.0], [off, 1.0]])), wanted)


def test_logdet_of_forty_small_or_large_pivots(kata):
    """log det(c I) = n log c, where already the product of the l_jj is 0 or infinite as a float"""
    for scale in (1e-20, 1e20, 1e-40):
        assert_close(kata.logdet_spd(scale * np.eye(40)), 40 * np.log(scale))


def test_integer_columns_are_taken_as_floats(kata):
    """an integer matrix b as well"""
    x = kata.cho_solve(L2, np.array([[1, 8], [1, 12]]))
    assert_close(x, np.array([[0.1875, 1.0], [0.125, 2.0]]), scale=1.0)


@pytest.mark.parametrize("n", [2, 8, 20])
@pytest.mark.parametrize(("factor", "wanted"), [(9.0, False), (11.0, True)])
def test_every_pivot_is_judged_at_10_n_eps(kata, n, factor, wanted):
    """d_j > 10 n eps a_jj, for the second pivot and for the last, in any units"""
    last = last_pivot(round(factor * n) * EPS, n)
    second = np.eye(n)
    second[:2, :2] = last[-2:, -2:]
    d = 2.0 ** -np.arange(n)
    for A in (last, second):
        assert_same(kata.is_positive_definite(A), wanted)
        assert_same(kata.is_positive_definite(d[:, None] * A * d), wanted)


@pytest.mark.parametrize("n", [2, 16])
@pytest.mark.parametrize(("off", "wanted"), [(1.2e-10, False), (0.8e-10, True)])
def test_symmetry_is_judged_by_the_largest_entry(kata, n, off, wanted):
    """|a_ij - a_ji| is compared with 1e-10 max|A|: not with a norm, a mean, a row or the diagonal entries of i, j"""
    for first in (0, n - 1):  # where the largest entry stands
        A = 1e-3 * np.eye(n)
        A[first, first] = 1.0
        A[-1, 0] = off
        assert_same(kata.is_positive_definite(A), wanted)
    A = np.eye(n)
    A[-1, 0] = off
    assert_same(kata.is_positive_definite(A), wanted)


def test_a_large_unit_in_the_same_row_makes_no_pivot_small(kata):
    """d_2 is compared with a_22, not with the largest entry of its row"""
    A = np.array([[1e20, 0.5], [0.5, 1e-20]])
    assert_factor(kata.cholesky(A), A)
