"""What ails a run, in words; each remedy that is a setting can be tried: a run from the same beginning with it set."""

from __future__ import annotations

import shlex
from copy import copy, deepcopy
from dataclasses import replace
from typing import Any

import numpy as np

from tasou.diagnostics import diagnose
from tasou.diagnostics.finding import Finding, some
from tasou.language import LANGUAGES, say
from tasou.play.calculation import Later
from tasou.play.picture import held_of
from tasou.play.run import Run
from tasou.play.setup import KNOBS
from tasou.training import Training

ROWS = 500
MOST = 3
NOT_YET = {"T006", "T007", "T008", "T020"}
"""what is no illness before the first epoch: nothing has been learnt yet"""
BEFORE = {"en": "Nothing has been learnt yet.", "ja": "まだ何も学習していません。"}


def diagnosis(run: Run) -> Later:
    """At most three findings, gravest first: of the training as it stands, looked into while it goes on."""
    training, epoch = _standing(run), run.epoch
    held = held_of(run)

    def rest() -> dict[str, Any]:
        with np.errstate(all="ignore"):
            found = diagnose(
                training, run.data.X, run.data.Y, validation=held if len(held[0]) else None, rows=ROWS,
                feature_names=run.rows.features,
            )  # fmt: skip
        return {
            "heading": {lang: found.heading(lang) if epoch else say(BEFORE, lang) for lang in LANGUAGES},
            "findings": [_told(finding, run) for finding in found if epoch or finding.code not in NOT_YET][
                :MOST
            ],
            "epoch": epoch,
        }

    return Later(rest)


def _standing(run: Run) -> Training:
    """A training that stands where the run does, and stays there: what a diagnosis reads of it are its own copies."""
    twin = copy(run.training)
    twin.network, twin.gradient = deepcopy(run.network), deepcopy(run.training.gradient)
    twin.memory = {name: deepcopy(vector) for name, vector in run.training.memory.items()}
    twin.history = run.curves.history(run.epoch)
    if run.over:
        twin.divergence = run.diverged
    return twin


OF_DENSE_LAYERS = {"hidden", "activation", "dropout"}
"""settings that mean nothing to layers that were put together one by one"""


def _told(finding: Finding, run: Run) -> dict[str, Any]:
    remedies = []
    for remedy in finding.rule.fix:
        if remedy.possible(finding.suggested):
            change = change_of(remedy.typed(finding.suggested, "command"))
            if change and run.setup.layers is not None and OF_DENSE_LAYERS & set(change):
                change = None
            remedies.append({"text": {lang: remedy.words(lang) for lang in LANGUAGES}, "change": change})
    return {
        "code": finding.code,
        "severity": finding.severity,
        "title": dict(finding.rule.title),
        "evidence": {lang: _counted(finding).evidence(lang) for lang in LANGUAGES},
        "cause": {lang: finding.cause(lang) for lang in LANGUAGES},
        "remedies": remedies,
    }


def _counted(finding: Finding) -> Finding:
    """Units by their numbers on the page, where they are counted from 1, as in z₁."""
    units = finding.values.get("dead_units")
    if units is None:
        return finding
    values = {**finding.values, "which": some([unit + 1 for unit in units])}
    return replace(finding, found=replace(finding.found, values=values))


def change_of(typed: str) -> dict[str, Any] | None:
    """An option of the command line as a setting of the playground; None where it is none.

    >>> change_of("--lr 0.05"), change_of("--hidden 20,20"), change_of("--activation leaky_relu")
    ({'lr': 0.05}, {'hidden': [20, 20]}, {'activation': 'leaky_relu'})
    >>> change_of("--scale auto") is None, change_of("") is None
    (True, True)
    """
    words = shlex.split(typed)
    name = words[0].removeprefix("--").replace("-", "_") if len(words) == 2 else ""
    if name not in KNOBS:
        return None
    return {name: [int(n) for n in words[1].split(",")] if name == "hidden" else _plain(words[1])}


def _plain(word: str) -> Any:
    for kind in (int, float):
        try:
            return kind(word)
        except ValueError:
            continue
    return word
