"""What is said of a fitted table estimator: which columns matter, what they contribute to a row, and how."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.utils.validation import check_is_fitted

from tasou.errors import TasouError, UnknownName
from tasou.messages import Message
from tasou.tables import Preparation, Table, marginals
from tasou.tabular.aims import Labels
from tasou.tabular.contributions import Contributions, explained, logits, seen_by
from tasou.tabular.ensemble import Ensemble
from tasou.tabular.importances import COLUMNS, Importances, importances, rows_for
from tasou.tabular.kept_out import KeptOut
from tasou.tabular.measures import measure
from tasou.tabular.partial_dependence import (
    MADE_UP_ROWS,
    MOST_ROWS,
    MOST_VALUES,
    PartialDependence,
    curves,
)
from tasou.tabular.parts import Parts

Array = NDArray[Any]

NOTHING_LEARNT = Message(
    "tabular.nothing_learnt",
    en="there was nothing to learn from: every row gets the same answer, whatever its columns say",
    ja="学習に使える列がなかったので、列の値によらず、どの行にも同じ答えを返します",
)
ROWS_GONE = Message(
    "tabular.rows_gone",
    en="the rows that were kept out are neither in a pickle nor in a file: ask for importances_ before saving, or give "
    "rows: importances(X, y)",
    ja="学習に使わなかった行は、pickle にもファイルにも含まれません。保存する前に importances_ を参照するか、"
    "importances(X, y) に行を渡してください",
)
REPEATS = 5
COSTLY = "importances_"


class _NotThere(TasouError, AttributeError):
    """What this model cannot say; an `AttributeError` as well, so that `hasattr` and lists of attributes go on."""


class Said:
    """Importances, contributions and partial dependence of `TableClassifier` and `TableRegressor`."""

    _preparation: Preparation | None
    _ensemble: Ensemble | None
    _kept_out: KeptOut | None
    _importances: Importances | None

    def _look_back(self, table: Table, rows: Array, y: Array, parts: Parts) -> None:
        """What is to be said of the rows that were learnt from, as long as they are there."""
        assert self._preparation is not None
        assert self._ensemble is not None
        steps = self._preparation.steps
        most = rows_for(len(steps), REPEATS)
        self._kept_out = KeptOut.of(self._ensemble, rows, y, parts.weight, most)
        self._importances = None

    def _table(self, X: Any, *, reset: bool) -> Table:
        raise NotImplementedError

    def _truth(self, y: Any, n: int) -> Array:
        """What is true of n rows, as the ensemble learns it."""
        raise NotImplementedError

    def _outputs(self) -> list[str]:
        """What answers are called; one alone may have no name."""
        raise NotImplementedError

    def _threads(self) -> int:
        raise NotImplementedError

    def __getstate__(self) -> Any:
        state: dict[str, Any] = super().__getstate__()  # type: ignore[assignment]
        return {**state, "_kept_out": None} if "_kept_out" in state else state

    def __dir__(self) -> list[str]:
        """All names; ``importances_``, which take their time, are not computed for it, nor for a page of attributes."""
        found = [name for name in object.__dir__(self) if name != COSTLY and hasattr(self, name)]
        asked = getattr(self, "_ensemble", None) is not None and not self.__dict__.get("_listing", False)
        return [*found, COSTLY] if asked else found

    def _get_fitted_attr_html(self, *args: Any, **options: Any) -> Any:
        self.__dict__["_listing"] = True
        try:
            return super()._get_fitted_attr_html(*args, **options)  # type: ignore[misc]
        finally:
            del self.__dict__["_listing"]

    def _learnt(self) -> tuple[Preparation, Ensemble]:
        check_is_fitted(self, "roles_")
        if self._preparation is None or self._ensemble is None:
            raise _NotThere(NOTHING_LEARNT)
        return self._preparation, self._ensemble

    @property
    def importances_(self) -> Importances:
        """How much each column matters to rows that were kept out, computed when first asked for."""
        preparation, ensemble = self._learnt()
        if self._importances is None:
            sample = getattr(self, "_kept_out", None)
            if sample is None:
                raise _NotThere(ROWS_GONE)
            names, places = preparation.columns, marginals.blocks(preparation.steps)
            how = measure(ensemble.aim, sample.y)
            self._importances = importances(
                sample.answers, sample.X, sample.y, names, places, how, weight=sample.weight,
                repeats=REPEATS, n_jobs=self._threads(), kept_out=True,
            )  # fmt: skip
        return self._importances

    def importances(
        self, X: Any, y: Any, *, scoring: str | None = None, n_repeats: int = REPEATS, random_state: int = 0
    ) -> Importances:
        """How much each column matters to the answers for these rows: what they lose when its cells are shuffled.

        All features that come from a column are shuffled together, ``n_repeats`` times. Of many rows at most 2,000 are
        drawn, fewer of a table with hundreds of columns. Intervals (95 %) are of rows drawn again.

        Parameters
        ----------
        X, y
            rows that were not learnt from, and what is true of them; without any, see ``importances_``
        scoring
            ``"log_loss"`` or ``"accuracy"`` for classes and labels, ``"rmse"`` or ``"r2"`` for numbers,
            ``"deviance"`` for counts, ``"quantile_loss"``; the first is the default
        n_repeats
            how often each column is shuffled
        random_state
            seed of rows and orders

        Raises
        ------
        UnknownName
            no such measure for this kind of target

        References
        ----------
        Breiman (2001), Random forests, section 10; Fisher, Rudin & Dominici (2019), All models are wrong, but many are
        useful.
        """
        preparation, ensemble = self._learnt()
        rows = preparation.transform(self._table(X, reset=False))
        truth = self._truth(y, len(rows))
        most = rows_for(len(preparation.steps), n_repeats)
        if len(rows) > most:
            drawn = np.sort(np.random.default_rng(random_state).choice(len(rows), most, replace=False))
            rows, truth = rows[drawn], truth[drawn]
        how, places = measure(ensemble.aim, truth, scoring), marginals.blocks(preparation.steps)
        return importances(
            ensemble.predict, rows, truth, preparation.columns, places, how,
            repeats=n_repeats, seed=random_state, n_jobs=self._threads(),
        )  # fmt: skip

    def contributions(self, X: Any, *, n_orders: int | None = None, random_state: int = 0) -> Contributions:
        """What each column contributes to the answer for each row: Shapley values, which sum to it exactly.

        The answer is the logit of the second of two classes, those of several (that sum to 0), or the number; the sum
        begins at the mean answer for made-up rows, whose cells follow each column's own distribution in training. So
        no row of the training table is needed or shown. About 1,000 to 2,000 answers are computed for each row.

        Parameters
        ----------
        X : frame, dict, structured or plain array
            The rows.
        n_orders : int, default=None
            In how many orders columns join, an even number; by default 64, fewer of wide tables, at least 8. Standard
            errors fall with its root.
        random_state : int, default=0
            Seed of orders and made-up rows.

        References
        ----------
        Štrumbelj & Kononenko (2014), Explaining prediction models and individual predictions with feature
        contributions; Lundberg & Lee (2017), A unified approach to interpreting model predictions.
        """
        preparation, ensemble = self._learnt()
        return explained(
            lambda rows: logits(ensemble.aim, ensemble.predict(rows)),
            preparation, self._table(X, reset=False), self._outputs(),
            logits=ensemble.aim.of_classes or isinstance(ensemble.aim, Labels),
            n_orders=n_orders, seed=random_state, n_jobs=self._threads(),
        )  # fmt: skip

    def partial_dependence(self, column: str, X: Any = None) -> PartialDependence:
        """The mean answer over rows when a column is set to a value in all of them, for each of up to 24 values.

        Parameters
        ----------
        column
            the column of the table
        X
            the rows, at most 1,000 of which are asked; without any, 256 are made up, each cell of its own column's
            distribution in training

        Raises
        ------
        UnknownName
            the model does not read such a column

        References
        ----------
        Friedman (2001), Greedy function approximation: a gradient boosting machine, section 8.
        """
        preparation, ensemble = self._learnt()
        if column not in preparation.columns:
            raise UnknownName(COLUMNS, column, preparation.columns)
        seen = seen_by(preparation)
        rng = np.random.default_rng(0)
        table = marginals.made_up(seen, MADE_UP_ROWS, rng) if X is None else self._table(X, reset=False)
        rows = preparation.transform(table)
        if len(rows) > MOST_ROWS:
            rows = rows[np.sort(rng.choice(len(rows), MOST_ROWS, replace=False))]
        j = preparation.columns.index(column)
        values = seen[j].grid(MOST_VALUES)
        prepared = np.stack(preparation.steps[j].apply(Table({column: values})), axis=1)
        found = curves(ensemble.predict, rows, marginals.blocks(preparation.steps)[j], prepared)
        if ensemble.aim.of_classes and found.shape[2] == 2:
            found = found[..., 1:]
        return PartialDependence(column, seen[j].kind, values, found.mean(axis=0), found, self._outputs())
