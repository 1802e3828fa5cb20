"""Made by ``scripts/stub``: the plots of this folder as type checkers see them."""

from tasou.plots._film import check_path as check_film_path
from tasou.plots.activation import activation
from tasou.plots.animate_training import animate_training
from tasou.plots.calibration import calibration
from tasou.plots.confusion import confusion
from tasou.plots.decision_boundary import decision_boundary
from tasou.plots.decision_boundary_display import DecisionBoundaryDisplay
from tasou.plots.gradient_flow import gradient_flow
from tasou.plots.importances import importances
from tasou.plots.learning_rate_comparison import learning_rate_comparison
from tasou.plots.loss_curve import loss_curve
from tasou.plots.loss_curve_display import LossCurveDisplay
from tasou.plots.loss_landscape import loss_landscape
from tasou.plots.network import network
from tasou.plots.overview import overview
from tasou.plots.partial_dependence import partial_dependence
from tasou.plots.save import check_path, save
from tasou.plots.space_warp import space_warp
from tasou.plots.unit_maps import unit_maps
from tasou.plots.weight_histogram import weight_histogram

__all__ = [
    "DecisionBoundaryDisplay",
    "LossCurveDisplay",
    "activation",
    "animate_training",
    "calibration",
    "check_film_path",
    "check_path",
    "confusion",
    "decision_boundary",
    "gradient_flow",
    "importances",
    "learning_rate_comparison",
    "loss_curve",
    "loss_landscape",
    "network",
    "overview",
    "partial_dependence",
    "save",
    "space_warp",
    "unit_maps",
    "weight_histogram",
]
