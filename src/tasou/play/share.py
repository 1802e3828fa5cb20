"""What goes out of a playground: the whole run, its model, programs with the same numbers, data, figures, pages."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from tasou.errors import ModelFileError, TasouError, UnknownName
from tasou.exporting.files import exported
from tasou.formats.model_file import Contents, read_model, write_model
from tasou.formats.safetensors import Tensors
from tasou.formats.schema import check
from tasou.messages import Message
from tasou.models import training_state
from tasou.play import keyframes
from tasou.play.alone import alone
from tasou.play.curves import NAMES, Curves
from tasou.play.keyframes import Keyframes
from tasou.play.rows import Rows
from tasou.play.run import Run
from tasou.play.script import script
from tasou.play.setup import Setup
from tasou.version import __version__

KIND = Message("kind.play_export", en="form to write", ja="書き出す形式")
NO_PLAY = Message(
    "play.no_run_file",
    en="the file holds a training, but no run of a playground",
    ja="このファイルにあるのは学習の状態で、プレイグラウンドのランではありません",
)
TOO_LONG = Message(
    "play.run_file_too_large",
    en="the file is larger than {most} MB: it is no run of a playground",
    ja="ファイルが {most} MB を超えています。プレイグラウンドのランではありません",
)
NOT_FITTING = Message(
    "play.run_file_parts",
    en="the parts of the file do not fit together: {reason}",
    ja="ファイルの各部分が合いません：{reason}",
)
MOST_BYTES = 128 << 20
SCHEMA = {
    "type": "object",
    "required": ["setup", "rates", "name"],
    "properties": {
        "setup": {"type": "object"},
        "rates": {"type": "array"},
        "name": {"type": "string"},
        "whole": {"type": "boolean"},
        "counted": {"type": "array"},
    },
}

Written = tuple[str, str, bytes]
"""file name, media type, content"""


def write(run: Run, kind: str, **options: Any) -> Written:
    """One of the forms, as the run stands.

    Raises
    ------
    UnknownName
        there is no such form
    TasouError
        the run cannot be written in it
    """
    if kind not in FORMS:
        raise UnknownName(KIND, kind, FORMS)
    name, media, form = FORMS[kind]
    content = form(run, **options)
    return (
        f"tasou-{run.name}-{run.epoch}{name}",
        media,
        content.encode() if isinstance(content, str) else content,
    )


# --- the whole run ---------------------------------------------------------------------------------------------------


def run_file(run: Run) -> bytes:
    """The library's own file of a training, with what the playground knows besides; `tasou.load` reads it, too."""
    tensors: Tensors = {}
    before, run.training.history = run.training.history, run.curves.history(run.epoch)
    try:
        description = training_state.describe(run.training, tensors)
    finally:
        run.training.history = before
    tensors["history.curves"] = run.curves.since(0)[: run.epoch].copy()
    rates = [list(pair) for pair in run.rates]
    play = {
        "setup": run.setup.json(),
        "rates": rates,
        "name": run.name,
        "whole": run.parent is None or not run.parent[1],
        "counted": list(run.counted),
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run"
        write_model(
            path, "training", {**description, "play": play, "made_with": {"tasou": __version__}}, tensors
        )
        return path.read_bytes()


def open_run(data: bytes, rows_of: Callable[[Setup], Rows]) -> Run:
    """A run as it was written; whatever the file says is checked like anything from outside.

    Raises
    ------
    ModelFileError, TasouError
        it is damaged, foreign, or its parts do not fit together
    """
    if len(data) > MOST_BYTES:
        raise ModelFileError(TOO_LONG, most=MOST_BYTES >> 20)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run.tasou"
        path.write_bytes(data)
        contents = read_model(path)
    play = contents.model.get("play")
    if contents.kind != "training" or not isinstance(play, Mapping):
        raise ModelFileError(NO_PLAY)
    check(play, SCHEMA, "play")
    try:
        return _rebuilt(contents, play, rows_of)
    except TasouError:
        raise
    except (LookupError, TypeError, ValueError, OverflowError) as error:
        raise ModelFileError(NOT_FITTING, reason=error) from error


def _rebuilt(contents: Contents, play: Mapping[str, Any], rows_of: Callable[[Setup], Rows]) -> Run:
    setup = Setup.read(play["setup"])
    run = Run(setup, rows_of(setup), name="A")
    state = training_state.rebuild(contents.model, contents.tensors).state()
    run.training.restore(state._replace(history={}))
    run.training.run(run.data, None, epochs=0, planned=run.planned)  # refuses other rows
    run.rates = [(int(at), float(lr)) for at, lr in play["rates"]] or run.rates
    run.set_to_rate()
    counted = play.get("counted", [0, 0])
    run.counted = (int(counted[0]), int(counted[1]))
    run.end, run.curves = run.update, _curves(contents.tensors, run.epoch)
    if run.iterates is not None:
        return _iterated(run, whole=bool(play.get("whole")))
    if not play.get("whole"):
        run.frames = Keyframes()
    run.frames.add(keyframes.state_of(run.training))
    return run


def _iterated(run: Run, *, whole: bool) -> Run:
    """A run of L-BFGS: walked again where its beginning is known, else gone on with from where it stands."""
    here, end = keyframes.state_of(run.training), run.end
    if whole:
        run.seek(0)
        run.forward(end)
    if run.update != end or not np.array_equal(run.network.theta, here.theta):
        run.iterate_from(here)
        run.training.restore(here)
    run.end = end
    return run


def _curves(tensors: Tensors, epochs: int) -> Curves:
    found, rows = Curves(), tensors.get("history.curves")
    if rows is not None and rows.shape == (epochs, len(NAMES)):
        for epoch, row in enumerate(rows, start=1):
            found.add(epoch, dict(zip(NAMES, row.tolist(), strict=True)))
    return found


# --- models and programs ---------------------------------------------------------------------------------------------


def _model(run: Run) -> bytes:
    from tasou.models import save

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.tasou"
        save(run.network, path)
        return path.read_bytes()


def _exported(suffix: str) -> Callable[[Run], str | bytes]:
    def form(run: Run) -> str | bytes:
        learns = suffix == ".mjs"
        return exported(run.training if learns else run.network, f"network{suffix}", training=learns)

    return form


def _data(run: Run) -> str:
    """The rows as the network takes them, and which of them are only validated on."""
    rows, out = run.rows, io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*(_harmless(name) for name in rows.features), "target", "part"])
    for X, y, part in ((rows.X, rows.y, "training"), (rows.held_X, rows.held_y, "validation")):
        for x, value in zip(X.tolist(), y.tolist(), strict=True):
            answer = _harmless(rows.classes[value]) if rows.task == "classification" else repr(value)
            writer.writerow([*map(repr, x), answer, part])
    return out.getvalue()


def _harmless(cell: str) -> str:
    """A name that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


# --- figures ----------------------------------------------------------------------------------------------------------


def _figure(kind: str) -> Callable[..., bytes]:
    def form(run: Run, lang: str = "en") -> bytes:
        import matplotlib

        matplotlib.use("agg", force=False)
        from tasou import plots

        losses, out = run.curves.column("loss", run.epoch).tolist(), io.BytesIO()
        if run.classifies and run.rows.X.shape[1] == 2 and losses:
            figure: Any = plots.overview(run.network, run.rows.X, run.rows.y, losses=losses, lang=lang)
        else:
            figure = plots.network(run.network, lang=lang).figure
        figure.savefig(out, format=kind, dpi=200, bbox_inches="tight")
        return out.getvalue()

    return form


def _page(live: bool) -> Callable[..., str]:
    def form(run: Run, rows: bool = True, lang: str = "en", plane: Mapping[str, Any] | None = None) -> str:
        from tasou.play.recording import record

        return record(run, live=live, rows=rows, lang=lang, plane=plane)

    return form


FORMS: Mapping[str, tuple[str, str, Callable[..., str | bytes]]] = {
    "run": (".tasou-run", "application/octet-stream", run_file),
    "model": (".tasou", "application/octet-stream", _model),
    "script": (".py", "text/x-python", script),
    "numpy": ("-numpy.py", "text/x-python", alone),
    "predict": ("-predict.py", "text/x-python", _exported(".py")),
    "onnx": (".onnx", "application/octet-stream", _exported(".onnx")),
    "javascript": (".mjs", "text/javascript", _exported(".mjs")),
    "csv": (".csv", "text/csv", _data),
    "svg": (".svg", "image/svg+xml", _figure("svg")),
    "png": (".png", "image/png", _figure("png")),
    "record": (".html", "text/html", _page(live=False)),
    "live": ("-live.html", "text/html", _page(live=True)),
}
"""form: how its file ends, its media type, what writes it"""
