"""A connection of uvicorn's that does not wait for ever for the head of a request."""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol


class Patient(H11Protocol):
    """Closes a connection whose request has not come as a whole head within ``SECONDS``.

    uvicorn itself waits without an end for the first request, and for the rest of a head that has begun. Bodies are for
    the application to wait for.
    """

    SECONDS = 10.0
    _watch: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Begin to wait."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Wait on as long as the head is not whole."""
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE and self._watch is not None:
            self._watch.cancel()
            self._watch = None
        elif self.conn.their_state is h11.IDLE and self._watch is None:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        if self._watch is not None:
            self._watch.cancel()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._watch = self.loop.call_later(self.SECONDS, self._give_up)

    def _give_up(self) -> None:
        self._watch = None
        if self.conn.their_state is h11.IDLE and not self.transport.is_closing():
            self.transport.close()
