"""Known answers for lu_partial_pivoting."""

from itertools import combinations

import numpy as np

from dojo.answers import accepted, equivalent, rejected


@accepted("dot products in plain loops, row k of U and column k of L at a time; ties go to the last row")
def lu_factor(A):
    n = len(A)
    rows = [[float(value) for value in row] for row in A]
    perm = list(range(n))
    L = [[0.0] * n for _ in range(n)]
    U = [[0.0] * n for _ in range(n)]
    for k in range(n):
        rest = [rows[i][k] - sum(L[i][m] * U[m][k] for m in range(k)) for i in range(k, n)]
        p = max(range(n - k), key=lambda i: (abs(rest[i]), i))
        rest[0], rest[p] = rest[p], rest[0]
        for order in (rows, perm, L):
            order[k], order[k + p] = order[k + p], order[k]
        for j in range(k, n):
            U[k][j] = rest[0] if j == k else rows[k][j] - sum(L[k][m] * U[m][j] for m in range(k))
        L[k][k] = 1.0
        for i in range(k + 1, n):
            L[i][k] = rest[i - k] / rest[0] if rest[0] else 0.0
    return np.array(perm), np.array(L), np.array(U)


@accepted("elimination as a product of elementary matrices, the permutation as a matrix of its own")
def lu_factor(A):
    U = np.array(A, dtype=float)
    n = len(U)
    P, L = np.eye(n), np.zeros((n, n))
    for k in range(n):
        swap = np.eye(n)
        p = max(range(k, n), key=lambda i: abs(U[i, k]))
        swap[[k, p]] = swap[[p, k]]
        P, L, U = swap @ P, swap @ L, swap @ U
        L[k, k] = 1
        if U[k, k] == 0:
            continue
        M = np.eye(n)
        M[k + 1 :, k] = -U[k + 1 :, k] / U[k, k]
        L[k + 1 :, k] = -M[k + 1 :, k]
        U = M @ U
        U[k + 1 :, k] = 0
    return P.argmax(axis=1), L, U


@accepted("recursion on the left and the right half of the columns")
class recursive:
    def lu_factor(A):
        A = np.array(A, dtype=float)
        n = len(A)
        perm, W = _panel(A)
        return perm, np.tril(W, -1) + np.eye(n), np.triu(W)

    def _panel(A):
        m, n = A.shape
        if n == 1:
            perm = np.arange(m)
            p = np.abs(A[:, 0]).argmax()
            perm[[0, p]] = perm[[p, 0]]
            W = A[perm]
            if W[0, 0]:
                W[1:] /= W[0]
            return perm, W
        h = n // 2
        perm, left = _panel(A[:, :h])
        right = A[perm, h:]
        for i in range(h):
            right[i] -= left[i, :i] @ right[:i]
        right[h:] -= left[h:] @ right[:h]
        below, low = _panel(right[h:])
        left[h:] = left[h:][below]
        right[h:] = low
        perm[h:] = perm[h:][below]
        return perm, np.hstack([left, right])


@accepted("substitution by columns: as soon as an unknown is there it is taken out of all other equations")
def lu_solve(perm, L, U, b):
    x = np.array(b, dtype=float)[perm]
    n = len(perm)
    for j in range(n):
        x[j + 1 :] -= np.multiply.outer(L[j + 1 :, j], x[j])
    for j in range(n - 1, -1, -1):
        x[j] /= U[j, j]
        x[:j] -= np.multiply.outer(U[:j, j], x[j])
    return x


@accepted("sign from the inversions of perm, logarithm of the singular case left to numpy")
def slogdet(A):
    perm, _, U = lu_factor(A)
    sign = (-1.0) ** sum(a > b for a, b in combinations(perm, 2))
    for value in U.diagonal():
        sign *= np.sign(value)
    return sign + 0.0, np.log(np.abs(U.diagonal())).sum()


@rejected("no rows are swapped: a zero pivot divides by zero, a tiny one rounds the other rows away")
def lu_factor(A):
    U = np.array(A, dtype=float)
    n = len(U)
    L = np.eye(n)
    for k in range(n):
        if U[k, k] != 0:
            L[k + 1 :, k] = U[k + 1 :, k] / U[k, k]
            U[k + 1 :] -= np.outer(L[k + 1 :, k], U[k])
    return np.arange(n), L, np.triu(U)


@rejected("rows are swapped only where the pivot is 0: a tiny one is as bad")
def lu_factor(A):
    W = np.array(A, dtype=float)
    n = len(W)
    perm = np.arange(n)
    for k in range(n):
        p = k + (np.argmax(np.abs(W[k:, k])) if W[k, k] == 0 else 0)
        W[[k, p]] = W[[p, k]]
        perm[[k, p]] = perm[[p, k]]
        if W[k, k] != 0:
            W[k + 1 :, k] /= W[k, k]
            W[k + 1 :, k + 1 :] -= np.outer(W[k + 1 :, k], W[k, k + 1 :])
    return perm, np.tril(W, -1) + np.eye(n), np.triu(W)


@rejected("the multipliers in L stay behind when rows are swapped: they belong to their row and go with it")
def lu_factor(A):
    U = np.array(A, dtype=float)
    n = len(U)
    perm, L = np.arange(n), np.eye(n)
    for k in range(n):
        p = k + np.argmax(np.abs(U[k:, k]))
        U[[k, p]] = U[[p, k]]
        perm[[k, p]] = perm[[p, k]]
        if U[k, k] != 0:
            L[k + 1 :, k] = U[k + 1 :, k] / U[k, k]
            U[k + 1 :] -= np.outer(L[k + 1 :, k], U[k])
    return perm, L, np.triu(U)


@rejected("the pivot is the largest entry with its sign: -8 is larger than 1 in absolute value")
def lu_factor(A):
    W = np.array(A, dtype=float)
    n = len(W)
    perm = np.arange(n)
    for k in range(n):
        p = k + np.argmax(W[k:, k])
        W[[k, p]] = W[[p, k]]
        perm[[k, p]] = perm[[p, k]]
        if W[k, k] != 0:
            W[k + 1 :, k] /= W[k, k]
            W[k + 1 :, k + 1 :] -= np.outer(W[k + 1 :, k], W[k, k + 1 :])
    return perm, np.tril(W, -1) + np.eye(n), np.triu(W)


@rejected("the pivot is weighed by the size of its row: that is scaled pivoting, and |l_ij| <= 1 is lost")
def lu_factor(A):
    W = np.array(A, dtype=float)
    n = len(W)
    perm, size = np.arange(n), np.abs(W).max(axis=1)
    size[size == 0] = 1
    for k in range(n):
        p = k + np.argmax(np.abs(W[k:, k]) / size[k:])
        for rows in (W, perm, size):
            rows[[k, p]] = rows[[p, k]]
        if W[k, k] != 0:
            W[k + 1 :, k] /= W[k, k]
            W[k + 1 :, k + 1 :] -= np.outer(W[k + 1 :, k], W[k, k + 1 :])
    return perm, np.tril(W, -1) + np.eye(n), np.triu(W)


@rejected("argmax counts from the diagonal, not from the first row: add k to it")
def lu_factor(A):
    W = np.array(A, dtype=float)
    n = len(W)
    perm = np.arange(n)
    for k in range(n):
        p = np.argmax(np.abs(W[k:, k]))
        W[[k, p]] = W[[p, k]]
        perm[[k, p]] = perm[[p, k]]
        if W[k, k] != 0:
            W[k + 1 :, k] /= W[k, k]
            W[k + 1 :, k + 1 :] -= np.outer(W[k + 1 :, k], W[k, k + 1 :])
    return perm, np.tril(W, -1) + np.eye(n), np.triu(W)


@rejected("integers stay integers: the multipliers are cut to whole numbers")
def lu_factor(A):
    W = np.array(A)
    n = len(W)
    perm = np.arange(n)
    for k in range(n):
        p = k + np.argmax(np.abs(W[k:, k]))
        W[[k, p]] = W[[p, k]]
        perm[[k, p]] = perm[[p, k]]
        if W[k, k] != 0:
            W[k + 1 :, k] = W[k + 1 :, k] / W[k, k]
            W[k + 1 :, k + 1 :] -= np.outer(W[k + 1 :, k], W[k, k + 1 :])
    return perm, np.tril(W, -1) + np.eye(n), np.triu(W).astype(float)


@rejected("works in the caller's matrix: copy A before the first swap")
def lu_factor(A):
    n = len(A)
    perm = np.arange(n)
    for k in range(n):
        p = k + np.argmax(np.abs(A[k:, k]))
        A[[k, p]] = A[[p, k]]
        perm[[k, p]] = perm[[p, k]]
        if A[k, k] != 0:
            A[k + 1 :, k] /= A[k, k]
            A[k + 1 :, k + 1 :] -= np.outer(A[k + 1 :, k], A[k, k + 1 :])
    return perm, np.tril(A, -1) + np.eye(n), np.triu(A)


@rejected("this is the inverse permutation: A[perm] is L U, not A = (L U)[perm]")
def lu_factor(A):
    W = np.array(A, dtype=float)
    n = len(W)
    perm = np.arange(n)
    for k in range(n):
        p = k + np.argmax(np.abs(W[k:, k]))
        W[[k, p]] = W[[p, k]]
        perm[[k, p]] = perm[[p, k]]
        if W[k, k] != 0:
            W[k + 1 :, k] /= W[k, k]
            W[k + 1 :, k + 1 :] -= np.outer(W[k + 1 :, k], W[k, k + 1 :])
    return np.argsort(perm), np.tril(W, -1) + np.eye(n), np.triu(W)


@rejected("a zero pivot is divided by: the column is eliminated already, go on with the next one")
def lu_factor(A):
    W = np.array(A, dtype=float)
    n = len(W)
    perm = np.arange(n)
    for k in range(n):
        p = k + np.argmax(np.abs(W[k:, k]))
        W[[k, p]] = W[[p, k]]
        perm[[k, p]] = perm[[p, k]]
        W[k + 1 :, k] /= W[k, k]
        W[k + 1 :, k + 1 :] -= np.outer(W[k + 1 :, k], W[k, k + 1 :])
    return perm, np.tril(W, -1) + np.eye(n), np.triu(W)


@rejected("elimination ends at the first zero pivot: the columns after it are left as they are")
def lu_factor(A):
    W = np.array(A, dtype=float)
    n = len(W)
    perm = np.arange(n)
    for k in range(n):
        p = k + np.argmax(np.abs(W[k:, k]))
        W[[k, p]] = W[[p, k]]
        perm[[k, p]] = perm[[p, k]]
        if W[k, k] == 0:
            break
        W[k + 1 :, k] /= W[k, k]
        W[k + 1 :, k + 1 :] -= np.outer(W[k + 1 :, k], W[k, k + 1 :])
    return perm, np.tril(W, -1) + np.eye(n), np.triu(W)


@rejected("a small pivot is taken for 0 by an absolute tolerance: 1e-15 A is no more singular than A")
def lu_factor(A):
    W = np.array(A, dtype=float)
    n = len(W)
    perm = np.arange(n)
    for k in range(n):
        p = k + np.argmax(np.abs(W[k:, k]))
        W[[k, p]] = W[[p, k]]
        perm[[k, p]] = perm[[p, k]]
        if abs(W[k, k]) < 1e-12:
            W[k:, k] = 0
        else:
            W[k + 1 :, k] /= W[k, k]
            W[k + 1 :, k + 1 :] -= np.outer(W[k + 1 :, k], W[k, k + 1 :])
    return perm, np.tril(W, -1) + np.eye(n), np.triu(W)


@rejected("a pivot far below the largest entry is taken for 0: only an exact 0 shows that A is singular")
def slogdet(A):
    perm, _, U = lu_factor(A)
    u = U.diagonal()
    if np.abs(u).min() <= len(u) * np.finfo(float).eps * np.abs(A).max():
        return 0.0, -np.inf
    return float(_parity(perm) * np.prod(np.sign(u))), float(np.sum(np.log(np.abs(u))))


@rejected("L and U in one array: U wants zeros below its diagonal, L ones on it and zeros above")
def lu_factor(A):
    W = np.array(A, dtype=float)
    n = len(W)
    perm = np.arange(n)
    for k in range(n):
        p = k + np.argmax(np.abs(W[k:, k]))
        W[[k, p]] = W[[p, k]]
        perm[[k, p]] = perm[[p, k]]
        if W[k, k] != 0:
            W[k + 1 :, k] /= W[k, k]
            W[k + 1 :, k + 1 :] -= np.outer(W[k + 1 :, k], W[k, k + 1 :])
    return perm, W, W.copy()


@rejected("the swaps are forgotten: each of them changes the sign of the determinant")
def slogdet(A):
    _, _, U = lu_factor(A)
    u = U.diagonal()
    return float(np.prod(np.sign(u))), float(np.sum(np.log(np.abs(u))))


@rejected("rows out of place are no swaps: a cycle of three is two swaps, though three rows have moved")
def slogdet(A):
    perm, _, U = lu_factor(A)
    u = U.diagonal()
    sign = (-1.0) ** np.sum(perm != np.arange(len(perm)))
    return float(sign * np.prod(np.sign(u))), float(np.sum(np.log(np.abs(u))))


@rejected("the sign is that of the permutation alone: negative pivots count as well")
def slogdet(A):
    perm, _, U = lu_factor(A)
    u = U.diagonal()
    return float(_parity(perm) if u.all() else 0), float(np.sum(np.log(np.abs(u))))


@rejected("the pivots are multiplied before the logarithm: the product overflows or underflows")
def slogdet(A):
    perm, _, U = lu_factor(A)
    det = _parity(perm) * np.prod(U.diagonal())
    return float(np.sign(det)), float(np.log(abs(det)))


@rejected("the determinant of a singular matrix has sign 0: neither 1 nor NaN")
def slogdet(A):
    perm, _, U = lu_factor(A)
    u = U.diagonal()
    return float(_parity(perm) * np.prod(u / np.abs(u))), float(np.sum(np.log(np.abs(u))))


@rejected("b is not reordered: row i of L U is row perm[i] of A, so equation i asks for b[perm[i]]")
def lu_solve(perm, L, U, b):
    x = np.array(b, dtype=float)
    for i in range(len(x)):
        x[i] -= L[i, :i] @ x[:i]
    for i in reversed(range(len(x))):
        x[i] = (x[i] - U[i, i + 1 :] @ x[i + 1 :]) / U[i, i]
    return x


@rejected("b is reordered by the inverse permutation: it is b[perm], not y[perm] = b")
def lu_solve(perm, L, U, b):
    x = np.empty(b.shape)
    x[perm] = b
    for i in range(len(x)):
        x[i] -= L[i, :i] @ x[:i]
    for i in reversed(range(len(x))):
        x[i] = (x[i] - U[i, i + 1 :] @ x[i + 1 :]) / U[i, i]
    return x


@rejected("the columns of b are reordered, not its rows: each column is a right-hand side")
def lu_solve(perm, L, U, b):
    x = np.array(b[perm] if b.ndim == 1 or b.shape[1] != len(perm) else b[:, perm], dtype=float)
    for i in range(len(x)):
        x[i] -= L[i, :i] @ x[:i]
    for i in reversed(range(len(x))):
        x[i] = (x[i] - U[i, i + 1 :] @ x[i + 1 :]) / U[i, i]
    return x


@rejected("every b becomes a vector: an (n, 1) matrix b gives an (n, 1) matrix of solutions")
def lu_solve(perm, L, U, b):
    x = np.array(b, dtype=float)[perm]
    for i in range(len(x)):
        x[i] -= L[i, :i] @ x[:i]
    for i in reversed(range(len(x))):
        x[i] = (x[i] - U[i, i + 1 :] @ x[i + 1 :]) / U[i, i]
    return np.squeeze(x)


@rejected("triangular inverses are formed: where they are large, their product with b misses A x = b by far")
def lu_solve(perm, L, U, b):
    def inverse(T):
        X = np.eye(len(T))
        for i in range(len(T)):
            X[i] = (X[i] - T[i, :i] @ X[:i]) / T[i, i]
        return X

    return inverse(U[::-1, ::-1])[::-1, ::-1] @ (inverse(L) @ np.array(b, dtype=float)[perm])


@rejected("integers in b stay integers: the solution is cut to whole numbers")
def lu_solve(perm, L, U, b):
    x = b[perm]
    for i in range(len(x)):
        x[i] = x[i] - L[i, :i] @ x[:i]
    for i in reversed(range(len(x))):
        x[i] = (x[i] - U[i, i + 1 :] @ x[i + 1 :]) / U[i, i]
    return x.astype(float)


equivalent(
    "if not pivots.all():",
    "if not pivots.any():",
    "numpy's log 0 is -inf and its sign 0 is 0, with a warning",
)
equivalent("if not pivots.all():", "if False:", "the same: the branch only spares the warning")
equivalent(
    "sign = _parity(perm) * np.prod(np.sign(pivots))",
    "sign = _parity(perm) / np.prod(np.sign(pivots))",
    "1 / -1 is -1: among signs division is multiplication",
)
