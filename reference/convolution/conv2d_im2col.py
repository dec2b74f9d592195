"""Oracle for conv2d_im2col: the definition, one output or one window at a time.

torch.nn.functional.conv2d and unfold give the same numbers a second time: see conv2d_im2col_golden.py.
"""

import numpy as np


def _window(X, n, i, j, kh, kw, stride, padding, dilation):
    """(C, kh, kw): the samples that output (i, j) of image n sees; what lies outside is 0."""
    _, C, H, W = X.shape
    window = np.zeros((C, kh, kw))
    for u in range(kh):
        for v in range(kw):
            row, column = i * stride - padding + u * dilation, j * stride - padding + v * dilation
            if 0 <= row < H and 0 <= column < W:
                window[:, u, v] = X[n, :, row, column]
    return window


def _size(size, k, stride, padding, dilation):
    """How many windows there are along an axis, counted."""
    count = 0
    while count * stride + dilation * (k - 1) < size + 2 * padding:
        count += 1
    return count


def im2col(X, kh, kw, stride, padding, dilation):
    oh, ow = (_size(size, k, stride, padding, dilation) for size, k in zip(X.shape[2:], (kh, kw), strict=True))
    places = [(n, i, j) for n in range(X.shape[0]) for i in range(oh) for j in range(ow)]
    return np.array([_window(X, *place, kh, kw, stride, padding, dilation).ravel() for place in places])


def conv2d(X, Wt, b, stride=1, padding=0, dilation=1):
    O, _, kh, kw = Wt.shape
    oh, ow = (_size(size, k, stride, padding, dilation) for size, k in zip(X.shape[2:], (kh, kw), strict=True))
    Y = np.empty((X.shape[0], O, oh, ow))
    for n in range(X.shape[0]):
        for i in range(oh):
            for j in range(ow):
                window = _window(X, n, i, j, kh, kw, stride, padding, dilation)
                for o in range(O):
                    Y[n, o, i, j] = (Wt[o] * window).sum() + (0.0 if b is None else b[o])
    return Y


def receptive_field(layers):
    """Follows two neighbouring outputs back to the input: which interval of samples reaches each of them."""
    (first, last), (second, _) = (0, 0), (1, 1)
    for kernel, stride, dilation in reversed(layers):
        first, last, second = first * stride, last * stride + dilation * (kernel - 1), second * stride
    return last - first + 1, second - first


def naive_conv2d(X, Wt, b, stride, padding):
    """What `conv2d` is measured against: a loop over images, filters, rows and columns."""
    (N, _, H, W), (O, _, kh, kw) = X.shape, Wt.shape
    padded = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    oh, ow = (H + 2 * padding - kh) // stride + 1, (W + 2 * padding - kw) // stride + 1
    Y = np.empty((N, O, oh, ow))
    for n in range(N):
        for o in range(O):
            for i in range(oh):
                for j in range(ow):
                    window = padded[n, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
                    Y[n, o, i, j] = (window * Wt[o]).sum() + b[o]
    return Y


def torch_conv2d(X, Wt, b, stride, padding):
    """torch's own, for benchmarks and golden numbers."""
    import torch

    tensors = (torch.from_numpy(array) for array in (X, Wt, b))
    return torch.nn.functional.conv2d(*tensors, stride=stride, padding=padding).numpy()
