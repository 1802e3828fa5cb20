"""A film from a figure that is drawn again for every frame: GIF, MP4, or one HTML page that needs nothing else."""

from __future__ import annotations

import base64
import html
import json
import tempfile
from collections.abc import Iterator
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tasou import writing
from tasou.errors import TasouError
from tasou.language import Language, say
from tasou.messages import Message

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NO_FORMAT = Message(
    "plot.film_format",
    en="a film's name ends in {known:list}",
    ja="動画のファイル名は {known:list} のどれかで終わります",
)
NO_FFMPEG = Message(
    "plot.no_ffmpeg",
    en="ffmpeg is not installed; choose .gif or .html",
    ja="ffmpeg がインストールされていません。.gif か .html にしてください",
)

FORMATS = (".gif", ".html", ".mp4")
LAST = 2.0
"""seconds that a GIF rests on its last frame before it begins again"""
COLOURS = 128

WORDS = {
    "play": {"en": "Play", "ja": "再生"},
    "pause": {"en": "Pause", "ja": "一時停止"},
    "frame": {"en": "Frame", "ja": "コマ"},
}


class Film(type(Path())):  # type: ignore[misc]  # a path of this system's kind
    """The path of a film; a notebook shows the film itself."""

    def _repr_html_(self) -> str:
        suffix = self.suffix.lower()
        if suffix == ".html":
            frame = html.escape(self.read_text("utf-8"))
            return f'<iframe srcdoc="{frame}" style="width:100%;height:520px;border:0"></iframe>'
        data = base64.b64encode(self.read_bytes()).decode()
        if suffix == ".gif":
            return f'<img alt="{html.escape(self.name)}" style="max-width:100%" src="data:image/gif;base64,{data}">'
        return f'<video controls loop style="max-width:100%" src="data:video/mp4;base64,{data}"></video>'


def check_path(path: Any) -> Path:
    """The file of the film; `TasouError` where it could not be written."""
    target = Path(path)
    if target.suffix.lower() not in FORMATS:
        raise TasouError(writing.CANNOT_WRITE, path=target, reason=NO_FORMAT(known=list(FORMATS)))
    writing.check(target)
    if target.suffix.lower() == ".mp4":
        from matplotlib.animation import FFMpegWriter

        if not FFMpegWriter.isAvailable():
            raise TasouError(writing.CANNOT_WRITE, path=target, reason=NO_FFMPEG)
    return target


def write(fig: Figure, frames: Iterator[str], target: Path, fps: float, dpi: float, lang: Language) -> None:
    """Write the film to ``target``; each step of ``frames`` draws ``fig`` anew and says in words what it shows."""
    make = {".gif": _gif, ".mp4": _mp4, ".html": _html}[target.suffix.lower()]
    writing.write(target, [make(fig, frames, fps, dpi, lang)])


def _picture(fig: Figure, dpi: float) -> Any:
    """What ``fig`` looks like now, as an image of Pillow."""
    from PIL import Image

    canvas: Any = fig.canvas
    fig.set_dpi(dpi)
    canvas.draw()
    return Image.fromarray(np.asarray(canvas.buffer_rgba())[..., :3].copy())


def _gif(fig: Figure, frames: Iterator[str], fps: float, dpi: float, lang: Language) -> bytes:
    pictures = [_picture(fig, dpi).quantize(COLOURS, dither=0) for _ in frames]
    durations = [round(1000 / fps)] * (len(pictures) - 1) + [round(1000 * LAST)]
    buffer = BytesIO()
    first, *others = pictures
    first.save(buffer, "GIF", save_all=True, append_images=others, duration=durations, loop=0, optimize=False)
    return buffer.getvalue()


def _mp4(fig: Figure, frames: Iterator[str], fps: float, dpi: float, lang: Language) -> bytes:
    from matplotlib.animation import FFMpegWriter

    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "film.mp4"
        # Players want this pixel format, and it wants an even number of pixels each way.
        even = ["-pix_fmt", "yuv420p", "-vf", "pad=ceil(iw/2)*2:ceil(ih/2)*2"]
        writer = FFMpegWriter(fps=round(fps), extra_args=even)
        with writer.saving(fig, str(target), dpi):
            for _ in frames:
                writer.grab_frame()
        return target.read_bytes()


def _html(fig: Figure, frames: Iterator[str], fps: float, dpi: float, lang: Language) -> bytes:
    """Frames as PNG inside the page; it plays by a script of its own and asks no other machine for anything."""
    shown = []
    for words in frames:
        buffer = BytesIO()
        _picture(fig, dpi).quantize(COLOURS, dither=0).save(buffer, "PNG", optimize=True)
        shown.append((base64.b64encode(buffer.getvalue()).decode(), words))
    page = (files("tasou.plots") / "film.html").read_text(encoding="utf-8")
    values = {
        "LANG": lang,
        "TITLE": html.escape(shown[-1][1]),
        "GROUND": _hex(fig),
        "FRAMES": _script([data for data, _ in shown]),
        "WORDS": _script([words for _, words in shown]),
        "PLAY": html.escape(say(WORDS["play"], lang)),
        "PAUSE": html.escape(say(WORDS["pause"], lang)),
        "FRAME": html.escape(say(WORDS["frame"], lang)),
        "LAST": str(len(shown) - 1),
        "PAUSE_MS": str(round(1000 / fps)),
    }
    for name, value in values.items():
        page = page.replace(f"@{name}@", value)
    return page.encode()


def _script(values: list[str]) -> str:
    """JSON that cannot end the script it stands in."""
    return json.dumps(values, ensure_ascii=False).replace("</", "<\\/")


def _hex(fig: Figure) -> str:
    from matplotlib.colors import to_hex

    return to_hex(fig.get_facecolor())
