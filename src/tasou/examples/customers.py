"""Customers of a mobile network: who leaves, by contract, months, calls to the hotline and data used."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

title = {"en": "Customers who leave", "ja": "解約する顧客"}
about = {
    "en": "one row a customer: number, since when, contract, age, region, monthly fee, data used, calls to the "
    "hotline, and whether they left",
    "ja": "1人1行：顧客番号、契約日、契約の種類、年齢、地域、月額、データ使用量、問い合わせ回数、解約したか",
}
target = "left"
rows = 1_500
CONTRACTS = ("monthly", "one year", "two years")
REGIONS = ("north", "east", "south", "west", "islands")
TODAY = date(2026, 4, 1)
MISSING = 0.05


def columns(n: int, rng: np.random.Generator) -> dict[str, list[str]]:
    """Short contracts, many calls and a high fee drive people away; long custom keeps them."""
    months = np.clip(rng.exponential(28, n), 0.2, 120)
    contract = rng.choice(CONTRACTS, n, p=(0.5, 0.3, 0.2))
    age = np.clip(rng.normal(44, 15, n), 18, 90).astype(int)
    region = rng.choice(REGIONS, n, p=(0.25, 0.25, 0.2, 0.2, 0.1))
    data = rng.gamma(2, 6, n).round(1)
    fee = (1_500 + 90 * data + rng.normal(0, 250, n)).round(-1)
    calls = rng.poisson(0.4 + 1.1 * (rng.random(n) < 0.25))
    bound = np.array([{"monthly": 0.9, "one year": -0.6, "two years": -1.8}[c] for c in contract])
    z = -1.1 + bound + 0.75 * calls + 0.0006 * (fee - 2_500) - 0.028 * months + 0.5 * (region == "islands")
    left = rng.random(n) < 1 / (1 + np.exp(-z))
    unknown = rng.random(n) < MISSING
    return {
        "number": [f"C{k:05d}" for k in rng.permutation(10 * n)[:n]],
        "since": [(TODAY - timedelta(days=round(30.4 * m))).isoformat() for m in months],
        "contract": contract.tolist(),
        "age": ["" if u else str(a) for a, u in zip(age, unknown, strict=True)],
        "region": region.tolist(),
        "fee": [f"{f:.0f}" for f in fee],
        "data": [f"{d:.1f}" for d in data],
        "calls": [str(c) for c in calls],
        "left": ["yes" if k else "no" for k in left],
    }
