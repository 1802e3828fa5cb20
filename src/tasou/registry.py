"""Find by its folder what a family has: formulas, diagnoses, data sets, commands; adding one is adding a file."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache, partial
from types import ModuleType
from typing import Any, ClassVar, Generic, Self, TypeVar

from tasou.errors import TasouError, UnknownName
from tasou.messages import Message

NO_PARAMETER = Message(
    "formula.no_parameter",
    en="{kind} {name!r} has no parameter {parameter!r} (it has: {known:list})",
    ja="{kind} {name!r} にパラメータ {parameter!r} はありません（あるもの：{known:list}）",
)
NONE = Message("formula.no_parameters", en="none", ja="なし")
KINDS = {
    "activation": Message("kind.activation", en="activation", ja="活性化関数"),
    "loss": Message("kind.loss", en="loss", ja="損失関数"),
    "optimizer": Message("kind.optimizer", en="optimizer", ja="最適化手法"),
    "schedule": Message("kind.schedule", en="schedule", ja="学習率のスケジュール"),
    "initializer": Message("kind.initializer", en="initializer", ja="初期化方法"),
}

Number = float | int


@dataclass(frozen=True, eq=False)
class Card:
    """A file that describes one member of a family: a name, notes for learners, parameters with their defaults.

    Two cards are equal if they are of the same family, have the same name and the same parameters.
    """

    kind: ClassVar[str] = "card"
    functions: ClassVar[tuple[str, ...]] = ()
    """the attributes of the file that take the parameters as keywords"""

    name: str
    notes: Mapping[str, str] = field(default_factory=dict, kw_only=True)
    parameters: Mapping[str, Number] = field(default_factory=dict, kw_only=True)

    @property
    def label(self) -> str:
        """The name with its parameters, e.g. ``leaky_relu(alpha=0.2)``."""
        inside = ", ".join(f"{key}={value}" for key, value in self.parameters.items())
        return f"{self.name}({inside})" if inside else self.name

    def with_parameters(self, **parameters: Number) -> Self:
        """The same formula with some parameters replaced; `TasouError` names the ones it has not."""
        unknown = sorted(set(parameters) - set(self.parameters))
        if unknown:
            raise TasouError(
                NO_PARAMETER,
                kind=self.called(),
                name=self.name,
                parameter=unknown[0],
                known=list(self.parameters) or [NONE],
            )
        if not parameters:
            return self
        bound = {
            f: partial(getattr(self, f), **accepted(getattr(self, f), parameters)) for f in self.functions
        }
        return replace(self, parameters={**self.parameters, **parameters}, **bound)  # type: ignore[arg-type]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Card) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[object, ...]:
        return (type(self), self.name, tuple(sorted(self.parameters.items())))

    @classmethod
    def called(cls) -> Message | str:
        """What the family is called in a sentence."""
        return KINDS.get(cls.kind, cls.kind)

    @classmethod
    def read(cls, name: str, module: ModuleType) -> Self:
        """Build the formula from its file: each field of the class is a name in the file."""
        own = {f for f in cls.__dataclass_fields__ if f not in ("name", "parameters")}
        values: dict[str, Any] = {f: getattr(module, f) for f in own if hasattr(module, f)}
        parameters: dict[str, Number] = {}
        for function in cls.functions:
            parameters |= keywords(values[function])
        return cls(name=name, parameters=parameters, **values)


@lru_cache(maxsize=512)
def keywords(function: Callable[..., Any]) -> dict[str, Number]:
    """The keyword-only parameters of a formula, with their defaults."""
    return {
        p.name: p.default for p in inspect.signature(function).parameters.values() if p.kind is p.KEYWORD_ONLY
    }


def accepted(function: Callable[..., Any], parameters: Mapping[str, Number]) -> dict[str, Number]:
    """Those of the parameters that the function takes."""
    return {key: value for key, value in parameters.items() if key in keywords(function)}


F = TypeVar("F", bound=Card)


def names_in(package: str) -> list[str]:
    """What lies in a folder of the package, in alphabetical order; names that begin with _ are for the others.

    None of it is imported.

    >>> names_in("tasou.formulas.schedules")[:2]
    ['adaptive', 'constant']
    """
    return list(_names_in(package))


@cache
def _names_in(package: str) -> tuple[str, ...]:
    """The folder is read once: a wide table asks for each of its columns."""
    folder = importlib.import_module(package)
    return tuple(sorted(m.name for m in pkgutil.iter_modules(folder.__path__) if not m.name.startswith("_")))


class Registry(Generic[F]):
    """The cards of one folder, each imported when first asked for.

    Parameters
    ----------
    package
        dotted name of the folder, e.g. ``"tasou.formulas.activations"``
    family
        the `Card` class of which each file describes one

    Examples
    --------
    >>> from tasou.formulas import activations
    >>> activations.registry.get("leaky_relu", alpha=0.2).parameters
    {'alpha': 0.2}
    """

    def __init__(self, package: str, family: type[F]) -> None:
        self.package, self.family = package, family
        self._load = cache(self._import)

    def names(self) -> list[str]:
        """All registered names, in alphabetical order."""
        return names_in(self.package)

    def get(self, formula: str | F, **parameters: Number) -> F:
        """The formula called so, its parameters replaced where given; one made by the user is handed back.

        Raises
        ------
        UnknownName
            nothing is registered under that name (the nearest is suggested)
        TasouError
            the formula has no such parameter
        """
        found = formula if isinstance(formula, self.family) else self._load(formula)
        return found.with_parameters(**parameters)

    def __contains__(self, name: object) -> bool:
        return name in self.names()

    def __iter__(self) -> Iterator[F]:
        return (self.get(name) for name in self.names())

    def _import(self, name: str) -> F:
        if not isinstance(name, str) or name not in self:
            raise UnknownName(self.family.called(), name, self.names())
        return self.family.read(name, importlib.import_module(f"{self.package}.{name}"))
