import numpy as np
import pytest

from dojo.testing import LAYOUTS, assert_close, assert_same, assert_within, golden, laid_out
from reference.decision_processes import policy_iteration as reference

TEN_DIGITS = 1e-10 / np.finfo(np.float64).eps  # of the largest |V|: what the statement asks for


def assert_value(V, want):
    """V agrees with the value wanted in ten digits."""
    assert_close(V, want, scale=np.abs(want).max(), ulps=TEN_DIGITS)


def process(rng, S, A):
    """A random decision process (P, R) in which a third of the actions is not available."""
    available = rng.random((S, A)) < 2 / 3
    available[np.arange(S), rng.integers(A, size=S)] = True  # at least one a state
    P = np.where(available[:, :, None], rng.dirichlet(np.full(S, 0.5), (S, A)), 0.0)
    return P, np.where(available, rng.standard_normal((S, A)), -np.inf)


def any_policy(rng, R):
    """One available action a state, by chance."""
    return np.array([rng.choice(np.flatnonzero(np.isfinite(row))) for row in R])


def bandit(*pay):
    """One state; all actions lead back to it, and differ in their pay only."""
    return np.ones((1, len(pay), 1)), np.array([pay])


# A forest grows by a year (action 0), if it does not burn down (probability 0.1), or is cut (action 1). Old,
# it pays 4 a year to those who wait and 2 to those who cut; in middle age cutting pays 1.
FOREST = np.array([
    [[0.1, 0.9, 0.0], [1.0, 0.0, 0.0]],
    [[0.1, 0.0, 0.9], [1.0, 0.0, 0.0]],
    [[0.1, 0.0, 0.9], [1.0, 0.0, 0.0]],
])  # fmt: skip
TIMBER = np.array([[0.0, 0.0], [0.0, 1.0], [4.0, 2.0]])
WAIT, CUT = np.zeros(3, dtype=np.int64), np.ones(3, dtype=np.int64)


# --- by hand: improvement ---


def test_the_better_action_is_taken(kata):
    """one state, V = 0: the action that pays most is the greedy one"""
    P, R = bandit(1.0, 3.0, 2.0)
    assert_same(kata.policy_improvement(np.zeros(1), P, R, 0.5, np.array([0])), np.array([1]))


def test_the_better_future_is_taken(kata):
    """Q(s, a) = R + γ V(s'): 1 now is less than 0 now and γ 4 = 2 later, but more than γ 1"""
    P = np.zeros((3, 2, 3))
    P[0, 0, 1] = P[0, 1, 2] = P[1, :, 1] = P[2, :, 2] = 1.0  # from 0 to 1 or to 2, and there for ever
    R = np.array([[1.0, 0.0], [0.0, -1.0], [0.0, -1.0]])
    old = np.zeros(3, dtype=np.int64)
    assert_same(kata.policy_improvement(np.array([0.0, 0.0, 4.0]), P, R, 0.5, old), np.array([1, 0, 0]))
    assert_same(kata.policy_improvement(np.array([0.0, 0.0, 1.0]), P, R, 0.5, old), np.array([0, 0, 0]))


@pytest.mark.parametrize("old", [1, 2, 4])
def test_a_tie_keeps_the_old_action(kata, old):
    """among equally good actions the old one stays, whichever it is"""
    P, R = bandit(1.0, 2.0, 2.0, 0.0, 2.0)
    assert_same(kata.policy_improvement(np.zeros(1), P, R, 0.5, np.array([old])), np.array([old]))
    assert_same(kata.policy_improvement(np.zeros(1), P, R, 0.5, np.array([old]), 0.0), np.array([old]))


@pytest.mark.parametrize("old", [0, 1])
def test_a_tie_up_to_rounding_is_a_tie(kata, old):
    """0.3 and 0.1 + 0.2 differ in the last bit: no reason to change, either way"""
    P, R = bandit(0.3, 0.1 + 0.2)
    assert_same(kata.policy_improvement(np.zeros(1), P, R, 0.5, np.array([old])), np.array([old]))


def test_tol_is_what_an_action_has_to_be_better_by(kata):
    """the old action stays if it loses less than tol, 1e-9 unless said otherwise; tol is absolute"""

    def improved(gain, *tol, pay=0.0):
        P, R = bandit(pay + gain, pay, pay - 1)
        return kata.policy_improvement(np.zeros(1), P, R, 0.5, np.array([1]), *tol)

    assert_same(improved(1e-10), np.array([1]))
    assert_same(improved(1e-8), np.array([0]))
    assert_same(improved(0.3, 0.5), np.array([1]))
    assert_same(improved(0.7, 0.5), np.array([0]))
    assert_same(improved(1e-12, 0.0), np.array([0]))
    assert_same(improved(1e-6, pay=1e6), np.array([0]))


def test_an_action_that_is_not_available_is_never_taken(kata):
    """R = -inf loses against any pay, also where it was the old action"""
    P, R = bandit(-np.inf, -5.0, -np.inf)
    P[0, [0, 2]] = 0.0
    for old in range(3):
        assert_same(kata.policy_improvement(np.zeros(1), P, R, 0.5, np.array([old])), np.array([1]))


# --- by hand: policy iteration ---


def test_forest_is_best_left_to_grow(kata):
    """γ = 0.9: to wait is optimal, with V = (26.244, 29.484, 33.484); from CUT that is one improvement"""
    want = WAIT, np.array([26.244, 29.484, 33.484]), 1
    assert_close(kata.policy_iteration(FOREST, TIMBER, 0.9, CUT), want, ulps=TEN_DIGITS)


def test_an_optimal_start_takes_no_improvement(kata):
    """n = 0: the check that finds nothing to improve is no improvement"""
    assert kata.policy_iteration(FOREST, TIMBER, 0.9, WAIT)[2] == 0


@pytest.mark.parametrize("S", [2, 5, 25])
def test_each_improvement_looks_one_step_further(kata, S):
    """the pay is at the end of a corridor: staying ties with walking until the news arrives"""
    P, R = np.zeros((S, 2, S)), np.zeros((S, 2))
    for s in range(S - 1):
        P[s, 0, s + 1] = P[s, 1, s] = 1.0  # walk on, or stay
    P[S - 1, 1, S - 1] = 1.0
    R[S - 1] = [-np.inf, 1.0]
    stay = np.ones(S, dtype=np.int64)
    walk = (np.arange(S) == S - 1).astype(np.int64)
    want = walk, 2.0 * 0.5 ** np.arange(S)[::-1], S - 1
    assert_close(kata.policy_iteration(P, R, 0.5, stay), want, scale=2.0, ulps=TEN_DIGITS)


def test_no_start_means_the_first_available_actions(kata):
    """pi0 = None starts from the lowest action that is available, not from action 0"""
    P, R = bandit(-np.inf, 1.0, 2.0)
    P[0, 0] = 0.0
    assert_close(kata.policy_iteration(P, R, 0.5), (np.array([2]), np.array([4.0]), 1), ulps=TEN_DIGITS)
    P, R = bandit(-np.inf, 2.0, 1.0)
    P[0, 0] = 0.0
    assert_close(kata.policy_iteration(P, R, 0.5), (np.array([1]), np.array([4.0]), 0), ulps=TEN_DIGITS)


def test_a_start_that_is_not_available_is_an_error(kata):
    """ValueError where R[s, pi0(s)] = -inf, be it in one state only"""
    P, R = np.array(FOREST), np.array(TIMBER)
    P[1, 1], R[1, 1] = 0.0, -np.inf
    with pytest.raises(ValueError):
        kata.policy_iteration(P, R, 0.9, CUT)


# --- laws ---


def test_improvement_theorem(kata, rng):
    """v_π' >= v_π in every state, for π' greedy for v_π"""
    P, R = process(rng, 7, 4)
    for _ in range(5):
        old = any_policy(rng, R)
        v_old = reference.value(old, P, R, 0.9)
        v_new = reference.value(kata.policy_improvement(v_old, P, R, 0.9, old), P, R, 0.9)
        assert_within(np.minimum(v_new - v_old, 0.0), 1e-12, "v_π' - v_π, where negative")


@pytest.mark.parametrize("gamma", [0.0, 0.5, 0.9, 0.99])
def test_the_returned_value_is_that_of_the_returned_policy(kata, rng, gamma):
    """V = v_π: each state has what its action pays and leads to"""
    P, R = process(rng, 6, 3)
    pi, V, _ = kata.policy_iteration(P, R, gamma)
    assert_value(V, reference.value(pi, P, R, gamma))


def test_every_start_ends_at_the_same_value(kata, rng):
    """the optimum does not depend on pi0"""
    P, R = process(rng, 8, 4)
    _, V, _ = kata.policy_iteration(P, R, 0.9)
    for _ in range(4):
        assert_value(kata.policy_iteration(P, R, 0.9, any_policy(rng, R))[1], V)


def test_where_all_policies_are_equal_the_start_stays(kata, rng):
    """R the same everywhere: rounding makes differences, but they are no improvements (exercise 4.4)"""
    for pay in (0.1, 1 / 3, -1.0, 0.7):
        P, R = process(rng, 5, 3)
        R = np.where(np.isfinite(R), pay, R)
        pi0 = any_policy(rng, R)
        want = pi0, np.full(5, pay / (1 - 0.95)), 0
        assert_close(kata.policy_iteration(P, R, 0.95, pi0), want, ulps=TEN_DIGITS)


def test_a_copy_of_each_action_changes_nothing(kata, rng):
    """with every action there twice it ends as well, after as many improvements, at the same value"""
    P, R = process(rng, 6, 3)
    pi0 = any_policy(rng, R)
    _, V, n = kata.policy_iteration(P, R, 0.9, pi0)
    twice = np.concatenate([P, P], axis=1), np.concatenate([R, R], axis=1)
    for start in (pi0, pi0 + 3):
        _, V_twice, n_twice = kata.policy_iteration(*twice, 0.9, start)
        assert_value(V_twice, V)
        assert_same(n_twice, n)


# --- the oracle ---


@pytest.mark.parametrize(("S", "A"), [(1, 1), (1, 4), (3, 1), (2, 3), (7, 4)])
def test_improvement_takes_the_largest_q(kata, rng, S, A):
    """for any V, not only for the value of the old policy"""
    for gamma in (0.0, 0.5, 0.95):
        P, R = process(rng, S, A)
        V = 3 * rng.standard_normal(S)
        want = reference.q_values(V, P, R, gamma).argmax(axis=1)
        assert_same(kata.policy_improvement(V, P, R, gamma, any_policy(rng, R)), want)


@pytest.mark.parametrize("gamma", [0.0, 0.5, 0.9, 0.99])
@pytest.mark.parametrize(("S", "A"), [(1, 1), (1, 3), (3, 1), (4, 3), (5, 2)])
def test_no_policy_is_better(kata, rng, S, A, gamma):
    """V(s) = max over all policies of v_π(s): all of them are tried"""
    P, R = process(rng, S, A)
    assert_value(kata.policy_iteration(P, R, gamma)[1], reference.optimal_value(P, R, gamma))


def test_agrees_with_long_value_iteration(kata, fresh_rng):
    """30 states on fresh numbers: 5^30 policies, and V ← max_a Q ends where policy iteration does"""
    P, R = process(fresh_rng, 30, 5)
    V = kata.policy_iteration(P, R, 0.9, any_policy(fresh_rng, R))[1]
    assert_value(V, reference.long_value_iteration(P, R, 0.9, 400))


# --- Jack's car rental ---


def test_jack_with_one_car(kata):
    """one car at most: nobody asks with e^-3 and e^-4, nothing comes back with e^-3 and e^-2"""
    P, R = kata.jacks_car_rental(1, 1)
    out1, out2 = 10 * (1 - np.exp(-3)), 10 * (1 - np.exp(-4))
    no = -np.inf
    want = [[no, 0, no], [out1 - 2, out2, no], [no, out1, out2 - 2], [out1 - 2, out1 + out2, out2 - 2]]
    assert_close(R, np.array(want), scale=20.0)
    back1, back2 = np.array([np.exp(-3), 1 - np.exp(-3)]), np.array([np.exp(-2), 1 - np.exp(-2)])
    assert_close(P[0, 1], np.outer(back1, back2).ravel(), scale=1.0)


def test_jack_moves_only_cars_that_are_there(kata):
    """-inf and a row of zeros where more cars would be moved than stand there; elsewhere a distribution"""
    P, R = kata.jacks_car_rental(4, 3)
    n1, n2, move = np.indices((5, 5, 7)).reshape(3, 25, 7)
    there = (move - 3 <= n1) & (3 - move <= n2)
    assert_same(np.isneginf(R), ~there)
    assert_close(P.sum(axis=2), there.astype(np.float64))


# Listed once and not at each save: all outcomes take a while.
LISTED = {size: reference.jacks_car_rental(*size) for size in [(3, 2), (2, 4), (6, 1), (4, 0), (0, 1), (20, 0), (2, 5)]}
TEN_CARS = reference.jacks_car_rental(10)


def one_car_more_or_less(P, R, pi):
    """Of (S, A, S) and (S, A) the three actions pi - 1, pi and pi + 1; not available where there is none such."""
    s, a = np.arange(len(R))[:, None], pi[:, None] + [-1, 0, 1]
    there, a = (a >= 0) & (a < R.shape[1]), a.clip(0, R.shape[1] - 1)
    return np.where(there[:, :, None], P[s, a], 0.0), np.where(there, R[s, a], -np.inf)


BOOK = one_car_more_or_less(*reference.jacks_car_rental(), np.ravel(golden(reference)["20"]["moves"]) + 5)


@pytest.mark.parametrize(("max_cars", "max_move"), LISTED)
def test_jack_agrees_with_all_outcomes_listed(kata, max_cars, max_move):
    """nothing of the Poisson tails is lost, at any size; 20 and 5 are the defaults"""
    size = {"max_cars": max_cars, "max_move": max_move}
    P, R = kata.jacks_car_rental(**{key: n for key, n in size.items() if n not in (20, 5)})
    want_P, want_R = LISTED[max_cars, max_move]
    assert_close(R, want_R, scale=20.0 * max_cars)
    assert_close(P, want_P, scale=1.0)


def test_jack_solved(kata):
    """up to 10 cars, γ = 0.9: the linear program's policy and value (see policy_iteration_golden.py)"""
    data = golden(reference)["10"]
    pi, V, n = kata.policy_iteration(*TEN_CARS, 0.9, np.full(121, 5))  # at first no car is moved
    assert_value(V, np.array(data["V"]).ravel())
    assert_same(pi.reshape(11, 11) - 5, np.array(data["moves"]))
    assert_same(n, np.count_nonzero(data["changes"]))


def test_jack_of_the_book(kata):
    """up to 20 cars nothing beats the linear program's policy by a car more or less a night, and V(0, 0) = 421.41"""
    stay, want = np.ones(441, dtype=np.int64), np.array(golden(reference)["20"]["V"]).ravel()
    assert_close(kata.policy_iteration(*BOOK, 0.9, stay), (stay, want, 0), ulps=TEN_DIGITS)


# --- nasty inputs ---


@pytest.mark.parametrize("layout", LAYOUTS)
def test_any_memory_layout(kata, rng, layout):
    P, R = process(rng, 5, 3)
    V, pi0 = rng.standard_normal(5), any_policy(rng, R)
    want = reference.q_values(V, P, R, 0.9).argmax(axis=1)
    given = laid_out(layout, (V, P, R))
    assert_same(kata.policy_improvement(*given, 0.9, laid_out(layout, pi0)), want)
    V = kata.policy_iteration(*given[1:], 0.9, laid_out(layout, pi0))[1]
    assert_value(V, reference.optimal_value(P, R, 0.9))


def test_the_largest_is_taken_not_one_within_tol_of_it(kata):
    """tol tells whether to leave the old action, not which to take: 1.2 beats 1.0 by less than tol, and is taken"""
    for pay, best in (((1.0, 0.0, 1.2), 2), ((1.2, 0.0, 1.0), 0)):
        P, R = bandit(*pay)
        assert_same(kata.policy_improvement(np.zeros(1), P, R, 0.5, np.array([1]), 0.5), np.array([best]))


def test_the_default_tol_decides_whatever_the_size_of_v(kata):
    """V = 10⁵ and 1e-6 more a step: taken; V = 0 and 1e-10 more: not taken"""
    pi, _, n = kata.policy_iteration(*bandit(1e4, 1e4 + 1e-6), 0.9)
    assert_same((pi, n), (np.array([1]), 1))
    pi, _, n = kata.policy_iteration(*bandit(0.0, 1e-10), 0.9)
    assert_same((pi, n), (np.array([0]), 0))


@pytest.mark.parametrize(("S", "gamma", "gain"), [(6, 0.5, 2.0**-18), (35, 0.95, 1.0)])
def test_ends_only_where_nothing_is_better(kata, S, gamma, gain):
    """a corridor with a little more at its end, or a long one: one more improvement for each state, none left out"""
    P, R = np.zeros((S, 2, S)), np.ones((S, 2))
    for s in range(S - 1):
        P[s, 0, s + 1] = P[s, 1, s] = 1.0  # walk on, or stay
    P[S - 1, 1, S - 1] = 1.0
    R[S - 1] = [-np.inf, 1.0 + gain]
    pi, V, n = kata.policy_iteration(P, R, gamma, np.ones(S, dtype=np.int64))
    assert_same((pi, n), ((np.arange(S) == S - 1).astype(np.int64), S - 1))
    assert_value(V, (1 + gain * gamma ** np.arange(S)[::-1]) / (1 - gamma))


def test_action_0_as_start_is_a_start(kata):
    """pi0 = [0] is not None: ValueError where action 0 is not available"""
    P, R = bandit(-np.inf, 1.0, 2.0)
    P[0, 0] = 0.0
    with pytest.raises(ValueError):
        kata.policy_iteration(P, R, 0.5, np.array([0]))
