from itertools import permutations

import numpy as np
import pytest

from dojo.testing import (
    LAYOUTS,
    VALUES,
    assert_agrees,
    assert_close,
    assert_same,
    assert_within,
    draw,
    laid_out,
)
from reference.linear_algebra import lu_partial_pivoting as reference

EPS, TINY = np.finfo(float).eps, np.finfo(float).tiny

# Both swaps of this one are needed, the second one after a multiplier was found; perm is a cycle of three.
CYCLE = np.array([[-1.0, 0.5, -1.0], [4.0, 2.0, 0.0], [2.0, 3.0, 4.0]])
FACTORS = (
    np.array([1, 2, 0]),
    np.array([[1.0, 0.0, 0.0], [0.5, 1.0, 0.0], [-0.25, 0.5, 1.0]]),
    np.array([[4.0, 2.0, 0.0], [0.0, 2.0, 4.0], [0.0, 0.0, -3.0]]),
)

SINGULAR = {  # small integers and powers of two: in exact arithmetic or not, a pivot is exactly 0
    "zero": np.zeros((3, 3)),
    "one by one": np.array([[0.0]]),
    "zero column": np.array([[0.0, 2.0, 1.0], [0.0, 1.0, 3.0], [0.0, 4.0, 1.0]]),
    "zero row": np.array([[2.0, 1.0, 4.0], [0.0, 0.0, 0.0], [1.0, 3.0, 1.0]]),
    "last pivot zero": np.array([[1.0, 2.0], [2.0, 4.0]]),
    "rank one": np.outer([1.0, -4.0, 2.0], [1.0, -2.0, 0.5]),
    "a zero column appears": np.array(
        [[2.0, 4.0, 6.0, 2.0], [1.0, 2.0, 5.0, 3.0], [1.0, 2.0, 1.0, 8.0], [-1.0, -2.0, 4.0, 1.0]]
    ),
}


def assert_rounding(error, size, what):
    """Each error is no more than 4 n eps times the size of what was added up there."""
    assert_within(error / (len(error) * EPS * size + TINY), 4.0, f"{what} / (n eps size)")


def assert_factors(perm, L, U, A):
    """perm, L, U are factors of A with partial pivoting. No more is asked of them, as pivots may tie."""
    A, n = np.asarray(A, dtype=float), len(A)
    assert_same(np.sort(perm), np.arange(n))
    assert_close(L, np.tril(L, -1) + np.eye(n), scale=1.0)
    assert_close(U, np.triu(U), scale=n * np.abs(U).max())
    assert_rounding(A[perm] - L @ U, np.abs(L) @ np.abs(U), "A[perm] - L U")
    assert_within(L, 1 + 1e-12, "l_ij")


def assert_solves(x, perm, L, U, b):
    """x meets L U x = b[perm] to rounding: the backward error of substitution, whatever the condition."""
    assert_same(np.zeros_like(x), np.zeros(b.shape))  # shape and dtype
    assert_rounding(L @ (U @ x) - b[perm], np.abs(L) @ np.abs(U) @ np.abs(x), "L U x - b[perm]")


# --- by hand ---


def test_factors_by_hand(kata):
    """each pivot is unique, so perm, L and U are: row i of L U is row perm[i] of A"""
    assert_close(kata.lu_factor(CYCLE), FACTORS, scale=4.0)


def test_solve_by_hand(kata):
    """x = (1, -1, 2) comes back from b = A x"""
    assert_close(kata.lu_solve(*FACTORS, np.array([-3.5, 2.0, 7.0])), np.array([1.0, -1.0, 2.0]))


@pytest.mark.parametrize(
    ("A", "sign", "det"),
    [
        ([[-3.0]], -1.0, 3.0),
        ([[0.0, 1.0], [1.0, 0.0]], -1.0, 1.0),
        ([[1.0, 2.0], [3.0, 4.0]], -1.0, 2.0),
        ([[3.0, 4.0], [1.0, 2.0]], 1.0, 2.0),
        ([[-1.0, 0.5, -1.0], [4.0, 2.0, 0.0], [2.0, 3.0, 4.0]], -1.0, 24.0),
    ],
    ids=["one-by-one", "one-swap", "one-swap-and-a-negative-pivot", "no-swap", "two-swaps"],
)
def test_determinant_by_hand(kata, A, sign, det):
    """det is the product of the pivots, times -1 for each swap"""
    assert_close(kata.slogdet(np.array(A)), (sign, float(np.log(det))), scale=1.0)


# --- laws ---


@pytest.mark.parametrize("n", [1, 2, 3, 5, 8, 33])
def test_rows_of_A_are_the_product_of_the_factors(kata, rng, n):
    """A[perm] = L U with |l_ij| <= 1, L unit lower and U upper triangular"""
    A = rng.standard_normal((n, n))
    assert_factors(*kata.lu_factor(A), A)


def test_factors_of_fresh_numbers(kata, fresh_rng):
    """A[perm] = L U with |l_ij| <= 1, on other numbers each run"""
    A = fresh_rng.standard_normal((6, 6))
    assert_factors(*kata.lu_factor(A), A)


def test_every_permutation_has_its_parity(kata):
    """det of a permutation matrix is +1 for an even permutation and -1 for an odd one"""
    for s in permutations(range(4)):
        inversions = sum(s[i] > s[j] for i in range(4) for j in range(i + 1, 4))
        assert_close(kata.slogdet(np.eye(4)[list(s)]), ((-1.0) ** inversions, 0.0), scale=1.0)


def test_determinant_changes_sign_with_two_rows(kata, rng):
    """det of A with two rows swapped is -det A"""
    A = rng.standard_normal((7, 7))
    sign, log = kata.slogdet(A)
    swapped = kata.slogdet(A[[0, 5, 2, 3, 4, 1, 6]])
    assert_close(swapped, (-sign, log), scale=100.0)


@pytest.mark.parametrize("columns", [(), (1,), (3,), (6,)], ids=["vector", "n-by-1", "n-by-3", "n-by-n"])
def test_solution_meets_the_equations(kata, rng, columns):
    """A x = b for a vector b and for each column of a matrix b, with any perm, L and U"""
    n = 6
    perm = np.array([2, 0, 3, 5, 1, 4])
    L = np.tril(rng.standard_normal((n, n)), -1) + np.eye(n)
    U = np.triu(rng.standard_normal((n, n)), 1) + np.diag([1.0, -2.0, 0.5, 3.0, -1.0, 2.0])
    b = rng.standard_normal((n, *columns))
    x = kata.lu_solve(perm, L, U, b)
    assert_solves(x, perm, L, U, b)


def test_factor_and_solve_together(kata, rng):
    """lu_solve takes what lu_factor returns, and the two solve A x = b"""
    A, b = rng.standard_normal((9, 9)), rng.standard_normal((9, 2))
    x = kata.lu_solve(*kata.lu_factor(A), b)
    assert_rounding(A @ x - b, np.abs(A).sum() * np.abs(x).max(), "A x - b")


# --- the oracle ---


@pytest.mark.parametrize("family", ["normal", "uniform", "offset", "large", "small", "mixed", "ties"])
def test_determinant_agrees_with_leibniz(kata, rng, family):
    """(sign, log |det A|) is that of the sum over all permutations"""
    assert_agrees(kata.slogdet, reference.slogdet, draw(rng, family, 4, 4), floor=10.0)


@pytest.mark.parametrize("columns", [(), (2,)], ids=["vector", "n-by-2"])
def test_solution_agrees_with_cramer(kata, rng, columns):
    """x_i = det(A with b as column i) / det A"""
    L = np.array([[1.0, 0.0, 0.0], [-0.5, 1.0, 0.0], [0.3, 0.7, 1.0]])
    U = np.array([[3.0, -1.0, 2.0], [0.0, -2.0, 1.0], [0.0, 0.0, 1.5]])
    b = rng.standard_normal((3, *columns))
    assert_agrees(kata.lu_solve, reference.lu_solve, np.array([2, 0, 1]), L, U, b, floor=np.abs(b).max())


def test_determinant_agrees_with_the_library(kata, fresh_rng):
    """np.linalg.slogdet says the same of a matrix too large to expand"""
    A = fresh_rng.standard_normal((30, 30))
    assert_agrees(kata.slogdet, reference.library_slogdet, A, floor=30.0)


# --- nasty inputs ---


@pytest.mark.parametrize("tiny", [1e-20, 0.0, -1e-20])
def test_a_tiny_pivot_is_not_taken(kata, tiny):
    """without a swap 1 - 1/1e-20 loses the 1, and the row below is gone"""
    A = np.array([[tiny, 1.0], [1.0, 1.0]])
    assert_factors(*kata.lu_factor(A), A)


def test_the_pivot_is_largest_in_absolute_value(kata):
    """-8 is a larger pivot than 1"""
    A = np.array([[1.0, 2.0, 3.0], [-8.0, 1.0, 2.0], [0.5, -7.0, 1.0]])
    assert_factors(*kata.lu_factor(A), A)


def test_the_pivot_is_not_weighed_by_its_row(kata):
    """the largest entry of the column is taken, however large the rest of its row"""
    A = np.array([[10.0, 1e6, 1e6], [9.0, 1.0, 2.0], [1.0, 3.0, 1.0]])
    assert_factors(*kata.lu_factor(A), A)


@pytest.mark.parametrize("family", sorted(VALUES))
def test_factors_of_any_values(kata, rng, family):
    """A[perm] = L U: tiny, huge, tied and mixed magnitudes, constant and zero matrices"""
    A = draw(rng, family, 5, 5)
    assert_factors(*kata.lu_factor(A), A)


@pytest.mark.parametrize("name", SINGULAR, ids=lambda name: name.replace(" ", "-"))
def test_singular_matrix_has_factors(kata, name):
    """a column without a pivot is left as it is, and the next one is eliminated"""
    assert_factors(*kata.lu_factor(SINGULAR[name]), SINGULAR[name])


@pytest.mark.parametrize("name", SINGULAR, ids=lambda name: name.replace(" ", "-"))
def test_determinant_of_a_singular_matrix(kata, name):
    """an exactly zero pivot gives (0, -inf), not NaN"""
    assert_same(kata.slogdet(SINGULAR[name]), (0.0, -np.inf))


@pytest.mark.parametrize("scale", [1e-200, 1e-15, 1e200])
def test_only_an_exact_zero_is_a_zero_pivot(kata, scale):
    """log |det(c A)| = n log c + log |det A|, also where det(c A) itself is no float"""
    assert_close(kata.slogdet(scale * CYCLE), (-1.0, 3 * np.log(scale) + np.log(24.0)), scale=10.0)


def test_a_pivot_tiny_beside_the_others_is_no_zero(kata):
    """det diag(1, 1e-20, -1e30) = -1e10: small against the other pivots is not singular"""
    A = np.diag([1.0, 1e-20, -1e30])
    assert_factors(*kata.lu_factor(A), A)
    assert_close(kata.slogdet(A), (-1.0, 10 * np.log(10.0)), scale=100.0)


def test_determinant_of_many_small_pivots(kata):
    """log det(1e-20 I) = n log 1e-20, where the product of the pivots underflows to 0"""
    assert_close(kata.slogdet(1e-20 * np.eye(20)), (1.0, 20 * np.log(1e-20)), scale=1000.0)


def test_growth_of_the_pivots_is_allowed(kata):
    """Wilkinson's matrix: each step of partial pivoting nearly doubles the last column, and that is right"""
    n, c = 60, 0.875  # multipliers just below 1, so that no pivots tie
    A = np.eye(n) - c * np.tril(np.ones((n, n)), -1)
    A[:, -1] = 1.0
    perm, L, U = kata.lu_factor(A)
    assert_factors(perm, L, U, A)
    assert_close(U[:, -1], (1 + c) ** np.arange(n), ulps=10 * n)


@pytest.mark.parametrize("which", ["L", "U"])
def test_substitution_does_not_mind_ill_conditioned_factors(kata, rng, which):
    """L U x = b[perm] to rounding where L or U has an inverse of 1e8: a product with it is not that good"""
    n = 30
    ill = np.eye(n) - np.tril(rng.uniform(0.5, 1.0, (n, n)), -1)
    L, U = (ill, np.eye(n) + 0.1 * np.eye(n, k=2)) if which == "L" else (np.eye(n), ill.T)
    perm = rng.permutation(n)
    b = np.empty(n)
    b[perm] = L @ (U @ np.ones(n))
    assert_solves(kata.lu_solve(perm, L, U, b), perm, L, U, b)


def test_integers_are_taken_as_floats(kata):
    """multipliers and solutions are fractions, whatever A and b hold"""
    A, b = np.array([[2, 3, 1], [5, 2, 7], [1, 8, 3]]), np.array([3, 1, 2])
    perm, L, U = kata.lu_factor(A)
    assert_factors(perm, L, U, A)
    assert_solves(kata.lu_solve(perm, L, U, b), perm, L, U, b)
    assert_close(kata.slogdet(A), (-1.0, float(np.log(86.0))), scale=10.0)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_any_memory_layout(kata, rng, layout):
    A, b = laid_out(layout, (rng.standard_normal((5, 5)), rng.standard_normal((5, 2))))
    perm, L, U = kata.lu_factor(A)
    assert_factors(perm, L, U, A)
    perm, L, U = laid_out(layout, (perm, L, U))
    assert_solves(kata.lu_solve(perm, L, U, b), perm, L, U, b)


def test_integer_columns_are_taken_as_floats(kata):
    """an integer matrix b as well: its solutions are fractions"""
    perm, L, U = FACTORS
    b = np.array([[-3, -1], [2, 2], [7, 5]])
    assert_solves(kata.lu_solve(perm, L, U, b), perm, L, U, b)


def test_a_pivot_tiny_beside_its_column_is_no_zero(kata):
    """det [[1, 1e20], [0, 1]] = 1: a pivot is not measured by its column or row either"""
    A = np.array([[1.0, 1e20], [0.0, 1.0]])
    assert_factors(*kata.lu_factor(A), A)
    assert_close(kata.slogdet(A), (1.0, 0.0), scale=1.0)


def test_rows_tiny_beside_the_others_are_eliminated(kata):
    """a block 1e-20 times the rest still has its pivots: nothing is taken for 0 beside a large entry"""
    A = np.zeros((4, 4))
    A[0, 0] = 1e20
    A[1:, 1:] = CYCLE
    assert_factors(*kata.lu_factor(A), A)


def test_nearly_equal_entries_do_not_tie(kata):
    """1 + 1e-6 is a larger pivot than 1, and 2e-9 than 1e-9: no tolerance, or |l_ij| is above 1"""
    A = np.array([[1.0, 2.0, 0.5], [1.0 + 1e-6, 1.0, 3.0], [0.5, 4.0, 1.0]])
    for scale in (1.0, 1e-9):
        assert_factors(*kata.lu_factor(scale * A), scale * A)
