"""Leaky ReLU: a = z for z > 0, alpha z for z <= 0 (Maas, Hannun & Ng 2013; lecture 4.1)."""

latex = r"\max(0, z) + \alpha \, \min(0, z)"
slope_latex = r"1 \;(z > 0), \quad \alpha \;(z \le 0)"
slope_of_latex = {"alpha": r"\min(0, z)"}
plain = "{z} if {z} > 0 else alpha * {z}"
slope_plain = "1 if {z} > 0 else alpha"
slope_of_plain = {"alpha": "0 if {z} > 0 else {z}"}
onnx = "LeakyRelu"
spelling = "Leaky ReLU"
suitable = "he_uniform"
notes = {
    "en": "ReLU with a small slope alpha on the negative side, so that no unit can die. alpha = 0.01 by default.",
    "ja": "負の側にも小さな傾き α を残した ReLU。ユニットが死なない（死んだReLUの対策）。既定は α = 0.01。",
}


def f(z, xp, *, alpha=0.01):
    return xp.where(z > 0, z, alpha * z)


def slope(z, a, xp, *, alpha=0.01):
    return xp.where(z > 0, xp.ones_like(z), alpha)


def slope_of_alpha(z, a, xp):
    return xp.minimum(z, 0)
