"""The network: flat parameters, layers in their places, forward, backward, and the record of a step."""

from __future__ import annotations

from tasou.network.gradient import Gradient
from tasou.network.gradient_check import GradientReport, check_gradients
from tasou.network.layout import Layout
from tasou.network.network import Network
from tasou.network.parameters import Parameters
from tasou.network.trace import Trace

__all__ = ["Gradient", "GradientReport", "Layout", "Network", "Parameters", "Trace", "check_gradients"]
