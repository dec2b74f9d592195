"""Known answers for fixed_point_stability."""

import numpy as np

from dojo.answers import accepted, equivalent, rejected


def _differences(f, x, h=1e-6):
    return np.array([(f(x + h * e) - f(x - h * e)) / (2 * h) for e in np.eye(len(x))]).T


@accepted("a fixed step for the differences, least squares for the step, and the value kept from step to step")
def find_fixed_point(f, x0, tol=1e-12, max_iter=100):
    x, value, steps = x0 + 0.0, f(x0), 0
    while not np.max(np.abs(value)) <= tol:
        if steps == max_iter or not np.isfinite(value).all():
            raise RuntimeError("no fixed point")
        h = 1e-6 * np.maximum(1, np.abs(x))
        J = np.array([(f(x + d) - f(x - d)) / (2 * d.max()) for d in np.diag(h)]).T
        x = x + np.linalg.lstsq(J, -value, rcond=None)[0]
        value, steps = f(x), steps + 1
    return x


@accepted("numpy's determinant, and the discriminant as (a - d)² + 4bc")
def classify_flow(J, tol=1e-9):
    (a, b), (c, d) = J.tolist()
    s, det = max(map(abs, (a, b, c, d))), float(np.linalg.det(J))
    D = (a - d) ** 2 + 4 * b * c
    if abs(det) <= tol * s * s or (abs(D) <= tol * s * s and abs(a + d) > tol * s):
        return "degenerate"
    if det < 0:
        return "saddle"
    if abs(a + d) <= tol * s:
        return "center"
    return ("stable " if a + d < 0 else "unstable ") + ("spiral" if D < 0 else "node")


@accepted("the eigenvalues one by one")
def is_stable_map(J):
    values, _ = np.linalg.eig(J)
    return all(abs(value) < 1 for value in values)


@rejected("Re λ < 0 is the criterion for a flow: a map is stable iff |λ| < 1")
def is_stable_map(J):
    return bool(np.linalg.eigvals(J).real.max() < 0)


@rejected("the norm is not the spectral radius: a map may grow for some steps and die out all the same")
def is_stable_map(J):
    return bool(np.linalg.norm(J, 2) < 1)


@rejected("the real part alone: complex eigenvalues need their modulus")
def is_stable_map(J):
    return bool(np.abs(np.linalg.eigvals(J).real).max() < 1)


@rejected("no absolute value: λ = -3 is less than 1, and grows")
def is_stable_map(J):
    return bool(np.linalg.eigvals(J).real.max() < 1)


@rejected("the determinant is the product of the eigenvalues: a small one hides a large one")
def is_stable_map(J):
    return bool(abs(np.linalg.det(J)) < 1)


@rejected("|λ| < 1 is the criterion for a map: a flow is stable iff Re λ < 0")
def classify_flow(J, tol=1e-9):
    kind = classify_worked(J, tol)
    stable = np.abs(np.linalg.eigvals(J)).max() < 1
    return ("stable " if stable else "unstable ") + kind.split()[1] if " " in kind else kind


@rejected("Δ < 0 is not looked at first: a saddle is called a node")
def classify_flow(J, tol=1e-9):
    kind = classify_worked(J, tol)
    return ("stable node" if np.trace(J) < 0 else "unstable node") if kind == "saddle" else kind


@rejected("the sign of the discriminant is turned round: node and spiral change places")
def classify_flow(J, tol=1e-9):
    kind = classify_worked(J, tol)
    return kind.replace("node", "#").replace("spiral", "node").replace("#", "spiral")


@rejected("stable and unstable change places: for a flow a negative trace is stable")
def classify_flow(J, tol=1e-9):
    kind = classify_worked(J, tol)
    return kind[2:] if kind.startswith("un") else kind.replace("stable", "unstable")


@rejected("a loose tolerance takes a slow spiral for a center: it is tol, 1e-9 unless said otherwise")
def classify_flow(J, tol=1e-5):
    return classify_worked(J, tol)


@rejected("an absolute tolerance: whether a trace of 1e-8 is nothing depends on the size of J")
def classify_flow(J, tol=1e-9):
    det, trace = np.linalg.det(J), np.trace(J)
    if abs(det) <= tol:
        return "degenerate"
    if abs(trace) <= tol and det > 0:
        return "center"
    return classify_worked(J, tol)


@rejected("a repeated eigenvalue is no node here: τ² = 4Δ is the degenerate case")
def classify_flow(J, tol=1e-9):
    kind = classify_worked(J, tol)
    if kind == "degenerate" and np.linalg.det(J) > tol:
        return "stable node" if np.trace(J) < 0 else "unstable node"
    return kind


@rejected("the last point is returned though it is no fixed point: RuntimeError is asked for")
def find_fixed_point(f, x0, tol=1e-12, max_iter=100):
    x = np.array(x0)
    for _ in range(max_iter):
        if np.abs(f(x)).max() <= tol:
            break
        x = x - np.linalg.lstsq(_differences(f, x), f(x), rcond=None)[0]
    return x


@rejected("a fixed point of the map, f(x) = x: the flow x' = f(x) rests where f(x) = 0")
def find_fixed_point(f, x0, tol=1e-12, max_iter=100):
    x = np.array(x0)
    for _ in range(max_iter + 1):
        value = f(x) - x
        if np.abs(value).max() <= tol:
            return x
        x = x - np.linalg.lstsq(_differences(f, x) - np.eye(len(x)), value, rcond=None)[0]
    raise RuntimeError("no fixed point")


@rejected("the Jacobian is transposed: row i belongs to f_i, column j to x_j")
def find_fixed_point(f, x0, tol=1e-12, max_iter=100):
    x = np.array(x0)
    for _ in range(max_iter + 1):
        value = f(x)
        if np.abs(value).max() <= tol:
            return x
        x = x - np.linalg.lstsq(_differences(f, x).T, value, rcond=None)[0]
    raise RuntimeError("no fixed point")


@rejected("the test `if error > tol: go on` lets NaN through: NaN compares false with everything")
def find_fixed_point(f, x0, tol=1e-12, max_iter=100):
    x = np.array(x0)
    for _ in range(max_iter + 1):
        value = f(x)
        if not np.abs(value).max() > tol:
            return x
        try:
            x = x - np.linalg.solve(_differences(f, x), value)
        except np.linalg.LinAlgError:
            raise RuntimeError("singular") from None
    raise RuntimeError("no fixed point")


def classify_worked(J, tol):
    trace, det, s = J[0, 0] + J[1, 1], J[0, 0] * J[1, 1] - J[0, 1] * J[1, 0], np.abs(J).max()
    D = trace**2 - 4 * det
    if abs(det) <= tol * s**2:
        return "degenerate"
    if det < 0:
        return "saddle"
    if abs(trace) <= tol * s:
        return "center"
    if abs(D) <= tol * s**2:
        return "degenerate"
    return ("stable " if trace < 0 else "unstable ") + ("spiral" if D < 0 else "node")


equivalent(
    'raise RuntimeError(f"the Jacobian is singular at {x}") from None',
    "pass",
    "x stays where it is until the steps are used up, and then it is a RuntimeError as well",
)
equivalent("if det < 0:", "if det <= 0:", "a determinant of zero is degenerate already")
equivalent("if discriminant < 0:", "if discriminant <= 0:", "a discriminant of zero is degenerate already")
equivalent(
    'return "stable spiral" if trace < 0 else "unstable spiral"',
    'return "stable spiral" if trace <= 0 else "unstable spiral"',
    "a trace of zero is a center already",
)
equivalent(
    'return "stable node" if trace < 0 else "unstable node"',
    'return "stable node" if trace <= 0 else "unstable node"',
    "a trace of zero is a center or a saddle already",
)
equivalent(
    "h = 6e-6 * max(1.0, abs(x[j]))",
    "h = 6e-6 * max(2.0, abs(x[j]))",
    "any step of about this size gives Newton the digits it needs",
)
