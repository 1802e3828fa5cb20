"""A model in words: the shape of its network, how its training ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasou.language import say

if TYPE_CHECKING:
    from tasou.models.table_model import TableModel
    from tasou.network import Network

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
    "interrupted": {
        "en": "interrupted after {n} epochs: what was learnt is not lost",
        "ja": "{n} エポックで中断：それまでの学習結果を残す",
    },
}


def shape(network: Network) -> str:
    """The layers in one line.

    >>> from tasou.network import Network
    >>> shape(Network((2, 10, 3)))
    '2 → 10 relu → 3 softmax'
    """
    names = [*(f.label for f in network.activations[:-1]), network.output]
    layers = (f"{units} {name}" for units, name in zip(network.sizes[1:], names, strict=True))
    return " → ".join([str(network.sizes[0]), *layers])


def best_epoch(model: TableModel) -> int | None:
    """The epoch whose weights the model has kept, from 1; ``None`` for the last one's, whatever its loss was."""
    validation = model.history.get("validation_loss") if model.settings.early_stopping else None
    return validation.index(min(validation)) + 1 if validation else None


def ending(model: TableModel, lang: str | None = None) -> str:
    """How training ended, in one line."""
    text = say(ENDINGS[model.finished], lang, n=len(model.history["loss"]))
    best = best_epoch(model)
    if model.finished == "epochs" and best == len(model.history["loss"]):
        return text + say(ENDINGS["still"], lang)
    return text + (say(ENDINGS["best"], lang, best=best) if best else "")
