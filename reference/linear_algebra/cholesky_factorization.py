"""Oracle for cholesky_factorization: every entry of L from determinants, in rational numbers.

With D_k the determinant of the first k rows and columns of A (D_0 = 1), and M_ij that of the rows 1 ... j-1,
i and the columns 1 ... j:

    l_ij = M_ij / sqrt(D_{j-1} D_j)          so l_jj² = D_j / D_{j-1}

All of it is exact until the square root. The verdict comes from the eigenvalues.
"""

import math

import numpy as np

from reference.linear_algebra.lu_partial_pivoting import determinant, fractions


def cholesky(A):
    """L from the minors of A, which is not checked."""
    rows, n = fractions(A), len(A)

    def minor(which, size):
        return determinant([rows[i][:size] for i in which]) if size else 1

    L = np.zeros((n, n))
    for j in range(n):
        squared = minor(range(j), j) * minor(range(j + 1), j + 1)
        for i in range(j, n):
            M = minor([*range(j), i], j + 1)
            L[i, j] = math.copysign(math.sqrt(M * M / squared), M)
    return L


def logdet_spd(A):
    """The logarithm of Leibniz's sum."""
    det = determinant(fractions(A))
    return math.log(det.numerator) - math.log(det.denominator)


def smallest_eigenvalue(A):
    """A symmetric A is positive definite where this is positive."""
    return float(np.linalg.eigvalsh(A)[0])
