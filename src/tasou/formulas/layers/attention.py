"""Scaled dot-product attention (Vaswani et al. 2017): how much each position looks at each other, and the way back."""


def weights(scores, xp, *, width=1.0):
    """softmax(q · k / √d) over the positions that are looked at: they sum to 1; d = ``width``."""
    z = scores / width**0.5
    e = xp.exp(z - xp.max(z, axis=-1, keepdims=True))
    return e / xp.sum(e, axis=-1, keepdims=True)


def causal_weights(scores, seen, xp, *, width=1.0):
    """The same over the positions where ``seen`` is 1, not 0: those up to the one that looks."""
    z = scores / width**0.5
    least = -xp.max(-z, axis=-1, keepdims=True)
    most = xp.max(xp.where(seen > 0, z, least), axis=-1, keepdims=True)
    e = seen * xp.exp(xp.minimum(z - most, 0))
    return e / xp.sum(e, axis=-1, keepdims=True)


def score_error(g, w, xp, *, width=1.0):
    """∂L/∂score = w ⊙ (∂L/∂w - Σ w ⊙ ∂L/∂w) / √d, the softmax's way back."""
    return w * (g - xp.sum(w * g, axis=-1, keepdims=True)) / width**0.5
