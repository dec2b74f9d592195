import math

import numpy as np
import pytest

from dojo.testing import LAYOUTS, assert_agrees, assert_close, assert_same, assert_within, draw, laid_out
from reference.neuroscience import information_bottleneck as reference

LN2 = math.log(2.0)
FIVE = np.array([[0.18, 0.02], [0.16, 0.04], [0.02, 0.18], [0.04, 0.16], [0.1, 0.1]])  # beta_c = 2.5
CHANNEL = np.array([[0.45, 0.05], [0.05, 0.45]])  # a fair bit, wrong once in ten: rho = 0.8
NOISELESS = np.diag([0.5, 0.5])


def joint(rng, nx, ny, zeros=0.0):
    """A random p(x, y); a share of the entries is 0, but no row is."""
    p = rng.random((nx, ny)) ** 2 * (rng.random((nx, ny)) >= zeros)
    p[np.arange(nx), rng.integers(ny, size=nx)] += 0.1
    return p / p.sum()


def encoder(rng, nx, nt):
    return rng.dirichlet(np.ones(nt), size=nx)


# --- by hand ---


def test_update_by_hand(kata):
    """q(t) = (3/4, 1/4), q(y|t) = (2/3, 1/3), (0, 1): x = 1 gives 3/4 (1/3)² to the one and 1/4 to the other"""
    q = np.array([[1.0, 0.0], [0.5, 0.5]])
    assert_close(kata.ib_iterate(NOISELESS, q, 2.0), np.array([[1.0, 0.0], [0.25, 0.75]]))


def test_divergence_runs_from_data_to_cluster(kata):
    """KL(p(y|x) || q(y|t)), weighed by q(t): with p(x) = (2/3, 1/3) and beta = 1, all in fractions"""
    p = np.array([[2 / 3, 0.0], [0.0, 1 / 3]])
    q = np.array([[0.5, 0.5], [0.25, 0.75]])  # q(t) = (5/12, 7/12), q(y|t) = (4/5, 1/5), (4/7, 3/7)
    assert_close(kata.ib_iterate(p, q, 1.0), np.array([[1 / 2, 1 / 2], [1 / 4, 3 / 4]]))
    assert_close(kata.ib_iterate(p, q, 2.0), np.array([[7 / 12, 5 / 12], [7 / 52, 45 / 52]]))


def test_unused_cluster_stays_unused(kata):
    """q(t) = 0: its column stays 0, and the others do not notice"""
    q = np.array([[0.5, 0.0, 0.5], [0.25, 0.0, 0.75]])
    used = kata.ib_iterate(CHANNEL, q[:, [0, 2]], 3.0)
    got = kata.ib_iterate(CHANNEL, q, 3.0)
    assert_same(got[:, 1], np.zeros(2))
    assert_close(got[:, [0, 2]], used)


def test_clusters_apart_stay_apart(kata):
    """y tells x and t tells x: each cluster is at infinite divergence from the other's x"""
    assert_close(kata.ib_iterate(np.diag([0.5, 0.3, 0.2]), np.eye(3), 0.1), np.eye(3))


def test_what_is_rare_is_not_impossible(kata):
    """q(t) and q(y|t) of 1e-13 are no zeros: neither is the cluster unused nor its divergence infinite"""
    q = np.array([[1.0, 0.0], [1 - 1e-13, 1e-13]])
    assert_close(kata.ib_iterate(np.array([[0.4, 0.1], [0.1, 0.4]]), q, 1e3), np.eye(2), scale=1.0)
    q = np.array([[1 - 2.0**-43, 2.0**-43], [0.5, 0.5]])
    a, b = 0.75 * (2 / 3) ** 0.25, 0.25 * 2.0**-10.5  # q(t) q(y=0|t)^beta, with q(y=0|t) = 2/3 and 2⁻⁴², nearly
    got = kata.ib_iterate(np.diag([0.5, 0.5]), q, 0.25)[0]
    assert_within(got - np.array([a, b]) / (a + b), 1e-9, "q(t|x=0) - q(t) q(y=0|t)^beta / Z")


def test_nothing_remembered_is_a_fixed_point(kata):
    """all rows alike: q(y|t) = p(y) for all t, and q(t|x) = q(t) again, at every beta"""
    q = np.tile([0.2, 0.5, 0.3], (5, 1))
    for beta in (0.1, 2.5, 40.0):
        assert_close(kata.ib_iterate(FIVE, q, beta), q, scale=beta)


def test_start_is_dirichlet(kata):
    """max_iter = 0: the start, rng.dirichlet(np.ones(nt), size=nx), and its two informations"""
    q = np.random.default_rng(7).dirichlet(np.ones(3), size=5)
    got = kata.ib(FIVE, 3.0, 3, np.random.default_rng(7), 1e-10, 0)
    assert_close(got, (q, *reference.informations(FIVE, q)), scale=1.0)


def test_a_copied_bit_is_ln_2(kata):
    """Y = X, a fair bit, at a high price: T is X, and I(X;T) = I(T;Y) = ln 2, in nats"""
    _, x_t, t_y = kata.ib(NOISELESS, 1e4, 2, np.random.default_rng(1))
    assert_close((x_t, t_y), (LN2, LN2))


def test_one_cluster_remembers_nothing(kata):
    """nt = 1: the only encoder, and no information"""
    assert_close(kata.ib(FIVE, 5.0, 1, np.random.default_rng(0)), (np.ones((5, 1)), 0.0, 0.0), scale=1.0)


def test_critical_beta_by_hand(kata):
    """rho = 0.8 for a bit wrong once in ten; rho = 1 without noise; rho² = 0.4 for five inputs"""
    assert_close(kata.critical_beta(CHANNEL), 1.5625)
    assert_close(kata.critical_beta(np.diag([0.5, 0.3, 0.2])), 1.0)
    assert_close(kata.critical_beta(FIVE), 2.5, scale=6.0)


def test_no_price_is_high_enough_for_noise(kata):
    """X and Y independent, or one of them constant: inf"""
    assert_same(kata.critical_beta(np.outer([0.1, 0.2, 0.7], [0.3, 0.3, 0.4])), np.inf)
    assert_same(kata.critical_beta(np.array([[0.2, 0.3, 0.5]])), np.inf)
    assert_same(kata.critical_beta(np.array([[0.2], [0.8]])), np.inf)


def test_little_is_more_than_nothing(kata):
    """rho = 1e-5 has beta_c = 1e10; rho² = 1e-14 is taken for 0"""
    weak, none = (np.array([[1 + rho, 1 - rho], [1 - rho, 1 + rho]]) / 4 for rho in (1e-5, 1e-7))
    assert_within(kata.critical_beta(weak) * 1e-10 - 1, 1e-4, "beta_c / 1e10 - 1")
    assert_same(kata.critical_beta(none), np.inf)


def test_variational_terms_by_hand(kata):
    """two equal logits cost ln 2; half the squared length of mu, and (e - 1 - 1) / 2 for a variance e"""
    got = kata.vib_loss_terms(np.zeros((1, 2)), np.array([1]), np.array([[1.0, 2.0]]), np.zeros((1, 2)))
    assert_close(got, (LN2, 2.5))
    got = kata.vib_loss_terms(np.array([[0.0, math.log(3)]]), np.array([0]), np.zeros((1, 1)), np.ones((1, 1)))
    assert_close(got, (2 * LN2, (math.e - 2) / 2), scale=1.0)


def test_variational_terms_are_means_over_samples(kata):
    """the same sample three times costs as much as once"""
    once = np.array([[1.0, -1.0]]), np.array([1]), np.array([[0.5, 1.0, -2.0]]), np.array([[0.3, -1.0, 0.0]])
    assert_close(kata.vib_loss_terms(*(np.repeat(a, 3, axis=0) for a in once)), kata.vib_loss_terms(*once))


# --- laws ---


@pytest.mark.parametrize("beta", [1.0, 6.0, 50.0])
def test_an_update_never_raises_the_lagrangian(kata, rng, beta):
    """I(X;T) - beta I(T;Y) goes down or stays, update after update"""
    p, q = joint(rng, 6, 4), encoder(rng, 6, 3)
    before = reference.lagrangian(p, q, beta)
    for _ in range(6):
        q = kata.ib_iterate(p, q, beta)
        after = reference.lagrangian(p, q, beta)
        assert_within(max(after - before, 0.0), 1e-13 * beta, "rise of the Lagrangian")
        before = after


@pytest.mark.parametrize("beta", [1.25, 5.0])
def test_small_memories_grow_by_beta_rho_squared(kata, beta):
    """near the encoder that remembers nothing an update multiplies by beta / beta_c = beta 2/5: the bifurcation"""
    u = 1e-6 * np.array([4.0, 3.0, -4.0, -3.0, 0.0])  # the second singular vector, over sqrt(p(x))
    q = 0.5 + np.outer(u, [1.0, -1.0])
    grown = kata.ib_iterate(FIVE, q, beta) - 0.5
    assert_within(grown[:4, 0] / u[:4] - 0.4 * beta, 1e-4, "growth - beta rho²")


def test_below_critical_beta_all_is_forgotten(kata):
    """beta = 1.5 < 2.5: both informations end at 0"""
    _, x_t, t_y = kata.ib(FIVE, 1.5, 3, np.random.default_rng(4))
    assert_within((x_t, t_y), 1e-9, "I(X;T), I(T;Y)")


@pytest.mark.parametrize(("beta", "x_t", "t_y"), [(5.0, 0.48933, 0.15566), (20.0, 1.02241, 0.21504)])
def test_known_points_of_the_information_plane(kata, beta, x_t, t_y):
    """five inputs, three clusters: where a run ends, to five digits"""
    _, *got = kata.ib(FIVE, beta, 3, np.random.default_rng(2))
    assert_within(np.array(got) - [x_t, t_y], 6e-6, "informations - known ones")


def test_binary_channel_has_a_closed_form(kata):
    """the best T of a fair bit is the bit through a noisier channel (Mrs. Gerber's lemma)"""
    q, x_t, t_y = kata.ib(CHANNEL, 4.0, 2, np.random.default_rng(3))
    forgotten = float(q[0].min())
    assert_within(x_t - reference.binary_channel_information(0.0, forgotten), 1e-9, "I(X;T) - (ln 2 - h(d))")
    assert_within(t_y - reference.binary_channel_information(0.1, forgotten), 1e-9, "I(T;Y) - (ln 2 - h(d * 0.1))")
    noise = 0.1 * (1 - forgotten) + 0.9 * forgotten
    slope = math.log(1 / forgotten - 1) - 4.0 * 0.8 * math.log(1 / noise - 1)
    assert_within(slope, 1e-7, "dL/dd")


def test_data_processing(kata, rng):
    """I(T;Y) <= I(X;T) <= H(X), and I(T;Y) <= I(X;Y): T knows of Y by X only"""
    p = joint(rng, 5, 4)
    x_y = reference.informations(p, np.eye(5))[1]
    h_x = reference.informations(p, np.eye(5))[0]
    for beta in (2.0, 12.0, 300.0):
        _, x_t, t_y = kata.ib(p, beta, 4, np.random.default_rng(5), 1e-3, 100)
        assert_within(max(0.0, t_y - x_t, t_y - x_y, x_t - h_x), 1e-12, "excess")


# --- the oracle ---


@pytest.mark.parametrize("beta", [0.3, 4.0, 200.0])
@pytest.mark.parametrize("shape", [(1, 3, 2), (4, 1, 3), (3, 5, 2), (6, 2, 4)])
def test_update_agrees_with_the_definition(kata, rng, shape, beta):
    """nx, ny and nt all differ"""
    nx, ny, nt = shape
    args = joint(rng, nx, ny), encoder(rng, nx, nt), beta
    assert_agrees(kata.ib_iterate, reference.ib_iterate, *args, floor=1.0 + beta)


@pytest.mark.parametrize("beta", [1.5, 30.0])
def test_update_agrees_where_much_is_impossible(kata, rng, beta):
    """half of p(x,y) is 0, a y never occurs, an entry of q is 0: 0 log 0 = 0, and no NaN"""
    p, q = np.hstack([joint(rng, 5, 4, 0.5), np.zeros((5, 1))]), encoder(rng, 5, 3)
    q[0] = [0.0, 0.0, 1.0]
    assert_agrees(kata.ib_iterate, reference.ib_iterate, p, q, beta, floor=1.0 + beta)


@pytest.mark.parametrize(("tol", "max_iter"), [(0.0, 3), (0.03, 50), (10.0, 50)])
def test_run_agrees_with_the_loop(kata, tol, max_iter):
    """ends after the update that changes no entry by more than tol, or after max_iter updates"""

    def run(p):
        return kata.ib(p, 6.0, 3, np.random.default_rng(11), tol, max_iter)

    assert_agrees(run, lambda p: reference.ib(p, 6.0, 3, 11, tol, max_iter), FIVE, floor=10.0)


def test_largest_change_of_either_sign_ends_the_run(kata):
    """the largest changes are 0.12, 0.19, 0.14, 0.09: tol = 0.1 ends after four; their mean is far below"""
    p = np.array([[0.3, 0.05, 0.05], [0.05, 0.2, 0.05], [0.02, 0.08, 0.2]])

    def run(p):
        return kata.ib(p, 5.0, 3, np.random.default_rng(5), 0.1)

    assert_agrees(run, lambda p: reference.ib(p, 5.0, 3, 5, 0.1, 50), p, floor=10.0)


def test_run_agrees_with_defaults(kata, rng):
    """four values of y, and tol = 1e-10 where nothing is said"""
    p = joint(rng, 4, 6)
    assert_agrees(
        lambda p: kata.ib(p, 15.0, 3, np.random.default_rng(2)), lambda p: reference.ib(p, 15.0, 3, 2), p, floor=20.0
    )


@pytest.mark.parametrize("shape", [(2, 2), (3, 7), (6, 4)])
def test_critical_beta_agrees_with_an_eigenvalue(kata, rng, shape):
    """1 / the second eigenvalue of the walk x -> y -> x; a y that never occurs changes nothing"""
    p = joint(rng, *shape)
    want = reference.critical_beta(p)
    assert_close(kata.critical_beta(p), want, scale=want**2 + 10.0)
    assert_close(kata.critical_beta(np.insert(p, 1, 0.0, axis=1)), want, scale=want**2 + 10.0)


@pytest.mark.parametrize("family", ["normal", "large", "offset", "levels"])
def test_variational_terms_agree_with_the_definition(kata, rng, family):
    """any size of logits, each row at its own level; N, C and d all different"""
    logits, y = (10 if family == "levels" else 1) * draw(rng, family, 7, 4), rng.integers(0, 4, 7)
    mu, logvar = 2 * rng.standard_normal((7, 3)), rng.uniform(-30, 5, (7, 3))
    assert_agrees(kata.vib_loss_terms, reference.vib_loss_terms, logits, y, mu, logvar, floor=10.0)


def test_agrees_on_fresh_numbers(kata, fresh_rng):
    p, q = joint(fresh_rng, 5, 3, 0.2), encoder(fresh_rng, 5, 4)
    assert_agrees(kata.ib_iterate, reference.ib_iterate, p, q, 7.0, floor=10.0)


# --- nasty inputs ---


def test_high_price_underflows_nowhere(kata, rng):
    """beta = 1e4: every exponential of a row is 0 in floating point, its ratios are not"""
    q = kata.ib_iterate(FIVE, encoder(rng, 5, 3), 1e4)
    assert_close(q.sum(axis=1), np.ones(5))
    assert_close(q.max(axis=1), np.ones(5))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_any_memory_layout(kata, rng, layout):
    p, q = laid_out(layout, (joint(rng, 5, 3), encoder(rng, 5, 4)))
    assert_agrees(kata.ib_iterate, reference.ib_iterate, p, q, 3.0, floor=4.0)
