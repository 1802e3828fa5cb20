"""A patient connection whose requests are parsed in C: for where httptools is installed."""

from __future__ import annotations

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from tasou.web.patience import Patience

TOO_LARGE = "the head is too large"
"""between the parser and the server alone, which answers 400"""


class Swift(Patience, HttpToolsProtocol):
    """A connection that reads with httptools, which of itself takes heads of any size."""

    heading = True
    """whether a head is still to come"""
    received = 0
    """bytes of a head that is not whole yet"""

    @property
    def waiting(self) -> bool:
        """See `Patience`."""
        return self.heading

    def data_received(self, data: bytes) -> None:
        """Refuse a head that grows too large before it is whole."""
        super().data_received(data)
        self.received = self.received + len(data) if self.heading else 0
        if self.received > self.HEAD and not self.transport.is_closing():
            self.send_400_response("The head of the request is too large.")

    def on_message_begin(self) -> None:
        """A head begins."""
        self.heading = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """The head is whole; one that is too large is no request."""
        self.heading = False
        headers: list[tuple[bytes, bytes]] = self.headers
        if len(self.url) + sum(len(name) + len(value) + 4 for name, value in headers) > self.HEAD:
            raise ValueError(TOO_LARGE)
        super().on_headers_complete()
