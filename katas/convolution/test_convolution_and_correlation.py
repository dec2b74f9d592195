import numpy as np
import pytest

from dojo.testing import LAYOUTS, assert_agrees, assert_close, draw, golden, laid_out
from reference.convolution import convolution_and_correlation as reference

MODES = ["full", "same", "valid"]
SIZES = [(1, 1), (2, 1), (1, 4), (5, 2), (2, 5), (5, 3), (6, 6), (9, 4), (4, 9), (3, 8)]
WINDOWS = [  # n, k, stride, padding, dilation
    (7, 3, 1, 0, 1),
    (1, 1, 1, 0, 1),
    (5, 1, 1, 0, 1),
    (5, 5, 1, 0, 1),  # just fits
    (7, 3, 2, 0, 1),
    (8, 3, 2, 0, 1),  # the last sample is not reached
    (10, 3, 3, 0, 1),
    (7, 3, 1, 2, 1),
    (3, 2, 1, 4, 1),  # windows of nothing but padding
    (9, 3, 1, 0, 2),
    (11, 4, 1, 0, 3),
    (12, 3, 3, 2, 2),
    (11, 2, 2, 1, 4),
    (4, 3, 9, 1, 1),  # the stride leaves one window
    (2, 4, 1, 1, 1),  # longer than x, fits into padded x
]
norm = np.linalg.norm


def complex_normal(rng, n):
    return rng.standard_normal(n) + 1j * rng.standard_normal(n)


# --- by hand ---


def test_convolution_by_hand(kata):
    """(x * h)_t = Σ_j h_j x_{t-j}: (1, 2, 3) * (0, 1, 1/2) = (0, 1, 2 + 1/2, 3 + 1, 3/2)"""
    x, h = np.array([1.0, 2.0, 3.0]), np.array([0.0, 1.0, 0.5])
    assert_close(kata.convolve1d(x, h), np.array([0.0, 1.0, 2.5, 4.0, 1.5]), scale=4.2)


def test_correlation_by_hand(kata):
    """r_l = Σ_j h_j x_{l+j}, from lag -2, where the last of h meets the first of x, to lag 2"""
    x, h = np.array([1.0, 2.0, 3.0]), np.array([0.0, 1.0, 0.5])
    assert_close(kata.correlate1d(x, h), np.array([0.5, 2.0, 3.5, 3.0, 0.0]), scale=4.2)


def test_complex_correlation_by_hand(kata):
    """the second argument is conjugated: (1 + i) conj(i) = (1 + i)(-i) = 1 - i"""
    assert_close(kata.correlate1d(np.array([1 + 1j]), np.array([1j])), np.array([1 - 1j]))


def test_same_by_hand(kata):
    """of a full convolution with k = 4, "same" leaves out (k - 1) // 2 = 1 entry in front"""
    x, h = np.array([1.0, 2.0, 3.0, 4.0, 5.0]), np.array([1.0, 10.0, 100.0, 1000.0])
    assert_close(kata.convolve1d(x, h, mode="same"), np.array([12.0, 123.0, 1234.0, 2345.0, 3450.0]), scale=7500)


def test_same_is_as_long_as_x(kata):
    """with k = 4 samples in h and n = 2 in x, "same" still has the length of x"""
    x, h = np.array([1.0, 2.0]), np.array([1.0, 10.0, 100.0, 1000.0])
    assert_close(kata.convolve1d(x, h, mode="same"), np.array([12.0, 120.0]), scale=2300)


def test_valid_by_hand(kata):
    """two of the six entries of (1, 2, 3, 4) * (1, 10, 100) are sums of all three samples of h"""
    x, h = np.array([1.0, 2.0, 3.0, 4.0]), np.array([1.0, 10.0, 100.0])
    assert_close(kata.convolve1d(x, h, mode="valid"), np.array([123.0, 234.0]), scale=550)


def test_modes_of_correlation_by_hand(kata):
    """the modes cut the full correlation at the same entries as the full convolution"""
    x, h = np.array([1.0, 2.0, 3.0, 4.0]), np.array([100.0, 10.0, 1.0])
    assert_close(kata.correlate1d(x, h, mode="full"), np.array([1.0, 12.0, 123.0, 234.0, 340.0, 400.0]), scale=550)
    assert_close(kata.correlate1d(x, h, mode="same"), np.array([12.0, 123.0, 234.0, 340.0]), scale=550)
    assert_close(kata.correlate1d(x, h, mode="valid"), np.array([123.0, 234.0]), scale=550)


def test_layer_by_hand(kata):
    """a layer's window is not turned round: 1·1 + 10·2 + 100·3 = 321"""
    x, h = np.array([1.0, 2.0, 3.0, 4.0, 5.0]), np.array([1.0, 10.0, 100.0])
    assert_close(kata.conv1d_strided(x, h), np.array([321.0, 432.0, 543.0]), scale=750)


def test_stride_by_hand(kata):
    """stride 2 moves the window by two samples; it still sees every sample inside"""
    x, h = np.arange(1.0, 9.0), np.array([1.0, 10.0, 100.0])
    assert_close(kata.conv1d_strided(x, h, stride=2), np.array([321.0, 543.0, 765.0]), scale=1500)


def test_padding_by_hand(kata):
    """padding 1 lets the window begin on a zero and end on one"""
    x, h = np.arange(1.0, 6.0), np.array([1.0, 10.0, 100.0])
    assert_close(kata.conv1d_strided(x, h, padding=1), np.array([210.0, 321.0, 432.0, 543.0, 54.0]), scale=750)


def test_dilation_by_hand(kata):
    """dilation 2 looks at every second sample: the window of 3 spans 5"""
    x, h = np.arange(1.0, 7.0), np.array([1.0, 10.0, 100.0])
    assert_close(kata.conv1d_strided(x, h, dilation=2), np.array([531.0, 642.0]), scale=950)


def test_autocorrelation_by_hand(kata):
    """(1, 2, 6) deviates from its mean by (-2, -1, 3): the sums of products are 14, 2 - 3, -6"""
    x = np.array([1.0, 2.0, 6.0])
    assert_close(kata.autocorrelation(x), np.array([14.0, -1.0, -6.0]) / 3, scale=14)
    assert_close(kata.autocorrelation(x, biased=False), np.array([14 / 3, -1 / 2, -6.0]), scale=14)


# --- laws ---


def test_a_filter_of_one_changes_nothing(kata):
    """h = (1): x itself, in a new array"""
    for name in ("convolve1d", "correlate1d", "conv1d_strided"):
        assert_close(getattr(kata, name)(np.array([1.0, 2.0, 4.0]), np.ones(1)), np.array([1.0, 2.0, 4.0]))


def test_convolution_commutes(kata, rng):
    """x * h = h * x"""
    x, h = rng.standard_normal(7), rng.standard_normal(4)
    assert_close(kata.convolve1d(x, h), kata.convolve1d(h, x), scale=norm(x) * norm(h))


def test_convolution_associates(kata, rng):
    """(x * h) * g = x * (h * g): two layers without a nonlinearity between them are one"""
    x, h, g = rng.standard_normal(6), rng.standard_normal(4), rng.standard_normal(3)
    left, right = kata.convolve1d(kata.convolve1d(x, h), g), kata.convolve1d(x, kata.convolve1d(h, g))
    assert_close(left, right, scale=np.abs(x).sum() * np.abs(h).sum() * np.abs(g).sum())


def test_polynomials_multiply(kata):
    """convolving coefficients multiplies polynomials: (1 + z)³ (1 + z)⁴ = (1 + z)⁷"""
    third, fourth = np.array([1.0, 3.0, 3.0, 1.0]), np.array([1.0, 4.0, 6.0, 4.0, 1.0])
    want = np.array([1.0, 7.0, 21.0, 35.0, 35.0, 21.0, 7.0, 1.0])
    assert_close(kata.convolve1d(third, fourth), want, scale=norm(third) * norm(fourth))


@pytest.mark.parametrize("delay", [0, 1, 3])
def test_impulse_delays(kata, rng, delay):
    """convolving with an impulse at d delays by d, correlating with it advances by d"""
    x, impulse = rng.standard_normal(5), (np.arange(4) == delay).astype(float)
    before, behind = np.zeros(delay), np.zeros(3 - delay)
    assert_close(kata.convolve1d(x, impulse), np.concatenate([before, x, behind]), scale=norm(x))
    assert_close(kata.correlate1d(x, impulse), np.concatenate([behind, x, before]), scale=norm(x))


def test_correlation_is_the_transpose_of_convolution(kata, rng):
    """<x * h, y> = <x, corr(y, h)>: the backward pass of a convolution is a correlation"""
    x, h, y = rng.standard_normal(6), rng.standard_normal(4), rng.standard_normal(9)
    forward, backward = kata.convolve1d(x, h), kata.correlate1d(y, h, "valid")
    assert forward.shape == (9,)
    assert backward.shape == (6,)
    assert_close(forward @ y, x @ backward, scale=np.abs(x).sum() * np.abs(h).sum() * np.abs(y).max())


def test_swapped_correlation_is_conjugated_and_reversed(kata, rng):
    """corr(h, x) at lag l is the conjugate of corr(x, h) at lag -l"""
    x, h = complex_normal(rng, 6), complex_normal(rng, 3)
    scale = norm(x) * norm(h)
    assert_close(kata.correlate1d(h, x), np.conj(kata.correlate1d(x, h))[::-1].copy(), scale=scale)


def test_layer_is_a_correlation(kata, rng):
    """without options conv1d_strided is the valid correlation, with padding k - 1 the full one"""
    x, h = rng.standard_normal(9), rng.standard_normal(4)
    scale = norm(x) * norm(h)
    assert_close(kata.conv1d_strided(x, h), kata.correlate1d(x, h, "valid"), scale=scale)
    assert_close(kata.conv1d_strided(x, h, padding=3), kata.correlate1d(x, h, "full"), scale=scale)


def test_autocorrelation_of_alternating_signs(kata):
    """1, -1, 1, -1, ... has (-1)^l (n - l)/n at lag l, and (-1)^l without bias"""
    sign = (-1.0) ** np.arange(8)
    assert_close(kata.autocorrelation(sign), sign * np.arange(8, 0, -1) / 8, scale=1)
    assert_close(kata.autocorrelation(sign, biased=False), sign, scale=8)


def test_autocorrelation_begins_with_the_variance(kata, rng):
    """r_0 is the variance, with or without bias"""
    x = rng.standard_normal(12)
    for biased in (True, False):
        r = kata.autocorrelation(x, biased=biased)
        assert r.shape == (12,)
        assert_close(r[0], np.var(x))


# --- the oracle ---


@pytest.mark.parametrize(("n", "k"), SIZES)
def test_agrees_with_numpy(kata, rng, n, k):
    """every entry of x * h and of corr(x, h), whichever of the two is longer"""
    x, h = rng.standard_normal(n), rng.standard_normal(k)
    for mode in MODES:
        assert_agrees(kata.convolve1d, reference.convolve1d, x, h, mode, floor=norm(x) * norm(h))
        assert_agrees(kata.correlate1d, reference.correlate1d, x, h, mode, floor=norm(x) * norm(h))


@pytest.mark.parametrize("which", ["both", "first", "second"])
def test_complex_correlation_agrees_with_numpy(kata, rng, which):
    """r_l = Σ_j conj(h_j) x_{l+j} for complex arrays, and where one of them is real"""
    x = rng.standard_normal(7) if which == "second" else complex_normal(rng, 7)
    h = rng.standard_normal(4) if which == "first" else complex_normal(rng, 4)
    for mode in MODES:
        assert_agrees(kata.correlate1d, reference.correlate1d, x, h, mode, floor=norm(x) * norm(h))


@pytest.mark.parametrize(("n", "k", "stride", "padding", "dilation"), WINDOWS)
def test_layer_agrees_with_the_definition(kata, rng, n, k, stride, padding, dilation):
    """y_i = Σ_j h_j x_{is - p + jd}, at floor((n + 2p - d(k - 1) - 1) / s) + 1 places"""
    x, h = rng.standard_normal(n), rng.standard_normal(k)
    options = {"stride": stride, "padding": padding, "dilation": dilation}
    assert_agrees(kata.conv1d_strided, reference.conv1d_strided, x, h, **options, floor=norm(x) * norm(h))


def test_layer_agrees_with_torch(kata):
    """torch.nn.functional.conv1d computes the same (frozen by reference/convolution/..._golden.py)"""
    for case in golden(reference):
        x, h, y = (np.array(case.pop(name)) for name in "xhy")
        assert_close(kata.conv1d_strided(x, h, **case), y, scale=norm(x) * norm(h))


@pytest.mark.parametrize("biased", [True, False])
@pytest.mark.parametrize("n", [1, 2, 7, 20])
def test_autocorrelation_agrees_with_the_definition(kata, rng, n, biased):
    """r_l is the sum of n - l products of deviations, over n or over n - l"""
    x = rng.standard_normal(n)
    assert_agrees(kata.autocorrelation, reference.autocorrelation, x, biased=biased, floor=norm(x) ** 2)


def test_agrees_on_fresh_numbers(kata, fresh_rng):
    x, h = fresh_rng.standard_normal(17), fresh_rng.standard_normal(6)
    scale = norm(x) * norm(h)
    assert_agrees(kata.convolve1d, reference.convolve1d, x, h, "same", floor=scale)
    assert_agrees(kata.correlate1d, reference.correlate1d, x, h, "valid", floor=scale)
    assert_agrees(kata.conv1d_strided, reference.conv1d_strided, x, h, 3, 2, 2, floor=scale)
    assert_agrees(kata.autocorrelation, reference.autocorrelation, x, floor=norm(x) ** 2)


# --- nasty inputs ---


@pytest.mark.parametrize("family", ["offset", "large", "small", "mixed", "constant", "zeros", "ties"])
def test_any_size_of_values(kata, rng, family):
    """the error is a few rounding units of ‖x‖ ‖h‖; an offset drops out of the autocorrelation"""
    x, h = draw(rng, family, 12), draw(rng, "normal", 5)
    scale = norm(x) * norm(h)
    assert_agrees(kata.convolve1d, reference.convolve1d, x, h, floor=scale)
    assert_agrees(kata.correlate1d, reference.correlate1d, h, x, floor=scale)
    assert_agrees(kata.conv1d_strided, reference.conv1d_strided, x, h, 2, 3, floor=scale)
    spread = np.abs(x - x.mean())
    floor = norm(spread) ** 2 + np.abs(x).max() * spread.sum()  # rounding of the mean times the deviations
    assert_agrees(kata.autocorrelation, reference.autocorrelation, x, floor=floor)


@pytest.mark.parametrize("dtype", ["int8", "uint8", "int64", "float32"])
def test_narrow_types_do_not_overflow(kata, dtype):
    """100 · 100 is no int8: integers and float32 are computed as float64, as which the result comes"""
    x, h = np.array([100, 120, 7, 90, 3], dtype=dtype), np.array([100, 11, 120], dtype=dtype)
    wide_x, wide_h = x.astype(np.float64), h.astype(np.float64)
    scale = norm(wide_x) * norm(wide_h)
    assert_close(kata.convolve1d(x, h), reference.convolve1d(wide_x, wide_h), scale=scale)
    assert_close(kata.correlate1d(x, h, "same"), reference.correlate1d(wide_x, wide_h, "same"), scale=scale)
    assert_close(kata.conv1d_strided(x, h, padding=1), reference.conv1d_strided(wide_x, wide_h, padding=1), scale=scale)
    assert_close(kata.autocorrelation(x), reference.autocorrelation(wide_x), scale=norm(wide_x) ** 2)


def test_an_unsigned_number_has_no_sign(kata):
    """2⁶⁴ - 1 is no int64"""
    x = np.array([2**64 - 1, 1], dtype=np.uint64)
    assert_close(kata.convolve1d(x, np.array([1, 2], dtype=np.uint64)), np.array([2.0**64, 2.0**65, 2.0]))
    assert_close(kata.conv1d_strided(x, np.array([1.0])), np.array([2.0**64, 1.0]))


@pytest.mark.parametrize("dtype", ["complex64", "complex128"])
def test_complex_in_complex128_out(kata, dtype):
    """also where every imaginary part is 0, and computed so: 2²⁴ + 1 is no complex64"""
    x = np.array([2.0**24, 1.0], dtype=dtype)
    for h in (np.ones(2), np.ones(2, dtype=dtype)):
        assert_close(kata.correlate1d(x, h), np.array([2.0**24, 2.0**24 + 1, 1.0], dtype=np.complex128), scale=2.0**24)


def test_digits_beyond_float32_are_kept(kata):
    """2²⁴ + 1 is no float32: a product of float32 numbers is summed in float64"""
    x, h = np.array([2.0**24, 1.0], dtype=np.float32), np.array([1.0, 1.0], dtype=np.float32)
    assert_close(kata.convolve1d(x, h), np.array([2.0**24, 2.0**24 + 1, 1.0]), scale=2.0**24)
    assert_close(kata.correlate1d(x, h), np.array([2.0**24, 2.0**24 + 1, 1.0]), scale=2.0**24)
    assert_close(kata.conv1d_strided(x, h), np.array([2.0**24 + 1]))
    thirds = np.array([1, 2, 4], dtype=np.float32)  # their mean is 7/3
    assert_close(kata.autocorrelation(thirds), np.array([42.0, -1.0, -20.0]) / 27, scale=5)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_any_memory_layout(kata, rng, layout):
    x, h, z = laid_out(layout, [rng.standard_normal(9), rng.standard_normal(4), complex_normal(rng, 5)])
    assert_agrees(kata.convolve1d, reference.convolve1d, x, h, floor=norm(x) * norm(h))
    assert_agrees(kata.correlate1d, reference.correlate1d, x, z, floor=norm(x) * norm(z))
    assert_agrees(kata.conv1d_strided, reference.conv1d_strided, x, h, 2, 1, 2, floor=norm(x) * norm(h))
    assert_agrees(kata.autocorrelation, reference.autocorrelation, x, floor=norm(x) ** 2)


@pytest.mark.parametrize("name", ["convolve1d", "correlate1d", "conv1d_strided"])
@pytest.mark.parametrize(("n", "k"), [(0, 3), (3, 0), (0, 0)])
def test_empty_input_is_refused(kata, name, n, k):
    """nothing convolved with something is an error"""
    with pytest.raises(ValueError):
        getattr(kata, name)(np.ones(n), np.ones(k))


def test_empty_input_is_refused_behind_padding(kata):
    """padding does not make a signal of nothing"""
    with pytest.raises(ValueError):
        kata.conv1d_strided(np.ones(0), np.ones(2), padding=3)


def test_empty_series_is_refused(kata):
    """a series without a sample has no mean"""
    with pytest.raises(ValueError):
        kata.autocorrelation(np.ones(0))


def test_refusals_of_complex_input(kata):
    """a mode that is none, and nothing at all, are no better if complex"""
    with pytest.raises(ValueError):
        kata.correlate1d(np.ones(3) * 1j, np.ones(2), "circular")
    with pytest.raises(ValueError):
        kata.correlate1d(np.ones(0) * 1j, np.ones(2))


@pytest.mark.parametrize("name", ["convolve1d", "correlate1d"])
@pytest.mark.parametrize("mode", ["circular", "", "FULL"])
def test_unknown_mode_is_refused(kata, name, mode):
    """there are three modes"""
    with pytest.raises(ValueError):
        getattr(kata, name)(np.ones(3), np.ones(2), mode)


@pytest.mark.parametrize(
    "options", [{"stride": 0}, {"stride": -1}, {"padding": -1}, {"dilation": 0}, {"dilation": -1}], ids=str
)
def test_options_out_of_range_are_refused(kata, options):
    """stride and dilation are at least 1, padding at least 0"""
    with pytest.raises(ValueError):
        kata.conv1d_strided(np.ones(5), np.ones(2), **options)


@pytest.mark.parametrize(
    ("n", "k", "padding", "dilation"), [(3, 4, 0, 1), (1, 4, 1, 1), (4, 3, 0, 2), (2, 9, 1, 1), (1, 2, 0, 9)]
)
def test_window_longer_than_the_signal_is_refused(kata, n, k, padding, dilation):
    """a window of d (k - 1) + 1 samples needs as many in the padded signal"""
    with pytest.raises(ValueError):
        kata.conv1d_strided(np.ones(n), np.ones(k), 1, padding, dilation)
    with pytest.raises(ValueError):
        kata.conv1d_strided(np.ones(n), np.ones(k), 4, padding, dilation)
