"""Oracle for probability_space: closure by its definition, counting in whole numbers, independent indicators.

No atoms here: the σ-algebra is what comes of adding complements and unions until nothing new appears. And
independence is asked of the indicator variables: all 2^m patterns of "happens" and "does not" must have
product probability.
"""

from fractions import Fraction
from itertools import product
from math import lcm

import numpy as np


def generate_sigma_algebra(omega, events):
    """The closure of the events under complement and union. For a few dozen members only."""
    family = {frozenset(omega), *events}
    while True:
        larger = family | {omega - A for A in family} | {A | B for A in family for B in family}
        if larger == family:
            return frozenset(family)
        family = larger


def conditional(p, A, B):
    """Favourable over possible, in units of one over the common denominator."""
    unit = lcm(*(mass.denominator for mass in p.values()))
    weight = {outcome: mass.numerator * (unit // mass.denominator) for outcome, mass in p.items()}
    return Fraction(sum(weight[w] for w in A if w in B), sum(weight[w] for w in B))


def mutually_independent(p, events):
    """Whether each pattern of events and complements has the product of their probabilities."""
    for pattern in product([True, False], repeat=len(events)):
        together = sum(
            mass for w, mass in p.items() if all((w in A) == yes for A, yes in zip(events, pattern, strict=True))
        )
        apart = Fraction(1)
        for A, yes in zip(events, pattern, strict=True):
            apart *= sum(mass for w, mass in p.items() if (w in A) == yes)
        if together != apart:
            return False
    return True


def bayes(prior, likelihood):
    """Bayes' rule in fractions: exact until the last step."""
    joint = [Fraction(a) * Fraction(b) for a, b in zip(prior.tolist(), likelihood.tolist(), strict=True)]
    return np.array([float(mass / sum(joint)) for mass in joint])
