"""facts -> files in the syntaxes that pyoxigraph writes, as a stream, thing by thing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import IO, cast

import pyoxigraph as ox

from kg.errors import ExportError
from kg.export.facts import EVERY, Facts
from kg.names import PREFIXES, compact

_LINES = {ox.RdfFormat.N_TRIPLES, ox.RdfFormat.N_QUADS}
_TRIPLE, _QUAD = "s p o", "s p o g"
_NAMED = r"[A-Za-z_\x{80}-\x{10FFFF}][\w.\-\x{80}-\x{10FFFF}]*>$"
_NOT_IN_XML = r"\\u00[01]|\\b|\\f|\x{FFFE}|\x{FFFF}"


def write(facts: Facts, stream: IO[bytes], syntax: ox.RdfFormat) -> None:
    """Write the facts: in their graphs if the syntax has graphs, else each once.

    N-Triples and N-Quads are sorted line by line, others thing by thing. Raises ExportError for RDF/XML of what XML
    cannot hold.
    """
    if syntax in _LINES:
        stream.writelines(line.encode() for line in lines(facts, graphs=syntax.supports_datasets))
        return
    if syntax == ox.RdfFormat.RDF_XML:
        _refuse_what_xml_cannot_hold(facts)
        stream = cast("IO[bytes]", _CarriageReturns(stream))
    if syntax.supports_datasets:
        rows = facts.texts(_QUAD, "quads", f"f.g, {facts.for_readers}")
        ox.serialize(parsed(rows), stream, syntax, prefixes=PREFIXES)
    else:
        rows = facts.texts(_TRIPLE, facts.once, facts.for_readers)
        ox.serialize((quad.triple for quad in parsed(rows)), stream, syntax, prefixes=PREFIXES)


def lines(facts: Facts, *, graphs: bool) -> Iterator[str]:
    """Yield the facts as lines of N-Quads, or of N-Triples, in the order of the lines' code points."""
    columns, table, order = (_QUAD, "quads", "f.s, f.p, f.o, f.g") if graphs else (_TRIPLE, facts.once, "f.s, f.p, f.o")
    for row in facts.texts(columns, table, order):
        yield f"{' '.join(row)} .\n"


def parsed(rows: Iterable[tuple[str, ...]]) -> Iterator[ox.Quad]:
    """Yield the quads of rows of terms as N-Triples writes them."""
    rest = iter(rows)
    while text := "\n".join(f"{' '.join(row)} ." for row in islice(rest, EVERY)):
        yield from ox.parse(text.encode(), format=ox.RdfFormat.N_QUADS)


class _CarriageReturns:
    """A stream that writes a carriage return as XML demands it: a bare one reads back as a line feed, or not at all."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def write(self, content: bytes) -> int:
        self._stream.write(content.replace(b"\r", b"&#xD;"))
        return len(content)

    def flush(self) -> None:
        self._stream.flush()


def _refuse_what_xml_cannot_hold(facts: Facts) -> None:
    cure = "Write another syntax, such as .nt or .ttl."
    unnamed = "SELECT text FROM terms SEMI JOIN quads ON p = id WHERE NOT regexp_matches(text, ?) ORDER BY id"
    if (text := facts.one(unnamed, _NAMED)) is not None:
        raise ExportError(f"RDF/XML has no name for the property {compact(text[1:-1])}. {cure}")
    held = "SELECT text FROM terms WHERE text[1] = '\"' AND regexp_matches(replace(text, '\\\\', ''), ?) ORDER BY id"
    if (text := facts.one(held, _NOT_IN_XML)) is not None:
        raise ExportError(f"XML cannot hold a control character of the text {text:.80}. {cure}")
