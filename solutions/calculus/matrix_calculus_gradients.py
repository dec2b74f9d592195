"""Gradients of four scalar functions of vectors and matrices.

    f(x) = xᵀA x                   ∇f = (A + Aᵀ) x
    f(A) = log |det A|             ∇f = A⁻ᵀ
    f(A) = aᵀA⁻¹ b                 ∇f = -A⁻ᵀ a bᵀ A⁻ᵀ
    f(X) = ½ ‖A X B - C‖²_F        ∇f = Aᵀ (A X B - C) Bᵀ

The gradient by a matrix has the shape of that matrix, (∇f)[i, j] = ∂f / ∂X[i, j], and each entry is a
variable of its own, also where the matrix happens to be symmetric. To derive such a formula write the
differential as df = <G, dX> = tr(Gᵀ dX), with tr(MN) = tr(NM) and d(A⁻¹) = -A⁻¹ dA A⁻¹, and read off G.

These are the gradients of linear regression (the last one, with B = I) and of the Gaussian log-likelihood
-½ log det Σ - ½ (x - μ)ᵀ Σ⁻¹ (x - μ) by its mean and its covariance. All arrays are float64.

Rules: closed forms; no numerical differences, no automatic differentiation (torch, jax, autograd). No
inverse is formed to be multiplied with, since np.linalg.solve errs less: np.linalg.inv and pinv may not be
called. Inputs are read-only; results are new arrays.

Source: Petersen & Pedersen, The Matrix Cookbook, sec. 2; Magnus & Neudecker, Matrix Differential Calculus,
ch. 9.
"""

import numpy as np


def grad_quadratic_form(A: np.ndarray, x: np.ndarray) -> np.ndarray:
    """The gradient of xᵀA x by x. A: (n, n), not symmetric in general; x: (n,). Returns (n,).

    >>> grad_quadratic_form(np.array([[1.0, 2.0], [0.0, 3.0]]), np.array([1.0, 1.0]))
    array([4., 8.])
    """
    return A @ x + x @ A  # A x + Aᵀx, (n,)


def grad_logdet(A: np.ndarray) -> np.ndarray:
    """The gradient of log |det A| by A. A: (n, n) with a determinant of any sign and size. Returns (n, n).

    det A itself may overflow or underflow. ValueError if A is exactly singular (numpy's LinAlgError is one).

    >>> grad_logdet(np.array([[0.0, 2.0], [4.0, 0.0]]))
    array([[0.  , 0.5 ],
           [0.25, 0.  ]])
    """
    return np.linalg.solve(A.T, np.eye(len(A)))  # here the inverse itself is wanted


def grad_inverse_form(A: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The gradient of aᵀA⁻¹b by A. A: (n, n); a, b: (n,). Returns (n, n).

    For an ill-conditioned A as well, the result G solves Aᵀ G Aᵀ = -a bᵀ up to an error of 10 n ε ‖A‖² ‖G‖
    (Frobenius norms, ε = 2.2e-16): as solving does, and multiplying by an inverse does not. ValueError if A
    is exactly singular.

    >>> grad_inverse_form(np.array([[2.0, 0.0], [0.0, 4.0]]), np.array([2.0, 4.0]), np.array([4.0, 4.0]))
    array([[-2., -1.],
           [-2., -1.]])
    """
    u = np.linalg.solve(A.T, a)  # A⁻ᵀa
    w = np.linalg.solve(A, b)  # A⁻¹b: bᵀA⁻ᵀ is its transpose
    return -np.outer(u, w)  # (n, n)


def grad_frobenius(A: np.ndarray, X: np.ndarray, B: np.ndarray, C: np.ndarray) -> np.ndarray:
    """The gradient of ½ ‖A X B - C‖²_F by X. A: (p, m), X: (m, n), B: (n, q), C: (p, q). Returns (m, n).

    >>> grad_frobenius(np.array([[1.0, 2.0]]), np.array([[1.0], [1.0]]), np.array([[3.0]]), np.array([[8.0]]))
    array([[3.],
           [6.]])
    """
    residual = A @ X @ B - C  # (p, q)
    return A.T @ residual @ B.T  # (m, p) (p, q) (q, n)
