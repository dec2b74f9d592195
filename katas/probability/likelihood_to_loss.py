"""From likelihood to loss: which noise stands behind which loss, and which prior behind which penalty.

Whoever minimises a loss maximises a likelihood: the law of the residual r = y - f(x) fixes the loss -log
p(r). With a scale s > 0 and u = r / s the three great families are

    gaussian    p(r) = exp(-u²/2) / (s √(2π))        squares               s is the standard deviation
    laplace     p(r) = exp(-|u|) / (2 s)             absolute values       its variance is 2 s²
    student_t   p(r) = C (1 + u²/ν)^{-(ν+1)/2} / s   (ν+1)/2 log(1 + u²/ν)

with C = Γ((ν+1)/2) / (Γ(ν/2) √(πν)): thin, exponential and power-law tails. The derivative of -log p, the
influence, says how hard one residual pulls at the fit: without bound, with the same force from everywhere,
or, in the power law, less and less the farther it is. As ν -> ∞ the third becomes the first.

A prior on the weights is a penalty in the same way: Gaussian shrinks all of them, Laplace sets the small ones
to 0.

Arrays are float64 vectors with at least one entry, `family` and `prior` are the names above, ν is `nu`, with
0 < nu <= 1e4.

Rules: no scipy.stats, no scipy.optimize, no sklearn. Inputs are read-only; results are new arrays.

Source: Bishop, PRML, sec. 1.2.5, 2.3.7 and 3.1; Goodfellow, Bengio & Courville, Deep Learning, sec. 5.5-5.6;
Huber, Robust Statistics; Tibshirani, JRSS B 58 (1996), sec. 5.
"""

from typing import Literal

import numpy as np

Family = Literal["gaussian", "laplace", "student_t"]


def nll(r: np.ndarray, family: Family, scale: float = 1.0, nu: float = 3.0) -> float:
    """The mean of -log p over the residuals r, of shape (n,), with all constants.

    The constants matter as soon as the scale is learned: without log s it would go to infinity.

    >>> round(nll(np.array([1.0, -1.0]), "gaussian", scale=2.0), 6)
    1.737086
    >>> round(nll(np.array([3.0]), "laplace"), 6)
    3.693147
    >>> round(nll(np.array([0.0]), "student_t", nu=1.0), 6)
    1.14473
    """
    raise NotImplementedError


def influence(r: np.ndarray, family: Family, scale: float = 1.0, nu: float = 3.0) -> np.ndarray:
    """d(-log p)/dr at each residual: (n,) gives (n,).

    laplace has no derivative at r = 0: there any value from -1/s to 1/s will do.

    >>> influence(np.array([-1.0, 3.0, 300.0]), "student_t").round(3)
    array([-1.   ,  1.   ,  0.013])
    """
    raise NotImplementedError


def location_mle(x: np.ndarray, family: Family, nu: float = 3.0) -> float:
    """The m at which the likelihood of the data x, (n,), is largest: the least nll(x - m, family, 1.0, nu).

    laplace: where all of an interval are as good, as for even n, its middle. student_t: right to 1e-6. There
    the likelihood can have several maxima, each far outlier making one of its own; the highest is asked for.
    For the data of the tests iterated reweighting finds it from the median, but not always from the mean. (In
    general not even from there: for 9, -5, 103, 50, -4, 53 the median leads to 8.718, and -4.269 is
    likelier.)

    >>> x = np.array([1.0, 2.0, 3.0, 4.0, 100.0])
    >>> location_mle(x, "gaussian"), location_mle(x, "laplace"), round(location_mle(x, "student_t"), 6)
    (22.0, 3.0, 2.517831)
    """
    raise NotImplementedError


def map_shrink(z: np.ndarray, sigma: float, prior: Literal["gaussian", "laplace"], tau: float) -> np.ndarray:
    """argmin over w of (z - w)² / (2 sigma²) - log prior(w), entry by entry: (n,) gives (n,).

    The MAP estimate of a weight seen once as z, with Gaussian noise of standard deviation sigma > 0. prior:
    the law of w about 0 from the table above, with scale tau > 0: for gaussian the standard deviation, for
    laplace the density is exp(-|w| / tau) / (2 tau). What laplace sets to 0 is exactly 0.

    >>> map_shrink(np.array([3.0, -0.5]), 1.0, "gaussian", 1.0)
    array([ 1.5 , -0.25])
    >>> map_shrink(np.array([3.0, -3.0, 0.5]), 1.0, "laplace", 1.0)
    array([ 2., -2.,  0.])
    """
    raise NotImplementedError
