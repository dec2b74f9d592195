"""The Ising model exactly: a partition function by brute force, by a transfer matrix, and bounded by mean field.

n spins s_i = ±1 have the energy

    E(s) = -1/2 sᵀJ s - hᵀs = - sum_{i<j} J_ij s_i s_j - sum_i h_i s_i,

and at inverse temperature beta a state has probability exp(-beta E(s)) / Z. All of thermodynamics, and all of
the learning of a Boltzmann machine, is in Z:

    Z = sum_s exp(-beta E(s)),       <E> = -d log Z / d beta,       C = beta² Var E,
    S = -sum_s p(s) log p(s) = beta <E> + log Z,                    F = <E> - S / beta = -log Z / beta.

Z has 2ⁿ terms. On a ring a 2 x 2 matrix does without them: with T[s, s'] = exp(beta (J s s' + h (s + s') / 2))
walked once around it is Z = trace Tᴺ = lambda_+ᴺ + lambda_-ᴺ. Elsewhere one settles for a bound: among all
products of independent spins with means m_i the best one minimises

    F_MF(m) = -1/2 mᵀJ m - hᵀm - (1 / beta) sum_i H(m_i) >= F                           (Gibbs, Bogoliubov)

with H(m) = -(1+m)/2 log (1+m)/2 - (1-m)/2 log (1-m)/2, and at its minimum m_i = tanh(beta (sum_j J_ij m_j + h_i)).

J: (n, n) is symmetric with zeros on the diagonal, h: (n,), both float64. Logarithms are natural. exp(-beta E)
overflows soon: all results are finite and right for beta |E| of many thousands.

Rules: no scipy.special.logsumexp, no torch; 2ⁿ states are handled by arrays, not by a Python loop over them, and
no 2ⁿ x 2ⁿ matrix is formed. Inputs are read-only; results are new.

Source: MacKay, Information Theory, Inference, and Learning Algorithms, ch. 31-33; Baxter, Exactly Solved Models
in Statistical Mechanics, ch. 2.
"""

import numpy as np


def log_partition_enumerate(J: np.ndarray, h: np.ndarray, beta: float) -> float:
    """log Z as a sum over all 2ⁿ states, 1 <= n <= 16, beta >= 0.

    Takes about 2ⁿ n² operations and 2ⁿ n numbers of memory.

    >>> J = np.array([[0.0, 2.0], [2.0, 0.0]])
    >>> round(log_partition_enumerate(J, np.zeros(2), 1.0), 6)  # log(2 e² + 2 e⁻²)
    2.711297
    """
    raise NotImplementedError


def log_partition_chain(N: int, J: float, h: float, beta: float) -> float:
    """log Z of a ring of N >= 1 spins, E = -J sum_i s_i s_{i+1} - h sum_i s_i with s_{N+1} = s_1, beta >= 0.

    Taken literally: one spin is its own neighbour, and between two spins there are two bonds. N may be in the
    thousands, and J < 0, where lambda_- is negative: in a ring of odd length at low temperature lambda_+ᴺ and
    lambda_-ᴺ cancel in all their digits, and the result is right there, too.

    >>> round(log_partition_chain(3, -1.0, 0.0, 20.0), 6)  # 20 + log 6: in 6 states one bond only is unhappy
    21.791759
    """
    raise NotImplementedError


def thermodynamics(J: np.ndarray, h: np.ndarray, beta: float) -> tuple[float, float, float]:
    """(<E>, C, S): mean energy, heat capacity and entropy in nats, from all 2ⁿ states, 1 <= n <= 16, beta >= 0.

    >>> E, C, S = thermodynamics(np.zeros((2, 2)), np.array([1.0, 0.0]), 0.0)
    >>> E, C, round(S, 6)  # four equally likely states: log 4
    (0.0, 0.0, 1.386294)
    """
    raise NotImplementedError


def mean_field(
    J: np.ndarray, h: np.ndarray, beta: float, m0: np.ndarray, tol: float = 1e-12
) -> tuple[np.ndarray, float]:
    """A minimum of F_MF over m, by sweeps from m0: (m, F_MF(m)).

    m0: (n,), entries in [-1, 1]; m: (n,); beta > 0. A sweep goes through i = 0, ..., n - 1 and sets
    m_i = tanh(beta (sum_j J_ij m_j + h_i)), each with the newest values of the others. That is the exact minimum
    along m_i, so no step raises F_MF. (All spins at once could oscillate for ever.) Sweeps end with the first in
    which no m_i moves by more than tol. Where J >= 0 and h = 0, the start m0 = 0 stays where it is, at a maximum
    below the critical temperature: the symmetry is broken by m0 or not at all.

    H(±1) = 0: a spin that is sure has no entropy.

    >>> m, F = mean_field(np.zeros((1, 1)), np.array([1.0]), 0.5, np.zeros(1))
    >>> m, round(F, 6)  # a free spin: tanh(1/2), and F itself, -2 log(2 cosh(1/2))
    (array([0.46211716]), -1.626523)
    """
    raise NotImplementedError
