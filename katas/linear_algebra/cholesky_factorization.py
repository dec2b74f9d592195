"""Cholesky factorization: the test for positive definiteness that also solves systems.

A symmetric matrix A is positive definite if xᵀA x > 0 for every x other than 0: a covariance, a kernel, a
Hessian at a strict minimum. Then, and only then, it has a factorization

    A = L Lᵀ      L lower triangular with a positive diagonal, and there is just one such L

Comparing entries column by column gives L, and the verdict on A with it:

    d_j  = a_jj - Σ_{k<j} l_jk²                     the pivot: what is left of a_jj
    l_jj = √d_j
    l_ij = (a_ij - Σ_{k<j} l_ik l_jk) / l_jj        for i > j

A is positive definite exactly if every pivot is positive. Where a_jj is used up, rounding leaves some n eps
a_jj in place of 0. A pivot is therefore taken as positive only if

    d_j > 10 n eps a_jj                             EPS below is eps = 2⁻⁵²

which depends on no unit: scaling rows and columns of A changes nothing. A is taken as symmetric if
|a_ij - a_ji| <= 1e-10 max|A| for all i, j: a product such as XᵀX may differ from its transpose by rounding.

Throughout: A is (n, n) of floats or integers, n >= 1, all finite; what comes back is float64.

Rules: the solvers, inverses, determinants, eigenvalues and factorizations of np.linalg are not allowed, nor
scipy or torch. Inputs are read-only; results are new arrays.

Source: Golub & Van Loan, Matrix Computations, 4th ed., sec. 4.2; Boyd & Vandenberghe, Convex Optimization,
app. C.
"""

import numpy as np

EPS = float(np.finfo(np.float64).eps)


def cholesky(A: np.ndarray) -> np.ndarray:
    """L of shape (n, n), zeros above its diagonal, with A = L Lᵀ.

    ValueError if A is not symmetric, or not positive definite; both as said above.

    >>> cholesky(np.array([[4.0, 2.0], [2.0, 5.0]]))
    array([[2., 0.],
           [1., 2.]])
    """
    raise NotImplementedError


def is_positive_definite(A: np.ndarray) -> bool:
    """Whether A is symmetric and positive definite: True exactly where `cholesky` has a factor; never raises.

    >>> is_positive_definite(np.array([[2.0, 1.0], [1.0, 2.0]]))
    True
    >>> is_positive_definite(np.array([[1.0, 2.0], [2.0, 1.0]]))  # (1, -1) gives xᵀA x = -2
    False
    """
    raise NotImplementedError


def cho_solve(L: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The x with L Lᵀx = b: first L y = b from the top, then Lᵀx = y from the bottom.

    L: (n, n) as `cholesky` returns it. b: (n,) or (n, k) of floats or integers; (n, k) is k right-hand sides,
    one a column. Returns x with the shape of b.

    Cost: O(n²) for each right-hand side. Nothing is factored or inverted: substitution meets the equations to
    rounding however ill-conditioned L is, a product with its inverse does not.

    >>> cho_solve(np.array([[2.0, 0.0], [1.0, 2.0]]), np.array([8.0, 12.0]))
    array([1., 2.])
    """
    raise NotImplementedError


def logdet_spd(A: np.ndarray) -> float:
    """log det A = 2 Σ log l_jj, as in the density of a Gaussian; ValueError where `cholesky` raises it.

    The determinant itself is no float for long: that of 1e-20 I with n = 20 is 1e-400, and underflows to 0.

    >>> logdet_spd(np.array([[4.0, 0.0], [0.0, 0.25]]))
    0.0
    """
    raise NotImplementedError
