import numpy as np
import pytest

from dojo.testing import LAYOUTS, assert_agrees, assert_close, assert_same, assert_within, golden, laid_out
from reference.generative_models import rbm_contrastive_divergence as reference

SHAPES = {  # N, nv, nh: all different
    "one of each": (1, 1, 1),
    "more visible": (5, 4, 2),
    "more hidden": (2, 3, 4),
    "one hidden": (4, 3, 1),
    "one visible": (3, 1, 4),
}
every_shape = pytest.mark.parametrize("shape", SHAPES.values(), ids=[name.replace(" ", "-") for name in SHAPES])


def bits(rng, *shape):
    return rng.integers(0, 2, shape).astype(np.float64)


def machine(rng, nv, nh, scale=1.0):
    """W, b, c."""
    return scale * rng.standard_normal((nv, nh)), scale * rng.standard_normal(nv), scale * rng.standard_normal(nh)


def largest_energy(W, b, c):
    """The rounding of an energy is the relative error of a probability."""
    return float(np.abs(W).sum() + np.abs(b).sum() + np.abs(c).sum())


def seeded(function, *settings):
    """The function with a generator of its own for each call: the oracle draws what the kata drew."""
    return lambda *arrays: function(*arrays, *settings, np.random.default_rng(1985))


# --- free energy ---


def test_free_energy_by_hand(kata):
    """F = -b v - log(1 + e^(c + v W)): for v = 0 and for v = 1, with W = log 3, b = 2, c = 0"""
    got = kata.free_energy(np.array([[0.0], [1.0]]), np.array([[np.log(3)]]), np.array([2.0]), np.zeros(1))
    assert_close(got, np.array([-np.log(2), -2 - np.log(4)]))


def test_free_energy_without_bonds(kata, rng):
    """W = 0, c = 0: every hidden unit adds -log 2"""
    v, b = bits(rng, 4, 3), rng.standard_normal(3)
    assert_close(kata.free_energy(v, np.zeros((3, 5)), b, np.zeros(5)), -v @ b - 5 * np.log(2), scale=5.0)


@every_shape
def test_free_energy_sums_the_hidden_units_out(kata, rng, shape):
    """e^(-F(v)) = sum over h of e^(-E(v, h))"""
    N, nv, nh = shape
    v, (W, b, c) = bits(rng, N, nv), machine(rng, nv, nh)
    floor = largest_energy(W, b, c) + nh
    assert_agrees(kata.free_energy, reference.free_energy, v, W, b, c, floor=floor)


def test_free_energy_of_large_weights(kata):
    """log(1 + e^1000) is 1000, log(1 + e^-1000) is 0, and log(1 + e^20.5) is 1.25e-9 more than 20.5"""
    F = kata.free_energy(np.ones((1, 1)), np.array([[20.5]]), np.zeros(1), np.zeros(1))
    assert_close(F, np.array([-20.5 - np.log1p(np.exp(-20.5))]))
    v, W = np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([[600.0], [-600.0]])
    assert_close(kata.free_energy(v, W, np.array([1.0, 1.0]), np.array([400.0])), np.array([-1001.0, -1.0]))


# --- sampling ---


def test_hidden_probability_by_hand(kata):
    """sigmoid(log 3) = 3/4, sigmoid(-log 3) = 1/4; a unit that is off passes nothing on"""
    W, c = np.log(3) * np.array([[1.0, -1.0], [50.0, 70.0]]), np.zeros(2)
    p, _ = kata.sample_hidden(np.array([[1.0, 0.0], [0.0, 0.0]]), W, c, np.random.default_rng(0))
    assert_close(p, np.array([[0.75, 0.25], [0.5, 0.5]]))


@every_shape
def test_samples_are_on_where_u_is_below_p(kata, rng, shape):
    """h = 1 where u < p with u = rng.random((N, nh)), as floats"""
    N, nv, nh = shape
    v, (W, _, c) = bits(rng, N, nv), machine(rng, nv, nh)
    assert_agrees(seeded(kata.sample_hidden), seeded(reference.sample_hidden), v, W, c, floor=1.0)
    p, h = kata.sample_hidden(v, W, c, np.random.default_rng(5))
    assert_same(h, (np.random.default_rng(5).random((N, nh)) < p).astype(np.float64))


def test_units_that_are_sure(kata):
    """sigmoid(±1000) is 1 and 0, without NaN: such units are always on, or never"""
    p, h = kata.sample_hidden(np.ones((3, 1)), np.array([[1000.0, -1000.0]]), np.zeros(2), np.random.default_rng(2))
    sure = np.tile([1.0, 0.0], (3, 1))
    assert_close((p, h), (sure, sure), scale=1.0)


# --- contrastive divergence ---


def test_positive_phase_by_hand(kata):
    """b = -1000: the chain falls to v = 0 at once, and dW is the data's mean of v p(h | v): 3/4 and 0, over 2"""
    v, W = np.array([[1.0], [0.0]]), np.array([[np.log(3)]])
    dW, db, dc = kata.cd_gradient(v, W, np.array([-1000.0]), np.zeros(1), 1, np.random.default_rng(0))
    assert_close((dW, db, dc), (np.array([[0.375]]), np.array([0.5]), np.array([0.125])), scale=1.0)


def test_negative_phase_by_hand(kata):
    """b = 1000: every chain goes to v = 1, so that the model's mean of v p(h | v) is 3/4"""
    v, W = np.array([[0.0], [0.0], [0.0]]), np.array([[np.log(3)]])
    dW, db, dc = kata.cd_gradient(v, W, np.array([1000.0]), np.zeros(1), 1, np.random.default_rng(0))
    assert_close((dW, db, dc), (np.array([[-0.75]]), np.array([-1.0]), np.array([-0.25])), scale=1.0)


def test_chain_starts_at_the_data(kata):
    """bonds so strong that h copies v and v copies h: the chain never leaves its datum, the gradient is 0"""
    v, W = np.array([[1.0, 0.0, 1.0], [0.0, 0.0, 1.0]]), 1000 * np.eye(3)
    b = c = np.full(3, -500.0)
    got = kata.cd_gradient(v, W, b, c.copy(), 3, np.random.default_rng(0))
    assert_close(got, (np.zeros((3, 3)), np.zeros(3), np.zeros(3)), scale=1.0)


@every_shape
@pytest.mark.parametrize("k", [1, 2, 5])
def test_cd_agrees_with_chains_unit_by_unit(kata, rng, shape, k):
    """the same draws in the same order: h from rng.random((N, nh)), then v from rng.random((N, nv)), k times"""
    N, nv, nh = shape
    v, (W, b, c) = bits(rng, N, nv), machine(rng, nv, nh)
    assert_agrees(seeded(kata.cd_gradient, k), seeded(reference.cd_gradient, k), v, W, b, c, floor=1.0)


def test_chain_goes_on_from_its_last_state(kata, rng):
    """twenty chains that move a lot: k = 3 steps are no single step, nor three from the start"""
    v, (W, b, c) = bits(rng, 20, 4), machine(rng, 4, 3, scale=3.0)
    floor = 1 + largest_energy(W, b, c)
    assert_agrees(seeded(kata.cd_gradient, 3), seeded(reference.cd_gradient, 3), v, W, b, c, floor=floor)


@pytest.mark.parametrize("scale", [1e-3, 30.0])
def test_cd_of_any_size_of_weight(kata, rng, scale):
    v, (W, b, c) = bits(rng, 6, 4), machine(rng, 4, 3, scale)
    floor = 1 + largest_energy(W, b, c)
    assert_agrees(seeded(kata.cd_gradient, 2), seeded(reference.cd_gradient, 2), v, W, b, c, floor=floor)


def test_cd_on_fresh_numbers(kata, fresh_rng):
    v, (W, b, c) = bits(fresh_rng, 5, 3), machine(fresh_rng, 3, 4)
    assert_agrees(seeded(kata.cd_gradient, 3), seeded(reference.cd_gradient, 3), v, W, b, c, floor=1.0)


def test_long_chains_give_the_exact_gradient(kata, rng):
    """for k → ∞ the mean over chains is the exact gradient: here within 5 standard errors, at most 1/2 / sqrt(N)"""
    W, b, c = machine(rng, 3, 2, scale=0.7)
    v = np.repeat(bits(rng, 4, 3), 150, axis=0)
    estimate = kata.cd_gradient(v, W, b, c, 10, np.random.default_rng(11))
    exact = kata.exact_gradient(v[::150], W, b, c)[:3]
    for got, want in zip(estimate, exact, strict=True):
        assert_within(got - want, 5 * 0.5 / np.sqrt(600), "CD-10 - exact gradient")


# --- the exact gradient ---


def test_exact_gradient_by_hand(kata):
    """W = log 2, b = c = 0: v = h = 1 weighs 2, the other three pairs 1. So <v h> = 2/5, <v> = <h> = 3/5"""
    got = kata.exact_gradient(np.array([[1.0]]), np.array([[np.log(2)]]), np.zeros(1), np.zeros(1))
    want = (np.array([[2 / 3 - 2 / 5]]), np.array([1 - 3 / 5]), np.array([2 / 3 - 3 / 5]), np.log(3 / 5))
    assert_close(got, want, scale=1.0)


def test_nothing_to_learn_from_its_own_distribution(kata):
    """all v equally often, and a machine that says so: the gradient is 0, the mean log p(v) is -nv log 2"""
    v = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    got = kata.exact_gradient(v, np.zeros((2, 3)), np.zeros(2), np.array([0.5, -1.0, 2.0]))
    assert_close(got, (np.zeros((2, 3)), np.zeros(2), np.zeros(3), -2 * np.log(2)), scale=1.0)


@every_shape
def test_exact_gradient_agrees_with_all_pairs(kata, rng, shape):
    """<v h>, <v>, <h> as sums over all (v, h)"""
    N, nv, nh = shape
    v, (W, b, c) = bits(rng, N, nv), machine(rng, nv, nh)
    floor = 1 + largest_energy(W, b, c)
    assert_agrees(kata.exact_gradient, reference.exact_gradient, v, W, b, c, floor=floor)


def test_exact_gradient_on_fresh_numbers(kata, fresh_rng):
    v, (W, b, c) = bits(fresh_rng, 4, 3), machine(fresh_rng, 3, 2)
    floor = 1 + largest_energy(W, b, c)
    assert_agrees(kata.exact_gradient, reference.exact_gradient, v, W, b, c, floor=floor)


def test_exact_gradient_agrees_with_autograd(kata):
    """frozen from torch by reference/generative_models/rbm_contrastive_divergence_golden.py"""
    data = {name: np.array(value) for name, value in golden(reference).items()}
    got = kata.exact_gradient(data["v"], data["W"], data["b"], data["c"])
    want = data["dW"], data["db"], data["dc"], float(data["log_likelihood"])
    assert_close(got, want, scale=1 + largest_energy(data["W"], data["b"], data["c"]))


def test_likelihood_ascends_along_the_gradient(kata, rng):
    """a small step along (dW, db, dc) raises the mean log p(v) by the step times |gradient|²"""
    v, (W, b, c) = bits(rng, 6, 3), machine(rng, 3, 4)
    dW, db, dc, before = kata.exact_gradient(v, W, b, c)
    step = 1e-5
    after = kata.exact_gradient(v, W + step * dW, b + step * db, c + step * dc)[3]
    slope = (dW**2).sum() + (db**2).sum() + (dc**2).sum()
    assert_within((after - before) / (step * slope) - 1, 1e-2, "rise of the likelihood / (step |gradient|²) - 1")


@pytest.mark.parametrize("nv", [1, 3, 12, 30])
def test_many_units_in_one_layer(kata, rng, nv):
    """independent units, W = 0: 12 in the smaller layer are 2^12 states, and 30 in the larger need no 2^30"""
    nh = {1: 30, 3: 30, 12: 12, 30: 3}[nv]
    v, b, c = bits(rng, 5, nv), rng.standard_normal(nv), rng.standard_normal(nh)
    dW, db, dc, likelihood = kata.exact_gradient(v, np.zeros((nv, nh)), b, c)
    on, hidden = 1 / (1 + np.exp(-b)), 1 / (1 + np.exp(-c))
    assert_within(db - (v.mean(axis=0) - on), 1e-12, "<v> of the data - sigmoid(b) - db")
    assert_within(dc, 1e-12, "dc")
    assert_within(dW - np.outer(v.mean(axis=0) - on, hidden), 1e-12, "db sigmoid(c) - dW")
    assert_close(likelihood, (v @ b).mean() - np.log1p(np.exp(b)).sum(), scale=100.0)


def test_a_machine_within_a_larger_one(kata, rng):
    """27 visible units without bonds change nothing for the others: dW, db, dc of those are as before"""
    v, (W, b, c) = bits(rng, 5, 30), machine(rng, 3, 3)
    larger = np.vstack([W, np.zeros((27, 3))]), np.concatenate([b, rng.standard_normal(27)]), c
    dW, db, dc, _ = kata.exact_gradient(v, *larger)
    want = reference.exact_gradient(v[:, :3], W, b, c)
    scale = 10 + largest_energy(*larger)
    assert_close((dW[:3].copy(), db[:3].copy(), dc), want[:3], scale=scale)


def test_machine_that_is_sure(kata):
    """weights of 1000: probabilities are 0 and 1, log Z is about 2000, and nothing is NaN"""
    v, W, b, c = np.array([[1.0, 1.0], [0.0, 0.0]]), np.array([[1000.0], [1000.0]]), np.zeros(2), np.zeros(1)
    want = (np.full((2, 1), -0.5), np.full(2, -0.5), np.array([-0.25]), (0 + np.log(2) - 2000) / 2)
    assert_close(kata.exact_gradient(v, W, b, c), want, scale=1.0)


# --- memory layouts ---


@pytest.mark.parametrize("layout", LAYOUTS)
def test_any_memory_layout(kata, rng, layout):
    v, W, b, c = laid_out(layout, (bits(rng, 5, 4), *machine(rng, 4, 3)))
    floor = 1 + largest_energy(W, b, c)
    assert_agrees(kata.exact_gradient, reference.exact_gradient, v, W, b, c, floor=floor)
    assert_agrees(seeded(kata.cd_gradient, 2), seeded(reference.cd_gradient, 2), v, W, b, c, floor=floor)
