"""ReLU: a = max(0, z). Its slope is 1 for z > 0 and 0 for z <= 0 (lecture 4.1)."""

latex = r"\max(0, z)"
slope_latex = r"1 \;(z > 0), \quad 0 \;(z \le 0)"
plain = "max(0, {z})"
slope_plain = "1 if {z} > 0 else 0"
onnx = "Relu"
spelling = "ReLU"
suitable = "he_uniform"
notes = {
    "en": "The default for hidden layers: cheap, and its slope does not shrink for large z. "
    "A unit whose z is never positive has slope 0 everywhere and stops learning (a dead ReLU).",
    "ja": "隠れ層の標準的な選択。計算が軽く、z が大きくても傾きが小さくならない。"
    "どの入力でも z ≤ 0 になったユニットは傾きが 0 のままで、学習が止まる（死んだReLU）。",
}


def f(z, xp):
    return xp.maximum(z, 0)


def slope(z, a, xp):
    return xp.astype(z > 0, z.dtype)  # in NumPy far faster than xp.where
