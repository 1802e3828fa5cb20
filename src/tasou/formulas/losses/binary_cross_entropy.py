"""Binary cross-entropy of the sigmoid: L = -y log y_hat - (1-y) log(1-y_hat), y_hat = sigmoid(z); delta = y_hat - y.

With several outputs each is a yes/no of its own (multilabel), and their losses add up (lecture 1.1, 4.3).
"""

from tasou.formulas.activations.sigmoid import f as sigmoid
from tasou.formulas.activations.softplus import f as softplus

output = "sigmoid"
targets = "binary"
latex = r"-y \log \hat{y} - (1 - y) \log(1 - \hat{y}), \quad \hat{y} = \sigma(z)"
delta_latex = r"\hat{y} - y"
plain = "-{y} log {y_hat} - (1 - {y}) log(1 - {y_hat})"
delta_plain = "{y_hat} - {y}"
notes = {
    "en": "For two classes, or several labels that may hold at once. Written as softplus(z) - y z, which no z "
    "overflows.",
    "ja": "二値分類、または複数のラベルが同時に成り立つ分類の損失。softplus(z) − y z と書くと、"
    "どんな z でもあふれない。",
}


def predict(z, xp):
    return sigmoid(z, xp)


def value(z, y, xp):
    return softplus(z, xp) - y * z


def delta(z, y_hat, y, xp):
    return y_hat - y
