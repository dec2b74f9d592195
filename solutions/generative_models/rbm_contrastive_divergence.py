"""A restricted Boltzmann machine: its exact gradient, and the one that can be had in time.

Visible units v and hidden units h, each 0 or 1, have the energy E(v, h) = -bᵀv - cᵀh - vᵀW h: no bonds within a
layer, so that given one layer the units of the other are independent,

    p(h_j = 1 | v) = sigmoid(c_j + sum_i v_i W_ij),        p(v_i = 1 | h) = sigmoid(b_i + sum_j W_ij h_j),

and the hidden units can be summed out: p(v) = e^(-F(v)) / Z with the free energy

    F(v) = -bᵀv - sum_j log(1 + exp(c_j + sum_i v_i W_ij)),           Z = sum over all v of e^(-F(v)).

The gradient of the mean log-likelihood of a batch is a difference of two means,

    d/dW = <v hᵀ>_data - <v hᵀ>_model,     d/db = <v>_data - <v>_model,     d/dc = <h>_data - <h>_model,

where v comes from the batch with h ~ p(h | v), or both come from the model. The first mean, the positive phase,
is easy. The second one, the negative phase, sums over the states of a whole layer; contrastive divergence takes
it after k Gibbs steps that start at the data. In all means h enters by its probabilities p(h_j = 1 | v): the same
mean with less noise than a sample.

Shapes: v is (N, nv) with entries 0.0 or 1.0, N >= 1, W is (nv, nh), b is (nv,), c is (nh,); everything is
float64. Weights may be large: where a probability is 0 or 1 to rounding, all results are still finite and right.

Rules: no torch, no sklearn. Random numbers come from rng alone, as the docstrings say. Inputs are read-only;
results are new arrays.

Source: Ackley, Hinton & Sejnowski, Cognitive Science 9 (1985); Hinton, Neural Computation 14 (2002); Hinton, A
Practical Guide to Training Restricted Boltzmann Machines (2010); Goodfellow, Bengio & Courville, Deep Learning,
sec. 20.2.
"""

import numpy as np


def free_energy(v: np.ndarray, W: np.ndarray, b: np.ndarray, c: np.ndarray) -> np.ndarray:
    """F(v) of every row of v: (N,).

    >>> free_energy(np.array([[1.0, 1.0]]), np.array([[500.0], [500.0]]), np.array([1.0, 2.0]), np.array([0.0]))
    array([-1003.])
    """
    return -v @ b - np.logaddexp(0.0, v @ W + c).sum(axis=1)  # log(1 + e^x) without e^x


def sample_hidden(
    v: np.ndarray, W: np.ndarray, c: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """p(h_j = 1 | v) for every row of v, and a sample of it: both (N, nh).

    The sample is 1.0 where u < p and 0.0 elsewhere, with one draw u = rng.random((N, nh)).

    >>> c = np.array([-800.0, 0.0, 800.0])
    >>> sample_hidden(np.zeros((1, 2)), np.zeros((2, 3)), c, np.random.default_rng(0))  # u = 0.64, 0.27, 0.04
    (array([[0. , 0.5, 1. ]]), array([[0., 1., 1.]]))
    """
    p = _sigmoid(v @ W + c)
    return p, (rng.random(p.shape) < p).astype(np.float64)


def cd_gradient(
    v: np.ndarray, W: np.ndarray, b: np.ndarray, c: np.ndarray, k: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """CD-k: the gradient with the model's mean replaced by that of k Gibbs steps from the data. (dW, db, dc).

    One chain starts at each row v_0 of the batch; k >= 1. A step samples h from p(h | v) by rng.random((N, nh)),
    as `sample_hidden` does, and then v from p(v | h) in the same way by rng.random((N, nv)); so rng gives 2k
    arrays in turns. With v_k, the last sample,

        dW = (v_0ᵀ p(h | v_0) - v_kᵀ p(h | v_k)) / N,

    and db, dc alike: means over the batch, in the direction in which the likelihood ascends. dW is (nv, nh),
    db (nv,), dc (nh,).

    >>> v, W = np.array([[1.0], [0.0]]), np.zeros((1, 1))
    >>> cd_gradient(v, W, np.array([800.0]), np.zeros(1), 1, np.random.default_rng(0))  # every v_1 is 1
    (array([[-0.25]]), array([-0.5]), array([0.]))
    """
    N = len(v)
    p_data = _sigmoid(v @ W + c)  # (N, nh)
    v_k = v
    for _ in range(k):
        _, h = sample_hidden(v_k, W, c, rng)
        _, v_k = sample_hidden(h, W.T, b, rng)  # the same with the layers exchanged
    p_model = _sigmoid(v_k @ W + c)
    return (v.T @ p_data - v_k.T @ p_model) / N, (v - v_k).mean(axis=0), (p_data - p_model).mean(axis=0)


def exact_gradient(
    v: np.ndarray, W: np.ndarray, b: np.ndarray, c: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """(dW, db, dc, mean log p(v)): the gradient of the batch's mean log-likelihood, and that itself in nats.

    Sums over the 2^min(nv, nh) states of the smaller layer, at most 2^12, in time and memory; the other layer,
    which may be as large as it likes, is summed out as in F.

    >>> exact_gradient(np.array([[1.0], [1.0], [0.0]]), np.zeros((1, 1)), np.zeros(1), np.zeros(1))  # log 1/2
    (array([[0.08333333]]), array([0.16666667]), array([0.]), -0.6931471805599453)
    """
    nv, nh = W.shape
    if nv <= nh:
        states = _states(nv)  # all v: (2^nv, nv)
        log_weights = -free_energy(states, W, b, c)
        p_v, p_h = states, _sigmoid(states @ W + c)
    else:
        states = _states(nh)  # all h: the energy is symmetric in the layers
        log_weights = -free_energy(states, W.T, c, b)
        p_v, p_h = _sigmoid(states @ W.T + b), states
    log_Z = np.logaddexp.reduce(log_weights)
    p = np.exp(log_weights - log_Z)  # (2^min,)
    p_data = _sigmoid(v @ W + c)
    # given one layer, v_i and h_j are independent: the mean of the product is p_v p_h, state by state
    dW = v.T @ p_data / len(v) - (p_v * p[:, None]).T @ p_h
    db = v.mean(axis=0) - p @ p_v
    dc = p_data.mean(axis=0) - p @ p_h
    return dW, db, dc, float(-free_energy(v, W, b, c).mean() - log_Z)


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return np.exp(-np.logaddexp(0.0, -x))  # 1 / (1 + e^-x), where e^-x may overflow


def _states(n: int) -> np.ndarray:
    """All 2^n rows of zeros and ones."""
    return (np.arange(2**n)[:, None] >> np.arange(n) & 1).astype(np.float64)
