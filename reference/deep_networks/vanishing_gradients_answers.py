"""Known answers for vanishing_gradients."""

import numpy as np

from dojo.answers import accepted, equivalent, rejected


@accepted("the whole Jacobian, layer by layer from the first, with slopes from their closed forms")
def gradient_gain(weights, x, v, act):
    if act not in ("sigmoid", "tanh", "relu"):
        raise ValueError(act)
    J, h = np.identity(x.size), x
    for W in weights:
        z = W.dot(h)
        if act == "relu":
            h, d = z * (z > 0), np.heaviside(z, 0.0)
        elif act == "tanh":
            h, d = np.tanh(z), np.cosh(z) ** -2.0
        else:
            h, d = 1 / (1 + np.exp(-z)), np.exp(-z) / (1 + np.exp(-z)) ** 2
        J = np.diag(d).dot(W).dot(J)
    return np.linalg.norm(v @ J) / np.linalg.norm(v)


@accepted("recursion over the layers, the length taken out of the gradient as it goes and kept as a logarithm")
def gradient_gain(weights, x, v, act):
    phi, slope = _activation(act)

    def back(h, rest):
        if not rest:
            return v / np.sqrt(v @ v), 0.0
        value = phi(rest[0] @ h)
        g, log = back(value, rest[1:])
        g = rest[0].T @ (slope(value) * g)
        size = np.sqrt(g @ g)
        return (g, -np.inf) if size == 0 else (g / size, log + np.log(size))

    return float(np.exp(back(x, list(weights))[1]))


@accepted("the trapezoidal rule instead of Gauss-Hermite")
def variance_map(q, sw, sb, act):
    phi, _ = _activation(act)
    t = np.linspace(-10, 10, 2001)
    w = np.exp(-t * t / 2)
    return sw**2 * float(np.sum(w * phi(t * q**0.5) ** 2) / w.sum()) + sb**2


@accepted("physicists' Hermite polynomials, z = √(2q) t, 60 nodes")
def variance_map(q, sw, sb, act):
    phi, _ = _activation(act)
    t, w = np.polynomial.hermite.hermgauss(60)
    return sw * sw * sum(w * phi(np.sqrt(2 * q) * t) ** 2) / np.pi**0.5 + sb * sb


@accepted("the polar factor of a normal matrix")
def orthogonal(n, gain, rng):
    U, _, Vt = np.linalg.svd(rng.normal(size=(n, n)))
    return gain * (U @ Vt)


@accepted("Gram-Schmidt, twice, on normal columns")
def orthogonal(n, gain, rng):
    Q = np.zeros((n, n))
    for j in range(n):
        q = rng.standard_normal(n)
        for _ in range(2):
            q = q - Q @ (Q.T @ q)
            q = q / np.linalg.norm(q)
        Q[:, j] = q
    return gain * Q


@rejected("the product of the layers' norms: only an upper bound of the gain")
def gradient_gain(weights, x, v, act):
    phi, slope = _activation(act)
    h, bound = x, 1.0
    for W in weights:
        h = phi(W @ h)
        bound *= np.linalg.norm(slope(h)[:, None] * W, 2)
    return float(bound)


@rejected("the gradient is float32 on its way: digits are gone, and 50 sigmoids underflow")
def gradient_gain(weights, x, v, act):
    phi, slope = _activation(act)
    h, slopes, g = x, [], v.astype(np.float32)
    for W in weights:
        h = phi(W @ h)
        slopes.append(slope(h))
    for W, d in zip(weights[::-1], slopes[::-1]):
        g = (W.T @ (d * g)).astype(np.float32)
    return float(np.linalg.norm(g) / np.linalg.norm(v))


@rejected("this is ‖Jv‖ / ‖v‖: v is a gradient at the output, it goes back through Jᵀ")
def gradient_gain(weights, x, v, act):
    phi, slope = _activation(act)
    h, t = x, v
    for W in weights:
        h = phi(W @ h)
        t = slope(h) * (W @ t)
    return float(np.linalg.norm(t) / np.linalg.norm(v))


@rejected("not divided by ‖v‖")
def gradient_gain(weights, x, v, act):
    return _gain(weights, x, v, *_activation(act)) * float(np.linalg.norm(v))


@rejected("the relu's slope is 1 at z = 0; here it is 0")
def gradient_gain(weights, x, v, act):
    phi, slope = _activation(act)
    return _gain(weights, x, v, phi, (lambda a: 1.0 * (a >= 0)) if act == "relu" else slope)


@rejected("the slope is the derivative at φ(z), not at z: σ(z) (1 - σ(z)) takes the value itself")
def gradient_gain(weights, x, v, act):
    phi, slope = _activation(act)
    return _gain(weights, x, v, phi, lambda a: slope(phi(a)))


@rejected("the last layer is taken as linear: it has its φ as well")
def gradient_gain(weights, x, v, act):
    phi, slope = _activation(act)
    h = x
    for W in weights[:-1]:
        h = phi(W @ h)
    g = weights[-1].T @ v
    if len(weights) == 1:
        return float(np.linalg.norm(g) / np.linalg.norm(v))
    return _gain(weights[:-1], x, g, phi, slope) * float(np.linalg.norm(g) / np.linalg.norm(v))


@rejected("the slopes are left out: a linear network has only the weights")
def gradient_gain(weights, x, v, act):
    phi, _ = _activation(act)
    return _gain(weights, x, v, phi, lambda a: 1.0)


@rejected("He's variance counts the inputs, not the outputs")
def init_std(fan_in, fan_out, scheme):
    return float({"lecun": fan_in**-1, "xavier": 2 / (fan_in + fan_out), "he": 2 / fan_out}[_known(scheme)] ** 0.5)


@rejected("He without its factor 2: a relu halves the signal in every layer")
def init_std(fan_in, fan_out, scheme):
    return float({"lecun": fan_in**-1, "xavier": 2 / (fan_in + fan_out), "he": 1 / fan_in}[_known(scheme)] ** 0.5)


@rejected("2 / fan_in + fan_out: brackets are missing in Xavier's sum")
def init_std(fan_in, fan_out, scheme):
    return float({"lecun": fan_in**-1, "xavier": 2 / fan_in + fan_out, "he": 2 / fan_in}[_known(scheme)] ** 0.5)


@rejected("this is the variance: its square root is asked for")
def init_std(fan_in, fan_out, scheme):
    return float({"lecun": fan_in**-1, "xavier": 2 / (fan_in + fan_out), "he": 2 / fan_in}[_known(scheme)])


@rejected("z is scaled by q: its standard deviation is √q")
def variance_map(q, sw, sb, act):
    phi, _ = _activation(act)
    return float(sw**2 * (WEIGHTS @ phi(q * NODES) ** 2) + sb**2)


@rejected("the square of the mean: E[φ(z)²] is asked for, not E[φ(z)]²")
def variance_map(q, sw, sb, act):
    phi, _ = _activation(act)
    return float(sw**2 * (WEIGHTS @ phi(np.sqrt(q) * NODES)) ** 2 + sb**2)


@rejected("sw and sb are standard deviations: they enter squared")
def variance_map(q, sw, sb, act):
    phi, _ = _activation(act)
    return float(sw * (WEIGHTS @ phi(np.sqrt(q) * NODES) ** 2) + sb)


@rejected("physicists' nodes without their √2: e^(-t²) is the density of N(0, 1/2)")
def variance_map(q, sw, sb, act):
    phi, _ = _activation(act)
    t, w = np.polynomial.hermite.hermgauss(80)
    return float(sw**2 * (w @ phi(np.sqrt(q) * t) ** 2) / np.sqrt(np.pi) + sb**2)


@rejected("Q straight from QR: the library chooses the signs of the columns, and that is not uniform")
def orthogonal(n, gain, rng):
    return gain * np.linalg.qr(rng.standard_normal((n, n)))[0]


@rejected("rotations only: half of O(n) are reflections")
def orthogonal(n, gain, rng):
    Q, R = np.linalg.qr(rng.standard_normal((n, n)))
    Q = Q * np.sign(np.diag(R))
    Q[:, 0] *= np.linalg.det(Q)
    return gain * Q


@rejected("gain times a normal matrix over √n: orthogonal only on average")
def orthogonal(n, gain, rng):
    return gain * rng.standard_normal((n, n)) / np.sqrt(n)


def _known(scheme):
    if scheme not in ("lecun", "xavier", "he"):
        raise ValueError(scheme)
    return scheme


def _gain(weights, x, v, phi, slope):
    h, slopes, g = x, [], v
    for W in weights:
        h = phi(W @ h)
        slopes.append(slope(h))
    for W, d in zip(weights[::-1], slopes[::-1]):
        g = W.T @ (d * g)
    return float(np.linalg.norm(g) / np.linalg.norm(v))


equivalent(
    "return gain * Q * np.sign(np.diag(R))",
    "return gain * Q / np.sign(np.diag(R))",
    "a sign is its own inverse",
)


equivalent("orthogonal", "the negative", "-Q is as uniform on O(n) as Q")
