"""What happened during training, epoch by epoch."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

from tasou.language import language, say
from tasou.shown import curve, fragment, html_table

SHOWN = {"en": "Loss over {n} epochs{dashed}", "ja": "{n} エポックの損失{dashed}"}
DASHED = {"en": " (dashed: validation)", "ja": "（破線：検証）"}
HEAD = {"en": ("", "first", "last"), "ja": ("", "最初", "最後")}


@dataclass(repr=False)
class History:
    """One list per quantity, one entry per epoch; lists that were not asked for stay empty.

    Examples
    --------
    >>> h = History(loss=[1.0, 0.5], lr=[0.1, 0.1])
    >>> len(h), h.last()
    (2, {'loss': 0.5, 'lr': 0.1})
    """

    loss: list[float] = field(default_factory=list)
    """mean training loss with penalty: the batches' losses, each before its update"""
    validation_loss: list[float] = field(default_factory=list)
    """mean loss on the validation data, without penalty"""
    validation_score: list[float] = field(default_factory=list)
    """score on the validation data"""
    lr: list[float] = field(default_factory=list)
    """learning rate of the epoch's last update"""
    gradient_norm: list[float] = field(default_factory=list)
    """length ‖∇‖ of the mean gradient of the epoch's last batch"""
    seconds: list[float] = field(default_factory=list)
    """time since the start of the training, at the end of the epoch"""

    def __len__(self) -> int:
        """The number of epochs."""
        return len(self.loss)

    def __repr__(self) -> str:
        last = ", ".join(f"{name}={value:.4g}" for name, value in self.last().items())
        return f"History({len(self)} {'epoch' if len(self) == 1 else 'epochs'}{': ' if last else ''}{last})"

    def _repr_html_(self) -> str:
        """The loss as a curve, and the newest entries; drawn without Matplotlib, for the engine needs none."""
        what = say(SHOWN, n=len(self), dashed=say(DASHED) if self.validation_loss else "")
        rows = [(name, f"{values[0]:.4g}", f"{values[-1]:.4g}") for name, values in self.as_dict().items()]
        drawing = curve(self.loss, what, second=self.validation_loss)
        return fragment(what, drawing, html_table(HEAD[language()], rows, right=(1, 2)) if rows else "")

    def extend(self, **epochs: list[float]) -> None:
        """Add the entries of several epochs, a list per quantity."""
        for name, values in epochs.items():
            getattr(self, name).extend(values)

    def cut(self, epochs: int) -> None:
        """Keep the first so many epochs, in every list."""
        for f in fields(self):
            del getattr(self, f.name)[epochs:]

    def last(self) -> dict[str, float]:
        """The newest entry of every quantity that was recorded."""
        return {f.name: getattr(self, f.name)[-1] for f in fields(self) if getattr(self, f.name)}

    def as_dict(self) -> dict[str, list[float]]:
        """Every recorded quantity with its list."""
        return {f.name: list(getattr(self, f.name)) for f in fields(self) if getattr(self, f.name)}
