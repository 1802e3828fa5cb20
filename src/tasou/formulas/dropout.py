"""Dropout: units silenced at random in training, so that none relies on another (Srivastava et al. 2014)."""


def mask(draw, share):
    """What a[l] is multiplied by: 0 where a draw from [0, 1) falls below ``share``, else 1 / (1 - share).

    So the mean of a[l] stays, and prediction needs no factor.
    """
    return (draw >= share) * (1 / (1 - share))
