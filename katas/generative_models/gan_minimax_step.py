"""One training step of a GAN, and the value of the game that it plays.

A generator G turns noise z into samples; a discriminator D gives each sample one real number, a logit l, and
sigmoid(l) is the probability it sees for "this is real". They play

    min_G max_D  V(D, G) = E_real log sigmoid(D(x)) + E_z log(1 - sigmoid(D(G(z))))

D ascends V, which is to descend -V. G can descend V itself (the saturating loss), but where D is sure that a
sample is fake, log(1 - sigmoid(l)) is flat and G learns nothing. So G usually descends the non-saturating
loss -E_z log sigmoid(D(G(z))) instead: the same fixed points, and the strongest pull exactly there.

Against data p and samples q the best discriminator is sigmoid(D*) = p / (p + q), and then

    V(D*, G) = sum p log(p / (p + q)) + sum q log(q / (p + q)) = -log 4 + 2 JSD(p || q)

so that G, when D keeps up with it, minimises the Jensen-Shannon divergence.

All losses are means over the batch and are computed from logits. A sure discriminator is the normal case: for
logits of ±1000, in float32 and float64, losses and gradients are still finite and right.

Rules: no binary cross-entropy of torch's (binary_cross_entropy, binary_cross_entropy_with_logits, nn.BCELoss,
nn.BCEWithLogitsLoss); write it with softplus or logsigmoid. Tensors come on any device, in float32 or
float64: results are on that device and of that dtype. Input tensors are read-only; no random number is drawn.

Source: Goodfellow et al., Generative Adversarial Nets, NeurIPS 2014; Goodfellow, NIPS 2016 tutorial: GANs.
"""

import torch
from torch import Tensor, nn
from torch.optim import Optimizer


def discriminator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """-V on a batch: the mean of -log sigmoid(real_logits) plus the mean of -log(1 - sigmoid(fake_logits)).

    real_logits, fake_logits: (B,). Returns a tensor of shape (), differentiable in both. No 1/2 anywhere.

    >>> discriminator_loss(torch.zeros(3), torch.zeros(3))  # 2 log 2: D knows nothing
    tensor(1.3863)
    """
    raise NotImplementedError


def generator_loss(fake_logits: Tensor, saturating: bool = False) -> Tensor:
    """What G descends: the mean of -log sigmoid(l), or, saturating, the mean of log(1 - sigmoid(l)).

    fake_logits: (B,). Returns a tensor of shape (), differentiable. The saturating loss is never positive.

    >>> generator_loss(torch.zeros(3)), generator_loss(torch.zeros(3), saturating=True)
    (tensor(0.6931), tensor(-0.6931))
    """
    raise NotImplementedError


def train_step(
    G: nn.Module, D: nn.Module, opt_g: Optimizer, opt_d: Optimizer, real: Tensor, z: Tensor
) -> tuple[float, float]:
    """One D step, then one G step on the same z. Returns (d_loss, g_loss), the losses that were descended.

    real: (B, n), z: (B, m). G maps (B, m) to (B, n), D maps (B, n) to logits of shape (B,). opt_g holds the
    parameters of G, opt_d those of D; each takes exactly one step, opt_d first.

    1. D descends discriminator_loss of D(real) and D(G(z)). When opt_d steps, the gradients of D are those of
       this loss alone, and nothing of it has reached G: each gradient of G is as it was before the call, or
       zero, or None.
    2. G descends the non-saturating generator_loss of D(G(z)), where D is the one that has just moved. When
       opt_g steps, the gradients of G are those of this loss alone. D does not move any more. What its
       gradients hold afterwards is left open, but nothing of it may enter the next step.

    The step is made to be called in a loop. All gradients are None before the first call, and between two
    calls nobody else touches them: see to it that they do not add up from call to call.

    Both networks come in training mode, with every parameter requiring gradients; they compute in that mode
    throughout and are left so. They may hold BatchNorm: a batch given to D is all real or all fake, so that
    each is normalised by its own statistics.

    d_loss and g_loss are Python floats: d_loss before D moved; g_loss after D moved and before G did.

    >>> G, D = nn.Linear(1, 1, bias=False), nn.Sequential(nn.Linear(1, 1, bias=False), nn.Flatten(0))
    >>> _ = nn.init.constant_(G.weight, -1.0), nn.init.constant_(D[0].weight, 1.0)
    >>> opt_g, opt_d = torch.optim.SGD(G.parameters(), lr=1.0), torch.optim.SGD(D.parameters(), lr=1.0)
    >>> d_loss, g_loss = train_step(G, D, opt_g, opt_d, real=torch.ones(1, 1), z=torch.ones(1, 1))
    >>> round(d_loss, 4), round(D[0].weight.item(), 4)  # 2 log(1 + 1/e), then 1 + 2 sigmoid(-1)
    (0.6265, 1.5379)
    >>> round(g_loss, 4), round(G.weight.item(), 4)  # log(1 + e^1.5379), then -1 + 1.5379 sigmoid(1.5379)
    (1.7325, 0.2659)
    """
    raise NotImplementedError


def optimal_value(p: Tensor, q: Tensor) -> Tensor:
    """V(D*, G) = sum p log(p / (p + q)) + sum q log(q / (p + q)) on a finite space, in nats.

    p, q: (n,), two distributions over the same n points: entries >= 0 that sum to 1. 0 log 0 = 0, also at
    points where both are 0. Returns a tensor of shape (), between -log 4 (where p = q) and 0 (where they
    never meet).

    >>> optimal_value(torch.tensor([0.5, 0.5]), torch.tensor([0.5, 0.5]))
    tensor(-1.3863)
    """
    raise NotImplementedError
