"""Augmented Lagrangian: constraints by penalties that need not go to infinity.

    minimise  f(x)    subject to    c(x) = 0

for f: Rⁿ -> R and c: Rⁿ -> Rᵐ, whose Jacobian J(x) is (m, n). The obvious way is a penalty: minimise f(x)
+ mu/2 ‖c(x)‖². At its minimum ∇f = -J(x)ᵀ(mu c(x)), so that mu c(x) has to take the place of the Lagrange
multipliers: the constraint is missed by c(x) ≈ -lambda*/mu. To miss it by 1e-8 takes a mu of 1e8, which
leaves a valley a hundred million times steeper across than along: no minimiser likes that.

The augmented Lagrangian shifts the penalty instead of sharpening it:

    L_A(x, lambda; mu) = f(x) - lambdaᵀc(x) + mu/2 ‖c(x)‖²

With lambda = lambda* its minimum lies on the constraint for every mu that is large enough, and lambda* is
found on the way. Minimise L_A over x, then set

    lambda <- lambda - mu c(x)        so that ∇f(x) - J(x)ᵀlambda is ∇L_A, that is 0

and again, from the x reached. Let mu grow only where the constraint violation does not shrink fast enough
(ten times, say, where it has not become four times smaller).

For inequalities h(x) <= 0 the multipliers have a sign, lambda >= 0 in f(x) + lambdaᵀh(x), and a constraint
that is not touched has none:

    L_A(x, lambda; mu) = f(x) + 1/(2 mu) sum_i (max(0, lambda_i + mu h_i(x))² - lambda_i²)
    lambda <- max(0, lambda + mu h(x))

L_A is minimised without constraints, by a minimiser of your own: gradient descent with a line search will do
here, quasi-Newton is faster. n is below 10 and numbers are of the size of 1. Two warnings:
- near a minimum the values of L_A are the same to rounding while its gradient is still 1e-7: a line search
  that compares values gets stuck or strays there. Where values no longer tell, reckon the change along a step
  p from the slopes at both ends, (∇L_A(x) + ∇L_A(x + p))ᵀp / 2.
- what is wanted is a minimum. A point where ∇f = Jᵀlambda may be a maximum or a saddle, which Newton's method
  on these equations finds as willingly.

All vectors are float64. The functions given take x of shape (n,): f(x) is a float, grad_f(x) is (n,), c(x)
and h(x) are (m,), jac_c(x) and jac_h(x) are (m, n), with m >= 1. Each call gives new arrays.

Rules: no scipy.optimize, no cvxpy, no torch. Inputs are read-only; results are new arrays.

Source: Nocedal & Wright, Numerical Optimization, 2nd ed., ch. 17 (example 17.1, algorithm 17.4); Bertsekas,
Constrained Optimization and Lagrange Multiplier Methods (1982).
"""

from collections.abc import Callable

import numpy as np

Scalar = Callable[[np.ndarray], float]
Vector = Callable[[np.ndarray], np.ndarray]
Matrix = Callable[[np.ndarray], np.ndarray]


def augmented_lagrangian(
    f: Scalar,
    grad_f: Vector,
    c: Vector,
    jac_c: Matrix,
    x0: np.ndarray,
    tol: float = 1e-8,
    mu0: float = 10.0,
    max_outer: int = 100,
) -> tuple[np.ndarray, np.ndarray]:
    """A local minimiser x of f on c(x) = 0, found from x0, and its multipliers lambda.

    Returns (x, lambda) of shapes (n,) and (m,) with

        max |c(x)| <= tol    and    max |∇f(x) - J(x)ᵀlambda| <= tol,

    both absolute, in the largest entry. x0 need not be feasible, and J(x0) may be 0. mu starts at mu0 > 0,
    which may be too small for lambda to converge: then mu has to grow. Raises RuntimeError where the
    conditions are not met after max_outer minimisations of L_A. With max_outer = 1 there is the penalty
    alone, which misses c(x) = 0; and nothing helps where c(x) = 0 for no x.

    Minimise x² on x - 1 = 0: there ∇f = 2 = 1 lambda.

    >>> functions = lambda x: x @ x, lambda x: 2 * x, lambda x: x - 1, lambda x: np.ones((1, 1))
    >>> x, lam = augmented_lagrangian(*functions, x0=np.zeros(1))
    >>> print(x.round(6), lam.round(6))
    [1.] [2.]
    """
    raise NotImplementedError


def quadratic_penalty(f: Scalar, grad_f: Vector, c: Vector, jac_c: Matrix, x0: np.ndarray, mu: float) -> np.ndarray:
    """A local minimiser, shape (n,), of f(x) + mu/2 ‖c(x)‖² for this one mu > 0, found from x0.

    The largest entry of the gradient of that sum is at most 1e-5. It is for comparison: x misses the
    constraint.

    Minimise x² + mu/2 (x - 1)²: 2 x + mu (x - 1) = 0 gives x = mu / (2 + mu).

    >>> functions = lambda x: x @ x, lambda x: 2 * x, lambda x: x - 1, lambda x: np.ones((1, 1))
    >>> print(quadratic_penalty(*functions, x0=np.zeros(1), mu=6.0).round(4))
    [0.75]
    """
    raise NotImplementedError


def with_inequalities(
    f: Scalar,
    grad_f: Vector,
    h: Vector,
    jac_h: Matrix,
    x0: np.ndarray,
    tol: float = 1e-8,
    mu0: float = 10.0,
    max_outer: int = 100,
) -> tuple[np.ndarray, np.ndarray]:
    """A local minimiser x of f on h(x) <= 0, found from x0, and its multipliers lambda >= 0.

    Returns (x, lambda) of shapes (n,) and (m,) with

        max |∇f(x) + J(x)ᵀlambda| <= tol    and    max |min(lambda, -h(x))| <= tol,

    where the minimum is taken entry by entry: it is 0 just where h <= 0, lambda >= 0 and lambda h = 0. No
    entry of lambda is negative, not even by rounding. x0 need not be feasible. mu0, max_outer and
    RuntimeError as above.

    Minimise x² on 1 - x <= 0: there 2 x - lambda = 0.

    >>> functions = lambda x: x @ x, lambda x: 2 * x, lambda x: 1 - x, lambda x: -np.ones((1, 1))
    >>> x, lam = with_inequalities(*functions, x0=np.zeros(1))
    >>> print(x.round(6), lam.round(6))
    [1.] [2.]
    """
    raise NotImplementedError
