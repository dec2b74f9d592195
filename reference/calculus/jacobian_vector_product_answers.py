"""Known answers for jacobian_vector_product."""

import numpy as np

from dojo.answers import accepted, equivalent, rejected


@accepted("value and direction travel as the two columns of one matrix: each W is read once")
def jvp(params, x, v):
    H = np.stack([x, v], axis=1)  # (in, 2)
    for layer, (W, b) in enumerate(params):
        H = W @ H
        H[:, 0] += b
        if layer < len(params) - 1:
            H[:, 0] = np.tanh(H[:, 0])
            H[:, 1] *= 1 - H[:, 0] ** 2
    return H[:, 0].copy(), H[:, 1].copy()


@accepted("the complex step: the imaginary part is the direction, no derivative is written down")
def jvp(params, x, v):
    h = 1e-30
    re, im = x, h * v
    for W, b in params[:-1]:
        z = np.tanh(W @ re + b + 1j * (W @ im))
        re, im = z.real, z.imag
    W, b = params[-1]
    return W @ re + b, W @ (im / h)


@accepted("the backward sweep as a recursion, tanh' as 1/cosh²")
class recursive:
    def vjp(params, x, u):
        (W, b), rest = params[0], params[1:]
        if not rest:
            return W @ x + b, W.T @ u
        a = W @ x + b
        value, g = vjp(rest, np.tanh(a), u)
        slope = 1 / np.cosh(np.clip(a, -350, 350)) ** 2
        return value, W.T @ (slope * g)


@accepted("jacobian from products with unit vectors, the fewer of the two")
def jacobian(params, x):
    m, n = params[-1][0].shape[0], len(x)
    if m < n:
        return np.array([vjp(params, x, e)[1] for e in np.eye(m)])
    return np.array([jvp(params, x, e)[1] for e in np.eye(n)]).T.copy()


@rejected("this is Jᵀv, the transposed product: jvp carries the direction forward, W @ t and not W.T @ t")
def jvp(params, x, v):
    value, _ = vjp(params, x, np.resize(v, params[-1][0].shape[0]))
    return value, vjp(params, x, np.resize(v, params[-1][0].shape[0]))[1]


@rejected("tanh' is taken at the value after tanh: 1 - tanh(h)² where 1 - h² is meant")
def jvp(params, x, v):
    h, t = x, v
    for W, b in params[:-1]:
        h = np.tanh(W @ h + b)
        t = (1 - np.tanh(h) ** 2) * (W @ t)
    W, b = params[-1]
    return W @ h + b, W @ t


@rejected("tanh' is taken at the layer's input: the slope of the layer before")
def vjp(params, x, u):
    values = _hidden_values(params, x)
    W, b = params[-1]
    g = W.T @ u
    for (W_l, b_l), h_in, h_out in zip(params[-2::-1], values[-2::-1], values[:0:-1]):
        slope = 1 - h_in**2 if h_in.shape == h_out.shape else 1 - h_out**2
        g = W_l.T @ (slope * g)
    return W @ values[-1] + b, g


@rejected("the last layer has no tanh, neither in the value nor in the slope")
class tanh_everywhere:
    def forward(params, x):
        for W, b in params:
            x = np.tanh(W @ x + b)
        return x

    def jvp(params, x, v):
        h, t = x, v
        for W, b in params:
            h = np.tanh(W @ h + b)
            t = (1 - h**2) * (W @ t)
        return h, t


@rejected("the slope of the last layer is multiplied in: the output is linear, its slope is 1")
def jvp(params, x, v):
    h, t = x, v
    for W, b in params[:-1]:
        h = np.tanh(W @ h + b)
        t = (1 - h**2) * (W @ t)
    W, b = params[-1]
    y = W @ h + b
    return y, (1 - np.tanh(y) ** 2) * (W @ t)


@rejected("a finite difference: half of the digits are lost in the subtraction")
def jvp(params, x, v):
    h = 1e-6
    return forward(params, x), (forward(params, x + h * v) - forward(params, x - h * v)) / (2 * h)


@rejected("the bias is carried along with the direction: its derivative is 0")
def jvp(params, x, v):
    h, t = x, v
    for W, b in params[:-1]:
        h, t = np.tanh(W @ h + b), W @ t + b
        t = (1 - h**2) * t
    W, b = params[-1]
    return W @ h + b, W @ t


@rejected("the Jacobian is formed and then multiplied: right, but with the memory and the time of matrices")
def jvp(params, x, v):
    return forward(params, x), jacobian(params, x) @ v


@rejected("a layer's Jacobian is formed: diag(1 - h²) W is as large as W")
def vjp(params, x, u):
    values = _hidden_values(params, x)
    W, b = params[-1]
    g = W.T @ u
    for (W_l, _), h in zip(params[-2::-1], values[:0:-1]):
        g = ((1 - h**2)[:, None] * W_l).T @ g
    return W @ values[-1] + b, g


@rejected("always forward mode: n sweeps, where one output asks for a single one back")
def jacobian(params, x):
    return np.array([jvp(params, x, e)[1] for e in np.eye(len(x))]).T.copy()


@rejected("always reverse mode: m sweeps, where one input asks for a single one forward")
def jacobian(params, x):
    m = params[-1][0].shape[0]
    return np.array([vjp(params, x, e)[1] for e in np.eye(m)])


@rejected("this is Jᵀ, of shape (n, m): rows are outputs, columns are inputs")
def jacobian(params, x):
    m = params[-1][0].shape[0]
    return np.array([vjp(params, x, e)[1] for e in np.eye(m)]).T.copy()


equivalent("if len(x) <= len(W):", "if len(x) < len(W):", "with n = m both modes take as many sweeps")
