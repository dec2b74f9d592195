"""Oracle for lu_partial_pivoting: Leibniz's sum and Cramer's rule in rational numbers, where nothing rounds.

    det A = sum over permutations s of sign(s) a_{1,s(1)} ... a_{n,s(n)}
    x_i   = det(A with b as column i) / det A

Every float is a fraction, so both are exact until the last step. No elimination and no pivots, but n! terms.
"""

import math
from fractions import Fraction
from itertools import combinations, permutations

import numpy as np


def determinant(rows):
    """Leibniz's sum over the permutations, of a list of rows."""
    n = len(rows)

    def term(s):
        inversions = sum(a > b for a, b in combinations(s, 2))
        return (-1) ** inversions * math.prod((rows[i][s[i]] for i in range(n)), start=Fraction(1))

    return sum(map(term, permutations(range(n))))


def fractions(A):
    """The rows of A as exact fractions."""
    return [[Fraction(float(value)) for value in row] for row in A]


def slogdet(A):
    """(sign, log |det A|) from the exact determinant."""
    det = determinant(fractions(A))
    if det == 0:
        return 0.0, -math.inf
    # log of a fraction: its terms may be far out of a float's range
    return math.copysign(1.0, det), math.log(abs(det.numerator)) - math.log(det.denominator)


def lu_solve(perm, L, U, b):
    """x by Cramer's rule for A with A[perm] = L U, both exact."""
    L, U, n = fractions(L), fractions(U), len(perm)
    A = [[] for _ in range(n)]
    for i, row in enumerate(perm):
        A[row] = [sum(L[i][k] * U[k][j] for k in range(n)) for j in range(n)]
    columns = fractions(np.asarray(b).reshape(n, -1).T)  # one right-hand side each
    det = determinant(A)

    def solve(column):
        replaced = [[[*row[:i], value, *row[i + 1 :]] for row, value in zip(A, column, strict=True)] for i in range(n)]
        return [float(determinant(rows) / det) for rows in replaced]

    return np.array([solve(column) for column in columns]).T.reshape(np.shape(b))


def library_slogdet(A):
    """numpy's own answer, which is LAPACK's LU; for matrices too large for Leibniz."""
    sign, log = np.linalg.slogdet(A)
    return float(sign), float(log)
