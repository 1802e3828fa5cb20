"""TableRegressor: numbers from a raw table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import RegressorMixin
from sklearn.utils import check_array
from sklearn.utils.validation import check_consistent_length, check_is_fitted, column_or_1d

from tasou.errors import TasouError, UnknownName
from tasou.messages import Message, Sentence
from tasou.network.targets import refuse_text
from tasou.tables.kind import Kind
from tasou.tabular import tails
from tasou.tabular._base import BaseTable
from tasou.tabular._given import kept_together, plain_target
from tasou.tabular._intervals import GivesIntervals
from tasou.tabular.aims import Aim, Counts, Numbers, Quantiles
from tasou.tabular.intervals import Intervals
from tasou.tabular.parts import Parts

Array = NDArray[Any]

NO_TARGET = Message(
    "tabular.no_target",
    en="TableRegressor requires y to be passed, but the target y is None",
    ja="TableRegressor には目的変数 y が必要です（None が渡されました）",
)
LOSS = Message("kind.table_loss", en="loss", ja="損失")
MOMENTS = Message(
    "tabular.moments_as_target",
    en="y holds dates or durations, which have no unit: give numbers, e.g. (y - y.min()).dt.days",
    ja="y は日付か時間の長さで、単位がありません。(y - y.min()).dt.days のように数値にしてください",
)
NEGATIVE = Message(
    "tabular.negative_count",
    en="loss='poisson' learns counts, but y is {value:.4g} in row {row}: counts are at least 0",
    ja="loss='poisson' は件数を学習しますが、y の {row} 行目は {value:.4g} です。件数は0以上です",
)
ONE_TARGET = Message(
    "tabular.one_target",
    en="loss={loss!r} learns one target at a time, not {n}",
    ja="loss={loss!r} で一度に学習できる目的変数は1つです（{n} 個あります）",
)
LEVELS = Message(
    "tabular.levels",
    en="quantiles must be levels between 0 and 1, each above the last, not {levels}",
    ja="quantiles には 0 と 1 の間の水準を小さい順に並べてください（{levels} が渡されました）",
)
ERROR_TOLD = Message(
    "tabular.error_told",
    en="predictions are off by {error:.4g} (root mean squared error on {n} rows kept out; the target's deviation is "
    "{deviation:.4g})",
    ja="予測の誤差は {error:.4g} です（学習に使わなかった {n} 行での二乗平均平方根誤差。目的変数の標準偏差は "
    "{deviation:.4g}）",
)
LEVELS_TOLD = Message(
    "tabular.levels_told",
    en="the levels {levels:list} were moved to hold on rows kept out: of these {below:list} lay below them before",
    ja="分位点 {levels:list} は、学習に使わなかった行で成り立つように補正しました"
    "（補正前に各分位点を下回った行の割合：{below:list}）",
)
TOO_LARGE = Message(
    "tabular.too_large",
    en="y is {value:.4g} in row {row} (counted from 0): numbers beyond 1e100 cannot be learnt; divide y by a unit",
    ja="y の {row} 行目（0から数えて）が {value:.4g} です。1e100 を超える数は学習できません。"
    "y を適当な単位で割ってください",
)
LARGEST = 1e100
LOSSES = ("squared_error", "poisson", "quantile")


class TableRegressor(RegressorMixin, GivesIntervals, BaseTable):
    """Numbers from a raw table: text, categories, dates, gaps and numbers as they stand; nothing has to be set.

    An ensemble of small networks (see the guide "how a table is learnt"): each learns from three quarters of the rows
    and is judged by the rest. Predictions stay within the range of the targets that were learnt from.

    Parameters
    ----------
    preset : {"default", "fast", "best", "plain"}, default="default"
        How much is done: 8 or 16 members; 4 or 8 smaller ones; twice as many, for longer, which is hardly better but
        where learning ends late. ``"plain"`` is one network as in the lecture, with rows of its own to validate on: one
        look inside suffices.
    loss : {"squared_error", "poisson", "quantile"}, default="squared_error"
        What is minimised; ``"poisson"`` for counts, ``"quantile"`` for quantiles, which never cross.
    quantiles : sequence of float, default=(0.1, 0.5, 0.9)
        Their levels, ascending; ``predict`` has a column for each.
    target_transform : {"auto", "log"} or None, default="auto"
        ``"log"``: a target from 0 with a heavy tail is learnt by its logarithm, answers are means in its unit (squared
        error alone). ``"auto"`` does so where it clearly helps on rows kept out of a linear model, and says it in
        ``effort_``.
    categorical, numeric, drop : list of str, default=None
        Columns whose role is set by hand; the others' is found (``roles_``). Those of an array are ``"x0"``, ``"x1"``.
    time_limit : float, default=None
        Seconds that ``fit`` may take: the best that is done within it (fewer members, then fewer epochs, at last fewer
        rows, by the pace of some batches), told in ``effort_``. The numbers then depend on the machine.
    verbose : bool, "bar" or "log", default=False
        Show a line for each member; a progress bar; records of the logger "tasou".
    callbacks : list or callable, default=None
        Functions that are called after each epoch of every member, or objects with ``on_epoch``, ``on_step``; or
        ``callbacks(j)``, which returns those of member j. With ``n_jobs`` they are called on several threads.
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
        quantiles: Any = (0.1, 0.5, 0.9),
        target_transform: str | None = "auto",
        categorical: Any = None,
        numeric: Any = None,
        drop: Any = None,
        time_limit: float | None = None,
        verbose: Any = False,
        callbacks: Any = None,
        random_state: Any = None,
        n_jobs: int | None = None,
    ) -> None:
        super().__init__(
            preset, categorical, numeric, drop, time_limit, verbose, callbacks, random_state, n_jobs
        )
        self.loss = loss
        self.quantiles = quantiles
        self.target_transform = target_transform

    def fit(
        self,
        X: Any,
        y: Any,
        sample_weight: Any = None,
        *,
        X_val: Any = None,
        y_val: Any = None,
        groups: Any = None,
        time: Any = None,
    ) -> Self:
        """Learn from a table X and the number of each row.

        Parameters
        ----------
        X : frame, dict, structured or plain array
            The table: pandas, Polars, Arrow; n rows.
        y : array-like of shape (n,) or (n, n_targets)
            The numbers.
        sample_weight : array-like of shape (n,), default=None
            What each row weighs.
        X_val, y_val : like X, y; default=None
            Rows of your own to validate on: every member learns from all rows of X, and these rows take the place of
            those kept out (in the choice, and in out-of-fold answers, which are then theirs).
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
        tails.check(self.target_transform)
        table = self._table(X, reset=True)
        Y = self._checked(y, len(table))
        weight = self._weights(sample_weight, len(Y))
        self._mean = np.average(Y, axis=0, weights=weight)
        self._intervals: Intervals | None = None
        self._error: dict[str, float] | None = None
        parts = Parts(weight, kept_together(groups, time, len(table)))
        own = self._judging(X_val, y_val, groups, time)
        judging = None if own is None else (own, self._checked(y_val, len(own)))
        return self._learn(table, Y, self._aim(Y, weight), parts, judging)

    def _aim(self, Y: Array, weight: Array | None) -> Aim:
        if self.loss == "poisson":
            return Counts.of(Y, weight)
        if self.loss == "squared_error":
            return Numbers.of(Y, weight)
        levels = tuple(float(level) for level in np.atleast_1d(self.quantiles))
        if not levels or min(levels) <= 0 or max(levels) >= 1 or (np.diff(levels) <= 0).any():
            raise TasouError(LEVELS, levels=list(levels))
        self._mean = np.quantile(Y[:, 0], levels) if weight is None else _quantiles(Y[:, 0], levels, weight)
        self._flat = len(levels) == 1
        return Quantiles.at(levels, Y, weight)

    def _suited(
        self, aim: Aim, rows: Array, y: Array, kinds: Sequence[Kind], parts: Parts
    ) -> tuple[Aim, list[Sentence]]:
        return tails.suited(aim, rows, y, kinds, parts, self.target_transform)

    def _checked(self, y: Any, n: int) -> Array:
        """(n, K) finite numbers."""
        if y is None:
            raise TasouError(NO_TARGET)
        y = plain_target(y)
        if np.asarray(y).dtype.kind in "mM":
            raise TasouError(MOMENTS)
        refuse_text(np.asarray(y))
        y = check_array(y, ensure_2d=False, dtype=np.float64, input_name="y", estimator=self)
        y = column_or_1d(y, warn=True) if y.ndim == 1 or y.shape[1] == 1 else y
        check_consistent_length(y, np.empty(n))
        self._flat = y.ndim == 1
        Y: Array = y.reshape(len(y), -1)
        if (abs(Y) > LARGEST).any():
            row = int(np.argmax((abs(Y) > LARGEST).any(axis=1)))
            raise TasouError(TOO_LARGE, value=float(abs(Y[row]).max()), row=row)
        if self.loss != "squared_error" and Y.shape[1] > 1:
            raise TasouError(ONE_TARGET, loss=self.loss, n=Y.shape[1])
        if self.loss == "poisson" and (Y < 0).any():
            row = int(np.argmax(Y[:, 0] < 0))
            raise TasouError(NEGATIVE, value=float(Y[row, 0]), row=row)
        return Y

    def _truth(self, y: Any, n: int) -> Array:
        Y: Array = np.asarray(
            check_array(y, ensure_2d=False, dtype=np.float64, input_name="y", estimator=self)
        )
        check_consistent_length(Y, np.empty(n))
        return Y.reshape(n, -1)

    def _learnt_targets(self, y: Any) -> Any:
        assert self._ensemble is not None
        Y = self._truth(y, len(np.asarray(y)))
        return self._ensemble.aim.targets(Y, self._ensemble.dtype)

    def _outputs(self) -> list[str]:
        if self.loss == "quantile":
            return [f"{level:g}" for level in np.atleast_1d(self.quantiles)]
        return [""] if self._flat else [str(j) for j in range(len(self._mean))]

    def predict(self, X: Any) -> Array:
        """(n,) the number expected, or (n, n_targets); with ``loss="quantile"`` (n, levels), ascending."""
        check_is_fitted(self, "roles_")
        return self._answered(self._answers(X, self._mean))

    def _answered(self, Y: Array) -> Array:
        """The numbers in the shape of y."""
        return Y.ravel() if self._flat else Y

    def score(self, X: Any, y: Any, sample_weight: Any = None) -> float:
        """R², the share of the variance that is explained; of quantiles, the same share of their loss (D²)."""
        if self.loss != "quantile":
            return float(super().score(X, y, sample_weight))
        from sklearn.metrics import d2_pinball_score

        said = self.predict(X).reshape(len(y), -1)
        levels = np.atleast_1d(self.quantiles).tolist()
        each = zip(said.T, levels, strict=True)
        scores = [d2_pinball_score(y, q, alpha=level, sample_weight=sample_weight) for q, level in each]
        return float(np.mean(scores))

    @property
    def notes_(self) -> list[Sentence]:
        """How far predictions were off on rows kept out."""
        check_is_fitted(self, "roles_")
        found = [*super().notes_, *([] if self._error is None else [ERROR_TOLD(**self._error)])]
        aim = None if self._ensemble is None else self._ensemble.aim
        if isinstance(aim, Quantiles) and aim.below:
            below = [f"{share:.0%}" for share in aim.below]
            found.append(LEVELS_TOLD(levels=[f"{level:g}" for level in aim.levels], below=below))
        return found

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


def _quantiles(y: Array, levels: tuple[float, ...], weight: Array) -> Array:
    """Of weighted numbers: the least that so much of the weight does not exceed."""
    order = np.argsort(y)
    shares = np.cumsum(weight[order]) / weight.sum()
    return np.asarray(y[order][np.searchsorted(shares, np.array(levels) - 1e-12)])
