"""Known answers for ising_partition_function."""

import numpy as np

from dojo.answers import accepted, equivalent, rejected

equivalent("m = m0.astype(np.float64)", "m = m0.astype(None)", "None is float64 to numpy")
equivalent(
    "return -((s @ J) * s).sum(axis=1) / 2 - s @ h",
    "return -((s @ J) / s).sum(axis=1) / 2 - s @ h",
    "1 / s is s for s = ±1",
)
equivalent(
    "return -((s @ J) * s).sum(axis=1) / 2 - s @ h",
    "return -((s @ J) * s).sum(axis=1) / 2 + s @ h",
    "all spins turned around: the same energies, in another order",
)
equivalent(
    "return x * np.log(np.where(x > 0, x, 1.0))",
    "return x * np.log(np.where(x > 0, x, 2.0))",
    "0 times any logarithm",
)


@accepted("the states are doubled spin by spin, and log Z is a running logaddexp")
class doubling:
    def log_partition_enumerate(J, h, beta):
        return float(np.logaddexp.reduce(-beta * _all_energies(J, h)))

    def thermodynamics(J, h, beta):
        E = _all_energies(J, h)
        w = np.exp(-beta * (E - E.min()))
        Z = w.sum()
        mean = (w * E).sum() / Z
        C = beta**2 * ((w * E * E).sum() / Z - mean**2)
        return mean, C, beta * (mean - E.min()) + np.log(Z)

    def _all_energies(J, h):
        s, E = np.zeros((1, 0)), np.zeros(1)
        for i in range(len(h)):
            field = s @ J[:i, i] + h[i]  # of the spins there are so far
            E = np.concatenate([E - field, E + field])
            s = np.vstack([np.c_[s, np.ones(len(s))], np.c_[s, -np.ones(len(s))]])
        return E


@accepted("the ring walked spin by spin, with log weights of the two ends")
def log_partition_chain(N, J, h, beta):
    log_T = beta * np.array([[J + h, -J], [-J, J - h]])
    walk = np.array([[0.0, -np.inf], [-np.inf, 0.0]])
    for _ in range(N):
        walk = np.stack([np.logaddexp(walk[:, 0] + log_T[0, t], walk[:, 1] + log_T[1, t]) for t in (0, 1)], axis=1)
    return float(np.logaddexp(walk[0, 0], walk[1, 1]))


@accepted("the field of each spin without J[i, i], the entropy from beta times the field: H = log 2cosh(a) - a m")
def mean_field(J, h, beta, m0, tol=1e-12):
    m = [float(v) for v in m0]
    n = len(m)
    change = np.inf
    while change > tol:
        change = 0.0
        for i in range(n):
            field = h[i] + sum(J[i][j] * m[j] for j in range(n) if j != i)
            new = float(np.tanh(beta * field))
            change = max(change, abs(new - m[i]))
            m[i] = new
    m = np.array(m)
    with np.errstate(all="ignore"):
        up, down = (1 + m) / 2, (1 - m) / 2
        H = -np.nan_to_num(up * np.log(up)) - np.nan_to_num(down * np.log(down))
    return m, -0.5 * m.dot(J).dot(m) - h.dot(m) - H.sum() / beta


# --- log Z ---


@rejected("each bond is counted twice: sᵀJ s meets it from both ends, that is what the 1/2 is for")
def _energies(J, h):
    n = len(h)
    s = 2.0 * (np.arange(2**n)[:, None] >> np.arange(n) & 1) - 1
    return -((s @ J) * s).sum(axis=1) - s @ h


@rejected("the sign: E = -1/2 sᵀJ s - h s, so that J > 0 and h > 0 align")
def _energies(J, h):
    n = len(h)
    s = 2.0 * (np.arange(2**n)[:, None] >> np.arange(n) & 1) - 1
    return ((s @ J) * s).sum(axis=1) / 2 + s @ h


@rejected("the 1/2 is for the bonds only, not for the field")
def _energies(J, h):
    n = len(h)
    s = 2.0 * (np.arange(2**n)[:, None] >> np.arange(n) & 1) - 1
    return -((s @ J) * s).sum(axis=1) / 2 - s @ h / 2


@rejected("spins are ±1, not 0 and 1")
def _energies(J, h):
    n = len(h)
    s = 1.0 * (np.arange(2**n)[:, None] >> np.arange(n) & 1)
    return -((s @ J) * s).sum(axis=1) / 2 - s @ h


@rejected("exp before the sum overflows: take the largest exponent off first")
def _log_sum_exp(x):
    return float(np.log(np.exp(x).sum()))


@rejected("the smallest exponent is taken off, where the largest one overflows")
def _log_sum_exp(x):
    return float(x.min() + np.log(np.exp(x - x.min()).sum()))


@rejected("a Python loop over 2ⁿ states: 65 536 of them take too long")
def log_partition_enumerate(J, h, beta):
    n = len(h)
    exponents = []
    for k in range(2**n):
        s = np.array([1.0 if k >> i & 1 else -1.0 for i in range(n)])
        E = -sum(J[i, j] * s[i] * s[j] for i in range(n) for j in range(i)) - sum(h * s)
        exponents.append(-beta * E)
    return _log_sum_exp(np.array(exponents))


# --- the ring ---


@rejected("only the larger eigenvalue: the other one matters while N is small")
def log_partition_chain(N, J, h, beta):
    a = beta * h
    largest = np.log(np.cosh(a) + np.sqrt(np.sinh(a) ** 2 + np.exp(-4 * beta * J)))
    return float(N * (beta * J + largest))


@rejected("the eigenvalues as they stand: overflow, and -inf where lambda_-ᴺ cancels lambda_+ᴺ")
def log_partition_chain(N, J, h, beta):
    a = beta * h
    root = np.sqrt(np.sinh(a) ** 2 + np.exp(-4 * beta * J))
    plus, minus = np.exp(beta * J) * (np.cosh(a) + root), np.exp(beta * J) * (np.cosh(a) - root)
    return float(np.log(plus**N + minus**N))


@rejected("the larger eigenvalue is factored out, but lambda_-ᴺ still cancels it in a frustrated ring")
def log_partition_chain(N, J, h, beta):
    T = beta * np.array([[J + h, -J], [-J, J - h]])
    shift = T.max()
    small, large = sorted(np.linalg.eigvalsh(np.exp(T - shift)), key=abs)
    return float(N * (shift + np.log(large)) + np.log1p((small / large) ** N))


@rejected("|lambda_-|: it is negative for J < 0, and its sign counts where N is odd")
def log_partition_chain(N, J, h, beta):
    T = beta * np.array([[J + h, -J], [-J, J - h]])
    shift = T.max()
    small, large = sorted(np.abs(np.linalg.eigvalsh(np.exp(T - shift))))
    return float(N * (shift + np.log(large)) + np.log1p((small / large) ** N))


@rejected("an open chain: the last spin is a neighbour of the first")
def log_partition_chain(N, J, h, beta):
    log_T = beta * np.array([[J + h, -J], [-J, J - h]])
    walk = beta * np.array([h, -h]) / 2
    for _ in range(N - 1):
        walk = np.logaddexp.reduce(walk[:, None] + log_T, axis=0)
    walk = walk + beta * np.array([h, -h]) / 2
    return float(np.logaddexp(walk[0], walk[1]))


@rejected("the field twice: h (s + s') / 2 on each bond, and each spin has two")
def log_partition_chain(N, J, h, beta):
    log_T = beta * np.array([[J + 2 * h, -J], [-J, J - 2 * h]])
    log_power = _log_matrix_power(log_T, N)
    return float(np.logaddexp(log_power[0, 0], log_power[1, 1]))


@rejected("matrix powers of plain numbers: they overflow in a long ring and underflow at low temperature")
def log_partition_chain(N, J, h, beta):
    T = beta * np.array([[J + h, -J], [-J, J - h]])
    shift = T.max()
    return float(N * shift + np.log(np.trace(np.linalg.matrix_power(np.exp(T - shift), N))))


# --- thermodynamics ---


@rejected("C = beta² Var E: the beta² is missing")
def thermodynamics(J, h, beta):
    E = _energies(J, h)
    log_Z = _log_sum_exp(-beta * E)
    p = np.exp(-beta * E - log_Z)
    mean = p @ E
    return float(mean), float(p @ (E - mean) ** 2), float(beta * mean + log_Z)


@rejected("C is beta² Var E: with one beta only it is the fluctuation of E / T")
def thermodynamics(J, h, beta):
    E = _energies(J, h)
    log_Z = _log_sum_exp(-beta * E)
    p = np.exp(-beta * E - log_Z)
    mean = p @ E
    return float(mean), float(beta * (p @ (E - mean) ** 2)), float(beta * mean + log_Z)


@rejected("the mean over states: each counts with its probability")
def thermodynamics(J, h, beta):
    E = _energies(J, h)
    log_Z = _log_sum_exp(-beta * E)
    return float(E.mean()), float(beta**2 * E.var()), float(beta * E.mean() + log_Z)


@rejected("entropy in bits: nats are asked for")
def thermodynamics(J, h, beta):
    E = _energies(J, h)
    log_Z = _log_sum_exp(-beta * E)
    p = np.exp(-beta * E - log_Z)
    mean = p @ E
    return float(mean), float(beta**2 * (p @ (E - mean) ** 2)), float((beta * mean + log_Z) / np.log(2))


@rejected("S = beta <E> + log Z: with the minus sign it is -log p of nothing")
def thermodynamics(J, h, beta):
    E = _energies(J, h)
    log_Z = _log_sum_exp(-beta * E)
    p = np.exp(-beta * E - log_Z)
    mean = p @ E
    return float(mean), float(beta**2 * (p @ (E - mean) ** 2)), float(log_Z - beta * mean)


@rejected("p log p where p underflows to 0 is NaN")
def thermodynamics(J, h, beta):
    E = _energies(J, h)
    p = np.exp(-beta * E - _log_sum_exp(-beta * E))
    mean = p @ E
    return float(mean), float(beta**2 * (p @ (E - mean) ** 2)), float(-(p * np.log(p)).sum())


# --- mean field ---


@rejected("all spins at once: neighbours that repel oscillate for ever, and F_MF may rise")
def mean_field(J, h, beta, m0, tol=1e-12):
    m = m0
    while True:
        new = np.tanh(beta * (J @ m + h))
        if np.abs(new - m).max() <= tol:
            break
        m = new
    entropy = -(_x_log_x((1 + new) / 2) + _x_log_x((1 - new) / 2)).sum()
    return new, float(-new @ J @ new / 2 - h @ new - entropy / beta)


@rejected("F_MF falls below F: the entropy has the wrong sign")
def mean_field(J, h, beta, m0, tol=1e-12):
    m = m0.copy()
    while True:
        before = m.copy()
        for i in range(len(m)):
            m[i] = np.tanh(beta * (J[i] @ m + h[i]))
        if np.abs(m - before).max() <= tol:
            break
    minus_entropy = (_x_log_x((1 + m) / 2) + _x_log_x((1 - m) / 2)).sum()
    return m, float(-m @ J @ m / 2 - h @ m - minus_entropy / beta)


@rejected("F_MF falls below F: the entropy is in bits")
def mean_field(J, h, beta, m0, tol=1e-12):
    m = m0.copy()
    while True:
        before = m.copy()
        for i in range(len(m)):
            m[i] = np.tanh(beta * (J[i] @ m + h[i]))
        if np.abs(m - before).max() <= tol:
            break
    bits = -(_x_log_x((1 + m) / 2) + _x_log_x((1 - m) / 2)).sum() / np.log(2)
    return m, float(-m @ J @ m / 2 - h @ m - bits / beta)


@rejected("the entropy times beta: F = <E> - S / beta")
def mean_field(J, h, beta, m0, tol=1e-12):
    m = m0.copy()
    while True:
        before = m.copy()
        for i in range(len(m)):
            m[i] = np.tanh(beta * (J[i] @ m + h[i]))
        if np.abs(m - before).max() <= tol:
            break
    entropy = -(_x_log_x((1 + m) / 2) + _x_log_x((1 - m) / 2)).sum()
    return m, float(-m @ J @ m / 2 - h @ m - entropy * beta)


@rejected("the bonds count twice in F_MF")
def mean_field(J, h, beta, m0, tol=1e-12):
    m = m0.copy()
    while True:
        before = m.copy()
        for i in range(len(m)):
            m[i] = np.tanh(beta * (J[i] @ m + h[i]))
        if np.abs(m - before).max() <= tol:
            break
    entropy = -(_x_log_x((1 + m) / 2) + _x_log_x((1 - m) / 2)).sum()
    return m, float(-m @ J @ m - h @ m - entropy / beta)


@rejected("0 log 0 is NaN: a spin with m = ±1 has no entropy")
def _x_log_x(x):
    return x * np.log(x)


@rejected("an epsilon in the logarithm moves the entropy")
def _x_log_x(x):
    return x * np.log(x + 1e-9)


@rejected("beta is missing in the tanh")
def mean_field(J, h, beta, m0, tol=1e-12):
    m = m0.copy()
    while True:
        before = m.copy()
        for i in range(len(m)):
            m[i] = np.tanh(J[i] @ m + h[i])
        if np.abs(m - before).max() <= tol:
            break
    entropy = -(_x_log_x((1 + m) / 2) + _x_log_x((1 - m) / 2)).sum()
    return m, float(-m @ J @ m / 2 - h @ m - entropy / beta)


@rejected("a start that is given is used: a random one, or 0 in its place, finds another minimum")
def mean_field(J, h, beta, m0, tol=1e-12):
    m = np.full(len(h), 0.01)
    while True:
        before = m.copy()
        for i in range(len(m)):
            m[i] = np.tanh(beta * (J[i] @ m + h[i]))
        if np.abs(m - before).max() <= tol:
            break
    entropy = -(_x_log_x((1 + m) / 2) + _x_log_x((1 - m) / 2)).sum()
    return m, float(-m @ J @ m / 2 - h @ m - entropy / beta)


@rejected("tol is not used: the sweeps end by it, and not after a fixed number")
def mean_field(J, h, beta, m0, tol=1e-12):
    m = m0.copy()
    for _ in range(1000):
        for i in range(len(m)):
            m[i] = np.tanh(beta * (J[i] @ m + h[i]))
    entropy = -(_x_log_x((1 + m) / 2) + _x_log_x((1 - m) / 2)).sum()
    return m, float(-m @ J @ m / 2 - h @ m - entropy / beta)
