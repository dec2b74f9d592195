import numpy as np
import pytest

from dojo.testing import (
    LAYOUTS,
    assert_agrees,
    assert_close,
    assert_same,
    assert_within,
    draw,
    laid_out,
    least_seconds,
)
from reference.decision_processes import value_iteration as reference

TEN_DIGITS = 1e-10 / np.finfo(np.float64).eps  # of the largest |v|: what the statement asks for


def assert_value(v, want):
    """v agrees with the value wanted in ten digits."""
    assert_close(v, want, scale=np.abs(want).max(), ulps=TEN_DIGITS)


def process(rng, S, A):
    """A random decision process (P, R) in which a third of the actions is not available."""
    available = rng.random((S, A)) < 2 / 3
    available[np.arange(S), rng.integers(A, size=S)] = True  # at least one a state
    P = np.where(available[:, :, None], rng.dirichlet(np.full(S, 0.5), (S, A)), 0.0)
    return P, np.where(available, rng.standard_normal((S, A)), -np.inf)


def any_policy(rng, R):
    """Random probabilities, 0 where an action is not available."""
    weights = np.where(np.isfinite(R), rng.random(R.shape), 0.0)
    return weights / weights.sum(axis=1, keepdims=True)


def grid(rows, columns, pay, jumps=None):
    """Right, left, down, up; pay: for a step, and for one off the grid; jumps: {cell: (to, pay)}."""
    S = rows * columns
    P, R = np.zeros((S, 4, S)), np.full((S, 4), pay[0])
    for s in range(S):
        for a, (down, right) in enumerate([(0, 1), (0, -1), (1, 0), (-1, 0)]):
            row, column = s // columns + down, s % columns + right
            inside = 0 <= row < rows and 0 <= column < columns
            to, R[s, a] = (row * columns + column, pay[0]) if inside else (s, pay[1])
            if jumps and s in jumps:
                to, R[s, a] = jumps[s]
            P[s, a, to] = 1.0
    return P, R


SMALL_GRID = grid(4, 4, pay=(-1.0, -1.0), jumps={0: (0, 0.0), 15: (15, 0.0)})  # example 4.1: two terminal corners
LARGE_GRID = grid(5, 5, pay=(0.0, -1.0), jumps={1: (21, 10.0), 3: (13, 5.0)})  # example 3.5: A to A', B to B'
EQUIPROBABLE_16, EQUIPROBABLE_25 = np.full((16, 4), 0.25), np.full((25, 4), 0.25)


def as_one_action(pi, P, R):
    """The process in which the policy decides: its single action is what the policy does."""
    return np.einsum("sa,sat->st", pi, P)[:, None], (pi * R).sum(axis=1, keepdims=True)


# --- by hand: the backup ---


def test_backup_of_one_state(kata):
    """T V = max(1 + 4/2, 2 + 4/2) = 4 by the second action"""
    P, R = np.ones((1, 2, 1)), np.array([[1.0, 2.0]])
    assert_close(kata.bellman_backup(np.array([4.0]), P, R, 0.5), (np.array([4.0]), np.array([1])))


def test_backup_looks_where_one_goes(kata):
    """the value of the successor counts, γ V(s'), not that of the state one comes from"""
    P = np.zeros((3, 2, 3))
    P[0, 0, 1] = P[0, 1, 2] = P[1, :, 1] = P[2, :, 0] = 1.0
    R = np.array([[1.0, 0.0], [0.0, -1.0], [3.0, -1.0]])
    V = np.array([16.0, 4.0, 8.0])
    assert_close(kata.bellman_backup(V, P, R, 0.5), (np.array([4.0, 2.0, 11.0]), np.array([1, 0, 0])))


def test_backup_never_takes_what_is_not_available(kata):
    """R = -inf with a row of zeros: never the maximum, and no NaN"""
    P, R = np.ones((1, 3, 1)), np.array([[-np.inf, -7.0, -np.inf]])
    P[0, [0, 2]] = 0.0
    assert_close(kata.bellman_backup(np.array([2.0]), P, R, 1.0), (np.array([-5.0]), np.array([1])))


def test_sweeps_of_the_small_grid(kata):
    """example 4.1, equiprobable, V_1 to V_3: every state is backed up from the values of the sweep before"""
    P, R = as_one_action(EQUIPROBABLE_16, *SMALL_GRID)
    V = np.zeros(16)
    seen = []
    for _ in range(3):
        V = kata.bellman_backup(V, P, R, 1.0)[0]
        seen.append(V[[1, 2, 3, 5, 6]])
    want = [[-1, -1, -1, -1, -1], [-1.75, -2, -2, -2, -2], [-2.4375, -2.9375, -3, -2.875, -3]]
    assert_close(np.array(seen), np.array(want))


# --- by hand: a policy's value ---


def test_value_of_waiting(kata):
    """gone with probability 1/4 a step, at 1 a step: v = -4; where one is gone, 0"""
    P = np.array([[[1.0, 0.0], [0.0, 1.0]], [[0.0, 1.0], [0.0, 1.0]]])
    R = np.array([[-1.0, -1.0], [0.0, 0.0]])
    assert_value(kata.evaluate_policy(np.array([[0.75, 0.25], [0.5, 0.5]]), P, R, 1.0), np.array([-4.0, 0.0]))


def test_value_of_the_small_grid(kata):
    """example 4.1: the equiprobable policy takes 14 to 22 steps to a corner; at γ = 1, I - P_π is singular"""
    want = [0, -14, -20, -22, -14, -18, -20, -20, -20, -20, -18, -14, -22, -20, -14, 0]
    assert_value(kata.evaluate_policy(EQUIPROBABLE_16, *SMALL_GRID, 1.0), np.array(want, dtype=np.float64))


def test_value_of_the_large_grid(kata):
    """example 3.5, equiprobable, γ = 0.9, to the digit the book prints"""
    want = """ 3.3  8.8  4.4  5.3  1.5
               1.5  3.0  2.3  1.9  0.5
               0.1  0.7  0.7  0.4 -0.4
              -1.0 -0.4 -0.4 -0.6 -1.2
              -1.9 -1.3 -1.2 -1.4 -2.0"""
    got = kata.evaluate_policy(EQUIPROBABLE_25, *LARGE_GRID, 0.9)
    assert_within(got - np.array(want.split(), dtype=np.float64), 0.05, "v - the book's table")


def test_absorbing_is_what_the_policy_never_leaves(kata):
    """γ = 1: in state 1 there is a way out, but the policy stays, and is paid 0"""
    P = np.array([[[0.0, 1.0], [1.0, 0.0]], [[0.0, 1.0], [1.0, 0.0]]])
    R = np.array([[2.0, 5.0], [0.0, 7.0]])
    assert_value(kata.evaluate_policy(np.array([[1.0, 0.0], [1.0, 0.0]]), P, R, 1.0), np.array([2.0, 0.0]))


def test_who_leaves_once_in_a_million_steps_is_not_absorbed(kata):
    """γ = 1: a state left with probability 2^-20 only is worth what comes after it"""
    p = 2.0**-20
    P = np.array([[1 - p, p, 0], [0, 0, 1], [0, 0, 1]])[:, None]
    R = np.array([[0.0], [5.0], [0.0]])
    assert_value(kata.evaluate_policy(np.ones((3, 1)), P, R, 1.0), np.array([5.0, 5.0, 0.0]))


def test_who_stays_is_paid_for_ever(kata):
    """γ < 1: a state that is never left is worth r / (1 - γ), and nothing only where it pays nothing"""
    P = np.array([[[1.0, 0.0]], [[0.0, 1.0]]])
    want = np.array([12.0, 0.0])
    assert_value(kata.evaluate_policy(np.ones((2, 1)), P, np.array([[3.0], [0.0]]), 0.75), want)


def test_what_is_not_available_does_not_count(kata):
    """pi = 0 where R = -inf: 0 · -inf is no NaN here"""
    P, R = np.ones((1, 3, 1)), np.array([[-np.inf, 1.0, 3.0]])
    P[0, 0] = 0.0
    assert_value(kata.evaluate_policy(np.array([[0.0, 0.5, 0.5]]), P, R, 0.5), np.array([4.0]))


# --- by hand: value iteration ---


def test_stops_at_the_bound(kata):
    """1 a step, γ = 1/2: V_k = 2 - 2^(1-k), and the bound is 2^(1-k): 11 sweeps for 0.001, not 10"""
    P, R = np.ones((1, 1, 1)), np.ones((1, 1))
    want = np.array([2 - 2.0**-10]), np.array([0]), 11
    assert_close(kata.value_iteration(P, R, 0.5, 0.001), want)


def test_optimal_large_grid(kata):
    """example 3.8, γ = 0.9, to the digit the book prints"""
    want = """22.0 24.4 22.0 19.4 17.5
              19.8 22.0 19.8 17.8 16.0
              17.8 19.8 17.8 16.0 14.4
              16.0 17.8 16.0 14.4 13.0
              14.4 16.0 14.4 13.0 11.7"""
    V, _, _ = kata.value_iteration(*LARGE_GRID, 0.9)
    assert_within(V - np.array(want.split(), dtype=np.float64), 0.05 + 1e-8, "V - the book's table")


def test_nothing_to_gain(kata):
    """R = 0: one sweep shows that V = 0"""
    P = np.full((2, 2, 2), 0.5)
    assert_close(kata.value_iteration(P, np.zeros((2, 2)), 0.9)[::2], (np.zeros(2), 1))


@pytest.mark.parametrize("gamma", [1.0, 1.5, -0.1])
def test_a_discount_without_a_bound_is_an_error(kata, gamma):
    """ValueError unless 0 <= γ < 1"""
    with pytest.raises(ValueError):
        kata.value_iteration(np.ones((1, 1, 1)), np.ones((1, 1)), gamma)


# --- laws ---


def test_backup_is_a_contraction(kata, rng):
    """|T V - T U| <= γ |V - U| in the largest norm"""
    P, R = process(rng, 6, 3)
    for gamma in (0.3, 0.9):
        V, U = 5 * rng.standard_normal(6), 5 * rng.standard_normal(6)
        after = kata.bellman_backup(V, P, R, gamma)[0] - kata.bellman_backup(U, P, R, gamma)[0]
        assert_within(after, gamma * np.abs(V - U).max() * (1 + 1e-12), "T V - T U")


def test_value_is_a_fixed_point_of_its_policy(kata, rng):
    """v = r_π + γ P_π v: backing v up in the process where only the policy decides gives v again"""
    P, R = process(rng, 7, 3)
    R = np.where(np.isfinite(R), R, 0.0)
    pi = any_policy(rng, np.where(P.any(axis=2), R, -np.inf))
    v = kata.evaluate_policy(pi, P, R, 0.8)
    assert_value(kata.bellman_backup(v, *as_one_action(pi, P, R), 0.8)[0], v)


@pytest.mark.parametrize("gamma", [0.5, 0.9])
def test_error_is_at_most_eps(kata, rng, gamma):
    """|V - V*| <= eps, which a small last step does not imply: it may hide γ / (1 - γ) as much"""
    for P, R in ((np.ones((1, 1, 1)), np.ones((1, 1))), process(rng, 5, 3)):
        want = np.array([1 / (1 - gamma)]) if R.size == 1 else reference.optimal_value(P, R, gamma)
        rounding = 1e-13 * np.abs(want).max() / (1 - gamma)
        for eps in (1.0, 1e-3, 1e-6):
            V, pi, _ = kata.value_iteration(P, R, gamma, eps)
            assert_within(V - want, eps + rounding, "V - V*")
            if R.size == 1 or eps == 1.0:  # there is one policy only, or the bound is wide
                continue
            v = reference.evaluate_policy(np.eye(R.shape[1])[pi], P, R, gamma)
            assert_within(want - v, 2 * eps / (1 - gamma) + rounding, "V* - v_π")


def test_eps_is_1e_8_unless_said_otherwise(kata, rng):
    P, R = process(rng, 4, 2)
    assert_close(kata.value_iteration(P, R, 0.6), kata.value_iteration(P, R, 0.6, 1e-8))


# --- the oracle ---


@pytest.mark.parametrize("gamma", [0.0, 0.7, 1.0])
@pytest.mark.parametrize(("S", "A"), [(1, 1), (1, 4), (3, 1), (2, 5), (7, 3)])
def test_backup_agrees_with_the_definition(kata, rng, S, A, gamma):
    """T V, and actions that attain it"""
    P, R = process(rng, S, A)
    V = 3 * rng.standard_normal(S)
    size = np.abs(V).max() + np.abs(R[np.isfinite(R)]).max()
    assert_agrees(
        lambda V, P, R: kata.bellman_backup(V, P, R, gamma)[0],
        lambda V, P, R: reference.backed_up(V, P, R, gamma),
        *(V, P, R),
        floor=size,
    )
    Q, pi = reference.q_values(V, P, R, gamma), kata.bellman_backup(V, P, R, gamma)[1]
    assert_within(Q.max(axis=1) - Q[np.arange(S), pi], 1e-13 * size, "max_a Q - Q(s, pi(s))")


@pytest.mark.parametrize("gamma", [0.0, 0.5, 0.9])
@pytest.mark.parametrize(("S", "A"), [(1, 1), (1, 3), (4, 1), (3, 5), (8, 2)])
def test_value_agrees_with_iterative_evaluation(kata, rng, S, A, gamma):
    """the solution of the linear system is the limit of V ← r_π + γ P_π V"""
    P, R = process(rng, S, A)
    pi = any_policy(rng, R)
    assert_value(kata.evaluate_policy(pi, P, R, gamma), reference.evaluate_policy(pi, P, R, gamma))


def test_value_without_discount_agrees(kata, rng):
    """γ = 1 and two terminal states among nine: the limit is the same"""
    P, R = process(rng, 9, 3)
    for s in (2, 7):
        P[s], R[s] = np.eye(9)[s], 0.0
    pi = any_policy(rng, R)
    assert_value(kata.evaluate_policy(pi, P, R, 1.0), reference.evaluate_policy(pi, P, R, 1.0))


@pytest.mark.parametrize("gamma", [0.0, 0.4, 0.9])
def test_value_iteration_agrees_sweep_by_sweep(kata, fresh_rng, gamma):
    """V = V_n for the first n whose last step, times γ / (1 - γ), is at most eps"""
    P, R = process(fresh_rng, 6, 4)
    iterates = reference.iterates(P, R, gamma, 300 if gamma > 0.5 else 40)
    steps = np.abs(np.diff(iterates, axis=0)).max(axis=1)
    for eps in (3.0, 0.1, 1e-4, 1e-8):
        n = 1 + int(np.argmax(gamma / (1 - gamma) * steps <= eps))
        V, _, got = kata.value_iteration(P, R, gamma, eps)
        assert_same(got, n)
        assert_close(V, iterates[n], scale=np.abs(iterates[n]).max() / (1 - gamma))


def test_gamblers_problem(kata):
    """example 4.3, goal 40, heads 0.4, γ = 1: bold play has V(10) = 0.16, V(20) = 0.4, V(30) = 0.64 and is optimal"""
    P, R = np.zeros((41, 21, 41)), np.full((41, 21), -np.inf)
    for s in range(41):
        for stake in range(1, min(s, 40 - s) + 1):
            P[s, stake, [s + stake, s - stake]] = 0.4, 0.6
            R[s, stake] = 0.4 if s + stake == 40 else 0.0  # to reach 40 pays 1
    for s in (0, 40):
        P[s, 0, s], R[s, 0] = 1.0, 0.0
    bold = np.zeros((41, 21))
    bold[np.arange(41), np.minimum(np.arange(41), 40 - np.arange(41))] = 1.0
    V = kata.evaluate_policy(bold, P, R, 1.0)
    assert_value(V[[0, 10, 20, 30, 40]], np.array([0.0, 0.16, 0.4, 0.64, 0.0]))
    assert_value(kata.bellman_backup(V, P, R, 1.0)[0], V)


def test_the_bound_met_exactly_is_enough(kata):
    """R = (1, 0), γ = 1/2: V_3 - V_2 = 1/4 is eps itself, and the third sweep is the last"""
    V, _, n = kata.value_iteration(np.ones((1, 2, 1)), np.array([[1.0, 0.0]]), 0.5, eps=0.25)
    assert_same(n, 3)
    assert_close(V, np.array([1.75]))


# --- nasty inputs ---


@pytest.mark.parametrize("family", ["offset", "large", "small", "mixed", "ties", "zeros"])
def test_backup_of_any_values(kata, rng, family):
    P, R = process(rng, 5, 4)
    V = draw(rng, family, 5)
    floor = np.abs(V).max() + np.abs(R[np.isfinite(R)]).max()
    assert_agrees(
        lambda V, P, R: kata.bellman_backup(V, P, R, 0.9)[0],
        lambda V, P, R: reference.backed_up(V, P, R, 0.9),
        *(V, P, R),
        floor=floor,
    )


@pytest.mark.parametrize("eps", [1e-17, 1e-300, 0.0])
def test_ends_where_rounding_is_all_that_moves(kata, eps):
    """two states take turns, γ = 1/2: V hops between neighbouring floats for ever"""
    P, R = np.array([[0.0, 1.0], [1.0, 0.0]])[:, None], np.array([[2.0], [-2.6]])
    V, _, _ = kata.value_iteration(P, R, 0.5, eps)
    assert_value(V, np.array([2 - 2.6 / 2, 2 / 2 - 2.6]) * 4 / 3)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_any_memory_layout(kata, rng, layout):
    P, R = process(rng, 5, 3)
    V, pi = rng.standard_normal(5), any_policy(rng, R)
    want = reference.backed_up(V, P, R, 0.9), reference.evaluate_policy(pi, P, R, 0.9)
    V, pi, P, R = laid_out(layout, (V, pi, P, R))
    assert_value(kata.bellman_backup(V, P, R, 0.9)[0], want[0])
    assert_value(kata.evaluate_policy(pi, P, R, 0.9), want[1])
    assert_value(kata.value_iteration(P, R, 0.5, 1e-12)[0], reference.optimal_value(P, R, 0.5))


# --- rules ---


def test_no_loop_over_states(kata, rng):
    """a backup takes a few times as long as the product of P with V; a loop over states, tens of times"""
    P, R, V = rng.dirichlet(np.ones(200), (200, 1)), rng.standard_normal((200, 1)), rng.standard_normal(200)
    product = least_seconds(lambda: P[:, 0] @ V, rounds=20)
    ratio = least_seconds(kata.raw("bellman_backup"), V, P, R, 0.9, rounds=20) / product
    assert_within(ratio, 20.0, "time of a backup / time of P V")


def test_steps_down_count_as_well(kata):
    """-1 a step, γ = 1/2: V_k = 2^(1-k) - 2 falls, the bound is |V_k - V_{k-1}|: 11 sweeps for 0.001"""
    P, R = np.ones((1, 1, 1)), -np.ones((1, 1))
    assert_close(kata.value_iteration(P, R, 0.5, 0.001), (np.array([2.0**-10 - 2]), np.array([0]), 11))


def test_a_solve_not_sweeps(kata):
    """γ = 0.999: 1 a step is worth 1000; after 5000 sweeps 7 would still be missing"""
    P = np.array([[[0.5, 0.5]], [[0.25, 0.75]]])
    assert_value(kata.evaluate_policy(np.ones((2, 1)), P, np.ones((2, 1)), 0.999), np.full(2, 1 / (1 - 0.999)))


def test_a_small_pay_is_a_pay(kata):
    """γ = 3/4: 1e-12 a step for ever is worth 4e-12, not 0"""
    P, R = np.ones((1, 1, 1)), np.full((1, 1), 1e-12)
    assert_value(kata.evaluate_policy(np.ones((1, 1)), P, R, 0.75), np.array([4e-12]))


@pytest.mark.parametrize("p", [2.0**-20, 2.0**-40])
def test_who_stays_long_leaves_in_the_end(kata, p):
    """γ = 1: a state left with a tiny probability only is worth what comes after it"""
    P = np.array([[1 - p, p, 0], [0, 0, 1], [0, 0, 1]])[:, None]
    R = np.array([[0.0], [5.0], [0.0]])
    assert_value(kata.evaluate_policy(np.ones((3, 1)), P, R, 1.0), np.array([5.0, 5.0, 0.0]))


def test_as_good_as_float64_allows(kata):
    """1 a step, γ = 0.9, eps = 0: V* = 10 to rounding"""
    V, _, _ = kata.value_iteration(np.ones((1, 1, 1)), np.ones((1, 1)), 0.9, 0.0)
    assert_within(V - 10, 2e-13, "V - V*")


# --- speed ---


def test_speed_of_bellman_backup(kata, race):
    """one pass over P: where loops look at each transition in Python"""

    def make(n, rng):
        return rng.standard_normal(n), rng.dirichlet(np.ones(n), (n, 8)), rng.standard_normal((n, 8)), 0.9

    race(
        "bellman_backup",
        make=make,
        sizes=(50, 100, 200),
        naive=reference.naive_backup,
        peers={"numpy.matmul": reference.matmul_backup},
    )
