"""Golden numbers for jacobian_vector_product: the products of torch.func on a fixed network."""

import numpy as np
import torch

from reference.calculus.jacobian_vector_product import torch_jvp


def numbers():
    rng = np.random.default_rng(2018)
    widths = (3, 5, 4, 2)
    params = [
        (rng.standard_normal((o, i)), rng.standard_normal(o)) for i, o in zip(widths[:-1], widths[1:], strict=True)
    ]
    x, v, u = rng.standard_normal(3), rng.standard_normal(3), rng.standard_normal(2)
    tensors = [(torch.from_numpy(W), torch.from_numpy(b)) for W, b in params]

    def network(h):
        for W, b in tensors[:-1]:
            h = torch.tanh(W @ h + b)
        return tensors[-1][0] @ h + tensors[-1][1]

    _, pull_back = torch.func.vjp(network, torch.from_numpy(x))
    return {
        "params": [(W.tolist(), b.tolist()) for W, b in params],
        "x": x.tolist(),
        "v": v.tolist(),
        "u": u.tolist(),
        "jvp": torch_jvp(params, x, v)[1].tolist(),
        "vjp": pull_back(torch.from_numpy(u))[0].tolist(),
        "jacobian": torch.func.jacrev(network)(torch.from_numpy(x)).tolist(),
    }
