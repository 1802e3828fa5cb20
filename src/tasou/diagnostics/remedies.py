"""What several diagnoses advise: each remedy's words, argument and option once."""

from __future__ import annotations

from tasou.diagnostics.remedy import Remedy

LOWER_RATE = Remedy("lower the learning rate", "学習率を下げる", "learning_rate_init={lower}", "--lr {lower}")
SCALE_INPUTS = Remedy("scale the inputs", "入力を標準化する", "scale='{auto}'", "--scale {auto}")
SUITABLE_WEIGHTS = Remedy(
    "start from initial weights that suit the activation",
    "活性化関数に合った重みの初期値から始める",
    "init='{suitable}'",
    "--init {suitable}",
)
SCALE_INPUTS_AND_TARGET = Remedy(
    "standardise inputs and target", "入力と目的変数を標準化する", "scale='{rescale}'", "--scale {rescale}"
)
CLIP_GRADIENTS = Remedy("clip the gradients", "勾配クリッピングを使う", "clip_norm=1.0", "--clip-norm 1")
FEWER_LAYERS = Remedy(
    "use fewer hidden layers", "隠れ層を減らす", "hidden_layer_sizes=({fewer})", "--hidden {fewer}"
)
MORE_EPOCHS = Remedy("train for more epochs", "エポック数を増やす", "max_iter={epochs}", "--epochs {epochs}")
RAISE_RATE = Remedy(
    "raise the learning rate", "学習率を上げる", "learning_rate_init={higher}", "--lr {higher}"
)
USE_RELU = Remedy(
    "use ReLU in the hidden layers", "隠れ層に ReLU を使う", "activation='{relu}'", "--activation {relu}"
)
