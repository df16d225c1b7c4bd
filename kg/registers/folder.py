"""A folder of downloads becomes a folder of facts, dictionaries first: `kg import all`, and what the package ships."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from kg.errors import ImportFault
from kg.registers import imports, resume, snapshot, tables, writing
from kg.registers.catalogue import REGISTERS, Register
from kg.registers.conditions import Index, Matcher
from kg.registers.imports import Dictionaries, Imported, Progress
from kg.registers.recognise import recognise
from kg.registers.substances import Names, Resolver, sssom

MANIFEST = "manifest.csv"
DATES = "MANIFEST.tsv"
"""A table in a folder of downloads (path, snapshot_date) that dates the files whose names do not."""


def import_folder(
    folder: Path,
    output: Path,
    *,
    newest: bool = False,
    concise: bool = False,
    without: Sequence[str] = (),
    progress: Progress | None = None,
) -> list[Imported]:
    """Import each snapshot found in a folder, at any depth; with `newest`, only the newest of each register.

    Writes a graph for each snapshot, the substances and conditions that they name, the tables of how names were
    matched, and a manifest. Registers named in `without` are left out. `concise` is told in `import_files`. What an
    earlier run wrote from the same files, in the same way and with the same version, stays if it is whole. Raises
    ImportFault.
    """
    found = _found(folder)
    taken = [
        (source, paths, date)
        for source in REGISTERS.values()
        if source.name not in without
        for paths, date in _snapshots(source, found.get(source.name, []), _dates(folder), newest)
    ]
    if not taken:
        raise ImportFault(f"{folder}: no file of a known register. Known: {', '.join(REGISTERS)}.")
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImportFault(f"{output}: cannot be made ({error.strerror or error}).") from None
    taken.sort(key=lambda each: each[0].dictionary)
    snapshots = [snapshot.of(source.name, paths, date, source.licence_of(paths)) for source, paths, date in taken]
    outputs = [output / f"{each.key}.ttl.gz" for each in snapshots]
    names = [*(each.files for each in snapshots if REGISTERS[each.register].dictionary)] or [_shipped_files()]
    marks = [
        resume.mark(each, concise, names, snapshots if REGISTERS[each.register].dictionary else "")
        for each in snapshots
    ]
    ledger = resume.Ledger(output)
    whole = [ledger.whole(*each) for each in zip(outputs, marks, snapshots, strict=True)]
    known = Dictionaries(Resolver(Names()), Matcher(Index.from_graph([])))
    if not all(whole):
        known = _dictionaries(found, progress)
    done = []
    for (source, paths, date), target, mark, kept in zip(taken, outputs, marks, whole, strict=True):
        if kept:
            ledger.restore(target, known)
            done.append(kept)
            continue
        before = resume.counts(known)
        terse = concise or source.dictionary
        done.append(
            imports.import_files(source.name, paths, target, known, date=date, concise=terse, progress=progress)
        )
        ledger.add(done[-1], mark, known, before)
    writing.write_text(output / "substances.sssom.tsv.gz", writing.tsv(sssom(known.substances.matches.values())))
    writing.write_text(output / MANIFEST, [_manifest(done)])
    return done


def _shipped_files() -> tuple[tuple[str, str], ...]:
    """Return what names are matched against where the folder has no dictionaries."""
    return tuple((path.name, snapshot.sha256_of(path)) for path in imports.shipped_dictionaries())


def _found(folder: Path) -> dict[str, list[Path]]:
    if not folder.is_dir():
        raise ImportFault(f"{folder}: no such folder.")
    found = defaultdict(list)
    for path in sorted(folder.rglob("*")):
        if path.is_file() and (name := recognise(path)):
            found[name].append(path)
    return found


def _snapshots(
    source: Register, paths: list[Path], dates: Mapping[Path, str], newest: bool
) -> list[tuple[list[Path], str]]:
    """Tell which files make a snapshot together, and its date."""
    groups: dict[object, list[Path]] = defaultdict(list)
    for path in paths:
        groups[{"file": path, "folder": path.parent, "all": None}[source.one_snapshot]].append(path)
    dated: dict[str, list[Path]] = defaultdict(list)
    for group in groups.values():
        dated[imports.dated(source, group, _date_of(group, dates))] += group  # of one day: one snapshot
    latest = max(dated, default="")
    return [(group, date) for date, group in dated.items() if date == latest or not newest]


def _date_of(paths: Iterable[Path], dates: Mapping[Path, str]) -> str | None:
    return max((dates[path.resolve()] for path in paths if path.resolve() in dates), default=None)


def _dates(folder: Path) -> dict[Path, str]:
    """Read the dates of files from the folder's own table, if it has one."""
    table = folder / DATES
    if not table.is_file():
        return {}
    known = tables.columns(required={"path": ["path"], "date": ["snapshot_date"]}, optional={})
    rows = tables.read(table, known, delimiter="\t", quoting=False)
    begun = ((row["path"], row["date"].partition(" ")[0]) for row in rows)  # "2025-10 to 12", "2025 (covers 2024)"
    return {(folder / path).resolve(): date for path, date in begun if snapshot.is_date(date)}


def _dictionaries(found: Mapping[str, list[Path]], progress: Progress | None) -> Dictionaries:
    if progress:
        progress("names of substances", 0)
    names = [Names.from_unii(path) for path in found.get("unii", [])]
    if progress:
        progress("names of conditions", 0)
    diseases = found.get("disease", [])
    index = Index.build(
        mappings=[path for path in diseases if ".tsv" in path.name],
        ontologies=[path for path in diseases if ".tsv" not in path.name],
    )
    shipped = Dictionaries.shipped()
    return Dictionaries(
        Resolver(*names) if names else shipped.substances, Matcher(index) if len(index) else shipped.conditions
    )


def _manifest(done: Iterable[Imported]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("graph", "register", "snapshot", "licence", "file", "sha256", "read", "used", "rejected", "facts"))
    for imported in done:
        account, taken = imported.account, imported.snapshot
        for name, sha256 in taken.files:
            counts = (account.read, account.used, len(account.rejections), account.facts)
            writer.writerow((imported.output.name, taken.register, taken.date, taken.licence, name, sha256, *counts))
    return text.getvalue()
