"""An ensemble of a table as it is exported: its members, its linear model as a network, the formulas that join them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.errors import TasouError, UnknownName
from tasou.exporting.plan import Member
from tasou.formulas import blending, logarithm, quantiles
from tasou.layers import Columns, Dense, Embedding, Layer
from tasou.messages import Message, Sentence
from tasou.network import Network
from tasou.tabular.aims import Aim, Counts, Logarithms, Numbers, Quantiles
from tasou.tabular.ensemble import Ensemble
from tasou.tabular.networks import Group
from tasou.tabular.singles import Single, best, typical

MEMBER = Message("kind.member", en="member", ja="メンバー")
NOT_JUDGED = Message(
    "export.not_judged",
    en="how good each member is alone is not known of this ensemble: export it whole",
    ja="このアンサンブルでは、メンバー単独の性能がわかりません。全体を書き出してください",
)
COST = Message(
    "export.cost",
    en="one member alone: on rows kept out, a member's loss is {loss:.4g} on average, the whole ensemble's {whole:.4g}",
    ja="メンバー単独の損失は、学習に使わなかった行で平均 {loss:.4g} です（アンサンブル全体では {whole:.4g}）",
)
COST_OF_CLASSES = Message(
    "export.cost_of_classes",
    en="one member alone: on rows kept out, a member names {right:.2%} rightly on average, the whole ensemble "
    "{whole_right:.2%}; its log-loss is {loss:.4g}, the ensemble's {whole:.4g}",
    ja="メンバー単独の正解率は、学習に使わなかった行で平均 {right:.2%} です"
    "（アンサンブル全体では {whole_right:.2%}）。対数損失は {loss:.4g}（全体では {whole:.4g}）",
)
MEMBERS = ("best",)
Array = NDArray[Any]


@dataclass(frozen=True)
class Joined:
    """What an ensemble is made of; see `Plan <tasou.exporting.plan.Plan>`."""

    members: tuple[Member, ...]
    second: tuple[Network, ...]
    link: Callable[..., Any] | None
    blend: Callable[..., Any] | None
    units: tuple[Callable[..., Any], ...]


def joined(ensemble: Ensemble, member: str | None = None) -> Joined:
    """The parts of an ensemble, or of its best member. Several networks answer in double precision, as for few rows."""
    ensemble = ensemble if member is None else chosen(ensemble, member)[0]
    double = sum(map(len, ensemble.members)) > 1
    members = tuple(
        Member(tuple(n.in_float64() if double else n for n in networks), 1 / len(ensemble.members))
        for networks in ensemble.members
    )
    second = linear_networks(ensemble) if ensemble.linear is not None else ()
    link = blending.logarithms if ensemble.aim.probabilities else None
    return Joined(members, second, link, _blend(ensemble, bool(second)), units(ensemble.aim))


def chosen(ensemble: Ensemble, member: str) -> tuple[Ensemble, Single | None]:
    """An ensemble of one member alone, and what a member is worth; None where it is all there was.

    Raises
    ------
    UnknownName
        it is none of the words for a member
    TasouError
        nobody knows how good the members are
    """
    if member not in MEMBERS:
        raise UnknownName(MEMBER, member, MEMBERS)
    if len(ensemble.members) == 1:
        return replace(ensemble, linear=None, features=None) if ensemble.linear else ensemble, None
    if not ensemble.singles:
        raise TasouError(NOT_JUDGED)
    j = best(ensemble.singles)
    return replace(ensemble, members=[ensemble.members[j]], linear=None, features=None), typical(
        ensemble.singles
    )


def told(single: Single) -> Sentence:
    """What a member costs beside the ensemble."""
    if single.right is None:
        return COST(loss=single.loss, whole=single.whole)
    parts = {"right": single.right, "whole_right": single.whole_right}
    return COST_OF_CLASSES(loss=single.loss, whole=single.whole, **parts)


def _blend(ensemble: Ensemble, second: bool) -> Callable[..., Any] | None:
    """The formula ``(mean, second, xp)``, or ``(mean, xp)``, of what the ensemble says before its unit."""
    w, T = ensemble.choice.w, ensemble.choice.temperature
    if not ensemble.aim.probabilities:
        return (lambda mean, other, xp: blending.mixed(mean, other, w=w)) if second else None
    if second:
        return partial(_of_two_models, w=w, temperature=T)
    return partial(_of_one_model, temperature=T)


def _of_one_model(log_p: Any, xp: Any, *, temperature: float) -> Any:
    return blending.probabilities(blending.softened(log_p, xp, temperature=temperature), xp)


def _of_two_models(log_p: Any, other: Any, xp: Any, *, w: float, temperature: float) -> Any:
    log_q = blending.logarithms(other, xp)
    return blending.probabilities(blending.blended(log_p, log_q, xp, w=w, temperature=temperature), xp)


def units(aim: Aim) -> tuple[Callable[..., Any], ...]:
    """For each number the formula ``(parts, xp)`` that brings it into the target's unit, of all that was said."""
    if isinstance(aim, Counts):
        return (lambda parts, xp: blending.counted(parts[0], xp, mean=aim.mean, high=aim.high),)
    if isinstance(aim, Logarithms):
        return (partial(_by_logarithm, aim=aim),)
    if not isinstance(aim, Numbers) or aim == Numbers():
        return ()
    of = [np.broadcast_to(part, aim.outputs).tolist() for part in (aim.mean, aim.scale, aim.low, aim.high)]
    before = partial(_levels, aim=aim) if isinstance(aim, Quantiles) else None
    return tuple(
        partial(_number, k=k, before=before, mean=m, scale=s, low=low, high=high)
        for k, (m, s, low, high) in enumerate(zip(*of, strict=True))
    )


def _by_logarithm(parts: Any, xp: Any, *, aim: Logarithms) -> Any:
    of = {"unit": aim.unit, "smear": aim.smear, "low": aim.low[0], "high": aim.high[0]}
    return logarithm.back(parts[0] * aim.scale[0] + aim.mean[0], xp, **of)


def _number(parts: Any, xp: Any, *, k: int, before: Callable[..., Any] | None, **unit: float) -> Any:
    found = parts if before is None else before(parts, xp)
    return blending.in_unit(found[k], xp, **unit)


def _levels(parts: Any, xp: Any, *, aim: Quantiles) -> Any:
    """The levels of a row in order, each where it holds on rows kept out."""
    found = quantiles.ordered(parts, xp)
    if not aim.shifts:
        return found
    width = quantiles.width(found[0], found[-1], xp, least=aim.least)
    parts = [quantiles.moved(z, width, c) for z, c in zip(found, aim.shifts, strict=True)]
    return quantiles.ordered(parts, xp)


def linear_networks(ensemble: Ensemble) -> tuple[Network, ...]:
    """Networks in double precision whose mean is what the linear model says: probabilities of classes, or numbers.

    Of several classes that is one for each fold model, with a softmax. Else it is a single one with a row of weights
    for each fold, whose last layer averages probabilities of two classes.
    """
    assert ensemble.linear is not None and ensemble.features is not None
    group, w = ensemble.features.group, ensemble.linear.w.astype(np.float64)
    if w.ndim > 2:
        return tuple(_additive(group, W, [Dense(len(W))], "cross_entropy") for W in w)
    if not ensemble.aim.probabilities:
        return (_additive(group, w.mean(axis=0, keepdims=True), [Dense(1)], "squared_error"),)
    network = _additive(
        group, np.concatenate([-w, w]), [Dense(2 * len(w), "sigmoid"), Dense(2)], "squared_error"
    )
    network[3].W[...] = np.repeat(np.eye(2), len(w), axis=1) / len(w)
    network[3].b[...] = 0
    return (network,)


def _additive(group: Group, W: Array, dense: list[Layer], loss: str) -> Network:
    """Squashed and binned columns and levels; the first of the dense layers behind weighs them by W (rows, d + 1)."""
    rows, numbers = len(W), len(group.squashed) + group.n_bins
    parts: list[tuple[tuple[int, ...], tuple[Layer, ...]]] = group.numbers()
    if group.codes:
        levels = tuple(group.kinds[j].levels for j in group.codes)
        parts = [*parts, (tuple(group.codes), (Embedding(levels, rows),))]
    layers: list[Layer] = [Columns(tuple(parts)), *dense]
    network = Network(layers=layers, inputs=len(group.kinds), loss=loss, init="zeros")
    network[2].W[...] = np.concatenate([W[:, :numbers], *[np.eye(rows)] * len(group.codes)], axis=1)
    network[2].b[...] = W[:, -1]
    if group.codes:
        network.parameters[1].part(len(parts)).part(1).E[...] = _rows_of_levels(group, W[:, numbers:-1])
    return network


def _rows_of_levels(group: Group, W: Array) -> Array:
    """(levels of all columns, rows): what each level weighs; one that was never seen weighs nothing."""
    found, start = [], 0
    for j in group.codes:
        n = group.kinds[j].levels - 1
        found += [np.zeros((1, len(W))), W[:, start : start + n].T]
        start += n
    return np.concatenate(found)
