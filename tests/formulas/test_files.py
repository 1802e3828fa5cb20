"""Every formula file keeps the contract of its folder: no library, notes in both languages, a formula to print."""

from __future__ import annotations

import ast
import importlib
import math
import re
from pathlib import Path

import numpy as np
import pytest

from tasou import formulas
from tasou.formulas import activations, initializers, losses, optimizers, schedules

ROOMS = (activations, initializers, losses, optimizers, schedules)
FAMILIES = {room.__name__.rsplit(".", 1)[-1]: room.registry for room in ROOMS}
EVERY = [(family, name) for family, registry in FAMILIES.items() for name in registry.names()]
ROOM = Path(formulas.__file__).parent
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
every_formula = pytest.mark.parametrize("family, name", EVERY, ids=lambda part: part)


def test_what_lies_in_the_folder_is_registered():
    for family, registry in FAMILIES.items():
        files = {path.stem for path in (ROOM / family).glob("*.py")} - {"__init__"}
        assert set(registry.names()) == files
        assert [formula.name for formula in registry] == registry.names() == sorted(files)


def test_the_lectures_and_the_usual_formulas_are_there():
    asked = {
        "activations": "identity relu leaky_relu sigmoid tanh elu selu softplus gelu silu mish softsign hard_sigmoid",
        "losses": "cross_entropy binary_cross_entropy squared_error absolute_error huber poisson perceptron focal "
        "hinge",
        "optimizers": "sgd nesterov adam adamw rmsprop adagrad lion nadam",
        "schedules": "constant step inverse_scaling cosine adaptive",
        "initializers": "glorot_uniform glorot_normal he_uniform he_normal lecun_uniform lecun_normal zeros",
    }
    for family, names in asked.items():
        assert set(names.split()) <= set(FAMILIES[family].names())


@every_formula
def test_a_formula_file_imports_nothing_but_formulas_and_math(family, name):
    tree = ast.parse((ROOM / family / f"{name}.py").read_text(encoding="utf-8"))
    imported = {a.name for node in ast.walk(tree) if isinstance(node, ast.Import) for a in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert all(module == "math" or module.startswith("tasou.formulas.") for module in imported), imported


@every_formula
def test_a_formula_is_explained_in_english_and_japanese(family, name):
    formula = FAMILIES[family].get(name)
    assert set(formula.notes) == {"en", "ja"}
    assert not JAPANESE.search(formula.notes["en"]) and formula.notes["en"].endswith(".")
    assert JAPANESE.search(formula.notes["ja"]) and formula.notes["ja"].endswith("。")


@every_formula
def test_a_formula_has_latex_and_its_file_a_docstring(family, name):
    formula = FAMILIES[family].get(name)
    assert formula.latex
    assert formula.latex.count("{") == formula.latex.count("}")
    module = importlib.import_module(f"{ROOM.parent.name}.formulas.{family}.{name}")
    assert len(module.__doc__ or "") > 20


@pytest.mark.parametrize("name", activations.names())
def test_an_activation_can_be_printed_and_exported(name):
    f = activations.get(name)
    assert f.slope_latex and f.plain and f.slope_plain and f.onnx
    assert f.plain.format(z="-0.5", a="0.1")
    assert f.slope_plain.format(z="-0.5", a="0.1")


@pytest.mark.parametrize("name", losses.names())
def test_a_loss_can_be_printed(name):
    loss = losses.get(name)
    assert loss.delta_latex and loss.plain and loss.delta_plain
    assert loss.plain.format(y="1", y_hat="0.3", z="-2") != loss.plain
    assert loss.delta_plain.format(y="1", y_hat="0.3", z="-2", p="0.3") != loss.delta_plain


WORDS = {
    **{name: getattr(math, name) for name in ("exp", "tanh", "log", "sqrt")},
    "max": max,
    "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
    "softplus": lambda z: math.log(1 + math.exp(z)),
    "Phi": lambda z: 0.5 * (1 + math.erf(z / math.sqrt(2))),
}
TANH_FORM = {"gelu": 5e-4}  # its file says how far it is from z Phi(z)


def evaluate(text, values):
    """The value of a printed formula, ``expression[, name = expression]``."""
    text = text.replace("^", "**").replace("lambda", "lam")
    text, _, where = text.partition(", ") if " = " in text else (text, "", "")
    if where:
        letter, _, inner = where.partition(" = ")
        values = {**values, letter: eval(inner, WORDS, values)}
    return eval(text, WORDS, values)


@pytest.mark.parametrize("z", [-2.5, -0.3, 0.4, 3.0])
@pytest.mark.parametrize("name", activations.names())
def test_the_printed_activation_is_the_one_that_runs(name, z):
    f = activations.get(name)
    constants = (
        {"alpha": 1.6732632423543772, "lam": 1.0507009873554805} if name == "selu" else dict(f.parameters)
    )
    a = float(f.f(np.array(z), np))
    printed = evaluate(f.plain.format(z=f"({z})", a=f"({a})"), constants)
    assert printed == pytest.approx(a, abs=TANH_FORM.get(name, 1e-12))
    if "'" not in f.slope_plain:
        slope = float(f.slope(np.array(z), np.array(a), np))
        assert evaluate(f.slope_plain.format(z=f"({z})", a=f"({a})"), constants) == pytest.approx(
            slope, abs=1e-12
        )


ELSEWHERE = {
    "tables/scaling.py": "how a column of the table is prepared; the network never sees it",
    "models/scores.py": "scores of finished predictions",
    "tabular/plain.py": "a batch size guessed from the number of rows",
    "estimators/_optimizer_conversion.py": "how often scikit-learn has divided its learning rate",
    "network/ledger/sample.py": "softmax in its parts, each a row of the ledger",
    "play/tables.py": "a batch size guessed from the number of rows",
    "examples/customers.py": "made-up data",
    "examples/flats.py": "made-up data",
    "play/formula.py": "what a user may write in a formula of a boundary",
    "plots/gradient_flow.py": "a geometric mean, for the axis",
    "cli/_report/charts.py": "round numbers for the axis",
}
TRANSCENDENTAL = {"exp", "expm1", "log", "log1p", "log2", "log10", "logaddexp", "tanh", "cosh", "sinh"}


def test_no_formula_stands_outside_the_folder_of_formulas():
    root = ROOM.parent
    found = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if not path.is_relative_to(ROOM) and not path.is_relative_to(root / "lecture")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in TRANSCENDENTAL
    }
    assert found == set(ELSEWHERE)


def test_no_formula_is_written_by_hand_in_c():
    """In the loops written by hand only maths.h, which spells out exp and log, knows such functions."""
    hand = (ROOM.parent / "backends" / "native" / "c").glob("*.h")
    text = "".join(path.read_text(encoding="utf-8") for path in hand if path.name != "maths.h")
    assert not re.search(r"\b(exp|log|tanh|pow)f?\(|1 / \(1 -", text)
