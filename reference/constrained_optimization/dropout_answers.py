"""Known answers for dropout."""

import numpy as np

from dojo.answers import accepted, equivalent, rejected


@accepted("a binomial draw for each entry, and a division instead of a product")
def dropout_forward(x, p_drop, rng, train):
    if p_drop < 0 or p_drop > 1:
        raise ValueError("p_drop")
    if not train or p_drop == 0.0:
        return x.copy(), np.ones(x.shape, dtype=x.dtype)
    if p_drop == 1.0:
        return np.zeros(x.shape, x.dtype), np.zeros(x.shape, x.dtype)
    kept = rng.binomial(1, 1 - p_drop, size=x.shape).astype(x.dtype)
    keep = x.dtype.type(1 - p_drop)
    return np.where(kept == 1, x / keep, x.dtype.type(0)), kept / keep


@accepted("rng.choice of the two values of the mask, flat, in x's own dtype")
def dropout_forward(x, p_drop, rng, train):
    if not 0.0 <= p_drop <= 1.0:
        raise ValueError("p_drop")
    values = np.array([0.0, 1.0 if not train or p_drop in (0, 1) else 1 / (1 - p_drop)], dtype=x.dtype)
    if train and 0 < p_drop < 1:
        mask = rng.choice(values, size=x.size, p=[p_drop, 1 - p_drop]).reshape(x.shape)
    else:
        mask = np.full(x.shape, values[0] if train and p_drop == 1 else values[1])
    return np.multiply(x, mask), mask


@accepted("mean and variance of each row's output: E (y - z)² = (y - E z)² + Var z")
def expected_dropout_loss(X, y, w, p_drop):
    if not 0.0 <= p_drop <= 1.0:
        raise ValueError("p_drop")
    total, keep = 0.0, 1 - p_drop
    for row, target in zip(X, y, strict=True):
        scale = 1 / keep if keep else 0.0
        mean = sum(keep * scale * v * u for v, u in zip(row, w, strict=True))
        variance = sum(keep * p_drop * (scale * v * u) ** 2 for v, u in zip(row, w, strict=True))
        total += (target - mean) ** 2 + variance
    return float(total)


@accepted("as a quadratic form in w, expanded")
def expected_dropout_loss(X, y, w, p_drop):
    if not 0.0 <= p_drop <= 1.0:
        raise ValueError("p_drop")
    if p_drop == 1.0:
        return float(np.sum(y**2))
    G = X.T @ X
    G = G + np.diag(np.diag(G)) * (p_drop / (1 - p_drop))
    return float(np.dot(y, y) - 2 * np.dot(X.T @ y, w) + w @ G @ w)


@rejected("nothing makes up for what was dropped: divide by 1 - p in training, for E[out] = x")
def dropout_forward(x, p_drop, rng, train):
    _check(p_drop)
    if not train or p_drop == 0:
        return x.copy(), np.ones_like(x)
    mask = (rng.random(x.shape) >= p_drop).astype(x.dtype) if p_drop < 1 else np.zeros_like(x)
    return x * mask, mask


@rejected("scaled in evaluation instead of in training: here evaluation is the identity")
def dropout_forward(x, p_drop, rng, train):
    _check(p_drop)
    if not train:
        mask = np.full_like(x, 1 - p_drop)
        return x * mask, mask
    mask = (rng.random(x.shape) >= p_drop).astype(x.dtype) if 0 < p_drop < 1 else np.full_like(x, 1 - p_drop)
    return x * mask, mask


@rejected("p is taken for the probability of being kept: p_drop is that of being dropped")
def dropout_forward(x, p_drop, rng, train):
    _check(p_drop)
    if not train or p_drop in (0, 1):
        mask = np.full_like(x, 0.0 if train and p_drop == 1 else 1.0)
        return x * mask, mask
    mask = ((rng.random(x.shape) < p_drop) / p_drop).astype(x.dtype)
    return x * mask, mask


@rejected("kept entries are divided by p: 1 - p is the share that is kept")
def dropout_forward(x, p_drop, rng, train):
    _check(p_drop)
    if not train or p_drop in (0, 1):
        mask = np.full_like(x, 0.0 if train and p_drop == 1 else 1.0)
        return x * mask, mask
    mask = ((rng.random(x.shape) >= p_drop) / p_drop).astype(x.dtype)
    return x * mask, mask


@rejected("the mask is active in evaluation: there out = x")
def dropout_forward(x, p_drop, rng, train):
    return _forward(x, p_drop, rng, True)


@rejected("one mask for the whole batch: each row draws its own")
def dropout_forward(x, p_drop, rng, train):
    _, mask = _forward(x[:1], p_drop, rng, train)
    mask = np.ones_like(x) * mask
    return x * mask, mask


@rejected("whole rows are dropped: each entry is on its own")
def dropout_forward(x, p_drop, rng, train):
    _, mask = _forward(x[..., :1], p_drop, rng, train)
    mask = np.ones_like(x) * mask
    return x * mask, mask


@rejected("a fixed number of entries is dropped: their number is random too, and single entries need it")
def dropout_forward(x, p_drop, rng, train):
    _check(p_drop)
    if not train or p_drop in (0, 1):
        return _forward(x, p_drop, rng, train)
    order = rng.permutation(x.size).reshape(x.shape)
    mask = ((order >= round(p_drop * x.size)) / (1 - p_drop)).astype(x.dtype)
    return x * mask, mask


@rejected("p = 1 divides 0 by 0: it gives zeros")
def dropout_forward(x, p_drop, rng, train):
    _check(p_drop)
    if not train or p_drop == 0:
        return x.copy(), np.ones_like(x)
    mask = ((rng.random(x.shape) >= p_drop) / np.float64(1 - p_drop)).astype(x.dtype)
    return x * mask, mask


@rejected("numbers are drawn where nothing is random: the generator's later results change with a layer that is off")
def dropout_forward(x, p_drop, rng, train):
    _check(p_drop)
    u = rng.random(x.shape)
    if not train or p_drop == 0:
        return x.copy(), np.ones_like(x)
    mask = ((u >= p_drop) / max(1 - p_drop, 1e-300)).astype(x.dtype)
    return x * mask, mask


@rejected("the same mask in every call: draw from the generator given, not from one of your own")
def dropout_forward(x, p_drop, rng, train):
    return _forward(x, p_drop, np.random.default_rng(0), train)


@rejected("float32 becomes float64: the random numbers' dtype carries over to the mask")
def dropout_forward(x, p_drop, rng, train):
    _check(p_drop)
    if not train or p_drop in (0, 1):
        return _forward(x, p_drop, rng, train)
    mask = (rng.random(x.shape) >= p_drop) / (1 - p_drop)
    return x * mask, mask


@rejected("the mask comes back without its scale: the backward pass would miss the factor 1/(1 - p)")
def dropout_forward(x, p_drop, rng, train):
    out, mask = _forward(x, p_drop, rng, train)
    return out, (mask > 0).astype(x.dtype)


@rejected("the mask is read off out: an x that is 0 counts as dropped")
def dropout_forward(x, p_drop, rng, train):
    out, mask = _forward(x, p_drop, rng, train)
    return out, np.where(out == 0, 0, mask).astype(x.dtype)


@rejected("a p_drop that is no probability is let through")
def dropout_forward(x, p_drop, rng, train):
    return _forward(x, min(max(p_drop, 0.0), 1.0), rng, train)


@rejected("dropout is linear with the mask as slope: the gradient is dout * mask, not dout")
def dropout_backward(dout, mask):
    return dout.copy()


@rejected("the factor 1/(1 - p) is lost on the way back: it is in the mask")
def dropout_backward(dout, mask):
    return np.where(mask > 0, dout, 0).astype(dout.dtype)


@rejected("a new mask is drawn: the backward pass takes that of the forward pass")
def dropout_backward(dout, mask):
    rng = np.random.default_rng(1)
    return dout * (mask.max(initial=0.0) * (rng.random(mask.shape) < np.mean(mask > 0))).astype(dout.dtype)


@rejected("the factor is p/(1 - p), the variance of the mask")
def expected_dropout_loss(X, y, w, p_drop):
    _check(p_drop)
    return float(np.sum((y - X @ w) ** 2) + p_drop * np.sum((X * w) ** 2)) if p_drop < 1 else float(y @ y)


@rejected("p (1 - p) is the variance of a mask of 0 and 1; this one is scaled, and its variance p/(1 - p)")
def expected_dropout_loss(X, y, w, p_drop):
    _check(p_drop)
    if p_drop == 1:
        return float(y @ y)
    return float(np.sum((y - X @ w) ** 2) + p_drop * (1 - p_drop) * np.sum((X * w) ** 2))


@rejected("ridge regression: each weight's penalty has the size of its column of X")
def expected_dropout_loss(X, y, w, p_drop):
    _check(p_drop)
    if p_drop == 1:
        return float(y @ y)
    return float(np.sum((y - X @ w) ** 2) + p_drop / (1 - p_drop) * np.sum(w**2))


@rejected("the mean over the rows: the loss is a sum")
def expected_dropout_loss(X, y, w, p_drop):
    _check(p_drop)
    if p_drop == 1:
        return float(y @ y) / len(y)
    return float(np.sum((y - X @ w) ** 2) + p_drop / (1 - p_drop) * np.sum((X * w) ** 2)) / len(y)


@rejected("the rows of X * w are summed before they are squared: the entries are masked one by one")
def expected_dropout_loss(X, y, w, p_drop):
    _check(p_drop)
    if p_drop == 1:
        return float(y @ y)
    return float(np.sum((y - X @ w) ** 2) + p_drop / (1 - p_drop) * np.sum((X @ w) ** 2))


@rejected("at p = 1 the formula divides by 0, but all is dropped there, and the loss is ‖y‖²")
def expected_dropout_loss(X, y, w, p_drop):
    _check(p_drop)
    factor = np.inf if p_drop == 1 else p_drop / (1 - p_drop)
    return float(np.sum((y - X @ w) ** 2) + factor * np.sum((X * w) ** 2))


@rejected("an average over drawn masks: the expectation is asked for, exactly")
def expected_dropout_loss(X, y, w, p_drop):
    _check(p_drop)
    if p_drop == 1:
        return float(y @ y)
    kept = np.random.default_rng(0).random((5000, *X.shape)) >= p_drop
    return float(np.mean(np.sum((y - (X * kept / (1 - p_drop)) @ w) ** 2, axis=1)))


def _check(p_drop):
    if not 0 <= p_drop <= 1:
        raise ValueError("p_drop")


def _forward(x, p_drop, rng, train):
    _check(p_drop)
    if not train or p_drop == 0:
        return x.copy(), np.ones_like(x)
    if p_drop == 1:
        return np.zeros_like(x), np.zeros_like(x)
    mask = ((rng.random(x.shape) >= p_drop) / (1 - p_drop)).astype(x.dtype)
    return x * mask, mask


equivalent(
    "kept = rng.random(x.shape) >= p_drop",
    "kept = rng.random(x.shape) > p_drop",
    "a draw of just p_drop has probability 2^-53",
)
