"""Log-cosh: L = log cosh(y_hat - y); delta = tanh(y_hat - y). Squared error near zero, absolute error far away."""

LOG_2 = 0.6931471805599453

output = "identity"
targets = "real"
latex = r"\log\cosh(\hat{y} - y)"
delta_latex = r"\tanh(\hat{y} - y)"
plain = "log cosh({y_hat} - {y})"
delta_plain = "tanh({y_hat} - {y})"
notes = {
    "en": "Like Huber, but smooth in every derivative.",
    "ja": "Huber 損失に似るが、何回でも微分できる。",
}


def predict(z, xp):
    return z


def value(z, y, xp):
    r = xp.abs(z - y)
    return r + xp.log1p(xp.exp(-2 * r)) - LOG_2


def delta(z, y_hat, y, xp):
    return xp.tanh(z - y)
