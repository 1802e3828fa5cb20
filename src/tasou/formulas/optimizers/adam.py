"""Adam: running means m of g and v of g^2; theta := theta - lr_t m / (sqrt(v) + epsilon) (Kingma & Ba 2015).

lr_t = lr sqrt(1 - beta_2^t) / (1 - beta_1^t) corrects that both means start at zero. As in section 2 of the paper,
epsilon stands beside the uncorrected sqrt(v); some libraries put it beside the corrected one.
"""

state = ("m", "v")
lr = 0.001
latex = (
    r"m := \beta_1 m + (1 - \beta_1) g, \quad v := \beta_2 v + (1 - \beta_2) g^2, \quad "
    r"\theta := \theta - \alpha \frac{\sqrt{1 - \beta_2^t}}{1 - \beta_1^t} \frac{m}{\sqrt{v} + \epsilon}"
)
notes = {
    "en": "Every parameter gets a step of its own, about lr long whatever the size of its gradient. The usual default.",
    "ja": "パラメータごとに歩幅を変える。勾配の大きさによらず一歩はほぼ学習率の長さになる。標準的な選択。",
}


def update(theta, grad, m, v, t, lr, xp, *, beta_1=0.9, beta_2=0.999, epsilon=1e-8):
    m = beta_1 * m + (1 - beta_1) * grad
    v = beta_2 * v + (1 - beta_2) * grad * grad
    lr_t = lr * (1 - beta_2**t) ** 0.5 / (1 - beta_1**t)
    return theta - lr_t * m / (xp.sqrt(v) + epsilon), m, v
