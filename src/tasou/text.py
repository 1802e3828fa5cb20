"""Text for terminals: columns that line up, Japanese two cells wide, and letters that every terminal can show."""

from __future__ import annotations

import codecs
import re
import sys
import unicodedata
from collections.abc import Collection, Sequence
from typing import Any

LOOK_ALIKES = {
    "ŷ": "y^", "Ŷ": "Y^", "ˆ": "^", "·": "*", "⊙": "(*)", "×": "x", "−": "-", "–": "-", "—": "-", "─": "-", "±": "+-",
    "≈": "~", "≤": "<=", "≥": ">=", "≠": "!=", "→": "->", "←": "<-", "…": "...", "⋯": "...", "⋮": ":", "½": "1/2",
    "ᵀ": "^T", "⊤": "^T", "µ": "u", "✓": "OK", "✗": "NO", "∂": "d", "∇": "grad ", "Σ": "sum ", "∈": "in", "∞": "inf",
    "α": "alpha", "β": "beta", "δ": "delta", "ε": "epsilon", "θ": "theta", "σ": "sigma", "√": "sqrt", "‖": "||",
    "⎡": "[", "⎢": "[", "⎣": "[", "⎤": "]", "⎥": "]", "⎦": "]", "\N{COMBINING TILDE}": "~", "\N{NO-BREAK SPACE}": " ",
}  # fmt: skip
"""what stands for a letter where the encoding of a terminal (cp932, ASCII) has not got it"""

TO_LOOK_ALIKES = "tasou-look-alikes"
"""a handler of encoding errors: ``stream.reconfigure(errors=TO_LOOK_ALIKES)``"""


def width(text: str) -> int:
    """How many terminal cells a text fills: East Asian wide characters fill two, combining marks none.

    >>> width("age"), width("年齢"), width("ŷ")
    (3, 4, 1)
    """
    return sum(_cells(character) for character in text)


def _cells(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def clip(text: str, cells: int) -> str:
    """The text, cut with an ellipsis if it fills more than ``cells``.

    >>> clip("総人口と世帯数", 7)
    '総人口…'
    """
    if width(text) <= cells:
        return text
    kept = ""
    for character in text:
        if width(kept + character) > cells - 1:
            break
        kept += character
    return kept + "…"


PHRASE = re.compile(
    r"[（「『(]*(?:[!-~]*(?:[一-龠々]{1,6}|[ァ-ヶー]{1,12})?[ぁ-ん]{0,6}(?<=[!-~一-龠々ァ-ヶーぁ-ん])|.)[、。，．）」』：；…]*"
)
"""what a line of Japanese is broken into where there is room: words with the endings behind them, and their marks"""
LETTER = re.compile(r"[（「『(]*(?:[!-~]+|.)[、。，．）」』：；…ー]*")
"""and where there is none: single letters, but for words of ASCII"""


def folded(text: str, cells: int) -> list[str]:
    """The text in lines of at most so many cells, Japanese broken between its phrases, never before its marks.

    >>> folded("活性化関数。relu、sigmoid、tanh", 12)
    ['活性化関数。', 'relu、', 'sigmoid、', 'tanh']
    >>> folded("損失がNaNになった学習のアンサンブル（既定）", 20)
    ['損失がNaNになった', '学習のアンサンブル', '（既定）']
    >>> folded("アンサンブル", 8)
    ['アンサン', 'ブル']
    """
    lines = [""]
    for phrase in PHRASE.findall(" ".join(text.split())):
        for piece in [phrase] if width(phrase) <= cells else LETTER.findall(phrase):
            if lines[-1] and width(lines[-1] + piece) > cells:
                lines.append("")
            lines[-1] += piece if lines[-1] else piece.lstrip()
    return [line.rstrip() for line in lines]


def aligned(
    rows: Sequence[Sequence[str]], *, most: Sequence[int] | None = None, right: Collection[int] = ()
) -> str:
    """Rows as lines whose fields stand under each other.

    ``most`` limits the cells of each field; the columns in ``right`` are set flush right.

    >>> print(aligned([("column", "role"), ("年齢", "numeric")], right=[0]))
    column  role
      年齢  numeric
    """
    rows = [[" ".join(field.splitlines()) for field in row] for row in rows]
    if most:
        rows = [[clip(field, cells) for field, cells in zip(row, most, strict=True)] for row in rows]
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(_padded(row, widths, right)).rstrip() for row in rows)


def _padded(row: Sequence[str], widths: Sequence[int], right: Collection[int]) -> list[str]:
    pads = [" " * (w - width(field)) for field, w in zip(row, widths, strict=True)]
    return [
        pad + field if c in right else field + pad
        for c, (field, pad) in enumerate(zip(row, pads, strict=True))
    ]


def showable(text: str, stream: Any = None) -> str:
    """The text with look-alikes for the letters that a stream (the standard output) cannot show.

    >>> import io
    >>> showable("ŷ·10⁻³ → 誤差", io.TextIOWrapper(io.BytesIO(), "cp932"))
    'y^*10^-3 → 誤差'
    """
    encoding = getattr(sys.stdout if stream is None else stream, "encoding", None) or "utf-8"
    try:
        return text.encode(encoding, TO_LOOK_ALIKES).decode(encoding)
    except LookupError:  # an encoding that Python does not know
        return text


def _look_alikes(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object
    return "".join(_look_alike(text, i) for i in range(error.start, error.end)), error.end


def _look_alike(text: str, i: int) -> str:
    """ASCII for one letter: what stands for it, its plain form behind ^ if it is raised, or a question mark."""
    if text[i] in LOOK_ALIKES:
        return LOOK_ALIKES[text[i]]
    plain = unicodedata.normalize("NFKD", text[i]).replace("−", "-").encode("ascii", "ignore").decode()
    begins = _raised(text[i]) and not (i and _raised(text[i - 1]))
    return ("^" if begins else "") + (plain or "?")


def _raised(letter: str) -> bool:
    return unicodedata.decomposition(letter).startswith("<super>")


codecs.register_error(TO_LOOK_ALIKES, _look_alikes)
