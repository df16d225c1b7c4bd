"""sources -> stated: RDF files, folders and rdflib graphs become one list of quads.

Each file is a named graph of its own, `graph:<file name>`, and that is also the base of its relative IRIs. So `<>`
in a Turtle file is the graph that the file becomes, and `<> prov:wasDerivedFrom source:x` gives a source to each of
its facts.
"""

from __future__ import annotations

import codecs
import gzip
import hashlib
import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

import pyoxigraph as ox

from kg.errors import LoadError
from kg.names import DERIVED, SHIPPED
from kg.sources import OWN_GRAPH, files, syntax_of

if TYPE_CHECKING:
    import rdflib

MOST_NESTED = 200
"""JSON deeper than this overflows the parser's stack and would end the process."""


@dataclass(frozen=True)
class Stated:
    """What sources say: quads as they were written, digit for digit, in the order of the files.

    A pyoxigraph store would turn "0.700"^^xsd:decimal into "0.7", so the quads are kept as parsed.
    """

    quads: tuple[ox.Quad, ...]

    def __len__(self) -> int:
        """The number of distinct facts, whichever graphs they stand in."""
        return len({quad.triple for quad in self.quads})

    def to_rdflib(self) -> rdflib.Dataset:
        """Return the quads as an rdflib Dataset, one named graph per file."""
        from kg import bridge

        return bridge.to_rdflib(self.quads)


def load(*sources: Path | str | rdflib.Graph, vocabulary: bool = True) -> Stated:
    """Read files, folders (all RDF files in them, at any depth) and rdflib graphs into one stated graph.

    With no source, read the facts that the package ships. The ontology is read along unless `vocabulary` is False.
    The word "shipped" among the sources stands for the shipped facts. Raises LoadError.
    """
    paths: list[Path | str] = [source for source in sources or (SHIPPED,) if isinstance(source, str | Path)]
    graphs = [source for source in sources if not isinstance(source, str | Path)]
    quads = [quad for name, path in files(*paths, vocabulary=vocabulary) for quad in read(path, name)]
    if graphs:
        from kg import bridge

        quads.extend(quad for graph in graphs for quad in bridge.from_rdflib(graph))
    return Stated(tuple(quads))


def read(path: Path, graph_iri: str) -> Iterator[ox.Quad]:
    """Yield the quads of one file; `graph_iri` is its base, and the graph of what names none. Raises LoadError."""
    syntax = syntax_of(path)
    graph = ox.NamedNode(graph_iri)
    renamed: dict[ox.BlankNode, ox.BlankNode] = {}
    prefix = f"g{hashlib.sha256(graph_iri.encode()).hexdigest()[:12]}b"  # of one length: no two files share a name

    def own(node: Any) -> Any:
        # The parser names blank nodes at random: number them instead, so that the same input gives the same output.
        if isinstance(node, ox.BlankNode):
            return renamed.setdefault(node, ox.BlankNode(f"{prefix}{len(renamed)}"))
        return node

    try:
        with _opened(path, syntax) as stream:
            for quad in ox.parse(stream, format=syntax, base_iri=graph_iri):
                if (fault := unfit(quad, syntax)) is not None:
                    raise LoadError(f"{path}: {fault}")
                name = graph if isinstance(quad.graph_name, ox.DefaultGraph) else own(quad.graph_name)
                yield ox.Quad(own(quad.subject), quad.predicate, own(quad.object), name)
    except SyntaxError as error:
        raise LoadError(_syntax_message(path, _bytes(path), error)) from None
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise LoadError(f"{path}: not a whole gzip file ({error}). Download or copy it again.") from None
    except OSError as error:
        raise LoadError(f"{path}: cannot be read ({error.strerror or error}).") from None


def unfit(quad: ox.Quad, syntax: ox.RdfFormat) -> str | None:
    """Say why a quad that can be parsed is no stated fact of RDF 1.1, and what to do; None if it is one."""
    if isinstance(quad.object, ox.Triple):
        return f"RDF 1.2 is not read, and {quad.object} is one of its triple terms. State the triple by itself."
    if isinstance(quad.object, ox.Literal) and quad.object.direction is not None:
        return f"RDF 1.2 is not read, and {quad.object} has one of its base directions. Leave the direction out."
    if isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name.value == DERIVED:
        return OWN_GRAPH
    if syntax == ox.RdfFormat.N3 and isinstance(quad.graph_name, ox.BlankNode):
        return "a formula { .. } of N3 is not a fact. Leave formulas and rules out."
    return None


def _opened(path: Path, syntax: ox.RdfFormat) -> IO[bytes]:
    """Open a file as a stream without a byte order mark; one whose syntax has traps is looked through first."""
    opening = gzip.open if path.name.lower().endswith(".gz") else open
    stream = cast("IO[bytes]", opening(path, "rb"))
    if syntax in (ox.RdfFormat.RDF_XML, ox.RdfFormat.JSON_LD):
        with stream:
            content = stream.read().removeprefix(codecs.BOM_UTF8)
        _refuse_traps(path, syntax, content)
        return io.BytesIO(content)
    if stream.read(3) != codecs.BOM_UTF8:
        stream.seek(0)
    return stream


def _bytes(path: Path) -> bytes:
    """Return the content of a file in which the parser found a fault; raise LoadError if it is not even UTF-8."""
    with _opened(path, ox.RdfFormat.TURTLE) as stream:
        content = stream.read()
    try:
        content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        shown = content[error.start : error.start + 1].hex()
        raise LoadError(
            f"{path}, line {line}: byte 0x{shown} is not UTF-8, the encoding of RDF. Convert the file, for example"
            " with: iconv -f LATIN1 -t UTF-8"
        ) from None
    return content


def _refuse_traps(path: Path, syntax: ox.RdfFormat, content: bytes) -> None:
    """Refuse what makes the parser eat the memory or the stack."""
    if syntax == ox.RdfFormat.RDF_XML and re.search(rb"<!ENTITY\s+\S+\s+[\"'][^\"']*&[^\"']*;", content):
        raise LoadError(f"{path}: an XML entity is defined by other entities. Write their values out.")
    if syntax == ox.RdfFormat.JSON_LD and too_deep(content):
        raise LoadError(f"{path}: JSON nested more than {MOST_NESTED} deep. Flatten it.")


def too_deep(json: bytes) -> bool:
    """Tell JSON that is nested more than MOST_NESTED deep."""
    depth = 0
    for bracket in re.finditer(rb'"(?:[^"\\]|\\.)*"|([\[{])|([\]}])', json):
        depth += (bracket[1] is not None) - (bracket[2] is not None)
        if depth > MOST_NESTED:
            return True
    return False


def _syntax_message(path: Path, content: bytes, error: SyntaxError) -> str:
    what = re.sub(r"^Parser error at line \d+ (between columns \d+ and \d+|column \d+): ", "", str(error.msg))
    lines = content.decode().splitlines()
    if error.lineno is None:
        return f"{path}: {what}"
    line = lines[error.lineno - 1].strip() if error.lineno <= len(lines) else ""
    evidence = f" in: {line[:120]}" if line else ""
    if what.startswith("Unexpected end"):
        return f"{path}, line {error.lineno}: the file ends in the middle of a statement. Is it whole?{evidence}"
    return f"{path}, line {error.lineno}: {what}{evidence}"
