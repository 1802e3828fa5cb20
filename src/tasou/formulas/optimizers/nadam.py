"""Nadam: Adam with Nesterov's momentum, which takes the next step's momentum ahead of time (Dozat 2016, algorithm 2).

m and v are Adam's running means. The step is along beta_1 m / (1 - beta_1^(t+1)) + (1 - beta_1) g / (1 - beta_1^t). The
paper's factor of momentum may change from update to update; here it is beta_1 throughout, as in most of its uses.
"""

state = ("m", "v")
lr = 0.001
latex = (
    r"m := \beta_1 m + (1 - \beta_1) g, \quad v := \beta_2 v + (1 - \beta_2) g^2, \quad "
    r"\theta := \theta - \alpha \left(\frac{\beta_1 m}{1 - \beta_1^{t+1}} + \frac{(1 - \beta_1) g}{1 - \beta_1^t}"
    r"\right) \Big/ \left(\sqrt{\frac{v}{1 - \beta_2^t}} + \epsilon\right)"
)
notes = {
    "en": "Adam that looks one step ahead, as Nesterov's momentum does; often a little quicker than Adam at the start.",
    "ja": "ネステロフのモーメンタムのように一歩先を見る Adam。学習の初めに Adam より少し速いことが多い。",
}


def update(theta, grad, m, v, t, lr, xp, *, beta_1=0.9, beta_2=0.999, epsilon=1e-8):
    m = beta_1 * m + (1 - beta_1) * grad
    v = beta_2 * v + (1 - beta_2) * grad * grad
    ahead = beta_1 / (1 - beta_1 ** (t + 1)) * m + (1 - beta_1) / (1 - beta_1**t) * grad
    return theta - lr * ahead / (xp.sqrt(v / (1 - beta_2**t)) + epsilon), m, v
