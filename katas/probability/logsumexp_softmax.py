"""logsumexp and softmax: exponentials that neither overflow nor vanish.

A probability is an exponential of a score over a sum of such exponentials, and exp(710) is already infinite
in float64 while exp(-746) is zero. The scores of one slice matter only up to a common shift, so shift them:

    log Σ_j e^{x_j} = m + log Σ_j e^{x_j - m},   m = max_j x_j          the largest term of the sum is 1
    softmax(x)_i = e^{x_i / T} / Σ_j e^{x_j / T}                        T: the temperature

softmax is the gradient of logsumexp. Its own Jacobian (at T = 1) is J = diag(p) - p pᵀ, which is symmetric
and never needs to be formed: Jᵀg = p * (g - Σ_j p_j g_j).

Everything acts on the slices of an array along one axis (`axis` is an int, negative values count from the
back), each slice for itself: the level of one must not cost another its digits. Arrays are float64 of any
number of axes but zero, with no NaN in them and no axis of length zero. -inf is a legal score, the usual
mask: e^{-inf} = 0.

Rules: no scipy.special.logsumexp, softmax or log_softmax, no torch. Inputs are read-only; results are new
arrays.

Source: Goodfellow, Bengio & Courville, Deep Learning, sec. 4.1 and 6.2.2; Blanchard, Higham & Higham,
Accurately computing the log-sum-exp and softmax functions, IMA J. Numer. Anal. 41 (2021).
"""

import numpy as np


def logsumexp(x: np.ndarray, axis: int = -1, keepdims: bool = False) -> np.ndarray:
    """log Σ e^x along `axis`, which the result lacks; with keepdims=True it stays, with length 1.

    x may hold -inf and +inf: a slice of only -inf gives -inf, a slice with a +inf gives +inf. Of a vector the
    result is one number (np.float64, or an array of shape ()).

    >>> logsumexp(np.log([[1.0, 2.0, 5.0], [1.0, 1.0, 2.0]]), keepdims=True).round(3)
    array([[2.079],
           [1.386]])
    """
    raise NotImplementedError


def softmax(x: np.ndarray, axis: int = -1, temperature: float = 1.0) -> np.ndarray:
    """e^{x / T} / Σ e^{x / T} along `axis`, of the shape of x. T = temperature > 0.

    A score of -inf gets probability 0. As T goes to 0 everything goes to the largest score: T may be tiny,
    and x / T be anything a float64 can hold. Left open is what a slice gives that has no distribution, being
    all -inf or holding a +inf; the slices beside it must not suffer from it.

    >>> softmax(np.log([1.0, 2.0, 5.0]))
    array([0.125, 0.25 , 0.625])
    >>> softmax(np.log([1.0, 3.0]), temperature=0.5).round(3)
    array([0.1, 0.9])
    """
    raise NotImplementedError


def softmax_vjp(p: np.ndarray, g: np.ndarray, axis: int = -1) -> np.ndarray:
    """Jᵀg with J = diag(p) - p pᵀ along `axis`: the gradient with respect to the scores, at temperature 1.

    p: the output of softmax (each slice along `axis` sums to 1). g: the gradient with respect to p, of p's
    shape, as is the result.

    >>> softmax_vjp(np.array([0.5, 0.25, 0.25]), np.array([4.0, 0.0, 0.0]))
    array([ 1. , -0.5, -0.5])
    """
    raise NotImplementedError
