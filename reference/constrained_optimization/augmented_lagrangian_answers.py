"""Known answers for augmented_lagrangian."""

import numpy as np

from dojo.answers import accepted, equivalent, rejected


@accepted("gradient descent: the step doubles after a success, and halves while it leads uphill or ends too steep")
def _bfgs(value, gradient, x, tol):
    x, step, g = x.copy(), 1.0, gradient(x)
    for _ in range(20_000):
        if np.abs(g).max() <= tol:
            break
        step *= 2
        level = value(x) + 1e-13 * (1 + abs(value(x)))
        while value(x - step * g) > level or g @ gradient(x - step * g) < -0.8 * (g @ g):
            step /= 2
        x = x - step * g
        g = gradient(x)
    return x


@accepted("Newton with a Hessian by differences, its eigenvalues made positive: it leaves saddles and maxima")
def _bfgs(value, gradient, x, tol):
    x = x + 0.0
    for _ in range(200):
        g = gradient(x)
        if np.max(np.abs(g)) <= tol:
            break
        H = np.stack([(gradient(x + 1e-6 * e) - gradient(x - 1e-6 * e)) / 2e-6 for e in np.eye(len(x))])
        w, V = np.linalg.eigh((H + H.T) / 2)
        p = -V @ ((V.T @ g) / np.maximum(np.abs(w), 1e-3))
        while value(x + p) > value(x) + 1e-13 * (1 + abs(value(x))):
            p = p / 2
        x = x + p
    return x


@accepted("lambda and mu as the formulas have them, mu doubled each time up to 1e4, solved loosely at first")
class by_the_formulas:
    def augmented_lagrangian(f, grad_f, c, jac_c, x0, tol=1e-8, mu0=10.0, max_outer=100):
        x, mu, loose = np.array(x0, dtype=float), mu0, 1e-1
        lam = np.zeros_like(c(x))
        for _ in range(max_outer):
            loose = max(loose / 10, tol)
            x = _descend(
                lambda z: f(z) - lam @ c(z) + mu / 2 * np.sum(c(z) ** 2),
                lambda z: grad_f(z) - jac_c(z).T @ lam + mu * jac_c(z).T @ c(z),
                x,
                loose,
            )
            lam = lam - mu * c(x)
            if max(np.abs(c(x)).max(), np.abs(grad_f(x) - jac_c(x).T @ lam).max()) <= tol:
                return x, lam
            mu = min(2 * mu, max(mu0, 1e4))
        raise RuntimeError("no convergence")

    def quadratic_penalty(f, grad_f, c, jac_c, x0, mu):
        def slope(z):
            return grad_f(z) + mu * jac_c(z).T @ c(z)

        return _descend(lambda z: f(z) + mu / 2 * np.sum(c(z) ** 2), slope, x0 + 0.0, 1e-5)

    def with_inequalities(f, grad_f, h, jac_h, x0, tol=1e-8, mu0=10.0, max_outer=100):
        x, lam, mu = np.array(x0, dtype=float), np.zeros(h(x0).shape), mu0
        for _ in range(max_outer):
            x = _descend(
                lambda z: f(z) + sum(np.maximum(0, lam + mu * h(z)) ** 2 - lam**2) / (2 * mu),
                lambda z: grad_f(z) + sum(np.maximum(0, lam + mu * h(z))[:, None] * jac_h(z)),
                x,
                tol,
            )
            lam = np.array([max(0.0, a) for a in lam + mu * h(x)])
            slack = np.minimum(lam, -h(x))
            slope = grad_f(x) + lam @ jac_h(x)
            if np.linalg.norm(slack, np.inf) <= tol and np.linalg.norm(slope, np.inf) <= tol:
                return x, lam
            mu = min(2 * mu, max(mu0, 1e4))
        raise RuntimeError("no convergence")


def _descend(value, gradient, x, tol):
    """BFGS with values: Armijo's rule, and the slopes at both ends where values are the same to rounding."""
    v, g, B = value(x), gradient(x), np.eye(len(x))
    for _ in range(2000):
        if np.abs(g).max() <= tol:
            break
        p, t = -B @ g, 1.0
        while True:
            ahead, new = value(x + t * p), gradient(x + t * p)
            fall = v - ahead if abs(v - ahead) > 1e-12 * (1 + abs(v)) else -t * (g + new) @ p / 2
            if fall >= -1e-4 * t * (g @ p):
                break
            t *= 0.5
        s, y = t * p, new - g
        x, v, g = x + s, ahead, new
        if s @ y > 0:
            r, sy = B @ y, s @ y
            B = B + (1 + y @ r / sy) * np.outer(s, s) / sy - (np.outer(r, s) + np.outer(s, r)) / sy
    return x


@rejected("a pure penalty, ever sharper: c = -lambda/mu asks for a mu at which rounding drowns the gradient")
def augmented_lagrangian(f, grad_f, c, jac_c, x0, tol=1e-8, mu0=10.0, max_outer=100):
    x, mu = x0, mu0
    for _ in range(max_outer):
        try:
            x = _minimise_augmented(f, grad_f, c, jac_c, np.zeros(1), mu, _as_it_is, x, tol)
        except RuntimeError:
            return x, -mu * c(x)
        if np.abs(c(x)).max() <= tol:
            return x, -mu * c(x)
        mu *= 10
    raise RuntimeError("no convergence")


@rejected("one penalty with a large mu: feasible to the eye, but not to 1e-8, and lambda is off as well")
def augmented_lagrangian(f, grad_f, c, jac_c, x0, tol=1e-8, mu0=10.0, max_outer=100):
    x = _minimise_augmented(f, grad_f, c, jac_c, np.zeros(1), 1e4, _as_it_is, x0, 1e-6)
    return x, -1e4 * c(x)


@rejected("the multiplier moves the wrong way: with f - lambdaᵀc it is lambda - mu c")
def augmented_lagrangian(f, grad_f, c, jac_c, x0, tol=1e-8, mu0=10.0, max_outer=100):
    x, lam, mu = x0, np.zeros(len(c(x0))), mu0
    for _ in range(min(max_outer, 12)):
        x = _minimise_augmented(f, grad_f, c, jac_c, -lam, mu, _as_it_is, x, tol)
        lam = lam + mu * c(x)
        if np.abs(c(x)).max() <= tol and np.abs(grad_f(x) - jac_c(x).T @ lam).max() <= tol:
            return x, lam
    raise RuntimeError("no convergence")


@rejected("lambda comes back with the sign of f + lambdaᵀc: here ∇f = +Jᵀlambda")
def augmented_lagrangian(f, grad_f, c, jac_c, x0, tol=1e-8, mu0=10.0, max_outer=100):
    return _method_of_multipliers(f, grad_f, c, jac_c, x0, tol, mu0, max_outer, _as_it_is, lambda y, c: c)


@rejected("ends where c(x) is small: a feasible point is not yet a minimum")
def augmented_lagrangian(f, grad_f, c, jac_c, x0, tol=1e-8, mu0=10.0, max_outer=100):
    x, y, mu = np.array(x0), np.zeros(len(c(x0))), mu0
    for _ in range(max_outer):
        if np.abs(c(x)).max() <= tol:
            return x, -y
        x = _minimise_augmented(f, grad_f, c, jac_c, y, mu, _as_it_is, x, 1e-4)
        y = y + mu * c(x)
        mu *= 2
    raise RuntimeError("no convergence")


@rejected("ends when lambda has come to rest in its first digits: tol is for c(x) and the gradient")
def augmented_lagrangian(f, grad_f, c, jac_c, x0, tol=1e-8, mu0=10.0, max_outer=100):
    x, y, mu = np.array(x0), np.zeros(len(c(x0))), mu0
    for _ in range(max_outer):
        x = _minimise_augmented(f, grad_f, c, jac_c, y, mu, _as_it_is, x, tol)
        before, y = y, y + mu * c(x)
        if np.linalg.norm(y - before) <= np.sqrt(tol) * max(1, np.linalg.norm(y)):
            return x, -y
        mu *= 2
    raise RuntimeError("no convergence")


@rejected("Newton on ∇f = Jᵀlambda, c = 0 goes to any solution, a maximum included, and wants J of full rank")
def augmented_lagrangian(f, grad_f, c, jac_c, x0, tol=1e-8, mu0=10.0, max_outer=100):
    n, m = len(x0), len(c(x0))

    def conditions(z):
        return np.concatenate([grad_f(z[:n]) - jac_c(z[:n]).T @ z[n:], c(z[:n])])

    z = np.concatenate([x0, np.ones(m)])
    for _ in range(max_outer):
        if np.abs(conditions(z)).max() <= tol:
            return z[:n], z[n:]
        D = [(conditions(z + 1e-6 * e) - conditions(z - 1e-6 * e)) / 2e-6 for e in np.eye(n + m)]
        z = z - np.linalg.solve(np.stack(D, axis=1) + 1e-12 * np.eye(n + m), conditions(z))
    raise RuntimeError("no convergence")


@rejected("the inner minimiser is Newton without a look at the curvature: it climbs to a maximum as willingly")
def _bfgs(value, gradient, x, tol):
    for _ in range(100):
        g = gradient(x)
        if np.abs(g).max() <= tol:
            break
        H = np.stack([(gradient(x + 1e-6 * e) - gradient(x - 1e-6 * e)) / 2e-6 for e in np.eye(len(x))])
        x = x - np.linalg.solve(H, g)
    return np.array(x)


@rejected("what was reached is returned although it does not meet tol: RuntimeError is asked for")
def _method_of_multipliers(f, grad_f, c, jac_c, x0, tol, mu, max_outer, clip, gap):
    x, y, error = x0, np.zeros(len(c(x0))), np.inf
    for _ in range(max_outer):
        x = _minimise_augmented(f, grad_f, c, jac_c, y, mu, clip, x, tol)
        y = clip(y + mu * c(x))
        before, error = error, np.abs(gap(y, c(x))).max()
        if error <= tol:
            break
        mu *= 10 if error > before / 4 else 1
    return x, y


@rejected("mu never grows: where it is too small for the problem, lambda runs away")
def _method_of_multipliers(f, grad_f, c, jac_c, x0, tol, mu, max_outer, clip, gap):
    x, y = x0, np.zeros(len(c(x0)))
    for _ in range(max_outer):
        x = _minimise_augmented(f, grad_f, c, jac_c, y, mu, clip, x, tol)
        y = clip(y + mu * c(x))
        if np.abs(gap(y, c(x))).max() <= tol:
            return x, y
    raise RuntimeError("no convergence")


@rejected("tol is not passed on: a fixed 1e-6 decides")
def augmented_lagrangian(f, grad_f, c, jac_c, x0, tol=1e-8, mu0=10.0, max_outer=100):
    x, y = _method_of_multipliers(f, grad_f, c, jac_c, x0, 1e-6, mu0, max_outer, _as_it_is, lambda y, c: c)
    return x, -y


@rejected("mu ‖c‖² without the half: that is the penalty of 2 mu")
def quadratic_penalty(f, grad_f, c, jac_c, x0, mu):
    return _minimise_augmented(f, grad_f, c, jac_c, np.zeros(1), 2 * mu, _as_it_is, x0, tol=1e-6)


@rejected("this is the minimum on the constraint: the penalty's own minimum misses it by about lambda/mu")
def quadratic_penalty(f, grad_f, c, jac_c, x0, mu):
    return augmented_lagrangian(f, grad_f, c, jac_c, x0)[0]


@rejected("the inequalities are kept as equalities: their multipliers have to be clipped at 0")
def with_inequalities(f, grad_f, h, jac_h, x0, tol=1e-8, mu0=10.0, max_outer=100):
    return _method_of_multipliers(f, grad_f, h, jac_h, x0, tol, mu0, max_outer, _as_it_is, lambda y, h: h)


@rejected("multipliers are not clipped: lambda < 0 pulls x onto constraints that it need not touch")
def with_inequalities(f, grad_f, h, jac_h, x0, tol=1e-8, mu0=10.0, max_outer=100):
    x, lam, mu = x0, np.zeros(len(h(x0))), mu0
    for _ in range(max_outer):

        def value(z):
            return f(z) + lam @ h(z) + mu / 2 * np.sum(np.maximum(h(z), 0.0) ** 2)

        def gradient(z):
            return grad_f(z) + jac_h(z).T @ (lam + mu * np.maximum(h(z), 0.0))

        x = _bfgs(value, gradient, x, tol)
        lam = lam + mu * h(x)
        if np.abs(np.minimum(lam, -h(x))).max() <= tol:
            return x, lam
    raise RuntimeError("no convergence")


@rejected("lambda is clipped after the loop only: L_A itself takes max(0, lambda + mu h)")
def with_inequalities(f, grad_f, h, jac_h, x0, tol=1e-8, mu0=10.0, max_outer=100):
    x, y = _method_of_multipliers(f, grad_f, h, jac_h, x0, tol, mu0, max_outer, _as_it_is, lambda y, h: h)
    return x, np.maximum(y, 0.0)


@rejected("a penalty on violated constraints has no multipliers: x stays outside by lambda/mu")
def with_inequalities(f, grad_f, h, jac_h, x0, tol=1e-8, mu0=10.0, max_outer=100):
    x, mu = x0, 1e4
    x = _minimise_augmented(f, grad_f, h, jac_h, np.zeros(1), mu, lambda y: np.maximum(y, 0.0), x, 1e-6)
    return x, np.maximum(0.0, mu * h(x))


@rejected("lambda of the wrong sign: for h <= 0 and f + lambdaᵀh no multiplier is negative")
def with_inequalities(f, grad_f, h, jac_h, x0, tol=1e-8, mu0=10.0, max_outer=100):
    def gap(y, h):
        return np.minimum(y, -h)

    x, y = _method_of_multipliers(f, grad_f, h, jac_h, x0, tol, mu0, max_outer, lambda y: np.maximum(y, 0.0), gap)
    return x, -y


@rejected("this is for h >= 0: the inequality is turned around")
def with_inequalities(f, grad_f, h, jac_h, x0, tol=1e-8, mu0=10.0, max_outer=100):
    return _method_of_multipliers(
        f,
        grad_f,
        lambda x: -h(x),
        lambda x: -jac_h(x),
        x0,
        tol,
        mu0,
        max_outer,
        lambda y: np.maximum(y, 0.0),
        lambda y, h: np.minimum(y, -h),
    )


equivalent("if error <= tol:", "if error < tol:", "no error is tol to the last bit")
equivalent("if error > before / 4:", "if error >= before / 4:", "when mu grows is a matter of speed")
equivalent("if error > before / 4:", "if error <= before / 4:", "when mu grows is a matter of speed")
equivalent("if error > before / 4:", "if error > before / 5:", "when mu grows is a matter of speed")
equivalent("if error > before / 4:", "if error > before / 3:", "when mu grows is a matter of speed")
equivalent("if error > before / 4:", "if True:", "when mu grows is a matter of speed")
equivalent("if error > before / 4:", "if error > before:", "when mu grows is a matter of speed")
equivalent("if error > before / 4:", "if error > 4:", "when mu grows is a matter of speed")
equivalent("mu *= 10", "mu *= 11", "how fast mu grows is a matter of speed")
equivalent("mu *= 10", "mu *= 9", "how fast mu grows is a matter of speed")
equivalent("for _ in range(1000):", "for _ in range(1001):", "some tens of steps are taken")
equivalent("for _ in range(1000):", "for _ in range(999):", "some tens of steps are taken")
equivalent("if np.abs(g).max() <= tol:", "if np.abs(g).max() < tol:", "no gradient is tol to the last bit")
equivalent("while not value(x + s) <= level:", "while not value(x + s) < level:", "level is above all that is downhill")
equivalent("s = s / 2", "s = s / 3", "how fast a step shrinks is a matter of speed")
equivalent(
    "B = V @ B @ V.T + np.outer(s, s) / (s @ y)",
    "B = (V @ B) + np.outer(s, s) / (s @ y)",
    "another, slower approximation of the Hessian",
)
equivalent(
    'raise RuntimeError("the augmented Lagrangian has no minimum near, or rounding hides it")',
    "pass",
    "it comes to that only where L_A has no minimum, of which nothing is promised",
)
equivalent(
    "x, y, error = x0, np.zeros(len(c(x0))), np.inf",
    "x, y, error = x0, np.ones(len(c(x0))), np.inf",
    "any first multiplier will do",
)
equivalent(
    "s, level = -B @ g, value(x) + 1e-12",
    "s, level = -B @ g, value(x) + 1.000000000001",
    "BFGS finds back from a small rise, here; it is steps far uphill that lead astray",
)
