"""LeCun uniform: W in ±sqrt(3 / fan_in) (LeCun et al. 1998)."""

distribution = "uniform"
latex = r"\pm\sqrt{3 / n_{l-1}}"
notes = {
    "en": "Keeps the variance of z at that of the inputs; the partner of SELU.",
    "ja": "z の分散を入力の分散に保つ。SELU と組み合わせる。",
}


def size(fan_in, fan_out):
    return (3 / fan_in) ** 0.5
