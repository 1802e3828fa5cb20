"""How sure a difference of two mean losses is: both means anew, of rows drawn again and again."""


def differences(draws, worse, usual, whole, xp):
    """whole(mean worse) - whole(mean usual) for each draw of rows (B, n): the bootstrap of Efron (1979).

    ``worse`` (n, d) are losses of rows with one column shuffled, ``usual`` (n,) without; ``whole`` turns a mean loss
    into the unit that is spoken of, as the root turns squared errors into an error.
    """
    total = xp.sum(draws, axis=1)[:, None]
    return whole((draws @ worse) / total) - whole((draws @ usual[:, None]) / total)
