"""How much one server does at once: what is beyond is refused, not kept waiting without an end."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """The limits of a server.

    Attributes
    ----------
    bytes
        of the body of a request
    rows
        in a request
    seconds
        for a request to arrive, and for it to be computed
    requests
        that are read or computed at the same time; the next one is told to come again (503)
    connections
        that are open at the same time
    """

    bytes: int = 4 << 20
    rows: int = 10_000
    seconds: float = 10.0
    requests: int = 32
    connections: int = 256
