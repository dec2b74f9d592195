"""Oracle for jacobian_vector_product: the complex step, a derivative without a chain rule.

For an analytic f, Im f(x + ihv) / h = J v + O(h²). Nothing is subtracted, so h can be 1e-30 and the result is exact to
rounding. The network is run on complex numbers by plain loops over its definition; no layer is differentiated here.
"""

import numpy as np

STEP = 1e-30


def forward(params, x):
    """f(x) by the definition, one neuron at a time."""
    h = [complex(value) for value in x]
    for layer, (W, b) in enumerate(params):
        a = [sum(w * value for w, value in zip(row, h, strict=True)) + bias for row, bias in zip(W, b, strict=True)]
        h = [np.tanh(value) for value in a] if layer < len(params) - 1 else a
    return np.array(h).real


def _along(params, x, v):
    h = np.asarray(x) + 1j * STEP * np.asarray(v)
    for layer, (W, b) in enumerate(params):
        h = W @ h + b
        h = np.tanh(h) if layer < len(params) - 1 else h
    return h


def jacobian(params, x):
    """J, one complex step per input."""
    columns = [_along(params, x, e).imag / STEP for e in np.eye(len(x))]
    return np.stack(columns, axis=1)


def jvp(params, x, v):
    """f(x) and J v by one complex step along v."""
    return forward(params, x), _along(params, x, v).imag / STEP


def vjp(params, x, u):
    """f(x) and Jᵀu from the whole Jacobian."""
    return forward(params, x), jacobian(params, x).T @ u


def naive_jvp(params, x, v):
    """What `jvp` is measured against: form J by matrix products, then multiply. O(n³)."""
    J = np.eye(len(x))
    h = x
    for layer, (W, b) in enumerate(params):
        J = W @ J
        h = W @ h + b
        if layer < len(params) - 1:
            h = np.tanh(h)
            J = (1 - h**2)[:, None] * J
    return h, J @ v


def torch_jvp(params, x, v):
    """torch.func.jvp on the same network: the library's own answer, for benchmarks and golden numbers."""
    import torch

    tensors = [(torch.from_numpy(W), torch.from_numpy(b)) for W, b in params]

    def network(h):
        for W, b in tensors[:-1]:
            h = torch.tanh(W @ h + b)
        W, b = tensors[-1]
        return W @ h + b

    value, tangent = torch.func.jvp(network, (torch.from_numpy(x),), (torch.from_numpy(v),))
    return value.numpy(), tangent.numpy()
