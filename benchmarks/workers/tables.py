"""One model on one split of one table, in its own process: reads the rows, writes what it predicts and what it cost.

``python -m benchmarks.workers.tables MODEL ROWS.pickle OUT.npz JOBS``. Every library has its defaults; what it cannot
take (text, gaps) is prepared as its own documentation shows.
"""

from __future__ import annotations

import pickle
import resource
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

Model = Any


def _numbers(X: pd.DataFrame) -> list[str]:
    return [c for c in X if pd.api.types.is_numeric_dtype(X[c]) and not pd.api.types.is_bool_dtype(X[c])]


def _text(column: pd.Series) -> list[str]:
    """Every cell as text; a missing one is a level of its own."""
    return [str(v) for v in column.astype(object).where(column.notna(), "(missing)")]


def _as_categories(X: pd.DataFrame, like: pd.DataFrame) -> pd.DataFrame:
    """Texts and booleans as categories of the rows to learn from."""
    numbers = _numbers(like)
    columns = {
        c: X[c].astype(float)
        if c in numbers
        else pd.Categorical(_text(X[c]), categories=sorted(set(_text(like[c]))))
        for c in X
    }
    return pd.DataFrame(columns, index=X.index)


class Prepared:
    """A model behind a preparation that was learnt from the rows to learn from."""

    def __init__(self, model: Model, prepare: Callable[[pd.DataFrame, pd.DataFrame], pd.DataFrame]) -> None:
        self.model, self.prepare = model, prepare

    def fit(self, X: pd.DataFrame, y: np.ndarray, **more: Any) -> Prepared:
        """Learn the preparation, then the model."""
        self.like = X
        self.model.fit(self.prepare(X, X), y, **more)
        return self

    def predict(self, X: pd.DataFrame) -> np.ndarray:
        """(n,) numbers."""
        return np.asarray(self.model.predict(self.prepare(X, self.like))).ravel()

    def predict_proba(self, X: pd.DataFrame) -> np.ndarray:
        """(n, K) probabilities."""
        return np.asarray(self.model.predict_proba(self.prepare(X, self.like)))


def _piped(model: Model, X: pd.DataFrame) -> Model:
    from sklearn.compose import make_column_transformer
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    numbers = _numbers(X)
    texts = [c for c in X if c not in numbers]
    prepare = make_column_transformer(
        (make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), numbers),
        (OneHotEncoder(handle_unknown="ignore"), texts),
    )
    return make_pipeline(prepare, model)


def catboost(classes: bool, X: pd.DataFrame, jobs: int) -> Model:
    """Texts are categories of its own kind."""
    from catboost import CatBoostClassifier, CatBoostRegressor

    texts = [c for c in X if c not in _numbers(X)]
    model = (CatBoostClassifier if classes else CatBoostRegressor)(
        random_seed=0, thread_count=jobs, verbose=False, allow_writing_files=False, cat_features=texts
    )

    def told(X: pd.DataFrame, like: pd.DataFrame) -> pd.DataFrame:
        return pd.DataFrame({c: _text(X[c]) if c in texts else X[c] for c in X}, index=X.index)

    return Prepared(model, told)


def lightgbm(classes: bool, X: pd.DataFrame, jobs: int) -> Model:
    """Texts as categories; its names allow no special letters."""
    from lightgbm import LGBMClassifier, LGBMRegressor

    def named(X: pd.DataFrame, like: pd.DataFrame) -> pd.DataFrame:
        return _as_categories(X, like).set_axis([f"x{j}" for j in range(X.shape[1])], axis=1)

    return Prepared(
        (LGBMClassifier if classes else LGBMRegressor)(random_state=0, n_jobs=jobs, verbose=-1), named
    )


def xgboost(classes: bool, X: pd.DataFrame, jobs: int) -> Model:
    """Texts as categories."""
    from xgboost import XGBClassifier, XGBRegressor

    kind = XGBClassifier if classes else XGBRegressor
    return Prepared(kind(random_state=0, n_jobs=jobs, enable_categorical=True), _as_categories)


def hist_gradient_boosting(classes: bool, X: pd.DataFrame, jobs: int) -> Model:
    """Texts as categories, where there are few enough."""
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

    kind = HistGradientBoostingClassifier if classes else HistGradientBoostingRegressor
    many = any(X[c].nunique() > 255 for c in X if c not in _numbers(X))  # it takes 255 categories at most
    return Prepared(
        kind(random_state=0, categorical_features=None if many else "from_dtype"),
        (lambda X, like: X[_numbers(like)]) if many else _as_categories,
    )


def realmlp_td(classes: bool, X: pd.DataFrame, jobs: int) -> Model:
    """Texts as categories, gaps filled with medians."""
    from pytabkit import RealMLP_TD_Classifier, RealMLP_TD_Regressor

    def filled(X: pd.DataFrame, like: pd.DataFrame) -> pd.DataFrame:
        return _as_categories(X, like).fillna({c: like[c].astype(float).median() for c in _numbers(like)})

    kind = RealMLP_TD_Classifier if classes else RealMLP_TD_Regressor
    return Prepared(kind(device="cpu", random_state=0, n_threads=jobs), filled)


def sklearn_mlp(classes: bool, X: pd.DataFrame, jobs: int) -> Model:
    """Behind a pipeline of imputing, scaling and one-hot columns."""
    from sklearn.neural_network import MLPClassifier, MLPRegressor

    if classes:
        return _piped(MLPClassifier(random_state=0), X)
    from sklearn.compose import TransformedTargetRegressor
    from sklearn.preprocessing import StandardScaler

    return TransformedTargetRegressor(_piped(MLPRegressor(random_state=0), X), transformer=StandardScaler())


def linear(classes: bool, X: pd.DataFrame, jobs: int) -> Model:
    """Logistic or ridge regression behind the same pipeline."""
    from sklearn.linear_model import LogisticRegression, RidgeCV

    return _piped(LogisticRegression(max_iter=1_000) if classes else RidgeCV(np.logspace(-3, 3, 13)), X)


def tasou(classes: bool, X: pd.DataFrame, jobs: int, **more: Any) -> Model:
    """Raw tables."""
    from tasou import TableClassifier, TableRegressor

    return (TableClassifier if classes else TableRegressor)(random_state=0, n_jobs=jobs, **more)


def tasou_fast(classes: bool, X: pd.DataFrame, jobs: int) -> Model:
    """About one member's work."""
    return tasou(classes, X, jobs, preset="fast")


def tasou_best(classes: bool, X: pd.DataFrame, jobs: int) -> Model:
    """More members, longer."""
    return tasou(classes, X, jobs, preset="best")


MODELS = {
    "tasou": tasou,
    "tasou fast": tasou_fast,
    "tasou best": tasou_best,
    "CatBoost": catboost,
    "LightGBM": lightgbm,
    "XGBoost": xgboost,
    "HistGradientBoosting": hist_gradient_boosting,
    "RealMLP-TD": realmlp_td,
    "scikit-learn MLP": sklearn_mlp,
    "linear": linear,
}


def cpu() -> float:
    """CPU seconds of this process and of its children."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)


def main(name: str, rows: str, out: str, jobs: int) -> None:
    """Learn, predict, write."""
    warnings.simplefilter("ignore")
    with open(rows, "rb") as file:
        X, y, X_test, classes = pickle.load(file)
    model = MODELS[name](classes, X, jobs)
    begun, wall = cpu(), time.perf_counter()
    model.fit(X, y)
    fitted, wall = cpu(), time.perf_counter() - wall
    said = model.predict_proba(X_test) if classes else model.predict(X_test)
    cost = {
        "cpu": fitted - begun,
        "wall": wall,
        "predict_cpu": cpu() - fitted,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    np.savez(out, said=np.asarray(said, np.float64), **cost)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
