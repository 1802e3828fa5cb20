"""Softsign: a = z / (1 + |z|) (Turian, Bergstra & Bengio 2009; Glorot & Bengio 2010). Its slope is 1 / (1 + |z|)^2."""

latex = r"\frac{z}{1 + |z|}"
slope_latex = r"\frac{1}{(1 + |z|)^2}"
plain = "{z} / (1 + abs({z}))"
slope_plain = "1 / (1 + abs({z}))^2"
onnx = "Softsign"
spelling = "Softsign"
notes = {
    "en": "Like tanh, between −1 and 1, but it comes near them slowly: like 1/|z|, not exponentially. So units "
    "saturate later, and their slope is never quite lost.",
    "ja": "tanh と同じく −1 から 1 の値をとるが、両端への近づき方が指数ではなく 1/|z| なのでゆるやか。"
    "飽和しにくく、傾きが完全には消えない。",
}


def f(z, xp):
    return z / (1 + xp.abs(z))


def slope(z, a, xp):
    s = 1 / (1 + xp.abs(z))
    return s * s  # (1 + |z|)^2 would overflow before its inverse is 0
