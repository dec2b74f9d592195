"""Known answers for momentum_adam."""

import math

import numpy as np

from dojo.answers import accepted, equivalent, rejected


@accepted("as torch.optim writes it: the state is moved towards g, the corrections go into the step and the root")
class as_torch:
    def sgd_momentum_step(w, g, v, lr, mu, nesterov=False):
        buffer = v.copy()
        buffer *= mu
        buffer += g
        direction = g + mu * buffer if nesterov else buffer
        return w + (-lr) * direction, buffer

    def adam_step(w, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8):
        if t < 1:
            raise ValueError(f"step {t}")
        m = m + (g - m) * (1 - b1)
        v = v * b2 + g * g * (1 - b2)
        denominator = np.sqrt(v) / math.sqrt(1 - b2**t) + eps
        return w - (lr / (1 - b1**t)) * (m / denominator), m, v

    def adamw_step(w, g, m, v, t, lr, wd, b1=0.9, b2=0.999, eps=1e-8):
        decayed = w * (1 - lr * wd)
        return adam_step(decayed, g, m, v, t, lr, b1, b2, eps)


@accepted("Nesterov as Bengio et al. write it; AdamW as Adam's step and the decay of the old w on top")
class step_by_step:
    def sgd_momentum_step(w, g, v, lr, mu, nesterov=False):
        new = g + mu * v
        if nesterov:
            return w - lr * mu**2 * v - lr * (1 + mu) * g, new
        return w - lr * mu * v - lr * g, new

    def adamw_step(w, g, m, v, t, lr, wd, b1=0.9, b2=0.999, eps=1e-8):
        stepped, m, v = adam_step(w, g, m, v, t, lr=lr, b1=b1, b2=b2, eps=eps)
        return stepped - lr * wd * w, m, v


@accepted("one entry after the other, the biases by expm1")
def adam_step(w, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8):
    if t <= 0:
        raise ValueError("t counts from 1")
    out = np.empty((3, w.size))
    for i, (wi, gi, mi, vi) in enumerate(zip(w.ravel(), g.ravel(), m.ravel(), v.ravel(), strict=True)):
        mi = mi * b1 + gi * (1 - b1)
        vi = vi * b2 + gi**2 * (1 - b2)
        late_m = -math.expm1(t * math.log(b1))
        late_v = -math.expm1(t * math.log(b2))
        out[:, i] = wi - lr * (mi / late_m) / (math.sqrt(vi / late_v) + eps), mi, vi
    return tuple(row.reshape(w.shape).copy() for row in out)


@accepted("the radius as the largest |eigenvalue| of the 2x2 matrix itself")
def heavy_ball_radius(lam, lr, mu):
    return float(np.abs(np.linalg.eigvals(np.array([[1 + mu - lr * lam, -mu], [1.0, 0.0]]))).max())


@accepted("the radius from the roots of the characteristic polynomial, in complex numbers")
def heavy_ball_radius(lam, lr, mu):
    b = 1 + mu - lr * lam
    root = np.sqrt(complex(b * b - 4 * mu))
    return max(abs(b + root), abs(b - root)) / 2


@rejected("no bias correction: m and v start at 0, and the first step is √10 times too long")
def adam_step(w, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8):
    if t < 1:
        raise ValueError("t counts from 1")
    m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g**2
    return w - lr * m / (np.sqrt(v) + eps), m, v


@rejected("t counts this step: the bias of the first one is 1 - b1, not 1 - b1²")
def adam_step(w, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8):
    if t < 1:
        raise ValueError("t counts from 1")
    t = t + 1
    m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g**2
    return w - lr * (m / (1 - b1**t)) / (np.sqrt(v / (1 - b2**t)) + eps), m, v


@rejected("t = 0 divides by 1 - b1⁰ = 0: that is a ValueError")
def adam_step(w, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8):
    m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g**2
    with np.errstate(all="ignore"):
        return w - lr * (m / np.float64(1 - b1**t)) / (np.sqrt(v / np.float64(1 - b2**t)) + eps), m, v


@rejected("eps stands inside the root: √(v̂ + eps) is at least 1e-4, and small gradients give no steps")
def adam_step(w, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8):
    if t < 1:
        raise ValueError("t counts from 1")
    m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g**2
    return w - lr * (m / (1 - b1**t)) / np.sqrt(v / (1 - b2**t) + eps), m, v


@rejected("eps is added to √v before its bias is divided out: it belongs to √v̂")
def adam_step(w, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8):
    if t < 1:
        raise ValueError("t counts from 1")
    m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g**2
    return w - lr * math.sqrt(1 - b2**t) / (1 - b1**t) * m / (np.sqrt(v) + eps), m, v


@rejected("the corrected averages are handed on: the next step would average m̂ instead of m")
def adam_step(w, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8):
    if t < 1:
        raise ValueError("t counts from 1")
    m, v = (b1 * m + (1 - b1) * g) / (1 - b1**t), (b2 * v + (1 - b2) * g**2) / (1 - b2**t)
    return w - lr * m / (np.sqrt(v) + eps), m, v


@rejected("without the root, m̂/v̂: the step would grow when the gradient gets smaller")
def adam_step(w, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8):
    if t < 1:
        raise ValueError("t counts from 1")
    m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g**2
    return w - lr * (m / (1 - b1**t)) / (v / (1 - b2**t) + eps), m, v


@rejected("one number for all weights: the square of the gradient is averaged entry by entry, not its norm")
def adam_step(w, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8):
    if t < 1:
        raise ValueError("t counts from 1")
    m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * np.mean(g**2)
    return w - lr * (m / (1 - b1**t)) / (np.sqrt(v / (1 - b2**t)) + eps), m, v


@rejected("the caller's m and v are changed in place: the results are new arrays")
def adam_step(w, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8):
    if t < 1:
        raise ValueError("t counts from 1")
    m *= b1
    m += (1 - b1) * g
    v *= b2
    v += (1 - b2) * g**2
    return w - lr * (m / (1 - b1**t)) / (np.sqrt(v / (1 - b2**t)) + eps), m, v


@rejected("L2 regularisation: wd w in the gradient goes through m and v and is divided by √v̂; AdamW decays w itself")
def adamw_step(w, g, m, v, t, lr, wd, b1=0.9, b2=0.999, eps=1e-8):
    return adam_step(w, g + wd * w, m, v, t, lr, b1, b2, eps)


@rejected("the decay is lr wd, not wd alone: it follows the learning rate")
def adamw_step(w, g, m, v, t, lr, wd, b1=0.9, b2=0.999, eps=1e-8):
    return adam_step((1 - wd) * w, g, m, v, t, lr, b1, b2, eps)


@rejected("the decay comes before the step, so that the step itself does not decay")
def adamw_step(w, g, m, v, t, lr, wd, b1=0.9, b2=0.999, eps=1e-8):
    w, m, v = adam_step(w, g, m, v, t, lr, b1, b2, eps)
    return (1 - lr * wd) * w, m, v


@rejected("an average, mu v + (1 - mu) g: momentum is a sum, its steps are 1/(1 - mu) times as long")
def sgd_momentum_step(w, g, v, lr, mu, nesterov=False):
    v = mu * v + (1 - mu) * g
    return w - lr * (g + mu * v if nesterov else v), v


@rejected("lr is inside the velocity: the same path while lr is constant, but v is not Σ muᵗ⁻ⁱ g_i")
def sgd_momentum_step(w, g, v, lr, mu, nesterov=False):
    v = mu * v + lr * g
    return w - (lr * g + mu * v if nesterov else v), v


@rejected("Nesterov looks ahead with the old v; PyTorch does with the new one")
def sgd_momentum_step(w, g, v, lr, mu, nesterov=False):
    new = mu * v + g
    return w - lr * (g + mu * v if nesterov else new), new


@rejected("Nesterov's look ahead is handed on as v: the state is mu v + g")
def sgd_momentum_step(w, g, v, lr, mu, nesterov=False):
    v = mu * v + g
    if nesterov:
        v = g + mu * v
    return w - lr * v, v


@rejected("nesterov is not used")
def sgd_momentum_step(w, g, v, lr, mu, nesterov=False):
    v = mu * v + g
    return w - lr * v, v


@rejected("√mu is the radius of a complex pair only: with small or large lr λ the two roots are real")
def heavy_ball_radius(lam, lr, mu):
    return math.sqrt(mu)


@rejected("of two real roots the one farther from 0 counts: with a long step that is the negative one")
def heavy_ball_radius(lam, lr, mu):
    b = 1 + mu - lr * lam
    if b * b <= 4 * mu:
        return math.sqrt(mu)
    return abs(b + math.sqrt(b * b - 4 * mu)) / 2


@rejected("the largest eigenvalue by its real part: what counts is its distance from 0")
def heavy_ball_radius(lam, lr, mu):
    return float(np.linalg.eigvals(np.array([[1 + mu - lr * lam, -mu], [1.0, 0.0]])).real.max())


@rejected("the norm of the matrix: it bounds a single step, the spectral radius tells the rate of many")
def heavy_ball_radius(lam, lr, mu):
    return float(np.linalg.norm(np.array([[1 + mu - lr * lam, -mu], [1.0, 0.0]]), 2))


@rejected("this is gradient descent's |1 - lr λ|, without the momentum")
def heavy_ball_radius(lam, lr, mu):
    return abs(1 - lr * lam)


equivalent("if discriminant <= 0:", "if discriminant < 0:", "with a discriminant of 0 both say |b|/2 = √mu")
