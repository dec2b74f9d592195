"""Known answers for ridge_as_constraint."""

import numpy as np

from dojo.answers import accepted, equivalent, rejected


@accepted("least squares on more rows, and bisection on lam, with nothing but lstsq")
class more_rows:
    def ridge(X, y, lam):
        if lam < 0:
            raise ValueError("lam < 0")
        if np.isinf(lam):
            return np.zeros(X.shape[1])
        A = np.concatenate([X, np.sqrt(lam) * np.eye(X.shape[1])])
        if lam == 0:
            A = X
        return np.linalg.lstsq(A, np.resize(np.append(y, np.zeros(len(A) - len(y))), len(A)), rcond=None)[0]

    def ridge_constrained(X, y, t):
        if t < 0:
            raise ValueError("t < 0")
        w = ridge(X, y, 0.0)
        if np.linalg.norm(w) <= t:
            return w, 0.0
        if t == 0:
            return 0 * w, float("inf")
        low, high = 0.0, np.linalg.norm(X.T @ y) / t  # ‖w(lam)‖ <= ‖Xᵀy‖ / lam
        for _ in range(200):
            middle = np.sqrt(low * high) if low > 0 else high / 1e4
            if np.linalg.norm(ridge(X, y, middle)) > t:
                low = middle
            else:
                high = middle
            if low >= high * (1 - 1e-15):
                break
        return ridge(X, y, high), high


@accepted("the eigenvectors of X Xᵀ or XᵀX are not needed: QR first, then the singular values of R")
class after_qr:
    def ridge(X, y, lam):
        if lam < 0:
            raise ValueError("lam < 0")
        tall = X.shape[0] >= X.shape[1]
        Q, R = np.linalg.qr(X if tall else X.T)
        U, s, Vt = np.linalg.svd(R if tall else R.T)
        U, Vt = (Q @ U, Vt) if tall else (U, Vt @ Q.T)
        w = np.zeros(X.shape[1])
        for i in range(len(s)):
            if s[i] > max(X.shape) * 2.220446049250313e-16 * max(s):
                w += s[i] * (U[:, i] @ y) / (s[i] ** 2 + lam) * Vt[i]
        return w


@accepted("the secular equation in log lam, by the secant rule inside a bracket")
def ridge_constrained(X, y, t):
    if t < 0:
        raise ValueError("t < 0")
    U, s, Vt = np.linalg.svd(X, full_matrices=False)
    s = np.where(s <= max(X.shape) * np.finfo(float).eps * max(s), 0.0, s)
    b = s * (U.T @ y)
    free = np.divide(b, s**2, out=np.zeros_like(b), where=s > 0)
    if np.linalg.norm(free) <= t:
        return free @ Vt, 0.0
    if t == 0:
        return np.zeros(X.shape[1]), np.inf

    def gap(u):
        return np.log(np.linalg.norm(b / (s**2 + np.exp(u)))) - np.log(t)

    high = np.log(np.linalg.norm(b) / t)
    low = high - 1
    while gap(low) < 0:
        low -= 2
    for _ in range(300):
        middle = (low + high) / 2
        low, high = (middle, high) if gap(middle) > 0 else (low, middle)
    lam = np.exp((low + high) / 2)
    return (b / (s**2 + lam)) @ Vt, lam


@accepted("expm1 and log1p where 1 - lr s² is positive: more digits for small s")
def early_stopping_filter(s, lr, steps):
    z = lr * s * s
    if steps == 0:
        return np.zeros_like(s)
    with np.errstate(all="ignore"):
        return np.where(z < 0.5, -np.expm1(steps * np.log1p(-np.minimum(z, 0.5))), 1 - (1 - z) ** steps)


@rejected("lam times n: that is the penalty next to a mean of squares; here it is a sum")
def ridge(X, y, lam):
    _check(lam)
    s, b, Vt = _directions(X, y)
    return (s / (s**2 + lam * len(y)) * b) @ Vt


@rejected("lam / 2: that goes with a factor 1/2 before the penalty alone")
def ridge(X, y, lam):
    _check(lam)
    s, b, Vt = _directions(X, y)
    return (s / (s**2 + lam / 2) * b) @ Vt


@rejected("s / (s + lam): the penalty joins the squares of the singular values")
def ridge(X, y, lam):
    _check(lam)
    s, b, Vt = _directions(X, y)
    return (s / (s + lam) * b / s) @ Vt


@rejected("the normal equations: XᵀX has the condition number squared, and no inverse where d > n and lam is small")
def ridge(X, y, lam):
    _check(lam)
    if lam == np.inf:
        return np.zeros(X.shape[1])
    A = X.T @ X + lam * np.eye(X.shape[1])
    try:
        return np.linalg.solve(A, X.T @ y)
    except np.linalg.LinAlgError:
        return np.linalg.lstsq(A, X.T @ y, rcond=None)[0]


@rejected("the dual X Xᵀ + lam: its condition number is that of X squared as well")
def ridge(X, y, lam):
    _check(lam)
    if lam == np.inf:
        return np.zeros(X.shape[1])
    return X.T @ np.linalg.pinv(X @ X.T + lam * np.eye(len(y)), rcond=1e-15, hermitian=True) @ y


@rejected("the first weight is left out of the penalty, as if it were an intercept: all weights are penalised")
def ridge(X, y, lam):
    _check(lam)
    d = X.shape[1]
    if lam == np.inf:
        return np.zeros(d)
    free = np.ones(d)
    free[0] = 0.0
    A = np.vstack([X, np.diag(np.sqrt(lam) * free)])
    return np.linalg.lstsq(A, np.concatenate([y, np.zeros(d)]), rcond=None)[0]


@rejected("X and y are centred first: there is no intercept here")
def ridge(X, y, lam):
    _check(lam)
    s, b, Vt = _directions(X - X.mean(axis=0), y - y.mean())
    return (s / (s**2 + lam) * b) @ Vt


@rejected("the ball always holds: where the least-squares solution fits inside, lam = 0 and w stays as it is")
def ridge_constrained(X, y, t):
    _check(t)
    s, b, Vt = _directions(X, y)
    if t == 0:
        return np.zeros(X.shape[1]), np.inf
    low, high = -(s.min(initial=np.inf) ** 2) * (1 - 1e-12), np.linalg.norm(s * b) / t + 1
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if np.linalg.norm(s * b / (s**2 + middle)) > t else (low, middle)
    return (s * b / (s**2 + high)) @ Vt, high


@rejected("w_OLS shortened to length t: the ball bends the path, for each direction has its own s/(s² + lam)")
def ridge_constrained(X, y, t):
    _check(t)
    w = ridge(X, y, 0.0)
    size = np.linalg.norm(w)
    if size <= t:
        return w, 0.0
    if t == 0:
        return 0 * w, np.inf
    return w * t / size, size / t - 1


@rejected("the constraint is ‖w‖² <= t: here it is ‖w‖ <= t")
def ridge_constrained(X, y, t):
    _check(t)
    s, b, Vt = _directions(X, y)
    if np.linalg.norm(b / s) <= np.sqrt(t):
        return (b / s) @ Vt, 0.0
    if t == 0:
        return np.zeros(X.shape[1]), np.inf
    low, high = 0.0, np.linalg.norm(s * b) / np.sqrt(t)
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if np.linalg.norm(s * b / (s**2 + middle)) > np.sqrt(t) else (low, middle)
    return (s * b / (s**2 + high)) @ Vt, high


@rejected("a bracket of fixed size: lam grows with the square of X, and without bound as t falls")
def ridge_constrained(X, y, t):
    _check(t)
    s, b, Vt = _directions(X, y)
    if np.linalg.norm(b / s) <= t:
        return (b / s) @ Vt, 0.0
    if t == 0:
        return np.zeros(X.shape[1]), np.inf
    low, high = 1e-12, 1e6
    for _ in range(200):
        middle = np.sqrt(low * high)
        low, high = (middle, high) if np.linalg.norm(s * b / (s**2 + middle)) > t else (low, middle)
    return (s * b / (s**2 + high)) @ Vt, high


@rejected("lam of the constraint ‖w‖ <= t is 2 lam t: the one asked for is that of ‖w‖² <= t², which ridge takes")
def ridge_constrained(X, y, t):
    w, lam = _in_ball(X, y, t)
    return w, 2 * lam * t if 0 < lam < np.inf else lam


@rejected("t = 0 ends in 0/0: nothing but w = 0 is left, at the price inf")
def ridge_constrained(X, y, t):
    w, lam = _in_ball(X, y, t)
    return (w, lam) if t > 0 else (np.full(len(w), np.nan), np.nan)


@rejected("s / (s + lam): a filter takes the squares of the singular values")
def effective_dof(X, lam):
    _check(lam)
    s, _, _ = _directions(X, np.zeros(len(X)))
    return float(np.sum(s / (s + lam)))


@rejected("the number of weights, not of directions: at lam = 0 it is the rank of X")
def effective_dof(X, lam):
    _check(lam)
    if lam == 0:
        return float(X.shape[1])
    s, _, _ = _directions(X, np.zeros(len(X)))
    return float(np.sum(s**2 / (s**2 + lam)))


@rejected("1 - lr s, not squared: the gradient of 1/2 ‖X w - y‖² brings s twice")
def early_stopping_filter(s, lr, steps):
    return 1 - (1 - lr * s) ** steps


@rejected("this is gradient descent on ‖X w - y‖², whose gradient is twice as long; here it is 1/2 ‖X w - y‖²")
def early_stopping_filter(s, lr, steps):
    return 1 - (1 - 2 * lr * s**2) ** steps


@rejected("what is left to learn, (1 - lr s²)^steps, is one minus the filter")
def early_stopping_filter(s, lr, steps):
    return (1 - lr * s**2) ** steps


@rejected("exp(-lr steps s²) is the limit of small steps: for lr s² near 1 it is another curve")
def early_stopping_filter(s, lr, steps):
    return 1 - np.exp(-lr * steps * s**2)


def _in_ball(X, y, t):
    _check(t)
    s, b, Vt = _directions(X, y)
    if np.linalg.norm(b / s) <= t:
        return (b / s) @ Vt, 0.0
    if t == 0:
        return np.zeros(X.shape[1]), np.inf
    low, high = -80.0, np.log(np.linalg.norm(s * b) / t)
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if np.linalg.norm(s * b / (s**2 + np.exp(middle))) > t else (low, middle)
    return (s * b / (s**2 + np.exp(high))) @ Vt, float(np.exp(high))


def _directions(X, y):
    U, s, Vt = _svd(X)
    return s, U.T @ y, Vt


equivalent(
    "if t == 0:",
    "if t == -1:",
    "t = 0 comes out right without a case of its own, but for a warning of 0 in a denominator",
)
equivalent(
    "if t == 0:",
    "if False:",
    "t = 0 comes out right without a case of its own, but for a warning of 0 in a denominator",
)
equivalent(
    "while (size := np.linalg.norm(a)) > t * (1 + 1e-13):",
    "while (size := np.linalg.norm(a)) >= t * (1 + 1e-13):",
    "no norm is that to the last bit",
)
equivalent(
    "while (size := np.linalg.norm(a)) > t * (1 + 1e-13):",
    "while (size := np.linalg.norm(a)) > t:",
    "rounding ends the loop one step later",
)
equivalent(
    "while (size := np.linalg.norm(a)) > t * (1 + 1e-13):",
    "while (size := np.linalg.norm(a)) > t * (1):",
    "rounding ends the loop one step later",
)
equivalent(
    "U, s, Vt = np.linalg.svd(X, full_matrices=False)",
    "U, s, Vt = np.linalg.svd(X, full_matrices=True)",
    "the rank cuts off what is too much",
)
equivalent(
    "U, s, Vt = np.linalg.svd(X, full_matrices=False)",
    "U, s, Vt = np.linalg.svd(X)",
    "the rank cuts off what is too much",
)
