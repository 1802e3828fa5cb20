"""Start a server: where it listens, who may reach it, until Ctrl-C or SIGTERM."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Callable, Sequence
from math import ceil
from pathlib import Path
from typing import Any

from tasou.errors import TasouError
from tasou.messages import Message
from tasou.serving.limits import Limits
from tasou.web.running import listen, not_installed, run

WITHOUT = Message(
    "serving.without",
    en="the server needs {missing:list}: pip install 'tasou[serve]'",
    ja="サーバーには {missing:list} が必要です：pip install 'tasou[serve]'",
)
NEEDS_BOTH = Message(
    "serving.needs_both",
    en="beyond this machine it needs both: a token (--token-file FILE, or the variable TASOU_TOKEN) and "
    "--allow-host NAME, the host as clients write it; missing: {missing:list}",
    ja="このマシンの外から使うには、トークン（--token-file FILE または環境変数 TASOU_TOKEN）と、"
    "クライアントが使うホスト名 --allow-host NAME の両方が必要です。足りないもの：{missing:list}",
)
SHORT_TOKEN = Message(
    "serving.short_token",
    en="the token must have at least {least} visible ASCII characters, e.g. from: openssl rand -hex 32",
    ja="トークンには {least} 文字以上の ASCII 文字を使ってください。例：openssl rand -hex 32 の出力",
)
NO_TOKEN_FILE = Message(
    "serving.no_token_file",
    en="the token cannot be read from {path}: {reason}",
    ja="{path} からトークンを読めません：{reason}",
)
PLAIN = Message(
    "serving.plain",
    en="HTTP is plain: whoever is on the way reads the rows, the answers and the token; put a server with TLS in front",
    ja="HTTP は暗号化されません。経路上の誰でも、行、予測、トークンを読めます。"
    "TLS を備えたサーバーを前に置いてください",
)
TOKEN_WORD = Message("serving.a_token", en="the token", ja="トークン")
HOST_WORD = Message("serving.a_host", en="--allow-host", ja="--allow-host")

NEEDS = ("starlette", "uvicorn")
LEAST_TOKEN = 20


def check_installed() -> None:
    """Raise `TasouError` where the extra is missing."""
    if missing := not_installed(NEEDS):
        raise TasouError(WITHOUT, missing=missing)


def token_of(path: str | None) -> str | None:
    """The token from a file, else from ``TASOU_TOKEN``; never from the command line, which every process may read."""
    if path is None:
        token = os.environ.get("TASOU_TOKEN", "").strip()
        if not token:
            return None
    else:
        try:
            token = Path(path).read_text("utf-8").strip()
        except (OSError, ValueError) as error:
            raise TasouError(NO_TOKEN_FILE, path=path, reason=error) from None
    if len(token) < LEAST_TOKEN or not all("!" <= c <= "~" for c in token):
        raise TasouError(SHORT_TOKEN, least=LEAST_TOKEN)
    return token


def is_beyond(host: str, allowed: Sequence[str]) -> bool:
    """Whether others than this machine can reach it.

    >>> is_beyond("127.0.0.1", []), is_beyond("0.0.0.0", []), is_beyond("127.0.0.1", ["a.example"])
    (False, True, True)
    """
    try:
        loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = host == "localhost"
    return bool(allowed) or not loopback


def check_reach(host: str, allowed: Sequence[str], token: str | None) -> bool:
    """Whether it is reached from elsewhere; `TasouError` if so without a token and a host that was named."""
    if not is_beyond(host, allowed):
        return False
    missing: list[Any] = [] if token else [TOKEN_WORD]
    missing += [] if allowed else [HOST_WORD]
    if missing:
        raise TasouError(NEEDS_BOTH, missing=missing)
    return True


def serve(
    model: Any,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    allowed: Sequence[str] = (),
    token: str | None = None,
    limits: Limits | None = None,
    opened: Callable[[str], None] = print,
) -> None:
    """Serve a model until the process is told to end; ``opened`` is told the address once it answers.

    Who is being answered then still gets the answer.
    """
    check_installed()
    check_reach(host, allowed, token)
    limits = limits or Limits()
    from tasou.serving.application import application
    from tasou.serving.service import service_of

    service, http = service_of(model), fastest()
    with listen(port, host) as listening:
        found = listening.getsockname()[1]
        app = application(service, port=found, limits=limits, token=token, allowed=allowed)
        shown = f"[{host}]" if ":" in host else host
        run(
            app, listening, opened=lambda: opened(f"http://{shown}:{found}"), seconds_to_end=ceil(limits.seconds),
            http=http, ws="none", limit_concurrency=limits.connections, h11_max_incomplete_event_size=http.HEAD,
            timeout_keep_alive=30,
        )  # fmt: skip


def fastest() -> Any:
    """The kind of connection that takes least time: by httptools where that is installed."""
    if not_installed(["httptools"]):
        from tasou.web.patience import Patient

        return Patient
    from tasou.web.swift import Swift

    return Swift
