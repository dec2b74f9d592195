"""Oracle for mlp_backprop: the loss by loops over samples and neurons, its gradient by the complex step.

J is analytic where no pre-activation is 0, so Im J(θ + ihe) / h is the derivative to rounding: no chain rule is used.
"""

import numpy as np

STEP = 1e-30


def logits(params, X):
    """The network, one sample and one neuron at a time; works on complex parameters too."""
    rows = []
    for x in X:
        a = list(x)
        for layer, (W, b) in enumerate(params):
            z = [sum(a[i] * W[i, j] for i in range(len(a))) + b[j] for j in range(len(b))]
            a = [value if value.real > 0 else 0.0 for value in z] if layer < len(params) - 1 else z
        rows.append(a)
    return np.array(rows)


def loss(params, X, y, l2=0.0):
    """Mean cross entropy plus half the squared weights."""
    total = 0.0
    for z, label in zip(logits(params, X), y, strict=True):
        top = max(value.real for value in z)
        total = total + np.log(sum(np.exp(value - top) for value in z)) + top - z[label]
    return total / len(X) + l2 / 2 * sum((w * w).sum() for w, _ in params)


def loss_and_grads(params, X, y, l2=0.0):
    """J, and one complex step for every single parameter."""
    grads = []
    for layer, pair in enumerate(params):
        slopes = []
        for part, array in enumerate(pair):
            slope = np.zeros(array.shape)
            for index in np.ndindex(array.shape):
                moved = array.astype(complex)
                moved[index] += 1j * STEP
                other = [*params]
                other[layer] = (moved, pair[1]) if part == 0 else (pair[0], moved)
                slope[index] = loss(other, X, y, l2).imag / STEP
            slopes.append(slope)
        grads.append(tuple(slopes))
    return float(np.real(loss(params, X, y, l2))), grads


def forward(params, X):
    """The logits alone: what the cache holds is nobody's business."""
    return np.real(logits(params, X))
