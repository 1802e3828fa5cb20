"""``tasou train`` as people get it: an ensemble, whose options act on each member; groups and times stay together."""

import csv
from pathlib import Path

import numpy as np
import pytest

import tasou
from tasou.cli import main
from tasou.cli import train as command
from tasou.formats.model_file import read_model
from tasou.tabular import presets

N = 90
RNG = np.random.default_rng(8)
SIZE = RNG.normal(size=N).round(3)
ROWS = {
    "size": SIZE,
    "kind": RNG.choice(["a", "b"], N),
    "shop": [f"s{i % 9}" for i in range(N)],
    "day": [f"2024-{1 + i // 28:02}-{1 + i % 28:02}" for i in range(N)],
    "late": ["" if i == 3 else f"2024-01-{1 + i % 28:02}" for i in range(N)],
    "big": np.where(SIZE > 0, "yes", "no"),
    "price": (np.exp(SIZE) * 3).round(2),
}
FAST = ["train", "t.csv", "--preset", "fast", "--epochs", "4", "--hidden", "8", "--lang", "en"]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with open("t.csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerows([list(ROWS), *zip(*ROWS.values(), strict=True)])


def test_the_command_knows_the_presets():
    assert presets.NAMES == command.PRESETS


def test_an_ensemble_is_trained_tested_told_of_and_asked(capsys):
    assert main([*FAST, "--target", "big", "--drop", "shop,day,late,price", "--report", "r.html"]) == 0
    out, err = capsys.readouterr()
    assert "ensemble of 8 networks, preset fast; the first: 2 → " in out and "8 mish → 2 softmax" in out
    assert (
        "chosen on rows kept out: each member as it stood at" in out and "8 of 8 members have learnt" in err
    )
    page = Path("r.html").read_text("utf-8")
    assert page.count("line first member") == 8 and "<h2>The first member</h2>" in page
    assert main(["info", "t.tasou", "--lang", "en"]) == 0
    assert "ensemble of 8 networks, preset fast" in capsys.readouterr().out
    assert main(["predict", "t.tasou", "t.csv", "--proba", "-q"]) == 0
    assert capsys.readouterr().out.startswith("predicted_big,p_no,p_yes\n")
    assert main(["verify", "t.tasou"]) == 0
    _a_row_is_shown_on_its_way(capsys)


def _a_row_is_shown_on_its_way(capsys):
    capsys.readouterr()
    line = ["predict", "t.tasou", "t.csv", "--ledger", "3", "--lang", "en"]
    assert main(line) == 0
    out, err = capsys.readouterr()
    p = tasou.load("t.tasou").predict_proba(ROWS)[2]
    assert out.startswith("t.csv, row 3 (line 4)\n\ncolumn  cell")
    assert str(ROWS["size"][2]) in out and "x_1 = " in out
    answer = out.splitlines()[-1].split()
    assert answer[0] == "answer" and [float(x) for x in answer[-2:]] == pytest.approx(p, rel=1e-3)
    assert err == "note: --member 1 shows the numbers within member 1\n"
    assert main([*line, "--member", "2", "-o", "ledger.txt"]) == 0
    text = Path("ledger.txt").read_text("utf-8")  # the file tells the target: the way back is there, too
    assert "member 2 of 8" in text and "── forward ──" in text and "∇W[3]_1" in text
    for more, says in [
        (["--member", "9"], "the model has 8 members: there is no --member 9"),
        (["--proba"], "--proba cannot be given with it"),
        (["--ledger", "91"], "t.csv has 90 rows: there is no row 91"),
    ]:
        assert main([*line, *more]) == 2 and says in capsys.readouterr().err


def test_a_time_limit_is_kept_and_told(capsys):
    line = ["train", "t.csv", "--target", "big", "--time-limit", "0.05", "--lang", "en", "--preset"]
    endless = ["plain", "--no-early-stopping", "--epochs", "1000000"]
    for preset, says in ((["fast"], "time_limit=0.05 s: "), (endless, "when the time was over")):
        assert main([*line, *preset]) == 0
        out = capsys.readouterr().out
        assert says in out and "callback" not in out


def test_the_answers_do_not_depend_on_the_number_of_threads(capsys):
    for threads in ("1", "2"):
        line = [*FAST, "--target", "price", "--threads", threads, "-q", "-o", f"{threads}.tasou"]
        assert main(line) == 0
    one, two = (tasou.load(f"{n}.tasou").predict(ROWS) for n in (1, 2))
    assert (one == two).all()


def test_every_option_acts_on_each_member():
    options = "--activation tanh --dropout 0.3 --l2 0.5 --optimizer sgd --lr 0.2 --schedule cosine --warmup 2"
    more = "--batch-size 9 --clip-norm 1 --class-weight balanced --validation-size 0.5 --init zeros --seed 3"
    line = [*FAST, "--target", "big", *options.split(), *more.split(), "--scale", "none", "-q"]
    assert main(line) == 0
    model = tasou.load("t.tasou")
    found = model.settings
    assert (found.lr, found.schedule, found.warmup, found.batch_size) == (0.2, "cosine", 2, 9)
    assert (found.clip_norm, found.class_weight, found.seed, found.scale) == (1.0, "balanced", 3, False)
    for network, *_ in model.ensemble.members:
        assert network[3].activation.name == "tanh" and network[3].card.dropout == 0.3 and network.l2 == 0.5
    assert len(model.history["loss"]) == 4


def test_members_stop_early_where_that_is_asked_for():
    assert main([*FAST, "--target", "big", "--patience", "1", "--lr", "1e-9", "--epochs", "30", "-q"]) == 0
    model = tasou.load("t.tasou")
    assert model.settings.early_stopping and model.settings.patience == 1
    assert min(len(history["validation_loss"]) for history in model.ensemble.histories) < 30


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (
            ["--optimizer", "lbfgs"],
            "--optimizer lbfgs takes all rows at once and has no epochs to choose from: add --p",
        ),
        (["--validation-size", "0"], "--validation-size must be above 0, or add --preset plain"),
        (
            ["--schedule", "adaptive"],
            "--schedule adaptive lowers the rate when early stopping sees no improvement",
        ),
        (
            ["--schedule", "adaptive", "--preset", "plain", "--no-early-stopping"],
            "add --early-stopping, and a",
        ),
        (["--group", "nothing"], "t.csv has no column 'nothing' (--group); it has size, kind, shop"),
        (["--time", "kind"], "'kind' tells no time: line 2 holds"),
        (["--time", "late"], "line 5 has no value of 'late' (--time): leave out the rows"),
    ],
)
def test_what_means_nothing_to_an_ensemble_is_refused_in_a_sentence(options, says, capsys):
    assert main([*FAST, "--target", "big", *options]) == 2
    out, err = capsys.readouterr()
    assert says in err and (
        not out or says.startswith(("t.csv", "'kind'", "line"))
    )  # an option that cannot be: at once


def splits(monkeypatch, *options):
    """The test part, and the groups that the training was told of."""
    from tasou.cli import _splitting

    found = []
    parts = _splitting.parts
    monkeypatch.setattr(_splitting, "parts", lambda *a: found.append(parts(*a)) or found[-1])
    assert main([*FAST, "--target", "big", "--epochs", "1", "-q", *options]) == 0
    return found[0]


def test_a_group_is_never_cut_and_not_learnt_from(monkeypatch):
    train, test, groups = splits(monkeypatch, "--group", "shop")
    assert not set(train["shop"]) & set(test["shop"]) and 10 <= len(test) <= 30
    assert len(set(zip(groups.tolist(), train["shop"].tolist(), strict=True))) == len(set(train["shop"]))
    assert "shop" not in tasou.load("t.tasou").preparation.columns


def test_by_time_the_last_rows_are_tested_on(monkeypatch):
    train, test, groups = splits(monkeypatch, "--time", "day")
    assert max(train["day"]) < min(test["day"]) and len(test) == 18
    assert (np.diff(groups) >= 0).all() and len(set(groups.tolist())) == 16


def test_a_diagnosis_names_the_members(capsys):
    assert main([*FAST, "--target", "big", "--lr", "1e-6", "--diagnose"]) == 0
    assert "all 8 members, e.g. the first: " in capsys.readouterr().err
    assert main([*FAST, "--target", "big", "--lr", "1e-6", "--diagnose", "--lang", "ja"]) == 0
    assert "全 8 メンバー（例：1番目）" in capsys.readouterr().err


def test_half_precision_says_what_it_costs(capsys):
    assert main([*FAST, "--target", "price", "--float16"]) == 0
    out = capsys.readouterr().out
    change = read_model("t.tasou").model["float16"]["change"]
    assert f"float16: answers for made-up rows change by at most {change:.1g}" in out
    assert main(["info", "t.tasou", "--lang", "en"]) == 0
    assert "half precision; answers for made-up rows changed by at most" in capsys.readouterr().out


def test_few_rows_are_learnt_by_a_plain_network(capsys):
    with open("t.csv", encoding="utf-8") as file:
        few = "".join(file.readlines()[:40])
    with open("few.csv", "w", encoding="utf-8") as file:
        file.write(few)
    assert main(["train", "few.csv", "--target", "big", "--epochs", "2", "--lang", "en"]) == 0
    assert "\nnetwork " in capsys.readouterr().out and tasou.load("few.tasou").preset == "plain"


def test_ctrl_c_keeps_the_members_that_have_learnt(monkeypatch, capsys):
    from tasou.cli._progress import Progress

    def on_epoch(progress, training):
        progress.done += 1
        if progress.done == 10:
            raise KeyboardInterrupt

    monkeypatch.setattr(Progress, "on_epoch", on_epoch)
    monkeypatch.setattr("tasou.backends.processors.cores", lambda: 1)
    assert main([*FAST, "--target", "big"]) == 130
    assert tasou.load("t.tasou").finished == "interrupted"
