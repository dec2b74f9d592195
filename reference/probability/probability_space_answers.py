"""Known answers for probability_space."""

from fractions import Fraction
from itertools import chain, combinations
from math import isclose, prod

import numpy as np

from dojo.answers import accepted, equivalent, rejected


@accepted("atoms as the points with the same membership in all events; unions by combinations of atoms")
def generate_sigma_algebra(omega, events):
    events = list(events)
    atoms = {}
    for point in omega:
        atoms.setdefault(tuple(point in event for event in events), set()).add(point)
    atoms = list(atoms.values())
    return frozenset(
        frozenset(chain.from_iterable(chosen)) for size in range(len(atoms) + 1) for chosen in combinations(atoms, size)
    )


@accepted("atoms as smallest intersections of events and complements around each point; unions by bit masks")
def generate_sigma_algebra(omega, events):
    events = list(events)
    atoms = set()
    for point in omega:
        around = omega
        for event in events:
            around = around & (event if point in event else omega - event)
        atoms.add(around)
    atoms = sorted(atoms, key=len)
    family = set()
    for mask in range(2 ** len(atoms)):
        family.add(frozenset().union(*(atom for i, atom in enumerate(atoms) if mask >> i & 1)))
    return frozenset(family)


@accepted("one event after the other: adding A to σ-algebra F gives all (S ∩ A) ∪ (T \\ A)")
def generate_sigma_algebra(omega, events):
    family = {frozenset(), frozenset(omega)}
    for event in events:
        inside, outside = {S & event for S in family}, {S - event for S in family}
        family = {S | T for S in inside for T in outside}
    return frozenset(family)


@accepted("independence as a recursion: conditioning on the last event changes no probability of the others")
class recursive:
    def conditional(p, A, B):
        numerator = denominator = Fraction(0)
        for outcome, mass in p.items():
            if outcome in B:
                denominator += mass
                if outcome in A:
                    numerator += mass
        return numerator / denominator

    def mutually_independent(p, events):
        def joint(chosen):
            return sum((mass for w, mass in p.items() if all(w in A for A in chosen)), Fraction(0))

        def extends(chosen, product, rest):
            if joint(chosen) != product:
                return False
            return all(extends([*chosen, A], product * joint([A]), rest[i + 1 :]) for i, A in enumerate(rest))

        return extends([], Fraction(1), list(events))


@accepted("Bayes in logarithms, as one would for many data")
def bayes(prior, likelihood):
    log_joint = np.log(prior) + np.log(likelihood)
    joint = np.exp(log_joint - log_joint.max())
    return joint / joint.sum()


@rejected("pairwise only: Bernstein's three events pass, though any two of them decide the third")
def mutually_independent(p, events):
    return all(_probability(p, A & B) == _probability(p, A) * _probability(p, B) for A, B in combinations(events, 2))


@rejected("only the intersection of all events: the rule must hold for every subfamily, pairs included")
def mutually_independent(p, events):
    everything = frozenset(p).intersection(*events)
    return _probability(p, everything) == prod((_probability(p, A) for A in events), start=Fraction(1))


@rejected("pairs and the whole, but no triples: with four events there are subfamilies in between")
def mutually_independent(p, events):
    families = [*combinations(events, 2), tuple(events)]
    return all(
        _probability(p, frozenset(p).intersection(*family))
        == prod((_probability(p, A) for A in family), start=Fraction(1))
        for family in families
    )


@rejected("pairs and triples, and no more: four events can depend although any three of them do not")
def mutually_independent(p, events):
    return all(
        _probability(p, frozenset.intersection(*family)) == prod(_probability(p, A) for A in family)
        for size in (2, 3)
        for family in combinations(events, size)
    )


@rejected("only the families that begin the sequence: the rule must hold for every subfamily")
def mutually_independent(p, events):
    return all(
        _probability(p, frozenset(p).intersection(*events[:size]))
        == prod((_probability(p, A) for A in events[:size]), start=Fraction(1))
        for size in range(len(events) + 1)
    )


@rejected("floats are compared with ==: 0.1 * (1 / 3) is not 1 / 30. Stay with Fractions")
def mutually_independent(p, events):
    def P(A):
        return float(_probability(p, A))

    return all(
        P(frozenset.intersection(*family)) == prod(P(A) for A in family)
        for size in range(2, len(events) + 1)
        for family in combinations(events, size)
    )


@rejected("equal up to rounding is not equal: with Fractions a dependence of 1e-30 is seen")
def mutually_independent(p, events):
    def P(A):
        return float(_probability(p, A))

    return all(
        isclose(P(frozenset.intersection(*family)), prod(P(A) for A in family), abs_tol=1e-12)
        for size in range(2, len(events) + 1)
        for family in combinations(events, size)
    )


@rejected("disjoint is not independent: disjoint events tell a lot about each other")
def mutually_independent(p, events):
    return all(not A & B for A, B in combinations(events, 2))


@rejected("the events are made a set: one that stands in the sequence twice is two events, and they depend")
def mutually_independent(p, events):
    events = list(set(events))
    return all(
        _probability(p, frozenset.intersection(*family)) == prod(_probability(p, A) for A in family)
        for size in range(2, len(events) + 1)
        for family in combinations(events, size)
    )


@rejected("by conditional probabilities with a null event called dependent: P(B) = 0 is independent of everything")
def mutually_independent(p, events):
    return all(
        _probability(p, frozenset.intersection(*family)) == prod(_probability(p, A) for A in family)
        and all(_probability(p, A) > 0 for A in family)
        for size in range(2, len(events) + 1)
        for family in combinations(events, size)
    )


@rejected("outcomes are counted as equally likely: use their masses p")
class counted:
    def conditional(p, A, B):
        return Fraction(len(A & B), len(B))


@rejected("this is P(A ∩ B): it is to be divided by P(B)")
def conditional(p, A, B):
    if not _probability(p, B):
        raise ZeroDivisionError
    return _probability(p, A & B)


@rejected("this is P(B | A): divide by the probability of what is given, B")
def conditional(p, A, B):
    if not _probability(p, B):
        raise ZeroDivisionError
    return _probability(p, A & B) / _probability(p, A)


@rejected("conditioning on a null event is no 0: there is no such probability, ZeroDivisionError says so")
def conditional(p, A, B):
    return _probability(p, A & B) / _probability(p, B) if _probability(p, B) else Fraction(0)


@rejected("only B = ∅ is refused: an event with points may have probability 0 as well")
def conditional(p, A, B):
    if not B:
        raise ZeroDivisionError
    return _probability(p, A & B) / _probability(p, B) if _probability(p, B) else Fraction(0)


@rejected("a float: the masses are Fractions, and so is the answer")
def conditional(p, A, B):
    return float(_probability(p, A & B)) / float(_probability(p, B))


@rejected("a Fraction made of a float is 6004799503160661/9007199254740992, not 2/3")
def conditional(p, A, B):
    return Fraction(float(_probability(p, A & B)) / float(_probability(p, B)))


@rejected("a Fraction cut to denominators below a million: small probabilities are lost")
def conditional(p, A, B):
    return _probability(p, A & B) / _probability(p, B).limit_denominator(10**6)


def closure(family, *steps):
    while True:
        larger = family.union(*(step(family) for step in steps))
        if larger == family:
            return frozenset(family)
        family = larger


@rejected("∅ is missing: it is the complement of Ω")
def generate_sigma_algebra(omega, events):
    return _all_unions(omega, events) - {frozenset()}


@rejected("Ω is missing: it belongs to every σ-algebra")
def generate_sigma_algebra(omega, events):
    return _all_unions(omega, events) - {frozenset(omega)}


@rejected("closed under union, not under complement: what did not happen is an event too")
def generate_sigma_algebra(omega, events):
    return closure({frozenset(), frozenset(omega), *events}, lambda F: {A | B for A in F for B in F})


@rejected("closed under complement, not under union")
def generate_sigma_algebra(omega, events):
    return closure({frozenset(), frozenset(omega), *events}, lambda F: {omega - A for A in F})


@rejected("one round of complements and unions: what is new has complements and unions too")
def generate_sigma_algebra(omega, events):
    family = {frozenset(), frozenset(omega), *events}
    family |= {omega - A for A in family}
    return frozenset(family | {A | B for A in family for B in family})


@rejected("all subsets of Ω: a σ-algebra, but not the smallest; the events do not tell all points apart")
def generate_sigma_algebra(omega, events):
    points = list(omega)
    return frozenset(frozenset(s) for size in range(len(points) + 1) for s in combinations(points, size))


@rejected("all subsets of Ω are made and sifted: 2^40 on 40 points. Build the family from its atoms")
def generate_sigma_algebra(omega, events):
    points, small = list(omega), _all_unions(omega, events)
    subsets = (frozenset(s) for size in range(len(points) + 1) for s in combinations(points, size))
    return frozenset(subset for subset in subsets if subset in small)


@rejected("closure by all pairs of members: right, but 2^16 members have 2^31 pairs. Build it from its atoms")
def generate_sigma_algebra(omega, events):
    start = {frozenset(), frozenset(omega), *events}
    return closure(start, lambda F: {omega - A for A in F}, lambda F: {A | B for A in F for B in F})


@rejected("the events are taken for atoms: where they overlap or leave points out they are none")
def generate_sigma_algebra(omega, events):
    events = list(events)
    chosen = chain.from_iterable(combinations(events, size) for size in range(len(events) + 1))
    family = {frozenset().union(*c) for c in chosen}
    return frozenset(family | {omega - A for A in family})


@rejected("the atoms alone: the σ-algebra holds all their unions")
def generate_sigma_algebra(omega, events):
    atoms = {frozenset(omega)}
    for event in events:
        atoms = {part for atom in atoms for part in (atom & event, atom - event) if part}
    return frozenset(atoms | {frozenset(), frozenset(omega)})


@rejected("a set of sets: the family is to be a frozenset")
def generate_sigma_algebra(omega, events):
    return set(_all_unions(omega, events))


@rejected("not normalised: prior times likelihood is the joint probability, divide by its sum")
def bayes(prior, likelihood):
    return prior * likelihood


@rejected("divided by the sum of the prior, which is 1: the evidence is Σ prior * likelihood")
def bayes(prior, likelihood):
    return prior * likelihood / prior.sum()


@rejected("divided by the sum of the likelihoods: the evidence weighs them with the prior")
def bayes(prior, likelihood):
    return prior * likelihood / likelihood.sum()


@rejected("the prior is forgotten: this is the likelihood, normalised (the base-rate fallacy)")
def bayes(prior, likelihood):
    return likelihood / likelihood.sum()


@rejected("an epsilon in the evidence: small likelihoods are no less evidence, only ratios matter")
def bayes(prior, likelihood):
    joint = prior * likelihood
    return joint / (joint.sum() + 1e-12)


@rejected("divided by the largest: the posterior is to sum to 1")
def bayes(prior, likelihood):
    joint = prior * likelihood
    return joint / joint.max()


def _all_unions(omega, events):
    family = [frozenset()]
    atoms = {frozenset(omega)}
    for event in events:
        atoms = {part for atom in atoms for part in (atom & event, atom - event) if part}
    for atom in atoms:
        family += [union | atom for union in family]
    return frozenset(family)


equivalent(
    "for size in range(2, len(events) + 1)",
    "for size in range(1, len(events) + 1)",
    "of a single event the rule says P(A) = P(A)",
)
equivalent(
    "for size in range(2, len(events) + 1)",
    "for size in range(2, len(events) + 2)",
    "there is no family of more events than there are",
)
