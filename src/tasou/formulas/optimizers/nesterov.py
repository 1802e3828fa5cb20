"""Nesterov's momentum: v := momentum v - lr g, theta := theta + momentum v - lr g (Sutskever et al. 2013).

One step of momentum is taken ahead of time: the new v, not the old one, is carried into theta.
"""

state = ("v",)
lr = 0.1
latex = r"v := \mu v - \alpha g, \quad \theta := \theta + \mu v - \alpha g"
notes = {
    "en": "Momentum that looks one step ahead; overshoots less.",
    "ja": "一歩先を見るモーメンタム。行き過ぎが少ない。",
}


def update(theta, grad, v, t, lr, xp, *, momentum=0.9):
    v = momentum * v - lr * grad
    return theta + momentum * v - lr * grad, v
