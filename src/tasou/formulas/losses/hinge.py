"""Hinge loss: L = sum_k max(0, margin - y_k z_k), y_k = -1 or +1; delta = -y where y z <= margin, else 0.

One output tells two classes apart (Cortes & Vapnik 1995). With K outputs each says whether it is this class or any
other (one against all; not Crammer & Singer's form, in which only the strongest rival counts), and the losses add up.
"""

output = "identity"
targets = "sign"
latex = r"\sum_k \max(0, m - y_k z_k), \quad y_k \in \{-1, +1\}"
delta_latex = r"-y \;(y z \le m), \quad 0 \;(y z > m)"
plain = "max(0, margin - {y} * {z})"
delta_plain = "-{y} if {y} * {z} <= margin else 0"
notes = {
    "en": "Support vector machines learn by it: a sample counts until it lies on its side with a margin. The outputs "
    "are distances, not probabilities. With several classes each stands against all others.",
    "ja": "サポートベクターマシンの損失。境界から余裕（マージン）をもって正しい側に来たサンプルは数えない。"
    "出力は確率ではなく、境界からの距離にあたる値。多クラスでは、クラスごとに「そのクラスか、それ以外か」を判定する。",
}


def predict(z, xp):
    return z


def value(z, y, xp, *, margin=1.0):
    return xp.maximum(margin - y * z, 0)


def delta(z, y_hat, y, xp, *, margin=1.0):
    return xp.where(y * z > margin, 0, -y)
