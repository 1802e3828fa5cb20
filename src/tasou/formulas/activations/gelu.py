"""GELU, in its tanh form: a = z/2 (1 + tanh(sqrt(2/pi) (z + 0.044715 z^3))) (Hendrycks & Gimpel 2016).

The tanh form differs from z Phi(z) by less than 5e-4 and needs no error function. Beyond |z| = 10 the bracket is
exactly 0 or 2 in double precision, so z is held there before it is cubed: nothing overflows for any finite z.
"""

SQRT_2_OVER_PI = 0.7978845608028654
CUBIC = 0.044715

latex = r"\frac{z}{2}\left(1 + \tanh\!\left(\sqrt{2/\pi}\,(z + 0.044715\, z^3)\right)\right)"
slope_latex = r"\frac{1 + t}{2} + \frac{z}{2}\,(1 - t^2)\,\sqrt{2/\pi}\,(1 + 0.134145\, z^2)"
plain = "{z} * Phi({z})"
slope_plain = "GELU'({z})"
onnx = "Gelu"
notes = {
    "en": "z times the probability that a standard normal variable lies below z; the usual choice of transformers.",
    "ja": "z に「標準正規変数が z 以下になる確率」を掛けたもの。Transformer でよく使われる。",
}


def f(z, xp):
    u = xp.minimum(xp.maximum(z, -10), 10)
    return 0.5 * z * (1 + xp.tanh(SQRT_2_OVER_PI * (u + CUBIC * u * u * u)))


def slope(z, a, xp):
    u = xp.minimum(xp.maximum(z, -10), 10)
    t = xp.tanh(SQRT_2_OVER_PI * (u + CUBIC * u * u * u))
    return 0.5 * (1 + t) + 0.5 * u * (1 - t * t) * SQRT_2_OVER_PI * (1 + 3 * CUBIC * u * u)
