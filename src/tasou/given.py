"""What users hand in, by one door for pictures and diagnosis: rows of X, the labels y, and the thing that was trained.

All that ``fit`` takes is taken here: arrays, lists, sparse matrices, data frames with bool, nullable, Arrow or object
columns, y as a column; and a pipeline or a search stands for the estimator inside.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.errors import ShapeError, TasouError
from tasou.messages import Message

Array = NDArray[Any]

NOT_NUMBERS = Message(
    "given.not_numbers",
    en="X must be numbers; {column} holds {value!r}",
    ja="X は数値にしてください。{column} に {value!r} があります",
)
COLUMN = Message("given.column", en="column {name!r}", ja="列 {name!r}")
ROWS_AND_COLUMNS = Message(
    "given.rows_and_columns",
    en="X must be rows of features, of shape (n, d), not {shape}",
    ja="X は1行に1サンプルを並べた形 (n, d) にしてください（{shape} でした）",
)
MISSING = Message(
    "given.missing_labels",
    en="y misses values: {n} of {rows} rows {n:has|have} none (the first is row {row}, counted from 0); leave "
    "these rows out",
    ja="y に欠損があります。{rows} 行のうち {n} 行に値がありません（最初は0から数えて {row} 行目）。除いてください",
)
SEVERAL = Message(
    "given.several",
    en="an ensemble of {n} networks is no single one: look at one of them, e.g. model.members_[0]",
    ja="{n} 個のネットワークのアンサンブルで、1つのネットワークではありません。model.members_[0] のように"
    "1つを渡してください",
)
NOT_FITTED = Message(
    "given.not_fitted",
    en="this {thing} is not fitted yet; call fit first",
    ja="この {thing} はまだ学習していません。先に fit を呼んでください",
)


# --- X ---------------------------------------------------------------------------------------------------------------


def rows_of(X: Any, index: NDArray[np.intp] | None = None) -> Array:
    """X, or some of its rows, as a dense array (n, d) of numbers, as the estimators read it.

    >>> rows_of([[True, 2], [False, 3]]).tolist()
    [[1.0, 2.0], [0.0, 3.0]]

    Raises
    ------
    ShapeError
        X has no rows and columns
    TasouError
        a column holds something else than numbers
    """
    if hasattr(X, "tocsr"):
        chosen = X.tocsr() if index is None else X.tocsr()[index]
        return np.asarray(chosen.toarray())
    if index is not None:
        X = (
            X.iloc[index]
            if hasattr(X, "iloc")
            else X[index]
            if hasattr(X, "columns")
            else np.asarray(X)[index]
        )
    found = np.asarray(X)
    if found.dtype.kind != "f":
        found = _converted(X, found)
    if found.ndim != 2:
        raise ShapeError(ROWS_AND_COLUMNS, shape=found.shape)
    return found


def _converted(X: Any, found: Array) -> Array:
    """Bool, nullable and object columns as float64."""
    try:
        return found.astype(np.float64)
    except (TypeError, ValueError):
        pass
    if found.ndim != 2:
        raise ShapeError(ROWS_AND_COLUMNS, shape=found.shape)
    names = [str(name) for name in getattr(X, "columns", [f"X[:, {j}]" for j in range(found.shape[1])])]
    return np.column_stack([_column(found[:, j], name) for j, name in enumerate(names)])


def _column(values: Array, name: str) -> Array:
    numbers = np.empty(len(values))
    for i, value in enumerate(values):
        try:
            numbers[i] = np.nan if is_missing(value) else float(value)
        except (TypeError, ValueError):
            raise TasouError(NOT_NUMBERS, column=COLUMN(name=name), value=str(value)) from None
    return numbers


def is_missing(value: Any) -> bool:
    """Whether a cell is None, NaN, NaT or pandas' NA.

    >>> [is_missing(value) for value in (None, float("nan"), 0, "", "nan")]
    [True, True, False, False, False]
    """
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    return isinstance(value, float | np.floating) and bool(np.isnan(value))


# --- y ---------------------------------------------------------------------------------------------------------------


def labels_of(y: Any) -> Array:
    """y as ``fit`` reads it: a column or a frame of one column is its values (n,), several outputs stay (n, K).

    >>> labels_of([["a"], ["b"]]).tolist()
    ['a', 'b']

    Raises
    ------
    TasouError
        a row has no label
    """
    found = np.asarray(y.toarray() if hasattr(y, "tocsr") else y)
    if found.ndim == 2 and found.shape[1] == 1:
        found = found[:, 0]
    if found.dtype.kind in "fO":
        missing = (
            np.isnan(found) if found.dtype.kind == "f" else np.vectorize(is_missing, otypes=[bool])(found)
        )
        rows = missing if missing.ndim == 1 else missing.any(axis=-1) if missing.ndim else np.zeros(0, bool)
        if rows.any():
            raise TasouError(MISSING, n=int(rows.sum()), rows=len(rows), row=int(rows.argmax()))
    return plain_labels(found)


def plain_labels(found: Array) -> Array:
    """Labels that a nullable or an Arrow column hands out as objects, in the type that they are of."""
    if found.dtype.kind != "O" or not found.size:
        return found
    kinds = {type(value) for value in found.ravel().tolist()}
    return np.asarray(found.tolist()) if kinds in ({bool}, {int}, {float}) else found


# --- what was trained ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Inside:
    """The estimator within a pipeline, a search or the like, and what becomes of X and y on their way to it."""

    subject: Any
    rows: Callable[[Any], Any]
    targets: Callable[[Any], Any]


def inside(subject: Any) -> Inside:
    """Look into pipelines, searches (``best_estimator_``), target transformers, and what wraps one ``estimator_``.

    A model of tables has a ``look_inside`` of its own, which prepares rows; of several members it gives all.
    """
    before: list[Callable[[Any], Any]] = []
    of_targets: list[Callable[[Any], Any]] = []
    while True:
        if hasattr(subject, "named_steps"):
            if len(subject.steps) > 1:
                before.append(subject[:-1].transform)
            subject = subject[-1]
        elif hasattr(subject, "best_estimator_"):
            subject = subject.best_estimator_
        elif (opened := _opened(subject)) is not None:
            subject = opened.subject
            before.append(opened.rows)
            of_targets.append(opened.targets)
        elif hasattr(subject, "regressor_") and hasattr(subject, "transformer_"):
            of_targets.append(_transforming(subject.transformer_))
            subject = subject.regressor_
        elif any(
            hasattr(getattr(subject, "estimator_", None), name) for name in ("coefs_", "coef_", "loss_curve_")
        ):
            subject = subject.estimator_
        else:
            return Inside(subject, _chain(before), _chain(of_targets))


def _opened(subject: Any) -> Inside | None:
    """What a fitted model of tables lets see of itself."""
    look: Callable[[], Inside | None] | None = getattr(subject, "look_inside", None)
    return None if look is None or isinstance(subject, type) else look()


def single(subject: Any) -> Any:
    """What `inside` gave, if it is one network's training.

    Raises
    ------
    TasouError
        it is all members of an ensemble
    """
    if (members := members_of(subject)) is not None:
        raise TasouError(SEVERAL, n=len(members))
    return subject


def members_of(subject: Any) -> list[Any] | None:
    """The trainings of an ensemble's members, if `inside` gave several; else None."""
    found: list[Any] | None = getattr(subject, "learnt", None)
    return found if isinstance(found, list) else None


def _transforming(transformer: Any) -> Callable[[Any], Any]:
    return lambda y: transformer.transform(np.asarray(y).reshape(len(y), -1))


def _chain(steps: list[Callable[[Any], Any]]) -> Callable[[Any], Any]:
    def through(values: Any) -> Any:
        for step in steps:
            values = step(values)
        return values

    return through


def check_fitted(subject: Any) -> None:
    """Raise `TasouError` for an estimator (it has ``fit`` and ``get_params``) that ``fit`` has left nothing on."""
    if not (hasattr(subject, "fit") and hasattr(subject, "get_params")) or isinstance(subject, type):
        return
    if not any(name.endswith("_") and not name.startswith("_") for name in vars(subject)):
        raise TasouError(NOT_FITTED, thing=type(subject).__name__)
