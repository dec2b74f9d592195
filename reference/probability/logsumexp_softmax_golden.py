"""Golden numbers for logsumexp_softmax: torch's values and autograd's gradient."""

import numpy as np
import torch


def numbers():
    rng = np.random.default_rng(2021)
    x = 3 * rng.standard_normal((2, 4, 3))
    g = rng.standard_normal((2, 4, 3))
    scores = torch.from_numpy(x).requires_grad_()
    p = torch.softmax(scores, dim=1)
    p.backward(torch.from_numpy(g))
    return {
        "x": x.tolist(),
        "g": g.tolist(),
        "logsumexp": torch.logsumexp(torch.from_numpy(x), dim=1).tolist(),
        "softmax": p.tolist(),
        "vjp": scores.grad.tolist(),
    }
