"""The options of ``tasou train`` that say what network is trained, and how."""

from __future__ import annotations

import argparse
from importlib import import_module
from typing import TYPE_CHECKING, Any

from tasou.cli import _parser
from tasou.language import say

if TYPE_CHECKING:
    from tasou.models.table_training import Settings

NETWORK = {"en": "the network", "ja": "ネットワーク"}
TRAINING = {"en": "its training", "ja": "学習"}
HELP = {
    "hidden": {
        "en": "units of the hidden layers; 0 for none (default: 128,64)",
        "ja": "隠れ層のユニット数。0 で隠れ層なし（既定：128,64）",
    },
    "activation": {
        "en": "of the hidden layers: relu, leaky_relu, tanh, sigmoid, … (default: relu)",
        "ja": "隠れ層の活性化関数。relu、leaky_relu、tanh、sigmoid など（既定：relu）",
    },
    "output_activation": {
        "en": "a function applied to the outputs before the loss sees them (default: identity)",
        "ja": "損失の前に出力へ適用する関数（既定：identity）",
    },
    "init": {
        "en": "initial weights: he_uniform, glorot_uniform, zeros, … (default: those that suit the activation)",
        "ja": "重みの初期値。he_uniform、glorot_uniform、zeros など（既定：活性化関数に合ったもの）",
    },
    "dropout": {
        "en": "share of the hidden units silenced in training (default: 0.1)",
        "ja": "学習中に休ませる隠れユニットの割合（既定：0.1）",
    },
    "l2": {
        "en": "strength of the penalty on large weights (default: 0.01)",
        "ja": "大きな重みに対する L2 正則化の強さ（既定：0.01）",
    },
    "scale": {
        "en": "auto: learn from standardised numbers; none: from the numbers as they are (default: auto)",
        "ja": "auto：数値を標準化して学習。none：そのままの数値で学習（既定：auto）",
    },
    "optimizer": {
        "en": "adam, sgd, nesterov, adamw, rmsprop, adagrad (default: adam)",
        "ja": "adam、sgd、nesterov、adamw、rmsprop、adagrad（既定：adam）",
    },
    "lr": {
        "en": "learning rate (default: 0.001 for adam, else the optimizer's own)",
        "ja": "学習率（既定：adam なら 0.001、ほかはオプティマイザごとの値）",
    },
    "schedule": {
        "en": "how the learning rate changes: constant, cosine, step, … (default: constant)",
        "ja": "学習率の変え方。constant、cosine、step など（既定：constant）",
    },
    "warmup": {
        "en": "updates over which the learning rate rises from 0 at first (default: 0)",
        "ja": "はじめに学習率を 0 から上げていく更新の回数（ウォームアップ。既定：0）",
    },
    "batch_size": {
        "en": "rows per update (default: about a hundredth of them, from 16 to 256)",
        "ja": "1 回の更新に使う行数（既定：全体の約 1/100、16〜256）",
    },
    "clip_norm": {
        "en": "longest gradient; longer ones are shortened to it (default: no limit)",
        "ja": "勾配の長さの上限（勾配クリッピング。既定：上限なし）",
    },
    "class_weight": {
        "en": "balanced: rare classes count as much as frequent ones",
        "ja": "balanced：少ないクラスも多いクラスと同じ重さで数える",
    },
    "epochs": {
        "en": "most epochs; it stops earlier when nothing is gained (default: 200, more for few rows)",
        "ja": "最大エポック数。改善しなければ早く終わる（既定：200。行が少なければ増やす）",
    },
    "validation_size": {
        "en": "share of the rows to learn from on which the loss is watched, not learnt (default: 0.1)",
        "ja": "学習用の行のうち、学習せずに損失を見る行（検証用）の割合（既定：0.1）",
    },
    "early_stopping": {
        "en": "whether to stop when the validation loss no longer falls, and keep the best weights "
        "(default: yes)",
        "ja": "検証損失が下がらなくなったら終わり、最良の重みを使うか（既定：使う）",
    },
    "patience": {
        "en": "epochs without a lower validation loss that are tolerated (default: 20)",
        "ja": "検証損失が改善しないエポックを待つ回数（既定：20）",
    },
    "tol": {
        "en": "a fall of the validation loss by less than this counts as none (default: 0)",
        "ja": "検証損失の減少がこれより小さければ改善とみなさない（既定：0）",
    },
}
FAMILIES = {
    "activation": "activations",
    "output_activation": "activations",
    "init": "initializers",
    "optimizer": "optimizers",
    "schedule": "schedules",
}
"""options whose values are names of formulas"""
SETTINGS = {
    "validation_size": "validation",
    **{name: name for name in HELP if name not in ("validation_size", "scale")},
}
"""option -> its name among the `Settings`"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Two groups: the network, and its training."""
    network = parser.add_argument_group(say(NETWORK))
    _add(network, "hidden", "N[,N…]", type=_parser.units)
    for name in ("activation", "output_activation", "init"):
        _add(network, name, "NAME")
    _add(network, "dropout", "SHARE", type=_parser.share)
    _add(network, "l2", "ALPHA", type=_parser.not_negative)
    _add(network, "scale", choices=("auto", "none"))
    training = parser.add_argument_group(say(TRAINING))
    _add(training, "optimizer", "NAME")
    _add(training, "lr", "RATE", type=_parser.positive)
    _add(training, "schedule", "NAME")
    _add(training, "warmup", "N", type=_parser.natural)
    _add(training, "batch_size", "N", type=_parser.whole)
    _add(training, "clip_norm", "LENGTH", type=_parser.positive)
    _add(training, "class_weight", choices=("balanced",))
    _add(training, "epochs", "N", type=_parser.whole)
    _add(training, "validation_size", "SHARE", type=_parser.share)
    _add(training, "early_stopping", action=argparse.BooleanOptionalAction)
    _add(training, "patience", "N", type=_parser.natural)
    _add(training, "tol", "LOSS", type=_parser.not_negative)


def _add(group: Any, name: str, metavar: str | None = None, **how: Any) -> None:
    if metavar is not None:
        how["metavar"] = metavar
    group.add_argument("--" + name.replace("_", "-"), help=say(HELP[name]), **how)


def settings(args: argparse.Namespace) -> Settings:
    """What was asked for, and the defaults for the rest.

    Raises
    ------
    UnknownName
        a name of none of our formulas (the nearest is suggested)
    """
    from tasou.models.table_training import Settings

    asked = {own: getattr(args, name) for name, own in SETTINGS.items() if getattr(args, name) is not None}
    for name, family in FAMILIES.items():
        if name in asked:
            formula = import_module(f"tasou.formulas.{family}").get(asked[name])
            if name == "optimizer":
                asked.setdefault("lr", formula.lr)
    return Settings(**asked, scale=args.scale != "none", seed=args.seed)
