"""Known answers for matrix_calculus_gradients."""

import numpy as np

from dojo.answers import accepted, rejected


@accepted("sums over indices, one derivative at a time")
class by_index:
    def grad_quadratic_form(A, x):
        return np.einsum("ij,j->i", A, x) + np.einsum("ji,j->i", A, x)

    def grad_frobenius(A, X, B, C):
        R = np.einsum("im,mn,nj->ij", A, X, B) - C
        G = np.zeros_like(X)
        for k in range(X.shape[0]):
            for l in range(X.shape[1]):
                G[k, l] = sum(R[i, j] * A[i, k] * B[l, j] for i in range(len(A)) for j in range(B.shape[1]))
        return G


@accepted("the singular value decomposition A = U S Vᵀ, with A⁻ᵀ = U S⁻¹ Vᵀ")
class by_svd:
    def grad_logdet(A):
        U, s, Vt = np.linalg.svd(A)
        if s[-1] == 0:
            raise ValueError("A is singular")
        return U / s @ Vt

    def grad_inverse_form(A, a, b):
        U, s, Vt = np.linalg.svd(A)
        if s[-1] == 0:
            raise ValueError("A is singular")
        return -np.outer(U @ (Vt @ a / s), Vt.T @ (U.T @ b / s))


@accepted("a Gauss-Jordan elimination of one's own, and the products in another order")
class own_elimination:
    def grad_logdet(A):
        return _eliminated(A, np.eye(len(A))).T.copy()

    def grad_inverse_form(A, a, b):
        return -_eliminated(A, _eliminated(A.T, np.outer(a, b)).T).T

    def grad_frobenius(A, X, B, C):
        return A.T @ A @ X @ (B @ B.T) - A.T @ C @ B.T


def _eliminated(A, B):
    """A⁻¹ B"""
    n, M = len(A), np.hstack([A, B])
    for k in range(n):
        pivot = k + np.argmax(np.abs(M[k:, k]))
        if M[pivot, k] == 0:
            raise ValueError("A is singular")
        M[[k, pivot]] = M[[pivot, k]]
        for i in range(k + 1, n):
            M[i] -= M[i, k] / M[k, k] * M[k]
    X = np.zeros(B.shape)
    for k in range(n - 1, -1, -1):
        X[k] = (M[k, n:] - M[k, k + 1 : n] @ X[k + 1 :]) / M[k, k]
    return X


@rejected("2Ax is the gradient for symmetric A only; in general it is (A + Aᵀ)x")
def grad_quadratic_form(A, x):
    return 2 * A @ x


@rejected("x stands twice in xᵀA x, so there are two terms: A x and Aᵀx")
def grad_quadratic_form(A, x):
    return A @ x


@rejected("this is A⁻¹: the derivative by A[i, j] is A⁻¹[j, i]")
def grad_logdet(A):
    return np.linalg.solve(A, np.eye(len(A)))


@rejected("the derivative of log |det| by a matrix that stays symmetric; here each entry is a variable of its own")
def grad_logdet(A):
    G = np.linalg.solve(A.T, np.eye(len(A)))
    return G + G.T - np.diag(np.diag(G)) if np.array_equal(A, A.T) else G


@rejected("log det is no number where det < 0: log |det| is asked for, with the same gradient A⁻ᵀ")
def grad_logdet(A):
    G = np.linalg.solve(A.T, np.eye(len(A)))
    return G * np.sign(np.linalg.det(A))


@rejected("cofactors over det: right on paper, but det overflows long before log |det| does")
def grad_logdet(A):
    n, det = len(A), np.linalg.det(A)
    if det == 0:
        raise ValueError("singular")
    if n == 1:
        return 1 / A
    minors = [[np.linalg.det(np.delete(np.delete(A, i, 0), j, 1)) for j in range(n)] for i in range(n)]
    return np.array(minors) * (-1.0) ** np.add.outer(range(n), range(n)) / det


@rejected("the sign: d(A⁻¹) = -A⁻¹ dA A⁻¹")
def grad_inverse_form(A, a, b):
    return np.outer(np.linalg.solve(A.T, a), np.linalg.solve(A, b))


@rejected("a and b have changed places: A⁻ᵀa belongs to the rows, A⁻¹b to the columns")
def grad_inverse_form(A, a, b):
    return -np.outer(np.linalg.solve(A.T, b), np.linalg.solve(A, a))


@rejected("the result is transposed: (∇f)[i, j] is the derivative by A[i, j]")
def grad_inverse_form(A, a, b):
    return -np.outer(np.linalg.solve(A, b), np.linalg.solve(A.T, a))


@rejected("A⁻¹ a bᵀ A⁻¹: both inverses are transposed in the gradient")
def grad_inverse_form(A, a, b):
    return -np.outer(np.linalg.solve(A, a), np.linalg.solve(A.T, b))


@rejected("an inverse is formed and multiplied with: for ill-conditioned A the residual is not of rounding size")
def grad_inverse_form(A, a, b):
    inverse = np.linalg.solve(A, np.eye(len(A)))
    return -np.outer(inverse.T @ a, inverse @ b)


@rejected("½ ‖·‖² is differentiated to the residual, without a factor 2")
def grad_frobenius(A, X, B, C):
    return 2 * A.T @ (A @ X @ B - C) @ B.T


@rejected("the residual is left out: this is the gradient of <C, A X B>")
def grad_frobenius(A, X, B, C):
    return A.T @ C @ B.T


@rejected("a central difference: half of the digits are lost in the subtraction")
def grad_frobenius(A, X, B, C):
    G, h = np.zeros_like(X), 1e-6
    for index in np.ndindex(X.shape):
        E = np.zeros_like(X)
        E[index] = h
        up, down = (((A @ Y @ B - C) ** 2).sum() / 2 for Y in (X + E, X - E))
        G[index] = (up - down) / (2 * h)
    return G
