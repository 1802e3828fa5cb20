"""Start a playground: a free port, a token, the address printed, the browser opened; until Ctrl-C or SIGTERM."""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tasou.errors import TasouError
from tasou.messages import Message

NEEDS = ("starlette", "uvicorn", "websockets")
WITHOUT = Message(
    "play.without",
    en="the playground needs {missing:list}: pip install 'tasou[play]'",
    ja="プレイグラウンドには {missing:list} が必要です：pip install 'tasou[play]'",
)
PORT_TAKEN = Message(
    "play.port_taken",
    en="port {port} cannot be used: {reason}; leave --port out to take a free one",
    ja="ポート {port} は使えません：{reason}。--port を省くと空いているポートを使います",
)
ELSEWHERE = Message(
    "play.elsewhere",
    en="this looks like {where}: open the port there and start with --allow-host NAME, where NAME is the host in "
    "the address that your browser shows",
    ja="{where} で動いているようです。使うポートをそちらで公開し、ブラウザに表示されるアドレスのホスト名を "
    "--allow-host NAME で指定して起動してください",
)
PLACES = {
    "COLAB_RELEASE_TAG": "Google Colab",
    "JUPYTERHUB_API_URL": "JupyterHub",
    "CODESPACES": "GitHub Codespaces",
    "GITPOD_WORKSPACE_ID": "Gitpod",
    "KAGGLE_KERNEL_RUN_TYPE": "Kaggle",
    "BINDER_SERVICE_HOST": "Binder",
}
"""variables of the environment by which hosted notebooks can be told"""


def check_installed() -> None:
    """Raise `TasouError` where the extra is missing."""
    from importlib.util import find_spec

    missing = [name for name in NEEDS if find_spec(name) is None]
    if missing:
        raise TasouError(WITHOUT, missing=missing)


def hosted() -> str | None:
    """The name of the service this runs on, where the browser is on another machine."""
    return next((name for variable, name in PLACES.items() if os.environ.get(variable)), None)


def listen(port: int | None) -> socket.socket:
    """A socket of this machine alone, on a port given or on a free one."""
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind(("127.0.0.1", port or 0))
    except OSError as error:
        found.close()
        raise TasouError(PORT_TAKEN, port=port, reason=error) from error
    return found


def serve(
    session: Callable[[], Any],
    *,
    port: int | None = None,
    allowed: Iterable[str] = (),
    hello: Mapping[str, Any] | None = None,
    opened: Callable[[str], None] = print,
) -> None:
    """Serve until the process is told to end; ``opened`` is told the address once the page can be had."""
    check_installed()
    import uvicorn

    from tasou.play.guard import new_token
    from tasou.play.server import Playground, application

    with listen(port) as listening:
        found = listening.getsockname()[1]
        token = new_token()
        playground = Playground(session(), token)
        playground.hello = dict(hello or {})
        app = application(playground, port=found, allowed=allowed)
        config = uvicorn.Config(
            app, log_level="error", access_log=False, lifespan="off", ws="websockets-sansio",
            ws_per_message_deflate=False, ws_max_size=1 << 22, timeout_graceful_shutdown=1, server_header=False,
            date_header=False,
        )  # fmt: skip
        server = uvicorn.Server(config)
        playground.worker.start()
        with _ending(server):
            threading.Thread(
                target=_announce, args=(server, opened, f"http://127.0.0.1:{found}/#{token}"), daemon=True
            ).start()
            try:
                server.run(sockets=[listening])
            except KeyboardInterrupt:
                pass
            finally:
                playground.worker.stop()


def _announce(server: Any, opened: Callable[[str], None], address: str) -> None:
    import time

    while not server.started:
        time.sleep(0.005)
    opened(address)


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
