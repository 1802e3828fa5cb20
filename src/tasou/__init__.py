"""tasou (多層, "many layers"): the multilayer perceptron done completely.

Everything is found here and loaded when first asked for, so ``import tasou`` costs next to nothing.

>>> import tasou
>>> tasou.MLPClassifier.__module__.startswith("tasou.estimators")
True
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from tasou.version import __version__ as __version__

if TYPE_CHECKING:
    from tasou import datasets, diagnostics, formulas, lecture, plots, tables
    from tasou.diagnostics.diagnose import diagnose
    from tasou.estimators import (
        LogisticRegression,
        MLPClassifier,
        MLPRegressor,
        Perceptron,
        SoftmaxRegression,
    )
    from tasou.estimators.conversion import from_sklearn
    from tasou.exporting import export
    from tasou.models import load, save
    from tasou.network import Network, Trace, check_gradients
    from tasou.play.recorded import record
    from tasou.tabular import TableClassifier, TableRegressor
    from tasou.training import Training


__all__ = [
    "LogisticRegression",
    "MLPClassifier",
    "MLPRegressor",
    "Network",
    "Perceptron",
    "SoftmaxRegression",
    "TableClassifier",
    "TableRegressor",
    "Trace",
    "Training",
    "check_gradients",
    "datasets",
    "diagnose",
    "diagnostics",
    "export",
    "formulas",
    "from_sklearn",
    "lecture",
    "load",
    "plots",
    "record",
    "save",
    "tables",
]

_ROOMS = {
    "tasou.diagnostics": ("diagnose",),
    "tasou.estimators": (
        "LogisticRegression",
        "MLPClassifier",
        "MLPRegressor",
        "Perceptron",
        "SoftmaxRegression",
    ),
    "tasou.estimators.conversion": ("from_sklearn",),
    "tasou.exporting": ("export",),
    "tasou.models": ("load", "save"),
    "tasou.play.recorded": ("record",),
    "tasou.network": ("Network", "Trace", "check_gradients"),
    "tasou.tabular": ("TableClassifier", "TableRegressor"),
    "tasou.training": ("Training",),
}
_HOME = {name: room for room, names in _ROOMS.items() for name in names}


def __getattr__(name: str) -> object:
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    if name in __all__:
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """The public names, and what every module has; not what this file needs for itself."""
    return sorted({*__all__, *(name for name in globals() if name.startswith("__"))})
