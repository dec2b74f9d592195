import numpy as np
import pytest

from dojo.testing import LAYOUTS, assert_agrees, assert_close, assert_same, assert_within, draw, laid_out, least_seconds
from reference.deep_networks import weight_sharing as reference

# --- by hand ---


def test_autoencoder_by_hand(kata):
    """with one weight w, L = (w tanh(wx) - x)²/2 and dL/dw = (w t - x)(t + w (1 - t²) x), t = tanh(wx)"""
    w, x = 0.5, 2.0
    t = np.tanh(w * x)
    want = (w * t - x) * (t + w * (1 - t**2) * x)
    assert_close(kata.tied_autoencoder_grad(np.array([[w]]), np.array([x])), np.array([[want]]))


def test_toeplitz_by_hand(kata):
    """the kernel (1, 2) on three inputs: rows (1, 2, 0) and (0, 1, 2)"""
    assert_same(kata.toeplitz_matrix(np.array([1.0, 2.0]), 3), np.array([[1.0, 2.0, 0.0], [0.0, 1.0, 2.0]]))


def test_toeplitz_at_its_limits(kata):
    """a kernel as long as the input is one row; a kernel of one number is a multiple of the identity"""
    assert_same(kata.toeplitz_matrix(np.array([1.0, -2.0, 3.0]), 3), np.array([[1.0, -2.0, 3.0]]))
    assert_same(kata.toeplitz_matrix(np.array([4.0]), 3), 4.0 * np.eye(3))


def test_shared_grad_by_hand(kata):
    """kernel[0] stands at (0, 0) and (1, 1), kernel[1] at (0, 1) and (1, 2): their gradients add up"""
    dT = np.array([[1.0, 2.0, 30.0], [40.0, 5.0, 6.0]])
    assert_close(kata.shared_grad(dT, 2), np.array([6.0, 8.0]))


def test_shared_grad_at_its_limits(kata):
    """k = n: T is the kernel; k = 1: the trace"""
    assert_close(kata.shared_grad(np.array([[1.0, 2.0, 4.0]]), 3), np.array([1.0, 2.0, 4.0]))
    assert_close(kata.shared_grad(np.array([[1.0, 20.0], [30.0, 4.0]]), 1), np.array([5.0]))


def test_embedding_by_hand(kata):
    """indices (0, 0, 1) with gradients of ones: row 0 was used twice and gets 2, row 2 was not and gets 0"""
    got = kata.embedding_backward(np.array([0, 0, 1]), np.ones((3, 2)), 3)
    assert_same(got, np.array([[2.0, 2.0], [1.0, 1.0], [0.0, 0.0]]))


# --- laws ---


@pytest.mark.parametrize(("k", "n"), [(1, 1), (1, 4), (2, 5), (3, 4), (5, 5), (4, 11)])
def test_toeplitz_times_x_is_correlation(kata, rng, k, n):
    """T x is the valid cross-correlation of x with the kernel"""
    kernel, x = rng.standard_normal(k), rng.standard_normal(n)
    assert_close(kata.toeplitz_matrix(kernel, n) @ x, np.correlate(x, kernel, "valid"), scale=4.0)


def test_shared_grad_is_the_transpose_of_toeplitz(kata, rng):
    """<dT, T(kernel)> = <shared_grad(dT), kernel>: T depends on the kernel linearly, and back goes the transpose"""
    kernel, dT = rng.standard_normal(3), rng.standard_normal((5, 7))
    left = (dT * kata.toeplitz_matrix(kernel, 7)).sum()
    assert_close(left, kata.shared_grad(dT, 3) @ kernel, scale=10.0)


def test_convolution_layer_learns_like_a_dense_one(kata, rng):
    """of L = <u, T x> the dense gradient is u xᵀ, and that of the kernel is the correlation of x with u"""
    u, x = rng.standard_normal(4), rng.standard_normal(6)
    assert_close(kata.shared_grad(np.outer(u, x), 3), np.correlate(x, u, "valid"), scale=4.0)


def test_embedding_is_the_transpose_of_the_lookup(kata, rng):
    """<g, E[idx]> = <embedding_backward(g), E> for every table E"""
    idx, g, E = rng.integers(0, 4, 9), rng.standard_normal((9, 3)), rng.standard_normal((4, 3))
    assert_close((kata.embedding_backward(idx, g, 4) * E).sum(), (g * E[idx]).sum(), scale=30.0)


def test_order_of_the_indices_does_not_matter(kata, rng):
    """pairs (idx, g) in another order give the same sums"""
    idx, g, order = rng.integers(0, 3, 8), rng.integers(-9, 9, (8, 2)).astype(float), rng.permutation(8)
    assert_same(kata.embedding_backward(idx[order], g[order], 5), kata.embedding_backward(idx, g, 5))


# --- the oracle ---


@pytest.mark.parametrize(("h", "d"), [(1, 3), (3, 1), (2, 5), (4, 3), (3, 3)])
def test_autoencoder_agrees_with_the_complex_step(kata, rng, h, d):
    """every entry of W, in both of its uses"""
    W, x = rng.standard_normal((h, d)), rng.standard_normal(d)
    assert_agrees(kata.tied_autoencoder_grad, reference.tied_autoencoder_grad, W, x, floor=10.0)


@pytest.mark.parametrize("family", ["uniform", "small", "ties"])
def test_autoencoder_agrees_on_other_values(kata, rng, family):
    W, x = rng.standard_normal((2, 4)), draw(rng, family, 4)
    scale = float(np.abs(x).max())
    assert_agrees(kata.tied_autoencoder_grad, reference.tied_autoencoder_grad, W, x, floor=10.0 * scale)


@pytest.mark.parametrize(("k", "n"), [(1, 3), (2, 3), (3, 7), (6, 6)])
def test_toeplitz_and_its_gradient_agree_with_the_definition(kata, rng, k, n):
    kernel, dT = rng.standard_normal(k), rng.standard_normal((n - k + 1, n))
    assert_same(kata.toeplitz_matrix(kernel, n), reference.toeplitz_matrix(kernel, n))
    assert_agrees(kata.shared_grad, reference.shared_grad, dT, k, floor=4.0)


@pytest.mark.parametrize(("N", "vocab", "d"), [(1, 1, 1), (2, 5, 3), (7, 3, 2), (40, 6, 4)])
def test_embedding_agrees_with_the_definition(kata, rng, N, vocab, d):
    idx, g = rng.integers(0, vocab, N), rng.standard_normal((N, d))
    assert_agrees(kata.embedding_backward, reference.embedding_backward, idx, g, vocab, floor=10.0)


def test_agrees_on_fresh_numbers(kata, fresh_rng):
    W, x = fresh_rng.standard_normal((3, 2)), fresh_rng.standard_normal(2)
    assert_agrees(kata.tied_autoencoder_grad, reference.tied_autoencoder_grad, W, x, floor=10.0)
    idx, g = fresh_rng.integers(0, 4, 12), fresh_rng.standard_normal((12, 2))
    assert_agrees(kata.embedding_backward, reference.embedding_backward, idx, g, 4, floor=10.0)


# --- nasty inputs ---


@pytest.mark.parametrize(("k", "n"), [(3, 2), (5, 1)])
def test_a_kernel_longer_than_the_input_is_refused(kata, rng, k, n):
    """k > n: there is no place where the kernel fits"""
    with pytest.raises(ValueError):
        kata.toeplitz_matrix(rng.standard_normal(k), n)


def test_zero_weights_are_a_stationary_point(kata):
    """at W = 0 neither use moves the loss: a saddle which gradient descent never leaves"""
    assert_within(kata.tied_autoencoder_grad(np.zeros((2, 3)), np.array([1.0, -2.0, 3.0])), 0.0, "∇L")


def test_saturated_code_learns_as_a_decoder_only(kata):
    """W x = (60, -60): tanh has no slope left, and the gradient is code ⊗ (Wᵀ code - x)"""
    W, x = np.array([[30.0, 0.0], [0.0, -30.0]]), np.array([2.0, 2.0])
    want = np.array([[28.0, 28.0], [-28.0, -28.0]])
    assert_close(kata.tied_autoencoder_grad(W, x), want, scale=30.0)


def test_a_row_of_the_embedding_has_its_own_size(kata):
    """1e16 in one row takes no digit from the next"""
    got = kata.embedding_backward(np.array([0, 1, 2]), np.array([[1e16], [1.0], [3.0]]), 3)
    assert_close(got, np.array([[1e16], [1.0], [3.0]]))


def test_no_index_at_all(kata):
    """an empty batch leaves the whole table where it is"""
    got = kata.embedding_backward(np.array([], dtype=np.int64), np.zeros((0, 2)), 3)
    assert_same(got, np.zeros((3, 2)))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_any_memory_layout(kata, rng, layout):
    W, x, idx, g, dT = laid_out(
        layout,
        (
            rng.standard_normal((2, 3)),
            rng.standard_normal(3),
            rng.integers(0, 3, 5),
            rng.standard_normal((5, 2)),
            rng.standard_normal((3, 4)),
        ),
    )
    assert_agrees(kata.tied_autoencoder_grad, reference.tied_autoencoder_grad, W, x, floor=10.0)
    assert_agrees(kata.embedding_backward, reference.embedding_backward, idx, g, 4, floor=10.0)
    assert_same(kata.toeplitz_matrix(x, 5), reference.toeplitz_matrix(x, 5))
    assert_agrees(kata.shared_grad, reference.shared_grad, dT, 2, floor=4.0)


# --- rules ---


def test_no_loop_over_the_indices(kata, rng):
    """5000 indices take a small part of the time of a loop over them"""
    idx, g = rng.integers(0, 20, 5000), rng.standard_normal((5000, 8))
    yours = least_seconds(kata.raw("embedding_backward"), idx, g, 20, rounds=3)
    loop = least_seconds(reference.embedding_backward, idx, g, 20, rounds=3)
    assert_within(yours / loop, 0.45, "time / time of a loop")
