"""PReLU: x for x > 0, s x for x <= 0, the slope s learnt (He, Zhang, Ren & Sun 2015)."""

latex = r"\max(0, x) + s \min(0, x)"


def bent(x, s, xp):
    """The output."""
    return xp.where(x > 0, x, s * x)


def back(g, x, s, xp):
    """∂L/∂x."""
    return xp.where(x > 0, g, s * g)


def to_slope(g, x, xp):
    """∂L/∂s of each number: the slope is felt below zero alone."""
    return xp.where(x > 0, 0 * g, g * x)
