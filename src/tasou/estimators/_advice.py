"""Words for a fit that went badly because the data is not scaled."""

from __future__ import annotations

import numpy as np

from tasou.estimators._validation import Rows

ENOUGH = 1000
"""rows that tell how the features are scaled"""
X_RATIO, X_OFFSET, Y_SMALL, Y_LARGE = 1e3, 1e2, 0.05, 20.0
"""features whose spreads differ by more, that lie further from zero than their spread, targets spread less or more"""


def unscaled_inputs(rows: Rows) -> str:
    """A sentence if the columns of X differ widely in size, else nothing."""
    if hasattr(rows.X, "tocsr"):
        return ""
    X = rows.X[:: max(1, len(rows.X) // ENOUGH)]  # some rows: advice must not cost what an epoch costs
    mean = X.mean(axis=0)
    std = np.sqrt(np.square(X - mean).mean(axis=0))
    varying = std > 0
    if not varying.any():
        return ""
    low, high = float(std[varying].min()), float(std[varying].max())
    offset = float((np.abs(mean)[varying] / std[varying]).max())
    if high / low > X_RATIO:
        return f" The features' standard deviations reach from {low:.3g} to {high:.3g}: scale='auto' standardises them."
    if max(high, 1 / low) > X_RATIO or offset > X_OFFSET:
        return " The features are far from mean 0 and standard deviation 1: scale='auto' standardises them."
    return ""


def unscaled_target(rows: Rows, loss: float) -> str:
    """A sentence if a squared-error fit came out worse than predicting the mean of y, and y is oddly sized."""
    spread = np.atleast_1d(rows.Y.std(axis=0))
    baseline = 0.5 * float(np.sum(spread**2))
    odd = spread.min() < Y_SMALL or spread.max() > Y_LARGE
    if not odd or not loss > baseline > 0:
        return ""
    return (
        f" The fit is worse than predicting the mean of y: loss {loss:.3g} against {baseline:.3g}. y has a standard "
        f"deviation of {float(spread.max()):.3g}, which the absolute tol and the step size do not suit: scale='auto' "
        "standardises it (relative_tol=True helps with small targets)."
    )
