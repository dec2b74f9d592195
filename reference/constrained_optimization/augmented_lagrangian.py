"""Oracle for augmented_lagrangian: problems whose solutions are known without any iteration.

By hand, from the literature, from linear equations, from an eigenvalue problem, or, for quadratic programs
with inequalities, by trying every set of constraints that may hold with equality. They are scaled so that x
and lambda are within REACH tol of the solution wherever the conditions are met within tol.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain, combinations

import numpy as np

REACH = 20.0


@dataclass(frozen=True)
class Problem:
    """minimise f on c(x) = 0, or on c(x) <= 0, from x0; the minimiser is x, its multipliers are lam."""

    f: Callable
    grad_f: Callable
    c: Callable
    jac_c: Callable
    x0: np.ndarray
    x: np.ndarray
    lam: np.ndarray

    @property
    def functions(self):
        return self.f, self.grad_f, self.c, self.jac_c


def problem(f, grad_f, c, jac_c, x0, x, lam):
    """A problem whose functions may give lists."""
    return Problem(
        lambda z: float(f(z)),
        lambda z: np.array(grad_f(z), dtype=float),
        lambda z: np.array(c(z), dtype=float),
        lambda z: np.array(jac_c(z), dtype=float),
        *(np.array(value, dtype=float) for value in (x0, x, lam)),
    )


def quadratic(P, q, A, b, x, lam):
    """1/2 xᵀP x + qᵀx with A x - b, from 0."""
    x0 = np.zeros(len(q))
    return problem(lambda z: z @ P @ z / 2 + q @ z, lambda z: P @ z + q, lambda z: A @ z - b, lambda z: A, x0, x, lam)


# --- equalities ---


def point():
    """x² on x - 3 = 0: ∇f = 6 = lambda."""
    return problem(lambda x: x @ x, lambda x: 2 * x, lambda x: x - 3, lambda x: [[1.0]], [0], [3], [6])


def circle(x0=(0.5, -2.0)):
    """Nocedal & Wright, example 17.1: x + y on x² + y² = 2; (-1, -1) is the minimum, (1, 1) the maximum."""
    return problem(
        lambda x: x[0] + x[1],
        lambda x: [1.0, 1.0],
        lambda x: [x @ x - 2],
        lambda x: [2 * x],
        x0,
        [-1, -1],
        [-0.5],
    )


def ellipse(x0=(0.0, 0.0)):
    """x + y on x² + 2y² = 3: 1 = lambda 2x = lambda 4y, so x = 2y, with either sign."""
    return problem(
        lambda x: x[0] + x[1],
        lambda x: [1.0, 1.0],
        lambda x: [x[0] ** 2 + 2 * x[1] ** 2 - 3],
        lambda x: [[2 * x[0], 4 * x[1]]],
        x0,
        [-np.sqrt(2), -np.sqrt(0.5)],
        [-1 / np.sqrt(8)],
    )


def two_planes(b=(3.0, 0.0)):
    """Nocedal & Wright, example 16.2: P x + q = Aᵀlambda and A x = b are linear equations."""
    P = np.array([[6.0, 2.0, 1.0], [2.0, 5.0, 2.0], [1.0, 2.0, 4.0]])
    q, A = np.array([-8.0, -3.0, -3.0]), np.array([[1.0, 0.0, 1.0], [0.0, 1.0, 1.0]])
    solution = np.linalg.solve(np.block([[P, -A.T], [A, np.zeros((2, 2))]]), np.concatenate([-q, b]))
    return quadratic(P, q, A, np.array(b), solution[:3], solution[3:])


def great_circle():
    """x + 2y + 3z on x² + y² + z² = 2 and x + y + z = 0, where only the part (-1, 0, 1) of ∇f counts."""
    return problem(
        lambda x: x[0] + 2 * x[1] + 3 * x[2],
        lambda x: [1.0, 2.0, 3.0],
        lambda x: [x @ x - 2, x.sum()],
        lambda x: [2 * x, np.ones(3)],
        [1.0, 1.0, 0.5],
        [1, 0, -1],
        [-0.5, 2],
    )


def parabola():
    """Hock & Schittkowski 6, its constraint over 10: (1 - x)² on y = x², where the free minimum lies."""
    return problem(
        lambda x: (1 - x[0]) ** 2,
        lambda x: [2 * (x[0] - 1), 0.0],
        lambda x: [x[1] - x[0] ** 2],
        lambda x: [[-2 * x[0], 1.0]],
        [-1.2, 1],
        [1, 1],
        [0],
    )


def bell():
    """After Hock & Schittkowski 7: log u - y on u² + y = 4, where u = 1 + x² is least at x = 0."""
    return problem(
        lambda x: np.log(1 + x[0] ** 2) - x[1],
        lambda x: [2 * x[0] / (1 + x[0] ** 2), -1.0],
        lambda x: [(1 + x[0] ** 2) ** 2 + x[1] - 4],
        lambda x: [[4 * x[0] * (1 + x[0] ** 2), 1.0]],
        [1.0, 1.5],
        [0, 3],
        [-1],
    )


def hollow(depth=1.0):
    """-xy on x + y = 2, times depth: L_A is bounded for mu > depth/2, and lambda converges for mu > depth."""
    return problem(
        lambda x: -depth * x[0] * x[1],
        lambda x: [-depth * x[1], -depth * x[0]],
        lambda x: [x[0] + x[1] - 2],
        lambda x: [[1.0, 1.0]],
        [2.0, 0.5],
        [1, 1],
        [-depth],
    )


EQUALITIES = {
    "a point": point,
    "circle": circle,
    "two planes": two_planes,
    "great circle": great_circle,
    "parabola": parabola,
    "bell": bell,
    "hollow": hollow,
}


def rayleigh(S, x0):
    """xᵀS x on xᵀx = 1: 2 S x = lambda 2 x, so that lambda is the least eigenvalue, and x its eigenvector."""
    values, vectors = np.linalg.eigh(S)
    return problem(
        lambda x: x @ S @ x,
        lambda x: 2 * S @ x,
        lambda x: [x @ x - 1],
        lambda x: [2 * x],
        x0,
        vectors[:, 0],
        values[:1],
    )


# --- penalties ---


def penalised_circle(mu):
    """The minimiser (t, t) of x + y + mu/2 (x² + y² - 2)²: the least root of 1 + 4 mu t (t² - 1) = 0."""
    t = np.roots([4 * mu, 0.0, -4 * mu, 1.0]).real.min()
    return np.array([t, t])


def penalised_planes(mu):
    """The minimiser of f + mu/2 ‖A x - b‖² for `two_planes`: (P + mu AᵀA) x = mu Aᵀb - q."""
    planes = two_planes()
    zero, unit = np.zeros(3), np.eye(3)
    q, A, b = planes.grad_f(zero), planes.jac_c(zero), -planes.c(zero)
    P = np.array([planes.grad_f(e) - q for e in unit])
    return np.linalg.solve(P + mu * A.T @ A, mu * A.T @ b - q)


# --- inequalities ---


def half_line(end):
    """(x - 2)² on x <= end: the end is the minimum, and costs lambda = 2 (2 - end), unless 2 is allowed."""
    x, lam = (2.0, 0.0) if end >= 2 else (end, 2 * (2 - end))
    return problem(
        lambda x: (x[0] - 2) ** 2,
        lambda x: 2 * (x - 2),
        lambda x: x - end,
        lambda x: [[1.0]],
        [0],
        [x],
        [lam],
    )


def polygon(x0=(2.0, 0.0)):
    """Nocedal & Wright, example 16.4: the point of a polygon of five sides nearest to (1, 2.5)."""
    A = np.array([[-1.0, 2.0], [1.0, 2.0], [1.0, -2.0], [-1.0, 0.0], [0.0, -1.0]])
    b = np.array([2.0, 6.0, 2.0, 0.0, 0.0])
    return problem(
        lambda x: (x[0] - 1) ** 2 + (x[1] - 2.5) ** 2,
        lambda x: [2 * (x[0] - 1), 2 * (x[1] - 2.5)],
        lambda x: A @ x - b,
        lambda x: A,
        x0,
        [1.4, 1.7],
        [0.8, 0, 0, 0, 0],
    )


def disc(p, x0=(0.3, 0.4)):
    """‖x - p‖² on ‖x‖² <= 1: p itself, or p/‖p‖ with lambda = ‖p‖ - 1."""
    p = np.array(p)
    outside = max(np.linalg.norm(p), 1.0)
    return problem(
        lambda x: (x - p) @ (x - p),
        lambda x: 2 * (x - p),
        lambda x: [x @ x - 1],
        lambda x: [2 * x],
        x0,
        p / outside,
        [outside - 1],
    )


def farthest(p, x0):
    """-‖x - p‖² on ‖x‖² <= 1, curved downwards: at -p/‖p‖, with lambda = ‖p‖ + 1. p/‖p‖ is a saddle."""
    p = np.array(p)
    size = np.linalg.norm(p)
    return problem(
        lambda x: -(x - p) @ (x - p),
        lambda x: -2 * (x - p),
        lambda x: [x @ x - 1],
        lambda x: [2 * x],
        x0,
        -p / size,
        [size + 1],
    )


def half_disc():
    """x + y on x² + y² <= 2 and -x <= 0: at (0, -√2), where both hold with equality."""
    return problem(
        lambda x: x[0] + x[1],
        lambda x: [1.0, 1.0],
        lambda x: [x @ x - 2, -x[0]],
        lambda x: [2 * x, [-1.0, 0.0]],
        [1.0, 0.3],
        [0, -np.sqrt(2)],
        [1 / np.sqrt(8), 1],
    )


INEQUALITIES = {
    "an end that counts": lambda: half_line(0.5),
    "an end that does not": lambda: half_line(3.0),
    "polygon": polygon,
    "polygon from far outside": lambda: polygon((-4.0, -3.0)),
    "disc, target outside": lambda: disc([1.5, -2.0]),
    "disc, target inside": lambda: disc([0.3, -0.5]),
    "half disc": half_disc,
    "farthest point": lambda: farthest([0.3, 0.4], [0.8, 0.2]),
}


def quadratic_program(P, q, A, b):
    """1/2 xᵀP x + qᵀx on A x <= b, P positive definite: the set of active rows that meets the conditions."""
    m, n = A.shape
    for active in map(list, chain.from_iterable(combinations(range(m), k) for k in range(m + 1))):
        B = A[active]
        try:
            solution = np.linalg.solve(
                np.block([[P, B.T], [B, np.zeros((len(active), len(active)))]]),
                np.concatenate([-q, b[active]]),
            )
        except np.linalg.LinAlgError:
            continue
        x, lam = solution[:n], np.zeros(m)
        lam[active] = solution[n:]
        if np.all(A @ x <= b + 1e-12) and np.all(lam >= 0):
            return quadratic(P, q, A, b, x, lam)
    raise ValueError("no x has A x <= b")
