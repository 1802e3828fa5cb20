"""Pictures, one file each: every plot draws on the ``ax`` handed in, or on a new figure, and returns the axes.

The text is English or Japanese (``lang``), colours and markers are readable by the colour-blind, light and
dark styles both look right, and Matplotlib is imported when the first picture is drawn.
"""

from __future__ import annotations

from tasou.plots.activation import activation
from tasou.plots.decision_boundary import decision_boundary
from tasou.plots.loss_curve import loss_curve
from tasou.plots.network import network
from tasou.plots.overview import overview
from tasou.plots.save import check_path, save

__all__ = ["activation", "check_path", "decision_boundary", "loss_curve", "network", "overview", "save"]
