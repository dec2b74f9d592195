from itertools import cycle
from math import log, pi, sqrt

import numpy as np
import pytest

from dojo.testing import (
    LAYOUTS,
    assert_agrees,
    assert_close,
    assert_same,
    assert_within,
    draw,
    golden,
    laid_out,
)
from reference.probability import likelihood_to_loss as reference

# name -> (family, nu): every law of the table, the power law with several tails
LAWS = {
    "gaussian": ("gaussian", 3.0),
    "laplace": ("laplace", 3.0),
    "student_t": ("student_t", 3.0),
    "cauchy": ("student_t", 1.0),
    "light tail": ("student_t", 30.0),
}
CONSTANTS = 10.0  # magnitude of the logarithms of Γ that are subtracted in the constant of student_t


@pytest.fixture(params=LAWS, ids=lambda name: name.replace(" ", "-"))
def law(request):
    """(family, nu)"""
    return LAWS[request.param]


def away_from_zero(r):
    """The same residuals, those at 0 moved to 1: laplace has no derivative there."""
    return np.where(r == 0, 1.0, r)


# --- nll, by hand ---


def test_gaussian_by_hand(kata):
    """-log p(0) = log √(2π), and each standard deviation adds u²/2"""
    assert_close(kata.nll(np.array([0.0]), "gaussian"), log(2 * pi) / 2)
    assert_close(kata.nll(np.array([3.0]), "gaussian"), log(2 * pi) / 2 + 4.5)
    assert_close(kata.nll(np.array([3.0]), "gaussian", scale=2.0), log(2 * pi) / 2 + log(2) + 9 / 8)


def test_laplace_by_hand(kata):
    """-log p(0) = log 2, and each scale adds |u|"""
    assert_close(kata.nll(np.array([0.0]), "laplace"), log(2))
    assert_close(kata.nll(np.array([-3.0]), "laplace"), log(2) + 3)
    assert_close(kata.nll(np.array([3.0]), "laplace", scale=2.0), 2 * log(2) + 1.5)


def test_student_by_hand(kata):
    """nu = 1 is Cauchy's 1 / (π (1 + u²)), nu = 3 is 2 / (π √3 (1 + u²/3)²)"""
    assert_close(kata.nll(np.array([0.0]), "student_t", nu=1.0), log(pi))
    assert_close(kata.nll(np.array([1.0]), "student_t", nu=1.0), log(2 * pi))
    assert_close(kata.nll(np.array([0.0]), "student_t"), log(pi * sqrt(3) / 2))
    assert_close(kata.nll(np.array([-6.0]), "student_t", scale=2.0), log(pi * sqrt(3)) + 2 * log(4), scale=CONSTANTS)


def test_a_tail_heavier_than_cauchys(kata):
    """nu = 1/4: nll(1) = 2.5437053197, influence(2) = (5/4) 2 / (1/4 + 4), and 0, 0, 5 have their centre at 0.0249"""
    assert_close(kata.nll(np.array([1.0]), "student_t", 1.0, 0.25), 2.5437053197009, ulps=1e4)
    assert_close(kata.influence(np.array([2.0]), "student_t", 1.0, 0.25), np.array([10 / 17]))
    assert_within(kata.location_mle(np.array([0.0, 0.0, 5.0]), "student_t", 0.25) - 0.0249359311, 1.1e-6, "m")


def test_a_light_tail_is_no_gaussian(kata):
    """0, 0, 0, 0 and 100: at nu = 200 the centre is 0.4931283, at nu = 2000 it is 4.3292491, and the mean is 20"""
    x = np.array([0.0, 0.0, 0.0, 0.0, 100.0])
    for nu, want in ((200.0, 0.4931283), (2000.0, 4.3292491)):
        assert_within(kata.location_mle(x, "student_t", nu) - want, 1.1e-6, "m")


def test_nll_is_a_mean(kata):
    """the mean over the residuals, not the sum: (9/2 + 1/2 + 0 + 4/2) / 4 and the constant once"""
    r = np.array([3.0, -1.0, 0.0, 2.0])
    assert_close(kata.nll(r, "gaussian"), log(2 * pi) / 2 + 7 / 4)
    assert_close(kata.nll(r, "laplace"), log(2) + 6 / 4)


# --- influence, by hand ---


def test_influence_by_hand(kata):
    """gaussian r, laplace sign r, student_t (nu + 1) r / (nu + r²)"""
    r = np.array([-1.0, 3.0, 0.5])
    assert_close(kata.influence(r, "gaussian"), r)
    assert_close(kata.influence(r, "laplace"), np.array([-1.0, 1.0, 1.0]))
    assert_close(kata.influence(r, "student_t"), np.array([-1.0, 1.0, 2 / 3.25]))
    assert_close(kata.influence(r, "student_t", nu=1.0), np.array([-1.0, 0.6, 0.8]))


def test_influence_by_hand_with_a_scale(kata):
    """with s = 2: gaussian r/4, laplace sign(r)/2, student_t 4 r / (12 + r²)"""
    r = np.array([-4.0, 2.0])
    assert_close(kata.influence(r, "gaussian", scale=2.0), np.array([-1.0, 0.5]))
    assert_close(kata.influence(r, "laplace", scale=2.0), np.array([-0.5, 0.5]))
    assert_close(kata.influence(r, "student_t", scale=2.0), np.array([-16 / 28, 0.5]))


def test_laplace_influence_at_zero(kata):
    """at the kink any slope from -1/s to 1/s will do"""
    assert_within(kata.influence(np.zeros(3), "laplace", scale=0.5), 2.0 + 1e-12, "influence at 0")


# --- location_mle, by hand ---

OUTLIER = np.array([1.0, 2.0, 3.0, 4.0, 100.0])


def test_gaussian_location_is_the_mean(kata):
    """squares: the mean, which follows the outlier"""
    assert_close(kata.location_mle(OUTLIER, "gaussian"), 22.0)


def test_laplace_location_is_the_median(kata):
    """absolute values: the median, which does not care how far the outlier is; data come in any order"""
    assert_close(kata.location_mle(OUTLIER, "laplace"), 3.0)
    assert_close(kata.location_mle(np.array([5.0, -7.0, 1.0]), "laplace"), 1.0)


def test_laplace_location_of_an_even_number(kata):
    """all between the two middle points are as good: the middle of them is asked for"""
    assert_close(kata.location_mle(np.array([10.0, 1.0, 3.0, 4.0]), "laplace"), 3.5)
    assert_close(kata.location_mle(np.array([-1.0, 5.0]), "laplace"), 2.0)


def test_student_location_by_hand(kata):
    """0, 0 and 5 with nu = 14: the influences 2 · 1/(14 + 1) and 4/(14 + 16) are in balance at m = 1"""
    assert_within(kata.location_mle(np.array([5.0, 0.0, 0.0]), "student_t", 14.0) - 1, 1e-6, "m - 1")


def test_student_location_of_a_symmetric_sample(kata):
    """-1, 0, 1 about 7, and an outlier on either side: the centre"""
    x = 7 + np.array([0.0, -1.0, 1.0, -50.0, 50.0])
    assert_within(kata.location_mle(x, "student_t") - 7, 1e-6, "m - 7")


def test_location_of_one_number(kata):
    """of a single observation the most likely centre is that observation"""
    for family in ("gaussian", "laplace", "student_t"):
        assert_within(kata.location_mle(np.array([-3.5]), family) + 3.5, 1e-6, "m - x")


# --- map_shrink, by hand ---


def test_gaussian_prior_shrinks_by_a_factor(kata):
    """tau² / (tau² + sigma²): 1/2 for equal scales, 4/5 for tau = 2 sigma, 1/10 for sigma = 3 tau"""
    z = np.array([3.0, -1.0, 0.0, 10.0])
    assert_close(kata.map_shrink(z, 1.0, "gaussian", 1.0), z / 2)
    assert_close(kata.map_shrink(z, 1.0, "gaussian", 2.0), z * 0.8)
    assert_close(kata.map_shrink(z, 1.5, "gaussian", 0.5), z / 10)


def test_laplace_prior_moves_towards_zero(kata):
    """by sigma² / tau, and no farther than 0: that is soft thresholding"""
    z = np.array([3.0, -3.0, 0.5, -0.5, 0.0])
    assert_close(kata.map_shrink(z, 1.0, "laplace", 1.0), np.array([2.0, -2.0, 0.0, 0.0, 0.0]))
    assert_close(kata.map_shrink(z, 1.0, "laplace", 4.0), np.array([2.75, -2.75, 0.25, -0.25, 0.0]))
    assert_close(kata.map_shrink(z, 0.5, "laplace", 0.125), np.array([1.0, -1.0, 0.0, 0.0, 0.0]))


# --- laws ---


def test_units_do_not_matter(kata, rng, law):
    """nll(c r, c s) = nll(r, s) + log c: a density is per unit"""
    family, nu = law
    r = rng.standard_normal(5)
    for scale in (0.25, 6.0):
        want = kata.nll(r, family, scale, nu) + log(8)
        assert_close(kata.nll(8 * r, family, 8 * scale, nu), want, scale=CONSTANTS)


@pytest.mark.parametrize(("family", "best"), [("gaussian", "root mean square"), ("laplace", "mean absolute value")])
def test_the_scale_can_be_learned(kata, rng, family, best):
    """the most likely scale is √mean r² for gaussian and mean |r|, no standard deviation, for laplace"""
    r = 3 * rng.standard_normal(40)
    s = sqrt(np.mean(r**2)) if best == "root mean square" else float(np.mean(np.abs(r)))
    least = kata.nll(r, family, s)
    for other in (0.1 * s, 0.9 * s, 0.99 * s, 1.01 * s, 1.1 * s, 10 * s):
        assert kata.nll(r, family, other) > least


@pytest.mark.parametrize(("family", "nu"), [("gaussian", 3.0), ("laplace", 3.0), ("student_t", 1.0)])
def test_density_has_mass_1(kata, family, nu):
    """Σ exp(-nll(u)) Δu over u = sinh t, |t| < 8, is 1 up to what a coarse sum leaves out"""
    t = 0.6 * np.arange(-13, 14)
    mass = sum(np.exp(-kata.nll(np.array([np.sinh(t_i)]), family, 1.0, nu)) * np.cosh(t_i) * 0.6 for t_i in t)
    assert_within(mass - 1, 0.05, "mass - 1")


def test_influence_is_the_slope_of_nll(kata, rng, law):
    """n (nll(r + h e_i) - nll(r - h e_i)) / 2h = influence(r)_i, up to h²"""
    family, nu = law
    r, h = 1 + 3 * rng.uniform(size=3), 1e-4
    slopes = [
        3 * (kata.nll(r + h * e, family, 1.5, nu) - kata.nll(r - h * e, family, 1.5, nu)) / (2 * h) for e in np.eye(3)
    ]
    assert_within(kata.influence(r, family, 1.5, nu) - slopes, 1e-7, "influence - slope of nll")


def test_influence_is_odd(kata, rng):
    """a residual pulls as hard from below as from above"""
    r = rng.standard_normal(6)
    for family, nu in LAWS.values():
        assert_close(kata.influence(-r, family, 0.7, nu), -kata.influence(r, family, 0.7, nu))


def test_three_kinds_of_influence(kata):
    """far out: without bound, constant, and falling to 0 again after its largest value at √nu s"""
    far = np.array([1e3, 1e6])
    assert_close(kata.influence(far, "gaussian", 2.0), far / 4)
    assert_close(kata.influence(far, "laplace", 2.0), np.array([0.5, 0.5]))
    assert_within(kata.influence(far, "student_t", 2.0), 5e-3, "influence of a far residual")
    around = 2 * sqrt(5) * np.array([0.5, 0.9, 1.0, 1.1, 2.0])
    assert_same(int(np.argmax(kata.influence(around, "student_t", 2.0, 5.0))), 2)


def test_student_becomes_gaussian(kata):
    """nu -> infinity: loss and influence differ from the Gaussian ones by O(1/nu)"""
    r, nu = np.array([-3.0, -0.5, 0.0, 1.0, 4.0]), 1e4
    loss = kata.nll(r, "student_t", 2.0, nu) - kata.nll(r, "gaussian", 2.0)
    assert_within(loss, 10 / nu, "student_t - gaussian")
    pull = kata.influence(r, "student_t", 2.0, nu) - kata.influence(r, "gaussian", 2.0)
    assert_within(pull, 10 / nu, "student_t - gaussian")
    assert_within(kata.location_mle(r, "student_t", nu) - 0.3, 100 / nu, "student_t - mean")


def test_location_moves_with_the_data(kata):
    """location_mle(x + c) = location_mle(x) + c"""
    x = np.array([0.5, -0.25, 40.0, 1.0, 0.125])
    for family in ("gaussian", "laplace", "student_t"):
        centre = kata.location_mle(x, family)
        assert_within(kata.location_mle(x - 1e4, family) - centre + 1e4, 2e-6, "m(x + c) - m(x) - c")


def test_location_does_not_depend_on_the_order(kata):
    """data are a set: any permutation has the same centre"""
    x = np.array([0.5, -0.25, 40.0, 1.0, 0.125, -90.0])
    for family in ("gaussian", "laplace", "student_t"):
        difference = kata.location_mle(x[[5, 2, 3, 0, 1, 4]], family) - kata.location_mle(x, family)
        assert_within(difference, 2e-6, "m of permuted data - m")


def test_an_outlier_has_bounded_influence(kata):
    """from 10³ to 10⁶: it moves the mean by 199 800, the median not at all, student_t by less than 0.01"""
    near, far = np.array([0.0, 0.5, 1.0, 1.5, 1e3]), np.array([0.0, 0.5, 1.0, 1.5, 1e6])
    moved = {
        law: kata.location_mle(far, law) - kata.location_mle(near, law) for law in ("gaussian", "laplace", "student_t")
    }
    assert_close(moved["gaussian"], 199_800.0)
    assert_close(moved["laplace"], 0.0)
    assert_within(moved["student_t"], 0.01, "shift by the outlier")


def test_weak_and_strong_priors(kata, rng):
    """tau -> infinity leaves z, tau -> 0 gives 0"""
    z = rng.standard_normal(6)
    for prior in ("gaussian", "laplace"):
        assert_close(kata.map_shrink(z, 0.5, prior, 1e20), z, scale=1.0)
        assert_within(kata.map_shrink(z, 0.5, prior, 1e-9), 1e-12, "w")


def test_laplace_gives_exact_zeros_and_gauss_none(kata, rng):
    """what lies within sigma²/tau = 0.8 of 0 becomes 0, exactly; an L2 penalty makes nothing vanish"""
    z = np.concatenate([rng.uniform(-0.79, 0.79, 20), rng.uniform(0.81, 3, 20), rng.uniform(-3, -0.81, 20)])
    assert_same(kata.map_shrink(z, 0.4, "laplace", 0.2) == 0, np.abs(z) < 0.8)
    assert np.all(kata.map_shrink(z, 0.4, "gaussian", 0.2) != 0)


def test_shrinkage_is_the_best_there_is(kata, rng):
    """any other w has a larger (z - w)²/2σ² - log prior(w)"""
    z, sigma, tau = 2 * rng.standard_normal(8), 0.7, 0.9
    for prior, penalty in (
        ("gaussian", lambda w: w**2 / (2 * tau**2)),
        ("laplace", lambda w: np.abs(w) / tau),
    ):
        w = kata.map_shrink(z, sigma, prior, tau)
        for other in (w + 1e-3, w - 1e-3, w + 0.3, w - 0.3, z, 0 * z, -w + 1e-3):
            more = (z - other) ** 2 / (2 * sigma**2) + penalty(other) - (z - w) ** 2 / (2 * sigma**2) - penalty(w)
            assert np.all(more > -1e-14)


# --- the oracle ---


def test_nll_agrees_with_quadrature(kata, rng, law):
    """the density is the kernel over its integral, whatever the size of the residuals"""
    family, nu = law
    for values, scale in zip(("zeros", "constant", "normal", "large", "small", "mixed"), cycle((1.0, 0.3))):
        assert_agrees(kata.nll, reference.nll, draw(rng, values, 7), family, scale, nu, floor=CONSTANTS)


def test_influence_agrees_with_the_complex_step(kata, rng, law):
    """d(-log p)/dr without a derivative written down"""
    family, nu = law
    for values, scale in zip(("constant", "normal", "large", "small", "mixed", "ties"), cycle((1.0, 2.5))):
        r = away_from_zero(draw(rng, values, 7))
        assert_agrees(kata.influence, reference.influence, r, family, scale, nu)


def test_defaults_are_scale_1_and_nu_3(kata, rng):
    r = rng.standard_normal(5)
    assert_close(kata.nll(r, "student_t"), kata.nll(r, "student_t", 1.0, 3.0))
    assert_close(kata.influence(r, "student_t"), kata.influence(r, "student_t", 1.0, 3.0))
    assert_close(kata.location_mle(OUTLIER, "student_t"), kata.location_mle(OUTLIER, "student_t", 3.0))


def test_agrees_with_scipy_stats(kata):
    """-logpdf of norm, laplace and t: reference/probability/likelihood_to_loss_golden.py"""
    data = golden(reference)
    for family, scale, nu, want in data["nll"]:
        assert_close(kata.nll(np.array(data["r"]), family, scale, nu), want, scale=CONSTANTS)


LOCATIONS = {  # an iteration from the mean ends at an outlier of the second and of the third
    "one outlier": OUTLIER,
    "mean beside an outlier": np.array([0.0, 1.0, 2.0, 90.0, 300.0]),
    "outliers first and last": np.array([80.0, 0.25, 0.0, -0.5, 0.5, 250.0]),
    "two outliers together": np.array([-0.7, 30.0, 0.1, 30.5, 0.4, 0.6, -0.2]),
    "none": np.array([-1.5, 0.5, 0.0, 1.0, 2.5, -0.5]),
    "skewed": np.array([0.0, 0.1, 0.3, 0.6, 1.0, 2.0, 8.0]),
}


@pytest.mark.parametrize("name", LOCATIONS, ids=lambda name: name.replace(" ", "-"))
def test_student_location_is_the_highest_maximum(kata, name):
    """the best of all m on a fine grid, refined: not a maximum beside an outlier"""
    x = LOCATIONS[name]
    for nu in (1.0, 8.0):
        want = reference.location_mle(x, "student_t", nu)
        assert_within(kata.location_mle(x, "student_t", nu) - want, 1e-6, "m - best")


@pytest.mark.parametrize("n", [2, 5, 8])
def test_mean_and_median_agree_with_a_search(kata, rng, n):
    """the minimiser of the sum of squares, and of absolute values"""
    x = rng.standard_normal(n)
    for family in ("gaussian", "laplace"):
        assert_within(kata.location_mle(x, family) - reference.location_mle(x, family), 1e-12, "m - best")


@pytest.mark.parametrize(("sigma", "tau"), [(1.0, 1.0), (0.3, 2.0), (2.0, 0.7)])
def test_shrinkage_agrees_with_bisection(kata, rng, sigma, tau):
    """where the slope of the objective changes its sign"""
    for values in ("ties", "large", "mixed"):
        z = draw(rng, values, 9)
        for prior in ("gaussian", "laplace"):
            assert_agrees(kata.map_shrink, reference.map_shrink, z, sigma, prior, tau, floor=sigma**2 / tau)


def test_agrees_on_fresh_numbers(kata, fresh_rng):
    """laws, scales, samples and priors drawn anew"""
    for family, nu in LAWS.values():
        r, scale = fresh_rng.standard_normal(6), float(fresh_rng.uniform(0.2, 4))
        assert_agrees(kata.nll, reference.nll, r, family, scale, nu, floor=CONSTANTS)
        assert_agrees(kata.influence, reference.influence, r, family, scale, nu)
    outliers = fresh_rng.choice([-1, 1], 3) * fresh_rng.uniform(20, 500, 3)
    x = fresh_rng.uniform(-5, 5) + np.concatenate([fresh_rng.uniform(-0.8, 0.8, 8), outliers])
    for family, nu in (("laplace", 3.0), ("student_t", 1.0), ("student_t", 5.0)):
        want = reference.location_mle(x, family, nu)
        assert_within(kata.location_mle(x, family, nu) - want, 1e-6, "m - best")
    for prior in ("gaussian", "laplace"):
        sigma, tau = (float(value) for value in fresh_rng.uniform(0.2, 3, 2))
        z = 3 * fresh_rng.standard_normal(6)
        assert_agrees(kata.map_shrink, reference.map_shrink, z, sigma, prior, tau, floor=sigma**2 / tau)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_any_memory_layout(kata, rng, layout):
    x = laid_out(layout, rng.standard_normal(7))
    assert_agrees(kata.nll, reference.nll, x, "student_t", floor=CONSTANTS)
    assert_agrees(kata.influence, reference.influence, x, "student_t")
    assert_agrees(kata.map_shrink, reference.map_shrink, x, 0.7, "laplace", 0.9, floor=1.0)
    assert_within(kata.location_mle(x, "laplace") - reference.location_mle(x, "laplace"), 1e-12, "m - median")


@pytest.mark.parametrize(("nu", "want"), [(1e3, 5.403539089), (1e4, 5.417389545)])
def test_many_degrees_of_freedom_are_no_gaussian_yet(kata, nu, want):
    """at r = 3 a Student t is below the Gaussian's 5.418938533, by less and less"""
    assert_within(kata.nll(np.array([3.0]), "student_t", nu=nu) - want, 2e-9, "nll - Student t at r = 3")
