"""Squared error: L = 1/2 sum_k (y_hat_k - y_k)^2, y_hat = z; delta = y_hat - y."""

output = "identity"
targets = "real"
latex = r"\tfrac{1}{2} \sum_k (\hat{y}_k - y_k)^2"
delta_latex = r"\hat{y} - y"
plain = "({y_hat} - {y})^2 / 2"
delta_plain = "{y_hat} - {y}"
notes = {
    "en": "For regression; the prediction that minimises it is the mean of y. The half makes the slope y_hat - y.",
    "ja": "回帰の損失（二乗誤差）。最小にする予測は y の平均。1/2 を付けると微分が ŷ − y になる。",
}


def predict(z, xp):
    return z


def value(z, y, xp):
    return 0.5 * (z - y) * (z - y)


def delta(z, y_hat, y, xp):
    return z - y
