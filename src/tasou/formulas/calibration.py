"""How far probabilities are from the shares that they promise, bin by bin."""


def expected_error(promised, observed, share, xp):
    """The expected calibration error, sum of share |observed - promised| over the bins (Naeini et al. 2015)."""
    return xp.sum(share * xp.abs(observed - promised))


def wilson(observed, n, xp, *, z=1.96):
    """Wilson's interval (1927) of a share seen in n rows: low, high; z = 1.96 covers 95 %."""
    middle = (observed + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * xp.sqrt(observed * (1 - observed) / n + z * z / (4 * n * n))
    return middle - half, middle + half
