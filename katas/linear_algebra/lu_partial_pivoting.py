"""LU factorization with partial pivoting: how linear systems are solved, and determinants computed.

Elimination subtracts multiples of one row from the rows below it. Written down, it is a factorization of the
matrix with its rows reordered:

    A[perm] = L U      L unit lower triangular, U upper triangular, |l_ij| <= 1

Column by column: among the entries at and below the diagonal take the largest in absolute value as the pivot
(any of them, where several are equal), swap its row up, and subtract l_ik = u_ik / u_kk times row k from
every row i below. The pivot being the largest is what |l_ij| <= 1 says. Without it a tiny pivot makes huge
multipliers, and what the other rows held is rounded away.

With the factors at hand, A x = b is two triangular systems for every new b, and det A = sign(perm) u_11 ...
u_nn, where sign(perm) is +1 or -1 as an even or an odd number of swaps sorts perm.

Rules: the solvers, inverses, determinants and factorizations of np.linalg are not allowed, nor scipy or
torch. Inputs are read-only; results are new arrays.

Source: Golub & Van Loan, Matrix Computations, 4th ed., ch. 3; Trefethen & Bau, Numerical Linear Algebra,
lect. 20-22.
"""

import numpy as np


def lu_factor(A: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(perm, L, U) with A[perm] = L U and |l_ij| <= 1.

    A: (n, n) of floats or integers, n >= 1. Any such matrix has these factors, a singular one too: where a
    column holds nothing but zeros at and below the diagonal there is nothing to eliminate, u_kk is 0, and the
    next column is taken. Only an exact 0 counts as that.

    Returns perm: (n,) int64, a permutation of 0 ... n-1: row i of L U is row perm[i] of A.
    L, U: (n, n) float64, each a whole matrix: L has ones on its diagonal and zeros above, U has zeros below.

    >>> perm, L, U = lu_factor(np.array([[1.0, 3.0], [2.0, 4.0]]))
    >>> perm
    array([1, 0])
    >>> L
    array([[1. , 0. ],
           [0.5, 1. ]])
    >>> U
    array([[2., 4.],
           [0., 1.]])
    """
    raise NotImplementedError


def lu_solve(perm: np.ndarray, L: np.ndarray, U: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The x with A x = b for A[perm] = L U: first L y = b[perm] from the top, then U x = y from the bottom.

    perm, L, U: as `lu_factor` returns them, of an A that is not singular: U has no 0 on its diagonal.
    b: (n,) or (n, k) of floats or integers; (n, k) is k right-hand sides, one a column.
    Returns x, float64, with the shape of b.

    Cost: O(n²) for each right-hand side. Nothing is factored or inverted: substitution meets A x = b to
    rounding however ill-conditioned L and U are, a product with inverses does not.

    >>> lu_solve(np.array([1, 0]), np.array([[1.0, 0.0], [0.5, 1.0]]), np.array([[2.0, 4.0], [0.0, 1.0]]),
    ...          np.array([5.0, 8.0]))
    array([2., 1.])
    """
    raise NotImplementedError


def slogdet(A: np.ndarray) -> tuple[float, float]:
    """(sign, log |det A|) with sign 1.0 or -1.0; (0.0, -inf) where an exactly zero pivot shows det A = 0.

    A: (n, n) of floats or integers, n >= 1. The product of the pivots overflows or underflows long before its
    logarithm is large: det(1e-20 I) with n = 20 is 1e-400, no float. So logarithms are added.

    >>> slogdet(np.array([[0.0, 1.0], [1.0, 0.0]]))
    (-1.0, 0.0)
    >>> slogdet(np.array([[1.0, 2.0], [2.0, 4.0]]))
    (0.0, -inf)
    """
    raise NotImplementedError
