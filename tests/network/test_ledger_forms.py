"""The ledger's other forms: HTML for notebooks, Markdown, LaTeX, and the page to click through."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree

import numpy as np
import pytest

from tasou import Network
from tasou.errors import TasouError
from tasou.network.ledger.notation import latex, mathml


@pytest.fixture
def trace():
    network = Network((2, 3, 2), rng=0)
    X, Y = np.array([[1.0, -2.0], [0.5, 3.0]]), np.eye(2)
    trace = network.forward(X)
    network.measure(trace, Y)
    network.backward(trace, Y)
    return trace


def wide():
    network = Network((3, 50, 2), rng=0)
    return network.forward(np.ones((2, 3)))


def parsed(html):
    """The fragment as XML, of which MathML is part."""
    plain = html.replace('<meta charset="utf-8">', "").replace("<br>", "<br/>")
    plain = re.sub(r"<(script|style)[^>]*>.*?</\1>|<!DOCTYPE html>|<meta [^>]*>", "", plain, flags=re.S)
    return ElementTree.fromstring(plain)


@pytest.mark.parametrize(
    "plain, tex",
    [
        ("W[1] x + b[1]", "W^{[1]} x + b^{[1]}"),
        ("(W[2]ᵀ δ[2]) ⊙ f'(z[1])", r"(W^{[2]\top} \delta^{[2]}) \odot f' (z^{[1]})"),
        ("softmax(z[2])_1", r"\mathrm{softmax} (z^{[2]})_{1}"),
        ("1e-05", r"1 \times 10^{-5}"),
        ("δ[1] xᵀ", r"\delta^{[1]} x^{\top}"),
        ("z if z > 0 else alpha * z", r"z \;\text{if}\; z > 0 \;\text{else}\; \alpha \cdot z"),
    ],
)
def test_the_notation_as_latex(plain, tex):
    assert latex(plain) == tex


def test_every_formula_of_every_activation_and_loss_can_be_written():
    from tasou.formulas import activations, losses

    texts = [f.plain for f in activations.registry] + [f.slope_plain for f in activations.registry]
    texts += [f.plain for f in losses.registry] + [f.delta_plain for f in losses.registry]
    for text in texts:
        filled = text.format(z="z[1]", a="-0.5", y="y", y_hat="ŷ", p="p")
        assert "".join(ElementTree.fromstring(mathml(filled)).itertext())
        assert latex(filled).count("{") == latex(filled).count("}")


def test_a_minus_before_a_number_is_a_sign_and_one_between_two_is_not():
    assert mathml("-1 - -2").count('form="prefix"') == 2
    assert mathml("(a) - 2").count('form="prefix"') == 0


def test_a_prediction_is_a_letter_with_an_accent_and_parentheses_do_not_grow():
    assert mathml("ŷ").startswith('<math><mover accent="true"><mi>y</mi>')
    assert mathml("max(0, z[1])").count('<mo stretchy="false">') == 2


@pytest.mark.parametrize("sample", [0, None])
@pytest.mark.parametrize("lang, word", [("en", "backward"), ("ja", "逆伝播")])
def test_a_notebook_shows_tables_with_mathml_and_no_script(trace, sample, lang, word):
    html = trace.table(sample, lr=0.5, lang=lang)._repr_html_()
    root = parsed(html)
    assert word in html and root.get("lang") == lang
    assert len(root.findall(".//math")) > 20
    assert "<script" not in html and "http" not in html


def test_what_a_user_calls_an_activation_is_no_markup():
    from tasou.formulas.activations import Activation

    evil = Activation("<b>", f=lambda z, xp: z * z, slope=lambda z, a, xp: 2 * z)
    html = Network((1, 2, 2), evil, rng=0).forward(np.ones((1, 1))).table(lang="en").html()
    assert "<b>" not in html and "&lt;" in html
    parsed(html)


def test_a_large_layer_unfolds_in_html_and_is_folded_in_text():
    ledger = wide().table(lang="en")
    assert "… (+44)" in str(ledger) and "z[1]_7" not in str(ledger)
    root = parsed(ledger.html())
    hidden = root.findall(".//details")
    assert [d.find("summary").text for d in hidden] == ["44 more", "44 more"]
    assert len(hidden[0].findall(".//tr")) == 35  # units 7 to 40, and a line for the rest


def test_the_batch_holds_its_matrices(trace):
    root = parsed(trace.table(None, lang="en").html())
    table = root.find(".//mtable")
    cells = ["".join(cell.itertext()) for cell in table.iter("mtd")]
    assert cells == ["1", "−2", "0.5", "3"]


def test_the_update_by_a_sample_and_by_the_batch(trace):
    network, lr = trace.network, 0.25
    sample = next(q for q in trace.table(1, lr=lr, digits=12).quantities if q.phase == "update")
    expected = network[1].W - lr * np.outer(trace[1].delta[1], trace.x[1])
    assert np.array([eval(row.value) for row in sample.rows]) == pytest.approx(expected)
    batch = next(q for q in trace.table(None, lr=lr, digits=12).quantities if q.phase == "update")
    expected = network[1].W - lr * trace[1].delta.T @ trace.x / 2
    assert np.array(batch.matrix, dtype=float) == pytest.approx(expected)


def test_markdown_has_as_many_cells_in_every_line(trace):
    for sample in (0, None):
        text = trace.table(sample, lr=0.5, lang="ja").markdown()
        for block in text.split("\n\n"):
            lines = [line for line in block.splitlines() if line.startswith("|")]
            assert len({line.count("|") for line in lines}) <= 1
        assert "### 更新" in text and "$W^{[1]}" in text


def test_latex_opens_and_closes(trace):
    text = trace.table(lr=0.5, lang="en").latex()
    assert text.count(r"\begin{align*}") == text.count(r"\end{align*}") > 8
    assert text.count("{") == text.count("}")
    assert r"\delta^{[1]} &= (W^{[2]\top} \delta^{[2]})" in text


def test_the_batch_in_latex_has_its_matrices(trace):
    text = trace.table(None, lang="en").latex()
    assert r"X &= \begin{bmatrix} 1 & - 2 \\ 0.5 & 3 \end{bmatrix}" in text
    assert text.count(r"\begin{bmatrix}") == text.count(r"\end{bmatrix}") > 8


def test_the_page_stands_alone_with_a_step_for_every_quantity(trace, tmp_path):
    ledger = trace.table(lr=0.5, lang="ja")
    page = ledger.page(tmp_path / "page.html")
    assert (tmp_path / "page.html").read_text("utf-8") == page
    assert "http" not in page and "src=" not in page and "<link" not in page
    root = parsed(page.replace("\n", " "))
    assert len(root.findall(".//section")) == len(root.findall(".//a")) == len(ledger.quantities)
    assert [s.get("class") for s in root.findall(".//section")] == [q.phase for q in ledger.quantities]
    assert "順伝播" in page and "forward" in page


def test_a_page_that_cannot_be_written_is_told(trace, tmp_path):
    with pytest.raises(TasouError, match="cannot write"):
        trace.table().page(tmp_path / "nowhere" / "page.html")


def test_samples_are_counted_from_one_where_people_read(trace):
    assert "sample 2 of 2" in str(trace.table(1, lang="en"))
    assert "sample 2 of 2" in str(trace.table(-1, lang="en"))
    assert "サンプル 1（全 2 個）" in str(trace.table(0, lang="ja"))


def test_softmax_is_opened_into_powers_their_sum_and_shares(trace):
    by_kind = {q.kind: q for q in trace.table(0, digits=12).quantities}
    e = [float(row.value) for row in by_kind["exponentials"].rows]
    assert e == pytest.approx(np.exp(trace.raw[0]))
    assert float(by_kind["sum_of_exponentials"].rows[0].value) == pytest.approx(sum(e))
    for row, y_hat in zip(by_kind["quotient"].rows, trace.y_hat[0], strict=True):
        above, below = map(float, row.numbers.split(" / "))
        assert above / below == pytest.approx(y_hat)


def test_softmax_of_huge_values_is_opened_without_overflow():
    network = Network((1, 2), init="zeros")
    network[1].W[:] = [[900.0], [899.0]]
    text = str(network.forward(np.ones((1, 1))).table(lang="en"))
    assert "inf" not in text and "exp(900 - 900)" in text


def test_the_gradient_of_a_bias_shows_its_numbers(trace):
    rows = next(q for q in trace.table(0).quantities if q.kind == "grad_b").rows
    assert all(row.numbers == row.value for row in rows)


def data_of(html):
    return json.loads(re.search(r'<script type="application/json">(.*?)</script>', html, re.S)[1])


def test_the_picture_knows_what_every_number_is_computed_from(trace):
    ledger = trace.table(lr=0.5)
    steps = dict(
        zip([q.symbol for q in ledger.quantities[:10]], data_of(ledger.picture())["steps"], strict=False)
    )
    assert steps["z[1]"] == {"column": "1", "parents": [["0", "all"]]}
    assert steps["ŷ"] == {"column": "y", "parents": [["e", "same"], ["S", "all"]]}
    assert steps["δ[2]"]["parents"] == [["y", "same"]]


def test_every_sample_can_be_picked_and_has_its_own_numbers(trace):
    html = trace.table(1, lr=0.5).picture()
    found = data_of(html)
    assert found["at"] == 1 and re.findall(r"<option.*?>(\d)</option>", html) == ["1", "2"]
    assert found["samples"][0]["values"][0] == ["1", "-2"] and found["samples"][1]["values"][0] == [
        "0.5",
        "3",
    ]


def test_a_diagram_has_a_circle_for_every_unit_and_a_line_for_every_weight(trace):
    root = parsed(trace.table(0).picture())
    assert len(root.findall(".//g[@class='unit']")) == 2 + 3 + 2 + 2 + 1 + 2 + 1  # x, a[1], z[2], e, S, ŷ, L
    weights = [line for line in root.iter("line") if line.get("class") != "none"]
    assert len(weights) == trace.network.parameters.weights.size


def test_a_trace_shows_itself(trace):
    assert "2 samples" in repr(trace) and "loss" in repr(trace)
    html = trace._repr_html_()
    assert html.count("tasou-picture") > 1 and "http" not in html


def test_a_sheet_leaves_the_numbers_to_the_reader_and_its_key_has_them(trace):
    ledger = trace.table(0, lr=0.5)
    blank, key = ledger.sheet(lang="en"), ledger.sheet(lang="ja", key=True)
    value = mathml(ledger.quantities[1].rows[0].value)
    assert value in key and value not in blank
    assert "given" in blank and "解答" in key
    assert mathml("α =") in blank
    parsed(blank.replace("\n", " "))


def test_a_page_in_a_console_does_not_pour_out_its_text(trace):
    assert len(repr(trace.table().page())) < 100
    assert "<iframe" in trace.table().page()._repr_html_()
