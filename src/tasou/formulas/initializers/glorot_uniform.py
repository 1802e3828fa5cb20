"""Glorot (Xavier) uniform: W in ±sqrt(gain / (fan_in + fan_out)), gain 6 (Glorot & Bengio 2010)."""

distribution = "uniform"
latex = r"\pm\sqrt{g / (n_{l-1} + n_l)}"
notes = {
    "en": "Keeps the size of activations and gradients about the same through tanh-like layers.",
    "ja": "tanh などの層で、活性化と勾配の大きさをほぼ一定に保つ。",
}


def size(fan_in, fan_out, *, gain=6.0):
    return (gain / (fan_in + fan_out)) ** 0.5
