"""Entropy, conditional entropy and mutual information.

The entropy of a random variable is the number of yes-or-no questions that its outcome is worth on average:

    H(X)   = -Σ_x p(x) log p(x)                 where 0 log 0 = 0, the limit
    H(Y|X) = Σ_x p(x) H(Y | X = x)              what is left to ask about Y when X is known
           = H(X, Y) - H(X)                     the chain rule, H(X, Y) being the entropy of the pair
    I(X;Y) = H(X) + H(Y) - H(X, Y) >= 0         what X and Y tell about each other; 0 if they are independent

The base of the logarithm is the unit: 2 for bits, e for nats.

From a sample the entropy can only be estimated. The plug-in estimate puts relative frequencies for p. It is
too low on average, by about (K - 1) / 2N nats for N draws that fell into K bins: chance makes a sample look
more regular than its source. Miller and Madow add that back.

A distribution is a float64 array of entries p >= 0 that sum to 1 up to 1e-9; anything else (a negative entry,
another sum, a NaN) is a ValueError. No result is negative: what rounding leaves below 0, and -0.0, is 0.0.

Rules: no scipy.stats, scipy.special.entr, rel_entr or kl_div, sklearn, dit. Inputs are read-only; results are
new numbers.

Source: Cover & Thomas, Elements of Information Theory, 2nd ed., ch. 2; Miller (1955) for the bias.
"""

import numpy as np


def entropy(p: np.ndarray, base: float = 2.0) -> float:
    """H(X) of the distribution p of shape (n,), in units of log base (base > 1).

    >>> entropy(np.array([0.5, 0.25, 0.25]))
    1.5
    >>> entropy(np.array([0.0, 1.0]))
    0.0
    """
    return _nats(_distribution(p)) / float(np.log(base))


def conditional_entropy(pxy: np.ndarray, base: float = 2.0) -> float:
    """H(Y|X) of the joint distribution pxy[x, y] = P(X = x, Y = y) of shape (n, m): X is on axis 0.

    An x may have probability 0: it does not count.

    >>> round(conditional_entropy(np.array([[0.25, 0.25], [0.5, 0.0]])), 9)  # a coin if x = 0, nothing if x = 1
    0.5
    """
    pxy = _distribution(pxy)
    return max(0.0, _nats(pxy) - _nats(pxy.sum(axis=1))) / float(np.log(base))


def mutual_information(pxy: np.ndarray, base: float = 2.0) -> float:
    """I(X;Y) of the joint distribution pxy of shape (n, m), X on axis 0.

    >>> mutual_information(np.array([[0.5, 0.0], [0.0, 0.5]]))  # Y = X, a fair coin
    1.0
    """
    pxy = _distribution(pxy)
    shared = _nats(pxy.sum(axis=1)) + _nats(pxy.sum(axis=0)) - _nats(pxy)
    return max(0.0, shared) / float(np.log(base))


def plugin_entropy(counts: np.ndarray, miller_madow: bool = False) -> float:
    """The entropy in nats estimated from counts: (n,) int64, how often each value was drawn.

    counts / N is taken for the distribution, N = Σ counts. miller_madow=True adds (K - 1) / 2N, where K is
    the number of bins that are not empty. ValueError for a negative count, and for no draws at all (N = 0).

    >>> round(plugin_entropy(np.array([2, 2, 0])), 4)
    0.6931
    >>> round(plugin_entropy(np.array([2, 2, 0]), miller_madow=True), 4)
    0.8181
    """
    N = counts.sum()
    if N <= 0 or (counts < 0).any():
        raise ValueError("counts are not negative, and there is at least one draw")
    occupied = np.count_nonzero(counts)
    return _nats(counts / N) + (float((occupied - 1) / (2 * N)) if miller_madow else 0.0)


def _distribution(p: np.ndarray) -> np.ndarray:
    # NaN fails both comparisons, which are therefore written for what is wanted
    if not ((p >= 0).all() and abs(p.sum() - 1) <= 1e-9):
        raise ValueError("a distribution has entries >= 0 that sum to 1")
    return p


def _nats(p: np.ndarray) -> float:
    mass = p[p > 0]  # 0 log 0 = 0, but numpy makes it NaN
    return max(0.0, -float((mass * np.log(mass)).sum()))  # of 0.0 and -0.0 max gives the first
