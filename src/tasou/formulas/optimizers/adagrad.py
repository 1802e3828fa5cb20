"""AdaGrad: v sums all g^2 so far; theta := theta - lr g / (sqrt(v) + epsilon) (Duchi, Hazan & Singer 2011)."""

state = ("v",)
lr = 0.01
latex = r"v := v + g^2, \quad \theta := \theta - \alpha \frac{g}{\sqrt{v} + \epsilon}"
notes = {
    "en": "Steps shrink for good as gradients pile up; suits rare features.",
    "ja": "勾配が積み重なるほど歩幅が小さくなる。まれにしか現れない特徴に向く。",
}


def update(theta, grad, v, t, lr, xp, *, epsilon=1e-10):
    v = v + grad * grad
    return theta - lr * grad / (xp.sqrt(v) + epsilon), v
