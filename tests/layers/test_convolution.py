"""Convolution and pooling against SciPy, against loops, and against what one knows of them."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from scipy.signal import correlate

from tasou import Network, check_gradients
from tasou.errors import TasouError
from tasou.layers import AveragePool, Conv1d, Conv2d, Dense, MaxPool

spec = importlib.util.spec_from_file_location("placed", Path(__file__).with_name("placed.py"))
placed = importlib.util.module_from_spec(spec)
spec.loader.exec_module(placed)

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("kernel", [1, 2, 3])
def test_a_convolution_over_a_sequence_is_scipys_correlation(kernel, stride, padding):
    x, W, b = RNG.normal(size=(3, 9, 2)), RNG.normal(size=(4, kernel, 2)), RNG.normal(size=4)
    out = placed.run(Conv1d(4, kernel, "tanh", stride, padding), x, W=W.reshape(4, -1), b=b)
    if padding == "same":
        places = -(-9 // stride)
        missing = max((places - 1) * stride + kernel - 9, 0)
        x = np.pad(x, [(0, 0), (missing // 2, missing - missing // 2), (0, 0)])
    for i, f in np.ndindex(3, 4):
        z = correlate(x[i], W[f], "valid")[::stride, 0] + b[f]
        assert out[i, :, f] == pytest.approx(np.tanh(z))


@pytest.mark.parametrize("stride", [(1, 1), (2, 1), (2, 3)])
@pytest.mark.parametrize("kernel", [(3, 3), (2, 3), (1, 1), (6, 5)])
def test_a_convolution_over_an_image_is_scipys_correlation(kernel, stride):
    x, W, b = RNG.normal(size=(2, 6, 5, 3)), RNG.normal(size=(4, *kernel, 3)), RNG.normal(size=4)
    out = placed.run(Conv2d(4, kernel, stride=stride), x, W=W.reshape(4, -1), b=b)
    for i, f in np.ndindex(2, 4):
        z = correlate(x[i], W[f], "valid")[:: stride[0], :: stride[1], 0] + b[f]
        assert out[i, ..., f] == pytest.approx(z)


def test_with_same_padding_zeros_stand_around_the_image():
    x, W = RNG.normal(size=(2, 4, 5, 2)), RNG.normal(size=(3, 3, 3, 2))
    out = placed.run(Conv2d(3, padding="same"), x, W=W.reshape(3, -1), b=np.zeros(3))
    assert out.shape == (2, 4, 5, 3)
    for f in range(3):
        z = sum(correlate(x[0, ..., c], W[f, ..., c], "same") for c in range(2))
        assert out[0, ..., f] == pytest.approx(z)


def test_a_kernel_of_one_is_a_dense_layer_at_every_step():
    x, W, b = RNG.normal(size=(5, 7, 3)), RNG.normal(size=(4, 3)), RNG.normal(size=4)
    out = placed.run(Conv1d(4, 1, "relu"), x, W=W, b=b)
    assert out == pytest.approx(np.maximum(0, x @ W.T + b))


def test_what_moves_in_the_image_moves_in_the_answer():
    x, W = np.zeros((2, 8, 8, 1)), RNG.normal(size=(3, 9))
    patch = RNG.normal(size=(3, 3, 1))
    x[0, 1:4, 2:5], x[1, 3:6, 3:6] = patch, patch
    here, there = placed.run(Conv2d(3), x, W=W, b=np.zeros(3))
    assert here[0:4, 1:5] == pytest.approx(there[2:6, 2:6])


def loops(x, size, stride, what):
    """Pooling of an image by loops."""
    n, height, width, channels = x.shape
    rows, columns = (height - size) // stride + 1, (width - size) // stride + 1
    out = np.empty((n, rows, columns, channels))
    for i, r, c, k in np.ndindex(*out.shape):
        out[i, r, c, k] = what(x[i, r * stride : r * stride + size, c * stride : c * stride + size, k])
    return out


@pytest.mark.parametrize(("size", "stride"), [(1, 1), (2, 2), (2, 1), (3, 2)])
def test_pooling_is_the_largest_or_the_mean_of_each_window(size, stride):
    x = RNG.normal(size=(2, 5, 7, 3))
    assert placed.run(MaxPool(size, stride), x) == pytest.approx(loops(x, size, stride, np.max))
    assert placed.run(AveragePool(size, stride), x) == pytest.approx(loops(x, size, stride, np.mean))
    if size == stride:
        assert np.array_equal(placed.run(MaxPool(size), x), placed.run(MaxPool(size, stride), x))


def test_pooling_over_everything_leaves_a_number_per_channel():
    x = RNG.normal(size=(2, 5, 7, 3))
    assert placed.run(MaxPool(None), x)[:, 0, 0] == pytest.approx(x.max(axis=(1, 2)))
    assert placed.run(AveragePool(None), x[:, 0])[:, 0] == pytest.approx(x[:, 0].mean(axis=1))


def test_of_equal_numbers_the_first_one_has_all_of_the_error():
    x = np.array([3.0, 3, 1, 3]).reshape(1, 4, 1)
    _, found = placed.run(MaxPool(None), x, error=lambda out: np.full_like(out, 5.0))
    assert found["x"].ravel().tolist() == [5, 0, 0, 0]


def test_a_mean_shares_its_error():
    x = RNG.normal(size=(1, 4, 1))
    _, found = placed.run(AveragePool(None), x, error=lambda out: np.full_like(out, 8.0))
    assert found["x"].ravel().tolist() == [2, 2, 2, 2]


def test_a_small_convolutional_network_has_the_right_gradients():
    layers = [
        Conv2d(3, 3, "tanh", padding="same"),
        MaxPool(2),
        Conv2d(2, (1, 2), "sigmoid"),
        AveragePool(None),
        Dense(2),
    ]
    network = Network(layers=layers, inputs=(4, 6, 2), l2=0.1, rng=0)
    report = check_gradients(network, RNG.normal(size=(5, 4, 6, 2)), [0, 1, 1, 0, 1])
    assert report.ok and report.worst_error <= 1e-7, report.text("en")


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: Conv2d(0), "filters must be a whole number >= 1, got 0"),
        (lambda: Conv2d(2, (3, 3, 3)), "kernel must be a whole number >= 1, or 2 of them"),
        (lambda: Conv1d(2, stride=0), "stride must be a whole number >= 1"),
        (lambda: Conv1d(2, padding="full"), "padding must be valid, same, got 'full'"),
        (lambda: Conv1d(2, activation="reul"), "did you mean 'relu'"),
        (lambda: MaxPool(0), "size must be a whole number >= 1"),
        (
            lambda: Network(layers=[Conv2d(2)], inputs=64),
            r"reads images \(height, width, channels\), not rows of the form 64",
        ),
        (lambda: Network(layers=[Conv1d(2)], inputs=(8, 8, 1)), r"reads sequences \(time, features\)"),
        (
            lambda: Network(layers=[Conv2d(2, 9)], inputs=(8, 8, 1)),
            "a window of 9 × 9 does not fit into 8 × 8",
        ),
        (lambda: Network(layers=[MaxPool((2, 2))], inputs=(8, 2)), "one size and one stride per direction"),
    ],
)
def test_what_makes_no_convolution_is_refused_in_words(make, says):
    with pytest.raises(TasouError, match=says):
        make()
