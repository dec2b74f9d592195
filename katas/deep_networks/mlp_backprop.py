"""Backpropagation through a multilayer perceptron.

A network of L layers takes a batch X of N rows to logits:

    a_0 = X,        z_l = a_{l-1} W_l + b_l,        a_l = max(z_l, 0) for l < L,        logits = z_L.

The loss is the mean cross entropy of softmax(logits) to the labels plus a penalty on the weights, not on the biases:

    J = (1/N) Σ_i [logsumexp(z_L,i) - z_L,i,y_i] + (l2/2) Σ_l ‖W_l‖²_F.

Backpropagation is the chain rule from the end. With δ_l = ∂J/∂z_l, one row per sample,

    δ_L = (softmax(z_L) - onehot(y)) / N,        δ_l = (δ_{l+1} W_{l+1}ᵀ) ∘ [z_l > 0],
    ∂J/∂W_l = a_{l-1}ᵀ δ_l + l2 W_l,        ∂J/∂b_l = Σ_rows δ_l.

At z = 0 the relu has no derivative; here it is 0.

`params` holds one (W, b) a layer, the first layer first: W is (in, out), b is (out,), all float64; there is at least
one layer.

Rules: no torch, no autograd, no jax; no Python loop over the rows of the batch. Inputs are read-only; gradients are new
arrays.

Source: Rumelhart, Hinton & Williams, Nature 323 (1986); Goodfellow, Bengio & Courville, Deep Learning, 6.5; He et al.,
Delving Deep into Rectifiers (2015), for the initialisation.
"""

from collections.abc import Sequence

import numpy as np

Params = list[tuple[np.ndarray, np.ndarray]]


def init(sizes: Sequence[int], rng: np.random.Generator) -> Params:
    """Weights for layers sizes[0] -> sizes[1] -> ...: normal with variance 2/in (He), independent; biases 0.

    The only randomness is `rng`. At least two sizes.

    >>> [(W.shape, b.shape) for W, b in init([4, 3, 2], np.random.default_rng(0))]
    [((4, 3), (3,)), ((3, 2), (2,))]
    """
    raise NotImplementedError


def forward(params: Params, X: np.ndarray) -> tuple[np.ndarray, list]:
    """The logits (N, C) of X (N, d), and a list of whatever your `loss_and_grads` wants to keep of the way there.

    Nobody looks into the list; it may hold X itself.

    >>> forward([(np.array([[1.0, -1.0]]), np.zeros(2)), (np.ones((2, 1)), np.array([0.5]))], np.array([[3.0]]))[0]
    array([[3.5]])
    """
    raise NotImplementedError


def loss_and_grads(
    params: Params, X: np.ndarray, y: np.ndarray, l2: float = 0.0
) -> tuple[float, list[tuple[np.ndarray, np.ndarray]]]:
    """J, and its gradients: one (dW, db) a layer, of the shapes of `params`, the first layer first.

    X: (N, d), N >= 1. y: (N,) int64 labels, 0 to C - 1. l2 >= 0. Logits of any size: nothing overflows.

    >>> loss, [(dW, db)] = loss_and_grads([(np.zeros((1, 2)), np.zeros(2))], np.array([[3.0]]), np.array([1]))
    >>> round(loss, 6), dW, db
    (0.693147, array([[ 1.5, -1.5]]), array([ 0.5, -0.5]))
    """
    raise NotImplementedError
