"""Power iteration: eigenvalues from products with A alone.

Multiply a vector by A, scale it to length 1, and again:

    x_0 = x0 / ‖x0‖        x_{k+1} = A x_k / ‖A x_k‖

Written in eigenvectors, every step multiplies the part along v_i by λ_i. The part along the eigenvalue of
largest modulus wins, and what is left of the others shrinks like |λ_2 / λ_1|^k. If λ_1 is negative, x_k
changes its sign at every step and never settles, yet its direction does. So convergence is not asked of x_k
but of the pair it makes with its Rayleigh quotient, the number λ for which ‖A x - λ x‖ is smallest:

    ρ(x) = xᵀA x / xᵀx              x_k has converged if ‖A x_k - ρ(x_k) x_k‖ <= tol ‖A‖_F

with Euclidean norms, ‖A‖_F = √(Σ a_ij²). Such a pair belongs to a matrix that differs from A by at most tol
‖A‖_F.

To reach any other eigenvalue, iterate with (A - shift I)⁻¹ in place of A. It has the same eigenvectors with
the eigenvalues 1 / (λ_i - shift), and the λ_i nearest to the shift has become the largest.

Throughout: A is (n, n) of float64, not necessarily symmetric; x0 is (n,) and not 0. Norms are Euclidean.

Rules: no eigenvalue or singular value routine of numpy or scipy, and no torch; np.linalg.solve and
np.linalg.norm are allowed. Inputs are read-only; results are new arrays.

Source: Golub & Van Loan, Matrix Computations, 4th ed., sec. 7.3, 8.2; Trefethen & Bau, Numerical Linear
Algebra, lect. 27.
"""

import numpy as np

EPS = float(np.finfo(np.float64).eps)


def rayleigh_quotient(A: np.ndarray, x: np.ndarray) -> float:
    """ρ(x) = xᵀA x / xᵀx, for an x of any length but 0.

    >>> rayleigh_quotient(np.array([[2.0, 1.0], [1.0, 2.0]]), np.array([3.0, 3.0]))
    3.0
    """
    raise NotImplementedError


def power_iteration(
    A: np.ndarray, x0: np.ndarray, tol: float = 1e-10, max_iter: int = 10_000
) -> tuple[float, np.ndarray, int]:
    """(ρ(x_k), x_k, k) for the first of x_0, x_1, x_2, ... that has converged.

    x_k comes with length 1 and either sign. k counts the multiplications that made it: 0 if x0 is an
    eigenvector already. ValueError if none of x_0, ..., x_max_iter has converged, as with two eigenvalues of
    largest modulus: λ and -λ, or a complex pair. Any x0 has converged for A = 0, and any that A maps to 0. An
    x0 without a part along v_1 leads to another eigenvalue; that is no error.

    >>> eigenvalue, x, k = power_iteration(np.array([[-3.0, 0.0], [0.0, 1.0]]), np.array([1.0, 1.0]))
    >>> round(eigenvalue, 9), np.abs(x).round(9), k
    (-3.0, array([1., 0.]), 22)
    """
    raise NotImplementedError


def inverse_iteration(
    A: np.ndarray, shift: float, x0: np.ndarray, tol: float = 1e-10, max_iter: int = 100
) -> tuple[float, np.ndarray]:
    """(ρ(x_k), x_k) for the first of x_0, x_1, x_2, ... that has converged, where A - shift I takes A's part:

        x_0 = x0 / ‖x0‖        (A - shift I) y = x_k,   x_{k+1} = y / ‖y‖

    ρ and the test for convergence are those of A, so the number returned is the eigenvalue of A that is
    nearest to the shift. x_k comes with length 1 and either sign. ValueError if none of x_0, ..., x_max_iter
    has converged, as with two eigenvalues at equal distance from the shift.

    The shift may be an eigenvalue. Then A - shift I is singular, exactly or nearly, and the answer is just
    that eigenvalue and its eigenvector: where the system cannot be solved, move the shift by some eps ‖A‖_F.

    >>> eigenvalue, x = inverse_iteration(np.array([[2.0, 1.0], [1.0, 2.0]]), 0.9, np.array([1.0, 0.0]))
    >>> round(eigenvalue, 9), np.abs(x).round(3)
    (1.0, array([0.707, 0.707]))
    """
    raise NotImplementedError
