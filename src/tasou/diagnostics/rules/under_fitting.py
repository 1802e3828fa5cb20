"""T020: hardly better on the training rows than always answering the same."""

from __future__ import annotations

from tasou.diagnostics.finding import Evidence
from tasou.diagnostics.record import Record
from tasou.diagnostics.remedies import MORE_EPOCHS
from tasou.diagnostics.remedy import Remedy
from tasou.diagnostics.suggestions import settings

code = "T020"
needs = ("fit",)
title = {"en": "Underfitting", "ja": "学習不足"}
what = {
    "en": "On the very rows it has learnt from, the network is hardly better than a constant answer.",
    "ja": "学習に使ったデータに対してさえ、常に同じ答えを返す場合とほとんど変わらない。",
}
why = {
    "en": "Something keeps the network from fitting: a penalty or dropout that is too strong, too few units or no bend "
    "for the shape of the data, too few updates, or features that do not tell the target.",
    "ja": "何かが学習を妨げている。正則化やドロップアウトが強すぎる、ユニットが足りない、活性化関数が線形である、"
    "更新回数が足りない、あるいは特徴量から目的変数が分からない、などが考えられる。",
}
fix = (
    Remedy("weaken the L2 penalty", "L2 正則化を弱める", "alpha={weaker}", "--l2 {weaker}"),
    Remedy("weaken weight decay", "重み減衰を弱める", "weight_decay={undecayed}"),
    Remedy("use less dropout", "ドロップアウトを減らす", "dropout={kept}", "--dropout {kept}"),
    Remedy(
        "use hidden layers with a bend: without, any number of layers is a linear model",
        "隠れ層に非線形の活性化関数を使う（なければ何層あっても線形モデル）",
        "activation='{bent}'",
        "--activation {bent}",
    ),
    Remedy("use more units", "ユニットを増やす", "hidden_layer_sizes=({wider})", "--hidden {wider}"),
    MORE_EPOCHS,
    Remedy("see whether the features can tell the target at all", "特徴量から目的変数が分かるのかを確かめる"),
)
EVIDENCE = {
    "en": "the loss on the training rows is {loss:.4g}, no better than {share:.0%} of the {baseline:.4g} that the best "
    "constant answer has{cause}",
    "ja": "学習データでの損失は {loss:.4g} で、最良の定数予測の損失 {baseline:.4g} の {share:.0%} もある{cause}",
}
CAUSES = {
    "weaker": {"en": "; the L2 penalty is strong", "ja": "。L2 正則化が強い"},
    "undecayed": {"en": "; weight decay is strong", "ja": "。重み減衰が強い"},
    "kept": {
        "en": "; most units are silenced by dropout",
        "ja": "。ドロップアウトで大半のユニットが止められている",
    },
    "bent": {
        "en": "; without a bend in it the network is a linear model",
        "ja": "。非線形の層がない線形モデルである",
    },
}
"""the likely cause, by the placeholder that has a value where it is one"""
UNKNOWN = {"en": "", "ja": ""}


def examine(record: Record, *, learnt: float = 0.1) -> Evidence | None:
    """Less than ``learnt`` of the best constant's loss is gone when the training is over."""
    fit, run = record.fit, record.run
    if fit is None or run.running or run.diverged or not fit.learnt < learnt or fit.loss > 2 * fit.baseline:
        return None
    suggested = settings(record)
    cause = next((words for key, words in CAUSES.items() if key in suggested), UNKNOWN)
    values = {"loss": fit.loss, "baseline": fit.baseline, "share": fit.loss / fit.baseline, "cause": cause}
    return Evidence("problem", EVIDENCE, values)
