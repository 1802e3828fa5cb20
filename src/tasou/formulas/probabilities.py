"""Probabilities of classes: from a sigmoid, their logarithms, and the last values z that would predict given ones."""


def of_classes(y_hat, xp):
    """A column per class; one sigmoid output alone is the probability of the second of two: 1 - y_hat, y_hat."""
    return xp.concatenate([1 - y_hat, y_hat], axis=1) if y_hat.shape[1] == 1 else y_hat


def logarithms(p, loss, xp):
    """The logarithms log p; where p rounds to zero, -L with the ``loss`` of that answer, finite for every finite z."""
    return xp.where(p > 0, xp.log(xp.where(p > 0, p, 1)), -loss)


def logit(p, xp):
    """The z of which p is the sigmoid: log p - log(1 - p)."""
    return xp.log(p) - xp.log(1 - p)
