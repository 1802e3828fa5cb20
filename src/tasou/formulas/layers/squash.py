"""Squashing: a = c z / sqrt(1 + (z / 3)^2), which is c z near 0 and never beyond 3 c (Holzmüller et al. 2024)."""


def squashed(z, xp, *, factor=1.0):
    return factor * z / xp.sqrt(1 + z * z / 9)


def steepness(z, xp, *, factor=1.0):
    """c / (1 + (z / 3)^2)^(3/2)."""
    r = 1 + z * z / 9
    return factor / (r * xp.sqrt(r))
