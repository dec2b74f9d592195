"""Backpropagation through time, and why its gradients vanish or explode.

A recurrent network applies the same weights at each time step:

    a_t = x_t Wx + h_{t-1} Wh + b,   h_t = tanh(a_t),   t = 1, ..., T

It is a deep network with one layer a time step, all of which share Wx, Wh and b. Let dH_t be the gradient of the
loss by h_t as far as the loss sees h_t directly (an output at time t); the loss sees it through h_{t+1} as well:

    dh_t = dH_t + da_{t+1} Whᵀ   (without the second term for t = T),     da_t = dh_t ∘ (1 - h_t²)

    dx_t = da_t Wxᵀ    dWx = Σ_t x_tᵀ da_t    dWh = Σ_t h_{t-1}ᵀ da_t    db = Σ_t (rows of da_t)    dh_0 = da_1 Whᵀ

What reaches back from T to t is a product of Jacobians, ∂h_T/∂h_t = Π_{s>t} (diag(1 - h_s²) Whᵀ). With singular
values below 1 it vanishes like a power, and above 1 it may explode. Against exploding, the gradient is clipped.

Throughout: T >= 1 time steps, a batch of N >= 1 sequences (rows; they do not meet), d >= 1 inputs, h >= 1 units;
all arrays are float64. In arrays over time, index t - 1 holds time t: X[0] is x_1, and H[0] is h_1.

Rules: no torch, no autograd, no jax. Inputs are read-only; results are new arrays.

Source: Werbos, Proc. IEEE 78 (1990); Goodfellow, Bengio & Courville, Deep Learning, 10.2 and 10.7; Pascanu, Mikolov
& Bengio, ICML 2013.
"""

import numpy as np


def rnn_forward(
    X: np.ndarray, h0: np.ndarray, Wx: np.ndarray, Wh: np.ndarray, b: np.ndarray
) -> tuple[np.ndarray, list]:
    """(H, cache): all the states h_1, ..., h_T, and what the other functions need.

    X: (T, N, d), h0: (N, h), Wx: (d, h), Wh: (h, h), b: (h,). H: (T, N, h). The cache is a list, and what is in
    it is your affair: it goes to `rnn_backward` and `jacobian_product_norms` as it is, possibly more than once. It
    may hold the arguments themselves.

    >>> rnn_forward(np.zeros((2, 1, 1)), np.zeros((1, 1)), np.eye(1), np.eye(1), np.zeros(1))[0].ravel()
    array([0., 0.])
    """
    T = len(X)
    H = np.empty((T + 1, *h0.shape))  # (T + 1, N, h): h_0 in front
    H[0] = h0
    for t in range(T):
        H[t + 1] = np.tanh(X[t] @ Wx + H[t] @ Wh + b)
    return H[1:], [X, H, Wx, Wh]


def rnn_backward(dH: np.ndarray, cache: list) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(dX, dh0, dWx, dWh, db): the gradient of the loss by each argument of `rnn_forward`, shaped like it.

    dH: (T, N, h), the direct gradient by each state; there is no mean over the batch or over time, sums only.

    >>> _, cache = rnn_forward(np.zeros((2, 1, 1)), np.zeros((1, 1)), np.eye(1), 3 * np.eye(1), np.zeros(1))
    >>> rnn_backward(np.array([[[0.0]], [[1.0]]]), cache)[0].ravel()  # tanh' is 1 here: dx_1 = Wh, dx_2 = 1
    array([3., 1.])
    """
    X, H, Wx, Wh = cache
    dA = np.empty_like(H[1:])  # (T, N, h)
    carried = 0.0  # da_{t+1} Whᵀ: what comes from the future, nothing at T
    for t in reversed(range(len(X))):
        dA[t] = (dH[t] + carried) * (1 - H[t + 1] ** 2)
        carried = dA[t] @ Wh.T  # (N, h)
    dWx = np.einsum("tnd,tnh->dh", X, dA)  # the weights are shared: a sum over time, as over the batch
    dWh = np.einsum("tni,tnj->ij", H[:-1], dA)  # with h_{t-1}, h_0 included
    return dA @ Wx.T, carried, dWx, dWh, dA.sum(axis=(0, 1))


def clip_grad_norm(grads: list[np.ndarray], max_norm: float) -> tuple[list[np.ndarray], float]:
    """(clipped, norm): the gradients, shortened to a global norm of at most max_norm > 0, and their norm before.

    norm is the Euclidean norm of all entries of all arrays together. If norm > max_norm each array is multiplied
    by max_norm / norm, so the direction stays as it is; else the arrays come back as they are (copies), all zeros
    and an empty list included. Nothing is added to the norm. Entries are zero, or between 1e-150 and 1e150 in size.

    >>> clip_grad_norm([np.array([3.0]), np.array([[4.0]])], 1.0)
    ([array([0.6]), array([[0.8]])], 5.0)
    """
    norm = float(np.sqrt(sum(np.sum(g * g) for g in grads)))
    scale = max_norm / norm if norm > max_norm else 1.0
    return [scale * g for g in grads], norm


def jacobian_product_norms(cache: list) -> np.ndarray:
    """log ‖∂h_T/∂h_t‖₂ for t = 1, ..., T, in natural logarithms: (T,), the entry of t = T is 0.

    ‖·‖₂ is the largest singular value. For a batch it is the Jacobian of all N states together, of size (N h, N h):
    sequences do not meet, so it is block diagonal and its norm is the largest of the blocks' norms. Logarithms,
    since over hundreds of steps the norm itself leaves float64; -inf where the product is exactly zero.

    >>> _, cache = rnn_forward(np.zeros((3, 1, 1)), np.zeros((1, 1)), np.eye(1), 2 * np.eye(1), np.zeros(1))
    >>> jacobian_product_norms(cache) / np.log(2)  # tanh' is 1 here: each step back doubles
    array([2., 1., 0.])
    """
    _, H, _, Wh = cache
    T, N, h = H[1:].shape
    norms = np.zeros(T)
    P = np.broadcast_to(np.eye(h), (N, h, h))  # the product, divided by exp(size): one for each sequence
    size = np.zeros(N)
    for t in range(T - 2, -1, -1):
        slope = 1 - H[t + 2] ** 2  # (N, h): index t is time t + 1, so this is the step to time t + 2
        P = P @ (slope[:, :, None] * Wh.T)  # (N, h, h): ∂h_T/∂h_{t+2} times ∂h_{t+2}/∂h_{t+1}
        largest = np.linalg.norm(P, 2, axis=(1, 2))  # (N,)
        with np.errstate(divide="ignore"):
            size = size + np.log(largest)
        P = P / np.where(largest > 0, largest, 1.0)[:, None, None]
        norms[t] = size.max()
    return norms
