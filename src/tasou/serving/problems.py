"""What is said of rows: each problem names its row and its column, and a few stand for many."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tasou.errors import TasouError
from tasou.messages import Message, Sentence, sentence
from tasou.spoken import Language

MOST = 100
"""problems that are listed; of the others the number is told"""


class RequestError(TasouError):
    """A request that cannot be answered, with its status in HTTP."""

    def __init__(self, message: Message, /, *, status: int, **parts: object) -> None:
        super().__init__(message, **parts)
        self.status = status


@dataclass
class Told:
    """Sentences about cells, the first of them kept, all of them counted."""

    kept: list[tuple[int, str | None, Sentence]] = field(default_factory=list)
    number: int = 0

    def __bool__(self) -> bool:
        return self.number > 0

    def say(self, row: int, column: str | None, said: Message | Sentence, /, **parts: object) -> None:
        """Something about a row, counted from 0."""
        self.number += 1
        if len(self.kept) < MOST:
            self.kept.append((row, column, sentence(said, parts)))

    def count(self, n: int) -> None:
        """So many more, of which nothing is kept."""
        self.number += n

    def listed(self, lang: Language) -> Iterator[dict[str, Any]]:
        """As JSON, rows counted from 1, in their order."""
        for row, column, told in sorted(self.kept, key=lambda one: one[0]):
            place = {"row": row + 1} if column is None else {"row": row + 1, "column": column}
            yield {**place, "code": told.message.code, "message": told.text(lang)}


class RowsError(RequestError):
    """Rows that cannot be predicted, with what is wrong with each."""

    def __init__(self, told: Told) -> None:
        super().__init__(ROWS, status=422, n=told.number)
        self.told = told


ROWS = Message(
    "serving.rows",
    en="{n} {n:problem|problems} in the rows; nothing was predicted",
    ja="行に {n} 個の問題があるため、予測していません",
)
