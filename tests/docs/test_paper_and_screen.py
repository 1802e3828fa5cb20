"""How formulas are set, what a screen reader is told, and what the printed chapter is made of."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

pytest.importorskip("docutils")

DOCS = Path(__file__).parents[2] / "docs"


def formula(latex: str) -> str:
    from weaving.mathml import mathml

    return re.sub(r"\s*\n\s*", "", mathml(latex, as_block=False))


def test_a_function_s_name_keeps_its_distance_and_its_letters():
    assert "<mi>cosh</mi>" in formula(r"\log\cosh(y)")
    for tight in (r"z \tanh(x)", r"\alpha \min(0, z)", r"\log x"):
        assert formula(tight).count("<mspace") == 1
    assert "<mspace" not in formula(r"\tanh(x)")


def test_the_label_of_a_brace_stands_below_it():
    made = formula(r"\underbrace{W V}_{U}\, x")
    assert "<munder><munder>" in made and "msub" not in made
    assert made.index("⏟") < made.index("<mi>U</mi>") < made.index("<mi>x</mi>")


@pytest.mark.parametrize(
    ("latex", "signs"),
    [(r"y = +1", 1), (r"(0, -1)", 1), (r"a - 1", 0), (r"f(x) - 1", 0), (r"2 \cdot -3", 1), (r"|x| - 1", 0)],
)
def test_a_number_s_sign_stands_close_to_it(latex, signs):
    assert formula(latex).count('form="prefix"') == signs


def test_primes_are_primes_and_as_many_as_were_written():
    assert "′" in formula(r"f'(z)") and "″" in formula(r"|f''(z)|") and "‴" in formula(r"L'''")
    assert "'" not in formula(r"f'(z) + L'''")


def test_what_is_assigned_has_one_sign():
    assert formula(r"w := w + y").count("<mo>:=</mo>") == 1


def test_a_box_is_a_row_that_the_style_sheet_frames():
    assert "menclose" not in formula(r"\boxed{\;x\;}") and 'class="boxed"' in formula(r"\boxed{\;x\;}")
    assert ".boxed" in (DOCS / "static" / "tasou.css").read_text("utf-8")


def test_pages_get_the_names_that_the_theme_leaves_out():
    from weaving.accessible import mended

    html = (
        '<aside class="sidebar-drawer"><p class="caption" role="heading">A</p></aside><aside class="toc-drawer no-toc">'
        '<th class="head"><p><math xmlns="x"><mi>δ</mi></math></p></th>'
        "<dt><dl>\n<dd>a,</dd>\n<dd>b</dd>\n</dl></dt>"
    )
    told = mended(html, "ja")
    assert 'aria-label="すべてのページ"' in told and 'aria-label="このページの内容"' in told
    assert 'aria-level="2"' in told
    assert '<span class="spoken">δ</span><math aria-hidden="true" xmlns="x">' in told
    assert "<dl>" not in told and told.count('class="sig-line"') == 2
    assert mended(told, "ja") == told
    assert (
        mended("<strong>ValueError</strong> -- 隠れ層がない", "ja")
        == "<strong>ValueError</strong>：隠れ層がない"
    )


def test_an_option_is_not_broken_at_its_hyphens():
    from weaving.accessible import mended

    told = mended('<div class="highlight-console"><pre>$ tasou train --early-stopping</pre></div>', "en")
    assert '<span class="held">--early-stopping</span>' in told and mended(told, "en") == told


@pytest.fixture
def printed(monkeypatch):
    monkeypatch.syspath_prepend(str(DOCS))
    sys.modules.pop("printed", None)
    import printed

    return printed


PAGE = """<article role="main" id="m"><a class="language narrow" href="../../ja/x.html">日本語</a>
<section class="a" id="top"><span id="t"></span><h1>{name}<a class="headerlink" href="#top">¶</a></h1>
<section id="first"><h2>1.1 <em>First</em><a class="headerlink" href="#first">¶</a></h2>
<a href="2-parts.html#first">there</a> <a href="../faq.html">away</a> <a href="#first">here</a>
<img class="only-light" src="../_images/a.png"><img class="only-dark" src="../_images/b.png">
<details class="solution"><summary>S</summary>x</details><template class="paper">on paper</template>
</section></section></article>"""


def test_the_printed_chapter_is_all_pages_with_solutions_open_and_links_that_lead_within_it(
    printed, tmp_path
):
    (tmp_path / "en" / "lecture").mkdir(parents=True)
    for name in printed.PAGES:
        (tmp_path / "en" / "lecture" / f"{name}.html").write_text(PAGE.format(name=name), "utf-8")
    text = printed.document(tmp_path, "en", {"1-why--top": 4, "1-why--first": 5})
    assert text.count("<article") == 0 and text.count("<details open") == len(printed.PAGES)
    assert "_images/b.png" not in text and 'src="_images/a.png"' in text
    assert '<div class="paper">on paper</div>' in text
    assert '<a href="#2-parts--first">there</a> <a>away</a> <a href="#1-why--first">here</a>' in text
    line = '<a href="#1-why--{}"><span>{}</span><span class="on">{}</span></a>'
    first, below = line.format("top", "1-why", 4), line.format("first", "1.1 First", 5)
    assert f"<li>{first}<ul><li>{below}</li></ul></li>" in text
    assert '@page on-1-why { @top-left { content: "The multilayer perceptron"; }' in text
    assert '@top-right { content: "1-why"; }' in text and '<div style="page: on-1-why">' in text
    assert len(set(re.findall(r' id="([^"]*)"', text))) == len(re.findall(r' id="([^"]*)"', text))


def test_the_printed_chapter_says_which_fonts_it_is_set_in(printed):
    for words in printed.WORDS.values():
        assert "STIX Two Math" in words[3] and "SIL Open Font License" in words[3]
    assert "SIL OPEN FONT LICENSE" in (DOCS / "static" / "fonts" / "stix-two-math-OFL.txt").read_text("utf-8")
    assert (DOCS / "static" / "fonts" / "stix-two-math.woff2").read_bytes()[:4] == b"wOF2"


def test_a_formula_may_break_at_its_wide_spaces_and_before_its_second_relation():
    from weaving.mathml import parts

    assert [part for part, _ in parts(r"a = f(x = 1) \qquad b = c = d")] == ["a = f(x = 1)", "b = c", "= d"]
    assert [part for part, _ in parts(r"w := w + y")] == ["w := w + y"]
    matrix = r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}"
    assert [part for part, _ in parts(f"W = {matrix} = {matrix}")] == [f"W = {matrix}", f"= {matrix}"]
    for whole in (r"a &= b \\ &= c", r"\boxed{a = b = c}", r"f = \left(a = b = c\right)"):
        assert [part for part, _ in parts(whole)] == [whole]


def test_what_sphinx_says_in_english_alone_is_said_in_japanese():
    from weaving.accessible import mended

    html = '<a title="Link to this heading">¶</a><i aria-label="Copy random_state to clipboard"></i>'
    assert (
        mended(html, "ja")
        == '<a title="この見出しへのリンク">¶</a><i aria-label="random_state をコピー"></i>'
    )
    assert mended(html, "en") == html


def test_a_short_root_is_known_from_a_tall_one():
    """Chromium leaves room behind a root, the more the shorter it is; the style sheets take it away."""
    assert 'msqrt class="low"' in formula(r"1/\sqrt{B}") and 'msqrt class="low"' in formula(r"\sqrt{n_l}")
    for tall in (r"\sqrt{2/n}", r"\sqrt{\frac{1}{n}}", r"\sqrt{1 + a^2}"):
        assert "low" not in formula(tall)
    for sheet in ("tasou.css", "print.css"):
        assert "msqrt.low" in (DOCS / "static" / sheet).read_text("utf-8")
