"""Words for a fit that went badly because the data is not scaled."""

from __future__ import annotations

import numpy as np

from tasou.diagnostics.data import CLASSES, baseline
from tasou.messages import AS_IT_STANDS, Message, Sentence
from tasou.network import Network
from tasou.training.learning import Rows

ENOUGH, MANY = 1_000, 10_000
"""rows that tell how the features are scaled, how frequent the classes are"""
WORSE = 1.05
"""a loss that is higher than the best constant's by more is worse: dropout and penalties may cost a little"""
X_RATIO, X_OFFSET, Y_SMALL, Y_LARGE = 1e3, 1e2, 0.05, 20.0
"""features whose spreads differ by more, that lie further from zero than their spread, targets spread less or more"""

SPREAD = Message(
    "mlp.unscaled_spread",
    en=" The features' standard deviations reach from {low:.3g} to {high:.3g}: scale='auto' standardises them.",
    ja=" 特徴量の標準偏差が {low:.3g} から {high:.3g} まで開いています。scale='auto' で標準化できます。",
)
FAR = Message(
    "mlp.unscaled_far",
    en=" The features are far from mean 0 and standard deviation 1: scale='auto' standardises them.",
    ja=" 特徴量が平均 0・標準偏差 1 から大きく離れています。scale='auto' で標準化できます。",
)
TARGET = Message(
    "mlp.unscaled_target",
    en=" The fit is worse than predicting the mean of y: loss {loss:.3g} against {baseline:.3g}. y has a standard "
    "deviation of {spread:.3g}, which the absolute tol and the step size do not suit: scale='auto' standardises it "
    "(relative_tol=True helps with small targets).",
    ja=" y の平均を答えるより悪い結果です（損失 {loss:.3g}、平均なら {baseline:.3g}）。y の標準偏差 {spread:.3g} に"
    "絶対的な tol や歩幅が合っていません。scale='auto' で標準化できます（小さな値には relative_tol=True も有効です）。",
)
CONSTANT = Message(
    "mlp.worse_than_constant",
    en="The fit is worse than always giving the classes' shares: loss {loss:.3g} against {baseline:.3g}.{advice}",
    ja="常にクラスの割合を答えるより悪い結果です（損失 {loss:.3g}、割合を答えれば {baseline:.3g}）。{advice}",
)
LOWER = Message(
    "mlp.lower_rate",
    en=" A lower learning_rate_init may help.",
    ja=" learning_rate_init を下げると良くなることがあります。",
)
NOTHING = AS_IT_STANDS(text="")
BOTH = Message("mlp.unscaled_both", en="{inputs}{target}", ja="{inputs}{target}")


def unscaled_inputs(rows: Rows) -> Sentence:
    """A sentence if the columns of X differ widely in size, else nothing."""
    if hasattr(rows.X, "tocsr"):
        return NOTHING
    X = rows.X[:: max(1, len(rows.X) // ENOUGH)]  # some rows: advice must not cost what an epoch costs
    with np.errstate(over="ignore"):
        mean = X.mean(axis=0)
        std = np.sqrt(np.square(X - mean).mean(axis=0))
    varying = std > 0
    if not varying.any():
        return NOTHING
    low, high = float(std[varying].min()), float(std[varying].max())
    offset = float((np.abs(mean)[varying] / std[varying]).max())
    if high / low > X_RATIO:
        return SPREAD(low=low, high=high)
    if max(high, 1 / low) > X_RATIO or offset > X_OFFSET:
        return FAR()
    return NOTHING


def worse_than_constant(network: Network, rows: Rows, loss: float) -> Sentence:
    """A sentence if a classifier came out worse than one that knows nothing but how frequent each class is."""
    step = max(1, len(rows.Y) // MANY)
    weight = None if rows.sample_weight is None else rows.sample_weight[::step]
    if network.loss.targets not in CLASSES or (weight is not None and not weight.any()):
        return NOTHING
    known = baseline(network, rows.Y[::step], weight)
    if not loss > WORSE * known > 0:
        return NOTHING
    advice = unscaled_inputs(rows)
    return CONSTANT(loss=loss, baseline=known, advice=LOWER() if advice is NOTHING else advice)


def unscaled_target(rows: Rows, loss: float) -> Sentence:
    """A sentence if a squared-error fit came out worse than predicting the mean of y, and y is oddly sized."""
    spread = np.atleast_1d(rows.Y.std(axis=0))
    baseline = 0.5 * float(np.sum(spread**2))
    odd = spread.min() < Y_SMALL or spread.max() > Y_LARGE
    if not odd or not loss > baseline > 0:
        return NOTHING
    return TARGET(loss=loss, baseline=baseline, spread=float(spread.max()))
