"""What a page can choose from: everything that is registered, with what its own file says of it."""

from __future__ import annotations

from functools import cache
from typing import Any

from tasou import datasets
from tasou.formulas import activations, initializers, losses, optimizers, schedules
from tasou.play import shaped, stack
from tasou.play.drawn import CURVES
from tasou.play.made import MADE
from tasou.play.rows import plane_sets
from tasou.play.setup import KNOBS, START
from tasou.training import Recipe
from tasou.training.iterations import LBFGS
from tasou.training.knobs import knobs_of

ADAM = {"optimizer": "adam", "lr": 0.01}
SUITS: dict[str, dict[str, Any]] = {
    "curve": {"recipe": ADAM},
    "hills": {"recipe": ADAM},
    "formula": {"recipe": ADAM},
    "digits": {"recipe": {"optimizer": "adam", "lr": 0.005, "batch_size": 32, "hidden": [16]}},
    **shaped.SUITS,
}
"""settings, and layers, that do well on these data"""
FAMILIES = {
    "activation": activations, "loss": losses, "optimizer": optimizers, "schedule": schedules, "init": initializers,
}  # fmt: skip


@cache
def offered() -> dict[str, Any]:
    """Names with their notes in both languages; settings with what they do."""
    families = {
        kind: [
            {"name": card.name, "label": card.label, "notes": dict(card.notes)} for card in family.registry
        ]
        for kind, family in FAMILIES.items()
    }
    families["optimizer"].append({"name": LBFGS.name, "label": LBFGS.label, "notes": dict(LBFGS.notes)})
    rates = {card.name: card.lr for card in (*optimizers.registry, LBFGS)}
    knobs = {name: dict(knob.help) for name, knob in knobs_of(Recipe).items() if name in KNOBS}
    sets = [{"name": name, "title": dict(datasets.make(name, 20).title)} for name in plane_sets()]
    made = [name for name in MADE if name not in ("points", "random")]
    return {
        **families, "rates": rates, "knobs": knobs, "data": sets, "made": made,
        "suits": SUITS, "usual": START, "layers": stack.MADE_WITH, "reads": stack.READS,
        "curves": {name: formula for name, (formula, _) in CURVES.items()},
    }  # fmt: skip
