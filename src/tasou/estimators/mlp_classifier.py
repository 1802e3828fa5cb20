"""MLPClassifier: scikit-learn's multilayer perceptron classifier, on the engine of the lecture."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import numpy as np
from sklearn.base import ClassifierMixin, _fit_context
from sklearn.metrics import accuracy_score
from sklearn.preprocessing import LabelBinarizer
from sklearn.utils.metaestimators import available_if
from sklearn.utils.multiclass import _check_partial_fit_first_call, type_of_target, unique_labels
from sklearn.utils.validation import column_or_1d, validate_data

from tasou.backends.processors import limited
from tasou.errors import TasouError
from tasou.estimators import _class_losses
from tasou.estimators._classes import Classes
from tasou.estimators._labels import check_labels, check_objects
from tasou.estimators._mlp import NONE_KEPT, BaseMLP
from tasou.estimators._network import FLOATS, Array
from tasou.estimators._parameters import ClassifierParameters
from tasou.estimators._signature import Kind
from tasou.estimators._texts import refuse_text
from tasou.formulas import losses
from tasou.messages import Message

BALANCED_IN_PARTS = Message(
    "mlp.balanced_in_parts",
    en="class_weight='balanced' needs all labels at once; for partial_fit give the weights as a dict",
    ja="class_weight='balanced' には全ラベルが一度に必要です。partial_fit では重みを辞書で指定してください",
)
OTHER_CLASSES = Message(
    "mlp.other_classes",
    en="warm_start can only be used where `y` has the same classes as in the previous call to fit. "
    "Previously got {before}, `y` has {now}",
    ja="warm_start は、前回の fit と同じクラスの `y` でのみ使えます（前回：{before}、今回：{now}）",
)
UNKNOWN_CLASSES = Message(
    "mlp.unknown_classes",
    en="`y` has classes not in `self.classes_`. `self.classes_` has {known}. 'y' has {found}.",
    ja="`y` に `self.classes_` にないクラスがあります（`self.classes_`：{known}、`y`：{found}）",
)
FOREIGN_VALIDATION = Message(
    "mlp.foreign_validation",
    en="y_val has classes that y has not: {unknown}",
    ja="y_val に、y にはないクラスがあります：{unknown}",
)


class MLPClassifier(ClassifierParameters, ClassifierMixin, Classes, BaseMLP):
    """ŷ = Softmax(W[L] … f(W[1] x + b[1]) … + b[L]): a multilayer perceptron for classification (lecture 2-6).

    Takes the place of ``sklearn.neural_network.MLPClassifier``: same parameters, same defaults, and with the same
    ``random_state`` the same weights. Two classes get one sigmoid output, more a softmax, several labels at once a
    sigmoid each. What comes after ``max_fun`` is more than scikit-learn has.

    Parameters
    ----------
    hidden_layer_sizes : array-like of shape (n_layers - 2,), default=(100,)
        Units of each hidden layer; () is softmax (or logistic) regression.
    activation : str, Activation or list of these, default="relu"
        Of the hidden layers, or a list with one each: any name of ``tasou.formulas.activations`` (sigmoid is also
        called logistic), or an object of your own.
    solver : str or Optimizer, default="adam"
        How weights are learnt: "sgd" (with momentum), any other name of ``tasou.formulas.optimizers``, an object of
        your own, or "lbfgs" on the full batch.
    alpha : float, default=0.0001
        Strength of the L2 penalty: alpha/2 ‖W‖² is added to the summed loss of each batch.
    batch_size : int or "auto", default="auto"
        Rows per update; "auto" is min(200, n_samples).
    learning_rate : str or Schedule, default="constant"
        Schedule of the learning rate: constant, invscaling, adaptive, or any name of ``tasou.formulas.schedules``.
        invscaling and adaptive act with solver="sgd" only, as in scikit-learn, the
        others (and a `Schedule` with constants of your own) with every solver but lbfgs. cosine falls over max_iter
        epochs, or as many calls of ``partial_fit``, and then starts anew; so it does with each ``fit``.
    learning_rate_init : float, default=0.001
        The learning rate α.
    power_t : float, default=0.5
        Exponent of invscaling.
    max_iter : int, default=200
        Epochs at most (with lbfgs: iterations).
    shuffle : bool, default=True
        Whether each epoch walks the rows in a new random order.
    random_state : int, RandomState instance or None, default=None
        Seed of initial weights, shuffles, dropout and the validation split.
    tol : float, default=1e-4
        An epoch that improves by less counts as none.
    verbose : bool, "bar", "log" or "diagnose", default=False
        A line per epoch as scikit-learn prints it, a progress bar, a record of the logger "tasou", or a diagnosis of
        the running training in words.
    warm_start : bool, default=False
        Whether ``fit`` starts from the weights of the last one.
    momentum : float, default=0.9
        Momentum of sgd.
    nesterovs_momentum : bool, default=True
        Whether sgd uses Nesterov's form.
    early_stopping : bool, default=False
        Whether to keep rows out and stop when their score no longer improves, with every solver; the best weights are
        restored.
    validation_fraction : float, default=0.1
        Share of the rows kept out.
    beta_1, beta_2, epsilon : float, default=0.9, 0.999, 1e-8
        Constants of adam, and of every other solver that has them, where they are set to other values than these.
    n_iter_no_change : int, default=10
        Epochs without improvement that are tolerated.
    max_fun : int, default=15000
        Evaluations of the loss at most (lbfgs).
    {more}

    Attributes
    ----------
    coefs_ : list of ndarray of shape (n_in, n_out)
        W[l]ᵀ of each layer.
    intercepts_ : list of ndarray of shape (n_out,)
        b[l] of each layer.
    classes_ : ndarray of shape (n_classes,)
        The class labels.
    loss_curve_ : list of float
        Mean training loss of each epoch.
    loss_, best_loss_ : float
        The last, and the smallest, of them.
    validation_scores_, best_validation_score_ : list of float, float
        Scores on the rows kept out (None where there are none).
    validation_loss_curve_ : list of float
        Mean loss on the rows kept out (None where there are none).
    n_iter_, t_ : int
        Epochs run, samples seen.
    n_layers_, n_outputs_, out_activation_ : int, int, str
        Layers with the input, outputs, and the output function.
    n_features_in_, feature_names_in_ : int, ndarray
        Number and names of the features.

    Examples
    --------
    >>> from tasou import MLPClassifier
    >>> X, y = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], ["same", "other", "other", "same"]
    >>> mlp = MLPClassifier((4,), activation="tanh", solver="lbfgs", random_state=1).fit(X, y)
    >>> mlp.predict(X).tolist()
    ['same', 'other', 'other', 'same']
    """

    _kind: ClassVar[Kind] = "classifier"
    _counterpart = "neural_network.MLPClassifier"

    @property
    def _loss(self) -> Any:
        return self._loss_name if self.loss is None else losses.get(self.loss)

    def _binarized(self, y: Any) -> Array:
        Y = super()._binarized(y)
        if self.loss is None:
            return Y
        _class_losses.check(self._loss, self._label_binarizer.y_type_)
        return _class_losses.encoded(Y, self._loss)

    def _zeros_and_ones(self, Y: Array) -> Array:
        return Y if self.loss is None else _class_losses.decoded(Y, self._loss, self._label_binarizer.y_type_)

    def _codes(self, Y: Array) -> Array:
        return super()._codes(self._zeros_and_ones(Y))

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(
        self,
        X: Any,
        y: Any,
        sample_weight: Any = None,
        *,
        X_val: Any = None,
        y_val: Any = None,
        sample_weight_val: Any = None,
    ) -> Self:
        """Learn from X (n, d) and the labels y (n,), or y (n, n_labels) of zeros and ones for several labels at once.

        Parameters
        ----------
        X : array-like or sparse matrix of shape (n_samples, n_features)
            The inputs.
        y : array-like of shape (n_samples,) or (n_samples, n_labels)
            The labels.
        sample_weight : array-like of shape (n_samples,), default=None
            Weight of each row in the loss.
        X_val, y_val : array-like, default=None
            Validation rows of your own, in place of a split: their loss and score are recorded after each epoch, and
            early stopping watches them.
        sample_weight_val : array-like, default=None
            Their weights.

        Returns
        -------
        self : MLPClassifier
            The fitted estimator.
        """
        return self._fit(X, y, sample_weight, (X_val, y_val, sample_weight_val))  # type: ignore[no-any-return]

    @available_if(lambda self: self._check_solver())
    @_fit_context(prefer_skip_nested_validation=True)
    def partial_fit(self, X: Any, y: Any, sample_weight: Any = None, classes: Any = None) -> Self:
        """Learn one epoch more from these rows; optimizer and random stream go on where they stopped.

        Parameters
        ----------
        X, y, sample_weight
            As in ``fit``.
        classes : array-like of shape (n_classes,), default=None
            All labels that will ever come; needed in the first call.

        Returns
        -------
        self : MLPClassifier
            The estimator.
        """
        if isinstance(self.class_weight, str):
            raise TasouError(BALANCED_IN_PARTS)
        if _check_partial_fit_first_call(self, None if classes is None else check_labels(classes)):
            self._label_binarizer = LabelBinarizer()
            self._label_binarizer.fit(y if type_of_target(y).startswith("multilabel") else classes)
        return self._fit(X, y, sample_weight, NONE_KEPT, epochs=1)  # type: ignore[no-any-return]

    def _checked_X_y(self, X: Any, y: Any, *, reset: bool, define: bool) -> tuple[Any, Array]:
        if not self._takes_plain(X, y, reset=reset):
            check_objects(y)
            refuse_text(X, self)
            X, y = validate_data(
                self, X, y, accept_sparse=["csr", "csc"], multi_output=True, dtype=FLOATS, reset=reset
            )
        if y.ndim == 2 and y.shape[1] == 1:
            y = column_or_1d(y, warn=True)
        if define:
            self._define_classes(y)
        else:
            self._check_classes(y)
        return X, self._binarized(y)

    def _check_classes(self, y: Array) -> None:
        """The classes of a fit that goes on must be those it began with."""
        classes = unique_labels(check_labels(y))
        if self.warm_start:
            if set(classes) != set(self.classes_):
                raise TasouError(OTHER_CLASSES, before=self.classes_, now=classes)
        elif len(np.setdiff1d(classes, self.classes_, assume_unique=True)):
            raise TasouError(UNKNOWN_CLASSES, known=self.classes_, found=classes)

    def _checked_validation(self, X_val: Any, y_val: Any) -> tuple[Any, Array]:
        check_objects(y_val)
        X, y = validate_data(
            self, X_val, y_val, accept_sparse=["csr", "csc"], multi_output=True, dtype=FLOATS, reset=False
        )
        unknown = np.setdiff1d(unique_labels(check_labels(y)), self.classes_)
        if len(unknown):
            raise TasouError(FOREIGN_VALIDATION, unknown=unknown)
        return X, self._binarized(y)

    def _targets_of(self, Y: Array) -> Array:
        return self._label_binarizer.inverse_transform(self._zeros_and_ones(Y))  # type: ignore[no-any-return]

    def _score_rows(self, y_hat: Array, Y: Array, sample_weight: Array | None) -> float:
        """Accuracy on rows kept out; not a number if a numeric prediction is none."""
        true, labels = self._targets_of(Y), self._labels(y_hat, _class_losses.threshold(self._loss))
        if np.issubdtype(labels.dtype, np.floating) and not np.isfinite(labels).all():
            return float("nan")
        return float(accuracy_score(true, labels, sample_weight=sample_weight))

    def predict(self, X: Any) -> Array:
        """The label of each row: shape (n,), or (n, n_labels) of zeros and ones."""
        return self._labels(self._predict_rows(self._checked_X(X)), _class_losses.threshold(self._loss))

    @available_if(_class_losses.probable(False))
    def decision_function(self, X: Any) -> Array:
        """How far each row lies on the side of a class: shape (n, n_classes), or (n,) for two of them.

        Only a loss whose outputs are not probabilities (hinge, perceptron) has it.
        """
        y_hat = self._predict_rows(self._checked_X(X))
        return y_hat.ravel() if y_hat.shape[1] == 1 else y_hat

    @available_if(_class_losses.probable(True))
    def predict_proba(self, X: Any) -> Array:
        """The probability of each class: shape (n, n_classes), in the order of ``classes_``."""
        return self._probabilities(self._predict_rows(self._checked_X(X)))

    @available_if(_class_losses.probable(True))
    def predict_log_proba(self, X: Any) -> Array:
        """Their logarithms, computed from z without taking the logarithm of a rounded zero: never -inf."""
        X = self._checked_X(X)
        with limited(self.n_threads):
            return self._log_probabilities(self._network.predict(X), self._network.decision(X))

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_label = True
        return tags
