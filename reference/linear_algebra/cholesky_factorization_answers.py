"""Known answers for cholesky_factorization."""

import math

import numpy as np

from dojo.answers import accepted, equivalent, rejected


@accepted("right-looking: each column found is taken out of the whole rest at once, as in elimination")
def cholesky(A):
    A = np.array(A, dtype=float)
    n = len(A)
    if (np.abs(A - A.T) > 1e-10 * np.abs(A).max()).any():
        raise ValueError("not symmetric")
    used_up = 10 * n * EPS * A.diagonal()
    L = np.zeros_like(A)
    for k in range(n):
        if not A[k, k] > used_up[k]:
            raise ValueError("not positive definite")
        L[k:, k] = A[k:, k] / math.sqrt(A[k, k])
        A = A - np.outer(L[:, k], L[:, k])
    return L


@accepted("entry by entry in plain loops, row by row, with correctly rounded sums")
def cholesky(A):
    n = len(A)
    a = [[float(value) for value in row] for row in A]
    largest = max(abs(value) for row in a for value in row)
    L = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(i + 1):
            if abs(a[i][j] - a[j][i]) > 1e-10 * largest:
                raise np.linalg.LinAlgError("not symmetric")
            left = math.fsum([a[i][j], *(-L[i][k] * L[j][k] for k in range(j))])
            if i > j:
                L[i][j] = left / L[j][j]
            elif left > 10 * n * 2.0**-52 * a[i][i]:
                L[i][i] = math.sqrt(left)
            else:
                raise np.linalg.LinAlgError("not positive definite")
    return np.array(L)


@accepted("elimination without square roots, A = M D Mᵀ, and the roots of D at the end; logdet from D alone")
class square_root_free:
    def _eliminate(A):
        W = np.array(A, dtype=float)
        n = len(W)
        tolerance = 10 * n * EPS * np.diag(W).copy()
        if np.max(np.abs(W - W.T)) > 1e-10 * np.max(np.abs(W)):
            raise ValueError("not symmetric")
        M = np.eye(n)
        for k in range(n):
            if W[k, k] <= tolerance[k]:
                raise ValueError("not positive definite")
            M[k + 1 :, k] = W[k + 1 :, k] / W[k, k]
            W[k + 1 :, k + 1 :] -= np.outer(M[k + 1 :, k], W[k + 1 :, k])
        return M, np.diag(W)

    def cholesky(A):
        M, d = _eliminate(A)
        return M * np.sqrt(d)

    def logdet_spd(A):
        return float(np.log(_eliminate(A)[1]).sum())


@accepted("substitution by columns: as soon as an unknown is there it is taken out of all other equations")
def cho_solve(L, b):
    x = np.array(b, dtype=float)
    n = len(x)
    for j in range(n):
        x[j] /= L[j, j]
        x[j + 1 :] -= np.multiply.outer(L[j + 1 :, j], x[j])
    for j in range(n - 1, -1, -1):
        x[j] /= L[j, j]
        x[:j] -= np.multiply.outer(L[j, :j], x[j])
    return x


@rejected("no look at the symmetry: half of A is never read, so any matrix passes for a symmetric one")
def cholesky(A):
    A = np.asarray(A, dtype=float)
    n = len(A)
    L = np.zeros((n, n))
    for j in range(n):
        pivot = A[j, j] - L[j, :j] @ L[j, :j]
        if pivot <= 10 * n * EPS * A[j, j]:
            raise ValueError("not positive definite")
        L[j, j] = np.sqrt(pivot)
        L[j + 1 :, j] = (A[j + 1 :, j] - L[j + 1 :, :j] @ L[j, :j]) / L[j, j]
    return L


@rejected("A == A.T to the last bit: a product such as XᵀX may differ from its transpose by rounding")
def cholesky(A):
    A = np.asarray(A, dtype=float)
    n = len(A)
    if (A != A.T).any():
        raise ValueError("not symmetric")
    L = np.zeros((n, n))
    for j in range(n):
        pivot = A[j, j] - L[j, :j] @ L[j, :j]
        if pivot <= 10 * n * EPS * A[j, j]:
            raise ValueError("not positive definite")
        L[j, j] = np.sqrt(pivot)
        L[j + 1 :, j] = (A[j + 1 :, j] - L[j + 1 :, :j] @ L[j, :j]) / L[j, j]
    return L


@rejected("the tolerance on the symmetry is absolute: below 1e-8 np.allclose takes any matrix for symmetric")
def cholesky(A):
    A = np.asarray(A, dtype=float)
    n = len(A)
    if not np.allclose(A, A.T, rtol=1e-10):
        raise ValueError("not symmetric")
    L = np.zeros((n, n))
    for j in range(n):
        pivot = A[j, j] - L[j, :j] @ L[j, :j]
        if pivot <= 10 * n * EPS * A[j, j]:
            raise ValueError("not positive definite")
        L[j, j] = np.sqrt(pivot)
        L[j + 1 :, j] = (A[j + 1 :, j] - L[j + 1 :, :j] @ L[j, :j]) / L[j, j]
    return L


@rejected("a pivot of 0 passes: a singular matrix is not positive definite, whatever rounding makes of its 0")
def cholesky(A):
    A = np.asarray(A, dtype=float)
    if np.abs(A - A.T).max() > 1e-10 * np.abs(A).max():
        raise ValueError("not symmetric")
    L = np.zeros(A.shape)
    for j in range(len(A)):
        pivot = A[j, j] - L[j, :j] @ L[j, :j]
        if pivot < 0:
            raise ValueError("not positive definite")
        L[j, j] = np.sqrt(pivot)
        L[j + 1 :, j] = (A[j + 1 :, j] - L[j + 1 :, :j] @ L[j, :j]) / L[j, j]
    return L


@rejected("a pivot left by rounding passes for a positive one: d > 0 where d > 10 n eps a_jj is asked")
def cholesky(A):
    A = np.asarray(A, dtype=float)
    if np.abs(A - A.T).max() > 1e-10 * np.abs(A).max():
        raise ValueError("not symmetric")
    L = np.zeros(A.shape)
    for j in range(len(A)):
        pivot = A[j, j] - L[j, :j] @ L[j, :j]
        if pivot <= 0:
            raise ValueError("not positive definite")
        L[j, j] = np.sqrt(pivot)
        L[j + 1 :, j] = (A[j + 1 :, j] - L[j + 1 :, :j] @ L[j, :j]) / L[j, j]
    return L


@rejected("the tolerance on the pivots knows nothing of n: it is 10 n eps a_jj")
def cholesky(A):
    A = np.asarray(A, dtype=float)
    if np.abs(A - A.T).max() > 1e-10 * np.abs(A).max():
        raise ValueError("not symmetric")
    L = np.zeros(A.shape)
    for j in range(len(A)):
        pivot = A[j, j] - L[j, :j] @ L[j, :j]
        if pivot <= 10 * EPS * A[j, j]:
            raise ValueError("not positive definite")
        L[j, j] = np.sqrt(pivot)
        L[j + 1 :, j] = (A[j + 1 :, j] - L[j + 1 :, :j] @ L[j, :j]) / L[j, j]
    return L


@rejected("the tolerance on the pivots is absolute: 1e-20 I is as positive definite as I")
def cholesky(A):
    A = np.asarray(A, dtype=float)
    if np.abs(A - A.T).max() > 1e-10 * np.abs(A).max():
        raise ValueError("not symmetric")
    L = np.zeros(A.shape)
    for j in range(len(A)):
        pivot = A[j, j] - L[j, :j] @ L[j, :j]
        if pivot <= 1e-12:
            raise ValueError("not positive definite")
        L[j, j] = np.sqrt(pivot)
        L[j + 1 :, j] = (A[j + 1 :, j] - L[j + 1 :, :j] @ L[j, :j]) / L[j, j]
    return L


@rejected("a pivot is compared with the largest entry of A: a small unit in one row makes no matrix singular")
def cholesky(A):
    A = np.asarray(A, dtype=float)
    n = len(A)
    if np.abs(A - A.T).max() > 1e-10 * np.abs(A).max():
        raise ValueError("not symmetric")
    L = np.zeros(A.shape)
    for j in range(n):
        pivot = A[j, j] - L[j, :j] @ L[j, :j]
        if pivot <= 10 * n * EPS * np.abs(A).max():
            raise ValueError("not positive definite")
        L[j, j] = np.sqrt(pivot)
        L[j + 1 :, j] = (A[j + 1 :, j] - L[j + 1 :, :j] @ L[j, :j]) / L[j, j]
    return L


@rejected("the root of a negative pivot is NaN, not an error: look at the pivot before its root is taken")
def cholesky(A):
    A = np.asarray(A, dtype=float)
    if np.abs(A - A.T).max() > 1e-10 * np.abs(A).max():
        raise ValueError("not symmetric")
    L = np.zeros(A.shape)
    for j in range(len(A)):
        L[j, j] = np.sqrt(A[j, j] - L[j, :j] @ L[j, :j])
        L[j + 1 :, j] = (A[j + 1 :, j] - L[j + 1 :, :j] @ L[j, :j]) / L[j, j]
    return L


@rejected("a small multiple of I is added until it works: that is the factor of another matrix")
def cholesky(A):
    A = np.asarray(A, dtype=float)
    n = len(A)
    if np.abs(A - A.T).max() > 1e-10 * np.abs(A).max():
        raise ValueError("not symmetric")
    A = A + 1e-10 * np.trace(A) / n * np.eye(n)
    L = np.zeros((n, n))
    for j in range(n):
        pivot = A[j, j] - L[j, :j] @ L[j, :j]
        if pivot <= 10 * n * EPS * A[j, j]:
            raise ValueError("not positive definite")
        L[j, j] = np.sqrt(pivot)
        L[j + 1 :, j] = (A[j + 1 :, j] - L[j + 1 :, :j] @ L[j, :j]) / L[j, j]
    return L


@rejected("this is the upper factor, Lᵀ: A = L Lᵀ wants the lower one")
class upper:
    def cholesky(A):
        A = np.asarray(A, dtype=float)
        n = len(A)
        if np.abs(A - A.T).max() > 1e-10 * np.abs(A).max():
            raise ValueError("not symmetric")
        R = np.zeros((n, n))
        for j in range(n):
            pivot = A[j, j] - R[:j, j] @ R[:j, j]
            if pivot <= 10 * n * EPS * A[j, j]:
                raise ValueError("not positive definite")
            R[j, j] = np.sqrt(pivot)
            R[j, j + 1 :] = (A[j, j + 1 :] - R[:j, j] @ R[:j, j + 1 :]) / R[j, j]
        return R


@rejected("the columns are not divided by the root of the pivot: this is L D, not L")
def cholesky(A):
    A = np.asarray(A, dtype=float)
    n = len(A)
    if np.abs(A - A.T).max() > 1e-10 * np.abs(A).max():
        raise ValueError("not symmetric")
    L = np.zeros((n, n))
    for j in range(n):
        pivot = A[j, j] - L[j, :j] @ L[j, :j]
        if pivot <= 10 * n * EPS * A[j, j]:
            raise ValueError("not positive definite")
        L[j, j] = np.sqrt(pivot)
        L[j + 1 :, j] = A[j + 1 :, j] - L[j + 1 :, :j] @ L[j, :j]
    return L


@rejected("a positive diagonal is not enough: [[1, 2], [2, 1]] has the eigenvalue -1")
def is_positive_definite(A):
    return bool(np.abs(A - A.T).max() <= 1e-10 * np.abs(A).max() and (np.diag(A) > 0).all())


@rejected("a positive determinant is not enough: that of -I is 1 for an even n")
def is_positive_definite(A):
    def det(A):
        if len(A) == 1:
            return A[0, 0]
        minor = [np.delete(A[1:], j, axis=1) for j in range(len(A))]
        return sum((-1) ** j * A[0, j] * det(minor[j]) for j in range(len(A)))

    symmetric = np.abs(A - A.T).max() <= 1e-10 * np.abs(A).max()
    return bool(symmetric and (len(A) > 6 or det(A) > 0))


@rejected("a dominant diagonal is more than is asked: [[1, 2], [2, 5]] is positive definite")
def is_positive_definite(A):
    off = np.abs(A).sum(axis=1) - np.abs(np.diag(A))
    return bool(np.abs(A - A.T).max() <= 1e-10 * np.abs(A).max() and (np.diag(A) > off).all())


@rejected("random directions prove nothing: xᵀA x may be negative in the one that was not tried")
def is_positive_definite(A):
    x = np.random.default_rng(0).standard_normal((1000, len(A)))
    return bool(np.abs(A - A.T).max() <= 1e-10 * np.abs(A).max() and ((x @ A) * x).sum(axis=1).min() > 0)


@rejected("the question gets an exception for an answer: where there is no factor it is False")
def is_positive_definite(A):
    cholesky(A)
    return True


@rejected("both systems are solved with L: the second one is Lᵀx = y, from the bottom")
def cho_solve(L, b):
    x = np.array(b, dtype=float)
    for _ in range(2):
        for i in range(len(x)):
            x[i] = (x[i] - L[i, :i] @ x[:i]) / L[i, i]
    return x


@rejected("this is L y = b only: Lᵀx = y is still to be solved")
def cho_solve(L, b):
    x = np.array(b, dtype=float)
    for i in range(len(x)):
        x[i] = (x[i] - L[i, :i] @ x[:i]) / L[i, i]
    return x


@rejected("the transposed system comes first: A = L Lᵀ, so L y = b is the outer one")
def cho_solve(L, b):
    x = np.array(b, dtype=float)
    for i in reversed(range(len(x))):
        x[i] = (x[i] - L[i + 1 :, i] @ x[i + 1 :]) / L[i, i]
    for i in range(len(x)):
        x[i] = (x[i] - L[i, :i] @ x[:i]) / L[i, i]
    return x


@rejected("the diagonal of L is taken for ones, as in LU: each step divides by l_ii")
def cho_solve(L, b):
    x = np.array(b, dtype=float)
    for i in range(len(x)):
        x[i] = x[i] - L[i, :i] @ x[:i]
    for i in reversed(range(len(x))):
        x[i] = x[i] - L[i + 1 :, i] @ x[i + 1 :]
    return x


@rejected("the inverse of L is formed: where it is large, its product with b misses the equations by far")
def cho_solve(L, b):
    X = np.eye(len(L))
    for i in range(len(L)):
        X[i] = (X[i] - L[i, :i] @ X[:i]) / L[i, i]
    return X.T @ (X @ b)


@rejected("integers in b stay integers: the solution is cut to whole numbers")
def cho_solve(L, b):
    x = b.copy()
    for i in range(len(x)):
        x[i] = (x[i] - L[i, :i] @ x[:i]) / L[i, i]
    for i in reversed(range(len(x))):
        x[i] = (x[i] - L[i + 1 :, i] @ x[i + 1 :]) / L[i, i]
    return x.astype(float)


@rejected("this is log √det A: the diagonal of L counts twice, once for L and once for Lᵀ")
def logdet_spd(A):
    return float(np.sum(np.log(np.diag(cholesky(A)))))


@rejected("the diagonal is multiplied before the logarithm: det(1e-20 I) underflows to 0")
def logdet_spd(A):
    return float(np.log(np.prod(np.diag(cholesky(A))) ** 2))


@rejected("the logarithm of |det A| exists for other matrices too: this one is asked to refuse them")
def logdet_spd(A):
    W = np.array(A, dtype=float)
    for k in range(len(W)):
        W[k + 1 :] -= np.outer(W[k + 1 :, k] / W[k, k], W[k])
    return float(np.sum(np.log(np.abs(np.diag(W)))))


equivalent(
    "if np.abs(A - A.T).max() > 1e-10 * np.abs(A).max():",
    "if np.abs(A - A.T).max() >= 1e-10 * np.abs(A).max():",
    "they differ where both sides are equal, in practice for A = 0, which is refused by its pivot as well",
)
