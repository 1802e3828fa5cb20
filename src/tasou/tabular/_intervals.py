"""What a table regressor says of how far it may be off: prediction intervals, and its error on rows kept out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.utils.validation import check_is_fitted

from tasou.errors import TasouError, warn
from tasou.messages import Message
from tasou.tables import Preparation, Table
from tasou.tabular.ensemble import Ensemble
from tasou.tabular.intervals import FEW, Intervals
from tasou.tabular.parts import Parts
from tasou.tabular.spread import MOST_ROWS, Spread

Array = NDArray[Any]

NO_INTERVALS = Message(
    "tabular.no_intervals",
    en="no row was kept out, so nothing is known of the errors: there was nothing to learn from",
    ja="学習に使わなかった行がないので、誤差がわかりません（学習に使える列がありませんでした）",
)


class GivesIntervals:
    """Prediction intervals of `TableRegressor`."""

    loss: str
    _mean: Array
    _ensemble: Ensemble | None
    _preparation: Preparation | None
    _intervals: Intervals | None
    _error: dict[str, float] | None
    _table: Callable[..., Table]

    def _look_back(self, table: Table, rows: Array, y: Array, parts: Parts) -> None:
        """The errors that were made on rows kept out."""
        super()._look_back(table, rows, y, parts)  # type: ignore[misc]
        assert self._ensemble is not None
        assert self._preparation is not None
        if self._ensemble.oof is None:
            return
        said = self._ensemble.out_of_fold()
        known = np.flatnonzero(~np.isnan(said[:, 0]))
        if len(known) > MOST_ROWS:
            known = np.sort(np.random.default_rng(0).choice(known, MOST_ROWS, replace=False))
        said, X, y = said[known], rows[known], y[known]
        weight = None if parts.weight is None else parts.weight[known]
        if self.loss != "quantile":
            error, deviation = (np.average(e**2, axis=0, weights=weight) for e in (said - y, y - self._mean))
            if len(error) == 1:
                found = (float(np.sqrt(value[0])) for value in (error, deviation))
                self._error = dict(zip(("error", "deviation"), found, strict=True)) | {"n": len(y)}
        low, high = _ends(said, self.loss)
        spread = None
        if y.shape[1] == 1:
            errors = np.maximum(np.abs(y - low), np.abs(y - high))[:, 0]
            groups = None if parts.groups is None else parts.groups[known]
            kinds = tuple(self._preparation.kinds)
            spread = Spread.fit(X, errors, kinds, groups=groups, weight=weight)
        least = 0.0 if self.loss == "poisson" else -np.inf
        self._intervals = Intervals.narrowest(low, high, y, spread, weight=weight, least=least)

    def predict_interval(self, X: Any, coverage: float = 0.9) -> Array:
        """(n, 2) intervals that hold the truth of a new row with at least this probability; or (n, n_targets, 2).

        Their width follows from the errors that were made on rows kept out (conformal prediction), so it promises
        nothing that was not seen there; it grows where such errors were larger. Either side is left out half as often
        as both. Rows must be like those that were learnt from: no drift, and none of a group that was learnt from
        unless new rows will be, too.

        Parameters
        ----------
        X : frame, dict, structured or plain array
            The rows.
        coverage : float, default=0.9
            The share of rows whose truth lies within.

        Raises
        ------
        TasouError
            no row was kept out

        References
        ----------
        Vovk, Gammerman & Shafer (2005), *Algorithmic Learning in a Random World*; Lei et al. (2018), Distribution-free
        predictive inference for regression; with ``loss="quantile"`` Romano, Patterson & Candès (2019).

        Examples
        --------
        >>> from tasou import TableRegressor
        >>> rng = np.random.default_rng(0)
        >>> x = rng.uniform(-1, 1, 400)
        >>> model = TableRegressor("fast", random_state=0).fit({"x": x}, x + 0.1 * rng.normal(size=400))
        >>> low, high = model.predict_interval({"x": [0.5]}, 0.95)[0]
        >>> bool(low < 0.4 and 0.6 < high and high - low < 0.8)
        True
        """
        check_is_fitted(self, "roles_")
        if self._intervals is None or self._ensemble is None or self._preparation is None:
            raise TasouError(NO_INTERVALS)
        rows = self._preparation.transform(self._table(X, reset=False))
        low, high = _ends(self._ensemble.predict(rows), self.loss)
        spread = self._intervals.spread
        sigma = None if spread is None else spread(rows)[:, None]
        found = self._intervals.around(low, high, sigma, coverage)
        if not self._intervals.holds(coverage):
            warn(FEW, stacklevel=2, n=self._intervals.n, coverage=coverage)
        return found[:, 0] if found.shape[1] == 1 else found


def _ends(said: Array, loss: str) -> tuple[Array, Array]:
    """The least and the largest that is said of a row: the outer quantiles, or the number itself."""
    return (said[:, :1], said[:, -1:]) if loss == "quantile" else (said, said)
