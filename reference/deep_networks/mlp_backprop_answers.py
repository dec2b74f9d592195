"""Known answers for mlp_backprop."""

import numpy as np

from dojo.answers import accepted, rejected


@accepted("pre-activations and masks are kept, and biases ride along as a row of weights")
class augmented:
    def forward(params, X):
        cache, a = [], X
        for number, (W, b) in enumerate(params):
            a = np.hstack([a, np.ones((len(a), 1))])  # (N, in + 1)
            z = a @ np.vstack([W, b])
            cache.append((a, z))
            a = np.where(z > 0, z, 0.0) if number < len(params) - 1 else z
        return a, cache

    def loss_and_grads(params, X, y, l2=0.0):
        logits, cache = forward(params, X)
        onehot = np.eye(logits.shape[1])[y]
        p = np.exp(logits - logits.max(axis=1)[:, None])
        p = p / p.sum(axis=1)[:, None]
        top = logits.max(axis=1)
        lse = top + np.log(np.exp(logits - top[:, None]).sum(axis=1))
        loss = np.mean(lse - (logits * onehot).sum(axis=1))
        delta, grads = (p - onehot) / len(X), []
        for number in range(len(params) - 1, -1, -1):
            (W, _), (a, z) = params[number], cache[number]
            if number < len(params) - 1:
                delta = delta * (z > 0)
            g = np.einsum("ni,no->io", a, delta)
            grads.insert(0, (g[:-1] + l2 * W, g[-1].copy()))
            loss += 0.5 * l2 * np.sum(W * W)
            delta = delta @ W.T
        return float(loss), grads


@accepted("recursion over the layers: each layer returns its loss, its gradients and its δ")
def loss_and_grads(params, X, y, l2=0.0):
    def go(a, rest):
        (W, b), tail = rest[0], rest[1:]
        z = np.dot(a, W) + b
        if not tail:
            m = z.max(1, keepdims=True)
            e = np.exp(z - m)
            loss = float(np.mean(np.log(e.sum(1)) + m[:, 0] - z[np.arange(len(y)), y]))
            d = (e / e.sum(1, keepdims=True) - np.eye(z.shape[1])[y]) / len(y)
            grads = []
        else:
            loss, grads, d = go(np.clip(z, 0, None), tail)
            d = np.where(z > 0, d, 0)
        return loss + l2 / 2 * float(np.vdot(W, W)), [(a.T.dot(d) + l2 * W, d.sum(0)), *grads], d.dot(W.T)

    loss, grads, _ = go(X, params)
    return loss, grads


@accepted("weights by rng.normal with a scale")
def init(sizes, rng):
    params = []
    for i in range(len(sizes) - 1):
        params.append((rng.normal(0.0, (2.0 / sizes[i]) ** 0.5, size=(sizes[i], sizes[i + 1])), np.zeros(sizes[i + 1])))
    return params


@rejected("the bias gradient is averaged over the batch a second time: δ holds the 1/N already")
def loss_and_grads(params, X, y, l2=0.0):
    loss, grads = _right(params, X, y, l2)
    return loss, [(dW, db / len(X)) for dW, db in grads]


@rejected("the gradient is not divided by N, although the loss is a mean")
def loss_and_grads(params, X, y, l2=0.0):
    loss, grads = _right(params, X, y, 0.0)
    N = len(X)
    loss += l2 / 2 * sum((W**2).sum() for W, _ in params)
    return float(loss), [(dW * N + l2 * W, db * N) for (dW, db), (W, _) in zip(grads, params)]


@rejected("the penalty counts half in the loss and twice that in the gradient")
def loss_and_grads(params, X, y, l2=0.0):
    loss, grads = _right(params, X, y, l2)
    return loss, [(dW + l2 * W, db) for (dW, db), (W, _) in zip(grads, params)]


@rejected("the penalty is missing in the gradient")
def loss_and_grads(params, X, y, l2=0.0):
    loss, _ = _right(params, X, y, l2)
    return loss, _right(params, X, y, 0.0)[1]


@rejected("the penalty has no half: J adds (l2/2) ‖W‖²")
def loss_and_grads(params, X, y, l2=0.0):
    return _right(params, X, y, 2 * l2)


@rejected("the biases are penalised, too")
def loss_and_grads(params, X, y, l2=0.0):
    loss, grads = _right(params, X, y, l2)
    loss += l2 / 2 * sum((b**2).sum() for _, b in params)
    return float(loss), [(dW, db + l2 * b) for (dW, db), (_, b) in zip(grads, params)]


@rejected("the mask is z >= 0: at 0 the slope is 0 here")
def loss_and_grads(params, X, y, l2=0.0):
    return _right(params, X, y, l2, mask=lambda a, z: z >= 0)


@rejected("the relu's slope is left out on the way back")
def loss_and_grads(params, X, y, l2=0.0):
    return _right(params, X, y, l2, mask=lambda a, z: 1.0)


@rejected("the last layer has a relu, too: logits may be negative")
def forward(params, X):
    activations = [X]
    for W, b in params:
        activations.append(np.maximum(activations[-1] @ W + b, 0))
    return activations[-1], activations[:-1]


@rejected("the hidden layers have no relu: the whole network is one linear map")
def forward(params, X):
    activations = [X]
    for W, b in params[:-1]:
        activations.append(activations[-1] @ W + b)
    return activations[-1] @ params[-1][0] + params[-1][1], activations


@rejected("e^z overflows: the largest logit of each row comes out first")
def loss_and_grads(params, X, y, l2=0.0):
    loss, grads = _right(params, X, y, l2)
    logits, _ = forward(params, X)
    naive = np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(len(y)), y]
    return float(naive.mean() + l2 / 2 * sum((W**2).sum() for W, _ in params)), grads


@rejected("variance 2/out: He's is that of the number of inputs")
def init(sizes, rng):
    return [(rng.standard_normal((n, m)) * np.sqrt(2 / m), np.zeros(m)) for n, m in zip(sizes[:-1], sizes[1:])]


@rejected("variance 1/in: that halves the signal in every relu layer")
def init(sizes, rng):
    return [(rng.standard_normal((n, m)) * np.sqrt(1 / n), np.zeros(m)) for n, m in zip(sizes[:-1], sizes[1:])]


@rejected("standard deviation 2/in where the variance should be: a square root is missing")
def init(sizes, rng):
    return [(rng.standard_normal((n, m)) * (2 / n), np.zeros(m)) for n, m in zip(sizes[:-1], sizes[1:])]


@rejected("uniform weights: the variance is right, but a normal distribution is asked for")
def init(sizes, rng):
    return [(rng.uniform(-1, 1, (n, m)) * np.sqrt(6 / n), np.zeros(m)) for n, m in zip(sizes[:-1], sizes[1:])]


@rejected("a loop over the samples: right, but a hundred times slower than one product")
def loss_and_grads(params, X, y, l2=0.0):
    loss, grads = 0.0, None
    for i in range(len(X)):
        one, g = _right(params, X[i : i + 1], y[i : i + 1], l2)
        loss += one / len(X)
        g = [(dW / len(X), db / len(X)) for dW, db in g]
        grads = g if grads is None else [(a + c, b + d) for (a, b), (c, d) in zip(grads, g)]
    return loss, grads


def _right(params, X, y, l2=0.0, mask=lambda a, z: z > 0):
    logits, _ = forward(params, X)
    inputs, zs = [X], []
    for W, b in params[:-1]:
        zs.append(inputs[-1] @ W + b)
        inputs.append(np.maximum(zs[-1], 0))
    N = len(X)
    z = logits - logits.max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    loss = -log_p[np.arange(N), y].mean() + l2 / 2 * sum((W**2).sum() for W, _ in params)
    delta = (np.exp(log_p) - np.eye(log_p.shape[1])[y]) / N
    grads = []
    for i in range(len(params) - 1, -1, -1):
        W = params[i][0]
        grads.insert(0, (inputs[i].T @ delta + l2 * W, delta.sum(axis=0)))
        if i:
            delta = (delta @ W.T) * mask(inputs[i], zs[i - 1])
    return float(loss), grads
