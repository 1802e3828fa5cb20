"""A picture is written wholly or not at all, the same bytes for the same picture."""

from __future__ import annotations

import os
from xml.etree import ElementTree

import pytest
from matplotlib.figure import Figure
from PIL import Image

from tasou.errors import TasouError
from tasou.plots import check_path, loss_curve, save


def picture():
    figure = Figure(figsize=(3, 2))
    loss_curve([1.0, 0.5], ax=figure.subplots(), lang="en", loss_name="a < b & $c$")
    return figure


def test_both_formats_say_what_they_show(tmp_path):
    png, svg = save(picture(), tmp_path / "curve", dpi=50)
    assert (png.name, svg.name) == ("curve.png", "curve.svg")
    alt = "Loss 1 → 0.5 in 2 epochs; epoch, a < b & c"
    with Image.open(png) as image:
        assert image.size == (150, 100)
        assert image.text["Title"] == "Loss 1 → 0.5 in 2 epochs"
        assert image.text["Description"] == alt
    root = ElementTree.parse(svg).getroot()
    assert root.find("{*}title").text == "Loss 1 → 0.5 in 2 epochs"
    assert root.find("{*}desc").text == alt


def test_the_same_picture_is_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        save(picture(), tmp_path / name, dpi=40)
    for ending in (".png", ".svg"):
        assert (tmp_path / f"one{ending}").read_bytes() == (tmp_path / f"two{ending}").read_bytes()


def test_all_formats_have_one_layout_and_the_figure_keeps_its_engine(tmp_path):
    figure = Figure(figsize=(3, 2), layout="constrained")
    loss_curve([1.0, 0.5], ax=figure.subplots(), lang="en")
    engine, layouts = figure.get_layout_engine(), []
    engine.execute = lambda fig, execute=engine.execute: layouts.append(execute(fig))
    save(figure, tmp_path / "curve", dpi=50)
    assert len(layouts) == 1 and figure.get_layout_engine() is engine


@pytest.mark.parametrize("name", ["a.png", "a.svg", "a.SVG"])
def test_an_ending_asks_for_one_format(tmp_path, name):
    assert save(picture(), str(tmp_path / name), alt="mine") == [tmp_path / name]
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_other_dots_in_a_name_are_no_ending(tmp_path):
    assert [path.name for path in check_path(tmp_path / "v1.2")] == ["v1.2.png", "v1.2.svg"]


def test_an_older_file_is_replaced(tmp_path):
    (tmp_path / "a.png").write_text("old")
    save(picture(), tmp_path / "a.png")
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")


def test_what_cannot_be_written_is_said_and_leaves_nothing(tmp_path):
    (tmp_path / "file").touch()
    (tmp_path / "taken.png").mkdir()
    for path, words in {
        "nowhere/a": "there is no folder .*nowhere",
        "file/a": "file is a file, not a folder",
        "taken": "taken.png: it is a folder",
        f"x{os.sep}": "it is a folder; name a file in it",
        "n" * 300: "(?i)name too long",
    }.items():
        with pytest.raises(TasouError, match=words):
            save(picture(), f"{tmp_path}/{path}")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "taken.png"]


def test_a_folder_without_permission(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(TasouError, match="no permission to write in"):
        check_path(tmp_path / "a")


def test_a_failure_while_writing_leaves_the_old_file(tmp_path, monkeypatch):
    (tmp_path / "a.png").write_text("old")

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(TasouError, match=r"a\.png: No space left on device"):
        save(picture(), tmp_path / "a.png")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("a.png", "old")]
