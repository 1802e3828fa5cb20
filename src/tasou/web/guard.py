"""Who may speak with the server: this machine's own page, by exact host, exact origin and a token nobody can guess.

A browser sends requests of every page it shows to every address it is told, also to 127.0.0.1. So the name of the host
must be ours (or somebody has pointed a name of his own at this machine), the origin must be our own page, and whoever
asks for more than the playground's fixed files must know its token.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable
from typing import Any

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
        "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
}

OWN = [(name.encode(), value.encode()) for name, value in HEADERS.items()]


def new_token() -> str:
    """A token of 256 bits."""
    return secrets.token_urlsafe(32)


def reached(name: str) -> tuple[str, str]:
    """The scheme, if one is given, and the host of a name or an address under which somebody reaches the server.

    >>> reached("hub.example.org"), reached("http://hub.example.org:8000/user/ann/lab")
    (('', 'hub.example.org'), ('http', 'hub.example.org:8000'))
    """
    scheme, found, rest = name.strip().lower().rpartition("://")
    return (scheme if found else ""), rest.partition("/")[0]


class Guard:
    """What stands before every route, sockets too."""

    def __init__(
        self,
        app: Any,
        *,
        port: int,
        token: str,
        allowed: Iterable[str] = (),
        schemes: Iterable[str] = ("https",),
    ) -> None:
        self.app, self.token = app, token
        names = ("127.0.0.1", "localhost", "[::1]")
        own = {f"{name}:{port}" for name in names} | (set(names) if port == 80 else set())
        others = [reached(each) for each in allowed]
        self.hosts = own | {host for _, host in others}
        elsewhere = {f"{s}://{host}" for scheme, host in others for s in ([scheme] if scheme else schemes)}
        self.origins = {f"http://{host}" for host in own} | elsewhere

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Let a request through, or refuse it."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        hosts, origins = list[str](), list[str]()
        for name, value in scope["headers"]:  # whose names are small letters, as ASGI wants them
            if name == b"host":
                hosts.append(value.decode("latin-1"))
            elif name == b"origin":
                origins.append(value.decode("latin-1"))
        socket = scope["type"] == "websocket"
        strange = len(hosts) != 1 or hosts[0] not in self.hosts or len(origins) > 1
        foreign = any(origin not in self.origins for origin in origins) or (socket and not origins)
        if strange or foreign:
            await _refuse(scope, receive, send)
            return
        await self.app(scope, receive, _with_headers(send))

    def knows(self, token: Any) -> bool:
        """Whether this is the token."""
        return isinstance(token, str) and hmac.compare_digest(token.encode(), self.token.encode())


def _with_headers(send: Any) -> Any:
    async def sending(message: Any) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", []), *OWN]}
        await send(message)

    return sending


async def _refuse(scope: Any, receive: Any, send: Any) -> None:
    """Without a word: who asks from elsewhere learns nothing."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
        return
    await send({"type": "http.response.start", "status": 403, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})
