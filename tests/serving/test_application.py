"""A served model says what `predict` says, row by row, and answers everything else with a sentence."""

from __future__ import annotations

import json
import random
import time
from typing import Any

import numpy as np
import pytest

pytest.importorskip("starlette", reason="tasou[serve] is not installed")
from starlette.testclient import TestClient

import tasou
from tasou.models.table_model import TableModel
from tasou.network import Network
from tasou.serving import Limits, application, service_of
from tasou.tables import Preparation, Table, infer

HOST = {"host": "127.0.0.1:8765"}
ROW = {"size": 2.5, "kind": "a", "day": "2024-03-01"}


@pytest.fixture(scope="module")
def model() -> TableModel:
    rng = np.random.default_rng(0)
    size = rng.normal(size=120)
    kind = rng.choice(["a", "b", "c"], 120)
    day = [f"2024-{1 + j % 12:02d}-{1 + j % 28:02d}" for j in range(120)]
    y = np.where(size + (kind == "a") > 0, "はい", "いいえ")
    table = Table({"size": size, "kind": kind, "day": day, "y": y})
    return TableModel.fit(table, infer(table, "y"))


def client_of(model: Any, **options: Any) -> TestClient:
    found = TestClient(application.application(service_of(model), port=8765, **options), headers=HOST)
    found.headers.pop("accept-language", None)
    return found


@pytest.fixture(scope="module")
def client(model: TableModel) -> TestClient:
    return client_of(model)


def ask(client: TestClient, *rows: Any, query: str = "", **headers: str) -> tuple[int, dict[str, Any]]:
    found = client.post(f"/predict{query}", json={"rows": list(rows)}, headers=headers)
    return found.status_code, found.json()


def test_rows_get_the_label_and_the_probabilities_of_predict(client: TestClient, model: TableModel) -> None:
    rows = [ROW, {**ROW, "size": -1, "kind": "b"}, {**ROW, "size": None, "day": None}]
    status, found = ask(client, *rows)
    table = Table(
        {"size": ["2.5", "-1", ""], "kind": ["a", "b", "a"], "day": ["2024-03-01", "2024-03-01", ""]}
    )
    assert status == 200 and "notes" not in found
    assert [one["label"] for one in found["predictions"]] == model.predict(table).tolist()
    p = [[one["probabilities"][c] for c in model.goal.classes] for one in found["predictions"]]
    assert p == model.predict_proba(table).tolist()


def test_lists_and_csv_say_the_same_as_objects(client: TestClient) -> None:
    wanted = ask(client, ROW)
    assert ask(client, ["2.50", "a", "2024-03-01"]) == wanted
    for csv in ("day,kind,size\n2024-03-01,a,2.5\n", "kind;size;day;y\na;2.5;2024-03-01;はい\n"):
        found = client.post(
            "/predict", content=csv.encode(), headers={"content-type": "text/csv; charset=utf-8"}
        )
        assert (found.status_code, found.json()) == wanted


def test_each_row_that_does_not_fit_is_told_with_its_column(client: TestClient) -> None:
    rows = [
        ROW,
        {"size": 1, "kind": "a"},
        {**ROW, "size": "much"},
        {**ROW, "kind": ["a"]},
        5,
        {**ROW, "day": "soon"},
    ]
    status, found = ask(client, *rows)
    assert status == 422 and found["error"]["code"] == "serving.rows"
    told = [(one["row"], one.get("column"), one["code"]) for one in found["error"]["rows"]]
    assert told == [
        (2, "day", "serving.missing_column"),
        (4, "kind", "serving.not_one_value"),
        (5, None, "serving.not_a_row"),
    ]
    status, found = ask(client, ROW, rows[2], rows[5])
    told = [(one["row"], one.get("column"), one["code"]) for one in found["error"]["rows"]]
    assert status == 422 and told == [(2, "size", "serving.no_number"), (3, "day", "serving.no_date")]


def test_unseen_categories_and_unknown_columns_are_noted_and_the_row_is_predicted(client: TestClient) -> None:
    status, found = ask(client, ROW, {**ROW, "kind": "z", "colour": 3, "y": "はい"})
    assert status == 200 and len(found["predictions"]) == 2 and found["notes_in_all"] == 2
    told = {(one["row"], one["column"], one["code"]) for one in found["notes"]}
    assert told == {(2, "kind", "step.unseen"), (2, "colour", "serving.unknown_column")}


def test_drift_counts_unseen_far_and_missing_cells_and_says_what_it_cannot_tell(client: TestClient) -> None:
    rows = [ROW, {**ROW, "kind": "z"}, {**ROW, "size": 1e6}, {**ROW, "size": None}]
    before = client.get("/drift").json()["rows"]
    status, found = ask(client, *rows, query="?drift")
    assert status == 200 and found["drift"]["rows"] == 4
    columns = {one["column"]: one for one in found["drift"]["columns"]}
    assert columns["kind"]["unseen"] == {"share": 0.25, "training": 0.0}
    assert columns["size"]["missing"] == {"share": 0.25, "training": 0.0}
    assert columns["size"]["out_of_range"]["training"] == 0.0 and columns["day"]["missing"]["training"] == 0.0
    assert columns["size"]["out_of_range"]["share"] == 0.25
    low, high = columns["size"]["out_of_range"]["range"]
    assert low < -2 < 2 < high and all(one["cannot_tell"] for one in columns.values())
    assert client.get("/drift").json()["rows"] == before + 4


def test_drift_is_told_beside_the_shares_of_training(tmp_path: Any) -> None:
    n = 200
    table = Table(
        {
            "size": [str(j / 10) if j % 4 else "" for j in range(n)],
            "kind": ["" if j % 10 == 0 else f"rare {j}" if j % 20 == 1 else "ab"[j % 2] for j in range(n)],
            "day": [f"2024-01-{1 + j % 28:02d}" if j % 8 else "" for j in range(n)],
            "y": [j % 3 for j in range(n)],
        }
    )
    for robust in (False, True):
        preparation = Preparation.fit(table, infer(table, "y", categorical=["kind"]), robust=robust)
        network = Network((len(preparation.feature_names), 3), rng=0)
        tasou.save(
            TableModel.of_network(preparation, network, baseline=(0.4, 0.3, 0.3)), tmp_path / "m.tasou"
        )
        model = tasou.load(tmp_path / "m.tasou")
        assert model.preparation.to_dict() == preparation.to_dict()
        status, found = ask(
            client_of(model), ["50", "a", "2024-01-05"], ["", "z", "2030-01-01"], query="?drift"
        )
        columns = {one["column"]: one for one in found["drift"]["columns"]}
        assert status == 200
        assert columns["size"]["missing"] == {"share": 0.5, "training": 0.25}
        size = columns["size"]["out_of_range"]
        assert (size["share"], size["training"]) == (0.5, 0.0) and size["range"][0] < 0.1 < 19.9 < size[
            "range"
        ][1] < 30
        assert columns["day"]["missing"] == {"share": 0.0, "training": 0.125}
        assert columns["day"]["out_of_range"] == {"share": 0.5, "training": 0.0}
        assert columns["kind"]["missing"]["training"] == 0.1
        assert columns["kind"]["unseen"] == {"share": 0.5, "training": 0.0 if robust else 0.05}


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"\xff", "application/json", 400),
        (b'{"rows": [[1, "a", NaN]]}', "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"rows": []}', "application/json", 422),
        (b'{"rows": [[1, "a", ""]], "x": 1}', "application/json", 422),
        (b'{"rows": [], "rows": [[1, "a", ""]]}', "application/json", 422),
        (b'{"rows": [{"size": 1, "size": 2, "kind": "a", "day": ""}]}', "application/json", 422),
        (b"size,kind\n1,a\n", "text/csv", 422),
        (b"size,kind,day\n1,a\n", "text/csv", 422),
        (b"size,kind,day\n", "text/csv", 422),
        (b"", "text/csv", 422),
        (b"\x1f\x8b" + b"x" * 20, "text/csv", 415),
        (b'{"rows": [[1, "a", ""]]}', "text/plain", 415),
        (b'{"rows": [[1, "a", ""]]}', "application/x-www-form-urlencoded", 415),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(
    client: TestClient, content: bytes, kind: str, status: int
) -> None:
    found = client.post("/predict", content=content, headers={"content-type": kind})
    assert found.status_code == status and found.json()["error"]["message"]


def test_a_number_beyond_all_numbers_is_noted_as_missing(client: TestClient) -> None:
    for huge in ("1e999", "9" * 5000):
        body = f'{{"rows": [[{huge}, "a", "2024-03-01"]]}}'.encode()
        found = client.post("/predict", content=body, headers={"content-type": "application/json"})
        assert found.status_code == 200
        assert found.json()["notes"][0]["code"] == "serving.taken_as_missing"


def test_half_of_a_character_comes_back_as_json(client: TestClient) -> None:
    body = rb'{"rows": [{"size": 1, "kind": "a", "day": "", "\ud800": 1}]}'
    found = client.post("/predict", content=body, headers={"content-type": "application/json"})
    assert found.status_code == 200 and json.loads(found.content)["notes"][0]["column"] == "\ud800"


def test_errors_and_notes_speak_the_language_asked_for(client: TestClient) -> None:
    for header, words in [("ja", "学習データになかった"), ("en", "not seen"), ("fr", "not seen")]:
        assert (
            words
            in ask(client, {**ROW, "kind": "z"}, **{"accept-language": header})[1]["notes"][0]["message"]
        )
    found = client.get("/nothing", headers={"accept-language": "ja-JP,en;q=0.5"})
    assert found.status_code == 404 and "何もありません" in found.json()["error"]["message"]
    assert client.get("/predict").status_code == 405 and client.get("/predict/").status_code == 404


ELSEWHERE: list[dict[str, str]] = [
    {"host": "evil.example:8765"},
    {"host": "127.0.0.1"},
    {**HOST, "origin": "http://evil.example"},
    {**HOST, "origin": "null"},
]


@pytest.mark.parametrize("headers", ELSEWHERE)
def test_requests_of_other_pages_and_hosts_are_refused_on_every_route(
    client: TestClient, headers: dict[str, str]
) -> None:
    for path in ("/predict", "/health", "/drift", "/openapi.json", "/nothing"):
        for method in ("GET", "POST", "DELETE", "OPTIONS"):
            assert client.request(method, path, headers=headers).status_code == 403
    assert client.get("/health", headers={**HOST, "origin": "http://127.0.0.1:8765"}).json() == {
        "status": "ok"
    }


def test_with_a_token_no_route_answers_without_it(model: TableModel) -> None:
    token = "t" * 32
    client = client_of(model, token=token, allowed=["models.example"])
    client.headers["host"] = "models.example"
    for path in ("/predict", "/health", "/drift", "/openapi.json", "/nothing"):
        for said in (
            {},
            {"authorization": "Bearer guessed"},
            {"authorization": token},
            {"authorization": "Bearer"},
        ):
            found = client.post(path, headers=said)
            assert found.status_code == 401 and found.headers["www-authenticate"] == "Bearer"
    assert client.get("/health", headers={"authorization": f"Bearer {token}"}).status_code == 200


def test_too_many_bytes_or_rows_are_refused(model: TableModel) -> None:
    client = client_of(model, limits=Limits(bytes=1000, rows=2))
    assert ask(client, ROW, ROW, ROW)[0] == 413 and ask(client, ROW, ROW)[0] == 200
    assert ask(client, {**ROW, "kind": "x" * 2000})[0] == 413

    def chunks() -> Any:
        yield from [b" " * 600] * 3

    found = client.post("/predict", content=chunks(), headers={"content-type": "application/json"})
    assert found.status_code == 413


def test_a_server_that_has_enough_to_do_asks_to_come_again(
    model: TableModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = client_of(model, limits=Limits(requests=0)).post("/predict", json={"rows": [ROW]})
    assert found.status_code == 503 and found.headers["retry-after"] == "1"
    service = service_of(model)
    monkeypatch.setattr(type(service), "small", False)
    slow, answer = time.sleep, service.answer_rows
    monkeypatch.setattr(service, "answer_rows", lambda *a, **k: (slow(0.3), answer(*a, **k))[1])
    client = TestClient(
        application.application(service, port=8765, limits=Limits(seconds=0.05)), headers=HOST
    )
    status, told = ask(client, ROW)
    assert status == 503 and told["error"]["code"] == "serving.long"


def test_openapi_names_every_column_and_what_it_says_is_what_is_answered(
    client: TestClient, model: TableModel
) -> None:
    found = client.get("/openapi.json").json()
    row = found["components"]["schemas"]["Rows"]["properties"]["rows"]["items"]["anyOf"][0]
    assert found["openapi"].startswith("3.1") and row["required"] == model.preparation.columns
    assert set(row["properties"]["kind"]["examples"]) == {"a", "b", "c"}
    for path, methods in found["paths"].items():
        for method in methods:
            assert client.request(method.upper(), path).status_code not in (404, 405)


def estimators() -> list[Any]:
    X, y = np.random.default_rng(0).normal(size=(40, 3)), np.arange(40) % 2
    return [
        tasou.MLPClassifier((4,), max_iter=5, random_state=0, solver="lbfgs").fit(X, y),
        tasou.MLPClassifier((4,), max_iter=5, random_state=0, solver="lbfgs").fit(
            X, np.stack([y, 1 - y], axis=1)
        ),
        tasou.MLPRegressor(hidden_layer_sizes=(4,), max_iter=5, random_state=0, solver="lbfgs").fit(
            X, X[:, 0]
        ),
        tasou.LogisticRegression().fit(X, y),
        tasou.SoftmaxRegression().fit(X, np.arange(40) % 3),
        tasou.Perceptron().fit(X, y),
    ]


@pytest.mark.filterwarnings("ignore")
def test_estimators_and_networks_are_served_too() -> None:
    row = [0.5, -1.0, 2.0]
    for model in estimators():
        status, found = ask(client_of(model), dict(zip(("x1", "x2", "x3"), row, strict=True)))
        (said,) = found["predictions"]
        wanted = model.predict([row]).tolist()[0]
        assert status == 200 and said[next(iter(said))] == pytest.approx(wanted, rel=1e-6)
        if "probabilities" in said:
            assert list(said["probabilities"].values()) == pytest.approx(
                model.predict_proba([row])[0], rel=1e-6
            )
    network = Network((3, 4, 2), rng=0)
    client = client_of(network)
    assert ask(client, row)[1]["predictions"] == [{"output": network.predict([row])[0].tolist()}]
    assert ask(client, [1, None, 2])[0] == ask(client, [1, "1e999", 2])[0] == ask(client, [1])[0] == 422
    assert client.get("/drift").status_code == 404 and ask(client, row, query="?drift")[0] == 422


def test_an_estimator_fitted_on_a_frame_is_asked_by_its_names() -> None:
    pandas = pytest.importorskip("pandas")
    X = pandas.DataFrame({"広さ": [1.0, 2, 3, 4], "b": [1.0, 0, 1, 0]})
    model = tasou.LogisticRegression().fit(X, [0, 0, 1, 1])
    status, found = ask(client_of(model), {"b": 1, "広さ": 3.5})
    wanted = model.predict(pandas.DataFrame({"広さ": [3.5], "b": [1.0]}))[0]
    assert status == 200 and found["predictions"][0]["label"] == wanted


def malformed(random: random.Random) -> tuple[bytes, dict[str, str]]:
    """A request with something wrong about it, as likely as not."""
    values = [1, -1e308, "a", "z", None, True, [], {}, "\0", "\ud83d", "2024-02-30", 10**400, "犬" * 50]
    names = ["size", "kind", "day", "y", "colour", "", "size ", "SIZE"]
    row: Any = {random.choice(names): random.choice(values) for _ in range(random.randrange(6))}
    if random.random() < 0.4:
        row = {**ROW, random.choice(names): random.choice(values)}
    if random.random() < 0.3:
        row = [random.choice(values) for _ in range(random.randrange(5))]
    body = json.dumps({"rows": [row, ROW] if random.random() < 0.5 else row}).encode()
    if random.random() < 0.4:
        body = "\n".join(
            ",".join(str(random.choice(values + names)) for _ in range(3)) for _ in range(3)
        ).encode("utf-8", "replace")
    data = bytearray(body)
    for _ in range(random.choice([0, 0, 1, 4])):
        place = random.randrange(len(data) + 1)
        data[place : place + random.randrange(3)] = random.randbytes(random.randrange(4))
    kinds = ["application/json"] * 4 + ["text/csv"] * 3 + ["text/plain", ""]
    return bytes(data), {
        "content-type": random.choice(kinds),
        "accept-language": random.choice(["ja", "en;q=x", ";;"]),
    }


def test_malformed_requests_never_end_in_an_error_of_ours(
    client: TestClient, capsys: pytest.CaptureFixture[str]
) -> None:
    stream = random.Random(0)
    seen = set()
    for _ in range(400):
        data, headers = malformed(stream)
        found = client.post(stream.choice(["/predict", "/predict?drift"]), content=data, headers=headers)
        assert found.status_code in (200, 400, 415, 422), (data, found.text)
        assert ("error" in found.json()) == (found.status_code != 200)
        seen.add(found.status_code)
    assert seen == {200, 400, 415, 422} and capsys.readouterr() == ("", "")
