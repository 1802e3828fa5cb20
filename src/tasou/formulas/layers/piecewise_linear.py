"""Where in its bins a number lies: 1 for bins below it, 0 for bins above, its share within (Gorishniy et al. 2022)."""

from tasou.formulas.edges import way

latex = r"\mathrm{clip}\left(\frac{x - e_{j}}{e_{j+1} - e_{j}}, 0, 1\right)"


def share(x, start, stop, xp, *, low=0.0, high=1.0):
    """From ``low`` to ``high``, as x goes through the bin; halfway where there is no number (NaN)."""
    return low + (high - low) * way(x, start, stop, xp)


def back(g, x, start, stop, xp, *, low=0.0, high=1.0):
    """∂L/∂x: only within the bin does anything change."""
    t = (x - start) / (stop - start)
    slope = (high - low) / (stop - start)
    return xp.where(t > 0, xp.where(t < 1, g * slope, 0 * g), 0 * g)
