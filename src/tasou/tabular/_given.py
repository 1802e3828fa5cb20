"""What table estimators take: tables of any make, targets, weights, groups and times, looked at before learning."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import issparse
from sklearn.utils import check_array, column_or_1d
from sklearn.utils.validation import _check_sample_weight, check_consistent_length, validate_data

from tasou.ensembles.folds import periods
from tasou.errors import TasouError
from tasou.given import is_missing, plain_labels
from tasou.messages import Message, Sentence
from tasou.tables import Table
from tasou.tables.frames import is_rows, of_rows, refuse_names_twice
from tasou.tabular.moments import PERIODS, moments_of

Array = NDArray[Any]

NO_ROWS = Message(
    "tabular.no_rows",
    en="Found array with 0 sample(s) (shape=(0, {columns})) while a minimum of 1 is required: X has no row",
    ja="X に行がありません（0 sample(s)、{columns} 列）",
)
MISSING_COLUMNS = Message(
    "tabular.missing_columns",
    en="Feature names seen at fit time, yet now missing: {names:list}",
    ja="学習のときにあった列がありません：{names:list}",
)
OTHER_COLUMNS = Message(
    "tabular.other_columns",
    en="The feature names should match those that were passed during fit.{line}{unseen}{lacking}{hint}",
    ja="X の列が学習のときと違います。{line}{unseen}{lacking}{hint}",
)
UNSEEN = Message(
    "tabular.unseen",
    en="Feature names unseen at fit time:{line}{names}{line}",
    ja="学習のときになかった列：{line}{names}{line}",
)
LACKING = Message(
    "tabular.lacking",
    en="Feature names seen at fit time, yet now missing:{line}{names}{line}",
    ja="学習のときにあった列で、足りないもの：{line}{names}{line}",
)
ORDER = Message(
    "tabular.order",
    en="Feature names must be in the same order as they were in fit.{line}",
    ja="順番だけが違います。{line}",
)
HINT = Message(
    "tabular.take_columns",
    en="To take the columns that were learnt from, in their order: X[list(model.feature_names_in_)]",
    ja="学習に使った列を順に取り出すには X[list(model.feature_names_in_)] とします",
)
MOST_NAMES = 5
NO_TARGET = Message(
    "tabular.target_missing",
    en="Input y contains NaN: {n} of {rows} rows {n:has|have} no value (the first is row {row}, counted from 0); leave "
    "these rows out",
    ja="y に欠損があります。{rows} 行のうち {n} 行に値がありません（最初は0から数えて {row} 行目）。"
    "その行を除いてください",
)
NEGATIVE_WEIGHT = Message(
    "tabular.negative_weight",
    en="sample_weight must not be negative: row {row} has {value}",
    ja="sample_weight に負の値は使えません（{row} 行目が {value}）",
)
NO_WEIGHT = Message(
    "tabular.no_weight",
    en="sample_weight is zero everywhere: there is nothing to learn from",
    ja="sample_weight がすべて 0 です。学習に使える行がありません",
)
TOGETHER = Message(
    "tabular.validation_together",
    en="X_val and y_val belong together: give both or neither",
    ja="X_val と y_val は一緒に指定してください（または両方とも省く）",
)
VALIDATION_TWICE = Message(
    "tabular.validation_twice",
    en="rows of your own to validate on (X_val) leave nothing for groups or time to keep out: give one or the other",
    ja="検証用の行（X_val）を指定したときは、groups や time で除いておく行はありません。どちらか一方を指定してください",
)
GROUPS_OR_TIME = Message(
    "tabular.groups_or_time",
    en="rows are kept together by groups or by time, not by both",
    ja="groups と time は一緒に使えません。どちらか一方を指定してください",
)
NO_MOMENT = Message(
    "tabular.no_moment",
    en="time must be dates or numbers: row {row} (counted from 0) has {cell!r}",
    ja="time には日付か数値を指定してください（0から数えて {row} 行目が {cell!r}）",
)
ONE_GROUP = Message(
    "tabular.one_group",
    en="every row has the same {name}: nothing can be kept out together; leave {name} out",
    ja="{name} がすべての行で同じなので、まとめて除く行を作れません。{name} を指定しないでください",
)
NO_TIME = Message(
    "tabular.no_time",
    en="time has no value in row {row} (counted from 0): leave out the rows whose time is unknown",
    ja="time の {row} 行目（0から数えて）に値がありません。時刻のない行は除いてください",
)
NO_JOBS = Message(
    "tabular.no_jobs",
    en="n_jobs must be a whole number of threads, or -1 for every core, not {n_jobs!r}",
    ja="n_jobs にはスレッド数か、全コアを表す -1 を指定してください（{n_jobs!r} でした）",
)


class TakesTables:
    """How the rows of a user become a `Table`, and what belongs to each row."""

    feature_names_in_: Array
    n_features_in_: int

    def _table(self, X: Any, *, reset: bool) -> Table:
        """X as a table: frames and dicts by their columns' names, arrays by their places."""
        if is_rows(X):
            X = of_rows(X)
        if not _is_named(X):
            return self._table_of_array(X, reset)
        if isinstance(X, np.ndarray):
            X = {name: X[name] for name in X.dtype.names}
        if isinstance(X, dict):
            X = {str(name): cells for name, cells in X.items()}
            self._note_names(list(X), reset)
        elif isinstance(X, Table):
            self._note_names(X.names, reset)
        else:
            X = _named_by_texts(X)
            self._note_frame(X, reset)
        table = Table.from_frame(X, source="X")
        if len(table) == 0:
            raise TasouError(NO_ROWS, columns=len(table.names))
        return table

    def _table_of_array(self, X: Any, reset: bool) -> Table:
        """An array's columns are called x0, x1, …, or by the names that were learnt, which scikit-learn warns of."""
        X = check_array(
            X, dtype=None, ensure_all_finite=False, estimator=self, input_name="X", ensure_min_samples=1
        )
        validate_data(self, X, reset=reset, skip_check_array=True)
        names = None if reset else getattr(self, "feature_names_in_", None)
        return Table.from_frame(X if names is None else dict(zip(names, X.T, strict=True)), source="X")

    def _note_names(self, names: Sequence[str], reset: bool) -> None:
        """The names of the columns of a dict or a `Table`, which scikit-learn does not look at."""
        if reset:
            self.feature_names_in_ = np.array(names, dtype=object)
            self.n_features_in_ = len(names)
        elif missing := [name for name in self._learnt_names() if name not in names]:
            raise TasouError(MISSING_COLUMNS, names=missing)

    def _learnt_names(self) -> list[str]:
        found = getattr(self, "feature_names_in_", None)
        return [f"x{j}" for j in range(self.n_features_in_)] if found is None else list(found)

    def _note_frame(self, X: Any, reset: bool) -> None:
        """The names of a frame's columns, whose order is to be that of ``fit``, as everywhere in scikit-learn."""
        refuse_names_twice(getattr(X, "column_names", None) or X.columns)
        try:
            validate_data(self, X, reset=reset, skip_check_array=True)
        except ValueError as error:
            if reset or not hasattr(self, "feature_names_in_"):
                raise
            raise self._other_columns(getattr(X, "column_names", None) or X.columns) from error

    def _other_columns(self, names: Any) -> TasouError:
        """In scikit-learn's words, which are known to its users, and with what to do."""
        now, known = {str(name) for name in names}, set(self.feature_names_in_)
        unseen, lacking = _listed(UNSEEN, now - known), _listed(LACKING, known - now)
        order = ORDER(line="\n") if not (unseen or lacking) else ""
        hint = "" if lacking else HINT()
        return TasouError(OTHER_COLUMNS, line="\n", unseen=unseen or order, lacking=lacking, hint=hint)

    def _weights(self, sample_weight: Any, n: int) -> Array | None:
        if sample_weight is None:
            return None
        weight = np.asarray(_check_sample_weight(sample_weight, np.empty((n, 0)), dtype=np.float64))
        if (weight < 0).any():
            row = int(np.argmax(weight < 0))
            raise TasouError(NEGATIVE_WEIGHT, row=row, value=float(weight[row]))
        if not weight.any():
            raise TasouError(NO_WEIGHT)
        return np.asarray(weight / weight.mean())

    def _judging(self, X_val: Any, y_val: Any, *others: Any) -> Table | None:
        """The table of the user's own validation rows, which stand alone."""
        if (X_val is None) != (y_val is None):
            raise TasouError(TOGETHER)
        if X_val is not None and any(other is not None for other in others):
            raise TasouError(VALIDATION_TWICE)
        return None if X_val is None else self._table(X_val, reset=False)


def _listed(message: Message, names: set[str]) -> Sentence | str:
    """The first names, a line each; nothing where there are none."""
    if not names:
        return ""
    lines = [f"- {name}" for name in sorted(names)[:MOST_NAMES]] + ["- ..."] * (len(names) > MOST_NAMES)
    return message(line="\n", names="\n".join(lines))


def _is_named(X: Any) -> bool:
    """Whether X knows its columns' names; scikit-learn refuses a sparse matrix, of which one kind is a dict."""
    return not issparse(X) and (
        isinstance(X, dict | Table)
        or (hasattr(X, "columns") and not callable(X.columns))
        or hasattr(X, "column_names")
        or (isinstance(X, np.ndarray) and X.dtype.names is not None)
    )


def _named_by_texts(X: Any) -> Any:
    """A frame some of whose names are texts and others numbers (from several frames put together): all as texts.

    scikit-learn takes names that are texts, and forgets those that are all something else.

    >>> import pandas as pd
    >>> list(_named_by_texts(pd.DataFrame({"town": ["Nara"], 0: [1.5]})).columns)
    ['town', '0']
    """
    names = list(getattr(X, "columns", ()))
    mixed = 0 < sum(isinstance(name, str) for name in names) < len(names)
    return X.set_axis([str(name) for name in names], axis=1) if mixed and hasattr(X, "set_axis") else X


def plain_target(y: Any) -> Any:
    """y of nullable, Arrow and Polars columns in the type that it is of; a row without a value is named.

    >>> import pandas as pd
    >>> plain_target(pd.Series([True, False], dtype="boolean")).dtype
    dtype('bool')

    Raises
    ------
    TasouError
        a row has no value
    """
    if y is None or isinstance(y, list | tuple) or issparse(y):
        return y
    found: Array = np.asarray(y)
    if found.dtype.kind == "O" and found.size and not isinstance(y, np.ndarray):
        cells: list[bool] = [is_missing(value) and value is not None for value in found.ravel().tolist()]
    elif found.dtype.kind == "f":
        cells = np.isnan(found).ravel().tolist()
    else:
        return found
    if any(cells):
        rows = [any(of_row) for of_row in np.reshape(cells, (len(found), -1)).tolist()]
        raise TasouError(NO_TARGET, n=sum(rows), rows=len(rows), row=rows.index(True))
    return plain_labels(found) if found.dtype.kind == "O" else found


def kept_together(groups: Any, time: Any, n: int) -> Array | None:
    """(n,) the number of the group of each row, by groups or by periods of time; None where rows stand alone.

    Rows whose group is missing are a group as well. Times are numbers or dates, or texts that are such.

    Raises
    ------
    TasouError
        both are given, or a row's time is none
    """
    if groups is not None and time is not None:
        raise TasouError(GROUPS_OR_TIME)
    if groups is not None:
        codes = np.unique(np.asarray(column_or_1d(groups)).astype(str), return_inverse=True)[1]
        check_consistent_length(codes, np.empty(n))
        return _several(np.asarray(codes, np.int64), "groups")
    if time is not None:
        cells = column_or_1d(time)
        check_consistent_length(cells, np.empty(n))
        column = Table({"time": cells}).column("time")
        moments, unknown = moments_of(column)
        if unknown is not None and column.missing[unknown]:
            raise TasouError(NO_TIME, row=unknown)
        if unknown is not None:
            raise TasouError(NO_MOMENT, row=unknown, cell=str(column.cell(unknown)))
        return _several(periods(moments, PERIODS), "time")
    return None


def _several(groups: Array, name: str) -> Array:
    """The groups, if there are two: of one nothing could be kept out."""
    if len(groups) > 1 and (groups == groups[0]).all():
        raise TasouError(ONE_GROUP, name=name)
    return groups


def jobs(n_jobs: Any) -> int:
    """How many members learn at once: as scikit-learn counts, None is 1, -1 every core."""
    if n_jobs is None:
        return 1
    if not isinstance(n_jobs, int | np.integer) or n_jobs == 0:
        raise TasouError(NO_JOBS, n_jobs=n_jobs)
    return max(1, int(n_jobs) if n_jobs > 0 else (os.cpu_count() or 1) + 1 + n_jobs)
