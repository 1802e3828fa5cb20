"""An ice-cream stand: how many cones are sold on a day, by date, weather, temperature and festival."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

title = {"en": "Ice cream sold", "ja": "アイスクリームの販売数"}
about = {
    "en": "one row a day: date, weather, temperature, whether there is a festival, and how many cones were sold",
    "ja": "1日1行：日付、天気、気温、祭りの有無、売れた個数",
}
target = "sold"
rows = 365
WEATHER = ("sunny", "cloudy", "rain")
FACTOR = {"sunny": 1.25, "cloudy": 0.9, "rain": 0.55}
FIRST = date(2025, 4, 1)
MISSING = 0.03
"""share of days on which nobody wrote down the temperature"""


def columns(n: int, rng: np.random.Generator) -> dict[str, list[str]]:
    """Warm, sunny days, weekends and festivals sell more; sales scatter as counts do."""
    days = [FIRST + timedelta(days=k) for k in range(n)]
    year = np.array([day.timetuple().tm_yday for day in days])
    season = 15.5 - 11.5 * np.cos(2 * np.pi * (year - 28) / 365)
    weather = rng.choice(WEATHER, n, p=(0.45, 0.3, 0.25))
    warmer = np.array([{"sunny": 2.0, "cloudy": 0.0, "rain": -2.5}[w] for w in weather])
    temperature = (season + warmer + rng.normal(0, 2.2, n)).round(1)
    festival = rng.random(n) < 0.05
    weekend = np.array([day.weekday() >= 5 for day in days])
    mean = 6 + 3.1 * np.maximum(0, temperature - 6) ** 1.15
    mean *= np.array([FACTOR[w] for w in weather]) * (1 + 0.45 * weekend) * (1 + 0.9 * festival)
    unknown = rng.random(n) < MISSING
    return {
        "date": [day.isoformat() for day in days],
        "weather": weather.tolist(),
        "temperature": ["" if u else f"{t:.1f}" for t, u in zip(temperature, unknown, strict=True)],
        "festival": ["yes" if f else "no" for f in festival],
        "sold": [str(k) for k in rng.poisson(mean)],
    }
