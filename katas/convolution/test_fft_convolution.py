import math

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
    peak_bytes,
)
from reference.convolution import fft_convolution as reference

MODES = ["full", "same", "valid"]
SIZES = [(1, 1), (2, 1), (1, 4), (5, 2), (2, 5), (5, 3), (6, 6), (9, 4), (4, 9), (8, 7), (33, 20)]
norm = np.linalg.norm


def well_conditioned(rng, n):
    """The first column of a circulant matrix far from singular."""
    return rng.standard_normal(n) + 3 * np.sqrt(n) * (np.arange(n) == 0)


# --- by hand ---


def test_full_by_hand(kata):
    """(1, 2, 3) * (4, 5) = (4, 8 + 5, 12 + 10, 15)"""
    x, h = np.array([1.0, 2.0, 3.0]), np.array([4.0, 5.0])
    assert_close(kata.fft_convolve(x, h), np.array([4.0, 13.0, 22.0, 15.0]), scale=24)


def test_same_by_hand(kata):
    """of a full convolution with k = 4, "same" leaves out (k - 1) // 2 = 1 entry in front"""
    x, h = np.array([1.0, 2.0, 3.0, 4.0, 5.0]), np.array([1.0, 10.0, 100.0, 1000.0])
    assert_close(kata.fft_convolve(x, h, mode="same"), np.array([12.0, 123.0, 1234.0, 2345.0, 3450.0]), scale=7500)


def test_same_is_as_long_as_x(kata):
    """with k = 4 samples in h and n = 2 in x, "same" still has the length of x"""
    x, h = np.array([1.0, 2.0]), np.array([1.0, 10.0, 100.0, 1000.0])
    assert_close(kata.fft_convolve(x, h, mode="same"), np.array([12.0, 120.0]), scale=2300)


def test_valid_by_hand(kata):
    """two of the five entries of (1, 2, 3, 4) * (1, 10, 100) are sums of all three samples of h"""
    x, h = np.array([1.0, 2.0, 3.0, 4.0]), np.array([1.0, 10.0, 100.0])
    assert_close(kata.fft_convolve(x, h, mode="valid"), np.array([123.0, 234.0]), scale=550)


def test_valid_is_the_same_for_both_orders(kata):
    """x * h = h * x, and so are the entries that use every sample of the shorter one, whichever that is"""
    x, h = np.array([1.0, 10.0, 100.0]), np.array([1.0, 2.0, 3.0, 4.0])
    assert_close(kata.fft_convolve(x, h, mode="valid"), np.array([123.0, 234.0]), scale=550)


def test_correlation_by_hand(kata):
    """lags -2..2 of (1, 2, 3) against (0, 1, 1/2): the last sample of y meets the first of x first"""
    x, y = np.array([1.0, 2.0, 3.0]), np.array([0.0, 1.0, 0.5])
    assert_close(kata.fft_correlate(x, y), np.array([0.5, 2.0, 3.5, 3.0, 0.0]), scale=4.2)


def test_circulant_by_hand(kata):
    """c = (2, 1, 0) stands in the first column: C (1, 2, 3) = (2 + 3, 1 + 4, 2 + 6)"""
    c, b = np.array([2.0, 1.0, 0.0]), np.array([5.0, 5.0, 8.0])
    assert_close(kata.circulant_solve(c, b), np.array([1.0, 2.0, 3.0]), scale=8)


def test_circulant_of_size_one(kata):
    """4 x = 8"""
    assert_close(kata.circulant_solve(np.array([4.0]), np.array([8.0])), np.array([2.0]))


def test_image_by_hand(kata):
    """a kernel of one row mixes the columns of an image and leaves its rows apart"""
    img, ker = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), np.array([[1.0, 10.0, 100.0]])
    want = np.array([[1.0, 12.0, 120.0, 200.0], [3.0, 34.0, 340.0, 400.0], [5.0, 56.0, 560.0, 600.0]])
    assert_close(kata.fft_convolve2d(img, ker), want, scale=960)


# --- laws ---


@pytest.mark.parametrize("delay", [0, 1, 5])
def test_impulse_delays(kata, rng, delay):
    """convolving with an impulse at d delays by d: what leaves at the end does not come back at the front"""
    x, impulse = rng.standard_normal(8), (np.arange(6) == delay).astype(float)
    want = np.concatenate([np.zeros(delay), x, np.zeros(5 - delay)])
    assert_close(kata.fft_convolve(x, impulse), want, scale=norm(x))


def test_polynomials_multiply(kata):
    """convolving coefficients multiplies polynomials: (1 + z)³ (1 + z)⁴ = (1 + z)⁷"""
    third, fourth = np.array([1.0, 3.0, 3.0, 1.0]), np.array([1.0, 4.0, 6.0, 4.0, 1.0])
    want = np.array([1.0, 7.0, 21.0, 35.0, 35.0, 21.0, 7.0, 1.0])
    assert_close(kata.fft_convolve(third, fourth), want, scale=norm(third) * norm(fourth))


def test_spectrum_is_the_product_of_spectra(kata, rng):
    """F(x * h) = F(x) F(h) at every frequency: Σ_t (x * h)_t e^{-iωt} = Σ_t x_t e^{-iωt} Σ_t h_t e^{-iωt}"""
    x, h, omega = rng.standard_normal(9), rng.standard_normal(5), rng.uniform(0, np.pi, 7)
    y = kata.fft_convolve(x, h)
    assert y.shape == (13,)
    X, Hs, Y = (np.exp(-1j * np.outer(omega, np.arange(len(s)))) @ s for s in (x, h, y))  # (7,) each
    assert_close(Y, X * Hs, scale=13 * norm(x) * norm(h))


def test_correlation_finds_a_delay(kata, rng):
    """the correlation of a signal with a piece of it is largest at the lag where the piece was taken"""
    x = rng.standard_normal(200)
    r = kata.fft_correlate(x, x[37:80])
    assert r.shape == (242,)
    assert_same(int(np.argmax(r)) - 42, 37)


def test_autocorrelation_has_the_power_spectrum(kata, rng):
    """Wiener-Khinchin: Σ_l r_l cos(ωl) = |Σ_t x_t e^{-iωt}|²"""
    x, omega = rng.standard_normal(6), rng.uniform(0, np.pi, 7)
    r = kata.fft_correlate(x, x)
    assert r.shape == (11,)
    power = np.abs(np.exp(-1j * np.outer(omega, np.arange(6))) @ x) ** 2
    assert_close(np.cos(np.outer(omega, np.arange(-5, 6))) @ r, power, scale=11 * norm(x) ** 2)


@pytest.mark.parametrize("n", [5, 6])
def test_fourier_vectors_are_eigenvectors(kata, n):
    """the circulant of (4, 1, 0, ..., 0, 1) maps cos(2πkt/n) to 4 + 2 cos(2πk/n) times itself"""
    c = np.zeros(n)
    c[[0, 1, -1]] = 4, 1, 1
    for k in range(n // 2 + 1):
        wave = np.cos(2 * np.pi * k * np.arange(n) / n)
        assert_close(kata.circulant_solve(c, (4 + 2 * np.cos(2 * np.pi * k / n)) * wave), wave, scale=6)


def test_separable_kernel(kata, rng):
    """a kernel u vᵀ convolves the columns with u and the rows with v: an impulse shows the kernel itself"""
    u, v = rng.standard_normal(3), rng.standard_normal(4)
    img = np.zeros((5, 6))
    img[1, 2] = 1.0
    want = np.zeros((7, 9))
    want[1:4, 2:6] = np.outer(u, v)
    assert_close(kata.fft_convolve2d(img, np.outer(u, v)), want, scale=norm(u) * norm(v))


# --- the oracle ---


@pytest.mark.parametrize(("n", "k"), SIZES)
def test_convolution_is_the_sum_over_products(kata, rng, n, k):
    """x * h by transforms is Σ_j x_j h_{t-j}, for even and odd n + k - 1 and for either one the longer"""
    for mode in MODES:
        x, h = rng.standard_normal(n), rng.standard_normal(k)
        assert_agrees(kata.fft_convolve, reference.fft_convolve, x, h, mode, floor=norm(x) * norm(h))


@pytest.mark.parametrize(("n", "m"), SIZES)
def test_correlation_is_the_sum_over_products(kata, rng, n, m):
    """r_l = Σ_t x_{t+l} y_t for lags -(m-1)..n-1"""
    x, y = rng.standard_normal(n), rng.standard_normal(m)
    assert_agrees(kata.fft_correlate, reference.fft_correlate, x, y, floor=norm(x) * norm(y))


@pytest.mark.parametrize("n", [1, 2, 3, 8, 15, 31])
def test_circulant_solution_agrees_with_elimination(kata, rng, n):
    """division of the spectra is what Gaussian elimination finds on the whole matrix"""
    c, b = well_conditioned(rng, n), rng.standard_normal(n)
    assert_agrees(kata.circulant_solve, reference.circulant_solve, c, b, floor=norm(b) / norm(c))


@pytest.mark.parametrize(
    ("img_shape", "ker_shape"),
    [
        ((1, 1), (1, 1)),
        ((4, 7), (3, 2)),
        ((5, 3), (1, 4)),
        ((2, 3), (5, 6)),
        ((6, 1), (4, 1)),
        ((13, 10), (4, 5)),
    ],
)
def test_image_convolution_is_the_sum_over_products(kata, rng, img_shape, ker_shape):
    """Y_st = Σ_ij img_ij ker_{s-i, t-j}, for images and kernels that are no squares"""
    img, ker = rng.standard_normal(img_shape), rng.standard_normal(ker_shape)
    assert_agrees(kata.fft_convolve2d, reference.fft_convolve2d, img, ker, floor=norm(img) * norm(ker))


def test_agrees_on_fresh_numbers(kata, fresh_rng):
    x, h = fresh_rng.standard_normal(40), fresh_rng.standard_normal(13)
    c, b = well_conditioned(fresh_rng, 21), fresh_rng.standard_normal(21)
    img, ker = fresh_rng.standard_normal((9, 12)), fresh_rng.standard_normal((6, 5))
    assert_agrees(kata.fft_convolve, reference.fft_convolve, x, h, "same", floor=norm(x) * norm(h))
    assert_agrees(kata.fft_correlate, reference.fft_correlate, x, h, floor=norm(x) * norm(h))
    assert_agrees(kata.circulant_solve, reference.circulant_solve, c, b, floor=norm(b) / norm(c))
    assert_agrees(kata.fft_convolve2d, reference.fft_convolve2d, img, ker, floor=norm(img) * norm(ker))


# --- nasty inputs ---


@pytest.mark.parametrize("family", ["offset", "large", "small", "mixed", "constant", "zeros", "ties"])
def test_any_size_of_values(kata, rng, family):
    """the error is a few rounding units of ‖x‖ ‖h‖, whatever the magnitudes"""
    x, h = draw(rng, family, 12), draw(rng, "normal", 5)
    assert_agrees(kata.fft_convolve, reference.fft_convolve, x, h, floor=norm(x) * norm(h))
    assert_agrees(kata.fft_correlate, reference.fft_correlate, h, x, floor=norm(x) * norm(h))


def test_loud_and_faint(kata, rng):
    """a faint h against a loud x: the error is measured by ‖x‖ ‖h‖, not by ‖x‖² + ‖h‖²"""
    x, h = 1e6 * rng.standard_normal(12), 1e-6 * rng.standard_normal(7)
    assert_agrees(kata.fft_convolve, reference.fft_convolve, x, h, floor=norm(x) * norm(h))
    assert_agrees(kata.fft_correlate, reference.fft_correlate, x, h, floor=norm(x) * norm(h))
    assert_agrees(kata.fft_convolve2d, reference.fft_convolve2d, x.reshape(3, 4), h[None], floor=norm(x) * norm(h))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_any_memory_layout(kata, rng, layout):
    x, h, c, b = laid_out(
        layout,
        [rng.standard_normal(9), rng.standard_normal(4), well_conditioned(rng, 7), rng.standard_normal(7)],
    )
    img, ker = laid_out(layout, [rng.standard_normal((5, 6)), rng.standard_normal((2, 3))])
    assert_agrees(kata.fft_convolve, reference.fft_convolve, x, h, floor=norm(x) * norm(h))
    assert_agrees(kata.fft_correlate, reference.fft_correlate, x, h, floor=norm(x) * norm(h))
    assert_agrees(kata.circulant_solve, reference.circulant_solve, c, b, floor=norm(b) / norm(c))
    assert_agrees(kata.fft_convolve2d, reference.fft_convolve2d, img, ker, floor=norm(img) * norm(ker))


@pytest.mark.parametrize("scale", [1e-20, 1e20])
def test_scale_of_a_circulant_is_no_singularity(kata, rng, scale):
    """C x = b and (s C) x = s b have the same solution: small is what is small against the largest"""
    c, x = well_conditioned(rng, 9), rng.standard_normal(9)
    assert_close(kata.circulant_solve(scale * c, scale * (reference.circulant(c) @ x)), x, scale=40 * norm(x))


@pytest.mark.parametrize("share", [1e-10, 1e-13])
@pytest.mark.parametrize("n", [8, 9])
def test_nearly_singular_circulant_is_solved(kata, rng, n, share):
    """with an eigenvalue 1e-10 or 1e-13 times the largest the residual C x - b is still rounding of ‖C‖ ‖x‖"""
    c = rng.standard_normal(n)
    size = np.abs(np.fft.fft(c)).max()
    c += (share * size - c.sum()) / n  # the eigenvalue at frequency 0 is the sum of c
    b = rng.standard_normal(n)
    x = kata.circulant_solve(c, b)
    assert x.shape == (n,)
    assert_within(reference.circulant(c) @ x - b, 8 * n * np.finfo(float).eps * size * norm(x), "C x - b")


@pytest.mark.parametrize(
    "c",
    [
        [0.0],
        [1.0, -1.0],
        [1.0, 1.0, 1.0, 1.0],
        [0.0, 0.0, 0.0],
        [2.0, -1.0, 0.0, 0.0, -1.0],
        [1.0, 1.0, 1.0] + 6 * [0.0],
    ],
    ids=["zero", "difference", "mean", "all zeros", "second difference", "moving average"],
)
def test_singular_circulant_is_refused(kata, c):
    """an eigenvalue that is zero but for rounding is a singular matrix, and no x is an answer"""
    with pytest.raises(np.linalg.LinAlgError):
        kata.circulant_solve(np.array(c), np.arange(1.0, len(c) + 1))


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_singular_to_rounding_is_refused(kata, rng, scale):
    """from c its mean is taken: the eigenvalue at frequency 0, the sum of c, is rounding, not exactly zero"""
    c = rng.standard_normal(50)
    with pytest.raises(np.linalg.LinAlgError):
        kata.circulant_solve(scale * (c - c.mean()), rng.standard_normal(50))


def test_rounding_grows_with_the_size(kata, rng):
    """an eigenvalue of a quarter of n eps max|eigenvalue| counts as zero, for n = 1000"""
    c = rng.standard_normal(1000)
    size = np.abs(np.fft.fft(c - c.mean())).max()
    c[0] += 250 * np.finfo(float).eps * size - math.fsum(c)  # the eigenvalue at frequency 0 is the sum of c
    with pytest.raises(np.linalg.LinAlgError):
        kata.circulant_solve(c, rng.standard_normal(1000))


@pytest.mark.parametrize("n", [4, 5])
def test_circulant_needs_equal_lengths(kata, n):
    """C x = b has one equation for each unknown"""
    with pytest.raises(ValueError):
        kata.circulant_solve(np.arange(1.0, n + 1), np.ones(9 - n))


@pytest.mark.parametrize(("n", "k"), [(0, 3), (3, 0), (0, 0)])
def test_empty_input_is_refused(kata, n, k):
    """nothing convolved with something is an error, not a row of zeros"""
    for name in ("fft_convolve", "fft_correlate"):
        with pytest.raises(ValueError):
            getattr(kata, name)(np.ones(n), np.ones(k))
    with pytest.raises(ValueError):
        kata.fft_convolve2d(np.ones((2, n)), np.ones((k, 2)))


def test_empty_circulant_is_refused(kata):
    """a matrix of no rows is an error"""
    with pytest.raises(ValueError):
        kata.circulant_solve(np.ones(0), np.ones(0))


@pytest.mark.parametrize("mode", ["circular", "", "FULL"])
def test_unknown_mode_is_refused(kata, mode):
    """there are three modes"""
    with pytest.raises(ValueError):
        kata.fft_convolve(np.ones(3), np.ones(2), mode)


# --- cost ---


@pytest.mark.parametrize("name", ["fft_convolve", "fft_correlate"])
def test_cost_is_n_log_n(kata, name):
    """two signals of 2¹⁴ samples: the time of a few FFTs, and of hundreds as the sum stands"""
    n = 2**14
    x, h = np.sin(np.arange(n)), np.zeros(n)
    h[[0, -1]] = 1.0, 2.0  # two impulses: the result is known
    first, last = (1.0, 2.0) if name == "fft_convolve" else (2.0, 1.0)
    want = np.concatenate([first * x, np.zeros(n - 1)]) + np.concatenate([np.zeros(n - 1), last * x])
    assert_close(getattr(kata, name)(x, h), want, scale=norm(x) * norm(h))
    ratio = least_seconds(kata.raw(name), x, h, rounds=3) / least_seconds(np.fft.rfft, x, 2 * n, rounds=9)
    assert_within(ratio, 70.0, "time taken / time of a transform")


def test_cost_of_image_convolution_is_n_log_n(kata):
    """100 x 75 by 75 x 100 entries: the time of a few FFTs, and of hundreds as the sum stands"""
    img, ker = np.sin(np.arange(7500.0)).reshape(100, 75), np.zeros((75, 100))
    ker[0, 0], ker[-1, -1] = 1.0, 2.0
    want = np.zeros((174, 174))
    want[:100, :75] += img
    want[74:, 99:] += 2 * img
    assert_close(kata.fft_convolve2d(img, ker), want, scale=norm(img) * norm(ker))
    ratio = least_seconds(kata.raw("fft_convolve2d"), img, ker) / least_seconds(np.fft.rfft2, img, (174, 174))
    assert_within(ratio, 60.0, "time taken / time of a transform")


@pytest.mark.parametrize("name", ["fft_convolve", "fft_correlate"])
def test_prime_length_is_as_fast_as_a_power_of_two(kata, rng, name):
    """n + k - 1 = 16381 is a prime, 16384 is not: padded to a good length both cost the same"""
    x, h, function = rng.standard_normal(12000), rng.standard_normal(4385), kata.raw(name)
    times = [[least_seconds(function, x, y, rounds=1) for y in (h[:-3], h)] for _ in range(9)]  # by turns
    prime, power_of_two = np.min(times, axis=0)
    assert_within(prime / power_of_two, 4, "time at 16381 / time at 16384")


def test_no_circulant_matrix_is_formed(kata, rng):
    """solving takes the memory of some vectors, not of an n x n matrix"""
    c, b = well_conditioned(rng, 1024), rng.standard_normal(1024)
    assert kata.circulant_solve(c, b).shape == (1024,)
    matrix = 1024**2 * 8
    assert_within(peak_bytes(kata.raw("circulant_solve"), c, b) / matrix, 0.1, "peak memory / size of C")


@pytest.mark.parametrize("scale", [2.0**-600, 1.0, 2.0**600])
def test_singular_just_where_it_is_said(kata, scale):
    """of size 2 the eigenvalues are c_0 ± c_1, exactly: 2^-49 is solved, 2^-51 is below n eps times the other, 2"""
    c = scale * np.array([1.0, 1.0 - 2.0**-49])
    x = kata.circulant_solve(c, c[::-1] + c)
    assert x.shape == (2,)
    assert_within((reference.circulant(c) @ x - (c[::-1] + c)) / scale, 64 * np.finfo(float).eps * norm(x), "C x - b")
    with pytest.raises(np.linalg.LinAlgError):
        kata.circulant_solve(scale * np.array([1.0, 1.0 - 2.0**-51]), scale * np.ones(2))


@pytest.mark.parametrize("shift", [1, 2, 3])
def test_shift_is_undone(kata, shift):
    """c = e_s moves b by s: eigenvalues on the unit circle, some of them imaginary, none small"""
    c, x = (np.arange(4) == shift).astype(float), np.array([1.0, 2.0, 3.0, 4.0])
    assert_close(kata.circulant_solve(c, np.roll(x, shift)), x, scale=6)


@pytest.mark.parametrize("c", [[1.0, 1.0], [1.0, 1.0, 0.0, 0.0], [1.0, 2.0, 1.0, 0.0], [1.0, 0.0, 1.0, 0.0]])
def test_singular_at_a_single_frequency(kata, c):
    """an eigenvalue 0 at the highest frequency, or in the middle"""
    with pytest.raises(np.linalg.LinAlgError):
        kata.circulant_solve(np.array(c), np.arange(1.0, len(c) + 1))


def test_flat_image_is_not_padded_to_a_square(kata, rng):
    """1 x 2048 by 1 x 3: memory is that of the result, not of its longer side squared"""
    img, ker = rng.standard_normal((1, 2048)), rng.standard_normal((1, 3))
    assert kata.fft_convolve2d(img, ker).shape == (1, 2050)
    assert_within(peak_bytes(kata.raw("fft_convolve2d"), img, ker) / (2050 * 8), 64.0, "peak memory / result")


@pytest.mark.parametrize("scale", [1e-150, 1e-18])
def test_tiny_signals_are_not_rounded_away(kata, scale):
    """the result scales with x: 1e-18 is as good a sample as 1"""
    x, h = scale * np.array([1.0, 2.0, 3.0]), np.array([4.0, 5.0])
    want = scale * np.array([4.0, 13.0, 22.0, 15.0])
    assert_close(kata.fft_convolve(x, h), want, scale=24 * scale)
    assert_close(kata.fft_convolve2d(x[None], h[None]), want[None], scale=24 * scale)
    assert_close(kata.circulant_solve(np.array([2.0, 1.0, 0.0]), scale * np.array([5.0, 5.0, 8.0])), x, scale=8 * scale)


# --- speed ---


def test_speed_of_fft_convolve(kata, race):
    """fft_convolve takes O((n + k) log(n + k)), where the sum as it stands takes O(n k)"""

    def make(n, rng):
        return rng.standard_normal(n), rng.standard_normal(n // 16)

    race(
        "fft_convolve",
        make=make,
        sizes=(2**14, 2**15, 2**16),
        naive=reference.naive_convolve,
        peers={"scipy.signal.fftconvolve": reference.scipy_fftconvolve},
    )
