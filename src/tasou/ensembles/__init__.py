"""Ensembles: members that learn apart, each on other rows, judged by the rows kept out of it, and averaged."""

from tasou.ensembles.choice import Choice, choose
from tasou.ensembles.folds import Holdout, holdouts, partition
from tasou.ensembles.linear import Linear, fit_linear
from tasou.ensembles.out_of_fold import OutOfFold

__all__ = ["Choice", "Holdout", "Linear", "OutOfFold", "choose", "fit_linear", "holdouts", "partition"]
