"""facts -> a file: one named graph for a snapshot, with its source at the head; the same input gives the same bytes."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any, cast

import pyoxigraph as ox

from kg.errors import ImportFault
from kg.names import BASE, PREFIXES
from kg.reason import replacing
from kg.registers.account import Account
from kg.registers.catalogue import Register
from kg.registers.snapshot import Snapshot
from kg.registers.terms import LABEL, A, english, iri, term, typed
from kg.sources import FORMATS


def head(register: Register, snapshot: Snapshot, graph: ox.NamedNode) -> Iterator[ox.Triple]:
    """Yield what is said of the graph, its source and what the source is complete for."""
    source = iri("source", snapshot.key)
    yield ox.Triple(graph, term("prov:wasDerivedFrom"), source)
    yield from _licence(graph, snapshot.licence)
    yield ox.Triple(source, A, term("kg:RegisterSnapshot"))
    yield ox.Triple(source, LABEL, english(f"{register.title}, {snapshot.date}"))
    if register.publisher:
        yield ox.Triple(source, term("dcterms:publisher"), iri("agency", register.publisher))
    yield from _licence(source, snapshot.licence)
    datatype = {4: "gYear", 7: "gYearMonth", 10: "date"}[len(snapshot.date)]
    yield ox.Triple(source, term("dcterms:issued"), typed(snapshot.date, datatype))
    for name, sha256 in snapshot.files:
        yield ox.Triple(source, term("kg:checksum"), ox.Literal(f"sha256:{sha256} {name}"))
    if register.coverage:
        statement = iri("coverage", snapshot.key)
        yield ox.Triple(statement, A, term("kg:CoverageStatement"))
        yield ox.Triple(statement, LABEL, english(register.coverage.label))
        yield ox.Triple(statement, term("kg:coversJurisdiction"), iri("jurisdiction", register.coverage.jurisdiction))
        yield ox.Triple(statement, term("kg:coversEvents"), iri("code", register.coverage.events))
        yield ox.Triple(statement, term("kg:restsOnSource"), source)
        yield ox.Triple(statement, term("kg:startDate"), typed(register.coverage.since, "date"))
        until = register.coverage.until or snapshot.first_day
        yield ox.Triple(statement, term("kg:endDate"), typed(until, "date"))


def _licence(node: ox.NamedNode, licence: str) -> Iterator[ox.Triple]:
    """Yield the licence, by its IRI or, where the publisher has words of its own, in words."""
    if licence.startswith("https://"):
        yield ox.Triple(node, term("dcterms:license"), ox.NamedNode(licence))
    else:
        yield ox.Triple(node, term("dcterms:rights"), ox.Literal(licence))


def graph_of(path: Path) -> ox.NamedNode:
    """Return the graph that a file becomes when it is loaded."""
    return ox.NamedNode(f"{BASE}graph/{path.name.removesuffix('.gz').rpartition('.')[0]}")


def syntax_of(path: Path) -> ox.RdfFormat:
    """Return the syntax that a file to be written has by its name. Raises ImportFault."""
    ending = "." + path.name.lower().removesuffix(".gz").rpartition(".")[2]
    if ending not in WRITTEN:
        raise ImportFault(f"{path}: cannot tell the RDF syntax from the name. Use {', '.join(WRITTEN)}, also with .gz.")
    return FORMATS[ending]


WRITTEN = (".ttl", ".nt", ".nq", ".trig")


def write(path: Path, graph: ox.NamedNode, triples: Iterable[ox.Triple], account: Account) -> None:
    """Write the triples in the order they come. Raises ReasonError when the file cannot be written."""
    syntax = syntax_of(path)
    with_graph = syntax.supports_datasets

    def counted() -> Iterator[Any]:
        for triple in triples:
            account.facts += 1
            yield ox.Quad(triple.subject, triple.predicate, triple.object, graph) if with_graph else triple

    with replacing(path) as aside, aside.open("wb") as raw:
        if path.name.lower().endswith(".gz"):
            with gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed:
                ox.serialize(counted(), cast("IO[bytes]", packed), syntax, prefixes=PREFIXES)
        else:
            ox.serialize(counted(), raw, syntax, prefixes=PREFIXES)


def write_text(path: Path, lines: Iterable[str]) -> None:
    """Write a text file, line after line. Raises ReasonError when it cannot be written."""
    with replacing(path) as aside, aside.open("wb") as raw:
        if path.suffix == ".gz":
            with gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed:
                packed.writelines(line.encode() for line in lines)
        else:
            raw.writelines(line.encode() for line in lines)


def beside(path: Path, ending: str) -> Path:
    """Return a path beside another, with the same stem: `ema.ttl.gz`, `.rejected.csv` -> `ema.rejected.csv`."""
    return path.with_name(path.name.removesuffix(".gz").rpartition(".")[0] + ending)


def tsv(rows: Iterable[list[str]]) -> Iterator[str]:
    """Yield rows as lines of tab-separated text."""
    return ("\t".join(row) + "\n" for row in rows)
