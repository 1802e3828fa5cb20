"""Which texts are one category: the one spelling that names it, and the place of any text among known categories.

``1.0`` is written ``1``, ``1,000`` is ``1000``, ``−1`` is ``-1``, ``ＯＫ`` is ``OK``, ``2024/3/1`` is ``2024-03-01``.
Codes keep their leading zeros, letter case is kept, and whole numbers are exact however long they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from tasou.tables.spelling.dates import iso, moment
from tasou.tables.spelling.habits import PLAIN, Notation
from tasou.tables.spelling.letters import folded
from tasou.tables.spelling.numbers import numeral, spelled

_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_DIGIT = re.compile(r"\d")
_CODE = re.compile(r"[+-]?0\d.*")
_DATE = re.compile(r"\d{4}(?:-\d{1,2}-|/\d{1,2}/|年)\d?.*")
_PAIRS = (("false", "true"), ("no", "yes"), ("n", "y"), ("f", "t"), ("off", "on"), ("いいえ", "はい"))
_WORDS = {word: pair for pair in _PAIRS for word in pair}


def category(text: str, notation: Notation = PLAIN) -> str:
    """The one spelling of a category.

    >>> [category(t) for t in ("1.0", "−1", "ＯＫ", "007", "1,000", "2024/3/1", "TRUE", "1.50", "10%")]
    ['1', '-1', 'OK', '007', '1000', '2024-03-01', 'True', '1.5', '10%']
    """
    text = folded(text)
    if not _DIGIT.search(text):
        return {"true": "True", "false": "False"}.get(text.casefold(), text)
    if text.isdecimal() and text.isascii():
        return text
    if text[0] in _LETTERS and not notation.unit:
        return text
    return _number(text, notation) or _date(text) or text


@lru_cache(maxsize=1 << 12)
def _number(text: str, notation: Notation) -> str | None:
    found = numeral(text)
    digits = found.digits(notation.decimal) if found else None
    if found is None or digits is None or found.note or "e" in digits.lower() or _CODE.fullmatch(digits):
        return None
    if found.unit not in ("", notation.unit):
        return None
    sign, digits = ("-" if digits[0] == "-" else ""), digits.lstrip("+-")
    whole, _, places = digits.partition(".")
    if not places.strip("0"):
        return sign + whole if whole.strip("0") else "0"
    return spelled(float(sign + digits))


def _date(text: str) -> str | None:
    found = moment(text) if _DATE.fullmatch(text) else None
    return None if found is None or np.isnat(found) else iso(found)


def are_codes(texts: Sequence[str]) -> bool:
    """Whether digits are codes: of equal length, some beginning with 0, as numbers never are; or all beginning so.

    >>> are_codes(["01234", "98765"]), are_codes(["01", "2", "30"]), are_codes(["0", "1"])
    (True, False, False)
    """
    if not any(text[:1] in ("0", "０") for text in texts):
        return False
    texts = [folded(text) for text in texts]
    if not texts or not all(text.isdecimal() and text.isascii() for text in texts):
        return False
    zeros = [text[0] == "0" for text in texts]
    lengths = set(map(len, texts))
    return 1 not in lengths and any(zeros) and (len(lengths) == 1 or all(zeros))


def named(texts: Iterable[str], counts: npt.NDArray[np.int64], notation: Notation = PLAIN) -> list[str]:
    """The name of each text's category, where ``""`` is a missing one.

    Yes and no in several letter cases are the most frequent of them, if nothing else stands in the column.

    >>> named(["yes", "YES ", "No", ""], np.array([3, 1, 2, 1]))
    ['yes', 'yes', 'No', '']
    """
    names = [category(text, notation) if text else "" for text in texts]
    present = {name for name in names if name}
    if len({_WORDS.get(name.casefold()) for name in present}) != 1 or len(present) < 2:
        return names
    weights: dict[str, dict[str, int]] = {}
    for name, count in zip(names, counts.tolist(), strict=True):
        same = weights.setdefault(name.casefold(), {})
        same[name] = same.get(name, 0) + count
    if None in {_WORDS.get(word) for word in weights if word}:
        return names
    usual = {word: max(same, key=lambda name: (same[name], name)) for word, same in weights.items()}
    return [usual[name.casefold()] for name in names]


def differ_in_case(names: Iterable[str]) -> list[list[str]]:
    """Groups of categories that differ in letter case alone.

    >>> differ_in_case(["ok", "OK", "no"])
    [['ok', 'OK']]
    """
    groups: dict[str, list[str]] = {}
    for name in names:
        groups.setdefault(name.casefold(), []).append(name)
    return [group for group in groups.values() if len(group) > 1]


class Levels:
    """Known categories, and the place of any text among them.

    A text is looked for as it stands, then in its one spelling; then yes and no in any letter case, truth as 0 and 1,
    and digits that have lost the leading zeros of codes of one length.

    >>> levels = Levels(["1", "2", "OK"])
    >>> [levels.place(text) for text in ("1.0", "ＯＫ", "2", "3", "ok")]
    [0, 2, 1, None, None]
    >>> Levels(["False", "True"]).place("1.0"), Levels(["01234", "98765"]).place("1234")
    (1, 0)
    """

    def __init__(self, names: Sequence[str], notation: Notation = PLAIN) -> None:
        self.names, self.notation = tuple(names), notation
        self._exact = {name: j for j, name in enumerate(self.names)}
        self._same = dict(
            reversed([(category(n, notation) if n else "", j) for j, n in enumerate(self.names)])
        )
        self._others = self._further()

    def place(self, text: str) -> int | None:
        """The number of the level that ``text`` is, or None; ``""`` is a missing cell."""
        if (found := self._exact.get(text)) is not None or text == "":
            return found
        if (found := self._exact.get(text.strip())) is not None:
            return found
        name = category(text, self.notation)
        if (found := self._same.get(name)) is not None:
            return found
        return self._others.get(name, self._others.get(name.casefold()))

    def spellings(self) -> dict[str, int]:
        """Every text that is known to be a level as it stands, with the level's place.

        >>> Levels(["no", "yes"]).spellings()["YES"]
        1
        """
        others = {
            spelled: j
            for word, j in self._others.items()
            for spelled in (word, word.upper(), word.capitalize())
        }
        return {**others, **self._same, **self._exact}

    def _further(self) -> Mapping[str, int]:
        words = {name.casefold(): j for name, j in self._same.items() if name}
        pairs = {_WORDS.get(word) for word in words}
        if words and len(pairs) == 1 and (pair := pairs.pop()):
            sides = {str(side): words[word] for side, word in enumerate(pair) if word in words}
            return {**words, **sides} if pair == _PAIRS[0] else words
        if words and set(words) <= {"0", "1"}:
            return {("true" if word == "1" else "false"): j for word, j in words.items()}
        if are_codes(list(words)) and len({len(word) for word in words}) == 1:
            return {word.lstrip("0") or "0": j for word, j in words.items()}
        return {}
