"""Ridge regression as a constraint: weight decay is a multiplier, and early stopping nearly the same.

    penalty       minimise  ‖X w - y‖² + lam ‖w‖²
    constraint    minimise  ‖X w - y‖²  subject to  ‖w‖ <= t

have the same solutions. Both ask for Xᵀ(X w - y) + lam w = 0: in the first lam is given, in the second it
is the multiplier of ‖w‖² <= t², and complementary slackness settles it. Either the ball holds w back,
then ‖w‖ = t with lam > 0; or the least-squares solution fits into the ball, then it is the answer, and
lam = 0. lam is the price of the radius: with p*(t²) the least ‖X w - y‖², dp*/d(t²) = -lam.

With the singular value decomposition X = U diag(s) Vᵀ everything is done direction by direction:
w = V diag(f/s) Uᵀy, where

    f_i = s_i² / (s_i² + lam)              for ridge regression
    f_i = 1 - (1 - lr s_i²)^steps          for so many steps of gradient descent on 1/2 ‖X w - y‖², from w = 0

are filters: what is left of each direction of the data. Early stopping is a regulariser, with lam about
1/(lr steps).

X is (n, d), y is (n,), both float64, with n, d >= 1; n may be smaller than d, and X may have any rank. A
singular value of at most max(n, d) eps times the largest counts as 0, as for `np.linalg.matrix_rank`.
There is no intercept, no factor 1/2, no factor 1/n.

Rules: no sklearn, no scipy.optimize, no cvxpy, no matrix inverse. XᵀX has the condition number of X
squared: at a condition number of 1e7 nothing is left of the solution, and here it is asked for. Inputs
are read-only; results are new arrays.

Source: Bishop, Pattern Recognition and Machine Learning, sec. 3.1.4; Goodfellow, Bengio & Courville, Deep
Learning, ch. 7 (weight decay as a constraint, early stopping); Hastie, Tibshirani & Friedman, The
Elements of Statistical Learning, sec. 3.4.1 (effective degrees of freedom).
"""

import numpy as np


def ridge(X: np.ndarray, y: np.ndarray, lam: float) -> np.ndarray:
    """The w of shape (d,) that minimises ‖X w - y‖² + lam ‖w‖².

    lam >= 0, else ValueError. lam = 0 gives the limit lam -> 0: of all least-squares solutions the shortest.
    lam = inf gives zeros.

    >>> ridge(np.array([[1.0], [1.0]]), np.array([3.0, 6.0]), 1.0)
    array([3.])
    """
    _check(lam)
    U, s, Vt = _svd(X)
    return (s / (s**2 + lam) * (U.T @ y)) @ Vt  # (rank,) @ (rank, d)


def ridge_constrained(X: np.ndarray, y: np.ndarray, t: float) -> tuple[np.ndarray, float]:
    """The w that minimises ‖X w - y‖² in the ball ‖w‖ <= t, and the lam >= 0 with w = ridge(X, y, lam).

    Returns (w, lam), w of shape (d,):
    - (the shortest least-squares solution, 0.0) where its norm is at most t;
    - else (zeros, inf) for t = 0;
    - else ‖w‖ = t with a lam > 0 of any size. Both ‖w‖ = t and w = ridge(X, y, lam) hold to a relative 1e-9.
    t >= 0, else ValueError.

    With X = 1 and y = 3 the ball of radius 1 ends at w = 1, and 1 (1 - 3) + lam 1 = 0:

    >>> w, lam = ridge_constrained(np.eye(1), np.array([3.0]), 1.0)
    >>> print(w.round(6), round(lam, 6))
    [1.] 2.0
    """
    _check(t)
    U, s, Vt = _svd(X)
    b = U.T @ y  # (rank,)
    lam, a = 0.0, b / s  # (rank,): w in the coordinates of Vt
    if np.linalg.norm(a) <= t:
        return a @ Vt, lam
    if t == 0:
        return np.zeros(X.shape[1]), np.inf
    # Newton on 1/‖w(lam)‖ = 1/t. 1/‖w‖ is concave and nearly a line: from lam = 0 Newton comes up to the root from the
    # left, in a few steps. ‖w‖ - t itself is steep and then flat: Newton on it crawls, or jumps to lam < 0.
    while (size := np.linalg.norm(a)) > t * (1 + 1e-13):
        lam += (size / t - 1) * size**2 / np.sum(a**2 / (s**2 + lam))
        a = s / (s**2 + lam) * b
    return a @ Vt, float(lam)


def effective_dof(X: np.ndarray, lam: float) -> float:
    """The effective number of parameters, the sum of s²/(s² + lam) over the singular values: the trace of X -> X w.

    lam >= 0, else ValueError. It falls from the rank of X at lam = 0 to 0 at lam = inf.

    >>> effective_dof(np.diag([1.0, 2.0]), 4.0)
    0.7
    """
    _check(lam)
    s = _svd(X)[1]
    return float(np.sum(s**2 / (s**2 + lam)))


def early_stopping_filter(s: np.ndarray, lr: float, steps: int) -> np.ndarray:
    """1 - (1 - lr s²)^steps for each of the singular values s, shape (d,).

    That is s_i times what `steps` >= 0 steps of gradient descent make of a weight that should become
    1/s_i. Its cost does not grow with steps. With lr s² > 2 it diverges, as gradient descent does.

    >>> early_stopping_filter(np.array([1.0, 0.5]), 1.0, 2)
    array([1.    , 0.4375])
    """
    return 1 - (1 - lr * s**2) ** steps


def _check(size: float) -> None:
    if not size >= 0:
        raise ValueError(f"{size} is negative")


def _svd(X: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """U (n, rank), s (rank,) and Vᵀ (rank, d): of the singular value decomposition what is not 0."""
    U, s, Vt = np.linalg.svd(X, full_matrices=False)
    rank = np.linalg.matrix_rank(X)
    return U[:, :rank], s[:rank], Vt[:rank]
