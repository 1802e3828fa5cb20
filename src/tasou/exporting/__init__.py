"""Models that go anywhere: as an ONNX graph, or printed as C, JavaScript or Python.

What a network computes is its tape: which verbs its layers asked for, with which formulas (`Network.tape
<tasou.network.Network>`). The formulas are run once on symbols (`tracing`), the verbs are written as loops
(`lowering`), and a language says how a loop and an expression are spelled (`targets`). So a new activation, a new layer
and a new way to prepare a column are exported without a line of their own.
"""

from __future__ import annotations

from tasou.exporting.files import export

__all__ = ["export"]
