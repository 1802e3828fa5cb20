"""RMSprop: running mean v of g^2; theta := theta - lr g / (sqrt(v) + epsilon) (Tieleman & Hinton 2012)."""

state = ("v",)
lr = 0.001
latex = r"v := \rho v + (1 - \rho) g^2, \quad \theta := \theta - \alpha \frac{g}{\sqrt{v} + \epsilon}"
notes = {
    "en": "Divides each gradient by its recent size.",
    "ja": "勾配をその最近の大きさで割って更新する。",
}


def update(theta, grad, v, t, lr, xp, *, rho=0.9, epsilon=1e-8):
    v = rho * v + (1 - rho) * grad * grad
    return theta - lr * grad / (xp.sqrt(v) + epsilon), v
