"""The background is what is predicted, the points are what is true, the rings are where they differ."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
import polars as pl
import pytest
from matplotlib.colors import to_rgb
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier

from tasou import plots
from tasou.errors import ShapeError, TasouError, UnknownName
from tasou.network import Network
from tasou.plots import theme

decision_boundary = partial(plots.decision_boundary, resolution=40)

X = np.array([[-1.0, 0.0], [-0.5, 1.0], [0.5, 0.2], [1.0, 0.8]])
Y = np.array(["minus", "plus", "plus", "plus"])


def image(ax):
    (picture,) = ax.images
    return np.asarray(picture.get_array()), picture.get_extent()


def hue(colour):
    """The class whose colour the tint comes from."""
    tints = [theme.mix("white", theme.colour(k), 0.32) for k in range(10)]
    return int(np.argmin(np.abs(np.array(tints) - colour[:3]).sum(axis=1)))


def scatters(ax):
    return {c.get_label(): c for c in ax.collections if not c.get_label().startswith("_")}


@pytest.mark.parametrize("feature", [0, 1])
def test_every_pixel_shows_the_prediction_at_its_place(ax, sign, feature):
    points = np.array([[-1.0, -1], [1, 1]])
    decision_boundary(sign(feature), points, ["minus", "plus"], ax=ax, resolution=20, lang="en")
    pixels, (left, right, bottom, top) = image(ax)
    assert left < -1 and right > 1 and bottom < -1 and top > 1
    assert pixels.shape == (20, 20, 3)
    x, y = (right - left) * 0.875 + left, (top - bottom) * 0.125 + bottom  # right and low
    expected = int((x if feature == 0 else y) > 0)
    assert hue(pixels[2, 17]) == expected  # row 0 is the lowest
    assert hue(pixels[17, 2]) == 1 - expected


def test_points_have_their_true_class_and_the_wrong_ones_a_ring(ax, sign):
    decision_boundary(sign(), X, Y, ax=ax, lang="en")
    drawn = scatters(ax)
    assert list(drawn) == ["minus", "plus", "misclassified (1)"]
    assert drawn["plus"].get_offsets().tolist() == X[1:].tolist()
    assert np.allclose(drawn["plus"].get_facecolor()[0, :3], to_rgb("#ffa90e"))
    assert drawn["misclassified (1)"].get_offsets().tolist() == [[-0.5, 1.0]]
    assert ax.get_title() == "Decision boundary: 3 of 4 right (75.0%)"
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("$x_{1}$", "$x_{2}$")


def test_no_ring_where_nothing_is_wrong(ax, sign):
    decision_boundary(sign(), X, ["minus", "minus", "plus", "plus"], ax=ax, lang="en")
    assert list(scatters(ax)) == ["minus", "plus"]


def test_the_border_runs_where_the_class_changes(ax, sign):
    decision_boundary(sign(), X, Y, ax=ax, lang="en")
    borders = [c for c in ax.collections if c not in scatters(ax).values()]
    vertices = np.concatenate([path.vertices for c in borders for path in c.get_paths()])
    assert np.abs(vertices[:, 0]).max() < 0.02
    assert np.ptp(vertices[:, 1]) > 1


def test_one_class_everywhere_has_no_border(ax, sign):
    decision_boundary(sign(answers=("a", "a")), X, ["a"] * 4, ax=ax, lang="en")
    assert len(ax.collections) == 1


def test_a_network_answers_with_its_largest_output(ax, spiral):
    network, points, y, _ = spiral
    decision_boundary(network, points, y, ax=ax, lang="en")
    right = int((network.predict(points).argmax(axis=1) == y).sum())
    assert f"{right} of 300 right" in ax.get_title()


def test_a_network_with_one_output_answers_by_a_half(ax):
    class Half:
        def predict(self, rows):
            return 1 / (1 + np.exp(-20 * rows[:, :1]))

    decision_boundary(Half(), X, [0, 0, 1, 1], ax=ax, lang="en", proba=True)
    assert "4 of 4 right" in ax.get_title()
    pixels, _ = image(ax)
    assert hue(pixels[0, 0]) == 0 and hue(pixels[0, -1]) == 1


def test_probabilities_mix_the_colours(ax):
    classifier = LogisticRegression().fit(X, [0, 0, 1, 1])
    decision_boundary(classifier, X, [0, 0, 1, 1], ax=ax, proba=True, resolution=50, lang="en")
    pixels, _ = image(ax)
    assert len(np.unique(pixels[25].round(9), axis=0)) == 50  # every column another mixture
    with pytest.raises(TasouError, match=r"Plain has no predict_proba; draw it with proba=False"):
        Plain = type("Plain", (), {"predict": lambda self, rows: np.zeros(len(rows))})
        decision_boundary(Plain(), X, [0, 0, 1, 1], ax=ax, proba=True)


def test_other_features_are_held_at_their_median(ax, sign):
    classifier = sign(3)
    table = np.array([[1.0, 5, 0, -1], [2, 6, 0, 1], [9, 7, 0, 2]])
    decision_boundary(classifier, table, ["minus", "plus", "plus"], ax=ax, features=(3, 1), lang="en")
    assert np.unique(classifier.asked[:, 0]) == 2 and np.unique(classifier.asked[:, 2]) == 0
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("$x_{4}$", "$x_{2}$")
    assert set(scatters(ax)) == {"minus", "plus"}
    assert scatters(ax)["minus"].get_offsets().tolist() == [[-1, 5]]


COLUMNS = {
    "age": [20.0, 30, 40, 50, 60],
    "city": ["東京", "大阪", "大阪", "京都", "京都"],
    "fare $": [1, 5, 2, 8, 3],
    "member": [True, True, False, True, False],
}


def _pandas():
    return pd.DataFrame(COLUMNS).astype({"city": "category"})


@pytest.mark.parametrize("make", [_pandas, lambda: pl.DataFrame(COLUMNS)], ids=["pandas", "polars"])
def test_data_frames_stay_data_frames(ax, make):
    frame, asked = make(), []

    class Reader:
        classes_ = np.array(["no", "yes"])

        def predict(self, rows):
            asked.append(rows)
            return np.where(np.asarray(rows["age"]) > 35, "yes", "no")

    decision_boundary(Reader(), frame, ["no", "no", "yes", "yes", "yes"], ax=ax, features=("age", "fare $"))
    grid = asked[-1]
    assert type(grid) is type(frame) and list(grid.columns) == list(COLUMNS)
    assert set(grid["city"]) == {"京都"} or set(grid["city"]) == {"大阪"}
    assert grid["city"].dtype == frame["city"].dtype and grid["member"].dtype == frame["member"].dtype
    assert set(grid["member"]) == {True}
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("age", r"fare \$")


def test_a_pipeline_on_a_frame_and_names_from_the_fit(ax):
    frame = _pandas()
    encode = make_pipeline(OneHotEncoder(handle_unknown="ignore"), RandomForestClassifier(5, random_state=0))
    decision_boundary(encode.fit(frame, list("ababb")), frame, list("ababb"), ax=ax, features=(0, 2))
    scaled = make_pipeline(StandardScaler(), LogisticRegression()).fit(
        frame[["age", "fare $"]], list("ababb")
    )
    decision_boundary(scaled, frame[["age", "fare $"]], list("ababb"), ax=ax)
    assert ax.get_xlabel() == "age"


def test_classes_that_were_never_learnt_are_drawn_too(ax):
    classifier = LogisticRegression().fit(X, ["b", "b", "c", "c"])
    decision_boundary(classifier, X, ["b", "a", "c", "c"], ax=ax, lang="en")
    assert list(scatters(ax)) == ["b", "c", "a", "misclassified (1)"]


def test_constant_and_missing_values(ax, sign):
    points = np.array([[1.0, -2], [1, np.nan], [1, 3]])
    decision_boundary(sign(), points, ["plus"] * 3, ax=ax)
    _, (left, right, bottom, top) = image(ax)
    assert (left, right) == (0.5, 1.5) and bottom < -2 and top > 3


def test_many_points_are_pixels_in_a_drawing(ax, sign):
    points = np.tile(X, (1500, 1))
    decision_boundary(sign(), points, np.tile(Y, 1500), ax=ax)
    assert all(c.get_rasterized() for c in scatters(ax).values() if "mis" not in c.get_label())


@pytest.mark.parametrize(
    "arguments, error, words",
    [
        ({"features": (0, 5)}, TasouError, "no feature 5: X has 2"),
        ({"features": (0, "x3")}, UnknownName, "unknown feature 'x3'"),
        ({"features": (0,)}, TasouError, "features must be two"),
        ({"resolution": 1}, TasouError, "resolution must be at least 2"),
        ({"lang": "fr"}, UnknownName, "unknown language 'fr'"),
    ],
)
def test_what_cannot_be_drawn_is_said(ax, sign, arguments, error, words):
    with pytest.raises(error, match=words):
        decision_boundary(sign(), X, Y, ax=ax, **arguments)


@pytest.mark.parametrize(
    "points, labels, words",
    [
        (X[:, :1], Y, "two features or more, and X has the shape"),
        (X[:, 0], Y, "two features or more"),
        (X, Y[:3], r"of shape \(4,\), not \(3,\)"),
    ],
)
def test_shapes_that_do_not_fit(ax, sign, points, labels, words):
    with pytest.raises(ShapeError, match=words):
        decision_boundary(sign(), points, labels, ax=ax)


def test_a_model_of_several_labels_is_refused_in_words(ax):
    several = DecisionTreeClassifier(random_state=0).fit(X, np.c_[Y == "plus", Y == "minus"])
    for proba in (False, True):
        with pytest.raises(ShapeError, match="answers with 2 labels a row, and this picture shows one class"):
            decision_boundary(several, X, np.c_[Y == "plus", Y == "minus"], ax=ax, proba=proba)


def test_features_must_be_numbers_with_a_finite_value(ax, sign):
    with pytest.raises(TasouError, match="feature 'city' is not numeric"):
        decision_boundary(sign(), _pandas(), Y, ax=ax, features=("age", "city"))
    with pytest.raises(TasouError, match="no finite value"):
        decision_boundary(sign(), X * [1, np.nan], Y, ax=ax)


def test_the_plane_of_the_widest_directions(ax, sign):
    phi = 2 * np.pi * np.arange(40) / 40 + 0.1
    t = np.column_stack([3 * np.cos(phi), np.sin(phi)])
    table = np.column_stack([t[:, 0], -10 * t[:, 0], 5 + t[:, 1], np.full(40, 7.0)])
    labels = np.where(table[:, 0] > 0, "plus", "minus")
    classifier = sign()
    decision_boundary(classifier, table, labels, ax=ax, features="pca", lang="en")
    assert "40 of 40 right" in ax.get_title()
    assert (
        ax.get_xlabel() == "principal component 1 (67%)" and ax.get_ylabel() == "principal component 2 (33%)"
    )
    grid = (
        classifier.asked
    )  # lies in the plane: the second feature is -10 times the first, the last is constant
    assert np.allclose(grid[:, 1] - table[:, 1].mean(), -10 * (grid[:, 0] - table[:, 0].mean()))
    assert np.allclose(grid[:, 3], 7)
    seen = np.concatenate([c.get_offsets() for c in scatters(ax).values()])
    assert np.allclose(seen.var(axis=0), [2, 1])
    frame = pd.DataFrame(table, columns=list("abcd"))
    decision_boundary(classifier, frame, labels, ax=ax, features="pca")
    assert list(classifier.asked.columns) == list("abcd")


def test_other_features_are_held_where_they_are_fixed(ax, sign):
    classifier = sign()
    table = np.array([[-1.0, 5, 0, 1], [2, 6, 0, 1], [9, 7, 0, 2]])
    decision_boundary(classifier, table, ["minus", "plus", "plus"], ax=ax, fixed={2: 8.5, -1: 3})
    assert set(classifier.asked[:, 2]) == {8.5} and set(classifier.asked[:, 3]) == {3}
    reader = type("Reader", (), {"predict": lambda self, rows: np.asarray(rows["city"])})
    decision_boundary(
        reader(), _pandas(), list(COLUMNS["city"]), ax=ax, features=(0, 2), fixed={"city": "東京"}
    )


@pytest.mark.parametrize(
    "options, words",
    [
        ({"features": "pcs"}, "unknown plane 'pcs': did you mean 'pca'"),
        ({"features": "pca", "fixed": {0: 1}}, "the plane of 'pca' moves all"),
        ({"fixed": {0: 1}}, "a feature that is drawn cannot be fixed"),
        ({"fixed": {"x9": 1}}, "unknown feature 'x9'"),
    ],
)
def test_planes_that_make_no_sense(ax, sign, options, words):
    with pytest.raises(TasouError, match=words):
        decision_boundary(sign(), X, Y, ax=ax, **options)


def test_the_widest_directions_need_numbers(ax, sign):
    with pytest.raises(TasouError, match="needs numbers in every feature"):
        decision_boundary(sign(), _pandas(), Y, ax=ax, features="pca")
    with pytest.raises(TasouError, match="needs finite values"):
        decision_boundary(sign(), X * [1, np.nan], Y, ax=ax, features="pca")


def test_a_training_is_drawn_as_its_network(ax, trained):
    decision_boundary(trained[5], *trained[1:3], ax=ax, lang="en")
    right = int((trained[0].predict(trained[1]).argmax(axis=1) == trained[2]).sum())
    assert f"{right} of 300 right" in ax.get_title()


def test_a_network_that_answers_with_signs(ax):
    net = Network((2, 1), loss="perceptron", rng=0)
    net[1].W[...], net[1].b[...] = [[1, 0]], [0]
    decision_boundary(net, X, [-1, -1, 1, 1], ax=ax, lang="en", proba=True)
    assert "4 of 4 right" in ax.get_title() and list(scatters(ax)) == ["-1", "1"]
