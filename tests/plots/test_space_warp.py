"""Points stand where the layer puts them, on the ground of the class that the rest of the network names."""

from __future__ import annotations

import numpy as np
import pytest

from tasou.errors import TasouError
from tasou.network import Network
from tasou.plots import space_warp, theme

X = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
XOR = np.array([0, 1, 1, 0])


def folded():
    """a = (x1 + x2, max(0, x1 + x2 - 1)): XOR is 1 where a1 - 2 a2 > 1/2."""
    net = Network((2, 2, 1), loss="binary_cross_entropy", rng=0)
    net[1].W[...], net[1].b[...] = [[1, 1], [1, 1]], [0, -1]
    net[2].W[...], net[2].b[...] = [[1, -2]], [-0.5]
    return net


def scatters(ax):
    return {c.get_label(): c for c in ax.collections if not c.get_label().startswith("_")}


def test_two_units_are_shown_as_they_are(ax):
    space_warp(folded(), X, XOR, ax=ax, lang="en", resolution=30)
    drawn = scatters(ax)
    assert drawn["0"].get_offsets().tolist() == [[0, 0], [2, 1]]
    assert drawn["1"].get_offsets().tolist() == [[1, 0], [1, 0]]
    assert "misclassified (1)" not in drawn
    assert ax.get_title() == "Space after layer 1: 2 of 2 units"
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("$a_{1}$", "$a_{2}$")


def test_the_ground_is_what_the_layers_behind_say(ax):
    net = folded()
    space_warp(net, X, XOR, ax=ax, resolution=30)
    (image,) = ax.images
    left, right, bottom, top = image.get_extent()
    xs, ys = (low + (high - low) * (np.arange(30) + 0.5) / 30 for low, high in ((left, right), (bottom, top)))
    a1, a2 = np.meshgrid(xs, ys)
    tints = [theme.mix("white", theme.colour(k), 0.32) for k in (0, 1)]
    assert np.allclose(np.asarray(image.get_array()), np.array(tints)[(a1 - 2 * a2 > 0.5).astype(int)])


def test_the_grid_of_the_plane_goes_through_the_layer(ax):
    net = folded()
    space_warp(net, X, XOR, ax=ax, resolution=5)
    threads = next(c for c in ax.collections if type(c).__name__ == "LineCollection").get_segments()
    assert len(threads) == 26
    a1, a2 = np.concatenate(threads).T
    assert np.allclose(a2, np.maximum(0, a1 - 1))


def test_wrong_points_are_ringed(ax):
    space_warp(folded(), X, 1 - XOR, ax=ax, lang="en", resolution=5)
    assert len(scatters(ax)["misclassified (4)"].get_offsets()) == 4


def test_wide_layers_are_seen_from_their_widest_side(ax, trained):
    network, points, y = trained[:3]
    space_warp(network, points, y, ax=ax, lang="en", resolution=5)
    a = network.hidden(points, 1)
    variances = np.sort(np.linalg.eigvalsh(np.cov(a.T, bias=True)))[::-1]
    share = variances[:2].sum() / variances.sum()
    assert ax.get_title() == f"Space after layer 1: 10 units from their widest side ({share:.0%})"
    seen = np.concatenate([scatters(ax)[name].get_offsets() for name in "012"])
    assert np.allclose(np.sort(seen.var(axis=0))[::-1], variances[:2])
    assert bool(ax.images) == (share >= 0.9)


def test_units_chosen_and_other_layers(ax, trained):
    network, points, y, *_, training = trained
    space_warp(training, points, y, units=(3, 1), ax=ax, lang="en", resolution=5)
    a = network.hidden(points, 1)[:, [3, 1]]
    assert scatters(ax)["0"].get_offsets().tolist() == a[y == 0].tolist()
    assert ax.get_ylabel() == "$a_{2}$" and "2 of 10 units" in ax.get_title()
    ax.clear()
    space_warp(network, points, y, layer=0, ax=ax, lang="en", resolution=5)
    assert ax.get_title().startswith("Space before the network") and ax.get_xlabel() == "$x_{1}$"
    assert scatters(ax)["0"].get_offsets().tolist() == points[y == 0].tolist()
    ax.clear()
    space_warp(network, points, y, layer=2, ax=ax, lang="en", resolution=5)
    assert not ax.images


def test_an_estimators_labels(ax):
    class Fitted:
        classes_ = np.array(["no", "yes"])
        network_ = folded()

    space_warp(Fitted(), X, ["no", "yes", "yes", "no"], ax=ax, lang="en", resolution=5)
    assert list(scatters(ax)) == ["no", "yes"]


@pytest.mark.parametrize(
    "options, words",
    [
        ({"layer": 3}, r"layers count from 0 \(the input\) to 2, got layer=3"),
        ({"units": (0, 2)}, r"units must be two of the 2, counted from 0, not \(0, 2\)"),
        ({"units": (0,)}, "units must be two"),
    ],
)
def test_what_cannot_be_drawn_is_said(ax, options, words):
    with pytest.raises(TasouError, match=words):
        space_warp(folded(), X, XOR, ax=ax, **options)


def test_a_straight_border_has_no_kinks(ax):
    from matplotlib.contour import QuadContourSet

    points = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
    space_warp(Network((2, 2, 1), "tanh", loss="binary_cross_entropy", rng=1), points, [0, 1, 1, 0], ax=ax)
    borders = [c for c in ax.collections if isinstance(c, QuadContourSet)]
    for border in borders:
        line = border.get_paths()[0].vertices
        first, along = line[0], line[-1] - line[0]
        across = np.array([-along[1], along[0]]) / np.linalg.norm(along)
        assert np.abs((line - first) @ across).max() < 1e-3
    assert borders
