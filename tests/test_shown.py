"""What a console and a notebook say of public objects: a short line, and a piece of HTML that fetches nothing."""

from __future__ import annotations

import re

import numpy as np
import pytest

from tasou import (
    LogisticRegression,
    MLPClassifier,
    MLPRegressor,
    Network,
    Perceptron,
    SoftmaxRegression,
    TableClassifier,
    TableRegressor,
    Training,
    check_gradients,
    datasets,
    diagnose,
    language,
    lecture,
)
from tasou.formulas import activations, initializers, losses, optimizers, schedules
from tasou.models.table_model import TableModel
from tasou.tables import Preparation, Table, infer
from tasou.training import Recipe

X, y = datasets.make("moons", 40, rng=0)
TOWN = np.array(["Osaka", "Kyoto", "Nara"] * 20)


@pytest.fixture(scope="module")
def shown():
    """Objects that users hold in their hands, by a word for each."""
    network = Network((2, 3, 2), rng=0)
    training = Training(network, lr=0.1, rng=0)
    training.run(X, y, epochs=3)
    trace = network.forward(X)
    table = Table({"x": X[:, 0], "side": np.where(y == 1, "a", "b")})
    roles = infer(table, "side")
    model = TableModel.fit(table, roles)
    classifier = TableClassifier("fast", random_state=0).fit({"town": TOWN}, TOWN == "Nara")
    return {
        "data set": datasets.make("moons", 40),
        "network": network,
        "layer": network[1],
        "parameters": network.parameters,
        "trace": trace,
        "layer of a trace": trace[1],
        "ledger page": trace.table().page(),
        "training": training,
        "history": training.history,
        "state": training.state(),
        "step": next(iter(training.steps(X, y))),
        "recipe": Recipe(hidden=(3,)),
        "tape": network.tape(),
        "gradient report": check_gradients(network, X, y),
        "diagnosis": diagnose(training, X, y),
        "result": lecture.run(lecture.find("2.2")[0]),
        "table": table,
        "roles": roles,
        "preparation": Preparation.fit(table, roles),
        "model": model,
        "scores": model.evaluate(table),
        "members": classifier.members_,
        "choice": classifier.choice_,
        "table classifier": classifier,
        "table regressor": TableRegressor("fast", random_state=0).fit({"town": TOWN}, np.arange(60.0)),
        "classifier": MLPClassifier((3,), solver="lbfgs", max_iter=300, random_state=0).fit(X, y),
        "regressor": MLPRegressor(hidden_layer_sizes=(3,), solver="lbfgs", random_state=0).fit(X, X[:, 0]),
        "softmax": SoftmaxRegression().fit(X, y),
        "logistic": LogisticRegression().fit(X, y),
        "perceptron": Perceptron().fit(X, y),
    }


TEXT_ALONE = {"layer", "parameters", "layer of a trace", "state", "step", "recipe", "tape"}
ESTIMATORS = (
    "table classifier",
    "table regressor",
    "classifier",
    "regressor",
    "softmax",
    "logistic",
    "perceptron",
)


def test_a_console_shows_a_line_that_says_what_it_is(shown):
    for what, thing in shown.items():
        text = repr(thing)
        assert len(text) < 320 and " object at 0x" not in text, what
        assert "\n" not in text or what in ESTIMATORS, what


def html(thing) -> str:
    bundle = getattr(thing, "_repr_mimebundle_", None)
    return bundle()["text/html"] if bundle else thing._repr_html_()


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_notebook_shows_more_than_the_line(shown, lang):
    with language.use(lang):
        for what, thing in shown.items():
            if what in TEXT_ALONE:
                continue
            piece = html(thing)
            own = piece.rpartition('<div class="tasou-shown">')[2] if what in ESTIMATORS else piece
            assert len(own) > 100, what
            assert not re.search(r"(src|href)=.?(https?:)?//|@import", own), what
            assert "object at 0x" not in own and "None" not in own, what


@pytest.mark.parametrize(
    ("what", "wanted"),
    [
        ("classifier", ["Network(2 → 3 relu → 1 sigmoid", "0, 1", "polyline"]),
        ("regressor", ["1 identity", "loss at the end"]),
        ("softmax", ["iterations", "x_2", "b"]),
        ("logistic", ["iterations", "x_2", "b"]),
        ("perceptron", ["converged", "Mistakes of each epoch"]),
        ("table classifier", ["False, True", "members", "categorical", "Nara"]),
        ("table regressor", ["members", "categorical"]),
    ],
)
def test_below_the_parameters_of_a_fitted_estimator_stands_what_it_learnt(shown, what, wanted):
    with language.use("en"):
        parameters, _, own = html(shown[what]).partition('<div class="tasou-shown">')
    assert type(shown[what]).__name__ in parameters
    assert "What it learnt" in own
    assert [word for word in wanted if word not in own] == []


@pytest.mark.parametrize("kind", [MLPClassifier, Perceptron, LogisticRegression, TableClassifier])
def test_before_fit_there_is_nothing_to_say(kind):
    assert "tasou-shown" not in html(kind())


@pytest.mark.parametrize("family", [activations, initializers, losses, optimizers, schedules])
def test_a_formula_is_shown_as_one_reads_it(family):
    for formula in family.registry:
        assert len(repr(formula)) < 100
        with language.use("ja"):
            shown = formula._repr_markdown_()
        assert formula.latex in shown and formula.notes["ja"] in shown


def test_rows_are_counted_from_one_where_people_read(shown):
    for what in ("data set", "table"):
        assert '<tbody><tr><td class="right">1</td>' in html(shown[what]), what


def test_a_curve_speaks_of_a_dashed_line_only_where_there_is_one():
    from tasou.training import History

    assert "dashed" not in History(loss=[2.0, 1.0])._repr_html_()
    assert "dashed" in History(loss=[2.0, 1.0], validation_loss=[2.0, 1.5])._repr_html_()
