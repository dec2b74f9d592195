"""Oracle for pairwise_distances: the definitions, one pair at a time, with correctly rounded sums."""

import math

import numpy as np


def squared_distances(X, Y):
    """Σ_d (x_d - y_d)² for every pair."""
    return np.array([[math.fsum((a - b) ** 2 for a, b in zip(x, y, strict=True)) for y in Y] for x in X])


def kmeans(X, centers0, max_iter=300):
    """Lloyd's algorithm in plain loops."""
    centers = [tuple(center) for center in centers0.tolist()]
    points = [tuple(point) for point in X.tolist()]

    def nearest(point):
        distances = [math.dist(point, center) for center in centers]
        return distances.index(min(distances))

    labels = [nearest(point) for point in points]
    for _ in range(max_iter):
        for j in range(len(centers)):
            mine = [point for point, label in zip(points, labels, strict=True) if label == j]
            if mine:
                centers[j] = tuple(math.fsum(values) / len(mine) for values in zip(*mine, strict=True))
        before, labels = labels, [nearest(point) for point in points]
        if labels == before:
            break
    inertia = math.fsum(math.dist(point, centers[label]) ** 2 for point, label in zip(points, labels, strict=True))
    return np.array(centers), np.array(labels), inertia


def naive_squared_distances(X, Y):
    """What `squared_distances` is measured against: all differences at once, n m d numbers in memory."""
    return ((X[:, None, :] - Y[None, :, :]) ** 2).sum(axis=2)


def scipy_squared_distances(X, Y):
    """scipy's own answer."""
    from scipy.spatial.distance import cdist

    return cdist(X, Y, "sqeuclidean")


def torch_squared_distances(X, Y):
    """torch's own answer, by a matrix product as well."""
    import torch

    return torch.cdist(torch.from_numpy(X), torch.from_numpy(Y)).square().numpy()
