"""Sigmoid (logistic function): a = 1 / (1 + exp(-z)). Its slope is a (1 - a) (lecture 4.1)."""

latex = r"\frac{1}{1 + e^{-z}}"
slope_latex = r"a\,(1 - a)"
plain = "1 / (1 + exp(-({z})))"
slope_plain = "{a} * (1 - {a})"
onnx = "Sigmoid"
spelling = "Sigmoid"
notes = {
    "en": "Output in (0, 1): the probability of a two-class output, together with binary cross-entropy. In hidden "
    "layers its slope is at most 1/4 and almost 0 where |z| is large, so gradients vanish layer by layer.",
    "ja": "出力は (0, 1)。二値分類の出力層で、二値交差エントロピーと組み合わせて確率を表す。"
    "隠れ層に使うと傾きは最大でも 1/4、|z| が大きいところではほぼ 0 なので、層を重ねるほど勾配消失が起こる。",
}


def f(z, xp):
    e = xp.exp(-xp.abs(z))  # never above 1: no overflow for any finite z
    return xp.where(z >= 0, 1 / (1 + e), e / (1 + e))


def slope(z, a, xp):
    return a * (1 - a)
