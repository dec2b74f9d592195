"""Known answers for lqr_riccati."""

import numpy as np

from dojo.answers import accepted, equivalent, rejected

equivalent("P = np.zeros_like(Q)", "P = np.ones_like(Q)", "the limit is the same from any semidefinite start")
equivalent(
    "for _ in range(len(A) - 1):",
    "for _ in range(len(A) + 1):",
    "by Cayley and Hamilton, A^n B adds nothing to the range",
)
equivalent("for _ in range(len(A) - 1):", "for _ in range(len(A) - 0):", "A^n B adds nothing to the range")
equivalent("for _ in range(len(A) - 1):", "for _ in range(len(A)):", "A^n B adds nothing to the range")


@accepted("the recursion as it stands in the statement, written as a recursion, and the cost from Q + Kᵀ R K")
class textbook:
    def finite_horizon_lqr(A, B, Q, R, Qf, N):
        if N == 0:
            return [], Qf.copy()
        later, P = finite_horizon_lqr(A, B, Q, R, Qf, N - 1)
        K = np.linalg.inv(R + B.T @ P @ B) @ B.T @ P @ A
        return [K, *later], Q + A.T @ P @ A - A.T @ P @ B @ K

    def dare(A, B, Q, R, tol=1e-12, max_iter=100_000):
        P = Q
        for _ in range(max_iter):
            S = R + B.T @ P @ B
            new = Q + A.T @ P @ A - A.T @ P @ B @ np.linalg.solve(S, B.T @ P @ A)
            if not np.all(np.isfinite(new)):
                break
            if np.max(np.abs(new - P)) <= tol * np.max(np.abs(new)):
                return new, np.linalg.solve(R + B.T @ new @ B, B.T @ new @ A)
            P = new
        raise np.linalg.LinAlgError("no solution")

    def simulate_cost(A, B, Q, R, K, x0, N):
        cost, M, x = 0.0, Q + K.T @ R @ K, x0.copy()
        for _ in range(N):
            cost, x = cost + x.dot(M).dot(x), (A - B @ K).dot(x)
        return cost


@accepted("the inverse of a sum instead of a sum of inverses (Woodbury), and reachable directions one by one")
class woodbury:
    def dare(A, B, Q, R, tol=1e-12, max_iter=100_000):
        G, P, n = B @ np.linalg.inv(R) @ B.T, np.zeros_like(Q), len(A)
        for _ in range(max_iter):
            new = Q + A.T @ np.linalg.solve(np.eye(n) + P @ G, P @ A)
            new = (new + new.T) / 2
            step, size, P = np.abs(new - P).max(), np.abs(new).max(), new
            if not np.isfinite(size):
                raise ValueError("diverges")
            if step <= tol * size:
                return P, np.linalg.solve(R + B.T @ P @ B, B.T @ P @ A)
        raise ValueError("no convergence")

    def controllability_rank(A, B):
        basis, fresh = np.zeros((len(A), 0)), B
        while True:
            u, s, _ = np.linalg.svd(np.hstack([basis, fresh]), full_matrices=False)
            grown = u[:, s > 1e-10 * max(s.max(), 1e-300)]
            if grown.shape[1] == basis.shape[1]:
                return grown.shape[1]
            basis, fresh = grown, A @ grown / max(np.linalg.norm(A), 1e-300)


@accepted("doubling: 2^k steps of the recursion at once")
def dare(A, B, Q, R, tol=1e-12, max_iter=100_000):
    Phi, G, P, eye = A, B @ np.linalg.solve(R, B.T), Q, np.eye(len(A))
    for _ in range(max_iter):
        W = np.linalg.solve(eye + G @ P, np.hstack([Phi, G]))
        WPhi, WG = W[:, : len(A)], W[:, len(A) :]
        step = Phi.T @ P @ WPhi
        G = G + Phi @ WG @ Phi.T
        P, Phi = P + (step + step.T) / 2, Phi @ WPhi
        if not np.isfinite(P).all() or not np.isfinite(Phi).all():
            raise ValueError("diverges")
        if np.abs(step).max() <= tol * np.abs(P).max():
            return P, np.linalg.solve(R + B.T @ P @ B, B.T @ P @ A)
    raise ValueError("no convergence")


@rejected("the gains are in the order they were found, from the end: K_0 belongs to the start")
def finite_horizon_lqr(A, B, Q, R, Qf, N):
    P, gains = Qf.copy(), []
    for _ in range(N):
        P, K = _step_back(P, A, B, Q, R)
        gains.append(K)
    return gains, P


@rejected("K_t comes from P_{t+1}: here it comes from P_t, one step too late")
def finite_horizon_lqr(A, B, Q, R, Qf, N):
    P, gains = Qf.copy(), []
    for _ in range(N):
        P, _ = _step_back(P, A, B, Q, R)
        gains.append(np.linalg.solve(R + B.T @ P @ B, B.T @ P @ A))
    return gains[::-1], P


@rejected("the recursion begins at Q: the last state is weighed by Qf")
def finite_horizon_lqr(A, B, Q, R, Qf, N):
    P, gains = Q.copy(), []
    for _ in range(N):
        P, K = _step_back(P, A, B, Q, R)
        gains.append(K)
    return gains[::-1], P


@rejected("one step too many or too few: N gains, and P_0 after N steps back from Qf")
def finite_horizon_lqr(A, B, Q, R, Qf, N):
    P, gains = Qf.copy(), []
    for _ in range(N):
        before = P
        P, K = _step_back(P, A, B, Q, R)
        gains.append(K)
    return gains[::-1], before if N else P


@rejected("the gain has the other sign: the input is -K x")
class other_sign:
    def finite_horizon_lqr(A, B, Q, R, Qf, N):
        P, gains = Qf.copy(), []
        for _ in range(N):
            P, K = _step_back(P, A, B, Q, R)
            gains.append(-K)
        return gains[::-1], P

    def dare(A, B, Q, R, tol=1e-12, max_iter=100_000):
        P = np.zeros_like(Q)
        for _ in range(max_iter):
            before = P
            P, K = _step_back(before, A, B, Q, R)
            if not np.isfinite(P).all():
                raise ValueError
            if np.abs(P - before).max() <= tol * np.abs(P).max():
                return P, -K
        raise ValueError


@rejected("R is missing in (R + Bᵀ P B)⁻¹: steering has its price")
def _step_back(P, A, B, Q, R):
    K = np.linalg.pinv(B.T @ P @ B) @ B.T @ P @ A
    return Q + A.T @ P @ A - A.T @ P @ B @ K, K


@rejected("P_t = Q + Aᵀ P A is the cost of doing nothing: what steering saves is to be taken off")
def _step_back(P, A, B, Q, R):
    K = np.linalg.solve(R + B.T @ P @ B, B.T @ P @ A)
    return Q + A.T @ P @ A, K


@rejected("Kᵀ R K is missing: Q + (A - B K)ᵀ P (A - B K) leaves out what steering costs now")
def _step_back(P, A, B, Q, R):
    K = np.linalg.solve(R + B.T @ P @ B, B.T @ P @ A)
    return Q + (A - B @ K).T @ P @ (A - B @ K), K


@rejected("A and Aᵀ are exchanged: that is the filter's equation, not the regulator's")
def _step_back(P, A, B, Q, R):
    K = np.linalg.solve(R + B.T @ P @ B, B.T @ P @ A)
    return Q + A @ P @ A.T - A @ P @ B @ np.linalg.solve(R + B.T @ P @ B, B.T @ P @ A.T), K


@rejected("K is at rest long before P is: the step of P decides")
def dare(A, B, Q, R, tol=1e-12, max_iter=100_000):
    P, K = _step_back(np.zeros_like(Q), A, B, Q, R)
    for _ in range(max_iter):
        before = K
        P, K = _step_back(P, A, B, Q, R)
        if not np.isfinite(P).all():
            raise ValueError
        if np.abs(K - before).max() <= tol * np.abs(K).max():
            return P, K
    raise ValueError


@rejected("tol is relative to the largest entry of P: an absolute one is met at once, or never")
def dare(A, B, Q, R, tol=1e-12, max_iter=100_000):
    P = np.zeros_like(Q)
    for _ in range(min(max_iter, 3000)):
        before = P
        P, K = _step_back(before, A, B, Q, R)
        if not np.isfinite(P).all():
            raise ValueError
        if np.abs(P - before).max() <= tol:
            return P, _step_back(P, A, B, Q, R)[1]
    raise ValueError


@rejected("inf <= tol · inf is true: check that P is finite before you call it converged")
def dare(A, B, Q, R, tol=1e-12, max_iter=100_000):
    P, change, n = np.zeros_like(Q), np.inf, 0
    while change > tol:
        if n == max_iter:
            raise ValueError
        before, n = P, n + 1
        P, K = _step_back(before, A, B, Q, R)
        change = np.abs(P - before).max() / np.abs(P).max()
    return P, _step_back(P, A, B, Q, R)[1]


@rejected("after max_iter steps without convergence there is no answer: that is an error")
def dare(A, B, Q, R, tol=1e-12, max_iter=100_000):
    P = np.zeros_like(Q)
    for _ in range(max_iter):
        before = P
        P, K = _step_back(before, A, B, Q, R)
        if not np.isfinite(P).all():
            raise ValueError
        if np.abs(P - before).max() <= tol * np.abs(P).max():
            break
    return P, _step_back(P, A, B, Q, R)[1]


@rejected("tol and max_iter are not used: the caller chooses how long and how exactly")
def dare(A, B, Q, R, tol=1e-12, max_iter=100_000):
    P = np.zeros_like(Q)
    for _ in range(2000):
        before = P
        P, K = _step_back(before, A, B, Q, R)
        if not np.isfinite(P).all():
            raise ValueError
        if np.abs(P - before).max() <= 1e-12 * np.abs(P).max():
            return P, _step_back(P, A, B, Q, R)[1]
    raise ValueError


@rejected("the stable modes were counted: what can be steered is another matter")
def controllability_rank(A, B):
    return int((np.abs(np.linalg.eigvals(A)) < 1).sum())


@rejected("this is the rank of A: what can be reached also depends on where the input enters")
def controllability_rank(A, B):
    return int(np.linalg.matrix_rank(A))


@rejected("[B, AB] is only the beginning: an input may need n steps to reach a state")
def controllability_rank(A, B):
    return int(np.linalg.matrix_rank(np.hstack([B, A @ B])))


@rejected("these are the rows of observability: A is applied to B, not its transpose")
def controllability_rank(A, B):
    return int(np.linalg.matrix_rank(np.hstack([np.linalg.matrix_power(A.T, k) @ B for k in range(len(A))])))


@rejected("these are the modes with an input of their own: a chain passes its input on, equal modes share theirs")
def controllability_rank(A, B):
    return int(np.any(np.linalg.inv(np.linalg.eig(A)[1]) @ B != 0, axis=1).sum())


@rejected("x_N is paid for as well: N steps are x_0 to x_{N-1}")
def simulate_cost(A, B, Q, R, K, x0, N):
    x, cost = x0, 0.0
    for _ in range(N):
        u = -(K @ x)
        cost += float(x @ Q @ x + u @ R @ u)
        x = A @ x + B @ u
    return cost + float(x @ Q @ x)


@rejected("the state is paid for after the step: x_0 costs, x_N does not")
def simulate_cost(A, B, Q, R, K, x0, N):
    x, cost = x0, 0.0
    for _ in range(N):
        u = -(K @ x)
        x = A @ x + B @ u
        cost += float(x @ Q @ x + u @ R @ u)
    return cost


@rejected("the input was u = +K x: it pushes where it should brake")
def simulate_cost(A, B, Q, R, K, x0, N):
    x, cost = x0, 0.0
    for _ in range(N):
        u = K @ x
        cost += float(x @ Q @ x + u @ R @ u)
        x = A @ x + B @ u
    return cost


@rejected("steering is free here: uᵀ R u is missing")
def simulate_cost(A, B, Q, R, K, x0, N):
    x, cost = x0, 0.0
    for _ in range(N):
        cost += float(x @ Q @ x)
        x = A @ x - B @ (K @ x)
    return cost


@rejected("half of the cost: the usual 1/2 in front is not in this statement")
def simulate_cost(A, B, Q, R, K, x0, N):
    x, cost = x0, 0.0
    for _ in range(N):
        u = -(K @ x)
        cost += 0.5 * float(x @ Q @ x + u @ R @ u)
        x = A @ x + B @ u
    return cost
