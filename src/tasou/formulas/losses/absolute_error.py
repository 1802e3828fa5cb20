"""Absolute error: L = sum_k |y_hat_k - y_k|, y_hat = z; delta = sign(y_hat - y)."""

output = "identity"
targets = "real"
latex = r"\sum_k |\hat{y}_k - y_k|"
delta_latex = r"\mathrm{sign}(\hat{y} - y)"
plain = "|{y_hat} - {y}|"
delta_plain = "sign({y_hat} - {y})"
notes = {
    "en": "For regression with outliers; the prediction that minimises it is the median of y.",
    "ja": "外れ値に強い回帰の損失（絶対誤差）。最小にする予測は y の中央値。",
}


def predict(z, xp):
    return z


def value(z, y, xp):
    return xp.abs(z - y)


def delta(z, y_hat, y, xp):
    return xp.sign(z - y)
