"""The comparator refuses whatever is not the array that was asked for, and computes its tolerance."""

import math

import numpy as np
import pytest

from dojo.cases import LAYOUTS, VALUES, draw, laid_out
from dojo.compare import Wrong, assert_agrees, assert_close, assert_same, assert_within, compare, expected


class Equal(np.ndarray):
    """Equal to everything, as a subclass may be."""

    def __eq__(self, other):
        return True

    def __array_ufunc__(self, *args, **kwargs):
        return np.zeros(3)


WANT = np.array([1.0, 2.0, 3.0])
IMPOSTORS = {
    "a list": [1.0, 2.0, 3.0],
    "a tuple": (1.0, 2.0, 3.0),
    "a scalar that broadcasts": 1.0,
    "a column": WANT[:, None],
    "one entry, which broadcasts": np.array([1.0]),
    "float32": WANT.astype(np.float32),
    "integers": np.array([1, 2, 3]),
    "objects": WANT.astype(object),
    "complex": WANT.astype(complex),
    "None": None,
    "NaN": np.full(3, np.nan),
    "NaN in one place": np.array([1.0, math.nan, 3.0]),
    "infinite": np.array([1.0, 2.0, math.inf]),
    "masked": np.ma.masked_array(WANT, mask=[0, 1, 0]),
    "always equal": np.zeros(3).view(Equal),
    "a little off": WANT * (1 + 1e-13),
    "short": WANT[:2],
    "shuffled": WANT[::-1],
}


@pytest.mark.parametrize("name", IMPOSTORS)
def test_impostors_are_refused(name):
    with pytest.raises(Wrong):
        assert_close(IMPOSTORS[name], WANT)


def test_special_values_must_be_in_their_places():
    want = np.array([math.nan, math.inf, -math.inf, 0.0])
    assert_close(want.copy(), want)
    for wrong in (
        [0.0, math.inf, -math.inf, 0.0],
        [math.nan, -math.inf, math.inf, 0.0],
        [math.nan, 1e308, -math.inf, 0],
    ):
        with pytest.raises(Wrong):
            assert_close(np.array(wrong), want)


def test_the_worst_place_is_told():
    got = WANT.copy()
    got[1] += 1
    with pytest.raises(Wrong) as caught:
        assert_close(got, WANT)
    lines = dict(caught.value.lines)
    assert lines["worst"] == "at [1]: got 3, expected 2"
    assert lines["error"].startswith("1, tolerance")
    assert lines["error"].endswith("1 of 3 values are off")


def test_the_place_in_a_tuple_is_told():
    with pytest.raises(Wrong, match=r"at \[1\]\[0\]"):
        assert_close((1.0, np.array([5.0, 6.0])), (1.0, np.array([4.0, 6.0])))


@pytest.mark.parametrize(("got", "want"), [(1, 1.0), (np.float64(1.0), 1.0), (np.int64(3), 3), (np.True_, True)])
def test_numbers_may_be_numpys_or_pythons(got, want):
    assert_close(got, want)


@pytest.mark.parametrize(
    ("got", "want"), [(True, 1), (1.0, 1), (np.array(1.0), 1.0), ("1", 1.0), (1, True), (None, 0.0)]
)
def test_numbers_of_another_kind_are_refused(got, want):
    with pytest.raises(Wrong):
        assert_close(got, want)


def test_nan_is_never_within():
    assert_within(np.array([0.0, -1e-16]), 1e-15, "r")
    assert_within(np.zeros(0), 1e-15, "r")
    for bad in (math.nan, [0.0, math.nan], 1e-14, -math.inf):
        with pytest.raises(Wrong):
            assert_within(bad, 1e-15, "r")


def test_exact_means_exact():
    assert_same(np.array([0.1]), np.array([0.1]))
    with pytest.raises(Wrong):
        assert_same(np.array([0.1 + 2**-56]), np.array([0.1]))


# --- the computed tolerance ---


def test_tolerance_follows_the_conditioning():
    """log near 1 loses digits: the tolerance of log x grows as x moves relative to log x"""
    _, near = expected(np.log, [np.array([1 + 1e-9])], {})
    _, far = expected(np.log, [np.array([10.0])], {})
    assert near[0] / 1e-9 > 1e4 * far[0] / math.log(10)


def test_float32_inputs_are_judged_in_float32():
    x = np.array([1.0, 2.0], dtype=np.float32)
    assert_agrees(lambda x: np.exp(x), np.exp, x)
    with pytest.raises(Wrong, match="dtype float64"):
        assert_agrees(lambda x: np.exp(x.astype(float)), np.exp, x)
    with pytest.raises(Wrong):
        assert_agrees(lambda x: (np.exp(x) * (1 + 1e-4)).astype(np.float32), np.exp, x)


def test_another_order_of_summation_passes_and_a_wrong_constant_does_not(rng):
    x = rng.standard_normal(1000)
    floor = np.abs(x).sum()
    oracle = lambda x: math.fsum(x)  # noqa: E731
    assert_agrees(lambda x: float(sum(x.tolist())), oracle, x, floor=floor / 10)
    with pytest.raises(Wrong):
        assert_agrees(lambda x: float(x.sum()) * 999 / 1000, oracle, x, floor=floor / 10)


def test_the_candidate_runs_before_the_oracle():
    order = []
    assert_agrees(lambda x: order.append("candidate") or x.copy(), lambda x: order.append("oracle") or x, np.ones(2))
    assert order[0] == "candidate"


def test_compare_refuses_to_judge_what_it_does_not_know():
    with pytest.raises(TypeError, match="the oracle must return arrays and numbers"):
        compare(object(), object(), 0.0)


# --- inputs ---


@pytest.mark.parametrize("family", VALUES)
def test_families_have_shape_and_dtype(rng, family):
    x = draw(rng, family, 3, 4, dtype=np.float32)
    assert x.shape == (3, 4)
    assert x.dtype == np.float32


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts_keep_the_numbers(rng, layout):
    x = rng.standard_normal((3, 4))
    y, (z,) = laid_out(layout, (x, [x[0]]))
    assert (x == y).all()
    assert (z == x[0]).all()
    assert layout in ("contiguous", "fortran") or y.strides != x.strides


@pytest.fixture
def rng():
    return np.random.default_rng(0)
