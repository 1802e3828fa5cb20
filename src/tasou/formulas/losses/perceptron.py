"""Perceptron loss: L = max(0, -y z), y = -1 or +1; delta = -y where y z <= 0, else 0 (Rosenblatt 1958; lecture 2.1).

Gradient descent on it with learning rate 1, one sample at a time, is the perceptron learning rule: a sample on the
right side changes nothing, one on the wrong side (or on the line) adds y x to w and y to b.
"""

output = "identity"
targets = "sign"
latex = r"\max(0, -y z), \quad y \in \{-1, +1\}"
delta_latex = r"-y \;(y z \le 0), \quad 0 \;(y z > 0)"
plain = "max(0, -{y} * {z})"
delta_plain = "-{y} if {y} * {z} <= 0 else 0"
notes = {
    "en": "Counts only samples on the wrong side of the line; zero as soon as all are right.",
    "ja": "境界線の反対側にあるサンプルだけを数える損失。すべて正しく分けられると 0 になる。",
}


def predict(z, xp):
    return z


def value(z, y, xp):
    return xp.maximum(-y * z, 0)


def delta(z, y_hat, y, xp):
    return xp.where(y * z > 0, 0, -y)
