"""A network without hidden layer as an estimator: scikit-learn's names for W[1] and b[1] (lecture 2.4)."""

from __future__ import annotations

from copy import copy
from typing import Any, Self

import numpy as np
from scipy import sparse
from sklearn.utils.validation import check_is_fitted

from tasou.errors import ShapeError
from tasou.estimators._network import Array, NetworkEstimator
from tasou.messages import Message
from tasou.network import Network

OTHER_SHAPE = Message(
    "linear.warm_start_shape",
    en=(
        "warm_start goes on from coef_ of shape {found}, but this data asks for {wanted}; set "
        "warm_start=False to start anew"
    ),
    ja=(
        "warm_start は形 {found} の coef_ から続けますが、このデータには形 {wanted} が必要です。最初から学習"
        "するには warm_start=False にしてください"
    ),
)


class LinearNetwork(NetworkEstimator):
    """``coef_`` and ``intercept_``, which may also be set, and a ``coef_`` that may be kept sparse."""

    classes_: Array

    @property
    def coef_(self) -> Any:
        """W[1]: shape (1, n_features) for a single output, else (n_classes, n_features)."""
        return self.coefs_[0].T

    @coef_.setter
    def coef_(self, W: Any) -> None:
        self.coefs_ = [_as_floats(W).T]

    @property
    def intercept_(self) -> Array:
        """b[1]: shape (1,) or (n_classes,)."""
        return self.intercepts_[0]

    @intercept_.setter
    def intercept_(self, b: Any) -> None:
        self.intercepts_ = [np.atleast_1d(_as_floats(b))]

    def sparsify(self) -> Self:
        """Keep ``coef_`` as a sparse matrix: less memory if most of it is zero.

        Predictions work on a dense copy that is made for each call; ``densify`` turns ``coef_`` back.
        """
        check_is_fitted(self)
        self.coef_ = sparse.csr_array(self.coef_)
        return self

    def densify(self) -> Self:
        """Keep ``coef_`` as an array again."""
        check_is_fitted(self)
        if sparse.issparse(self.coef_):
            self.coef_ = self.coef_.toarray()
        return self

    @property
    def _network(self) -> Network:
        if not sparse.issparse(self.coefs_[0]):
            return super()._network
        return copy(self).densify()._network

    def _start(self, n_features: int, n_outputs: int, dtype: Any, go_on: bool) -> None:
        """Bind a network of zeros, or one on the weights of the last fit if this one goes on from there."""
        network = self._build_network((n_features, n_outputs), dtype)
        if go_on and hasattr(self, "coefs_"):
            self.densify()
            W, b = network.parameters[1]
            if self.coef_.shape != W.shape:
                raise ShapeError(OTHER_SHAPE, found=self.coef_.shape, wanted=W.shape)
            W[...], b[...] = self.coef_, self.intercept_ if network.bias else 0
        self._bind(network)

    def decision_function(self, X: Any) -> Array:
        """z = W x + b: shape (n,) for two classes, where z > 0 means the second, else (n, n_classes)."""
        check_is_fitted(self)
        z = self._network.decision(self._checked_X(X))
        return z.ravel() if z.shape[1] == 1 else z

    @property
    def network_(self) -> Network:
        """The fitted `Network`, sharing its memory with ``coef_``: for traces, gradients, plots."""
        check_is_fitted(self)
        return self._network


def _as_floats(values: Any) -> Any:
    """The values as they are if they are floats of a network's kind, else as float64."""
    values = values if sparse.issparse(values) else np.asarray(values)
    return values if values.dtype in (np.float32, np.float64) else values.astype(np.float64)
