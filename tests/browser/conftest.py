"""Pages in a real browser: one Chromium for all tests, a server for each playground; run by scripts/test-browser."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

BROWSER = os.environ.get("TASOU_BROWSER", "")
collect_ignore_glob = [] if BROWSER else ["test_*.py"]
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
SHOTS = os.environ.get("TASOU_SHOTS", "")
"""a folder for pictures of the page, where somebody wants to look at them"""


class Server:
    """A playground as a user starts it."""

    def __init__(self, *arguments: str) -> None:
        command = [sys.executable, "-m", "tasou", "play", "--no-browser", *arguments]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().strip()
        assert self.address, self.process.stderr and self.process.stderr.read()

    def stop(self) -> tuple[int, str]:
        """End it as a terminal does; its exit code and what it said."""
        self.process.send_signal(signal.SIGTERM)
        _, said = self.process.communicate(timeout=10)
        return self.process.returncode, said


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            tmp_path_factory.mktemp("profile"),
            executable_path=BROWSER,
            headless=True,
            args=FLAGS,
            viewport={"width": 1440, "height": 900},
            locale="en-US",
            accept_downloads=True,
        )
        context.set_default_timeout(40_000)
        yield context
        context.close()


@pytest.fixture
def play(browser: Any) -> Iterator[Callable[..., Any]]:
    """Start a playground and open its page: no mistake in the console, no request to anywhere else."""
    servers: list[Server] = []
    pages: list[Any] = []
    said: list[str] = []
    foreign: list[str] = []

    def start(*arguments: str, **size: int) -> Any:
        servers.append(Server(*arguments))
        page = browser.new_page()
        pages.append(page)
        page.server = servers[-1]
        page.set_viewport_size({"width": 1440, "height": 900, **size})
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        own = servers[-1].address.split("#")[0]
        page.on(
            "request",
            lambda request: (
                None if request.url.startswith((own, "blob:", "data:")) else foreign.append(request.url)
            ),
        )
        page.goto(servers[-1].address)
        page.wait_for_selector("html[data-epoch]", state="attached")
        return page

    start.said = said  # type: ignore[attr-defined]
    yield start
    for page in pages:
        page.evaluate("localStorage.clear()")
        page.close()
    for server in servers:
        if server.process.poll() is None:
            code, words = server.stop()
            assert (code, words) == (0, "")
    assert foreign == []
    assert said == []


def picture(page: Any, name: str) -> None:
    """A picture of the page for whoever wants to look."""
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


def complaints(page: Any) -> list[str]:
    """What axe finds on the page as it stands."""
    import axe_playwright_python

    script = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text("utf-8")
    page.evaluate(script)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [f"{v['id']}: {node['target']} {node['any'][:1]}" for v in found for node in v["nodes"]]
