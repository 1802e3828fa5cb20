"""Several quantiles of a number at once: their loss, and the order that keeps them from crossing.

What holds for one level is `losses/quantile.py`; here output k has the level levels[k], ascending.
"""

from tasou.formulas.by_output import ByOutput
from tasou.formulas.losses.quantile import delta, value


def loss(levels):
    """The quantile loss (Koenker & Bassett 1978) and its derivative with respect to z, each output at its own level."""
    return tuple(ByOutput(formula, "quantile", levels) for formula in (value, delta))


def rearranged(z, xp):
    """The outputs of a row in ascending order: then they cross nowhere, and the loss is never larger for it.

    Chernozhukov, Fernández-Val & Galichon (2010): sorting the levels' predictions brings them nearer to the truth.
    """
    return xp.sort(z, axis=-1)


def ordered(parts, xp):
    """The same of outputs that come one by one: neighbours change places until none has to (Habermann 1972)."""
    found = list(parts)
    for turn in range(len(found)):
        for k in range(turn % 2, len(found) - 1, 2):
            low, high = xp.minimum(found[k], found[k + 1]), xp.maximum(found[k], found[k + 1])
            found[k], found[k + 1] = low, high
    return found


def width(low, high, xp, *, least):
    """How far the outer levels lie apart, and no less than ``least``: the unit in which levels of a row are moved."""
    return xp.maximum(high - low, least)


def moved(z, width, shift):
    """z + c width, c being the move that level wants on rows kept out (Romano, Patterson & Candès 2019)."""
    return z + shift * width


def calibrated(z, xp, *, shifts, least):
    """Levels in order, each moved by its own share of the row's width, and in order again."""
    if not shifts:
        return rearranged(z, xp)
    z = rearranged(z, xp)
    c = xp.asarray(shifts, dtype=z.dtype)
    return rearranged(moved(z, width(z[..., :1], z[..., -1:], xp, least=least), c), xp)


def mean_loss(z, y, xp, *, levels):
    """The loss of each row, averaged over the levels."""
    return xp.mean(loss(levels)[0](z, y, xp), axis=-1)
