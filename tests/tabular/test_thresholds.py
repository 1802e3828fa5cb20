"""From which probability on the second of two classes is answered."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import balanced_accuracy_score, f1_score, matthews_corrcoef

from tasou import TableClassifier
from tasou.errors import TasouError
from tasou.formulas import confusion
from tasou.tabular import thresholds

rng = np.random.default_rng(0)
N = 400
x = rng.normal(size=N)
RARE = np.where(x + rng.normal(size=N) > 1.8, "yes", "no")
X = {"x": x}


def test_metrics_are_scikit_learns():
    y, said = rng.random(60) < 0.3, rng.random(60) < 0.4
    sums = [float((a & b).sum()) for a, b in ((said, y), (said, ~y), (~said, y), (~said, ~y))]
    assert confusion.balanced(*sums, np) == pytest.approx(balanced_accuracy_score(y, said))
    assert confusion.f1(*sums, np) == pytest.approx(f1_score(y, said))
    assert confusion.mcc(*sums, np) == pytest.approx(matthews_corrcoef(y, said))
    assert confusion.accuracy(*sums, np) == pytest.approx((y == said).mean())


def test_the_best_cut_of_all_is_found():
    p, y = rng.random(80).round(2), rng.random(80) < 0.3
    v = rng.integers(1, 4, 80).astype(float)
    found = thresholds.tuned(p, y, "f1", v)
    every = [f1_score(y, p > t, sample_weight=v) for t in np.unique(p)[:-1] + 0.004]
    assert found.value == pytest.approx(max(every))
    assert f1_score(y, p > found.threshold, sample_weight=v) == pytest.approx(found.value)
    assert found.half == pytest.approx(f1_score(y, p > 0.5, sample_weight=v, zero_division=0))


def test_a_rare_class_is_found_more_often_by_a_tuned_threshold_and_probabilities_stay():
    plain = TableClassifier("fast", random_state=0).fit(X, RARE)
    tuned = TableClassifier("fast", threshold="balanced", random_state=0).fit(X, RARE)
    assert (plain.predict_proba(X) == tuned.predict_proba(X)).all()
    assert tuned.threshold_ < 0.4
    new = rng.normal(size=2000)
    truth = np.where(new + rng.normal(size=2000) > 1.8, "yes", "no")
    score = [balanced_accuracy_score(truth, m.predict({"x": new})) for m in (plain, tuned)]
    assert score[1] > score[0] + 0.1
    assert any("predict says yes from a probability of" in str(note) for note in tuned.notes_)
    assert any("balanced accuracy" in str(note) for note in tuned.notes_)


def test_a_number_is_the_threshold():
    model = TableClassifier("fast", threshold=0.1, random_state=0).fit(X, RARE)
    assert ((model.predict_proba(X)[:, 1] > 0.1) == (model.predict(X) == "yes")).all()


@pytest.mark.parametrize(
    ("threshold", "y", "match"),
    [
        ("f2", RARE, "known: balanced, accuracy, f1, mcc"),
        (1.5, RARE, "between 0 and 1"),
        ("f1", np.arange(N) % 3, "two classes, but y has 3"),
        (0.3, np.stack([x > 0, x > 1], axis=1).astype(int), "several labels"),
    ],
)
def test_a_threshold_that_means_nothing_is_refused(threshold, y, match):
    with pytest.raises(TasouError, match=match):
        TableClassifier("fast", threshold=threshold).fit(X, y)
