"""ELU: a = z for z > 0, alpha (exp(z) - 1) for z <= 0 (Clevert, Unterthiner & Hochreiter 2016)."""

latex = r"z \;(z > 0), \quad \alpha (e^{z} - 1) \;(z \le 0)"
slope_latex = r"1 \;(z > 0), \quad a + \alpha \;(z \le 0)"
slope_of_latex = {"alpha": r"e^{\min(0, z)} - 1"}
plain = "{z} if {z} > 0 else alpha * (exp({z}) - 1)"
slope_plain = "1 if {z} > 0 else {a} + alpha"
slope_of_plain = {"alpha": "0 if {z} > 0 else exp({z}) - 1"}
onnx = "Elu"
spelling = "ELU"
suitable = "he_uniform"
notes = {
    "en": "Smooth on the negative side down to −alpha, so the mean activation stays nearer to zero than with ReLU.",
    "ja": "負の側では −α に滑らかに近づく。ReLU より活性化の平均が 0 に近く保たれる。",
}


def f(z, xp, *, alpha=1.0):
    return xp.where(z > 0, z, alpha * xp.expm1(xp.minimum(z, 0)))


def slope(z, a, xp, *, alpha=1.0):
    return xp.where(z > 0, xp.ones_like(z), a + alpha)


def slope_of_alpha(z, a, xp):
    return xp.expm1(xp.minimum(z, 0))
