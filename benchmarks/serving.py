"""A served model beside FastAPI around a scikit-learn pipeline: ``python -m benchmarks.serving``.

Both answer one row of customers with the probabilities of a network of the same layers; both run in a process
of their own, asked over loopback by 1 and by 16 connections that wait for their answers. Then malformed requests: their
statuses, what was printed, and the server's memory. ``--peer PYTHON`` names a Python that has fastapi, pandas,
scikit-learn and uvicorn; without it tasou is measured alone.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

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


def measured(name: str, port: int, body: bytes, seconds: float) -> dict[int, float]:
    """Print a row for each number of connections; the rates."""
    asyncio.run(load(port, body, 4, 0.5))
    found = {}
    for connections in (1, 16):
        found[connections], p99 = asyncio.run(load(port, body, connections, seconds))
        print(
            f"{name:28}{connections:4} connections{found[connections]:9.0f} requests/s{p99:9.2f} ms p99",
            flush=True,
        )
    return found


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


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.serving", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("--peer", help="a Python with fastapi, pandas, scikit-learn, uvicorn")
    parser.add_argument("--seconds", type=float, default=4.0, help="of each measurement (default 4)")
    parser.add_argument("--malformed", type=int, default=100_000, help="requests (default 100000)")
    parser.add_argument("--malformed-seconds", type=float, default=90.0, help="at most (default 90)")
    given = parser.parse_args()
    tasou = [sys.executable, "-m", "tasou"]
    with tempfile.TemporaryDirectory() as folder:
        data, path = f"{folder}/customers.csv", f"{folder}/customers.tasou"
        subprocess.run([*tasou, "example", "customers", "-o", data], check=True, stdout=subprocess.DEVNULL)
        from tasou.examples import customers
        from tasou.models import load as load_model

        target = customers.target
        subprocess.run([*tasou, "train", data, "--target", target, "-o", path, "--quiet"], check=True)
        model = load_model(path)
        from tasou.tables import read

        table = read(data)
        row = {name: str(table[name][0]) for name in model.preparation.columns}
        for step in model.preparation.steps:
            if step.cell.kind == "number":
                row[step.column] = float(row[step.column]) if row[step.column] else None
        body = json.dumps({"rows": [row]}).encode()
        with server([*tasou, "serve", path, "--port", "0"]) as (port, process):
            rates = measured("tasou serve", port, body, given.seconds)
            asyncio.run(malformed(port, body, 2000, 20))
            before = memory(process.pid)
            begin = time.perf_counter()
            found = asyncio.run(malformed(port, body, given.malformed, given.malformed_seconds))
            took, after = time.perf_counter() - begin, memory(process.pid)
            print(
                f"malformed: {sum(found.values()):,} in {took:.0f} s, statuses {dict(sorted(found.items()))}"
            )
            print(f"memory before {before:.1f} MB, after {after:.1f} MB")
            process.send_signal(signal.SIGTERM)
            out, err = process.communicate(timeout=20)
            print(
                f"printed meanwhile: {(out + err).strip()[:500] or 'nothing'}; exit code {process.returncode}"
            )
        if given.peer:
            hidden = list(model.network.sizes[1:-1])
            dates = [step.column for step in model.preparation.steps if step.cell.kind == "date"]
            told = map(json.dumps, (hidden, model.preparation.columns, dates))
            with server([given.peer, "-c", PEER, data, target, *told]) as (port, _):
                peer = measured("FastAPI, scikit-learn", port, body, given.seconds)
            print(", ".join(f"{rates[n] / peer[n]:.1f} x at {n}" for n in peer))


if __name__ == "__main__":
    main()
