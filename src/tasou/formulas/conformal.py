"""Prediction intervals from the errors that were made on rows kept out, with no assumption on their distribution."""


def shares(weight, xp):
    """The share of rows, a new one among them, whose score is at most each of the ascending scores.

    sum of v up to it / (sum of all v + mean v): for n rows of the same weight j / (n + 1), so that a new row's score is
    below the j-th with at least this probability, if the rows can be exchanged (Vovk, Gammerman & Shafer 2005).
    """
    total = xp.sum(weight)
    return xp.cumsum(weight) / (total + total / weight.shape[0])


def scores(y, low, high, sigma):
    """How far y lies outside of [low, high] on either side, in units of sigma; negative inside.

    With low = high = ŷ these are the errors of a prediction, with two quantiles those of conformalized quantile
    regression (Romano, Patterson & Candès 2019); sigma is what is expected of a row's error (Lei et al. 2018).
    """
    return (low - y) / sigma, (y - high) / sigma


def reached(shares, level, xp):
    """The place of the least of ascending scores that a share ``level`` of rows does not exceed; else of the last."""
    return xp.minimum(xp.searchsorted(shares, level - 1e-12), shares.shape[0] - 1)


def log_size(error, floor, xp):
    """The logarithm of an error's size, from ``floor`` on: one met exactly says little of how far the next is off."""
    return xp.log(xp.maximum(xp.abs(error), floor))


def size(z, mean, deviation, farthest, xp):
    """The size that a standardised logarithm z stands for: none is e^farthest times the usual one, or beyond."""
    return xp.exp(mean + xp.clip(deviation * z, -farthest, farthest))


def interval(low, high, below, above, sigma):
    """The interval whose ends such scores reach: low - below sigma, high + above sigma."""
    return low - below * sigma, high + above * sigma
