"""`kg build` beside Oxigraph's own loader, and the stored questions on stores of two sizes.

`python -m tests.bench.builds 100000 1000000` copies the hand-written facts up to these sizes (see copies.py), and for
each builds, in turn and in processes of their own:

    kg, stated     kg build --stated: each fact in the default graph and in its file's
    oxigraph       oxigraph load, to the default graph alone: half of that
    oxigraph, both oxigraph load to the default graph, then to a named one, and optimize: the same quads as kg
    kg, closure    kg build: what follows too; the seconds of each step are told on standard error

Prints seconds, processor seconds, quads a second, peak memory and size on disk; `ratio` is our rate over that of
`oxigraph, both`. Then every stored question is asked of each closure with its examples, in a process of its own and
without the answers that were kept, but for those to questions without parameters, which a build has: seconds of
processor, rows, and how much longer it takes in the larger store.
`--keep DIR` leaves files and stores there, and takes those it finds.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from kg import questions
from tests.bench import copies
from tests.servers import OXIGRAPH

GRAPH = "https://w3id.org/drug-approvals/graph/facts"
BUILDS = ("size", "what", "seconds", "CPU", "quads/s", "peak MB", "disk MB", "ratio")
_ASK = """
import json, os, sys
from kg import ask, open_built, questions
from kg.errors import KgError
from kg.store import Store
store = open_built(sys.argv[1])
if questions.question(sys.argv[2]).params:
    store = Store(store.quads)  # in no folder, so no answers are kept
before = os.times()
try:
    found = len(ask(sys.argv[2], store, **json.loads(sys.argv[3])))
except KgError as error:
    found = str(error)
after = os.times()
print(json.dumps([after.user + after.system - before.user - before.system, found]))
"""


def run(*commands: Sequence[Path | str]) -> tuple[float, float, float]:
    """Run commands one after the other; return seconds, processor seconds, and the most MB that one of them held."""
    start, spent, peak = time.perf_counter(), 0.0, 0.0
    for command in commands:
        process = subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0, command
        spent, peak = spent + used.ru_utime + used.ru_stime, max(peak, used.ru_maxrss / 1024)
    return time.perf_counter() - start, spent, peak


def measured(size: int, what: str, store: Path, quads: int, *commands: Sequence[Path | str]) -> dict[str, object]:
    """Run commands that fill a store; return a row of BUILDS without its ratio."""
    shutil.rmtree(store, ignore_errors=True)
    seconds, spent, peak = run(*commands)
    disk = sum(path.stat().st_size for path in store.rglob("*") if path.is_file()) / 1e6
    values = (size, what, round(seconds, 1), round(spent, 1), int(quads / seconds), int(peak), int(disk), "")
    return dict(zip(BUILDS, values, strict=True))


def built(size: int, folder: Path) -> list[dict[str, object]]:
    """Build each store of a size; return the rows."""
    facts = folder / f"facts{size}.nt"
    if not facts.exists():
        copies.write(size, facts)
    kg: list[Path | str] = [sys.executable, "-m", "kg", "build", "-g", facts, "-g", "shipped/reference", "--store"]
    load: list[Path | str] = [OXIGRAPH, "load", "--file", facts, "--location"]
    ours, one, both = folder / f"stated{size}", folder / f"one{size}", folder / f"both{size}"
    order: list[Path | str] = [OXIGRAPH, "optimize", "--location", both]
    rows = [
        measured(size, "kg, stated", ours, 2 * size, [*kg, ours, "--stated"]),
        measured(size, "oxigraph", one, size, [*load, one]),
        measured(size, "oxigraph, both", both, 2 * size, [*load, both], [*load, both, "--graph", GRAPH], order),
    ]
    rows[0]["ratio"] = f"{float(str(rows[2]['seconds'])) / float(str(rows[0]['seconds'])):.2f}"
    for store in (ours, one, both):
        shutil.rmtree(store)
    if not (closure := folder / f"closure{size}").exists():
        rows.append(measured(size, "kg, closure", closure, 2 * size, [*kg, closure]))
    return rows


def asked(name: str, store: Path, limit: float) -> tuple[float, object]:
    """Ask a question with its examples; return processor seconds and the number of rows, or what was said."""
    values = json.dumps({param.name: param.example for param in questions.question(name).params})
    command = [sys.executable, "-c", _ASK, str(store), name, values]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=limit)
    except subprocess.TimeoutExpired:
        return limit, f"no answer in {limit:g} s"
    spent, found = json.loads(done.stdout)
    return float(spent), found


def main() -> None:
    """Parse the command, build, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", type=int, nargs="+")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--limit", type=float, default=120, help="seconds that a question may take")
    parser.add_argument("--only", choices=("builds", "questions"))
    given = parser.parse_args()
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="kg-builds-") as made:
        folder = given.keep or Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        if given.only != "questions":
            table = csv.DictWriter(sys.stdout, BUILDS)
            table.writeheader()
            for size in given.sizes:
                table.writerows(built(size, folder))
                sys.stdout.flush()
        if given.only != "builds":
            lines = csv.writer(sys.stdout)
            lines.writerow(
                ("question", *(f"{what} {size}" for size in given.sizes for what in ("CPU s", "rows")), "times")
            )
            for name in questions.names():
                found = [asked(name, folder / f"closure{size}", given.limit) for size in given.sizes]
                longer = f"{found[-1][0] / max(found[0][0], 0.01):.1f}"
                lines.writerow((name, *(cell for spent, count in found for cell in (f"{spent:.2f}", count)), longer))
                sys.stdout.flush()


if __name__ == "__main__":
    main()
