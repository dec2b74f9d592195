"""Known answers for weight_sharing."""

import numpy as np
import scipy.linalg

from dojo.answers import accepted, rejected


@accepted("the two uses as two matrices of an untied network, whose gradients are added at the end")
def tied_autoencoder_grad(W, x):
    encoder, decoder = W, W.T
    code = np.tanh(encoder.dot(x))
    residual = decoder.dot(code) - x
    d_decoder = np.einsum("i,j->ij", residual, code)  # (d, h)
    d_encoder = np.einsum("i,j->ij", decoder.T.dot(residual) / np.cosh(encoder.dot(x)) ** 2, x)
    return d_encoder + d_decoder.T


@accepted("the loss by the complex step")
def tied_autoencoder_grad(W, x):
    grad = np.empty(W.shape)
    for i in range(W.shape[0]):
        for j in range(W.shape[1]):
            moved = W + 0j
            moved[i, j] += 1e-30j
            r = moved.T @ np.tanh(moved @ x) - x
            grad[i, j] = (0.5 * np.sum(r * r)).imag / 1e-30
    return grad


@accepted("scipy's Toeplitz matrix from its first column and row, and its transpose by sliding windows")
class library:
    def toeplitz_matrix(kernel, n):
        k = len(kernel)
        if k > n:
            raise ValueError("kernel too long")
        return scipy.linalg.toeplitz(np.r_[kernel[0], np.zeros(n - k)], np.r_[kernel, np.zeros(n - k)])

    def shared_grad(dT, k):
        i = np.arange(dT.shape[0])
        return dT[i[:, None], i[:, None] + np.arange(k)].sum(axis=0)


@accepted("one histogram for each column, weighted with the gradient")
def embedding_backward(idx, g, vocab):
    out = np.zeros((vocab, g.shape[1]))
    for column in range(g.shape[1]):
        out[:, column] = np.bincount(idx, weights=g[:, column], minlength=vocab)
    return out


@accepted("the lookup as a product with one-hot rows, and back with their transpose")
def embedding_backward(idx, g, vocab):
    return (idx[:, None] == np.arange(vocab)).astype(float).T @ g


@accepted("equal indices side by side, then sums over runs")
def embedding_backward(idx, g, vocab):
    out = np.zeros((vocab, g.shape[1]))
    order = np.argsort(idx)
    used, starts = np.unique(idx[order], return_index=True)
    if len(used):
        out[used] = np.add.reduceat(g[order], starts, axis=0)
    return out


@rejected("only the decoder is differentiated: W stands in the encoder as well")
def tied_autoencoder_grad(W, x):
    code = np.tanh(W @ x)
    return np.outer(code, W.T @ code - x)


@rejected("only the encoder is differentiated: W stands in the decoder as well")
def tied_autoencoder_grad(W, x):
    code = np.tanh(W @ x)
    return np.outer((1 - code**2) * (W @ (W.T @ code - x)), x)


@rejected("the mean of the two uses: the gradients of shared weights are added")
def tied_autoencoder_grad(W, x):
    code = np.tanh(W @ x)
    residual = W.T @ code - x
    return (np.outer(code, residual) + np.outer((1 - code**2) * (W @ residual), x)) / 2


@rejected("the slope of tanh is missing on the way back through the encoder")
def tied_autoencoder_grad(W, x):
    code = np.tanh(W @ x)
    residual = W.T @ code - x
    return np.outer(code, residual) + np.outer(W @ residual, x)


@rejected("L has a factor 1/2: this is twice its gradient")
def tied_autoencoder_grad(W, x):
    code = np.tanh(W @ x)
    residual = W.T @ code - x
    return 2 * (np.outer(code, residual) + np.outer((1 - code**2) * (W @ residual), x))


@rejected("the kernel is turned round: this is convolution, and T x correlates")
def toeplitz_matrix(kernel, n):
    k = len(kernel)
    if k > n:
        raise ValueError("kernel too long")
    return np.array([np.r_[np.zeros(i), kernel[::-1], np.zeros(n - k - i)] for i in range(n - k + 1)])


@rejected("a kernel longer than the input gives an empty matrix: it has to raise ValueError")
def toeplitz_matrix(kernel, n):
    k = len(kernel)
    T = np.zeros((max(n - k + 1, 0), n))
    for i in range(len(T)):
        T[i, i : i + k] = kernel
    return T


@rejected("the kernel goes round at the end of the row: n rows where only n - k + 1 places fit")
def toeplitz_matrix(kernel, n):
    if len(kernel) > n:
        raise ValueError("kernel too long")
    return np.array([np.roll(np.r_[kernel, np.zeros(n - len(kernel))], i) for i in range(n)])


@rejected("the diagonals are averaged: the gradients of shared weights are added")
def shared_grad(dT, k):
    return np.array([np.diagonal(dT, j).mean() for j in range(k)])


@rejected("only the first row is read: each row of T uses the whole kernel again")
def shared_grad(dT, k):
    return dT[0, :k].copy()


@rejected("columns are summed, not diagonals: kernel[j] stands at (i, i + j)")
def shared_grad(dT, k):
    return dT[:, :k].sum(axis=0)


@rejected("out[idx] += g writes each row once: of equal indices only the last one counts")
def embedding_backward(idx, g, vocab):
    out = np.zeros((vocab, g.shape[1]))
    out[idx] += g
    return out


@rejected("divided by how often an index occurs: the gradients of shared weights are added")
def embedding_backward(idx, g, vocab):
    out = np.zeros((vocab, g.shape[1]))
    np.add.at(out, idx, g)
    return out / np.maximum(np.bincount(idx, minlength=vocab), 1)[:, None]


@rejected("a loop over the N indices: right, but ten times slower than np.add.at")
def embedding_backward(idx, g, vocab):
    out = np.zeros((vocab, g.shape[1]))
    for n in range(len(idx)):
        out[idx[n]] += g[n]
    return out
