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
    raise NotImplementedError


def jvp(params: Params, x: np.ndarray, v: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """f(x) and J v, in one sweep from the first layer to the last.

    x, v: (n,). Returns (f(x), J v), both (m,). Cost: about two forward passes.

    >>> jvp([(np.array([[3.0]]), np.array([0.0])), (np.array([[2.0]]), np.array([1.0]))], np.zeros(1), np.ones(1))
    (array([1.]), array([6.]))
    """
    raise NotImplementedError


def vjp(params: Params, x: np.ndarray, u: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """f(x) and Jᵀu, in one sweep forward for the values and one back.

    x: (n,), u: (m,). Returns f(x) of shape (m,) and Jᵀu of shape (n,). Cost: about two forward passes.

    >>> vjp([(np.array([[3.0]]), np.array([0.0])), (np.array([[2.0]]), np.array([1.0]))], np.zeros(1), np.ones(1))
    (array([1.]), array([6.]))
    """
    raise NotImplementedError


def jacobian(params: Params, x: np.ndarray) -> np.ndarray:
    """J of shape (m, n) at x of shape (n,), by whichever mode needs fewer sweeps: n forward or m reverse.

    With m = 1 and n in the thousands this costs about as much as one `vjp`, not thousands of `jvp`.

    >>> jacobian([(np.array([[1.0, 2.0, 3.0]]), np.array([0.0]))], np.zeros(3))
    array([[1., 2., 3.]])
    """
    raise NotImplementedError
