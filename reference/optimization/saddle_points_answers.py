"""Known answers for saddle_points."""

import math

import numpy as np
import scipy.linalg

from dojo.answers import accepted, rejected


@accepted("the set of signs decides, after a division by the largest |λ|")
class signs:
    def classify_critical_point(H, rtol=1e-8):
        lam = np.linalg.eigh(H)[0]
        largest = max(abs(lam[0]), abs(lam[-1]))
        kinds = {0 if largest == 0 or abs(value) / largest <= rtol else 1 if value > 0 else -1 for value in lam}
        if 0 in kinds:
            return "degenerate"
        return {(1,): "minimum", (-1,): "maximum", (-1, 1): "saddle"}[tuple(sorted(kinds))]

    def morse_index(H, rtol=1e-8):
        lam = scipy.linalg.eigh(H, eigvals_only=True)
        return sum(1 for value in lam if value < -rtol * abs(lam).max())


@accepted("|H| as a matrix, from the singular value decomposition, and one solve")
def saddle_free_newton_step(g, H, damping=0.0):
    _, s, Vt = np.linalg.svd(H)
    if damping == 0 and s[-1] <= 1e-15 * s[0]:
        raise ValueError("singular")
    return np.linalg.solve(Vt.T @ np.diag(s) @ Vt + damping * np.eye(len(g)), -g)


@accepted("a sum over the eigenvectors, each with its own step")
def saddle_free_newton_step(g, H, damping=0.0):
    p = np.zeros(len(g))
    lam, Q = scipy.linalg.eigh(H)
    for i in range(len(lam)):
        weight = abs(lam[i]) + damping
        if weight <= 1e-15 * max(abs(lam)):
            raise ValueError("singular")
        p -= (Q[:, i] @ g) / weight * Q[:, i]
    return p


@accepted("numpy's logarithms; an array scalar is turned into an int")
def escape_time(lam_neg, delta, lr):
    if delta <= 0:
        raise ValueError("never")
    if delta >= 1:
        return 0
    return int(np.ceil(np.log(1 / delta) / np.log1p(lr * np.abs(lam_neg))))


@rejected("det H > 0 tells a minimum from a saddle in two dimensions only, and not from a maximum")
def classify_critical_point(H, rtol=1e-8):
    determinant = np.linalg.det(H)
    return "degenerate" if abs(determinant) <= rtol else "minimum" if determinant > 0 else "saddle"


@rejected("det H and H[0, 0] tell in two dimensions; with three, det H < 0 may be a maximum")
def classify_critical_point(H, rtol=1e-8):
    if 0 in _signs(H, rtol):
        return "degenerate"
    if np.linalg.det(H) < 0:
        return "saddle" if len(H) > 1 else "maximum"
    return "minimum" if H[0, 0] > 0 else "maximum"


@rejected("an absolute tolerance: a Hessian in other units, 1e-12 diag(1, -1), is called degenerate")
class absolute:
    def classify_critical_point(H, rtol=1e-8):
        lam = np.linalg.eigvalsh(H)
        if (abs(lam) <= rtol).any():
            return "degenerate"
        return "minimum" if (lam > 0).all() else "maximum" if (lam < 0).all() else "saddle"

    def morse_index(H, rtol=1e-8):
        return int((np.linalg.eigvalsh(H) < -rtol).sum())


@rejected("the tolerance is relative to the largest λ, which may be negative or small: it is max |λ|")
class largest_signed:
    def classify_critical_point(H, rtol=1e-8):
        lam = np.linalg.eigvalsh(H)
        if (abs(lam) <= rtol * lam.max()).any():
            return "degenerate"
        return "minimum" if (lam > 0).all() else "maximum" if (lam < 0).all() else "saddle"


@rejected("compared with 0 itself: an eigenvalue 0 comes out as 1e-17 of either sign")
def classify_critical_point(H, rtol=1e-8):
    lam = np.linalg.eigvalsh(H)
    if (lam == 0).any():
        return "degenerate"
    return "minimum" if (lam > 0).all() else "maximum" if (lam < 0).all() else "saddle"


@rejected("no negative eigenvalue is taken for a minimum: where one is 0, H does not tell (x⁴ and -x⁴)")
def classify_critical_point(H, rtol=1e-8):
    lam = np.array(_signs(H, rtol))
    if (lam >= 0).all():
        return "minimum"
    return "maximum" if (lam <= 0).all() else "saddle"


@rejected("both signs are called a saddle at once: an eigenvalue 0 beside them is to be reported first")
def classify_critical_point(H, rtol=1e-8):
    lam = np.array(_signs(H, rtol))
    if (lam > 0).any() and (lam < 0).any():
        return "saddle"
    if (lam == 0).any():
        return "degenerate"
    return "minimum" if (lam > 0).all() else "maximum"


@rejected("the diagonal of H: off it there may be curvature of both signs, as in xy")
def classify_critical_point(H, rtol=1e-8):
    lam = np.array(_signs(np.diag(np.diag(H)), rtol))
    if (lam == 0).any():
        return "degenerate"
    return "minimum" if (lam > 0).all() else "maximum" if (lam < 0).all() else "saddle"


@rejected("eigenvalues that count as 0 are counted as negative if their rounding is")
def morse_index(H, rtol=1e-8):
    return int((np.linalg.eigvalsh(H) < 0).sum())


@rejected("the index counts the negative eigenvalues, not the positive ones")
def morse_index(H, rtol=1e-8):
    return _signs(H, rtol).count(1)


@rejected("Newton's step: along λ < 0 it goes uphill, into the saddle")
def saddle_free_newton_step(g, H, damping=0.0):
    return np.linalg.solve(H + damping * np.eye(len(g)), -g)


@rejected("absolute values of the entries of H: |H| has those of its eigenvalues")
def saddle_free_newton_step(g, H, damping=0.0):
    return np.linalg.solve(np.abs(H) + damping * np.eye(len(g)), -g)


@rejected("damping is added to λ, before the absolute value: λ = -damping makes it singular")
def saddle_free_newton_step(g, H, damping=0.0):
    lam, Q = np.linalg.eigh(H)
    size = np.abs(lam + damping)
    if size.min() <= 1e-15 * size.max():
        raise ValueError("singular")
    return -Q @ ((Q.T @ g) / size)


@rejected("damping is a floor under |λ| here, max(|λ|, damping): it is to be added")
def saddle_free_newton_step(g, H, damping=0.0):
    lam, Q = np.linalg.eigh(H)
    size = np.maximum(np.abs(lam), damping)
    if size.min() <= 1e-15 * size.max():
        raise ValueError("singular")
    return -Q @ ((Q.T @ g) / size)


@rejected("1/0 is infinite, and the step with it: a singular H without damping is a ValueError")
def saddle_free_newton_step(g, H, damping=0.0):
    lam, Q = np.linalg.eigh(H)
    return -Q @ ((Q.T @ g) / (np.abs(lam) + damping))


@rejected("a pseudo-inverse: directions without curvature get no step, where a ValueError is asked for")
def saddle_free_newton_step(g, H, damping=0.0):
    lam, Q = np.linalg.eigh(H)
    size = np.abs(lam) + damping
    return -Q @ np.divide(Q.T @ g, size, out=np.zeros(len(g)), where=size > 1e-14 * size.max())


@rejected("the eigenvectors are the columns of Q: Qᵀg holds the coefficients of g, not Q g")
def saddle_free_newton_step(g, H, damping=0.0):
    lam, Q = np.linalg.eigh(H)
    if damping == 0 and np.abs(lam).min() <= 1e-15 * np.abs(lam).max():
        raise ValueError("singular")
    return -Q.T @ ((Q @ g) / (np.abs(lam) + damping))


@rejected("only the directions with λ < 0 are stepped along: the others have to go down as well")
def saddle_free_newton_step(g, H, damping=0.0):
    lam, Q = np.linalg.eigh(H)
    if damping == 0 and np.abs(lam).min() <= 1e-15 * np.abs(lam).max():
        raise ValueError("singular")
    return -Q @ (np.where(lam < 0, Q.T @ g, 0.0) / (np.abs(lam) + damping))


@rejected("rounded down: one step too few")
def escape_time(lam_neg, delta, lr):
    return max(0, math.floor(-math.log(delta) / math.log1p(-lr * lam_neg)))


@rejected("log(1 + lr |λ|) has lost half of its digits where lr |λ| is tiny: log1p(lr |λ|)")
def escape_time(lam_neg, delta, lr):
    return max(0, math.ceil(-math.log(delta) / math.log(1 - lr * lam_neg)))


@rejected("log(1 + z) is not z: the distance grows by (1 + lr |λ|)ᵗ, not by exp(t lr |λ|)")
def escape_time(lam_neg, delta, lr):
    return max(0, math.ceil(-math.log(delta) / (-lr * lam_neg)))


@rejected("1 + lr λ with λ < 0 shrinks: along negative curvature descent moves away, by 1 - lr λ")
def escape_time(lam_neg, delta, lr):
    return max(0, math.ceil(math.log(delta) / math.log1p(lr * lam_neg)))


@rejected("negative for delta > 1: no step is needed there")
def escape_time(lam_neg, delta, lr):
    return math.ceil(-math.log(delta) / math.log1p(-lr * lam_neg))


@rejected("step after step: with lr |λ| = 1e-9 that is billions of them")
def escape_time(lam_neg, delta, lr):
    if delta <= 0:
        raise ValueError("never")
    t = 0
    while delta < 1:
        delta, t = delta * (1 - lr * lam_neg), t + 1
    return t
