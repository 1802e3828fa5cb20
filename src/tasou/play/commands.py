"""The commands of the page: a name, and what of the session it calls; nothing else can be reached from outside."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from tasou.errors import TasouError, UnknownName
from tasou.messages import Message
from tasou.play.by_hand import values
from tasou.play.calculation import Later, calculation
from tasou.play.gradcheck import gradcheck, slice_along
from tasou.play.lessons import lessons
from tasou.play.opening import open_lesson, reading
from tasou.play.remedies import diagnosis
from tasou.play.session import Session
from tasou.play.within import within

COMMAND = Message("kind.play_command", en="command", ja="コマンド")
ARGUMENTS = Message(
    "play.arguments",
    en="the command {name!r} takes {known:list}, not {given:list}",
    ja="コマンド {name!r} の引数は {known:list} です（{given:list} は使えません）",
)
NOTHING = Message("play.nothing", en="nothing", ja="なし")

Command = Callable[..., Any]


def _calculation(
    session: Session,
    sample: int = 0,
    point: int | None = None,
    batch: bool = False,
    digits: int = 4,
    phase: str | None = None,
) -> Any:
    run = session.run
    asked: dict[str, Any] = {
        "sample": sample,
        "point": point,
        "batch": batch,
        "digits": digits,
        "phase": phase,
    }
    return calculation(run, session.scene_of(run), **asked)


def _gradcheck(session: Session, index: int = 0, reach: float = 0.5, forget: bool = False) -> Any:
    return gradcheck(session.run, index=index, reach=reach, forget=forget)


def _within(session: Session, sample: int = 0, point: int | None = None, x: Any = None) -> Any:
    return within(session.run, session.scene_of(session.run), sample=sample, point=point, x=x)


COMMANDS: dict[str, Command] = {
    "state": Session.state,
    "reset": Session.reset,
    "change": Session.change,
    "branch": Session.branch,
    "select": Session.select,
    "compare": Session.compare,
    "play": Session.play,
    "pause": Session.pause,
    "step": Session.step,
    "seek": Session.seek,
    "look": Session.look,
    "where": Session.where,
    "retry": Session.retry,
    "set_parameter": Session.set_parameter,
    "roles": Session.roles,
    "learn": Session.learn,
    "link": Session.link,
    "open_link": Session.open_link,
    "predict": Session.predict,
    "row": Session.row,
    "values": lambda session, index: values(session.run, index),
    "calculation": _calculation,
    "within": _within,
    "gradcheck": _gradcheck,
    "slice": lambda session: slice_along(session.run),
    "lessons": lambda session: lessons(),
    "lesson": open_lesson,
    "reading": reading,
    "diagnose": lambda session: diagnosis(session.run),
}
"""name: what is called with the session and the arguments"""
AT_ONCE = {"pause", "where"}
"""what is answered while a step is being made: they set a flag, or read where the run stands"""
LOOKING = {
    "link",
    "lessons",
    "reading",
    "roles",
    "predict",
    "row",
    "values",
    "state",
    "where",
    "calculation",
    "within",
    "gradcheck",
    "slice",
    "diagnose",
}
"""commands after which the picture is as it was"""


def call(session: Session, name: Any, arguments: Mapping[str, Any]) -> Any:
    """Give one command, and wait for the whole answer."""
    found = begin(session, name, arguments)
    return found.rest() if isinstance(found, Later) else found


def begin(session: Session, name: Any, arguments: Mapping[str, Any]) -> Any:
    """Give one command; of some the rest of the answer is a `Later`.

    Raises
    ------
    UnknownName
        there is no such command
    TasouError
        it cannot be done, or not with these arguments
    """
    if not isinstance(name, str) or name not in COMMANDS:
        raise UnknownName(COMMAND, name, COMMANDS)
    command = COMMANDS[name]
    parameters = list(inspect.signature(command).parameters.values())[1:]
    takes_any = any(p.kind is p.VAR_KEYWORD for p in parameters)
    known = [p.name for p in parameters if p.kind is not p.VAR_KEYWORD]
    needed = {p.name for p in parameters if p.default is p.empty and p.kind is not p.VAR_KEYWORD}
    if not (takes_any or set(arguments) <= set(known)) or not needed <= set(arguments):
        raise TasouError(ARGUMENTS, name=name, known=known or [NOTHING], given=sorted(arguments) or [NOTHING])
    return command(session, **arguments)
