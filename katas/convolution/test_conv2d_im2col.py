import numpy as np
import pytest

from dojo.testing import (
    LAYOUTS,
    assert_agrees,
    assert_close,
    assert_same,
    assert_within,
    draw,
    golden,
    laid_out,
    least_seconds,
    peak_bytes,
)
from reference.convolution import conv2d_im2col as reference

LAYERS = [  # (N, C, H, W), (O, kh, kw), (stride, padding, dilation)
    ((2, 3, 5, 7), (4, 3, 2), (1, 0, 1)),  # every size differs: nothing transposed can hide
    ((1, 1, 1, 1), (1, 1, 1), (1, 0, 1)),
    ((3, 2, 4, 5), (4, 1, 1), (1, 0, 1)),
    ((1, 2, 3, 4), (3, 3, 4), (1, 0, 1)),  # the window just fits
    ((1, 2, 6, 7), (3, 3, 2), (2, 0, 1)),  # a row is not reached
    ((2, 1, 7, 9), (2, 2, 3), (3, 0, 1)),
    ((2, 2, 4, 3), (3, 2, 3), (1, 1, 1)),
    ((1, 2, 2, 3), (2, 3, 4), (1, 1, 1)),  # larger than the image, but not than the padded one
    ((1, 1, 2, 1), (2, 1, 2), (1, 3, 1)),  # windows of nothing but padding
    ((1, 2, 8, 9), (3, 3, 2), (1, 0, 2)),
    ((2, 1, 7, 6), (2, 2, 3), (2, 1, 2)),
    ((1, 2, 6, 9), (3, 2, 3), (2, 2, 3)),
    ((1, 2, 3, 4), (2, 2, 2), (5, 0, 1)),  # the stride leaves one window
]
norm = np.linalg.norm


@pytest.fixture(params=LAYERS, ids=lambda layer: "-".join(str(part).replace(", ", ",") for part in layer))
def layer(request, rng):
    """(X, Wt, b, options): images, filters, biases, and stride, padding, dilation."""
    (N, C, H, W), (O, kh, kw), (stride, padding, dilation) = request.param
    options = {"stride": stride, "padding": padding, "dilation": dilation}
    return (
        rng.standard_normal((N, C, H, W)),
        rng.standard_normal((O, C, kh, kw)),
        rng.standard_normal(O),
        options,
    )


def size(X, Wt, b):
    """The magnitude whose rounding an entry of Y may have."""
    return norm(X) * norm(Wt) + (0.0 if b is None else norm(b))


# --- by hand ---


def test_windows_are_rows(kata):
    """the windows of 2 x 2 samples in (0 1 2 / 3 4 5 / 6 7 8), left to right and then down"""
    X = np.arange(9.0).reshape(1, 1, 3, 3)
    want = np.array([[0.0, 1, 3, 4], [1, 2, 4, 5], [3, 4, 6, 7], [4, 5, 7, 8]])
    assert_same(kata.im2col(X, 2, 2, 1, 0, 1), want)


def test_rows_run_over_images_then_positions(kata):
    """two images of 1 x 3 samples, windows of 1 x 2: both windows of the first, then both of the second"""
    X = np.arange(6.0).reshape(2, 1, 1, 3)
    assert_same(kata.im2col(X, 1, 2, 1, 0, 1), np.array([[0.0, 1], [1, 2], [3, 4], [4, 5]]))


def test_columns_run_over_channels_first(kata):
    """two channels of 2 x 2 samples are one row of 8: the first channel, and then the second"""
    X = np.arange(8.0).reshape(1, 2, 2, 2)
    assert_same(kata.im2col(X, 2, 2, 1, 0, 1), np.arange(8.0)[None])


def test_padding_is_zeros_around(kata):
    """one sample, padded by 1, seen through windows of 2 x 2: it stands in each corner once"""
    X = np.array([[[[5.0]]]])
    assert_same(kata.im2col(X, 2, 2, 1, 1, 1), np.array([[0.0, 0, 0, 5], [0, 0, 5, 0], [0, 5, 0, 0], [5, 0, 0, 0]]))


def test_filter_is_not_turned_round(kata):
    """1·0 + 10·1 + 100·3 + 1000·4 = 4310 and 1·1 + 10·2 + 100·4 + 1000·5 = 5421"""
    X, Wt = np.arange(6.0).reshape(1, 1, 2, 3), np.array([[[[1.0, 10.0], [100.0, 1000.0]]]])
    assert_close(kata.conv2d(X, Wt, None), np.array([[[[4310.0, 5421.0]]]]), scale=7500)


def test_stride_2_on_6_by_6(kata):
    """windows of 3 x 3 with stride 2 on 6 x 6 samples are 2 x 2: the last row and column are not reached"""
    X = np.ones((1, 1, 6, 6))
    X[0, 0, 5, :] = X[0, 0, :, 5] = 1e6
    assert_close(kata.conv2d(X, np.ones((1, 1, 3, 3)), None, stride=2), np.full((1, 1, 2, 2), 9.0), scale=1e7)


def test_dilation_2_by_hand(kata):
    """(0 1 2 3 4) through (1, 10) with dilation 2: 0 + 10·2, 1 + 10·3, 2 + 10·4"""
    X, Wt = np.arange(5.0).reshape(1, 1, 1, 5), np.array([[[[1.0, 10.0]]]])
    assert_close(kata.conv2d(X, Wt, None, dilation=2), np.array([[[[20.0, 31.0, 42.0]]]]), scale=60)


def test_channels_are_added_and_filters_apart(kata):
    """1 x 1 filters are a matrix that takes the channels of a pixel to those of the output, plus the bias"""
    X = np.array([1.0, 2.0]).reshape(1, 2, 1, 1)
    Wt = np.array([[1.0, 10.0], [3.0, 5.0], [0.0, 7.0]]).reshape(3, 2, 1, 1)
    b = np.array([100.0, 200.0, 300.0])
    assert_close(kata.conv2d(X, Wt, b), np.array([121.0, 213.0, 314.0]).reshape(1, 3, 1, 1), scale=400)


@pytest.mark.parametrize(
    ("layers", "want"),
    [
        ([], (1, 1)),
        ([(3, 1, 1)], (3, 1)),
        ([(3, 1, 1), (3, 1, 1)], (5, 1)),
        ([(3, 2, 1), (3, 1, 1)], (7, 2)),  # the second layer's samples are 2 apart
        ([(3, 1, 1), (3, 2, 1)], (5, 2)),  # a stride is felt by the layers behind it only
        ([(2, 1, 1), (2, 1, 2), (2, 1, 4), (2, 1, 8)], (16, 1)),  # WaveNet
        ([(7, 2, 1), (3, 2, 1)], (11, 4)),  # the first layers of ResNet
        ([(1, 2, 1), (3, 3, 1)], (5, 6)),
        ([(3, 2, 2), (2, 3, 5), (4, 1, 3)], (5 + 2 * 5 + 6 * 9, 6)),
    ],
    ids=str,
)
def test_receptive_field_by_hand(kata, layers, want):
    """a layer adds d (k - 1) steps, each as long as the product of the strides before it"""
    assert_same(kata.receptive_field(layers), want)


# --- laws ---


def test_convolution_is_one_product(kata, layer):
    """Y = im2col(X) Wtᵀ, the filters flattened to rows"""
    X, Wt, _, options = layer
    O, _, kh, kw = Wt.shape
    rows = kata.im2col(X, kh, kw, **options)  # (N oh ow, C kh kw)
    Y = kata.conv2d(X, Wt, None, **options)
    assert Y.ndim == 4
    assert_close(np.moveaxis(Y, 1, 3).reshape(-1, O).copy(), rows @ Wt.reshape(O, -1).T, scale=size(X, Wt, None))


def test_bias_is_added_to_every_position(kata, rng):
    """a filter of zeros leaves the bias"""
    X, b = rng.standard_normal((2, 3, 4, 5)), np.array([1.0, -2.0])
    want = np.broadcast_to(b[:, None, None], (2, 2, 3, 3)).copy()
    assert_close(kata.conv2d(X, np.zeros((2, 3, 2, 3)), b), want)


def test_layer_moves_with_its_input(kata, rng):
    """shift the image and the output shifts: the weights are shared by all positions"""
    X, Wt, b = np.zeros((1, 2, 9, 10)), rng.standard_normal((3, 2, 3, 2)), rng.standard_normal(3)
    X[:, :, 2:5, 2:6] = rng.standard_normal((1, 2, 3, 4))
    moved = np.roll(X, (2, 3), axis=(2, 3))
    Y = kata.conv2d(X, Wt, b)
    assert Y.shape == (1, 3, 7, 9)
    assert_close(kata.conv2d(moved, Wt, b), np.roll(Y, (2, 3), axis=(2, 3)), scale=size(X, Wt, b))


def test_impulse_shows_the_filter_turned_round(kata, rng):
    """Y at (i, j) is the weight with which it saw the impulse: Wt[u, v] with u = 2 - i"""
    X, Wt = np.zeros((1, 1, 1, 1)), rng.standard_normal((1, 1, 3, 4))
    X[0, 0, 0, 0] = 1.0
    padded = np.pad(X, ((0, 0), (0, 0), (2, 2), (3, 3)))
    assert_close(kata.conv2d(padded, Wt, None), Wt[:, :, ::-1, ::-1].copy())


def test_images_do_not_mix(kata, layer):
    """the output of a batch is that of each of its images"""
    X, Wt, b, options = layer
    alone = np.concatenate([kata.conv2d(image[None], Wt, b, **options) for image in X])
    assert_close(kata.conv2d(X, Wt, b, **options), alone, scale=size(X, Wt, b))


@pytest.mark.parametrize(
    "layers", [[(3, 2, 1), (2, 1, 2)], [(2, 1, 3), (3, 2, 1), (2, 2, 1)], [(1, 3, 1), (3, 1, 2)]], ids=str
)
def test_receptive_field_is_what_reaches_an_output(kata, layers):
    """impulses through layers of ones: those which reach an output span its receptive field"""
    signal = np.eye(40).reshape(40, 1, 1, 40)  # image n has its impulse at n
    for kernel, stride, dilation in layers:
        signal = kata.conv2d(signal, np.ones((1, 1, 1, kernel)), None, stride=stride, dilation=dilation)
    reached = [np.flatnonzero(signal[:, 0, 0, output]) for output in (0, 1)]
    want = (int(reached[0][-1] - reached[0][0] + 1), int(reached[1][0] - reached[0][0]))
    assert_same(kata.receptive_field(layers), want)


# --- the oracle ---


def test_im2col_agrees_with_the_definition(kata, layer):
    """row (n oh + i) ow + j, column (c kh + u) kw + v: X[n, c, is - p + ud, js - p + vd]"""
    X, Wt, _, options = layer
    kh, kw = Wt.shape[2:]
    assert_same(kata.im2col(X, kh, kw, **options), reference.im2col(X, kh, kw, **options))


def test_conv2d_agrees_with_the_definition(kata, layer):
    """Y[n, o, i, j] = b[o] + Σ_{c,u,v} Wt[o, c, u, v] X[n, c, is - p + ud, js - p + vd]"""
    X, Wt, b, options = layer
    assert_agrees(kata.conv2d, reference.conv2d, X, Wt, b, **options, floor=size(X, Wt, b))


def test_no_bias(kata, rng):
    """b = None is b = 0"""
    X, Wt = rng.standard_normal((2, 2, 4, 3)), rng.standard_normal((3, 2, 2, 2))
    assert_agrees(kata.conv2d, reference.conv2d, X, Wt, None, 1, 1, 1, floor=size(X, Wt, None))


def test_agrees_on_fresh_numbers(kata, fresh_rng):
    X, Wt, b = (
        fresh_rng.standard_normal((2, 3, 6, 7)),
        fresh_rng.standard_normal((2, 3, 3, 2)),
        fresh_rng.standard_normal(2),
    )
    assert_agrees(kata.conv2d, reference.conv2d, X, Wt, b, 2, 1, 2, floor=size(X, Wt, b))
    assert_same(kata.im2col(X, 3, 2, 2, 1, 2), reference.im2col(X, 3, 2, 2, 1, 2))
    layers = [tuple(map(int, fresh_rng.integers(1, 5, 3))) for _ in range(6)]
    assert_same(kata.receptive_field(layers), reference.receptive_field(layers))


def test_agrees_with_torch(kata):
    """torch's conv2d and unfold give the same (frozen by reference/convolution/conv2d_im2col_golden.py)"""
    for case in golden(reference):
        X, Wt, b, Y, rows = (np.array(case[name]) for name in ("X", "Wt", "b", "Y", "rows"))
        assert_same(kata.im2col(X, *Wt.shape[2:], **case["options"]), rows)
        assert_close(kata.conv2d(X, Wt, b, **case["options"]), Y, scale=size(X, Wt, b))


# --- nasty inputs ---


@pytest.mark.parametrize("family", ["offset", "large", "small", "mixed", "constant", "zeros", "ties"])
def test_any_size_of_values(kata, rng, family):
    """the error is some rounding units of ‖X‖ ‖Wt‖; padding stays 0 beside an offset"""
    X, Wt, b = draw(rng, family, 2, 2, 4, 3), draw(rng, "normal", 3, 2, 2, 3), draw(rng, "normal", 3)
    assert_agrees(kata.conv2d, reference.conv2d, X, Wt, b, 1, 1, 1, floor=size(X, Wt, b))
    assert_same(kata.im2col(X, 2, 3, 2, 1, 1), reference.im2col(X, 2, 3, 2, 1, 1))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_any_memory_layout(kata, rng, layout):
    X, Wt, b = laid_out(
        layout, [rng.standard_normal((2, 2, 4, 5)), rng.standard_normal((3, 2, 2, 3)), rng.standard_normal(3)]
    )
    assert_agrees(kata.conv2d, reference.conv2d, X, Wt, b, 1, 1, 1, floor=size(X, Wt, b))
    assert_same(kata.im2col(X, 2, 3, 2, 0, 1), reference.im2col(X, 2, 3, 2, 0, 1))


@pytest.mark.parametrize(
    "options", [{"stride": 0}, {"stride": -1}, {"padding": -1}, {"dilation": 0}, {"dilation": -1}], ids=str
)
def test_options_out_of_range_are_refused(kata, options):
    """stride and dilation are at least 1, padding at least 0"""
    X, Wt = np.ones((1, 2, 5, 6)), np.ones((3, 2, 2, 3))
    with pytest.raises(ValueError):
        kata.conv2d(X, Wt, None, **options)
    with pytest.raises(ValueError):
        kata.im2col(X, 2, 3, **{"stride": 1, "padding": 0, "dilation": 1, **options})


@pytest.mark.parametrize(
    ("kh", "kw", "stride", "padding", "dilation"),
    [
        (4, 1, 1, 0, 1),
        (1, 6, 1, 0, 1),
        (4, 6, 1, 0, 1),
        (6, 1, 4, 1, 1),
        (3, 2, 3, 0, 2),
        (1, 3, 9, 0, 4),
        (2, 2, 1, 0, 9),
    ],
)
def test_window_larger_than_the_image_is_refused(kata, kh, kw, stride, padding, dilation):
    """both d (kh - 1) + 1 rows and d (kw - 1) + 1 columns have to be there"""
    X = np.ones((1, 2, 3, 5))
    with pytest.raises(ValueError):
        kata.im2col(X, kh, kw, stride, padding, dilation)
    with pytest.raises(ValueError):
        kata.conv2d(X, np.ones((3, 2, kh, kw)), None, stride, padding, dilation)


@pytest.mark.parametrize("channels", [1, 2, 4])
def test_channels_must_be_those_of_the_image(kata, channels):
    """filters of other than 3 channels do not fit an image of 3, be it 1, which would broadcast; nor the reverse"""
    with pytest.raises(ValueError):
        kata.conv2d(np.ones((1, 1, 2, 2)), np.ones((1, channels if channels > 1 else 3, 1, 1)), None)
    with pytest.raises(ValueError):
        kata.conv2d(np.ones((1, 3, 4, 5)), np.ones((2, channels, 2, 2)), None)


# --- cost ---


def test_cost_is_that_of_a_product(kata, rng):
    """100 000 outputs of 18 products each cost some times their product, and 1000 times it in a loop over outputs"""
    X, Wt, b = rng.standard_normal((2, 2, 22, 22)), rng.standard_normal((128, 2, 3, 3)), rng.standard_normal(128)
    Y = kata.conv2d(X, Wt, b)
    assert Y.shape == (2, 128, 20, 20)
    assert_close(Y[1, 100, 15, 18], b[100] + (Wt[100] * X[1, :, 15:18, 18:21]).sum(), scale=size(X, Wt, b))
    filters, windows = Wt.reshape(128, 18), rng.random((2, 18, 400))
    product = least_seconds(np.matmul, filters, windows, rounds=10)
    assert_within(least_seconds(kata.raw("conv2d"), X, Wt, b) / product, 200.0, "time of conv2d / time of the product")


@pytest.mark.parametrize(("side", "stride", "dilation"), [(48, 1, 8), (65, 4, 1)], ids=["dilation", "stride"])
def test_stride_and_dilation_cost_nothing(kata, rng, side, stride, dilation):
    """windows of 5 x 5 at 16 x 16 positions are 16 · 16 · 25 numbers, however far apart their samples are"""
    X, Wt = rng.standard_normal((4, 4, side, side)), rng.standard_normal((16, 4, 5, 5))
    assert kata.conv2d(X, Wt, None, stride, 0, dilation).shape == (4, 16, 16, 16)
    windows = X.nbytes + (4 * 16 * 16) * (4 * 5 * 5) * 8
    peak = peak_bytes(kata.raw("conv2d"), X, Wt, None, stride, 0, dilation)
    assert_within(peak / windows, 5, "peak memory / memory of X and its windows")


# --- speed ---


def test_speed_of_conv2d(kata, race):
    """conv2d is a copy and one product, where loops over positions are hundreds of times slower"""

    def make(n, rng):
        X, Wt, b = (
            rng.standard_normal((4, 8, n, n)),
            rng.standard_normal((16, 8, 3, 3)),
            rng.standard_normal(16),
        )
        return X, Wt, b, 1, 1

    race(
        "conv2d",
        make=make,
        sizes=(8, 32, 64),
        naive=reference.naive_conv2d,
        peers={"torch.nn.functional.conv2d": reference.torch_conv2d},
    )
