"""An estimator whose fitted state is ``coefs_`` and ``intercepts_``, and the network that works on them.

The arrays in ``coefs_`` are views into the network's flat vector: whoever writes into them changes the network. The
network itself is not part of the state (it is left out of pickles and copies): it is built again when needed, also
after somebody has put other arrays into ``coefs_``.
"""

from __future__ import annotations

from abc import abstractmethod
from functools import cache
from importlib.metadata import PackageNotFoundError, metadata
from operator import is_
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted, validate_data

from tasou.estimators._shown import ShowsWhatItLearnt
from tasou.estimators._to_sklearn import to_sklearn
from tasou.network import Network

Array = NDArray[Any]
FLOATS = (np.float64, np.float32)
SMALL = 4096
"""numbers in an X up to which scikit-learn's examination takes longer than the prediction"""


class NetworkEstimator(ShowsWhatItLearnt, BaseEstimator):
    """Keeps ``coefs_`` and ``intercepts_`` and a network in step."""

    _doc_link_module = "tasou"
    _counterpart: ClassVar[str]
    """scikit-learn's class of the same kind"""

    @property
    def _doc_link_template(self) -> str:
        """Where the "?" of the HTML picture leads: the reference, if the package says where its documentation is."""
        home = documentation()
        return f"{home}/en/reference/api-estimators.html#tasou.{{estimator_name}}" if home else ""

    coefs_: list[Array]
    intercepts_: list[Array]

    @classmethod
    @cache  # scikit-learn reads the signature anew each time, and asks for it in every ``fit``
    def _names_of_parameters(cls) -> tuple[str, ...]:
        return tuple(super()._get_param_names())

    @classmethod
    def _get_param_names(cls) -> list[str]:
        return list(cls._names_of_parameters())

    @abstractmethod
    def _build_network(self, sizes: tuple[int, ...], dtype: Any) -> Network:
        """The network of these sizes that the parameters describe; its weights follow."""

    @property
    def _architecture(self) -> tuple[Any, ...]:
        """What of the parameters shapes a network that has its weights already: if it changes, so does the network."""
        return ()

    def _bind(self, network: Network) -> None:
        """Make ``coefs_`` (in × out, scikit-learn's orientation) and ``intercepts_`` views of the network."""
        self.coefs_ = [W.T for W, _ in network.parameters]
        self.intercepts_ = [b for _, b in network.parameters]
        self._live = (network, tuple(self.coefs_), tuple(self.intercepts_), self._architecture)

    @property
    def _network(self) -> Network:
        """The network on the present ``coefs_`` and ``intercepts_``, as the present parameters describe it."""
        live = self.__dict__.get("_live")
        bound = live is not None and _same(live[1], self.coefs_) and _same(live[2], self.intercepts_)
        if live is not None and bound and live[3] == self._architecture:
            return live[0]  # type: ignore[no-any-return]
        sizes = (self.coefs_[0].shape[0], *(W.shape[1] for W in self.coefs_))
        network = self._build_network(sizes, self.coefs_[0].dtype)
        for (W, b), coef, intercept in zip(network.parameters, self.coefs_, self.intercepts_, strict=True):
            W[...], b[...] = coef.T, intercept
        self._bind(network)
        return network

    def __getstate__(self) -> dict[str, Any]:
        state: dict[str, Any] = dict(super().__getstate__())
        state.pop("_live", None)
        state.pop("_divergence", None)
        return state

    def to_sklearn(self) -> Any:
        """scikit-learn's estimator with the same weights: equal predictions, and ``partial_fit`` goes on from here.

        It shares no memory with this one. Parameters that scikit-learn does not have, and that matter to training
        alone, are left out.

        Returns
        -------
        fitted : MLPClassifier, MLPRegressor, LogisticRegression or Perceptron of scikit-learn
            A `SoftmaxRegression` becomes a LogisticRegression.

        Raises
        ------
        TasouError
            scikit-learn does not know the activation, so it could not predict the same
        NotFittedError
            this estimator is not fitted

        Examples
        --------
        >>> from tasou import LogisticRegression
        >>> fitted = LogisticRegression().fit([[0.0], [1.0], [3.0], [4.0]], [0, 0, 1, 1]).to_sklearn()
        >>> type(fitted).__module__.split(".")[0], fitted.predict([[0.5], [3.5]]).tolist()
        ('sklearn', [0, 1])
        """
        return to_sklearn(self, self._counterpart)

    def _checked_X(self, X: Any) -> Any:
        if self._is_plain(X):
            return X
        check_is_fitted(self)
        return validate_data(self, X, accept_sparse=["csr", "csc"], dtype=FLOATS, reset=False)

    def _is_plain(self, X: Any) -> bool:
        """Whether X is a small array in which nothing can be wrong: a row or a few need no long examination."""
        return (
            _is_small(X)
            and X.shape[1] == self.__dict__.get("n_features_in_")
            and "coefs_" in self.__dict__
            and "feature_names_in_" not in self.__dict__
            and bool(np.isfinite(X).all())
        )

    def _takes_plain(self, X: Any, y: Any, *, reset: bool) -> bool:
        """The same of X and whole-numbered labels y (n,) to learn from; how many features there are is noted."""
        if not (_is_small(X) and type(y) is np.ndarray and y.ndim == 1 and y.dtype.kind in "iub"):
            return False
        known = X.shape[1] if reset else self.__dict__.get("n_features_in_")
        fits = len(y) == len(X) and X.shape[1] == known and "feature_names_in_" not in self.__dict__
        if not fits or not np.isfinite(X).all():
            return False
        self.n_features_in_ = X.shape[1]
        return True

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags


@cache
def documentation() -> str:
    """The address of the documentation in the installed package's metadata; empty where none is given."""
    try:
        urls: list[str] = metadata("tasou").get_all("Project-URL") or []
    except PackageNotFoundError:
        return ""
    named = dict(url.split(", ", 1) for url in urls)
    return named.get("Documentation", "").rstrip("/")


def _is_small(X: Any) -> bool:
    """Whether X is an array (n, d) of floats so small that its examination takes longer than the work on it."""
    return type(X) is np.ndarray and X.dtype in FLOATS and X.ndim == 2 and 0 < X.size <= SMALL


def _same(mine: tuple[Array, ...], theirs: list[Array]) -> bool:
    return len(mine) == len(theirs) and all(map(is_, mine, theirs))
