"""Mish: a = z tanh(softplus(z)) (Misra 2019). Its slope is t + z (1 - t^2) sigmoid(z), t = tanh(softplus(z))."""

latex = r"z \, \tanh(\log(1 + e^{z}))"
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


# With n = 1 + e^z, t = (n² - 1) / (n² + 1); by e = e^-|z|, which cannot overflow, it is a quotient of two sums in which
# nothing is lost, and so is the slope: (1 - t²) sigmoid(z) = 4 e (1 + e) / below², for positive z times e once more.


def f(z, xp):
    e = xp.exp(-xp.abs(z))
    above = xp.where(z >= 0, 1 + 2 * e, e * (2 + e))
    below = xp.where(z >= 0, above + 2 * e * e, above + 2)
    return z * (above * (1 / below))


def slope(z, a, xp):
    e = xp.exp(-xp.abs(z))
    above = xp.where(z >= 0, 1 + 2 * e, e * (2 + e))
    one_over = 1 / xp.where(z >= 0, above + 2 * e * e, above + 2)
    rise = xp.where(z >= 0, 4 * e * e, 4 * e) * (1 + e)
    return above * one_over + z * rise * one_over * one_over
