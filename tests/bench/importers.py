"""What each importer takes, and that ten times the input takes ten times as long: `python -m tests.bench.importers`.

Each import is a process of its own, over the downloads in ../shared/data or $KG_DOWNLOADS. `read` is the reader alone,
`all` the whole import with matching and writing, without the second it takes to read what the package ships. Ten
times the input: the rows ten times over, with other numbers in them; `empty` dictionaries, for matching a name takes
its time once, however often the name comes.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import re
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from kg.registers import tables
from kg.registers.account import Account
from kg.registers.catalogue import REGISTERS
from kg.registers.conditions import Index, Matcher
from kg.registers.imports import Dictionaries, import_files
from kg.registers.recognise import recognise
from kg.registers.substances import Names, Resolver
from tests.shared import DOWNLOADS


def once(register: str, how: str, paths: Sequence[Path]) -> dict[str, float]:
    """One import, in this process: its rows, seconds, facts and peak memory in MB."""
    account = Account()
    known = Dictionaries(Resolver(Names()), Matcher(Index.from_graph([]))) if how != "all" else Dictionaries.shipped()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    start = time.perf_counter()
    if how == "read":
        for _ in REGISTERS[register].read(paths, account):
            pass
    else:
        with tempfile.TemporaryDirectory() as folder:
            account = import_files(register, paths, Path(folder) / "out.nq", known, date="2026-01-01").account
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"rows": account.read, "seconds": seconds, "facts": account.facts, "peak": peak, "before": before}


def apart(register: str, how: str, paths: Sequence[Path]) -> dict[str, float]:
    """As `once`, in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.importers", "--once", register, how, *map(str, paths)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


# --------------------------------------------------------------------------------------------- ten times the input


def times_ema(paths: Sequence[Path], to: Path, times: int) -> list[Path]:
    """Repeat the rows of the table; other product numbers."""
    (source,) = paths
    with source.open(encoding="utf-8-sig", newline="") as stream:
        header, *rows = csv.reader(stream)
    column = next(at for at, name in enumerate(header) if "product number" in name.lower())
    with (to / "ema.csv").open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(header)
        for turn in range(times):
            for row in rows:
                writer.writerow([f"{cell}-{turn}" if at == column else cell for at, cell in enumerate(row)])
    return [to / "ema.csv"]


def times_drugs_at_fda(paths: Sequence[Path], to: Path, times: int) -> list[Path]:
    """Repeat the rows of the tables of applications; other application numbers."""
    numbers: dict[bytes, int] = {}  # they have six digits, and there are 25 thousand
    with zipfile.ZipFile(paths[0]) as source, zipfile.ZipFile(to / "d.zip", "w", zipfile.ZIP_DEFLATED) as made:
        for member in source.namelist():
            header, *rows = source.read(member).splitlines(keepends=True)
            names = [name.strip() for name in header.split(b"\t")]
            place = names.index(b"ApplNo") if b"ApplNo" in names else None
            with made.open(member, "w") as stream:
                stream.write(header)
                for turn in range(times if place is not None else 1):
                    for row in rows:
                        cells = row.split(b"\t")
                        if place is not None and place < len(cells):
                            known = numbers.setdefault(cells[place].strip().zfill(6), len(numbers))
                            cells[place] = b"%06d" % (known + turn * 90_000)
                        stream.write(b"\t".join(cells))
    return [to / "d.zip"]


def times_health_canada(paths: Sequence[Path], to: Path, times: int) -> list[Path]:
    """Repeat the rows of each table; other drug codes and identification numbers."""
    made = []
    for path in paths:
        made.append(to / path.name)
        with made[-1].open("w", newline="") as stream:
            writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
            for turn in range(times):
                for _, cells in tables.delimited(path.name, partial(tables.opened, path)):
                    row = [str(cell) for cell in cells]
                    if turn and row:
                        row[0] = f"{turn}{row[0].zfill(6)}"
                        if path.name == "drug.txt" and len(row) > 3 and row[3].isdigit():
                            row[3] = f"{int(row[3]) % 10**7 + turn * 10**7:08}"
                    writer.writerow(row)
    return made


def times_ctgov(paths: Sequence[Path], to: Path, times: int) -> list[Path]:
    """Repeat a list of studies; other NCT numbers."""
    text = max(paths, key=lambda path: path.stat().st_size).read_text()
    start, end = text.index("["), text.rindex("]")
    body = text[start + 1 : end]
    with (to / "studies.json").open("w") as stream:
        for turn in range(times):
            stream.write("," if turn else "[")
            stream.write(re.sub(r"NCT\d", f"NCT{turn}", body))
        stream.write("]")
    return [to / "studies.json"]


def times_openfda(paths: Sequence[Path], to: Path, times: int) -> list[Path]:
    """Repeat the results a hundred times as often, for the sample is small; other application numbers."""
    answer = json.loads(paths[0].read_text())
    with (to / "answer.json").open("w") as stream:
        stream.write('{"results": [')
        for turn in range(times * 100):
            for place, result in enumerate(answer["results"]):
                changed = {**result, "application_number": f"NDA{turn * 100 + place:06}"}
                stream.write(("," if turn or place else "") + json.dumps(changed))
        stream.write("]}")
    return [to / "answer.json"]


def times_unii(paths: Sequence[Path], to: Path, times: int) -> list[Path]:
    """Repeat a tenth of the names; other UNIIs."""
    with gzip.open(paths[0], "rt", encoding="utf-8", newline="") as stream, (to / "names.txt").open("w") as made:
        lines = [next(stream) for _ in range(100_000)]
        made.write(lines[0])
        for turn in range(times):
            for line in lines[1:]:
                cells = line.split("\t")
                made.write("\t".join([cells[0], cells[1], f"{turn:02}{cells[2][2:]}", cells[3]]))
    return [to / "names.txt"]


TIMES: dict[str, Callable[[Sequence[Path], Path, int], list[Path]]] = {
    "ema": times_ema,
    "drugs-at-fda": times_drugs_at_fda,
    "health-canada": times_health_canada,
    "ctgov": times_ctgov,
    "openfda": times_openfda,
    "unii": times_unii,
}


def main() -> None:
    """Parse the command, import each download, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--once", nargs="+", metavar=("REGISTER HOW", "FILE"), help="one import in this process")
    parser.add_argument("--registers", nargs="*", default=list(REGISTERS))
    parser.add_argument("--times", type=int, default=10)
    given = parser.parse_args()
    if given.once:
        register, how, *files = given.once
        print(json.dumps(once(register, how, [Path(file) for file in files])))
        return
    found: dict[str, list[Path]] = {}
    for path in sorted(DOWNLOADS.rglob("*")):
        if path.is_file() and (name := recognise(path)):
            found.setdefault(name, []).append(path)
    print("importer        file                                  rows  read s  all s    rows/s  peak MB (before)")
    for register in given.registers:
        paths = found.get(register, [])
        groups = [[path] for path in paths] if REGISTERS[register].one_snapshot == "file" else [paths] if paths else []
        for group in groups:
            read, whole = apart(register, "read", group), apart(register, "all", group)
            name = group[0].name if len(group) == 1 else f"{len(group)} files"
            print(
                f"{register:15} {name[:35]:35} {whole['rows']:>8,.0f} {read['seconds']:>6.2f} {whole['seconds']:>6.2f} "
                f"{whole['rows'] / whole['seconds']:>9,.0f} {whole['peak']:>8.0f} ({whole['before']:.0f})",
                flush=True,
            )
    print(
        f"\nimporter             rows  seconds   peak MB   {given.times} times: rows  seconds   peak MB   time x",
        end="",
    )
    print("  memory x")
    for register, repeat in TIMES.items():
        if register not in given.registers or register not in found:
            continue
        paths = [path for path in found[register] if path.suffix == ".csv"] if register == "ema" else found[register]
        with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as many:
            small = apart(register, "empty", repeat(paths[:5], Path(one), 1))
            large = apart(register, "empty", repeat(paths[:5], Path(many), given.times))
        print(
            f"{register:15} {small['rows']:>9,.0f} {small['seconds']:>8.2f} {small['peak']:>9.0f}        "
            f"{large['rows']:>11,.0f} {large['seconds']:>8.2f} {large['peak']:>9.0f} "
            f"{large['seconds'] / small['seconds']:>8.1f} {large['peak'] / small['peak']:>9.1f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
