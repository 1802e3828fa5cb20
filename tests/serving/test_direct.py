"""A few rows are answered without a table, and nobody can tell: the same answers, the same words, the same counts."""

from __future__ import annotations

import contextlib
import json
import os
import random
from typing import Any

import numpy as np
import pytest

from tasou.models.table_model import TableModel
from tasou.network import Network
from tasou.serving import Limits, body, service_of
from tasou.serving.problems import RequestError, RowsError, Told
from tasou.tables import Preparation, Table, infer

REQUESTS = int(os.environ.get("TASOU_REQUESTS", "30"))

N = 120
COLUMNS: dict[str, list[str]] = {
    "size": [f"{j / 7:.3f}" for j in range(N)],
    "tail": [str(2 ** (j % 30)) if j % 9 else "" for j in range(N)],
    "comma": [f"{j % 17},{j % 10}{j % 7}" for j in range(N)],
    "yen": [f"{j * 37:,}円" for j in range(N)],
    "share": [f"{j % 100}%" for j in range(N)],
    "mostly": ["?? soon" if j == 50 else str(j % 13 + 0.5) for j in range(N)],
    "kind": [("a", "b", "ｃ", "", "b ")[j % 5] for j in range(N)],
    "code": [f"{j % 6:03d}" for j in range(N)],
    "flag": [("yes", "no", "No")[j % 3] for j in range(N)],
    "truth": [("True", "False")[j % 2] for j in range(N)],
    "rare": [f"r{j}" if j > 112 else ("x", "y", "z")[j % 3] for j in range(N)],
    "number": [("1", "2.0", "3")[j % 3] for j in range(N)],
    "day": [f"2024-{1 + j % 12:02d}-{1 + j % 28:02d}" for j in range(N)],
    "moment": [f"2023-0{1 + j % 9}-11 {j % 24:02d}:{j % 60:02d}:15" if j % 8 else "" for j in range(N)],
    "european": [f"{1 + j % 28}/{1 + j % 12}/2022" for j in range(N)],
}
LEVELS = ("kind", "code", "flag", "truth", "rare", "number")
PLAIN: dict[str, list[Any]] = {
    "comma": [1, 2.5, 1.234, None, -7e-3],
    "yen": [1200, 37, 0.5],
    "share": [12, 0, 99.5, None],
    "european": ["2024-02-29", "", "2022-12-31"],
}
USUAL: list[Any] = [
    *range(-3, 9),
    2.5,
    1e-7,
    -0.0,
    None,
    123456.789,
    "a",
    "b",
    "x",
    "yes",
    "No",
    "001",
    True,
    False,
]
USUAL += [
    "2024-02-29",
    "2023-05-11 07:08:15",
    "2024-03-01T10:00",
    "",
    "NA",
    " ",
    "z",
    "r115",
    "never seen",
    10**6,
]
ODD: list[Any] = [
    "1,234", "1.234,5", "１２", "△ 3", "12%", "500円", "$5", "1_000", "nan", "inf", "-Infinity", " 7 ", "+5", "1e5",
    "5/4/2024", "31/12/2024", "令和6年3月1日", "R6.3.1", "2023-02-29", "2024/2/29 24:00", "20240301", "soon", "///",
    "x", "…", "?", "-999", "9" * 5000, "007", "1", "YES", "true", "ＹＥＳ", "c", "B", "犬" * 300, "\ud83d", "1\u00b2",
    "0x10", "1.5.2", "--", "#N/A", 1e308, -1e99, 1e101, 12345678901234567890, 0.1234567890123456789, 1.234, 1.5,
    [1], {}, "\0", "1\n", "2024-03-01\n", "Mar 1, 2024", "٣", "1e", ".5", "5.", "-", "", "1e400",
]  # fmt: skip


def served(names: list[str], seed: int, **options: Any) -> Any:
    """A service of these columns, of a network that nobody has trained."""
    rng = np.random.default_rng(seed)
    classes = seed % 3 + 1
    y = (
        [str(v) for v in rng.normal(size=N).round(3)]
        if classes == 1
        else [f"c{j % classes}" for j in range(N)]
    )
    table = Table(
        {name: np.array(cells, object) for name, cells in COLUMNS.items() if name in names} | {"y": y}
    )
    if marks := options.pop("marks", None):
        table = table.told(table.habits.__class__(missing=frozenset(marks)))
    roles = infer(table, "y", categorical=[name for name in names if name in LEVELS])
    preparation = Preparation.fit(table, roles, **options)
    outputs = classes if classes > 2 else 1
    loss = ("squared_error", "binary_cross_entropy", "cross_entropy")[classes - 1]
    dtype = "float32" if seed % 2 else "float64"
    network = Network((len(preparation.feature_names), 5, outputs), loss=loss, dtype=dtype, rng=seed)
    return service_of(TableModel.of_network(preparation, network, unused={"id": "id"}))


MODELS: list[tuple[list[str], dict[str, Any]]] = [
    (["size", "tail", "kind", "day"], {}),
    (["size", "tail", "mostly", "kind", "code", "flag", "number", "moment"], {}),
    (["comma", "yen", "share", "rare", "truth", "european"], {}),
    (["size", "comma", "yen", "kind"], {"marks": ["-999", "a", "NA"]}),
    (["size", "tail", "kind", "rare", "number", "moment"], {"robust": True}),
]


def request(stream: random.Random, names: list[str], odd: float) -> bytes:
    """A body with rows as somebody might send them."""
    rows = []
    for _ in range(stream.choice([1, 1, 1, 2, 3, 12])):
        row: Any = {}
        for name in names:
            row[name] = (
                stream.choice(PLAIN[name] if name in PLAIN and not odd else [*COLUMNS[name], None])
                if stream.random() < (0.97 if not odd else 0.7) and stream.random() > odd
                else stream.choice(ODD if stream.random() < odd else USUAL)
            )
            if isinstance(row[name], str) and name not in LEVELS and stream.random() < 0.8:
                with contextlib.suppress(ValueError):
                    row[name] = json.loads(row[name])
        if stream.random() < odd / 4:
            row[stream.choice(["id", "y", "colour", " size"])] = stream.choice(ODD)
        if stream.random() < odd / 8:
            row.pop(names[0])
        rows.append(list(row.values()) if stream.random() < odd and len(row) == len(names) else row)
    return json.dumps({"rows": rows}).encode()


def said(service: Any, data: bytes, direct: bool) -> Any:
    """Everything that is said of a request, in two languages, and what is counted."""
    notes = Told()
    try:
        with np.errstate(all="ignore"):
            rows = body.from_json(data, service.columns, service.known, Limits(), notes)
            if not direct:
                answer = service.answer(rows.table(service.commas), notes, drift=True)
            else:
                answer = service.answer_rows(rows, notes, drift=True)
    except RowsError as error:
        return [list(error.told.listed(lang)) for lang in ("en", "ja")], list(notes.listed("en"))
    except RequestError as error:
        return error.code
    told = [list(notes.listed(lang)) for lang in ("en", "ja")]
    return answer.predictions, told, notes.number, answer.drift.report("en")


@pytest.mark.parametrize("k", range(len(MODELS)))
def test_both_roads_say_the_same_of_every_row(k: int) -> None:
    names, options = MODELS[k]
    service = served(names, k, **dict(options))
    stream, taken, rows = random.Random(k), 0, 0
    read = service.direct.read
    service.direct.read = lambda cells: (found := read(cells), counted.append(found is not None))[0]
    counted: list[bool] = []
    for j in range(REQUESTS):
        data = request(stream, names, (0.0, 0.02, 0.1)[j % 3])
        short, long_ = said(service, data, True), said(service, data, False)
        assert short == long_, data
        rows += len(json.loads(data)["rows"])
    taken = sum(counted)
    assert rows >= REQUESTS and taken > REQUESTS / 8  # the short road was gone at all


def test_numbers_of_json_are_numbers_also_where_training_wrote_a_decimal_comma() -> None:
    service = served(["comma", "kind"], 0)
    plain = said(service, b'{"rows": [[1.234, "a"]]}', True)
    assert said(service, b'{"rows": [["1,234", "a"]]}', True)[0] == plain[0] != []
    assert said(service, b'{"rows": [[1.234, "a"]]}', False)[0] == plain[0]
    assert said(service, b'{"rows": [[1234, "a"]]}', True)[0] != plain[0]


def test_numbers_for_estimators_and_networks_take_both_roads_too() -> None:
    service = service_of(Network((3, 2), rng=0))
    stream = random.Random(0)
    for _ in range(REQUESTS):
        cells = [stream.choice(USUAL if stream.random() < 0.1 else [1, 2.5, -1e-3, 7e9]) for _ in range(3)]
        data = json.dumps({"rows": [cells]}).encode()
        notes, found = Told(), []
        for road in (service.answer_rows, lambda rows, notes: service.answer(rows.table(), notes)):
            rows = body.from_json(data, service.columns, service.known, Limits(), notes)
            try:
                found.append(road(rows, notes).predictions)
            except RowsError as error:
                found.append([list(error.told.listed("en"))])
        assert found[0] == found[1], data


def test_what_is_remembered_of_texts_has_an_end() -> None:
    service = served(["size", "kind", "moment"], 0)
    for j in range(4500):
        assert service.direct.read([["1"], [f"k{j}"], ["2023-05-11"]]) is not None
    assert all(len(getattr(column, "kept", ())) <= 4096 for column in service.direct.columns)


def test_table_estimators_are_served_with_all_their_members(tmp_path: Any) -> None:
    import tasou

    rng = np.random.default_rng(0)
    X: dict[str, Any] = {
        "size": rng.normal(size=90),
        "town": rng.choice(list("abcdefghijkl"), 90),
        "id": np.array([f"n{j}" for j in range(90)]),
    }
    score = X["size"] + (X["town"] < "d")
    rows = {"size": ["0.5", ""], "town": ["b", "never"], "id": ["n1", "x"]}
    labels = np.stack([score > 0, score > 1], axis=1).astype(int)
    targets = (np.where(score > 0.5, "yes", "no"), labels, score * 100, np.stack([score, -score], axis=1))
    data = json.dumps({"rows": [{"size": 0.5, "town": "b", "id": "n1"}, [None, "never"]]}).encode()
    for y in targets:
        kind = tasou.TableClassifier if y.dtype.kind in "Ui" else tasou.TableRegressor
        model = (
            kind("plain", random_state=0, threshold=0.7)
            if y.dtype.kind == "U"
            else kind("plain", random_state=0)
        )
        model.fit(X, y)
        tasou.save(model, tmp_path / "m.tasou")
        service = service_of(tasou.load(tmp_path / "m.tasou"))
        answers, (notes, _), _, _ = said(service, data, True)
        assert said(service, data, False)[0] == answers
        assert [(one["row"], one["code"]) for one in notes] == [(2, "step.unseen")]
        first, wanted = [next(iter(one.values())) for one in answers], model.predict(rows)
        assert np.array(first) == pytest.approx(wanted) if y.dtype.kind == "f" else first == wanted.tolist()
        if kind is tasou.TableClassifier:
            p = [list(one["probabilities"].values()) for one in answers]
            assert np.array(p) == pytest.approx(model.predict_proba(rows))
