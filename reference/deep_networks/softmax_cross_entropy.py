"""Oracle for softmax_cross_entropy: the definition, sample by sample, in 50 decimal digits.

With that many digits e^1000 and its inverse are ordinary numbers, and no rearrangement is needed.
"""

from decimal import Decimal, localcontext

import numpy as np


def _target(C, label, smoothing):
    return [(1 - smoothing) * (c == label) + smoothing / C for c in range(C)]


def _softmax(row):
    terms = [Decimal(float(z)).exp() if np.isfinite(z) else Decimal(0) for z in row]
    return [term / sum(terms) for term in terms]


def cross_entropy(logits, y, label_smoothing=0.0, ignore_index=-100):
    """-Σ q log p, averaged over the rows that count."""
    losses = []
    with localcontext(prec=60):
        for row, label in zip(logits, y, strict=True):
            if label == ignore_index:
                continue
            p, q = _softmax(row), _target(len(row), label, label_smoothing)
            losses.append(sum((-Decimal(qc) * pc.ln() for pc, qc in zip(p, q, strict=True) if qc), Decimal(0)))
        return float(sum(losses) / len(losses))


def cross_entropy_grad(logits, y, label_smoothing=0.0, ignore_index=-100):
    """p - q in each row that counts, over how many count."""
    count = sum(1 for label in y if label != ignore_index)
    grad = np.zeros(np.shape(logits))
    with localcontext(prec=60):
        for i, (row, label) in enumerate(zip(logits, y, strict=True)):
            if label != ignore_index:
                p, q = _softmax(row), _target(len(row), label, label_smoothing)
                grad[i] = [float((pc - Decimal(qc)) / count) for pc, qc in zip(p, q, strict=True)]
    return grad


def binary_cross_entropy_with_logits(z, t):
    """-t log σ(z) - (1 - t) log σ(-z), averaged."""
    with localcontext(prec=60):
        losses = []
        for zi, ti in zip(z.tolist(), t.tolist(), strict=True):
            zi, ti = Decimal(zi), Decimal(ti)
            one, other = (1 + (-zi).exp()).ln(), (1 + zi.exp()).ln()
            losses.append(ti * one + (1 - ti) * other)
        return float(sum(losses) / len(losses))
