"""``tasou.diagnose``: gather the record of a training that is over, and ask every rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from tasou.diagnostics.columns import measure_inputs
from tasou.diagnostics.data import measure_target
from tasou.diagnostics.diagnosis import Diagnosis
from tasou.diagnostics.examination import Held, with_divergence, with_fit, with_forward
from tasou.diagnostics.record import Record
from tasou.diagnostics.sample import Array, as_rows, choose, n_rows
from tasou.diagnostics.several import joined
from tasou.diagnostics.subjects import Subject, read_subject
from tasou.errors import ShapeError
from tasou.given import check_fitted, inside, members_of, rows_of
from tasou.messages import Message

NO_ROWS = Message(
    "diagnosis.no_rows",
    en="X has no rows to look at; give those that were learnt from, or leave X out",
    ja="X に調べる行がありません。学習に使った行を渡すか、X を省いてください",
)
ROWS_DIFFER = Message(
    "diagnosis.rows_differ",
    en="X and y must have the same number of rows, got {rows} and {targets}",
    ja="X と y の行数を同じにしてください（{rows} 行と {targets} 行でした）",
)


def diagnose(
    subject: Any,
    X: Any = None,
    y: Any = None,
    *,
    validation: Held = None,
    rows: int = 2_000,
    feature_names: Sequence[str] | None = None,
) -> Diagnosis:
    """What is wrong with a training, in words: findings with evidence, cause and what to try; none if all is well.

    Parameters
    ----------
    subject
        a fitted estimator (also scikit-learn's MLP, also inside a pipeline or a search), a `Training`, a `Network`, a
        `History`, or a list of losses, one per epoch; of an ensemble every member is examined, and findings name those
        that have them
    X, y
        the training data, as ``fit`` got it: with it the layers, the features, the target and the fit are examined
    validation
        (X, y) that the network has not learnt from: with it overfitting is examined
    rows
        most rows run through the network; of larger data that many are drawn, always the same
    feature_names
        what to call the columns of X; by default as the table X calls them, or the estimator

    Raises
    ------
    TasouError
        the subject offers nothing to diagnose, or X and y do not fit the network

    Examples
    --------
    >>> from tasou import MLPClassifier, datasets, diagnose
    >>> X, y = datasets.make("moons", 200)
    >>> mlp = MLPClassifier((10,), solver="lbfgs", max_iter=1000, random_state=0)
    >>> diagnose(mlp.fit(X * 1000, y), X * 1000, y).codes
    ['T010']
    >>> diagnose(mlp.fit(X, y), X, y)
    Diagnosis(healthy)
    >>> X[:, 1] = 7
    >>> diagnose(mlp.fit(X, y), X, feature_names=["age", "floor"])[0].evidence("en")
    'columns with one value only: 1 of 2 (floor)'
    """
    found = inside(subject)
    check_fitted(found.subject)
    X, y = (None if X is None else found.rows(X)), (None if y is None else found.targets(y))
    if validation is not None:
        validation = (found.rows(validation[0]), found.targets(validation[1]))

    def of(subject: Any) -> Diagnosis:
        return Diagnosis.of(_record(subject, X, y, validation, rows, feature_names))

    if (members := members_of(found.subject)) is not None:
        return joined({member.number: of(member) for member in members})
    return of(found.subject)


def _record(subject: Any, X: Any, y: Any, validation: Held, rows: int, names: Sequence[str] | None) -> Record:
    """All that can be known of one network."""
    read = read_subject(subject, 0 if X is None else n_rows(X))
    if names is not None:
        read = replace(read, names=names)
    elif hasattr(X, "columns"):
        read = replace(read, names=list(X.columns))
    record = Record(read.losses, read.validation_losses, read.run, read.model)
    if X is not None:
        record = _with_data(record, read, X, y, validation, rows)
    elif read.network is not None and not np.isfinite(read.network.theta).all():
        record = with_divergence(record, read.network.forward(np.zeros((1, read.network.sizes[0]))))
    return record


def _with_data(record: Record, read: Subject, X: Any, y: Any, validation: Held, rows: int) -> Record:
    """The record with what X and y tell."""
    if n_rows(X) == 0:
        raise ShapeError(NO_ROWS)
    chosen, names = choose(X, rows), read.names
    every = _inputs(read, X, chosen if hasattr(X, "tocsr") else None)
    complete = len(every) == n_rows(X)
    inputs = measure_inputs(every, complete=complete, names=names, sources=read.sources)
    record = replace(record, inputs=inputs)
    if read.network is None:
        return record
    some = every if len(every) == len(chosen) else every[chosen]
    if y is None:
        return with_forward(record, read.network, some)
    Y = _targets(read, y)
    if len(Y) != n_rows(X):
        raise ShapeError(ROWS_DIFFER, rows=n_rows(X), targets=len(Y))
    record = replace(record, target=measure_target(read.network, Y, read.labels))
    held = None if validation is None else (_inputs(read, validation[0]), _targets(read, validation[1]))
    return with_fit(record, read.network, some, Y[chosen], held)


def _inputs(read: Subject, X: Any, index: Any = None) -> Array:
    """X as the network got it in training."""
    X = rows_of(X, index)
    return X if read.scaling is None else np.asarray(read.scaling.inputs(X))


def _targets(read: Subject, y: Any) -> Array:
    """Y as the network got it in training."""
    assert read.network is not None
    Y = as_rows(read.network, y, read.labels)
    return Y if read.scaling is None else np.asarray(read.scaling.targets(Y))
