"""Everything of a session that is not in a frame, as the page is told it: setups, runs, data, what can be chosen."""

from __future__ import annotations

from typing import Any

from tasou.play import choices, lessons
from tasou.play.by_hand import by_hand
from tasou.play.rows import told
from tasou.play.run import Run
from tasou.play.runs import Runs


def state_of(session: Runs) -> dict[str, Any]:
    """Everything that is not in a frame: setups, runs, what can be chosen."""
    run, first = session.run, next(iter(session.runs.values()))
    return {
        "setup": run.setup.json(),
        "runs": [_brief(each, first) for each in session.runs.values()],
        "current": session.current,
        "other": session.other,
        "differences": [] if session.other is None else _differences(session),
        "network": _network(run),
        "data": _data(session, run),
        "rates": run.rates,
        "loss": run.network.loss.name,
        "losses": run.rows.losses(),
        "choices": choices.offered(),
        "playing": session.playing,
        "speed": session.speed,
        "until": session.until,
        "plane": session.plane,
        "sample": session.sample,
        "lesson": None if session.lesson is None else _lesson(session.lesson.number),
        "edges": session.view.edges,
        "layer": min(session.view.layer, run.network.L - 1),
        "diverged": told(run.diverged) if run.diverged else None,
    }


def _brief(run: Run, first: Run) -> dict[str, Any]:
    """A run in the list of runs: where it stands, where it branched off, and what differs from the first one."""
    parent = None if run.parent is None else list(run.parent)
    differs = [*map(list, run.setup.differences(first.setup)), *by_hand(run, first)]
    return {
        "name": run.name, "parent": parent, "update": run.update, "epoch": run.epoch, "end": run.end,
        "differs": differs,
    }  # fmt: skip


def _differences(session: Runs) -> list[list[Any]]:
    a, b = session.shown[0], session.shown[-1]
    found = [list(pair) for pair in b.setup.differences(a.setup)]
    live = [rate for _, rate in a.rates[1:]], [rate for _, rate in b.rates[1:]]
    return [*found, *by_hand(b, a), *([["lr.live", *live]] if live[0] != live[1] else [])]


def _network(run: Run) -> dict[str, Any]:
    network = run.network
    layout = [[p.l, p.name, p.start, list(p.shape.of)] for p in network.parameters.layout.places]
    labels = [layer.label for layer in network.layers]
    dense = [layer.card.drawn for layer in network.layers]
    shapes = [list(n) if isinstance(n, tuple) else [n] for n in network.shapes]
    return {
        "sizes": list(network.sizes), "labels": labels, "output": network.output, "layout": layout,
        "parameters": network.theta.size, "text": repr(network), "plain": network.plain, "dense": dense,
        "shapes": shapes,
    }  # fmt: skip


def _data(session: Runs, run: Run) -> dict[str, Any]:
    found, at = run.rows, session.scene_of(run)
    return {
        "title": dict(found.title), "task": found.task, "classes": list(found.classes), "n": found.n,
        "held": len(found.held_y), "heldMeasured": len(run.held_truth), "shown": len(at.index),
        "features": list(found.features),
        "image": None if found.image is None else list(found.image), "low": at.low.tolist(),
        "high": at.high.tolist(), "names": list(at.names), "curve": at.curve, "per_epoch": run.per_epoch,
        "batch_size": run.batch_size, "xy": at.xy.round(6).tolist(), "y": at.y.tolist(), "heldAt": at.held.tolist(),
        "plane": at.kind, "shaped": found.shape is not None,
        "notes": [told(note) for note in found.notes],
    }  # fmt: skip


def _lesson(number: str) -> dict[str, Any]:
    return lessons.told(lessons.chosen(number))
