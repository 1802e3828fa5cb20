"""scikit-learn's checks of an estimator's manners: all of them, for all of ours."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest
import sklearn
from sklearn.utils import estimator_checks
from sklearn.utils.estimator_checks import parametrize_with_checks
from sklearn.utils.fixes import parse_version

from tasou import LogisticRegression, MLPClassifier, MLPRegressor, Perceptron, SoftmaxRegression

ESTIMATORS = [
    MLPClassifier(max_iter=40, learning_rate_init=0.01),
    MLPRegressor(max_iter=80, learning_rate_init=0.01),
    Perceptron(max_iter=20),
    LogisticRegression(),
    SoftmaxRegression(),
]

# what scikit-learn asks of its own estimators alone, but anybody may import
EXTRA = [
    "check_param_validation",
    "check_dataframe_column_names_consistency",
    "check_n_features_in_after_fitting",
    "check_inplace_ensure_writeable",
    "check_all_zero_sample_weights_error",
]
EXTRA_FOR_TRANSFORMERS = [
    "check_transformer_get_feature_names_out",
    "check_transformer_get_feature_names_out_pandas",
    "check_set_output_transform",
    "check_set_output_transform_pandas",
    "check_set_output_transform_polars",
    "check_global_output_transform_pandas",
    "check_global_set_output_transform_polars",
]

pytestmark = [
    pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning"),
    pytest.mark.filterwarnings("ignore:Got `batch_size` less than 1 or larger:UserWarning"),
    # checks that cannot be carried out here (a namespace that is not installed) warn before they skip
    pytest.mark.filterwarnings("ignore::sklearn.exceptions.SkipTestWarning"),
    # some checks fit on a table and transform an array
    pytest.mark.filterwarnings("ignore:X .* feature names, but .* was fitted with:UserWarning"),
]


WEIGHT_IS_NO_REPETITION = (
    "a step twice as long is not the step taken twice, and the order of the samples matters"
)


def impossible(estimator):
    """What no perceptron can do, for which scikit-learn excuses its own; pytest watches that it stays impossible."""
    kinds = ("dense", "sparse") if isinstance(estimator, Perceptron) else ()
    return {f"check_sample_weight_equivalence_on_{kind}_data": WEIGHT_IS_NO_REPETITION for kind in kinds}


CHECKS = parametrize_with_checks(ESTIMATORS, expected_failed_checks=impossible)


@pytest.mark.parametrize(CHECKS.args[0], list(CHECKS.args[1]), **CHECKS.kwargs)  # older ones give a generator
def test_check_estimator(estimator, check):
    check(estimator)


@pytest.mark.parametrize("name", EXTRA)
@pytest.mark.parametrize("estimator", ESTIMATORS, ids=str)
def test_extra_checks(estimator, name):
    check = getattr(estimator_checks, name, None)
    if check is None:
        pytest.skip(f"this scikit-learn has no {name}")
    check(type(estimator).__name__, estimator)


@pytest.mark.parametrize("name", EXTRA_FOR_TRANSFORMERS)
@pytest.mark.parametrize("estimator", [e for e in ESTIMATORS if hasattr(e, "transform")], ids=str)
def test_extra_checks_of_transformers(estimator, name):
    check = getattr(estimator_checks, name, None)
    if check is None:
        pytest.skip(f"this scikit-learn has no {name}")
    check(type(estimator).__name__, estimator)


@pytest.mark.skipif(
    parse_version(sklearn.__version__) < parse_version("1.9"), reason="newer scikit-learn has them"
)
def test_array_api_checks():
    """They run only where SCIPY_ARRAY_API is set before SciPy is imported, and else raise SkipTest."""
    run = subprocess.run(
        [sys.executable, __file__], env={**os.environ, "SCIPY_ARRAY_API": "1"}, capture_output=True, text=True
    )
    assert run.stdout == f"{len(ESTIMATORS)} checked\n", run.stdout + run.stderr


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=str)
def test_what_is_checked_also_learns(estimator):
    """The checks prove manners; a class that always answers the same passes most of them."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(300, 3))
    y = X[:, 0] - X[:, 1]
    y = y if isinstance(estimator, MLPRegressor) else y > 0
    assert estimator.fit(X, y).score(X, y) > 0.95


if __name__ == "__main__":  # run by test_array_api_checks
    pairs = [getattr(pair, "values", pair) for pair in CHECKS.args[1]]
    found = [check(estimator) for estimator, check in pairs if "check_array_api" in str(check)]
    print(len(found), "checked")
