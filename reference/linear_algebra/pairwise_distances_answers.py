"""Known answers for pairwise_distances."""

import numpy as np

from dojo.answers import accepted, rejected


@accepted("one coordinate at a time: no product, no cancellation, d passes over an (n, m) array")
def squared_distances(X, Y):
    D = np.zeros((len(X), len(Y)))
    for x, y in zip(X.T, Y.T, strict=True):
        D += np.subtract.outer(x, y) ** 2
    return D


@accepted("one point at a time: its differences to all others, an (m, d) array")
def squared_distances(X, Y):
    return np.stack([np.square(Y - x).sum(axis=1) for x in X])


@accepted("the formula as it stands, about the mean of all points; np.where instead of np.maximum")
def squared_distances(X, Y):
    c = np.concatenate([X, Y]).mean(axis=0)
    X, Y = X - c, Y - c
    D = (X**2).sum(axis=1, keepdims=True) + (Y**2).sum(axis=1) - 2 * np.dot(X, Y.T)
    return np.where(D > 0, D, 0.0)


@accepted("about the first point, norms from the diagonals of the Gram matrix of all points at once")
def squared_distances(X, Y):
    Z = np.vstack([X, Y]) - X[0]
    G = Z @ Z.T
    norms = np.diag(G)
    return np.clip(norms[: len(X), None] - 2 * G[: len(X), len(X) :] + norms[None, len(X) :], 0, None)


@accepted("Lloyd's rounds until the centers repeat, with sums by np.add.at; one more round changes nothing")
def kmeans(X, centers0, max_iter=300):
    C = centers0 + 0.0
    for _ in range(max_iter):
        labels = np.argmin(squared_distances(X, C), axis=1)
        sums, count = np.zeros_like(C), np.zeros(len(C))
        np.add.at(sums, labels, X)
        np.add.at(count, labels, 1)
        moved = np.where(count[:, None] > 0, sums / np.maximum(count, 1)[:, None], C)
        if (moved == C).all():
            break
        C = moved
    D = squared_distances(X, C)
    labels = np.argmin(D, axis=1)
    return C, labels, float(np.take_along_axis(D, labels[:, None], 1).sum())


@accepted("Lloyd's rounds in plain loops over lists")
def kmeans(X, centers0, max_iter=300):
    points, centers = X.tolist(), centers0.tolist()

    def square(p, c):
        return sum((a - b) ** 2 for a, b in zip(p, c, strict=True))

    def label():
        return [min(range(len(centers)), key=lambda j: (square(p, centers[j]), j)) for p in points]

    labels, rounds, moving = label(), 0, True
    while moving and rounds < max_iter:
        for j in range(len(centers)):
            mine = [p for p, l in zip(points, labels, strict=True) if l == j]
            if mine:
                centers[j] = [sum(values) / len(mine) for values in zip(*mine, strict=True)]
        new = label()
        labels, rounds, moving = new, rounds + 1, new != labels
    inertia = sum(square(p, centers[l]) for p, l in zip(points, labels, strict=True))
    return np.array(centers), np.array(labels), inertia


@rejected("points far from the origin: ‖x‖² and 2 xᵀy are huge there and cancel; move the origin into the data")
def squared_distances(X, Y):
    D = (X * X).sum(axis=1)[:, None] + (Y * Y).sum(axis=1) - 2 * X @ Y.T
    return np.maximum(D, 0.0)


@rejected("each set is moved by its own mean: that changes the distances between them; one origin for both")
def squared_distances(X, Y):
    X, Y = X - X.mean(axis=0), Y - Y.mean(axis=0)
    D = (X * X).sum(axis=1)[:, None] + (Y * Y).sum(axis=1) - 2 * X @ Y.T
    return np.maximum(D, 0.0)


@rejected("rounding leaves small negative numbers, and their root is NaN: cut them off at 0")
def squared_distances(X, Y):
    X, Y = X - X.mean(axis=0), Y - X.mean(axis=0)
    return (X * X).sum(axis=1)[:, None] + (Y * Y).sum(axis=1) - 2 * X @ Y.T


@rejected("the norms are added along the wrong axes: ‖x_i‖² belongs to row i, ‖y_j‖² to column j")
def squared_distances(X, Y):
    c = X.mean(axis=0)
    X, Y = X - c, Y - c
    x, y = (X * X).sum(axis=1), (Y * Y).sum(axis=1)
    if len(x) == len(y):
        return np.maximum(x[None, :] + y[:, None] - 2 * X @ Y.T, 0.0)
    return np.maximum(x[:, None] + y[None, :] - 2 * X @ Y.T, 0.0)


@rejected("the result is (m, n): row i holds the distances of x_i")
def squared_distances(X, Y):
    return np.array([((X - y) ** 2).sum(axis=1) for y in Y])


@rejected("xᵀy counts twice: (x - y)² = x² + y² - 2 x y")
def squared_distances(X, Y):
    c = X.mean(axis=0)
    X, Y = X - c, Y - c
    return np.maximum((X * X).sum(axis=1)[:, None] + (Y * Y).sum(axis=1) - X @ Y.T, 0.0)


@rejected("these are the distances, not their squares")
def squared_distances(X, Y):
    return np.array([np.sqrt(((Y - x) ** 2).sum(axis=1)) for x in X])


@rejected("the mean over the coordinates is taken: a squared distance is their sum")
def squared_distances(X, Y):
    return np.array([((Y - x) ** 2).mean(axis=1) for x in X])


@rejected("small distances are raised to a smallest value: the 0 of equal points is exact enough")
def squared_distances(X, Y):
    return np.array([np.maximum(((Y - x) ** 2).sum(axis=1), 1e-12) for x in X])


@rejected("all differences are made at once: an array of n m d numbers, where the result has n m")
def squared_distances(X, Y):
    return ((X[:, None] - Y) ** 2).sum(axis=2)


@rejected("the mean of an empty cluster is NaN: a center without points stays where it is")
def kmeans(X, centers0, max_iter=300):
    C = centers0.copy()
    labels = squared_distances(X, C).argmin(axis=1)
    for _ in range(max_iter):
        member = labels == np.arange(len(C))[:, None]
        C = member @ X / member.sum(axis=1)[:, None]
        before, labels = labels, squared_distances(X, C).argmin(axis=1)
        if (labels == before).all():
            break
    return C, labels, float(((X - C[labels]) ** 2).sum())


@rejected("an empty cluster is put at the origin: a center without points stays where it is")
def kmeans(X, centers0, max_iter=300):
    C = centers0.copy()
    labels = squared_distances(X, C).argmin(axis=1)
    for _ in range(max_iter):
        member = labels == np.arange(len(C))[:, None]
        C = member @ X / np.maximum(member.sum(axis=1), 1)[:, None]
        before, labels = labels, squared_distances(X, C).argmin(axis=1)
        if (labels == before).all():
            break
    return C, labels, float(((X - C[labels]) ** 2).sum())


@rejected("an empty cluster is started again at the farthest point: here a center without points stays")
def kmeans(X, centers0, max_iter=300):
    C = centers0.copy()
    D = squared_distances(X, C)
    labels = D.argmin(axis=1)
    for _ in range(max_iter):
        for j in range(len(C)):
            mine = X[labels == j]
            C[j] = mine.mean(axis=0) if len(mine) else X[D.min(axis=1).argmax()]
        D = squared_distances(X, C)
        before, labels = labels, D.argmin(axis=1)
        if (labels == before).all():
            break
    return C, labels, float(((X - C[labels]) ** 2).sum())


@rejected("the labels are those of the centers before their last move: label once more at the end")
def kmeans(X, centers0, max_iter=300):
    C = centers0.copy()
    labels = squared_distances(X, C).argmin(axis=1)
    for _ in range(max_iter):
        labels = squared_distances(X, C).argmin(axis=1)
        before = C.copy()
        for j in set(labels.tolist()):
            C[j] = X[labels == j].mean(axis=0)
        if (C == before).all():
            break
    return C, labels, float(((X - C[labels]) ** 2).sum())


@rejected("the inertia is that of the round before: compute it from the centers and labels returned")
def kmeans(X, centers0, max_iter=300):
    C = centers0.copy()
    labels = squared_distances(X, C).argmin(axis=1)
    inertia = float(((X - C[labels]) ** 2).sum())
    for _ in range(max_iter):
        inertia = float(((X - C[labels]) ** 2).sum())
        for j in set(labels.tolist()):
            C[j] = X[labels == j].mean(axis=0)
        before, labels = labels, squared_distances(X, C).argmin(axis=1)
        if (labels == before).all():
            break
    return C, labels, inertia


@rejected("the first labelling counts as a round: a round moves the centers and labels again")
def kmeans(X, centers0, max_iter=300):
    C = centers0.copy()
    labels = squared_distances(X, C).argmin(axis=1)
    for _ in range(max_iter - 1):
        for j in set(labels.tolist()):
            C[j] = X[labels == j].mean(axis=0)
        before, labels = labels, squared_distances(X, C).argmin(axis=1)
        if (labels == before).all():
            break
    return C, labels, float(((X - C[labels]) ** 2).sum())


@rejected("max_iter is not used: after that many rounds the answer is what is there")
def kmeans(X, centers0, max_iter=300):
    C = centers0.copy()
    labels = squared_distances(X, C).argmin(axis=1)
    while True:
        for j in set(labels.tolist()):
            C[j] = X[labels == j].mean(axis=0)
        before, labels = labels, squared_distances(X, C).argmin(axis=1)
        if (labels == before).all():
            return C, labels, float(((X - C[labels]) ** 2).sum())


@rejected("centers that move by less than 1e-4 are taken to stand: in small units none of them ever moves")
def kmeans(X, centers0, max_iter=300):
    C = centers0.copy()
    labels = squared_distances(X, C).argmin(axis=1)
    for _ in range(max_iter):
        before = C.copy()
        for j in set(labels.tolist()):
            C[j] = X[labels == j].mean(axis=0)
        labels = squared_distances(X, C).argmin(axis=1)
        if np.abs(C - before).max() < 1e-4:
            break
    return C, labels, float(((X - C[labels]) ** 2).sum())


@rejected("a small move of the centers ends the rounds: the last label may still change, so wait for none to")
def kmeans(X, centers0, max_iter=300):
    C = centers0.copy()
    labels = squared_distances(X, C).argmin(axis=1)
    for _ in range(max_iter):
        before = C.copy()
        for j in set(labels.tolist()):
            C[j] = X[labels == j].mean(axis=0)
        labels = squared_distances(X, C).argmin(axis=1)
        if ((C - before) ** 2).sum() <= 1e-4 * X.var(axis=0).mean():
            break
    return C, labels, float(((X - C[labels]) ** 2).sum())


@rejected("a center without points goes back to where it started: it stays where it was last")
def kmeans(X, centers0, max_iter=300):
    C = centers0.copy()
    labels = squared_distances(X, C).argmin(axis=1)
    for _ in range(max_iter):
        C = centers0.copy()
        for j in set(labels.tolist()):
            C[j] = X[labels == j].mean(axis=0)
        before, labels = labels, squared_distances(X, C).argmin(axis=1)
        if (labels == before).all():
            break
    return C, labels, float(((X - C[labels]) ** 2).sum())


@rejected("an inertia that falls by little is taken to stand: the rounds end when no label changes")
def kmeans(X, centers0, max_iter=300):
    C = centers0.copy()
    labels = squared_distances(X, C).argmin(axis=1)
    inertia = np.inf
    for _ in range(max_iter):
        for j in set(labels.tolist()):
            C[j] = X[labels == j].mean(axis=0)
        labels = squared_distances(X, C).argmin(axis=1)
        before, inertia = inertia, float(((X - C[labels]) ** 2).sum())
        if before - inertia <= 1e-4 * inertia:
            break
    return C, labels, float(((X - C[labels]) ** 2).sum())


@rejected("a tie goes to the last of the nearest centers: it belongs to the first")
def kmeans(X, centers0, max_iter=300):
    def nearest(C):
        return len(C) - 1 - squared_distances(X, C)[:, ::-1].argmin(axis=1)

    C = centers0.copy()
    labels = nearest(C)
    for _ in range(max_iter):
        for j in set(labels.tolist()):
            C[j] = X[labels == j].mean(axis=0)
        before, labels = labels, nearest(C)
        if (labels == before).all():
            break
    return C, labels, float(((X - C[labels]) ** 2).sum())


@rejected("the starting centers are moved themselves: copy centers0 first")
def kmeans(X, centers0, max_iter=300):
    labels = squared_distances(X, centers0).argmin(axis=1)
    for _ in range(max_iter):
        for j in set(labels.tolist()):
            centers0[j] = X[labels == j].mean(axis=0)
        before, labels = labels, squared_distances(X, centers0).argmin(axis=1)
        if (labels == before).all():
            break
    return centers0, labels, float(((X - centers0[labels]) ** 2).sum())


@rejected("the inertia is a sum of squares: these are the distances themselves")
def kmeans(X, centers0, max_iter=300):
    C = centers0.copy()
    labels = squared_distances(X, C).argmin(axis=1)
    for _ in range(max_iter):
        for j in set(labels.tolist()):
            C[j] = X[labels == j].mean(axis=0)
        before, labels = labels, squared_distances(X, C).argmin(axis=1)
        if (labels == before).all():
            break
    return C, labels, float(np.sqrt(((X - C[labels]) ** 2).sum(axis=1)).sum())


@rejected("the inertia is the sum over the points, not their mean")
def kmeans(X, centers0, max_iter=300):
    C = centers0.copy()
    labels = squared_distances(X, C).argmin(axis=1)
    for _ in range(max_iter):
        for j in set(labels.tolist()):
            C[j] = X[labels == j].mean(axis=0)
        before, labels = labels, squared_distances(X, C).argmin(axis=1)
        if (labels == before).all():
            break
    return C, labels, float(((X - C[labels]) ** 2).sum(axis=1).mean())


@rejected("the median of a cluster minimises another sum: the center is the mean of its points")
def kmeans(X, centers0, max_iter=300):
    C = centers0.copy()
    labels = squared_distances(X, C).argmin(axis=1)
    for _ in range(max_iter):
        for j in set(labels.tolist()):
            C[j] = np.median(X[labels == j], axis=0)
        before, labels = labels, squared_distances(X, C).argmin(axis=1)
        if (labels == before).all():
            break
    return C, labels, float(((X - C[labels]) ** 2).sum())


@rejected("each center moves as soon as it can and the labels follow at once: a round moves all of them first")
def kmeans(X, centers0, max_iter=300):
    C = centers0.copy()
    labels = squared_distances(X, C).argmin(axis=1)
    for _ in range(max_iter):
        before = labels
        for j in range(len(C)):
            if (labels == j).any():
                C[j] = X[labels == j].mean(axis=0)
            labels = squared_distances(X, C).argmin(axis=1)
        if (labels == before).all():
            break
    return C, labels, float(((X - C[labels]) ** 2).sum())


equivalent(
    "return np.maximum(D, 0.0, out=D)",
    "return np.maximum(D, 0.0)",
    "one array more: the memory is still that of a few results",
)
equivalent("if np.array_equal(labels, before):", "if False:", "rounds after the last one change nothing")
equivalent(
    "if np.array_equal(labels, before):",
    "if np.array_equal(None, before):",
    "rounds after the last one change nothing",
)
equivalent(
    "if np.array_equal(labels, before):",
    "if np.array_equal(labels, None):",
    "rounds after the last one change nothing",
)
equivalent("break", "pass", "rounds after the last one change nothing")
