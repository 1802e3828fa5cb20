"""Every registered formula of a family: the formula, its slope, notes for learners, and the lines that run."""

from __future__ import annotations

import importlib
import inspect
from typing import TYPE_CHECKING

from weaving import pictures
from weaving.marks import COLON, COMMA

if TYPE_CHECKING:
    from tasou.formulas.registry import Formula
    from weaving.blocks import Block
    from weaving.page import Page

WORDS = {
    "output": {"en": "output function", "ja": "出力関数"},
    "targets": {"en": "targets", "ja": "目標値"},
    "parameters": {"en": "parameters", "ja": "パラメータ"},
    "lr": {"en": "usual learning rate", "ja": "標準の学習率"},
    "state": {"en": "remembers between updates", "ja": "更新の間で覚えているもの"},
    "distribution": {"en": "distribution", "ja": "分布"},
    "lines": {"en": "The lines that run:", "ja": "実行されるコード："},
}
VALUES = {
    "one_hot": {"en": "one-hot rows", "ja": "ワンホット"},
    "binary": {"en": "0 or 1", "ja": "0 か 1"},
    "real": {"en": "any number", "ja": "実数"},
    "count": {"en": "counts ≥ 0", "ja": "0以上の個数"},
    "sign": {"en": "−1 or +1", "ja": "−1 か +1"},
    "uniform": {"en": "uniform", "ja": "一様分布"},
    "normal": {"en": "normal", "ja": "正規分布"},
    "zeros": {"en": "none", "ja": "なし"},
}
LECTURE = (
    "relu", "sigmoid", "tanh", "leaky_relu", "cross_entropy", "binary_cross_entropy", "squared_error",
    "sgd", "constant",
)  # fmt: skip
FIRST = {name: place for place, name in enumerate(LECTURE)}
"""what the lecture speaks of comes first, in its order"""
LEFT_SIDE = {
    "activations": "f(z) = ",
    "losses": "L = ",
    "optimizers": "",
    "schedules": r"\alpha_u = ",
    "initializers": "",
}
SLOPE = {"activations": r"f'(z) = ", "losses": r"\delta = "}


def make(block: Block, page: Page) -> str:
    """All formulas of the family named, each with a heading of the second level."""
    family = importlib.import_module(f"tasou.formulas.{block.argument}")
    shown = sorted(family.registry, key=lambda formula: FIRST.get(formula.name, len(FIRST)))
    return "\n\n".join(_show(formula, block.argument, page) for formula in shown)


def _show(formula: Formula, family: str, page: Page) -> str:
    parts = [f"## {formula.name}", *_equations(formula, family), formula.notes[page.lang]]
    parts += [_facts(formula, page.lang)]
    if family == "activations":
        parts.append(_picture(formula, page))
    parts.append(_source(formula, family, page.lang))
    return "\n\n".join(part for part in parts if part)


def _equations(formula: Formula, family: str) -> list[str]:
    latex = getattr(formula, "latex", "")
    slope = getattr(formula, "slope_latex", "") or getattr(formula, "delta_latex", "")
    lines = [(LEFT_SIDE[family], latex), (SLOPE.get(family, ""), slope)]
    by_constant = getattr(formula, "slope_of_latex", {})
    lines += [(rf"\frac{{\partial f}}{{\partial \{name}}} = ", right) for name, right in by_constant.items()]
    return [f"```{{math}}\n{left}{right}\n```" for left, right in lines if right]


def _facts(formula: Formula, lang: str) -> str:
    facts = {
        "output": getattr(formula, "output", None),
        "targets": VALUES.get(getattr(formula, "targets", ""), {}).get(lang),
        "distribution": VALUES.get(getattr(formula, "distribution", ""), {}).get(lang),
        "lr": getattr(formula, "lr", None),
        "state": COMMA[lang].join(getattr(formula, "state", ())),
        "parameters": COMMA[lang].join(f"`{key}={value}`" for key, value in formula.parameters.items()),
    }
    return "\n".join(f"- {WORDS[key][lang]}{COLON[lang]}{value}" for key, value in facts.items() if value)


def _picture(formula: Formula, page: Page) -> str:
    from matplotlib.figure import Figure

    from tasou import plots

    def draw() -> Figure:
        figure = Figure((6, 3.4), layout="constrained")
        plots.activation(formula, ax=figure.subplots(), lang=page.lang)
        return figure

    return pictures.show(draw, page)


def _source(formula: Formula, family: str, lang: str) -> str:
    """The functions of the formula's own file."""
    functions = [getattr(formula, name) for name in type(formula).functions]
    functions += getattr(formula, "slopes_of", {}).values()
    code = "\n\n".join(inspect.getsource(function).strip() for function in functions)
    caption = f"{WORDS['lines'][lang]} tasou/formulas/{family}/{formula.name}.py"
    return f"```{{code-block}} python\n:caption: {caption}\n\n{code}\n```"
