"""Waves of a number: sin(2 pi v) and cos(2 pi v), v = c x, with c learnt (Gorishniy, Rubachev & Babenko 2022)."""

TURN = 6.283185307179586

latex = r"\sin(2\pi c x), \; \cos(2\pi c x)"


def sine(v, xp):
    """The one half of the output."""
    return xp.sin(TURN * v)


def cosine(v, xp):
    """The other half."""
    return xp.cos(TURN * v)


def back(g_sin, g_cos, sin, cos, xp):
    """∂L/∂v: each wave's slope is the other wave."""
    return TURN * (g_sin * cos - g_cos * sin)
