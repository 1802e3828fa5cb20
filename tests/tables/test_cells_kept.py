"""What a column keeps of its cells: numbers in little memory, and yet every cell as it stood."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasou.tables import Table
from tasou.tables.cells import Cells

NUMBERS = st.one_of(
    st.floats(allow_nan=False).map(repr),
    st.integers().map(str),
    st.decimals(allow_nan=False, allow_infinity=False, places=3).map(str),
    st.from_regex(r"-?[0-9]{1,20}(\.[0-9]{0,20})?", fullmatch=True),
)


@given(st.lists(st.one_of(NUMBERS, st.text(st.characters(codec="utf-8"), max_size=30))))
def test_every_cell_is_kept_as_it_stood(texts):
    cells = Cells.of(texts)
    assert cells.written() == texts == [cells[row] for row in range(len(texts))]
    found, codes = cells.distinct()
    assert [found[code] for code in codes] == texts and len(set(found)) == len(found)


@given(st.lists(NUMBERS))
def test_a_plain_number_is_the_one_python_reads(texts):
    cells = Cells.of(texts)
    expected = [float(text) if plain else np.nan for text, plain in zip(texts, cells.plain, strict=True)]
    assert np.array_equal(cells.numbers, expected, equal_nan=True)


@pytest.mark.parametrize("text", ["007", "+1", "5.", ".5", "1e3", "1_000", "9007199254740993", "0.10", "-0"])
def test_spellings_that_a_number_would_lose_come_back(text):
    assert Table({"a": [text, "1"]})["a"].tolist() == [text, "1"]


def test_rows_taken_keep_their_cells_and_forget_the_others():
    column = Table({"a": ["1.50", "x", "", "y", "2"]}).column("a").take(np.array([4, 3, 0]))
    assert column.array.tolist() == ["2", "y", "1.50"] and column.others.texts == ["y"]
    assert column.different == 3 and column.not_numbers.tolist() == [False, True, False]


def test_numbers_of_full_precision_are_read_exactly_and_as_numbers():
    rng = np.random.default_rng(0)
    values = np.concatenate([rng.normal(size=20_000), 10.0 ** rng.uniform(-4, 15, 20_000)]).tolist()
    for texts in ([repr(v) for v in values], [f"{v:.17g}" for v in values], [f"{v:.16f}" for v in values]):
        cells = Cells.of(texts)
        assert cells.written() == texts
        read = np.array([float(text) for text in texts])
        assert np.array_equal(cells.numbers[cells.plain], read[cells.plain])
    assert Cells.of([repr(v) for v in values]).plain.mean() > 0.99
