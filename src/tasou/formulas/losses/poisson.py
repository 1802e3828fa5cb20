"""Half Poisson deviance: L = y log(y / y_hat) - y + y_hat, y_hat = exp(z); delta = y_hat - y.

The rate is held below e^80 (far beyond any count), so that nothing overflows for any finite z. From there on the loss
grows with the logarithm of z, not to lose its slope: who has come that far finds back.
"""

CEILING = 80.0

output = "exp"
targets = "count"
latex = r"y \log\frac{y}{\hat{y}} - y + \hat{y}, \quad \hat{y} = e^{z}"
delta_latex = r"\hat{y} - y"
plain = "{y} log({y} / {y_hat}) - {y} + {y_hat}"
delta_plain = "{y_hat} - {y}"
notes = {
    "en": "For counts and rates (y >= 0): the prediction is positive by construction.",
    "ja": "件数や頻度（y ≥ 0）の回帰の損失。予測は必ず正になる。",
}


def predict(z, xp):
    return xp.exp(xp.minimum(z, CEILING))


def value(z, y, xp):
    seen = xp.where(y > 0, y, xp.ones_like(y))  # y log y is 0 at y = 0
    beyond = xp.maximum(z - CEILING, 0)
    return xp.exp(xp.minimum(z, CEILING)) * (1 + xp.log(1 + beyond)) - y * z + y * xp.log(seen) - y


def delta(z, y_hat, y, xp):
    return y_hat / (1 + xp.maximum(z - CEILING, 0)) - y
