"""The inside of an ensemble: its members one by one, each with its training, and how their answers become one.

What looks into a network (`diagnose`, the plots, a trace with its ledger) looks into a member as well, with rows as
the table has them: ``plots.unit_maps(model.members_[0], X)``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.diagnostics.record import Run
from tasou.diagnostics.subjects import END, LANDED
from tasou.formulas import schedules
from tasou.given import Inside
from tasou.language import say
from tasou.network import Network, Trace
from tasou.network.ledger.diagram import network_html
from tasou.shown import curve, fragment, html_table, unfolding
from tasou.tabular.ensemble import Ensemble
from tasou.tabular.singles import Single
from tasou.tabular.together import Together
from tasou.text import aligned
from tasou.training import History, Recipe
from tasou.training.iterations import optimizer_of

Array = NDArray[Any]

TEXTS = {
    "network": {"en": "network", "ja": "ネットワーク"},
    "parameters": {"en": "parameters", "ja": "パラメータ"},
    "epochs": {"en": "epochs", "ja": "エポック数"},
    "loss": {"en": "loss at the end", "ja": "最後の損失"},
    "alone": {"en": "loss alone, on rows kept out", "ja": "単独での損失（学習に使わなかった行）"},
    "whole": {"en": "of all together", "ja": "全員での損失（同じ行）"},
    "first": {"en": "The first member", "ja": "最初のメンバー"},
    "curve": {"en": "Loss, epoch by epoch{dashed}", "ja": "エポックごとの損失{dashed}"},
    "dashed": {"en": " (dashed: rows kept out)", "ja": "（破線：学習に使わなかった行）"},
    "inside": {"en": "Its network", "ja": "このメンバーのネットワーク"},
}


@dataclass(frozen=True)
class Door:
    """How rows of a table come to the networks of an ensemble, and how answers become what the user calls them."""

    ensemble: Ensemble
    rows: Callable[[Any], Array]
    """a table -> prepared rows (n, d)"""
    targets: Callable[[Any], Any]
    """y -> what a network learns, or the labels as they are where there are ``classes``"""
    named: Callable[[Array], Array]
    """answers (n, K) -> classes, labels or numbers"""
    names: Sequence[str] = ()
    """of the prepared columns"""
    sources: Sequence[str] = ()
    """the table's column of each"""
    classes: Sequence[Any] = ()
    outputs: Sequence[str] = ()
    """what the answers are called, one each"""
    recipe: Recipe | None = None
    unit: Callable[[Array], Array] | None = None
    """numbers -> in the target's unit, where the ensemble does not know it"""

    def through(self, X: Any) -> Together:
        """How the answers for the rows of a table come about."""
        return Together.of(self.ensemble, self.rows(X), self.outputs, self.unit)


@dataclass
class Learnt:
    """What is left of a member's training: what a plot or a diagnosis asks a training for."""

    network: Network
    history: History
    finished: str
    run: Run
    rows: int
    names: Sequence[str] = ()
    sources: Sequence[str] = ()
    labels: Sequence[Any] = ()
    number: int = 1

    def __post_init__(self) -> None:
        if len(self.labels):
            self.classes_ = np.asarray(self.labels)


class Member(list[Network]):
    """A member: its network at each moment that was chosen, in the order of time, and all that its training left.

    Attributes
    ----------
    number
        which of the members it is, from 1
    network
        as it stood at the last of the moments
    history
        its loss, epoch by epoch
    finished
        why its training ended
    kept_out
        the rows of the training table that it has not learnt from; None where nobody knows any more
    alone
        how good it is by itself on those rows, beside the whole; None where nobody knows
    """

    def __init__(self, networks: Sequence[Network], number: int, door: Door) -> None:
        super().__init__(networks)
        ensemble = door.ensemble
        self.number, self._door = number, door
        self.network = self[-1]
        self.task = "classification" if ensemble.aim.of_classes else "regression"
        if len(door.classes):
            self.classes_ = np.asarray(door.classes)
        known = ensemble.histories[number - 1] if number <= len(ensemble.histories) else {}
        wanted = {f.name for f in fields(History)}
        self.history = History(**{name: list(values) for name, values in known.items() if name in wanted})
        self.finished = ensemble.endings[number - 1] if number <= len(ensemble.endings) else ""
        self.kept_out: Array | None = None if ensemble.oof is None else ensemble.oof.held[number - 1]
        self.alone: Single | None = ensemble.singles[number - 1] if ensemble.singles else None

    def __repr__(self) -> str:
        of = len(self._door.ensemble.members)
        moments = f" × {len(self)}" if len(self) > 1 else ""
        return f"Member({self.number} of {of}{moments}: {self.network!r}, {len(self.history)} epochs)"

    def __reduce__(self) -> Any:
        return list, (list(self),)

    def rows(self, X: Any) -> Array:
        """(n, d) the rows of a table as its network takes them."""
        return self._door.rows(X)

    def forward(self, X: Any, y: Any = None) -> Trace:
        """The rows of a table run through the network; with y back again: ``.table()`` of it is the ledger.

        Of many moments it is the last one's network.
        """
        rows = self.network.as_input(self.rows(X))
        trace = self.network.forward(rows)
        if y is not None:
            Y = self._targets(y)
            self.network.measure(trace, Y)
            self.network.backward(trace, Y)
        return trace

    def _targets(self, y: Any) -> Array:
        from tasou.diagnostics.sample import as_rows

        return as_rows(self.network, self._door.targets(y), list(self._door.classes))

    def predict(self, X: Any) -> Array:
        """What this member says by itself, on average of its moments: classes, labels or numbers."""
        return self._door.named(self.answers(X))

    def answers(self, X: Any) -> Array:
        """(n, K) the same as probabilities, or as numbers in the target's unit."""
        ensemble = self._door.ensemble
        said = ensemble.each(self.rows(X), [self.number - 1])[0]
        return ensemble.combined(ensemble.aim.link(said), None)

    @property
    def learnt(self) -> Learnt:
        """Network, history and names, as plots and diagnosis ask for them."""
        return Learnt(
            self.network, self.history, self.finished, self._run(), self._learnt_rows(),
            self._door.names, self._door.sources, self._door.classes, self.number,
        )  # fmt: skip

    def _learnt_rows(self) -> int:
        oof = self._door.ensemble.oof
        return 0 if oof is None or self.kept_out is None else oof.n - len(self.kept_out)

    def _run(self) -> Run:
        """How the training was set up, as far as it is known."""
        ensemble, recipe = self._door.ensemble, self._door.recipe or self._door.ensemble.recipe
        n, moments = self._learnt_rows(), ensemble.moments
        if not moments and ensemble.size > 1:  # files of before do not know them
            moments = (len(self.history),)
        if recipe is None:
            return Run(n=n, finished=self.finished, chosen=moments, lands=bool(moments))
        optimizer = optimizer_of(recipe.optimizer)
        batch = min(recipe.batch_size or n, n)
        schedule = schedules.get(recipe.schedule) if isinstance(recipe.schedule, str) else recipe.schedule
        return Run(
            optimizer=optimizer.name,
            lr=float(recipe.lr or optimizer.lr),
            batch_size=batch,
            n=n,
            updates=len(self.history) * -(-n // batch) if batch else 0,
            finished=self.finished,
            monitor="validation_loss" if recipe.early_stopping else "loss",
            tol=float(recipe.tol),
            patience=float(recipe.patience),
            restores_best=bool(recipe.early_stopping),
            lands=schedule.rate(1.0, END) <= LANDED,
            chosen=moments,
        )

    def look_inside(self) -> Inside:
        """Its network and training, and what becomes of X and y on their way to it."""
        return Inside(self.learnt, self.rows, self._door.targets)

    def _repr_html_(self) -> str:
        """Its losses, how good it is alone, and its network."""
        facts = [(say(TEXTS["network"]), repr(self.network)), (say(TEXTS["epochs"]), len(self.history))]
        if self.alone is not None:
            facts += [
                (say(TEXTS["alone"]), f"{self.alone.loss:.4g}"),
                (say(TEXTS["whole"]), f"{self.alone.whole:.4g}"),
            ]
        held = self.history.validation_loss
        title = say(TEXTS["curve"], dashed=say(TEXTS["dashed"]) if held else "")
        drawing = curve(self.history.loss, title, second=held)
        inside = unfolding(say(TEXTS["inside"]), network_html(self.network))
        return fragment(repr(self), html_table(("", ""), facts), drawing, inside)


class Members(list[Member]):
    """The members of an ensemble: ``members[j][m]`` is the network of member j at the m-th moment that was chosen."""

    def __init__(self, door: Door | None) -> None:
        of = [] if door is None else door.ensemble.members
        super().__init__(Member(nets, j, door) for j, nets in enumerate(of, 1))  # type: ignore[arg-type]

    def __repr__(self) -> str:
        moments = len(self[0]) if self else 0
        return f"Members({len(self)} × {moments}{f' of {self[0][0]!r}' if self else ''})"

    def __reduce__(self) -> Any:
        return list, (list(map(list, self)),)

    @property
    def learnt(self) -> list[Learnt]:
        """Of each member what plots and diagnosis ask for."""
        return [member.learnt for member in self]

    def cells(self, lang: str | None = None) -> list[tuple[str, ...]]:
        """A row for each member, the head first: parameters, epochs, losses."""
        names = ["network", "parameters", "epochs", "loss"]
        judged = bool(self) and self[0].alone is not None
        found = [
            ("", *(say(TEXTS[name], lang) for name in (*names, *(("alone", "whole") if judged else ()))))
        ]
        for member in self:
            last = f"{member.history.loss[-1]:.4g}" if member.history.loss else "–"
            alone = member.alone
            losses = () if alone is None else (f"{alone.loss:.4g}", f"{alone.whole:.4g}")
            size, sizes = f"{member.network.theta.size:,}", " → ".join(map(str, member.network.sizes))
            found.append((str(member.number), sizes, size, str(len(member.history)), last, *losses))
        return found

    def text(self, lang: str | None = None) -> str:
        """A row for each member."""
        cells = self.cells(lang)
        return aligned(cells, right=[k for k in range(len(cells[0])) if k != 1])

    def html(self) -> str:
        """A row for each member, and the first one's network."""
        head, *rows = self.cells()
        inside = unfolding(say(TEXTS["first"]), network_html(self[0][0])) if self else ""
        right = [k for k in range(len(head)) if k != 1]
        return f"{html_table(head, rows, right=right)}{inside}"

    def _repr_html_(self) -> str:
        return fragment(repr(self), self.html())


def inside_of(door: Door) -> Inside:
    """The whole for plots and diagnosis: the training of its only member, or all members."""
    members = Members(door)
    subject = members[0].learnt if len(members) == 1 else members
    return Inside(subject, door.rows, door.targets)
