"""Boundary left, loss right, in one figure that no one else knows of."""

from __future__ import annotations

from matplotlib import pyplot

from tasou.plots import fonts, overview


def test_boundary_left_and_loss_right(spiral):
    network, X, y, history = spiral
    figure = overview(network, X, y, losses=history, title="Spiral", loss_name="cross-entropy", lang="en")
    left, right = figure.axes
    assert left.get_title().startswith("Decision boundary") and right.get_title().startswith("Loss")
    assert left.get_position().x1 < right.get_position().x0
    assert right.get_ylabel() == "cross-entropy" and figure.get_suptitle() == "Spiral"
    assert pyplot.get_fignums() == []


def test_an_estimator_brings_its_own_losses(spiral):
    network, X, y, history = spiral

    class Fitted:
        loss_curve_ = history.loss

        def predict(self, rows):
            return network.predict(rows).argmax(axis=1)

    _, right = overview(Fitted(), X, y, lang="en").axes
    assert "in 60 epochs" in right.get_title()


def test_texts_follow_the_language_drawn(spiral, monkeypatch):
    network, X, y, history = spiral
    words = {"en": "Spiral", "ja": "渦巻き"}
    if fonts.japanese_font():
        assert overview(network, X, y, losses=history, title=words, lang="ja").get_suptitle() == "渦巻き"
    monkeypatch.setattr(fonts, "japanese_font", lambda: None)
    monkeypatch.setattr(fonts, "warn_once", lambda: None)
    figure = overview(network, X, y, losses=history, title=words, loss_name=words, lang="ja")
    assert figure.get_suptitle() == figure.axes[1].get_ylabel() == "Spiral"
    figure.canvas.draw()
