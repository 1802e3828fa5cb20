"""Write golden files: models of every kind that this version can write, with what they predict.

    .venv/bin/python tests/golden/make.py tests/golden/NAME.zip

makes the new archive NAME.zip with a model file per case and ``answers.json``: the inputs, and for each file what it
answers. `test_golden.py` reads every archive that lies here and asks for the same answers. The script is never run by
a test, and an archive that was written stays as it is: its files are of the version that wrote them. When a version
writes files of a new form, let it make one more archive, of the new forms alone.
"""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import numpy as np

import tasou
from tasou import (
    LogisticRegression,
    MLPClassifier,
    MLPRegressor,
    Network,
    Perceptron,
    SoftmaxRegression,
    backends,
)
from tasou.formats import model_file
from tasou.formulas import activations, initializers, losses, optimizers, schedules
from tasou.models.table_model import TableModel
from tasou.tables import Table, infer
from tasou.tabular.plain import Settings

ROWS = 6
"""how many rows are predicted"""
RNG = np.random.default_rng(20260)
X = RNG.normal(size=(40, 3)).round(3)
TWO = np.where(X[:, 0] > 0, "はい", "いいえ")
THREE = np.digitize(X[:, 0], [-0.5, 0.5]) + 7
LABELS = (X > 0).astype(int)
VALUES = (X @ [1.0, -2.0, 0.5]).round(3)
COUNTS = np.floor(np.exp(X[:, 0]))

Case = tuple[str, Callable[[], Any]]


# --- estimators ------------------------------------------------------------------------------------------------------


def classifier(y: Any = THREE, X: Any = X, fit: Any = (), **options: Any) -> Any:
    options = {"hidden_layer_sizes": (4,), "max_iter": 4, "random_state": 0, **options}
    return MLPClassifier(**options).fit(X, y, **dict(fit))


def regressor(y: Any = VALUES, X: Any = X, **options: Any) -> Any:
    options = {"hidden_layer_sizes": (4,), "max_iter": 4, "random_state": 0, **options}
    return MLPRegressor(**options).fit(X, y)


def in_parts(cls: Any, y: Any, calls: int = 2, **options: Any) -> Any:
    model = cls(hidden_layer_sizes=(4,), batch_size=16, random_state=0, **options)
    known = {"classes": np.unique(y)} if cls is MLPClassifier else {}
    for _ in range(calls):
        model.partial_fit(X, y, **known)
    return model


def again(model: Any, y: Any) -> Any:
    return model.fit(X, y)


CLASSIFIERS: dict[str, dict[str, Any]] = {
    **{f"activation-{name}": {"activation": name} for name in [*activations.registry.names(), "logistic"]},
    **{
        f"solver-{name}": {"solver": name} for name in ("adam", "sgd", "lbfgs", "adamw", "rmsprop", "adagrad")
    },
    **{f"init-{name}": {"init": name} for name in initializers.registry.names() if name != "zeros"},
    **{
        f"rate-{name}": {"learning_rate": name, "solver": "sgd"}
        for name in ("constant", "invscaling", "adaptive", "cosine", "step")
    },
    "labels-texts": {"y": TWO},
    "labels-objects": {"y": TWO.astype(object)},
    "labels-truth": {"y": X[:, 0] > 0},
    "labels-floats": {"y": np.where(X[:, 0] > 0, 1.0, -2.0)},
    "labels-three-texts": {"y": np.array(["a", "b", "c"])[THREE - 7]},
    "labels-small-integers": {"y": THREE.astype(np.uint8)},
    "labels-several": {"y": LABELS},
    "labels-several-one": {"y": LABELS[:, :2]},
    "float32": {"X": X.astype(np.float32)},
    "no-hidden-layer": {"hidden_layer_sizes": ()},
    "one-hidden-layer-as-a-number": {"hidden_layer_sizes": 5},
    "three-hidden-layers": {"hidden_layer_sizes": [5, 4, 3]},
    "sizes-as-an-array": {"hidden_layer_sizes": np.array([4, 3])},
    "activation-per-layer": {
        "hidden_layer_sizes": (4, 3),
        "activation": [activations.get("leaky_relu", alpha=0.3), "gelu"],
    },
    "activation-object": {"activation": activations.get("elu", alpha=0.5)},
    "dropout": {"dropout": 0.2},
    "dropout-per-layer": {"hidden_layer_sizes": (4, 3), "dropout": [0.1, 0.2]},
    "init-object": {"init": initializers.get("he_normal")},
    "init-object-with-biases": {"init": initializers.get("glorot_uniform").drawing_biases()},
    "init-values": {
        "init": ([np.ones((3, 4)) / 3, np.ones((4, 3)) / 4], [np.zeros(4), np.zeros(3)]),
    },
    "class-weight": {"y": TWO, "class_weight": {"はい": 2.0, "いいえ": 0.5}},
    "class-weight-balanced": {"class_weight": "balanced"},
    "sample-weight": {"fit": {"sample_weight": np.arange(40) % 3 + 0.5}},
    "weight-decay": {"solver": "adamw", "weight_decay": 0.1},
    "clip-norm": {"clip_norm": 0.5},
    "warmup": {"warmup": 3},
    "early-stopping": {"early_stopping": True, "max_iter": 6},
    "early-stopping-lbfgs": {"early_stopping": True, "solver": "lbfgs", "max_iter": 6},
    "scoring-loss": {"early_stopping": True, "scoring": "loss"},
    "scoring-by-name": {"early_stopping": True, "scoring": "balanced_accuracy"},
    "own-validation": {"early_stopping": True, "fit": {"X_val": X[:10], "y_val": THREE[:10]}},
    "long-history": {"max_iter": 70, "n_iter_no_change": np.inf},
    "constants-of-sgd": {"solver": "sgd", "momentum": 0.5, "nesterovs_momentum": False, "power_t": 0.3},
    "constants-of-adam": {"beta_1": 0.8, "beta_2": 0.99, "epsilon": 1e-6, "learning_rate_init": 0.01},
    "batches": {"batch_size": 7, "shuffle": False},
    "tolerances": {"tol": 1e-3, "relative_tol": True, "n_iter_no_change": 3, "max_time": 60.0},
    "numpy-parameters": {
        "alpha": np.float64(0.01),
        "max_iter": np.int64(4),
        "learning_rate_init": np.float32(0.01),
    },
    "random-state": {"random_state": np.random.RandomState(3)},
    "verbose-log": {"verbose": "log"},
    "max-fun": {"solver": "lbfgs", "max_fun": 20},
}
REGRESSORS: dict[str, dict[str, Any]] = {
    **{
        f"loss-{name}": {"loss": name, "y": COUNTS if name == "poisson" else VALUES}
        for name in ("squared_error", "poisson", "absolute_error", "huber", "quantile", "log_cosh")
    },
    **{f"solver-{name}": {"solver": name} for name in ("sgd", "lbfgs", "adamw", "rmsprop", "adagrad")},
    "loss-object": {"loss": losses.get("huber", threshold=0.5)},
    "loss-quantile": {"loss": losses.get("quantile", quantile=0.9)},
    "two-outputs": {"y": X[:, :2]},
    "float32": {"X": X.astype(np.float32), "y": VALUES.astype(np.float32)},
    "no-hidden-layer": {"hidden_layer_sizes": ()},
    "early-stopping": {"early_stopping": True},
    "poisson-lbfgs": {"loss": "poisson", "y": COUNTS, "solver": "lbfgs"},
}
LINEAR: dict[str, Callable[[], Any]] = {
    "perceptron": lambda: Perceptron().fit(X, TWO),
    "perceptron-three": lambda: Perceptron(max_iter=20, tol=None).fit(X, THREE),
    **{
        f"perceptron-{penalty}": lambda penalty=penalty: Perceptron(penalty=penalty, alpha=0.01).fit(X, THREE)
        for penalty in ("l1", "l2", "elasticnet")
    },
    "perceptron-early-stopping": lambda: Perceptron(early_stopping=True).fit(X, TWO),
    "perceptron-options": lambda: Perceptron(
        eta0=0.5, fit_intercept=False, class_weight="balanced", random_state=None, shuffle=False
    ).fit(X.astype(np.float32), TWO),
    "perceptron-in-parts": lambda: Perceptron().partial_fit(X, TWO, classes=["いいえ", "はい"]),
    "logistic": lambda: LogisticRegression(C=10).fit(X, TWO),
    "logistic-three": lambda: LogisticRegression().fit(X, THREE),
    "logistic-gd": lambda: LogisticRegression(
        solver="gd", max_iter=20, batch_size=10, learning_rate_init=0.05, random_state=0
    ).fit(X, THREE),
    "logistic-weights": lambda: LogisticRegression(C=1e6, class_weight={"はい": 2, "いいえ": 1.5}).fit(
        X, TWO
    ),
    "logistic-options": lambda: LogisticRegression(fit_intercept=False, C=np.inf, max_iter=500).fit(
        X.astype(np.float32), LABELS[:, 1]
    ),
    "softmax": lambda: SoftmaxRegression().fit(X, THREE),
    "softmax-two-objects": lambda: SoftmaxRegression().fit(X, TWO.astype(object)),
    "softmax-gd": lambda: SoftmaxRegression(solver="gd", max_iter=20, random_state=0).fit(X, TWO),
}


def estimators() -> Iterator[Case]:
    for name, options in CLASSIFIERS.items():
        yield f"classifier-{name}", lambda options=options: classifier(**options)
    for name, options in REGRESSORS.items():
        yield f"regressor-{name}", lambda options=options: regressor(**options)
    for solver in ("adam", "sgd", "adamw", "rmsprop", "adagrad"):
        yield (
            f"classifier-in-parts-{solver}",
            lambda solver=solver: in_parts(MLPClassifier, THREE, solver=solver),
        )
    yield "classifier-in-parts-dropout", lambda: in_parts(MLPClassifier, TWO, dropout=0.3)
    yield (
        "classifier-in-parts-cosine",
        lambda: in_parts(MLPClassifier, THREE, learning_rate="cosine", max_iter=9),
    )
    yield "regressor-in-parts-adam", lambda: in_parts(MLPRegressor, VALUES)
    yield "classifier-warm-start", lambda: again(classifier(warm_start=True), THREE)
    yield "regressor-warm-start", lambda: again(regressor(warm_start=True), VALUES)
    frame = _frame()
    if frame is not None:
        yield "classifier-feature-names", lambda: classifier(X=frame)
    yield from LINEAR.items()


def _frame() -> Any:
    import pandas

    return pandas.DataFrame(X, columns=["長さ", "width", "高さ"])


# --- networks --------------------------------------------------------------------------------------------------------


def networks() -> Iterator[Case]:
    for name in activations.registry.names():
        yield f"network-activation-{name}", lambda name=name: Network((3, 4, 2), name, rng=0)
    for name in losses.registry.names():
        yield f"network-loss-{name}", lambda name=name: Network((3, 4, 2), "tanh", loss=name, rng=1)
    options: dict[str, Callable[[], Network]] = {
        "lecture": lambda: Network((3, 10, 3), rng=0),
        "no-hidden-layer": lambda: Network((3, 2), loss="squared_error", bias=False, rng=0),
        "deep": lambda: Network((3, 4, 3, 4, 2), ["tanh", "gelu", "selu"], dropout=[0.1, 0.2, 0.0], rng=1),
        "float32": lambda: Network((3, 4, 3, 2), "silu", dropout=0.1, l2=0.5, dtype=np.float32, rng=1),
        "constants": lambda: Network(
            (3, 4, 3, 1),
            [activations.get("leaky_relu", alpha=0.3), activations.get("elu", alpha=2.0)],
            loss=losses.get("huber", threshold=2.0),
            rng=2,
        ),
        "quantile": lambda: Network((3, 4, 1), loss=losses.get("quantile", quantile=0.9), rng=2),
        "output-activation": lambda: Network(
            (3, 4, 2), "sigmoid", loss="squared_error", output_activation="tanh", rng=3
        ),
        "output-leaky": lambda: Network(
            (3, 2), loss="absolute_error", output_activation=activations.get("leaky_relu", alpha=0.5), rng=3
        ),
        "no-bias": lambda: Network((3, 4, 2), bias=False, init="he_uniform", rng=4),
    }
    for name, make in options.items():
        yield f"network-{name}", make


# --- tables ----------------------------------------------------------------------------------------------------------

N = 160
T = np.random.default_rng(9)
HEIGHT = T.normal(170, 9, N).round(1)
KIND = np.array(["赤", "green", "b, c", 'say "d"'])[T.integers(0, 4, N)]
PAY = np.exp(T.normal(3, 1.5, N)).round(2)
DAY = np.datetime64("2020-01-01") + T.integers(0, 900, N)


def _texts(values: Any, missing: int = 0) -> list[str]:
    """Cells as a file has them; every ``missing``-th is empty."""
    return ["" if missing and i % missing == 3 else str(value) for i, value in enumerate(values)]


SCORE = (HEIGHT - 170) / 9 + (KIND == "赤") + np.log(PAY) / 3 + T.normal(0, 0.3, N)
COLUMNS: dict[str, Any] = {
    "height": _texts(HEIGHT, missing=17),
    "pay": _texts(PAY),
    "count": _texts(T.integers(0, 40, N)),
    "種類": _texts(KIND, missing=23),
    "rare": _texts(np.where(T.uniform(size=N) < 0.05, [f"r{i}" for i in range(N)], "usual")),
    "truth": _texts(T.integers(0, 2, N).astype(bool)),
    "day": _texts(DAY, missing=31),
    "time": [f"{day}T{hour:02d}:30:00" for day, hour in zip(DAY, T.integers(0, 24, N), strict=True)],
    "always": ["same"] * N,
    "id": [f"row {i:04d}" for i in range(N)],
}
TARGETS: dict[str, Any] = {
    "two-texts": _texts(np.where(SCORE > 1.2, "はい", "いいえ")),
    "three-texts": _texts(np.array(["low", "mid", "high"])[np.digitize(SCORE, [0.6, 1.8])]),
    "integers": _texts(np.digitize(SCORE, [0.6, 1.8]) + 7),
    "truth": _texts(SCORE > 1.2),
    "fractions": _texts(np.where(SCORE > 1.2, 1.5, 0.25)),
    "number": _texts(SCORE.round(4)),
    "amount": _texts(np.exp(2 * SCORE).round(3)),
}
QUICK: dict[str, Any] = {"hidden": (5,), "epochs": 4, "lr": 0.01}
SETTINGS: dict[str, tuple[str, dict[str, Any]]] = {
    **{f"schedule-{name}": ("two-texts", {"schedule": name}) for name in schedules.registry.names()},
    **{f"optimizer-{name}": ("number", {"optimizer": name}) for name in optimizers.registry.names()},
    **{f"activation-{name}": ("number", {"activation": name}) for name in activations.registry.names()},
    "no-hidden-layer": ("three-texts", {"hidden": ()}),
    "two-hidden-layers": ("amount", {"hidden": (5, 4)}),
    "unscaled-number": ("number", {"scale": False}),
    "unscaled-classes": ("integers", {"scale": False}),
    "balanced": ("three-texts", {"class_weight": "balanced"}),
    "no-early-stopping": ("two-texts", {"early_stopping": False}),
    "no-validation": ("two-texts", {"validation": 0.0}),
    "output-activation": ("number", {"output_activation": "tanh"}),
    "everything": (
        "three-texts",
        {
            "batch_size": 20,
            "dropout": 0.3,
            "l2": 0.1,
            "validation": 0.2,
            "patience": 3,
            "seed": 5,
            "warmup": 4,
            "tol": 0.01,
            "clip_norm": 1.0,
            "init": "he_uniform",
        },
    ),
    "long-history": ("two-texts", {"epochs": 80, "patience": 80}),
}


def table_model(
    target: str,
    settings: dict[str, Any],
    asked: dict[str, Any] | None = None,
    columns: list[str] | None = None,
) -> TableModel:
    table = Table({name: COLUMNS[name] for name in columns or COLUMNS} | {"y": TARGETS[target]})
    model = TableModel.fit(table, infer(table, "y", **(asked or {})), Settings(**{**QUICK, **settings}))
    model.test = model.evaluate(table)
    return model


def table_models() -> Iterator[Case]:
    for target in TARGETS:
        yield f"table-target-{target}", lambda target=target: table_model(target, {})
    for column in ("height", "pay", "count", "種類", "rare", "truth", "day", "time"):
        name = {"種類": "kind"}.get(column, column)
        yield f"table-column-{name}", lambda column=column: table_model("two-texts", {}, columns=[column])
    for name, (target, settings) in SETTINGS.items():
        yield f"table-{name}", lambda target=target, settings=settings: table_model(target, settings)
    yield (
        "table-asked",
        lambda: table_model(
            "integers",
            {},
            {"task": "regression", "categorical": ["count"], "drop": ["pay"], "numeric": ["height"]},
        ),
    )


# --- files as older versions wrote them ------------------------------------------------------------------------------


def _with_schema_0(path: Path) -> None:
    contents = model_file.read_model(path)
    now, model_file.SCHEMA = model_file.SCHEMA, 0
    model_file.write_model(path, contents.kind, contents.model, contents.tensors)
    model_file.SCHEMA = now


def _with_the_settings_of_the_first_files(path: Path) -> None:
    contents = model_file.read_model(path)
    first = (
        "hidden",
        "activation",
        "epochs",
        "lr",
        "batch_size",
        "dropout",
        "l2",
        "validation",
        "patience",
        "seed",
    )
    contents.model["settings"] = {key: contents.model["settings"][key] for key in first}
    model_file.write_model(path, contents.kind, contents.model, contents.tensors)


AS_BEFORE: dict[str, tuple[Callable[[], Any], Callable[[Path], None]]] = {
    "older-schema-network": (lambda: Network((3, 4, 2), "tanh", rng=0), _with_schema_0),
    "older-schema-classifier": (lambda: classifier(), _with_schema_0),
    "older-schema-table": (lambda: table_model("two-texts", {}), _with_schema_0),
    "older-settings-table": (lambda: table_model("number", {}), _with_the_settings_of_the_first_files),
}


# --- answers ---------------------------------------------------------------------------------------------------------


def inputs() -> dict[str, Any]:
    """What the models are asked: rows of numbers, rows of a table, and rows to learn further from."""
    table = {name: values[:ROWS] for name, values in COLUMNS.items()}
    table["height"][1], table["種類"][2], table["rare"][3] = "", "never seen", "?"
    rows = X[:ROWS] + 0.25
    return {"numbers": rows.tolist(), "table": table, "more": X.tolist(), "texts": TWO.tolist()} | {
        "integers": THREE.tolist(),
        "values": VALUES.tolist(),
    }


def answers(model: Any, name: str, asked: dict[str, Any]) -> dict[str, Any]:
    """What a model says to the inputs, and after one more epoch where it was trained in parts."""
    kind = "table" if isinstance(model, TableModel) else "numbers"
    rows: Any = asked[kind] if kind == "table" else np.array(asked[kind])
    found: dict[str, Any] = {"inputs": kind, "dtype": _dtype(model)}
    for method in ("predict", "predict_proba", "decision_function"):
        if hasattr(model, method) and not (
            method == "predict_proba" and getattr(model, "task", "") == "regression"
        ):
            found[method] = np.asarray(getattr(model, method)(_named(model, rows))).tolist()
    if "in-parts" in name and name != "perceptron-in-parts":
        key = (
            "values"
            if isinstance(model, MLPRegressor)
            else "texts"
            if name.endswith("dropout")
            else "integers"
        )
        model.partial_fit(np.array(asked["more"]), np.array(asked[key]))
        found["then"] = {"learn": key, "coefs": [W.tolist() for W in model.coefs_]}
    return found


def _named(model: Any, rows: Any) -> Any:
    if not hasattr(model, "feature_names_in_"):
        return rows
    import pandas

    return pandas.DataFrame(rows, columns=model.feature_names_in_)


def _dtype(model: Any) -> str:
    if hasattr(model, "network"):
        return str(model.network.dtype)
    return str(model.dtype if isinstance(model, Network) else model.coefs_[0].dtype)


def main(archive: Path) -> None:
    """Write the archive."""
    backends.use("numpy")
    asked, said = inputs(), {}
    cases = chain(estimators(), networks(), table_models(), ((k, make) for k, (make, _) in AS_BEFORE.items()))
    with ZipFile(archive, "x", ZIP_DEFLATED, compresslevel=9) as files, TemporaryDirectory() as folder:
        for name, make in cases:
            path = Path(folder) / "m.tasou"
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                model = make()
                tasou.save(model, path)
                if name in AS_BEFORE:
                    AS_BEFORE[name][1](path)
                said[name] = answers(model, name, asked)
            files.writestr(ZipInfo(f"{name}.tasou"), path.read_bytes(), ZIP_DEFLATED)
        text = json.dumps({"inputs": asked, "answers": said}, ensure_ascii=False, indent=1)
        files.writestr(ZipInfo("answers.json"), text, ZIP_DEFLATED)
    print(f"{len(said)} files, {archive.stat().st_size / 1e6:.2f} MB in {archive}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
