"""What should a flat cost? A table with text and gaps, from the raw rows to intervals and a file.

部屋の家賃はいくらが妥当か。文字や欠損のある表を、生の行から予測区間とファイルまで。
"""

import tempfile
from pathlib import Path

import numpy as np

import tasou
from tasou import TableRegressor, examples

table = examples.make("flats", 700)
columns = {name: np.array(cells, dtype=object) for name, cells in table.columns.items()}
rent = columns.pop(table.target).astype(float)
train = {name: cells[:500] for name, cells in columns.items()}
test = {name: cells[500:] for name, cells in columns.items()}

model = TableRegressor("fast", random_state=0).fit(train, rent[:500])
print(model.roles_.table())

error = np.abs(model.predict(test) - rent[500:]).mean()
always = np.abs(rent[:500].mean() - rent[500:]).mean()
print(f"\nmean error: {error:,.0f} yen; of always answering the mean: {always:,.0f} yen")

low, high = model.predict_interval(test, coverage=0.9).T
inside = np.mean((low <= rent[500:]) & (rent[500:] <= high))
print(f"intervals of 90 %: the truth lies in {inside:.0%} of them")

found = model.importances_
for k in np.argsort(-found.mean)[:3]:
    print(f"without {found.names[k]}: the error grows by {found.mean[k]:,.0f} yen")

with tempfile.TemporaryDirectory() as folder:
    file = Path(folder) / "flats.tasou"
    tasou.save(model, file)
    again = tasou.load(file)
assert np.array_equal(again.predict(test), model.predict(test))
assert error < always / 2 and inside > 0.8
