import numpy as np
import pytest

from dojo.testing import (
    LAYOUTS,
    VALUES,
    assert_agrees,
    assert_close,
    assert_same,
    assert_within,
    draw,
    laid_out,
    peak_bytes,
)
from reference.linear_algebra import pairwise_distances as reference

# the corners of a 4 by 1 rectangle
CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [4.0, 0.0], [4.0, 1.0]])


def slow(n):
    """Points on a line, from the first two of which Lloyd's algorithm takes ten rounds or more."""
    return ((np.arange(float(n)) / n) ** 1.5)[:, None]


def diameter2(*arrays):
    """The squared diagonal of the box that holds all the points: what rounding is measured by."""
    points = np.concatenate(arrays)
    return float(np.sum((points.max(axis=0) - points.min(axis=0)) ** 2))


def assert_lloyd(kata, X, centers0, max_iter=300):
    """kmeans gives what the plain loops give: the same labels, centers and inertia up to rounding."""
    centers, labels, inertia = reference.kmeans(X, centers0, max_iter)
    got = kata.kmeans(X, centers0, max_iter)
    assert_same(got[1], labels)
    assert_close(got[0], centers, scale=np.abs(X).max() * 2)
    assert_close(got[2], inertia, scale=len(X) * diameter2(X, centers0))


# --- by hand ---


def test_distances_by_hand(kata):
    """the 3-4-5 triangle: two points against three, d_ij belongs to x_i and y_j"""
    X, Y = np.array([[0.0, 0.0], [3.0, 4.0]]), np.array([[0.0, 0.0], [3.0, 0.0], [0.0, 4.0]])
    assert_close(kata.squared_distances(X, Y), np.array([[0.0, 9.0, 16.0], [25.0, 16.0, 9.0]]), scale=25.0)


def test_distances_of_as_many_points_by_hand(kata):
    """n = m: d_ij is not d_ji, as X is not Y"""
    X, Y = np.array([[0.0], [1.0]]), np.array([[3.0], [7.0]])
    assert_close(kata.squared_distances(X, Y), np.array([[9.0, 49.0], [4.0, 36.0]]), scale=49.0)


def test_one_pair_by_hand(kata):
    """n = m = d = 1"""
    assert_close(kata.squared_distances(np.array([[5.0]]), np.array([[3.0]])), np.array([[4.0]]), scale=4.0)


def test_kmeans_by_hand(kata):
    """0, 1 and 10 from the centers 0 and 1: the second center goes to 10, the first one to 0.5"""
    centers, labels, inertia = kata.kmeans(np.array([[0.0], [1.0], [10.0]]), np.array([[0.0], [1.0]]))
    assert_same(labels, np.array([0, 0, 1]))
    assert_close(centers, np.array([[0.5], [10.0]]), scale=10.0)
    assert_close(inertia, 0.5, scale=100.0)


@pytest.mark.parametrize(
    ("centers0", "labels", "inertia"),
    [([[0.0, 0.5], [4.0, 0.5]], [0, 0, 1, 1], 1.0), ([[2.0, 0.0], [2.0, 1.0]], [0, 1, 0, 1], 16.0)],
    ids=["the-lowest", "a-local-one"],
)
def test_a_minimum_is_not_always_the_lowest(kata, centers0, labels, inertia):
    """the corners of a rectangle are split the short way or the long way, as the start will have it"""
    centers, got, total = kata.kmeans(CORNERS, np.array(centers0))
    assert_same(got, np.array(labels))
    assert_close(centers, np.array(centers0), scale=4.0)
    assert_close(total, inertia, scale=20.0)


# --- laws of the distances ---


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 4, 2), (5, 1, 2), (3, 4, 1), (4, 4, 2), (2, 3, 7)])
def test_distances_are_those_of_the_definition(kata, rng, shape):
    """d_ij = Σ_k (x_ik - y_jk)²"""
    n, m, d = shape
    X, Y = rng.standard_normal((n, d)), rng.standard_normal((m, d))
    assert_agrees(kata.squared_distances, reference.squared_distances, X, Y, floor=diameter2(X, Y))


def test_distances_of_a_set_to_itself(kata, rng):
    """D is symmetric with zeros on its diagonal, to rounding"""
    X = rng.standard_normal((7, 3))
    D = kata.squared_distances(X, X)
    assert_close(D, D.T.copy(), scale=diameter2(X))
    assert_close(np.diag(D).copy(), np.zeros(7), scale=diameter2(X))


def test_distances_do_not_change_with_the_origin(kata, rng):
    """‖(x + t) - (y + t)‖ = ‖x - y‖: in eighths, where x + t is exact, no digit is lost even at t = 10⁹"""
    X, Y = rng.integers(-16, 17, (6, 3)) / 8, rng.integers(-16, 17, (4, 3)) / 8
    want = reference.squared_distances(X, Y)
    for t in (0.0, 1000.0, np.array([1e9, -1e9, 2.0])):
        assert_close(kata.squared_distances(X + t, Y + t), want, scale=diameter2(X, Y))


def test_distances_scale_with_the_square(kata, rng):
    """‖c x - c y‖² = c² ‖x - y‖²"""
    X, Y = rng.standard_normal((3, 2)), rng.standard_normal((5, 2))
    c, want = 2.0**-20, kata.squared_distances(X, Y)
    assert_close(kata.squared_distances(c * X, c * Y), c**2 * want, scale=c**2 * diameter2(X, Y))


def test_distances_of_fresh_numbers(kata, fresh_rng):
    X, Y = fresh_rng.standard_normal((6, 4)), fresh_rng.standard_normal((5, 4))
    assert_agrees(kata.squared_distances, reference.squared_distances, X, Y, floor=diameter2(X, Y))


# --- laws of k-means ---


def test_one_cluster_is_the_mean(kata, rng):
    """k = 1: the center is the mean and the inertia n times the variance"""
    X = rng.standard_normal((9, 2))
    centers, labels, inertia = kata.kmeans(X, np.array([[5.0, -5.0]]))
    assert_close(centers, X.mean(axis=0, keepdims=True), scale=3.0)
    assert_same(labels, np.zeros(9, dtype=np.int64))
    assert_close(inertia, 9 * float(X.var(axis=0).sum()), scale=100.0)


def test_every_point_its_own_center(kata, rng):
    """k = n from the points themselves: nothing moves, the inertia is 0"""
    X = rng.standard_normal((5, 3))
    centers, labels, inertia = kata.kmeans(X, X.copy())
    assert_close(centers, X, scale=np.abs(X).max())
    assert_same(labels, np.arange(5))
    assert_close(inertia, 0.0, scale=5 * diameter2(X))


@pytest.mark.parametrize("max_iter", [1, 2, 300])
def test_labels_and_inertia_belong_to_the_centers(kata, rng, max_iter):
    """each label is that of the nearest center returned, and the inertia is theirs: converged or not"""
    X = rng.standard_normal((60, 3))
    centers, labels, inertia = kata.kmeans(X, X[:4], max_iter)
    D = reference.squared_distances(X, centers)
    assert_same(labels, D.argmin(axis=1))
    assert_close(inertia, float(D.min(axis=1).sum()), scale=len(X) * diameter2(X))


def test_centers_end_as_means(kata, rng):
    """at the end each center is the mean of its points: the inertia is minimal for these labels"""
    X = rng.standard_normal((50, 3))
    centers, labels, _ = kata.kmeans(X, X[:3])
    means = np.array([X[labels == j].mean(axis=0) for j in range(3)])
    assert_close(centers, means, scale=np.abs(X).max())


def test_inertia_never_rises(kata, rng):
    """each round lowers the inertia, or leaves it as it is"""
    X = rng.standard_normal((60, 2))
    inertias = np.array([kata.kmeans(X, X[:5], rounds)[2] for rounds in range(8)])
    assert_within(np.maximum(np.diff(inertias), 0.0) / inertias[0], 1e-13, "rise of the inertia")


# --- the oracle ---


@pytest.mark.parametrize("family", sorted(VALUES))
def test_distances_of_any_values(kata, rng, family):
    """d_ij to rounding of the squared diameter: far from the origin, tiny, huge, mixed, equal"""
    X, Y = draw(rng, family, 6, 3), draw(rng, family, 5, 3)
    assert_agrees(kata.squared_distances, reference.squared_distances, X, Y, floor=diameter2(X, Y))


@pytest.mark.parametrize("max_iter", [0, 1, 2, 3, 300])
def test_kmeans_agrees_with_the_plain_loops(kata, rng, max_iter):
    """the labels, centers and inertia of Lloyd's algorithm after so many rounds"""
    X = rng.standard_normal((60, 3))
    assert_lloyd(kata, X, X[:4], max_iter)


@pytest.mark.parametrize(("scale", "shift"), [(1e-6, 0.0), (1e6, 0.0), (1.0, 1e4), (1e-3, 1e3)])
def test_kmeans_has_no_units(kata, scale, shift):
    """moved and scaled data give the same labels: no tolerance ends the rounds early"""
    X = scale * slow(300) + shift
    assert_lloyd(kata, X, X[:2])


def test_kmeans_goes_on_to_the_last_label(kata):
    """late rounds change one label of 3000, and the inertia by 2e-6 of it: they are not yet the last"""
    X = slow(3000)
    assert_lloyd(kata, X, X[:2])


def test_kmeans_of_fresh_numbers(kata, fresh_rng):
    X = fresh_rng.standard_normal((40, 2))
    assert_lloyd(kata, X, X[:3])


# --- nasty inputs ---


@pytest.mark.parametrize("offset", [0.0, 1e4, 1e6])
def test_no_distance_is_negative(kata, rng, offset):
    """near and equal points: rounding may make a 0 positive, never negative"""
    X = offset + rng.standard_normal((40, 5))
    D = kata.squared_distances(X, np.concatenate([X, X + 1e-9]))
    assert_within(np.minimum(D, 0.0), 0.0, "negative part of D")
    assert_close(np.diag(D).copy(), np.zeros(40), scale=diameter2(X))


def test_near_points_keep_their_digits(kata, rng):
    """distances of 1e-6 in data of size 1: what is below the rounding of the diameter may go, no more"""
    X = 1e3 + rng.standard_normal((8, 3))
    Y = X + 1e-6 * rng.standard_normal((8, 3))
    assert_agrees(kata.squared_distances, reference.squared_distances, X, Y, floor=diameter2(X, Y))


def test_distance_of_far_groups(kata):
    """X and Y far from each other: the squared distance to all digits"""
    X, Y = np.array([[1e6, 0.0], [1e6, 1.0]]), np.array([[-1e6, 0.0], [-1e6, 3.0], [-1e6, 7.0]])
    want = 4e12 + np.array([[0.0, 9.0, 49.0], [1.0, 4.0, 36.0]])
    assert_close(kata.squared_distances(X, Y), want)


def test_tie_goes_to_the_lowest_index(kata):
    """-1, 0, 1 from -1 and 1: 0 is as near to the one as to the other, and goes to the first"""
    centers, labels, inertia = kata.kmeans(np.array([[-1.0], [0.0], [1.0]]), np.array([[-1.0], [1.0]]))
    assert_same(labels, np.array([0, 0, 1]))
    assert_close(centers, np.array([[-0.5], [1.0]]), scale=1.0)
    assert_close(inertia, 0.5, scale=4.0)


def test_empty_cluster_keeps_its_center(kata):
    """a center far from every point stays where it is: there is no mean of nothing"""
    X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0]])
    centers0 = np.array([[50.0, 50.0], [0.25, 0.25]])
    centers, labels, inertia = kata.kmeans(X, centers0)
    assert_same(labels, np.array([1, 1, 1]))
    assert_close(centers, np.array([[50.0, 50.0], [1 / 3, 1 / 3]]), scale=50.0)
    assert_close(inertia, 4 / 3, scale=100.0)


def test_cluster_that_becomes_empty_stays_where_it_was(kata):
    """the second center moves to (6, 5.5), then loses both its points: it goes nowhere from there"""
    X = np.array([[10.0, 5.0], [9.0, 8.0], [3.0, 3.0], [2.0, 0.0]])
    centers0 = np.array([[9.0, 0.0], [7.0, 7.0], [9.0, 3.0]])
    centers, labels, _ = kata.kmeans(X, centers0)
    assert_same(labels, np.array([2, 2, 0, 0]))
    assert_close(centers, np.array([[2.5, 1.5], [6.0, 5.5], [9.5, 6.5]]), scale=10.0)


def test_equal_centers(kata):
    """all points are as near to the second one: it stays where it is, and empty"""
    centers, labels, inertia = kata.kmeans(np.array([[-2.0], [2.0], [3.0], [-3.0]]), np.array([[0.0], [0.0]]))
    assert_same(labels, np.zeros(4, dtype=np.int64))
    assert_close(centers, np.zeros((2, 1)), scale=1.0)
    assert_close(inertia, 26.0)


def test_equal_points(kata):
    """all points the same: one cluster has them all"""
    centers, labels, inertia = kata.kmeans(np.full((4, 2), 1.5), np.array([[1.0, 1.0], [3.0, 3.0]]))
    assert_same(labels, np.zeros(4, dtype=np.int64))
    assert_close(centers, np.array([[1.5, 1.5], [3.0, 3.0]]))
    assert_close(inertia, 0.0, scale=10.0)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_any_memory_layout(kata, rng, layout):
    X, Y = laid_out(layout, (rng.standard_normal((5, 3)), rng.standard_normal((4, 3))))
    assert_agrees(kata.squared_distances, reference.squared_distances, X, Y, floor=diameter2(X, Y))
    assert_lloyd(kata, X, Y)


# --- rules ---


def test_memory_is_that_of_a_few_results(kata, rng):
    """no (n, m, d) array is made: peak memory is a few times n m numbers"""
    X, Y = rng.standard_normal((300, 64)), rng.standard_normal((320, 64))
    peak = peak_bytes(kata.raw("squared_distances"), X, Y)
    assert_within(peak / (8 * 300 * 320), 16.0, "peak memory / bytes of D")


def test_kmeans_far_from_the_origin(kata):
    """points on whole numbers, 1e9 away: ‖c‖² - 2 xᵀc has lost them there, their distances are exact"""
    X = 1e9 + np.array([[0.0], [2.0], [10.0], [14.0], [30.0], [34.0]])
    centers, labels, inertia = kata.kmeans(X, X[[0, 1, 2]])
    assert_same(labels, np.array([0, 0, 1, 1, 2, 2]))
    assert_close(centers - 1e9, np.array([[1.0], [12.0], [32.0]]))
    assert_close(inertia, 18.0)


def test_memory_of_kmeans_is_that_of_a_few_results(kata, rng):
    """no (n, k, d) array of differences either"""
    X = rng.standard_normal((600, 64))
    peak = peak_bytes(kata.raw("kmeans"), X, X[:50], 2)
    assert_within(peak / (8 * 600 * (50 + 64)), 10.0, "peak memory / bytes of D and X")


def test_tie_in_a_later_round_goes_to_the_lowest_index(kata):
    """after round 1 the point 0 is equally near to -5 and 5: its label changes to 0, and the rounds go on"""
    X = np.array([[5.0], [8.0], [0.0], [8.0], [2.0], [7.0]])
    centers, labels, inertia = kata.kmeans(X, np.array([[-5.0], [-1.0]]))
    assert_same(labels, np.array([1, 1, 0, 1, 0, 1]))
    assert_close(centers, np.array([[1.0], [7.0]]))
    assert_close(inertia, 8.0)


# --- speed ---


def test_speed_of_squared_distances(kata, race):
    """one matrix product is far faster than the differences it replaces"""

    def make(n, rng):
        return rng.standard_normal((n, 64)), rng.standard_normal((n + 10, 64))

    race(
        "squared_distances",
        make=make,
        sizes=(100, 200, 400),
        naive=reference.naive_squared_distances,
        peers={
            "scipy.spatial.distance.cdist": reference.scipy_squared_distances,
            "torch.cdist": reference.torch_squared_distances,
        },
    )


def test_kmeans_goes_on_where_points_change_places(kata):
    """in one round the clusters exchange points and keep their sizes: labels decide when to stop, not sizes"""
    X = np.array([[-2, -4], [2, -1], [5, -5], [-2, 3], [-2, 4], [5, -3], [4, 3], [-4, 3]], dtype=np.float64)
    _, labels, inertia = kata.kmeans(X, np.array([[-4.0, 0.0], [0.0, 4.0]]))
    assert_same(labels, np.array([0, 0, 0, 1, 1, 0, 1, 1]))
    assert_close(inertia, 78.5, ulps=2.0**8)
