"""How far two distributions are apart, as a share of rows between 0 and 1."""


def kolmogorov(values, shares, others, other_shares, xp):
    """The largest distance of the distribution functions of two samples, each of ascending values with their shares."""
    every = xp.sort(xp.concat([values, others]))
    found = []
    for x, p in ((values, shares), (others, other_shares)):
        below = xp.concat([xp.zeros(1, dtype=p.dtype), xp.cumsum(p)])
        found.append(below[xp.searchsorted(x, every, side="right")])
    return xp.max(xp.abs(found[0] - found[1]))


def total_variation(shares, others, xp):
    """Half the sum of the differences of the shares of levels: the rows that would have to change theirs."""
    return xp.sum(xp.abs(shares - others)) / 2


def by_chance(n, xp, *, c=1.95):
    """The distance that n rows of the same distribution exceed once in a thousand times (Kolmogorov; Smirnov 1948)."""
    return c / xp.sqrt(n)
