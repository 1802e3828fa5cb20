"""Every diagnosis as a new user meets it: provoked by a command, read, and cured by an option that it named."""

from __future__ import annotations

import csv
import re
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tasou.cli import main
from tasou.diagnostics import rules

PLAIN = ("train", "--preset", "plain")

Columns = dict[str, np.ndarray]


def rings(n=300):
    """Two classes, one around the other."""
    x, y = np.random.default_rng(0).normal(size=(2, n)).round(4)
    return {"x": x, "y": y, "target": np.where(x * x + y * y < 1.2, "inside", "outside")}


def waves(n=300):
    """A number that goes up and down with another."""
    rng = np.random.default_rng(0)
    x = rng.uniform(-3, 3, n)
    return {"x": x.round(4), "target": (np.sin(2 * x) + 0.05 * rng.normal(size=n)).round(4)}


def flats(n=300):
    """Rents: inputs of a hundred, a target of a hundred thousand; one column is there twice, in another unit."""
    rng = np.random.default_rng(0)
    area, age = rng.uniform(30, 200, n).round(1), rng.integers(0, 40, n)
    rent = 20_000 + 1_500 * area - 800 * age + 5_000 * rng.normal(size=n)
    return {
        "area": area,
        "sqft": (area * 10.7639).round(4),
        "age": age,
        "unit": age * 0 + 1,
        "target": rent.round(),
    }


def coins(n=200):
    """Nothing to learn: ten columns of noise, and heads or tails."""
    rng = np.random.default_rng(0)
    noise = {f"c{j}": rng.normal(size=n).round(4) for j in range(10)}
    return {**noise, "target": rng.choice(["heads", "tails"], n)}


def frauds(n=600):
    """A rare class, not far from the frequent one."""
    rng = np.random.default_rng(0)
    rare = rng.random(n) < 0.06
    x, y = rng.normal(size=(2, n)) + 1.2 * rare
    return {"x": x.round(4), "y": y.round(4), "target": np.where(rare, "fraud", "fine")}


def many():
    """More rows than one update needs."""
    return rings(3_000)


DEEP = ",".join(["16"] * 8)
ROWS: dict[str, tuple[Callable[[], Columns], str, list[str]]] = {
    "T001": (rings, "--hidden 16 --lr 1 --epochs 60", ["--lr 0.1", "--activation leaky_relu"]),
    "T002": (flats, "--hidden 16 --activation tanh --scale none --epochs 40", ["--scale auto"]),
    "T003": (
        rings,
        f"--hidden {DEEP} --activation sigmoid --epochs 40",
        ["--activation relu", "--hidden 16,16"],
    ),
    "T004": (
        rings,
        f"--hidden {DEEP} --activation leaky_relu --lr 1 --epochs 30",
        ["--lr 0.1", "--hidden 16,16"],
    ),
    "T005": (rings, "--hidden 16 --optimizer sgd --lr 3 --epochs 60", ["--lr 0.3"]),
    "T006": (rings, "--hidden 16 --lr 1e-5 --epochs 100", ["--lr 0.0001"]),
    "T007": (rings, "--hidden 16 --epochs 60", ["--epochs 240", "--lr 0.01"]),
    "T008": (waves, "--hidden 16 --tol 0.1 --epochs 200", ["--tol", "--patience 100"]),
    "T009": (flats, "--hidden 16 --optimizer sgd --scale none", ["--scale auto"]),
    "T010": (flats, "--hidden 16 --scale none --epochs 40", ["--scale auto"]),
    "T011": (flats, "--hidden 16 --scale none --epochs 40", ["--scale auto"]),
    "T012": (coins, "--no-early-stopping", ["--early-stopping"]),
    "T013": (frauds, "--hidden 16", ["--class-weight balanced"]),
    "T014": (flats, "--hidden 16 --numeric unit --epochs 40", ["--drop unit"]),
    "T015": (flats, "--hidden 16 --epochs 40", ["--drop sqft"]),
    "T016": (waves, "--hidden 16 --activation tanh --init zeros --epochs 40", ["--init glorot_uniform"]),
    "T017": (many, "--hidden 16 --batch-size 3000 --epochs 40", ["--batch-size 64"]),
    "T018": (many, "--hidden 16 --batch-size 1 --epochs 2", ["--batch-size 32"]),
    "T019": (waves, "--hidden 16 --output-activation relu --epochs 40", ["--output-activation identity"]),
    "T020": (rings, "--hidden 16 --activation identity --epochs 100", ["--activation relu"]),
}
"""code -> data, the options that provoke it, options it names that cure it"""


def write(columns: Columns, path: str = "a.csv") -> None:
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([columns, *zip(*columns.values(), strict=True)])


@pytest.fixture
def train(tmp_path, monkeypatch, capsys):
    """Run ``tasou train a.csv --target target OPTIONS``; what it writes on the standard error."""
    monkeypatch.chdir(tmp_path)

    def run(options: str, lang: str = "en", code: int | None = 0) -> str:
        line = [
            *PLAIN,
            "a.csv",
            "--target",
            "target",
            "--diagnose",
            "--lang",
            lang,
            *shlex.split(options),
        ]
        found = main(line)
        assert code is None or found == code
        return capsys.readouterr().err

    return run


def codes(said: str) -> list[str]:
    return re.findall(r"^(T\d+) ", said, re.M)


def finding(said: str, code: str) -> str:
    """The three lines of one finding."""
    return "\n".join(re.search(rf"^{code} .*\n.*\n.*$", said, re.M)[0].splitlines())


def test_every_diagnosis_is_here():
    lacking = [rule.code for rule in rules.every() if rule.code not in ROWS]
    assert not lacking, f"add a line to ROWS in {Path(__file__).name} for {lacking}"


@pytest.mark.parametrize("code", ROWS)
def test_provoked_read_and_cured(code, train):
    make, options, cures = ROWS[code]
    write(make())
    ends = 2 if code == "T009" else 0
    read = {lang: finding(train(options, lang, ends), code) for lang in ("en", "ja")}
    for cure in cures:
        named = [re.search(rf"[(（]({cure}[^)）]*)[)）]", text)[1] for text in read.values()]
        assert named[0] == named[1]
        assert code not in codes(train(f"{options} {named[0]}"))


def test_the_weights_of_the_last_epoch_are_not_said_to_be_the_best(train, capsys):
    write(coins())
    for options, kept in (("", True), ("--no-early-stopping", False)):
        main([*PLAIN, "a.csv", "--target", "target", "--epochs", "30", "--lang", "en", *options.split()])
        assert ("kept are the weights" in capsys.readouterr().out) is kept


@pytest.mark.parametrize("options", ["--activation rel", "--init he", "--optimizer adams", "--schedule cos"])
def test_a_wrong_name_is_one_line_before_anything_is_read(options, train):
    write(coins())
    assert train(options, code=2).count("\n") == 1


def test_a_healthy_training_says_so(train):
    write(rings(600))
    for lang, word in (("en", "Healthy"), ("ja", "健康")):
        assert word in train("--hidden 16 --lr 0.01 --epochs 100", lang)


@pytest.mark.parametrize("quiet", ["", "-q"])
def test_the_report_holds_the_diagnosis(quiet, train, tmp_path):
    write(rings())
    said = train(f"--hidden 16 --lr 1 --epochs 40 --report r.html {quiet}", "ja")
    assert ("T001" in said) is not bool(quiet)
    page = (tmp_path / "r.html").read_text("utf-8")
    assert "<h2>診断</h2>" in page and "T001 死んだReLU" in page and "--lr 0.1" in page


# --- the page that shows it --------------------------------------------------------------------------------------

DOCS = Path(__file__).parents[2] / "docs"
SHOWN = {
    lang: re.findall(r"^\| (T\d+) .+? \| `(.+?)` \| (.+) \|$", page, re.M)
    for lang in ("en", "ja")
    if (page := (DOCS / lang / "guides" / "diagnose.md").read_text("utf-8"))
}


def test_the_page_shows_every_diagnosis_in_both_languages():
    lacking = [rule.code for rule in rules.every() if rule.code not in [shown for shown, _, _ in SHOWN["en"]]]
    pages = "docs/en/guides/diagnose.md and docs/ja/guides/diagnose.md"
    assert not lacking, f"add a row to the table of {pages} for {lacking}"
    without_words = [
        [(code, line, re.findall("`.+?`", cures)) for code, line, cures in rows] for rows in SHOWN.values()
    ]
    assert without_words[0] == without_words[1]


@pytest.mark.parametrize(("code", "line", "cures"), SHOWN["en"])
def test_the_page_is_right(code, line, cures, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    shutil.copytree(DOCS / "data", tmp_path, dirs_exist_ok=True)

    def found(options: str) -> str:
        main([*PLAIN, *shlex.split(options), "--diagnose", "--lang", "en"])
        return capsys.readouterr().err

    said = finding(found(line), code)
    for cure in re.findall("`(.+?)`", cures):
        assert f"({cure})" in said
        assert code not in codes(found(f"{line} {cure}"))
