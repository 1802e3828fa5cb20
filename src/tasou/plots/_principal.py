"""The plane in which a table spreads widest: its first two principal components."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.errors import ShapeError, TasouError, UnknownName
from tasou.language import Language, say
from tasou.messages import Message
from tasou.plots._features import NO_PLANE

PLANE = Message("kind.plane", en="plane", ja="平面")
PLANE_AND_FIXED = Message(
    "plot.plane_and_fixed",
    en="fixed holds features still, and the plane of 'pca' moves all of them; give one",
    ja="fixed は特徴量を固定しますが、'pca' の平面ではすべての特徴量が動きます。どちらか一方だけを指定してください",
)
PLANE_OF_NUMBERS = Message(
    "plot.plane_of_numbers",
    en="the plane of 'pca' needs numbers in every feature; name two features",
    ja="'pca' の平面にはすべての特徴量が数値であることが必要です。特徴量を2つ指定してください",
)
PLANE_OF_FINITE = Message(
    "plot.plane_of_finite",
    en="the plane of 'pca' needs finite values in every feature; name two features",
    ja="'pca' の平面にはすべての特徴量の値が有限であることが必要です。特徴量を2つ指定してください",
)

COMPONENT = {"en": "principal component {k} ({share:.0%})", "ja": "第{k}主成分（{share:.0%}）"}

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Principal:
    """Mean, spread and the two orthogonal directions of the standardised columns; the share each explains."""

    mean: Numbers
    std: Numbers
    directions: Numbers
    explained: Numbers

    @classmethod
    def of(cls, rows: Numbers, *, standardise: bool) -> Principal:
        """The two directions (2, d) in which ``rows`` (n, d) vary most, each made to point to the positive side."""
        mean, std = rows.mean(axis=0), np.ones(rows.shape[1])
        if standardise:
            std = np.where(rows.std(axis=0) > 0, rows.std(axis=0), 1.0)
        scaled = (rows - mean) / std
        variances, directions = np.linalg.eigh(scaled.T @ scaled / len(rows))
        widest, share = directions.T[:-3:-1], variances[:-3:-1] / (variances.sum() or 1.0)
        largest = np.take_along_axis(widest, np.abs(widest).argmax(axis=1)[:, None], axis=1)
        return cls(mean, std, widest * np.where(largest < 0, -1, 1), np.clip(share, 0, 1))

    def project(self, rows: Numbers) -> Numbers:
        """Where the rows (n, d) lie in the plane, (n, 2)."""
        projected: Numbers = (rows - self.mean) / self.std @ self.directions.T
        return projected

    def lift(self, points: Numbers) -> Numbers:
        """The rows (n, d) that lie at these points of the plane."""
        rows: Numbers = self.mean + points @ self.directions * self.std
        return rows

    def labels(self, lang: Language) -> tuple[str, str]:
        """What the axes are called, with the share of the variance each explains."""
        first, second = (say(COMPONENT, lang, k=k + 1, share=self.explained[k]) for k in (0, 1))
        return first, second


@dataclass(frozen=True)
class PrincipalPlane:
    """The plane through the mean of X along its two principal components, every feature scaled to unit spread."""

    X: Any
    principal: Principal

    @classmethod
    def through(cls, X: Any, name: str, fixed: Mapping[int | str, Any] | None) -> PrincipalPlane:
        """The plane of ``"pca"``; the features of X must be numbers."""
        if name != "pca":
            raise UnknownName(PLANE, name, ["pca"])
        if fixed:
            raise TasouError(PLANE_AND_FIXED)
        X = X.toarray() if hasattr(X, "tocsr") else X if hasattr(X, "columns") else np.asarray(X)
        if len(X.shape) != 2 or X.shape[1] < 2:
            raise ShapeError(NO_PLANE, shape=X.shape)
        try:
            rows = np.asarray(X, dtype=np.float64)
        except (TypeError, ValueError):
            raise TasouError(PLANE_OF_NUMBERS) from None
        if not np.isfinite(rows).all():
            raise TasouError(PLANE_OF_FINITE)
        return cls(X, Principal.of(rows, standardise=True))

    def points(self) -> Numbers:
        """Every row as seen from above the plane, (n, 2)."""
        return self.principal.project(np.asarray(self.X, dtype=np.float64))

    def at(self, points: Numbers) -> Any:
        """Rows like those of X that lie in the plane at ``points``, of the same type as X."""
        rows = self.principal.lift(points)
        if isinstance(self.X, np.ndarray):
            return rows.astype(np.result_type(self.X, np.float32), copy=False)
        return type(self.X)(dict(zip(self.X.columns, rows.T, strict=True)))

    def labels(self, lang: Language) -> tuple[str, str]:
        """What the axes are called."""
        return self.principal.labels(lang)
