"""Golden numbers for reverse_mode_autodiff: torch.autograd on the same expressions."""

import torch

from reference.calculus.reverse_mode_autodiff import EXPRESSIONS


def numbers():
    return {name: _gradient(f, args) for name, (f, args) in EXPRESSIONS.items()}


def _gradient(f, args):
    variables = [torch.tensor(arg, dtype=torch.float64, requires_grad=True) for arg in args]
    return [part.item() for part in torch.autograd.grad(f(*variables), variables)]
