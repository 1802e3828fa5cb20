"""Units are circles, weights are lines: as many, as wide, of the sign that the network has."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba
from matplotlib.patches import Circle
from sklearn.neural_network import MLPClassifier

from tasou.errors import TasouError
from tasou.network import Network
from tasou.plots import network


def circles(ax):
    return [patch for patch in ax.patches if isinstance(patch, Circle) and patch.radius > 0.3]


def lines(ax):
    return [c for c in ax.collections if isinstance(c, LineCollection)]


def texts(ax):
    return [text.get_text() for text in ax.texts]


def test_sizes_alone(ax):
    network((2, 10, 3), ax=ax, lang="en")
    assert len(circles(ax)) == 15
    (edges,) = lines(ax)
    assert len(edges.get_segments()) == 2 * 10 + 10 * 3
    assert ax.get_title() == "2 → 10 → 3: 63 parameters"
    assert {"input\n2", "hidden\n10", "output\n3", "$x_{1}$", r"$\hat{y}_{3}$"} <= set(texts(ax))
    assert ax.get_legend() is None and not ax.axison


def test_weights_by_width_and_sign_by_colour_and_dash(ax):
    net = Network((2, 2, 1), "tanh", loss="binary_cross_entropy", rng=0)
    net[1].W[...] = [[1.0, -2.0], [0.5, 0.0]]
    net[2].W[...] = [[-4.0, 3.0]]
    network(net, ax=ax, lang="en")
    positive, negative = lines(ax)
    assert np.allclose(positive.get_linewidths(), 0.3 + 3.1 * np.array([1.0, 0.5, 3.0]) / 4)
    assert np.allclose(negative.get_linewidths(), 0.3 + 3.1 * np.array([2.0, 4.0]) / 4)
    assert np.allclose(positive.get_colors()[0][:3], to_rgba("#3f90da")[:3])
    assert positive.get_linestyles()[0][1] is None and negative.get_linestyles()[0][1] is not None
    start, end = negative.get_segments()[0]  # W[1][0, 1]: from input 2, the lower one, to the upper unit
    assert start[1] < end[1] and start[0] < end[0]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["weight > 0", "weight < 0"]
    assert {"hidden\n2 tanh", "output\n1 Sigmoid", r"$\hat{y}$"} <= set(texts(ax))


def test_large_layers_are_folded(ax):
    network((784, 12, 13), ax=ax, lang="en")
    assert len(circles(ax)) == 10 + 12 + 10
    assert len(lines(ax)[0].get_segments()) == 10 * 12 + 12 * 10
    assert {"$x_{1}$", "$x_{784}$", "$x_{5}$", "$x_{780}$"} <= set(texts(ax))
    assert not {"$x_{6}$", "$x_{779}$"} & set(texts(ax))
    assert "9,589 parameters" in ax.get_title()


def test_an_estimator_brings_names_and_weights(ax):
    X = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]] * 3)
    estimator = MLPClassifier((4, 3), solver="lbfgs", max_iter=500, random_state=0).fit(X, list("abca") * 3)
    network(estimator, ax=ax, lang="en")
    assert sum(len(c.get_segments()) for c in lines(ax)) == 8 + 12 + 9
    assert {"hidden 1\n4 ReLU", "hidden 2\n3 ReLU", "output\n3 Softmax", "a", "b", "c"} <= set(texts(ax))
    positive = lines(ax)[0]
    assert len(positive.get_segments()) == sum((coef > 0).sum() for coef in estimator.coefs_)


def test_names_given_and_values_written(ax, japanese_font):
    net = Network((2, 2), rng=0)
    net[1].W[...], net[1].b[...] = [[0.25, -0.5], [1, 2]], [-0.75, 0.125]
    network(net, ax=ax, lang="en", feature_names=["高さ", "$"], class_names=["no", "yes"], show_values=True)
    assert {"高さ", r"\$", "no", "yes", "0.25", "−0.50", "−0.75", "1.00"} <= set(texts(ax))
    ax.figure.canvas.draw()


@pytest.mark.parametrize(
    "source, options, words",
    [
        ((2,), {}, "two layer sizes or more"),
        ((2, 0), {}, "each at least 1"),
        ("abc", {}, "str is no network"),
        (None, {}, "NoneType is no network"),
        ((2, 1.5), {}, "tuple is no network"),
        ((2, 3), {"feature_names": ["a"]}, "feature_names must be 2 names"),
        ((2, 3), {"class_names": list("abcd")}, "class_names must be 3 names, one a unit, not 4"),
    ],
)
def test_what_is_no_network_is_said(ax, source, options, words):
    with pytest.raises(TasouError, match=words):
        network(source, ax=ax, **options)


def test_dead_units_are_crossed_out_and_counted_also_where_folded(ax):
    net = Network((2, 14, 3, 2), rng=0)
    net[1].b[[1, 6]] = -1e3  # the seventh unit is folded away
    network(net, ax=ax, lang="en", data=np.random.default_rng(0).normal(size=(50, 2)))
    crosses = next(line for line in ax.lines if line.get_label().startswith("dead"))
    assert crosses.get_label() == "dead units (2)"
    columns = sorted({round(circle.center[0], 6) for circle in circles(ax)})
    second = sorted(
        (c.center for c in circles(ax) if round(c.center[0], 6) == columns[1]), key=lambda c: -c[1]
    )[1]
    assert np.allclose(crosses.get_xydata(), [second])


def test_no_dead_units_no_crosses(ax, trained):
    network(trained[5], ax=ax, lang="en", data=trained[1])
    assert not any(line.get_label().startswith("dead") for line in ax.lines)
    with pytest.raises(TasouError, match="tuple holds no network"):
        network((2, 3, 2), ax=ax, data=trained[1])


def test_japanese_pictures_write_sigmoid_in_japanese(ax, japanese_font):
    network(Network((2, 2, 1), loss="binary_cross_entropy", rng=0), ax=ax, lang="ja")
    assert any("シグモイド" in text for text in texts(ax)) and not any(
        "Sigmoid" in text for text in texts(ax)
    )
