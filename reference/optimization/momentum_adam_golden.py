"""Golden numbers for momentum_adam: 50 steps of torch.optim on a fixed sequence of gradients."""

import numpy as np
import torch

CASES = {
    "SGD": {"lr": 0.03, "momentum": 0.9},
    "SGD, nesterov": {"lr": 0.03, "momentum": 0.8, "nesterov": True},
    "Adam": {"lr": 0.01},
    "Adam, other constants": {"lr": 0.1, "betas": (0.5, 0.9), "eps": 0.01},
    "AdamW": {"lr": 0.05, "weight_decay": 0.3, "betas": (0.8, 0.99), "eps": 1e-4},
}


def numbers():
    rng = np.random.default_rng(2015)
    start = rng.standard_normal((2, 3)).round(3)
    gradients = (rng.standard_normal((50, 2, 3)) * 10.0 ** rng.integers(-3, 2, (50, 1, 1))).round(6)
    ends = {}
    for name, options in CASES.items():
        w = torch.tensor(start, requires_grad=True)
        optimizer = getattr(torch.optim, name.partition(",")[0])([w], **options)
        for g in gradients:
            w.grad = torch.tensor(g)
            optimizer.step()
        ends[name] = w.tolist()
    return {"start": start.tolist(), "gradients": gradients.tolist(), "ends": ends}
