"""Cosine of the logarithm: lr swings from 0 to lr and back, each time twice as long (Holzmüller et al. 2024)."""

import math

looks_at = ("updates", "total_updates", "begin")
latex = r"\alpha\,\tfrac{1}{2}\left(1 - \cos(2\pi \log_2(1 + (2^c - 1)\, u / U))\right)"
notes = {
    "en": "Rises from 0 and comes back to 0 c times over the planned updates; each time is a good moment to keep the "
    "weights, because the rate has just been small. The last swing is as long as all before it together.",
    "ja": "予定した更新のあいだに 0 から上がって 0 に戻ることを c 回くり返す。戻るたびに学習率が小さくなっているので、"
    "そのときの重みを取っておくとよい。最後の1回は、それまでの全部と同じ長さになる。",
}


def rate(lr, clock, *, cycles=4):
    done = min(1.0, (clock.updates - clock.begin) / max(1, clock.total_updates - clock.begin))
    return lr * 0.5 * (1 - math.cos(2 * math.pi * math.log2(1 + (2**cycles - 1) * done)))


def dips(*, cycles=4):
    """The shares of the planned updates at which the rate is 0 again, the last one 1."""
    return [(2**swing - 1) / (2**cycles - 1) for swing in range(1, cycles + 1)]
