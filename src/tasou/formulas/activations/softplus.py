"""Softplus: a = log(1 + exp(z)), a smooth ReLU. Its slope is the sigmoid (Dugas et al. 2001)."""

from tasou.formulas.activations.sigmoid import f as sigmoid

latex = r"\log(1 + e^{z})"
slope_latex = r"\frac{1}{1 + e^{-z}}"
plain = "log(1 + exp({z}))"
slope_plain = "1 / (1 + exp(-({z})))"
onnx = "Softplus"
spelling = "Softplus"
suitable = "he_uniform"
notes = {
    "en": "A ReLU without the corner; its output is always positive.",
    "ja": "角のない ReLU。出力は常に正になる。",
}


def f(z, xp):
    return xp.maximum(z, 0) + xp.log1p(xp.exp(-xp.abs(z)))


def slope(z, a, xp):
    return sigmoid(z, xp)
