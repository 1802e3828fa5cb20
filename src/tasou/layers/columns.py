"""Parts of the input through different layers, side by side: numbers here, categories there (Cheng et al. 2016)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Any, ClassVar

from tasou.backends.verbs import Random, Verbs
from tasou.errors import TasouError
from tasou.formulas.initializers import Initializer
from tasou.layers._card import Layer, Shape
from tasou.layers._nest import Chain, Nest, checked
from tasou.layers._record import Record
from tasou.layers._size import Size, numbers
from tasou.layers._stack import sizes
from tasou.messages import Message

PARTS = Message(
    "layer.columns_parts",
    en="parts must pair columns with layers, e.g. [((0, 1), [Scale()]), ((2,), [Embedding(5, 3)])]; got {parts!r}",
    ja=(
        "parts には [((0, 1), [Scale()]), ((2,), [Embedding(5, 3)])] のように列と層の組を指定してください"
        "（指定：{parts!r}）"
    ),
)
NO_COLUMN = Message(
    "layer.columns_column",
    en="there is no column {column}: {n} come in, counted from 0",
    ja="列 {column} はありません（入力は {n} 列で、0 から数えます）",
)


@dataclass(frozen=True)
class Columns(Nest):
    """a[l] = f₁(x at some columns), f₂(x at others), … side by side, each f a chain of layers.

    A column may go through several parts (as it is, and in bins), or through none: then it is left out. The parameters
    within are called by their place: ``E[1.2.1]`` is the E of the first layer of part 2 of layer 1.

    Parameters
    ----------
    parts
        pairs of columns (numbers from 0) and the layers they go through

    Raises
    ------
    TasouError
        parts that are no such pairs, or columns that do not come in

    Examples
    --------
    >>> from tasou.layers import Embedding, Scale
    >>> card = Columns([((0, 1), [Scale()]), ((2,), [Embedding(5, 3)])])
    >>> card.width(3), list(card.shapes(3))
    (5, ['1.1.s', '2.1.E'])
    """

    parts: tuple[tuple[tuple[int, ...], tuple[Layer, ...]], ...]
    latex: ClassVar[str] = r"f_1(x_{C_1}), \, f_2(x_{C_2}), \, \dots"
    notes: ClassVar[Mapping[str, str]] = {
        "en": "Sends some columns through these layers and others through those, and puts the results side by side.",
        "ja": "列ごとに別の層を通し、結果を横に並べる。数値とカテゴリを1つのネットワークで扱える。",
    }

    def __post_init__(self) -> None:
        try:
            parts = tuple((_columns(columns), checked(layers)) for columns, layers in self.parts)
        except TasouError:
            raise  # the layers of a part make no chain
        except (TypeError, ValueError):
            raise TasouError(PARTS, parts=self.parts) from None
        if not parts or not all(columns for columns, _ in parts):
            raise TasouError(PARTS, parts=self.parts)
        object.__setattr__(self, "parts", parts)

    @cached_property
    def branches(self) -> list[tuple[int, tuple[int, ...], Chain]]:
        """Number, columns and chain of each part."""
        return [(i, columns, Chain(layers)) for i, (columns, layers) in enumerate(self.parts, start=1)]

    @property
    def label(self) -> str:
        """``columns(scale | embedding(3))``."""
        return f"columns({' | '.join(chain.label for _, _, chain in self.branches)})"

    @property
    def takes_codes(self) -> bool:  # type: ignore[override]
        """Whether any part does."""
        return any(layers[0].takes_codes for _, layers in self.parts)

    def chains(self) -> Mapping[str, Sequence[Layer]]:
        """The chain of each part."""
        return {f"{i}.": layers for i, (_, layers) in enumerate(self.parts, start=1)}

    def shapes(self, n: Size) -> Mapping[str, Shape]:
        """Those of all parts, each by the number of its part."""
        found = {}
        for i, columns, chain in self.branches:
            found.update({f"{i}.{name}": shape for name, shape in chain.shapes(len(columns)).items()})
        return found

    def widths(self) -> list[int]:
        """How many numbers each part gives."""
        return [numbers(sizes(layers, len(columns))[-1]) for columns, layers in self.parts]

    def width(self, n: Size) -> int:
        """The numbers of all parts together."""
        for columns, _ in self.parts:
            if max(columns) >= numbers(n):
                raise TasouError(NO_COLUMN, column=max(columns), n=numbers(n))
        return sum(self.widths())

    def start(self, p: Any, n: Size, init: str | Initializer | None, rng: Random) -> None:
        """As the layers within say, part after part."""
        for i, columns, chain in self.branches:
            chain.start(p.part(i), len(columns), init, rng)

    def check(self, X: Any) -> None:
        """As the first layer of each part."""
        for columns, layers in self.parts:
            layers[0].check(X[:, list(columns)])

    def forward(self, do: Verbs, p: Any, t: Record, a: Any) -> Any:
        """a[l] = f₁(x₁), f₂(x₂), … side by side."""
        outs = []
        for i, columns, chain in self.branches:
            part = t.part(i)
            part.x = do.take(a, columns, into=part.x)
            outs.append(chain.forward(do, p.part(i), part, part.x, len(columns)))
        t.joined = do.joined(*outs, into=t.joined)
        return t.joined

    def backward(self, do: Verbs, p: Any, t: Record, a: Any, g: Any, d: Any, back: bool) -> Any:
        """Each part gets its columns of g; what comes back goes to the columns that it came from."""
        found = []
        ends = pairwise(accumulate(self.widths(), initial=0))
        for (i, _, chain), (start, stop) in zip(self.branches, ends, strict=True):
            own, part = do.columns(g, start, stop), t.part(i)
            found.append(chain.backward(do, p.part(i), part, part.x, own, d.part(i), back))
        if not back:
            return None
        t.back_parts = do.joined(*found, into=t.back_parts)
        index = [column for columns, _ in self.parts for column in columns]
        t.back = do.put(t.back_parts, index, numbers(t.shape), into=t.back)
        return t.back


def _columns(columns: Any) -> tuple[int, ...]:
    found = (columns,) if hasattr(columns, "__index__") else tuple(columns)
    if not all(hasattr(j, "__index__") and j >= 0 for j in found):
        raise ValueError(columns)
    return tuple(map(int, found))
