"""Text for terminals: letters that a terminal has not got are replaced by what looks alike, never by an error."""

import io

import pytest

from tasou.text import TO_LOOK_ALIKES, aligned, showable, width


def stream(encoding):
    return io.TextIOWrapper(io.BytesIO(), encoding, newline="\n")


@pytest.mark.parametrize(
    ("text", "encoding", "shown"),
    [
        ("ŷ = W·x, 10⁻³, x²", "cp932", "y^ = W*x, 10^-3, x^2"),
        ("δ[l]ᵀ a, 渦巻き", "cp932", "δ[l]^T a, 渦巻き"),
        ("2 → 3, α = 0.1, Σ, …", "ascii", "2 -> 3, alpha = 0.1, sum , ..."),
        ("é ½ 渦 😀", "ascii", "e 1/2 ? ?"),
        ("ŷ·渦😀", "utf-8", "ŷ·渦😀"),
        ("\udcff", "utf-8", "?"),
        ("ŷ", "no-such-encoding", "ŷ"),
    ],
)
def test_look_alikes(text, encoding, shown):
    class Terminal:
        pass

    terminal = Terminal()
    terminal.encoding = encoding
    assert showable(text, terminal) == shown


def test_a_stream_can_use_them_by_itself():
    out = stream("cp932")
    out.reconfigure(errors=TO_LOOK_ALIKES)
    print("ŷ·渦", file=out, flush=True)
    assert out.buffer.getvalue() == "y^*渦\n".encode("cp932")


def test_columns_line_up_in_cells_to_the_left_and_to_the_right():
    lines = aligned([("列", "n"), ("abc", "10")], right=[1]).splitlines()
    assert lines == ["列    n", "abc  10"]
    assert {width(line) for line in lines} == {7}
    assert aligned([("long text", "x")], most=(5, 5)) == "long…  x"
