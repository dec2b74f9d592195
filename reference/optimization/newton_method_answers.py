"""Known answers for newton_method."""

import numpy as np
import scipy.linalg

from dojo.answers import accepted, equivalent, rejected


@accepted("a shift: τ lifts the least eigenvalue to min_eig, and is 0 where it is there already")
def newton_step(g, H, min_eig=1e-8):
    tau = max(0.0, min_eig - np.linalg.eigvalsh(H)[0])
    return np.linalg.solve(H + tau * np.eye(len(g)), -g)


@accepted("Cholesky, with a shift that is doubled until the factorization succeeds")
def newton_step(g, H, min_eig=1e-8):
    n, tau = len(g), 0.0
    while True:
        try:
            np.linalg.cholesky(H + (tau - 0.999 * min_eig) * np.eye(n))
        except np.linalg.LinAlgError:
            tau = max(2 * tau, min_eig, 1e-3 * np.abs(H).max())
            continue
        return -scipy.linalg.cho_solve(scipy.linalg.cho_factor(H + tau * np.eye(n)), g)


@accepted("B as a matrix, from the eigenvectors; its entries are then those of |H|")
def newton_step(g, H, min_eig=1e-8):
    lam, Q = np.linalg.eigh(H)
    if lam.min() >= min_eig:
        return -scipy.linalg.solve(H, g, assume_a="pos")
    B = sum(max(abs(value), min_eig) * np.outer(q, q) for value, q in zip(lam, Q.T, strict=True))
    return -np.linalg.solve(B, g)


@accepted("the loop is left where the gradient is small, and the line search is a search through a list")
def newton(f, grad, hess, x0, tol=1e-10, max_iter=200):
    x, norms = np.array(x0), []
    for steps in range(max_iter + 1):
        g = grad(x)
        norms.append(np.sqrt(g @ g))
        if norms[-1] <= tol or steps == max_iter:
            return x, norms
        p, here = newton_step(g, hess(x)), f(x)
        most = (here + 10 * np.finfo(float).eps * abs(here) + 1e-4 * 0.5**k * (g @ p) for k in range(1000))
        x = next(x + 0.5**k * p for k, bound in enumerate(most) if f(x + 0.5**k * p) <= bound)


@rejected("H as it is: where it has a negative eigenvalue, -H⁻¹g leads uphill to a saddle or a maximum")
def newton_step(g, H, min_eig=1e-8):
    return np.linalg.solve(H, -g)


@rejected("the sign: p = -H⁻¹g, the model falls along minus the gradient")
def newton_step(g, H, min_eig=1e-8):
    lam, Q = np.linalg.eigh(H)
    return Q @ ((Q.T @ g) / np.maximum(np.abs(lam), min_eig))


@rejected("min_eig is added to every Hessian, good ones too: the digits do not double any more")
def newton_step(g, H, min_eig=1e-8):
    lam, Q = np.linalg.eigh(H)
    return -Q @ ((Q.T @ g) / (np.abs(lam) + min_eig))


@rejected("a fixed shift of 1e-3 for every Hessian: near the minimum the convergence is only linear")
def newton_step(g, H, min_eig=1e-8):
    tau = 1e-3 + max(0.0, min_eig - np.linalg.eigvalsh(H)[0])
    return np.linalg.solve(H + tau * np.eye(len(g)), -g)


@rejected("the shift lifts the least eigenvalue to 0 only: B is singular")
def newton_step(g, H, min_eig=1e-8):
    tau = max(0.0, -np.linalg.eigvalsh(H)[0])
    return np.linalg.lstsq(H + tau * np.eye(len(g)), -g, rcond=None)[0]


@rejected("min_eig is not used where H is positive definite: an eigenvalue below min_eig has to be lifted as well")
def newton_step(g, H, min_eig=1e-8):
    lam = np.linalg.eigvalsh(H)
    tau = min_eig - lam[0] if lam[0] <= 0 else 0.0
    return np.linalg.solve(H + tau * np.eye(len(g)), -g)


@rejected("negative eigenvalues are clipped to min_eig one by one, as max(λ, min_eig), or flipped, but not dropped")
def newton_step(g, H, min_eig=1e-8):
    lam, Q = np.linalg.eigh(H)
    weights = np.where(lam >= min_eig, 1 / np.where(lam >= min_eig, lam, 1.0), 0.0)
    return -Q @ (weights * (Q.T @ g))


@rejected("absolute values of the entries of H: what has to be positive are its eigenvalues")
def newton_step(g, H, min_eig=1e-8):
    B = np.abs(H)
    tau = max(0.0, min_eig - np.linalg.eigvalsh(B)[0])
    return np.linalg.solve(B + tau * np.eye(len(g)), -g)


@rejected("the columns of Q are the eigenvectors: Qᵀg holds the coefficients, not Q g")
def newton_step(g, H, min_eig=1e-8):
    lam, Q = np.linalg.eigh(H)
    return -Q.T @ ((Q @ g) / np.maximum(np.abs(lam), min_eig))


@rejected("the normal equations HᵀH p = -Hᵀg square the condition number: half of the digits are lost")
def newton_step(g, H, min_eig=1e-8):
    lam, Q = np.linalg.eigh(H)
    B = (Q * np.maximum(np.abs(lam), min_eig)) @ Q.T
    return np.linalg.solve(B @ B, -B @ g)


@rejected("gradient descent: the direction is -g where H is not positive definite, whatever the size of H")
def newton_step(g, H, min_eig=1e-8):
    if np.linalg.eigvalsh(H)[0] >= min_eig:
        return np.linalg.solve(H, -g)
    return -g


@rejected("the descent goes along -g where H is not positive definite, instead of taking `newton_step`")
def newton(f, grad, hess, x0, tol=1e-10, max_iter=200):
    x, g = x0.copy(), grad(x0)
    norms = [float(np.linalg.norm(g))]
    while norms[-1] > tol and len(norms) <= max_iter:
        p = np.linalg.solve(hess(x), -g) if np.linalg.eigvalsh(hess(x))[0] >= 1e-8 else -g
        x = x + _step_length(f, x, p, g @ p) * p
        g = grad(x)
        norms.append(float(np.linalg.norm(g)))
    return x, norms


@rejected("no line search: from beyond 1 the steps on √(1 + x²) lead ever farther away")
def newton(f, grad, hess, x0, tol=1e-10, max_iter=200):
    x, norms = x0.copy(), [float(np.linalg.norm(grad(x0)))]
    while norms[-1] > tol and len(norms) <= max_iter:
        x = x + newton_step(grad(x), hess(x))
        norms.append(float(np.linalg.norm(grad(x))))
    return x, norms


@rejected("no allowance for the rounding of f: Armijo's condition refuses last steps which no value can judge")
def newton(f, grad, hess, x0, tol=1e-10, max_iter=200):
    x, g = x0.copy(), grad(x0)
    norms = [float(np.linalg.norm(g))]
    while norms[-1] > tol and len(norms) <= max_iter:
        p, alpha = newton_step(g, hess(x)), 1.0
        while not f(x + alpha * p) <= f(x) + 1e-4 * alpha * (g @ p):
            alpha /= 2
        x = x + alpha * p
        g = grad(x)
        norms.append(float(np.linalg.norm(g)))
    return x, norms


@rejected("any decrease will do: Armijo's condition asks for the share 1e-4 of what the slope promises")
def newton(f, grad, hess, x0, tol=1e-10, max_iter=200):
    x, g = x0.copy(), grad(x0)
    norms = [float(np.linalg.norm(g))]
    while norms[-1] > tol and len(norms) <= max_iter:
        p = newton_step(g, hess(x))
        x = x + _step_length(f, x, p, 0.0) * p
        g = grad(x)
        norms.append(float(np.linalg.norm(g)))
    return x, norms


@rejected("the Hessian is that of x0 all along: without a new one in each step the convergence is linear")
def newton(f, grad, hess, x0, tol=1e-10, max_iter=200):
    x, g, H = x0.copy(), grad(x0), hess(x0)
    norms = [float(np.linalg.norm(g))]
    while norms[-1] > tol and len(norms) <= max_iter:
        p = newton_step(g, H)
        x = x + _step_length(f, x, p, g @ p) * p
        g = grad(x)
        norms.append(float(np.linalg.norm(g)))
    return x, norms


@rejected("stops where the step is short: what tol bounds is the gradient")
def newton(f, grad, hess, x0, tol=1e-10, max_iter=200):
    x, g = x0.copy(), grad(x0)
    norms, step = [float(np.linalg.norm(g))], np.inf
    while step > tol and g.any() and len(norms) <= max_iter:
        p = newton_step(g, hess(x))
        step = np.linalg.norm(p)
        x = x + _step_length(f, x, p, g @ p) * p
        g = grad(x)
        norms.append(float(np.linalg.norm(g)))
    return x, norms


@rejected("nan > bound is False, so that a nan is accepted: ask whether f is below, not whether it is above")
def newton(f, grad, hess, x0, tol=1e-10, max_iter=200):
    x, g = x0.copy(), grad(x0)
    norms = [float(np.linalg.norm(g))]
    while norms[-1] > tol and len(norms) <= max_iter:
        p, alpha, here = newton_step(g, hess(x)), 1.0, f(x)
        while f(x + alpha * p) > here + 1e-4 * alpha * (g @ p) + ROUNDING * abs(here):
            alpha /= 2
        x = x + alpha * p
        g = grad(x)
        norms.append(float(np.linalg.norm(g)))
    return x, norms


@rejected("the list holds the norm at x0 as well: one entry more than steps")
def newton(f, grad, hess, x0, tol=1e-10, max_iter=200):
    x, g = x0.copy(), grad(x0)
    norms = []
    while np.linalg.norm(g) > tol and len(norms) < max_iter:
        p = newton_step(g, hess(x))
        x = x + _step_length(f, x, p, g @ p) * p
        g = grad(x)
        norms.append(float(np.linalg.norm(g)))
    return x, norms


@rejected("squared norms: the list holds ‖grad(x)‖, and tol bounds that")
def newton(f, grad, hess, x0, tol=1e-10, max_iter=200):
    x, g = x0.copy(), grad(x0)
    norms = [float(g @ g)]
    while norms[-1] > tol**2 and len(norms) <= max_iter:
        p = newton_step(g, hess(x))
        x = x + _step_length(f, x, p, g @ p) * p
        g = grad(x)
        norms.append(float(g @ g))
    return x, norms


equivalent(
    "while not f(x + alpha * p) <= start + 1e-4 * alpha * slope + ROUNDING * abs(start):",
    "while not f(x + alpha * p) < start + 1e-4 * alpha * slope + ROUNDING * abs(start):",
    "the two sides would have to be equal to the last bit",
)
