"""Short trainings on the real tables of the development machine beat the baseline; skipped where they are not."""

from pathlib import Path

import pytest

from tasou.models.table_model import TableModel
from tasou.tables import infer, read, split
from tasou.tabular.plain import Settings

DATA = Path(__file__).parents[3] / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the real tables are not here")

AT_LEAST = {  # file, target, task: main score, epochs
    ("titanic.csv", "survived", None): (0.75, 20),
    ("telco_churn.csv", "Churn", None): (0.77, 4),
    ("adult.csv", "income", None): (0.83, 2),
    ("california_housing.csv", "median_house_value", None): (0.65, 5),
    ("wine_quality.csv", "quality", None): (0.50, 8),
    ("wine_quality.csv", "quality", "regression"): (0.28, 8),
    ("letter.csv", "lettr", None): (0.75, 5),
    ("ssdse_a_2024_raw_cp932.csv", "都道府県", None): (0.25, 20),
    ("ssdse_a_2024_utf8.csv", "65歳以上人口", None): (0.80, 20),
}


@pytest.mark.parametrize(("name", "target", "task"), AT_LEAST)
def test_beats_the_baseline_on_unseen_rows(name, target, task):
    least, epochs = AT_LEAST[name, target, task]
    table = read(DATA / name, header_rows=3 if "raw" in name else 1)
    roles = infer(table, target, task=task)
    train, test = split(len(table), 0.2, rng=0)
    model = TableModel.fit(table.take(train), roles, Settings(epochs=epochs))
    scores = model.evaluate(table.take(test))
    assert scores.beats_baseline and scores.values[scores.main] > least
