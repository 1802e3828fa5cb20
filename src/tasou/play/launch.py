"""Start a playground: a free port, a token, the address printed, the browser opened; until Ctrl-C or SIGTERM."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tasou.errors import TasouError
from tasou.messages import Message
from tasou.web.guard import new_token
from tasou.web.running import listen, not_installed, run

NEEDS = ("starlette", "uvicorn", "websockets")
WITHOUT = Message(
    "play.without",
    en="the playground needs {missing:list}: pip install 'tasou[play]'",
    ja="プレイグラウンドには {missing:list} が必要です：pip install 'tasou[play]'",
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
    if missing := not_installed(NEEDS):
        raise TasouError(WITHOUT, missing=missing)


def hosted() -> str | None:
    """The name of the service this runs on, where the browser is on another machine."""
    return next((name for variable, name in PLACES.items() if os.environ.get(variable)), None)


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
    from tasou.play.server import Playground, application

    with listen(port) as listening:
        found = listening.getsockname()[1]
        token = new_token()
        playground = Playground(session(), token)
        playground.hello = dict(hello or {})
        app = application(playground, port=found, allowed=allowed)
        playground.worker.start()
        try:
            run(
                app, listening, opened=lambda: opened(f"http://127.0.0.1:{found}/#{token}"), seconds_to_end=1,
                ws="websockets-sansio", ws_per_message_deflate=False, ws_max_size=1 << 22,
            )  # fmt: skip
        finally:
            playground.worker.stop()
