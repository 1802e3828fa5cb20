"""The errors tasou raises, in one tree.

```
ValueError
└── TasouError            bad input: one clear message, what to do about it
    ├── ShapeError        arrays that do not fit the network (layer and shapes named)
    ├── UnknownName       no such activation, loss, column, …; the nearest name is suggested
    ├── TableError        a data file that cannot be read or used (row, column, offset)
    ├── ModelFileError    a model file that is damaged, foreign, or does not fit the data
    └── DivergenceError   training left the finite numbers (step, layer, quantity)
```

Every message is one line that a user can act on; the command line prints it as it stands and exits with 2.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class TasouError(ValueError):
    """Bad input; the message says what was wrong, where, and what to do."""


class ShapeError(TasouError):
    """Arrays whose shapes do not fit the network; the message names layer and shapes."""


class UnknownName(TasouError):
    """A name that nothing is registered under; the message suggests the nearest one.

    >>> print(UnknownName("activation", "reul", ["relu", "tanh"]))
    unknown activation 'reul': did you mean 'relu'? (known: relu, tanh)
    """

    def __init__(self, kind: str, name: object, known: Iterable[str]) -> None:
        known = list(known)
        near = difflib.get_close_matches(str(name), known, n=1)
        hint = f": did you mean {near[0]!r}?" if near else ""
        super().__init__(f"unknown {kind} {name!r}{hint} (known: {', '.join(known)})")


class TableError(TasouError):
    """A data file that cannot be read or used; the message names row, column or byte offset."""


class ModelFileError(TasouError):
    """A model file that is damaged, foreign, newer than this library, or does not fit the data."""


class DivergenceError(TasouError):
    """Training left the finite numbers; the message names step, layer and quantity."""
