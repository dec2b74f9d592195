"""The linear-quadratic regulator: dynamic programming whose value function is a matrix.

A system x_{t+1} = A x_t + B u_t is to be steered to 0 at least cost, where being away and steering both cost:

    J = Σ_{t=0}^{N-1} ( x_tᵀ Q x_t + u_tᵀ R u_t ) + x_Nᵀ Qf x_N

The value function, the least cost from x with some steps to go, is xᵀ P x. Bellman's equation, minimised over
u by setting a derivative to zero, goes from P_{t+1} to P_t:

    K_t = (R + Bᵀ P_{t+1} B)⁻¹ Bᵀ P_{t+1} A                       the best u_t is -K_t x_t
    P_t = Q + Aᵀ P_{t+1} A - Aᵀ P_{t+1} B K_t                     backwards from P_N = Qf

With ever more steps to go, P_t becomes the solution of the algebraic Riccati equation P = P_t = P_{t+1}, and
the gain a constant K: provided that what is unstable can be steered. What can be steered at all is the range
of the controllability matrix [B, AB, ..., A^{n-1} B].

Throughout: float64; A (n, n), B (n, m), Q and Qf (n, n) symmetric and positive semidefinite, R (m, m)
symmetric and positive definite, n and m at least 1. What is unstable shows in the cost: (A, Q) is detectable.
Gains, P and costs to ten digits of their largest entry.

Rounding makes P a little unsymmetric. Forms of the recursion that put Pᵀ for P may amplify this from step to
step where A is unstable; (P + Pᵀ) / 2 mends it.

Rules: no scipy.linalg.solve_discrete_are or solve_discrete_lyapunov, no control. Inputs are read-only;
results are new arrays.

Source: Kalman, Contributions to the theory of optimal control (1960); Bertsekas, Dynamic Programming and
Optimal Control, vol. I; Anderson & Moore, Optimal Control: Linear Quadratic Methods.
"""

import numpy as np


def finite_horizon_lqr(
    A: np.ndarray, B: np.ndarray, Q: np.ndarray, R: np.ndarray, Qf: np.ndarray, N: int
) -> tuple[list[np.ndarray], np.ndarray]:
    """([K_0, ..., K_{N-1}], P_0): the gains in the order of time, each (m, n), and the value at the start.

    N >= 0; with no step to go there is no gain, and P_0 is Qf.

    >>> one = np.ones((1, 1))
    >>> finite_horizon_lqr(one, one, one, one, np.zeros((1, 1)), 2)
    ([array([[0.5]]), array([[0.]])], array([[1.5]]))
    """
    raise NotImplementedError


def dare(
    A: np.ndarray, B: np.ndarray, Q: np.ndarray, R: np.ndarray, tol: float = 1e-12, max_iter: int = 100_000
) -> tuple[np.ndarray, np.ndarray]:
    """(P, K): the solution of the discrete algebraic Riccati equation, and the gain that belongs to it.

    The recursion above from P = 0 on, until a step changes no entry of P by more than tol times the largest
    entry of P. ValueError if max_iter steps do not get there, or if P does not stay finite: an unstable mode
    that cannot be steered costs more with every step. (np.linalg.LinAlgError is a ValueError, too.)

    >>> one = np.ones((1, 1))
    >>> P, K = dare(one, one, one, one)  # P = 1 + P - P² / (1 + P): the golden ratio
    >>> P.round(6), K.round(6)
    (array([[1.618034]]), array([[0.618034]]))
    """
    raise NotImplementedError


def controllability_rank(A: np.ndarray, B: np.ndarray) -> int:
    """The rank of [B, AB, ..., A^{n-1} B], as numpy tells it: n if every state can be reached from 0.

    >>> A = np.array([[0.5, 0.0], [0.0, 0.5]])  # stable, but one input moves both states in step
    >>> controllability_rank(A, np.array([[1.0], [1.0]]))
    1
    """
    raise NotImplementedError


def simulate_cost(
    A: np.ndarray, B: np.ndarray, Q: np.ndarray, R: np.ndarray, K: np.ndarray, x0: np.ndarray, N: int
) -> float:
    """Σ_{t=0}^{N-1} ( x_tᵀ Q x_t + u_tᵀ R u_t ) from x_0 = x0, (n,), with u_t = -K x_t and K of shape (m, n).

    N >= 0 steps are paid for; the state x_N after the last of them is not.

    >>> one = np.ones((1, 1))
    >>> simulate_cost(one, one, one, one, 0.5 * one, np.array([4.0]), 2)  # x = 4, 2 and u = -2, -1
    25.0
    """
    raise NotImplementedError
