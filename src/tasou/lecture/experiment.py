"""An experiment: a claim of the lecture, the data and the model that show it, what is measured, and a picture.

One file of the folder ``experiments`` is one experiment; its names are read as the fields below. Everything that is
measured runs through the public engine: what is taught is what runs.
"""

from __future__ import annotations

import importlib
import re
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cache
from typing import TYPE_CHECKING, Any

from tasou.errors import TasouError, UnknownName
from tasou.language import Texts, say
from tasou.lecture.opened import Opened
from tasou.lecture.outcome import Outcome
from tasou.messages import Message
from tasou.registry import names_in
from tasou.text import showable

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NO_SECTION = Message(
    "experiment.no_section",
    en="{number!r} is no section of the lecture: write 4, 4.2 or 4.2b",
    ja="{number!r} は講義の節の番号ではありません。4、4.2、4.2b のように書いてください",
)
EXPERIMENT = Message("kind.experiment", en="experiment", ja="実験")

EXPERIMENTS = f"{__package__}.experiments"


@dataclass(frozen=True, repr=False)
class Experiment:
    """A claim of the lecture that can be run; each field is a name in the experiment's file."""

    number: str
    """the section of the lecture it belongs to, with a letter where there are several: ``4.2b``"""
    title: Texts
    claim: Texts
    data: Texts
    model: Texts
    seen: Texts
    """what the picture shows: its text alternative too"""
    check: Texts
    """how the claim is checked"""
    measure: Callable[[int], Outcome]
    """from a seed to what was measured"""
    draw: Callable[[Figure, Any, str], None]
    """draws ``shown`` of the outcome on a figure, in a language"""
    size: tuple[float, float] = (9.0, 4.2)
    """of the figure, in inches"""
    rows: tuple[str, ...] = ()
    """further rows of the lecture that it covers"""
    play: Opened | None = None
    """how it is opened in the playground"""

    @property
    def key(self) -> tuple[int, int, str]:
        """Its place in the order of the lecture."""
        section, row, letter = re.fullmatch(r"(\d+)(?:\.(\d+))?([a-z]?)", self.number).groups()  # type: ignore[union-attr]
        return int(section), int(row or 0), letter

    def __repr__(self) -> str:
        return f"Experiment({title(self, 'en')})"


@dataclass(frozen=True, repr=False)
class Result:
    """An experiment that has been run."""

    experiment: Experiment
    seed: int
    outcome: Outcome
    seconds: float

    @property
    def holds(self) -> bool:
        """Whether the claim holds."""
        return self.outcome.holds

    def __repr__(self) -> str:
        verdict = "holds" if self.holds else "does NOT hold"
        return f"Result({self.experiment.number}, seed {self.seed}: the claim {verdict}; print it to see the numbers)"

    def __str__(self) -> str:
        from tasou.lecture.report import full

        return showable(full(self))

    def _repr_html_(self) -> str:
        """Claim, picture and numbers."""
        from tasou.lecture.report import as_html

        return as_html(self)


def run(experiment: Experiment | str, seed: int = 0) -> Result:
    """Run an experiment, or the first one called so; the same seed measures the same numbers (save for times).

    >>> run("1.2").holds
    True
    """
    from threadpoolctl import threadpool_limits

    if isinstance(experiment, str):
        (experiment, *_) = find(experiment)

    start = time.perf_counter()
    # Matrices as small as these are slower on many threads, most of all where other programs want them too.
    with warnings.catch_warnings(), threadpool_limits(1):
        warnings.simplefilter("ignore")  # that a training has not converged is often what is being shown
        outcome = experiment.measure(seed)
    return Result(experiment, seed, outcome, time.perf_counter() - start)


@cache
def all_experiments() -> tuple[Experiment, ...]:
    """All experiments, in the order of the lecture."""
    found = [_read(f"{EXPERIMENTS}.{name}") for name in names_in(EXPERIMENTS)]
    return tuple(sorted(found, key=lambda experiment: experiment.key))


def _read(name: str) -> Experiment:
    """The experiment that a file describes: each field is a name in it."""
    module = importlib.import_module(name)
    names = [f.name for f in fields(Experiment) if hasattr(module, f.name)]
    return Experiment(**{name: getattr(module, name) for name in names})


def find(number: str) -> list[Experiment]:
    """The experiments of a section, of a row, or the one called so: ``4``, ``4.2``, ``4.2b``.

    Raises
    ------
    UnknownName
        there is none

    Examples
    --------
    >>> [experiment.number for experiment in find("1")][:2]
    ['1.1', '1.2']
    """
    if not re.fullmatch(r"\d+(\.\d+)?[a-z]?", number):
        raise TasouError(NO_SECTION, number=number)
    pattern = re.compile(rf"{re.escape(number)}(\.\d+)?[a-z]?")
    found = [
        experiment
        for experiment in all_experiments()
        if pattern.fullmatch(experiment.number) or number in experiment.rows
    ]
    if not found:
        raise UnknownName(EXPERIMENT, number, [experiment.number for experiment in all_experiments()])
    return found


def title(experiment: Experiment, lang: str | None = None) -> str:
    """Number and title: ``1.2 XOR: …``."""
    return f"{experiment.number} {say(experiment.title, lang)}"
