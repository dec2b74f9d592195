"""Golden numbers for rbm_contrastive_divergence: the log-likelihood's gradient by torch's autograd."""

import itertools

import torch


def numbers():
    generator = torch.Generator().manual_seed(1985)
    nv, nh, N = 5, 3, 7
    W, b, c = (
        torch.randn(shape, generator=generator, dtype=torch.float64).requires_grad_() for shape in [(nv, nh), nv, nh]
    )
    v = torch.randint(0, 2, (N, nv), generator=generator).to(torch.float64)
    states = torch.tensor(list(itertools.product([0.0, 1.0], repeat=nv)), dtype=torch.float64)

    def minus_free_energy(v):
        return v @ b + torch.nn.functional.softplus(v @ W + c).sum(dim=1)

    likelihood = minus_free_energy(v).mean() - torch.logsumexp(minus_free_energy(states), dim=0)
    likelihood.backward()
    return {
        "v": v.tolist(),
        "W": W.tolist(),
        "b": b.tolist(),
        "c": c.tolist(),
        "dW": W.grad.tolist(),
        "db": b.grad.tolist(),
        "dc": c.grad.tolist(),
        "log_likelihood": likelihood.item(),
    }
