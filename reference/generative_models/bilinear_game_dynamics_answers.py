"""Known answers for bilinear_game_dynamics."""

import numpy as np

from dojo.answers import accepted, equivalent, rejected

equivalent("eigenvalues = [1 - mu]", "eigenvalues = [1 + mu]", "the conjugate eigenvalue, of the same modulus")


@accepted("one vector field for both players, and lists of iterates")
class field:
    def _field(A, w):
        n = A.shape[0]
        return np.concatenate([A @ w[n:], -(A.T @ w[:n])])

    def _path(A, x, y, steps, move):
        path = [np.concatenate([x, y])]
        for _ in range(steps):
            path.append(move(path[-1]))
        path = np.stack(path)
        return path[:, : len(x)].copy(), path[:, len(x) :].copy()

    def simultaneous_gda(A, x, y, lr, steps):
        return _path(A, x, y, steps, lambda w: w - lr * _field(A, w))

    def extragradient(A, x, y, lr, steps):
        return _path(A, x, y, steps, lambda w: w - lr * _field(A, w - lr * _field(A, w)))


@accepted("in the singular vectors of A every plane is a game of its own, and a complex number turns in it")
class planes:
    def _turn(A, x, y, steps, lr, step):
        U, sigma, Vt = np.linalg.svd(A)
        n, m = A.shape
        k = len(sigma)
        X, Y = np.tile(U.T @ x, (steps + 1, 1)), np.tile(Vt @ y, (steps + 1, 1))
        w = X[0, :k] + 1j * Y[0, :k]  # (sigma y, -sigma x) is -i sigma w
        for t in range(steps):
            w = w * step(1j * lr * sigma)
            X[t + 1, :k], Y[t + 1, :k] = w.real, w.imag
        X, Y = X @ U.T, Y @ Vt
        X[0], Y[0] = x, y
        return X, Y

    def simultaneous_gda(A, x, y, lr, steps):
        return _turn(A, x, y, steps, lr, lambda mu: 1 + mu)

    def extragradient(A, x, y, lr, steps):
        return _turn(A, x, y, steps, lr, lambda mu: 1 + mu + mu**2)


@accepted("the radius from the matrix of one step, by numpy's eigenvalues")
def iteration_radius(sigma, lr, method):
    a = lr * sigma
    M = np.array([[0.0, a], [-a, 0.0]])
    one, zero = np.eye(2), np.zeros((2, 2))
    if method == "simultaneous":
        P = one - M
    elif method == "alternating":
        P = np.array([[1.0, -a], [a, 1 - a * a]])
    elif method == "extragradient":
        P = one - M @ (one - M)
    elif method == "optimistic":
        P = np.block([[one - 2 * M, M], [one, zero]])
    else:
        raise ValueError(method)
    return float(max(abs(np.linalg.eigvals(P))))


@accepted("the radii as closed formulas, by cases of lr sigma")
def iteration_radius(sigma, lr, method):
    s = (sigma * lr) ** 2
    if method == "simultaneous":
        return np.sqrt(1 + s)
    if method == "extragradient":
        return np.sqrt(1 - s + s * s)
    if method == "alternating":
        return 1.0 if s <= 4 else (s - 2 + np.sqrt(s * (s - 4))) / 2
    if method == "optimistic":
        if s <= 0.25:
            return np.sqrt((1 + np.sqrt(1 - 4 * s)) / 2)
        return np.sqrt(0.25 + (np.sqrt(s) + np.sqrt(s - 0.25)) ** 2)
    raise ValueError("unknown method")


@rejected("y answers to the new x: that is alternating play")
def simultaneous_gda(A, x, y, lr, steps):
    return alternating_gda(A, x, y, lr, steps)


@rejected("y moves by the old x: that is simultaneous play, which flies apart")
def alternating_gda(A, x, y, lr, steps):
    return simultaneous_gda(A, x, y, lr, steps)


@rejected("y moves first: x has the first move, and y answers to it")
def alternating_gda(A, x, y, lr, steps):
    X, Y = _start(x, y, steps)
    for t in range(steps):
        Y[t + 1] = Y[t] + lr * A.T @ X[t]
        X[t + 1] = X[t] - lr * A @ Y[t + 1]
    return X, Y


@rejected("both players descend: y maximises, it moves along +Aᵀx")
def simultaneous_gda(A, x, y, lr, steps):
    X, Y = _start(x, y, steps)
    for t in range(steps):
        X[t + 1] = X[t] - lr * A @ Y[t]
        Y[t + 1] = Y[t] - lr * A.T @ X[t]
    return X, Y


@rejected("the players are swapped: x minimises, it moves along -A y")
def simultaneous_gda(A, x, y, lr, steps):
    X, Y = _start(x, y, steps)
    for t in range(steps):
        X[t + 1] = X[t] + lr * A @ Y[t]
        Y[t + 1] = Y[t] - lr * A.T @ X[t]
    return X, Y


@rejected("the gradient found ahead is added to the point ahead: it belongs to the old point")
def extragradient(A, x, y, lr, steps):
    X, Y = _start(x, y, steps)
    for t in range(steps):
        x_half, y_half = X[t] - lr * A @ Y[t], Y[t] + lr * A.T @ X[t]
        X[t + 1] = x_half - lr * A @ y_half
        Y[t + 1] = y_half + lr * A.T @ x_half
    return X, Y


@rejected("the look ahead alternates: both players look from the same old point")
def extragradient(A, x, y, lr, steps):
    X, Y = _start(x, y, steps)
    for t in range(steps):
        x_half = X[t] - lr * A @ Y[t]
        y_half = Y[t] + lr * A.T @ x_half
        X[t + 1] = X[t] - lr * A @ y_half
        Y[t + 1] = Y[t] + lr * A.T @ x_half
    return X, Y


@rejected("y takes the new x instead of the one ahead")
def extragradient(A, x, y, lr, steps):
    X, Y = _start(x, y, steps)
    for t in range(steps):
        y_half = Y[t] + lr * A.T @ X[t]
        X[t + 1] = X[t] - lr * A @ y_half
        Y[t + 1] = Y[t] + lr * A.T @ X[t + 1]
    return X, Y


@rejected("the look ahead is half a step: it takes the whole lr, as the step itself does")
def extragradient(A, x, y, lr, steps):
    X, Y = _start(x, y, steps)
    for t in range(steps):
        x_half, y_half = X[t] - lr / 2 * A @ Y[t], Y[t] + lr / 2 * A.T @ X[t]
        X[t + 1] = X[t] - lr * A @ y_half
        Y[t + 1] = Y[t] + lr * A.T @ x_half
    return X, Y


@rejected("the points looked at are written into the history as well: row t is after t whole steps")
def extragradient(A, x, y, lr, steps):
    X, Y = _start(x, y, steps)
    for t in range(steps):
        if t % 2 == 0:
            X[t + 1], Y[t + 1] = X[t] - lr * A @ Y[t], Y[t] + lr * A.T @ X[t]
        else:
            X[t + 1], Y[t + 1] = X[t - 1] - lr * A @ Y[t], Y[t - 1] + lr * A.T @ X[t]
    return X, Y


@rejected("A for both players: the gradient in y is Aᵀx, which a square A hides and no other")
def simultaneous_gda(A, x, y, lr, steps):
    X, Y = _start(x, y, steps)
    B = A if A.shape[0] == A.shape[1] else A.T
    for t in range(steps):
        X[t + 1] = X[t] - lr * A @ Y[t]
        Y[t + 1] = Y[t] + lr * B @ X[t]
    return X, Y


@rejected("the averages of the iterates: those converge, the iterates asked for do not")
def alternating_gda(A, x, y, lr, steps):
    X, Y = _start(x, y, steps)
    for t in range(steps):
        X[t + 1] = X[t] - lr * A @ Y[t]
        Y[t + 1] = Y[t] + lr * A.T @ X[t + 1]
    count = np.arange(1, steps + 2)[:, None]
    return np.cumsum(X, axis=0) / count, np.cumsum(Y, axis=0) / count


@rejected("the start is missing: the histories have steps + 1 rows, and row 0 is the start")
def simultaneous_gda(A, x, y, lr, steps):
    X, Y = _start(x, y, steps)
    for t in range(steps):
        X[t + 1] = X[t] - lr * A @ Y[t]
        Y[t + 1] = Y[t] + lr * A.T @ X[t]
    return X[1:], Y[1:]


@rejected("the same array is put into the history again and again: store a copy of each iterate")
def simultaneous_gda(A, x, y, lr, steps):
    x, y = x.copy(), y.copy()
    X, Y = [x], [y]
    for _ in range(steps):
        dx, dy = A @ y, A.T @ x
        x -= lr * dx
        y += lr * dy
        X.append(x)
        Y.append(y)
    return np.array(X), np.array(Y)


@rejected("the square of the radius: the modulus is the root of it")
def iteration_radius(sigma, lr, method):
    s = (lr * sigma) ** 2
    known = {
        "simultaneous": 1 + s,
        "alternating": 1.0,
        "extragradient": 1 - s + s * s,
        "optimistic": (1 + np.sqrt(max(0.0, 1 - 4 * s))) / 2,
    }
    if method not in known:
        raise ValueError(method)
    return known[method]


@rejected("sigma is left out: the eigenvalues depend on lr sigma")
def iteration_radius(sigma, lr, method):
    mu = 1j * lr
    roots = {
        "simultaneous": [1, mu - 1],
        "alternating": [1, lr * lr - 2, 1],
        "extragradient": [1, mu - mu * mu - 1],
        "optimistic": [1, 2 * mu - 1, -mu],
    }
    if method not in roots:
        raise ValueError(method)
    return float(np.abs(np.roots(roots[method])).max())


@rejected("alternating play is bounded only up to lr sigma = 2: beyond, its eigenvalues are real")
def iteration_radius(sigma, lr, method):
    mu = 1j * lr * sigma
    roots = {
        "simultaneous": [1, mu - 1],
        "alternating": [1, -1],
        "extragradient": [1, mu - mu * mu - 1],
        "optimistic": [1, 2 * mu - 1, -mu],
    }
    if method not in roots:
        raise ValueError(method)
    return float(np.abs(np.roots(roots[method])).max())


@rejected("one of the two eigenvalues of a plane, and not the larger")
def iteration_radius(sigma, lr, method):
    mu = 1j * lr * sigma
    roots = {
        "simultaneous": [1, mu - 1],
        "alternating": [1, abs(mu) ** 2 - 2, 1],
        "extragradient": [1, mu - mu * mu - 1],
        "optimistic": [1, 2 * mu - 1, -mu],
    }
    if method not in roots:
        raise ValueError(method)
    return float(np.abs(np.roots(roots[method])).min())


@rejected("the radius in modulus, not the largest real part: a rotation has real part 1 and still grows")
def iteration_radius(sigma, lr, method):
    mu = 1j * lr * sigma
    roots = {
        "simultaneous": [1, mu - 1],
        "alternating": [1, abs(mu) ** 2 - 2, 1],
        "extragradient": [1, mu - mu * mu - 1],
        "optimistic": [1, 2 * mu - 1, -mu],
    }
    if method not in roots:
        raise ValueError(method)
    return float(np.roots(roots[method]).real.max())


@rejected("optimism weighs the new field with 2 lr and the old one with -lr: here both are lr")
def iteration_radius(sigma, lr, method):
    mu = 1j * lr * sigma
    roots = {
        "simultaneous": [1, mu - 1],
        "alternating": [1, abs(mu) ** 2 - 2, 1],
        "extragradient": [1, mu - mu * mu - 1],
        "optimistic": [1, mu - 1, -mu],
    }
    if method not in roots:
        raise ValueError(method)
    return float(np.abs(np.roots(roots[method])).max())
