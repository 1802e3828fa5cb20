"""Lion: theta := theta - lr sign(c), c = beta_1 m + (1 - beta_1) g; then m := beta_2 m + (1 - beta_2) g.

Only the sign of the direction counts, so every parameter moves by lr in every update: the usual rate is a tenth of
Adam's, and the decoupled weight decay, lr weight_decay W, ten times AdamW's, which shrinks the weights as fast (Chen et
al. 2023, algorithm 2 and section 5). It is the network's ``weight_decay``, which this rule sets to 0.1 where nothing
else is asked for.
"""

state = ("m",)
lr = 0.0001
weight_decay = 0.1
latex = (
    r"\theta := \theta - \alpha\, \mathrm{sign}(\beta_1 m + (1 - \beta_1) g), \quad "
    r"m := \beta_2 m + (1 - \beta_2) g"
)
notes = {
    "en": "Every parameter takes a step of the same length, lr, in the direction of an average gradient; it remembers "
    "one vector where Adam remembers two. Wants a smaller rate than Adam: a tenth to a third of it.",
    "ja": "平均した勾配の符号だけを使い、どのパラメータも同じ長さ（学習率）だけ動かす。"
    "Adam が2本持つベクトルは1本で済む。"
    "学習率は Adam の10分の1から3分の1にする。",
}


def update(theta, grad, m, t, lr, xp, *, beta_1=0.9, beta_2=0.99):
    step = xp.sign(beta_1 * m + (1 - beta_1) * grad)
    return theta - lr * step, beta_2 * m + (1 - beta_2) * grad
