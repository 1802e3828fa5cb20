"""Ensembles of tables of every kind, learnt in a moment, and rows that they have not seen."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from tasou.ensembles import judge
from tasou.ensembles.choice import Choice
from tasou.tables import Table
from tasou.tabular import TableClassifier, TableRegressor, learning
from tasou.tabular.presets import PRESETS

N = 90
ROWS = {
    "size": ["0.5", "", "-7.25", "1e3", "0"],
    "tail": ["3", "40000", "", "-2", "0.001"],
    "town": ["t3", "never", "", "t11", "t0"],
    "sex": ["m", "", "f", "x", "m"],
    "three": ["a", "b", "", "z", "c"],
    "day": ["2024-03-04", "", "1999-12-31", "2031-01-01", "2024-02-29"],
}


def table() -> dict[str, Any]:
    """Numbers with gaps and a tail, many levels, two, a few, dates."""
    rng = np.random.default_rng(0)
    X: dict[str, Any] = {
        "size": rng.normal(size=N).round(3),
        "tail": np.exp(3 * rng.normal(size=N)).round(3),
        "town": np.array([f"t{j % 12}" for j in range(N)], object),
        "sex": rng.choice(["m", "f"], N).astype(object),
        "three": rng.choice(["a", "b", "c", ""], N).astype(object),
        "day": np.array([f"2024-{1 + j % 12:02d}-{1 + j % 28:02d}" for j in range(N)], object),
    }
    X["tail"][::7] = np.nan
    return X


def learnt(kind: str, patch: Any) -> Any:
    """An estimator that has learnt for six epochs; what a choice would drop is there, too."""
    X = table()
    second = kind in ("two", "threshold", "three", "number")
    chosen = Choice((0, 2), 0.3 if second else 0.0, 1.0 if kind in REGRESSORS else 1.4, 0.5)
    small = {"hidden": (6, 5), "epochs": 6}
    patch.setattr(learning, "fit", partial(learning.fit, asked=small))
    patch.setattr(judge, "choose", lambda *args, **options: chosen)
    patch.setitem(PRESETS, "fast", replace(PRESETS["fast"], members=(2, 2), folds=(4, 4), bins=((6, 40),)))
    score = X["size"] + (X["sex"] == "m") + np.where(X["three"] == "a", 0.7, 0)
    if kind in REGRESSORS:
        y, options = REGRESSORS[kind](score)
        return TableRegressor("fast", random_state=0, **options).fit(X, y)
    y = CLASSES[kind](score)
    return TableClassifier("fast", random_state=0, **({"threshold": 0.3} if kind == "threshold" else {})).fit(
        X, y
    )


CLASSES: dict[str, Any] = {
    "two": lambda s: np.where(s > 0.5, "はい", "いいえ"),
    "threshold": lambda s: s > 0.9,
    "three": lambda s: np.digitize(s, [0, 1]) + 5,
    "labels": lambda s: np.stack([s > 0, s > 1, s < 0.5], axis=1).astype(int),
}
REGRESSORS: dict[str, Any] = {
    "number": lambda s: (100 + 7 * s, {}),
    "numbers": lambda s: (np.stack([s, 1000 * s**2], axis=1), {}),
    "tail": lambda s: (np.exp(2 * s), {"target_transform": "log"}),
    "counts": lambda s: (np.floor(np.exp(s)), {"loss": "poisson"}),
    "quantiles": lambda s: (3 * s, {"loss": "quantile", "quantiles": (0.1, 0.5, 0.6, 0.9)}),
}
KINDS = [*CLASSES, *REGRESSORS]


def rows(**others: Any) -> dict[str, Any]:
    """The rows as a table, some columns replaced."""
    return {name: np.array(cells, object) for name, cells in ROWS.items()} | others


def csv() -> bytes:
    """The same as a file."""
    from tasou.exporting.words import csv_line

    lines = [csv_line(list(ROWS)), *(csv_line(row) for row in zip(*ROWS.values(), strict=True))]
    return ("\n".join(lines) + "\n").encode()


def said(model: Any, others: dict[str, Any] | None = None) -> tuple[list[str], np.ndarray[Any, Any]]:
    """The labels of the rows, where there are some, and the numbers."""
    asked = rows(**(others or {}))
    if not hasattr(model, "classes_"):
        return [], np.asarray(model.predict(asked), float).reshape(len(ROWS["size"]), -1)
    labels = model.predict(asked)
    if labels.ndim == 2:
        texts = [" ".join(str(k) for k in np.flatnonzero(row)) for row in labels]
    else:
        texts = [str(label) for label in labels.tolist()]
    return texts, model.predict_proba(asked)


def held(kind: str, model: Any, j: int) -> tuple[Any, Any]:
    """The prepared rows kept out of a member, and their classes or numbers."""
    X = table()
    score = X["size"] + (X["sex"] == "m") + np.where(X["three"] == "a", 0.7, 0)
    at = model._ensemble.oof.held[j]
    y = (
        np.searchsorted(model.classes_, CLASSES[kind](score))
        if kind in CLASSES
        else REGRESSORS[kind](score)[0]
    )
    return model._preparation.transform(Table.from_frame(X).take(at)), y[at]
