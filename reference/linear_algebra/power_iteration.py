"""Oracle for power_iteration: the whole iteration at once, from LAPACK's eigenvalues of a symmetric matrix.

With A = V diag(λ) Vᵀ and c = Vᵀx0, the k-th iterate has the coordinates c_i λ_i^k, scaled to length 1. So has
inverse iteration with 1 / (λ_i - shift) for λ_i. Each x_k comes from x0 directly; nothing is multiplied by A.
"""

import math

import numpy as np


def rayleigh_quotient(A, x):
    """xᵀA x / xᵀx, both sums correctly rounded."""
    n = range(len(x))
    return math.fsum(x[i] * A[i, j] * x[j] for i in n for j in n) / math.fsum(x[i] * x[i] for i in n)


def _first_converged(eigenvalues, factors, c, tol):
    """(ρ, coordinates, k) of the first k whose residual is at most tol ‖A‖_F."""
    enough = tol * math.sqrt(math.fsum(eigenvalues**2))  # ‖A‖_F² is the sum of λ_i²
    for k in range(10**5):
        x = c * (factors / np.abs(factors).max()) ** k
        x = x / np.linalg.norm(x)
        rho = math.fsum(eigenvalues * x**2)
        if np.linalg.norm((eigenvalues - rho) * x) <= enough:
            return rho, x, k
    raise ValueError("no convergence")


def power_iteration(A, x0, tol=1e-10):
    """(ρ(x_k), x_k, k) of the first x_k that has converged; A is symmetric."""
    eigenvalues, V = np.linalg.eigh(A)
    rho, x, k = _first_converged(eigenvalues, eigenvalues, V.T @ x0, tol)
    return rho, V @ x, k


def inverse_iteration(A, shift, x0, tol=1e-10):
    """(ρ(x_k), x_k) of the first x_k that has converged; A is symmetric, the shift no eigenvalue."""
    eigenvalues, V = np.linalg.eigh(A)
    rho, x, _ = _first_converged(eigenvalues, 1 / (eigenvalues - shift), V.T @ x0, tol)
    return rho, V @ x
