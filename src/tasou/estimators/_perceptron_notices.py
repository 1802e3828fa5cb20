"""What the perceptron says: of data it cannot learn from, of calls that do not go together, of how it ended."""

from __future__ import annotations

from tasou.messages import Message

NO_PARTS_STOPPING = Message(
    "perceptron.early_stopping_in_parts",
    en="early_stopping should be False with partial_fit",
    ja="partial_fit を使うときは early_stopping=False にしてください",
)
NO_PARTS_BALANCED = Message(
    "perceptron.balanced_in_parts",
    en=(
        "class_weight 'balanced' is not supported for partial_fit, which never sees all rows; give a dict, "
        "for example from sklearn.utils.class_weight.compute_class_weight on a sample that is large enough"
    ),
    ja=(
        "partial_fit はすべての行を一度に見ないので、class_weight='balanced' は使えません。十分に大きなサンプ"
        "ルから sklearn.utils.class_weight.compute_class_weight などで求めた辞書を渡してください"
    ),
)
UNKNOWN_LABELS = Message(
    "perceptron.unknown_labels",
    en="y holds labels that are not in classes: {unknown}",
    ja="y に、classes にないラベルがあります：{unknown}",
)
NO_WEIGHT = Message(
    "perceptron.no_weight",
    en="sample_weight must not be all zero",
    ja="sample_weight をすべて0にはできません",
)
ONE_CLASS = Message(
    "perceptron.one_class",
    en="{where} holds one class only ({only!r}); a classifier needs at least two classes",
    ja="{where} には1つのクラス（{only!r}）しかありません。分類には2つ以上のクラスが必要です",
)
NOT_FINITE = Message(
    "perceptron.not_finite",
    en=(
        "the weights are no longer finite after epoch {epoch}. Scaling X with StandardScaler or MinMaxScaler "
        "might help."
    ),
    ja=(
        "エポック {epoch} のあと、重みが有限でなくなりました。StandardScaler や MinMaxScaler で X をスケーリ"
        "ングしてみてください"
    ),
)
NOT_CONVERGED = Message(
    "perceptron.not_converged",
    en="Maximum number of iteration reached before convergence. Consider increasing max_iter to improve the fit.",
    ja="収束する前に最大エポック数に達しました。max_iter を増やすとよくなるかもしれません",
)
