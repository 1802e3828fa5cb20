"""Pictures, one file each, found by this folder: a plot draws on the ``ax`` handed in, or a new figure, and returns it.

The text is English or Japanese (``lang``), colours and markers are readable by the colour-blind, light and
dark styles both look right, and Matplotlib is imported when the first picture is drawn. Where a plot looks into
a network, it takes a `tasou.Network`, a fitted estimator or a `tasou.Training`.
"""

from __future__ import annotations

from tasou.plots._film import check_path as check_film_path
from tasou.plots._folder import found
from tasou.plots.save import check_path

__all__ = ["check_film_path", "check_path"]
__all__ += sorted(found())
globals().update(found())
