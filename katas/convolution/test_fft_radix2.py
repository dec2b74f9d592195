import numpy as np
import pytest

from dojo.testing import LAYOUTS, assert_agrees, assert_close, draw, laid_out
from reference.convolution import fft_radix2 as reference

POWERS = [1, 2, 4, 8, 16, 32, 64, 128, 256]
norm = np.linalg.norm


def complex_normal(rng, n):
    return rng.standard_normal(n) + 1j * rng.standard_normal(n)


# --- by hand ---


def test_matrix_by_hand(kata):
    """for n = 4 the entries are powers of w = -i: 1, -i, -1, i"""
    want = np.array([[1, 1, 1, 1], [1, -1j, -1, 1j], [1, -1, 1, -1], [1, 1j, -1, -1j]])
    assert_close(kata.dft_matrix(4), want)


def test_one_point(kata):
    """a single sample is its own transform"""
    assert_close(kata.dft_matrix(1), np.array([[1 + 0j]]))
    assert_close(kata.fft(np.array([3 - 2j])), np.array([3 - 2j]))
    assert_close(kata.ifft(np.array([3 - 2j])), np.array([3 - 2j]))


def test_two_points(kata):
    """n = 2 gives the sum and the difference"""
    assert_close(kata.fft(np.array([5.0, 3.0])), np.array([8 + 0j, 2 + 0j]))


def test_four_points(kata):
    """(1, 2, 3, 4): even samples give (4, -2), odd ones (6, -2), and the twiddles are 1 and -i"""
    want = np.array([10 + 0j, -2 + 2j, -2 + 0j, -2 - 2j])
    assert_close(kata.fft(np.array([1.0, 2.0, 3.0, 4.0])), want, scale=norm([1, 2, 3, 4]))


def test_inverse_of_four_points(kata):
    """(10, -2 + 2i, -2, -2 - 2i) comes from (1, 2, 3, 4), and as a complex array"""
    X = np.array([10 + 0j, -2 + 2j, -2 + 0j, -2 - 2j])
    assert_close(kata.ifft(X), np.array([1 + 0j, 2 + 0j, 3 + 0j, 4 + 0j]), scale=norm(X))


def test_sign_of_the_exponent(kata):
    """e^{+2πi 3j/8} turns forwards three times: all of it is found at k = 3, and not at k = 5"""
    wave = np.exp(2j * np.pi * 3 * np.arange(8) / 8)
    assert_close(kata.fft(wave), 8 * (np.arange(8) == 3).astype(complex), scale=8)


# --- laws ---


@pytest.mark.parametrize("n", [1, 2, 3, 5, 6, 8, 12])
def test_matrix_is_unitary_but_for_its_size(kata, n):
    """F F* = n I, for every n"""
    F = kata.dft_matrix(n)
    assert F.shape == (n, n)
    assert_close(F @ F.conj().T, n * np.eye(n, dtype=complex), scale=n)


@pytest.mark.parametrize("n", POWERS)
def test_impulse_has_all_frequencies(kata, n):
    """the transform of (1, 0, ..., 0) is 1 everywhere, and that of (1, 1, ..., 1) is n at frequency 0"""
    impulse = (np.arange(n) == 0).astype(float)
    assert_close(kata.fft(impulse), np.ones(n, dtype=complex))
    assert_close(kata.fft(np.ones(n)), n * impulse.astype(complex), scale=n)


@pytest.mark.parametrize("n", [4, 16, 64])
def test_fft_multiplies_by_the_matrix(kata, rng, n):
    """X = F x"""
    x = complex_normal(rng, n)
    assert_close(kata.fft(x), kata.dft_matrix(n) @ x, scale=n * norm(x))


@pytest.mark.parametrize("n", POWERS)
def test_inverse_undoes_the_transform(kata, rng, n):
    """F⁻¹ F x = x and F F⁻¹ x = x"""
    x = complex_normal(rng, n)
    assert_close(kata.ifft(kata.fft(x)), x, scale=norm(x))
    assert_close(kata.fft(kata.ifft(x)), x, scale=norm(x))


def test_transform_is_linear(kata, rng):
    """F (a x + b y) = a F x + b F y"""
    x, y, a, b = complex_normal(rng, 16), complex_normal(rng, 16), 2 - 1j, 0.5 + 3j
    assert_close(kata.fft(a * x + b * y), a * kata.fft(x) + b * kata.fft(y), scale=4 * (norm(x) + norm(y)))


def test_delay_turns_the_phase(kata, rng):
    """delaying x by d, cyclically, multiplies X_k by w^{dk}"""
    x, k = complex_normal(rng, 16), np.arange(16)
    turned = np.exp(-2j * np.pi * (5 * k % 16) / 16) * kata.fft(x)
    assert_close(kata.fft(np.roll(x, 5)), turned, scale=4 * norm(x))


@pytest.mark.parametrize("n", [8, 64])
def test_energy_is_kept(kata, rng, n):
    """Parseval: Σ |x_j|² = (1/n) Σ |X_k|²"""
    x = complex_normal(rng, n)
    X = kata.fft(x)
    assert X.shape == (n,)
    assert_close(norm(X) ** 2 / n, norm(x) ** 2)


def test_real_signal_has_a_mirrored_spectrum(kata, rng):
    """x real: X_{n-k} is the conjugate of X_k, and the imaginary parts are there"""
    x = rng.standard_normal(16)
    X = kata.fft(x)
    assert_close(X[:0:-1].copy(), np.conj(X[1:]), scale=norm(x))
    assert_close(X[1].imag, -np.sin(2 * np.pi * np.arange(16) / 16) @ x, scale=norm(x))


def test_product_of_spectra_is_circular_convolution(kata, rng):
    """F⁻¹(F x F h) is the convolution of x and h with indices modulo n"""
    x, h = rng.standard_normal(8), rng.standard_normal(8)
    want = sum(h[j] * np.roll(x, j) for j in range(8)).astype(complex)
    assert_close(kata.ifft(kata.fft(x) * kata.fft(h)), want, scale=8 * norm(x) * norm(h))


# --- the oracle ---


@pytest.mark.parametrize("n", [1, 2, 3, 5, 7, 16, 100])
def test_matrix_agrees_with_numpy(kata, n):
    """column j of F is the transform of the j-th unit vector"""
    assert_close(kata.dft_matrix(n), reference.dft_matrix(n), scale=1.0)


@pytest.mark.parametrize("n", POWERS)
def test_fft_agrees_with_numpy(kata, rng, n):
    """every entry is within rounding of ‖x‖, for complex x and for real"""
    x = complex_normal(rng, n)
    assert_agrees(kata.fft, reference.fft, x, floor=norm(x))
    assert_agrees(kata.fft, reference.fft, x.real.copy(), floor=norm(x))


@pytest.mark.parametrize("n", POWERS)
def test_ifft_agrees_with_numpy(kata, rng, n):
    """every entry is within rounding of ‖X‖ / n, for complex X and for real"""
    X = complex_normal(rng, n)
    assert_agrees(kata.ifft, reference.ifft, X, floor=norm(X) / n)
    assert_agrees(kata.ifft, reference.ifft, X.real.copy(), floor=norm(X) / n)


def test_agrees_on_fresh_numbers(kata, fresh_rng):
    x = complex_normal(fresh_rng, 512)
    assert_agrees(kata.fft, reference.fft, x, floor=norm(x))
    assert_agrees(kata.ifft, reference.ifft, x, floor=norm(x) / 512)


# --- nasty inputs ---


@pytest.mark.parametrize("family", ["offset", "large", "small", "mixed", "constant", "zeros", "ties"])
def test_any_size_of_values(kata, rng, family):
    """the error is some rounding units of ‖x‖, whatever the magnitudes"""
    x = draw(rng, family, 32) + 1j * draw(rng, family, 32)
    assert_agrees(kata.fft, reference.fft, x, floor=norm(x))
    assert_agrees(kata.ifft, reference.ifft, x, floor=norm(x) / 32)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_any_memory_layout(kata, rng, layout):
    x, y = laid_out(layout, [complex_normal(rng, 64), rng.standard_normal(64)])
    assert_agrees(kata.fft, reference.fft, x, floor=norm(x))
    assert_agrees(kata.fft, reference.fft, y, floor=norm(y))
    assert_agrees(kata.ifft, reference.ifft, x, floor=norm(x) / 64)


def test_large_matrix_keeps_its_digits(kata):
    """jk = 255 · 255 is an angle of 1600 radians, and has 500 times the rounding of jk mod 256"""
    assert_close(kata.dft_matrix(256), reference.dft_matrix(256), scale=1.0)


def test_long_transform_keeps_its_digits(kata, rng):
    """2¹⁴ points: some rounding units of ‖x‖, but thousands if the twiddles were multiplied up"""
    x = complex_normal(rng, 2**14)
    assert_agrees(kata.fft, reference.fft, x, floor=norm(x))
    assert_agrees(kata.ifft, reference.ifft, x, floor=norm(x) / 2**14)


@pytest.mark.parametrize("n", [0, 3, 5, 6, 7, 9, 12, 24, 63, 96])
def test_length_is_a_power_of_two(kata, n):
    """another length is refused: it would have to be padded, and that is another transform"""
    for name in ("fft", "ifft"):
        with pytest.raises(ValueError):
            getattr(kata, name)(np.ones(n))


@pytest.mark.parametrize("n", [0, -1])
def test_matrix_has_a_row(kata, n):
    """n ≥ 1"""
    with pytest.raises(ValueError):
        kata.dft_matrix(n)


# --- cost ---


def test_cost_is_n_log_n(kata, rng):
    """2¹⁵ points are 5 · 10⁵ multiplications for n log n, and 10⁹ for n²"""
    x = complex_normal(rng, 2**15)
    assert_close(kata.fft(x), reference.fft(x), scale=15 * norm(x))
    assert_close(kata.ifft(x), reference.ifft(x), scale=15 * norm(x) / 2**15)


# --- speed ---


def test_speed_of_fft(kata, race):
    """fft takes O(n log n), a few array operations a level, where the product with F takes O(n²)"""
    race(
        "fft",
        make=lambda n, rng: (complex_normal(rng, n),),
        sizes=(2**10, 2**11, 2**12),
        naive=reference.naive_fft,
        peers={"numpy.fft.fft": reference.numpy_fft},
    )
