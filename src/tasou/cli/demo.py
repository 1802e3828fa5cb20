"""``tasou demo``: the lecture's last picture, trained by our own gradients in a moment (lecture 6)."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tasou.cli import _parser
from tasou.language import LANGUAGES, Language, language, say

if TYPE_CHECKING:
    from tasou.datasets import Dataset
    from tasou.network import Network
    from tasou.training import Training

SUMMARY = {
    "en": "train the lecture's network on a small data set and draw what it has learnt",
    "ja": "講義のネットワークに小さなデータを学習させ、結果を図にする",
}
HELP = {
    "data": {"en": "data set: {names} (default: spiral)", "ja": "データ：{names}（既定：spiral）"},
    "samples": {"en": "how many points (default: 300)", "ja": "点の数（既定：300）"},
    "noise": {"en": "standard deviation of the noise", "ja": "ノイズの標準偏差"},
    "hidden": {
        "en": "units of the hidden layers, e.g. 10 or 10,10; 0 for none (default: 10)",
        "ja": "隠れ層のユニット数。例：10、10,10。0 で隠れ層なし（既定：10）",
    },
    "activation": {
        "en": "activation function of the hidden layers (default: relu)",
        "ja": "隠れ層の活性化関数（既定：relu）",
    },
    "lr": {
        "en": "learning rate (default: what suits the data and the size of the network)",
        "ja": "学習率（既定：データとネットワークの大きさに合わせる）",
    },
    "epochs": {"en": "number of updates on the full batch (default: 500)", "ja": "エポック数（既定：500）"},
    "seed": {
        "en": "seed of the data and of the initial weights (default: 0)",
        "ja": "データと初期値の乱数シード（既定：0）",
    },
    "lang": {"en": "language of what is printed and drawn", "ja": "表示と図の言語"},
    "output": {
        "en": "where to write the picture: a folder, or a file name to which .png and .svg are added, or one "
        "that ends in either (default: tasou-demo)",
        "ja": "図の保存先。フォルダ、または .png と .svg を付けるファイル名。どちらかの拡張子まで書けばその形式のみ"
        "（既定：tasou-demo）",
    },
    "animate": {
        "en": "also film the training into FILE: .gif, .html (one page, plays anywhere), or .mp4 (needs ffmpeg)",
        "ja": "学習の動画も FILE に保存する：.gif、.html（1ファイルで再生可）、.mp4（ffmpeg が必要）",
    },
}
START = {
    "en": "{title}: {n} points, {classes} classes\n{network}, cross-entropy, gradient descent on the full batch, "
    "learning rate {lr:g}",
    "ja": "{title}：{n}点、{classes}クラス\n{network}、交差エントロピー、フルバッチの勾配降下法、学習率 {lr:g}",
}
PROGRESS = {
    "en": "epoch {epoch:>{width}}/{epochs}   loss {loss:.4f}   accuracy {accuracy:6.1%}",
    "ja": "エポック {epoch:>{width}}/{epochs}   損失 {loss:.4f}   正解率 {accuracy:6.1%}",
}
RESULT = {
    "en": "{how} after {n} epochs: loss {first:.4f} → {last:.4f}, accuracy {accuracy:.1%} ({right} of {points})",
    "ja": "{n}エポックで{how}：損失 {first:.4f} → {last:.4f}、正解率 {accuracy:.1%}（{points}点中{right}点）",
}
HOW = {
    "done": {"en": "Trained", "ja": "学習終了"},
    "interrupted": {"en": "Interrupted", "ja": "中断"},
}
WRITTEN = {"en": "Picture: {paths}", "ja": "図：{paths}"}
FILMED = {"en": "Film: {path}", "ja": "動画：{path}"}
HEADING = {
    "en": "{title}: {network}, learning rate {lr:g}",
    "ja": "{title}：{network}、学習率 {lr:g}",
}
CROSS_ENTROPY = {"en": "loss (cross-entropy)", "ja": "損失（交差エントロピー）"}
NAME = "tasou-demo"
LINES = 10
LEARNING_RATE = {"spiral": 1.0}
"""for ten hidden units; 0.5 where none is named: the loss then falls at every epoch"""


def add_parser(subparsers: Any) -> argparse.ArgumentParser:
    """Register the options of ``tasou demo``."""
    from tasou import datasets

    parser: argparse.ArgumentParser = subparsers.add_parser(
        "demo", help=say(SUMMARY), description=say(SUMMARY)
    )

    def option(name: str, *others: str, **settings: Any) -> None:
        text = say(HELP[name], names=", ".join(datasets.names())).replace("%", "%%")
        parser.add_argument(*others, f"--{name}", help=text, **settings)

    option("data", default="spiral", metavar="NAME")
    option("samples", default=300, type=_parser.whole, metavar="N")
    option("noise", type=_parser.not_negative, metavar="SIGMA")
    option("hidden", default="10", type=_parser.units, metavar="N[,N…]")
    option("activation", default="relu", metavar="NAME")
    option("lr", type=_parser.positive, metavar="RATE")
    option("epochs", default=500, type=_parser.whole, metavar="N")
    option("seed", default=0, type=_parser.natural, metavar="N")
    option("output", "-o", default=NAME, metavar="PATH")
    # as --output was called at first
    parser.add_argument("--out", dest="output", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    option("animate", metavar="FILE")
    option("lang", choices=LANGUAGES)
    return parser


def run(args: argparse.Namespace) -> int:
    """Draw the data, train, tell how it goes, write the picture; nothing is written where an option is wrong."""
    from tasou import datasets, plots

    lang, hidden, output = language(args.lang), args.hidden, _path(args.output)
    plots.check_path(output)
    if args.animate:
        plots.check_film_path(args.animate)
    data = datasets.make(args.data, args.samples, rng=args.seed, noise=args.noise)
    lr = _suitable_rate(args.data, hidden) if args.lr is None else args.lr
    training = _training(data, hidden, args.activation, lr, args.seed)
    print(_start(training, data, lang), flush=True)
    _train(training, data, args.epochs, lang, film=args.animate)
    print(_result(training, data, lang))
    if args.animate:
        print(say(FILMED, lang, path=args.animate))
    print(say(WRITTEN, lang, paths=", ".join(map(str, _draw(training, data, output, lang)))))
    return 130 if training.finished == "interrupted" else 0


def _suitable_rate(data: str, hidden: tuple[int, ...]) -> float:
    """Smaller steps for wider and deeper networks, whose loss is steeper."""
    steepness = len(hidden) * (sum(hidden) / 10) ** 0.5
    return float(f"{LEARNING_RATE.get(data, 0.5) / max(1.0, steepness):.2g}")


def _training(data: Dataset, hidden: tuple[int, ...], activation: str, lr: float, seed: int) -> Training:
    """Gradient descent on the full batch for 2 → hidden → K with softmax and cross-entropy."""
    from tasou.network import Network
    from tasou.training import Training

    network = Network((data.X.shape[1], *hidden, int(data.y.max()) + 1), activation, rng=seed)
    return Training(network, optimizer="sgd", lr=lr)


def _train(
    training: Training, data: Dataset, epochs: int, lang: Language, *, film: str | None = None
) -> None:
    """Forward → loss → backward → update, ``epochs`` times, telling how it goes; Ctrl-C keeps what was learnt."""
    import numpy as np

    def tell(training: Training) -> None:
        epoch, width = len(training.history), len(str(epochs))
        if epoch in (1, epochs) or epoch % max(1, epochs // LINES) == 0:
            numbers = {"loss": training.history.loss[-1], "accuracy": _right(training, data) / len(data.y)}
            print(say(PROGRESS, lang, epoch=epoch, epochs=epochs, width=width, **numbers), flush=True)

    training.callbacks.add(tell)
    with np.errstate(all="ignore"):  # a divergence is reported by the training itself, and in words
        if film:
            _film(training, data, epochs, film, lang)
        else:
            training.run(data.X, data.y, epochs=epochs)
    if not training.history.loss:
        raise KeyboardInterrupt  # before anything was learnt


def _film(training: Training, data: Dataset, epochs: int, path: str, lang: Language) -> None:
    """Train before the camera."""
    from tasou import plots

    title = _heading(training, data)
    plots.animate_training(
        training, data.X, data.y, path, epochs=epochs, lang=lang, title=title, loss_name=CROSS_ENTROPY
    )


def _right(training: Training, data: Dataset) -> int:
    """How many points get their own class."""
    import numpy as np

    from tasou.formulas import probabilities

    return int((probabilities.classes(training.network.predict(data.X), np) == data.y).sum())


def _start(training: Training, data: Dataset, lang: Language) -> str:
    title, classes, shape = say(data.title, lang), training.network.sizes[-1], _shape(training.network)
    return say(START, lang, title=title, n=len(data.y), classes=classes, network=shape, lr=training.lr)


def _shape(network: Network) -> str:
    """The network in a few words: ``2 → 10 → 3 (relu, softmax)``."""
    functions = [*(layer.activation.label for layer in network.layers[:-1][:1]), network.output]
    return f"{' → '.join(map(str, network.sizes))} ({', '.join(functions)})"


def _result(training: Training, data: Dataset, lang: Language) -> str:
    loss, right, points = training.history.loss, _right(training, data), len(data.y)
    how = say(HOW["interrupted" if training.finished == "interrupted" else "done"], lang)
    values = {"n": len(loss), "first": loss[0], "last": loss[-1], "accuracy": right / points}
    return say(RESULT, lang, how=how, right=right, points=points, **values)


def _draw(training: Training, data: Dataset, output: Path, lang: Language) -> list[Path]:
    """The boundary beside the loss."""
    from tasou import plots

    figure = plots.overview(
        training.network,
        data.X,
        data.y,
        losses=training.history,
        loss_name=CROSS_ENTROPY,
        title=_heading(training, data),
        lang=lang,
    )
    return plots.save(figure, output)


def _heading(training: Training, data: Dataset) -> dict[str, str]:
    """The heading in both languages, because a font may be missing."""
    shape = _shape(training.network)
    return {
        each: say(HEADING, each, title=data.title[each], network=shape, lr=training.lr) for each in LANGUAGES
    }


def _path(output: str) -> Path:
    """Where the picture goes: in a folder it has the usual name."""
    return Path(output) / NAME if output.endswith(os.sep) or os.path.isdir(output) else Path(output)
