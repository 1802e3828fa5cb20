"""How an ensemble answers: the average of its members, a second model blended in, and a temperature.

Members that tell classes are averaged by their log-probabilities: what averaging gains is then, for every row, how far
the members differ from their average (Heskes 1998), as it is for squared errors. The mean of probabilities is the more
timid the more its members differ, so it would want another temperature for every number of members.
"""


def criterion(one, some, *, r, k):
    """The loss to expect of k members, from that of one and that of the average of r, both on rows kept out.

    one (some / one)^((1 - 1/k) / (1 - 1/r)): what averaging saves grows like 1 - 1/k (Ueda & Nakano 1996), here
    as a share of the loss. Where little is saved that is one - (one - some) (1 - 1/k) / (1 - 1/r), exact in
    expectation for the squared error of independent members; where much is saved it promises less, and never a
    loss below 0. With r = 1 nothing is known of what is saved, and it is the loss of one.
    """
    return one * (some / one) ** ((1 - 1 / k) / (1 - 1 / r)) if r > 1 and one > 0 else one


def softened(log_p, xp, *, temperature=1.0):
    """Log-probabilities of softmax(log p / T): bolder below T = 1, more careful above (Guo et al. 2017)."""
    z = log_p / temperature
    z = z - xp.max(z, axis=-1, keepdims=True)
    return z - xp.log(xp.sum(xp.exp(z), axis=-1, keepdims=True))


def blended(log_p, log_q, xp, *, w=0.0, temperature=1.0):
    """Log-probabilities of softmax(((1 - w) log p + w log q) / T): a geometric mean of two models."""
    return softened((1 - w) * log_p + w * log_q, xp, temperature=temperature)


def probabilities(log_p, xp):
    """The probabilities of their logarithms."""
    return xp.exp(log_p)


def mixed(y_hat, other, *, w=0.0):
    """(1 - w) ŷ + w ŷ': two models of a number."""
    return (1 - w) * y_hat + w * other


def in_unit(z, xp, *, mean=0.0, scale=1.0, low, high):
    """z scale + mean: a number in its own unit, within the range that was learnt from."""
    return xp.clip(z * scale + mean, low, high)


def counted(y_hat, xp, *, mean=1.0, high):
    """ŷ times the mean count, not above the largest that was seen."""
    return xp.minimum(y_hat * mean, high)


def logarithms(p, xp, *, least=1e-7):
    """The logarithms log p, of probabilities below ``least`` as if they were that: one row must not decide for all."""
    return xp.log(xp.maximum(p, least))


def log_loss(log_p, y, xp):
    """-log p of the true class y (n,): one number per row."""
    return -xp.take_along_axis(log_p, y[:, None], axis=-1)[:, 0]


def log_loss_of_two(z, sign, xp):
    """The loss log(1 + exp(-sign z)) of each row: of two classes, by the logit z of the second and ±1."""
    margin = sign * z
    return xp.maximum(-margin, 0.0) + xp.log(1 + xp.exp(-xp.abs(margin)))


def squared_error(y_hat, y, xp):
    """(ŷ - y)², averaged over the outputs: one number per row."""
    return xp.mean((y_hat - y) * (y_hat - y), axis=-1)


def binary_log_loss(p, y, xp):
    """-log p of the labels that are there, -log(1 - p) of those that are not, averaged over the labels."""
    return -xp.mean(xp.where(y > 0, logarithms(p, xp), logarithms(1 - p, xp)), axis=-1)


def half_deviance(y_hat, y, xp, *, least=1e-12):
    """y log(y / ŷ) - y + ŷ of counts y (Poisson), averaged over the outputs: one number per row."""
    safe = xp.maximum(y_hat, least)
    ratio = xp.where(y > 0, y, safe) / safe
    return xp.mean(y * xp.log(ratio) - y + y_hat, axis=-1)
