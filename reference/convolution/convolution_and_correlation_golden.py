"""Golden numbers for convolution_and_correlation: torch.nn.functional.conv1d."""

import numpy as np
import torch

CASES = [
    # n, k, stride, padding, dilation
    (9, 3, 1, 0, 1),
    (9, 4, 2, 1, 1),
    (10, 3, 3, 2, 2),
    (6, 2, 1, 4, 3),
    (2, 4, 1, 1, 1),
]


def numbers():
    rng = np.random.default_rng(2016)
    cases = []
    for n, k, stride, padding, dilation in CASES:
        x, h = rng.standard_normal(n), rng.standard_normal(k)
        y = torch.nn.functional.conv1d(
            torch.from_numpy(x)[None, None],
            torch.from_numpy(h)[None, None],
            stride=stride,
            padding=padding,
            dilation=dilation,
        )
        options = {"stride": stride, "padding": padding, "dilation": dilation}
        cases.append({"x": x.tolist(), "h": h.tolist(), **options, "y": y[0, 0].tolist()})
    return cases
