"""Oracle for ridge_as_constraint: least squares on more data, traces by columns, and gradient descent step by step.

ridge is plain least squares once d rows are added that ask for √lam w = 0; it is solved by LAPACK's
complete orthogonal factorization, without singular values. The effective number of parameters is the
trace of the map from y to X w, found column by column. The filter of early stopping is what gradient
descent does, one step after the other.
"""

import numpy as np
import scipy.linalg


def ridge(X, y, lam):
    n, d = X.shape
    if lam == np.inf:
        return np.zeros(d)
    A, b = np.vstack([X, np.sqrt(lam) * np.eye(d)]), np.concatenate([y, np.zeros(d)])
    if lam == 0:
        A, b = X, y
    return scipy.linalg.lstsq(A, b, cond=max(n, d) * np.finfo(float).eps, lapack_driver="gelsy")[0]


def effective_dof(X, lam):
    return float(sum(X[i] @ ridge(X, e, lam) for i, e in enumerate(np.eye(len(X)))))


def early_stopping_filter(s, lr, steps):
    """s w after so many steps of w <- w - lr s (s w - 1), which wants w = 1/s."""
    w = np.zeros_like(s)
    for _ in range(steps):
        w = w - lr * s * (s * w - 1)
    return s * w


def loss(X, y, w):
    return float(np.sum((X @ w - y) ** 2))
