"""Known answers for softmax_cross_entropy."""

import numpy as np

from dojo.answers import accepted, equivalent, rejected


@accepted("row by row, with the target distribution written out")
class loops:
    def cross_entropy(logits, y, label_smoothing=0.0, ignore_index=-100):
        losses = []
        for row, label in zip(logits, y):
            if label == ignore_index:
                continue
            if not 0 <= label < len(row):
                raise ValueError("label")
            top = row.max()
            log_p = row - top - np.log(sum(np.exp(z - top) for z in row))
            loss = -(1 - label_smoothing) * log_p[label]
            if label_smoothing > 0:
                loss -= label_smoothing * sum(log_p) / len(row)
            losses.append(loss)
        if not losses:
            raise ValueError("nothing counts")
        return sum(losses) / len(losses)

    def cross_entropy_grad(logits, y, label_smoothing=0.0, ignore_index=-100):
        cross_entropy(logits, y, label_smoothing, ignore_index)
        count = int((y != ignore_index).sum())
        grad = np.zeros_like(logits, order="C")
        for i, (row, label) in enumerate(zip(logits, y)):
            if label == ignore_index:
                continue
            p = np.exp(row - row.max())
            q = np.full(len(row), label_smoothing / len(row))
            q[label] += 1 - label_smoothing
            grad[i] = (p / p.sum() - q) / count
        return grad


@accepted("one-hot targets and masks in place of picked rows")
def cross_entropy_grad(logits, y, label_smoothing=0.0, ignore_index=-100):
    _rows_that_count(logits, y, ignore_index)
    C = logits.shape[1]
    mask = (y != ignore_index).astype(float)[:, None]
    q = (1 - label_smoothing) * np.eye(C)[np.where(y == ignore_index, 0, y)] + label_smoothing / C
    shifted = np.exp(logits - np.max(logits, 1)[:, None])
    return mask * (shifted / np.sum(shifted, 1)[:, None] - q) / mask.sum()


@accepted("softplus by np.logaddexp: -t log σ(z) - (1 - t) log σ(-z)")
def binary_cross_entropy_with_logits(z, t):
    if len(z) == 0:
        raise ValueError
    return np.mean(t * np.logaddexp(0, -z) + (1 - t) * np.logaddexp(0, z))


@rejected("log(softmax(z)) is -inf once the softmax underflows: use z - logsumexp(z)")
def cross_entropy(logits, y, label_smoothing=0.0, ignore_index=-100):
    rows = _rows_that_count(logits, y, ignore_index)
    z = logits[rows] - logits[rows].max(axis=1, keepdims=True)
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    log_p = np.log(p)
    loss = -(1 - label_smoothing) * log_p[np.arange(len(z)), y[rows]]
    return float((loss - label_smoothing * log_p.mean(axis=1) if label_smoothing else loss).mean())


@rejected("e^z overflows: take the largest logit of the row out first")
def cross_entropy(logits, y, label_smoothing=0.0, ignore_index=-100):
    rows = _rows_that_count(logits, y, ignore_index)
    z = logits[rows]
    loss = np.log(np.exp(z).sum(axis=1)) - (1 - label_smoothing) * z[np.arange(len(z)), y[rows]]
    return float((loss - label_smoothing * z.mean(axis=1) if label_smoothing else loss).mean())


@rejected("the largest logit of the whole batch is taken out, not that of each row: faint rows underflow")
def cross_entropy(logits, y, label_smoothing=0.0, ignore_index=-100):
    rows = _rows_that_count(logits, y, ignore_index)
    z = logits[rows] - logits[rows].max()
    loss = np.log(np.exp(z).sum(axis=1)) - (1 - label_smoothing) * z[np.arange(len(z)), y[rows]]
    return float((loss - label_smoothing * z.mean(axis=1) if label_smoothing else loss).mean())


@rejected("smoothing is spread over the C - 1 wrong classes: the right one gets its share of ε / C, too")
class wrong_classes_only:
    def cross_entropy(logits, y, label_smoothing=0.0, ignore_index=-100):
        rows = _rows_that_count(logits, y, ignore_index)
        z, y = logits[rows], y[rows]
        C = z.shape[1]
        log_p = z - z.max(axis=1, keepdims=True)
        log_p = log_p - np.log(np.exp(log_p).sum(axis=1, keepdims=True))
        picked = log_p[np.arange(len(z)), y]
        loss = -(1 - label_smoothing) * picked
        if label_smoothing and C > 1:
            loss -= label_smoothing / (C - 1) * (log_p.sum(axis=1) - picked)
        return float(loss.mean())


@rejected("the gradient is not divided by the number of rows: the loss is a mean")
def cross_entropy_grad(logits, y, label_smoothing=0.0, ignore_index=-100):
    rows = _rows_that_count(logits, y, ignore_index)
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    q = (1 - label_smoothing) * np.eye(logits.shape[1])[np.where(rows, y, 0)] + label_smoothing / logits.shape[1]
    return rows[:, None] * (p - q)


@rejected("divided by all N rows: ignored rows are not in the mean")
def cross_entropy_grad(logits, y, label_smoothing=0.0, ignore_index=-100):
    rows = _rows_that_count(logits, y, ignore_index)
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    q = (1 - label_smoothing) * np.eye(logits.shape[1])[np.where(rows, y, 0)] + label_smoothing / logits.shape[1]
    return rows[:, None] * (p - q) / len(y)


@rejected("ignored rows still have a gradient: their logits must not move")
def cross_entropy_grad(logits, y, label_smoothing=0.0, ignore_index=-100):
    rows = _rows_that_count(logits, y, ignore_index)
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    q = rows[:, None] * (1 - label_smoothing) * np.eye(logits.shape[1])[np.where(rows, y, 0)]
    return (p - q - label_smoothing / logits.shape[1]) / rows.sum()


@rejected("softmax is applied twice: the loss takes logits, not probabilities")
def cross_entropy(logits, y, label_smoothing=0.0, ignore_index=-100):
    rows = _rows_that_count(logits, y, ignore_index)
    z = np.exp(logits[rows] - logits[rows].max(axis=1, keepdims=True))
    z /= z.sum(axis=1, keepdims=True)
    loss = np.log(np.exp(z).sum(axis=1)) - (1 - label_smoothing) * z[np.arange(len(z)), y[rows]]
    return float((loss - label_smoothing * z.mean(axis=1)).mean())


@rejected("the gradient forgets the smoothing: q is not one-hot")
def cross_entropy_grad(logits, y, label_smoothing=0.0, ignore_index=-100):
    rows = _rows_that_count(logits, y, ignore_index)
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    return rows[:, None] * (p - np.eye(logits.shape[1])[np.where(rows, y, 0)]) / rows.sum()


@rejected("the logits themselves are written to: subtract 1 from a copy")
def cross_entropy_grad(logits, y, label_smoothing=0.0, ignore_index=-100):
    logits -= logits.max(axis=1, keepdims=True)
    np.exp(logits, out=logits)
    logits /= logits.sum(axis=1, keepdims=True)
    logits[np.arange(len(y)), y] -= 1
    return logits / len(y)


@rejected("the sum over the rows where the mean is asked for")
def cross_entropy(logits, y, label_smoothing=0.0, ignore_index=-100):
    rows = _rows_that_count(logits, y, ignore_index)
    z, y = logits[rows] - logits[rows].max(axis=1, keepdims=True), y[rows]
    loss = np.log(np.exp(z).sum(axis=1)) - (1 - label_smoothing) * z[np.arange(len(z)), y]
    return float((loss - label_smoothing * z.mean(axis=1) if label_smoothing else loss).sum())


@rejected("σ is formed and then its logarithm: at |z| = 40 one of the two is log 0")
def binary_cross_entropy_with_logits(z, t):
    if z.size == 0:
        raise ValueError
    s = 1 / (1 + np.exp(-z))
    return float(-(t * np.log(s) + (1 - t) * np.log(1 - s)).mean())


@rejected("an epsilon inside the logarithm hides log 0, and caps the loss")
def binary_cross_entropy_with_logits(z, t):
    if z.size == 0:
        raise ValueError
    s = 1 / (1 + np.exp(-z))
    return float(-(t * np.log(s + 1e-12) + (1 - t) * np.log(1 - s + 1e-12)).mean())


@rejected("labels below 0 count from the end of the row, silently: they must be refused")
def cross_entropy(logits, y, label_smoothing=0.0, ignore_index=-100):
    rows = y != ignore_index
    if not rows.any() or (y >= logits.shape[1]).any():
        raise ValueError
    z, y = logits[rows] - logits[rows].max(axis=1, keepdims=True), y[rows]
    loss = np.log(np.exp(z).sum(axis=1)) - (1 - label_smoothing) * z[np.arange(len(z)), y]
    return float((loss - label_smoothing * z.mean(axis=1) if label_smoothing else loss).mean())


equivalent(
    "loss -= label_smoothing * z.mean(axis=1)",
    "loss -= label_smoothing * z.mean()",
    "the mean over the rows of their means is the mean over everything",
)
