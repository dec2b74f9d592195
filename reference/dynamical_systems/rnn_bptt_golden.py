"""Golden numbers for rnn_bptt: torch.nn.RNN and autograd on a fixed network, torch's own clipping."""

import numpy as np
import torch

from reference.dynamical_systems.rnn_bptt import torch_gradients


def numbers():
    rng = np.random.default_rng(1990)
    T, N, d, h = 4, 3, 2, 5
    shapes = (T, N, d), (N, h), (d, h), (h, h), (h,)
    args = [0.6 * rng.standard_normal(shape) for shape in shapes]
    dH = rng.standard_normal((T, N, h))
    H, gradients = torch_gradients(dH, *args)
    parameters = [torch.nn.Parameter(torch.zeros(g.shape, dtype=torch.float64)) for g in gradients]
    for parameter, g in zip(parameters, gradients, strict=True):
        parameter.grad = torch.tensor(g)
    norm = torch.nn.utils.clip_grad_norm_(parameters, 1.0)
    return {
        "args": [a.tolist() for a in args],
        "dH": dH.tolist(),
        "H": H.tolist(),
        "gradients": [g.tolist() for g in gradients],
        "norm": norm.item(),
        "clipped": [p.grad.tolist() for p in parameters],
    }
