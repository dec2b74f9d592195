"""Known answers for information_bottleneck."""

import math

import numpy as np

from dojo.answers import accepted, equivalent, rejected


@accepted("row by row and cluster by cluster, with whole divergences and a shift by the largest exponent")
class loops:
    def ib_iterate(pxy, q, beta):
        nx, nt = q.shape
        p_x = pxy.sum(1)
        q_t = (p_x[:, None] * q).sum(0)
        new = np.zeros((nx, nt))
        for x in range(nx):
            exponents = []
            for t in range(nt):
                if q_t[t] == 0:
                    exponents.append(-math.inf)
                    continue
                kl = 0.0
                for y in np.flatnonzero(pxy[x]):
                    py, qy = pxy[x, y] / p_x[x], float(pxy[:, y] @ q[:, t]) / q_t[t]
                    kl += py * math.log(py / qy) if qy > 0 else math.inf
                exponents.append(math.log(q_t[t]) - beta * kl)
            top = max(exponents)
            new[x] = [math.exp(e - top) for e in exponents]
            new[x] /= new[x].sum()
        return new

    def critical_beta(pxy):
        pxy = pxy[:, pxy.sum(axis=0) > 0]
        B = pxy / np.sqrt(pxy.sum(1, keepdims=True)) / np.sqrt(pxy.sum(0))
        if min(B.shape) < 2:
            return math.inf
        rho2 = np.linalg.eigvalsh(B @ B.T)[-2]
        return 1 / rho2 if rho2 >= 1e-12 else math.inf

    def vib_loss_terms(logits, y, mu, logvar):
        ce = np.mean(np.logaddexp.reduce(logits, axis=1) - np.take_along_axis(logits, y[:, None], 1)[:, 0])
        return ce, np.mean(np.sum((np.exp(logvar) + mu**2 - 1 - logvar) / 2, axis=1))


@accepted("scipy's entropies and softmax, only the clusters in use, and informations from entropies")
class entropies:
    def ib_iterate(pxy, q, beta):
        from scipy.special import rel_entr, softmax

        q_t = np.einsum("xy,xt->t", pxy, q)
        used = np.flatnonzero(q_t)
        q_ty = np.einsum("xy,xt->ty", pxy, q[:, used]) / q_t[used, None]
        kl = rel_entr((pxy / pxy.sum(1, keepdims=True))[:, None], q_ty[None]).sum(-1)
        new = np.zeros(q.shape)
        new[:, used] = softmax(np.log(q_t[used]) - beta * kl, axis=1)
        return new

    def ib(pxy, beta, nt, rng, tol=1e-10, max_iter=10_000):
        from scipy.special import entr

        q, n, change = rng.dirichlet([1.0] * nt, len(pxy)), 0, math.inf
        while n < max_iter and change > tol:
            new = ib_iterate(pxy, q, beta)
            change, q, n = np.max(abs(new - q)), new, n + 1
        p_x, p_y = pxy.sum(1), pxy.sum(0)
        h_t = entr(p_x @ q).sum()
        return q, h_t - p_x @ entr(q).sum(1), h_t + entr(p_y).sum() - entr(pxy.T @ q).sum()


@rejected("KL(p(y|x) || q(y|t)), not the other way round: the data comes first")
def ib_iterate(pxy, q, beta):
    from scipy.special import rel_entr, softmax

    q_t = pxy.sum(1) @ q
    with np.errstate(all="ignore"):
        q_yt = (q.T @ pxy) / np.where(q_t > 0, q_t, 1.0)[:, None]
        return softmax(np.log(q_t) - beta * rel_entr(q_yt, (pxy / pxy.sum(1, keepdims=True))[:, None]).sum(-1), axis=1)


@rejected("beta stands at the divergence: it is the price of relevance, not of compression")
def ib_iterate(pxy, q, beta):
    from scipy.special import rel_entr, softmax

    q_t = pxy.sum(1) @ q
    with np.errstate(all="ignore"):
        q_yt = (q.T @ pxy) / np.where(q_t > 0, q_t, 1.0)[:, None]
        kl = rel_entr((pxy / pxy.sum(1, keepdims=True))[:, None], q_yt).sum(-1)
        return softmax(np.log(q_t) - kl / beta, axis=1)


@rejected("q(t) is the mean of the rows only if p(x) is uniform: weigh them by p(x)")
def ib_iterate(pxy, q, beta):
    from scipy.special import rel_entr, softmax

    q_t = q.mean(axis=0)
    with np.errstate(all="ignore"):
        q_yt = (q.T @ pxy) / (pxy.sum(1) @ q)[:, None]
        kl = rel_entr((pxy / pxy.sum(1, keepdims=True))[:, None], q_yt).sum(-1)
        return softmax(np.where(q_t > 0, np.log(q_t) - beta * kl, -np.inf), axis=1)


@rejected("the prior q(t) is missing: without it every cluster counts the same, and compression costs nothing")
def ib_iterate(pxy, q, beta):
    from scipy.special import rel_entr, softmax

    q_t = pxy.sum(1) @ q
    with np.errstate(all="ignore"):
        q_yt = (q.T @ pxy) / np.where(q_t > 0, q_t, 1.0)[:, None]
        kl = rel_entr((pxy / pxy.sum(1, keepdims=True))[:, None], q_yt).sum(-1)
        return softmax(np.where(q_t > 0, -beta * kl, -np.inf), axis=1)


@rejected("0/0 for a cluster that nobody uses: its column is NaN, and soon all are")
def ib_iterate(pxy, q, beta):
    from scipy.special import rel_entr, softmax

    q_t = pxy.sum(1) @ q
    kl = rel_entr((pxy / pxy.sum(1, keepdims=True))[:, None], (q.T @ pxy) / q_t[:, None]).sum(-1)
    return softmax(np.log(q_t) - beta * kl, axis=1)


@rejected("exp(-beta KL) underflows for a high price, a whole row of it: subtract the largest exponent first")
def ib_iterate(pxy, q, beta):
    from scipy.special import rel_entr

    q_t = pxy.sum(1) @ q
    kl = rel_entr((pxy / pxy.sum(1, keepdims=True))[:, None], (q.T @ pxy) / np.where(q_t > 0, q_t, 1)[:, None]).sum(-1)
    weights = q_t * np.exp(-beta * np.where(q_t > 0, kl, 0.0))
    return weights / weights.sum(axis=1, keepdims=True)


@rejected("an epsilon in the logarithm turns what is impossible into what is unlikely")
def ib_iterate(pxy, q, beta):
    q_t = pxy.sum(1) @ q
    q_yt = (q.T @ pxy) / (q_t + 1e-12)[:, None]
    p = pxy / pxy.sum(1, keepdims=True)
    logits = np.log(q_t + 1e-12) + beta * p @ np.log(q_yt + 1e-12).T
    weights = np.exp(logits - logits.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)


@rejected("these are bits: in nats a fair bit is ln 2")
def _mutual_information(joint):
    positive = joint > 0
    product = np.outer(joint.sum(axis=1), joint.sum(axis=0))
    return float((joint[positive] * np.log2(joint[positive] / product[positive])).sum())


@rejected("the encoder before the last update is returned")
def ib(pxy, beta, nt, rng, tol=1e-10, max_iter=10_000):
    q = rng.dirichlet(np.ones(nt), size=len(pxy))
    for _ in range(max_iter):
        new = ib_iterate(pxy, q, beta)
        if np.abs(new - q).max() <= tol:
            break
        q = new
    return q, _mutual_information(pxy.sum(axis=1)[:, None] * q), _mutual_information(q.T @ pxy)


@rejected("beta_c = 1 / rho²: this is 1 / rho")
def critical_beta(pxy):
    pxy = pxy[:, pxy.any(axis=0)]
    singular = np.linalg.svd(pxy / np.sqrt(np.outer(pxy.sum(1), pxy.sum(0))), compute_uv=False)
    return float(1 / singular[1]) if len(singular) > 1 and singular[1] > 1e-6 else math.inf


@rejected("the largest singular value is always 1, of the marginals themselves: rho is the second")
def critical_beta(pxy):
    pxy = pxy[:, pxy.any(axis=0)]
    return float(1 / np.linalg.svd(pxy / np.sqrt(np.outer(pxy.sum(1), pxy.sum(0))), compute_uv=False)[0] ** 2)


@rejected("p(x,y) itself is not what is decomposed: divide by sqrt(p(x) p(y)) first")
def critical_beta(pxy):
    singular = np.linalg.svd(pxy, compute_uv=False)
    return float(1 / singular[1] ** 2) if len(singular) > 1 and singular[1] > 1e-6 else math.inf


@rejected("logvar is the logarithm of the variance: exp(logvar), not exp(2 logvar)")
def vib_loss_terms(logits, y, mu, logvar):
    ce = np.mean(np.logaddexp.reduce(logits, axis=1) - logits[np.arange(len(y)), y])
    return float(ce), float((0.5 * (mu**2 + np.exp(2 * logvar) - 1 - 2 * logvar)).sum(1).mean())


@rejected("the divergence is summed over the d dimensions, and only then a mean over the samples")
def vib_loss_terms(logits, y, mu, logvar):
    ce = np.mean(np.logaddexp.reduce(logits, axis=1) - logits[np.arange(len(y)), y])
    return float(ce), float((0.5 * (mu**2 + np.expm1(logvar) - logvar)).mean())


@rejected("exp of a large logit overflows: subtract the row's largest first")
def vib_loss_terms(logits, y, mu, logvar):
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    ce = -np.log(p[np.arange(len(y)), y]).mean()
    return float(ce), float((0.5 * (mu**2 + np.expm1(logvar) - logvar)).sum(1).mean())


equivalent(
    "q_yt = (q.T @ pxy) / np.where(q_t > 0, q_t, 1.0)[:, None]",
    "q_yt = (q.T @ pxy) / np.where(q_t > 0, q_t, 2.0)[:, None]",
    "where t is unused the row that is divided is 0",
)
equivalent('with np.errstate(divide="ignore"):', "with np.errstate():", "a warning changes no value")
equivalent(
    "if np.abs(q - before).max() <= tol:",
    "if np.abs(q - before).max() < tol:",
    "a change is tol to the last bit only by accident, or 0 at tol = 0: then further updates change nothing",
)
equivalent(
    "return float(1 / rho2) if rho2 >= 1e-12 else np.inf",
    "return float(1 / rho2) if rho2 > 1e-12 else np.inf",
    "rho² comes out of a decomposition and is not 1e-12 to the last bit",
)
equivalent(
    "terms = np.zeros((len(p), *log_q.shape))",
    "terms = np.ones((len(p), *log_q.shape))",
    "what stands where p(x, y) = 0 is the same for all t, and Z(x) takes it away",
)
