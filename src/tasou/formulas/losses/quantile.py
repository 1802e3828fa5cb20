"""Quantile (pinball) loss: L = q r for r >= 0, (q - 1) r for r < 0, r = y - y_hat (Koenker & Bassett 1978)."""

output = "identity"
targets = "real"
latex = r"\max(q\,r, (q - 1)\,r), \quad r = y - \hat{y}"
delta_latex = r"1 - q \;(\hat{y} > y), \quad -q \;(\hat{y} < y)"
plain = "max(q r, (q - 1) r), r = {y} - {y_hat}"
delta_plain = "1 - q if {y_hat} > {y} else -q"
notes = {
    "en": "The prediction that minimises it is the q-quantile of y: q = 0.5 the median, q = 0.9 a bound exceeded "
    "by one in ten.",
    "ja": "最小にする予測は y の q 分位点。q = 0.5 なら中央値、q = 0.9 なら10回に1回だけ超える値。",
}


def predict(z, xp):
    return z


def value(z, y, xp, *, quantile=0.5):
    return xp.maximum(quantile * (y - z), (quantile - 1) * (y - z))


def delta(z, y_hat, y, xp, *, quantile=0.5):
    s = xp.sign(z - y)
    return s * (0.5 + s * (0.5 - quantile))
