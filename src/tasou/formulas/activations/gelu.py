"""GELU, in its tanh form: a = z/2 (1 + tanh(sqrt(2/pi) (z + 0.044715 z^3))) (Hendrycks & Gimpel 2016).

The tanh form differs from z Phi(z) by less than 5e-4 and needs no error function. It is computed as z sigma(2 u), which
is the same and keeps its digits far to the left, where 1 + tanh(u) would cancel. Beyond |z| = 10 it is as good as 0 or
z, and z is held there before it is cubed: nothing overflows for any finite z.
"""

SQRT_2_OVER_PI = 0.7978845608028654
CUBIC = 0.044715

latex = r"\frac{z}{2}\left(1 + \tanh\!\left(\sqrt{2/\pi}\,(z + 0.044715\, z^3)\right)\right)"
slope_latex = r"\frac{1 + t}{2} + \frac{z}{2}\,(1 - t^2)\,\sqrt{2/\pi}\,(1 + 0.134145\, z^2)"
plain = "{z} * Phi({z})"
slope_plain = "GELU'({z})"
onnx = "Gelu"
spelling = "GELU"
suitable = "he_uniform"
notes = {
    "en": "z times the probability that a standard normal variable lies below z; the usual choice of transformers.",
    "ja": "z に「標準正規変数が z 以下になる確率」を掛けたもの。Transformer でよく使われる。",
}


def f(z, xp):
    u = xp.minimum(xp.maximum(z, -10), 10)
    return xp.maximum(z, -10) / (1 + xp.exp(-2 * SQRT_2_OVER_PI * (u + CUBIC * u * u * u)))


def slope(z, a, xp):
    u = xp.minimum(xp.maximum(z, -10), 10)
    s = 1 / (1 + xp.exp(-2 * SQRT_2_OVER_PI * (u + CUBIC * u * u * u)))
    return s + u * s * (1 - s) * 2 * SQRT_2_OVER_PI * (1 + 3 * CUBIC * u * u)
