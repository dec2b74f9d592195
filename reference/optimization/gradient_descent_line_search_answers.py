"""Known answers for gradient_descent_line_search."""

import itertools

import numpy as np

from dojo.answers import accepted, rejected


@accepted("step lengths are powers of rho, and what is compared is the share of the promised decrease")
def backtracking(f, g, x, p, c1=1e-4, rho=0.5, alpha0=1.0):
    promised = -np.dot(p, g)
    if promised <= 0 or np.isnan(promised):
        raise ValueError("not a descent direction")
    before = f(x)
    for k in itertools.count():
        alpha = alpha0 * rho**k
        if alpha == 0:
            raise RuntimeError("no step helps")
        if before - f(x + alpha * p) >= c1 * alpha * promised and (x + alpha * p != x).any():
            return alpha


@accepted("as a recursion: if this step is no good, ask again with a shorter one")
def backtracking(f, g, x, p, c1=1e-4, rho=0.5, alpha0=1.0):
    if not sum(a * b for a, b in zip(g, p, strict=True)) < 0:
        raise ValueError("uphill")
    there = x + alpha0 * p
    if np.all(there == x):
        raise RuntimeError("too short to matter")
    value = f(there)
    if np.isfinite(value) and value <= f(x) + c1 * alpha0 * sum(a * b for a, b in zip(g, p, strict=True)):
        return alpha0
    try:
        return backtracking(f, g, x, p, c1, rho, alpha0 * rho)
    except RecursionError:
        raise RuntimeError("no step helps") from None


@accepted("descent and line search in one loop, which hands each value on to the next step")
def gradient_descent(f, grad, x0, tol=1e-6, max_iter=100_000):
    x, here = np.array(x0), f(x0)
    history, g = [here], grad(x0)
    while len(history) <= max_iter and (g**2).sum() ** 0.5 > tol:
        alpha, decrease = 1.0, (g**2).sum()
        while True:
            new = x - alpha * g
            if (new == x).all():
                raise RuntimeError("stuck")
            there = f(new)
            if there <= here - 1e-4 * alpha * decrease:
                break
            alpha /= 2
        x, here, g = new, there, grad(new)
        history.append(here)
    return x, history


@accepted("exact_step with the lengths of g and of g in the norm of A; the factor from both ends of the spectrum")
class ends:
    def exact_step(A, g):
        R = np.linalg.cholesky(A).T
        return (np.linalg.norm(g) / np.linalg.norm(R @ g)) ** 2

    def contraction_factor(eigs, lr):
        return max(1 - lr * min(eigs), lr * max(eigs) - 1)


@accepted("the factor as the spectral norm of a matrix")
def contraction_factor(eigs, lr):
    return np.linalg.norm(np.diag(1 - lr * np.asarray(eigs)), ord=2)


@rejected("an ascent direction is searched along as well: unless gᵀp < 0 no step can be found")
def backtracking(f, g, x, p, c1=1e-4, rho=0.5, alpha0=1.0):
    alpha = alpha0
    while not f(x + alpha * p) <= f(x) + c1 * alpha * (g @ p) and alpha > 1e-16:
        alpha *= rho
    return alpha


@rejected("gᵀp is negative already: f(x) - c1 α gᵀp lies above f(x), and steps uphill are taken")
def backtracking(f, g, x, p, c1=1e-4, rho=0.5, alpha0=1.0):
    if not g @ p < 0:
        raise ValueError("uphill")
    alpha = alpha0
    while not f(x + alpha * p) <= f(x) - c1 * alpha * (g @ p):
        alpha *= rho
        if np.array_equal(x + alpha * p, x):
            raise RuntimeError("stuck")
    return alpha


@rejected("any decrease will do, c1 is not used: Armijo's condition asks for a share of what the slope promises")
def backtracking(f, g, x, p, c1=1e-4, rho=0.5, alpha0=1.0):
    if not g @ p < 0:
        raise ValueError("uphill")
    alpha = alpha0
    while not f(x + alpha * p) < f(x):
        alpha *= rho
        if np.array_equal(x + alpha * p, x):
            raise RuntimeError("stuck")
    return alpha


@rejected("the slope along p is gᵀp; -‖g‖² is that along -g only")
def backtracking(f, g, x, p, c1=1e-4, rho=0.5, alpha0=1.0):
    if not g @ p < 0:
        raise ValueError("uphill")
    alpha = alpha0
    while not f(x + alpha * p) <= f(x) - c1 * alpha * (g @ g):
        alpha *= rho
        if np.array_equal(x + alpha * p, x):
            raise RuntimeError("stuck")
    return alpha


@rejected("the promised decrease shrinks with the step: c1 α gᵀp, the α is missing")
def backtracking(f, g, x, p, c1=1e-4, rho=0.5, alpha0=1.0):
    if not g @ p < 0:
        raise ValueError("uphill")
    alpha = alpha0
    while not f(x + alpha * p) <= f(x) + c1 * (g @ p):
        alpha *= rho
        if np.array_equal(x + alpha * p, x):
            raise RuntimeError("stuck")
    return alpha


@rejected("nan > bound is False, so a nan is accepted: ask whether f is below, not whether it is above")
def backtracking(f, g, x, p, c1=1e-4, rho=0.5, alpha0=1.0):
    if not g @ p < 0:
        raise ValueError("uphill")
    alpha = alpha0
    while f(x + alpha * p) > f(x) + c1 * alpha * (g @ p):
        alpha *= rho
        if np.array_equal(x + alpha * p, x):
            raise RuntimeError("stuck")
    return alpha


@rejected("a step too short to move x fulfils the condition as 0 <= 0: that is a failure, not a step")
def backtracking(f, g, x, p, c1=1e-4, rho=0.5, alpha0=1.0):
    if not g @ p < 0:
        raise ValueError("uphill")
    alpha = alpha0
    while not f(x + alpha * p) <= f(x) + c1 * alpha * (g @ p):
        alpha *= rho
    return alpha


@rejected("after 30 halvings a step is taken that was never found good")
def backtracking(f, g, x, p, c1=1e-4, rho=0.5, alpha0=1.0):
    if not g @ p < 0:
        raise ValueError("uphill")
    alpha = alpha0
    for _ in range(30):
        if f(x + alpha * p) <= f(x) + c1 * alpha * (g @ p):
            break
        alpha *= rho
        if np.array_equal(x + alpha * p, x):
            raise RuntimeError("stuck")
    return alpha


@rejected("something is added to the bound: where f is small, every step seems good")
def backtracking(f, g, x, p, c1=1e-4, rho=0.5, alpha0=1.0):
    if not g @ p < 0:
        raise ValueError("uphill")
    alpha = alpha0
    while not f(x + alpha * p) <= f(x) + c1 * alpha * (g @ p) + 1e-12:
        alpha *= rho
        if np.array_equal(x + alpha * p, x):
            raise RuntimeError("stuck")
    return alpha


@rejected("the step length is not set back to 1 for the next search: it can only shrink, and f may be flatter here")
def gradient_descent(f, grad, x0, tol=1e-6, max_iter=100_000):
    x, values, alpha = x0.copy(), [f(x0)], 1.0
    for _ in range(max_iter):
        g = grad(x)
        if np.linalg.norm(g) <= tol:
            break
        alpha = backtracking(f, g, x, -g, alpha0=alpha)
        x = x - alpha * g
        values.append(f(x))
    return x, values


@rejected("stops where the step is short: in a flat valley the gradient may still be large")
def gradient_descent(f, grad, x0, tol=1e-6, max_iter=100_000):
    x, values = x0.copy(), [f(x0)]
    for _ in range(max_iter):
        g = grad(x)
        step = backtracking(f, g, x, -g) * g if g.any() else g
        if np.linalg.norm(step) <= tol:
            break
        x = x - step
        values.append(f(x))
    return x, values


@rejected("stops where f hardly changes: what tol bounds is the gradient")
def gradient_descent(f, grad, x0, tol=1e-6, max_iter=100_000):
    x, values = x0.copy(), [f(x0)]
    for _ in range(max_iter):
        g = grad(x)
        if len(values) > 1 and values[-2] - values[-1] <= tol or not g.any():
            break
        x = x - backtracking(f, g, x, -g) * g
        values.append(f(x))
    return x, values


@rejected("tol bounds the 2-norm of the gradient, not its largest entry")
def gradient_descent(f, grad, x0, tol=1e-6, max_iter=100_000):
    x, values = x0.copy(), [f(x0)]
    for _ in range(max_iter):
        g = grad(x)
        if np.abs(g).max() <= tol:
            break
        x = x - backtracking(f, g, x, -g) * g
        values.append(f(x))
    return x, values


@rejected("tol is absolute, here it is a share of the first gradient")
def gradient_descent(f, grad, x0, tol=1e-6, max_iter=100_000):
    x, values = x0.copy(), [f(x0)]
    first = np.linalg.norm(grad(x0))
    for _ in range(max_iter):
        g = grad(x)
        if np.linalg.norm(g) <= tol * first:
            break
        x = x - backtracking(f, g, x, -g) * g
        values.append(f(x))
    return x, values


@rejected("the list holds f(x_0) as well: one value more than steps")
def gradient_descent(f, grad, x0, tol=1e-6, max_iter=100_000):
    x, values = x0.copy(), []
    for _ in range(max_iter):
        g = grad(x)
        if np.linalg.norm(g) <= tol:
            break
        x = x - backtracking(f, g, x, -g) * g
        values.append(f(x))
    return x, values


@rejected("the gradient is asked for one step too late: where it is small at x_0, nothing is to be done")
def gradient_descent(f, grad, x0, tol=1e-6, max_iter=100_000):
    x, values = x0.copy(), [f(x0)]
    for _ in range(max_iter):
        g = grad(x)
        x = x - backtracking(f, g, x, -g) * g
        values.append(f(x))
        if np.linalg.norm(grad(x)) <= tol:
            break
    return x, values


@rejected("the direction is the gradient's, its length is lost: p = -grad(x), not -grad(x)/‖grad(x)‖")
def gradient_descent(f, grad, x0, tol=1e-6, max_iter=100_000):
    x, values = x0.copy(), [f(x0)]
    for _ in range(max_iter):
        g = grad(x)
        if np.linalg.norm(g) <= tol:
            break
        p = -g / np.linalg.norm(g)
        x = x + backtracking(f, g, x, p) * p
        values.append(f(x))
    return x, values


@rejected("a large step is multiplied by something below -1: the spectral radius is the largest |1 - lr λ|")
def contraction_factor(eigs, lr):
    return float((1 - lr * eigs).max())


@rejected("only the largest eigenvalue is looked at: with a small step the smallest one is the slow one")
def contraction_factor(eigs, lr):
    return float(abs(1 - lr * eigs.max()))


@rejected("(κ - 1)/(κ + 1) is the factor of the best step, lr = 2/(m + L), not of this one")
def contraction_factor(eigs, lr):
    return float((eigs.max() - eigs.min()) / (eigs.max() + eigs.min()))


@rejected("upside down: the step is long where the curvature gᵀA g is small")
def exact_step(A, g):
    return float(g @ A @ g / (g @ g))
