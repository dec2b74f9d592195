"""Known answers for nash_equilibrium."""

from itertools import chain, combinations, product

import numpy as np

from dojo.answers import accepted, equivalent, rejected

equivalent(
    "spread = float(A.max() - A.min()) or 1.0",
    "spread = float(A.max() - A.min()) or 2.0",
    "any rate does where all payoffs are equal",
)
equivalent(
    "rate_x, rate_y = np.sqrt(8 * np.log([m, n]) / iters) / spread",
    "rate_x, rate_y = np.sqrt(9 * np.log([m, n]) / iters) / spread",
    "another rate, which keeps the promise",
)
equivalent(
    "rate_x, rate_y = np.sqrt(8 * np.log([m, n]) / iters) / spread",
    "rate_x, rate_y = np.sqrt(7 * np.log([m, n]) / iters) / spread",
    "another rate, which keeps the promise",
)
equivalent(
    "rate_x, rate_y = np.sqrt(8 * np.log([m, n]) / iters) / spread",
    "rate_x, rate_y = np.sqrt(8 * np.log1p([m, n]) / iters) / spread",
    "another rate, which keeps the promise",
)
equivalent(
    "rate_x, rate_y = np.sqrt(8 * np.log([m, n]) / iters) / spread",
    "rate_x, rate_y = np.sqrt(np.log([m, n]) / iters) / spread",
    "another rate, which keeps the promise",
)
equivalent(
    "rate_x, rate_y = np.sqrt(8 * np.log([m, n]) / iters) / spread",
    "rate_x, rate_y = np.sqrt(8 * np.log([m, n]) * iters) / spread",
    "nearly fictitious play, whose averages converge as well",
)
equivalent(
    "rate_x, rate_y = np.sqrt(8 * np.log([m, n]) / iters) / spread",
    "rate_x, rate_y = np.sqrt((8 * np.log([m, n]))) / spread",
    "nearly fictitious play, whose averages converge as well",
)
equivalent(
    "payoff, bill = np.zeros(m), np.zeros(n)",
    "payoff, bill = np.ones(m), np.zeros(n)",
    "a constant in all scores cancels",
)
equivalent(
    "payoff, bill = np.zeros(m), np.zeros(n)",
    "payoff, bill = np.zeros(m), np.ones(n)",
    "a constant in all scores cancels",
)
equivalent(
    "w = np.exp(scores - scores.max())",
    "w = np.exp(scores - scores.min())",
    "scores differ by at most sqrt(8 log(m) iters): no overflow below some 20 000 rounds",
)
equivalent(
    "rounding = 1e-9 * np.abs([A, B]).max()",
    "rounding = 1e-9 * np.abs([A, B]).min()",
    "another slack, between the rounding and what a deviation gains",
)
equivalent(
    "for k in range(1, min(m, n) + 1):",
    "for k in range(0, min(m, n) + 1):",
    "no supports of size 0: their equations are singular",
)
equivalent(
    "for k in range(1, min(m, n) + 1):", "for k in range(1, max(m, n) + 1):", "no combinations beyond the smaller size"
)
equivalent(
    "for k in range(1, min(m, n) + 1):", "for k in range(1, min(m, n) + 2):", "no combinations beyond the smaller size"
)
equivalent(
    "equations = np.block([[payoffs, -np.ones((k, 1))], [np.ones((1, k)), np.zeros((1, 1))]])",
    "equations = np.block([[payoffs, +np.ones((k, 1))], [np.ones((1, k)), np.zeros((1, 1))]])",
    "the sign of v, which is not returned",
)
equivalent(
    "return np.linalg.solve(equations, np.append(np.zeros(k), 1.0))[:k]",
    "return np.linalg.solve(equations, np.append(np.ones(k), 1.0))[:k]",
    "v less 1, which is not returned",
)


@accepted("the definitions, one pure deviation at a time")
class deviations:
    def is_nash(A, B, x, y, tol=1e-9):
        m, n = A.shape
        for i in range(m):
            if np.eye(m)[i] @ A @ y > x @ A @ y + tol:
                return False
        return all(x @ B[:, j] <= x @ B @ y + tol for j in range(n))

    def exploitability(A, x, y):
        value = x @ A @ y
        return max(row @ y - value for row in A) + max(value - x @ column for column in A.T)


@accepted("the weights themselves are multiplied round by round, with rates for any number of rounds")
def zero_sum_value(A, iters=100_000):
    low, high = A.min(), A.max()
    U = (A - low) / (high - low) if high > low else np.zeros_like(A)  # payoffs in [0, 1]
    m, n = A.shape
    x, y = np.ones(m) / m, np.ones(n) / n
    mean_x, mean_y = np.zeros(m), np.zeros(n)
    for _ in range(iters):
        mean_x += x / iters
        mean_y += y / iters
        for_x, for_y = U @ y, x @ U
        x = x * (1 + np.sqrt(np.log(m) / iters) * for_x)
        y = y * (1 - np.sqrt(np.log(n) / iters) * for_y)
        x, y = x / x.sum(), y / y.sum()
    return min(mean_x @ A), max(A @ mean_y), mean_x, mean_y


@accepted("one player learns, the other one answers each time with a best response")
def zero_sum_value(A, iters=100_000):
    m, n = A.shape
    spread = A.max() - A.min()
    rate = np.sqrt(8 * np.log(m) / iters) / (spread if spread > 0 else 1)
    total = np.zeros(m)
    x_sum, y_sum = np.zeros(m), np.zeros(n)
    for _ in range(iters):
        x = np.exp(rate * (total - total.max()))
        x /= x.sum()
        j = np.argmin(x @ A)
        total += A[:, j]
        x_sum += x
        y_sum[j] += 1
    x, y = x_sum / iters, y_sum / iters
    return float(np.min(x @ A)), float(np.max(A @ y)), x, y


@accepted("equations of differences: neighbouring rows of the support pay the same, and the sum is 1")
def support_enumeration(A, B):
    m, n = A.shape

    def mixture(payoffs, rows, columns, size):
        M = payoffs[np.ix_(rows, columns)]
        M = np.vstack([M[1:] - M[:-1], np.ones(len(columns))])
        if abs(np.linalg.det(M)) < 1e-12 * max(1e-300, np.abs(payoffs).max()) ** (len(rows) - 1):
            return None
        p = np.zeros(size)
        p[list(columns)] = np.linalg.solve(M, np.append(np.zeros(len(rows) - 1), 1.0))
        return p if p.min() >= 0 else None

    found = []
    pairs = chain.from_iterable(
        product(combinations(range(m), k), combinations(range(n), k)) for k in range(1, min(m, n) + 1)
    )
    for rows, columns in pairs:
        y = mixture(A, rows, columns, n)
        x = mixture(B.T, columns, rows, m)
        if x is None or y is None:
            continue
        slack = 1e-10 * (np.abs(A).max() + np.abs(B).max())
        if (A @ y <= (A @ y)[rows[0]] + slack).all() and (x @ B <= (x @ B)[columns[0]] + slack).all():
            found.append((x, y))
    return found


# --- is_nash and exploitability ---


@rejected("only the row player is asked: an equilibrium needs that neither gains")
def is_nash(A, B, x, y, tol=1e-9):
    return bool((A @ y).max() - x @ A @ y <= tol)


@rejected("only the strategies in the support are compared: one outside may pay more")
def is_nash(A, B, x, y, tol=1e-9):
    rows, columns = (A @ y)[x > 0], (x @ B)[y > 0]
    return bool(np.ptp(rows) <= tol and np.ptp(columns) <= tol)


@rejected("each player's own payoffs are taken for its own mixture: A y concerns the rows, xᵀB the columns")
def is_nash(A, B, x, y, tol=1e-9):
    return bool((B @ y).max() - x @ B @ y <= tol and (x @ A).max() - x @ A @ y <= tol)


@rejected("the column player of a zero-sum game: here it maximises its own payoffs B")
def is_nash(A, B, x, y, tol=1e-9):
    return bool((A @ y).max() - x @ A @ y <= tol and x @ B @ y - (x @ B).min() <= tol)


@rejected("it is the support that must consist of best responses, and not all of them that must be played")
def is_nash(A, B, x, y, tol=1e-9):
    rows, columns = A @ y, x @ B
    best_rows, best_columns = rows >= rows.max() - tol, columns >= columns.max() - tol
    return bool((best_rows == (x > 0)).all() and (best_columns == (y > 0)).all())


@rejected("the tolerance is relative here: it is meant in units of payoff")
def is_nash(A, B, x, y, tol=1e-9):
    rows, columns = A @ y, x @ B
    size = max(np.abs(A).max(), np.abs(B).max())
    return bool(rows.max() - x @ rows <= tol * size and columns.max() - columns @ y <= tol * size)


@rejected("half of the sum: exploitability is the sum of both gains here")
def exploitability(A, x, y):
    return float((A @ y).max() - (x @ A).min()) / 2


@rejected("only what the row player gains: the column player may gain as well")
def exploitability(A, x, y):
    return float((A @ y).max() - x @ A @ y)


@rejected("the column player pays A: it looks for the smallest column, not for the largest")
def exploitability(A, x, y):
    return float((A @ y).max() - x @ A @ y + (x @ A).max() - x @ A @ y)


# --- the value ---


@rejected("the last iterates: they go round the equilibrium, it is the averages that converge")
def zero_sum_value(A, iters=100_000):
    m, n = A.shape
    spread = float(A.max() - A.min()) or 1.0
    rate_x, rate_y = np.sqrt(8 * np.log([m, n]) / iters) / spread
    payoff, bill = np.zeros(m), np.zeros(n)
    for _ in range(iters):
        x, y = _weights(rate_x * payoff), _weights(-rate_y * bill)
        payoff += A @ y
        bill += x @ A
    return float((x @ A).min()), float((A @ y).max()), x, y


@rejected("the payoffs were shifted to be positive, and the value was not shifted back")
def zero_sum_value(A, iters=100_000):
    U = A - A.min()
    m, n = A.shape
    spread = float(U.max()) or 1.0
    rate_x, rate_y = np.sqrt(8 * np.log([m, n]) / iters) / spread
    payoff, bill = np.zeros(m), np.zeros(n)
    x_total, y_total = np.zeros(m), np.zeros(n)
    for _ in range(iters):
        x, y = _weights(rate_x * payoff), _weights(-rate_y * bill)
        payoff += U @ y
        bill += x @ U
        x_total += x
        y_total += y
    x, y = x_total / iters, y_total / iters
    return float((x @ U).min()), float((U @ y).max()), x, y


@rejected("both players maximise: y pays A, its weights fall with what it has to pay")
def zero_sum_value(A, iters=100_000):
    m, n = A.shape
    spread = float(A.max() - A.min()) or 1.0
    rate_x, rate_y = np.sqrt(8 * np.log([m, n]) / iters) / spread
    payoff, bill = np.zeros(m), np.zeros(n)
    x_total, y_total = np.zeros(m), np.zeros(n)
    for _ in range(iters):
        x, y = _weights(rate_x * payoff), _weights(rate_y * bill)
        payoff += A @ y
        bill += x @ A
        x_total += x
        y_total += y
    x, y = x_total / iters, y_total / iters
    return float((x @ A).min()), float((A @ y).max()), x, y


@rejected("the rates do not know the spread of the payoffs: small ones are never learned, large ones too fast")
def zero_sum_value(A, iters=100_000):
    m, n = A.shape
    rate_x, rate_y = np.sqrt(8 * np.log([m, n]) / iters)
    payoff, bill = np.zeros(m), np.zeros(n)
    x_total, y_total = np.zeros(m), np.zeros(n)
    for _ in range(iters):
        x, y = _weights(rate_x * payoff), _weights(-rate_y * bill)
        payoff += A @ y
        bill += x @ A
        x_total += x
        y_total += y
    x, y = x_total / iters, y_total / iters
    return float((x @ A).min()), float((A @ y).max()), x, y


@rejected("the weights overflow: take the largest score off before exp")
def zero_sum_value(A, iters=100_000):
    m, n = A.shape
    spread = float(A.max() - A.min()) or 1.0
    rate_x, rate_y = np.sqrt(8 * np.log([m, n]) / iters) / spread
    payoff, bill = np.zeros(m), np.zeros(n)
    x_total, y_total = np.zeros(m), np.zeros(n)
    for _ in range(iters):
        x, y = np.exp(rate_x * payoff), np.exp(-rate_y * bill)
        x, y = x / x.sum(), y / y.sum()
        payoff += A @ y
        bill += x @ A
        x_total += x
        y_total += y
    x, y = x_total / iters, y_total / iters
    return float((x @ A).min()), float((A @ y).max()), x, y


@rejected("a division by the spread of the payoffs, which is 0 where all are equal")
def zero_sum_value(A, iters=100_000):
    m, n = A.shape
    rate_x, rate_y = np.sqrt(8 * np.log([m, n]) / iters) / (A.max() - A.min())
    payoff, bill = np.zeros(m), np.zeros(n)
    x_total, y_total = np.zeros(m), np.zeros(n)
    for _ in range(iters):
        x, y = _weights(rate_x * payoff), _weights(-rate_y * bill)
        payoff += A @ y
        bill += x @ A
        x_total += x
        y_total += y
    x, y = x_total / iters, y_total / iters
    return float((x @ A).min()), float((A @ y).max()), x, y


@rejected("upper and lower are swapped: x proves the lower bound, y the upper one")
def zero_sum_value(A, iters=100_000):
    m, n = A.shape
    spread = float(A.max() - A.min()) or 1.0
    rate_x, rate_y = np.sqrt(8 * np.log([m, n]) / iters) / spread
    payoff, bill = np.zeros(m), np.zeros(n)
    x_total, y_total = np.zeros(m), np.zeros(n)
    for _ in range(iters):
        x, y = _weights(rate_x * payoff), _weights(-rate_y * bill)
        payoff += A @ y
        bill += x @ A
        x_total += x
        y_total += y
    x, y = x_total / iters, y_total / iters
    return float((A @ y).max()), float((x @ A).min()), x, y


@rejected("bounds from the play itself: the mean payoff lies between them, and proves nothing")
def zero_sum_value(A, iters=100_000):
    m, n = A.shape
    spread = float(A.max() - A.min()) or 1.0
    rate_x, rate_y = np.sqrt(8 * np.log([m, n]) / iters) / spread
    payoff, bill = np.zeros(m), np.zeros(n)
    x_total, y_total, mean = np.zeros(m), np.zeros(n), 0.0
    for _ in range(iters):
        x, y = _weights(rate_x * payoff), _weights(-rate_y * bill)
        payoff += A @ y
        bill += x @ A
        x_total += x
        y_total += y
        mean += x @ A @ y / iters
    return float(mean), float(mean), x_total / iters, y_total / iters


# --- all equilibria ---


@rejected("each player mixes by its own payoffs: x has to make the columns indifferent, so B fixes it")
def support_enumeration(A, B):
    m, n = A.shape
    found = []
    for k in range(1, min(m, n) + 1):
        for rows in combinations(range(m), k):
            for columns in combinations(range(n), k):
                block = np.ix_(rows, columns)
                x, y = np.zeros(m), np.zeros(n)
                try:
                    x[list(rows)] = _indifferent(A[block].T)
                    y[list(columns)] = _indifferent(B[block])
                except np.linalg.LinAlgError:
                    continue
                if (x >= 0).all() and (y >= 0).all():
                    found.append((x, y))
    return found


@rejected("solutions with negative probabilities are let through")
def support_enumeration(A, B):
    m, n = A.shape
    found = []
    for k in range(1, min(m, n) + 1):
        for rows in combinations(range(m), k):
            for columns in combinations(range(n), k):
                block = np.ix_(rows, columns)
                x, y = np.zeros(m), np.zeros(n)
                try:
                    x[list(rows)] = _indifferent(B[block].T)
                    y[list(columns)] = _indifferent(A[block])
                except np.linalg.LinAlgError:
                    continue
                if is_nash(A, B, x, y):
                    found.append((x, y))
    return found


@rejected("strategies outside the supports are not asked: one of them may pay more")
def support_enumeration(A, B):
    m, n = A.shape
    found = []
    for k in range(1, min(m, n) + 1):
        for rows in combinations(range(m), k):
            for columns in combinations(range(n), k):
                block = np.ix_(rows, columns)
                x, y = np.zeros(m), np.zeros(n)
                try:
                    x[list(rows)] = _indifferent(B[block].T)
                    y[list(columns)] = _indifferent(A[block])
                except np.linalg.LinAlgError:
                    continue
                if (x >= 0).all() and (y >= 0).all():
                    found.append((x, y))
    return found


@rejected("pure equilibria only")
def support_enumeration(A, B):
    pure = product(np.eye(A.shape[0]), np.eye(A.shape[1]))
    return [(x, y) for x, y in pure if is_nash(A, B, x, y)]


@rejected("full supports only: equilibria may leave strategies out")
def support_enumeration(A, B):
    m, n = A.shape
    if m != n:
        return []
    x, y = _indifferent(B.T), _indifferent(A)
    return [(x, y)] if (x >= 0).all() and (y >= 0).all() else []


@rejected("NaN passes every check that asks for what is wrong: skip singular equations")
def support_enumeration(A, B):
    m, n = A.shape
    found = []
    for k in range(1, min(m, n) + 1):
        for rows, columns in product(combinations(range(m), k), combinations(range(n), k)):
            block = np.ix_(rows, columns)
            x, y = np.zeros(m), np.zeros(n)
            try:
                x[list(rows)] = _indifferent(B[block].T)
                y[list(columns)] = _indifferent(A[block])
            except np.linalg.LinAlgError:
                x[list(rows)], y[list(columns)] = np.nan, np.nan
            gains = (A @ y).max() - x @ A @ y, (x @ B).max() - x @ B @ y
            if not ((x < 0).any() or (y < 0).any() or max(gains) > 1e-9):
                found.append((x, y))
    return found


@rejected("singular equations end in an error: such pairs of supports are skipped")
def support_enumeration(A, B):
    m, n = A.shape
    found = []
    for k in range(1, min(m, n) + 1):
        for rows in combinations(range(m), k):
            for columns in combinations(range(n), k):
                block = np.ix_(rows, columns)
                x, y = np.zeros(m), np.zeros(n)
                x[list(rows)] = _indifferent(B[block].T)
                y[list(columns)] = _indifferent(A[block])
                if not (x < 0).any() and not (y < 0).any() and is_nash(A, B, x, y):
                    found.append((x, y))
    return found
