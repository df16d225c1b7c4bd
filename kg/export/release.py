"""sources -> a file in the syntax of its name, or a folder: files, their descriptions and their checksums.

    graph.trig ..    the facts, in each syntax that was asked for
    tables/          a table for each class
    context.jsonld   the words of the JSON-LD
    void.ttl         counts;  dcat.ttl: files, licences, sources (DCAT, PROV);  croissant.json: the same and the columns
    SHA256SUMS       the checksum of each file, as sha256sum -c reads it

Nothing of it holds the hour: the same facts give the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO

import pyoxigraph as ox

from kg.errors import ExportError, did_you_mean
from kg.export import context, croissant, describe, jsonld, syntaxes, tables
from kg.export.canonical import canonical_hash
from kg.export.context import TYPE
from kg.export.describe import SPACES, Distribution
from kg.export.facts import MEMORY, Facts, Progress, facts_of, gather, keep_only
from kg.export.profile import profile_of
from kg.export.tables import Table
from kg.fill import OnReasoning
from kg.names import BASE
from kg.packing import PACKED, packed, plain_name
from kg.sources import FORMATS, files

SYNTAXES = ("ttl", "trig", "nt", "nq", "jsonld", "rdf")
KINDS = (*SYNTAXES, *tables.KINDS)
GRAPH, TABLES, SUMS = "graph", "tables", "SHA256SUMS"
_MEDIA = {
    "ttl": "text/turtle",
    "trig": "application/trig",
    "nt": "application/n-triples",
    "nq": "application/n-quads",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "json": "application/json",
    "gz": "application/gzip",
    "zst": "application/zstd",
}


@dataclass(frozen=True)
class Exported:
    """What was written: the number of facts, and each file with its size and checksum; `canonical` as RDFC-1.0 has it.

    A folder's `canonical` is that of the facts in their graphs; a single file's is "".
    """

    facts: int
    files: tuple[Distribution, ...] = ()
    canonical: str = ""


@dataclass
class _Folder:
    """A folder that is being filled, and what was put into it."""

    path: Path
    progress: Progress
    written: list[Distribution] = field(default_factory=list)

    def add(self, name: str, write: Callable[[Path], None]) -> None:
        path = self.path / name
        if self.progress:
            self.progress(f"writing {name}", 0)
        write(path)
        self.written.append(described(path, name))


def export(
    *sources: Path | str,
    output: Path,
    kinds: Sequence[str] = (),
    derived: bool = False,
    only: Iterable[str] = (),
    base: str = BASE,
    memory: str = MEMORY,
    on_reasoning: OnReasoning = None,
    progress: Progress = None,
) -> Exported:
    """Write what sources state (see `kg.load`), with `derived` also what follows.

    With `kinds` (such as "trig.gz", "csv") a folder is filled with these and their descriptions, which say that they
    are found at `base`; else a file is written in the syntax of its name. `only` names graphs, or the sources of some.
    Raises LoadError, ReasonError and ExportError.
    """
    kinds = [kind.lower().removeprefix(".") for kind in kinds]
    names = list(only)
    _refuse(sources, output, kinds, names, derived)
    quads = gather(*sources, derived=derived, on_reasoning=on_reasoning)
    with facts_of(quads, memory=memory, progress=progress) as facts:
        if names:
            keep_only(facts, names)
        if kinds:
            return _fill(facts, _Folder(output, progress), kinds, base)
        if progress:
            progress(f"writing {output.name}", len(facts))
        write(facts, output)
        return Exported(len(facts), (described(output, output.name),))


def write(facts: Facts, path: Path) -> None:
    """Write facts to a file in the syntax of its name, packed as it says. Raises ExportError and ReasonError."""
    kind = _kind(path.name)
    with packed(path) as stream:
        if kind == "jsonld":
            jsonld.write(facts, stream)
        else:
            syntaxes.write(facts, stream, FORMATS[f".{kind}"])


def described(path: Path, name: str) -> Distribution:
    """Return what a description says of a file."""
    with path.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    plain = plain_name(name)
    packing = _MEDIA[name.rpartition(".")[2].lower()] if plain != name else ""
    return Distribution(name, _MEDIA[plain.rpartition(".")[2].lower()], path.stat().st_size, sha256, packing)


def _fill(facts: Facts, folder: _Folder, kinds: Sequence[str], base: str) -> Exported:
    try:
        (folder.path / TABLES if _tabular(kinds) else folder.path).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ExportError(f"{folder.path}: cannot be made ({error.strerror or error}).") from None
    for kind in kinds:
        if plain_name(kind) in SYNTAXES:
            folder.add(f"{GRAPH}.{kind}", partial(write, facts))
    records: list[tuple[Table, str]] = []
    made = tables.prepare(facts) if _tabular(kinds) else []
    for kind in _tabular(kinds):
        for table in made:
            name = f"{TABLES}/{table.name}.{kind}"
            folder.add(name, partial(tables.write, facts, table))
            records.append((table, name))
    if folder.progress:
        folder.progress("counting", len(facts))
    profile = profile_of(facts, canonical=canonical_hash(facts))
    data = tuple(folder.written)
    folder.add("context.jsonld", _writer(lambda stream: stream.write(_json(context.context(jsonld.schemes(facts))))))
    folder.add("void.ttl", _turtle(describe.void(profile, base, files=data)))
    folder.add("dcat.ttl", _turtle(describe.dcat(profile, base, files=data)))
    # A table is described once: as Parquet, where its lists are lists, if it was written so.
    found = {
        table.name: (table, name) for table, name in sorted(records, key=lambda each: each[1].endswith(".parquet"))
    }
    whole = croissant.croissant(profile, [found[name] for name in sorted(found)], base, files=data)
    folder.add("croissant.json", _writer(lambda stream: stream.write(_json(whole))))
    sums = "".join(f"{file.sha256}  {file.name}\n" for file in sorted(folder.written, key=lambda file: file.name))
    _writer(lambda stream: stream.write(sums.encode()))(folder.path / SUMS)
    return Exported(profile.triples, tuple(folder.written), profile.canonical)


def _json(document: object) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _writer(put: Callable[[IO[bytes]], object]) -> Callable[[Path], None]:
    def write_to(path: Path) -> None:
        with packed(path) as stream:
            put(stream)

    return write_to


def _turtle(triples: Iterable[ox.Triple]) -> Callable[[Path], None]:
    ordered = sorted(set(triples), key=lambda t: (str(t.subject), t.predicate.value != TYPE, str(t)))
    return _writer(lambda stream: ox.serialize(ordered, stream, ox.RdfFormat.TURTLE, prefixes=SPACES))


def _tabular(kinds: Iterable[str]) -> list[str]:
    return [kind for kind in kinds if plain_name(kind) in tables.KINDS]


def _kind(name: str) -> str:
    return plain_name(name).rpartition(".")[2].lower()


def _refuse(sources: Sequence[Path | str], output: Path, kinds: Sequence[str], names: list[str], derived: bool) -> None:
    known = [f"{kind}{ending}" for kind in KINDS for ending in ("", *PACKED) if f"{kind}{ending[:1]}" != "parquet."]
    for kind in kinds:
        if kind not in known:
            raise ExportError(
                f"{kind!r} is no kind of file.{did_you_mean(kind, known)} There is: {', '.join(KINDS)}; all but parquet"
                f" also with {' or '.join(PACKED)}."
            )
    if names and derived:
        raise ExportError("What follows rests on several sources, so it is not exported of one. Leave out --derived.")
    if kinds and output.exists() and not output.is_dir():
        raise ExportError(f"{output}: a file, and --as fills a folder. Name a folder, or leave --as out.")
    if not kinds and (output.is_dir() or _kind(output.name) not in SYNTAXES):
        raise ExportError(
            f"{output}: a file is written in the syntax of its name: .{', .'.join(SYNTAXES)}, also with"
            f" {' or '.join(PACKED)}. For a folder, and for tables, say what to put there: --as trig --as csv."
        )
    found = {path.resolve() for _, path in files(*(sources or ("shipped",)))}
    if not kinds and output.resolve() in found:
        raise ExportError(f"{output}: a source, and it would be overwritten. Write to another file.")
