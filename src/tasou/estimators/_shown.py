"""What a notebook shows of a fitted estimator: below scikit-learn's diagram of its parameters, what was learnt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from tasou.language import say
from tasou.network import Network
from tasou.shown import curve, fragment, html_table, unfolding

Fact = tuple[str, object]

MOST_CLASSES, MOST_FEATURES = 10, 8
"""rows and columns up to which the weights of a linear model are written out"""

TEXTS = {
    "learnt": {"en": "What it learnt", "ja": "学習の結果"},
    "classes": {"en": "classes", "ja": "クラス"},
    "epochs": {"en": "epochs", "ja": "エポック数"},
    "iterations": {"en": "iterations", "ja": "反復回数"},
    "loss": {"en": "loss at the end", "ja": "最後の損失"},
    "validation": {"en": "best score on rows kept out", "ja": "検証用の行での最良のスコア"},
    "curve": {"en": "Loss, epoch by epoch{dashed}", "ja": "エポックごとの損失{dashed}"},
    "dashed": {"en": " (dashed: rows kept out)", "ja": "（破線：検証用の行）"},
    "mistakes": {"en": "Mistakes of each epoch", "ja": "エポックごとの誤りの数"},
    "converged": {"en": "converged", "ja": "収束"},
    "yes": {"en": "yes: no mistake is left", "ja": "した（誤りは残っていない）"},
    "no": {"en": "no: mistakes are left", "ja": "していない（誤りが残っている）"},
    "network": {"en": "network", "ja": "ネットワーク"},
    "weights": {"en": "Weights W and bias b", "ja": "重み W とバイアス b"},
    "shape": {"en": "W is {rows} × {columns}", "ja": "W は {rows} × {columns}"},
    "more": {"en": "{first}, … ({n} in all)", "ja": "{first}、…（全 {n} 個）"},
}


def _curve(loss: Sequence[float], validation: Sequence[float] = ()) -> str:
    """The losses as a drawing, its name saying what is dashed, if anything is."""
    dashed = say(TEXTS["dashed"]) if len(validation) else ""
    return curve(loss, say(TEXTS["curve"], dashed=dashed), second=validation)


class ShowsWhatItLearnt:
    """Adds to scikit-learn's HTML what ``_learnt_html`` says, once there is something to say."""

    def _learnt_html(self) -> str:
        """A piece of HTML; nothing before ``fit``."""
        return ""

    def _repr_html_inner(self) -> str:
        return f"{super()._repr_html_inner()}{self._learnt_html()}"  # type: ignore[misc]

    def _repr_mimebundle_(self, **asked: Any) -> dict[str, str]:
        bundle: dict[str, str] = super()._repr_mimebundle_(**asked)  # type: ignore[misc]
        if "text/html" in bundle:
            bundle["text/html"] += self._learnt_html()
        return bundle


def network_of(estimator: Any) -> Network | None:
    """The network of a fitted estimator."""
    return estimator._network if "coefs_" in vars(estimator) else None


def learnt(facts: Iterable[Fact], *parts: str) -> str:
    """The facts as a table under the heading, and what stands below it."""
    return fragment(say(TEXTS["learnt"]), html_table(("", ""), list(facts)), *parts)


def listed(values: Sequence[object], most: int = MOST_CLASSES) -> str:
    """Some values of many, in a line."""
    first = ", ".join(str(value) for value in values[:most])
    return first if len(values) <= most else say(TEXTS["more"], first=first, n=len(values))


def classes_of(estimator: Any) -> list[Fact]:
    """The classes, where there are any."""
    found = getattr(estimator, "classes_", None)
    return [] if found is None else [(say(TEXTS["classes"]), listed(found))]


def network_learnt(estimator: Any) -> str:
    """A multilayer perceptron: its network, how its training ended, the loss of each epoch."""
    from tasou.network.ledger.diagram import network_html

    network = network_of(estimator)
    if network is None:
        return ""
    facts: list[Fact] = [
        (say(TEXTS["network"]), repr(network)),
        *classes_of(estimator),
        (say(TEXTS["epochs"]), f"{estimator.n_iter_:,}"),
    ]
    if hasattr(estimator, "loss_"):
        facts.append((say(TEXTS["loss"]), f"{estimator.loss_:.4g}"))
    best = estimator.best_validation_score_
    if best is not None and np.isfinite(best):
        facts.append((say(TEXTS["validation"]), f"{best:.4g}"))
    drawing = _curve(estimator.loss_curve_, estimator.validation_loss_curve_ or ())
    return learnt(facts, drawing, unfolding(say(TEXTS["network"]), network_html(network)))


def linear_learnt(estimator: Any) -> str:
    """Logistic and softmax regression: iterations, weights where they are few, the loss of each iteration."""
    network = network_of(estimator)
    if network is None:
        return ""
    facts: list[Fact] = [(say(TEXTS["iterations"]), int(np.max(estimator.n_iter_)))]
    values = getattr(estimator, "loss_curve_", [])
    if values:
        facts.append((say(TEXTS["loss"]), f"{values[-1]:.4g}"))
    return learnt([*classes_of(estimator), *facts], weights(estimator, network), _curve(values))


def perceptron_learnt(estimator: Any) -> str:
    """A perceptron: whether it converged, its weights, the mistakes of each epoch."""
    network = network_of(estimator)
    if network is None:
        return ""
    facts: list[Fact] = [
        (say(TEXTS["epochs"]), int(np.max(estimator.n_iter_))),
        (say(TEXTS["converged"]), say(TEXTS["yes" if estimator.converged_ else "no"])),
    ]
    title = say(TEXTS["mistakes"])
    return learnt(
        [*classes_of(estimator), *facts],
        weights(estimator, network),
        f"<p>{title}</p>",
        curve(estimator.mistakes_, title),
    )


def weights(estimator: Any, network: Network) -> str:
    """A row of W and b for each output."""
    W, b = network[1].W, network[1].b
    if W.shape[0] > MOST_CLASSES or W.shape[1] > MOST_FEATURES:
        return f"<p>{say(TEXTS['shape'], rows=W.shape[0], columns=W.shape[1])}</p>"
    names = getattr(estimator, "feature_names_in_", [f"x_{j + 1}" for j in range(W.shape[1])])
    labels = estimator.classes_ if len(W) > 1 else estimator.classes_[-1:]
    rows = [
        (label, *(f"{w:.4g}" for w in row), f"{bias:.4g}")
        for label, row, bias in zip(labels, W, b, strict=True)
    ]
    table = html_table(("", *names, "b"), rows, right=range(1, W.shape[1] + 2))
    return f"<p>{say(TEXTS['weights'])}</p>{table}"
