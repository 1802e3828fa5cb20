"""Focal loss: L = -alpha sum_k y_k (1 - p_k)^gamma log p_k, p = Softmax(z) (Lin et al. 2017, for many classes).

alpha is one factor for all classes; what each of them weighs is said beside (``class_weight``). gamma = 0 and
alpha = 1 give cross-entropy. With l = log p and q = 1 - p = -expm1(l), the local error of softmax's chain rule is
delta_k = g_k - p_k sum_j g_j, g = alpha y q^gamma (gamma p l / q - 1); where p is 1, l / q is -1. For one-hot y it is
alpha (q^gamma - gamma p q^(gamma - 1) log p) (y_hat - y), p and q of the true class.
"""

from tasou.formulas.losses.cross_entropy import predict as predict

TINY = 1e-37

output = "softmax"
targets = "one_hot"
latex = r"-\alpha \sum_k y_k (1 - \hat{y}_k)^{\gamma} \log \hat{y}_k, \quad \hat{y} = \mathrm{Softmax}(z)"
delta_latex = (
    r"g_k - \hat{y}_k \sum_j g_j, \quad "
    r"g_k = \alpha\, y_k (1 - \hat{y}_k)^{\gamma} "
    r"\left(\gamma \frac{\hat{y}_k \log \hat{y}_k}{1 - \hat{y}_k} - 1\right)"
)
plain = "-alpha * {y} * (1 - {y_hat})^gamma log {y_hat}"
delta_plain = "alpha * ((1 - {p})^gamma - gamma * {p} * (1 - {p})^(gamma - 1) * log {p}) * ({y_hat} - {y})"
notes = {
    "en": "Cross-entropy in which samples that are right already count little: (1 - p)^gamma of them. For classes of "
    "very different size, whose many easy samples would outweigh the few hard ones.",
    "ja": "すでに正しく分類できているサンプルを (1 − p)^γ 倍に軽くした交差エントロピー。"
    "クラスの大きさが極端に違い、多数の易しいサンプルが少数の難しいサンプルを覆い隠すときに使う。",
}


def value(z, y, xp, *, alpha=1.0, gamma=2.0):
    s = z - xp.max(z, axis=-1, keepdims=True)
    l = s - xp.log(xp.sum(xp.exp(s), axis=-1, keepdims=True))
    return alpha * y * xp.exp(gamma * xp.log(xp.maximum(-xp.expm1(l), TINY))) * -l


def delta(z, y_hat, y, xp, *, alpha=1.0, gamma=2.0):
    s = z - xp.max(z, axis=-1, keepdims=True)
    l = s - xp.log(xp.sum(xp.exp(s), axis=-1, keepdims=True))
    q = xp.maximum(-xp.expm1(l), TINY)
    slope = xp.where(q > TINY, l / q, -1)
    g = alpha * y * xp.exp(gamma * xp.log(q)) * (gamma * y_hat * slope - 1)
    return g - y_hat * xp.sum(g, axis=-1, keepdims=True)
