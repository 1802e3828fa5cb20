"""The network of an estimator that is not ours, rebuilt from its fitted attributes: scikit-learn's MLP."""

from __future__ import annotations

from typing import Any

import numpy as np

from tasou.formulas import activations
from tasou.network import Network

LOSSES = {"softmax": "cross_entropy", "logistic": "binary_cross_entropy", "identity": "squared_error"}
"""by the output function (``out_activation_``)"""


def foreign_network(estimator: Any) -> Network | None:
    """A network with the estimator's ``coefs_`` and ``intercepts_``; None where it has none, or one unknown here."""
    params = estimator.get_params(deep=False)
    output, activation = getattr(estimator, "out_activation_", None), params.get("activation")
    if not (hasattr(estimator, "coefs_") and output in (*LOSSES, "exp") and activation in _known()):
        return None
    coefs, intercepts = estimator.coefs_, estimator.intercepts_
    sizes = [coefs[0].shape[0], *(W.shape[1] for W in coefs)]
    loss, dtype = LOSSES.get(output, "poisson"), np.asarray(coefs[0]).dtype
    l2 = float(params.get("alpha") or 0.0)
    network = Network(sizes, activation, loss=loss, l2=l2, init="zeros", dtype=dtype)
    for (W, b), coef, intercept in zip(network.parameters, coefs, intercepts, strict=True):
        W[...], b[...] = coef.T, intercept
    return network


def _known() -> set[str]:
    return {*activations.registry.names(), "logistic"}
