"""Golden numbers for mlp_backprop: autograd of torch on a fixed network."""

import numpy as np
import torch
import torch.nn.functional as F


def numbers():
    rng = np.random.default_rng(1986)
    sizes, l2 = (3, 5, 4, 2), 0.05
    params = [(rng.standard_normal((i, o)), rng.standard_normal(o)) for i, o in zip(sizes[:-1], sizes[1:], strict=True)]
    X, y = rng.standard_normal((6, 3)), rng.integers(0, 2, 6)
    leaves = [(torch.from_numpy(W).requires_grad_(), torch.from_numpy(b).requires_grad_()) for W, b in params]
    a = torch.from_numpy(X)
    for W, b in leaves[:-1]:
        a = torch.relu(a @ W + b)
    logits = a @ leaves[-1][0] + leaves[-1][1]
    loss = F.cross_entropy(logits, torch.from_numpy(y)) + l2 / 2 * sum((W**2).sum() for W, _ in leaves)
    loss.backward()
    return {
        "params": [(W.tolist(), b.tolist()) for W, b in params],
        "X": X.tolist(),
        "y": y.tolist(),
        "l2": l2,
        "loss": loss.item(),
        "grads": [(W.grad.tolist(), b.grad.tolist()) for W, b in leaves],
    }
