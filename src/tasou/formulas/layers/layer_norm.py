"""Layer normalization: the features of a row with mean 0 and variance 1 (Ba, Kiros & Hinton 2016)."""

latex = r"h = \frac{x - \mu}{\sqrt{\sigma^2 + \varepsilon}}"


def normal(x, xp, *, eps=1e-5):
    """The row of features, moved and scaled."""
    K = xp.sum(xp.ones_like(x), axis=-1, keepdims=True)
    mean = xp.sum(x, axis=-1, keepdims=True) / K
    moved = x - mean
    variance = xp.sum(moved * moved, axis=-1, keepdims=True) / K
    return moved / xp.sqrt(variance + eps)


def back(g, x, h, xp, *, eps=1e-5):
    """∂L/∂x, from g = ∂L/∂h: what would only move or scale the whole row is taken out."""
    K = xp.sum(xp.ones_like(x), axis=-1, keepdims=True)
    mean = xp.sum(x, axis=-1, keepdims=True) / K
    moved = x - mean
    variance = xp.sum(moved * moved, axis=-1, keepdims=True) / K
    along = xp.sum(g, axis=-1, keepdims=True) / K
    turning = xp.sum(g * h, axis=-1, keepdims=True) / K
    return (g - along - h * turning) / xp.sqrt(variance + eps)
