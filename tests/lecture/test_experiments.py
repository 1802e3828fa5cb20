"""Every claim of the lecture holds, in both languages, with numbers and a picture."""

from __future__ import annotations

import re

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.contour import ContourSet
from matplotlib.figure import Figure

from tasou import lecture
from tasou.errors import TasouError, UnknownName
from tasou.lecture import Measure, Outcome, drawing, report, slides
from tasou.lecture.experiments._common import look_back
from tasou.lecture.experiments.s2_4c_depth import folding, pieces
from tasou.lecture.matrices import Cells, equation
from tasou.network import Network

ALL = [experiment.number for experiment in lecture.all_experiments()]
ROWS = {1: 3, 2: 4, 3: 5, 4: 3, 5: 4}
"""the lecture's sections with several rows, and how many each has"""
JAPANESE = re.compile("[ぁ-んァ-ヶ一-龠]")


@pytest.fixture(scope="module", params=ALL)
def found(request, result):
    """Each experiment, run; of the scope of the module, so that its tests follow one another."""
    return result(request.param)


def test_the_claim_holds(found):
    broken = [(m.name, m.number, m.wanted) for m in found.outcome.measures if not m.holds]
    assert not broken
    assert any(m.relation for m in found.outcome.measures)


@pytest.mark.parametrize("number", ["1.2", "1.3", "2.1", "3.3", "4.2b", "4.3a", "5.1", "5.2b", "5.4b", "6"])
def test_the_claim_holds_for_another_seed(number, result):
    assert result(number, 3).holds


def test_the_same_seed_measures_the_same_numbers_and_another_does_not(result):
    again = lecture.run(lecture.find("2.3b")[0], 0).outcome
    assert [m.value for m in again.measures] == [m.value for m in result("2.3b").outcome.measures]
    other = lecture.run(lecture.find("2.3b")[0], 1).outcome
    assert [m.value for m in again.measures] != [m.value for m in other.measures]


def test_every_row_of_the_lecture_has_an_experiment():
    rows = [f"{section}.{row}" for section, n in ROWS.items() for row in range(1, n + 1)]
    for row in [*rows, "6", "7"]:
        assert lecture.find(row)
    assert len(ALL) == len(set(ALL))
    assert sorted(ALL, key=lambda n: lecture.find(n)[0].key) == ALL


def test_every_text_is_there_in_both_languages(found):
    for name in ("title", "claim", "data", "model", "seen", "check"):
        texts = getattr(found.experiment, name)
        assert set(texts) == {"en", "ja"}
        assert name == "model" or JAPANESE.search(texts["ja"])
        assert not JAPANESE.search(texts["en"])
    for measure in found.outcome.measures:
        assert set(measure.what) == {"en", "ja"} and not JAPANESE.search(measure.what["en"])


@pytest.mark.parametrize("lang, verdict", [("en", "The claim holds."), ("ja", "主張は成り立つ。")])
def test_the_report_says_claim_numbers_and_verdict(found, lang, verdict):
    text = report.full(found, lang)
    assert found.experiment.claim[lang] in text and verdict in text
    for measure in found.outcome.measures:
        assert measure.number in text and measure.what[lang] in text


@pytest.mark.parametrize("lang, forward", [("en", "── forward ──"), ("ja", "── 順伝播 ──")])
@pytest.mark.parametrize(
    "number, line",
    [
        ("7a", "-1·0 + 1·1 + (-1)·0 + 1·1 + (-0.5)"),
        ("7b", "1·0.1 + 0.9·0.7616 + 0"),
        ("7c", "exp(4 / 1.414) / (exp(4 / 1.414) + exp(0 / 1.414) + exp(4 / 1.414))"),
    ],
)
def test_the_last_section_shows_its_layers_number_by_number(number, line, lang, forward, result):
    text = report.full(result(number), lang)
    assert forward in text and line in text
    assert f'lang="{lang}"' in result(number).outcome.pages["ledger.html"](lang)
    assert len(text.splitlines()) < 110


def test_a_claim_that_does_not_hold_is_shown():
    broken = Outcome([Measure("x", {"en": "hits", "ja": "正解"}, 2.0, ">=", 3)])
    found = lecture.Result(lecture.find("1.2")[0], 0, broken, 0.1)
    assert not found.holds
    assert "does NOT hold" in report.full(found, "en")
    assert "✗ 1.2 hits: 2 (claimed ≥ 3)" in report.table([found], "en")
    assert "1 件の主張のうち 0 件" in report.table([found], "ja")


@pytest.mark.parametrize(
    "relation, bound, holds",
    [("<", 2, False), ("<=", 2, True), ("=", 2, True), (">=", 2, True), (">", 2, False), ("", 9, True)],
)
def test_a_number_against_its_claim(relation, bound, holds):
    assert Measure("x", {}, 2.0, relation, bound).holds is holds
    assert not Measure("x", {}, float("nan"), ">=", 0).holds


def test_an_experiment_is_run_by_its_number():
    assert lecture.run("2.3a").experiment.number == "2.3a"


def test_an_unknown_experiment_or_measure_is_told(result):
    with pytest.raises(UnknownName):
        lecture.find("9.9")
    with pytest.raises(TasouError, match="no section"):
        lecture.find("xor")
    with pytest.raises(UnknownName, match="logistic"):
        result("1.2").outcome["logistik"]


def test_it_draws(found):
    figure = drawing.draw(found, "en")
    assert figure.axes and all(not JAPANESE.search(ax.get_title()) for ax in figure.axes)


def test_it_draws_for_dark_slides_in_letters_for_a_hall_with_no_word_cut_off(found, japanese_font):
    figure = drawing.draw(found, "ja", dark=True, letters=slides.letters()[found.experiment.number])
    figure.draw_without_rendering()
    assert max(figure.get_facecolor()[:3]) < 0.1
    width, height = figure.canvas.get_width_height()
    for text in words(figure):
        box = text.get_window_extent()
        assert box.x0 > -2 and box.x1 < width + 2 and box.y0 > -2 and box.y1 < height + 2, text
        assert min(to_rgb(text.get_color())) > 0.8, text


def words(figure):
    """Titles, names of axes, legends and what else is written, but for the numbers at the ticks."""
    for ax in figure.axes:
        legend = [] if ax.get_legend() is None else ax.get_legend().get_texts()
        labels = [ax.xaxis.label, ax.yaxis.label] if ax.axison else []
        yield from (text for text in [ax.title, *labels, *ax.texts, *legend] if text.get_text())
    yield from figure.texts


@pytest.mark.parametrize(
    "value, words", [(1.5, "1.5"), (0.25, "0.25"), (7.5e-6, "7.5×10⁻⁶"), (2e4, "2.0×10⁴")]
)
def test_numbers_as_written_by_hand(value, words):
    assert drawing.scientific(value) == words


def test_cells_of_an_equation_hold_its_numbers():
    ax = Figure().subplots()
    equation(ax, [Cells(np.array([[-1.0, 0.0]]), "A", zeros=False), "=", 1.0, Cells(np.array([2.0, -0.0]))])
    assert [text.get_text() for text in ax.texts if text.get_text()] == ["−1.00", "A", "=", "2.00", "0.00"]
    first, second = (np.asarray(mesh.get_array()).reshape(-1, 3) for mesh in ax.collections)
    assert first[0][0] > first[0][2] and second[0][2] > second[0][0]  # red below 0, blue above
    assert np.allclose(first[1], 1) and np.allclose(second[1], 1)


def test_japanese_titles_and_alt_text(japanese_font, result, tmp_path):
    found = result("5.2b")
    paths = drawing.save(found, tmp_path, "ja")
    assert {path.suffix for path in paths} == {".png", ".svg"}
    assert JAPANESE.search(drawing.alt(found, "ja"))
    svg = next(path for path in paths if path.suffix == ".svg").read_text("utf-8")
    assert found.experiment.seen["ja"] in svg


@pytest.mark.filterwarnings("ignore:no Japanese font|日本語フォント")
def test_the_ledgers_page_goes_with_the_picture(result, tmp_path):
    paths = drawing.save(result("5.1"), tmp_path, "ja", ending=".png")
    assert [path.name for path in paths] == ["lecture-5.1.png", "lecture-5.1-ledger.html"]
    assert 'data-lang="ja"' in paths[1].read_text("utf-8")


# --- the tools of the experiments ------------------------------------------------------------------------------------


def test_pieces_of_known_functions_are_counted():
    assert [pieces(folding(depth)) for depth in (1, 2, 3)] == [2, 4, 8]
    straight = Network((1, 1), loss="squared_error", rng=0)
    assert pieces(straight) == 1


def test_looking_back_leaves_the_weights_alone():
    network = Network((2, 3, 2), rng=0)
    before = network.theta.copy()
    trace = look_back(network, np.eye(2), np.array([0, 1]))
    assert np.array_equal(network.theta, before) and np.abs(trace.grad.theta).max() > 0


def test_small_numbers_are_written_as_one_writes_them():
    from tasou.lecture.outcome import Measure

    texts = {"en": "", "ja": ""}
    assert Measure("n", texts, 8.2e-9, "<=", 1e-7, ".1e").number == "8.2×10⁻⁹"
    assert Measure("n", texts, 8.2e-9, "<=", 1e-7, ".1e").wanted == "≤ 10⁻⁷"
    assert (
        Measure("n", texts, 0.968, ">=", 0.9, ".1%").number,
        Measure("n", texts, 1, ">=", 0.9, ".1%").wanted,
    ) == (
        "96.8%",
        "≥ 90%",
    )


def test_the_text_of_a_result_is_short_and_its_print_is_full():
    result = lecture.run(lecture.find("3.2")[0])
    assert len(repr(result)) < 100 and len(str(result)) > 500
    assert "data:image/png" in result._repr_html_()


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_perceptrons_lines_run_past_the_points_and_the_picture_says_why_xor_has_more_mistakes(
    result, lang
):
    """In an epoch of XOR all four rows may be wrong in turn, while the line that is left gets three right."""
    found = result("2.1")
    figure = Figure()
    found.experiment.draw(figure, found.outcome.shown, lang)
    corners = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    for ax in figure.axes[:2]:
        lines = [
            path.vertices
            for drawn in ax.findobj(ContourSet)
            if not drawn.filled
            for path in drawn.get_paths()
            if len(path.vertices)
        ]
        assert lines
        assert min(np.linalg.norm(line[:, None] - corners, axis=2).min() for line in lines) > 0.05
    assert {"en": "three", "ja": "3行"}[lang] in found.experiment.seen[lang]
