"""Probabilities of classes, the class they name, their logarithms, and the last values z that would predict them."""


def of_classes(y_hat, xp):
    """A column per class; one sigmoid output alone is the probability of the second of two: 1 - y_hat, y_hat."""
    return xp.concat([1 - y_hat, y_hat], axis=1) if y_hat.shape[1] == 1 else y_hat


def logarithms(p, loss, xp):
    """The logarithms log p; where p rounds to zero, -L with the ``loss`` of that answer, finite for every finite z."""
    return xp.where(p > 0, xp.log(xp.where(p > 0, p, 1)), -loss)


def logit(p, xp):
    """The z of which p is the sigmoid: log p - log(1 - p)."""
    return xp.log(p) - xp.log(1 - p)


def classes(y_hat, xp, *, threshold=0.5):
    """The number of the class that the prediction names: the largest output, or whether the only one is above a half.

    The perceptron's only output is -1 or +1: its threshold is 0.
    """
    if y_hat.shape[1] > 1:
        return xp.argmax(y_hat, axis=1)
    return xp.astype(y_hat[:, 0] > threshold, xp.int64)


FAR = 30.0
"""stands for the infinite z of a class that never (or always) occurs"""


def raw(mean, output, xp):
    """The z whose output function (softmax, sigmoid, exp, identity) gives the mean of y: its link, held within FAR."""
    if output == "sigmoid":
        return xp.minimum(xp.maximum(logit(mean, xp), -FAR), FAR)
    return xp.maximum(xp.log(mean), -FAR) if output in ("softmax", "exp") else mean
