"""Glorot (Xavier) normal: standard deviation sqrt(2 / (fan_in + fan_out)) (Glorot & Bengio 2010)."""

distribution = "normal"
latex = r"\sigma = \sqrt{2 / (n_{l-1} + n_l)}"
notes = {
    "en": "Glorot's variance, drawn from a normal distribution.",
    "ja": "Glorot の分散を正規分布で与える。",
}


def size(fan_in, fan_out):
    return (2 / (fan_in + fan_out)) ** 0.5
