"""A film of a training: as many frames as asked for, the last one the end, the file whole or not there."""

from __future__ import annotations

import base64
import json
import re
from io import BytesIO

import numpy as np
import pytest
from matplotlib.animation import FFMpegWriter
from PIL import Image

import tasou
from tasou.errors import DivergenceError, TasouError
from tasou.network import Network
from tasou.plots import animate_training, check_film_path
from tasou.training import Training

X = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
Y = np.array([0, 1, 1, 0])
SMALL = {"epochs": 9, "frames": 3, "resolution": 8, "dpi": 20, "lang": "en"}


def network():
    return Network((2, 3, 2), "tanh", rng=1)


def films(path):
    page = path.read_text()
    frames, words = (
        json.loads(re.search(rf"const {name} = (.*);\n", page)[1]) for name in ("frames", "words")
    )
    return page, frames, words


@pytest.fixture(scope="module")
def gif(tmp_path_factory):
    return animate_training(network(), X, Y, tmp_path_factory.mktemp("film") / "a.gif", fps=10, **SMALL)


def test_a_gif_has_its_frames_and_pauses_at_the_end(gif):
    with Image.open(gif) as image:
        assert image.n_frames == 3 and image.size == (220, 100) and image.info["loop"] == 0
        assert image.info["duration"] == 100
        image.seek(2)
        assert image.info["duration"] == 2000
    assert [file.name for file in gif.parent.iterdir()] == ["a.gif"]


def test_a_page_holds_everything_it_shows(tmp_path):
    path = animate_training(network(), X, Y, str(tmp_path / "a.html"), title="<b> & </script>", **SMALL)
    page, frames, words = films(path)
    assert len(frames) == len(words) == 3
    assert Image.open(BytesIO(base64.b64decode(frames[-1]))).size == (220, 100)
    assert [re.search(r"in (\d+) epochs", text)[1] for text in words] == ["1", "3", "9"]
    assert not re.search(r"https?:|@[A-Z_]+@|src=\"(?!data:)", page)
    assert '<html lang="en">' in page and "Play" in page and page.count("</script>") == 1


def test_the_same_training_is_the_same_bytes(gif, tmp_path):
    again = animate_training(network(), X, Y, tmp_path / "b.gif", fps=10, **SMALL)
    assert again.read_bytes() == gif.read_bytes()


def test_the_film_shows_each_epoch_and_leaves_the_network_at_the_end(tmp_path):
    plain, filmed = (Training(network(), lr=0.5, rng=0) for _ in range(2))
    losses = plain.run(X, Y, epochs=9).loss
    _, _, words = films(animate_training(filmed, X, Y, tmp_path / "a.html", **SMALL))
    assert np.array_equal(plain.network.theta, filmed.network.theta)
    assert f"Loss {losses[0]:.3g} → {losses[2]:.3g} in 3 epochs" in words[1]
    right = int((plain.network.predict(X).argmax(axis=1) == Y).sum())
    assert f"{right} of 4 right" in words[-1]
    assert not filmed.callbacks.epoch_watchers
    *_, words = films(animate_training(filmed, X, Y, tmp_path / "a.html", **SMALL | {"frames": 1}))
    assert "in 18 epochs" in words[-1]  # a training goes on


def test_a_training_that_ends_early_ends_the_film(tmp_path):
    training = Training(network(), callbacks=[lambda training: len(training.history) == 5])
    _, _, words = films(animate_training(training, X, Y, tmp_path / "a.html", **SMALL | {"frames": 2}))
    assert [re.search(r"in (\d+) epochs", text)[1] for text in words] == ["1", "5"]


def test_estimators_learn_step_by_step(tmp_path):
    labels = np.array(["no", "yes"])[Y]
    estimator = tasou.MLPClassifier((3,), random_state=0)
    small = SMALL | {"frames": 1}
    _, _, words = films(animate_training(estimator, X, labels, tmp_path / "a.html", **small))
    assert len(estimator.loss_curve_) == 9 and "in 9 epochs" in words[-1]
    assert f"{(estimator.predict(X) == labels).sum()} of 4 right" in words[-1]
    with pytest.raises(TasouError, match=r"MLPClassifier cannot be filmed: .*lbfgs"):
        animate_training(tasou.MLPClassifier(solver="lbfgs"), X, labels, tmp_path / "b.html", **SMALL)


def test_nothing_is_written_where_the_training_diverges(tmp_path):
    with np.errstate(all="ignore"), pytest.raises(DivergenceError):
        animate_training(
            Training(Network((2, 3, 2), "identity", rng=1), lr=1e300), X, Y, tmp_path / "a.gif", **SMALL
        )
    assert not list(tmp_path.iterdir())


def test_paths_are_checked_before_the_training(tmp_path, monkeypatch):
    net = network()
    theta = net.theta.copy()
    monkeypatch.setattr(FFMpegWriter, "isAvailable", classmethod(lambda cls: False))
    for name, words in {
        "a.png": r"a film's name ends in \.gif, \.html, \.mp4",
        "no/a.gif": "there is no folder",
        "a.mp4": "ffmpeg is not installed; choose .gif or .html",
    }.items():
        with pytest.raises(TasouError, match=words):
            animate_training(net, X, Y, tmp_path / name, **SMALL)
    for wrong in ({"epochs": 0}, {"frames": 0}, {"fps": 0}):
        with pytest.raises(TasouError, match="must be at least 1 and fps above 0"):
            animate_training(net, X, Y, tmp_path / "a.gif", **SMALL | wrong)
    assert np.array_equal(net.theta, theta)
    assert check_film_path(tmp_path / "A.GIF").name == "A.GIF"


@pytest.mark.skipif(not FFMpegWriter.isAvailable(), reason="no ffmpeg here")
def test_mp4(tmp_path):
    path = animate_training(network(), X, Y, tmp_path / "a.mp4", **SMALL)
    assert path.read_bytes()[4:8] == b"ftyp"


def test_a_training_that_runs_many_epochs_at_once_is_filmed_all_the_same(tmp_path):
    training = Training(network(), lr=0.5, shuffle=False)
    _, frames, _ = films(animate_training(training, X, Y, tmp_path / "a.html", **SMALL | {"epochs": 200}))
    assert len(frames) == 3
