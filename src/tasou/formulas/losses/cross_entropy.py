"""Cross-entropy of softmax: L = -sum_k y_k log y_hat_k, y_hat = Softmax(z); delta = y_hat - y (lecture 1.1, 6)."""

output = "softmax"
targets = "one_hot"
latex = r"-\sum_k y_k \log \hat{y}_k, \quad \hat{y} = \mathrm{Softmax}(z)"
delta_latex = r"\hat{y} - y"
plain = "-{y} log {y_hat}"
delta_plain = "{y_hat} - {y}"
notes = {
    "en": "For many classes: y is one-hot, y_hat a probability for each class.",
    "ja": "多クラス分類の損失（交差エントロピー）。y はワンホット、ŷ は各クラスの確率。",
}


def predict(z, xp):
    e = xp.exp(z - xp.max(z, axis=-1, keepdims=True))
    return e / xp.sum(e, axis=-1, keepdims=True)


def value(z, y, xp):
    s = z - xp.max(z, axis=-1, keepdims=True)
    return y * (xp.log(xp.sum(xp.exp(s), axis=-1, keepdims=True)) - s)


def delta(z, y_hat, y, xp):
    return y_hat - y
