"""Huber loss: r^2/2 for |r| <= c, c (|r| - c/2) beyond, r = y_hat - y; delta = r held within -c..c (Huber 1964)."""

output = "identity"
targets = "real"
latex = r"\tfrac{1}{2} r^2 \;(|r| \le c), \quad c\,(|r| - \tfrac{c}{2}) \;(|r| > c), \quad r = \hat{y} - y"
delta_latex = r"\min(\max(\hat{y} - y, -c), c)"
plain = "r^2 / 2 if |r| <= c else c (|r| - c / 2), r = {y_hat} - {y}"
delta_plain = "min(max({y_hat} - {y}, -c), c)"
notes = {
    "en": "Squared error near zero, absolute error far away: smooth, and no single outlier dominates the gradient.",
    "ja": "誤差が小さいところでは二乗誤差、大きいところでは絶対誤差。滑らかで、外れ値が勾配を支配しない。",
}


def predict(z, xp):
    return z


def value(z, y, xp, *, threshold=1.0):
    r = xp.abs(z - y)
    inside = xp.minimum(r, threshold)
    return inside * (r - 0.5 * inside)


def delta(z, y_hat, y, xp, *, threshold=1.0):
    return xp.minimum(xp.maximum(z - y, -threshold), threshold)
