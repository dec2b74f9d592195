import numpy as np
import pytest

from dojo.testing import LAYOUTS, assert_agrees, assert_close, assert_same, assert_within, draw, golden, laid_out
from reference.optimization import momentum_adam as reference


def sgd(kata, w, gradients, **options):
    """(w, v) after one step for each gradient, from v = 0."""
    v = np.zeros_like(w)
    for g in gradients:
        w, v = kata.sgd_momentum_step(w, g, v, **options)
    return w, v


def adam(kata, w, gradients, **options):
    """(w, m, v) after one step for each gradient, from m = v = 0; AdamW if `wd` is among the options."""
    step = kata.adamw_step if "wd" in options else kata.adam_step
    m, v = np.zeros_like(w), np.zeros_like(w)
    for t, g in enumerate(gradients, start=1):
        w, m, v = step(w, g, m, v, t, **options)
    return w, m, v


def state(rng, *shape):
    """(w, g, m, v) in the middle of a training."""
    return *rng.standard_normal((3, *shape)), rng.uniform(0.1, 2.0, shape)


# --- by hand ---


def test_momentum_by_hand(kata):
    """v = 4 and g = 2 with mu = 1/2: the new v is 4, and w goes down by lr v"""
    found = kata.sgd_momentum_step(np.array([1.0]), np.array([2.0]), np.array([4.0]), lr=0.25, mu=0.5)
    assert_close(found, (np.array([0.0]), np.array([4.0])), scale=1.0)


def test_nesterov_by_hand(kata):
    """the same with Nesterov: v is still 4, but w goes down by lr (g + mu v) = (2 + 2)/8"""
    found = kata.sgd_momentum_step(np.array([1.0]), np.array([2.0]), np.array([4.0]), 0.125, 0.5, nesterov=True)
    assert_close(found, (np.array([0.5]), np.array([4.0])))
    found = kata.sgd_momentum_step(np.array([1.0]), np.array([1.0]), np.array([4.0]), 0.125, 0.5, nesterov=True)
    assert_close(found, (np.array([0.6875]), np.array([3.0])))


def test_first_adam_step_by_hand(kata):
    """m = v = 0, t = 1: m̂ = g and v̂ = g², so that w moves by lr, against the sign of g"""
    w, g, zero = np.array([1.0, 1.0, 1.0]), np.array([-4.0, 0.5, 100.0]), np.zeros(3)
    w, m, v = kata.adam_step(w, g, zero, zero, 1, lr=0.25, b1=0.5, b2=0.75, eps=0.0)
    assert_close(w, np.array([1.25, 0.75, 0.75]))
    assert_close((m, v), (g / 2, g**2 / 4))


def test_second_adam_step_by_hand(kata):
    """b1 = b2 = 1/2, m = 1, v = 4, g = 2 at t = 2: m̂ = 1.5/0.75 = 2, v̂ = 4/0.75, eps = 0"""
    found = kata.adam_step(
        np.zeros(1), np.array([2.0]), np.array([1.0]), np.array([4.0]), 2, lr=1.0, b1=0.5, b2=0.5, eps=0.0
    )
    assert_close(found, (np.array([-2 / np.sqrt(16 / 3)]), np.array([1.5]), np.array([4.0])))


def test_eps_stands_outside_the_root(kata):
    """a first gradient as small as eps moves w by lr g / (|g| + eps) = lr/2"""
    w, _, _ = kata.adam_step(np.zeros(1), np.array([1e-8]), np.zeros(1), np.zeros(1), 1, lr=1.0)
    assert_close(w, np.array([-0.5]))


def test_decay_by_hand(kata):
    """w = 1, lr = wd = 1/2: the decay leaves 3/4, the first step of length lr goes up to 5/4"""
    w, m, v = kata.adamw_step(np.array([1.0]), np.array([-4.0]), np.zeros(1), np.zeros(1), 1, 0.5, 0.5, 0.75, 0.5, 0.0)
    assert_close((w, m, v), (np.array([1.25]), np.array([-1.0]), np.array([8.0])))


def test_radius_by_hand(kata):
    """z² - (1 + mu - lr λ) z + mu: 1/2 twice with lr λ = 1/4, ±i/2 with 5/4, 1/4 and 1 with 0, -1/4 and -1 with 5/2"""
    assert_within(kata.heavy_ball_radius(1.0, 0.25, 0.25) - 0.5, 1e-6, "radius - 1/2")
    for lam, radius in ((5.0, 0.5), (0.0, 1.0), (10.0, 1.0)):
        assert_within(kata.heavy_ball_radius(lam, 0.25, 0.25) - radius, 1e-12, "radius")


# --- laws ---


def test_without_momentum(kata, rng):
    """mu = 0 is gradient descent, w - lr g, with Nesterov or without; v is then g"""
    w, g, v, _ = state(rng, 5)
    for nesterov in (False, True):
        assert_close(kata.sgd_momentum_step(w, g, v, 0.1, 0.0, nesterov), (w - 0.1 * g, g), scale=1.0)


def test_steady_gradient_builds_up(kata):
    """with g = 1 all the time, v -> 1/(1 - mu): the steps are ten times those of gradient descent, mu = 0.9"""
    _, v = sgd(kata, np.zeros(2), [np.ones(2)] * 10, lr=0.1, mu=0.9)
    assert_close(v, np.full(2, 10 * (1 - 0.9**10)))


def test_units_of_the_loss_do_not_matter(kata, rng):
    """without eps, Adam's steps stay the same when all gradients are 1024 times as large"""
    w, gradients = rng.standard_normal(4), rng.standard_normal((5, 4))
    one, _, _ = adam(kata, w, gradients, lr=0.1, eps=0.0)
    other, _, _ = adam(kata, w, 1024 * gradients, lr=0.1, eps=0.0)
    assert_close(other, one, scale=1.0)


def test_steady_gradient_gives_steps_of_length_lr(kata):
    """with the same g all the time, m̂ = g and v̂ = g² at each t: the bias correction is exact"""
    g = np.array([3.0, -0.2])
    w, _, _ = adam(kata, np.zeros(2), [g] * 10, lr=0.1, eps=0.0)
    assert_within(w + np.sign(g), 1e-12, "w_10 + 10 lr sign(g)")


def test_no_decay_is_adam(kata, rng):
    """wd = 0: AdamW is Adam"""
    w, g, m, v = state(rng, 3)
    assert_close(kata.adamw_step(w, g, m, v, 4, 0.1, 0.0), kata.adam_step(w, g, m, v, 4, 0.1), scale=1.0)


def test_decay_is_decoupled(kata, rng):
    """AdamW is Adam but for -lr wd w, whatever the gradient: m and v know nothing of the decay"""
    w, g, m, v = state(rng, 3)
    plain, decayed = kata.adam_step(w, g, m, v, 4, 0.1), kata.adamw_step(w, g, m, v, 4, 0.1, 0.5)
    assert_close(decayed[0] - plain[0], -0.05 * w, scale=3.0)
    assert_close(decayed[1:], plain[1:])


# eigenvalue, learning rate, momentum: both roots real and positive, both negative, complex, growing, a saddle
MAPS = [(1.0, 0.01, 0.5), (3.0, 0.9, 0.3), (2.0, 0.5, 0.8), (5.0, 1.0, 0.5), (-1.0, 0.2, 0.9), (2.0, 0.3, 0.0)]


@pytest.mark.parametrize(("lam", "lr", "mu"), MAPS)
def test_radius_is_that_of_the_step(kata, lam, lr, mu):
    """a step with g = λ w is linear in (w, v): its matrix has the radius as largest |eigenvalue|"""
    columns = [kata.sgd_momentum_step(w, lam * w, v, lr, mu) for w, v in np.eye(2)[:, :, None]]
    step = np.array([[float(w[0]), float(v[0])] for w, v in columns]).T
    error = kata.heavy_ball_radius(lam, lr, mu) - np.abs(np.linalg.eigvals(step)).max()
    assert_within(error, 1e-12, "radius - largest |eigenvalue|")


def test_best_momentum_makes_all_eigenvalues_equal(kata):
    """eigenvalues in [1, 100]: lr = 4/(10 + 1)² and √mu = 9/11 give the radius √mu = 0.818182 for each of them"""
    for lam in (1.0, 1.5, 7.0, 50.0, 99.0, 100.0):  # the first and the last have two equal roots
        radius = kata.heavy_ball_radius(lam, 4 / 121, (9 / 11) ** 2)
        assert_within(radius - 9 / 11, 1e-6 if lam in (1.0, 100.0) else 1e-12, "radius - 9/11")


def test_momentum_widens_the_stable_steps(kata):
    """lr λ = 2 (1 + mu) is the edge: the radius is 1 there, below 1 before it, above 1 behind it"""
    for mu in (0.0, 0.5, 0.75):
        assert_within(kata.heavy_ball_radius(4.0, (1 + mu) / 2, mu) - 1, 1e-12, "radius - 1")
        assert_same(kata.heavy_ball_radius(4.0, 0.99 * (1 + mu) / 2, mu) < 1, True)
        assert_same(kata.heavy_ball_radius(4.0, 1.01 * (1 + mu) / 2, mu) > 1, True)


# --- the oracle ---

SHAPES = [(1,), (4,), (2, 3), (3, 1, 2)]


@pytest.mark.parametrize("nesterov", [False, True])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_momentum_agrees_with_the_definition(kata, rng, shape, nesterov):
    """one step from any state"""
    w, g, v, _ = state(rng, *shape)
    assert_agrees(kata.sgd_momentum_step, reference.sgd_step, w, g, v, 0.05, 0.7, nesterov, floor=3.0)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_adam_agrees_with_the_definition(kata, rng, shape):
    """one step from any state, early and late, with the usual constants and with others"""
    w, g, m, v = state(rng, *shape)
    assert_agrees(kata.adam_step, reference.adam_step, w, g, m, v, 3, floor=3.0)
    assert_agrees(kata.adam_step, reference.adam_step, w, g, m, v, 7, 0.1, 0.6, 0.8, 0.3, floor=3.0)
    assert_agrees(kata.adam_step, reference.adam_step, w, g, m, v, 10**6, floor=3.0)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_adamw_agrees_with_the_definition(kata, rng, shape):
    """one step from any state, with the usual constants and with others"""
    w, g, m, v = state(rng, *shape)

    def wanted(w, g, m, v, t, lr, wd, *constants):
        return reference.adam_step(w, g, m, v, t, lr, *(constants or (0.9, 0.999, 1e-8)), wd)

    assert_agrees(kata.adamw_step, wanted, w, g, m, v, 3, 0.01, 0.1, floor=3.0)
    assert_agrees(kata.adamw_step, wanted, w, g, m, v, 7, 0.1, 0.5, 0.6, 0.8, 0.3, floor=3.0)


def test_paths_agree_with_sums_over_all_gradients(kata, fresh_rng):
    """momentum is Σ muᵗ⁻ⁱ g_i, Adam's m̂ and v̂ are weighted means of all g_i and g_i²: five steps"""
    w, gradients = fresh_rng.standard_normal(3), list(fresh_rng.standard_normal((5, 3)))
    for nesterov in (False, True):
        want = reference.sgd_path(w, gradients, 0.1, 0.6, nesterov)
        assert_close(sgd(kata, w, gradients, lr=0.1, mu=0.6, nesterov=nesterov), want, scale=10.0)
    options = {"lr": 0.1, "b1": 0.7, "b2": 0.9, "eps": 0.01}
    assert_close(adam(kata, w, gradients, **options), reference.adam_path(w, gradients, **options), scale=10.0)
    options["wd"] = 0.2
    assert_close(adam(kata, w, gradients, **options), reference.adam_path(w, gradients, **options), scale=10.0)


TORCH = {
    "SGD": (sgd, {"lr": 0.03, "mu": 0.9}),
    "SGD, nesterov": (sgd, {"lr": 0.03, "mu": 0.8, "nesterov": True}),
    "Adam": (adam, {"lr": 0.01}),
    "Adam, other constants": (adam, {"lr": 0.1, "b1": 0.5, "b2": 0.9, "eps": 0.01}),
    "AdamW": (adam, {"lr": 0.05, "wd": 0.3, "b1": 0.8, "b2": 0.99, "eps": 1e-4}),
}


@pytest.mark.parametrize("name", TORCH)
def test_agrees_with_torch(kata, name):
    """50 steps of torch.optim on the same gradients (frozen by reference/optimization/momentum_adam_golden.py)"""
    data = golden(reference)
    train, options = TORCH[name]
    w, *_ = train(kata, np.array(data["start"]), np.array(data["gradients"]), **options)
    assert_within(w - np.array(data["ends"][name]), 1e-12, "w - w of torch")


# --- nasty inputs ---


def test_no_gradient_no_step(kata):
    """g = 0 from the start: w stays as it is, 0/0 is no nan; AdamW only decays"""
    w, zero = np.array([1.0, -2.0, 0.0]), np.zeros(3)
    assert_close(kata.adam_step(w, zero, zero, zero, 1), (w, zero, zero))
    assert_close(kata.adamw_step(w, zero, zero, zero, 1, 0.5, 0.5), (0.75 * w, zero, zero))
    assert_close(kata.sgd_momentum_step(w, zero, zero, 0.1, 0.9), (w, zero))


def test_one_huge_gradient(kata):
    """1e8 once and 0 ever after: the steps are of the size of lr and die out with m, while v still remembers"""
    gradients = [np.array([1e8, 0.0])] + [np.zeros(2)] * 7
    w, m, v = adam(kata, np.zeros(2), gradients, lr=0.01)
    want = reference.adam_path(np.zeros(2), gradients, 0.01, 0.9, 0.999, 1e-8)
    assert_within(w - want[0], 1e-14, "w - Σ of the steps")
    assert_close((m, v), want[1:])


@pytest.mark.parametrize("family", ["offset", "large", "small", "mixed", "ties"])
def test_any_size_of_gradient(kata, rng, family):
    """each entry has its own step: a column of gradients from 1e-6 to 1e6"""
    w, m = draw(rng, "normal", 6, 1), np.zeros((6, 1))
    g, v = draw(rng, family, 6, 1), np.zeros((6, 1))
    assert_agrees(kata.adam_step, reference.adam_step, w, g, m, v, 1, floor=1.0 + np.abs(g))
    assert_agrees(kata.sgd_momentum_step, reference.sgd_step, w, g, m, 0.1, 0.9, floor=1.0 + np.abs(g))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_any_memory_layout(kata, rng, layout):
    """the same step, however the numbers lie in memory"""
    w, g, m, v = laid_out(layout, state(rng, 2, 4))
    assert_agrees(kata.adam_step, reference.adam_step, w, g, m, v, 2, floor=3.0)
    assert_agrees(kata.sgd_momentum_step, reference.sgd_step, w, g, v, 0.1, 0.9, True, floor=3.0)


@pytest.mark.parametrize("t", [0, -1])
def test_steps_count_from_one(kata, t):
    """at t = 0 the bias 1 - b1⁰ is 0: ValueError, and not a division by 0"""
    one = np.ones(2)
    with pytest.raises(ValueError):
        kata.adam_step(one, one, one, one, t)
    with pytest.raises(ValueError):
        kata.adamw_step(one, one, one, one, t, 0.1, 0.1)


@pytest.mark.parametrize("t", [100, 1000, 10_000])
def test_the_bias_is_divided_out_late_as_well(kata, rng, t):
    """b2 = 0.999: at t = 1000 a third of v̂'s weight is still missing from v; t need not be small"""
    w, g, m, v = state(rng, 3)
    assert_agrees(kata.adam_step, reference.adam_step, w, g, m, v, t, 0.1, floor=3.0)


def test_radius_next_to_a_double_root(kata):
    """z² - (1 + d) z + 1/4 with d = 2⁻³²: two real roots, the larger 1/2 + √(d/2) = 1/2 + 1.08e-5 up to d"""
    radius = kata.heavy_ball_radius(1.0, 0.25 - 2.0**-32, 0.25)
    assert_within(radius - (0.5 + 2.0**-16.5), 1e-6, "radius")
