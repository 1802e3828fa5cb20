"""The recipe of a training: every setting of a network and of its training, declared once.

Estimators (parameters, checks, docstrings), the command line (options and their help), model files and the settings
of tables are read off these fields. A new setting is one line here, and its meaning where it acts.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any, Literal, Self

from tasou.formulas import activations, initializers, losses, optimizers, schedules
from tasou.formulas.activations import Activation
from tasou.formulas.initializers import Initializer
from tasou.formulas.losses import Loss
from tasou.formulas.optimizers import Optimizer
from tasou.formulas.schedules import Schedule
from tasou.training.checks import (
    Automatic,
    Choice,
    Flag,
    Named,
    Number,
    PerLayer,
    Sizes,
    Weights,
)
from tasou.training.knobs import Shown, knob, knobs_of

ACTIVATIONS = Named(activations.registry, per_layer=True)
INITIALIZERS = Named(initializers.registry)
OPTIMIZERS = Named(optimizers.registry, more=("lbfgs",))
SCHEDULES = Named(schedules.registry)
MONITORS = ("loss", "validation_loss", "validation_score")
NO, YES = ("no", "いいえ"), ("yes", "はい")


@dataclass(frozen=True, kw_only=True, repr=False)
class Recipe:
    """What is to be learnt, and how; the defaults are those of a plain `Training`.

    Raises
    ------
    TasouError
        a value that a setting cannot have
    UnknownName
        a name of no formula (the nearest is suggested)

    Examples
    --------
    >>> Recipe(optimizer="adam", epochs=20).epochs
    20
    >>> Recipe(lr=-1)
    Traceback (most recent call last):
    ...
    tasou.errors.TasouError: lr must be a number > 0 (or None), got -1
    """

    # --- the network ------------------------------------------------------------------------------------------------
    hidden: tuple[int, ...] = knob(
        (),
        Sizes(),
        "units of the hidden layers; 0 for none",
        "隠れ層のユニット数。0 で隠れ層なし",
        metavar="N[,N…]",
        group="network",
        estimator=Shown("hidden_layer_sizes", (100,)),
        table=Shown(default=(128, 64)),
    )
    activation: str | Activation | Sequence[str | Activation] = knob(
        "relu",
        ACTIVATIONS,
        "function of the hidden layers",
        "隠れ層の活性化関数",
        metavar="NAME",
        group="network",
    )
    output_activation: str | Activation = knob(
        "identity",
        Named(activations.registry),
        "function applied to the outputs before the loss sees them",
        "損失の前に出力へ適用する関数",
        metavar="NAME",
        group="network",
        estimator=None,
    )
    init: str | Initializer | None = knob(
        None,
        INITIALIZERS,
        "initial weights",
        "重みの初期値",
        metavar="NAME",
        group="network",
        unset=("those that suit the activation", "活性化関数に合ったもの"),
    )
    dropout: float | Sequence[float] = knob(
        0.0,
        PerLayer(Number(0, below=1)),
        "share of the hidden units silenced at random in training",
        "学習中に休ませる隠れユニットの割合",
        metavar="SHARE",
        group="network",
        table=Shown(default=0.1),
        lbfgs=False,
    )
    l2: float = knob(
        0.0,
        Number(0),
        "strength of the penalty on large weights",
        "大きな重みに対する L2 正則化の強さ",
        metavar="ALPHA",
        group="network",
        estimator=Shown("alpha", 1e-4),
        table=Shown(default=1e-2),
    )
    loss: str | Loss | None = knob(
        None,
        Named(losses.registry),
        "what is minimised",
        "最小化する損失",
        group="network",
        estimator=Shown(default="squared_error", defaults={"classifier": None}),
        unset=("cross-entropy, of a sigmoid for two classes", "交差エントロピー（2クラスではシグモイド）"),
        table=None,
    )
    scale: bool = knob(
        False,
        Automatic(),
        "whether to learn from standardised numbers; the results speak the units of the data all the same",
        "数値を標準化して学習するか。結果は元の単位のまま",
        group="network",
        table=Shown(default=True),
    )
    # --- its training -----------------------------------------------------------------------------------------------
    optimizer: str | Optimizer = knob(
        "sgd",
        OPTIMIZERS,
        "how a gradient becomes a step (lbfgs: all rows at once, no learning rate)",
        "勾配から更新を決める方法。lbfgs は全行を一度に使い、学習率は不要",
        metavar="NAME",
        estimator=Shown("solver", "adam"),
        table=Shown(default="adam"),
    )
    lr: float | None = knob(
        None,
        Number(above=0),
        "learning rate",
        "学習率",
        metavar="RATE",
        estimator=Shown("learning_rate_init", 1e-3),
        table=Shown(default=1e-3),
        unset=("0.001 for adam, else the optimizer's own", "adam なら 0.001、ほかは最適化手法ごとの値"),
        lbfgs=False,
    )
    schedule: str | Schedule = knob(
        "constant",
        SCHEDULES,
        "how the learning rate changes",
        "学習率の変え方",
        metavar="NAME",
        estimator=Shown("learning_rate"),
        lbfgs=False,
    )
    warmup: int = knob(
        0,
        Number(0, whole=True),
        "updates over which the learning rate rises from 0 at first",
        "はじめに学習率を 0 から上げていく更新の回数",
        metavar="N",
        lbfgs=False,
    )
    batch_size: int | None = knob(
        None,
        Number(1, whole=True),
        "rows per update",
        "1回の更新に使う行数",
        metavar="N",
        estimator=Shown(default="auto"),
        unset=("about a hundredth of them, from 16 to 256", "全体の約 1/100、16〜256"),
        lbfgs=False,
    )
    shuffle: bool = knob(
        True,
        Flag(),
        "whether each epoch walks the rows in a new random order",
        "エポックごとに行の順序を変えるか",
        table=None,
        lbfgs=False,
    )
    weight_decay: float | None = knob(
        None,
        Number(0),
        "decoupled shrinking of the weights per update, beside the gradient",
        "勾配とは別に、更新ごとに重みを縮める強さ",
        table=None,
        unset=("the optimizer's own", "最適化手法ごとの値"),
        lbfgs=False,
    )
    clip_norm: float | None = knob(
        None,
        Number(above=0),
        "longest gradient; longer ones are shortened to it",
        "勾配の長さの上限。超えた分は縮める",
        metavar="LENGTH",
        unset=("no limit", "上限なし"),
        lbfgs=False,
    )
    class_weight: Any = knob(
        None,
        Weights(),
        "balanced: rare classes count as much as frequent ones",
        "balanced：少ないクラスも多いクラスと同じ重さで数える",
        estimator=Shown(only="classifier"),
    )
    epochs: int | None = knob(
        100,
        Number(1, whole=True),
        "most epochs; it stops earlier when nothing is gained",
        "最大エポック数。改善しなければ早く終わる",
        metavar="N",
        estimator=Shown("max_iter", 200),
        table=Shown(default=None),
        unset=("200, more for few rows", "200。行が少なければ増やす"),
    )
    validation: float = knob(
        0.1,
        Number(0, below=1),
        "share of the rows to learn from on which the loss is watched, not learnt",
        "学習用の行のうち、学習せずに損失を見る行（検証用）の割合",
        metavar="SHARE",
        estimator=Shown("validation_fraction"),
        table=Shown("validation_size"),
    )
    early_stopping: bool = knob(
        False,
        Flag(),
        "whether to stop when the validation loss no longer falls, and keep the best weights",
        "検証損失が下がらなくなったら終わり、最良の重みを使うか",
        table=Shown(default=True),
    )
    patience: float = knob(
        10,
        Number(0, whole=True, endless=True),
        "epochs without improvement that are tolerated",
        "改善しないエポックを待つ回数",
        metavar="N",
        estimator=Shown("n_iter_no_change"),
        table=Shown(default=20),
    )
    tol: float = knob(
        1e-4,
        Number(0),
        "an improvement by less than this counts as none",
        "これより小さい改善は改善とみなさない",
        metavar="LOSS",
        table=Shown(default=0.0),
    )
    relative_tol: bool = knob(
        False,
        Flag(),
        "whether tol is a share of the best value so far instead of an absolute amount",
        "tol を絶対量ではなく、これまでの最良値に対する割合とみなすか",
        table=None,
    )
    max_time: float | None = knob(
        None,
        Number(above=0),
        "seconds after which training ends with the epoch that is running",
        "学習を打ち切るまでの秒数（実行中のエポックは終える）",
        table=None,
        unset=("no limit", "上限なし"),
    )
    max_fun: int = knob(
        15_000,
        Number(1, whole=True),
        "evaluations of the loss at most, by lbfgs",
        "lbfgs が損失を計算する回数の上限",
        table=None,
    )
    n_threads: int | None = knob(
        None,
        Number(1, whole=True),
        "threads of a training or a prediction, at most; their number changes no result",
        "1回の学習や予測に使うスレッド数の上限。結果はスレッド数によらない",
        table=None,
        unset=("as many as there are processors", "プロセッサの数"),
    )
    monitor: Literal["loss", "validation_loss", "validation_score"] | None = knob(
        None, Choice(MONITORS), "what early stopping watches", "早期終了で見る量", estimator=None, table=None
    )
    on_divergence: Literal["raise", "stop", "ignore"] = knob(
        "raise",
        Choice(("raise", "stop", "ignore")),
        "answer to a number that is no longer finite",
        "有限でない数が現れたときの対応",
        estimator=None,
        table=None,
    )
    seed: int | None = knob(
        None,
        Number(0, whole=True),
        "seed of everything random",
        "乱数シード",
        metavar="N",
        estimator=None,
        table=Shown(default=0),
    )

    def __post_init__(self) -> None:
        for name, declared in knobs_of(type(self)).items():  # type: ignore[arg-type]
            value = getattr(self, name)
            if value is not declared.default:
                declared.check_value(value)

    def __repr__(self) -> str:
        """What is not as it is by default."""
        own = {name: getattr(self, name) for name in knobs_of(type(self))}  # type: ignore[arg-type]
        usual = {name: declared.default for name, declared in knobs_of(type(self)).items()}  # type: ignore[arg-type]
        set_ = ", ".join(f"{name}={value!r}" for name, value in own.items() if value != usual[name])
        return f"{type(self).__name__}({set_})"

    def but(self, **settings: Any) -> Self:
        """The same recipe with some settings replaced."""
        other = copy(self)
        for name, value in settings.items():
            knobs_of(type(self))[name].check_value(value)  # type: ignore[arg-type]
            object.__setattr__(other, name, value)
        return other
