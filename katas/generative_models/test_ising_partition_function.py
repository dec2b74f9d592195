import numpy as np
import pytest

from dojo.testing import LAYOUTS, assert_agrees, assert_close, assert_within, laid_out
from reference.generative_models import ising_partition_function as reference

LOG2 = np.log(2.0)


def glass(rng, n, field=1.0):
    """Symmetric random couplings with zeros on the diagonal, and random fields."""
    J = np.triu(rng.standard_normal((n, n)), 1)
    return J + J.T, field * rng.standard_normal(n)


def bond(J):
    return np.array([[0.0, J], [J, 0.0]])


def triangle(J):
    return J * (np.ones((3, 3)) - np.eye(3))


def largest_energy(J, h):
    return float(np.abs(J).sum() / 2 + np.abs(h).sum())


# --- log Z, state by state ---


def test_one_spin(kata):
    """Z = e^(beta h) + e^(-beta h)"""
    got = kata.log_partition_enumerate(np.zeros((1, 1)), np.array([0.75]), 2.0)
    assert_close(got, np.log(np.exp(1.5) + np.exp(-1.5)))


def test_one_bond_counts_once(kata):
    """two spins: Z = 2 e^(beta J) + 2 e^(-beta J), for 1/2 sᵀJ s meets the bond twice"""
    assert_close(kata.log_partition_enumerate(bond(2.0), np.zeros(2), 1.0), np.log(2 * np.exp(2) + 2 * np.exp(-2)))


def test_sign_of_the_energy(kata):
    """a triangle: J = 1 has two states of energy -3, J = -1 has none, but six of energy -1"""
    ferro = np.log(2 * np.exp(3) + 6 * np.exp(-1))
    frustrated = np.log(6 * np.exp(1) + 2 * np.exp(-3))
    assert_close(kata.log_partition_enumerate(triangle(1.0), np.zeros(3), 1.0), ferro)
    assert_close(kata.log_partition_enumerate(triangle(-1.0), np.zeros(3), 1.0), frustrated)


def test_field_pulls_the_spins_along(kata):
    """a bond in a field: Z = e^(J + 2h) + e^(J - 2h) + 2 e^(-J)"""
    want = np.log(np.exp(0.5 + 1.5) + np.exp(0.5 - 1.5) + 2 * np.exp(-0.5))
    assert_close(kata.log_partition_enumerate(bond(0.5), np.full(2, 0.75), 1.0), want)


def test_free_spins_factorise(kata, rng):
    """J = 0: log Z = sum_i log(2 cosh(beta h_i))"""
    h = rng.standard_normal(7)
    want = np.log(2 * np.cosh(0.8 * h)).sum()
    assert_close(kata.log_partition_enumerate(np.zeros((7, 7)), h, 0.8), want, scale=7.0)


def test_infinite_temperature(kata, rng):
    """beta = 0: all 2ⁿ states weigh 1"""
    assert_close(kata.log_partition_enumerate(*glass(rng, 5), 0.0), 5 * LOG2)
    assert_close(kata.log_partition_chain(5, 1.0, -2.0, 0.0), 5 * LOG2)


def test_turning_a_spin_around_changes_nothing(kata, rng):
    """s_i → e_i s_i with J_ij → e_i e_j J_ij and h_i → e_i h_i is only another name for the states"""
    (J, h), e = glass(rng, 6), np.array([1.0, -1, -1, 1, -1, 1])
    got = kata.log_partition_enumerate(np.outer(e, e) * J, e * h, 0.7)
    assert_close(got, kata.log_partition_enumerate(J, h, 0.7), scale=0.7 * largest_energy(J, h))


@pytest.mark.parametrize("n", [1, 2, 3, 5, 7])
@pytest.mark.parametrize("beta", [0.3, 1.7])
def test_log_z_agrees_with_the_sum_state_by_state(kata, rng, n, beta):
    J, h = glass(rng, n)
    floor = beta * largest_energy(J, h) + n
    assert_agrees(kata.log_partition_enumerate, reference.log_partition_enumerate, J, h, beta, floor=floor)


@pytest.mark.parametrize("L", [2, 3, 4])
def test_log_z_of_a_torus_agrees_with_row_transfer(kata, L):
    """L x L spins near the critical temperature; 2 x 2 has double bonds, 4 x 4 has 65 536 states"""
    got = kata.log_partition_enumerate(reference.torus(L), np.zeros(L * L), 0.44)
    assert_within(got - reference.log_partition_torus(L, 0.44), 1e-10, "log Z - log trace Tᴸ")


def test_log_z_on_fresh_numbers(kata, fresh_rng):
    J, h = glass(fresh_rng, 4)
    floor = largest_energy(J, h) + 4
    assert_agrees(kata.log_partition_enumerate, reference.log_partition_enumerate, J, h, 1.0, floor=floor)


@pytest.mark.parametrize("beta", [50.0, 4000.0])
def test_low_temperature(kata, beta):
    """only the ground states are left: log Z = -beta E_0 + log(their number), while exp(-beta E) overflows"""
    assert_close(kata.log_partition_enumerate(triangle(-1.0), np.zeros(3), beta), beta + np.log(6), scale=3 * beta)
    assert_close(kata.log_partition_enumerate(np.zeros((2, 2)), np.array([0.5, -1.0]), beta), 1.5 * beta)


# --- the ring ---


def test_smallest_rings(kata):
    """one spin is its own neighbour: E = -J - h s; two have two bonds: E = -2 J s s' - h (s + s')"""
    assert_close(kata.log_partition_chain(1, 0.5, 0.25, 2.0), np.log(np.exp(1.5) + np.exp(0.5)))
    want = np.log(np.exp(2 * 0.7 + 0.4) + np.exp(2 * 0.7 - 0.4) + 2 * np.exp(-2 * 0.7))
    assert_close(kata.log_partition_chain(2, 0.7, 0.2, 1.0), want)


def test_both_eigenvalues_count(kata):
    """h = 0: Z = (2 cosh beta J)ᴺ + (2 sinh beta J)ᴺ"""
    want = np.log((2 * np.cosh(0.9)) ** 4 + (2 * np.sinh(0.9)) ** 4)
    assert_close(kata.log_partition_chain(4, 0.6, 0.0, 1.5), want)


@pytest.mark.parametrize("N", [3, 4, 5, 8])
@pytest.mark.parametrize("h", [0.0, 0.4])
def test_ring_agrees_with_its_states(kata, N, h):
    """the same ring, as 2ᴺ states"""
    got = kata.log_partition_chain(N, 0.8, h, 0.7)
    assert_close(got, reference.log_partition_enumerate(reference.ring(N, 0.8), np.full(N, h), 0.7), scale=2 * N)


@pytest.mark.parametrize(("J", "h", "beta"), [(1.0, 0.3, 0.7), (-0.6, 0.2, 0.5), (0.2, -1.5, 1.0)])
def test_ring_agrees_with_counted_domains(kata, J, h, beta):
    for N in (2, 3, 6, 13, 40):
        floor = N * (1 + beta * (abs(J) + abs(h)))
        assert_agrees(kata.log_partition_chain, reference.log_partition_chain, N, J, h, beta, floor=floor)


@pytest.mark.parametrize("beta", [20.0, 1000.0])
@pytest.mark.parametrize("N", [3, 9])
def test_frustrated_ring(kata, N, beta):
    """J = -1, N odd: one bond stays unhappy, in 2 N ways. log Z = beta (N - 2) + log 2N, and not -inf"""
    assert_close(kata.log_partition_chain(N, -1.0, 0.0, beta), beta * (N - 2) + np.log(2 * N), scale=N * beta)


def test_frustrated_ring_in_a_field(kata):
    """J = -1, h = 1/2, three spins: E = -3/2 if two are up, in 3 ways, and 1 more if two are down"""
    for beta in (20.0, 200.0):
        want = 1.5 * beta + np.log(3) + np.log1p(np.exp(-beta))
        assert_close(kata.log_partition_chain(3, -1.0, 0.5, beta), want, scale=3 * beta)


def test_ring_at_low_temperature(kata):
    """aligned, or alternating where J < 0: no overflow"""
    assert_close(kata.log_partition_chain(6, 1.0, 0.25, 1000.0), 6 * 1250.0)
    assert_close(kata.log_partition_chain(6, -1.0, 0.25, 1000.0), 6 * 1000.0 + LOG2)


@pytest.mark.parametrize("J", [0.5, -0.5])
def test_long_ring(kata, J):
    """N = 2000: lambda_+ᴺ alone, and too large for a float"""
    assert_close(kata.log_partition_chain(2000, J, 0.0, 1.0), 2000 * np.log(2 * np.cosh(0.5)), ulps=1000)


# --- thermodynamics ---


def test_spin_in_a_field(kata):
    """<E> = -h tanh(beta h), C = (beta h / cosh(beta h))², S = log(2 cosh(beta h)) - beta h tanh(beta h)"""
    x = 1.5
    want = (-0.75 * np.tanh(x), (x / np.cosh(x)) ** 2, np.log(2 * np.cosh(x)) - x * np.tanh(x))
    assert_close(kata.thermodynamics(np.zeros((1, 1)), np.array([0.75]), 2.0), want, scale=x)


def test_entropy_goes_from_all_states_to_the_ground_states(kata):
    """a frustrated triangle: S = log 8 at beta = 0, log 6 at beta = 1000; <E> from 0 to -1, C = 0 at both ends"""
    hot = kata.thermodynamics(triangle(-1.0), np.zeros(3), 0.0)
    cold = kata.thermodynamics(triangle(-1.0), np.zeros(3), 1000.0)
    assert_close(hot, (0.0, 0.0, 3 * LOG2), scale=3.0)
    assert_close(cold, (-1.0, 0.0, np.log(6)), scale=1e7)


def test_energy_and_heat_capacity_are_derivatives(kata, rng):
    """<E> = -d log Z / d beta, C = beta² d² log Z / d beta²: by differences of log Z"""
    J, h = glass(rng, 5, field=0.5)
    beta, step = 0.6, 1e-3
    below, here, above = (kata.log_partition_enumerate(J, h, beta + k * step) for k in (-1, 0, 1))
    E, C, _ = kata.thermodynamics(J, h, beta)
    size = largest_energy(J, h)
    assert_within(E + (above - below) / (2 * step), step**2 * size**3, "<E> + d log Z / d beta")
    difference = (above - 2 * here + below) / step**2
    assert_within(C - beta**2 * difference, step**2 * size**4 + 1e-8, "C - beta² d² log Z / d beta²")


@pytest.mark.parametrize("n", [1, 2, 6])
@pytest.mark.parametrize("beta", [0.2, 1.0, 6.0])
def test_thermodynamics_agrees_with_sums_over_states(kata, rng, n, beta):
    """<E>, beta² Var E and -sum p log p"""
    J, h = glass(rng, n)
    size = largest_energy(J, h)
    grows = 1 + beta * size  # the rounding of an exponent is the relative error of a probability
    for index, floor in enumerate((size * grows, (beta * size) ** 2 * grows, (beta * size + n) * grows)):
        assert_agrees(
            lambda *args, index=index: kata.thermodynamics(*args)[index],
            lambda *args, index=index: reference.thermodynamics(*args)[index],
            J, h, beta, floor=floor,
        )  # fmt: skip


def test_thermodynamics_of_a_lattice(kata):
    """3 x 3 torus: the heat capacity from the free energy of rows"""
    J, step = reference.torus(3), 1e-3
    E, C, S = kata.thermodynamics(J, np.zeros(9), 0.44)
    below, here, above = (reference.log_partition_torus(3, 0.44 + k * step) for k in (-1, 0, 1))
    assert_within(E + (above - below) / (2 * step), 1e-3, "<E> + d log Z / d beta")
    assert_within(C - 0.44**2 * (above - 2 * here + below) / step**2, 1e-3, "C - beta² d² log Z / d beta²")
    assert_within(S - (0.44 * E + here), 1e-9, "S - beta <E> - log Z")


# --- mean field ---


def test_free_spins_are_exact(kata):
    """J = 0: m_i = tanh(beta h_i), and F_MF = F"""
    h = np.array([0.5, -1.0, 0.0])
    m, F = kata.mean_field(np.zeros((3, 3)), h, 2.0, np.zeros(3))
    assert_close(m, np.tanh(2 * h), scale=1.0)
    assert_close(F, -np.log(2 * np.cosh(2 * h)).sum() / 2, scale=3.0)


def test_one_sweep_by_hand(kata):
    """tol = 2 ends after one sweep: m_0 = tanh(J m_1) sees the start, m_1 = tanh(J m_0) sees the new m_0"""
    m, _ = kata.mean_field(bond(1.5), np.zeros(2), 1.0, np.array([0.1, 0.2]), tol=2.0)
    first = np.tanh(1.5 * 0.2)
    assert_close(m, np.array([first, np.tanh(1.5 * first)]))


def test_free_energy_is_that_of_the_m_returned(kata):
    """also after a single sweep, which is far from a fixed point"""
    J, h = bond(1.0), np.array([0.3, -0.2])
    m, F = kata.mean_field(J, h, 1.0, np.array([0.5, 0.5]), tol=2.0)
    assert_close(F, reference.variational_free_energy(J, h, 1.0, m), scale=2.0)


def test_every_spin_has_to_rest(kata):
    """the last spin is free and rests at once; the other two are still on their way to tanh(2 m) = m"""
    J = np.array([[0.0, 2.0, 0.0], [2.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    for m0 in ([0.1, 0.1, 0.0], [0.1, 0.1, 0.9]):
        m, _ = kata.mean_field(J, np.zeros(3), 1.0, np.array(m0))
        assert_within(m - np.tanh(J @ m), 1e-11, "m - tanh(J m)")
        assert_within(1 - m[0], 0.05, "1 - m_0")


def test_a_move_of_just_tol_is_the_last(kata):
    """from 0 the first sweep moves m_1 by tanh(50) = 1, no more than tol = 1, and m_0 not at all"""
    m, _ = kata.mean_field(bond(0.5), np.array([0.0, 50.0]), 1.0, np.zeros(2), tol=1.0)
    assert_close(m, np.array([0.0, 1.0]))


def test_symmetry_is_broken_by_the_start_alone(kata):
    """below the critical temperature 0 stays 0, and a start beside it goes to m = tanh(beta z J m) of its sign"""
    J, h = reference.torus(3), np.zeros(9)  # z = 4 neighbours: critical at beta = 1/4
    assert_close(kata.mean_field(J, h, 0.5, np.zeros(9))[0], np.zeros(9))
    up, F_up = kata.mean_field(J, h, 0.5, np.full(9, 0.01))
    down, F_down = kata.mean_field(J, h, 0.5, np.full(9, -0.01))
    assert_close(up, -down)
    assert_close(F_up, F_down)
    assert_within(up - np.tanh(2 * up), 1e-11, "m - tanh(2 m)")
    assert_within(1 - up, 0.05, "1 - m")


def test_no_magnet_above_the_critical_temperature(kata):
    """beta z J < 1: m goes to 0 from anywhere, and F_MF to -n log 2 / beta"""
    m, F = kata.mean_field(reference.torus(3), np.zeros(9), 0.2, np.ones(9))
    assert_within(m, 1e-10, "m")
    assert_close(F, -9 * LOG2 / 0.2, scale=100.0)


def test_neighbours_against_each_other(kata):
    """J = -1 between two: from (0.3, 0.3) all at once would oscillate, one after another settle at (-m, m)"""
    m, _ = kata.mean_field(bond(-1.0), np.zeros(2), 2.0, np.array([0.3, 0.3]))
    assert_within(m - np.array([-1, 1]) * np.tanh(2 * m[1]), 1e-11, "m - tanh(beta (J m + h))")
    assert_within(1 - m[1], 0.05, "1 - m_1")


@pytest.mark.parametrize("n", [2, 3, 6])
@pytest.mark.parametrize("beta", [0.3, 0.8])
def test_mean_field_is_a_fixed_point(kata, rng, n, beta):
    """m = tanh(beta (J m + h)), each spin in the mean field of the others"""
    J, h = glass(rng, n)
    m, _ = kata.mean_field(J, h, beta, rng.uniform(-1, 1, n))
    assert_within(m - np.tanh(beta * (J @ m + h)), 1e-10, "m - tanh(beta (J m + h))")


@pytest.mark.parametrize("n", [2, 3, 4])
def test_mean_field_agrees_with_minima_found_by_bisection(kata, rng, n):
    """the same sweeps, each m_i where the slope of F_MF is 0"""
    (J, h), m0 = glass(rng, n, field=2.0), rng.uniform(-1, 1, n)
    m, _ = kata.mean_field(J, h, 0.4, m0)
    assert_within(m - reference.mean_field(J, h, 0.4, m0), 1e-9, "m - m of the bisection")


@pytest.mark.parametrize("beta", [0.3, 2.0])
def test_variational_free_energy(kata, rng, beta):
    """F_MF at the m returned: the mean energy less the entropy / beta; J counts once, logarithms are natural"""
    J, h = glass(rng, 5)
    m, F = kata.mean_field(J, h, beta, rng.uniform(-1, 1, 5))
    scale = largest_energy(J, h) + 5 / beta
    assert_close(F, reference.variational_free_energy(J, h, beta, m), scale=scale)


@pytest.mark.parametrize("beta", [0.2, 1.0, 3.0])
def test_free_energy_is_bounded(kata, rng, beta):
    """F <= F_MF(m) <= F_MF(m0): Gibbs and Bogoliubov, and no step that goes up"""
    (J, h), m0 = glass(rng, 6), rng.uniform(-1, 1, 6)
    F_exact = reference.log_partition_enumerate(J, h, beta) / -beta
    _, F = kata.mean_field(J, h, beta, m0)
    assert_within(max(0.0, F_exact - F), 1e-12, "F - F_MF")
    assert_within(max(0.0, F - reference.variational_free_energy(J, h, beta, m0)), 1e-12, "F_MF(m) - F_MF(m0)")


def test_spins_that_are_sure(kata):
    """beta = 50: m = ±1 exactly, and 0 log 0 = 0"""
    m, F = kata.mean_field(bond(1.0), np.array([0.5, 0.5]), 50.0, np.array([0.2, 0.0]))
    assert_close((m, F), (np.ones(2), -2.0), scale=1.0)


@pytest.mark.parametrize("tol", [1e-2, 1e-5])
def test_sweeps_end_by_tolerance(kata, tol):
    """the last sweep moves no m_i by more than tol, the one before it moves one by more"""
    J, h = np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([0.2, 0.1])
    path = [np.zeros(2)]
    while len(path) < 2 or np.abs(path[-1] - path[-2]).max() > tol:
        m = path[-1].copy()
        m[0] = np.tanh(0.9 * (m[1] + 0.2))
        m[1] = np.tanh(0.9 * (m[0] + 0.1))
        path.append(m)
    assert_close(kata.mean_field(J, h, 0.9, np.zeros(2), tol=tol)[0], path[-1], scale=1.0)


# --- memory layouts ---


@pytest.mark.parametrize("layout", LAYOUTS)
def test_any_memory_layout(kata, rng, layout):
    J, h, m0 = laid_out(layout, (*glass(rng, 4), rng.uniform(-1, 1, 4)))
    floor = largest_energy(J, h) + 4
    assert_agrees(kata.log_partition_enumerate, reference.log_partition_enumerate, J, h, 1.0, floor=floor)
    m, _ = kata.mean_field(J, h, 0.5, m0)
    assert_within(m - np.tanh(0.5 * (J @ m + h)), 1e-10, "m - tanh(beta (J m + h))")
