"""The logistic map: period doubling, chaos, and the Lyapunov exponent.

    x_{k+1} = f(x_k),  f(x) = r x (1 - x),  0 <= r <= 4 and 0 <= x_0 <= 1

One line of arithmetic, and nearly everything a nonlinear recurrence can do. For r < 3 the orbit goes to a fixed
point. At r = 3 that point loses its stability and the orbit goes to and fro between two values, from r = 1 + √6
on between four, then eight, ...; the intervals shrink by Feigenbaum's δ = 4.669201..., a number that is the same
for a whole class of maps. Beyond r = 3.5699... most r are chaotic, with windows of order in between.

What tells order from chaos is how two neighbouring orbits part, |δx_k| ~ |δx_0| exp(λ k), by the chain rule

    λ = lim 1/n Σ_k log |f'(x_k)|,  f'(x) = r (1 - 2x)

It is the same product of Jacobians that makes gradients vanish (λ < 0) or explode (λ > 0) in a recurrent network.

Throughout, 0 <= r <= 4 and 0 <= x0 <= 1; this need not be checked. In the chaotic range no two orders of
operations give the same floating-point orbit for long; only statistics of it mean anything there.

Rules: no nolds, no scipy.optimize. Results are new arrays.

Source: Strogatz, Nonlinear Dynamics and Chaos, 2nd ed., ch. 10; May, Nature 261 (1976); Feigenbaum, J. Stat.
Phys. 19 (1978).
"""

import numpy as np


def orbit(r: float, x0: float, n: int, burn: int = 0) -> np.ndarray:
    """x_burn, x_{burn+1}, ..., x_{burn+n-1}: n points of the orbit of x0, the first `burn` of them left out.

    With burn = 0 the first point is x0 itself. Returns (n,) float64; n = 0 gives an empty array.

    >>> orbit(4.0, 0.5, 4)
    array([0.5, 1. , 0. , 0. ])
    """
    x = x0
    for _ in range(burn):
        x = r * x * (1 - x)
    points = np.empty(n)
    for k in range(n):
        points[k] = x
        x = r * x * (1 - x)
    return points


def detect_period(r: float, x0: float = 0.3, max_period: int = 64, burn: int = 20_000, tol: float = 1e-9) -> int:
    """The period the orbit of x0 has settled to after `burn` steps: 1 for a fixed point, 0 for none.

    It is the least p in 1, ..., max_period with

        |x_{k+p} - x_k| <= tol    for every k = burn, burn + 1, ..., burn + max_period - 1

    and 0 where there is no such p. max_period is at least 1.

    >>> detect_period(2.8), detect_period(3.2), detect_period(3.9)
    (1, 2, 0)
    """
    x = orbit(r, x0, 2 * max_period, burn)
    for p in range(1, max_period + 1):  # from below: a 2-cycle also repeats after 4 steps
        if np.abs(x[p : p + max_period] - x[:max_period]).max() <= tol:
            return p
    return 0


def lyapunov_exponent(r: float, x0: float = 0.3, n: int = 100_000, burn: int = 1000) -> float:
    """1/n Σ log |f'(x_k)| over k = burn, ..., burn + n - 1, in natural logarithms.

    n is at least 1. Where the orbit meets a point with f'(x_k) = 0, exactly and in floating point (the maximum at
    x = 1/2, or any point if r = 0), the mean is -inf, and that is the result: no error, and not NaN.

    >>> round(lyapunov_exponent(4.0, 0.75, n=10), 6)  # 3/4 is a fixed point, with f' = -2: log 2
    0.693147
    >>> lyapunov_exponent(2.0, 0.5)
    -inf
    """
    slopes = np.abs(r * (1 - 2 * orbit(r, x0, n, burn)))
    with np.errstate(divide="ignore"):  # log 0 = -inf is meant
        return float(np.log(slopes).mean())  # a sum of logs: the product itself would leave float64


def superstable_parameter(n: int, guess: float) -> float:
    """The r near `guess` at which x = 1/2, where f' = 0, lies on a cycle of 2^n points:

        F(r) = f_r(f_r(...f_r(1/2))) - 1/2 = 0,    2^n times f_r

    There the cycle attracts as strongly as can be (λ = -inf). n >= 0. F has many roots, those of shorter
    cycles too; guess lies so close to
    the one that is meant that Newton's method goes there directly, and it is wanted to 1e-12.

    >>> round(superstable_parameter(0, 1.9), 12)
    2.0
    >>> round(superstable_parameter(1, 3.25), 12)  # 1 + √5
    3.2360679775
    """
    r = guess
    for _ in range(12):  # Newton doubles the digits each time: half of it is enough
        x, slope = r / 4, 0.25  # f_r(1/2), and its derivative by r
        for _ in range(2**n - 1):
            x, slope = r * x * (1 - x), x * (1 - x) + r * (1 - 2 * x) * slope
        r -= (x - 0.5) / slope
    return r
