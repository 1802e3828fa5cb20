"""A served model beside FastAPI around a scikit-learn pipeline: ``python -m benchmarks.serving``.

Both answer one row of customers with the probabilities of a network of the same layers; both run in a process
of their own, asked over loopback by 1 and by 16 connections that wait for their answers, in turns. Then malformed
requests: their statuses, what was printed, and the server's memory. ``--peer PYTHON`` names a Python that has fastapi,
pandas, scikit-learn and uvicorn; with it the figures are written to benchmarks/results and into the guide, without it
tasou is measured alone.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import run as measuring
from tasou.examples import customers
from tasou.models import load as load_model
from tasou.tables import read

CONNECTIONS = (1, 16)
PEER_NAME = "FastAPI, scikit-learn"
SERVERS = ("starlette", "uvicorn", "h11", "httptools", "uvloop")
BEGIN, END = "<!-- served -->", "<!-- /served -->"
SENTENCES = {
    "docs/en/guides/ship.md": "A row is answered without a table being built: {own1:,.0f} requests a second by one "
    "connection, {own16:,.0f} by\n16, {times1:.1f} and {times16:.1f} times as many as FastAPI around a scikit-learn "
    "pipeline with a network of the same layers\n(`benchmarks/results/serving.md` has all figures).",
    "docs/ja/guides/ship.md": "1行なら表を作らずに答えます。接続1本で毎秒 {own1:,.0f} 要求、16本で {own16:,.0f} 要求、"
    "同じ層のネットワークを持つ scikit-learn の\nパイプラインを FastAPI で公開した場合の {times1:.1f} 倍と "
    "{times16:.1f} 倍です（すべての数値は `benchmarks/results/serving.md` にあります）。",
}
PEER = """
import json, socket, sys
import pandas as pd, uvicorn
from fastapi import FastAPI
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

data, target, hidden, columns, dates = sys.argv[1], sys.argv[2], *map(json.loads, sys.argv[3:6])
table = pd.read_csv(data).dropna(subset=[target])
X, y = table[columns].drop(columns=dates), table[target]
numbers = X.select_dtypes("number").columns.tolist()
rest = [name for name in X if name not in numbers]
X[rest] = X[rest].astype(object).where(X[rest].notna(), "missing").astype(str)
prepare = make_column_transformer(
    (make_pipeline(SimpleImputer(), StandardScaler()), numbers), (OneHotEncoder(handle_unknown="ignore"), rest))
model = make_pipeline(prepare, MLPClassifier(hidden, max_iter=30)).fit(X, y)
names = list(X)
app = FastAPI()

@app.post("/predict")
def predict(body: dict):
    rows = pd.DataFrame(body["rows"])[names]
    p = model.predict_proba(rows)
    return {"predictions": [
        {"label": str(model.classes_[row.argmax()]), "probabilities": dict(zip(map(str, model.classes_), row.tolist()))}
        for row in p]}

listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
listening.bind(("127.0.0.1", 0))
listening.listen(256)
print(f"http://127.0.0.1:{listening.getsockname()[1]}", flush=True)
uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False)).run(sockets=[listening])
"""


@contextmanager
def server(command: Sequence[str]) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """A process that prints its address when it is there, and the port."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield int(process.stdout.readline().rpartition(":")[2]), process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


def request(port: int, body: bytes, kind: str = "application/json") -> bytes:
    """The bytes of a request."""
    lines = (f"Host: 127.0.0.1:{port}", f"Content-Type: {kind}", f"Content-Length: {len(body)}")
    return "\r\n".join(("POST /predict HTTP/1.1", *lines, "\r\n")).encode() + body


async def exchange(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, sent: bytes) -> int:
    """Send one request, take the whole answer; its status."""
    writer.write(sent)
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = next(int(line[15:]) for line in head.split(b"\r\n") if line.startswith(b"content-length:"))
    await reader.readexactly(length)
    return int(head[9:12])


async def load(port: int, body: bytes, connections: int, seconds: float) -> tuple[float, float]:
    """(requests/s, 99th percentile of the time of one in ms)."""
    sent, times = request(port, body), []
    end = time.perf_counter() + seconds

    async def one() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        assert await exchange(reader, writer, sent) == 200
        while (begin := time.perf_counter()) < end:
            assert await exchange(reader, writer, sent) == 200
            times.append(time.perf_counter() - begin)
        writer.close()

    begin = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(connections)))
    return len(times) / (time.perf_counter() - begin), 1000 * float(np.quantile(times, 0.99))


def measured(servers: dict[str, int], body: bytes, seconds: float, rounds: int) -> dict[str, Any]:
    """(requests/s, p99) of each server by its port, for each number of connections: medians of runs in turns."""
    found: dict[str, Any] = {name: {n: [] for n in CONNECTIONS} for name in servers}
    for port in servers.values():
        asyncio.run(load(port, body, 4, 0.5))
    for _ in range(rounds):
        for n in CONNECTIONS:
            for name, port in servers.items():
                found[name][n].append(asyncio.run(load(port, body, n, seconds)))
    return {
        name: {str(n): [float(v) for v in np.median(runs, axis=0)] for n, runs in by.items()}
        for name, by in found.items()
    }


def spoilt(stream: random.Random, body: bytes) -> bytes:
    """A body of which some bytes are others, are gone or have come in."""
    data = bytearray(body)
    for _ in range(stream.randrange(1, 5)):
        place = stream.randrange(len(data) + 1)
        data[place : place + stream.randrange(4)] = stream.randbytes(stream.randrange(4))
    return bytes(data)


async def malformed(port: int, body: bytes, number: int, seconds: float) -> Counter[int]:
    """Send spoilt requests; the statuses of the answers, 0 where the connection was closed."""
    found: Counter[int] = Counter()
    end = time.perf_counter() + seconds

    async def one(seed: int) -> None:
        stream, reader, writer = random.Random(seed), None, None
        for _ in range(number // 8):
            if time.perf_counter() > end:
                break
            if writer is None or reader is None:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
            kind = stream.choice(["application/json"] * 6 + ["text/csv", "text/plain"])
            sent = request(port, spoilt(stream, body), kind)
            if stream.random() < 0.02:  # the head, too
                sent = spoilt(stream, sent[: sent.index(b"\r\n\r\n")]) + b"\r\n\r\n"
            try:
                found[await asyncio.wait_for(exchange(reader, writer, sent), 0.5)] += 1
            except (OSError, EOFError, ValueError, StopIteration, RuntimeError, TimeoutError):
                found[0] += 1
                writer.close()
                writer = None

    await asyncio.gather(*(one(seed) for seed in range(8)))
    return found


def memory(pid: int) -> float:
    """Resident memory in MB."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def trial(
    port: int, process: subprocess.Popen[str], body: bytes, given: argparse.Namespace
) -> dict[str, Any]:
    """Malformed requests, then the end of the server."""
    asyncio.run(malformed(port, body, 2000, 20))
    before, begin = memory(process.pid), time.perf_counter()
    found = asyncio.run(malformed(port, body, given.malformed, given.malformed_seconds))
    took, after = time.perf_counter() - begin, memory(process.pid)
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=20)
    return {
        "requests": sum(found.values()),
        "seconds": took,
        "statuses": {str(status): number for status, number in sorted(found.items())},
        "memory": [before, after],
        "printed": (out + err).strip()[:500],
        "code": process.returncode,
    }


def versions(python: str, names: Sequence[str]) -> dict[str, str]:
    """What of these is installed there."""
    asked = (
        "import importlib.metadata as m, json, sys\n"
        "found = {}\n"
        "for name in sys.argv[1:]:\n"
        "    try: found[name] = m.version(name)\n"
        "    except m.PackageNotFoundError: pass\n"
        "print(json.dumps(found))"
    )
    run = subprocess.run([python, "-c", asked, *names], capture_output=True, text=True, check=True)
    found: dict[str, str] = json.loads(run.stdout)
    return found


def text(results: dict[str, Any]) -> str:
    """The report."""
    machine, tried = results["machine"], results["malformed"]
    lines = [
        "# Load",
        "",
        f"{machine['processor']}, {machine['cores']} cores, Python {machine['python']}; load at the start "
        f"{machine['load']:.1f}. Written by `python -m benchmarks.serving --peer PYTHON`: one row of customers, "
        "answered with probabilities over loopback, by a network of the same layers; medians of "
        f"{results['rounds']} runs of {results['seconds']:g} s, in turns.",
        "",
        "| | connections | requests/s | p99, ms | × |",
        "|---|---:|---:|---:|---:|",
    ]
    for n in map(str, CONNECTIONS):
        peer = results["rates"].get(PEER_NAME, {}).get(n)
        for name, by in results["rates"].items():
            ratio = f"{by[n][0] / peer[0]:.1f}" if peer else "–"
            lines.append(f"| {name} | {n} | {by[n][0]:,.0f} | {by[n][1]:.2f} | {ratio} |")
    lines += ["", *(f"{name}: {_listed(found)}." for name, found in results["versions"].items())]
    before, after = tried["memory"]
    statuses = ", ".join(f"{n:,} × {status}" for status, n in tried["statuses"].items())
    printed = tried["printed"] or "nothing"
    lines += [
        "",
        f"{tried['requests']:,} malformed requests in {tried['seconds']:.0f} s were answered {statuses} (0: the "
        f"connection was closed); the server printed {printed}, its memory was {before:.1f} MB before and "
        f"{after:.1f} MB after, and on SIGTERM it ended with exit code {tried['code']}.",
    ]
    return "\n".join(lines) + "\n"


def _listed(found: dict[str, str]) -> str:
    return ", ".join(f"{name} {version}" for name, version in found.items())


def sentence(results: dict[str, Any], page: str) -> str:
    """What the guide says of the figures."""
    own, peer = (results["rates"][name] for name in ("tasou serve", PEER_NAME))
    figures = {f"own{n}": own[str(n)][0] for n in CONNECTIONS}
    times = {f"times{n}": own[str(n)][0] / peer[str(n)][0] for n in CONNECTIONS}
    return SENTENCES[page].format(**figures, **times)


def weave(results: dict[str, Any], root: Path) -> None:
    """Put the figures between the marks of the guide, in both languages."""
    for page in SENTENCES:
        woven = "\n".join([BEGIN, sentence(results, page), END])
        before = (root / page).read_text(encoding="utf-8")
        after, found = re.subn(f"{BEGIN}.*?{END}", lambda _, woven=woven: woven, before, flags=re.S)
        if not found:
            raise SystemExit(f"{page} has no marks {BEGIN} … {END}")
        (root / page).write_text(after, encoding="utf-8")


def main() -> None:
    """Measure, print, and write where there is a peer."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.serving", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("--peer", help="a Python with fastapi, pandas, scikit-learn, uvicorn")
    parser.add_argument("--seconds", type=float, default=3.0, help="of each run (default 3)")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each (default 3)")
    parser.add_argument("--malformed", type=int, default=100_000, help="requests (default 100000)")
    parser.add_argument("--malformed-seconds", type=float, default=120.0, help="at most (default 120)")
    given = parser.parse_args()
    machine = measuring.machine()
    tasou = [sys.executable, "-m", "tasou"]
    with tempfile.TemporaryDirectory() as folder, ExitStack() as running:
        data, path = f"{folder}/customers.csv", f"{folder}/customers.tasou"
        subprocess.run([*tasou, "example", "customers", "-o", data], check=True, stdout=subprocess.DEVNULL)
        subprocess.run(
            [*tasou, "train", data, "--target", customers.target, "-o", path, "--quiet"], check=True
        )
        model = load_model(path)
        body, steps = json.dumps({"rows": [row_of(model, data)]}).encode(), model.preparation.steps
        port, process = running.enter_context(server([*tasou, "serve", path, "--port", "0"]))
        servers = {"tasou serve": port}
        found = {"tasou serve": versions(sys.executable, ("tasou", *SERVERS))}
        if given.peer:
            hidden, dates = (
                list(model.network.sizes[1:-1]),
                [s.column for s in steps if s.cell.kind == "date"],
            )
            told = map(json.dumps, (hidden, model.preparation.columns, dates))
            command = [given.peer, "-c", PEER, data, customers.target, *told]
            servers[PEER_NAME] = running.enter_context(server(command))[0]
            found[PEER_NAME] = versions(given.peer, ("fastapi", "scikit-learn", "pandas", *SERVERS))
        results = {
            "machine": machine, "versions": found, "rounds": given.rounds, "seconds": given.seconds,
            "rates": measured(servers, body, given.seconds, given.rounds),
            "malformed": trial(port, process, body, given),
        }  # fmt: skip
    print(text(results))
    if given.peer:
        root = Path(__file__).parents[1]
        folder = root / "benchmarks" / "results"
        (folder / "serving.md").write_text(text(results), encoding="utf-8")
        (folder / "serving.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
        weave(results, root)


def row_of(model: Any, data: str) -> dict[str, Any]:
    """The first row as JSON."""
    table = read(data)
    row: dict[str, Any] = {name: str(table[name][0]) for name in model.preparation.columns}
    for step in model.preparation.steps:
        if step.cell.kind == "number":
            row[step.column] = float(row[step.column]) if row[step.column] else None
    return row


if __name__ == "__main__":
    main()
