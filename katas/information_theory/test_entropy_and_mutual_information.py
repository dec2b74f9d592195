import math

import numpy as np
import pytest

from dojo.testing import LAYOUTS, assert_close, assert_same, golden, laid_out
from reference.information_theory import entropy_and_mutual_information as reference

LOG2 = math.log(2.0)

# Cover & Thomas, example 2.2.1; X is on axis 0 here, so this is the book's table turned over
COVER_THOMAS = np.array([
    [1 / 8, 1 / 16, 1 / 16, 1 / 4],
    [1 / 16, 1 / 8, 1 / 16, 0],
    [1 / 32, 1 / 32, 1 / 16, 0],
    [1 / 32, 1 / 32, 1 / 16, 0],
])  # fmt: skip


def joint(rng, n, m, zeros=0.3):
    """A random joint distribution in which some cells are 0."""
    p = rng.dirichlet(np.ones(n * m)).reshape(n, m) * (rng.random((n, m)) > zeros)
    p[0, 0] += 0.1
    return p / p.sum()


def assert_not_negative(x):
    """x >= 0, and not -0.0 either."""
    assert math.copysign(1.0, x) > 0, f"{x!r} is negative"


# --- by hand ---


def test_a_fair_coin_has_one_bit(kata):
    """H(1/2, 1/2) = 1 bit = log 2 nats = 1/2 of the unit log 4"""
    coin = np.array([0.5, 0.5])
    assert_close(kata.entropy(coin), 1.0)
    assert_close(kata.entropy(coin, math.e), LOG2)
    assert_close(kata.entropy(coin, base=4.0), 0.5)


def test_entropy_by_hand(kata):
    """H(1/2, 1/4, 1/8, 1/8) = 1/2 + 2/4 + 3/8 + 3/8 = 7/4 bits"""
    assert_close(kata.entropy(np.array([0.5, 0.25, 0.125, 0.125])), 1.75)


def test_outcomes_that_never_come_add_nothing(kata):
    """0 log 0 = 0, exactly: H(1/2, 0, 1/2, 0) = 1 bit"""
    assert_close(kata.entropy(np.array([0.5, 0.0, 0.5, 0.0])), 1.0)


def test_what_is_rare_is_not_never(kata):
    """H(q, 1 - q) for q = 2⁻⁵⁰ is 50 q bits for the rare outcome, and q log₂ e more for the other"""
    q = 2.0**-50
    assert_close(kata.entropy(np.array([q, 1 - q])), q * (50 + math.log2(math.e)))


def test_what_is_certain_has_entropy_zero(kata):
    """H(0, 1, 0) = 0: 0.0, not -0.0"""
    for p in ([0.0, 1.0, 0.0], [1.0]):
        got = kata.entropy(np.array(p))
        assert_same(got, 0.0)
        assert_not_negative(got)


def test_conditional_entropy_by_hand(kata):
    """a coin is thrown if X = 0: H(Y|X) = 1/2 bit, while H(X|Y) = 3/4 H(1/3, 2/3) = 3/4 log 3 - 1/2"""
    pxy = np.array([[0.25, 0.25], [0.5, 0.0]])
    assert_close(kata.conditional_entropy(pxy), 0.5, scale=2.0)
    assert_close(kata.conditional_entropy(pxy.T.copy()), 0.75 * math.log2(3) - 0.5, scale=2.0)
    assert_close(kata.conditional_entropy(pxy, math.e), 0.5 * LOG2, scale=2.0)


def test_mutual_information_by_hand(kata):
    """Y = X, a fair coin: the one tells all of the other, 1 bit; log 2 nats"""
    pxy = np.array([[0.5, 0.0], [0.0, 0.5]])
    assert_close(kata.mutual_information(pxy), 1.0, scale=2.0)
    assert_close(kata.mutual_information(pxy, base=math.e), LOG2, scale=2.0)


def test_cover_and_thomas(kata):
    """H(X) = 7/4, H(Y) = 2, H(X,Y) = 27/8, H(Y|X) = 13/8, H(X|Y) = 11/8, I(X;Y) = 3/8 bits"""
    assert_close(kata.entropy(COVER_THOMAS.sum(axis=1)), 1.75)
    assert_close(kata.entropy(COVER_THOMAS.sum(axis=0)), 2.0)
    assert_close(kata.entropy(COVER_THOMAS.ravel()), 3.375)
    assert_close(kata.conditional_entropy(COVER_THOMAS), 1.625, scale=4.0)
    assert_close(kata.conditional_entropy(COVER_THOMAS.T.copy()), 1.375, scale=4.0)
    assert_close(kata.mutual_information(COVER_THOMAS), 0.375, scale=4.0)


def test_plugin_entropy_by_hand(kata):
    """counts (2, 1, 1): H(1/2, 1/4, 1/4) = 3/2 log 2 nats, and (3 - 1) / (2 · 4) = 1/4 more with the correction"""
    counts = np.array([2, 1, 1])
    assert_close(kata.plugin_entropy(counts), 1.5 * LOG2)
    assert_close(kata.plugin_entropy(counts, True), 1.5 * LOG2 + 0.25)
    assert_close(kata.plugin_entropy(counts, miller_madow=False), 1.5 * LOG2)


def test_empty_bins_do_not_count(kata):
    """counts (2, 0, 1, 1, 0) are the same sample: K = 3 bins are occupied, not 5"""
    counts = np.array([2, 0, 1, 1, 0])
    assert_close(kata.plugin_entropy(counts), 1.5 * LOG2)
    assert_close(kata.plugin_entropy(counts, miller_madow=True), 1.5 * LOG2 + 0.25)


def test_one_bin_gives_zero(kata):
    """all draws in one bin: 0.0, and K - 1 = 0 adds nothing"""
    for counts in ([7], [0, 3, 0], [1]):
        for corrected in (False, True):
            got = kata.plugin_entropy(np.array(counts), corrected)
            assert_same(got, 0.0)
            assert_not_negative(got)


# --- laws ---


@pytest.mark.parametrize("n", [2, 7, 50])
def test_the_uniform_distribution_has_the_most(kata, rng, n):
    """H <= log n, with equality for the uniform distribution"""
    assert_close(kata.entropy(np.full(n, 1 / n)), math.log2(n))
    assert kata.entropy(rng.dirichlet(np.ones(n))) < math.log2(n)


def test_entropy_does_not_see_the_names(kata, rng):
    """H is the same for the outcomes in any order"""
    p = rng.dirichlet(np.ones(9))
    assert_close(kata.entropy(rng.permutation(p)), kata.entropy(p))


def test_chain_rule(kata, rng):
    """H(X, Y) = H(X) + H(Y|X)"""
    pxy = joint(rng, 3, 5)
    together = kata.entropy(pxy.sum(axis=1)) + kata.conditional_entropy(pxy)
    assert_close(together, kata.entropy(pxy.ravel()), scale=4.0)


def test_information_is_what_knowing_x_saves(kata, rng):
    """I(X;Y) = H(Y) - H(Y|X) = H(X) - H(X|Y) = I(Y;X)"""
    pxy = joint(rng, 4, 3)
    shared = kata.mutual_information(pxy)
    assert_close(shared, kata.entropy(pxy.sum(axis=0)) - kata.conditional_entropy(pxy), scale=4.0)
    assert_close(shared, kata.entropy(pxy.sum(axis=1)) - kata.conditional_entropy(pxy.T.copy()), scale=4.0)
    assert_close(shared, kata.mutual_information(pxy.T.copy()), scale=4.0)


def test_independent_variables_share_nothing(kata, rng):
    """pxy = px py: I = 0 and H(Y|X) = H(Y) to rounding, and I is never negative"""
    for _ in range(30):
        px, py = rng.dirichlet(np.ones(4)), rng.dirichlet(np.ones(3))
        shared = kata.mutual_information(np.outer(px, py))
        assert_close(shared, 0.0, scale=4.0)
        assert_not_negative(shared)
    assert_close(kata.conditional_entropy(np.outer(px, py)), kata.entropy(py), scale=4.0)


def test_a_function_of_x_leaves_nothing_to_ask(kata, rng):
    """Y = f(X): H(Y|X) = 0, never less, and I(X;Y) = H(Y)"""
    for _ in range(10):
        px = rng.dirichlet(np.ones(5))
        pxy = px[:, None] * np.eye(3)[rng.integers(3, size=5)]
        left = kata.conditional_entropy(pxy)
        assert_close(left, 0.0, scale=4.0)
        assert_not_negative(left)
        assert_close(kata.mutual_information(pxy), kata.entropy(pxy.sum(axis=0)), scale=4.0)


def test_plugin_entropy_sees_frequencies_only(kata):
    """ten times each count is the same distribution, and a tenth of the correction"""
    counts = np.array([5, 1, 0, 3, 8])
    assert_close(kata.plugin_entropy(10 * counts), kata.plugin_entropy(counts))
    assert_close(kata.plugin_entropy(10 * counts, True) - kata.plugin_entropy(counts), 3 / 340, scale=2.0)


def test_the_bias_and_its_correction(kata):
    """20 throws of a fair coin: the plug-in estimate is 1/40 nats too low on average, the corrected one is not"""
    N = 20
    heads = np.arange(N + 1)
    weights = np.array([math.comb(N, k) / 2**N for k in heads.tolist()])

    def bias(corrected):
        estimates = [kata.plugin_entropy(np.array([k, N - k]), corrected) for k in heads]
        return float(weights @ np.array(estimates)) - LOG2

    assert abs(bias(False) + 1 / (2 * N)) < 0.0015, f"the bias is {bias(False):.5f}, not near -1/40"
    assert abs(bias(True)) < 0.0015, f"the bias is {bias(True):.5f}, not near 0"


# --- the oracle ---


@pytest.mark.parametrize("base", [2.0, math.e, 10.0, 1.5])
def test_entropy_agrees_with_the_definition(kata, rng, base):
    for n in (2, 5, 30):
        p = rng.dirichlet(np.full(n, 0.5))
        assert_close(kata.entropy(p, base), reference.entropy(p, base), scale=1.0)


@pytest.mark.parametrize("size", [(2, 3), (5, 2), (4, 7), (1, 6), (6, 1)], ids=lambda size: "{}x{}".format(*size))
def test_joint_distributions_agree_with_the_definition(kata, rng, size):
    pxy = joint(rng, *size)
    for base in (2.0, 10.0):
        want = reference.conditional_entropy(pxy, base)
        assert_close(kata.conditional_entropy(pxy, base), want, scale=4.0)
        assert_close(kata.mutual_information(pxy, base), reference.mutual_information(pxy, base), scale=4.0)


@pytest.mark.parametrize("miller_madow", [False, True])
def test_plugin_entropy_agrees_with_the_definition(kata, rng, miller_madow):
    for n in (2, 6, 40):
        counts = rng.poisson(2.0, n)
        counts[0] += 1
        want = reference.plugin_entropy(counts, miller_madow)
        assert_close(kata.plugin_entropy(counts, miller_madow), want, scale=4.0)


def test_agrees_on_fresh_numbers(kata, fresh_rng):
    pxy = joint(fresh_rng, 5, 4)
    assert_close(kata.entropy(pxy.ravel()), reference.entropy(pxy.ravel()), scale=4.0)
    assert_close(kata.conditional_entropy(pxy), reference.conditional_entropy(pxy), scale=4.0)
    assert_close(kata.mutual_information(pxy), reference.mutual_information(pxy), scale=4.0)


def test_agrees_with_scipy(kata):
    """scipy.stats.entropy (frozen by entropy_and_mutual_information_golden.py)"""
    data = golden(reference)
    p, pxy = np.array(data["p"]), np.array(data["pxy"])
    for base, want in zip((2.0, math.e, 10.0), data["entropy"], strict=True):
        assert_close(kata.entropy(p, base), want, scale=1.0)
    assert_close(kata.conditional_entropy(pxy), data["conditional_entropy"], scale=4.0)
    assert_close(kata.mutual_information(pxy), data["mutual_information"], scale=4.0)
    assert_close(kata.plugin_entropy(np.array(data["counts"])), data["plugin_entropy"], scale=4.0)


# --- nasty inputs ---


def test_tiny_probabilities(kata):
    """p = 1e-300 and 1e-12 are no zeros, and no epsilon is added to them or to zeros"""
    for small in (1e-300, 1e-12, 1e-6):
        p = np.array([1 - small, small])
        assert_close(kata.entropy(p), reference.entropy(p), scale=1.0)
    p = np.append(np.full(50, 0.02), np.zeros(50))
    assert_close(kata.entropy(p), math.log2(50))


def test_rows_and_columns_of_zeros(kata, rng):
    """an x of probability 0 has no H(Y | X = x), and does not count"""
    pxy = joint(rng, 3, 4)
    padded = np.zeros((5, 6))
    padded[np.ix_([0, 2, 3], [1, 2, 4, 5])] = pxy
    assert_close(kata.conditional_entropy(padded), reference.conditional_entropy(pxy), scale=4.0)
    assert_close(kata.mutual_information(padded), reference.mutual_information(pxy), scale=4.0)


BAD = {
    "a negative entry": [-0.25, 0.5, 0.5, 0.25],
    "a sum of 1.1": [0.25, 0.25, 0.25, 0.35],
    "a sum of 1 - 1e-6": [0.25, 0.25, 0.25, 0.249999],
    "zeros": [0.0, 0.0, 0.0, 0.0],
    "a sum of 1 + 1e-8": [0.5, 0.25, 0.25, 1e-8],
    "an entry of -1e-13": [0.5, 0.25, 0.25, -1e-13],
    "a NaN": [0.5, 0.25, 0.25, math.nan],
    "an infinity": [0.5, 0.25, 0.25, math.inf],
}


@pytest.mark.parametrize("kind", BAD, ids=lambda kind: kind.replace(" ", "-"))
def test_what_is_no_distribution_is_refused(kata, kind):
    """entries below 0, another sum than 1, NaN: ValueError, in each of the three functions"""
    p = np.array(BAD[kind])
    for call, value in [
        (kata.entropy, p),
        (kata.conditional_entropy, p.reshape(2, 2)),
        (kata.mutual_information, p.reshape(2, 2)),
    ]:
        with pytest.raises(ValueError):
            call(value)


def test_rounding_of_the_sum_is_no_error(kata, rng):
    """a sum of 1 ± 1e-12 is 1"""
    for error in (1e-12, -1e-12):
        p = rng.dirichlet(np.ones(6)) * (1 + error)
        want = reference.entropy(p)
        assert abs(kata.entropy(p) - want) < 1e-10
        assert abs(kata.mutual_information(p.reshape(2, 3)) - reference.mutual_information(p.reshape(2, 3))) < 1e-10


@pytest.mark.parametrize("counts", [[0, 0, 0], [3, -1, 2]], ids=["no-draws", "a-negative-count"])
def test_what_are_no_counts_is_refused(kata, counts):
    """there is at least one draw, and no bin has fewer than none: ValueError"""
    with pytest.raises(ValueError):
        kata.plugin_entropy(np.array(counts))


def test_large_counts(kata):
    """a million million draws: N log N is no trouble, and the correction is next to nothing"""
    counts = np.array([10**12, 2 * 10**12, 10**12])
    assert_close(kata.plugin_entropy(counts), 1.5 * LOG2, scale=30.0)
    assert_close(kata.plugin_entropy(counts, miller_madow=True), 1.5 * LOG2, scale=100.0)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_any_memory_layout(kata, rng, layout):
    pxy = joint(rng, 4, 3)
    p = laid_out(layout, pxy)
    assert_close(kata.entropy(laid_out(layout, pxy[0] / pxy[0].sum())), reference.entropy(pxy[0] / pxy[0].sum()))
    assert_close(kata.conditional_entropy(p), reference.conditional_entropy(pxy), scale=4.0)
    assert_close(kata.mutual_information(p), reference.mutual_information(pxy), scale=4.0)
