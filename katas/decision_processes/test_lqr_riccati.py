import numpy as np
import pytest

from dojo.testing import LAYOUTS, assert_close, assert_same, assert_within, laid_out
from reference.decision_processes import lqr_riccati as reference

TEN_DIGITS = 1e-10 / np.finfo(np.float64).eps  # of the largest entry: what the statement asks for


def assert_ten_digits(got, want):
    """Every array agrees with the one wanted in ten digits of the largest entry there is."""
    leaves = [want] if isinstance(want, np.ndarray) else want
    scale = max((np.abs(leaf).max() for leaf in leaves), default=0.0)
    assert_close(got, want, scale=scale, ulps=TEN_DIGITS)


def system(rng, n, m):
    """Random A, B, Q, R, all modes of A fading."""
    A, B = 0.6 * rng.standard_normal((n, n)) / np.sqrt(n), rng.standard_normal((n, m))
    Q, R = rng.standard_normal((n, n)), rng.standard_normal((m, m))
    return A, B, Q @ Q.T + np.eye(n), R @ R.T + np.eye(m)


def scalar(*values):
    return [np.array([[float(value)]]) for value in values]


SIZES = [(1, 1), (2, 1), (3, 2), (2, 3), (5, 2)]

# position and velocity, steered by a force
CART = np.array([[1.0, 1.0], [0.0, 1.0]]), np.array([[0.0], [1.0]]), np.eye(2), np.eye(1)

# one mode grows by a fifth a step, if it is let
UNSTABLE = (
    np.array([[1.2, 0.1, 0.0], [0.0, 0.7, 0.2], [0.1, 0.0, 0.5]]),
    np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.5]]),
    np.diag([1.0, 2.0, 3.0]),
    np.array([[1.0, 0.5], [0.5, 2.0]]),
)


# --- by hand: a finite horizon ---


def test_last_step(kata):
    """one step to go: u = -K x minimises u² + 3 (x + u)², so K = 3/4, and 1 + 3/4 is what it costs from x = 1"""
    A, B, Q, R, Qf = scalar(1, 1, 1, 1, 3)
    K, P = scalar(0.75, 1.75)
    assert_close(kata.finite_horizon_lqr(A, B, Q, R, Qf, 1), ([K], P), ulps=TEN_DIGITS)


def test_gains_are_in_the_order_of_time(kata):
    """a = b = q = r = 1, qf = 0: P runs 0, 1, 3/2, 8/5 from the end; the last gain is 0, the first 3/5"""
    A, B, Q, R, Qf = scalar(1, 1, 1, 1, 0)
    K, P = kata.finite_horizon_lqr(A, B, Q, R, Qf, 3)
    assert_ten_digits(K, scalar(3 / 5, 1 / 2, 0))
    assert_ten_digits(P, np.array([[8 / 5]]))


def test_no_step_to_go(kata):
    """N = 0: no gains, and P_0 = Qf"""
    A, B, Q, R = CART
    Qf = np.array([[2.0, 1.0], [1.0, 3.0]])
    assert_close(kata.finite_horizon_lqr(A, B, Q, R, Qf, 0), ([], Qf))


# --- by hand: without end ---


def test_golden_ratio(kata):
    """a = b = q = r = 1: P = 1 + P - P² / (1 + P), so P = (1 + √5) / 2, and K = P / (1 + P) = P - 1"""
    golden = (1 + np.sqrt(5)) / 2
    P, K = kata.dare(*scalar(1, 1, 1, 1))
    assert_ten_digits(P, np.array([[golden]]))
    assert_ten_digits(K, np.array([[golden - 1]]))


def test_cheap_control(kata):
    """a = 2, b = 1, q = 0: nothing costs but steering, and P = 3 r is the cost of staying in bounds"""
    P, K = kata.dare(*scalar(2, 1, 1e-9, 1))
    assert_within(P - 3.0, 1e-8, "P - 3")
    assert_within(K - 1.5, 1e-8, "K - 3/2")


def test_nothing_to_be_done(kata):
    """A = 0: the state is gone after a step whatever one does, so P = Q and K = 0"""
    _, B, Q, R = CART
    assert_close(kata.dare(np.zeros((2, 2)), B, Q, R), (Q, np.zeros((1, 2))))


def test_what_costs_nothing_is_left_alone(kata):
    """Q = 0 with a mode that fades: P = 0 from the first step on, and nothing is steered"""
    assert_close(kata.dare(*scalar(0.5, 1, 0, 1)), tuple(scalar(0, 0)))


def test_cart(kata):
    """P and K of the cart, to the six digits of the literature"""
    P, K = kata.dare(*CART)
    assert_within(P - np.array([[2.947123, 2.369205], [2.369205, 4.613134]]), 5e-7, "P - the six digits")
    assert_within(K - np.array([[0.422082, 1.243929]]), 5e-7, "K - the six digits")


# --- by hand: what can be steered ---


def test_a_weak_input_is_an_input(kata):
    """rank as numpy counts it, beside the largest singular value: 1e-9 alone is no zero"""
    assert_same(kata.controllability_rank(np.diag([0.5, 0.25]), np.full((2, 1), 1e-9)), 2)


def test_force_steers_position_and_velocity(kata):
    """[B, AB] = [[0, 1], [1, 1]] has rank 2"""
    assert_same(kata.controllability_rank(CART[0], CART[1]), 2)


def test_equal_modes_cannot_be_told_apart(kata):
    """A = I/2: both states are moved in step, though both are stable and no entry of B is 0"""
    A = 0.5 * np.eye(2)
    assert_same(kata.controllability_rank(A, np.array([[1.0], [3.0]])), 1)
    assert_same(kata.controllability_rank(A, np.array([[1.0, 0.0], [3.0, 1.0]])), 2)


def test_unstable_is_not_uncontrollable(kata):
    """A = diag(2, 3, 4): each mode grows, and one input steers them all"""
    assert_same(kata.controllability_rank(np.diag([2.0, 3.0, 4.0]), np.ones((3, 1))), 3)
    assert_same(kata.controllability_rank(np.diag([2.0, 3.0, 4.0]), np.array([[1.0], [0.0], [1.0]])), 2)


@pytest.mark.parametrize("n", [1, 2, 4, 5])
def test_input_at_the_head_of_a_chain(kata, n):
    """x_i moves x_{i+1}: an input at the first reaches all n, at the last only that one, nowhere none"""
    A, first, last = np.diag(np.ones(n - 1), -1), np.eye(n)[:, :1], np.eye(n)[:, -1:]
    assert_same(kata.controllability_rank(A, first), n)
    assert_same(kata.controllability_rank(A, last), 1)
    assert_same(kata.controllability_rank(A, np.zeros((n, 2))), 0)


# --- by hand: what it costs ---


def test_cost_of_two_steps(kata):
    """x = 4, 2 and u = -2, -1: 16 + 4 and 4 + 1; x_2 = 1 is not paid for"""
    A, B, Q, R, K = scalar(1, 1, 1, 1, 0.5)
    assert_close(kata.simulate_cost(A, B, Q, R, K, np.array([4.0]), 2), 25.0)


def test_cost_of_no_step(kata):
    A, B, Q, R = CART
    assert_close(kata.simulate_cost(A, B, Q, R, np.ones((1, 2)), np.ones(2), 0), 0.0)


# --- laws ---


@pytest.mark.parametrize("given", [CART, UNSTABLE], ids=["cart", "unstable"])
def test_bellman_equation(kata, given):
    """P = Q + Kᵀ R K + (A - B K)ᵀ P (A - B K), P = Pᵀ, and A - B K brings every state to 0"""
    A, B, Q, R = given
    P, K = kata.dare(A, B, Q, R)
    closed = A - B @ K
    residual = Q + K.T @ R @ K + closed.T @ P @ closed - P
    assert_within(residual, 1e-10 * np.abs(P).max(), "Bellman residual")
    assert_within(P - P.T, 1e-10 * np.abs(P).max(), "P - Pᵀ")
    assert_within(np.abs(np.linalg.eigvals(closed)), 1.0, "eigenvalues of A - B K")


def test_value_is_what_it_costs(kata, rng):
    """Σ x_tᵀ Q x_t + u_tᵀ R u_t along the way is x_0ᵀ P x_0"""
    A, B, Q, R = UNSTABLE
    P, K = kata.dare(A, B, Q, R)
    x0 = rng.standard_normal(3)
    cost = kata.simulate_cost(A, B, Q, R, K, x0, 100)
    assert_within(cost - x0 @ P @ x0, 1e-9 * cost, "simulated cost - x₀ᵀ P x₀")


def test_no_other_gain_is_better(kata, rng):
    """every change of K costs more"""
    A, B, Q, R = UNSTABLE
    K, x0 = kata.dare(A, B, Q, R)[1], rng.standard_normal(3)
    least = reference.simulate_cost(A, B, Q, R, K, x0, 60)
    for _ in range(5):
        other = reference.simulate_cost(A, B, Q, R, K + 0.01 * rng.standard_normal(K.shape), x0, 60)
        assert_within(min(other - least, 0.0), 1e-9 * least, "what another gain saves")


def test_far_from_the_end_time_does_not_matter(kata, rng):
    """with Qf = P of the endless problem, or with the end far away: the gain of the endless problem"""
    A, B, Q, R = UNSTABLE
    P, K = kata.dare(A, B, Q, R)
    assert_ten_digits(kata.finite_horizon_lqr(A, B, Q, R, P, 4)[0], [K] * 4)
    assert_ten_digits(kata.finite_horizon_lqr(A, B, Q, R, np.zeros((3, 3)), 40)[0][0], K)


@pytest.mark.parametrize("unit", [1e-9, 1e9])
def test_in_another_currency(kata, unit):
    """Q and R times c: P times c, K the same; tol is relative to P"""
    A, B, Q, R = UNSTABLE
    P, K = kata.dare(A, B, Q, R)
    P_unit, K_unit = kata.dare(A, B, unit * Q, unit * R)
    assert_ten_digits(P_unit / unit, P)
    assert_ten_digits(K_unit, K)


# --- the oracle ---


@pytest.mark.parametrize(("n", "m"), SIZES)
def test_finite_horizon_agrees_with_all_inputs_at_once(kata, rng, n, m):
    """u_0, ..., u_{N-1} as one quadratic problem have the same gains and the same cost"""
    A, B, Q, R = system(rng, n, m)
    root = rng.standard_normal((n, n))
    for N in (1, 2, 6):
        K, P = kata.finite_horizon_lqr(A, B, Q, R, root @ root.T, N)
        want_K, want_P = reference.finite_horizon_lqr(A, B, Q, R, root @ root.T, N)
        assert_ten_digits(K, want_K)
        assert_ten_digits(P, want_P)


@pytest.mark.parametrize(("n", "m"), SIZES)
def test_dare_agrees_with_scipy(kata, fresh_rng, n, m):
    A, B, Q, R = system(fresh_rng, n, m)
    P, K = kata.dare(A, B, Q, R)
    want_P, want_K = reference.dare(A, B, Q, R)
    assert_ten_digits(P, want_P)
    assert_ten_digits(K, want_K)


def test_rounding_is_not_amplified(kata):
    """modes that turn and treble a step: P_0 of a hundred steps is the solution without end, in ten digits"""
    rng = np.random.default_rng(0)
    A, B, G = rng.standard_normal((4, 4)), rng.standard_normal((4, 2)), rng.standard_normal((4, 4))
    A, Q, R = 3 * A / np.abs(np.linalg.eigvals(A)).max(), G @ G.T, np.eye(2)
    want, _ = reference.dare(A, B, Q, R)
    assert_ten_digits(kata.finite_horizon_lqr(A, B, Q, R, Q, 100)[1], want)
    assert_ten_digits(kata.dare(A, B, Q, R)[0], want)


@pytest.mark.parametrize(("n", "m"), SIZES)
def test_cost_agrees_with_powers(kata, rng, n, m):
    """x_t = (A - B K)^t x_0, for any gain, good or bad"""
    A, B, Q, R = system(rng, n, m)
    K, x0 = rng.standard_normal((m, n)), rng.standard_normal(n)
    for N in (1, 2, 9):
        want = reference.simulate_cost(A, B, Q, R, K, x0, N)
        assert_close(kata.simulate_cost(A, B, Q, R, K, x0, N), want, ulps=TEN_DIGITS)


@pytest.mark.parametrize(("n", "rank"), [(2, 1), (4, 2), (5, 3)])
def test_rank_of_a_system_with_hidden_modes(kata, rng, n, rank):
    """in other coordinates than those in which one sees it, the last n - rank states cannot be reached"""
    A, B = rng.standard_normal((n, n)), rng.standard_normal((n, 1))
    A[rank:, :rank], B[rank:] = 0.0, 0.0
    T = np.linalg.qr(rng.standard_normal((n, n)))[0]
    assert_same(kata.controllability_rank(T @ A @ T.T, T @ B), rank)


# --- nasty inputs ---


def test_a_slow_mode_that_nobody_steers(kata):
    """x_1 fades by 10 % a step and costs 1 / (1 - 0.9²): P takes its time, though K does not move"""
    A, B = np.diag([0.9, 0.5]), np.array([[0.0], [1.0]])
    P, K = kata.dare(A, B, np.eye(2), np.eye(1))
    want_P, want_K = reference.dare(A, B, np.eye(2), np.eye(1))
    assert_ten_digits(P, want_P)
    assert_ten_digits(K, want_K)


@pytest.mark.parametrize("given", [CART, UNSTABLE], ids=["cart", "unstable"])
def test_what_grows_is_brought_to_rest(kata, given):
    """A has eigenvalues 1 or 1.2: scipy's solution all the same"""
    P, K = kata.dare(*given)
    want_P, want_K = reference.dare(*given)
    assert_ten_digits(P, want_P)
    assert_ten_digits(K, want_K)


def test_only_the_position_costs(kata):
    """Q is singular, but a velocity shows in the position: the equation has its solution"""
    A, B, _, R = CART
    Q = np.diag([1.0, 0.0])
    assert_ten_digits(kata.dare(A, B, Q, R)[0], reference.dare(A, B, Q, R)[0])


@pytest.mark.parametrize("growth", [256.0, 1.0])
def test_what_grows_and_cannot_be_steered_is_an_error(kata, growth):
    """ValueError: x_1 grows 256-fold, and P overflows; or x_1 stays, and P grows by 1 a step. inf is no solution"""
    A, B = np.diag([growth, 0.5]), np.array([[0.0], [1.0]])
    with pytest.raises(ValueError):
        kata.dare(A, B, np.eye(2), np.eye(1), max_iter=300)


def test_too_few_steps_are_an_error(kata):
    """ValueError after max_iter steps; a wider tol is met earlier"""
    with pytest.raises(ValueError):
        kata.dare(*scalar(1, 1, 1, 1), max_iter=3)
    P, _ = kata.dare(*scalar(1, 1, 1, 1), tol=0.5, max_iter=3)
    assert_within(P - (1 + np.sqrt(5)) / 2, 0.2, "P - golden ratio")


def test_the_largest_entry_is_the_measure(kata):
    """two systems that know nothing of each other: entries of P that are 0 ask for no more steps"""
    P, _ = kata.dare(np.eye(2), np.eye(2), np.eye(2), np.eye(2), tol=0.2, max_iter=4)
    assert_within(P - np.eye(2) * (1 + np.sqrt(5)) / 2, 0.2, "P - golden ratio")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_any_memory_layout(kata, rng, layout):
    given = system(rng, 3, 2)
    K, x0 = rng.standard_normal((2, 3)), rng.standard_normal(3)
    want = (
        reference.finite_horizon_lqr(*given, given[2], 3)[1],
        reference.dare(*given)[0],
        reference.simulate_cost(*given, K, x0, 5),
    )
    given, K, x0 = laid_out(layout, given), laid_out(layout, K), laid_out(layout, x0)
    assert_ten_digits(kata.finite_horizon_lqr(*given, given[2], 3)[1], want[0])
    assert_ten_digits(kata.dare(*given)[0], want[1])
    assert_close(kata.simulate_cost(*given, K, x0, 5), want[2], ulps=TEN_DIGITS)
    assert_same(kata.controllability_rank(given[0], given[1]), 3)
