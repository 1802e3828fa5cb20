"""Each panel is its unit's activation over the plane."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.colors import to_rgb

import tasou
from tasou.errors import TasouError
from tasou.network import Network
from tasou.plots import unit_maps

X = np.array([[-1.0, -1], [1, 1], [-1, 1]])


def network(activation="relu"):
    net = Network((2, 3, 2), activation, rng=0)
    net[1].W[...], net[1].b[...] = [[1, 0], [0, 1], [0, 0]], [0, 0.5, -1]
    return net


def pixels(panel):
    (image,) = panel.images
    return np.asarray(image.get_array())


def headings(ax):
    return [panel.get_title() for panel in ax.child_axes]


def test_blue_where_the_unit_is_active_and_the_ground_where_it_is_silent(ax):
    first, second, _ = unit_maps(network(), X, ax=ax, lang="en", resolution=10).child_axes
    assert np.allclose(pixels(first)[:, :5], 1) and np.allclose(pixels(second)[:2], 1)
    most = 1 + 0.9 * (np.array(to_rgb("#3f90da")) - 1)
    assert np.allclose(pixels(first)[3, -1], most) and np.allclose(pixels(second)[-1, 3], most)
    assert headings(ax) == ["unit 1", "unit 2", "unit 3: dead"]
    assert ax.get_title() == "What 3 of 3 units of layer 1 have learnt" and not ax.axison


def test_red_where_it_is_negative(ax):
    first, *_ = unit_maps(network("tanh"), X, ax=ax, resolution=10).child_axes
    left, right = pixels(first)[0, [0, -1]]
    assert left[0] > left[2] and right[2] > right[0]


def test_the_line_is_where_z_is_zero(ax):
    _, second, dead = unit_maps(network(), X, ax=ax, resolution=10).child_axes
    (line,) = second.collections
    assert np.allclose(np.concatenate([path.vertices for path in line.get_paths()])[:, 1], -0.5)
    assert not dead.collections and dead.lines


def test_points_only_with_labels(ax):
    first, *_ = unit_maps(network(), X, [0, 1, 1], ax=ax, resolution=10).child_axes
    offsets = [c.get_offsets().tolist() for c in first.collections if len(c.get_offsets())]
    assert [[-1.0, -1.0]] in offsets and [[1.0, 1.0], [-1.0, 1.0]] in offsets


def test_units_chosen_or_the_liveliest(ax):
    unit_maps(network(), X, units=[2, 0], ax=ax, lang="en", resolution=5)
    assert headings(ax) == ["unit 3: dead", "unit 1"]
    wide = Network((2, 20, 2), rng=0)
    wide[1].W[3:7] = 0
    ax.clear()
    for panel in list(ax.child_axes):
        panel.remove()
    unit_maps(wide, X, ax=ax, lang="en", resolution=5)
    kept = [int(heading.split()[1].rstrip(":")) for heading in headings(ax)]
    assert kept == sorted(kept) and len(kept) == 16 and not {4, 5, 6, 7} & set(kept)
    assert ax.get_title().startswith("What 16 of 20 units")


def test_later_layers_estimators_and_trainings(ax, trained):
    estimator = tasou.MLPClassifier((4, 2), max_iter=1, random_state=0)
    with pytest.warns(UserWarning):
        estimator.fit(np.tile(X, (3, 1)), [0, 1, 2] * 3)
    unit_maps(estimator, X, layer=2, ax=ax, lang="en", resolution=5)
    assert len(ax.child_axes) == 2 and "layer 2" in ax.get_title()
    unit_maps(trained[5], X, units=[0], ax=ax, lang="en", resolution=5)


@pytest.mark.parametrize(
    "options, words",
    [
        ({"layer": 0}, "layers count from 1 to 2, got layer=0"),
        ({"layer": 3}, "layers count from 1 to 2"),
        ({"units": [3]}, "there is no unit 3: the layer has 3"),
        ({"features": (0, 7)}, "no feature 7"),
    ],
)
def test_what_cannot_be_drawn_is_said(ax, options, words):
    with pytest.raises(TasouError, match=words):
        unit_maps(network(), X, ax=ax, **options)
    with pytest.raises(TasouError, match="list holds no network: hand in a Network"):
        unit_maps([1, 2], X, ax=ax)
