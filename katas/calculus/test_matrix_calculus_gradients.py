import numpy as np
import pytest

from dojo.testing import LAYOUTS, assert_agrees, assert_close, assert_within, draw, golden, laid_out
from reference.calculus import matrix_calculus_gradients as reference

EPS = np.finfo(np.float64).eps

SIZES = {  # (p, m, n, q): every size different, so that no product fits the wrong way round
    "p < m < n < q": (2, 3, 4, 5),
    "q < n < m < p": (5, 4, 3, 2),
    "row times column": (1, 4, 3, 2),
    "X is a column": (5, 3, 1, 2),
}


def products(rng, sizes):
    """A, X, B, C that fit A X B - C."""
    p, m, n, q = sizes
    return tuple(rng.standard_normal(shape) for shape in ((p, m), (m, n), (n, q), (p, q)))


def matrix(rng, n, sign=1.0):
    """A random matrix, far from symmetric and from singular, whose determinant has the sign asked for."""
    A = rng.standard_normal((n, n)) + 2 * np.triu(np.ones((n, n)))
    A[0] *= sign * np.sign(np.linalg.det(A))
    return A


def ill_conditioned(rng, n):
    """Singular values from 1 down to 1e-10."""
    U, V = (np.linalg.qr(rng.standard_normal((n, n)))[0] for _ in range(2))
    return (U * np.logspace(0, -10, n)) @ V


# --- by hand ---


def test_one_variable(kata):
    """for numbers: (a x²)' = 2ax, log'|a| = 1/a, (ab/c)' = -ab/c², (½ (axb - c)²)' = a (axb - c) b"""
    two, three = np.array([[2.0]]), np.array([3.0])
    assert_close(kata.grad_quadratic_form(two, three), np.array([12.0]))
    assert_close(kata.grad_logdet(two), np.array([[0.5]]))
    assert_close(kata.grad_inverse_form(two, three, np.array([4.0])), np.array([[-3.0]]))
    assert_close(kata.grad_frobenius(two, np.array([[1.0]]), np.array([[3.0]]), np.array([[5.0]])), np.array([[6.0]]))


def test_quadratic_form_by_hand(kata):
    """x² + 2xy + 3y² has the gradient (2x + 2y, 2x + 6y), with A = [[1, 2], [0, 3]]: (A + Aᵀ)x, not 2Ax"""
    A = np.array([[1.0, 2.0], [0.0, 3.0]])
    assert_close(kata.grad_quadratic_form(A, np.array([1.0, 10.0])), np.array([22.0, 62.0]))


def test_logdet_by_hand(kata):
    """log |ad - bc| has the derivatives (d, -c; -b, a) / (ad - bc), here of determinant 2"""
    got = kata.grad_logdet(np.array([[1.0, 2.0], [3.0, 8.0]]))
    assert_close(got, np.array([[4.0, -1.5], [-1.0, 0.5]]), scale=10.0)


def test_logdet_of_a_negative_determinant(kata):
    """det = -8: log |det| has the same formula, though log det is no number"""
    got = kata.grad_logdet(np.array([[0.0, 2.0], [4.0, 0.0]]))
    assert_close(got, np.array([[0.0, 0.5], [0.25, 0.0]]))


def test_inverse_form_by_hand(kata):
    """A = [[1, 1], [0, 1]]: A⁻ᵀa = (1, 1) for a = (1, 2), A⁻¹b = (2, 3) for b = (5, 3); minus u wᵀ"""
    A, a, b = np.array([[1.0, 1.0], [0.0, 1.0]]), np.array([1.0, 2.0]), np.array([5.0, 3.0])
    assert_close(kata.grad_inverse_form(A, a, b), np.array([[-2.0, -3.0], [-2.0, -3.0]]))


def test_frobenius_by_hand(kata):
    """A = (1 2), X = (1; 1), B = 3, C = 8: the residual is 1, and Aᵀ 1 Bᵀ = (3; 6)"""
    A, X, B, C = np.array([[1.0, 2.0]]), np.ones((2, 1)), np.array([[3.0]]), np.array([[8.0]])
    assert_close(kata.grad_frobenius(A, X, B, C), np.array([[3.0], [6.0]]))


# --- laws ---


def test_quadratic_form_of_an_antisymmetric_matrix(kata, rng):
    """Aᵀ = -A: xᵀA x is 0 for every x, and so is its gradient"""
    A, x = np.triu(rng.standard_normal((4, 4)), 1), rng.standard_normal(4)
    assert_close(kata.grad_quadratic_form(A - A.T, x), np.zeros(4), scale=10.0)


def test_homogeneous_functions(kata, rng):
    """Euler: <∇f, x> = k f for f of degree k: 2 for xᵀA x, -1 for aᵀA⁻¹b; for log |det A| it is n"""
    A, a, b = matrix(rng, 4), rng.standard_normal(4), rng.standard_normal(4)
    assert_close(kata.grad_quadratic_form(A, a) @ a, 2 * (a @ A @ a), scale=100.0)
    assert_close((kata.grad_logdet(A) * A).sum(), 4.0, scale=100.0)
    assert_close((kata.grad_inverse_form(A, a, b) * A).sum(), -(a @ np.linalg.solve(A, b)), scale=100.0)


@pytest.mark.parametrize("power", [-400, 400])
def test_logdet_where_det_is_no_number(kata, rng, power):
    """log |det cA| = log |det A| + n log c: 1/c of the gradient, also where cⁿ over- or underflows"""
    A, c = matrix(rng, 3), 2.0**power
    assert_close(c * kata.grad_logdet(c * A), kata.grad_logdet(A), scale=10.0)


def test_transposes(kata, rng):
    """transposed functions have transposed gradients: aᵀA⁻¹b = bᵀA⁻ᵀa, ‖AXB - C‖ = ‖BᵀXᵀAᵀ - Cᵀ‖"""
    A, a, b = matrix(rng, 3), rng.standard_normal(3), rng.standard_normal(3)
    assert_close(kata.grad_logdet(A.T.copy()), kata.grad_logdet(A).T, scale=10.0)
    assert_close(kata.grad_inverse_form(A.T.copy(), b, a), kata.grad_inverse_form(A, a, b).T, scale=100.0)
    A, X, B, C = products(rng, (2, 3, 4, 5))
    turned = kata.grad_frobenius(*(M.T.copy() for M in (B, X, A, C)))
    assert_close(turned, kata.grad_frobenius(A, X, B, C).T, scale=100.0)


def test_least_squares_has_gradient_zero(kata, rng):
    """where A X B = C the minimum 0 is reached, and the gradient is 0"""
    A, X, B, _ = products(rng, (2, 3, 4, 5))
    assert_close(kata.grad_frobenius(A, X, B, A @ X @ B), np.zeros((3, 4)), scale=100.0)


# --- the oracle ---


@pytest.mark.parametrize("family", ["normal", "offset", "large", "mixed", "ties"])
def test_quadratic_form_agrees_with_the_complex_step(kata, rng, family):
    A, x = draw(rng, family, 4, 4), rng.standard_normal(4)
    assert_agrees(kata.grad_quadratic_form, reference.grad_quadratic_form, A, x)


@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize("n", [2, 3, 5])
def test_logdet_agrees_with_the_complex_step(kata, rng, n, sign):
    assert_agrees(kata.grad_logdet, reference.grad_logdet, matrix(rng, n, sign))


@pytest.mark.parametrize("n", [2, 3, 5])
def test_inverse_form_agrees_with_the_complex_step(kata, rng, n):
    A, a, b = matrix(rng, n, -1.0), rng.standard_normal(n), draw(rng, "small", n)
    assert_agrees(kata.grad_inverse_form, reference.grad_inverse_form, A, a, b)


@pytest.mark.parametrize("sizes", SIZES, ids=lambda name: name.replace(" ", "-"))
def test_frobenius_agrees_with_the_complex_step(kata, rng, sizes):
    assert_agrees(kata.grad_frobenius, reference.grad_frobenius, *products(rng, SIZES[sizes]))


def test_symmetric_matrices_are_no_special_case(kata, rng):
    """of a symmetric A every entry is a variable of its own: A⁻ᵀ, not 2A⁻¹ less its diagonal"""
    A, a, b = rng.standard_normal((3, 3)), rng.standard_normal(3), rng.standard_normal(3)
    S = A @ A.T + np.eye(3)
    assert_agrees(kata.grad_quadratic_form, reference.grad_quadratic_form, S, a)
    assert_agrees(kata.grad_logdet, reference.grad_logdet, S)
    assert_agrees(kata.grad_inverse_form, reference.grad_inverse_form, S, a, b)
    assert_agrees(kata.grad_inverse_form, reference.grad_inverse_form, S, a, a)


def test_agrees_on_fresh_numbers(kata, fresh_rng):
    A, a, b = matrix(fresh_rng, 4), fresh_rng.standard_normal(4), fresh_rng.standard_normal(4)
    assert_agrees(kata.grad_quadratic_form, reference.grad_quadratic_form, A, a)
    assert_agrees(kata.grad_inverse_form, reference.grad_inverse_form, A, a, b)
    assert_agrees(kata.grad_frobenius, reference.grad_frobenius, *products(fresh_rng, (3, 2, 5, 4)))


@pytest.mark.parametrize("form", ["quadratic_form", "logdet", "inverse_form", "frobenius"])
def test_agrees_with_torch(kata, form):
    """torch.autograd gives the same gradients (frozen by matrix_calculus_gradients_golden.py)"""
    data = golden(reference)
    inputs = [np.array(value) for value in data["inputs"][form]]
    assert_close(getattr(kata, f"grad_{form}")(*inputs), np.array(data["gradients"][form]), scale=20.0)


# --- nasty inputs ---


@pytest.mark.parametrize("n", [5, 20])
def test_inverse_form_of_an_ill_conditioned_matrix(kata, rng, n):
    """condition 1e10: Aᵀ G Aᵀ = -a bᵀ to rounding, as solving has it and multiplying by A⁻¹ has not"""
    A = ill_conditioned(rng, n)
    a, b = A.T @ rng.standard_normal(n), A @ rng.standard_normal(n)
    G = kata.grad_inverse_form(A, a, b)
    bound = 10 * n * EPS * np.linalg.norm(A) ** 2 * np.linalg.norm(G)
    assert_within(A.T @ G @ A.T + np.outer(a, b), bound, "AᵀGAᵀ + abᵀ")


@pytest.mark.parametrize("zero", ["A", "x"])
def test_zeros(kata, zero):
    """xᵀA x has gradient 0 at x = 0, and everywhere for A = 0"""
    A, x = np.arange(9.0).reshape(3, 3), np.arange(1.0, 4.0)
    got = kata.grad_quadratic_form(A * (zero != "A"), x * (zero != "x"))
    assert_close(got, np.zeros(3))


def test_a_singular_matrix_is_refused(kata):
    """log 0 and 0⁻¹ have no gradient: ValueError"""
    A = np.zeros((3, 3))
    with pytest.raises(ValueError):
        kata.grad_logdet(A)
    with pytest.raises(ValueError):
        kata.grad_inverse_form(A, np.ones(3), np.ones(3))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_any_memory_layout(kata, rng, layout):
    A, a, b = laid_out(layout, (matrix(rng, 3), rng.standard_normal(3), rng.standard_normal(3)))
    assert_agrees(kata.grad_quadratic_form, reference.grad_quadratic_form, A, a)
    assert_agrees(kata.grad_logdet, reference.grad_logdet, A)
    assert_agrees(kata.grad_inverse_form, reference.grad_inverse_form, A, a, b)
    assert_agrees(kata.grad_frobenius, reference.grad_frobenius, *laid_out(layout, products(rng, (2, 3, 4, 5))))


def test_badly_scaled_is_not_singular(kata):
    """A = diag(1, 2⁻⁶⁰) is far from well conditioned, and has an inverse all the same"""
    a = np.array([1.0, 2.0**-60])
    assert_close(kata.grad_inverse_form(np.diag(a), a, a), -np.ones((2, 2)), ulps=2.0**10)
    assert_close(kata.grad_logdet(np.diag(a)), np.diag([1.0, 2.0**60]), ulps=2.0**10)


def test_nearly_symmetric_is_not_symmetric(kata):
    """1e-9 xy has the gradient 1e-9 (y, x), though np.allclose takes its matrix for a symmetric one"""
    A = np.array([[0.0, 1e-9], [0.0, 0.0]])
    assert_close(kata.grad_quadratic_form(A, np.array([2.0, 3.0])), np.array([3e-9, 2e-9]))


@pytest.mark.parametrize("diagonal", [[0.0], [1.0, 0.0, 2.0], [0.0, 1.0]], ids=str)
def test_one_zero_on_the_diagonal_is_singular(kata, diagonal):
    """diag(1, 0, 2) is singular, and so is the number 0: ValueError, not infinity or NaN"""
    A, ones = np.diag(diagonal), np.ones(len(diagonal))
    with pytest.raises(ValueError):
        kata.grad_logdet(A)
    with pytest.raises(ValueError):
        kata.grad_inverse_form(A, ones, ones)


def test_det_of_zero_is_not_singular(kata):
    """diag(1, 2⁻³⁰⁰, 2⁻⁴⁰⁰, 2⁻⁴⁰⁰): det underflows to 0, and the inverse is exact all the same"""
    a = 2.0 ** np.array([0, -300, -400, -400])
    assert_close(kata.grad_logdet(np.diag(a)), np.diag(1 / a), ulps=2.0**10)
    assert_close(kata.grad_inverse_form(np.diag(a), a, a), -np.ones((4, 4)), ulps=2.0**10)


def test_a_tiny_pivot(kata):
    """A = [[1e-20, 1], [1, 1]] has the inverse [[-1, 1], [1, -1e-20]] to rounding: elimination has to swap rows"""
    A = np.array([[1e-20, 1.0], [1.0, 1.0]])
    assert_close(kata.grad_logdet(A), np.array([[-1.0, 1.0], [1.0, -1e-20]]), scale=10.0)
    got = kata.grad_inverse_form(A, np.array([1.0, 0.0]), np.array([0.0, 1.0]))
    assert_close(got, np.array([[1.0, 0.0], [-1.0, 0.0]]), scale=10.0)


def test_logdet_of_a_negative_number(kata):
    """log |a| has the derivative 1/a, negative for a < 0"""
    assert_close(kata.grad_logdet(np.array([[-2.0]])), np.array([[-0.5]]))


def test_a_tiny_residual_is_no_zero(kata, rng):
    """X and C times 2⁻⁶⁰: so is the gradient"""
    A, X, B, C = products(rng, (2, 3, 4, 5))
    c = 2.0**-60
    assert_close(kata.grad_frobenius(A, c * X, B, c * C) / c, kata.grad_frobenius(A, X, B, C), scale=100.0)
