"""Swish: a = z sigmoid(beta z), the identity halved for beta = 0, ReLU for large beta (Ramachandran, Zoph & Le 2017).

For beta = 1 it is SiLU. Its slope is s + beta a (1 - s), s = sigmoid(beta z).
"""

from tasou.formulas.activations.sigmoid import f as sigmoid

latex = r"z\,\sigma(\beta z)"
slope_latex = r"\sigma(\beta z) + \beta a\,(1 - \sigma(\beta z))"
slope_of_latex = {"beta": r"a\,(z - a)"}
plain = "{z} * sigmoid(beta * {z})"
slope_plain = "s + beta * {a} * (1 - s), s = sigmoid(beta * {z})"
slope_of_plain = {"beta": "{a} * ({z} - {a})"}
onnx = "Sigmoid,Mul"
suitable = "he_uniform"
spelling = "Swish"
notes = {
    "en": "A SiLU whose bend is as sharp as beta says, from a straight line to ReLU; beta can be learnt for each unit.",
    "ja": "曲がり方の鋭さを β で決める SiLU。直線から ReLU までを含む。β はユニットごとに学ぶこともできる。",
}


def f(z, xp, *, beta=1.0):
    return z * sigmoid(beta * z, xp)


def slope(z, a, xp, *, beta=1.0):
    s = sigmoid(beta * z, xp)
    return s + beta * a * (1 - s)


def slope_of_beta(z, a, xp):
    return a * (z - a)
