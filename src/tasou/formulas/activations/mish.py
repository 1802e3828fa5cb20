"""Mish: a = z tanh(softplus(z)) (Misra 2019). Its slope is t + z (1 - t^2) sigmoid(z), t = tanh(softplus(z))."""

from tasou.formulas.activations.sigmoid import f as sigmoid
from tasou.formulas.activations.softplus import f as softplus

latex = r"z \tanh(\log(1 + e^{z}))"
slope_latex = r"t + z\,(1 - t^2)\,\sigma(z), \quad t = \tanh(\log(1 + e^{z}))"
plain = "{z} * tanh(softplus({z}))"
slope_plain = "t + {z} * (1 - t^2) * sigmoid({z}), t = tanh(softplus({z}))"
onnx = "Mish"
spelling = "Mish"
suitable = "he_uniform"
notes = {
    "en": "Smooth like SiLU, a little deeper below zero.",
    "ja": "SiLU に似た滑らかな関数で、負の側がやや深い。",
}


def f(z, xp):
    return z * xp.tanh(softplus(z, xp))


def slope(z, a, xp):
    t = xp.tanh(softplus(z, xp))
    return t + z * (1 - t * t) * sigmoid(z, xp)
