"""Rows drawn over an interval or the plane: curves, surfaces, boundaries that are known, a typed formula."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from tasou.errors import TasouError, UnknownName
from tasou.messages import Message
from tasou.play import formula as formulas
from tasou.play.rows import DATA, MOST_CLASSES, NO_OPTION, Array, Rows

REACH = 3.0
"""the plane goes from -3 to 3"""
LEAST = 10

UNDEFINED = Message(
    "play.formula_undefined",
    en="the formula has a value at {n} of {of} points only, where x1 and x2 go from −3 to 3: too few to learn from",
    ja="x1、x2 が −3 から 3 までの {of} 点のうち、式の値が定まるのは {n} 点だけで、学習できません",
)
ONE_SIDE = Message(
    "play.formula_one_side",
    en="the statement holds for {n} of {of} points, where x1 and x2 go from −3 to 3: there is no boundary to learn",
    ja="x1、x2 が −3 から 3 までの {of} 点のうち、式が成り立つのは {n} 点なので、学習する境界がありません",
)


def _zigzag(x: Array) -> Array:
    return np.asarray(np.abs(2 * (8 * x - np.floor(8 * x + 0.5))))


CURVES: Mapping[str, tuple[str, Callable[[Array], Array]]] = {
    "sine": ("sin(2x) + 0.3x", lambda x: np.sin(2 * x) + 0.3 * x),
    "parabola": ("x²/3 − 1", lambda x: x * x / 3 - 1),
    "corner": ("|x| − 1", lambda x: np.abs(x) - 1),
    "step": ("sign(x)", np.sign),
    "zigzag": ("|2(8x − ⌊8x + ½⌋)|", _zigzag),
}


def curve(*, n: int = 120, noise: float = 0.0, seed: int = 0, of: str = "sine") -> Rows:
    """y = f(x) + noise on [-3, 3]: one input, one number to tell."""
    if of not in CURVES:
        raise UnknownName(DATA, of, list(CURVES))
    formula, f = CURVES[of]
    rng = np.random.default_rng(seed)
    low, high = (0, 1) if of == "zigzag" else (-3, 3)
    x, fresh = np.linspace(low, high, n), np.sort(rng.uniform(low, high, n // 2))
    y, held = (f(points) + noise * rng.standard_normal(len(points)) for points in (x, fresh))
    title = {"en": f"Regression: {formula}", "ja": f"回帰：{formula}"}
    return Rows("curve", title, x[:, None], y, fresh[:, None], held, "regression", features=("x",))


def hills(*, n: int = 300, noise: float = 0.05, seed: int = 0) -> Rows:
    """Two hills and two hollows over the plane: a number to tell for each point."""
    rng = np.random.default_rng(seed)
    X = rng.uniform(-3, 3, (n + n // 2, 2))
    y = np.sin(X[:, 0]) * np.cos(X[:, 1] / 1.5) + noise * rng.standard_normal(len(X))
    title = {"en": "Regression: hills", "ja": "回帰：起伏のある面"}
    return Rows("hills", title, X[:n], y[:n], X[n:], y[n:], "regression")


def above(*, n: int = 300, noise: float = 0.0, seed: int = 0, of: str = "sine") -> Rows:
    """Points above and below a curve: two classes whose boundary is known."""
    if of not in CURVES:
        raise UnknownName(DATA, of, list(CURVES))
    formula, f = CURVES[of]
    rng = np.random.default_rng(seed)
    X = rng.uniform(-3, 3, (n + n // 2, 2))
    y = (X[:, 1] + noise * rng.standard_normal(len(X)) > f(X[:, 0])).astype(np.int64)
    title = {"en": f"Above and below {formula}", "ja": f"{formula} の上と下"}
    return Rows("above", title, X[:n], y[:n], X[n:], y[n:], classes=("0", "1"))


def random(*, n: int = 200, features: int = 3, classes: int = 3, seed: int = 0) -> Rows:
    """Normal features, and the class that a linear map of them names: as many of both as are wanted."""
    if not 2 <= classes <= MOST_CLASSES or not 1 <= features <= 64:
        raise TasouError(
            NO_OPTION, name="random", options=["features", "classes"], reason=f"{features}, {classes}"
        )
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n + n // 2, features))
    y = (X @ rng.normal(size=(features, classes))).argmax(axis=1)
    title = {"en": f"{features} random features", "ja": f"乱数の特徴量 {features} 個"}
    names = tuple(f"x{i + 1}" for i in range(features))
    return Rows(
        "random", title, X[:n], y[:n], X[n:], y[n:], classes=tuple(map(str, range(classes))), features=names
    )


def formula(*, n: int = 300, noise: float = 0.0, seed: int = 0, expression: str = "x1^2 + x2^2 < 4") -> Rows:
    """Points of the plane: class 1 where a typed statement holds, or the value of a typed formula."""
    f, rng = formulas.read(expression), np.random.default_rng(seed)
    X = rng.uniform(-REACH, REACH, (n + n // 2, 2))
    shift = noise * rng.standard_normal(X.shape)
    y = f.of(X + shift) if f.states else f.of(X) + shift[:, 0]
    known, learnt = np.isfinite(y) & (np.abs(y) < 1e9), np.arange(len(X)) < n
    if known[:n].sum() < LEAST:
        raise TasouError(UNDEFINED, n=int(known[:n].sum()), of=n)
    if f.states:
        y = (y > 0).astype(np.int64)
        if len(np.unique(y[known & learnt])) < 2:
            raise TasouError(ONE_SIDE, n=int(y[known & learnt].sum()), of=n)
    title = {"en": f"Formula: {expression}", "ja": f"式：{expression}"}
    kept, held = known & learnt, known & ~learnt
    if f.states:
        return Rows("formula", title, X[kept], y[kept], X[held], y[held], classes=("0", "1"))
    return Rows("formula", title, X[kept], y[kept], X[held], y[held], "regression")
