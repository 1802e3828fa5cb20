"""Shapley values (1953) by sampling orders: what each column adds when it joins those that came before it.

A way leads from a background row to the row in question, a column after the other; what the answer gains at each step
belongs to that column, so the gains of a way add up to the whole difference (Štrumbelj & Kononenko 2014). Every order
is walked forward and backward (antithetic), which takes out much of the chance (Mitchell et al. 2022).
"""


def gains(answers, order, xp):
    """(D, K) what each column gained on a way: ``answers`` (D + 1, K) along it, ``order`` (D,) who joined when."""
    steps = answers[1:] - answers[:-1]
    return xp.take(steps, xp.argsort(order), axis=0)


def centred(log_p, xp):
    """The logits of several classes that sum to 0: log p_k minus the mean of all log p."""
    return log_p - xp.mean(log_p, axis=-1, keepdims=True)
