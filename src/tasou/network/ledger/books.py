"""The quantities of a step, phase after phase, by the book that fits the network."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tasou.errors import TasouError
from tasou.messages import Message
from tasou.network.ledger.quantity import Pen, Quantity
from tasou.network.ledger.sample import SampleBook
from tasou.network.ledger.stack import StackBook

NO_SAMPLE = Message(
    "ledger.no_sample",
    en="the batch has {n} samples, counted from 0; there is no sample {sample}",
    ja="バッチのサンプルは {n} 個で、0から数えます。サンプル {sample} はありません",
)


def sample_quantities(trace: Any, sample: int, digits: int, lr: float | None) -> Iterator[Quantity]:
    """Forward; loss and backward where they have been computed; the update where a learning rate is given."""
    if not -trace.n <= sample < trace.n:
        raise TasouError(NO_SAMPLE, n=trace.n, sample=sample)
    yield from quantities(book_of(trace, sample, Pen(digits)), trace, lr)


def book_of(trace: Any, sample: int | None, pen: Pen) -> Any:
    """Who finds the quantities: for the lecture's networks as the lecture writes them, for others layer by layer."""
    if trace.network.plain:
        return SampleBook(trace, sample or 0, pen)
    return StackBook(trace, sample, pen)


def quantities(book: Any, trace: Any, lr: float | None) -> Iterator[Quantity]:
    """Phase after phase."""
    yield from book.forward()
    if trace.y is None:
        return
    yield book.loss()
    yield from book.backward()
    if lr is not None:
        yield from book.update(lr)
