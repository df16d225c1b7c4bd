"""DuckDB and Spark on the same graphs in one run: time, bytes shuffled, peak memory of each process, the same result.

`python -m tests.bench.spark --sizes 1M,10M --master "local-cluster[2,1,2048]"` runs Spark with two workers, each a
process with one core and 2 GB. The first start of each JVM is in the time. `same` is whether both wrote the same bytes.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kg.spark import close, session
from tests.bench.generate import write
from tests.bench.reasoners import FailedRun, run, size_of

COLUMNS = [
    "engine", "input", "stated", "derived", "seconds", "CPU s", "reason", "shuffle MB", "driver MB", "worker MB",
    "Python MB", "same",
]  # fmt: skip
_KINDS = {
    "CoarseGrainedExecutorBackend": "worker", "SparkSubmit": "driver", "pyspark.daemon": "Python", "ours.py": "duckdb",
}  # fmt: skip
_TICKS = os.sysconf("SC_CLK_TCK")


class Watch:
    """The largest resident set and the processor's time of each process of an engine; sampled, from /proc."""

    def __init__(self) -> None:
        self._seen: dict[int, tuple[str, int, float]] = {}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ended.wait(0.5):
            for folder in Path("/proc").glob("[0-9]*"):
                try:
                    command = (folder / "cmdline").read_text()
                    kind = next((kind for mark, kind in _KINDS.items() if mark in command), "")
                    if kind:
                        status, times = ((folder / name).read_text() for name in ("status", "stat"))
                        user, system = times.rpartition(")")[2].split()[11:13]
                        peak = int(status.partition("VmHWM:")[2].split()[0]) // 1024
                        self._seen[int(folder.name)] = (kind, peak, (int(user) + int(system)) / _TICKS)
                except (OSError, ValueError, IndexError):
                    continue  # it has ended meanwhile

    def peak(self, kind: str) -> int:
        """The largest resident set of a kind of process, in MB."""
        return max((peak for each, peak, _ in self._seen.values() if each == kind), default=0)

    def seconds(self) -> float:
        """The processor's time of all together, which other work on the machine hardly changes."""
        return sum(seconds for *_, seconds in self._seen.values())


def digest(paths: Iterable[Path]) -> str:
    """The SHA-256 of files, one after the other."""
    found = hashlib.sha256()
    for path in paths:
        with path.open("rb") as stream:
            while block := stream.read(1 << 20):
                found.update(block)
    return found.hexdigest()


def by_spark(path: Path, folder: Path, master: str, settings: dict[str, str]) -> dict[str, object]:
    """One closure by Spark, written as parts of N-Triples."""
    start = time.perf_counter()

    def told(step: str, new: int) -> None:
        print(f"    {time.perf_counter() - start:7.0f} s  {step}: {new:,}", file=sys.stderr, flush=True)

    with Watch() as watch, session(master, settings) as spark:
        tables = close(spark, [str(path)], str(folder / "work"), progress=told)
        stated, derived = tables.stated.triples, tables.count_derived()
        contradictions = len(tables.contradictions)
        tables.write(str(folder / "spark.nt"))
        spent = time.perf_counter() - start
        print(f"    {json.dumps({k: round(v, 1) for k, v in tables.timings.items()})}", file=sys.stderr, flush=True)
        context: Any = spark.sparkContext
        executors = context._jsc.sc().statusStore().executorList(False)
        shuffled = sum(executors.apply(at).totalShuffleWrite() for at in range(executors.size()))
    return {
        "stated": stated, "derived": derived, "seconds": spent, "CPU s": watch.seconds(),
        "reason": tables.timings["rounds"], "shuffle MB": shuffled / 1e6, "driver MB": watch.peak("driver"),
        "worker MB": watch.peak("worker"), "Python MB": watch.peak("Python"), "contradictions": contradictions,
        "sha256": digest(sorted((folder / "spark.nt").glob("part-*"))),
    }  # fmt: skip


def by_duckdb(path: Path, folder: Path, memory: str) -> dict[str, object]:
    """One closure by DuckDB, in a process of its own."""
    with Watch() as watch:
        figures = run("ours", path, Path(sys.executable), str(folder / "duckdb.nt"), memory)
    return {
        "stated": round(figures["stated"]), "derived": round(figures["derived"]), "seconds": figures["total"],
        "CPU s": watch.seconds(), "reason": figures["reason"], "driver MB": round(figures["MB"]),
        "sha256": digest([folder / "duckdb.nt"]),
    }  # fmt: skip


def main() -> None:
    """Parse the command, run everything, print and keep the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1M", help="sizes of approval graphs, like 100k,10M")
    parser.add_argument("--master", default="local-cluster[2,1,2048]")
    parser.add_argument("--conf", action="append", default=[], help="a setting of Spark, as KEY=VALUE")
    parser.add_argument("--memory", default="3GB", help="DuckDB's limit, beyond which it spills")
    parser.add_argument("--graphs", type=Path, help="a folder where the graphs are kept for the next run")
    parser.add_argument("--keep", type=Path, help="write the table to this folder as csv and json")
    options = parser.parse_args()
    settings = dict(each.split("=", 1) for each in options.conf)
    table: list[dict[str, object]] = []
    print("".join(f"{column:>14}" for column in COLUMNS))
    for size in map(size_of, options.sizes.split(",")):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            path = (options.graphs or folder) / f"approvals-{size}.nt"
            if not path.exists():
                write(size, path)
            found: dict[str, dict[str, object]] = {}
            for engine in ("duckdb", "spark"):
                print(f"  {engine} {size:,}, load {os.getloadavg()[0]:.1f}", file=sys.stderr, flush=True)
                try:
                    if engine == "duckdb":
                        found[engine] = by_duckdb(path, folder, options.memory)
                    else:
                        found[engine] = by_spark(path, folder, options.master, settings)
                except FailedRun as failure:
                    print(f"{engine:>14} {path.stem} failed: {failure}", flush=True)
            for engine, figures in found.items():
                figures |= {"engine": engine, "input": path.stem}
                figures["same"] = len({each["sha256"] for each in found.values()}) == 1
                table.append(figures)
                shown = [figures.get(column, "") for column in COLUMNS]
                print("".join(f"{f'{x:.1f}' if isinstance(x, float) else x!s:>14}" for x in shown), flush=True)
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
        (options.keep / "spark.json").write_text(json.dumps(table, indent=1) + "\n")
        with (options.keep / "spark.csv").open("w", newline="") as stream:
            writer = csv.DictWriter(stream, COLUMNS, extrasaction="ignore")
            writer.writeheader()
            writer.writerows(table)


if __name__ == "__main__":
    main()
