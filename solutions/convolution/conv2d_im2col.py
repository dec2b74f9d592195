"""The convolutional layer as one matrix product: im2col, and how far a stack of such layers sees.

For images X (N, C, H, W), filters Wt (O, C, kh, kw) and biases b (O,) a layer with stride s, padding p and
dilation d computes

    Y[n, o, i, j] = b[o] + Σ_{c,u,v} Wt[o, c, u, v] X[n, c, i s - p + u d, j s - p + v d],

X being 0 outside its range. The filter is not turned round: deep learning's convolution is a correlation. Y
has the shape (N, O, oh, ow),

    oh = floor((H + 2p - d (kh - 1) - 1) / s) + 1,        ow = floor((W + 2p - d (kw - 1) - 1) / s) + 1.

Rows and columns at the end which no window reaches are left out. im2col writes each window out as a row of
a matrix; one product with the filters, each a row too, then does all the sums. The matrix holds most
samples of X some kh kw times over: memory is what the speed is paid with.

All arrays are float64, every size is at least 1. An entry of Y is right when it is within rounding of
‖X‖ ‖Wt‖ + ‖b‖ in Euclidean norms.

im2col and conv2d raise ValueError if s < 1, p < 0, d < 1, or the window, of d (kh - 1) + 1 rows and
d (kw - 1) + 1 columns, does not fit into the padded image.

Rules: no torch, scipy.signal or scipy.ndimage. Inputs are read-only; results are new arrays.

Source: Chellapilla, Puri & Simard, High Performance Convolutional Neural Networks for Document Processing
(2006); Goodfellow, Bengio & Courville, Deep Learning, sec. 9.1 and 9.5; Dumoulin & Visin, A Guide to
Convolution Arithmetic for Deep Learning (2016); Araujo, Norris & Sim, Computing Receptive Fields of
Convolutional Neural Networks (2019).
"""

from collections.abc import Sequence

import numpy as np


def im2col(X: np.ndarray, kh: int, kw: int, stride: int, padding: int, dilation: int) -> np.ndarray:
    """The windows of X, one a row: shape (N oh ow, C kh kw).

    Rows run over n, i, j and columns over c, u, v, the last one fastest: row (n oh + i) ow + j has in column
    (c kh + u) kw + v the sample X[n, c, i s - p + u d, j s - p + v d].

    >>> im2col(np.arange(6.0).reshape(1, 1, 2, 3), kh=2, kw=2, stride=1, padding=0, dilation=1)
    array([[0., 1., 3., 4.],
           [1., 2., 4., 5.]])
    """
    windows = _windows(X, kh, kw, stride, padding, dilation)
    N, C, oh, ow = windows.shape[:4]
    rows = np.array(windows.transpose(0, 2, 3, 1, 4, 5), order="C")  # (N, oh, ow, C, kh, kw): the copy
    return rows.reshape(N * oh * ow, C * kh * kw)


def conv2d(
    X: np.ndarray, Wt: np.ndarray, b: np.ndarray | None, stride: int = 1, padding: int = 0, dilation: int = 1
) -> np.ndarray:
    """Y of shape (N, O, oh, ow) for X (N, C, H, W), Wt (O, C, kh, kw) and b (O,), or None for no bias.

    Cost: a copy of the windows and a matrix product of N oh ow O C kh kw multiplications, as many for every
    stride and dilation; memory is that of the windows, N oh ow C kh kw numbers, some times over. A loop over
    filters and positions in Python takes hundreds of times as long. ValueError also if X and Wt differ in C.

    >>> conv2d(np.arange(6.0).reshape(1, 1, 2, 3), np.array([[[[1.0, 10.0], [100.0, 1000.0]]]]), None)
    array([[[[4310., 5421.]]]])
    """
    O, C, kh, kw = Wt.shape
    if X.shape[1] != C:
        raise ValueError(f"filters of {C} channels for images of {X.shape[1]}")
    windows = _windows(X, kh, kw, stride, padding, dilation)
    N, _, oh, ow = windows.shape[:4]
    # The patch matrix transposed, image by image: it is copied ow samples at a time, im2col's only kw, and the
    # product has the order of Y.
    patches = windows.transpose(0, 1, 4, 5, 2, 3).reshape(N, C * kh * kw, oh * ow)
    Y = Wt.reshape(O, -1) @ patches  # (O, C kh kw) @ (N, C kh kw, oh ow) = (N, O, oh ow)
    if b is not None:
        Y += b[:, None]
    return Y.reshape(N, O, oh, ow)


def receptive_field(layers: Sequence[tuple[int, int, int]]) -> tuple[int, int]:
    """How many input samples, along an axis, one output of a stack of layers spans, and the stack's stride.

    layers: (kernel, stride, dilation) of each layer, the one at the input first. Returns (size, total stride).
    The size counts from the first sample that reaches an output to the last, whether or not all between do;
    the total stride is how many samples apart the fields of neighbouring outputs begin. No layers: (1, 1).

    >>> receptive_field([(3, 1, 1), (3, 1, 1)])
    (5, 1)
    """
    size, jump = 1, 1  # jump: how far apart in the input two neighbours of this layer's input are
    for kernel, stride, dilation in layers:
        size += dilation * (kernel - 1) * jump
        jump *= stride
    return size, jump


def _windows(X: np.ndarray, kh: int, kw: int, stride: int, padding: int, dilation: int) -> np.ndarray:
    """A read-only view of every window: (N, C, oh, ow, kh, kw), nothing is copied but the padded X."""
    if stride < 1 or padding < 0 or dilation < 1:
        raise ValueError("stride and dilation are at least 1, padding at least 0")
    padded = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))  # (N, C, H + 2p, W + 2p)
    span = dilation * (kh - 1) + 1, dilation * (kw - 1) + 1
    windows = np.lib.stride_tricks.sliding_window_view(padded, span, axis=(2, 3))  # ValueError where none fits
    return windows[:, :, ::stride, ::stride, ::dilation, ::dilation]
