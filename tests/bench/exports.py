"""What an export takes, in time and memory, beside the engine's own: `python -m tests.bench.exports --sizes 100k,1m`.

Each is a process of its own, over a generated graph of N-Quads in four named graphs. `gather` reads and sorts the facts
and writes nothing; the others do so and then write. `pyoxigraph` parses the same file and writes it as TriG in the
order it came in, unsorted: the least that any export takes.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyoxigraph as ox

from kg.export.facts import facts_of
from kg.export.release import SYNTAXES, export
from kg.load import read
from tests.bench.generate import lines

GRAPHS = 4
PEERS, TABLES = ("pyoxigraph",), ("csv", "parquet")


def write(size: int, path: Path) -> None:
    """Write a graph of about `size` facts as N-Quads."""
    with path.open("w", encoding="utf-8") as stream:
        for number, line in enumerate(lines(size)):
            stream.write(f"{line} <https://example.org/graph/{number * GRAPHS // size}> .\n")


def once(kind: str, path: Path) -> dict[str, float]:
    """One export, in this process: its facts, seconds, bytes and peak memory in MB."""
    start, facts = time.perf_counter(), 0
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, f"graph.{kind}")
        if kind == "pyoxigraph":
            out = out.with_suffix(".trig")
            ox.serialize(ox.parse(path=path), out, ox.RdfFormat.TRIG)
        elif kind == "gather":
            with facts_of(read(path, "https://example.org/graph/file")) as held:
                facts = len(held)
        elif kind in TABLES:
            facts = export(path, output=Path(folder), kinds=[kind]).facts
        else:
            facts = export(path, output=out).facts
        seconds = time.perf_counter() - start
        written = sum(each.stat().st_size for each in Path(folder).rglob("*") if each.is_file())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"facts": facts, "seconds": seconds, "MB": written / 2**20, "peak": peak}


def main() -> None:
    """Parse the command, run each kind apart, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="100k")
    parser.add_argument("--kinds", default=",".join((*PEERS, "gather", *SYNTAXES, *TABLES)))
    parser.add_argument("--once", nargs=2, metavar=("KIND", "FILE"))
    options = parser.parse_args()
    if options.once:
        print(json.dumps(once(options.once[0], Path(options.once[1]))))
        return
    print("size, kind, seconds, times pyoxigraph, MB written, peak MB")
    for size in options.sizes.split(","):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "graph.nq")
            write(int(size.lower().replace("k", "000").replace("m", "000000")), path)
            base = 0.0
            for kind in options.kinds.split(","):
                command = [sys.executable, "-m", "tests.bench.exports", "--once", kind, str(path)]
                done = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
                base = done["seconds"] if kind in PEERS else base
                ratio = f"{done['seconds'] / base:.1f}" if base else "-"
                print(
                    f"{size}, {kind}, {done['seconds']:.1f}, {ratio}, {done['MB']:.0f}, {done['peak']:.0f}", flush=True
                )


if __name__ == "__main__":
    main()
