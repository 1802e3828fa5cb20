"""JSON without its traps: no duplicate keys, no NaN, no lone surrogates, no text after the end."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from tasou.errors import ModelFileError


def parse(data: bytes, what: str, start: int = 0) -> Any:
    """The value written in ``data``; ``what`` and ``start`` (its byte offset in the file) serve the messages.

    Raises
    ------
    ModelFileError
        with the byte offset where the text stops being JSON

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
            raise ModelFileError(f"{what} at byte {start} has the key {twice!a} twice")
        return found

    def constant(name: str) -> NoReturn:
        raise ModelFileError(f"{what} at byte {start} holds {name}, which is no JSON number")

    try:
        text = data.decode("utf-8")
        value = json.loads(text, object_pairs_hook=pairs, parse_constant=constant)
        json.dumps(value, ensure_ascii=False).encode("utf-8")  # refuses lone surrogates such as "\ud800"
    except UnicodeDecodeError as error:
        raise ModelFileError(f"{what} is not UTF-8 text at byte {start + error.start}") from None
    except json.JSONDecodeError as error:
        at = start + len(text[: error.pos].encode("utf-8"))
        raise ModelFileError(f"{what} is not JSON at byte {at}: {error.msg}") from None
    except UnicodeEncodeError:
        raise ModelFileError(f"{what} at byte {start} holds half a character (a lone surrogate)") from None
    except RecursionError:
        raise ModelFileError(f"{what} at byte {start} is nested too deeply") from None
    except ModelFileError:
        raise
    except ValueError as error:  # an integer of thousands of digits
        raise ModelFileError(f"{what} at byte {start}: {error}") from None
    return value


def dump(value: Any) -> str:
    """``value`` as compact JSON text; ValueError for NaN and inf.

    >>> dump({"classes": ["犬", "猫"]})
    '{"classes":["犬","猫"]}'
    """
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
