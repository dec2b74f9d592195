"""Momentum, Adam and AdamW: the steps that train deep networks.

w are the weights, g is the gradient of the loss at w, of the same shape; a step gives the new weights and the new
state.

    momentum    v <- mu v + g           w <- w - lr v                 v is a running sum of gradients, not an average
    Nesterov    v <- mu v + g           w <- w - lr (g + mu v)        with the new v: a look one step ahead

    Adam        m <- b1 m + (1 - b1) g          a running average of the gradient,
                v <- b2 v + (1 - b2) g²         and one of its square, entry by entry
                m̂ = m / (1 - b1ᵗ)               both start at 0 and are too small at first:
                v̂ = v / (1 - b2ᵗ)               the bias is divided out
                w <- w - lr m̂ / (√v̂ + eps)

    AdamW       the same, but first w <- (1 - lr wd) w: the decay does not go through m and v, as it would if wd w
                were added to the gradient (L2 regularisation)

On a quadratic with eigenvalue λ, momentum is x_k+1 = x_k - lr λ x_k + mu (x_k - x_k-1), a linear map of the pair
(x_k, x_k-1). Its spectral radius tells how fast the error dies out along that eigenvector. Where both eigenvalues of
the map are complex it is √mu, whatever λ is. With eigenvalues between m and L and κ = L/m, the best choice is
lr = 4/(√L + √m)² and √mu = (√κ - 1)/(√κ + 1), which is then the radius for all of them: gradient descent has
(κ - 1)/(κ + 1). With κ = 100 that is 0.82 against 0.98.

Conventions are PyTorch's. All arrays are float64, of one shape with at least one axis.

Rules: no torch, no jax, no optimizer library. Inputs are read-only, the state too; results are new arrays.

Source: Polyak, USSR Comp. Math. 4 (1964); Sutskever et al., ICML 2013; Kingma & Ba, Adam, ICLR 2015, algorithm 1;
Loshchilov & Hutter, ICLR 2019; Goodfellow et al., Deep Learning, ch. 8.
"""

import numpy as np


def sgd_momentum_step(
    w: np.ndarray, g: np.ndarray, v: np.ndarray, lr: float, mu: float, nesterov: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """One step with momentum: (w, v) after it. The first step gets v = 0.

    >>> sgd_momentum_step(np.array([1.0]), np.array([2.0]), np.array([4.0]), lr=0.25, mu=0.5)
    (array([0.]), array([4.]))
    """
    raise NotImplementedError


def adam_step(
    w: np.ndarray,
    g: np.ndarray,
    m: np.ndarray,
    v: np.ndarray,
    t: int,
    lr: float = 1e-3,
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Step number t of Adam: (w, m, v) after it. The first step is t = 1 and gets m = v = 0.

    t counts this step; m and v come and go as running averages, not corrected. eps stands outside the root. Where the
    gradient has always been 0, w stays. Raises ValueError for t < 1.

    >>> w, m, v = adam_step(np.array([1.0]), np.array([-4.0]), np.zeros(1), np.zeros(1), 1, lr=0.5)
    >>> print(w.round(6), m.round(6), v.round(6))  # the first step has the length lr, whatever the gradient
    [1.5] [-0.4] [0.016]
    """
    raise NotImplementedError


def adamw_step(
    w: np.ndarray,
    g: np.ndarray,
    m: np.ndarray,
    v: np.ndarray,
    t: int,
    lr: float,
    wd: float,
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Step number t of AdamW with weight decay wd: (w, m, v) after it; else as `adam_step`.

    g is the gradient of the loss without any decay.

    >>> w, m, v = adamw_step(np.array([1.0]), np.array([-4.0]), np.zeros(1), np.zeros(1), 1, lr=0.5, wd=0.5)
    >>> print(w.round(6))  # 3/4 of 1, and then 1/2 up
    [1.25]
    """
    raise NotImplementedError


def heavy_ball_radius(lam: float, lr: float, mu: float) -> float:
    """The spectral radius of (x_k, x_k-1) -> (x_k+1, x_k) under momentum, on a quadratic with eigenvalue lam.

    lam and lr are real, 0 <= mu < 1. The iteration converges if it is below 1, which for lr, lam > 0 means
    lr lam < 2 (1 + mu). Right to 1e-12; to 1e-6 where the two eigenvalues are nearly equal, since
    there they move by the root of an error.

    >>> heavy_ball_radius(1.0, 0.5, 0.0)  # no momentum: |1 - lr lam|
    0.5
    >>> heavy_ball_radius(1.0, 1.0, 0.25)
    0.5
    """
    raise NotImplementedError
