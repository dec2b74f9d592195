"""Known answers for numerical_gradient."""

import numpy as np

from dojo.answers import accepted, rejected


@accepted("one copy is moved up, down and back, and the step is the one that was really taken")
def central_difference(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    g = np.zeros(x.shape)
    for i, old in enumerate(x.copy()):
        x[i] = above = old + h
        up = f(x)
        x[i] = below = old - h
        g[i] = (up - f(x)) / (above - below)
        x[i] = old
    return g


@accepted("all points at once, as the rows of two matrices")
class rows:
    def central_difference(f, x, h=1e-5):
        steps = h * np.eye(x.size)
        up, down = np.apply_along_axis(f, 1, x + steps), np.apply_along_axis(f, 1, x - steps)
        return (up - down) / h / 2

    def complex_step(f, x, h=1e-30):
        return np.array([np.imag(f(x + 1j * row)) / h for row in h * np.eye(x.size)])


@accepted("all directions drawn at once, all errors compared at the end")
def gradient_check(f, grad, x, rng, n_dirs=5, tol=1e-6):
    V = rng.normal(size=(n_dirs, len(x)))
    V = V / np.sqrt((V * V).sum(axis=1, keepdims=True))
    h, eps = 1e-5, 2.0**-52
    up, down = np.array([f(x + h * v) for v in V]), np.array([f(x - h * v) for v in V])
    d, g = (up - down) / (2 * h), grad(x)
    allowed = tol * np.maximum(np.abs(d), np.sqrt(g @ g)) + 10 * eps / h * np.maximum(np.abs(up), np.abs(down))
    return bool(np.all(np.isfinite(d)) and np.all(np.isfinite(g)) and np.all(np.abs(V @ g - d) <= allowed))


@accepted("relative to the larger of the two slopes: stricter where a direction is nearly orthogonal to g")
def gradient_check(f, grad, x, rng, n_dirs=5, tol=1e-6):
    g, h = np.array(grad(x)), 1e-5
    verdicts = []
    for _ in range(n_dirs):
        v = rng.standard_normal(x.shape)
        v = v / np.sqrt(np.sum(v**2))
        up, down = f(x + h * v), f(x - h * v)
        d, a = (up - down) / h / 2, float(np.sum(g * v))
        noise = 1e-15 * (abs(up) + abs(down)) / h
        verdicts.append(np.isfinite(a) and np.isfinite(d) and abs(a - d) <= tol * max(abs(a), abs(d)) + noise)
    return all(verdicts)


@rejected("a forward difference: its error is of first order, h f''/2 instead of h² f'''/6")
def central_difference(f, x, h=1e-5):
    start, eye = f(x.astype(float)), np.eye(len(x))
    return np.array([(f(x + h * e) - start) / h for e in eye])


@rejected("the input itself is moved: it belongs to the caller; move a copy")
def central_difference(f, x, h=1e-5):
    g = np.zeros(len(x))
    for i in range(len(x)):
        old = x[i]
        x[i] = old + h
        up = f(x)
        x[i] = old - h
        g[i] = (up - f(x)) / (2 * h)
        x[i] = old
    return g


@rejected("a coordinate is moved and not put back: the next derivatives are taken at another point")
def central_difference(f, x, h=1e-5):
    x, g = np.array(x, dtype=float), np.zeros(len(x))
    for i in range(len(x)):
        x[i] += h
        up = f(x)
        x[i] -= 2 * h
        g[i] = (up - f(x)) / (2 * h)
    return g


@rejected("the copy has the dtype of x: in integers a step of 1e-5 is 0, in float32 it has two digits")
def central_difference(f, x, h=1e-5):
    g = np.zeros(len(x))
    for i in range(len(x)):
        up, down = x.copy(), x.copy()
        up[i] = up[i] + h
        down[i] = down[i] - h
        g[i] = (f(up) - f(down)) / (2 * h)
    return g


@rejected("h is so small that the difference is all rounding: half of the digits is gone at 1e-8 and all at 1e-14")
def central_difference(f, x, h=1e-13):
    return np.array([(f(x + h * e) - f(x - h * e)) / (2 * h) for e in np.eye(len(x))])


@rejected("|f| has nearly no part of the imaginary step in it: the derivative is Im f / h")
def complex_step(f, x, h=1e-30):
    return np.array([abs(f(x + 1j * h * e)) / h for e in np.eye(len(x))])


@rejected("the step is conjugated: -i h gives the negative gradient")
def complex_step(f, x, h=1e-30):
    return np.array([f(np.conj(x + 1j * h * e)).imag / h for e in np.eye(len(x))])


@rejected("the earlier coordinates keep their imaginary part: entry i is the sum of the first i derivatives")
def complex_step(f, x, h=1e-30):
    z, g = x.astype(complex), np.zeros(len(x))
    for i in range(len(x)):
        z[i] += 1j * h
        g[i] = f(z).imag / h
    return g


@rejected("an absolute error: huge gradients always fail, and tiny ones always pass")
def gradient_check(f, grad, x, rng, n_dirs=5, tol=1e-6):
    g = grad(x)
    for _ in range(n_dirs):
        v = rng.standard_normal(len(x))
        v /= np.linalg.norm(v)
        if not abs((f(x + 1e-5 * v) - f(x - 1e-5 * v)) / 2e-5 - g @ v) <= tol:
            return False
    return True


@rejected("relative without allowance for rounding: where the right gradient is 0 only rounding is left of d")
def gradient_check(f, grad, x, rng, n_dirs=5, tol=1e-6):
    g = grad(x)
    for _ in range(n_dirs):
        v = rng.standard_normal(len(x))
        v /= np.linalg.norm(v)
        d = (f(x + 1e-5 * v) - f(x - 1e-5 * v)) / 2e-5
        if not abs(d - g @ v) <= tol * np.linalg.norm(g) < np.inf:
            return False
    return True


@rejected("`error > allowed` is False for a NaN too, and infinity is not above infinity: both pass here")
def gradient_check(f, grad, x, rng, n_dirs=5, tol=1e-6):
    g = grad(x)
    for _ in range(n_dirs):
        v = rng.standard_normal(len(x))
        v /= np.linalg.norm(v)
        up, down = f(x + STEP * v), f(x - STEP * v)
        d = (up - down) / (2 * STEP)
        allowed = tol * np.linalg.norm(g) + ROUNDING * abs(up) / STEP
        if abs(d - g @ v) > allowed:
            return False
    return True


def _agrees(f, g, x, v, tol):
    up, down = f(x + STEP * v), f(x - STEP * v)
    d = (up - down) / (2 * STEP)
    allowed = tol * np.linalg.norm(g) + ROUNDING * abs(up) / STEP
    return bool(abs(d - g @ v) <= allowed < np.inf)


@rejected("one fixed direction is blind for every error orthogonal to it: draw them")
def gradient_check(f, grad, x, rng, n_dirs=5, tol=1e-6):
    return _agrees(f, grad(x), x, np.ones(len(x)) / np.sqrt(len(x)), tol)


@rejected("one direction that agrees is not enough: every one has to")
def gradient_check(f, grad, x, rng, n_dirs=5, tol=1e-6):
    V, g = rng.standard_normal((n_dirs, len(x))), grad(x)
    return any([_agrees(f, g, x, v / np.linalg.norm(v), tol) for v in V])


@rejected("the directions do not come from the generator handed over: no other seed can be tried")
def gradient_check(f, grad, x, rng, n_dirs=5, tol=1e-6):
    V, g = np.random.default_rng(0).standard_normal((n_dirs, len(x))), grad(x)
    return all([_agrees(f, g, x, v / np.linalg.norm(v), tol) for v in V])


@rejected("every entry is checked, at 2n calls of f: a direction costs 2, whatever n")
def gradient_check(f, grad, x, rng, n_dirs=5, tol=1e-6):
    g = grad(x)
    return all([_agrees(f, g, x, e, tol) for e in np.eye(len(x))])
