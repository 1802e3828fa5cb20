"""Hard sigmoid: a = z / 6 + 1/2, held within 0 and 1 (Howard et al. 2019). Its slope is 1/6 for -3 < z < 3, else 0."""

latex = r"\min(\max(\frac{z}{6} + \frac{1}{2}, 0), 1)"
slope_latex = r"\frac{1}{6} \;(|z| < 3), \quad 0 \;(|z| \ge 3)"
plain = "min(max({z} / 6 + 1/2, 0), 1)"
slope_plain = "1/6 if 0 < {a} < 1 else 0"
onnx = "HardSigmoid"
spelling = "Hard sigmoid"
notes = {
    "en": "The sigmoid in three straight pieces: no exponential to compute, exactly 0 and 1 at its ends, where a unit "
    "stops learning. With 1/6 as in MobileNetV3 and PyTorch; elsewhere 1/5 is found.",
    "ja": "シグモイドを3本の直線で近似したもの。指数関数が要らず、両端ではちょうど 0 と 1 になるが、"
    "そこでは傾きが 0 なので学習が止まる。傾きは MobileNetV3 や PyTorch と同じ 1/6（1/5 とする流儀もある）。",
}


def f(z, xp):
    return xp.minimum(xp.maximum(z / 6 + 0.5, 0), 1)


def slope(z, a, xp):
    return xp.astype(a * (1 - a) > 0, z.dtype) / 6
