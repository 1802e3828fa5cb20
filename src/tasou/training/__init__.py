"""Training as a stream of steps: forward → loss → backward → update, until the loss has converged (lecture 5.3)."""

from __future__ import annotations

from tasou.training.divergence import Divergence
from tasou.training.history import History
from tasou.training.learn import learn
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
