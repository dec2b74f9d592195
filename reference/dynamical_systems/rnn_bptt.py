"""Oracle for rnn_bptt: the complex step through loops over single numbers, and torch.

For an analytic function Im f(x + ihv) / h is the derivative along v, to rounding. The network is run on complex
numbers, by its definition; nothing is differentiated here.
"""

import cmath
import math

import numpy as np

STEP = 1e-30


def states(X, h0, Wx, Wh, b):
    """h_1, ..., h_T, one unit at a time; complex numbers go through."""
    T, N, d = X.shape
    h = len(b)
    H = np.zeros((T, N, h), dtype=np.result_type(X, h0, Wx, Wh, b))
    for t in range(T):
        before = H[t - 1] if t else h0
        for n in range(N):
            for j in range(h):
                a = b[j]
                a = a + sum(X[t, n, i] * Wx[i, j] for i in range(d))
                a = a + sum(before[n, i] * Wh[i, j] for i in range(h))
                H[t, n, j] = cmath.tanh(a) if H.dtype.kind == "c" else math.tanh(a)
    return H


def fast_states(X, h0, Wx, Wh, b):
    H = [h0]
    for x in X:
        H.append(np.tanh(x @ Wx + H[-1] @ Wh + b))
    return np.stack(H[1:])


def gradients(dH, *args):
    """Σ dH ∘ ∂H/∂(entry), for each entry of each argument of `states`."""
    found = []
    for k, arg in enumerate(args):
        gradient = np.zeros(arg.shape)
        for index in np.ndindex(arg.shape):
            moved = arg.astype(np.complex128)
            moved[index] += 1j * STEP
            H = fast_states(*args[:k], moved, *args[k + 1 :])
            gradient[index] = np.sum(dH * H.imag) / STEP
        found.append(gradient)
    return tuple(found)


def log_norms(X, h0, Wx, Wh, b):
    """log ‖∂h_T/∂h_t‖₂ from the Jacobian of the whole batch: start anew from h_t with each unit moved."""
    T, N, h = len(X), *h0.shape
    H = fast_states(X, h0, Wx, Wh, b)
    logs = []
    for t in range(T):
        J = np.zeros((N * h, N * h))
        for k in range(N * h):
            moved = H[t].astype(np.complex128)
            moved[divmod(k, h)] += 1j * STEP
            end = fast_states(X[t + 1 :], moved, Wx, Wh, b)[-1] if t < T - 1 else moved
            J[:, k] = end.imag.ravel() / STEP
        logs.append(math.log(np.linalg.svd(J, compute_uv=False)[0]))
    return np.array(logs)


def torch_gradients(dH, X, h0, Wx, Wh, b):
    """(H, (dX, dh0, dWx, dWh, db)) by torch.nn.RNN, whose weights are transposed, and autograd."""
    import torch

    rnn = torch.nn.RNN(Wx.shape[0], Wx.shape[1], dtype=torch.float64)
    with torch.no_grad():
        rnn.weight_ih_l0.copy_(torch.from_numpy(Wx.T.copy()))
        rnn.weight_hh_l0.copy_(torch.from_numpy(Wh.T.copy()))
        rnn.bias_ih_l0.copy_(torch.from_numpy(b))
        rnn.bias_hh_l0.zero_()
    x, start = torch.tensor(X, requires_grad=True), torch.tensor(h0, requires_grad=True)
    H, _ = rnn(x, start[None])
    (H * torch.from_numpy(dH)).sum().backward()
    weights = rnn.weight_ih_l0.grad.T, rnn.weight_hh_l0.grad.T, rnn.bias_ih_l0.grad
    return H.detach().numpy(), tuple(g.numpy() for g in (x.grad, start.grad, *weights))
