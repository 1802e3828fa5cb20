"""Letters that are the same to a reader: full-width and half-width forms, composed and decomposed, blanks of any kind.

Only width is folded, not meaning: ``ＯＫ`` is ``OK``, ``ﾀﾞﾒ`` is ``ダメ``, but ``①``, ``²`` and ``㎏`` stay as they are.
"""

from __future__ import annotations

import unicodedata

_INVISIBLE = "\u200b\u2060\ufeff"


def _width_variants() -> dict[int, str]:
    """Every character that Unicode calls a wide, narrow or no-break form of another, and that other."""
    candidates = [0xA0, 0x2007, 0x2011, 0x202F, 0x3000, *range(0xFF01, 0xFFEF)]
    forms = {code: unicodedata.decomposition(chr(code)).split() for code in candidates}
    kinds = ("<wide>", "<narrow>", "<noBreak>")
    return {code: chr(int(form[1], 16)) for code, form in forms.items() if form and form[0] in kinds}


WIDTH = str.maketrans({**_width_variants(), **dict.fromkeys(map(ord, _INVISIBLE))})


def folded(text: str) -> str:
    """The text in its plain width, composed (NFC), without invisible characters and blanks at its ends.

    >>> folded("ＯＫ　"), folded("ﾀﾞﾒ"), folded("10①")
    ('OK', 'ダメ', '10①')
    """
    if text.isascii():
        return text.strip()
    return unicodedata.normalize("NFC", text.translate(WIDTH)).strip()
