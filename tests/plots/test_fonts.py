"""A Japanese font is found wherever it lies: in Matplotlib's list, in a package, or newer than that list."""

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import matplotlib
import pytest
from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from tasou.plots import fonts, theme

LATIN = Path(matplotlib.get_data_path(), "fonts/ttf/DejaVuSans.ttf")


@pytest.fixture
def listed(monkeypatch):
    """Matplotlib lists these families, all in a file that is there; nothing lies in packages or elsewhere."""

    def names(*families, file=LATIN):
        entries = [font_manager.FontEntry(fname=str(file), name=family) for family in families]
        monkeypatch.setattr(font_manager.fontManager, "ttflist", entries)

    monkeypatch.setattr(fonts, "PACKAGES", ())
    monkeypatch.setattr(font_manager, "findSystemFonts", list)
    return names


def find():
    return fonts.japanese_font.__wrapped__()


def test_the_first_known_font_is_taken(listed):
    listed("IPAGothic", "Meiryo", "Arial")
    assert find() == "Meiryo"


def test_none_is_found_where_there_is_none(listed):
    listed("Arial")
    assert find() is None


def test_a_font_that_was_removed_since_the_cache_was_made_is_not_drawn_with(listed, tmp_path):
    listed("Meiryo", "Arial", file=tmp_path / "gone.ttf")
    assert find() is None
    assert [font.name for font in font_manager.fontManager.ttflist] == ["Arial"]


def test_a_font_that_was_installed_since_the_cache_was_made_is_found(listed, monkeypatch, tmp_path):
    new, damaged = tmp_path / "new.ttf", tmp_path / "damaged.ttf"
    shutil.copy(LATIN, new)
    damaged.write_bytes(b"no font")
    listed("Arial")
    monkeypatch.setattr(font_manager, "findSystemFonts", lambda: [str(damaged), str(new)])
    monkeypatch.setattr(fonts, "FAMILIES", ("DejaVu Sans",))
    assert find() == "DejaVu Sans"


def test_a_package_brings_a_font_without_being_imported(listed, monkeypatch, tmp_path):
    folder = tmp_path / "a_font_package"
    (folder / "fonts").mkdir(parents=True)
    (folder / "__init__.py").write_text("raise ImportError('importing it would change every plot')")
    shutil.copy(LATIN, folder / "fonts" / "latin.ttf")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(fonts, "PACKAGES", ("not_installed", "a_font_package"))
    monkeypatch.setattr(fonts, "FAMILIES", ("DejaVu Sans",))
    listed("Arial")
    assert find() == "DejaVu Sans"


def test_the_font_of_the_extra_draws_japanese(monkeypatch, japanese_font, caplog):
    if find_spec("matplotlib_fontja") is None:
        pytest.skip("matplotlib-fontja is not installed")
    listed = [font for font in font_manager.fontManager.ttflist if font.name not in fonts.FAMILIES]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", listed)
    assert find() == "IPAexGothic"
    monkeypatch.setattr(fonts, "japanese_font", lambda: "IPAexGothic")
    figure = Figure()
    FigureCanvasAgg(figure)
    with theme.lettering("ja") as lang:
        assert lang == "ja"
        theme.label(figure.subplots(), title="渦巻きと決定境界")
        figure.text(0.5, 0.5, "太字", weight="bold")
    figure.draw_without_rendering()  # a missing glyph is a warning, and warnings are errors
    assert not caplog.records  # nor does Matplotlib complain that there is no bold face


@pytest.mark.skipif(sys.platform == "win32", reason="fonts lie elsewhere on Windows")
def test_a_stale_cache_of_matplotlib_is_noticed(japanese_font, tmp_path):
    """The list of fonts is made without a Japanese font; then one is installed, and the next program draws with it."""
    file = next(font.fname for font in font_manager.fontManager.ttflist if font.name == japanese_font)
    home = tmp_path / "home"
    home.mkdir()
    environment = {
        "HOME": str(home),
        "PATH": os.defpath,
        "MPLCONFIGDIR": str(home / "cache"),
        "MPLBACKEND": "agg",
    }
    code = (
        "from tasou.plots import fonts; fonts.PACKAGES = (); "
        f"fonts.FAMILIES = ({japanese_font!r},); print(fonts.japanese_font())"
    )

    def says():
        run = [sys.executable, "-c", code]
        return subprocess.run(run, env=environment, capture_output=True, text=True, check=True).stdout.strip()

    if says() != "None":
        pytest.skip(f"{japanese_font} is installed for everybody on this machine")
    folder = home / ".fonts"
    folder.mkdir()
    shutil.copy(file, folder)
    assert says() == japanese_font


def test_what_a_notebook_sets_while_a_picture_is_drawn_stays():
    """The backend of a notebook loads with the first picture; that pictures appear under their cell is its setting."""
    import matplotlib

    from tasou.plots import theme

    before, family = matplotlib.rcParams["interactive"], matplotlib.rcParams["font.family"]
    try:
        with theme.lettering("en"):
            matplotlib.rcParams["interactive"] = not before
        assert matplotlib.rcParams["interactive"] is not before
        assert matplotlib.rcParams["font.family"] == family
    finally:
        matplotlib.rcParams["interactive"] = before
