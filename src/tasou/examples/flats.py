"""Flats to let: the monthly rent by area, age, walk to the station, floor and what is there."""

from __future__ import annotations

import numpy as np

title = {"en": "Rents of flats", "ja": "賃貸住宅の家賃"}
about = {
    "en": "one row a flat: area in m², age in years, minutes to the station, floor, direction, pets, rent in yen",
    "ja": "1件1行：面積（m²）、築年数、駅までの分、階、向き、ペット可否、家賃（円）",
}
target = "rent"
rows = 1_200
DIRECTIONS = ("south", "east", "west", "north")
MISSING = 0.04


def columns(n: int, rng: np.random.Generator) -> dict[str, list[str]]:
    """Large, new flats near the station are dear; the south side and upper floors add something."""
    area = np.clip(rng.gamma(6, 8, n), 14, 130).round(1)
    age = (40 * rng.random(n) ** 1.3).round(1)
    walk = rng.integers(1, 26, n)
    floor = rng.integers(1, 15, n)
    direction = rng.choice(DIRECTIONS, n, p=(0.4, 0.25, 0.2, 0.15))
    pets = rng.random(n) < 0.3
    plus = np.array([{"south": 1.06, "east": 1.0, "west": 0.98, "north": 0.93}[d] for d in direction])
    rent = (18_000 + 1_250 * area) * (1 - 0.011 * age) * np.exp(-0.014 * walk) * plus
    rent *= (1 + 0.006 * floor) * (1 + 0.05 * pets) * np.exp(rng.normal(0, 0.06, n))
    unknown = rng.random(n) < MISSING
    return {
        "area": [f"{a:.1f}" for a in area],
        "age": ["" if u else f"{a:.1f}" for a, u in zip(age, unknown, strict=True)],
        "walk": [str(w) for w in walk],
        "floor": [str(f) for f in floor],
        "direction": direction.tolist(),
        "pets": ["yes" if p else "no" for p in pets],
        "rent": [str(int(round(r, -2))) for r in rent],
    }
