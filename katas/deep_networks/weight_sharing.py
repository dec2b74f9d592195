"""Weight sharing: one parameter in several places.

Let a parameter θ be used at several places of a network, as θ_1 = θ_2 = ... = θ. By the chain rule each use adds its
own derivative,

    ∂L/∂θ = Σ_u ∂L/∂θ_u,

as if the uses were different parameters and their gradients were added up afterwards. They are added, not averaged.
Three cases:

    tied autoencoder    L(W) = 1/2 ‖Wᵀ tanh(W x) - x‖²: W encodes, and its transpose decodes
    convolution         a layer y = T x, T[i, i + j] = kernel[j] and 0 elsewhere: every diagonal of T is one weight
    embedding           output row n is E[idx[n]]: a row of E is used as often as its index occurs

All floats are float64.

Rules: no torch, no autograd, no jax. `embedding_backward` has no Python loop over the N indices; time is checked.
Inputs are read-only; results are new arrays.

Source: Goodfellow, Bengio & Courville, Deep Learning, 7.9 and 9.2; LeCun et al., Neural Computation 1 (1989).
"""

import numpy as np


def tied_autoencoder_grad(W: np.ndarray, x: np.ndarray) -> np.ndarray:
    """The gradient (h, d) of L(W) = 1/2 ‖Wᵀ tanh(W x) - x‖² at W of shape (h, d), for one x of shape (d,).

    >>> t = np.tanh(1.0)
    >>> tied_autoencoder_grad(np.array([[1.0]]), np.array([1.0])) - (t - 1) * (t + 1 - t**2)
    array([[0.]])
    """
    raise NotImplementedError


def toeplitz_matrix(kernel: np.ndarray, n: int) -> np.ndarray:
    """The matrix T of shape (n-k+1, n) for which T @ x is the valid cross-correlation of x (n,) with `kernel` (k,):

        (T x)_i = Σ_j kernel[j] x[i + j],   i = 0, ..., n - k.

    The kernel is not turned round. ValueError if the kernel is longer than the input, k > n; k >= 1.

    >>> toeplitz_matrix(np.array([1.0, 2.0]), 3)
    array([[1., 2., 0.],
           [0., 1., 2.]])
    """
    raise NotImplementedError


def shared_grad(dT: np.ndarray, k: int) -> np.ndarray:
    """∂L/∂kernel (k,) of `toeplitz_matrix`, given dT = ∂L/∂T of shape (n-k+1, n), as of a dense layer.

    dT is full: its entries where T is always 0 belong to no weight.

    >>> shared_grad(np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), 2)
    array([6., 8.])
    """
    raise NotImplementedError


def embedding_backward(idx: np.ndarray, g: np.ndarray, vocab: int) -> np.ndarray:
    """∂L/∂E of shape (vocab, d) for the lookup E[idx], given g = ∂L/∂(E[idx]).

    idx: (N,) int64, 0 to vocab - 1, in any order, any of them several times or not at all. g: (N, d).
    N = 0 gives zeros.

    >>> embedding_backward(np.array([2, 0, 2]), np.array([[1.0], [2.0], [4.0]]), 3)
    array([[2.],
           [0.],
           [5.]])
    """
    raise NotImplementedError
