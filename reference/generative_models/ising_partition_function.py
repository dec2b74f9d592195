"""Oracle for ising_partition_function: states one by one, rings by counting their domains.

A ring of N spins with p of them up in w domains can be laid out in N / w C(p-1, w-1) C(N-p-1, w-1) ways and has
2w unhappy bonds; that needs no matrix. Tori are summed by the transfer matrix of whole rows. Sums of
exponentials are sorted by math.fsum, after the largest exponent has been taken off.
"""

import itertools
import math

import numpy as np


def energies(J, h):
    """E of each state, bond by bond: every pair i < j once."""
    n = len(h)
    result = []
    for s in itertools.product((-1, 1), repeat=n):
        bonds = math.fsum(J[i][j] * s[i] * s[j] for i in range(n) for j in range(i + 1, n))
        result.append(-bonds - math.fsum(h[i] * s[i] for i in range(n)))
    return result


def _log_sum_exp(exponents):
    largest = max(exponents)
    return largest + math.log(math.fsum(math.exp(x - largest) for x in exponents))


def log_partition_enumerate(J, h, beta):
    return _log_sum_exp([-beta * E for E in energies(J.tolist(), h.tolist())])


def log_partition_chain(N, J, h, beta):
    """Sums over the number of spins up and of domains."""
    exponents = [beta * N * (J + h), beta * N * (J - h)]  # all up, all down
    for up in range(1, N):
        for domains in range(1, min(up, N - up) + 1):
            ways = N * math.comb(up - 1, domains - 1) * math.comb(N - up - 1, domains - 1) // domains
            energy = -J * (N - 4 * domains) - h * (2 * up - N)
            exponents.append(math.log(ways) - beta * energy)
    return _log_sum_exp(exponents)


def thermodynamics(J, h, beta):
    """From the probabilities of the states; the entropy is -sum p log p."""
    E = energies(J.tolist(), h.tolist())
    log_Z = _log_sum_exp([-beta * e for e in E])
    log_p = [-beta * e - log_Z for e in E]
    mean = math.fsum(math.exp(l) * e for l, e in zip(log_p, E, strict=True))
    variance = math.fsum(math.exp(l) * (e - mean) ** 2 for l, e in zip(log_p, E, strict=True))
    return mean, beta**2 * variance, -math.fsum(math.exp(l) * l for l in log_p)


def variational_free_energy(J, h, beta, m):
    """<E> of independent spins with means m, less their entropy / beta, spin by spin."""
    n = len(m)
    energy = -sum(J[i, j] * m[i] * m[j] for i in range(n) for j in range(i + 1, n)) - sum(h * m)
    up = [((1 + v) / 2, (1 - v) / 2) for v in m.tolist()]
    entropy = -math.fsum(p * math.log(p) for pair in up for p in pair if p > 0)
    return float(energy - entropy / beta)


def mean_field(J, h, beta, m0):
    """m after many sweeps, each spin set by bisecting the slope of the free energy along it: no tanh anywhere.

    Along m_i that slope is -field + log((1 + m_i) / (1 - m_i)) / (2 beta).
    """
    m = np.array(m0, dtype=np.float64)
    for _ in range(100):
        for i in range(len(m)):
            field = sum(J[i, j] * m[j] for j in range(len(m)) if j != i) + h[i]
            low, high = -1.0, 1.0
            for _ in range(50):
                middle = (low + high) / 2
                too_high = math.log((1 + middle) / (1 - middle)) / (2 * beta) > field
                low, high = (low, middle) if too_high else (middle, high)
            m[i] = (low + high) / 2
    return m


# --- lattices ---


def ring(N, J):
    """The couplings of a ring; two spins have two bonds."""
    couplings = np.zeros((N, N))
    for i in range(N):
        couplings[i, (i + 1) % N] += J
        couplings[(i + 1) % N, i] += J
    return couplings


def torus(L):
    """The couplings of an L x L torus with J = 1; on the 2 x 2 one all bonds are double."""
    couplings = np.zeros((L * L, L * L))
    for row, column in itertools.product(range(L), repeat=2):
        for other in ((row + 1) % L * L + column, row * L + (column + 1) % L):
            couplings[row * L + column, other] += 1
            couplings[other, row * L + column] += 1
    return couplings


def log_partition_torus(L, beta):
    """Row by row: Z = trace of the L-th power of a 2^L x 2^L matrix."""
    rows = [np.array(s) for s in itertools.product((-1, 1), repeat=L)]
    T = np.array([[math.exp(beta * (s @ t + s @ np.roll(s, 1))) for t in rows] for s in rows])
    return math.log(np.trace(np.linalg.matrix_power(T, L)))
