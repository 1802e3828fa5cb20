"""Constant: lr stays as it is."""

looks_at = ()
latex = r"\alpha"
notes = {"en": "The same learning rate throughout.", "ja": "学習率を最後まで変えない。"}


def rate(lr, clock):
    return lr
