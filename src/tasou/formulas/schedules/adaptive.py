"""Adaptive: lr is divided by ``divisor`` each time training stops improving (scikit-learn's "adaptive")."""

answers_plateaus = True
looks_at = ("plateaus",)
latex = r"\alpha / d^{\,\mathrm{plateaus}}"
notes = {
    "en": "Keeps the learning rate as long as the loss keeps falling. Training ends when lr would go below 1e-6.",
    "ja": "損失が下がっているあいだは学習率を保ち、下がらなくなると小さくする。1e-6 を下回るところで学習を終える。",
}


def rate(lr, clock, *, divisor=5.0):
    return lr / divisor**clock.plateaus
