"""Training as a stream of steps: forward → loss → backward → update, until the loss has converged (lecture 5.3).

The names are loaded when first asked for: the declaration of a `Recipe` is read by the command line, too, which does
not need the engine for its help.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tasou.training.divergence import Divergence
    from tasou.training.history import History
    from tasou.training.learning import learn
    from tasou.training.recipe import Recipe
    from tasou.training.recorder import Moment, Recorder, dead_units
    from tasou.training.state import State
    from tasou.training.step import Step
    from tasou.training.stopping import Stopping
    from tasou.training.training import Training
    from tasou.training.validation import Validation

__all__ = [
    "Divergence",
    "History",
    "Moment",
    "Recipe",
    "Recorder",
    "State",
    "Step",
    "Stopping",
    "Training",
    "Validation",
    "dead_units",
    "learn",
]

_HOME = {
    "Divergence": "divergence",
    "History": "history",
    "Moment": "recorder",
    "Recipe": "recipe",
    "Recorder": "recorder",
    "State": "state",
    "Step": "step",
    "Stopping": "stopping",
    "Training": "training",
    "Validation": "validation",
    "dead_units": "recorder",
    "learn": "learning",
}


def __getattr__(name: str) -> object:
    if name in _HOME:
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
