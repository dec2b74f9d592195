import numpy as np
import pytest

from dojo.testing import LAYOUTS, assert_close, assert_same, assert_within, laid_out
from reference.decision_processes import markov_chain_stationary as reference

TO_1E_10 = 1e-10 / np.finfo(np.float64).eps  # what the statement asks for


def assert_probabilities(got, want):
    """got is want to 1e-10."""
    assert_close(got, np.asarray(want, dtype=np.float64), scale=1.0, ulps=TO_1E_10)


def chain(rng, n, density=1.0):
    """Random transitions; of the entries beside the diagonal only some are not 0."""
    P = rng.dirichlet(np.ones(n), n) * ((rng.random((n, n)) < density) | np.eye(n, dtype=bool))
    return P / P.sum(axis=1, keepdims=True)


def together(*blocks):
    """The chain of several chains that know nothing of each other."""
    n = sum(map(len, blocks))
    P, start = np.zeros((n, n)), 0
    for block in blocks:
        P[start : start + len(block), start : start + len(block)] = block
        start += len(block)
    return P


def gambler(p, n):
    """A stake of 0 to n; it rises by 1 with probability p, else it falls, and 0 and n are the end."""
    P = np.diag(np.full(n, p), 1) + np.diag(np.full(n, 1 - p), -1)
    P[0], P[n] = np.eye(n + 1)[0], np.eye(n + 1)[n]
    return P


# rain, nice, snow in the Land of Oz: never two nice days in a row
OZ = np.array([[0.5, 0.25, 0.25], [0.5, 0.0, 0.5], [0.25, 0.25, 0.5]])
TURNS = np.array([[0.0, 1.0], [1.0, 0.0]])
MIXES = np.array([[0.1, 0.2, 0.7], [0.3, 0.3, 0.4], [0.6, 0.15, 0.25]])  # I - P is singular but for rounding


# --- by hand: classes ---


def test_classes_by_hand(kata):
    """0 and 2 lead to each other; 1 leads to them, but not back, and is a class of its own"""
    P = np.array([[0.0, 0.0, 1.0], [0.5, 0.0, 0.5], [1.0, 0.0, 0.0]])
    assert_same(kata.communicating_classes(P), [[0, 2], [1]])


def test_every_state_communicates_with_itself(kata):
    """also one that is left at once and for ever"""
    assert_same(kata.communicating_classes(np.array([[0.0, 1.0], [0.0, 1.0]])), [[0], [1]])
    assert_same(kata.communicating_classes(np.eye(3)), [[0], [1], [2]])
    assert_same(kata.communicating_classes(np.ones((1, 1))), [[0]])


def test_a_detour_is_as_good_as_a_step(kata):
    """on a ring each state reaches each other, the last after n - 1 steps"""
    for n in (2, 3, 6, 17):
        assert_same(kata.communicating_classes(np.roll(np.eye(n), 1, axis=1)), [list(range(n))])


def test_however_small_a_transition_counts(kata):
    """a ring of 1e-200, or of the least float there is: the product of its probabilities is 0, but the way exists"""
    for little in (1e-200, 5e-324):
        P = np.eye(5) + little * np.roll(np.eye(5), 1, axis=1)
        assert_same(kata.communicating_classes(P), [[0, 1, 2, 3, 4]])


# --- by hand: stationary distribution ---


def test_land_of_oz(kata):
    """π = (0.4, 0.2, 0.4): two days in five rain, one is nice, two snow"""
    assert_probabilities(kata.stationary_distribution(OZ), [0.4, 0.2, 0.4])


def test_what_flows_in_flows_out(kata):
    """0 -> 1 with 0.1, 1 -> 0 with 0.3: π = (3/4, 1/4); P x = x has the uniform solution"""
    P = np.array([[0.9, 0.1], [0.3, 0.7]])
    assert_probabilities(kata.stationary_distribution(P), [0.75, 0.25])


def test_a_periodic_chain_has_one(kata):
    """two states take turns, or all return to the centre of a star: P^k never settles, but π is there"""
    assert_probabilities(kata.stationary_distribution(TURNS), [0.5, 0.5])
    star = np.array([[0.0, 0.5, 0.25, 0.25], [1, 0, 0, 0], [1, 0, 0, 0], [1, 0, 0, 0]])
    assert_probabilities(kata.stationary_distribution(star), [0.5, 0.25, 0.125, 0.125])


def test_transient_states_have_none_of_it(kata):
    """whoever starts in 0 or 2 is soon gone for ever to 1 and 3, who take turns"""
    P = np.zeros((4, 4))
    P[0, [0, 1]], P[2, [0, 3]], P[1, 3], P[3, 1] = 0.5, 0.5, 1.0, 1.0
    assert_probabilities(kata.stationary_distribution(P), [0.0, 0.5, 0.0, 0.5])


def test_one_state(kata):
    assert_probabilities(kata.stationary_distribution(np.ones((1, 1))), [1.0])


@pytest.mark.parametrize("several", ["identity", "two blocks", "mixing", "ruin"])
def test_more_than_one_is_an_error(kata, several):
    """ValueError where there are two closed classes: any mixture of their distributions is stationary"""
    P = {
        "identity": np.eye(3),
        "two blocks": together(OZ, TURNS),
        "mixing": together(MIXES, MIXES),
        "ruin": gambler(0.5, 4),
    }[several]
    with pytest.raises(ValueError):
        kata.stationary_distribution(P)


# --- by hand: absorption ---


def test_gamblers_ruin(kata):
    """p = 0.4, 1 to 9 of 10: he gets to 10 with (1 - (q/p)^i) / (1 - (q/p)^10)"""
    i = np.arange(1, 10)
    win = (1 - 1.5**i) / (1 - 1.5**10)
    assert_probabilities(kata.absorption_probabilities(gambler(0.4, 10)), np.stack([1 - win, win], axis=1))


def test_who_stays_long_is_not_absorbed(kata):
    """a state that stays with 0.95, or all but 2e-6, leaves in the end: four times as often to 0 as to 2, or evenly"""
    P = np.array([[1.0, 0.0, 0.0], [0.04, 0.95, 0.01], [0.0, 0.0, 1.0]])
    assert_close(kata.absorption_probabilities(P), np.array([[0.8, 0.2]]), scale=20.0)
    P[1] = [1e-6, 1 - 2e-6, 1e-6]
    assert_close(kata.absorption_probabilities(P), np.array([[0.5, 0.5]]), scale=1e6)


def test_order_of_rows_and_columns(kata):
    """transient states 0, 2, 3 and absorbing ones 1, 4: rows and columns ascend"""
    P = np.zeros((5, 5))
    P[0, [1, 2]], P[2, [3, 4]], P[3, 1], P[1, 1], P[4, 4] = [0.25, 0.75], [0.4, 0.6], 1.0, 1.0, 1.0
    assert_probabilities(kata.absorption_probabilities(P), [[0.55, 0.45], [0.4, 0.6], [1.0, 0.0]])


def test_all_states_absorbing(kata):
    """t = 0: an empty array of shape (0, n)"""
    assert_same(kata.absorption_probabilities(np.eye(3)), np.empty((0, 3)))


@pytest.mark.parametrize("never", ["none absorbing", "stuck elsewhere", "mixing elsewhere", "reached by no one"])
def test_never_absorbed_is_an_error(kata, never):
    """ValueError where some state cannot reach an absorbing one"""
    chains = {
        "none absorbing": MIXES,
        "stuck elsewhere": np.array([[1, 0, 0, 0], [0.5, 0, 0.5, 0], [0, 0, 0, 1], [0, 0, 1, 0]]),
        "mixing elsewhere": together(np.ones((1, 1)), MIXES),
        "reached by no one": together(TURNS, np.ones((1, 1))),
    }
    with pytest.raises(ValueError):
        kata.absorption_probabilities(chains[never])


# --- by hand: PageRank ---


def test_pagerank_of_two_pages(kata):
    """0 links to 1, 1 dangles: x = 1/4 + y/4 and y = 1/4 + x/2 + y/4 at d = 1/2, so (0.4, 0.6)"""
    assert_probabilities(kata.pagerank(np.array([[0.0, 1.0], [0.0, 0.0]]), 0.5), [0.4, 0.6])


def test_pagerank_goes_to_who_is_linked_to(kata):
    """three pages link to the last, which dangles: x = 0.15/4 + 0.85 y/4 for each of them, y = 1 - 3 x"""
    A = np.zeros((4, 4))
    A[:3, 3] = 1.0
    x = 1.0 / (4 + 3 * 0.85)
    assert_probabilities(kata.pagerank(A), [x, x, x, 1 - 3 * x])


def test_pagerank_of_a_ring_is_uniform(kata):
    """no page differs from another"""
    assert_probabilities(kata.pagerank(np.roll(np.eye(5), 2, axis=1)), np.full(5, 0.2))


def test_pagerank_of_a_star(kata):
    """a centre and four leaves that link to each other: the larger d, the longer the surfer swings to and fro"""
    A = np.zeros((5, 5))
    A[0, 1:] = A[1:, 0] = 1.0
    for d in (0.85, 0.99):
        centre = (0.2 * (1 - d) + d) / (1 + d)  # c = (1 - d)/5 + d (1 - c)
        assert_probabilities(kata.pagerank(A, d), [centre, *[(1 - centre) / 4] * 4])


def test_pagerank_without_links_is_uniform(kata):
    """every page dangles, or d = 0: the surfer goes anywhere"""
    assert_probabilities(kata.pagerank(np.zeros((3, 3))), np.full(3, 1 / 3))
    assert_probabilities(kata.pagerank(np.array([[0.0, 1.0], [0.0, 1.0]]), 0.0), [0.5, 0.5])
    assert_probabilities(kata.pagerank(np.zeros((1, 1))), [1.0])


# --- laws ---


@pytest.mark.parametrize("n", [2, 5, 30])
def test_stationary(kata, rng, n):
    """π P = π, Σ π = 1, π >= 0"""
    P = chain(rng, n)
    pi = kata.stationary_distribution(P)
    assert_within(pi @ P - pi, 1e-10, "π P - π")
    assert_within(pi.sum() - 1, 1e-10, "Σ π - 1")
    assert_within(np.minimum(pi, 0.0), 1e-10, "negative part of π")


def test_stationary_of_a_walk_on_a_graph(kata, rng):
    """who goes to each neighbour with equal probability is at a vertex in proportion to its edges"""
    edges = np.triu(rng.random((9, 9)) < 0.3, 1)
    edges[np.arange(8), np.arange(1, 9)] = True  # a path, so that the graph is connected
    edges = (edges | edges.T).astype(np.float64)
    degree = edges.sum(axis=1)
    pi = kata.stationary_distribution(edges / degree[:, None])
    assert_probabilities(pi, degree / degree.sum())


def test_other_names_other_order(kata, rng):
    """states in another order: π in that order"""
    P, order = chain(rng, 8, 0.4), rng.permutation(8)
    pi = kata.stationary_distribution(P)
    assert_probabilities(kata.stationary_distribution(P[np.ix_(order, order)]), pi[order])


def test_absorption_is_certain_and_harmonic(kata, rng):
    """rows of B sum to 1, and B = R + Q B: a step first, then from there"""
    P = chain(rng, 9)
    P[[2, 3, 8]] = np.eye(9)[[2, 3, 8]]
    transient, absorbing = [0, 1, 4, 5, 6, 7], [2, 3, 8]
    B = kata.absorption_probabilities(P)
    assert_within(B.sum(axis=1) - 1, 1e-10, "Σ_j B[i, j] - 1")
    after = P[np.ix_(transient, absorbing)] + P[np.ix_(transient, transient)] @ B
    assert_within(after - B, 1e-10, "R + Q B - B")


def test_pagerank_is_stationary_for_the_surfer(kata, rng):
    """π (d S + (1 - d) / n) = π, with rows of 1/n in S for dangling pages"""
    A = (rng.random((7, 7)) < 0.3).astype(np.float64)
    A[4] = 0.0
    links = A.sum(axis=1, keepdims=True)
    S = np.where(links > 0, A / np.maximum(links, 1), 1 / 7)
    assert_probabilities(kata.pagerank(A, 0.6), kata.stationary_distribution(0.6 * S + 0.4 / 7))


# --- the oracle ---


@pytest.mark.parametrize("density", [0.15, 0.3, 0.6])
@pytest.mark.parametrize("n", [1, 2, 4, 7, 12])
def test_classes_agree_with_walking(kata, rng, n, density):
    """the arrows are followed one by one"""
    P = chain(rng, n, density)
    assert_same(kata.communicating_classes(P), reference.communicating_classes(P))


@pytest.mark.parametrize("n", [2, 3, 6, 20])
def test_stationary_agrees_with_walking(kata, fresh_rng, n):
    """after 2^60 steps the walker is where π says"""
    P = chain(fresh_rng, n)
    assert_probabilities(kata.stationary_distribution(P), reference.stationary_distribution(P))


def test_stationary_with_transient_states_agrees(kata, rng):
    """a closed class of 4 among 10 states, scattered by a permutation"""
    P = chain(rng, 10)
    P[:4, 4:] = 0.0
    P /= P.sum(axis=1, keepdims=True)
    order = rng.permutation(10)
    P = P[np.ix_(order, order)]
    assert_probabilities(kata.stationary_distribution(P), reference.stationary_distribution(P))


@pytest.mark.parametrize(("n", "a"), [(2, 1), (5, 1), (6, 2), (12, 5)])
def test_absorption_agrees_with_walking(kata, fresh_rng, n, a):
    """after 2^60 steps the walker is absorbed, and where is what B says"""
    P = chain(fresh_rng, n)
    ends = fresh_rng.permutation(n)[:a]
    P[ends] = np.eye(n)[ends]
    assert_probabilities(kata.absorption_probabilities(P), reference.absorption_probabilities(P))


@pytest.mark.parametrize("d", [0.3, 0.85, 0.9])
@pytest.mark.parametrize("n", [1, 3, 8])
def test_pagerank_agrees_with_surfing(kata, rng, n, d):
    """links with and without dangling pages, and pages that link to themselves"""
    A = (rng.random((n, n)) < 0.35).astype(np.float64)
    steps = int(np.log(1e-17) / np.log(d))  # what comes after them is d^steps
    assert_probabilities(kata.pagerank(A, d), reference.pagerank(A, d, steps))


# --- nasty inputs ---


def test_a_nearly_decomposable_chain(kata, rng):
    """two chains held together by 1e-12: one class, so no error, and |π P - π| is at rounding"""
    P = together(chain(rng, 3), chain(rng, 4))
    P[0, 5], P[6, 2] = 1e-12, 3e-12
    P /= P.sum(axis=1, keepdims=True)
    pi = kata.stationary_distribution(P)
    assert_same(kata.communicating_classes(P), [[0, 1, 2, 3, 4, 5, 6]])
    assert_within(pi @ P - pi, 1e-13, "π P - π")
    assert_within(pi.sum() - 1, 1e-13, "Σ π - 1")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_any_memory_layout(kata, rng, layout):
    P, A = chain(rng, 5), (rng.random((5, 5)) < 0.4).astype(np.float64)
    ends = P.copy()
    ends[3] = np.eye(5)[3]
    want = (
        reference.stationary_distribution(P),
        reference.absorption_probabilities(ends),
        reference.pagerank(A, steps=240),  # 0.85^240 is rounding
    )
    P, ends, A = laid_out(layout, (P, ends, A))
    assert_probabilities(kata.stationary_distribution(P), want[0])
    assert_probabilities(kata.absorption_probabilities(ends), want[1])
    assert_probabilities(kata.pagerank(A), want[2])
    assert_same(kata.communicating_classes(ends), reference.communicating_classes(ends))
