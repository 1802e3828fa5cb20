"""Whether promised probabilities came true."""

from __future__ import annotations

import numpy as np
import pytest

from tasou import TableClassifier
from tasou.tabular.calibration import Calibration


def test_honest_probabilities_are_within_their_intervals_and_bold_ones_are_not():
    rng = np.random.default_rng(0)
    p = rng.random(4000)
    came = rng.random(4000) < p
    honest, bold = Calibration.of(p, came), Calibration.of(np.where(p > 0.5, 0.95, 0.05), came)
    assert honest.error < 0.03 < 0.15 < bold.error
    assert ((honest.low <= honest.promised) & (honest.promised <= honest.high)).mean() > 0.8
    assert not ((bold.low <= bold.promised) & (bold.promised <= bold.high)).any()


def test_a_weight_of_two_is_two_rows():
    p, came = np.array([0.2, 0.25, 0.8]), np.array([0, 1, 1])
    twice = Calibration.of(p[[0, 1, 1, 2]], came[[0, 1, 1, 2]])
    assert Calibration.of(p, came, np.array([1, 2, 1])).error == pytest.approx(twice.error)


@pytest.mark.parametrize("kind", ["two", "three", "labels"])
def test_a_classifier_knows_how_far_its_probabilities_hold(kind):
    rng = np.random.default_rng(0)
    x = rng.normal(size=300)
    y = x + rng.normal(size=300)
    target = {
        "two": y > 0,
        "three": np.digitize(y, [-1, 1]),
        "labels": np.stack([y > 0, y > 1], axis=1).astype(int),
    }[kind]
    model = TableClassifier("fast", random_state=0).fit({"x": x}, target)
    found = model.calibration_
    assert 0 < found.error < 0.2
    assert found.share.sum() == pytest.approx(1)
    assert "expected calibration error" in repr(found)
    assert "較正" in found.text("ja")
    assert "<table>" in found._repr_html_() and found._repr_html_().count("<circle") == len(found.promised)
    shown = model._repr_mimebundle_()["text/html"]
    assert "probabilities are off by" in shown and "<circle" in shown
    assert any("probabilities are off by" in str(note) for note in model.notes_)
