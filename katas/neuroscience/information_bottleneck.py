"""The information bottleneck: what a representation has to remember of its input.

T is a compressed version of X, made by an encoder q(t|x) that sees X only. It shall forget as much of X as it can
and keep what X says about Y:

    minimise  L = I(X;T) - beta I(T;Y)  over all encoders        beta: the price in bits of X paid for a bit about Y

An optimal encoder satisfies, with q(t) = Σ_x p(x) q(t|x) and q(y|t) = Σ_x p(x,y) q(t|x) / q(t),

    q(t|x) = q(t) exp(-beta KL(p(y|x) || q(y|t))) / Z(x)        Z(x) makes the row sum to 1

and to compute the right side from a present encoder, again and again, never raises L: the algorithm of Blahut and
Arimoto. L is not convex, so it may end in a local minimum. One solution is there for every beta: all rows alike,
nothing remembered, L = 0. It is stable for beta < beta_c only,

    beta_c = 1 / rho²        rho: the second largest singular value of p(x,y) / sqrt(p(x) p(y)), whose largest is 1

and near beta_c convergence is slow. A deep network cannot sum over all x; the variational bound puts a classifier
in the place of q(y|t), and in the place of q(t) a standard normal: a cross entropy and a KL divergence.

Everywhere: `pxy` is p(x,y), (nx, ny), nonnegative, sums to 1, with every p(x) > 0; single entries, and whole columns,
may be 0. An encoder is (nx, nt), rows sum to 1. beta > 0. 0 log 0 = 0. Information is in nats. All float64.

Rules: no dit, no scipy.optimize. Inputs are read-only; results are new arrays.

Source: Tishby, Pereira & Bialek (1999); Alemi et al., Deep variational information bottleneck (2017).
"""

import numpy as np


def ib_iterate(pxy: np.ndarray, q: np.ndarray, beta: float) -> np.ndarray:
    """One self-consistent update: the right side above, computed from the encoder q. (nx, nt) -> (nx, nt).

    A cluster t that no x uses, q(t) = 0, stays unused: its column of the result is 0. A cluster that cannot produce
    a y that x can, q(y|t) = 0 < p(y|x), has infinite divergence and gets 0 from x. Every row has some cluster at
    finite divergence. beta may be large (1e4): then all exponentials of a row may underflow, the result does not.

    >>> p = np.array([[0.5, 0.0], [0.0, 0.5]])
    >>> ib_iterate(p, np.array([[1.0, 0.0], [0.5, 0.5]]), 2.0)  # t = 1 cannot produce y = 0
    array([[1.  , 0.  ],
           [0.25, 0.75]])
    """
    raise NotImplementedError


def ib(
    pxy: np.ndarray, beta: float, nt: int, rng: np.random.Generator, tol: float = 1e-10, max_iter: int = 10_000
) -> tuple[np.ndarray, float, float]:
    """Iterates to a fixed point: (q, I(X;T), I(T;Y)), an encoder with nt clusters and its two informations in nats.

    The start is `rng.dirichlet(np.ones(nt), size=nx)`, one call and no other use of rng. Then `ib_iterate`, until an
    update changes no entry by more than tol, or max_iter updates are done; the last encoder counts in both cases.
    max_iter = 0 gives the start. One start only: for the best of several, call it several times.

    >>> p = np.array([[0.4, 0.1], [0.1, 0.4]])
    >>> q, x_t, t_y = ib(p, 2.0, 2, np.random.default_rng(0))  # beta_c = 1 / 0.6² = 2.78: all is forgotten
    >>> bool(x_t < 1e-9 and t_y < 1e-9)
    True
    """
    raise NotImplementedError


def critical_beta(pxy: np.ndarray) -> float:
    """beta_c = 1 / rho²: below it the encoder that remembers nothing is stable.

    Columns of zeros do not count. np.inf where there is no second singular value, and where X and Y are independent:
    rho² < 1e-12 is taken for 0.

    >>> round(critical_beta(np.array([[0.4, 0.1], [0.1, 0.4]])), 4)  # rho = 0.6
    2.7778
    """
    raise NotImplementedError


def vib_loss_terms(logits: np.ndarray, y: np.ndarray, mu: np.ndarray, logvar: np.ndarray) -> tuple[float, float]:
    """The two terms of the variational bound, each a mean over the N samples: (cross entropy, KL divergence).

    logits: (N, C), y: (N,) int64 classes in 0..C-1. Cross entropy: the mean of -log softmax(logits)[y], finite for
    logits of any size. mu, logvar: (N, d), the encoder N(mu, diag(exp(logvar))). KL from it to N(0, I), summed over
    the d dimensions:

        KL = 1/2 Σ_j (mu_j² + exp(logvar_j) - 1 - logvar_j)

    >>> vib_loss_terms(np.zeros((1, 2)), np.array([1]), np.array([[1.0, 2.0]]), np.zeros((1, 2)))  # ln 2, (1 + 4) / 2
    (0.6931471805599453, 2.5)
    """
    raise NotImplementedError
