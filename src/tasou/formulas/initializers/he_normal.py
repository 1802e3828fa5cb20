"""He normal: standard deviation sqrt(2 / fan_in) (He et al. 2015)."""

distribution = "normal"
latex = r"\sigma = \sqrt{2 / n_{l-1}}"
notes = {
    "en": "For ReLU layers, which let only half of the signal through.",
    "ja": "信号の半分を 0 にする ReLU の層に合わせた初期値。",
}


def size(fan_in, fan_out):
    return (2 / fan_in) ** 0.5
