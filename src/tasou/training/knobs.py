"""How a recipe declares its settings: each says what it may be, what it does in two languages, and who shows it.

A `Recipe` declares each of its fields by `knob`; estimators, command line and model files read the declaration.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cache
from typing import Any, Literal

from tasou.errors import TasouError, UnknownName
from tasou.messages import Message
from tasou.training.checks import Check, Choice, Number

MUST = Message(
    "knob.value",
    en="{name} must be {what}, got {value!r}",
    ja="{name} には{what}を指定してください（{value!r} は使えません）",
)
MUST_OR_NONE = Message(
    "knob.value_or_none",
    en="{name} must be {what} (or None), got {value!r}",
    ja="{name} には{what}か None を指定してください（{value!r} は使えません）",
)

Group = Literal["network", "training"]
SAME: Any = object()
"""the default or name that the recipe itself has"""


@dataclass(frozen=True)
class Shown:
    """How a face shows a knob: under which name, with which default, and (estimators) in which of them alone.

    ``defaults`` holds those of single estimators ("classifier", "regressor") that have one of their own.
    """

    name: str = ""
    default: Any = SAME
    only: str = ""
    defaults: Mapping[str, Any] = field(default_factory=dict)

    def by(self, kind: str) -> Shown:
        """How one kind of estimator shows it."""
        return replace(self, default=self.defaults[kind]) if kind in self.defaults else self


@dataclass(frozen=True)
class Knob:
    """The declaration of one field of a recipe."""

    name: str
    default: Any
    check: Check
    help: Mapping[str, str]
    metavar: str
    group: Group
    estimator: Shown | None
    table: Shown | None
    unset: Mapping[str, str] | None
    """the default in words, where its value says too little"""
    lbfgs: bool
    """whether it means something to L-BFGS"""

    @property
    def optional(self) -> bool:
        """Whether None is a value, too: it is the default somewhere."""
        return any(self.default_for(face) is None for face in ("", "estimator", "table"))

    def shown(self, face: str) -> Shown | None:
        """How a face ("estimator", "table") shows it."""
        shown: Shown | None = getattr(self, face)
        return shown

    def default_for(self, face: str) -> Any:
        """The default of a face; of the recipe itself if that has none of its own."""
        shown = getattr(self, face) if face else None
        return self.default if shown is None or shown.default is SAME else shown.default

    def check_value(self, value: Any, name: str = "") -> None:
        """Pass if the knob may have this value.

        Raises
        ------
        TasouError
            it may not; ``name`` is what the user calls it
        """
        if value is None and self.optional:
            return
        if isinstance(self.check, Choice) and isinstance(value, str) and not self.check.fits(value):
            raise UnknownName(name or self.name, value, self.check.names)
        if not self.check.fits(value):
            message = MUST_OR_NONE if self.optional else MUST
            raise TasouError(message, name=name or self.name, what=self.check.words(), value=value)


def knob(
    default: Any,
    check: Check,
    en: str,
    ja: str,
    *,
    metavar: str = "",
    group: Group = "training",
    estimator: Shown | None = Shown(),
    table: Shown | None = Shown(),
    unset: tuple[str, str] | None = None,
    lbfgs: bool = True,
) -> Any:
    """A field of a recipe, with all that is to be known of it.

    Parameters
    ----------
    default
        its value where nobody says otherwise
    check
        what it may be (None as well, where a default is None)
    en, ja
        what it does: a phrase, which the command line shows with the default, and estimators in their docstring
    metavar
        what stands for its value in the help of the command line
    group
        whether it belongs to the network or to its training
    estimator, table
        how estimators, and tables with their command line and model files, show it; None if they do not
    unset
        the default in words (English, Japanese), where the value says too little
    lbfgs
        whether it means something to L-BFGS
    """
    words = None if unset is None else dict(zip(("en", "ja"), unset, strict=True))
    declared = {
        "default": default,
        "check": check,
        "help": {"en": en, "ja": ja},
        "metavar": metavar,
        "group": group,
        "estimator": estimator,
        "table": table,
        "unset": words,
        "lbfgs": lbfgs,
    }
    return field(default=default, metadata={"knob": declared})


@cache
def knobs_of(recipe: Any) -> Mapping[str, Knob]:
    """The declarations of the fields of a class of recipes, by their names."""
    return {f.name: Knob(f.name, **f.metadata["knob"]) for f in fields(recipe)}


def with_defaults_of(face: str) -> Callable[[type], type]:
    """A decorator: the class takes over the fields of the recipe it descends from, with the defaults of a face."""

    def decorate(cls: type) -> type:
        for f in fields(cls):  # those it inherits
            declared = f.metadata["knob"]
            default = Knob(f.name, **declared).default_for(face)
            setattr(cls, f.name, field(default=default, metadata={"knob": {**declared, "default": default}}))
            cls.__annotations__[f.name] = f.type
        return cls

    return decorate


def check_epochs(epochs: Any) -> None:
    """`TasouError` unless so many epochs can be asked for: a whole number, 0 as well."""
    wanted = Number(least=0, whole=True)
    if not wanted.fits(epochs):
        raise TasouError(MUST, name="epochs", what=wanted.words(), value=epochs)
