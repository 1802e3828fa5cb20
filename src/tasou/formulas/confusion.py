"""What is said of a yes/no rule by four sums of weights: true and false positives, false and true negatives."""


def accuracy(tp, fp, fn, tn, xp):
    """The share of rows that are right."""
    return (tp + tn) / (tp + fp + fn + tn)


def balanced(tp, fp, fn, tn, xp):
    """Balanced accuracy: the mean of the shares that are right of the positives and of the negatives."""
    return (_share(tp, fn, xp) + _share(tn, fp, xp)) / 2


def f1(tp, fp, fn, tn, xp):
    """2 tp / (2 tp + fp + fn): the harmonic mean of precision and recall; 0 where nothing is positive."""
    return _share(2 * tp, fp + fn, xp)


def mcc(tp, fp, fn, tn, xp):
    """Matthews' correlation of rule and truth (1975); 0 where either knows one answer alone."""
    product = (tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)
    return xp.where(product > 0, (tp * tn - fp * fn) / xp.sqrt(xp.where(product > 0, product, 1)), 0)


def _share(of, rest, xp):
    whole = of + rest
    return xp.where(whole > 0, of / xp.where(whole > 0, whole, 1), 0)
