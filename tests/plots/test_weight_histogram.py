"""Every hill counts the weights of its layer."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.patches import StepPatch

from tasou.errors import ShapeError, TasouError
from tasou.network import Network
from tasou.plots import weight_histogram


def hills(ax):
    return [patch for patch in ax.patches if isinstance(patch, StepPatch)]


def test_a_hill_a_layer_on_its_own_ground(ax):
    net = Network((3, 20, 4), rng=0)
    weight_histogram(net, ax=ax, lang="en", bins=12)
    everything = np.concatenate([net[l].W.ravel() for l in (1, 2)])
    for hill, l, ground in zip(hills(ax), (1, 2), (1, 0), strict=True):
        values, edges, baseline = hill.get_data()
        counts, expected = np.histogram(net[l].W, 12, (everything.min(), everything.max()))
        assert np.allclose(edges, expected) and baseline == ground
        assert np.allclose((values - ground) / (values - ground).max(), counts / counts.max())
    assert [label.get_text() for label in ax.get_yticklabels()] == ["layer 1\n20 × 3", "layer 2\n4 × 20"]
    assert (ax.get_yticks() == [1, 0]).all()


def test_the_title_names_the_widest_and_the_narrowest(ax):
    net = Network((2, 2, 2), rng=0)
    net[1].W[...], net[2].W[...] = [[1, -1], [1, -1]], [[3, -3], [3, -3]]
    weight_histogram(net, ax=ax, lang="en")
    assert ax.get_title() == "Weights spread most in layer 2 (σ = 3), least in layer 1 (σ = 1)"
    ax.clear()
    assert (
        weight_histogram(Network((2, 2), rng=0), ax=ax, lang="en")
        .get_title()
        .startswith("Weights of the only")
    )


@pytest.mark.parametrize("theta", [True, False])
def test_before_is_a_dashed_outline(ax, trained, theta):
    start = Network((2, 10, 3), rng=0)
    weight_histogram(trained[5], before=start.theta if theta else start, ax=ax, lang="en", bins=9)
    now, earlier = hills(ax)[:2], hills(ax)[2:]
    assert all(hill.get_fill() for hill in now) and not any(hill.get_fill() for hill in earlier)
    edges = earlier[0].get_data().edges
    counts, _ = np.histogram(start[2].W, edges)
    values = earlier[1].get_data().values
    assert np.allclose(values / values.max(), counts / counts.max())
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["now", "before"]


def test_what_cannot_be_drawn_is_said(ax):
    net = Network((2, 3, 2), rng=0)
    with pytest.raises(TasouError, match="sizes alone have no weights"):
        weight_histogram((2, 3), ax=ax)
    with pytest.raises(ShapeError, match="a theta of the same network, not of 3 numbers"):
        weight_histogram(net, before=np.zeros(3), ax=ax)
    with pytest.raises(ShapeError, match="same sizes"):
        weight_histogram(net, before=Network((2, 4, 2)), ax=ax)
    net[1].W[0, 0] = np.nan
    with pytest.raises(TasouError, match="not finite"):
        weight_histogram(net, ax=ax)
