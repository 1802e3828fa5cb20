"""How much like Japanese a text looks: which of two legacy encodings a file is in, or whether it is in neither.

EUC-JP read as cp932 is full of half-width katakana that no word is made of, and of rare kanji; a Western file read as
either has single kanji between Latin letters.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

PLAUSIBLE = 0.5
_SAMPLE = 200_000

_HALF_WIDTH = re.compile("[\uff61-\uff9f]+")
# Words in half-width katakana: voice marks follow only the letters that can be voiced, and no word begins with one.
_WORDS = re.compile("(?:[ｳｶ-ﾄﾊ-ﾎ]ﾞ|[ﾊ-ﾎ]ﾟ|[ｦ-ﾝ]|(?<=[ｦ-ﾟ])[ｰ･])+")


def likeliest(readings: Mapping[str, bytes]) -> str | None:
    """The name of the reading (UTF-8) that looks most like Japanese, the first of equals; ``None`` if none does.

    >>> likeliest({"cp932": "県,ｹﾝ".encode(), "euc-jp": "ﾒ,鼹".encode()})
    'cp932'
    """
    scores = {name: plausibility(_sample(text)) for name, text in readings.items()}
    best = max(scores, key=lambda name: scores[name], default=None)
    return best if best is not None and scores[best] >= PLAUSIBLE else None


def _sample(text: bytes) -> str:
    """Lines of the text that say something beyond ASCII, so that a few names in a sea of numbers count."""
    found, size = [], 0
    for line in text.splitlines():
        if not line.isascii():
            found.append(line)
            size += len(line)
            if size > _SAMPLE:
                break
    return b"\n".join(found).decode()


def plausibility(text: str) -> float:
    """How much like Japanese the non-ASCII characters of a text look, from -1 to 1.

    Kana, full-width signs and the 2,965 common kanji of JIS level 1 speak for it, and words in half-width katakana
    too; other half-width katakana and a lone character between Latin letters (a misread accent) speak against it.
    """
    half_width = _HALF_WIDTH.findall(text)
    words = sum(len(run) for run in half_width if _WORDS.fullmatch(run))
    others = sum(map(len, half_width)) - words
    counts = Counter(_HALF_WIDTH.sub("", text))
    total = words + others + sum(n for character, n in counts.items() if character > "\x7f")
    good = words - others + sum(n * _plausible(c) for c, n in counts.items() if c > "\x7f")
    return (good - 2 * _between_letters(text)) / total if total else 0.0


def _plausible(character: str) -> bool:
    if "\u3000" <= character <= "\u30ff" or "\uff01" <= character <= "\uff5e":
        return True
    code = character.encode("euc_jp", "ignore")
    return len(code) == 2 and 0xA1 <= code[0] <= 0xCF


def _between_letters(text: str) -> int:
    """How often one character stands alone between two Latin letters, as a misread accented letter does."""
    return len(re.findall("(?<=[A-Za-z])[^\x00-\x7f](?=[A-Za-z])", text))
