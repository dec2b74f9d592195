from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from dojo.testing import LAYOUTS, assert_agrees, assert_close, assert_same, draw, laid_out
from reference.probability import probability_space as reference

EMPTY = frozenset()
DIE = {face: Fraction(1, 6) for face in range(1, 7)}
EVEN, HIGH = frozenset({2, 4, 6}), frozenset({4, 5, 6})


def sets(*texts):
    """The sets of the letters of each text."""
    return frozenset(map(frozenset, texts))


def assert_family(got, want):
    """Two families of sets are the same; tells a set that makes the difference."""
    assert isinstance(got, frozenset), f"a frozenset of frozensets is wanted, this is a {type(got).__name__}"
    for name, difference in (("missing", want - got), ("not in the smallest σ-algebra", got - want)):
        assert not difference, f"{name}: {set(min(difference, key=len)) or '∅'} ({len(got)} sets, not {len(want)})"


def assert_exactly(got, want):
    """An exact number: a Fraction, or an int where it is whole."""
    assert type(got) in (Fraction, int), f"a Fraction is wanted, this is {got!r}"
    assert got == want


def event(p, holds):
    """The outcomes for which something holds."""
    return frozenset(outcome for outcome in p if holds(outcome))


def random_space(rng, n):
    """A probability on 0..n-1 with whole weights, 0 among them."""
    weights = [int(w) for w in rng.integers(0, 5, n)]
    weights[0] += 1
    return {outcome: Fraction(w, sum(weights)) for outcome, w in enumerate(weights)}


def random_event(rng, omega):
    """Every point of omega or not, by a coin."""
    return frozenset(outcome for outcome in omega if rng.random() < 0.5)


# --- generate_sigma_algebra, by hand ---


def test_one_event(kata):
    """σ({a}) on {a, b, c} = {∅, {a}, {b, c}, Ω}"""
    assert_family(kata.generate_sigma_algebra(frozenset("abc"), [frozenset("a")]), sets("", "a", "bc", "abc"))


def test_no_event(kata):
    """of no event, of ∅ and of Ω the σ-algebra is {∅, Ω}: nothing can be told apart"""
    omega = frozenset("abc")
    for events in ([], [EMPTY], [omega], [omega, EMPTY]):
        assert_family(kata.generate_sigma_algebra(omega, events), sets("", "abc"))


def test_two_disjoint_events(kata):
    """σ({1}, {2}) on {1, 2, 3, 4} has the atoms {1}, {2}, {3, 4}, so 2³ = 8 members"""
    family = kata.generate_sigma_algebra(frozenset({1, 2, 3, 4}), [frozenset({1}), frozenset({2})])
    want = [(), (1,), (2,), (1, 2), (3, 4), (1, 3, 4), (2, 3, 4), (1, 2, 3, 4)]
    assert_family(family, frozenset(map(frozenset, want)))


def test_two_events_that_overlap(kata):
    """σ({a, b}, {b, c}) on {a, b, c, d} tells every point apart: all 2⁴ subsets"""
    family = kata.generate_sigma_algebra(frozenset("abcd"), [frozenset("ab"), frozenset("bc")])
    assert_family(family, reference.generate_sigma_algebra(frozenset("abcd"), sets("a", "b", "c", "d")))


def test_one_point(kata):
    """on a single point there are just ∅ and Ω"""
    assert_family(kata.generate_sigma_algebra(frozenset({7}), [frozenset({7})]), frozenset({EMPTY, frozenset({7})}))


# --- generate_sigma_algebra, laws ---


def some_events(rng):
    """Up to 5 atoms on 9 points, by 3 events that are unions of them."""
    points = rng.permutation(9).tolist()
    atoms = [frozenset(points[:3]), frozenset(points[3:4]), frozenset(points[4:6]), frozenset(points[6:])]
    atoms[3:] = [frozenset(points[6:8]), frozenset(points[8:])]
    events = [frozenset().union(*(atom for atom in atoms if rng.random() < 0.5)) for _ in range(3)]
    return frozenset(points), events


@pytest.mark.parametrize("case", range(4))
def test_is_a_sigma_algebra(kata, rng, case):
    """it holds Ω and the events, and with its members their complements and unions"""
    omega, events = some_events(rng)
    family = kata.generate_sigma_algebra(omega, events)
    assert omega in family
    assert family >= set(events)
    assert all(omega - A in family for A in family)
    assert all(A | B in family for A in family for B in family)


@pytest.mark.parametrize("case", range(6))
def test_is_the_smallest(kata, rng, case):
    """it is the closure of the events under complement and union, and nothing more"""
    omega, events = some_events(rng)
    assert_family(kata.generate_sigma_algebra(omega, events), reference.generate_sigma_algebra(omega, events))


def test_order_and_repetition_do_not_matter(kata, rng):
    """σ(A, B, C) = σ(C, A, B, A), and the events may come in a set"""
    omega, (A, B, C) = some_events(rng)
    family = kata.generate_sigma_algebra(omega, [A, B, C])
    assert_family(kata.generate_sigma_algebra(omega, (C, A, B, A)), family)
    assert_family(kata.generate_sigma_algebra(omega, {A, B, C}), family)


def test_complements_generate_the_same(kata, rng):
    """σ(Ω \\ A, Ω \\ B) = σ(A, B)"""
    omega, (A, B, _) = some_events(rng)
    got = kata.generate_sigma_algebra(omega, [omega - A, omega - B])
    assert_family(got, kata.generate_sigma_algebra(omega, [A, B]))


def test_a_sigma_algebra_generates_itself(kata):
    """σ(σ(A)) = σ(A)"""
    omega, family = frozenset("abcd"), sets("", "ab", "cd", "abcd")
    assert_family(kata.generate_sigma_algebra(omega, family), family)


# --- generate_sigma_algebra, size ---


def test_40_points_and_2_events(kata):
    """4 atoms of 10 points have 16 unions: no time for all subsets of Ω"""
    omega = frozenset(range(40))
    A, B = frozenset(range(20)), frozenset(range(10, 30))
    assert_family(kata.generate_sigma_algebra(omega, [A, B]), reference.generate_sigma_algebra(omega, [A, B]))


def test_12_points_and_4_events(kata):
    """the binary digits of 0..11 tell all points apart: 2^12 events, and quickly"""
    omega = frozenset(range(12))
    family = kata.generate_sigma_algebra(omega, [frozenset(x for x in omega if x >> bit & 1) for bit in range(4)])
    assert len(family) == 2**12
    assert all(member <= omega for member in family)


# --- conditional ---


def test_conditional_by_hand(kata):
    """a fair die: P(even | at least 4) = 2/3, and P(at least 4 | at most 4) = 1/4"""
    assert_exactly(kata.conditional(DIE, EVEN, HIGH), Fraction(2, 3))
    assert_exactly(kata.conditional(DIE, HIGH, frozenset({1, 2, 3, 4})), Fraction(1, 4))


def test_conditional_counts_mass_not_points(kata):
    """P(A | B) = P(A ∩ B) / P(B) with unequal masses: (1/2) / (1/2 + 1/3) = 3/5"""
    p = {"x": Fraction(1, 2), "y": Fraction(1, 3), "z": Fraction(1, 6)}
    assert_exactly(kata.conditional(p, frozenset("xz"), frozenset("xy")), Fraction(3, 5))
    assert_exactly(kata.conditional(p, frozenset("xy"), frozenset("xz")), Fraction(3, 4))


def test_conditional_at_the_extremes(kata):
    """P(B | B) = 1, P(Ω | B) = 1, P(∅ | B) = 0, P(A | Ω) = P(A)"""
    omega = frozenset(DIE)
    for A, B, want in (
        (HIGH, HIGH, 1),
        (omega, HIGH, 1),
        (EMPTY, HIGH, 0),
        (frozenset({1}), omega, Fraction(1, 6)),
    ):
        assert_exactly(kata.conditional(DIE, A, B), want)


def test_conditional_is_exact(kata):
    """a probability of 10^-30 is not lost: P(rare | rare or rarer) = 3/4"""
    p = {"usual": 1 - Fraction(4, 10**30), "rare": Fraction(3, 10**30), "rarer": Fraction(1, 10**30)}
    assert_exactly(kata.conditional(p, frozenset({"rare", "usual"}), frozenset({"rare", "rarer"})), Fraction(3, 4))


def test_conditioning_on_a_null_event(kata):
    """P(B) = 0: there is no P(A | B), for B = ∅ and for points without mass"""
    p = {"heads": Fraction(1, 2), "tails": Fraction(1, 2), "edge": Fraction(0)}
    for B in (EMPTY, frozenset({"edge"})):
        for A in (EMPTY, frozenset({"edge"}), frozenset(p)):
            with pytest.raises(ZeroDivisionError):
                kata.conditional(p, A, B)


def test_law_of_total_probability(kata, rng):
    """P(A) = Σ P(A | B_i) P(B_i) over a partition of Ω"""
    p = random_space(rng, 10)
    A, parts = random_event(rng, p), [frozenset({0, 5, 6}), frozenset({1, 2, 3, 4, 7, 8, 9})]
    mass = {B: sum(p[w] for w in B) for B in parts}
    total = sum(kata.conditional(p, A, B) * mass[B] for B in parts if mass[B])
    assert total == sum(p[w] for w in A)


def test_conditional_agrees_with_counting(kata, rng, fresh_rng):
    """favourable over possible, on random spaces with points of mass 0"""
    for generator in [rng] * 8 + [fresh_rng] * 4:
        p = random_space(generator, 7)
        A, B = random_event(generator, p), random_event(generator, p) | {0}
        assert_exactly(kata.conditional(p, A, B), reference.conditional(p, A, B))


# --- mutually_independent ---

COINS = {"".join(flips): Fraction(1, 8) for flips in product("HT", repeat=3)}
FIRST, SECOND, THIRD = (event(COINS, lambda w, i=i: w[i] == "H") for i in range(3))


def test_coins_are_independent(kata):
    """three flips of a fair coin"""
    assert_same(kata.mutually_independent(COINS, [FIRST, SECOND]), True)
    assert_same(kata.mutually_independent(COINS, [FIRST, SECOND, THIRD]), True)


def test_faces_of_one_die(kata):
    """P(even and >= 4) = 1/3 is not 1/2 · 1/2; P(even and <= 2) = 1/6 is 1/2 · 1/3"""
    assert_same(kata.mutually_independent(DIE, [EVEN, HIGH]), False)
    assert_same(kata.mutually_independent(DIE, [EVEN, frozenset({1, 2})]), True)


def test_disjoint_is_not_independent(kata):
    """P(A ∩ B) = 0 is not P(A) P(B): if one happens the other does not"""
    assert_same(kata.mutually_independent(DIE, [frozenset({1}), frozenset({2})]), False)


def test_bernsteins_example(kata):
    """pairwise is not mutual: P(AB) = P(AC) = P(BC) = 1/4, but P(ABC) = 1/4 and not 1/8"""
    p = dict.fromkeys(["a", "b", "c", "abc"], Fraction(1, 4))
    A, B, C = (event(p, lambda w, letter=letter: letter in w) for letter in "abc")
    for pair in ([A, B], [A, C], [B, C]):
        assert_same(kata.mutually_independent(p, pair), True)
    assert_same(kata.mutually_independent(p, [A, B, C]), False)


@pytest.mark.parametrize("m", [3, 4, 5])
def test_all_but_the_last_are_not_enough(kata, m):
    """m - 1 fair bits and one that makes the ones even: any m - 1 are independent, all m are not"""
    p = {bits: Fraction(1, 2 ** (m - 1)) for bits in product([0, 1], repeat=m) if sum(bits) % 2 == 0}
    events = [event(p, lambda bits, i=i: bits[i] == 1) for i in range(m)]
    assert_same(kata.mutually_independent(p, events), False)
    for i in range(m):
        assert_same(kata.mutually_independent(p, events[:i] + events[i + 1 :]), True)


def test_the_whole_product_is_not_enough(kata):
    """P(ABC) = 1/8 = P(A) P(B) P(C), and yet P(A ∩ B) = 1/2"""
    p = {"abc": Fraction(1, 8), "ab": Fraction(3, 8), "c": Fraction(3, 8), "": Fraction(1, 8)}
    A, B, C = (event(p, lambda w, letter=letter: letter in w) for letter in "abc")
    assert_same(kata.mutually_independent(p, [A, B, C]), False)


def test_one_dependent_pair_among_independent_ones(kata):
    """each place in the sequence counts: a pair that depends is found first, last and apart"""
    p = dict.fromkeys(product("HT", repeat=4), Fraction(1, 16))
    flips = [event(p, lambda w, i=i: w[i] == "H") for i in range(4)]
    either = event(p, lambda w: w[0] == "H" or w[1] == "H")  # depends on flips 0 and 1, not on 2 and 3
    assert_same(kata.mutually_independent(p, flips), True)
    assert_same(kata.mutually_independent(p, [flips[3], either, flips[2]]), True)
    for at in range(4):
        for flip in flips[:2]:
            events = [flip, flips[2], flips[3]]
            events.insert(at, either)
            assert_same(kata.mutually_independent(p, events), False)


def test_an_impossible_event_hides_no_dependence(kata):
    """with ∅ in a family both sides are 0, wherever it stands; the families without it still count"""
    p = dict.fromkeys(["a", "b", "c", "abc"], Fraction(1, 4))
    A, B, C = (event(p, lambda w, letter=letter: letter in w) for letter in "abc")
    for dependent in ([A, frozenset({"a"})], [A, B, C]):
        for at in range(len(dependent) + 1):
            assert_same(kata.mutually_independent(p, [*dependent[:at], EMPTY, *dependent[at:]]), False)


def test_every_triple_counts(kata):
    """four events: all pairs and the whole are products, the triples are not"""
    # P(w) = (1 + s_1 s_2 s_3 / 2 - s_1 s_2 s_4 / 2) / 16, with s_i = 1 where event i happens and -1 where not
    p = {s: Fraction(2 + s[0] * s[1] * s[2] - s[0] * s[1] * s[3], 32) for s in product([1, -1], repeat=4)}
    A, B, C, D = (event(p, lambda s, i=i: s[i] == 1) for i in range(4))
    assert_same(kata.mutually_independent(p, [A, B, C, D]), False)
    assert_same(kata.mutually_independent(p, [A, B, D]), False)
    assert_same(kata.mutually_independent(p, [B, C, D]), True)


def test_the_impossible_and_the_sure_are_independent_of_all(kata):
    """an event of probability 0 or 1 is independent of every other, itself included"""
    p = {"heads": Fraction(1, 2), "tails": Fraction(1, 2), "edge": Fraction(0)}
    heads, edge, no_edge = frozenset({"heads"}), frozenset({"edge"}), frozenset({"heads", "tails"})
    for never_or_always in (EMPTY, edge, no_edge, frozenset(p)):
        assert_same(kata.mutually_independent(p, [heads, never_or_always]), True)
        assert_same(kata.mutually_independent(p, [never_or_always, never_or_always]), True)
    assert_same(kata.mutually_independent(p, [EMPTY, edge, heads, no_edge, frozenset(p)]), True)


def test_an_event_twice_is_two_events(kata):
    """P(A ∩ A) = P(A) is not P(A)²: seeing A once more is no independent news"""
    assert_same(kata.mutually_independent(COINS, [FIRST, FIRST]), False)
    assert_same(kata.mutually_independent(COINS, [FIRST, SECOND, FIRST]), False)


def test_few_events(kata):
    """no event and a single one are independent: there is nothing to compare"""
    assert_same(kata.mutually_independent(DIE, []), True)
    assert_same(kata.mutually_independent(DIE, [EVEN]), True)


def test_outcomes_are_any_hashables(kata):
    """outcomes need no order among them: a number, a text, a pair, None"""
    p = dict.fromkeys([1, "one", (1, "one"), None], Fraction(1, 4))
    assert_exactly(kata.conditional(p, frozenset({1, None}), frozenset({None, "one", (1, "one")})), Fraction(1, 3))
    assert_same(kata.mutually_independent(p, [frozenset({1, None}), frozenset({1, "one"})]), True)


def test_independent_although_floats_differ(kata):
    """P(A) = 1/10, P(B) = 1/3: exactly 1/30, but 0.1 * (1 / 3) is not 1 / 30"""
    rolls = product(range(10), range(3))
    p = dict.fromkeys(rolls, Fraction(1, 30))
    for i, j in product((0, 2, 5, 6), range(3)):
        A, B = event(p, lambda w, i=i: w[0] <= i), event(p, lambda w, j=j: w[1] <= j)
        assert_same(kata.mutually_independent(p, [A, B]), True)


def test_dependent_although_floats_agree(kata):
    """a dependence of 10^-30 is one"""
    tiny = Fraction(1, 10**30)
    p = {(a, b): Fraction(1, 4) + (tiny if a == b else -tiny) for a in "HT" for b in "HT"}
    assert_same(
        kata.mutually_independent(p, [event(p, lambda w: w[0] == "H"), event(p, lambda w: w[1] == "H")]),
        False,
    )


def test_independence_agrees_with_that_of_indicators(kata, rng, fresh_rng):
    """all 2^m patterns of events and complements have product probability, or not all"""
    for generator in [rng] * 12 + [fresh_rng] * 6:
        p = dict.fromkeys(range(8), Fraction(1, 8)) if generator.random() < 0.7 else random_space(generator, 8)
        events = [frozenset(generator.permutation(8)[:4].tolist()) for _ in range(generator.integers(2, 4))]
        assert_same(kata.mutually_independent(p, events), reference.mutually_independent(p, events))


# --- bayes ---


def test_bayes_by_hand(kata):
    """prior (1/2, 1/4, 1/4) and likelihood (0, 1/2, 1): posterior (0, 1/3, 2/3)"""
    assert_close(kata.bayes(np.array([0.5, 0.25, 0.25]), np.array([0.0, 0.5, 1.0])), np.array([0, 1 / 3, 2 / 3]))


def test_the_medical_test(kata):
    """1 % are ill, the test finds 99 % of them and alarms 5 % of the healthy: ill after an alarm with 1/6"""
    assert_close(kata.bayes(np.array([0.01, 0.99]), np.array([0.99, 0.05])), np.array([1 / 6, 5 / 6]))


def test_data_that_tell_nothing(kata):
    """equal likelihoods leave the prior as it was"""
    prior = np.array([0.5, 0.3, 0.2])
    assert_close(kata.bayes(prior, np.full(3, 0.04)), prior)


def test_a_flat_prior_leaves_the_likelihood(kata):
    """with 1/k for each hypothesis the posterior is the likelihood, normalised"""
    assert_close(kata.bayes(np.full(4, 0.25), np.array([1.0, 2.0, 3.0, 4.0])), np.array([0.1, 0.2, 0.3, 0.4]))


def test_the_scale_of_the_likelihood_cancels(kata, rng):
    """only ratios of likelihoods matter, be they 10^-200"""
    prior, likelihood = np.array([0.5, 0.3, 0.2]), rng.uniform(0.1, 1.0, 3)
    for c in (1e-200, 1e-12, 1e12):
        digits_of_a_logarithm = abs(np.log(c))
        assert_close(kata.bayes(prior, c * likelihood), kata.bayes(prior, likelihood), scale=digits_of_a_logarithm)


def test_two_data_one_after_the_other(kata, rng):
    """the posterior of the first datum is the prior of the second"""
    prior = rng.dirichlet(np.ones(5))
    first, second = rng.uniform(0, 1, (2, 5))
    assert_close(kata.bayes(kata.bayes(prior, first), second), kata.bayes(prior, first * second))


def test_a_hypothesis_without_prior_stays_without(kata):
    """no data can raise a prior of 0"""
    assert_close(kata.bayes(np.array([0.0, 1.0]), np.array([1.0, 1e-10])), np.array([0.0, 1.0]))


def test_one_hypothesis(kata):
    """of a single hypothesis the posterior is 1"""
    assert_close(kata.bayes(np.array([1.0]), np.array([0.3])), np.array([1.0]))


@pytest.mark.parametrize("family", ["uniform", "small", "mixed", "constant"])
def test_bayes_agrees_with_fractions(kata, rng, fresh_rng, family):
    """the rule in exact fractions, rounded once"""
    for generator in (rng, fresh_rng):
        prior = generator.dirichlet(np.ones(6))
        assert_agrees(kata.bayes, reference.bayes, prior, np.abs(draw(generator, family, 6)))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_any_memory_layout(kata, rng, layout):
    prior, likelihood = laid_out(layout, (rng.dirichlet(np.ones(5)), rng.uniform(0, 1, 5)))
    assert_agrees(kata.bayes, reference.bayes, prior, likelihood)


def test_conditional_is_exact_for_any_denominator(kata):
    """P(A | B) = 1/1009002019 is a fraction like any other: nothing is rounded to a shorter one"""
    q, r = Fraction(1, 1000003), Fraction(1, 1009)
    p = {0: q * r * r, 1: q * (1 - r * r), 2: 1 - q}
    assert kata.conditional(p, frozenset({0}), frozenset({0, 1})) == r * r
    p = {0: q * r, 1: 1 - q - q * r, 2: q}
    assert kata.conditional(p, frozenset({0}), frozenset({0, 1})) == q * r / (1 - q)


def test_many_events_with_few_atoms(kata):
    """four times {a} and four times {b} cut abc into three pieces: eight members, as fast as with two events"""
    events = [frozenset("a")] * 4 + [frozenset("b")] * 4
    assert len(kata.generate_sigma_algebra(frozenset("abc"), events)) == 8


def test_events_may_come_once(kata):
    """any iterable will do, a generator too: {0} and {1} on 9 points leave three atoms, 8 sets"""
    assert_same(len(kata.generate_sigma_algebra(frozenset(range(9)), (frozenset({i}) for i in range(2)))), 8)


def test_points_need_no_order(kata):
    """a number, a text, None and a pair: two events that overlap tell all four apart"""
    omega = frozenset({1, "one", None, (1, 2)})
    found = kata.generate_sigma_algebra(omega, [frozenset({1, "one"}), frozenset({"one", None})])
    assert_same(len(found), 16)
    p = dict.fromkeys([1, "one", (1, "one"), None], Fraction(1, 4))
    assert_exactly(kata.conditional(p, frozenset({1, "one"}), frozenset({None, "one", 1})), Fraction(2, 3))


def test_forty_events_with_few_atoms(kata):
    """the cost is that of the result: 40 events and 3 atoms, no time for 2^40 patterns"""
    found = kata.generate_sigma_algebra(frozenset("abc"), [frozenset("a"), frozenset("b")] * 20)
    assert_same(len(found), 8)


def test_unlikely_is_not_impossible(kata):
    """a posterior of 1e-20 is kept, and a prior of 1e-20 can be made up for"""
    got = kata.bayes(np.array([0.5, 0.5]), np.array([1.0, 1e-20]))
    assert_close(got, np.array([1.0, 1e-20]), scale=np.array([0.0, 1e-18]))
    assert_close(kata.bayes(np.array([1.0, 1e-20]), np.array([1e-20, 1.0])), np.array([0.5, 0.5]), scale=100.0)


def test_a_sure_or_null_event_hides_no_dependence(kata):
    """A and A depend, whatever sure or null event stands beside them"""
    p = {"a": Fraction(1, 2), "b": Fraction(1, 2), "edge": Fraction(0)}
    A = frozenset("a")
    for trivial in (frozenset(p), frozenset("ab"), frozenset({"edge"})):
        for events in ([trivial, A, A], [A, A, trivial]):
            assert_same(kata.mutually_independent(p, events), False)
