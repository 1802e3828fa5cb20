"""The words of the ledger, in both languages: phases, headings, and a sentence for each kind of quantity."""

from __future__ import annotations

from tasou.language import Language, say

PHASES = {
    "forward": {"en": "forward", "ja": "順伝播"},
    "loss": {"en": "loss", "ja": "損失"},
    "backward": {"en": "backward", "ja": "逆伝播"},
    "update": {"en": "update", "ja": "更新"},
}
HEADS: dict[Language, tuple[str, ...]] = {
    "en": ("symbol", "formula", "with numbers", "value", "shape"),
    "ja": ("記号", "式", "数値を入れた式", "値", "形"),
}
BATCH_HEADS: dict[Language, tuple[str, ...]] = {
    "en": ("symbol", "formula", "shape", "values"),
    "ja": ("記号", "式", "形", "値の範囲"),
}
SAMPLE = {"en": "sample {i} of {n}", "ja": "サンプル {i}（全 {n} 個）"}
BATCH = {
    "en": "batch of {n} samples (gradients are sums over the batch)",
    "ja": "{n} 個のサンプルのバッチ（勾配はバッチ全体の和）",
}
CHANGED = {
    "en": "The weights have changed since this pass: the formulas show today's weights, the values are those of "
    "the pass.",
    "ja": "この順伝播のあとで重みが更新されています。式の中の重みは現在の値、計算結果は更新前の値です。",
}
SHEET = {
    "title": {"en": "A step of learning, by hand", "ja": "学習の1ステップを手計算で"},
    "key": {"en": "A step of learning, by hand: the key", "ja": "学習の1ステップを手計算で：解答"},
    "given": {"en": "given", "ja": "与えられたもの"},
    "name": {"en": "name", "ja": "氏名"},
    "date": {"en": "date", "ja": "日付"},
}
SCALAR = {"en": "scalar", "ja": "スカラー"}
MORE = {"en": "{n} more", "ja": "あと {n} 個"}
MATRIX = {"en": "values", "ja": "値"}

EXPLAIN = {
    "input": {"en": "What enters the network.", "ja": "ネットワークへの入力。"},
    "affine": {
        "en": "Layer {l}: dot product of each unit's weights with its input, then add the bias.",
        "ja": "第 {l} 層：各ユニットの重みと入力の内積をとり、バイアスを足す。",
    },
    "activation": {
        "en": "Layer {l}: the activation function, unit by unit.",
        "ja": "第 {l} 層：活性化関数をユニットごとに適用する。",
    },
    "dropout": {
        "en": "Layer {l}: dropout silences some units in this step; the others grow to keep the mean.",
        "ja": "第 {l} 層：ドロップアウト。このステップで一部のユニットを 0 にし、残りを平均が変わらないよう拡大する。",
    },
    "exponentials": {
        "en": "Softmax begins with e to the power of each z: all positive, the larger z the larger.",
        "ja": "ソフトマックスでは、まず各 z の指数関数をとる。どれも正で、z が大きいほど大きい。",
    },
    "sum_of_exponentials": {"en": "Their sum.", "ja": "その和。"},
    "part": {
        "en": "Layer {l}: the columns that go through one of its parts.",
        "ja": "第 {l} 層：その部分に入る列。",
    },
    "layer": {"en": "Layer {l}, number by number.", "ja": "第 {l} 層の計算を、数値ごとに示す。"},
    "error": {
        "en": "How the loss changes with what the last layer gives.",
        "ja": "最後の層の出力を動かすと損失がどう変わるか。",
    },
    "delta": {
        "en": "The local error of layer {l}: the error of its output times the slope of its activation.",
        "ja": "第 {l} 層の局所誤差：出力の誤差に活性化関数の傾きを掛ける。",
    },
    "passed_back": {
        "en": "The error that layer {l} passes back to what entered it.",
        "ja": "第 {l} 層が入力側へ戻す誤差。",
    },
    "own_gradient": {
        "en": "The gradient of what layer {l} learns.",
        "ja": "第 {l} 層が学ぶパラメータの勾配。",
    },
    "prediction": {"en": "The output function gives the prediction.", "ja": "出力関数で予測を得る。"},
    "quotient": {
        "en": "Each share of the sum is the probability of its class; together they are 1.",
        "ja": "和に占める割合が、そのクラスの確率になる。すべて足すと 1。",
    },
    "loss": {"en": "How far the prediction is from the truth.", "ja": "予測が正解からどれだけ離れているか。"},
    "mean_loss": {"en": "The mean loss over the batch.", "ja": "バッチ全体の損失の平均。"},
    "output_error": {
        "en": "The local error of the last layer: how the loss changes with z[{l}].",
        "ja": "出力層の局所誤差：z[{l}] を動かすと損失がどう変わるか。",
    },
    "hidden_error": {
        "en": "The error of layer {next} comes back through its weights, times the slope of the activation.",
        "ja": "第 {next} 層の誤差を重みに沿って戻し、活性化関数の傾きを掛ける。",
    },
    "grad_W": {
        "en": "Local error × what entered the layer: one row per unit.",
        "ja": "局所誤差 × 層への入力。ユニットごとに1行。",
    },
    "grad_b": {
        "en": "The bias's gradient is the local error itself.",
        "ja": "バイアスの勾配は局所誤差そのもの。",
    },
    "sum_W": {
        "en": "Local error × input, summed over the batch.",
        "ja": "局所誤差 × 入力を、バッチ全体で足し合わせる。",
    },
    "sum_b": {"en": "The local errors, summed over the batch.", "ja": "局所誤差をバッチ全体で足し合わせる。"},
    "update": {
        "en": "Gradient descent: one step of length α against the gradient.",
        "ja": "勾配降下法：勾配と逆の向きに、学習率 α の分だけ進む。",
    },
    "mean_update": {
        "en": "Gradient descent: one step of length α against the mean gradient of the batch.",
        "ja": "勾配降下法：バッチの平均勾配と逆の向きに、学習率 α の分だけ進む。",
    },
}


def shape_text(shape: tuple[int, ...], lang: str | None) -> str:
    """(3, 4), or the word for a scalar.

    >>> shape_text((3, 4), "en"), shape_text((), "ja")
    ('(3, 4)', 'スカラー')
    """
    return str(shape) if shape else say(SCALAR, lang)


def explanation(kind: str, l: int, lang: str | None) -> str:
    """One sentence on what a quantity is."""
    return say(EXPLAIN[kind], lang, l=l, next=l + 1)
