"""Golden numbers for softmax_cross_entropy: loss and autograd of torch, in float64."""

import numpy as np
import torch
import torch.nn.functional as F


def numbers():
    rng = np.random.default_rng(2016)
    logits = 3 * rng.standard_normal((5, 4))
    y = [2, 0, -100, 3, 3]
    z = torch.from_numpy(logits).requires_grad_()
    loss = F.cross_entropy(z, torch.tensor(y), label_smoothing=0.2)
    (grad,) = torch.autograd.grad(loss, z)
    t = rng.uniform(0, 1, 5)
    binary = F.binary_cross_entropy_with_logits(torch.from_numpy(logits[:, 0]), torch.from_numpy(t))
    return {
        "logits": logits.tolist(),
        "y": y,
        "loss": loss.item(),
        "grad": grad.tolist(),
        "t": t.tolist(),
        "binary": binary.item(),
    }
