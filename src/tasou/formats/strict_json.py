"""JSON without its traps: no duplicate keys, no NaN, no lone surrogates, no text after the end."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from tasou.errors import ModelFileError
from tasou.messages import Message, Said

TWICE = Message(
    "json.key_twice",
    en="{what} at byte {start} has the key {key!a} twice",
    ja="{what}（バイト {start}）にキー {key!a} が2回あります",
)
NO_NUMBER = Message(
    "json.no_number",
    en="{what} at byte {start} holds {name}, which is no JSON number",
    ja="{what}（バイト {start}）に JSON の数ではない {name} があります",
)
NO_UTF8 = Message(
    "json.no_utf8",
    en="{what} is not UTF-8 text at byte {at}",
    ja="{what} のバイト {at} は UTF-8 として読めません",
)
NO_JSON = Message(
    "json.no_json",
    en="{what} is not JSON at byte {at}: {reason}",
    ja="{what} はバイト {at} で JSON の規則に反しています：{reason}",
)
HALF_A_CHARACTER = Message(
    "json.half_a_character",
    en="{what} at byte {start} holds half a character (a lone surrogate)",
    ja="{what}（バイト {start}）に文字の半分だけがあります（対のないサロゲート）",
)
TOO_DEEP = Message(
    "json.too_deep",
    en="{what} at byte {start} is nested too deeply",
    ja="{what}（バイト {start}）は入れ子が深すぎます",
)
NO_VALUE = Message(
    "json.no_value",
    en="{what} at byte {start}: {reason}",
    ja="{what}（バイト {start}）：{reason}",
)


def parse(data: bytes, what: Said, start: int = 0) -> Any:
    """The value written in ``data``; ``what`` and ``start`` (its byte offset in the file) serve the messages.

    Raises
    ------
    ModelFileError
        with the byte offset where the text stops being JSON

    Examples
    --------
    >>> parse(b'{"units": [10, 3]}', "the header")
    {'units': [10, 3]}
    >>> parse(b'{"units": 1, "units": 2}', "the header")
    Traceback (most recent call last):
    ...
    tasou.errors.ModelFileError: the header at byte 0 has the key 'units' twice
    """

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(items)
        if len(found) != len(items):
            keys = [key for key, _ in items]
            twice = next(key for key in found if keys.count(key) > 1)
            raise ModelFileError(TWICE, what=what, start=start, key=twice)
        return found

    def constant(name: str) -> NoReturn:
        raise ModelFileError(NO_NUMBER, what=what, start=start, name=name)

    try:
        text = data.decode("utf-8")
        value = json.loads(text, object_pairs_hook=pairs, parse_constant=constant)
        json.dumps(value, ensure_ascii=False).encode("utf-8")  # refuses lone surrogates such as "\ud800"
    except UnicodeDecodeError as error:
        raise ModelFileError(NO_UTF8, what=what, at=start + error.start) from None
    except json.JSONDecodeError as error:
        at = start + len(text[: error.pos].encode("utf-8"))
        raise ModelFileError(NO_JSON, what=what, at=at, reason=error.msg) from None
    except UnicodeEncodeError:
        raise ModelFileError(HALF_A_CHARACTER, what=what, start=start) from None
    except RecursionError:
        raise ModelFileError(TOO_DEEP, what=what, start=start) from None
    except ModelFileError:
        raise
    except ValueError as error:  # an integer of thousands of digits
        raise ModelFileError(NO_VALUE, what=what, start=start, reason=error) from None
    return value


def dump(value: Any) -> str:
    """``value`` as compact JSON text; ValueError for NaN and inf.

    >>> dump({"classes": ["犬", "猫"]})
    '{"classes":["犬","猫"]}'
    """
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
