"""In which language somebody who asks over HTTP is answered."""

from __future__ import annotations

from tasou.spoken import LANGUAGES, Language


def language_of(header: str | None) -> Language:
    """The language of ours that an ``Accept-Language`` likes best; English where it names none.

    >>> language_of("fr, ja;q=0.8, en;q=0.5"), language_of("en-GB"), language_of(None), language_of("ja;q=x")
    ('ja', 'en', 'en', 'en')
    """
    best: Language = "en"
    highest = 0.0
    for part in (header or "")[:1000].split(","):
        name, _, weight = part.partition(";")
        known = [lang for lang in LANGUAGES if name.strip().lower().partition("-")[0] == lang]
        if known and (liked := _quality(weight)) > highest:
            best, highest = known[0], liked
    return best


def _quality(text: str) -> float:
    key, _, number = text.strip().partition("=")
    if not key:
        return 1.0
    try:
        return float(number) if key.strip().lower() == "q" else 1.0
    except ValueError:
        return 0.0
