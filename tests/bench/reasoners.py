"""Reasoners side by side on approval graphs: `python -m tests.bench.reasoners --sizes 1k,10k --peers owlrl,sparq`.

Each run is a process of its own. `total` is its wall time, start-up included; the parts are told by the reasoner
where it can tell them. Peers live in an environment of their own (`--environment`, made on first use), never among the
project's dependencies. Figures are medians over `--runs`; the ratio is a peer's reasoning time over ours.
"""

from __future__ import annotations

import argparse
import compileall
import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

from tests.bench.generate import write
from tests.bench.shapes import SHAPES

ROOT = Path(__file__).resolve().parents[2]
PEERS = {"owlrl": "owlrl", "reasonable": "reasonable", "sparq": "sparq-rdf"}
LARGEST = {"owlrl": 10_000, "reasonable": 1_000}  # beyond, a run takes minutes or all memory
LIMIT = 600  # seconds
COLUMNS = ("reasoner", "input", "stated", "derived", "parse", "encode", "load", "reason", "write", "total",
           "triples/s", "MB", "ratio")  # fmt: skip


class FailedRun(Exception):
    """A run that gave no figures."""


def run(reasoner: str, path: Path, python: Path, out: str, memory: str) -> dict[str, float]:
    """One run in a process of its own: seconds, megabytes, triples."""
    if reasoner == "ours":
        command = [sys.executable, str(ROOT / "tests" / "bench" / "ours.py"), str(path), out, memory, str(path.parent)]
    else:
        command = [str(python), str(ROOT / "tests" / "bench" / "peers.py"), reasoner, str(path)]
    # Byte code is kept, as it is for the peers, whose code pip has compiled.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPATH"] = str(ROOT)
    start = time.perf_counter()
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=LIMIT
        )
    except subprocess.TimeoutExpired:
        raise FailedRun(f"more than {LIMIT} s") from None
    total = time.perf_counter() - start
    if done.returncode:
        raise FailedRun(" ".join(done.stderr.strip().splitlines()[-1:]) or f"exit code {done.returncode}")
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return {**found, "total": total}


def peers_python(folder: Path, peers: list[str]) -> Path:
    """The interpreter of the peers' environment, with the peers in it."""
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
    subprocess.run([python, "-m", "pip", "install", "-q", *(PEERS[peer] for peer in peers)], check=True)
    return python


def size_of(text: str) -> int:
    """`10k` to 10,000, `1M` to 1,000,000."""
    factor = {"k": 1000, "m": 1_000_000}.get(text[-1].lower(), 1)
    return int(text.rstrip("kKmM")) * factor


def median(runs: list[dict[str, float]]) -> dict[str, float]:
    """The median of each figure."""
    return {key: statistics.median(each[key] for each in runs) for key in runs[0]}


def row(reasoner: str, name: str, figures: dict[str, float], reason: float | None) -> dict[str, object]:
    """A line of the table; `reason` is our own reasoning time on the same input."""
    spent = figures["load"] + figures["reason"]
    ratio = figures["reason"] / reason if reason else 1.0
    figures = {**figures, "triples/s": figures["stated"] / spent, "ratio": ratio}
    line: dict[str, object] = {"reasoner": reasoner, "input": name}
    for column in COLUMNS[2:]:
        value = figures.get(column)
        whole = column in ("stated", "derived", "triples/s", "MB")
        line[column] = "" if value is None else round(value) if whole else round(value, 3)
    return line


def main() -> None:
    """Parse the command, run everything, print and keep the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1k,10k,100k", help="sizes of approval graphs, like 1k,10M")
    parser.add_argument("--shapes", default="", help=f"other inputs, as shape:size; shapes: {', '.join(SHAPES)}")
    parser.add_argument("--peers", default="", help=f"of {','.join(PEERS)}")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--memory", default="3GB", help="DuckDB's limit, beyond which it spills")
    parser.add_argument("--no-write", action="store_true", help="leave out writing the closure")
    parser.add_argument("--environment", type=Path, default=ROOT / ".bench-venv", help="where the peers are installed")
    parser.add_argument("--keep", type=Path, help="write the table to this folder as csv and json")
    options = parser.parse_args()
    compileall.compile_dir(ROOT / "kg", quiet=1)
    peers = [peer for peer in options.peers.split(",") if peer]
    python = peers_python(options.environment, peers) if peers else Path(sys.executable)
    inputs = [("approvals", size_of(text)) for text in options.sizes.split(",") if text]
    for text in filter(None, options.shapes.split(",")):
        shape, _, size = text.partition(":")
        inputs.append((shape, size_of(size)))
    table: list[dict[str, object]] = []
    print("".join(f"{column:>{18 if column == 'input' else 11}}" for column in COLUMNS))
    for shape, size in inputs:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"{shape}-{size}.nt"
            (write if shape == "approvals" else SHAPES[shape])(size, path)
            out = "" if options.no_write else str(Path(folder) / "out.nt")
            reason: float | None = None
            for reasoner in ["ours", *peers]:
                if size > LARGEST.get(reasoner, size):
                    continue
                times = 1 if reasoner == "owlrl" else options.runs
                try:
                    figures = median([run(reasoner, path, python, out, options.memory) for _ in range(times)])
                except FailedRun as failure:
                    print(f"{reasoner:>12} {path.stem} failed: {failure}", flush=True)
                    continue
                line = row(reasoner, path.stem, figures, reason)
                reason = reason or figures["reason"]
                table.append(line)
                print("".join(f"{line[column]!s:>{18 if column == 'input' else 11}}" for column in COLUMNS), flush=True)
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
        (options.keep / "reasoners.json").write_text(json.dumps(table, indent=1) + "\n")
        with (options.keep / "reasoners.csv").open("w", newline="") as stream:
            writer = csv.DictWriter(stream, COLUMNS)
            writer.writeheader()
            writer.writerows(table)


if __name__ == "__main__":
    main()
