"""Gradient descent: theta := theta - lr g; with momentum v := momentum v - lr g, theta := theta + v (lecture 5.2)."""

state = ("v",)
lr = 0.1
latex = r"v := \mu v - \alpha g, \quad \theta := \theta + v"
notes = {
    "en": "The lecture's update. With momentum the step remembers its direction; 0 gives plain gradient descent.",
    "ja": "講義の更新式（勾配降下法）。モーメンタムを使うと、これまでの進行方向が残る。0 なら普通の勾配降下法。",
}


def update(theta, grad, v, t, lr, xp, *, momentum=0.0):
    v = momentum * v - lr * grad
    return theta + v, v
