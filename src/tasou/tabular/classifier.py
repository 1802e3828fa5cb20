"""TableClassifier: classes from a raw table."""

from __future__ import annotations

from typing import Any, Self
from unicodedata import normalize

import numpy as np
from numpy.typing import NDArray
from sklearn.base import ClassifierMixin
from sklearn.utils import assert_all_finite
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import check_consistent_length, check_is_fitted, column_or_1d

from tasou.errors import TasouError
from tasou.estimators._labels import check_labels, check_objects
from tasou.formulas import blending
from tasou.messages import Message, Sentence
from tasou.tables.inference import SINGLE
from tasou.tables.table import listed
from tasou.tabular import calibration, thresholds
from tasou.tabular._base import BaseTable
from tasou.tabular._given import kept_together, plain_target
from tasou.tabular.aims import Classes, Labels
from tasou.tabular.calibration import Calibration
from tasou.tabular.parts import Parts
from tasou.training.class_weights import class_weights

Array = NDArray[Any]

UNKNOWN_CLASSES = Message(
    "tabular.unknown_classes",
    en="{name} has classes that were not learnt: {unknown:names}",
    ja="{name} に、学習していないクラスがあります：{unknown:names}",
)
ALIKE = Message(
    "tabular.alike_classes",
    en="the classes {names:names} differ in blanks, width or letter case alone and are kept apart",
    ja="クラス {names:names} は空白、全角・半角、大文字・小文字が違うだけですが、別のクラスとして扱います",
)
MOST_CLASSES = 1_000
"""of which something is said one by one"""
WEIGHED_LABELS = Message(
    "tabular.weighed_labels",
    en="class_weight is for one class per row, not for several labels at once: leave it out, or give sample_weight",
    ja="class_weight は1行に1クラスのときのもので、複数ラベルには使えません。指定を外すか、sample_weight を"
    "使ってください",
)


class TableClassifier(ClassifierMixin, BaseTable):
    """Classes from a raw table: text, categories, dates, gaps and numbers as they stand; nothing has to be set.

    An ensemble of small networks (see the guide "how a table is learnt"): each learns from three quarters of the rows
    and is judged by the rest.

    Parameters
    ----------
    preset : {"default", "fast", "best", "plain"}, default="default"
        How much is done: 8 or 16 members; 4 or 8 smaller ones; twice as many, for longer, which is hardly better but
        where learning ends late. ``"plain"`` is one network as in the lecture, with rows of its own to validate on: one
        look inside suffices.
    categorical, numeric, drop : list of str, default=None
        Columns whose role is set by hand; the others' is found (``roles_``). Those of an array are ``"x0"``, ``"x1"``.
    class_weight : dict or "balanced", default=None
        What a row of each class weighs.
    threshold : {"balanced", "accuracy", "f1", "mcc"} or float, default=None
        Of two classes, from which probability on ``predict`` answers the second: a number, or the one that is best by
        a metric on rows kept out (``threshold_``). The probabilities stay what they are. None is 0.5.
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
    classes_ : ndarray
        The classes, in the order of ``predict_proba``.
    roles_ : Roles
        What each column is for, and why; ``print(model.roles_.table())``.
    oof_proba_ : ndarray of shape (n_samples, n_classes)
        Probabilities of the rows that were learnt from, each by members it was kept out of; NaN where there are none.
    calibration_ : Calibration
        Promised probabilities beside what came true, on rows kept out; None where there are none.
    threshold_ : float
        Of two classes, from which probability on the second is answered.
    n_features_in_, feature_names_in_ : int, ndarray
        Number and names of the columns.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> town = rng.choice(["Osaka", "Kyoto", "Nara"], 200)
    >>> model = TableClassifier("fast", random_state=0).fit({"town": town}, town == "Nara")
    >>> model.predict({"town": ["Nara", "Kyoto"]}).tolist()
    [True, False]
    """

    classes_: Array
    calibration_: Calibration | None
    _tuned: thresholds.Tuned | None

    def __init__(
        self,
        preset: str = "default",
        *,
        categorical: Any = None,
        numeric: Any = None,
        drop: Any = None,
        class_weight: Any = None,
        threshold: Any = None,
        time_limit: float | None = None,
        verbose: Any = False,
        callbacks: Any = None,
        random_state: Any = None,
        n_jobs: int | None = None,
    ) -> None:
        super().__init__(
            preset, categorical, numeric, drop, time_limit, verbose, callbacks, random_state, n_jobs
        )
        self.class_weight = class_weight
        self.threshold = threshold

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
        """Learn from a table X and the label of each row.

        Parameters
        ----------
        X : frame, dict, structured or plain array
            The table: pandas, Polars, Arrow; n rows.
        y : array-like of shape (n,) or (n, n_labels)
            The labels; a matrix of zeros and ones for several at once.
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
        self : TableClassifier
            The fitted estimator.
        """
        table = self._table(X, reset=True)
        codes, aim = self._encoded(y, len(table))
        metric = self._asked()
        weight = self._weights(sample_weight, len(codes))
        weighted = self._weighted(codes, weight)
        self._shares = np.average(_one_hot(codes, aim), axis=0, weights=weighted)
        parts = Parts(weighted, kept_together(groups, time, len(table)))
        own = self._judging(X_val, y_val, groups, time)
        judging = None if own is None else (own, self._truth(y_val, len(own), "y_val"))
        self._learn(table, codes, aim, parts, judging)
        self._read += self._said_of_classes(codes)
        if judging is not None:
            codes, weight = judging[1], None
        self._judge(codes, weight, metric)
        return self

    def _truth(self, y: Any, n: int, name: str = "y") -> Array:
        """Numbers of classes that are known, or a matrix of labels."""
        y = plain_target(y)
        if self._many:
            labels = np.asarray(y).astype(np.int64)
        else:
            labels = column_or_1d(y)
            if len(unknown := np.setdiff1d(labels, self.classes_)):
                raise TasouError(UNKNOWN_CLASSES, name=name, unknown=unknown.tolist())
            labels = np.searchsorted(self.classes_, labels)
        check_consistent_length(labels, np.empty(n))
        return np.asarray(labels)

    def _learnt_targets(self, y: Any) -> Any:
        return plain_target(y)

    def _labels(self) -> list[Any]:
        return [] if self._many else list(self.classes_)

    def _all_outputs(self) -> list[str]:
        return [str(name) for name in self.classes_]

    def _outputs(self) -> list[str]:
        two = not self._many and len(self.classes_) == 2
        return [str(name) for name in (self.classes_[1:] if two else self.classes_)]

    def _written(self, target: Array) -> str:
        """The name of a class; labels by their numbers."""
        return super()._written(target) if self._many else repr(self.classes_[target].item())

    def _asked(self) -> str | float | None:
        """The threshold, which is for two classes."""
        metric = thresholds.asked(self.threshold)
        if metric is not None and self._many:
            raise TasouError(thresholds.LABELS, threshold=self.threshold)
        if metric is not None and len(self.classes_) > 2:
            raise TasouError(thresholds.TWO_CLASSES, threshold=self.threshold, n=len(self.classes_))
        return metric

    def _said_of_classes(self, codes: Array) -> list[Sentence]:
        """Classes of a single row, and those that a slip of the keyboard may have made of one."""
        if self._many or len(self.classes_) > MOST_CLASSES:
            return []
        names = [str(name) for name in self.classes_.tolist()]
        of = np.bincount(codes, minlength=len(names)).tolist()
        alone = [name for name, n in zip(names, of, strict=True) if n == 1]
        alike: dict[str, list[str]] = {}
        for name in names:
            alike.setdefault(normalize("NFKC", name).casefold().strip(), []).append(name)
        told = [ALIKE(names=same) for same in alike.values() if len(same) > 1]
        return [*told, *([SINGLE(column="y", names=listed(alone, most=4))] if alone else [])]

    def _judge(self, codes: Array, weight: Array | None, metric: str | float | None) -> None:
        """Calibration and threshold, by rows kept out."""
        self.calibration_ = self._tuned = None
        self.threshold_ = metric if isinstance(metric, float) else 0.5
        if self._ensemble is None or self._ensemble.oof is None:
            return
        p = self.oof_proba_
        known = ~np.isnan(p[:, 0])
        p, y, v = p[known], codes[known], None if weight is None else weight[known]
        if self._many:
            each = None if v is None else np.repeat(v, y.shape[1])
            self.calibration_ = Calibration.of(p.ravel(), y.ravel(), each)
        elif len(self.classes_) > 1:
            self.calibration_ = Calibration.of_classes(p, y, v)
        if isinstance(metric, str) and len(self.classes_) == 2:
            self._tuned = thresholds.tuned(p[:, 1], y, metric, v)
            self.threshold_ = self._tuned.threshold

    def _encoded(self, y: Any, n: int) -> tuple[Array, Classes | Labels]:
        """Numbers of classes, or a matrix of labels, and what is to be learnt."""
        y = plain_target(y)
        if getattr(y, "dtype", None) is not None and np.asarray(y).dtype.kind == "f":
            assert_all_finite(np.asarray(y), input_name="y")
        check_objects(y)
        if type_of_target(y, input_name="y", raise_unknown=True).startswith("multilabel"):
            Y = np.asarray(y).astype(np.int64)
            check_consistent_length(Y, np.empty(n))
            self.classes_ = np.arange(Y.shape[1])
            self._many = True
            return Y, Labels(Y.shape[1])
        labels = column_or_1d(y, warn=True)
        check_consistent_length(labels, np.empty(n))
        check_classification_targets(labels)
        check_labels(labels)
        self.classes_, codes = np.unique(labels, return_inverse=True)
        self._many = False
        return codes, Classes(len(self.classes_))

    def _weighted(self, codes: Array, weight: Array | None) -> Array | None:
        if self.class_weight is None:
            return weight
        if self._many:
            raise TasouError(WEIGHED_LABELS)
        of = class_weights(self.class_weight, self.classes_, codes, weight)[codes]
        return of if weight is None else of * weight

    def predict_proba(self, X: Any) -> Array:
        """(n, n_classes) the probability of each class, in the order of ``classes_``; of each label by itself."""
        check_is_fitted(self, "roles_")
        return self._answers(X, self._shares)

    def predict_log_proba(self, X: Any) -> Array:
        """Their logarithms."""
        return np.asarray(blending.logarithms(self.predict_proba(X), np, least=np.finfo(float).tiny))

    def predict(self, X: Any) -> Array:
        """(n,) the most probable class (of two, see ``threshold``); or (n, n_labels) the labels above a half."""
        return self._answered(self.predict_proba(X))

    def _answered(self, p: Array) -> Array:
        """The classes, or labels, that probabilities name."""
        if self._many:
            return (p > 0.5).astype(np.int64)
        if len(self.classes_) == 2:
            return np.asarray(self.classes_[(p[:, 1] > self.threshold_).astype(np.int64)])
        return np.asarray(self.classes_[p.argmax(axis=1)])

    @property
    def notes_(self) -> list[Sentence]:
        """How well the probabilities hold, and from which on the second class is answered."""
        check_is_fitted(self, "roles_")
        found = [*super().notes_]
        if self.calibration_ is not None:
            found.append(calibration.TOLD(error=self.calibration_.error, n=self.calibration_.n))
        if self._tuned is not None:
            metric = thresholds.METRICS[thresholds.asked(self.threshold)][1]  # type: ignore[index]
            found.append(thresholds.TOLD(yes=str(self.classes_[1]), metric=metric, **self._tuned._asdict()))
        return found

    @property
    def oof_proba_(self) -> Array:
        """(n, n_classes) the probabilities of the rows learnt from, each by members it was kept out of."""
        if self._ensemble is None:
            raise AttributeError("oof_proba_")
        return self._ensemble.out_of_fold()

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_label = True
        return tags


def _one_hot(codes: Array, aim: Classes | Labels) -> Array:
    return codes if codes.ndim == 2 else codes[:, None] == np.arange(aim.outputs)
