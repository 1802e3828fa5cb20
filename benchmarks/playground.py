"""The playground's numbers, measured as somebody sees them: ``python -m benchmarks.playground``.

Needs Chromium and Playwright (scripts/test-browser installs both); what needs no browser is measured without.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
)
WANTED = {
    "first picture, s": ("<=", 1.5),
    "frames/s, 100 x 100 grid": (">=", 50.0),
    "epochs/s shown, 300 points": (">=", 500.0),
    "scrub to any of 10,000 epochs, ms (worst of 60)": ("<=", 150.0),
    "page, kB gzipped": ("<=", 150.0),
    "server, MB": ("<=", 120.0),
    "control, ms (p95), 2-256-256-3 on 200,000 rows": ("<=", 50.0),
    "requests to elsewhere": ("<=", 0.0),
    "recorded page, kB, 500 epochs": ("<=", 600.0),
}
LATEST = """() => new Promise((done) => {
  let frames = 0, last = "", begin = performance.now(), from = Number(document.documentElement.dataset.epoch);
  const look = (now) => {
    const at = document.documentElement.dataset.update;
    if (at !== last) { frames++; last = at; }
    if (now - begin < 5000) return requestAnimationFrame(look);
    const seconds = (now - begin) / 1000;
    done([frames / seconds, (Number(document.documentElement.dataset.epoch) - from) / seconds]);
  };
  requestAnimationFrame(look);
})"""


@contextmanager
def playground(*arguments: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A playground of its own process, and its address."""
    command = [sys.executable, "-m", "tasou", "play", "--no-browser", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip(), process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


def in_the_browser() -> dict[str, float]:
    """What a page shows: the first picture, frames and epochs per second."""
    from playwright.sync_api import sync_playwright

    found: dict[str, float] = {}
    browser = next(filter(None, map(shutil.which, (os.environ.get("CHROMIUM", "chromium"), "google-chrome"))))
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as profile:
        context = playwright.chromium.launch_persistent_context(
            profile, executable_path=browser, args=list(FLAGS), viewport={"width": 1440, "height": 900}
        )
        page = context.new_page()
        foreign: list[str] = []
        begin = time.perf_counter()
        with playground() as (address, process):
            own = address.split("#")[0]
            page.on(
                "request",
                lambda r: None if r.url.startswith((own, "blob:", "data:")) else foreign.append(r.url),
            )
            page.goto(address, wait_until="commit")
            page.wait_for_selector("html[data-update]", state="attached")
            found["first picture, s"] = time.perf_counter() - begin
            page.select_option("#speed", "max")
            page.click("#play")
            page.wait_for_timeout(1000)
            frames, epochs = page.evaluate(LATEST)
            page.click("#play")
            found["frames/s, 100 x 100 grid"], found["epochs/s shown, 300 points"] = frames, epochs
            found["server, MB"] = memory(process.pid)
        found["requests to elsewhere"] = float(len(foreign))
        context.close()
    return found


def memory(pid: int) -> float:
    """Resident memory in MB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def scrubbing() -> dict[str, float]:
    """Jumps to random epochs of a long run, as the session answers them; and the page of a run of 500 epochs."""
    from tasou.play import Session
    from tasou.play.recording import record

    session = Session()
    session.run.forward(500, "epoch")
    size = len(record(session.run).encode()) / 1000
    session.run.forward(9_500, "epoch")
    times = []
    for epoch in np.random.default_rng(0).integers(0, 10_001, 60).tolist():
        begin = time.perf_counter()
        session.seek(epoch=epoch)
        times.append(time.perf_counter() - begin)
    worst = "scrub to any of 10,000 epochs, ms (worst of 60)"
    return {worst: 1000 * max(times), "recorded page, kB, 500 epochs": size}


def page_size() -> dict[str, float]:
    """All files of the page, compressed."""
    from tasou.play.server import page_files

    files = {path: content for path, (content, _) in page_files().items() if path != "/"}
    return {"page, kB gzipped": sum(len(gzip.compress(content)) for content in files.values()) / 1000}


def control() -> dict[str, float]:
    """How soon a command is answered while a large network learns many rows."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.csv"
        rng = np.random.default_rng(0)
        X = rng.normal(size=(200_000, 2)).round(4)
        y = np.hypot(*X.T) // 0.8 % 3
        np.savetxt(
            path,
            np.column_stack([X, y]),
            fmt=["%.4f", "%.4f", "%d"],
            delimiter=",",
            header="a,b,c",
            comments="",
        )
        with playground("--data", str(path), "--target", "c") as (address, _):
            times = asyncio.run(_commands(address))
    return {"control, ms (p95), 2-256-256-3 on 200,000 rows": 1000 * float(np.percentile(times, 95))}


async def _commands(address: str) -> list[float]:
    from websockets.asyncio.client import connect

    own, _, token = address.partition("#")
    times: list[float] = []
    async with connect(own.replace("http", "ws") + "socket", origin=own.rstrip("/"), max_size=None) as socket:  # type: ignore[arg-type]
        await socket.send(json.dumps({"token": token}))
        numbers = iter(range(1_000_000))

        async def ask(cmd: str, **arguments: Any) -> None:
            number = next(numbers)
            await socket.send(json.dumps({"id": number, "cmd": cmd, **arguments}))
            while True:
                message = await socket.recv()
                if isinstance(message, bytes):
                    await socket.send("drawn")
                elif json.loads(message).get("id") == number:
                    return

        await ask("change", changes={"hidden": [256, 256]})
        await ask("play", speed=None)
        for k in range(120):
            if k % 10 == 0:  # as a page does, which does not wait for the answer
                looks = [{"cmd": "calculation", "phase": "forward"}, *[{"cmd": "diagnose"}] * (k % 60 == 0)]
                for look in looks:
                    await socket.send(json.dumps({"id": next(numbers), **look}))
            begin = time.perf_counter()
            await (ask("play", speed=None) if k % 2 else ask("pause"))
            times.append(time.perf_counter() - begin)
            end = time.perf_counter() + 0.05
            while time.perf_counter() < end:  # a page draws meanwhile
                try:
                    message = await asyncio.wait_for(socket.recv(), end - time.perf_counter())
                except TimeoutError:
                    break
                if isinstance(message, bytes):
                    await socket.send("drawn")
        await ask("pause")
    return times


def main() -> int:
    """Measure everything and say what is reached."""
    found = {**page_size(), **scrubbing(), **control()}
    try:
        found |= in_the_browser()
    except (ImportError, StopIteration):
        print("no Chromium or no Playwright here: scripts/test-browser installs both", file=sys.stderr)
    missed = 0
    for name, (relation, bound) in WANTED.items():
        if name in found:
            reached = found[name] <= bound if relation == "<=" else found[name] >= bound
            missed += not reached
            print(
                f"{name:<52}{found[name]:>10.2f}   {relation} {bound:g}   {'reached' if reached else 'MISSED'}"
            )
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
