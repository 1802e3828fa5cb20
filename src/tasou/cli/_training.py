"""The options of ``tasou train`` that say what network is trained, and how: read off the declaration of a recipe."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from tasou.cli import _parser
from tasou.errors import TasouError
from tasou.language import language, say
from tasou.messages import Message
from tasou.training.checks import Automatic, Check, Choice, Flag, Named, Number, PerLayer, Sizes, Weights
from tasou.training.faces import shown_by

if TYPE_CHECKING:
    from tasou.tabular.plain import Settings
    from tasou.tabular.wish import Wish
    from tasou.training.knobs import Knob

GROUPS = {
    "network": {"en": "the network", "ja": "ネットワーク"},
    "training": {"en": "its training", "ja": "学習"},
}
NAMES = {"en": "{help}: {names}", "ja": "{help}。{names}"}
DEFAULT = {"en": "{help} (default: {default})", "ja": "{help}（既定：{default}）"}
DEFAULTS = {
    "en": "{help} (default: {members}; with --preset plain: {default})",
    "ja": "{help}（既定：{members}、--preset plain では {default}）",
}
OF_MEMBERS = {
    "hidden": {"en": "128,128", "ja": "128,128"},
    "activation": {"en": "mish", "ja": "mish"},
    "dropout": {
        "en": "0.2 for classes of fewer than 2,000 rows, else 0",
        "ja": "2,000行未満の分類では 0.2、ほかは 0",
    },
    "l2": {"en": "0", "ja": "0"},
    "lr": {"en": "0.04 for classes, 0.07 for numbers", "ja": "分類 0.04、回帰 0.07"},
    "schedule": {"en": "coslog", "ja": "coslog"},
    "batch_size": {"en": "32 to 1,024, by the rows", "ja": "行数に応じて 32〜1,024"},
    "epochs": {"en": "32, fewer beyond 50,000 rows", "ja": "32。50,000行を超えると減らす"},
    "validation": {"en": "0.25", "ja": "0.25"},
    "early_stopping": {
        "en": "no, unless --patience or --tol is given",
        "ja": "いいえ（--patience か --tol があれば、はい）",
    },
}
"""defaults of the members of an ensemble, where they are others than those of a plain network"""
COMMA = {"en": ", ", "ja": "、"}
FLAGS = {True: {"en": "yes", "ja": "はい"}, False: {"en": "no", "ja": "いいえ"}}
NOT_BY_LBFGS = Message(
    "command.not_by_lbfgs",
    en="{option} means nothing to --optimizer lbfgs, which takes all rows at once and chooses its steps itself",
    ja="--optimizer lbfgs は全行を一度に使い、歩幅も自分で決めるので、{option} は意味を持ちません",
)
NO_LBFGS = Message(
    "command.no_lbfgs",
    en="--optimizer lbfgs takes all rows at once and has no epochs to choose from: add --preset plain",
    ja="--optimizer lbfgs は全行を一度に使い、選ぶべき途中のエポックもないので、アンサンブルには使えません。"
    "--preset plain を付けてください",
)
NOTHING_KEPT = Message(
    "command.nothing_kept",
    en="the members of an ensemble are chosen by the rows kept out of them: --validation-size must be above 0, or add "
    "--preset plain",
    ja="アンサンブルは各メンバーから除いておいた行で選ぶので、--validation-size は 0 より大きくするか、--preset plain "
    "を付けてください",
)
NOTHING_ENDS = Message(
    "command.nothing_ends",
    en="--schedule {schedule} lowers the rate when early stopping sees no improvement: add --early-stopping, and a "
    "--validation-size above 0",
    ja="--schedule {schedule} は、早期終了が改善なしと判断したときに学習率を下げます。--early-stopping を付け、"
    "--validation-size は 0 より大きくしてください",
)
TYPES = {
    Number(1, whole=True): _parser.whole,
    Number(0, whole=True): _parser.natural,
    Number(0, below=1): _parser.share,
    Number(above=0): _parser.positive,
    Number(0): _parser.not_negative,
}
"""how the numbers are read that have words of their own"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Two groups: the network, and its training."""
    groups = {name: parser.add_argument_group(say(title)) for name, title in GROUPS.items()}
    for name, declared in shown_by("table").items():
        how = _how(declared.check)
        if declared.metavar and "choices" not in how and "action" not in how:
            how["metavar"] = declared.metavar
        groups[declared.group].add_argument(option(name), help=help_of(declared), **how)


def option(name: str) -> str:
    """How a setting is written on the command line."""
    return "--" + name.replace("_", "-")


def _how(check: Check) -> dict[str, Any]:
    """How argparse reads it."""
    match check:
        case Number() as number:
            return {"type": _read(number)}
        case PerLayer(each):
            return {"type": _read(each)}
        case Sizes():
            return {"type": _parser.units}
        case Weights():
            return {"choices": ("balanced",)}
        case Automatic():
            return {"choices": ("auto", "none")}
        case Flag():
            return {"action": argparse.BooleanOptionalAction}
        case Choice(names):
            return {"choices": names}
        case _:
            return {}


def _read(number: Number) -> Any:
    known = {bounds: read for bounds, read in TYPES.items() if _bounds(bounds) == _bounds(number)}
    kind = int if number.whole else float
    return next(iter(known.values()), _parser.Number(kind, number.fits, number.words()))


def _bounds(number: Number) -> tuple[Any, ...]:
    return number.least, number.most, number.above, number.below, number.whole


def help_of(declared: Knob) -> str:
    """What the setting does, the names it may have, and its default."""
    text = say(declared.help)
    comma = say(COMMA)
    if isinstance(declared.check, Named):
        text = say(NAMES, help=text, names=comma.join(declared.check.names()))
    default = declared.default_for("table")
    if default is None and declared.unset is None:
        return text
    shown = _shown(default, declared.check) if declared.unset is None else say(declared.unset)
    if declared.name in OF_MEMBERS:
        return say(DEFAULTS, help=text, members=say(OF_MEMBERS[declared.name]), default=shown)
    return say(DEFAULT, help=text, default=shown)


def _shown(default: Any, check: Check) -> str:
    if isinstance(check, Automatic):
        return "auto" if default else "none"
    if isinstance(default, bool):
        return FLAGS[default][language()]
    if isinstance(default, tuple):
        return ",".join(map(str, default))
    return f"{default:g}" if isinstance(default, int | float) else str(default)


def wish(args: argparse.Namespace, preset: str) -> Settings | Wish:
    """What was asked for, and the defaults for the rest: of a plain network, or of each member of an ensemble.

    Raises
    ------
    UnknownName
        a name of none of our formulas (the nearest is suggested)
    TasouError
        a setting that means nothing to the optimizer, or to an ensemble
    """
    from tasou.tabular import wish
    from tasou.tabular.plain import Settings
    from tasou.tabular.presets import PLAIN

    values = asked(args)
    of_options = {
        wish.NO_LBFGS.code: NO_LBFGS,
        wish.NOTHING_KEPT.code: NOTHING_KEPT,
        wish.NOTHING_ENDS.code: NOTHING_ENDS,
    }
    try:
        if preset != PLAIN:
            return wish.Wish(preset, values)
        wish.check_ending(settings := Settings(**values, max_time=args.time_limit))
        return settings
    except TasouError as error:
        if error.code not in of_options:
            raise
        raise TasouError(of_options[error.code], **error.parts) from None


def asked(args: argparse.Namespace) -> dict[str, Any]:
    """The settings that were asked for, by their names in a recipe."""
    from tasou.tabular.plain import Settings
    from tasou.training.iterations import optimizer_of

    found = {
        name: (declared, getattr(args, name))
        for name, declared in shown_by("table").items()
        if getattr(args, name) is not None
    }
    if args.optimizer == "lbfgs":
        for name, (declared, _) in found.items():
            if not declared.lbfgs:
                raise TasouError(NOT_BY_LBFGS, option=option(name))
    values = {declared.name: _value(value, declared.check) for declared, value in found.values()}
    Settings(**values)  # refuses unknown names
    if "optimizer" in values and args.optimizer != "lbfgs":
        values.setdefault("lr", optimizer_of(args.optimizer).lr)
    return values


def _value(value: Any, check: Check) -> Any:
    return value == "auto" if isinstance(check, Automatic) else value
