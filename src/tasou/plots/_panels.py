"""Small multiples: several axes inside one, so that every plot draws where ``ax`` says and returns ``ax``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasou.plots import theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes

GAP = 0.26
"""inches between two panels: room for a heading"""


def panels(ax: Axes, n: int) -> list[Axes]:
    """``n`` panels in rows inside ``ax``, whose own frame goes; as near to squares as they fit."""
    ax.set_axis_off()
    width, height = theme.room(ax), theme.figure(ax).get_figheight() * ax.get_position().height
    columns = max(range(1, n + 1), key=lambda c: min(width / c, height / -(-n // c)))
    rows = -(-n // columns)
    gap_x, gap_y = 0.4 * GAP / width, GAP / height
    across = max((1 - (columns - 1) * gap_x) / columns, 0.5 / columns)
    up = max((1 - rows * gap_y) / rows, 0.5 / rows)
    step_x, step_y = (1 - across) / max(1, columns - 1), 1 / rows
    return [_panel(ax, (k % columns) * step_x, 1 - (k // columns + 1) * step_y, across, up) for k in range(n)]


def _panel(ax: Axes, left: float, bottom: float, width: float, height: float) -> Axes:
    """An inset without ticks that clears its own ground, as ``ax`` has it."""
    panel = ax.inset_axes((left, bottom, width, height))
    panel.set_facecolor(ax.get_facecolor())
    panel.set_xticks([])
    panel.set_yticks([])
    return panel
