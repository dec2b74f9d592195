"""Known answers for rnn_bptt."""

import numpy as np

from dojo.answers import accepted, equivalent, rejected


@accepted("the gradients are accumulated step by step, as the loop goes back")
def rnn_backward(dH, cache):
    X, H, Wx, Wh = cache
    dX, dh = np.zeros(X.shape), np.zeros(H[0].shape)
    dWx, dWh, db = np.zeros(Wx.shape), np.zeros(Wh.shape), np.zeros(len(Wh))
    for t in range(len(X) - 1, -1, -1):
        da = (dH[t] + dh) * (1 - H[t + 1]) * (1 + H[t + 1])
        dX[t] = da @ Wx.T
        dWx += X[t].T @ da
        dWh += H[t].T @ da
        db += da.sum(axis=0)
        dh = da @ Wh.T
    return dX, dh, dWx, dWh, db


@accepted("a cache of one tuple a step, and one matrix for both weights")
class one_matrix:
    def rnn_forward(X, h0, Wx, Wh, b):
        W, h, cache, states = np.vstack([Wx, Wh]), h0, [], []
        for x in X:
            z = np.hstack([x, h])
            h = np.tanh(z @ W + b)
            cache.append((z, h, W))
            states.append(h)
        return np.array(states), cache

    def rnn_backward(dH, cache):
        W = cache[0][2]
        d, h = W.shape[0] - W.shape[1], W.shape[1]
        dX, dW, db, dh = [], 0.0, 0.0, np.zeros((len(dH[0]), h))
        for direct, (z, state, _) in zip(dH[::-1], cache[::-1], strict=True):
            da = (direct + dh) * (1 - state**2)
            dz = da @ W.T
            dX.insert(0, dz[:, :d])
            dh = dz[:, d:]
            dW, db = dW + z.T @ da, db + da.sum(axis=0)
        return np.array(dX), dh.copy(), dW[:d].copy(), dW[d:].copy(), db

    def jacobian_product_norms(cache):
        W = cache[0][2]
        Wh = W[W.shape[0] - W.shape[1] :]
        best = np.full(len(cache), -np.inf)
        best[-1] = 0.0
        for n in range(len(cache[0][1])):
            P, size = np.eye(len(Wh)), 0.0
            for t in range(len(cache) - 1, 0, -1):
                P = P @ np.diag(1 - cache[t][1][n] ** 2) @ Wh.T
                largest = np.linalg.svd(P, compute_uv=False)[0]
                if largest == 0:
                    break
                P, size = P / largest, size + np.log(largest)
                best[t - 1] = max(best[t - 1], size)
        return best


@accepted("the norm of a vector of norms, and a factor that is never more than 1")
def clip_grad_norm(grads, max_norm):
    norm = float(np.linalg.norm([np.linalg.norm(g) for g in grads])) if grads else 0.0
    return [g * (max_norm / max(norm, max_norm)) for g in grads], norm


@rejected("nothing is carried from t + 1 to t: each step is treated as if it were the last")
def rnn_backward(dH, cache):
    X, H, Wx, Wh = cache
    dA = dH * (1 - H[1:] ** 2)
    return (
        dA @ Wx.T,
        dA[0] @ Wh.T,
        np.einsum("tnd,tnh->dh", X, dA),
        np.einsum("tni,tnj->ij", H[:-1], dA),
        dA.sum(axis=(0, 1)),
    )


def _backward(dH, cache, slopes=None, transposed=True):
    X, H, Wx, Wh = cache
    slopes = 1 - H[1:] ** 2 if slopes is None else slopes
    dA, dh = np.empty(dH.shape), np.zeros(H[0].shape)
    for t in reversed(range(len(X))):
        dA[t] = (dH[t] + dh) * slopes[t]
        dh = dA[t] @ (Wh.T if transposed else Wh)
    return dA, dh


def _gradients(cache, dA, dh):
    X, H, Wx, Wh = cache
    return dA @ Wx.T, dh, np.einsum("tnd,tnh->dh", X, dA), np.einsum("tni,tnj->ij", H[:-1], dA), dA.sum(axis=(0, 1))


@rejected("dWh takes h_t: what Wh was multiplied by is h_{t-1}, the state before")
def rnn_backward(dH, cache):
    dA, dh = _backward(dH, cache)
    dX, dh0, dWx, _, db = _gradients(cache, dA, dh)
    return dX, dh0, dWx, np.einsum("tni,tnj->ij", cache[1][1:], dA), db


@rejected("h_0 is forgotten in dWh: the first step has a state before it as well")
def rnn_backward(dH, cache):
    dA, dh = _backward(dH, cache)
    dX, dh0, dWx, _, db = _gradients(cache, dA, dh)
    return dX, dh0, dWx, np.einsum("tni,tnj->ij", cache[1][1:-1], dA[1:]), db


@rejected("the slope belongs to the step before: da_t has 1 - h_t², not 1 - h_{t-1}²")
def rnn_backward(dH, cache):
    return _gradients(cache, *_backward(dH, cache, slopes=1 - cache[1][:-1] ** 2))


@rejected("Wh without its transpose: forward it is h Wh, so back it is da Whᵀ")
def rnn_backward(dH, cache):
    return _gradients(cache, *_backward(dH, cache, transposed=False))


@rejected("the last gradient overwrites the others: shared weights sum over all time steps")
def rnn_backward(dH, cache):
    X, H, Wx, Wh = cache
    dA, dh = _backward(dH, cache)
    return dA @ Wx.T, dh, X[0].T @ dA[0], H[0].T @ dA[0], dA[0].sum(axis=0)


@rejected("a mean over the batch: the gradient of the loss is a sum, the mean belongs into dH")
def rnn_backward(dH, cache):
    dX, dh0, dWx, dWh, db = _gradients(cache, *_backward(dH, cache))
    N = dH.shape[1]
    return dX, dh0, dWx / N, dWh / N, db / N


@rejected("dh_0 is dh_1: one more step back, through tanh and Wh, is missing")
def rnn_backward(dH, cache):
    X, H, Wx, Wh = cache
    dA, dh = _backward(dH, cache)
    dX, _, dWx, dWh, db = _gradients(cache, dA, dh)
    return dX, dH[0] + (dA[1] @ Wh.T if len(X) > 1 else 0.0), dWx, dWh, db


@rejected("each array is clipped by its own norm: that turns the gradient")
def clip_grad_norm(grads, max_norm):
    norms = [float(np.linalg.norm(g)) for g in grads]
    norm = float(np.sqrt(sum(n * n for n in norms)))
    return [g * (max_norm / n) if n > max_norm else g.copy() for g, n in zip(grads, norms, strict=True)], norm


@rejected("a short gradient is made longer: clipping only shortens")
def clip_grad_norm(grads, max_norm):
    norm = float(np.sqrt(sum(np.sum(g * g) for g in grads)))
    return [g * (max_norm / norm) if norm else g.copy() for g in grads], norm


@rejected("1e-6 is added to the norm, as torch does: then the result is a little too short")
def clip_grad_norm(grads, max_norm):
    norm = float(np.sqrt(sum(np.sum(g * g) for g in grads)))
    return [g * min(1.0, max_norm / (norm + 1e-6)) for g in grads], norm


@rejected("the norm after clipping: the one before is asked for, it is what one watches")
def clip_grad_norm(grads, max_norm):
    norm = float(np.sqrt(sum(np.sum(g * g) for g in grads)))
    return [g * (max_norm / norm if norm > max_norm else 1.0) for g in grads], min(norm, max_norm)


@rejected("the product is formed first and its logarithm taken last: it leaves float64 within some hundred steps")
def jacobian_product_norms(cache):
    _, H, _, Wh = cache
    P, logs = np.broadcast_to(np.eye(len(Wh)), (len(H[0]), *Wh.shape)), [0.0]
    for h in H[:1:-1]:
        P = P @ ((1 - h**2)[:, :, None] * Wh.T)
        with np.errstate(all="ignore"):
            logs.insert(0, np.log(np.sqrt((P**2).sum(axis=(1, 2)).max()) if not P.any() else _two(P)))
    return np.array(logs)


def _two(P):
    return np.linalg.norm(P, 2, axis=(1, 2)).max() if np.isfinite(P).all() else np.inf


@rejected("the norms of the single steps are multiplied: that is a bound, the product itself may be much smaller")
def jacobian_product_norms(cache):
    _, H, _, Wh = cache
    with np.errstate(divide="ignore"):
        steps = [np.log(np.linalg.norm((1 - h**2)[:, :, None] * Wh.T, 2, axis=(1, 2))) for h in H[2:]]
    sums = np.cumsum([np.zeros(len(H[0])), *steps[::-1]], axis=0)
    return sums.max(axis=1)[::-1].copy()


@rejected("without h_0: the first step starts from the given state, not from zero")
def rnn_forward(X, h0, Wx, Wh, b):
    H = np.zeros((len(X) + 1, *h0.shape))
    for t in range(len(X)):
        H[t + 1] = np.tanh(X[t] @ Wx + H[t] @ Wh + b)
    return H[1:].copy(), [X.copy(), H, Wx.copy(), Wh.copy()]


equivalent('with np.errstate(divide="ignore"):', "with np.errstate():", "a warning more, the same result")
equivalent(
    "scale = max_norm / norm if norm > max_norm else 1.0",
    "scale = max_norm / norm if norm >= max_norm else 1.0",
    "where both are equal their ratio is 1",
)
equivalent(
    "P = P / np.where(largest > 0, largest, 1.0)[:, None, None]",
    "P = P / np.where(largest > 0, largest, 2.0)[:, None, None]",
    "a product that is zero stays zero, whatever it is divided by",
)
