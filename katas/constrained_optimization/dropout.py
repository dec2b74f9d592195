"""Dropout: noise that does not bias, and the penalty it amounts to.

In training each entry of x is dropped with probability p, independently of all others. What is kept is
divided by the probability 1 - p of being kept, so that the expectation stays what it was, and nothing has
to be done in evaluation ("inverted" dropout):

    out = x * mask,    mask = 0 with probability p, else 1/(1 - p),    E[out] = x

The noise regularises. For a linear model the expectation over all masks has a closed form, a penalty on
each weight in proportion to the data it meets, where ridge regression has the same for all:

    E ‖y - (X * mask) w‖² = ‖y - X w‖² + p/(1 - p) sum_j ‖X_j‖² w_j²        X_j: column j of X

Rules: numpy only, no torch, no jax. Random numbers come from the generator given. Inputs are read-only;
results are new arrays.

Source: Srivastava, Hinton, Krizhevsky, Sutskever & Salakhutdinov, JMLR 15 (2014), sec. 9.1; Wager, Wang &
Liang, Dropout training as adaptive regularization (2013); Goodfellow, Bengio & Courville, Deep Learning,
sec. 7.12.
"""

import numpy as np


def dropout_forward(
    x: np.ndarray, p_drop: float, rng: np.random.Generator, train: bool
) -> tuple[np.ndarray, np.ndarray]:
    """(x * mask, mask), with the scaled mask that the backward pass needs.

    x: float32 or float64 of any shape with at least one axis. out and mask have x's shape and dtype. In
    evaluation (train is False) the mask is all ones. p_drop in [0, 1] is the probability of being
    dropped, else ValueError, in evaluation as well; p_drop = 1 gives zeros.

    rng is drawn from only where something is random: in training, with 0 < p_drop < 1. How it is used is
    up to you.

    >>> dropout_forward(np.array([1.0, 2.0]), 0.5, np.random.default_rng(0), train=False)
    (array([1., 2.]), array([1., 1.]))
    """
    raise NotImplementedError


def dropout_backward(dout: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """The gradient with respect to x, from the gradient dout with respect to out and the mask of the forward pass.

    dout, mask and the result have the same shape and dtype.

    >>> dropout_backward(np.array([1.0, 10.0]), np.array([2.0, 0.0]))
    array([2., 0.])
    """
    raise NotImplementedError


def expected_dropout_loss(X: np.ndarray, y: np.ndarray, w: np.ndarray, p_drop: float) -> float:
    """E ‖y - out w‖², where out is what dropout_forward makes of X in training: over all masks, without drawing any.

    X: (n, d), y: (n,), w: (d,), all float64. p_drop in [0, 1], else ValueError. For p_drop = 1 out is
    zeros, and the loss ‖y‖².

    With X = (1), y = (1), w = (1): out is 0 or 2, the loss 1 either way.

    >>> expected_dropout_loss(np.array([[1.0]]), np.array([1.0]), np.array([1.0]), 0.5)
    1.0
    """
    raise NotImplementedError
