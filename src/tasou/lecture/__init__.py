"""The lecture, made runnable: every claim an experiment, every number in view, exercises, slides.

>>> from tasou import lecture
>>> result = lecture.run("1.2", seed=0)
>>> result.holds, result.outcome["logistic"].number
(True, '3')
"""

from __future__ import annotations

from tasou.lecture.experiment import Experiment, Result, all_experiments, find, run
from tasou.lecture.outcome import Measure, Outcome

__all__ = ["Experiment", "Measure", "Outcome", "Result", "all_experiments", "find", "run"]
