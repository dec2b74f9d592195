"""Value iteration: the Bellman operator, and how far from the optimum one stops.

In a Markov decision process, action a in state s pays the expected reward R[s, a] and leads to s' with
probability P[s, a, s']; a reward k steps ahead counts γ^k. A policy chooses action a in state s with
probability pi[s, a]. Its value, and the value of the best policy, are the fixed points of a linear and of a
nonlinear map:

    v = r_π + γ P_π v       r_π(s) = Σ_a pi[s, a] R[s, a],  P_π[s, s'] = Σ_a pi[s, a] P[s, a, s']
    V* = T V*               (T V)(s) = max_a ( R[s, a] + γ Σ_s' P[s, a, s'] V(s') )

T is a contraction by γ in the largest norm, |T V - T U|∞ <= γ |V - U|∞. So V_k = T V_{k-1} converges from
anywhere, and what is still missing can be told from the last step:

    |V_k - V*|∞ <= γ / (1 - γ) |V_k - V_{k-1}|∞

Throughout: P is (S, A, S), R is (S, A), all float64. An action that is not available in a state has
R[s, a] = -inf and a row of zeros in P; each state has at least one that is available.

Rules: no quantecon, mdptoolbox or gymnasium; `bellman_backup` has no Python loop over states (time is
checked). Inputs are read-only; results are new arrays.

Source: Sutton & Barto, Reinforcement Learning, 2nd ed., 3.5, 3.6, 4.1, 4.4; Puterman, Markov Decision
Processes, ch. 6.
"""

import numpy as np


def bellman_backup(V: np.ndarray, P: np.ndarray, R: np.ndarray, gamma: float) -> tuple[np.ndarray, np.ndarray]:
    """(T V, pi): one sweep over all states, and an action that attains the maximum in each.

    V: (S,), 0 <= gamma <= 1. All states are backed up from the V that was given. Returns T V, (S,) float64,
    and pi, (S,) int64; of several best actions any will do. Cost: one product of P, as an (S A, S) matrix,
    with V.

    >>> P = np.array([[[1.0, 0.0], [0.0, 1.0]], [[0.0, 1.0], [0.0, 0.0]]])  # 0: stay or go; 1: stay
    >>> R = np.array([[1.0, 0.0], [3.0, -np.inf]])
    >>> bellman_backup(np.array([0.0, 4.0]), P, R, 0.5)
    (array([2., 5.]), array([1, 0]))
    """
    raise NotImplementedError


def evaluate_policy(pi: np.ndarray, P: np.ndarray, R: np.ndarray, gamma: float) -> np.ndarray:
    """v, (S,): the value of a policy, by a linear solve; to ten digits of the largest |v| or better.

    pi: (S, A), rows that sum to 1, with 0 for actions that are not available. 0 <= gamma <= 1. At gamma = 1
    there are absorbing states, in which the policy stays for ever and is paid 0: their value is 0. From every
    state the policy reaches one of them sooner or later.

    >>> P = np.array([[[1.0, 0.0], [0.0, 1.0]], [[0.0, 1.0], [0.0, 1.0]]])  # stay or go, until you are gone
    >>> evaluate_policy(np.array([[0.75, 0.25], [0.5, 0.5]]), P, np.array([[-1.0, -1.0], [0.0, 0.0]]), 1.0)
    array([-4.,  0.])
    """
    raise NotImplementedError


def value_iteration(
    P: np.ndarray, R: np.ndarray, gamma: float, eps: float = 1e-8
) -> tuple[np.ndarray, np.ndarray, int]:
    """(V, pi, n): the optimal value with an error of at most eps in every state, a policy, the sweeps.

    From V_0 = 0 on, V_k = T V_{k-1}. It stops after the first sweep n >= 1 with

        γ / (1 - γ) max_s |V_n(s) - V_{n-1}(s)| <= eps

    and returns V = V_n. pi, (S,) int64, is greedy for V_n or for V_{n-1}, which is as good: its value is less
    than V* by 2 eps / (1 - γ) at most. eps may be smaller than rounding lets the steps become, or 0: V may
    then hop to and fro between neighbouring floats for ever, yet the function returns, with V as good as
    float64 allows and some n. ValueError unless 0 <= gamma < 1: at gamma = 1 the bound says nothing.

    >>> value_iteration(np.ones((1, 2, 1)), np.array([[1.0, 0.0]]), 0.5, eps=0.3)  # V_k = 1, 1.5, 1.75, ...
    (array([1.75]), array([0]), 3)
    """
    raise NotImplementedError
