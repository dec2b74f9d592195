"""Known answers for rbm_contrastive_divergence."""

import itertools

import numpy as np

from dojo.answers import accepted, equivalent, rejected

equivalent(
    "return p, (rng.random(p.shape) < p).astype(np.float64)",
    "return p, (rng.random(p.shape) <= p).astype(np.float64)",
    "no draw falls on p itself",
)
equivalent(
    "return p, (rng.random(p.shape) < p).astype(np.float64)",
    "return p, (rng.random(p.shape) < p).astype(None)",
    "None is float64 to numpy",
)
equivalent("if nv <= nh:", "if nv < nh:", "of two layers of one size either may be summed over")
equivalent(
    "return (np.arange(2**n)[:, None] >> np.arange(n) & 1).astype(np.float64)",
    "return (np.arange(2**n)[:, None] >> np.arange(n) & 1).astype(None)",
    "None is float64 to numpy",
)


@accepted("softplus and sigmoid by cases, states by itertools, products by einsum")
class by_cases:
    def free_energy(v, W, b, c):
        x = np.einsum("ni,ij->nj", v, W) + c
        return -np.einsum("ni,i->n", v, b) - (np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))).sum(axis=1)

    def _sigmoid(x):
        e = np.exp(-np.abs(x))
        return np.where(x >= 0, 1 / (1 + e), e / (1 + e))

    def _states(n):
        return np.array(list(itertools.product([0.0, 1.0], repeat=n)))


@accepted("the chain with its own draws and comparisons, the means as loops over the batch")
def cd_gradient(v, W, b, c, k, rng):
    N = v.shape[0]
    x = v.copy()
    for _ in range(k):
        h = np.where(rng.uniform(size=(N, len(c))) < 1 / (1 + np.exp(-(x @ W + c))), 1.0, 0.0)
        x = np.where(rng.uniform(size=(N, len(b))) < 1 / (1 + np.exp(-(h @ W.T + b))), 1.0, 0.0)
    dW, db, dc = np.zeros_like(W), np.zeros_like(b), np.zeros_like(c)
    for start, end in zip(v, x, strict=True):
        p, q = (1 / (1 + np.exp(-(row @ W + c))) for row in (start, end))
        dW += np.outer(start, p) - np.outer(end, q)
        db += start - end
        dc += p - q
    return dW / N, db / N, dc / N


@accepted("always over the hidden states where there are fewer, by exchanging the layers first")
def exact_gradient(v, W, b, c):
    def model(W, b, c):
        """log Z, <v h>, <v>, <h> by all states of the first layer."""
        states = _states(len(b))
        F = free_energy(states, W, b, c)
        weights = np.exp(-(F - F.min()))
        p = weights / weights.sum()
        H = _sigmoid(states @ W + c)
        return np.log(weights.sum()) - F.min(), states.T @ (p[:, None] * H), states.T @ p, H.T @ p

    if len(b) > len(c):
        log_Z, hv, h, x = model(W.T, c, b)
        vh = hv.T
    else:
        log_Z, vh, x, h = model(W, b, c)
    p = _sigmoid(v @ W + c)
    likelihood = -np.mean(free_energy(v, W, b, c)) - log_Z
    return v.T @ p / len(v) - vh, v.mean(axis=0) - x, p.mean(axis=0) - h, likelihood


# --- free energy and sampling ---


@rejected("log(1 + exp(x)) overflows beyond x = 709: use logaddexp(0, x)")
def free_energy(v, W, b, c):
    return -v @ b - np.log(1 + np.exp(v @ W + c)).sum(axis=1)


@rejected("the sign of the hidden term: summing h out lowers the free energy")
def free_energy(v, W, b, c):
    return -v @ b + np.logaddexp(0.0, v @ W + c).sum(axis=1)


@rejected("this is log of the weight e^(-F), and not F")
def free_energy(v, W, b, c):
    return v @ b + np.logaddexp(0.0, v @ W + c).sum(axis=1)


@rejected("the hidden units are summed out, they are not 0 or 1 by the larger weight: log(1 + e^x), not max(0, x)")
def free_energy(v, W, b, c):
    return -v @ b - np.maximum(0.0, v @ W + c).sum(axis=1)


@rejected("the bias c is left out of the hidden units")
def free_energy(v, W, b, c):
    return -v @ b - np.logaddexp(0.0, v @ W).sum(axis=1) - c.sum()


@rejected("the sample is on where u is above p: that happens with probability 1 - p")
def sample_hidden(v, W, c, rng):
    p = _sigmoid(v @ W + c)
    return p, (rng.random(p.shape) > p).astype(np.float64)


@rejected("a threshold at 1/2 is no sample")
def sample_hidden(v, W, c, rng):
    p = _sigmoid(v @ W + c)
    return p, (p > 0.5).astype(np.float64)


@rejected("one draw for the whole batch: every row needs its own")
def sample_hidden(v, W, c, rng):
    p = _sigmoid(v @ W + c)
    return p, (rng.random(p.shape[1]) < p).astype(np.float64)


@rejected("samples as booleans: floats are asked for")
def sample_hidden(v, W, c, rng):
    p = _sigmoid(v @ W + c)
    return p, rng.random(p.shape) < p


@rejected("e^x / (1 + e^x) is inf / inf = NaN for large x")
def _sigmoid(x):
    return np.exp(x) / (1 + np.exp(x))


@rejected("a generator of its own: the draws come from rng")
def sample_hidden(v, W, c, rng):
    p = _sigmoid(v @ W + c)
    return p, (np.random.default_rng(0).random(p.shape) < p).astype(np.float64)


# --- contrastive divergence ---


@rejected("the direction of descent: positive phase less negative phase makes the likelihood ascend")
def cd_gradient(v, W, b, c, k, rng):
    p_data, v_k = _sigmoid(v @ W + c), v
    for _ in range(k):
        _, h = sample_hidden(v_k, W, c, rng)
        _, v_k = sample_hidden(h, W.T, b, rng)
    p_model = _sigmoid(v_k @ W + c)
    return (v_k.T @ p_model - v.T @ p_data) / len(v), (v_k - v).mean(axis=0), (p_model - p_data).mean(axis=0)


@rejected("summed over the batch: the gradient of the mean is asked for")
def cd_gradient(v, W, b, c, k, rng):
    p_data, v_k = _sigmoid(v @ W + c), v
    for _ in range(k):
        _, h = sample_hidden(v_k, W, c, rng)
        _, v_k = sample_hidden(h, W.T, b, rng)
    p_model = _sigmoid(v_k @ W + c)
    return v.T @ p_data - v_k.T @ p_model, (v - v_k).sum(axis=0), (p_data - p_model).sum(axis=0)


@rejected("the negative phase takes a sample of h where its probability has less noise")
def cd_gradient(v, W, b, c, k, rng):
    p_data, v_k = _sigmoid(v @ W + c), v
    for _ in range(k):
        _, h = sample_hidden(v_k, W, c, rng)
        _, v_k = sample_hidden(h, W.T, b, rng)
    _, h_k = sample_hidden(v_k, W, c, rng)
    return (v.T @ p_data - v_k.T @ h_k) / len(v), (v - v_k).mean(axis=0), (p_data - h_k).mean(axis=0)


@rejected("the positive phase takes a sample of h: its probability given the data is known")
def cd_gradient(v, W, b, c, k, rng):
    _, h = sample_hidden(v, W, c, rng)
    h_data = h
    for step in range(k):
        _, v_k = sample_hidden(h, W.T, b, rng)
        if step < k - 1:
            _, h = sample_hidden(v_k, W, c, rng)
    p_model = _sigmoid(v_k @ W + c)
    return (v.T @ h_data - v_k.T @ p_model) / len(v), (v - v_k).mean(axis=0), (h_data - p_model).mean(axis=0)


@rejected("the hidden probabilities of the data are used in the negative phase: those of v_k belong there")
def cd_gradient(v, W, b, c, k, rng):
    p_data, v_k = _sigmoid(v @ W + c), v
    for _ in range(k):
        _, h = sample_hidden(v_k, W, c, rng)
        _, v_k = sample_hidden(h, W.T, b, rng)
    return (v.T @ p_data - v_k.T @ p_data) / len(v), (v - v_k).mean(axis=0), np.zeros_like(c)


@rejected("the last v is a probability here: a sample is asked for")
def cd_gradient(v, W, b, c, k, rng):
    p_data, v_k = _sigmoid(v @ W + c), v
    for _ in range(k):
        _, h = sample_hidden(v_k, W, c, rng)
        p_v, v_k = sample_hidden(h, W.T, b, rng)
    p_model = _sigmoid(p_v @ W + c)
    return (v.T @ p_data - p_v.T @ p_model) / len(v), (v - p_v).mean(axis=0), (p_data - p_model).mean(axis=0)


@rejected("the chain starts at random: contrastive divergence starts it at the data")
def cd_gradient(v, W, b, c, k, rng):
    p_data, v_k = _sigmoid(v @ W + c), (rng.random(v.shape) < 0.5).astype(np.float64)
    for _ in range(k):
        _, h = sample_hidden(v_k, W, c, rng)
        _, v_k = sample_hidden(h, W.T, b, rng)
    p_model = _sigmoid(v_k @ W + c)
    return (v.T @ p_data - v_k.T @ p_model) / len(v), (v - v_k).mean(axis=0), (p_data - p_model).mean(axis=0)


@rejected("one step whatever k is")
def cd_gradient(v, W, b, c, k, rng):
    _, h = sample_hidden(v, W, c, rng)
    _, v_1 = sample_hidden(h, W.T, b, rng)
    p_data, p_model = _sigmoid(v @ W + c), _sigmoid(v_1 @ W + c)
    return (v.T @ p_data - v_1.T @ p_model) / len(v), (v - v_1).mean(axis=0), (p_data - p_model).mean(axis=0)


@rejected("every step starts at the data again: the chain goes on from its last v")
def cd_gradient(v, W, b, c, k, rng):
    p_data = _sigmoid(v @ W + c)
    for _ in range(k):
        _, h = sample_hidden(v, W, c, rng)
        _, v_k = sample_hidden(h, W.T, b, rng)
    p_model = _sigmoid(v_k @ W + c)
    return (v.T @ p_data - v_k.T @ p_model) / len(v), (v - v_k).mean(axis=0), (p_data - p_model).mean(axis=0)


@rejected("probabilities are passed on in the chain, without sampling: that is mean field, and no Gibbs chain")
def cd_gradient(v, W, b, c, k, rng):
    p_data, v_k = _sigmoid(v @ W + c), v
    for _ in range(k):
        v_k = _sigmoid(_sigmoid(v_k @ W + c) @ W.T + b)
    p_model = _sigmoid(v_k @ W + c)
    return (v.T @ p_data - v_k.T @ p_model) / len(v), (v - v_k).mean(axis=0), (p_data - p_model).mean(axis=0)


# --- the exact gradient ---


@rejected("always over the visible states: 2^30 of them, where 2^3 hidden ones do")
def exact_gradient(v, W, b, c):
    if len(b) > 20:
        raise MemoryError("2^nv states")
    states = _states(len(b))
    log_weights = -free_energy(states, W, b, c)
    log_Z = np.logaddexp.reduce(log_weights)
    p, H = np.exp(log_weights - log_Z), _sigmoid(states @ W + c)
    p_data = _sigmoid(v @ W + c)
    dW = v.T @ p_data / len(v) - (states * p[:, None]).T @ H
    return dW, v.mean(axis=0) - p @ states, p_data.mean(axis=0) - p @ H, float(-free_energy(v, W, b, c).mean() - log_Z)


@rejected("<v> <h> in place of <v h>: the layers are independent given each other only")
def exact_gradient(v, W, b, c):
    states = _states(len(c))
    log_weights = -free_energy(states, W.T, c, b)
    log_Z = np.logaddexp.reduce(log_weights)
    p = np.exp(log_weights - log_Z)
    x, h = p @ _sigmoid(states @ W.T + b), p @ states
    p_data = _sigmoid(v @ W + c)
    dW = v.T @ p_data / len(v) - np.outer(x, h)
    return dW, v.mean(axis=0) - x, p_data.mean(axis=0) - h, float(-free_energy(v, W, b, c).mean() - log_Z)


@rejected("log Z is missing: -F(v) is the log of a weight, not of a probability")
def exact_gradient(v, W, b, c):
    small = len(b) <= len(c)
    states = _states(min(W.shape))
    log_weights = -free_energy(states, W, b, c) if small else -free_energy(states, W.T, c, b)
    p = np.exp(log_weights - np.logaddexp.reduce(log_weights))
    X, H = (states, _sigmoid(states @ W + c)) if small else (_sigmoid(states @ W.T + b), states)
    p_data = _sigmoid(v @ W + c)
    dW = v.T @ p_data / len(v) - (X * p[:, None]).T @ H
    return dW, v.mean(axis=0) - p @ X, p_data.mean(axis=0) - p @ H, float(-free_energy(v, W, b, c).mean())


@rejected("weights are exponentiated before they are normalised: e^2000 is inf, and inf / inf is NaN")
def exact_gradient(v, W, b, c):
    small = len(b) <= len(c)
    states = _states(min(W.shape))
    weights = np.exp(-free_energy(states, W, b, c) if small else -free_energy(states, W.T, c, b))
    p = weights / weights.sum()
    X, H = (states, _sigmoid(states @ W + c)) if small else (_sigmoid(states @ W.T + b), states)
    p_data = _sigmoid(v @ W + c)
    dW = v.T @ p_data / len(v) - (X * p[:, None]).T @ H
    likelihood = float(-free_energy(v, W, b, c).mean() - np.log(weights.sum()))
    return dW, v.mean(axis=0) - p @ X, p_data.mean(axis=0) - p @ H, likelihood


@rejected("the log-likelihood of the whole batch: its mean is asked for")
def exact_gradient(v, W, b, c):
    small = len(b) <= len(c)
    states = _states(min(W.shape))
    log_weights = -free_energy(states, W, b, c) if small else -free_energy(states, W.T, c, b)
    log_Z = np.logaddexp.reduce(log_weights)
    p = np.exp(log_weights - log_Z)
    X, H = (states, _sigmoid(states @ W + c)) if small else (_sigmoid(states @ W.T + b), states)
    p_data = _sigmoid(v @ W + c)
    dW = v.T @ p_data / len(v) - (X * p[:, None]).T @ H
    likelihood = float((-free_energy(v, W, b, c) - log_Z).sum())
    return dW, v.mean(axis=0) - p @ X, p_data.mean(axis=0) - p @ H, likelihood
