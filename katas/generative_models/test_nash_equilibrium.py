import numpy as np
import pytest

from dojo.testing import LAYOUTS, assert_agrees, assert_close, assert_same, assert_within, golden, laid_out
from reference.generative_models import nash_equilibrium as reference

PENNIES = np.array([[1.0, -1.0], [-1.0, 1.0]])
ROCK_PAPER_SCISSORS = np.array([[0.0, -1.0, 1.0], [1.0, 0.0, -1.0], [-1.0, 1.0, 0.0]])
DILEMMA = np.array([[3.0, 0.0], [5.0, 1.0]]), np.array([[3.0, 5.0], [0.0, 1.0]])
SEXES = np.array([[3.0, 0.0], [0.0, 2.0]]), np.array([[2.0, 0.0], [0.0, 3.0]])
THREE_BY_TWO = np.array([[3.0, 3.0], [2.0, 5.0], [0.0, 6.0]]), np.array([[3.0, 2.0], [2.0, 6.0], [3.0, 1.0]])

SHAPES = [(2, 2), (3, 2), (2, 4), (3, 3), (4, 3)]
ROUNDS = 120


def mixed(*probabilities):
    return np.array(probabilities, dtype=np.float64)


def bimatrix(rng, m, n):
    return rng.standard_normal((m, n)), rng.standard_normal((m, n))


def distribution(rng, n):
    return rng.dirichlet(np.ones(n))


def is_distribution(p):
    """Entries >= 0 and a sum of 1, up to rounding."""
    assert_within(np.minimum(p, 0.0), 1e-12, "negative probabilities")
    assert_within(p.sum() - 1.0, 1e-10, "sum of the probabilities - 1")


# --- is_nash ---


def test_dilemma(kata):
    """to cooperate is better for both, but each gains by defecting alone"""
    cooperate, defect = mixed(1, 0), mixed(0, 1)
    assert_same(kata.is_nash(*DILEMMA, defect, defect.copy()), True)
    assert_same(kata.is_nash(*DILEMMA, cooperate, cooperate.copy()), False)


def test_one_player_who_gains_is_enough(kata):
    """in the dilemma one defects already: the other one gains, whichever it is"""
    cooperate, defect = mixed(1, 0), mixed(0, 1)
    assert_same(kata.is_nash(*DILEMMA, cooperate, defect), False)
    assert_same(kata.is_nash(*DILEMMA, defect, cooperate), False)


def test_mixture_makes_the_other_one_indifferent(kata):
    """battle of the sexes: x = (0.6, 0.4) makes both columns pay 1.2, whatever it means to x itself"""
    assert_same(kata.is_nash(*SEXES, mixed(0.6, 0.4), mixed(0.4, 0.6)), True)
    assert_same(kata.is_nash(*SEXES, mixed(0.4, 0.6), mixed(0.6, 0.4)), False)


def test_strategies_outside_the_support_count(kata):
    """both rows of the support pay 3, but a third one, never played, would pay 4"""
    A = np.array([[6.0, 0.0], [0.0, 6.0], [4.0, 4.0]])
    B = np.array([[0.0, 1.0], [1.0, 0.0], [0.0, 0.0]])
    assert_same(kata.is_nash(A, B, mixed(0.5, 0.5, 0), mixed(0.5, 0.5)), False)
    A[2] = 2.0
    assert_same(kata.is_nash(A, B, mixed(0.5, 0.5, 0), mixed(0.5, 0.5)), True)


def test_tolerance_is_in_units_of_payoff(kata):
    """who defects all but 1e-6 of the time loses 1e-6: more than the default allows, less than tol = 1e-5"""
    x, y = mixed(1e-6, 1 - 1e-6), mixed(0, 1)
    assert_same(kata.is_nash(*DILEMMA, x, y), False)
    assert_same(kata.is_nash(*DILEMMA, x, y, tol=1e-5), True)
    A, B = DILEMMA
    assert_same(kata.is_nash(1000 * A, 1000 * B, x, y, tol=1e-5), False)


def test_default_tolerance_is_a_billionth(kata):
    """to cooperate with probability p costs p: 1e-10 is within it, 1e-8 is not"""
    for p, want in ((1e-10, True), (1e-8, False)):
        assert_same(kata.is_nash(*DILEMMA, mixed(p, 1 - p), mixed(0, 1)), want)


def test_gain_of_just_the_tolerance_is_allowed(kata):
    """who cooperates with a cooperator forgoes 5 - 3 = 2"""
    cooperate = mixed(1, 0)
    assert_same(kata.is_nash(*DILEMMA, cooperate, cooperate.copy(), tol=2.0), True)
    assert_same(kata.is_nash(*DILEMMA, cooperate, cooperate.copy(), tol=1.875), False)


@pytest.mark.parametrize("shape", SHAPES)
def test_is_nash_agrees_with_every_pure_deviation(kata, rng, shape):
    """at the equilibria of random games, beside them, and at random strategies"""
    A, B = bimatrix(rng, *shape)
    pairs = [(distribution(rng, shape[0]), distribution(rng, shape[1])) for _ in range(3)]
    for x, y in reference.equilibria(A, B):
        pairs += [(x, y), (0.99 * x + 0.01 * pairs[0][0], y), (x, 0.99 * y + 0.01 * pairs[0][1])]
    for x, y in pairs:
        assert_same(kata.is_nash(A, B, x, y), reference.is_nash(A, B, x, y))
    for x, y in pairs[:3]:
        assert_same(kata.is_nash(A, B, x, y, tol=0.5), reference.is_nash(A, B, x, y, tol=0.5))


# --- exploitability ---


def test_exploitability_by_hand(kata):
    """always rock: paper gains 1. Against half rock, half scissors rock gains 1/2: together 3/2"""
    assert_close(kata.exploitability(ROCK_PAPER_SCISSORS, mixed(1, 0, 0), mixed(0.5, 0, 0.5)), 1.5)
    assert_close(kata.exploitability(PENNIES, mixed(0.5, 0.5), mixed(0.5, 0.5)), 0.0, scale=1.0)


def test_exploitability_is_asked_of_both(kata):
    """in [[3, -1], [-2, 1]] with value 1/7: x = (3/7, 4/7) alone leaves to y what the other one gains"""
    A = np.array([[3.0, -1.0], [-2.0, 1.0]])
    best_x, best_y = mixed(3, 4) / 7, mixed(2, 5) / 7
    assert_close(kata.exploitability(A, best_x, best_y), 0.0, scale=3.0)
    assert_close(kata.exploitability(A, best_x, mixed(1, 0)), 3 - 1 / 7, scale=3.0)
    assert_close(kata.exploitability(A, mixed(0, 1), best_y), 1 / 7 + 2, scale=3.0)


@pytest.mark.parametrize("shape", [*SHAPES, (1, 3), (5, 1)])
def test_exploitability_agrees_with_every_pure_deviation(kata, rng, shape):
    A, x, y = rng.standard_normal(shape), distribution(rng, shape[0]), distribution(rng, shape[1])
    floor = np.abs(A).max()
    assert_agrees(kata.exploitability, reference.exploitability, A, x, y, floor=floor)


# --- the value of a zero-sum game ---


def check_bounds(A, iters, value, answer):
    """What the statement promises of (lower, upper, x, y)."""
    lower, upper, x, y = answer
    rounding = 1e-12 * np.abs(A).max()
    is_distribution(x)
    is_distribution(y)
    assert_within([lower - (x @ A).min(), upper - (A @ y).max()], rounding, "bounds less what x and y prove")
    assert_within(np.maximum([lower - value, value - upper], 0.0), rounding, "value outside its bounds")
    spread = A.max() - A.min()
    gap = 4 * spread * np.sqrt(np.log(max(A.shape)) / iters)
    assert_within(upper - lower, gap + rounding, "upper - lower")


@pytest.mark.parametrize("game", golden(reference), ids=lambda game: "x".join(map(str, np.shape(game["A"]))))
def test_bounds_enclose_the_value(kata, game):
    """lower <= value <= upper, proved by x and y, and close together"""
    A = np.array(game["A"])
    check_bounds(A, ROUNDS, game["value"], kata.zero_sum_value(A, ROUNDS))


def test_value_by_hand(kata):
    """[[3, -1], [-2, 1]]: x = (3/7, 4/7) makes both columns cost 1/7"""
    A = np.array([[3.0, -1.0], [-2.0, 1.0]])
    check_bounds(A, 300, 1 / 7, kata.zero_sum_value(A, iters=300))


@pytest.mark.parametrize("sign", [1, -1])
def test_value_of_one_sided_payoffs(kata, sign):
    """all payoffs positive, or all negative: nothing is shifted and forgotten"""
    A = sign * np.array([[5.0, 3.0, 9.0], [2.0, 8.0, 4.0]])
    check_bounds(A, ROUNDS, {1: 4.25, -1: -6.0}[sign], kata.zero_sum_value(A, ROUNDS))


@pytest.mark.parametrize("size", [1e-4, 1e5])
def test_value_of_any_size_of_payoff(kata, size):
    """a game in cents is the game in euros: rates belong to the spread of the payoffs. Its saddle has the value 1"""
    A = size * np.array([[1.0, 3.0, 3.0], [-1.0, 1.0, 1.0], [-1.0, 1.0, 1.0]])
    check_bounds(A, 300, size, kata.zero_sum_value(A, 300))


@pytest.mark.parametrize("shape", [(1, 1), (1, 3), (3, 1)])
def test_value_where_one_player_has_no_choice(kata, shape):
    A = np.arange(1.0, 1.0 + max(shape)).reshape(shape)
    value = {(1, 1): 1.0, (1, 3): 1.0, (3, 1): 3.0}[shape]
    check_bounds(A, 100, value, kata.zero_sum_value(A, 100))


def test_value_where_all_payoffs_are_equal(kata):
    """the spread is 0: nothing is divided by it"""
    A = np.full((2, 3), 7.0)
    check_bounds(A, 100, 7.0, kata.zero_sum_value(A, 100))


def test_value_of_a_larger_game(kata, rng):
    """sums over many rounds overflow exp, unless the largest is taken off; x and y have their own length"""
    A = 200 + rng.standard_normal((30, 12))
    lower, upper, x, y = answer = kata.zero_sum_value(A, ROUNDS)
    check_bounds(A, ROUNDS, (lower + upper) / 2, answer)
    assert_close(kata.exploitability(A, x, y), upper - lower, scale=210.0)


# --- all equilibria ---


def check_equilibria(found, want):
    """The same equilibria of a nondegenerate game, in any order: they differ in their supports."""

    def in_order(equilibria):
        return sorted(equilibria, key=lambda pair: tuple(tuple(p > 1e-6) for p in pair))

    assert_same(type(found).__name__, "list")
    assert_same(len(found), len(want))
    for pair, other in zip(in_order(found), in_order(want), strict=True):
        assert_same([p.shape for p in pair], [p.shape for p in other])
        assert_within(np.concatenate(pair) - np.concatenate(other), 1e-9, "(x, y) - the equilibrium next to it")


def test_value_of_a_large_offset(kata):
    """a thousand more for every outcome: the spread of the payoffs counts, not their size"""
    A = np.array([[1.0, 3.0, 3.0], [-1.0, 1.0, 1.0], [-1.0, 1.0, 1.0]]) / 4 + 1000
    check_bounds(A, 300, 1000.25, kata.zero_sum_value(A, 300))


def test_dilemma_has_one_equilibrium(kata):
    """both defect"""
    check_equilibria(kata.support_enumeration(*DILEMMA), [(mixed(0, 1), mixed(0, 1))])


def test_battle_of_the_sexes_has_three(kata):
    """two pure ones, and one in which each mixes for the other's indifference"""
    want = [(mixed(0, 1), mixed(0, 1)), (mixed(1, 0), mixed(1, 0)), (mixed(0.6, 0.4), mixed(0.4, 0.6))]
    check_equilibria(kata.support_enumeration(*SEXES), want)


def test_matching_pennies_has_one_in_the_middle(kata):
    """no pure one; half of the payoffs are negative"""
    half = mixed(0.5, 0.5)
    check_equilibria(kata.support_enumeration(PENNIES, -PENNIES), [(half, half)])


def test_rock_paper_scissors(kata):
    """all three equally often"""
    third = np.full(3, 1 / 3)
    check_equilibria(kata.support_enumeration(ROCK_PAPER_SCISSORS, -ROCK_PAPER_SCISSORS), [(third, third)])


def test_three_rows_and_two_columns(kata):
    """m != n: one pure equilibrium, and two with supports of size 2"""
    want = [
        (mixed(1, 0, 0), mixed(1, 0)),
        (mixed(0.8, 0.2, 0), mixed(2, 1) / 3),
        (mixed(0, 1, 2) / 3, mixed(1, 2) / 3),
    ]
    check_equilibria(kata.support_enumeration(*THREE_BY_TWO), want)


def test_singular_equations_do_not_end_the_search(kata):
    """columns 0 and 1 leave the mixture of y undetermined; columns 0 and 2 have an equilibrium"""
    A, B = np.array([[3.0, 0.0, 4.0], [4.0, 1.0, 0.0]]), np.array([[3.0, 0.0, 4.0], [2.0, 0.0, 1.0]])
    want = [(mixed(1, 0), mixed(0, 0, 1)), (mixed(0, 1), mixed(1, 0, 0)), (mixed(0.5, 0.5), mixed(0.8, 0, 0.2))]
    check_equilibria(kata.support_enumeration(A, B), want)


def test_coordination_game_has_many(kata):
    """A = B = I of size 3: each of the 7 sets of strategies, played equally often by both"""
    sets = [mixed(*bits) for bits in np.ndindex(2, 2, 2) if any(bits)]
    check_equilibria(kata.support_enumeration(np.eye(3), np.eye(3)), [(p / p.sum(), p / p.sum()) for p in sets])


@pytest.mark.parametrize("shape", [*SHAPES, (1, 3), (4, 1), (3, 4)])
def test_equilibria_agree_with_the_vertices_of_the_polytopes(kata, rng, shape):
    """each equilibrium once, and none too many"""
    for _ in range(2 if np.prod(shape) <= 6 else 1):
        A, B = bimatrix(rng, *shape)
        check_equilibria(kata.support_enumeration(A, B), reference.equilibria(A, B))


def test_equilibria_on_fresh_numbers(kata, fresh_rng):
    """as many as the polytopes have, and nobody wants to leave any of them"""
    A, B = bimatrix(fresh_rng, 3, 3)
    found = kata.support_enumeration(A, B)
    assert_same(len(found), len(reference.equilibria(A, B)))
    for x, y in found:
        assert_within(reference.best_gains(A, B, x, y), 1e-9, "what a player gains by changing")


def test_a_small_gain_is_a_gain(kata):
    """row 1 pays 1.0005 where row 0 pays 1: nobody stays with row 0"""
    found = kata.support_enumeration(np.array([[1.0, 0.0], [1.0005, 2.0]]), np.eye(2))
    check_equilibria(found, [(mixed(0, 1), mixed(0, 1))])


def test_a_rare_strategy_is_played(kata):
    """A = diag(1, 9999) is made indifferent by y = (0.9999, 0.0001)"""
    A, B = np.diag([1.0, 9999.0]), np.array([[0.0, 1.0], [1.0, 0.0]])
    check_equilibria(kata.support_enumeration(A, B), [(mixed(0.5, 0.5), mixed(0.9999, 0.0001))])


@pytest.mark.parametrize("size", [1e-9, 1e9])
def test_equilibria_do_not_depend_on_units(kata, rng, size):
    """payoffs times a positive number, plus one number a column for A and a row for B: the same equilibria"""
    A, B = bimatrix(rng, 3, 3)
    changed = size * (A + rng.standard_normal(3)), size * (B + rng.standard_normal((3, 1)))
    check_equilibria(kata.support_enumeration(*changed), reference.equilibria(A, B))


def test_degenerate_game_gives_equilibria_only(kata):
    """all payoffs equal, or two equal rows: singular equations are skipped, nothing is NaN"""
    equal_rows = np.array([[1.0, 2.0], [1.0, 2.0], [0.0, 3.0]])
    for A, B in [(np.ones((2, 2)), np.ones((2, 2))), (equal_rows, np.eye(3)[:, :2])]:
        for x, y in kata.support_enumeration(A, B):
            is_distribution(x)
            is_distribution(y)
            assert_within(reference.best_gains(A, B, x, y), 1e-9, "what a player gains by changing")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_any_memory_layout(kata, rng, layout):
    A, B, x, y = laid_out(layout, (*bimatrix(rng, 3, 2), distribution(rng, 3), distribution(rng, 2)))
    assert_agrees(kata.exploitability, reference.exploitability, A, x, y, floor=np.abs(A).max())
    assert_same(kata.is_nash(A, B, x, y), False)
    assert_same(len(kata.support_enumeration(A, B)), len(reference.equilibria(A, B)))
