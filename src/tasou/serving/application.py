"""The server's application: guard, token, routes; whatever comes is answered with a sentence, or refused."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from tasou.errors import TasouError
from tasou.messages import Message, Sentence
from tasou.serving import body
from tasou.serving.body import Rows
from tasou.serving.limits import Limits
from tasou.serving.openapi import description
from tasou.serving.problems import RequestError, RowsError, Told
from tasou.serving.service import Service
from tasou.spoken import Language
from tasou.web.guard import Guard
from tasou.web.speaking import language_of

NOT_FOUND = Message(
    "serving.not_found",
    en="there is nothing here: POST /predict, GET /health, GET /drift, GET /openapi.json",
    ja="ここには何もありません。使えるのは POST /predict、GET /health、GET /drift、GET /openapi.json です",
)
METHOD = Message("serving.method", en="{method} is not for {path}", ja="{path} に {method} は使えません")
TOKEN = Message(
    "serving.token",
    en="the header Authorization: Bearer TOKEN is missing or wrong",
    ja="ヘッダー Authorization: Bearer トークン がないか、正しくありません",
)
MEDIA = Message(
    "serving.media",
    en="Content-Type must be application/json or text/csv, uncompressed",
    ja="Content-Type は application/json か text/csv とし、圧縮しないでください",
)
TOO_LARGE = Message(
    "serving.too_large",
    en="the body is larger than {most:,} bytes",
    ja="本文が {most:,} バイトを超えています",
)
TOO_SLOW = Message(
    "serving.too_slow",
    en="the body did not arrive within {seconds:g} seconds",
    ja="本文が {seconds:g} 秒以内に届きませんでした",
)
BUSY = Message(
    "serving.busy",
    en="as many requests as this server takes are being answered: ask again in a moment",
    ja="同時に受け付けられる数の要求を処理中です。少し待ってもう一度送ってください",
)
LONG = Message(
    "serving.long",
    en="the rows were not computed within {seconds:g} seconds: send fewer at once",
    ja="{seconds:g} 秒以内に計算が終わりませんでした。行数を減らして送ってください",
)
NO_DRIFT = Message(
    "serving.no_drift",
    en="this model knows nothing of the columns of its training, so drift cannot be told",
    ja="このモデルは学習データの列について何も持っていないので、ドリフトはわかりません",
)
INTERNAL = Message(
    "serving.internal", en="this should not have happened: {name}", ja="予期しないエラーが起きました：{name}"
)

JSON = "application/json"
READERS = {JSON: body.from_json, "text/csv": body.from_csv}
"""what a page of somebody else's cannot send without asking first: no form has these types"""
AT_ONCE = 1 << 14
"""bodies of so many bytes are answered where they arrive: a thread of their own would take longer than they do"""
WORKERS = 2


class Asked(NamedTuple):
    """What a request for predictions asks."""

    read: Any
    data: bytes
    drift: bool
    request: Request


class Server:
    """A service behind routes."""

    def __init__(self, service: Service, limits: Limits | None = None, *, token: str | None = None) -> None:
        self.service, self.limits, self.token = service, limits or Limits(), token
        self.busy = 0
        self.pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="tasou-serve")

    async def predict(self, request: Request) -> Response:
        """Read the rows, check them, predict."""
        limits = self.limits
        if self.busy >= limits.requests:
            raise RequestError(BUSY, status=503)
        read = READERS.get(_media(request))
        if read is None:
            raise RequestError(MEDIA, status=415)
        self.busy += 1
        work: Any = None
        try:
            data = await self._body(request)
            asked = Asked(read, data, b"drift" in request.scope["query_string"] and _drift(request), request)
            if len(data) <= AT_ONCE and self.service.small:
                return Response(self._answer(asked), media_type=JSON)
            work = asyncio.get_running_loop().run_in_executor(self.pool, self._answer, asked)
            work.add_done_callback(self._done)
            try:
                found = await asyncio.wait_for(asyncio.shield(work), limits.seconds)
            except TimeoutError:
                raise RequestError(LONG, status=503, seconds=limits.seconds) from None
            return Response(found, media_type=JSON)
        finally:
            if work is None:
                self.busy -= 1

    def _done(self, work: Any) -> None:
        """A computation has ended, whether somebody still waits for it or not."""
        self.busy -= 1
        if not work.cancelled():
            work.exception()  # it was told to whoever waited

    async def _body(self, request: Request) -> bytes:
        limits = self.limits
        length = request.headers.get("content-length", "")
        if length.isdecimal() and int(length[:20]) > limits.bytes:
            raise RequestError(TOO_LARGE, status=413, most=limits.bytes)
        try:
            async with asyncio.timeout(limits.seconds):
                parts, size = [], 0
                async for part in request.stream():
                    size += len(part)
                    if size > limits.bytes:
                        raise RequestError(TOO_LARGE, status=413, most=limits.bytes)
                    parts.append(part)
        except TimeoutError:
            raise RequestError(TOO_SLOW, status=408, seconds=limits.seconds) from None
        return b"".join(parts)

    def _answer(self, asked: Asked) -> bytes:
        service, notes = self.service, Told()
        if asked.drift and service.drift is None:
            raise RequestError(NO_DRIFT, status=422)
        with np.errstate(all="ignore"):
            rows = asked.read(asked.data, service.columns, service.known, self.limits, notes)
            answer = service.answer_rows if isinstance(rows, Rows) else service.answer
            said = answer(rows, notes, drift=asked.drift)
        found: dict[str, Any] = {"predictions": said.predictions}
        if notes or said.drift is not None:
            lang = _language(asked.request)
            if notes:
                found |= {"notes": list(notes.listed(lang)), "notes_in_all": notes.number}
            if said.drift is not None:
                found["drift"] = said.drift.report(lang)
        return _json(found)

    async def health(self, request: Request) -> Response:
        """Whether it answers."""
        return _said({"status": "ok"})

    async def drift(self, request: Request) -> Response:
        """Drift of all rows predicted since the start."""
        if self.service.drift is None:
            raise RequestError(NO_DRIFT, status=404)
        return _said(self.service.drift.report(_language(request)))

    async def openapi(self, request: Request) -> Response:
        """The description for clients."""
        return _said(description(self.service, self.limits, token=self.token is not None))


class Door:
    """Lets in who knows the token, where there is one, leads to the routes, and turns every error into an answer."""

    def __init__(self, server: Server, guarded: bool) -> None:
        self.routes: dict[str, tuple[str, Any]] = {
            "/predict": ("POST", server.predict),
            "/health": ("GET", server.health),
            "/drift": ("GET", server.drift),
            "/openapi.json": ("GET", server.openapi),
        }
        self.guarded = guarded
        self.guard: Guard | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """One request; a socket is closed."""
        if scope["type"] != "http":
            if scope["type"] == "websocket":
                await receive()
                await send({"type": "websocket.close", "code": 1008})
            return
        request = Request(scope, receive)
        try:
            if self.guarded and not self._knows(request):
                raise RequestError(TOKEN, status=401)
            method, answer = self.routes.get(scope["path"], ("", None))
            if answer is None:
                raise RequestError(NOT_FOUND, status=404)
            if scope["method"] != method and (scope["method"], method) != ("HEAD", "GET"):
                raise RequestError(METHOD, status=405, method=scope["method"][:20], path=scope["path"])
            response = await answer(request)
        except ClientDisconnect:
            return
        except Exception as error:
            if not isinstance(error, TasouError):  # in one line, for whoever runs the server
                print(
                    "tasou:", INTERNAL(name=f"{type(error).__name__}: {error}"[:300]).text(), file=sys.stderr
                )
            response = _refusal(error, _language(request))
            if response.status_code == 405:
                response.headers["allow"] = self.routes[scope["path"]][0]
        await response(scope, receive, send)

    def _knows(self, request: Request) -> bool:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        return self.guard is not None and scheme.lower() == "bearer" and self.guard.knows(token.strip())


def application(
    service: Service,
    *,
    port: int,
    limits: Limits | None = None,
    token: str | None = None,
    allowed: Iterable[str] = (),
) -> Guard:
    """Everything between the socket and the model.

    ``allowed`` are hosts by which it is reached from elsewhere, with or without their port.
    """
    door = Door(Server(service, limits, token=token), token is not None)
    names = {full for name in allowed for full in (name, f"{name}:{port}")}
    door.guard = Guard(door, port=port, token=token or "", allowed=names, schemes=("http", "https"))
    return door.guard


def _media(request: Request) -> str:
    """The type of the body; nothing where there are several, or it is compressed."""
    types, coding = list[bytes](), b"identity"
    for name, value in request.scope["headers"]:
        if name == b"content-type":
            types.append(value)
        elif name == b"content-encoding":
            coding = value
    if len(types) != 1 or coding != b"identity":
        return ""
    return types[0].decode("latin-1").partition(";")[0].strip().lower()


def _drift(request: Request) -> bool:
    return "drift" in request.query_params


def _language(request: Request) -> Language:
    return language_of(request.headers.get("accept-language"))


def _refusal(error: Exception, lang: Language) -> Response:
    if not isinstance(error, TasouError):
        return _said(_error(INTERNAL(name=type(error).__name__), lang), 500)
    status = error.status if isinstance(error, RequestError) else 422
    found = _error(error.sentence, lang)
    if isinstance(error, RowsError):
        found["error"]["rows"] = list(error.told.listed(lang))
    answer = _said(found, status)
    if status == 503:
        answer.headers["retry-after"] = "1"
    if status == 401:
        answer.headers["www-authenticate"] = "Bearer"
    if status in (408, 413):  # the rest of the body is not waited for
        answer.headers["connection"] = "close"
    return answer


def _error(told: Sentence, lang: Language) -> dict[str, Any]:
    return {"error": {"code": told.message.code, "message": told.text(lang)}}


def _said(value: Any, status: int = 200) -> Response:
    return Response(_json(value), status, media_type=JSON)


def _json(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    try:
        return text.encode()
    except UnicodeEncodeError:  # half of a character, sent as \ud800
        return json.dumps(value, separators=(",", ":"), allow_nan=False).encode()
