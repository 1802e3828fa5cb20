"""Listen, serve with uvicorn until Ctrl-C or SIGTERM, and end cleanly."""

from __future__ import annotations

import contextlib
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from tasou.errors import TasouError
from tasou.messages import Message

PORT_TAKEN = Message(
    "web.port_taken",
    en="port {port} cannot be used: {reason}; --port 0 takes a free one",
    ja="ポート {port} は使えません：{reason}。--port 0 とすると空いているポートを使います",
)


def not_installed(names: Iterable[str]) -> list[str]:
    """The packages among these that are not there."""
    from importlib.util import find_spec

    return [name for name in names if find_spec(name) is None]


def listen(port: int | None, host: str = "127.0.0.1") -> socket.socket:
    """A socket bound to a port given, or to a free one, of this machine alone unless ``host`` says otherwise."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found = socket.socket(
        family, socket.SOCK_STREAM, socket.IPPROTO_TCP
    )  # named, or asyncio leaves Nagle on: 40 ms
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((host, port or 0))
    except (OSError, OverflowError) as error:
        found.close()
        raise TasouError(PORT_TAKEN, port=port, reason=error) from error
    return found


def run(
    app: Any, listening: socket.socket, *, opened: Callable[[], None], seconds_to_end: int, **options: Any
) -> None:
    """Serve until the process is told to end; ``opened`` is called once requests are answered.

    Who is being answered when the end comes has ``seconds_to_end``; ``options`` are uvicorn's.
    """
    import uvicorn

    server = uvicorn.Server(
        uvicorn.Config(
            app,
            log_level="error",
            access_log=False,
            lifespan="off",
            server_header=False,
            date_header=False,
            timeout_graceful_shutdown=seconds_to_end,
            **options,
        )
    )
    with _ending(server):
        threading.Thread(target=_announce, args=(server, opened), daemon=True).start()
        with contextlib.suppress(KeyboardInterrupt):
            server.run(sockets=[listening])


def _announce(server: Any, opened: Callable[[], None]) -> None:
    while not server.started:
        time.sleep(0.005)
    opened()


class _ending:
    """SIGTERM ends the server like Ctrl-C, and what was set before is set again."""

    def __init__(self, server: Any) -> None:
        self.server = server

    def __enter__(self) -> None:
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGTERM, self._end)

    def _end(self, *_: Any) -> None:
        self.server.should_exit = True

    def __exit__(self, *_: Any) -> None:
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, self._before)
