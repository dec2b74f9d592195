"""Known answers for logsumexp_softmax."""

import numpy as np

from dojo.answers import accepted, equivalent, rejected


@accepted("numpy adds two logarithms at a time: log(e^a + e^b) folded along the axis")
def logsumexp(x, axis=-1, keepdims=False):
    return np.logaddexp.reduce(x, axis=axis, keepdims=keepdims)


@accepted("the largest term is taken out of the sum and the rest goes through log1p")
def logsumexp(x, axis=-1, keepdims=False):
    y = np.sort(np.moveaxis(x, axis, -1), axis=-1)
    m = y[..., -1]
    finite = np.where(np.isfinite(m), m, 0.0)
    rest = np.exp(y[..., :-1] - finite[..., None]).sum(axis=-1)
    value = np.where(np.isfinite(m), finite + np.log1p(rest), m)
    return np.expand_dims(value, axis) if keepdims else value


@accepted("softmax as e^(x - logsumexp x): one exponential, no division")
def softmax(x, axis=-1, temperature=1.0):
    z = x / temperature
    return np.exp(z - logsumexp(z, axis, keepdims=True))


@accepted("slice by slice in plain Python, with math.exp and math.fsum")
class loops:
    def logsumexp(x, axis=-1, keepdims=False):
        import math

        def one(row):
            m = max(row)
            if math.isinf(m):
                return m
            return m + math.log(math.fsum(math.exp(v - m) for v in row))

        value = np.apply_along_axis(one, axis, x)
        return np.expand_dims(value, axis) if keepdims else value

    def softmax(x, axis=-1, temperature=1.0):
        import math

        def one(row):
            m = max(row)
            e = [math.exp((v - m) / temperature) for v in row]
            return np.array(e) / math.fsum(e)

        return np.apply_along_axis(one, axis, x)

    def softmax_vjp(p, g, axis=-1):
        out = np.empty(p.shape)
        P, G, O = np.moveaxis(p, axis, -1), np.moveaxis(g, axis, -1), np.moveaxis(out, axis, -1)
        for i in np.ndindex(P.shape[:-1]):
            O[i] = (np.diag(P[i]) - np.outer(P[i], P[i])) @ G[i]
        return out


@accepted("the vjp as p * g minus p times its sum, with einsum over the moved axis")
def softmax_vjp(p, g, axis=-1):
    P, G = np.moveaxis(p, axis, -1), np.moveaxis(g, axis, -1)
    return np.moveaxis(P * G - P * np.einsum("...j,...j->...", P, G)[..., None], -1, axis).copy()


@rejected("no shift: e^1000 is inf, and inf / inf is NaN. Subtract the slice's largest score first")
def softmax(x, axis=-1, temperature=1.0):
    e = np.exp(x / temperature)
    return e / e.sum(axis=axis, keepdims=True)


@rejected("no shift: log Σ e^x overflows to inf above 709 and is log 0 below -745")
def logsumexp(x, axis=-1, keepdims=False):
    return np.log(np.exp(x).sum(axis=axis, keepdims=keepdims))


@rejected("one maximum for the whole array: a slice far below it underflows to 0 / 0. Each slice has its own")
def softmax(x, axis=-1, temperature=1.0):
    e = np.exp((x - x.max()) / temperature)
    return e / e.sum(axis=axis, keepdims=True)


@rejected("one maximum for the whole array: a slice far below it gives log 0. Each slice has its own")
def logsumexp(x, axis=-1, keepdims=False):
    m = x.max()
    m = m if np.isfinite(m) else 0.0
    return m + np.log(np.exp(x - m).sum(axis=axis, keepdims=keepdims))


@rejected("(-inf) - (-inf) is NaN: where the largest score is infinite, shift by 0 instead")
def logsumexp(x, axis=-1, keepdims=False):
    m = x.max(axis=axis, keepdims=True)
    value = m + np.log(np.exp(x - m).sum(axis=axis, keepdims=True))
    return value if keepdims else value.squeeze(axis)


@rejected("+inf - (+inf) is NaN as well: the slice of only -inf is not the only one that breaks")
def logsumexp(x, axis=-1, keepdims=False):
    m = x.max(axis=axis, keepdims=True)
    m = np.where(m == -np.inf, 0.0, m)
    value = m + np.log(np.exp(x - m).sum(axis=axis, keepdims=True))
    return value if keepdims else value.squeeze(axis)


@rejected("every infinite slice is given -inf: one that holds +inf has logsumexp +inf")
def logsumexp(x, axis=-1, keepdims=False):
    m = x.max(axis=axis, keepdims=True)
    value = np.nan_to_num(m + np.log(np.exp(x - m).sum(axis=axis, keepdims=True)), nan=-np.inf, posinf=np.inf)
    return value if keepdims else value.squeeze(axis)


@rejected("the sum lost its axis (no keepdims=True): it broadcasts along the last one, silently if square")
def softmax(x, axis=-1, temperature=1.0):
    e = np.exp((x - x.max(axis=axis, keepdims=True)) / temperature)
    return e / e.sum(axis=axis)


@rejected("the maximum lost its axis (no keepdims=True): each column is shifted by another row's maximum")
def softmax(x, axis=-1, temperature=1.0):
    e = np.exp((x - x.max(axis=axis)) / temperature)
    return e / e.sum(axis=axis, keepdims=True)


@rejected("keepdims is not heeded: the axis is to stay, with length 1")
def logsumexp(x, axis=-1, keepdims=False):
    m = x.max(axis=axis, keepdims=True)
    m = np.where(np.isfinite(m), m, 0.0)
    return np.log(np.exp(x - m).sum(axis=axis)) + m.squeeze(axis)


@rejected("the axis is not heeded: this always works on the last one")
class last_axis:
    def softmax(x, axis=-1, temperature=1.0):
        e = np.exp((x - x.max(axis=-1, keepdims=True)) / temperature)
        return e / e.sum(axis=-1, keepdims=True)


@rejected("the axis of the sum is not heeded: the mean of g under p is taken along the last axis")
def softmax_vjp(p, g, axis=-1):
    return p * (g - (p * g).sum(axis=-1, keepdims=True))


@rejected("normalised over the whole array: each slice is a distribution of its own")
def softmax(x, axis=-1, temperature=1.0):
    e = np.exp((x - x.max(axis=axis, keepdims=True)) / temperature)
    return e / e.sum()


@rejected("the temperature multiplies the scores: it is to divide them, a low one sharpens")
def softmax(x, axis=-1, temperature=1.0):
    e = np.exp((x - x.max(axis=axis, keepdims=True)) * temperature)
    return e / e.sum(axis=axis, keepdims=True)


@rejected("the temperature is not heeded")
def softmax(x, axis=-1, temperature=1.0):
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


@rejected("the shift is not divided by the temperature: (x - m) / T is meant, this is x / T - m")
def softmax(x, axis=-1, temperature=1.0):
    e = np.exp(x / temperature - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


@rejected("an epsilon in the logarithm: a slice of only -inf has logsumexp -inf, and every other one is bent")
def logsumexp(x, axis=-1, keepdims=False):
    m = x.max(axis=axis, keepdims=True)
    m = np.where(np.isfinite(m), m, 0.0)
    return np.log(np.exp(x - m).sum(axis=axis, keepdims=keepdims) + 1e-12) + (m if keepdims else m.squeeze(axis))


@rejected("an epsilon in the denominator: after the shift the sum is at least 1 and needs none")
def softmax(x, axis=-1, temperature=1.0):
    e = np.exp((x - x.max(axis=axis, keepdims=True)) / temperature)
    return e / (e.sum(axis=axis, keepdims=True) + 1e-8)


@rejected("the scores are clipped: no overflow, but the differences between large scores are gone")
def softmax(x, axis=-1, temperature=1.0):
    e = np.exp(np.clip(x / temperature, -500, 500))
    return e / e.sum(axis=axis, keepdims=True)


@rejected("shifted by the mean: a score 710 above it still overflows. Only the maximum rules that out")
def softmax(x, axis=-1, temperature=1.0):
    e = np.exp((x - x.mean(axis=axis, keepdims=True)) / temperature)
    return e / e.sum(axis=axis, keepdims=True)


@rejected("shifted by the largest absolute value: a slice of scores near -1000 underflows")
def logsumexp(x, axis=-1, keepdims=False):
    m = np.abs(x).max(axis=axis, keepdims=True)
    m = np.where(np.isfinite(m), m, 0.0)
    return np.log(np.exp(x - m).sum(axis=axis, keepdims=keepdims)) + (m if keepdims else m.squeeze(axis))


@rejected("the mean of the exponentials: log of the number of scores is missing")
def logsumexp(x, axis=-1, keepdims=False):
    m = x.max(axis=axis, keepdims=True)
    m = np.where(np.isfinite(m), m, 0.0)
    return np.log(np.exp(x - m).mean(axis=axis, keepdims=keepdims)) + (m if keepdims else m.squeeze(axis))


@rejected("the maximum is not added back: logsumexp moves with the scores")
def logsumexp(x, axis=-1, keepdims=False):
    m = x.max(axis=axis, keepdims=True)
    return np.log(np.exp(x - np.where(np.isfinite(m), m, 0.0)).sum(axis=axis, keepdims=keepdims))


@rejected("only the diagonal of J: p (1 - p) g lacks the terms -p_i p_j, every score moves every probability")
def softmax_vjp(p, g, axis=-1):
    return p * (1 - p) * g


@rejected("the mean of g is to be taken under p, weights included: Σ p g, not the plain mean")
def softmax_vjp(p, g, axis=-1):
    return p * (g - g.mean(axis=axis, keepdims=True))


@rejected("the sum runs over the whole array: the mean of g under p is one per slice")
def softmax_vjp(p, g, axis=-1):
    return p * (g - (p * g).sum())


@rejected("the factor p in front is missing: J has it in every row")
def softmax_vjp(p, g, axis=-1):
    return g - (p * g).sum(axis=axis, keepdims=True)


@rejected("this is Jᵀg with the wrong sign")
def softmax_vjp(p, g, axis=-1):
    return p * ((p * g).sum(axis=axis, keepdims=True) - g)


@rejected("softmax is applied to p once more: p already is the distribution")
def softmax_vjp(p, g, axis=-1):
    q = softmax(p, axis)
    return q * (g - (q * g).sum(axis=axis, keepdims=True))


equivalent(
    "m = np.where(np.isfinite(m), m, 0.0)",
    "m = np.where(np.isfinite(m), m, 1.0)",
    "an infinite slice comes out right with any finite shift",
)
equivalent('with np.errstate(divide="ignore"):', "with np.errstate():", "only a warning about log 0 is silenced")
