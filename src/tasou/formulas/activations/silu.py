"""SiLU (swish): a = z sigmoid(z) (Elfwing, Uchibe & Doya 2018). Its slope is s + a (1 - s), s = sigmoid(z)."""

from tasou.formulas.activations.sigmoid import f as sigmoid

latex = r"z\,\sigma(z)"
slope_latex = r"\sigma(z) + a\,(1 - \sigma(z))"
plain = "{z} * sigmoid({z})"
slope_plain = "s + {a} * (1 - s), s = sigmoid({z})"
onnx = "Sigmoid,Mul"
spelling = "SiLU"
suitable = "he_uniform"
notes = {
    "en": "A smooth ReLU that dips slightly below zero; common in recent networks.",
    "ja": "わずかに負へ沈む滑らかな ReLU。近年のネットワークでよく使われる。",
}


def f(z, xp):
    return z * sigmoid(z, xp)


def slope(z, a, xp):
    s = sigmoid(z, xp)
    return s + a * (1 - s)
