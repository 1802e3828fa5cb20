"""The errors and warnings of tasou, each in one tree.

```
ValueError
└── TasouError            bad input: one clear message, what to do about it
    ├── ShapeError        arrays that do not fit the network (layer and shapes named)
    ├── OutOfRange        there is no layer, no parameter of that number (an IndexError, too)
    ├── UnknownName       no such activation, loss, column, …; the nearest name is suggested
    ├── TableError        a data file that cannot be read or used (row, column, offset)
    ├── ModelFileError    a model file that is damaged, foreign, or does not fit the data
    └── DivergenceError   training left the finite numbers (step, layer, quantity)
UserWarning
└── TasouWarning          something a user should know about a result
```

Every message is one line that a user can act on; the command line prints it in the user's language and exits with 2.
Each carries a ``code``, which stays when a text gets better, and its ``parts`` as plain values. In Python the text is
English unless `tasou.language.use` asks for another language, so that patterns of messages hold on every machine.
"""

from __future__ import annotations

import difflib
import warnings
from collections.abc import Iterable, Mapping
from typing import Any

from tasou import spoken
from tasou.messages import Message, Said, Sentence, sentence


class Coded:
    """What errors and warnings have in common: a code and its parts; the sentence is made where it is shown.

    Parameters
    ----------
    message
        a `tasou.messages.Message`, whose placeholders are filled by ``parts``; a `tasou.messages.Sentence`, which has
        its parts; or a text of your own
    """

    sentence: Sentence

    def __init__(self, message: Said = "", /, **parts: object) -> None:
        self.sentence = sentence(message, parts)
        super().__init__(self.sentence.text("en"))  # type: ignore[call-arg]

    @property
    def code(self) -> str:
        """What is the matter, for programs: ``room.what``; "plain" if it is a text of your own."""
        return self.sentence.message.code

    @property
    def parts(self) -> Mapping[str, Any]:
        """What fills the placeholders, as plain values."""
        return self.sentence.parts

    def text(self, lang: str | None = None) -> str:
        """The sentence in ``lang``, "en" or "ja"; None is the user's language, as for pictures and tables."""
        return self.sentence.text(lang)

    def __str__(self) -> str:
        lang = spoken.to_programs()
        return super().__str__() if lang == "en" else self.sentence.text(lang)

    def __reduce__(self) -> tuple[Any, ...]:  # the parts are no arguments of ``args``
        return _again, (type(self), getattr(self, "args", ())), vars(self)


def _again(cls: type[Coded], args: tuple[Any, ...]) -> Coded:
    return cls.__new__(cls, *args)


class TasouError(Coded, ValueError):
    """Bad input; the message says what was wrong, where, and what to do."""


class ShapeError(TasouError):
    """Arrays whose shapes do not fit the network; the message names layer and shapes."""


class OutOfRange(TasouError, IndexError):
    """No layer or parameter has this number; an `IndexError` as well, so that one can walk through the layers."""


UNKNOWN = Message(
    "name.unknown",
    en="unknown {kind} {name!r}{hint} (known: {known:list})",
    ja="{kind} {name!r} はありません{hint}（使えるもの：{known:list}）",
)
NEAREST = Message(
    "name.nearest",
    en=": did you mean {nearest!r}?",
    ja="。もしかして {nearest!r} ですか？",
)


class UnknownName(TasouError):
    """A name that nothing is registered under; the message suggests the nearest one.

    >>> error = UnknownName("activation", "reul", ["relu", "tanh"])
    >>> print(error)
    unknown activation 'reul': did you mean 'relu'? (known: relu, tanh)
    >>> error.code, error.parts["nearest"]
    ('name.unknown', 'relu')
    """

    def __init__(self, kind: Message | str, name: object, known: Iterable[str]) -> None:
        known = list(known)
        nearest = next(iter(difflib.get_close_matches(str(name), known, n=1)), None)
        hint = "" if nearest is None else NEAREST(nearest=nearest)
        super().__init__(UNKNOWN, kind=kind, name=name, known=known, nearest=nearest, hint=hint)


class TableError(TasouError):
    """A data file that cannot be read or used; the message names row, column or byte offset."""


class ModelFileError(TasouError):
    """A model file that is damaged, foreign, newer than this library, or does not fit the data."""


class DivergenceError(TasouError):
    """Training left the finite numbers; the message names step, layer and quantity."""


class TasouWarning(Coded, UserWarning):
    """Something a user should know about a result that is there nevertheless."""


def warn(
    message: Said, category: type[Coded] = TasouWarning, *, stacklevel: int = 1, **parts: object
) -> None:
    """Like `warnings.warn`, with a coded message; ``category`` is any warning that is `Coded`, too.

    >>> FEW = Message("doc.few", en="only {n} rows", ja="{n} 行しかありません")
    >>> with warnings.catch_warnings(record=True, action="always") as caught:
    ...     warn(FEW, n=3)
    >>> str(caught[0].message), caught[0].message.code
    ('only 3 rows', 'doc.few')
    """
    told: Any = category(message, **parts)
    warnings.warn(told, stacklevel=stacklevel + 1)
