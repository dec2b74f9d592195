"""Oracle for matrix_calculus_gradients: the complex step on the functions themselves, entry by entry.

Im f(X + ihE) / h is the derivative along E to rounding: no formula for a gradient is used here. The
logarithm is never taken of a complex number: the derivative of log |det| is that of det over det, whatever
its sign.
"""

import numpy as np

STEP = 1e-30


def _gradient(f, X):
    """∂f / ∂X[i, j] for each entry of X."""
    G = np.zeros(X.shape)
    for index in np.ndindex(X.shape):
        Z = X.astype(np.complex128)
        Z[index] += 1j * STEP
        G[index] = f(Z).imag / STEP
    return G


def grad_quadratic_form(A, x):
    return _gradient(lambda z: sum(A[i, j] * z[i] * z[j] for i in range(len(z)) for j in range(len(z))), x)


def grad_logdet(A):
    return _gradient(lambda Z: np.linalg.det(Z) / np.linalg.det(A), A)


def grad_inverse_form(A, a, b):
    return _gradient(lambda Z: a @ np.linalg.solve(Z, b), A)


def grad_frobenius(A, X, B, C):
    return _gradient(lambda Z: ((A @ Z @ B - C) ** 2).sum() / 2, X)
