"""The tables of the comparison, and their splits: a folder with a description, or what small packages ship."""

from __future__ import annotations

import fnmatch
import importlib.util
import io
import sys
import tarfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

MOST_TO_LEARN_FROM = 10_000
MOST_TO_TEST = 10_000
TEST_SHARE = 0.3


@dataclass
class Set:
    """A table X with its target y and its task."""

    name: str
    X: pd.DataFrame
    y: pd.Series
    task: str

    def split(self, seed: int) -> tuple[np.ndarray, np.ndarray]:
        """(rows to learn from, rows to test on): at most 10,000 of each; classes in their shares."""
        rng = np.random.default_rng([seed, 20_26])
        order = rng.permutation(len(self.y))
        if self.task == "classification":
            codes = pd.factorize(self.y)[0]
            ranks = pd.Series(codes[order]).groupby(codes[order]).cumcount().to_numpy()
            sizes = np.bincount(codes)[codes[order]]
            share = (ranks + rng.random(len(order))) / sizes  # within each class evenly from 0 to 1
            order = order[np.argsort(share, kind="stable")]
        n = min(MOST_TO_TEST, round(TEST_SHARE * len(order)))
        return np.sort(order[n:][:MOST_TO_LEARN_FROM]), np.sort(order[:n])


def of_folder(folder: Path, description: Path) -> Iterator[Set]:
    """The tables that the description names and that are there."""
    for name, about in tomllib.loads(description.read_text(encoding="utf-8")).items():
        if (folder / about["file"]).exists():
            yield _described(name, _read(folder / about["file"]), about)


def _read(path: Path) -> pd.DataFrame:
    if path.suffix == ".npz":
        arrays = np.load(path)
        X = pd.DataFrame(arrays["X"].reshape(len(arrays["X"]), -1)).add_prefix("x")
        return X.assign(y=arrays["y"])
    return pd.read_csv(path)


def _described(name: str, frame: pd.DataFrame, about: dict[str, Any]) -> Set:
    for column in about.get("numbers", []):
        frame[column] = pd.to_numeric(frame[column], errors="coerce")
    if " / " in about["target"]:
        over, under = about["target"].split(" / ")
        y = frame[over] / frame[under]
    else:
        y = frame[about["target"]]
    known = y.notna() & ~y.isin([np.inf, -np.inf])
    dropped = [
        column
        for column in frame.columns
        if column == about["target"] or any(fnmatch.fnmatch(column, p) for p in about.get("drop", []))
    ]
    numbers = pd.api.types.is_float_dtype(y) or (pd.api.types.is_numeric_dtype(y) and y.nunique() > 20)
    task = about.get("task") or ("regression" if numbers else "classification")
    X, y = frame.drop(columns=dropped)[known].reset_index(drop=True), y[known].reset_index(drop=True)
    if task == "classification":  # a class of which no split has a row on both sides tells nothing
        often = y.map(y.value_counts()) >= 8
        X, y = X[often].reset_index(drop=True), y[often].reset_index(drop=True)
    return Set(name, X, y, task)


def shipped() -> Iterator[Set]:
    """What scikit-learn ships."""
    from sklearn import datasets

    for name in ("breast_cancer", "digits", "wine", "diabetes"):
        found = getattr(datasets, f"load_{name}")(as_frame=True)
        yield Set(name, found.data, found.target, "regression" if name == "diabetes" else "classification")


def of_packages(description: Path) -> Iterator[Set]:
    """The tables of the packages that are installed; of others it is said that they are not."""
    for name, about in tomllib.loads(description.read_text(encoding="utf-8")).items():
        found = importlib.util.find_spec(about["package"])
        if found is None or found.origin is None:
            print(f"{name}: {about['package']} is not installed", file=sys.stderr)
            continue
        yield _described(name, _shipped_in(Path(found.origin).parent / about["file"], about), about)


def _shipped_in(path: Path, about: dict[str, Any]) -> pd.DataFrame:
    """The table in a file of a package or in a member of it, without the column of row numbers."""
    if "member" in about:
        with tarfile.open(path) as archive:
            member = archive.extractfile(about["member"])
            if member is None:
                raise FileNotFoundError(about["member"])
            frame = pd.read_csv(io.BytesIO(member.read()))
    else:
        frame = pd.read_csv(path, sep=about.get("separator", ","), quotechar=about.get("quote", '"'))
    return frame.drop(columns=[c for c in frame if str(c).startswith("Unnamed")])
