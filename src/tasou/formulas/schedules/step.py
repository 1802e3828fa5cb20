"""Step: lr is multiplied by ``factor`` after every ``every`` epochs."""

looks_at = ("epochs",)
latex = r"\alpha \, \gamma^{\lfloor e / k \rfloor}"
notes = {"en": "The learning rate falls in steps.", "ja": "一定のエポックごとに学習率を下げる。"}


def rate(lr, clock, *, every=30, factor=0.1):
    return lr * factor ** (clock.epochs // every)
