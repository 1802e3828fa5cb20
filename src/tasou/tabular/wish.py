"""What somebody asks of an ensemble: a preset, and settings that act on each of its members."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any

from tasou.errors import TasouError
from tasou.formulas import schedules
from tasou.messages import Message
from tasou.tabular import presets
from tasou.tabular.plain import Settings
from tasou.tabular.presets import Preset
from tasou.training import Recipe
from tasou.training.iterations import is_lbfgs

NO_LBFGS = Message(
    "tabular.no_lbfgs",
    en="lbfgs takes all rows at once and has no epochs to choose from: it is for the preset plain, not for {preset}",
    ja="lbfgs は全行を一度に使い、選ぶべき途中のエポックもないので、プリセット {preset} では使えません。"
    "plain を使ってください",
)
NOTHING_KEPT = Message(
    "tabular.nothing_kept",
    en="the members of an ensemble are chosen by the rows kept out of them: their share (validation) must be above 0, "
    "or the preset plain",
    ja="アンサンブルは各メンバーから除いておいた行で選ぶので、その割合（validation）は 0 より大きくしてください"
    "（またはプリセット plain を使ってください）",
)
NOTHING_ENDS = Message(
    "tabular.nothing_ends",
    en="the schedule {schedule!r} lowers the rate when early stopping sees no improvement: set early_stopping (or "
    "patience) and leave rows to validate on",
    ja="スケジュール {schedule!r} は、早期終了が改善なしと判断したときに学習率を下げます。early_stopping（または "
    "patience）を指定し、検証用の行を残してください",
)
OF_THE_WHOLE = ("scale", "class_weight", "validation", "seed", "max_time")
"""settings that are no matter of a single member"""


@dataclass(frozen=True)
class Wish:
    """A preset, and settings for each member; what is not asked for is as the preset has it.

    Raises
    ------
    TasouError
        a setting has a value that it cannot have, or means nothing to an ensemble
    UnknownName
        there is no such preset, or no such formula

    Examples
    --------
    >>> Wish("fast", {"validation": 0.1, "patience": 3}).size.folds
    (10, 10)
    """

    preset: str = "default"
    asked: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        presets.get(self.preset)
        settings = Settings(**self.asked)
        if is_lbfgs(settings.optimizer):
            raise TasouError(NO_LBFGS, preset=self.preset)
        if not settings.validation:
            raise TasouError(NOTHING_KEPT)
        check_ending(settings, self.of_members["early_stopping"])

    def get(self, name: str) -> Any:
        """A setting of the whole."""
        return self.asked.get(name, getattr(Settings(), name))

    @property
    def size(self) -> Preset:
        """The preset, with folds of the share that is to be kept out of each member."""
        size = presets.get(self.preset)
        if "validation" not in self.asked:
            return size
        folds = max(2, round(1 / self.asked["validation"]))
        return replace(size, folds=(folds, folds), each=(1, 1))

    @cached_property
    def of_members(self) -> dict[str, Any]:
        """The settings of each member: they stop early if that is asked for, or how."""
        own = {name: value for name, value in self.asked.items() if name not in OF_THE_WHOLE}
        early = own.get("early_stopping", bool({"patience", "tol"} & set(own)))
        return {
            **own,
            **({name: getattr(Settings(**own), name) for name in ("patience", "tol")} if early else {}),
            "early_stopping": early,
        }

    def settings(self, recipe: Recipe, n: int) -> Settings:
        """How each member learnt from a table of n rows, as it is told and written."""
        validation = 1 / self.size.holdouts_of(n)[0]
        known = {f.name: getattr(recipe, f.name) for f in fields(Recipe)}
        return Settings(
            **{**known, **{name: self.get(name) for name in OF_THE_WHOLE}, "validation": validation}
        )


def check_ending(settings: Settings, early_stopping: bool | None = None) -> None:
    """Pass unless the schedule answers plateaus and nobody watches for one; ``early_stopping``: the setting's own.

    >>> check_ending(Settings(schedule="adaptive"))
    >>> check_ending(Settings(schedule="adaptive", validation=0.0))
    Traceback (most recent call last):
    ...
    tasou.errors.TasouError: the schedule 'adaptive' lowers the rate when early stopping sees no improvement: ...
    """
    early = settings.early_stopping if early_stopping is None else early_stopping
    schedule = schedules.get(settings.schedule)
    if schedule.answers_plateaus and not (early and settings.validation):
        raise TasouError(NOTHING_ENDS, schedule=schedule.name)
