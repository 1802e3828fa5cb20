"""TableRegressor: numbers from a raw table."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import RegressorMixin
from sklearn.utils import check_array
from sklearn.utils.validation import check_consistent_length, check_is_fitted, column_or_1d

from tasou.errors import TasouError, UnknownName
from tasou.messages import Message
from tasou.tabular._base import BaseTable, kept_together
from tasou.tabular.aims import Counts, Numbers
from tasou.tabular.ensemble import Parts

Array = NDArray[Any]

NO_TARGET = Message(
    "tabular.no_target",
    en="TableRegressor requires y to be passed, but the target y is None",
    ja="TableRegressor には目的変数 y が必要です（None が渡されました）",
)
LOSS = Message("kind.table_loss", en="loss", ja="損失")
NEGATIVE = Message(
    "tabular.negative_count",
    en="loss='poisson' learns counts, but y is {value} in row {row}: counts are at least 0",
    ja="loss='poisson' は件数を学習しますが、y の {row} 行目は {value} です。件数は 0 以上です",
)
ONE_COUNT = Message(
    "tabular.one_count",
    en="loss='poisson' learns one target at a time, not {n}",
    ja="loss='poisson' で一度に学習できる目的変数は1つです（{n} 個あります）",
)
LOSSES = ("squared_error", "poisson")


class TableRegressor(RegressorMixin, BaseTable):
    """Numbers from a raw table: text, categories, dates, gaps and numbers as they stand; nothing has to be set.

    An ensemble of small networks (see the guide "how a table is learnt"): each learns from three quarters of the rows
    and is judged by the rest. Predictions stay within the range of the targets that were learnt from.

    Parameters
    ----------
    preset : {"default", "fast", "best"}, default="default"
        How much is done: 8 or 16 members; about 4; twice as many, for longer.
    loss : {"squared_error", "poisson"}, default="squared_error"
        What is minimised; ``"poisson"`` for counts.
    categorical, numeric, drop : list of str, default=None
        Columns whose role is set by hand; the others' is found (``roles_``). Those of an array are ``"x0"``, ``"x1"``.
    random_state : int, RandomState or None, default=None
        Seed of folds, initial parameters and orders.
    n_jobs : int, default=None
        Members that learn at once, on threads; −1 is every core. The numbers do not depend on it.

    Attributes
    ----------
    roles_ : Roles
        What each column is for, and why; ``print(model.roles_.table())``.
    oof_prediction_ : ndarray of shape (n_samples,) or (n_samples, n_targets)
        Predictions for the rows that were learnt from, each by members it was kept out of; NaN where there are none.
    n_features_in_, feature_names_in_ : int, ndarray
        Number and names of the columns.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.linspace(-1, 1, 200)
    >>> model = TableRegressor("fast", random_state=0).fit({"x": x}, x**2)
    >>> bool(abs(model.predict({"x": [0.5]})[0] - 0.25) < 0.02)
    True
    """

    def __init__(
        self,
        preset: str = "default",
        *,
        loss: str = "squared_error",
        categorical: Any = None,
        numeric: Any = None,
        drop: Any = None,
        random_state: Any = None,
        n_jobs: int | None = None,
    ) -> None:
        super().__init__(preset, categorical, numeric, drop, random_state, n_jobs)
        self.loss = loss

    def fit(self, X: Any, y: Any, sample_weight: Any = None, *, groups: Any = None, time: Any = None) -> Self:
        """Learn from a table X and the number of each row.

        Parameters
        ----------
        X : frame, dict, structured or plain array
            The table: pandas, Polars, Arrow; n rows.
        y : array-like of shape (n,) or (n, n_targets)
            The numbers.
        sample_weight : array-like of shape (n,), default=None
            What each row weighs.
        groups : array-like of shape (n,), default=None
            Rows of the same group (a patient, a shop) are kept out together.
        time : array-like of shape (n,), default=None
            When each row was seen: rows are kept out by periods.

        Returns
        -------
        self : TableRegressor
            The fitted estimator.
        """
        if self.loss not in LOSSES:
            raise UnknownName(LOSS, self.loss, LOSSES)
        table = self._table(X, reset=True)
        Y = self._checked(y, len(table))
        weight = self._weights(sample_weight, len(Y))
        self._mean = np.average(Y, axis=0, weights=weight)
        aim = (Counts if self.loss == "poisson" else Numbers).of(Y, weight)
        return self._learn(table, Y, aim, Parts(weight, kept_together(groups, time, len(table))))

    def _checked(self, y: Any, n: int) -> Array:
        """(n, K) finite numbers."""
        if y is None:
            raise TasouError(NO_TARGET)
        y = check_array(y, ensure_2d=False, dtype=np.float64, input_name="y", estimator=self)
        y = column_or_1d(y, warn=True) if y.ndim == 1 or y.shape[1] == 1 else y
        check_consistent_length(y, np.empty(n))
        self._flat = y.ndim == 1
        Y: Array = y.reshape(len(y), -1)
        if self.loss == "poisson":
            if Y.shape[1] > 1:
                raise TasouError(ONE_COUNT, n=Y.shape[1])
            if (Y < 0).any():
                row = int(np.argmax((Y < 0).any(axis=1)))
                raise TasouError(NEGATIVE, value=float(Y[row, 0]), row=row)
        return Y

    def predict(self, X: Any) -> Array:
        """(n,) the number expected, or (n, n_targets)."""
        check_is_fitted(self, "roles_")
        Y = self._answers(X, self._mean)
        return Y.ravel() if self._flat else Y

    @property
    def oof_prediction_(self) -> Array:
        """The predictions for the rows learnt from, each by members it was kept out of."""
        if self._ensemble is None:
            raise AttributeError("oof_prediction_")
        Y = self._ensemble.out_of_fold()
        return Y.ravel() if self._flat else Y

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags
