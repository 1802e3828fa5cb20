"""What a diagnosis accepts and how it speaks."""

import re

import numpy as np
import pytest
from sklearn.compose import TransformedTargetRegressor  # noqa: F401 - named in an advice, so it has to exist
from sklearn.feature_selection import VarianceThreshold  # noqa: F401
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import tasou
from tasou import MLPClassifier, MLPRegressor, Network, Perceptron, Training, diagnose
from tasou.diagnostics import Evidence, Finding, Record, rules
from tasou.diagnostics.columns import measure_inputs
from tasou.errors import ShapeError, TasouError, UnknownName
from tasou.training import History

X, Y = tasou.datasets.make("moons", 200)
JAPANESE = re.compile("[ぁ-んァ-ヶ一-龠]")


# --- the rules ---------------------------------------------------------------------------------------------------


def test_codes_are_unique_and_stable():
    """A new illness takes the next code; it need not be entered here."""
    found = [(rule.code, rule.slug) for rule in rules.every()]
    assert len({code for code, _ in found}) == len({slug for _, slug in found}) == len(found)
    assert found[:20] == [
        ("T001", "dead-relu"),
        ("T002", "saturated-units"),
        ("T003", "vanishing-gradients"),
        ("T004", "exploding-gradients"),
        ("T005", "learning-rate-too-high"),
        ("T006", "learning-rate-too-low"),
        ("T007", "not-converged"),
        ("T008", "stopped-too-soon"),
        ("T009", "diverged"),
        ("T010", "unscaled-inputs"),
        ("T011", "unscaled-target"),
        ("T012", "over-fitting"),
        ("T013", "class-imbalance"),
        ("T014", "constant-features"),
        ("T015", "duplicate-features"),
        ("T016", "symmetric-weights"),
        ("T017", "batch-too-large"),
        ("T018", "batch-too-small"),
        ("T019", "output-mismatch"),
        ("T020", "under-fitting"),
    ]


@pytest.mark.parametrize("rule", rules.every(), ids=lambda rule: rule.code)
def test_a_rule_speaks_both_languages_and_knows_nothing_of_nothing(rule):
    for texts in (rule.title, rule.what, rule.why, *({"en": r.en, "ja": r.ja} for r in rule.fix)):
        assert set(texts) == {"en", "ja"}
        assert JAPANESE.search(texts["ja"]) and not JAPANESE.search(texts["en"])
    assert rule.find(Record()) is None


def test_a_rule_is_found_by_code_and_by_name():
    assert rules.find("T003") is rules.find("vanishing-gradients") is rules.find("vanishing_gradients")
    with pytest.raises(UnknownName, match="did you mean 'dead-relu'"):
        rules.find("ded-relu")


def test_thresholds_can_be_set():
    network = Network((2, 10, 2), rng=0)
    network[1].b[:3] = -9
    strict = rules.registry.get("dead_relu", share=0.2)
    record = Record(layers=tasou.diagnostics.layers.measure_layers(network.forward(X)))
    assert strict.find(record).values["dead"] == 3 and rules.find("T001").find(record) is None


# --- what it accepts -----------------------------------------------------------------------------------------------


def test_a_pipeline_is_diagnosed_on_what_its_last_step_sees():
    mlp = MLPClassifier((10,), solver="lbfgs", max_iter=1000, random_state=0)
    assert diagnose(make_pipeline(StandardScaler(), mlp).fit(X * 1e4, Y), X * 1e4, Y).healthy
    assert "T010" in diagnose(make_pipeline(mlp).fit(X * 1e4, Y), X * 1e4, Y).codes


def test_an_estimator_that_scales_by_itself_is_diagnosed_on_what_it_trained_on():
    x = np.linspace(0, 5000, 100)[:, None]
    mlp = MLPRegressor(
        "squared_error", (10,), "tanh", solver="lbfgs", max_iter=3000, scale="auto", random_state=0
    )
    mlp.fit(x, 1e6 + 1e5 * np.sin(x[:, 0] / 800))
    before = mlp.predict(x[:3])
    assert diagnose(mlp, x, 1e6 + 1e5 * np.sin(x[:, 0] / 800)).codes == []
    np.testing.assert_array_equal(mlp.predict(x[:3]), before)


@pytest.mark.parametrize("labels", [["no", "yes"], [3, 7], [False, True]])
def test_labels_of_any_kind(labels):
    y = np.array(labels)[Y]
    mlp = MLPClassifier((10,), solver="lbfgs", max_iter=1000, random_state=0).fit(X, y)
    assert diagnose(mlp, X, y).healthy
    assert diagnose(Perceptron().fit(X, y), X, y).looked
    with pytest.raises(ShapeError, match="none of the classes"):
        diagnose(mlp, X, ["maybe"] * len(X))


def test_a_table_with_column_names():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"width": X[:, 0], "price": X[:, 1] * 1e5})
    mlp = MLPClassifier((10,), solver="lbfgs", max_iter=2000, random_state=0).fit(frame, Y)
    assert "price: mean" in diagnose(mlp, frame, Y).text("en")


def test_sparse_rows():
    from scipy import sparse

    mlp = MLPClassifier((10,), solver="lbfgs", max_iter=1000, random_state=0).fit(X, Y)
    assert diagnose(mlp, sparse.csr_array(X), Y).healthy


def test_data_that_is_larger_than_the_rows_looked_at():
    mlp = MLPClassifier((10,), solver="lbfgs", max_iter=1000, random_state=0).fit(X, Y)
    assert diagnose(mlp, X, Y, rows=50).healthy


@pytest.mark.parametrize(
    "history", [History(loss=[3.0, 2.0, np.nan]), {"loss": [1.0, np.inf]}, [1.0, np.nan]]
)
def test_a_history_alone(history):
    assert diagnose(history).codes == ["T009"]


def test_a_training_without_data_is_told_by_its_history():
    training = Training(Network((2, 10, 2), rng=0), lr=1e-5, rng=0)
    training.run(X, Y, epochs=50)
    diagnosis = diagnose(training)
    assert diagnosis.codes == ["T006"]
    assert "because X was not given: dead-relu, saturated-units" in diagnosis.text("en")
    assert "dead-relu" not in diagnose(training, X).text("en")


def test_what_cannot_be_diagnosed():
    with pytest.raises(TasouError, match="cannot diagnose a int"):
        diagnose(3)
    with pytest.raises(ShapeError, match="same number of rows"):
        diagnose(Network((2, 2)), X, Y[:5])
    with pytest.raises(ShapeError, match="no rows"):
        diagnose(Network((2, 2)), X[:0], Y[:0])


def test_the_network_is_left_as_it_was():
    mlp = MLPClassifier((10,), solver="lbfgs", max_iter=1000, random_state=0).fit(X, Y)
    before = mlp.network_.theta.copy()
    diagnose(mlp, X, Y)
    np.testing.assert_array_equal(mlp.network_.theta, before)


# --- how it speaks -------------------------------------------------------------------------------------------------


def ill():
    network = Network((3, 10, 2), init="zeros")
    return diagnose(network, np.column_stack([X, np.full(200, 5.0)]), Y)


def test_it_is_a_sequence_gravest_first():
    diagnosis = ill()
    assert diagnosis.codes == ["T001", "T016", "T020", "T014"]
    assert [finding.severity for finding in diagnosis] == ["problem", "problem", "problem", "hint"]
    assert len(diagnosis) == 4 and diagnosis[-1].name == "constant-features" and not diagnosis.healthy
    assert repr(diagnosis).startswith(
        "Diagnosis(T001 dead-relu, T016 symmetric-weights, T020 under-fitting, "
    )


@pytest.mark.parametrize(("lang", "why"), [("en", "Why: "), ("ja", "原因：")])
def test_it_tells_evidence_cause_and_advice(lang, why, monkeypatch):
    monkeypatch.setenv("TASOU_LANG", lang)
    text = str(ill())
    assert text == ill().text(lang) and text.count(why) == 4
    assert rules.find("T016").fix[0].words(lang).lower() in text.lower()


def test_html_is_escaped_and_needs_nothing_from_outside():
    evidence = Evidence("hint", {"en": "{name}", "ja": "{name}"}, {"name": "<script>alert(1)</script>"})
    html = tasou.diagnostics.Diagnosis([Finding(rules.find("T014"), evidence)]).html("en")
    assert "<script" not in html and "&lt;script&gt;" in html and "http" not in html
    assert ill()._repr_html_().count("<details") == 4


def test_healthy_is_said_in_words():
    mlp = MLPClassifier((10,), solver="lbfgs", max_iter=1000, random_state=0).fit(X, Y)
    diagnosis = diagnose(mlp, X, Y)
    looked = len(rules.every()) - len(diagnosis.skipped)
    assert len(diagnosis.skipped) == 1
    assert diagnosis.text("en").startswith(f"Healthy: {looked} illnesses were looked for, none was found.")
    assert diagnosis.text("ja").startswith(f"健康：{looked} 種類の不調を調べ")
    assert "validation data was not given: over-fitting" in diagnosis.text("en")
    assert bool(diagnosis) is False and list(diagnosis) == []


@pytest.mark.parametrize("first", [0.0, 1e9], ids=["like the others", "far out"])
@pytest.mark.parametrize("centre", [0.0, 1.7e9])
def test_columns_are_measured_wherever_they_lie(centre, first):
    rng = np.random.default_rng(0)
    X = centre + rng.standard_normal((3000, 20))
    X[:, 4], X[:, 7] = 0.1, 3 * X[:, 2] - 5
    X[0, 1] += first
    found = measure_inputs(X)
    np.testing.assert_allclose(found.mean, X.mean(axis=0), rtol=1e-12, atol=1e-10)
    np.testing.assert_allclose(found.std, X.std(axis=0), rtol=1e-6, atol=1e-12)
    assert found.constant == (4,) and found.duplicates == ((2, 7),)
