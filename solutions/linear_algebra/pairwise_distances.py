"""Pairwise distances as one matrix product, and k-means on top of it.

All squared distances between n points x_i and m points y_j in d dimensions are n m d subtractions and
squares. But

    ‖x - y‖² = ‖x‖² + ‖y‖² - 2 xᵀy

and the last term, for all pairs at once, is the product X Yᵀ: the one operation that computers do at full
speed. The price is rounding: numbers of the size of ‖x‖² cancel, and for points far from the origin little is
left of their distance. Distances do not change when all points are moved, so move the origin into the data
first. What is then left of the error is about eps times the squared diameter of the data; it may be negative,
which no square is.

K-means wants k centers c_1, ..., c_k and a label l_i for each point so that the inertia Σ ‖x_i - c_{l_i}‖² is
small. Lloyd's algorithm minimises over the labels with the centers held, then over the centers with the
labels held, and so on. The inertia never rises, and there are only finitely many labellings, so it ends: in a
minimum, but not always the lowest. Where it ends depends on where it started.

Throughout: X is (n, d), Y is (m, d), all sizes at least 1, all float64.

Rules: no scipy.spatial, scipy.cluster, sklearn or torch. No array of shape (n, m, d) is made: memory is
checked. Inputs are read-only; results are new arrays.

Source: Lloyd, IEEE Trans. Inf. Theory 28 (1982); Bishop, Pattern Recognition and Machine Learning, sec. 9.1.
"""

import numpy as np


def squared_distances(X: np.ndarray, Y: np.ndarray) -> np.ndarray:
    """D of shape (n, m) with d_ij = ‖x_i - y_j‖², none of them negative.

    The error of an entry is at most some eps times the squared diameter of all the points together, however
    far they are from the origin. Cost: one matrix product, and memory for a few arrays of the size of D.

    >>> squared_distances(np.array([[0.0, 0.0], [3.0, 4.0]]), np.array([[0.0, 0.0], [3.0, 0.0], [0.0, 4.0]]))
    array([[ 0.,  9., 16.],
           [25., 16.,  9.]])
    """
    center = X.mean(axis=0)
    X, Y = X - center, Y - center
    # The norms ride along as two more columns, (-2x, ‖x‖², 1) · (y, 1, ‖y‖²), and cost no pass over (n, m).
    left = np.column_stack([-2 * X, np.einsum("id,id->i", X, X), np.ones(len(X))])  # (n, d + 2)
    right = np.column_stack([Y, np.ones(len(Y)), np.einsum("jd,jd->j", Y, Y)])  # (m, d + 2)
    D = left @ right.T  # (n, m)
    return np.maximum(D, 0.0, out=D)


def kmeans(X: np.ndarray, centers0: np.ndarray, max_iter: int = 300) -> tuple[np.ndarray, np.ndarray, float]:
    """(centers, labels, inertia) of Lloyd's algorithm from the given centers.

    centers0: (k, d). At first every point is labelled with its nearest center, the one of lowest index where
    several are equally near. Then rounds follow, until one changes no label, or max_iter of them are done:

        1. each center moves to the mean of the points with its label; where there is none it stays
        2. each point is labelled with its nearest center, as above

    Returns centers: (k, d). labels: (n,) int64, for these very centers. inertia: Σ ‖x_i - c_{l_i}‖² of the
    two.

    >>> X = np.array([[0.0], [1.0], [10.0]])
    >>> kmeans(X, np.array([[0.0], [1.0]]))
    (array([[ 0.5],
           [10. ]]), array([0, 0, 1]), 0.5)
    """
    centers = centers0.copy()
    labels = squared_distances(X, centers).argmin(axis=1)
    for _ in range(max_iter):
        member = labels == np.arange(len(centers))[:, None]  # (k, n)
        size = member.sum(axis=1)  # (k,)
        some = size > 0
        centers[some] = member[some] @ X / size[some, None]
        before, labels = labels, squared_distances(X, centers).argmin(axis=1)
        if np.array_equal(labels, before):
            break
    return centers, labels, float(np.sum((X - centers[labels]) ** 2))
