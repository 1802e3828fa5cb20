"""Connections of uvicorn's that wait for no head of a request without an end, and whose answers leave whole."""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol


class Patience:
    """What both kinds of connections have: it is closed where no whole head has come within ``SECONDS``.

    uvicorn itself waits without an end for the first request, and for the rest of a head that has begun. Bodies are for
    the application to wait for.
    """

    SECONDS = 10.0
    HEAD = 1 << 14
    """bytes of a head at most"""
    loop: asyncio.AbstractEventLoop
    transport: Any
    _watch: asyncio.TimerHandle | None = None

    @property
    def waiting(self) -> bool:
        """Whether a head is still to come, as a whole or in part."""
        raise NotImplementedError

    def connection_made(self, transport: Any) -> None:
        """Begin to wait."""
        super().connection_made(Whole(transport, self.loop))  # type: ignore[misc]
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Wait on as long as the head is not whole."""
        super().data_received(data)  # type: ignore[misc]
        if not self.waiting:
            self._wait_no_longer()
        elif self._watch is None:
            self._wait()

    def on_response_complete(self) -> None:
        """The answer can leave."""
        self.transport.flush()
        super().on_response_complete()  # type: ignore[misc]

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._wait_no_longer()
        super().connection_lost(exc)  # type: ignore[misc]

    def _wait(self) -> None:
        self._watch = self.loop.call_later(self.SECONDS, self._give_up)

    def _wait_no_longer(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None

    def _give_up(self) -> None:
        self._watch = None
        if self.waiting and not self.transport.is_closing():
            self.transport.close()


class Patient(Patience, H11Protocol):
    """A connection that needs h11 alone."""

    @property
    def waiting(self) -> bool:
        """See `Patience`."""
        return self.conn.their_state is h11.IDLE


class Whole:
    """A transport that gathers what is written until an answer is complete: one packet, where uvicorn writes two."""

    def __init__(self, transport: Any, loop: asyncio.AbstractEventLoop) -> None:
        self._transport, self._loop = transport, loop
        self._parts: list[bytes] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Keep it; at the latest before the loop looks for other events, it is sent."""
        if not self._parts:
            self._loop.call_soon(self.flush)
        self._parts.append(data)

    def flush(self) -> None:
        """Send what was kept."""
        if self._parts:
            data = b"".join(self._parts)
            self._parts.clear()
            self._transport.write(data)

    def close(self) -> None:
        """Send what was kept, and close."""
        self.flush()
        self._transport.close()
