"""Known answers for likelihood_to_loss."""

from math import gamma, lgamma, log, pi, sqrt

import numpy as np
from scipy.special import betaln, gammaln

from dojo.answers import accepted, equivalent, rejected


@accepted("the constant of student_t as a Beta function, a difference of logarithms, influence by weights")
class beta_function:
    def nll(r, family, scale=1.0, nu=3.0):
        if family == "student_t":
            tails = (nu + 1) / 2 * (np.log(nu * scale**2 + r**2) - log(nu * scale**2))
            return float(tails.mean() + betaln(nu / 2, 0.5) + log(nu) / 2 + log(scale))
        if family == "laplace":
            return log(2 * scale) + float(np.abs(r).mean()) / scale
        return float(0.5 * np.log(2 * pi * scale**2) + 0.5 * (r @ r) / scale**2 / len(r))

    def influence(r, family, scale=1.0, nu=3.0):
        if family == "laplace":
            return np.where(r > 0, 1.0, -1.0) / scale  # at 0 any slope between is a subgradient
        u = r / scale
        weight = 1.0 if family == "gaussian" else (1 + 1 / nu) / (1 + u**2 / nu)
        return weight * u / scale


@accepted("reweighting from every data point and the median, all at once; the best end wins")
def location_mle(x, family, nu=3.0):
    if family == "gaussian":
        return x.mean()
    if family == "laplace":
        s = np.sort(x)
        return (s[(len(x) - 1) // 2] + s[len(x) // 2]) / 2
    m = np.append(x, np.median(x))
    for _ in range(200):
        w = 1 / (nu + (x - m[:, None]) ** 2)
        m = (w * x).sum(axis=1) / w.sum(axis=1)
    return m[np.argmin(np.log1p((x - m[:, None]) ** 2 / nu).sum(axis=1))]


@accepted("Newton's method from the median, halved where it does not go up")
def location_mle(x, family, nu=3.0):
    if family != "student_t":
        return float(np.mean(x) if family == "gaussian" else np.quantile(x, 0.5))
    m = np.median(x)

    def loss(m):
        return np.log(nu + (x - m) ** 2).sum()

    for _ in range(100):
        d = x - m
        slope = -(2 * d / (nu + d**2)).sum()
        curvature = abs((2 * (nu - d**2) / (nu + d**2) ** 2).sum()) + 1e-12
        step = -slope / curvature
        while abs(step) > 1e-12 and loss(m + step) > loss(m):
            step /= 2
        m += step
    return float(m)


@accepted("shrinkage as what is left when the clipped part is taken away")
def map_shrink(z, sigma, prior, tau):
    if prior == "gaussian":
        return z / (1 + (sigma / tau) ** 2)
    t = sigma * sigma / tau
    return z - np.clip(z, -t, t)


@accepted("shrinkage by three cases, in a loop")
def map_shrink(z, sigma, prior, tau):
    w = np.zeros(z.shape)
    for i, value in enumerate(z):
        if prior == "gaussian":
            w[i] = value / sigma**2 / (1 / sigma**2 + 1 / tau**2)
        elif value > sigma**2 / tau:
            w[i] = value - sigma**2 / tau
        elif value < -(sigma**2) / tau:
            w[i] = value + sigma**2 / tau
    return w


@rejected("the normalising constants are dropped: the density no longer has mass 1")
def nll(r, family, scale=1.0, nu=3.0):
    u = r / scale
    loss = {"gaussian": u**2 / 2, "laplace": np.abs(u), "student_t": (nu + 1) / 2 * np.log1p(u**2 / nu)}
    return float(np.mean(loss[family]))


@rejected("log s is dropped: with it the scale cannot be learned, the largest would always be best")
def nll(r, family, scale=1.0, nu=3.0):
    return _nll(r / scale, family, nu)


@rejected("the sum over the residuals: the mean is asked for")
def nll(r, family, scale=1.0, nu=3.0):
    return len(r) * (_nll(r / scale, family, nu) + log(scale))


@rejected("laplace's scale is not the standard deviation: its variance is 2 s²")
def nll(r, family, scale=1.0, nu=3.0):
    s = scale / sqrt(2) if family == "laplace" else scale
    return _nll(r / s, family, nu) + log(s)


@rejected("the scale is taken for a variance: u = r / s, not r / √s")
def nll(r, family, scale=1.0, nu=3.0):
    s = sqrt(scale)
    return _nll(r / s, family, nu) + log(s)


@rejected("student_t without √(νπ): that belongs to its constant too")
def nll(r, family, scale=1.0, nu=3.0):
    return _nll(r / scale, family, nu) + log(scale) - (log(pi * nu) / 2 if family == "student_t" else 0)


@rejected("the exponent of student_t is (ν + 1) / 2, not ν / 2")
def nll(r, family, scale=1.0, nu=3.0):
    tails = np.mean(np.log1p((r / scale) ** 2 / nu)) / 2 if family == "student_t" else 0
    return float(_nll(r / scale, family, nu) + log(scale) - tails)


@rejected("student_t scaled to variance s²: s is its scale, the variance is s² ν / (ν - 2) where there is one")
def nll(r, family, scale=1.0, nu=3.0):
    s = scale * sqrt((nu - 2) / nu) if family == "student_t" and nu > 2 else scale
    return _nll(r / s, family, nu) + log(s)


@rejected("the logarithm of the density: far out the density underflows, and its logarithm is -inf")
def nll(r, family, scale=1.0, nu=3.0):
    u = r / scale
    if family == "gaussian":
        p = np.exp(-(u**2) / 2) / sqrt(2 * pi)
    elif family == "laplace":
        p = np.exp(-np.abs(u)) / 2
    else:
        p = np.exp(gammaln((nu + 1) / 2) - gammaln(nu / 2)) / sqrt(pi * nu) * (1 + u**2 / nu) ** (-(nu + 1) / 2)
    return float(-np.mean(np.log(p / scale)))


@rejected("Γ overflows from 171 on: take its logarithm, lgamma")
def nll(r, family, scale=1.0, nu=3.0):
    if family == "student_t":
        constant = gamma((nu + 1) / 2) / gamma(nu / 2) / sqrt(pi * nu)
        return float(np.mean((nu + 1) / 2 * np.log1p((r / scale) ** 2 / nu))) - log(constant) + log(scale)
    return _nll(r / scale, family, nu) + log(scale)


@rejected("the log likelihood: the loss is its negative")
def nll(r, family, scale=1.0, nu=3.0):
    return -_nll(r / scale, family, nu) - log(scale)


@rejected("student_t's influence without the factor nu + 1")
def influence(r, family, scale=1.0, nu=3.0):
    if family == "student_t":
        return r / (nu * scale**2 + r**2)
    return r / scale**2 if family == "gaussian" else np.sign(r) / scale


@rejected("student_t's influence does not come down again: the denominator is nu s² + r², not nu s² + |r|")
def influence(r, family, scale=1.0, nu=3.0):
    if family == "student_t":
        return (nu + 1) * r / (nu * scale**2 + np.abs(r))
    return r / scale**2 if family == "gaussian" else np.sign(r) / scale


@rejected("the scale of student_t is forgotten: nu s² + r²")
def influence(r, family, scale=1.0, nu=3.0):
    if family == "student_t":
        return (nu + 1) * r / (nu + r**2)
    return r / scale**2 if family == "gaussian" else np.sign(r) / scale


@rejected("the derivative with respect to u = r / s: the inner derivative 1 / s is missing")
def influence(r, family, scale=1.0, nu=3.0):
    u = r / scale
    return {"gaussian": u, "laplace": np.sign(u), "student_t": (nu + 1) * u / (nu + u**2)}[family]


@rejected("the derivative of the mean: influence is that of one residual's -log p")
def influence(r, family, scale=1.0, nu=3.0):
    u = r / scale
    return {"gaussian": u, "laplace": np.sign(u), "student_t": (nu + 1) * u / (nu + u**2)}[family] / scale / len(r)


@rejected("a finite difference: half of the digits are lost in the subtraction")
def influence(r, family, scale=1.0, nu=3.0):
    def loss(r):
        u = r / scale
        return {"gaussian": u**2 / 2, "laplace": np.abs(u), "student_t": (nu + 1) / 2 * np.log1p(u**2 / nu)}[family]

    return (loss(r + 1e-6) - loss(r - 1e-6)) / 2e-6


@rejected("the influence of log p: of -log p it has the other sign")
def influence(r, family, scale=1.0, nu=3.0):
    u = r / scale
    return -{"gaussian": u, "laplace": np.sign(u), "student_t": (nu + 1) * u / (nu + u**2)}[family] / scale


@rejected("reweighting from the mean ends at an outlier near it: start from the median")
def location_mle(x, family, nu=3.0):
    return _location(x, family, nu, np.mean(x), 300)


@rejected("reweighting from the first observation ends there if that is an outlier: start from the median")
def location_mle(x, family, nu=3.0):
    return _location(x, family, nu, x[0], 300)


@rejected("one reweighting only: the weights depend on m, so go on until it stands still")
def location_mle(x, family, nu=3.0):
    return _location(x, family, nu, np.median(x), 1)


@rejected("five reweightings leave the third digit wrong: each takes off only a share of the error")
def location_mle(x, family, nu=3.0):
    return _location(x, family, nu, np.median(x), 5)


@rejected("student_t's location is not the median: that is laplace's")
def location_mle(x, family, nu=3.0):
    return float(np.mean(x) if family == "gaussian" else np.median(x))


@rejected("the best of the observations: the most likely m lies between them")
def location_mle(x, family, nu=3.0):
    if family != "student_t":
        return _location(x, family, nu, 0.0, 0)
    return float(min(x, key=lambda m: np.log1p((x - m) ** 2 / nu).sum()))


@rejected("nu is not heeded: the weights are 1 / (nu + r²)")
def location_mle(x, family, nu=3.0):
    return _location(x, family, 3.0, np.median(x), 300)


@rejected("the weights are 1 / (nu + r²), influence over residual: this takes their square root")
def location_mle(x, family, nu=3.0):
    if family != "student_t":
        return _location(x, family, nu, 0.0, 0)
    m = float(np.median(x))
    for _ in range(300):
        w = 1 / np.sqrt(nu + (x - m) ** 2)
        m = float(w @ x / w.sum())
    return m


@rejected("the lower of the two middle observations: the middle between them is asked for")
def location_mle(x, family, nu=3.0):
    if family == "laplace":
        return float(np.sort(x)[(len(x) - 1) // 2])
    return _location(x, family, nu, np.median(x), 300)


@rejected("the upper of the two middle observations: the middle between them is asked for")
def location_mle(x, family, nu=3.0):
    if family == "laplace":
        return float(np.sort(x)[len(x) // 2])
    return _location(x, family, nu, np.median(x), 300)


@rejected("the middle entry of x as it came: sort it first")
def location_mle(x, family, nu=3.0):
    if family == "laplace":
        return float(x[(len(x) - 1) // 2] + x[len(x) // 2]) / 2
    return _location(x, family, nu, np.median(x), 300)


@rejected("laplace's threshold is sigma² / tau: this is tau")
def map_shrink(z, sigma, prior, tau):
    return _shrunk(z, sigma, prior, tau, tau)


@rejected("laplace's threshold is sigma² / tau: this is sigma / tau")
def map_shrink(z, sigma, prior, tau):
    return _shrunk(z, sigma, prior, tau, sigma / tau)


@rejected("laplace's threshold is sigma² / tau: a wide prior shrinks less, not more")
def map_shrink(z, sigma, prior, tau):
    return _shrunk(z, sigma, prior, tau, sigma**2 * tau)


@rejected("tau is laplace's scale, not its standard deviation: the threshold has no √2")
def map_shrink(z, sigma, prior, tau):
    return _shrunk(z, sigma, prior, tau, sqrt(2) * sigma**2 / tau)


@rejected("the factor 1/2 of the square is forgotten: the threshold is sigma² / tau, not half of it")
def map_shrink(z, sigma, prior, tau):
    return _shrunk(z, sigma, prior, tau, sigma**2 / (2 * tau))


@rejected("no sign: a negative z is to be moved up towards 0")
def map_shrink(z, sigma, prior, tau):
    return z * tau**2 / (tau**2 + sigma**2) if prior == "gaussian" else np.maximum(z - sigma**2 / tau, 0.0)


@rejected("the sign is lost: a negative z stays negative")
def map_shrink(z, sigma, prior, tau):
    if prior == "gaussian":
        return z * tau**2 / (tau**2 + sigma**2)
    return np.maximum(np.abs(z) - sigma**2 / tau, 0.0)


@rejected("no dead zone: what is moved past 0 changes its sign, where it is to stop at 0")
def map_shrink(z, sigma, prior, tau):
    return z * tau**2 / (tau**2 + sigma**2) if prior == "gaussian" else z - np.sign(z) * sigma**2 / tau


@rejected("hard thresholding: what is left is to be moved as well, by sigma² / tau")
def map_shrink(z, sigma, prior, tau):
    return z * tau**2 / (tau**2 + sigma**2) if prior == "gaussian" else np.where(np.abs(z) > sigma**2 / tau, z, 0.0)


@rejected("sigma and tau are standard deviations: the factor is tau² / (tau² + sigma²)")
def map_shrink(z, sigma, prior, tau):
    return z * tau / (tau + sigma) if prior == "gaussian" else _shrunk(z, sigma, prior, tau, sigma**2 / tau)


@rejected("tau is taken for the variance of the prior: it is the standard deviation")
def map_shrink(z, sigma, prior, tau):
    return z * tau / (tau + sigma**2) if prior == "gaussian" else _shrunk(z, sigma, prior, tau, sigma**2 / tau)


@rejected("this is what the shrinkage takes away: a strong prior, small tau, is to leave little of z")
def map_shrink(z, sigma, prior, tau):
    factor = sigma**2 / (tau**2 + sigma**2)
    return z * factor if prior == "gaussian" else _shrunk(z, sigma, prior, tau, sigma**2 / tau)


@rejected("a smoothed |w|: small weights come out small, and not exactly 0")
def map_shrink(z, sigma, prior, tau):
    if prior == "gaussian":
        return z * tau**2 / (tau**2 + sigma**2)
    t = sigma**2 / tau
    return np.sign(z) * ((np.abs(z) - t) + np.sqrt((np.abs(z) - t) ** 2 + 1e-18)) / 2


def _nll(u, family, nu):
    if family == "gaussian":
        return float(np.mean(u**2)) / 2 + log(2 * pi) / 2
    if family == "laplace":
        return float(np.mean(np.abs(u))) + log(2)
    tails = (nu + 1) / 2 * float(np.mean(np.log1p(u**2 / nu)))
    return tails - lgamma((nu + 1) / 2) + lgamma(nu / 2) + log(pi * nu) / 2


def _location(x, family, nu, start, sweeps):
    if family == "gaussian":
        return float(np.mean(x))
    if family == "laplace":
        return float(np.median(x))
    m = float(start)
    for _ in range(sweeps):
        w = 1 / (nu + (x - m) ** 2)
        m = float(w @ x / w.sum())
    return m


def _shrunk(z, sigma, prior, tau, threshold):
    if prior == "gaussian":
        return z * tau**2 / (tau**2 + sigma**2)
    return np.sign(z) * np.maximum(np.abs(z) - threshold, 0.0)


equivalent(
    "w = 1 / (nu + (x - m) ** 2)",
    "w = 2 / (nu + (x - m) ** 2)",
    "a factor that all weights share cancels in the weighted mean",
)
