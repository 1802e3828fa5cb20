"""SELU: a = scale * elu(z) with the alpha and scale that keep mean 0 and variance 1 (Klambauer et al. 2017)."""

ALPHA = 1.6732632423543772
SCALE = 1.0507009873554805

latex = r"\lambda z \;(z > 0), \quad \lambda\alpha (e^{z} - 1) \;(z \le 0)"
slope_latex = r"\lambda \;(z > 0), \quad a + \lambda\alpha \;(z \le 0)"
plain = "lambda * ({z} if {z} > 0 else alpha * (exp({z}) - 1))"
slope_plain = "lambda if {z} > 0 else {a} + lambda * alpha"
onnx = "Selu"
spelling = "SELU"
suitable = "lecun_normal"
notes = {
    "en": "Self-normalising: with LeCun initial weights, activations keep mean 0 and variance 1 through many layers.",
    "ja": "自己正規化する活性化関数。LeCun の初期値と組み合わせると、層を重ねても平均 0・分散 1 が保たれる。",
}


def f(z, xp):
    return SCALE * xp.where(z > 0, z, ALPHA * xp.expm1(xp.minimum(z, 0)))


def slope(z, a, xp):
    return xp.where(z > 0, SCALE * xp.ones_like(z), a + SCALE * ALPHA)
