"""Oracle for gan_minimax_step: the networks are functions of their parameters, so nothing needs a detach.

Where a parameter is an argument, a gradient is asked for by name and no other one comes into being; the
update is written out. The losses are torch's own binary cross-entropy. Everything runs on the CPU, in the
precision of its inputs, for which the comparison takes float64.
"""

import math

import torch
from torch.nn.functional import binary_cross_entropy_with_logits


def discriminator_loss(real_logits, fake_logits):
    """Torch's binary cross-entropy: label 1 for real, 0 for fake."""
    return _cross_entropy(real_logits, 1.0) + _cross_entropy(fake_logits, 0.0)


def generator_loss(fake_logits, saturating=False):
    """Non-saturating: the fakes under the label of real ones. Saturating: minus D's loss on them."""
    return -_cross_entropy(fake_logits, 0.0) if saturating else _cross_entropy(fake_logits, 1.0)


def _cross_entropy(logits, label):
    return binary_cross_entropy_with_logits(logits, torch.full_like(logits, label))


def discriminator_gradients(real_logits, fake_logits):
    """By hand: d(-log sigmoid(l)) = -sigmoid(-l), d(-log(1 - sigmoid(l))) = sigmoid(l)."""
    return -torch.sigmoid(-real_logits) / len(real_logits), torch.sigmoid(fake_logits) / len(fake_logits)


def generator_gradients(fake_logits, saturating=False):
    """By hand, as above."""
    return (-torch.sigmoid(fake_logits if saturating else -fake_logits) / len(fake_logits),)


def optimal_value(p, q):
    """-log 4 + 2 JSD, the divergence summed point by point."""
    divergence = 0.0
    for a, b in zip(p.clamp(min=0.0).tolist(), q.clamp(min=0.0).tolist(), strict=True):
        m = (a + b) / 2
        divergence += sum(c * math.log(c / m) / 2 for c in (a, b) if c > 0)
    return torch.tensor(-math.log(4.0) + 2 * divergence, dtype=p.dtype)


# --- training ---


def generator(params, z, norm=False):
    """A perceptron with one hidden layer: (B, m) -> (B, n)."""
    W1, b1, W2, b2 = params
    a = z @ W1.T + b1
    return torch.tanh(_normalised(a) if norm else a) @ W2.T + b2


def discriminator(params, x, norm=False):
    """A perceptron with one hidden layer and one output: (B, n) -> (B,)."""
    return generator(params, x, norm)[:, 0]


def _normalised(a):
    """BatchNorm in training mode: by the batch's own mean and biased variance."""
    return (a - a.mean(dim=0)) / torch.sqrt(a.var(dim=0, correction=0) + 1e-5)


def train(G, D, batches, lr_g, lr_d, momentum=0.0, norm=False):
    """Alternating steps of SGD with momentum. Returns the losses of each step, and the parameters at the end.

    G, D: [W1, b1, W2, b2] as tensors. batches: [(real, z), ...].
    """
    losses = []
    speed_g, speed_d = [torch.zeros_like(w) for w in G], [torch.zeros_like(w) for w in D]
    for real, z in batches:

        def loss_of_d(D, G=G, real=real, z=z):
            return discriminator_loss(discriminator(D, real, norm), discriminator(D, generator(G, z, norm), norm))

        d_loss, gradients = _value_and_gradients(loss_of_d, D)
        speed_d = [momentum * s + g for s, g in zip(speed_d, gradients, strict=True)]
        D = [w - lr_d * s for w, s in zip(D, speed_d, strict=True)]

        def loss_of_g(G, D=D, z=z):
            return generator_loss(discriminator(D, generator(G, z, norm), norm))

        g_loss, gradients = _value_and_gradients(loss_of_g, G)
        speed_g = [momentum * s + g for s, g in zip(speed_g, gradients, strict=True)]
        G = [w - lr_g * s for w, s in zip(G, speed_g, strict=True)]
        losses.append((d_loss, g_loss))
    return tuple(losses), tuple(G), tuple(D)


def _value_and_gradients(loss, params):
    leaves = [w.detach().requires_grad_() for w in params]
    value = loss(leaves)
    return value.item(), torch.autograd.grad(value, leaves)
