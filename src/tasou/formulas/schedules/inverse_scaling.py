"""Inverse scaling: lr / (t + 1)^power with t the samples seen in the completed epochs (scikit-learn's "invscaling")."""

looks_at = ("epochs", "samples")
latex = r"\alpha / (t + 1)^{p}"
notes = {
    "en": "Falls quickly at first, then ever more slowly. t counts samples, as in scikit-learn.",
    "ja": "はじめ速く、その後ゆっくり下がる。t は（scikit-learn と同じく）見たサンプルの数。",
}


def rate(lr, clock, *, power=0.5):
    return lr / (clock.samples + 1) ** power if clock.epochs else lr
