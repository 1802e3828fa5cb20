"""Cosine: lr falls along half a cosine from lr to lr * floor over the planned updates (Loshchilov & Hutter 2017)."""

import math

looks_at = ("updates", "total_updates", "begin")
latex = r"\alpha \left(f + (1 - f)\,\tfrac{1}{2}(1 + \cos(\pi u / U))\right)"
notes = {
    "en": "Slow at both ends, fast in the middle; reaches its floor at the last planned update. Training on after that "
    "starts anew from the full rate (a warm restart).",
    "ja": "始めと終わりはゆっくり、途中は速く下がり、予定した最後の更新で下限に達する。"
    "その後も学習を続けると、もとの学習率から再び始まる（ウォームリスタート）。",
}


def rate(lr, clock, *, floor=0.0):
    done = min(1.0, (clock.updates - clock.begin) / max(1, clock.total_updates - clock.begin))
    return lr * (floor + (1 - floor) * 0.5 * (1 + math.cos(math.pi * done)))
