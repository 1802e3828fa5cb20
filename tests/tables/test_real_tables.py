"""The real tables of the development machine: all read, in every encoding, quickly; skipped where they are not."""

from pathlib import Path
from time import perf_counter

import numpy as np
import pytest

from tasou.tables import Preparation, infer, read

DATA = Path(__file__).parents[3] / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the real tables are not here")

TARGETS = {
    "titanic.csv": ("survived", "classification", 34),
    "telco_churn.csv": ("Churn", "classification", 46),
    "adult.csv": ("income", "classification", 110),
    "california_housing.csv": ("median_house_value", "regression", 14),
    "wine_quality.csv": ("quality", "classification", 13),
    "letter.csv": ("lettr", "classification", 16),
    "ssdse_a_2024_utf8.csv": ("都道府県", "classification", 125),
}


@pytest.mark.parametrize("name", TARGETS)
def test_read_understood_prepared(name):
    target, task, width = TARGETS[name]
    begin = perf_counter()
    table = read(DATA / name)
    roles = infer(table, target)
    preparation = Preparation.fit(table, roles)
    X = preparation.transform(table)
    assert perf_counter() - begin < 10
    assert (roles.task, X.shape) == (task, (len(table), width))
    assert np.isfinite(X).all() and len(preparation.target(table)) == len(table)


def test_leak_and_id_are_seen():
    assert infer(read(DATA / "titanic.csv"), "survived")["alive"].role == "repeats"
    assert infer(read(DATA / "telco_churn.csv"), "Churn")["customerID"].role == "id"


def test_three_header_rows_in_cp932_equal_the_utf8_table():
    raw = read(DATA / "ssdse_a_2024_raw_cp932.csv", header_rows=3)
    clean = read(DATA / "ssdse_a_2024_utf8.csv")
    assert raw.names == clean.names
    for name in clean.names[3:]:
        np.testing.assert_array_equal(raw.column(name).numbers, clean.column(name).numbers)
    assert (raw["市区町村"] == clean["市区町村"]).all()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "euc_jis_2004"])
def test_every_encoding_reads_the_same(tmp_path, encoding):
    text = (DATA / "ssdse_a_2024_utf8.csv").read_text("utf-8")
    coded = text.replace("～", "〜").replace("－", "−") if "euc" in encoding else text
    (tmp_path / "a.csv").write_bytes(coded.encode(encoding))
    table = read(tmp_path / "a.csv")
    assert table.names == read(DATA / "ssdse_a_2024_utf8.csv").names
