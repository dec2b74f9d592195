"""Nash equilibria: nobody gains by changing alone.

Two players choose at the same time, x among the m rows and y among the n columns, each at random with the
probabilities of a mixed strategy. Where they choose (i, j), the row player is paid A[i, j] and the column
player B[i, j], so that they may expect xᵀA y and xᵀB y, and each wants as much as possible. (x, y) is a Nash
equilibrium when each is a best response to the other; it is enough to compare with the pure strategies, since
a mean is never above its largest term:

    max_i (A y)_i = xᵀA y    and    max_j (Bᵀx)_j = xᵀB y.

Whoever mixes is indifferent: all rows that x plays pay equally much, and what makes them do so is y. So the
payoffs A of the row player fix the mixture y of the other one, and B fixes x.

In a zero-sum game, B = -A, the column player pays. Then (von Neumann)

    max_x min_j (xᵀA)_j = min_y max_i (A y)_i = the value of the game,

and any x proves a lower bound of it, any y an upper one. Players who learn by multiplicative weights regret
little, and so the averages of their play close the gap like 1/sqrt(iterations). The last iterates do not:
they go round the equilibrium, as the players of a GAN do.

Rules: no scipy.optimize and no library of games or convex programs (nashpy, pygambit, quantecon, cvxpy). All
arrays are float64; inputs are read-only, results are new arrays. Strategies handed in are distributions:
entries >= 0 that sum to 1; those handed out are so up to rounding.

Source: von Neumann 1928; Nash 1951; Nisan et al. (eds.), Algorithmic Game Theory, ch. 1-4; Shoham &
Leyton-Brown, Multiagent Systems, ch. 3-4.
"""

from itertools import combinations

import numpy as np


def is_nash(A: np.ndarray, B: np.ndarray, x: np.ndarray, y: np.ndarray, tol: float = 1e-9) -> bool:
    """Whether neither player gains more than tol by changing to another strategy while the other one stays.

    A, B: (m, n), x: (m,), y: (n,). tol is in units of payoff.

    >>> A, B = np.array([[3.0, 0.0], [5.0, 1.0]]), np.array([[3.0, 5.0], [0.0, 1.0]])  # prisoner's dilemma
    >>> cooperate, defect = np.array([1.0, 0.0]), np.array([0.0, 1.0])
    >>> is_nash(A, B, cooperate, cooperate), is_nash(A, B, defect, defect)
    (False, True)
    """
    of_rows, of_columns = A @ y, x @ B  # what each pure strategy would pay: (m,), (n,)
    return bool(of_rows.max() - x @ of_rows <= tol and of_columns.max() - of_columns @ y <= tol)


def exploitability(A: np.ndarray, x: np.ndarray, y: np.ndarray) -> float:
    """max_i (A y)_i - min_j (xᵀA)_j: what both players together leave on the table in the zero-sum game A.

    A: (m, n) is what the column player y pays to the row player x. The sum of both gains, with no factor 1/2:
    never negative, and 0 at an equilibrium only.

    >>> rock_paper_scissors = np.array([[0.0, -1.0, 1.0], [1.0, 0.0, -1.0], [-1.0, 1.0, 0.0]])
    >>> exploitability(rock_paper_scissors, np.array([1.0, 0.0, 0.0]), np.array([0.5, 0.0, 0.5]))  # 0.5 + 1
    1.5
    """
    return float((A @ y).max() - (x @ A).min())


def zero_sum_value(A: np.ndarray, iters: int = 100_000) -> tuple[float, float, np.ndarray, np.ndarray]:
    """Bounds of the value of the zero-sum game A, and strategies that prove them: (lower, upper, x, y).

    A: (m, n) is what the column player y pays to the row player x. Both play `iters` rounds by multiplicative
    weights and return the averages of their mixtures, x: (m,) and y: (n,), with lower = min_j (xᵀA)_j and
    upper = max_i (A y)_i. So lower <= value <= upper, and it is promised that

        upper - lower <= 4 (max A - min A) sqrt(log(max(m, n)) / iters),

    up to rounding, for iters >= 100, whatever the sign and the size of the payoffs, also where all are equal.
    Hedge does it with weights exp(±eta * the sum of all payoffs so far) and the rates
    eta = sqrt(8 log(m) / iters) / (max A - min A) for the rows, with n for m for the columns.

    >>> lower, upper, x, y = zero_sum_value(np.array([[3.0, -1.0], [-2.0, 1.0]]), iters=2000)  # value 1/7
    >>> lower <= 1 / 7 <= upper, upper - lower < 0.2
    (True, True)
    """
    m, n = A.shape
    spread = float(A.max() - A.min()) or 1.0  # where all payoffs are equal any rate will do
    rate_x, rate_y = np.sqrt(8 * np.log([m, n]) / iters) / spread
    payoff, bill = np.zeros(m), np.zeros(n)  # of each pure strategy, over all rounds so far
    x_total, y_total = np.zeros(m), np.zeros(n)
    for _ in range(iters):
        x, y = _weights(rate_x * payoff), _weights(-rate_y * bill)
        payoff += A @ y
        bill += x @ A
        x_total += x
        y_total += y
    x, y = x_total / iters, y_total / iters
    return float((x @ A).min()), float((A @ y).max()), x, y


def _weights(scores: np.ndarray) -> np.ndarray:
    """exp(scores), normalised; the largest score is taken off first, as sums over many rounds overflow."""
    w = np.exp(scores - scores.max())
    return w / w.sum()


def support_enumeration(A: np.ndarray, B: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """All Nash equilibria (x, y) of a nondegenerate game, each once, in any order.

    A, B: (m, n); x: (m,), y: (n,). A game is nondegenerate when no mixed strategy has more pure best
    responses than it has pure strategies in its support. Then both supports of an equilibrium have one size
    k, and for each pair of supports the indifferences determine at most one candidate, from k + 1 linear
    equations a player.

    In a degenerate game pairs of supports whose equations are singular are skipped: the list may then hold
    too few equilibria, or one of them twice, but nothing else than equilibria. A game in cents has the
    equilibria of the game in euros: what counts as 0 is a matter of the spread of the payoffs.

    >>> A, B = np.array([[3.0, 0.0], [0.0, 2.0]]), np.array([[2.0, 0.0], [0.0, 3.0]])  # battle of the sexes
    >>> [(x.round(3).tolist(), y.round(3).tolist()) for x, y in support_enumeration(A, B)]
    [([1.0, 0.0], [1.0, 0.0]), ([0.0, 1.0], [0.0, 1.0]), ([0.6, 0.4], [0.4, 0.6])]
    """
    m, n = A.shape
    rounding = 1e-9 * np.abs([A, B]).max()
    found = []
    for k in range(1, min(m, n) + 1):
        for rows in combinations(range(m), k):
            for columns in combinations(range(n), k):
                block = np.ix_(rows, columns)
                x, y = np.zeros(m), np.zeros(n)
                try:  # crosswise: B fixes x, A fixes y
                    x[list(rows)] = _indifferent(B[block].T)
                    y[list(columns)] = _indifferent(A[block])
                except np.linalg.LinAlgError:
                    continue
                # the equations know nothing of signs, nor of what the strategies outside the supports pay
                if (x >= 0).all() and (y >= 0).all() and is_nash(A, B, x, y, tol=rounding):
                    found.append((x, y))
    return found


def _indifferent(payoffs: np.ndarray) -> np.ndarray:
    """The mixture p of the columns that makes every row pay the same: payoffs p = v 1, 1ᵀp = 1."""
    k = len(payoffs)
    equations = np.block([[payoffs, -np.ones((k, 1))], [np.ones((1, k)), np.zeros((1, 1))]])
    return np.linalg.solve(equations, np.append(np.zeros(k), 1.0))[:k]
