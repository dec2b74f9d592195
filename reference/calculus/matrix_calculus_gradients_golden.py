"""Golden numbers for matrix_calculus_gradients: torch.autograd on the four functions."""

import numpy as np
import torch


def numbers():
    rng = np.random.default_rng(9)
    square, x, a, b = (rng.standard_normal(shape) for shape in ((3, 3), 3, 3, 3))
    A, X, B, C = (rng.standard_normal(shape) for shape in ((2, 3), (3, 4), (4, 5), (2, 5)))

    def gradient(f, at):
        variable = torch.from_numpy(at).requires_grad_()
        return torch.autograd.grad(f(variable), variable)[0].tolist()

    S, ta, tb, tA, tB, tC = map(torch.from_numpy, (square, a, b, A, B, C))
    return {
        "inputs": {
            "quadratic_form": [square.tolist(), x.tolist()],
            "logdet": [square.tolist()],
            "inverse_form": [square.tolist(), a.tolist(), b.tolist()],
            "frobenius": [A.tolist(), X.tolist(), B.tolist(), C.tolist()],
        },
        "gradients": {
            "quadratic_form": gradient(lambda x: x @ S @ x, x),
            "logdet": gradient(lambda A: torch.linalg.slogdet(A).logabsdet, square),
            "inverse_form": gradient(lambda A: ta @ torch.linalg.solve(A, tb), square),
            "frobenius": gradient(lambda X: ((tA @ X @ tB - tC) ** 2).sum() / 2, X),
        },
    }
