"""MLPClassifier with a loss of one's choice: it learns, answers in labels, and says if there are no probabilities."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.datasets import load_iris, make_multilabel_classification
from sklearn.model_selection import cross_val_score

from tasou import MLPClassifier, MLPRegressor
from tasou.errors import TasouError
from tasou.formulas import losses

X, CLASSES = load_iris(return_X_y=True)
X = (X - X.mean(axis=0)) / X.std(axis=0)
NAMES = np.array(["setosa", "versicolor", "virginica"])[CLASSES]
FOR_CLASSES = [loss.name for loss in losses.registry if loss.targets in ("one_hot", "sign")]


def fitted(y, **options):
    return MLPClassifier((8,), solver="lbfgs", max_iter=60, random_state=0, **options).fit(X, y)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("loss", FOR_CLASSES)
@pytest.mark.parametrize("y", [NAMES, NAMES == "setosa"], ids=["three", "two"])
def test_classes_are_learnt_and_called_by_their_labels(loss, y):
    mlp = fitted(y, loss=loss)
    assert set(mlp.predict(X)) <= set(y) and mlp.score(X, y) > 0.95
    assert mlp.network_.loss.name == loss


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_hinge_has_distances_and_focal_has_probabilities():
    hinge, focal = (fitted(NAMES == "virginica", loss=loss) for loss in ("hinge", "focal"))
    assert not hasattr(hinge, "predict_proba") and not hasattr(focal, "decision_function")
    with pytest.raises(AttributeError, match="has no attribute 'predict_proba'"):
        hinge.predict_proba(X)
    assert np.array_equal(hinge.decision_function(X) > 0, hinge.predict(X))
    p = focal.predict_proba(X)
    assert p.shape == (150, 2) and p.sum(axis=1) == pytest.approx(1)
    assert focal.predict_log_proba(X) == pytest.approx(np.log(np.maximum(p, 1e-300)), abs=1e-9)
    assert fitted(NAMES, loss="hinge").decision_function(X).shape == (150, 3)
    assert cross_val_score(hinge, X, NAMES == "virginica", scoring="roc_auc", cv=3).min() > 0.9


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_cross_entropy_by_name_is_the_default():
    plain, named = fitted(NAMES), fitted(NAMES, loss="cross_entropy")
    assert all(np.array_equal(a, b) for a, b in zip(plain.coefs_, named.coefs_, strict=True))


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_several_labels_at_once_can_be_learnt_by_hinge():
    A, B = make_multilabel_classification(80, 5, n_classes=3, random_state=0)
    mlp = MLPClassifier(
        (30,), "tanh", loss="hinge", learning_rate_init=0.02, max_iter=200, random_state=0
    ).fit(A, B)
    assert (mlp.predict(A) == B).mean() > 0.9 and mlp.predict(A).shape == B.shape


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_weights_of_classes_and_rows_kept_out_know_the_classes():
    mlp = MLPClassifier(
        (8,),
        loss="focal",
        class_weight="balanced",
        early_stopping=True,
        learning_rate_init=0.02,
        random_state=0,
    )
    mlp.fit(X, NAMES == "setosa")
    assert mlp.best_validation_score_ > 0.9


@pytest.mark.parametrize(
    ("loss", "y", "says"),
    [
        ("huber", NAMES, "loss='huber' is not for classes; those that are: binary_cross_entropy"),
        ("binary_cross_entropy", NAMES, "is not for more than two classes; those that are: cross_entropy"),
        (
            "focal",
            np.eye(3, dtype=int)[CLASSES] + np.eye(3, dtype=int)[0],
            "is not for several labels at once",
        ),
    ],
)
def test_a_loss_that_does_not_fit_is_refused_with_those_that_do(loss, y, says):
    with pytest.raises(TasouError, match=says):
        fitted(np.minimum(y, 1) if y.ndim > 1 else y, loss=loss)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_scikit_learn_predicts_the_same_where_it_has_the_output():
    focal = fitted(NAMES == "setosa", loss="focal")
    assert np.array_equal(focal.to_sklearn().predict(X), focal.predict(X))
    with pytest.raises(TasouError, match="has no network"):
        fitted(NAMES, loss="hinge").to_sklearn()


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("solver", ["lion", "nadam"])
def test_new_solvers_are_chosen_by_name(solver):
    options = {
        "solver": solver,
        "learning_rate_init": 0.003,
        "batch_size": 30,
        "max_iter": 150,
        "tol": 0,
        "random_state": 0,
    }
    assert MLPClassifier((8,), **options).fit(X, NAMES).score(X, NAMES) > 0.95
    assert MLPRegressor(hidden_layer_sizes=(20,), **options).fit(X, CLASSES).score(X, CLASSES) > 0.9
