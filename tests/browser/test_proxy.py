"""Behind a proxy that shows the playground below a path of its own, as JupyterHub does."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.browser.conftest import Server

from tasou.web.running import listen

PATH = "/user/ann/proxy/8792/"


async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
        await writer.drain()
    writer.close()


@contextmanager
def proxy(to: int) -> Iterator[int]:
    """Requests below the path go to that port without it; host and origin stay what the browser wrote."""
    listening, loop = listen(None), asyncio.new_event_loop()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")
        if b"websocket" not in b"".join(lines).lower():  # a request a connection
            lines = [
                b"connection: close",
                *(line for line in lines if not line.lower().startswith(b"connection:")),
            ]
        try:
            there, back = await asyncio.open_connection("127.0.0.1", to)
        except OSError:  # the server is away, and the page calls again and again
            writer.close()
            return
        back.write(b"\r\n".join([first.replace(PATH.encode(), b"/", 1), *lines]))
        try:
            await asyncio.gather(carry(there, writer), carry(reader, back), return_exceptions=True)
        finally:
            writer.close()
            back.close()

    async def end() -> None:
        under_way = asyncio.all_tasks() - {asyncio.current_task()}
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
        await asyncio.sleep(0.05)  # whose lines close

    def work() -> None:
        loop.run_until_complete(asyncio.start_server(serve, sock=listening))
        loop.run_forever()
        loop.run_until_complete(end())
        loop.close()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    yield int(listening.getsockname()[1])
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    listening.close()


def test_the_page_works_below_a_path_and_an_address_not_admitted_is_told_how_to_be(browser: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with proxy(port) as shown:
        address = f"http://hub.localhost:{shown}{PATH}"
        server = Server("--lang", "en", "--port", str(port), "--allow-host", address)
        page = browser.new_page()
        page.goto(f"{address}#{server.address.partition('#')[2]}")
        page.wait_for_selector("html[data-epoch]", state="attached")
        page.keyboard.press("Alt+s")
        page.wait_for_selector("html[data-epoch='1']", state="attached")
        page.click("#share")
        page.wait_for_selector("#share-link")
        while not (link := page.input_value("#share-link")):
            page.wait_for_timeout(20)
        assert link.startswith(f"{address}#play=")
        with page.expect_download() as download:
            page.click("[data-form=csv]")
        assert download.value.suggested_filename == "tasou-A-1.csv"
        code, said = server.stop()
        assert code == 0 and server.address.partition("#")[2] in said
        server = Server(
            "--lang", "en", "--port", str(port), "--allow-host", f"hub.localhost:{shown}"
        )  # over https, then
        page.goto("about:blank")
        page.goto(address)
        page.wait_for_selector("#waiting:has-text('--allow-host')")
        server.stop()
        page.close()
