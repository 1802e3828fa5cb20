"""Hyperbolic tangent: a = tanh(z). Its slope is 1 - a^2 (lecture 4.1)."""

latex = r"\tanh(z)"
slope_latex = r"1 - a^2"
plain = "tanh({z})"
slope_plain = "1 - ({a})^2"
onnx = "Tanh"
notes = {
    "en": "Output in (−1, 1), centred on zero: for an output that must lie there. In hidden layers the slope is "
    "almost 0 where |z| is large, so gradients vanish, though later than with the sigmoid.",
    "ja": "出力は (−1, 1) で 0 を中心とする。出力をこの範囲に収めたいときに使う。"
    "隠れ層では |z| が大きいと傾きがほぼ 0 になり、シグモイドほどではないが勾配消失が起こる。",
}


def f(z, xp):
    return xp.tanh(z)


def slope(z, a, xp):
    return 1 - a * a
