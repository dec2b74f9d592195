"""Vanishing and exploding gradients, and the initialisations that prevent them.

A deep stack h_l = φ(W_l h_{l-1}), l = 1, ..., L, without biases, has the Jacobian

    J = D_L W_L ... D_1 W_1,   D_l = diag(φ'(W_l h_{l-1})),

and backpropagation sends a gradient v at the output to Jᵀv at the input. A product of L factors shrinks or grows like
c^L. The sigmoid's slope is at most 1/4, so there c is nearly always far below 1; for the relu, c is a matter of the
weights. If the entries of W are independent with mean 0 and variance Var w, n = fan_in, and z is the pre-activation,

    E[z_next²] = n Var w E[φ(z)²],

and for the relu E[φ(z)²] = E[z²] / 2. He's Var w = 2/n keeps the size of the signal, and that of the gradient too. In
a wide layer z is normal, and its variance q goes from layer to layer by a map (biases of variance sb² included):

    q → sw² E[φ(z)²] + sb²,   z ~ N(0, q),   sw² = n Var w.

Orthogonal matrices keep every length exactly, not only the mean of its square.

`act` is "sigmoid" (1 / (1 + e^-z)), "tanh" or "relu" (max(z, 0), with the slope 0 at z = 0); any other name is a
ValueError. All arrays are float64.

Rules: no torch, no autograd, no jax, no scipy.stats. Inputs are read-only; results are new arrays.

Source: Glorot & Bengio (2010); He et al., Delving Deep into Rectifiers (2015); Saxe et al., Exact solutions (2014);
Hochreiter (1991); Mezzadri, Notices of the AMS 54 (2007), for `orthogonal`.
"""

import numpy as np
from scipy.special import expit

ACTIVATIONS = {
    "sigmoid": (expit, lambda a: a * (1 - a)),
    "tanh": (np.tanh, lambda a: 1 - a**2),
    "relu": (lambda z: np.maximum(z, 0), lambda a: (a > 0).astype(float)),
}

NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(80)
WEIGHTS = WEIGHTS / np.sqrt(2 * np.pi)


def gradient_gain(weights: list[np.ndarray], x: np.ndarray, v: np.ndarray, act: str) -> float:
    """‖Jᵀv‖ / ‖v‖ of the stack at the input x, in the Euclidean norm; every layer, the last one too, has its φ.

    weights: at least one W of shape (n, n), the first layer first, h = φ(W h). x: (n,). v: (n,), not zero. Gains of
    1e-32 (a sigmoid, 50 layers) come out to full precision.

    >>> gradient_gain([np.array([[3.0, 4.0], [0.0, 1.0]])], np.array([1.0, 1.0]), np.array([2.0, 0.0]), "relu")
    5.0
    """
    raise NotImplementedError


def init_std(fan_in: int, fan_out: int, scheme: str) -> float:
    """The standard deviation of the weights of a layer with fan_in inputs and fan_out outputs.

    The variance is 1/fan_in for "lecun", that of 1 over the mean of fan_in and fan_out for "xavier", and 2/fan_in for
    "he". ValueError for any other scheme.

    >>> init_std(8, 24, "he"), init_std(8, 24, "xavier"), init_std(16, 1, "lecun")
    (0.5, 0.25, 0.25)
    """
    raise NotImplementedError


def variance_map(q: float, sw: float, sb: float, act: str) -> float:
    """sw² E[φ(z)²] + sb² for z ~ N(0, q), with q >= 0; sw, sb >= 0 are standard deviations.

    The relative error is at most 1e-5 for the relu at any q, and for tanh and sigmoid at q <= 1: Gauss-Hermite
    quadrature with 40 nodes or more does it.

    >>> round(variance_map(3.0, 2.0, 1.0, "relu"), 6), variance_map(0.0, 2.0, 1.0, "sigmoid")
    (7.0, 2.0)
    """
    raise NotImplementedError


def orthogonal(n: int, gain: float, rng: np.random.Generator) -> np.ndarray:
    """gain times a random orthogonal matrix (n, n), n >= 1, gain > 0, uniform (Haar) on the whole of O(n).

    Uniform: A Q is distributed as Q is, for each fixed orthogonal A. Both determinants, 1 and -1, are equally likely.
    The only randomness is `rng`.

    >>> Q = orthogonal(3, 2.0, np.random.default_rng(0))
    >>> np.allclose(Q.T @ Q, 4 * np.eye(3))
    True
    """
    raise NotImplementedError
