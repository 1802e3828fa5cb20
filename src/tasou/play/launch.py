"""Start a playground: a free port, a token, the address printed, the browser opened; until Ctrl-C or SIGTERM."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tasou.errors import TasouError
from tasou.messages import Message, Sentence
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
    en="this looks like {where}: open port PORT there ({how}) and start with --port PORT --allow-host ADDRESS, where "
    "ADDRESS is what your browser shows there",
    ja="{where} で動いているようです。ポート PORT をそちらで公開し（{how}）、ブラウザに表示されるアドレス ADDRESS を "
    "--port PORT --allow-host ADDRESS で指定して起動してください",
)
OPEN_THERE = Message(
    "play.open_there",
    en="in your browser open the address under which port {port} is shown there, with this behind it: #{token}",
    ja="ブラウザで、ポート {port} を公開しているアドレスの末尾に #{token} を付けて開いてください",
)
PORTS = Message("play.how_ports", en="the tab Ports", ja="「ポート」タブ")
PROXY = Message(
    "play.how_proxy",
    en="with jupyter-server-proxy it is …/proxy/PORT/",
    ja="jupyter-server-proxy なら …/proxy/PORT/",
)
COLAB = Message(
    "play.how_colab",
    en="google.colab.output.serve_kernel_port_as_window(PORT)",
    ja="google.colab.output.serve_kernel_port_as_window(PORT)",
)
OTHERWISE = Message("play.how_otherwise", en="as it is done there", ja="その環境の方法で")
PLACES = {
    "COLAB_RELEASE_TAG": ("Google Colab", COLAB),
    "JUPYTERHUB_API_URL": ("JupyterHub", PROXY),
    "CODESPACES": ("GitHub Codespaces", PORTS),
    "GITPOD_WORKSPACE_ID": ("Gitpod", PORTS),
    "KAGGLE_KERNEL_RUN_TYPE": ("Kaggle", OTHERWISE),
    "BINDER_SERVICE_HOST": ("Binder", PROXY),
}
"""variables of the environment by which hosted notebooks can be told, their names, and how a port is opened there"""


def check_installed() -> None:
    """Raise `TasouError` where the extra is missing."""
    if missing := not_installed(NEEDS):
        raise TasouError(WITHOUT, missing=missing)


def hosted() -> Sentence | None:
    """What to do on the service that this runs on, where the browser is on another machine."""
    found = next((place for variable, place in PLACES.items() if os.environ.get(variable)), None)
    return None if found is None else ELSEWHERE(where=found[0], how=found[1]())


def elsewhere(address: str) -> Sentence:
    """What to open where the server is reached through another host, from the address that it has here."""
    place, _, token = address.partition("#")
    return OPEN_THERE(port=place.rstrip("/").rpartition(":")[2], token=token)


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
