"""Identity: a = z. Its slope is 1 everywhere."""

latex = r"z"
slope_latex = r"1"
plain = "{z}"
slope_plain = "1"
onnx = "Identity"
notes = {
    "en": "No activation. Between layers it adds nothing: W3 W2 W1 x is one linear map again (lecture 3.3). "
    "It is the output of a regression.",
    "ja": "活性化なし。層の間に置いても W₃W₂W₁x は1つの線形変換にまとまってしまう（講義 3.3）。"
    "回帰の出力層に使う。",
}


def f(z, xp):
    return z


def slope(z, a, xp):
    return xp.ones_like(z)
