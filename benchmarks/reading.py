"""What reading a table costs: CPU seconds and peak memory, beside pandas and polars, each in a fresh process.

``python -m benchmarks.reading`` makes the files (a million rows of twenty columns; 2,000 rows of 5,000) in a folder of
its own, or reads the file named behind it.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

import numpy as np

TOWNS = np.array(["東京都", "大阪府", "北海道", "Kyoto", "Nagoya", "福岡", "沖縄", "Sendai"])
READERS = {
    "tasou: read": "from tasou.tables import read; table = read({path!r})",
    "tasou: read and infer": "from tasou.tables import infer, read; infer(read({path!r}), 'y')",
    "pandas": "import pandas; pandas.read_csv({path!r})",
    "polars": "import polars; polars.read_csv({path!r})",
    "csv.reader, no conversion": "import csv; [0 for _ in csv.reader(open({path!r}, encoding='utf-8', newline=''))]",
}
MEASURED = """
import resource, time
{imports}
before = time.process_time()
{code}
used = time.process_time() - before
print(used, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def long(path: Path, rows: int = 1_000_000) -> None:
    """Eighteen columns of numbers, one of towns, and a target of two classes."""
    rng = np.random.default_rng(0)
    kinds = [
        lambda n: rng.integers(0, 100_000, n).astype(str),
        lambda n: np.char.mod("%.3f", rng.normal(0, 100, n)),
        lambda n: rng.integers(0, 30, n).astype(str),
        lambda n: np.char.mod("%.4f", rng.gamma(2, 50, n)),
        lambda n: np.char.mod("%.2f", rng.uniform(0, 1, n)),
    ]
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(",".join([*(f"n{j}" for j in range(18)), "town", "y"]) + "\n")
        for start in range(0, rows, 50_000):
            n = min(50_000, rows - start)
            columns = [kinds[j % 5](n) for j in range(18)]
            columns += [TOWNS[rng.integers(0, len(TOWNS), n)], rng.integers(0, 2, n).astype(str)]
            file.writelines(",".join(row) + "\n" for row in zip(*(c.tolist() for c in columns), strict=True))


def wide(path: Path, rows: int = 2_000, columns: int = 5_000) -> None:
    """Columns of numbers with long names."""
    rng = np.random.default_rng(0)
    names = [f"measurement number {j} of a long list of names" for j in range(columns - 1)]
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(",".join([*names, "y"]) + "\n")
        for i in range(rows):
            cells = np.char.mod("%.3f", rng.normal(size=columns - 1)).tolist()
            file.write(",".join([*cells, str(i % 2)]) + "\n")


def measure(code: str, path: Path, repeats: int = 3) -> tuple[float, float]:
    """(CPU seconds, peak MB) of ``code``, imports left out of the time: the medians of some fresh processes."""
    code = code.format(path=str(path))
    imports = "; ".join(part for part in code.split("; ") if "import " in part)
    program = MEASURED.format(imports=imports, code=code)
    found = []
    for _ in range(repeats):
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        found.append(tuple(map(float, done.stdout.split())))
    return statistics.median(cpu for cpu, _ in found), statistics.median(peak for _, peak in found)


def main(argv: list[str]) -> None:
    """Print a table for each file."""
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(name) for name in argv]
        if not files:
            files = [Path(folder, "1,000,000 x 20.csv"), Path(folder, "2,000 x 5,000.csv")]
            long(files[0])
            wide(files[1])
        for path in files:
            print(f"{path.name} ({path.stat().st_size / 1e6:.0f} MB)")
            for name, code in READERS.items():
                if name in ("pandas", "polars") and find_spec(name) is None:
                    continue
                cpu, peak = measure(code, path)
                print(f"  {name:28} {cpu:7.2f} CPU s {peak:7.0f} MB")


if __name__ == "__main__":
    main(sys.argv[1:])
