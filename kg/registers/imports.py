"""A download becomes a file of facts: `kg import`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kg import places
from kg.errors import ImportFault
from kg.load import read
from kg.registers import snapshot, writing
from kg.registers.account import Account
from kg.registers.catalogue import Context, Register, register
from kg.registers.conditions import Index, Matcher
from kg.registers.records import Record
from kg.registers.shelf import Shelf
from kg.registers.snapshot import Snapshot
from kg.registers.substances import Names, Resolver, sssom
from kg.sources import FORMATS, files

Progress = Callable[[str, int], None]
"""Is told what is read, and how many rows of it have been read so far."""
EVERY = 2_000


@dataclass(frozen=True)
class Dictionaries:
    """What names are matched against: the substances and the conditions that are known."""

    substances: Resolver
    conditions: Matcher

    @classmethod
    def shipped(cls, names: Iterable[Path] = (), concepts: Iterable[Path] = ()) -> Dictionaries:
        """Return what the package knows, and what the files add. Raises ImportFault and LoadError."""
        return cls.of(shipped_dictionaries(), names, concepts)

    @classmethod
    def of(cls, shipped: Iterable[Path], names: Iterable[Path], concepts: Iterable[Path]) -> Dictionaries:
        """Return what the files tell; the names of substances in `shipped` come first. Raises as `shipped` does."""
        known = list(_quads(shipped))
        further = [Names.from_graph(_quads([path])) if _is_rdf(path) else Names.from_unii(path) for path in names]
        index = Index.from_graph([*known, *_quads(concepts)])
        return cls(Resolver(Names.from_graph(known), *further), Matcher(index))


def shipped_dictionaries() -> list[Path]:
    """Return the files of the names that the package knows."""
    return sorted([*places.REGISTERS.glob("unii-*.ttl.gz"), *places.REGISTERS.glob("disease-*.ttl.gz")])


def _is_rdf(path: Path) -> bool:
    return any(path.name.lower().removesuffix(".gz").endswith(ending) for ending in FORMATS)


def _quads(paths: Iterable[Path]) -> Iterator[ox.Quad]:
    found = list(paths)
    return (quad for name, path in (files(*found, vocabulary=False) if found else ()) for quad in read(path, name))


@dataclass(frozen=True)
class Imported:
    """What an import did."""

    snapshot: Snapshot
    account: Account
    output: Path
    seconds: float | None
    """How long it took; None if an earlier run did it."""
    address: str = ""
    """Where the output is if Spark wrote it, as the user named it."""

    def summary(self) -> str:
        """Return the account in one sentence."""
        account = self.account
        if self.seconds is None:
            return f"{self.snapshot.key}: whole already for the same files, not imported again; {self.output}"
        return (
            f"{self.snapshot.key}: {account.read:,} rows read, {account.used:,} used, {len(account.rejections):,} "
            f"rejected; {account.facts:,} facts in {self.address or self.output} ({self.seconds:.1f} s)"
        )


def refuse(name: str, paths: Sequence[Path], outputs: Sequence[Path]) -> None:
    """Raise ImportFault for what cannot be imported, and for files that cannot be written, before any work is done."""
    register(name)
    for path in outputs:
        if any(path.exists() and given.exists() and path.samefile(given) for given in paths):
            raise ImportFault(f"{path}: what is read would be written over. Name another file to write.")
        if not path.resolve().parent.is_dir():
            raise ImportFault(f"{path}: cannot be written (there is no folder {path.resolve().parent}).")


def import_files(
    name: str,
    paths: Sequence[Path],
    output: Path | None,
    dictionaries: Dictionaries,
    *,
    date: str | None = None,
    with_text: bool = False,
    concise: bool = False,
    report: Path | None = None,
    matches: Path | None = None,
    progress: Progress | None = None,
) -> Imported:
    """Write what the files of one snapshot of a register say as RDF; the default file is `<register>-<date>.ttl`.

    Rows that could not be used are written to `report`, by default beside the output, if there are any. `concise`
    leaves out generics after the first of their substance, and of a dictionary what no register names. Files are
    replaced as a whole or not at all. Raises ImportFault when a file cannot be read as the register's.
    """
    started = time.perf_counter()
    source = register(name)
    taken = snapshot.of(name, paths, dated(source, paths, date), source.licence_of(paths))
    output = output or Path(f"{taken.key}.ttl")
    graph = writing.graph_of(output)
    account = Account(paths[0].name if len(paths) == 1 and not paths[0].is_dir() else "")
    context = Context(dictionaries.substances, dictionaries.conditions, account, with_text, only_named=concise)
    facts = source.facts(context)

    def triples() -> Iterator[ox.Triple]:
        yield from writing.head(source, taken, graph)
        records = _watched(source.read(paths, account), name, account, progress)
        for record in first_generics(records, dictionaries.substances, account) if concise else records:
            yield from facts(record)
        refuse_none(account, paths)

    writing.write(output, graph, triples(), account)
    write_report(account, report, writing.beside(output, ".rejected.csv"))
    if matches:
        writing.write_text(matches, writing.tsv(sssom(dictionaries.substances.matches.values())))
    return Imported(taken, account, output, time.perf_counter() - started)


def refuse_none(account: Account, paths: Iterable[object]) -> None:
    """Raise ImportFault if no row was used."""
    if not account.used:
        reasons = "; ".join(f"{count:,} rows: {reason}" for reason, count in account.by_reason.most_common(5))
        raise ImportFault(f"{', '.join(map(str, paths))}: no row could be used. {reasons}")


def write_report(account: Account, report: Path | None, beside: Path | None) -> None:
    """Write the rows that were not used to `report`, or `beside` the output if there are any."""
    assert account.balanced, f"{account.read} read, {account.used} used, {len(account.rejections)} rejected"
    target = report or beside
    if target and (account.rejections or account.remarks or report):
        writing.write_text(target, account.report())
    elif target:
        target.unlink(missing_ok=True)  # what an earlier import of it rejected


def dated(source: Register, paths: Sequence[Path], date: str | None) -> str:
    """Return the date of a snapshot: as given, as the files or their names tell, or that of the newest event in them.

    Raises ImportFault when there is none of these.
    """

    def newest() -> str | None:
        return newest_event(source.read(paths, Account()))

    return date_of(paths, date, lambda: source.snapshot_date(paths), newest)


Tell = Callable[[], str | None]


def date_of(paths: Sequence[Path], given: str | None, told: Tell, newest: Tell) -> str:
    """Return the first that there is: what is given, what the files tell, or their names, or the newest event."""
    if given:
        return snapshot.checked_date(given)
    if found := told() or snapshot.date_in_name(paths) or newest():
        return found
    shown = ", ".join(path.name for path in paths)
    raise ImportFault(f"{shown}: the file does not tell when it was downloaded. Say so: --date 2025-07-15")


def newest_event(records: Iterable[Any]) -> str | None:
    """Return the day of the newest event of records: a download is not older than that."""
    days = (event.date.last_day for record in records for event in getattr(record, "events", ()) if event.date)
    return max(days, default=None)


def first_generics(records: Iterable[Any], substances: Resolver, account: Account) -> Iterator[Any]:
    """Leave out generics after the first of their substance: they tell nothing of what was approved first."""
    kept: Shelf[tuple[int, Record, str]] = Shelf()
    first: dict[str, tuple[str, int]] = {}
    for number, record in enumerate(records):
        if not isinstance(record, Record):
            yield record  # no approval
            continue
        substance = ""
        if record.events and record.product and all(event.application_type == "generic" for event in record.events):
            substance = substances.resolve(record.product.substance, record.product.components or None).key
            day = min((event.date.last_day for event in record.events if event.date), default="9999")
            first[substance] = min(first.get(substance, (day, number)), (day, number))
        kept.put(str(number), (number, record, substance))
    for number, record, substance in kept.values():
        if substance and first[substance][1] != number:
            account.remark("", record.locator, "a generic after the first of its substance: not written")
        else:
            yield record


def _watched(records: Iterable[Any], name: str, account: Account, progress: Progress | None) -> Iterator[Any]:
    """Pass records on, and tell how far the reader is."""
    told = 0
    for record in records:
        if progress and account.read - told >= EVERY:
            told = account.read
            progress(name, told)
        yield record
