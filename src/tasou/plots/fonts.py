"""Where the Japanese letters of the pictures come from: a font of this machine, or of an installed package."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from tasou.errors import warn
from tasou.messages import Message

FAMILIES = (
    "Noto Sans CJK JP", "Noto Sans JP", "Source Han Sans JP", "Source Han Sans", "Hiragino Sans",
    "Hiragino Kaku Gothic ProN", "Yu Gothic", "Meiryo", "BIZ UDGothic", "MS Gothic", "IPAexGothic", "IPAPGothic",
    "IPAGothic", "TakaoPGothic", "TakaoGothic", "VL Gothic", "Droid Sans Fallback", "WenQuanYi Zen Hei",
)  # fmt: skip
"""families that have the letters, the best first"""

PACKAGES = ("matplotlib_fontja", "japanize_matplotlib")
"""packages that bring a font, in their folder ``fonts``; they are not imported, which would change every plot"""

NO_JAPANESE_FONT = Message(
    "plots.no_japanese_font",
    en="no Japanese font was found, so the labels of this picture are in English; install one: "
    'pip install "tasou[ja]", or e.g. Noto Sans CJK JP (Debian and Ubuntu: apt install fonts-noto-cjk)',
    ja='日本語フォントが見つからないため、図の文字は英語です。pip install "tasou[ja]" で入ります'
    "（Noto Sans CJK JP などでもかまいません。Debian と Ubuntu では apt install fonts-noto-cjk）",
)


@cache
def japanese_font() -> str | None:
    """The family of a Japanese font on this machine that we know to be good, or None.

    Matplotlib keeps a list of fonts in a cache. One that was removed since is passed over; one that was installed since
    is looked for when the list has none.
    """
    found = _best(_listed()) or _best(_added(_of_packages())) or _best(_added(_not_listed()))
    if found:
        _make_bold(found)
    return found


def _best(families: Iterable[str]) -> str | None:
    found = set(families)
    return next((family for family in FAMILIES if family in found), None)


def _listed() -> Iterator[str]:
    """The families that Matplotlib lists; those removed since are taken from its list, or it would draw with them."""
    from matplotlib.font_manager import fontManager

    for font in [font for font in fontManager.ttflist if font.name in FAMILIES]:
        if Path(font.fname).is_file():
            yield font.name
        else:
            fontManager.ttflist.remove(font)


def _of_packages() -> Iterator[str]:
    """Font files that lie in installed packages, found without importing these."""
    for name in PACKAGES:
        spec = find_spec(name)
        for folder in (spec and spec.submodule_search_locations) or ():
            yield from map(str, sorted(Path(folder, "fonts").glob("*.[to]t[fc]")))


def _not_listed() -> Iterator[str]:
    """Font files of this machine that Matplotlib's cache does not know."""
    from matplotlib.font_manager import findSystemFonts, fontManager

    known = {font.fname for font in fontManager.ttflist}
    return (file for file in sorted(findSystemFonts()) if file not in known)


def _added(files: Iterable[str]) -> Iterator[str]:
    """The families of these files, made known to Matplotlib; a file that it cannot read is passed over."""
    from matplotlib.font_manager import fontManager

    for file in files:
        before = len(fontManager.ttflist)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # what is odd about a font that nobody asked for
                fontManager.addfont(file)
        except Exception:  # whatever FreeType says of a damaged file
            continue
        yield from (font.name for font in fontManager.ttflist[before:])


def _make_bold(family: str) -> None:
    """List the regular face as the bold one where there is none: Matplotlib takes it, but complains each time."""
    from matplotlib.font_manager import fontManager

    faces = [font for font in fontManager.ttflist if font.name == family]
    if not any(face.weight in ("bold", 700) for face in faces):
        fontManager.ttflist.append(replace(faces[0], weight=700))


@cache
def warn_once() -> None:
    """Say that Japanese cannot be drawn here."""
    warn(NO_JAPANESE_FONT, stacklevel=5)
