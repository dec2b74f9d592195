"""Oracle for logistic_map: exact fractions, closed forms, fifty digits."""

import math
from decimal import Decimal, localcontext
from fractions import Fraction


def exact_orbit(r, x0, n):
    """The first n points as fractions, nothing rounded. Their length doubles each step: n of a dozen at most."""
    r, points = Fraction(r), [Fraction(x0)]
    for _ in range(n - 1):
        points.append(r * points[-1] * (1 - points[-1]))
    return points


def exact_exponent(r, x0, n, burn):
    """The mean of log |f'| along the exact orbit, f' as the slope of a secant of no width."""
    points = exact_orbit(r, x0, burn + n)[burn:]
    return math.fsum(math.log(abs(Fraction(r) - 2 * Fraction(r) * x)) for x in points) / n


def long_exponent(r, x0, n, burn):
    """The mean by the definition, in double precision with an exact sum: for orbits that are stable."""
    x, logs = x0, []
    for k in range(burn + n):
        if k >= burn:
            logs.append(math.log(abs(r - 2 * r * x)))
        x = r * (x - x * x)
    return math.fsum(logs) / n


def cycle_exponent(r):
    """λ of a stable fixed point or 2-cycle, from the multiplier of the cycle: 2 - r, or 4 + 2r - r²."""
    return math.log(abs(2 - r)) if r < 3 else math.log(abs(4 + 2 * r - r * r)) / 2


# n -> an interval in which F of `superstable_parameter` changes its sign just once
BRACKETS = {
    0: ("1.9", "2.1"),
    1: ("3.2", "3.3"),
    2: ("3.49", "3.51"),
    3: ("3.5536", "3.5556"),
    4: ("3.5664", "3.5669"),
    5: ("3.5692", "3.5693"),
}


def superstable(n):
    """The root of F in its bracket by bisection with 40 digits: no derivative."""
    with localcontext() as context:
        context.prec = 40
        low, high = map(Decimal, BRACKETS[n])
        half = Decimal("0.5")

        def rest(r):
            x = half
            for _ in range(2**n):
                x = r * x * (1 - x)
            return x - half

        sign = rest(low) > 0
        assert sign != (rest(high) > 0)
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if (rest(middle) > 0) == sign else (low, middle)
        return float(low)
