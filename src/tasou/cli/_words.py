"""A model in words: the shape of its network, how its training ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasou.language import say

if TYPE_CHECKING:
    from tasou.models.table_model import TableModel
    from tasou.network import Network
    from tasou.tabular.ensemble import Ensemble

COMMA = {"en": ", ", "ja": "、"}
NOTE = {"en": "note: {text}", "ja": "注：{text}"}
ENDINGS = {
    "converged": {
        "en": "stopped after {n} epochs, no longer improving",
        "ja": "{n} エポックで終了（改善が止まったため）",
    },
    "best": {
        "en": "; kept are the weights of epoch {best}, where the validation loss was lowest",
        "ja": "。検証損失が最小だった {best} エポック目の重みを使う",
    },
    "still": {
        "en": "; the last epoch was the best so far: more --epochs may help",
        "ja": "。最後のエポックが最良だったので、--epochs を増やすとさらに良くなる可能性がある",
    },
    "epochs": {"en": "finished {n} epochs", "ja": "{n} エポックを終了"},
    "callback": {"en": "ended by a callback after {n} epochs", "ja": "{n} エポックでコールバックにより終了"},
    "time": {
        "en": "ended after {n} epochs, when the time was over",
        "ja": "{n} エポックで終了（時間切れのため）",
    },
    "interrupted": {
        "en": "interrupted after {n} epochs: what was learnt is not lost",
        "ja": "{n} エポックで中断：それまでの学習結果を残す",
    },
}


MADE = {
    "networks": {"en": ": {k} networks", "ja": "、ネットワーク {k} 個"},
    "standing": {"en": ": {k} networks at {m} moments each", "ja": "、ネットワーク {k} 個の各 {m} 時点"},
    "network": {"en": "network {shape}, {n} parameters", "ja": "ネットワーク {shape}、パラメータ {n} 個"},
    "members": {
        "en": "{kind}; the first: {shape}, {n} parameters",
        "ja": "{kind}。最初のもの：{shape}、パラメータ {n} 個",
    },
    "kind": {
        "en": "ensemble of {k} networks, preset {preset}",
        "ja": "{k} 個のネットワークのアンサンブル（プリセット {preset}）",
    },
    "chosen": {
        "en": "chosen on rows kept out: {moments}{linear}{temperature}",
        "ja": "除いておいた行で選択：{moments}{linear}{temperature}",
    },
    "moments": {
        "en": "each member as it stood at dip {moments} of its learning rate",
        "ja": "学習率の谷（{moments} 番目）での各メンバー",
    },
    "linear": {"en": ", {share:.0%} of a linear model", "ja": "、線形モデルの割合 {share:.0%}"},
    "temperature": {"en": ", temperature {temperature:.2f}", "ja": "、温度 {temperature:.2f}"},
}


def holds(model: TableModel, lang: str | None = None) -> str:
    """What makes the file of an ensemble as large as it is; nothing of a single network."""
    k, m = len(model.ensemble.members), len(model.ensemble.members[0])
    return "" if k == 1 else say(MADE["standing" if m > 1 else "networks"], lang, k=k, m=m)


def kind(model: TableModel, lang: str | None = None) -> str:
    """What sort of model it is: its network, or how many there are."""
    if model.preset == "plain":
        return made(model, lang)[0]
    return say(MADE["kind"], lang, k=len(model.ensemble.members), preset=model.preset)


def made(model: TableModel, lang: str | None = None) -> list[str]:
    """What was trained, a line each: the network and its end, or the members, what was done, what was chosen."""
    ensemble, first = model.ensemble, model.ensemble.members[0][0]
    size = {"shape": shape(first), "n": f"{first.theta.size:,}"}
    if model.preset == "plain":
        return [say(MADE["network"], lang, **size), ending(model, lang)]
    lines = [say(MADE["members"], lang, kind=kind(model, lang), **size)]
    return [*lines, *(said.text(lang) for said in ensemble.effort), chosen(ensemble, lang)]


def chosen(ensemble: Ensemble, lang: str | None = None) -> str:
    """Which moments, how much of the linear model, what temperature, in one line."""
    choice = ensemble.choice
    moments = say(COMMA, lang).join(str(m + 1) for m in choice.snapshots)
    return say(
        MADE["chosen"],
        lang,
        moments=say(MADE["moments"], lang, moments=moments),
        linear=say(MADE["linear"], lang, share=choice.w) if choice.w else "",
        temperature=say(MADE["temperature"], lang, temperature=choice.temperature)
        if ensemble.aim.probabilities
        else "",
    )


def shape(network: Network) -> str:
    """The layers in one line.

    >>> from tasou.network import Network
    >>> shape(Network((2, 10, 3)))
    '2 → 10 relu → 3 softmax'
    """
    if not network.plain:
        return repr(network).partition("(")[2].partition(", ")[0]
    names = [*(f.label for f in network.activations[:-1]), network.output]
    layers = (f"{units} {name}" for units, name in zip(network.sizes[1:], names, strict=True))
    return " → ".join([str(network.sizes[0]), *layers])


def best_epoch(model: TableModel) -> int | None:
    """The epoch whose weights the model has kept, from 1; ``None`` for the last one's, whatever its loss was."""
    validation = model.history.get("validation_loss") if model.settings.early_stopping else None
    return validation.index(min(validation)) + 1 if validation else None


def ending(model: TableModel, lang: str | None = None) -> str:
    """How training ended, in one line."""
    by_time = model.finished == "callback" and model.settings.max_time is not None
    text = say(ENDINGS["time" if by_time else model.finished], lang, n=len(model.history["loss"]))
    best = best_epoch(model)
    if model.finished == "epochs" and best == len(model.history["loss"]):
        return text + say(ENDINGS["still"], lang)
    return text + (say(ENDINGS["best"], lang, best=best) if best else "")
