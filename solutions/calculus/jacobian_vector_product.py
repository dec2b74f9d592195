"""Jacobian-vector products: forward mode, reverse mode, and when each is cheap.

A network f = f_L ∘ ... ∘ f_1 has the Jacobian J = J_L ... J_1, a product of one matrix per layer. Nearly nobody wants
J itself. What is wanted is J times a vector, and that needs no matrix-matrix product at all:

    forward mode   J v   = J_L (... (J_2 (J_1 v)))        a direction is carried along with the value
    reverse mode   Jᵀu   = J_1ᵀ (... (J_Lᵀ u))            a cotangent is carried back: backpropagation

Both cost about two forward passes, whatever the number of inputs n and outputs m. J by forward mode takes n sweeps,
by reverse mode m of them.

The network here is an MLP: h_0 = x, a_l = W_l h_{l-1} + b_l, h_l = tanh(a_l) on every layer but the last, and
f(x) = a_L. Recall tanh'(a) = 1 - tanh(a)². `params` holds one (W, b) a layer, the first layer first: W is (out, in),
b is (out,), all float64, and there is at least one layer.

Rules: no torch, no autograd, no jax. `jvp` and `vjp` form no Jacobian, not even that of one layer: a product such as
`diag(1 - h²) @ W` is a matrix of the size of W, and memory is checked. Inputs are read-only; results are new arrays.

Source: Griewank & Walther, Evaluating Derivatives, ch. 3; Baydin et al., JMLR 18 (2018).
"""

import numpy as np

Params = list[tuple[np.ndarray, np.ndarray]]


def forward(params: Params, x: np.ndarray) -> np.ndarray:
    """The network's value f(x): x of shape (n,) gives shape (m,).

    >>> forward([(np.array([[3.0]]), np.array([0.0])), (np.array([[2.0]]), np.array([1.0]))], np.array([0.0]))
    array([1.])
    """
    *hidden, (W, b) = params
    h = x
    for W_l, b_l in hidden:
        h = np.tanh(W_l @ h + b_l)  # (out,)
    return W @ h + b


def jvp(params: Params, x: np.ndarray, v: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """f(x) and J v, in one sweep from the first layer to the last.

    x, v: (n,). Returns (f(x), J v), both (m,). Cost: about two forward passes.

    >>> jvp([(np.array([[3.0]]), np.array([0.0])), (np.array([[2.0]]), np.array([1.0]))], np.zeros(1), np.ones(1))
    (array([1.]), array([6.]))
    """
    *hidden, (W, b) = params
    h, t = x, v  # the value so far, and its derivative along v
    for W_l, b_l in hidden:
        h = np.tanh(W_l @ h + b_l)  # (out,)
        t = (1 - h**2) * (W_l @ t)  # tanh' from the value at hand: diag(1 - h²) is never a matrix
    return W @ h + b, W @ t


def vjp(params: Params, x: np.ndarray, u: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """f(x) and Jᵀu, in one sweep forward for the values and one back.

    x: (n,), u: (m,). Returns f(x) of shape (m,) and Jᵀu of shape (n,). Cost: about two forward passes.

    >>> vjp([(np.array([[3.0]]), np.array([0.0])), (np.array([[2.0]]), np.array([1.0]))], np.zeros(1), np.ones(1))
    (array([1.]), array([6.]))
    """
    *hidden, (W, b) = params
    values = _hidden_values(params, x)
    g = u @ W  # Wᵀu, (width of the last hidden layer,)
    for (W_l, _), h in zip(reversed(hidden), reversed(values[1:]), strict=True):
        g = ((1 - h**2) * g) @ W_l  # back through tanh, then through the linear map
    return W @ values[-1] + b, g


def jacobian(params: Params, x: np.ndarray) -> np.ndarray:
    """J of shape (m, n) at x of shape (n,), by whichever mode needs fewer sweeps: n forward or m reverse.

    With m = 1 and n in the thousands this costs about as much as one `vjp`, not thousands of `jvp`.

    >>> jacobian([(np.array([[1.0, 2.0, 3.0]]), np.array([0.0]))], np.zeros(3))
    array([[1., 2., 3.]])
    """
    *hidden, (W, _) = params
    values = _hidden_values(params, x)
    slopes = [1 - h**2 for h in values[1:]]
    if len(x) <= len(W):  # forward: the columns of the identity are n directions, carried along together
        T = np.eye(len(x))
        for (W_l, _), slope in zip(hidden, slopes, strict=True):
            T = slope[:, None] * (W_l @ T)  # (out, n)
        return W @ T
    G = W.copy()  # reverse: row i is the cotangent of output i, already behind the last layer
    for (W_l, _), slope in zip(reversed(hidden), reversed(slopes), strict=True):
        G = (G * slope) @ W_l  # (m, in)
    return G


def _hidden_values(params: Params, x: np.ndarray) -> list[np.ndarray]:
    """[h_0, ..., h_{L-1}]: what the backward sweep needs of the forward one."""
    values = [x]
    for W, b in params[:-1]:
        values.append(np.tanh(W @ values[-1] + b))
    return values
