"""Golden numbers for conv2d_im2col: torch.nn.functional.conv2d and unfold."""

import numpy as np
import torch
from torch.nn.functional import conv2d, unfold

CASES = [
    # N, C, H, W, O, kh, kw, stride, padding, dilation
    (2, 2, 4, 5, 3, 3, 2, 1, 0, 1),
    (1, 3, 5, 4, 2, 2, 3, 2, 1, 1),
    (1, 1, 7, 6, 2, 3, 2, 1, 2, 3),
]


def numbers():
    rng = np.random.default_rng(2006)
    cases = []
    for N, C, H, W, O, kh, kw, stride, padding, dilation in CASES:
        X, Wt, b = (
            rng.standard_normal((N, C, H, W)),
            rng.standard_normal((O, C, kh, kw)),
            rng.standard_normal(O),
        )
        options = {"stride": stride, "padding": padding, "dilation": dilation}
        Y = conv2d(torch.from_numpy(X), torch.from_numpy(Wt), torch.from_numpy(b), **options)
        columns = unfold(torch.from_numpy(X), (kh, kw), **options)  # (N, C kh kw, oh ow)
        arrays = {"X": X, "Wt": Wt, "b": b, "Y": Y, "rows": columns.transpose(1, 2).reshape(-1, C * kh * kw)}
        cases.append({"options": options, **{name: array.tolist() for name, array in arrays.items()}})
    return cases
