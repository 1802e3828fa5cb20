"""The charts of a report: round ticks, everything inside the frame, names escaped."""

import re
from itertools import pairwise

import numpy as np
import pytest

from tasou.cli._report import charts
from tasou.cli._report.charts import Axis


@pytest.mark.parametrize(("low", "high"), [(0, 1), (-3, 7), (0, 0.013), (1, 200), (15_000, 500_001), (2, 2)])
def test_ticks_are_round_and_inside(low, high):
    ticks = charts.nice_ticks(low, high)
    assert all(low <= t <= high for t in ticks) and len(ticks) <= 8
    steps = {round(b - a, 9) for a, b in pairwise(ticks)}
    assert len(steps) <= 1


def test_points_stay_inside_the_frame():
    axis = Axis(0, 10, [0, 5, 10], "x<y")
    svg = charts.scatter([(0, 0), (10, 10), (3, 7)], axis, axis, 'a "picture"')
    xs = [float(x) for x in re.findall(r'cx="([\d.]+)"', svg)]
    assert min(xs) == charts.LEFT and max(xs) == charts.WIDTH - charts.RIGHT
    assert "x&lt;y" in svg and 'aria-label="a &quot;picture&quot;"' in svg


def test_curves_and_mark():
    axis = Axis(1, 3, [1, 2, 3], "epoch")
    svg = charts.lines(
        [("training", "first", [3.0, 2.0, 1.0])], axis, Axis(0, 3, [0, 3], "loss"), "alt", mark=3
    )
    assert svg.count("<polyline") == 1 and '<circle class="ring" cx="624.0"' in svg


def test_bars_begin_at_zero_on_either_side_and_show_their_intervals():
    drawn = charts.bars([charts.Bar("a", 1.0, 0.5, 1.5, "1"), charts.Bar("b", -0.5, -0.5, 0.5, "-0.5")])
    assert (
        'class="bar" style="left:25.0%;width:50.0%"' in drawn
        and 'class="bar" style="left:0.0%;width:25.0%"' in drawn
    )
    assert 'class="reach" style="left:50.0%;width:50.0%"' in drawn


def test_a_roc_curve_and_its_area_are_those_of_scikit_learn():
    from sklearn.metrics import roc_auc_score, roc_curve

    from tasou.cli._report.quality import roc_points

    rng = np.random.default_rng(0)
    positive, p = rng.random(200) < 0.3, rng.random(200).round(1)
    points, area = roc_points(p, positive)
    x, y, _ = roc_curve(positive, p, drop_intermediate=False)
    np.testing.assert_allclose(points, np.column_stack([x, y]), atol=1e-12)
    assert area == pytest.approx(roc_auc_score(positive, p), abs=1e-12)


def test_every_class_has_its_precision_and_recall():
    from tasou.cli._report.quality import by_class
    from tasou.language import use

    with use("en"):
        shown = by_class(["a", "b", "never"], np.array([[3, 1, 0], [2, 2, 0], [0, 0, 0]]))
    rows = [re.findall("<td>(.*?)</td>", row) for row in re.findall("<tr class.*?</tr>", shown)]
    assert rows == [
        ["a", "0.600", "0.750", "0.667", "4"],
        ["b", "0.667", "0.500", "0.571", "4"],
        ["never", "–", "–", "–", "0"],
    ]
