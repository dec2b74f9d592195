"""Known answers for conv2d_im2col."""

import math

import numpy as np
from numpy.lib.stride_tricks import as_strided

from dojo.answers import accepted, equivalent, rejected


@accepted("im2col by one index array for the rows and one for the columns, conv2d by im2col")
class indices:
    def im2col(X, kh, kw, stride, padding, dilation):
        oh, ow = _out(X, kh, kw, stride, padding, dilation)
        P = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
        rows = stride * np.arange(oh)[:, None] + dilation * np.arange(kh)  # (oh, kh)
        columns = stride * np.arange(ow)[:, None] + dilation * np.arange(kw)  # (ow, kw)
        windows = P[:, :, rows[:, None, :, None], columns[None, :, None, :]]  # (N, C, oh, ow, kh, kw)
        return np.moveaxis(windows, 1, 3).reshape(len(X) * oh * ow, -1)

    def conv2d(X, Wt, b, stride=1, padding=0, dilation=1):
        O, C, kh, kw = Wt.shape
        if X.shape[1] != C:
            raise ValueError("channels")
        oh, ow = _out(X, kh, kw, stride, padding, dilation)
        Y = im2col(X, kh, kw, stride, padding, dilation) @ Wt.reshape(O, -1).T
        Y = Y if b is None else Y + b
        return Y.reshape(len(X), oh, ow, O).transpose(0, 3, 1, 2).copy()


@accepted("a product for each sample of the window, over all positions at once: kh kw of them, added up")
def conv2d(X, Wt, b, stride=1, padding=0, dilation=1):
    (O, C, kh, kw), N = Wt.shape, len(X)
    if X.shape[1] != C:
        raise ValueError("channels")
    oh, ow = _out(X, kh, kw, stride, padding, dilation)
    P = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    Y = np.zeros((N, O, oh * ow))
    for u in range(kh):
        for v in range(kw):
            top, left = u * dilation, v * dilation
            seen = P[:, :, top : top + (oh - 1) * stride + 1 : stride, left : left + (ow - 1) * stride + 1 : stride]
            Y += Wt[:, :, u, v] @ seen.reshape(N, C, -1)
    return (Y if b is None else Y + b[:, None]).reshape(N, O, oh, ow)


@accepted("tensordot over the strided view of the windows: it makes the copy and calls BLAS itself")
def conv2d(X, Wt, b, stride=1, padding=0, dilation=1):
    if X.shape[1] != Wt.shape[1]:
        raise ValueError("channels")
    Y = np.tensordot(_view(X, *Wt.shape[2:], stride, padding, dilation), Wt, axes=([1, 4, 5], [1, 2, 3]))
    return np.moveaxis(Y if b is None else Y + b, 3, 1)


@accepted("the receptive field from the output back to the input: r <- (r - 1) s + d (k - 1) + 1")
def receptive_field(layers):
    size = 1
    for kernel, stride, dilation in layers[::-1]:
        size = (size - 1) * stride + dilation * (kernel - 1) + 1
    return size, math.prod(stride for _, stride, _ in layers)


@rejected("the filter is turned round: that is the true convolution, a layer computes a correlation")
def conv2d(X, Wt, b, stride=1, padding=0, dilation=1):
    return _conv(X, Wt[:, :, ::-1, ::-1], b, stride, padding, dilation)


@rejected("the filter is transposed: u runs over rows, v over columns")
def conv2d(X, Wt, b, stride=1, padding=0, dilation=1):
    Y = _conv(X, Wt, b, stride, padding, dilation)
    return _conv(X, Wt.transpose(0, 1, 3, 2), b, stride, padding, dilation) if Wt.shape[2] == Wt.shape[3] else Y


@rejected("filters and channels are exchanged: Wt is (O, C, kh, kw)")
def conv2d(X, Wt, b, stride=1, padding=0, dilation=1):
    if Wt.shape[0] == Wt.shape[1]:
        return _conv(X, Wt.transpose(1, 0, 2, 3), b, stride, padding, dilation)
    raise ValueError("channels")


@rejected("the columns of the patch matrix run over (u, v, c), the weights over (c, u, v)")
def conv2d(X, Wt, b, stride=1, padding=0, dilation=1):
    _conv(X, Wt, b, stride, padding, dilation)
    windows = _view(X, *Wt.shape[2:], stride, padding, dilation)
    N, C, oh, ow, kh, kw = windows.shape
    rows = windows.transpose(0, 2, 3, 4, 5, 1).reshape(N * oh * ow, -1)
    Y = rows @ Wt.reshape(len(Wt), -1).T + (0 if b is None else b)
    return Y.reshape(N, oh, ow, -1).transpose(0, 3, 1, 2).copy()


@rejected("the product has the filters last: (N oh ow, O) read as (N, O, oh, ow) mixes positions with filters")
def conv2d(X, Wt, b, stride=1, padding=0, dilation=1):
    Y = _conv(X, Wt, b, stride, padding, dilation)
    return Y.transpose(0, 2, 3, 1).reshape(Y.shape)


@rejected("images and filters exchanged: (O, N oh ow) read as (N, O, oh, ow)")
def conv2d(X, Wt, b, stride=1, padding=0, dilation=1):
    Y = _conv(X, Wt, b, stride, padding, dilation)
    return Y.transpose(1, 0, 2, 3).reshape(Y.shape)


@rejected("oh and ow are exchanged: Y is (N, O, oh, ow)")
def conv2d(X, Wt, b, stride=1, padding=0, dilation=1):
    return _conv(X, Wt, b, stride, padding, dilation).transpose(0, 1, 3, 2).copy()


@rejected("the bias is left out")
def conv2d(X, Wt, b, stride=1, padding=0, dilation=1):
    return _conv(X, Wt, None, stride, padding, dilation)


@rejected("b = None is no bias: here it is an error")
def conv2d(X, Wt, b, stride=1, padding=0, dilation=1):
    return _conv(X, Wt, b + 0, stride, padding, dilation)


@rejected("the bias is added once for each channel of the input")
def conv2d(X, Wt, b, stride=1, padding=0, dilation=1):
    return _conv(X, Wt, None if b is None else b * X.shape[1], stride, padding, dilation)


@rejected("the channels of the input are kept apart or averaged: a filter adds them up")
def conv2d(X, Wt, b, stride=1, padding=0, dilation=1):
    Y = _conv(X, Wt, None, stride, padding, dilation) / X.shape[1]
    return Y if b is None else Y + b[:, None, None]


@rejected("padding on one side only: the image has p zeros on each of its four sides")
class one_side:
    def im2col(X, kh, kw, stride, padding, dilation):
        _out(X, kh, kw, stride, padding, dilation)
        return _rows(_pad(X, (0, padding)), kh, kw, stride, 0, dilation)

    def conv2d(X, Wt, b, stride=1, padding=0, dilation=1):
        _out(X, *Wt.shape[2:], stride, padding, dilation)
        return _conv(_pad(X, (0, padding)), Wt, b, stride, 0, dilation)


@rejected("the edge is repeated into the padding: padding is zeros")
def im2col(X, kh, kw, stride, padding, dilation):
    _out(X, kh, kw, stride, padding, dilation)
    P = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)), mode="edge")
    return _rows(P, kh, kw, stride, 0, dilation)


@rejected("padding is ignored")
def im2col(X, kh, kw, stride, padding, dilation):
    _out(X, kh, kw, stride, padding, dilation)
    return _rows(X, kh, kw, stride, 0, dilation)


@rejected("dilation is ignored")
def conv2d(X, Wt, b, stride=1, padding=0, dilation=1):
    return _conv(X, Wt, b, stride, padding, min(dilation, 1))


@rejected("stride and dilation are exchanged: the stride is between windows, the dilation between samples of one")
def im2col(X, kh, kw, stride, padding, dilation):
    _out(X, kh, kw, stride, padding, dilation)
    return _rows(X, kh, kw, dilation, padding, stride)


@rejected("the image is thinned out by the stride before the sum: a window sees every sample inside it")
def conv2d(X, Wt, b, stride=1, padding=0, dilation=1):
    _out(X, *Wt.shape[2:], stride, padding, dilation)
    return _conv(_pad(X, (padding, padding))[:, :, ::stride, ::stride], Wt, b, 1, 0, dilation)


@rejected("the stride moves the window along one axis only")
def im2col(X, kh, kw, stride, padding, dilation):
    _out(X, kh, kw, stride, padding, dilation)
    windows = _view(X, kh, kw, 1, padding, dilation)[:, :, :, ::stride]
    return windows.transpose(0, 2, 3, 1, 4, 5).reshape(-1, X.shape[1] * kh * kw)


@rejected("rounded up: a last window which hangs over the edge is not counted")
def conv2d(X, Wt, b, stride=1, padding=0, dilation=1):
    _out(X, *Wt.shape[2:], stride, padding, dilation)
    P = np.pad(_pad(X, (padding, padding)), ((0, 0), (0, 0), (0, stride - 1), (0, stride - 1)))
    return _conv(P, Wt, b, stride, 0, dilation)


@rejected("floor(...) + 1: without the + 1 the last row and column of windows are lost")
def im2col(X, kh, kw, stride, padding, dilation):
    oh, ow = _out(X, kh, kw, stride, padding, dilation)
    windows = _view(X, kh, kw, stride, padding, dilation)[:, :, : max(oh - 1, 1), : max(ow - 1, 1)]
    return windows.transpose(0, 2, 3, 1, 4, 5).reshape(-1, X.shape[1] * kh * kw)


@rejected("the dilated window spans d (k - 1) + 1 samples, not d k: here windows at the edge are lost")
def im2col(X, kh, kw, stride, padding, dilation):
    _out(X, kh, kw, stride, padding, dilation)
    P = _pad(X, (padding, padding))
    oh = max((P.shape[2] - dilation * kh) // stride + 1, 1)
    ow = max((P.shape[3] - dilation * kw) // stride + 1, 1)
    windows = _view(X, kh, kw, stride, padding, dilation)[:, :, :oh, :ow]
    return windows.transpose(0, 2, 3, 1, 4, 5).reshape(-1, X.shape[1] * kh * kw)


@rejected("columns run over (u, v, c): it is the channel first, then row and column of the window")
def im2col(X, kh, kw, stride, padding, dilation):
    windows = _view(X, kh, kw, stride, padding, dilation)
    return windows.transpose(0, 2, 3, 4, 5, 1).reshape(-1, X.shape[1] * kh * kw)


@rejected("columns run over (c, v, u): the last index, v, runs fastest")
def im2col(X, kh, kw, stride, padding, dilation):
    windows = _view(X, kh, kw, stride, padding, dilation)
    return windows.transpose(0, 2, 3, 1, 5, 4).reshape(-1, X.shape[1] * kh * kw)


@rejected("rows run over positions first and images last: it is image by image")
def im2col(X, kh, kw, stride, padding, dilation):
    windows = _view(X, kh, kw, stride, padding, dilation)
    return windows.transpose(2, 3, 0, 1, 4, 5).reshape(-1, X.shape[1] * kh * kw)


@rejected("windows run down the columns: they go left to right, and then down")
def im2col(X, kh, kw, stride, padding, dilation):
    windows = _view(X, kh, kw, stride, padding, dilation)
    return windows.transpose(0, 3, 2, 1, 4, 5).reshape(-1, X.shape[1] * kh * kw)


@rejected("the transpose: a window is a row here, not a column")
def im2col(X, kh, kw, stride, padding, dilation):
    windows = _view(X, kh, kw, stride, padding, dilation)
    return windows.transpose(1, 4, 5, 0, 2, 3).reshape(X.shape[1] * kh * kw, -1)


@rejected("without a reshape that copies: an array of six axes, not the matrix")
def im2col(X, kh, kw, stride, padding, dilation):
    return _view(X, kh, kw, stride, padding, dilation).transpose(0, 2, 3, 1, 4, 5).copy()


@rejected("a window that does not fit is an error: here nothing comes back")
class nothing:
    def im2col(X, kh, kw, stride, padding, dilation):
        try:
            return _rows(X, kh, kw, stride, padding, dilation)
        except ValueError:
            if stride < 1 or padding < 0 or dilation < 1:
                raise
            return np.zeros((0, X.shape[1] * kh * kw))

    def conv2d(X, Wt, b, stride=1, padding=0, dilation=1):
        try:
            return _conv(X, Wt, b, stride, padding, dilation)
        except ValueError:
            if stride < 1 or padding < 0 or dilation < 1 or X.shape[1] != Wt.shape[1]:
                raise
            return np.zeros((len(X), len(Wt), 0, 0))


@rejected("a filter of one channel is broadcast over all: C has to be the same in X and Wt")
def conv2d(X, Wt, b, stride=1, padding=0, dilation=1):
    if Wt.shape[1] == 1:
        Wt = np.repeat(Wt, X.shape[1], axis=1)
    return _conv(X, Wt, b, stride, padding, dilation)


@rejected("options out of range are an error: here they are brought back into it")
class forgiving:
    def im2col(X, kh, kw, stride, padding, dilation):
        return _rows(X, kh, kw, max(stride, 1), max(padding, 0), max(dilation, 1))

    def conv2d(X, Wt, b, stride=1, padding=0, dilation=1):
        return _conv(X, Wt, b, max(stride, 1), max(padding, 0), max(dilation, 1))


@rejected("right, but a loop over images, filters, rows and columns in Python: hundreds of times slower")
def conv2d(X, Wt, b, stride=1, padding=0, dilation=1):
    Y = np.empty_like(_conv(X, Wt, b, stride, padding, dilation))
    windows = _view(X, *Wt.shape[2:], stride, padding, dilation)
    for n, o, i, j in np.ndindex(*Y.shape):
        Y[n, o, i, j] = (windows[n, :, i, j] * Wt[o]).sum() + (0 if b is None else b[o])
    return Y


@rejected("right, but the filter is blown up with zeros for the dilation: d² times the products")
def conv2d(X, Wt, b, stride=1, padding=0, dilation=1):
    O, C, kh, kw = Wt.shape
    _out(X, kh, kw, stride, padding, dilation)
    wide = np.zeros((O, C, dilation * (kh - 1) + 1, dilation * (kw - 1) + 1))
    wide[:, :, ::dilation, ::dilation] = Wt
    return _conv(X, wide, b, stride, padding, 1)


@rejected("right, but computed for stride 1 and then thinned out: s² times the products")
def conv2d(X, Wt, b, stride=1, padding=0, dilation=1):
    _out(X, *Wt.shape[2:], stride, padding, dilation)
    return _conv(X, Wt, b, 1, padding, dilation)[:, :, ::stride, ::stride].copy()


@rejected("each layer adds d (k - 1) of its own samples, and those lie as far apart as the strides before it")
def receptive_field(layers):
    stride = math.prod(stride for _, stride, _ in layers)
    return 1 + sum(dilation * (kernel - 1) for kernel, _, dilation in layers), stride


@rejected("a layer's own stride does not widen what it sees: it is felt by the layers behind it")
def receptive_field(layers):
    size, jump = 1, 1
    for kernel, stride, dilation in layers:
        jump *= stride
        size += dilation * (kernel - 1) * jump
    return size, jump


@rejected("the layers are taken from the output: the first one listed is at the input")
def receptive_field(layers):
    size, jump = 1, 1
    for kernel, stride, dilation in reversed(layers):
        size += dilation * (kernel - 1) * jump
        jump *= stride
    return size, jump


@rejected("dilation is left out: the window spans d (k - 1) + 1 samples")
def receptive_field(layers):
    size, jump = 1, 1
    for kernel, stride, _ in layers:
        size += (kernel - 1) * jump
        jump *= stride
    return size, jump


@rejected("dilation multiplies the distances of this layer only: it moves no outputs apart")
def receptive_field(layers):
    size, jump = 1, 1
    for kernel, stride, dilation in layers:
        jump *= dilation
        size += (kernel - 1) * jump
        jump *= stride
    return size, jump


@rejected("the kernels are added up: two windows of 3 overlap, together they see 5 samples and not 6")
def receptive_field(layers):
    size, jump = 0, 1
    for kernel, stride, dilation in layers:
        size += (dilation * (kernel - 1) + 1) * jump
        jump *= stride
    return max(size, 1), jump


@rejected("the strides are multiplied: two of 2 make 4, not 2 + 2")
def receptive_field(layers):
    size, jump = 1, 1
    for kernel, stride, dilation in layers:
        size += dilation * (kernel - 1) * jump
        jump += stride - 1
    return size, jump


@rejected("the total stride is that of all layers, not of the last one")
def receptive_field(layers):
    size, jump, last = 1, 1, 1
    for kernel, stride, dilation in layers:
        size += dilation * (kernel - 1) * jump
        jump, last = jump * stride, stride
    return size, last


def _out(X, kh, kw, stride, padding, dilation):
    if stride < 1 or padding < 0 or dilation < 1:
        raise ValueError("options")
    last = [size + 2 * padding - dilation * (k - 1) - 1 for size, k in zip(X.shape[2:], (kh, kw), strict=True)]
    if min(last) < 0:
        raise ValueError("the window does not fit")
    return last[0] // stride + 1, last[1] // stride + 1


def _pad(X, width):
    return np.pad(X, ((0, 0), (0, 0), width, width))


def _view(X, kh, kw, stride, padding, dilation):
    oh, ow = _out(X, kh, kw, stride, padding, dilation)
    P = _pad(X, (padding, padding))
    n, c, h, w = P.strides
    shape = (*X.shape[:2], oh, ow, kh, kw)
    return as_strided(P, shape, (n, c, h * stride, w * stride, h * dilation, w * dilation), writeable=False)


def _rows(X, kh, kw, stride, padding, dilation):
    windows = _view(X, kh, kw, stride, padding, dilation)
    return windows.transpose(0, 2, 3, 1, 4, 5).reshape(-1, X.shape[1] * kh * kw)


def _conv(X, Wt, b, stride, padding, dilation):
    if X.shape[1] != Wt.shape[1]:
        raise ValueError("channels")
    windows = _view(X, *Wt.shape[2:], stride, padding, dilation)
    N, C, oh, ow, kh, kw = windows.shape
    Y = Wt.reshape(len(Wt), -1) @ windows.transpose(0, 1, 4, 5, 2, 3).reshape(N, C * kh * kw, -1)
    return (Y if b is None else Y + b[:, None]).reshape(N, -1, oh, ow)


equivalent(
    'rows = np.array(windows.transpose(0, 2, 3, 1, 4, 5), order="C")',
    "rows = np.array(windows.transpose(0, 2, 3, 1, 4, 5))",
    "the reshape then makes the copy in that order",
)
equivalent("if X.shape[1] != C:", "if False:", "the reshape raises ValueError itself")
equivalent(
    'raise ValueError(f"filters of {C} channels for images of {X.shape[1]}")',
    "pass",
    "the reshape raises ValueError itself",
)
equivalent(
    "Y = Wt.reshape(O, -1) @ patches",
    "Y = Wt.reshape(O, -2) @ patches",
    "to numpy any negative size is the one to be found",
)
equivalent(
    "if stride < 1 or padding < 0 or dilation < 1:",
    "if stride < 0 or padding < 0 or dilation < 1:",
    "a slice with step 0 raises ValueError itself",
)
equivalent(
    "if stride < 1 or padding < 0 or dilation < 1:",
    "if stride < 1 or padding < -1 or dilation < 1:",
    "np.pad raises ValueError for a padding below 0",
)
equivalent(
    "if stride < 1 or padding < 0 or dilation < 1:",
    "if stride < 1 or padding < 0 and dilation < 1:",
    "np.pad, sliding_window_view and slices raise ValueError",
)
equivalent(
    "if stride < 1 or padding < 0 or dilation < 1:",
    "if stride < 1 or padding < 0 or dilation < 0:",
    "a slice with step 0 raises ValueError itself",
)
