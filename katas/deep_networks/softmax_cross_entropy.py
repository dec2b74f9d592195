"""Softmax and cross entropy: the loss of classification, and why its gradient is so simple.

A row z of logits stands for the distribution softmax(z)_c = e^{z_c} / Σ_k e^{z_k}. The cross entropy to a target
distribution q is

    H(q, softmax(z)) = -Σ_c q_c log softmax(z)_c = logsumexp(z) - Σ_c q_c z_c,        ∂H/∂z = softmax(z) - q.

For a label y, q is 1 at y and 0 elsewhere. Label smoothing ε mixes in the uniform distribution over all C classes, the
right one included: q_c = (1 - ε) [c = y] + ε / C.

The loss of a batch is the mean over the rows that count: a row whose label is `ignore_index` has no part in it, nor in
its gradient, nor in the number that is divided by.

The form on the right is the one to compute. e^z overflows from z = 710 on, and log of a softmax that has underflowed
is -inf, where the loss itself is a harmless number.

Rules: no torch; no softmax, log_softmax or logsumexp of scipy; no np.logaddexp.reduce. Inputs are read-only; results
are new arrays.

Source: Goodfellow, Bengio & Courville, Deep Learning, 6.2.2; Szegedy et al., Rethinking the Inception Architecture
(2016), for label smoothing.
"""

import numpy as np


def cross_entropy(logits: np.ndarray, y: np.ndarray, label_smoothing: float = 0.0, ignore_index: int = -100) -> float:
    """The mean loss over the rows whose label is not `ignore_index`.

    logits: (N, C) float64, of any size, C >= 1; a logit of -inf is a class that cannot be, and its loss is inf where it
    is the label. y: (N,) int64, each label 0 to C - 1 or ignore_index. 0 <= label_smoothing < 1; with smoothing all
    logits are finite. ValueError where no row counts, N = 0 included, and where a label is neither of the two.

    >>> round(cross_entropy(np.array([[2.0, 1.0, 0.0]]), np.array([0]), label_smoothing=0.1), 6)
    0.507606
    >>> cross_entropy(np.array([[1000.0, 0.0, -1000.0]]), np.array([2]))
    2000.0
    """
    raise NotImplementedError


def cross_entropy_grad(
    logits: np.ndarray, y: np.ndarray, label_smoothing: float = 0.0, ignore_index: int = -100
) -> np.ndarray:
    """The gradient of `cross_entropy` with respect to the logits, of shape (N, C); rows that do not count are 0.

    The same arguments and the same errors.

    >>> cross_entropy_grad(np.array([[0.0, 0.0], [5.0, 7.0]]), np.array([1, -100]))
    array([[ 0.5, -0.5],
           [ 0. ,  0. ]])
    """
    raise NotImplementedError


def binary_cross_entropy_with_logits(z: np.ndarray, t: np.ndarray) -> float:
    """The mean of -t log σ(z) - (1 - t) log(1 - σ(z)), with σ(z) = 1 / (1 + e^{-z}).

    z: (N,) finite logits, of any size. t: (N,) targets, anywhere from 0 to 1. ValueError if N = 0.

    >>> binary_cross_entropy_with_logits(np.array([1e4, -1e4]), np.array([0.0, 1.0]))
    10000.0
    """
    raise NotImplementedError
