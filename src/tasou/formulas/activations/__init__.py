"""Activation functions a = f(z), each with its slope f'(z); one file each (lecture 4.1-4.3).

>>> sorted(set(names()) & {"relu", "tanh"})
['relu', 'tanh']
>>> get("leaky_relu", alpha=0.2).label
'leaky_relu(alpha=0.2)'
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from types import ModuleType
from typing import Any

from tasou.errors import TasouError
from tasou.formulas.registry import Registry

__all__ = ["Activation", "get", "names", "registry"]


@dataclass(frozen=True)
class Activation:
    """An activation a = f(z) with its slope f'(z), as formulas over an array namespace.

    ``f(z, xp)`` and ``slope(z, a, xp)`` work elementwise; the slope may use z, or a = f(z), or both. An object
    of your own needs just these two functions and a name.

    >>> import numpy as np
    >>> square = Activation("square", f=lambda z, xp: z * z, slope=lambda z, a, xp: 2 * z)
    >>> square.slope(np.array([3.0]), np.array([9.0]), np)
    array([6.])
    """

    name: str
    f: Callable[..., Any]
    slope: Callable[..., Any]
    latex: str = ""
    slope_latex: str = ""
    onnx: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, float] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """Name with the parameters that differ from nothing, e.g. ``leaky_relu(alpha=0.2)``."""
        inside = ", ".join(f"{key}={value}" for key, value in self.parameters.items())
        return f"{self.name}({inside})" if inside else self.name

    def __hash__(self) -> int:
        return hash((self.name, tuple(sorted(self.parameters.items()))))


def _build(name: str, module: ModuleType) -> Activation:
    """Read an activation off its file: ``f``, ``slope``, ``latex``, ``slope_latex``, ``onnx``, ``notes``."""
    arguments = inspect.signature(module.f).parameters.values()
    defaults = {p.name: p.default for p in arguments if p.kind is p.KEYWORD_ONLY}
    return Activation(
        name, module.f, module.slope, module.latex, module.slope_latex, module.onnx, module.notes, defaults
    )


registry = Registry(__name__, "activation", _build)
names = registry.names


def get(activation: str | Activation, **parameters: float) -> Activation:
    """The activation called so, its parameters replaced where given; an `Activation` is handed back as it is.

    Raises
    ------
    UnknownName
        nothing is registered under that name (the nearest is suggested)
    TasouError
        the activation has no such parameter
    """
    found = activation if isinstance(activation, Activation) else registry[activation]
    if not parameters:
        return found
    unknown = sorted(set(parameters) - set(found.parameters))
    if unknown:
        raise TasouError(f"activation {found.name!r} has no parameter {unknown[0]!r}; it has {list(found.parameters)}")
    return replace(
        found,
        f=partial(found.f, **parameters),
        slope=partial(found.slope, **parameters),
        parameters={**found.parameters, **parameters},
    )
