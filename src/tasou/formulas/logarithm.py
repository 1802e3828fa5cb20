"""A number from 0 that is learnt by its logarithm, and how the mean comes back: for targets with a heavy tail."""


def learnt(y, xp, *, unit):
    """log(1 + y / u): below u about linear, above it equal ratios become equal steps."""
    return xp.log1p(y / unit)


def back(t, xp, *, unit, smear, low, high):
    """u (s e^t - 1): the mean of y, as far as e^t falls short of it by the factor s; within the range of y."""
    return xp.clip(unit * (smear * xp.exp(t) - 1), low, high)


def smearing(residual, weight, xp):
    """s, the mean of e^residual of rows kept out (Duan 1983): the exponential of a mean is less than the mean."""
    return xp.sum(weight * xp.exp(residual)) / xp.sum(weight)


def told(y, mean, weight, xp):
    """The mean of m - y log m, half the Poisson deviance but for what y alone says: least where m is the mean of y.

    A squared error asks for the mean as well, but few large rows decide it where the tail is heavy.
    """
    return xp.sum(weight * (mean - y * xp.log(mean))) / xp.sum(weight)
