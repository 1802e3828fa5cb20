"""The server of one playground: a fixed table of files, and one socket through which a page speaks with the session."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable, Iterable, Mapping
from importlib.resources import files
from typing import Any
from urllib.parse import quote, unquote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from tasou.errors import TableError, TasouError
from tasou.messages import Message
from tasou.play import commands
from tasou.play.calculation import Later
from tasou.play.rows import told
from tasou.play.session import Session
from tasou.play.share import write
from tasou.play.tables import MOST_BYTES, TOO_LARGE, Source, parse
from tasou.play.worker import Worker
from tasou.web.guard import Guard

INTERNAL = Message(
    "play.internal",
    en="this should not have happened: {name}: {error}. The run is kept.",
    ja="予期しないエラーが起きました：{name}: {error}。ランは保たれています。",
)
TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "svg": "image/svg+xml",
}
SECONDS_TO_SPEAK = 10.0
MOST_ASKED = 64
"""commands that may wait for their answers at once"""
Outgoing = asyncio.Queue[bytes | str | None]


def page_files() -> dict[str, tuple[bytes, str]]:
    """Every file of the page by its address, read once: no path is ever put together from what a request says."""
    found = {}
    for file in files(__package__).joinpath("page").iterdir():
        kind = file.name.rpartition(".")[2]
        if file.is_file() and kind in TYPES:
            found[f"/{file.name}"] = (file.read_bytes(), TYPES[kind])
    found["/"] = found["/index.html"]
    return found


class Playground:
    """One session with its thread, and the page that is connected."""

    def __init__(self, session: Session, token: str) -> None:
        self.worker = Worker(session, self._send)
        self.token = token
        self.guard: Guard | None = None
        self.hello: dict[str, Any] = {}
        """what the page is told first: language, lecture, …"""
        self._loop: asyncio.AbstractEventLoop | None = None
        self._outgoing: Outgoing | None = None
        self._changing = 0
        """commands that change something and have no answer yet"""

    def _send(self, frame: bytes) -> None:
        """Called by the working thread."""
        loop, outgoing = self._loop, self._outgoing
        if loop is not None and outgoing is not None and not loop.is_closed():
            loop.call_soon_threadsafe(outgoing.put_nowait, frame)

    async def ask(self, job: Callable[[Session], Any], *, looks: bool = False) -> Any:
        """Have the session do something; who only ``looks`` lets others go first."""
        return await asyncio.wrap_future(self.worker.ask(job, looks=looks))

    # --- the socket ------------------------------------------------------------------------------------------------

    async def socket(self, ws: WebSocket) -> None:
        """Speak with a page: its first message must bring the token; a newer page takes the place of an older one."""
        await ws.accept()
        try:
            first = await asyncio.wait_for(ws.receive_json(), SECONDS_TO_SPEAK)
        except (TimeoutError, WebSocketDisconnect, ValueError, KeyError, RuntimeError):
            await _close(ws, 1008)
            return
        if not (isinstance(first, dict) and self.guard is not None and self.guard.knows(first.get("token"))):
            await _close(ws, 1008)
            return
        await self._serve(ws)

    async def _serve(self, ws: WebSocket) -> None:
        if self._outgoing is not None:
            self._outgoing.put_nowait(None)
        self._outgoing = None  # what is on its way was meant for the other page
        outgoing: Outgoing = asyncio.Queue()
        writing = None
        try:
            state = await self.ask(lambda session: session.state())
            await ws.send_text(_json({"hello": self.hello, "state": state}))
            self._loop, self._outgoing = asyncio.get_running_loop(), outgoing
            writing = asyncio.create_task(self._write(ws, outgoing))
            await self.ask(lambda session: self.worker.welcome())
            await self._listen(ws, outgoing)
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            if writing is not None:
                writing.cancel()
            self._leave(outgoing)

    def _leave(self, outgoing: Outgoing) -> None:
        """The page has gone, and none has come in its place: stand still."""
        if self._outgoing is outgoing:
            self._outgoing = None
            self.worker.listening = False
            self.worker.ask(lambda session: session.pause())

    async def _write(self, ws: WebSocket, outgoing: Outgoing) -> None:
        """Frames and answers as they come; None where another page has taken over."""
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            while (found := await outgoing.get()) is not None:
                await (ws.send_text(found) if isinstance(found, str) else ws.send_bytes(found))
            await ws.send_text(_json({"elsewhere": True}))
            await ws.close(4001)

    async def _listen(self, ws: WebSocket, outgoing: Outgoing) -> None:
        """Take commands as they come: whoever asks for something long keeps no other command waiting."""
        asked = set[asyncio.Task[None]]()

        async def answer(text: str) -> None:
            outgoing.put_nowait(await self._answered(text))

        while True:
            text = await ws.receive_text()
            if text == "drawn":
                self.worker.drawn()
                continue
            if len(asked) >= MOST_ASKED:
                await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
            asked.add(task := asyncio.create_task(answer(text)))
            task.add_done_callback(asked.discard)

    async def _answered(self, text: str) -> str:
        """The answer to one command."""
        number: Any = None
        try:
            message = json.loads(text)
            number, name = message.get("id"), message.get("cmd")
            arguments = {key: value for key, value in message.items() if key not in ("id", "cmd")}
            found = await self._done(name, arguments)
            if isinstance(found, Later):
                found = await asyncio.to_thread(found.rest)
            return _json({"id": number, "ok": found})
        except TasouError as error:
            return _json({"id": number, "error": {"code": error.code, **told(error)}})
        except (ValueError, AttributeError, RecursionError) as error:
            return _json({"id": number, "error": _internal(error)})
        except Exception as error:
            return _json({"id": number, "error": _internal(error)})

    async def _done(self, name: Any, arguments: Mapping[str, Any]) -> Any:
        """Have a command done: at once where nothing before it is still to be changed, else in its turn."""
        if name in commands.AT_ONCE and not self._changing:
            found = self._call(self.worker.session, name, arguments)
            self.worker.ask(lambda session: None, looks=True)  # it looks up
            return found
        looks = name in commands.LOOKING
        self._changing += not looks
        try:
            return await self.ask(lambda session: self._call(session, name, arguments), looks=looks)
        finally:
            self._changing -= not looks

    def _call(self, session: Session, name: Any, arguments: Mapping[str, Any]) -> Any:
        found = commands.begin(session, name, arguments)
        if name not in commands.LOOKING:
            self.worker.changed()
        return found

    # --- requests --------------------------------------------------------------------------------------------------

    async def take_table(self, request: Request) -> Response:
        """A file that was handed in: read in a thread of its own, while the training goes on."""
        if not self.asks_properly(request):
            return Response(status_code=403)
        name = unquote(request.headers.get("x-tasou-name", ""))[:100] or "data"
        try:
            data = await _body(request)
            parsed = await asyncio.to_thread(parse, data, name.replace("/", "_"))
            found = await self.ask(lambda session: session.take(Source(parsed, parsed.source)))
        except Exception as error:
            return _refusal(error)
        return _answer({"ok": found})

    async def export(self, request: Request) -> Response:
        """One of the forms in which a run goes out."""
        if not self.asks_properly(request):
            return Response(status_code=403)
        asked = request.query_params
        kind, lang = str(asked.get("kind")), "ja" if asked.get("lang") == "ja" else "en"
        options: dict[str, Any] = {}
        if kind in ("record", "live"):
            options = {
                "rows": asked.get("rows") != "no",
                "lang": lang,
                "plane": dict(self.worker.session.plane),
            }
        elif kind in ("svg", "png"):
            options = {"lang": lang}
        try:
            name, media, content = await self.ask(lambda session: write(session.run, kind, **options))
        except Exception as error:
            return _refusal(error)
        return Response(content, media_type=media, headers={"x-tasou-name": quote(name)})

    async def take_run(self, request: Request) -> Response:
        """A run that was written before."""
        if not self.asks_properly(request):
            return Response(status_code=403)
        try:
            data = await _body(request)
            found = await self.ask(lambda session: session.take_run(data))
            self.worker.changed()
        except Exception as error:
            return _refusal(error)
        return _answer({"ok": found})

    def asks_properly(self, request: Request) -> bool:
        """Whether a request brings the token."""
        return self.guard is not None and self.guard.knows(request.headers.get("x-tasou-token"))


async def _body(request: Request) -> bytes:
    """What was sent, if it is not too much."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > MOST_BYTES:
            raise TableError(TOO_LARGE, most=MOST_BYTES >> 20)
        parts.append(part)
    return b"".join(parts)


def _refusal(error: Exception) -> Response:
    """Why something cannot be done, in both languages."""
    if isinstance(error, TasouError):
        return _answer({"error": {"code": error.code, **told(error)}}, 422)
    return _answer({"error": _internal(error)}, 500)


def _answer(value: Any, status: int = 200) -> Response:
    return Response(_json(value), status, media_type="application/json")


def _internal(error: BaseException) -> dict[str, str]:
    return {"code": INTERNAL.code, **told(INTERNAL(name=type(error).__name__, error=error))}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_plain)


def _plain(value: Any) -> Any:
    """Numbers of NumPy's and tuples are plain enough."""
    if hasattr(value, "tolist"):
        return value.tolist()
    return json.JSONEncoder().default(value)


async def _close(ws: WebSocket, code: int) -> None:
    with contextlib.suppress(RuntimeError):
        await ws.close(code)


def application(playground: Playground, *, port: int, allowed: Iterable[str] = ()) -> Guard:
    """The server's application: files, the socket, and before them the guard."""
    fixed = page_files()

    async def file(request: Request) -> Response:
        content, kind = fixed[request.url.path]
        return Response(content, media_type=kind)

    asking = [
        Route("/table", playground.take_table, methods=["POST"]),
        Route("/run", playground.take_run, methods=["POST"]),
        Route("/export", playground.export, methods=["GET"]),
    ]
    routes = [Route(path, file, methods=["GET"]) for path in fixed]
    app = Starlette(routes=[*routes, *asking, WebSocketRoute("/socket", playground.socket)])
    playground.guard = Guard(app, port=port, token=playground.token, allowed=allowed)
    return playground.guard
