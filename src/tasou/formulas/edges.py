"""Numbers in bins: how far each has come in its bin, and what weights behind the bins make of it, known by the edges.

What the bins of a column add to z = W a is a function of one number, a straight line within each bin: its values at the
edges say all of it.
"""


def way(x, start, stop, xp):
    """How far x has come from ``start`` to ``stop``: 0 … 1; halfway where there is no number (NaN)."""
    t = (x - start) / (stop - start)
    known = xp.where(t > 0, t, xp.where(t <= 0, 0 * xp.ones_like(t), 0.5))
    return xp.where(t >= 1, xp.ones_like(t), known)


def between(lower, upper, t, xp):
    """The value at a share t of the way from one edge to the next."""
    return lower + t * (upper - lower)


def at_edges(w, xp, *, low=0.0, high=1.0):
    """(bins + 1, units) what a column adds to z where it lies on an edge, by the weights w (bins, units) of its bins.

    At the first edge all bins are ``low``; each edge that is passed turns one more of them ``high``.
    """
    begin = low * xp.sum(w, axis=0, keepdims=True)
    return xp.concatenate([begin, begin + (high - low) * xp.cumsum(w, axis=0)])


def at_edges_back(g, xp, *, low=0.0, high=1.0):
    """∂L/∂w (bins, units) from ∂L/∂(values at the edges) (bins + 1, units)."""
    behind = xp.cumsum(g[::-1], axis=0)[::-1]
    return low * behind[:1] + (high - low) * behind[1:]
