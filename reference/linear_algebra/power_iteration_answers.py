"""Known answers for power_iteration."""

import numpy as np

from dojo.answers import accepted, rejected


@accepted("the iterate is left unscaled for a step and judged by its own length; plain loops")
class plain:
    def _product(A, x):
        return [sum(float(a) * value for a, value in zip(row, x, strict=True)) for row in A]

    def _length(x):
        top = max(map(abs, x))
        return top * sum((value / top) ** 2 for value in x) ** 0.5 if top else 0.0

    def rayleigh_quotient(A, x):
        y = _product(A, x)
        return sum(a * b for a, b in zip(x, y, strict=True)) / sum(a * a for a in x)

    def power_iteration(A, x0, tol=1e-10, max_iter=10000):
        size = _length([float(a) for row in A for a in row])
        x, k = [float(value) for value in x0], 0
        while True:
            length = _length(x)
            x = [value / length for value in x]
            y = _product(A, x)
            rho = rayleigh_quotient(A, x)
            if _length([b - rho * a for a, b in zip(x, y, strict=True)]) <= tol * size:
                return rho, np.array(x), k
            if k == max_iter:
                raise np.linalg.LinAlgError("no convergence")
            x, k = y, k + 1


@accepted("A x against its projection on x; norms are sums of squares; the shift is moved for one step")
def inverse_iteration(A, shift, x0, tol=1e-10, max_iter=100):
    n = len(x0)
    x = x0 / np.sqrt(np.sum((x0 / np.abs(x0).max()) ** 2)) / np.abs(x0).max()
    for k in range(max_iter + 1):
        y = A @ x
        y_off = y - x * np.dot(x, y)
        if np.sqrt(np.sum(y_off**2)) <= tol * np.sqrt(np.sum(A**2)):
            return rayleigh_quotient(A, x), x
        moved = shift
        while True:
            try:
                x = np.linalg.solve(A - moved * np.eye(n), x)
                break
            except np.linalg.LinAlgError:
                moved = shift + 4 * np.finfo(float).eps * np.sqrt(np.sum(A**2)) * (1 + abs(moved - shift))
        x = x / np.abs(x).max()
        x = x / np.sqrt(x @ x)
    raise ValueError("no convergence")


@accepted("the shift is always moved a little, so that no system is ever singular")
def inverse_iteration(A, shift, x0, tol=1e-10, max_iter=100):
    norm = np.linalg.norm
    B = A - (shift + 20 * np.finfo(float).eps * norm(A)) * np.eye(len(A))
    x = x0 / norm(x0)
    while max_iter >= 0:
        if norm(A @ x - rayleigh_quotient(A, x) * x) <= tol * norm(A):
            return rayleigh_quotient(A, x), x
        x = np.linalg.solve(B, x)
        x /= norm(x)
        max_iter -= 1
    raise ValueError("no convergence")


@accepted("each iterate straight from the one before as a matrix product, stacked columns, einsum")
def power_iteration(A, x0, tol=1e-10, max_iter=10_000):
    x = (x0 / np.linalg.norm(x0))[:, None]
    for k in range(max_iter + 1):
        y = np.einsum("ij,jk->ik", A, x)
        rho = (x.T @ y).item()
        if np.linalg.norm(y - x * rho) <= tol * np.linalg.norm(A, "fro"):
            return rho, x[:, 0].copy(), k
        x = -y / np.linalg.norm(y)
    raise ValueError("no convergence")


@rejected("‖x_{k+1} - x_k‖ stays at 2 where λ_1 is negative: x_k changes its sign at every step")
def power_iteration(A, x0, tol=1e-10, max_iter=10_000):
    x = x0 / np.linalg.norm(x0)
    for k in range(max_iter + 1):
        y = A @ x
        y = y / np.linalg.norm(y)
        if np.linalg.norm(y - x) <= tol:
            return float(x @ A @ x), x, k
        x = y
    raise ValueError("no convergence")


@rejected("ρ that stands still proves little: its error is the square of that of x, and it may be a plateau")
def power_iteration(A, x0, tol=1e-10, max_iter=10_000):
    x = x0 / np.linalg.norm(x0)
    before = np.inf
    for k in range(max_iter + 1):
        y = A @ x
        rho = x @ y
        if abs(rho - before) <= tol * abs(rho):
            return float(rho), x, k
        x, before = y / np.linalg.norm(y), rho
    raise ValueError("no convergence")


@rejected("this is |λ|: the length of A x has lost the sign of the eigenvalue")
def power_iteration(A, x0, tol=1e-10, max_iter=10_000):
    x = x0 / np.linalg.norm(x0)
    for k in range(max_iter + 1):
        y = A @ x
        if np.linalg.norm(y - (x @ y) * x) <= tol * np.linalg.norm(A):
            return float(np.linalg.norm(y)), x, k
        x = y / np.linalg.norm(y)
    raise ValueError("no convergence")


@rejected("x is never scaled: it overflows where |λ| > 1 and vanishes where |λ| < 1")
def power_iteration(A, x0, tol=1e-10, max_iter=10_000):
    x = np.array(x0)
    for k in range(max_iter + 1):
        y = A @ x
        rho = (x @ y) / (x @ x)
        if np.linalg.norm(y - rho * x) <= tol * np.linalg.norm(A) * np.linalg.norm(x):
            return float(rho), x / np.linalg.norm(x), k
        x = y
    raise ValueError("no convergence")


@rejected("x is scaled by its largest entry: the length of 1 that is asked for is Euclidean")
def power_iteration(A, x0, tol=1e-10, max_iter=10_000):
    x = x0 / np.abs(x0).max()
    for k in range(max_iter + 1):
        y = A @ x
        rho = (x @ y) / (x @ x)
        if np.linalg.norm(y - rho * x) <= tol * np.linalg.norm(A) * np.linalg.norm(x):
            return float(rho), x, k
        x = y / np.abs(y).max()
    raise ValueError("no convergence")


@rejected("tol is taken as absolute: a matrix in small units converges at once, one in large units never")
def power_iteration(A, x0, tol=1e-10, max_iter=10_000):
    x = x0 / np.linalg.norm(x0)
    for k in range(max_iter + 1):
        y = A @ x
        if np.linalg.norm(y - (x @ y) * x) <= tol:
            return float(x @ y), x, k
        x = y / np.linalg.norm(y)
    raise ValueError("no convergence")


@rejected("tol is taken relative to |λ|: it bounds the residual relative to ‖A‖_F")
def power_iteration(A, x0, tol=1e-10, max_iter=10_000):
    x = x0 / np.linalg.norm(x0)
    for k in range(max_iter + 1):
        y = A @ x
        if np.linalg.norm(y - (x @ y) * x) <= tol * abs(x @ y):
            return float(x @ y), x, k
        x = y / np.linalg.norm(y)
    raise ValueError("no convergence")


@rejected("tol is not used: the digits asked for decide about the number of steps")
def power_iteration(A, x0, tol=1e-10, max_iter=10_000):
    x = x0 / np.linalg.norm(x0)
    for k in range(max_iter + 1):
        y = A @ x
        if np.linalg.norm(y - (x @ y) * x) <= 1e-10 * np.linalg.norm(A):
            return float(x @ y), x, k
        x = y / np.linalg.norm(y)
    raise ValueError("no convergence")


@rejected("what is there after max_iter steps is returned, converged or not: that is a ValueError")
def power_iteration(A, x0, tol=1e-10, max_iter=10_000):
    x = x0 / np.linalg.norm(x0)
    for k in range(max_iter + 1):
        y = A @ x
        if np.linalg.norm(y - (x @ y) * x) <= tol * np.linalg.norm(A):
            break
        x = y / np.linalg.norm(y)
    return float(x @ A @ x), x, k


@rejected("one step too few is looked at: x_max_iter may still have converged")
def power_iteration(A, x0, tol=1e-10, max_iter=10_000):
    x = x0 / np.linalg.norm(x0)
    for k in range(max_iter):
        y = A @ x
        if np.linalg.norm(y - (x @ y) * x) <= tol * np.linalg.norm(A):
            return float(x @ y), x, k
        x = y / np.linalg.norm(y)
    raise ValueError("no convergence")


@rejected("k counts from 1: it is the number of multiplications that made x_k")
def power_iteration(A, x0, tol=1e-10, max_iter=10_000):
    x = x0 / np.linalg.norm(x0)
    for k in range(max_iter + 1):
        y = A @ x
        if np.linalg.norm(y - (x @ y) * x) <= tol * np.linalg.norm(A):
            return float(x @ y), x, k + 1
        x = y / np.linalg.norm(y)
    raise ValueError("no convergence")


@rejected("x0 is not used: the iteration starts elsewhere")
def power_iteration(A, x0, tol=1e-10, max_iter=10_000):
    x = np.random.default_rng(0).standard_normal(len(A))
    x = x / np.linalg.norm(x)
    for k in range(max_iter + 1):
        y = A @ x
        if np.linalg.norm(y - (x @ y) * x) <= tol * np.linalg.norm(A):
            return float(x @ y), x, k
        x = y / np.linalg.norm(y)
    raise ValueError("no convergence")


@rejected("this is the left eigenvector, xᵀA = λ xᵀ: the same for symmetric matrices only")
def power_iteration(A, x0, tol=1e-10, max_iter=10_000):
    x = x0 / np.linalg.norm(x0)
    for k in range(max_iter + 1):
        y = x @ A
        if np.linalg.norm(y - (x @ y) * x) <= tol * np.linalg.norm(A):
            return float(x @ y), x, k
        x = y / np.linalg.norm(y)
    raise ValueError("no convergence")


@rejected("this is the singular vector: AᵀA has the eigenvectors of A for symmetric matrices only")
def power_iteration(A, x0, tol=1e-10, max_iter=10_000):
    x = x0 / np.linalg.norm(x0)
    for k in range(max_iter + 1):
        y = A @ x
        if np.linalg.norm(y - (x @ y) * x) <= tol * np.linalg.norm(A):
            return float(x @ y), x, k
        y = A.T @ y
        x = y / np.linalg.norm(y)
    raise ValueError("no convergence")


@rejected("‖A x - ρ x‖² = ‖A x‖² - ρ² cancels: below 1e-8 the difference is rounding, take the norm itself")
def power_iteration(A, x0, tol=1e-10, max_iter=10_000):
    x = x0 / np.linalg.norm(x0)
    for k in range(max_iter + 1):
        y = A @ x
        if max(y @ y - (x @ y) ** 2, 0.0) <= (tol * np.linalg.norm(A)) ** 2:
            return float(x @ y), x, k
        x = y / np.linalg.norm(y)
    raise ValueError("no convergence")


@rejected("the division by xᵀx is missing: the quotient is the same for every multiple of x")
def rayleigh_quotient(A, x):
    return float(x @ A @ x)


@rejected("the quotient is divided by the length, not by its square")
def rayleigh_quotient(A, x):
    return float(x @ A @ x / np.linalg.norm(x))


@rejected("(A x)ᵀ(A x) / xᵀA x is another quotient: equal to ρ only where x is an eigenvector")
def rayleigh_quotient(A, x):
    return float((A @ x) @ (A @ x) / (x @ A @ x))


@rejected("a shift that is an eigenvalue makes A - shift I singular: an exception is no answer")
def inverse_iteration(A, shift, x0, tol=1e-10, max_iter=100):
    shifted = A - shift * np.eye(len(A))
    x = x0 / np.linalg.norm(x0)
    for _ in range(max_iter + 1):
        rho = x @ A @ x
        if np.linalg.norm(A @ x - rho * x) <= tol * np.linalg.norm(A):
            return float(rho), x
        x = np.linalg.solve(shifted, x)
        x = x / np.linalg.norm(x)
    raise ValueError("no convergence")


@rejected("a singular system is solved by least squares: the answer has no part along the eigenvector")
def inverse_iteration(A, shift, x0, tol=1e-10, max_iter=100):
    shifted = A - shift * np.eye(len(A))
    x = x0 / np.linalg.norm(x0)
    for _ in range(max_iter + 1):
        rho = x @ A @ x
        if np.linalg.norm(A @ x - rho * x) <= tol * np.linalg.norm(A):
            return float(rho), x
        x = np.linalg.lstsq(shifted, x)[0]
        x = x / np.linalg.norm(x)
    raise ValueError("no convergence")


@rejected("an absolute step away from a singular shift: in small units that is another eigenvalue")
def inverse_iteration(A, shift, x0, tol=1e-10, max_iter=100):
    shifted = A - shift * np.eye(len(A))
    x = x0 / np.linalg.norm(x0)
    for _ in range(max_iter + 1):
        rho = x @ A @ x
        if np.linalg.norm(A @ x - rho * x) <= tol * np.linalg.norm(A):
            return float(rho), x
        try:
            x = np.linalg.solve(shifted, x)
        except np.linalg.LinAlgError:
            shifted = shifted + 1e-10 * np.eye(len(A))
            x = np.linalg.solve(shifted, x)
        x = x / np.linalg.norm(x)
    raise ValueError("no convergence")


@rejected("power iteration with A - shift I goes to the eigenvalue farthest from the shift")
def inverse_iteration(A, shift, x0, tol=1e-10, max_iter=100):
    x = x0 / np.linalg.norm(x0)
    for _ in range(max_iter + 1):
        rho = x @ A @ x
        if np.linalg.norm(A @ x - rho * x) <= tol * np.linalg.norm(A):
            return float(rho), x
        x = A @ x - shift * x
        x = x / np.linalg.norm(x)
    raise ValueError("no convergence")


@rejected("the shift is moved to ρ at every step: faster, but it may go to another eigenvalue")
def inverse_iteration(A, shift, x0, tol=1e-10, max_iter=100):
    x = x0 / np.linalg.norm(x0)
    for k in range(max_iter + 1):
        rho = x @ A @ x
        if np.linalg.norm(A @ x - rho * x) <= tol * np.linalg.norm(A):
            return float(rho), x
        try:
            x = np.linalg.solve(A - rho * np.eye(len(A)), x)
        except np.linalg.LinAlgError:
            x = np.linalg.solve(A - (rho + 1e-14 * np.linalg.norm(A)) * np.eye(len(A)), x)
        x = x / np.linalg.norm(x)
    raise ValueError("no convergence")


@rejected("this is the eigenvalue of (A - shift I)⁻¹: the number asked for is that of A")
def inverse_iteration(A, shift, x0, tol=1e-10, max_iter=100):
    shifted = A - shift * np.eye(len(A))
    x = x0 / np.linalg.norm(x0)
    for _ in range(max_iter + 1):
        rho = x @ A @ x
        if np.linalg.norm(A @ x - rho * x) <= tol * np.linalg.norm(A):
            return float(1 / (rho - shift)), x
        try:
            x = np.linalg.solve(shifted, x)
        except np.linalg.LinAlgError:
            x = np.linalg.solve(shifted + 1e-14 * np.linalg.norm(A) * np.eye(len(A)), x)
        x = x / np.linalg.norm(x)
    raise ValueError("no convergence")


@rejected("the shift is not used: this goes to the eigenvalue nearest to 0")
def inverse_iteration(A, shift, x0, tol=1e-10, max_iter=100):
    x = x0 / np.linalg.norm(x0)
    for _ in range(max_iter + 1):
        rho = x @ A @ x
        if np.linalg.norm(A @ x - rho * x) <= tol * np.linalg.norm(A):
            return float(rho), x
        try:
            x = np.linalg.solve(A, x)
        except np.linalg.LinAlgError:
            x = np.linalg.solve(A + 1e-14 * np.linalg.norm(A) * np.eye(len(A)), x)
        x = x / np.linalg.norm(x)
    raise ValueError("no convergence")


equivalent(
    "if np.linalg.norm(A @ x - eigenvalue * x) <= tol * size:",
    "if np.linalg.norm(A @ x - eigenvalue * x) < tol * size:",
    "they differ where both sides are equal: a coincidence, or A = 0 under inverse iteration",
)
equivalent(
    "y = np.linalg.solve(shifted, x)",
    "y = np.linalg.solve(None, x)",
    "a LinAlgError as well: then the shift is moved at once",
)
equivalent(
    "shifted += 10 * EPS * size * np.eye(len(A))",
    "shifted -= 10 * EPS * size * np.eye(len(A))",
    "some eps ‖A‖_F either way will do",
)
equivalent(
    "shifted += 10 * EPS * size * np.eye(len(A))",
    "shifted += 11 * EPS * size * np.eye(len(A))",
    "some eps ‖A‖_F either way will do",
)
equivalent(
    "shifted += 10 * EPS * size * np.eye(len(A))",
    "shifted += 9 * EPS * size * np.eye(len(A))",
    "some eps ‖A‖_F either way will do",
)
equivalent(
    "shifted += 10 * EPS * size * np.eye(len(A))",
    "shifted += EPS * size * np.eye(len(A))",
    "some eps ‖A‖_F either way will do",
)
