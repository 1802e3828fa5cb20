"""A run as one file that needs no server: scrub, curves, boundary, unit maps, the calculation; and one that trains.

The page's arithmetic is printed from the formulas by `tasou.exporting`: forward, loss, backward and update are the
engine's, to 1e-12. The page holds the rows of the data, unless they are left out.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import numpy as np

from tasou.errors import TasouError
from tasou.exporting.javascript import JavaScript
from tasou.exporting.learning import write
from tasou.language import LANGUAGES
from tasou.messages import Message
from tasou.network import Network
from tasou.play.calculation import calculation, is_plain
from tasou.play.link import settings
from tasou.play.run import Run
from tasou.play.scene import Scene, scene
from tasou.training import Training
from tasou.training.iterations import is_lbfgs

STYLE = "record.css.txt"
PARTS = ("paint.js", "record.mjs.txt", "record-picture.mjs.txt", "record-numbers.mjs.txt")
WORDS = (
    "record.", "training", "held", "epoch", "loss", "accuracy", "network", "boundary", "inside", "play", "pause",
    "col.", "plane.", "axis.", "features", "r2", "hatch",
)  # fmt: skip
SAID = ("phase", "kind", "layer", "symbol", "formula", "about")
MOST_FRAMES = 501
MOST_BYTES = 270_000
"""of weights, before they are written as letters: more epochs are thinned"""
MOST_ROWS, MOST_NUMBERS = 1_500, 24_000

NOT_RECORDED = Message(
    "play.not_recorded",
    en="a recorded page draws dense layers alone; this network is {network}",
    ja="録画ページで描けるのは全結合層だけのネットワークです（このネットワーク：{network}）",
)


def record(
    run: Run,
    *,
    live: bool = False,
    rows: bool = True,
    lang: str = "en",
    plane: Mapping[str, Any] | None = None,
) -> str:
    """The page as text; the run stands where it stood.

    Parameters
    ----------
    live
        whether it trains in the browser from the first weights, instead of showing what was trained
    rows
        whether the rows of the data are in it
    plane
        the plane through more than two features, as `scene` takes it

    Raises
    ------
    TasouError
        other layers than dense ones, or a training that cannot be printed
    """
    check_recordable(run.network)
    here = run.update
    try:
        epochs, frames = _frames(run, live=live)
        run.seek(run.frames.at[0])
        seed = int(run.setup.recipe.get("seed") or 0)
        told = [] if live else run.curves.since(0)[:, [0, 1, 2]].round(6).tolist()
        return page_of(
            run, epochs, frames, told, seed=seed, live=live, rows=rows, lang=lang, plane=plane,
            settings=settings(run.setup)[0],
        )  # fmt: skip
    finally:
        run.seek(here)


def check_recordable(network: Network) -> None:
    """Raise `TasouError` where there are other layers than dense ones: the page could not draw them."""
    if not network.plain:
        raise TasouError(NOT_RECORDED, network=repr(network))


def page_of(
    run: Any,
    epochs: list[int],
    frames: Any,
    curves: list[Any],
    *,
    seed: int,
    live: bool,
    rows: bool,
    lang: str,
    plane: Mapping[str, Any] | None = None,
    settings: Mapping[str, Any] | None = None,
) -> str:
    """The page of a run that stands at the first of these epochs: its θ after each, and loss and accuracy."""
    engine = "\n".join(engine_of(run.training, live=live))
    found = {
        "live": live,
        "lang": lang,
        "epochs": epochs,
        "theta": _letters(frames),
        "seed": seed,
        "curves": curves,
        "settings": settings,
    }
    data = _data(run, scene(run.rows, plane if run.rows.X.shape[1] > 2 else {}), found, rows=rows)
    folder = files(__package__).joinpath("page")
    style, *parts = (folder.joinpath(name).read_text("utf-8") for name in (STYLE, *PARTS))
    code = "\n".join(_inlined(part) for part in (engine, *parts))
    return (
        f'<!DOCTYPE html>\n<html lang="{lang}">\n<head><meta charset="utf-8">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'unsafe-inline'; "
        "style-src 'unsafe-inline'; img-src data:\">"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>tasou</title>\n<style>{style}</style></head>\n"
        f'<body><main id="app"></main>\n<script type="application/json" id="data">{data}</script>\n'
        f'<script type="module">{code.replace("</", "<" + chr(92) + "/")}</script></body></html>\n'
    )


def engine_of(training: Training, *, live: bool = False) -> list[str]:
    """The page's arithmetic; what is only looked at again needs no steps, so L-BFGS can be recorded, too."""
    steps = live or not is_lbfgs(training.optimizer)
    return write(training if steps else training.network, JavaScript())


def _steps_are_plain(run: Any) -> bool:
    """Whether a step follows from the weights alone: the page holds no optimizer's memory, and one learning rate."""
    training = run.training
    constant = training.schedule.name == "constant" and not training.warmup
    return is_plain(run) and constant and len(run.rates) == 1


def _frames(run: Run, *, live: bool) -> tuple[list[int], Any]:
    """θ after some of the epochs, as many as a page should hold."""
    first, last = run.frames.at[0], run.epoch
    run.seek(first)
    begin = run.epoch
    most = max(2, min(MOST_FRAMES, MOST_BYTES // (8 * run.network.theta.size)))
    count = 1 if live else min(last - begin + 1, most)
    epochs = sorted({begin + round(k * (last - begin) / max(1, count - 1)) for k in range(count)})
    thetas = []
    for epoch in epochs:
        run.seek(max(first, epoch * run.per_epoch))
        thetas.append(run.network.theta.copy())
    return epochs, np.array(thetas)


def _data(run: Any, at: Scene, given: dict[str, Any], *, rows: bool) -> str:
    network = run.network
    n = min(len(run.data.Y), MOST_ROWS, MOST_NUMBERS // network.sizes[0])
    told = calculation(run, at, sample=0).rest()
    left_out = set() if _steps_are_plain(run) else {"update"}
    found: dict[str, Any] = {
        **given, "sizes": list(network.sizes), "text": repr(network), "task": run.rows.task,
        "loss": network.loss.name, "output": network.loss.output, "sign": network.loss.targets == "sign",
        "labels": [layer.label for layer in network.layers], "classes": list(run.rows.classes),
        "title": dict(run.rows.title), "low": at.low.tolist(), "high": at.high.tolist(), "names": list(at.names),
        "features": list(run.rows.features), "kind": at.kind, "centre": at.centre.tolist(),
        "directions": at.directions.tolist(), "total": len(run.data.Y), "image": run.rows.image,
        "lr": run.lr, "batch": run.training.batch_size, "shuffle": run.training.shuffle,
        "range": [float(run.rows.y.min()), float(run.rows.y.max())] if run.rows.task == "regression" else [0, 1],
        "phases": {name: text for name, text in told["phases"].items() if name not in left_out},
        "quantities": [
            {key: q[key] for key in SAID} for q in told["quantities"] if q["phase"] not in left_out
        ],
        "words": {lang: _words(lang) for lang in LANGUAGES},
    }  # fmt: skip
    if rows:
        found |= {
            "X": _letters(run.data.X[:n]),
            "Y": _letters(run.data.Y[:n]),
            "y": run.rows.y[:n].tolist(),
            "n": n,
        }
    text = json.dumps(_finite(found), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _words(lang: str) -> dict[str, str]:
    words = json.loads(files(__package__).joinpath("page", f"words-{lang}.json").read_text("utf-8"))
    return {key: text for key, text in words.items() if key.startswith(WORDS)}


def _letters(array: Any) -> str:
    """Float64 numbers, little-endian, as base64."""
    return base64.b64encode(np.ascontiguousarray(array, "<f8").tobytes()).decode()


def _finite(value: Any) -> Any:
    """What is not finite is null: JSON has no other word for it."""
    if isinstance(value, float):
        return value if np.isfinite(value) else None
    if isinstance(value, list):
        return [_finite(part) for part in value]
    return {key: _finite(part) for key, part in value.items()} if isinstance(value, dict) else value


def _inlined(module: str) -> str:
    """A module as a part of the page's only one."""
    return re.sub(r"(?m)^import [^\n]*\n", "", re.sub(r"(?m)^export ", "", module))
