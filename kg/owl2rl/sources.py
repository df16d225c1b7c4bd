"""Sources in: files of any kind and triples become canonical lines of N-Triples.

Blank nodes of a file are named in the order they come, so that the same file gives the same names; those of
N-Triples keep theirs.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import IO, cast

from pyoxigraph import Quad, RdfFormat, Triple, parse, serialize

from kg.owl2rl.errors import SourceError
from kg.owl2rl.vocabulary import XSD

Given = Iterable[Triple | Quad] | Iterable[str | os.PathLike[str]]
"""What a caller gives: triples or quads, or paths."""
Grouped = dict[str, list[tuple[str, str]]]
"""Subjects and objects by predicate, as N-Triples writes them."""

FORMATS = {
    ".nt": RdfFormat.N_TRIPLES, ".nq": RdfFormat.N_QUADS, ".ttl": RdfFormat.TURTLE, ".trig": RdfFormat.TRIG,
    ".owl": RdfFormat.RDF_XML, ".rdf": RdfFormat.RDF_XML, ".xml": RdfFormat.RDF_XML,
}  # fmt: skip
BATCH = 200_000
_BLANK = re.compile(rb"^_:\S+|_:\S+(?= \.$)", re.MULTILINE)
_LONG = 300
"""Bytes of a line that is longer than most."""

# What certainly is canonical: common ASCII IRIs, literals without escapes. Other terms are asked of pyoxigraph.
IRI = (
    r"<(?:https?://[A-Za-z0-9.-]+(?:/[A-Za-z0-9._~!$&()*+,;=:@/-]*)?|urn:[a-z0-9]+:[A-Za-z0-9._:/-]+)"
    r"(?:#[A-Za-z0-9._~:/-]*)?>"
)
BLANK = "_:[A-Za-z][A-Za-z0-9]*"
LITERAL = rf'"[^"\\\x00-\x1f\x7f]*"(?:@[a-z]{{2,3}}|\^\^{IRI})?'
STRING = f"^^<{XSD}string>"
_TERM = f"{IRI}|{BLANK}|{LITERAL}"


class Source:
    """Triples or files that are read as one; `number` tells the sources of one closure apart."""

    def __init__(self, given: Given, number: int) -> None:
        items = iter(given)
        first = next(items, None)
        rest = chain([] if first is None else [first], items)
        self.taken = False  # into a closure
        self.paths: list[str] = []
        self._triples: Iterator[Triple | Quad] = iter(())
        self._read: list[bytes] = []
        if isinstance(first, (str, os.PathLike)):
            self.paths = [os.fspath(path) for path in cast("Iterator[str | os.PathLike[str]]", rest)]
        else:
            self._triples = cast("Iterator[Triple | Quad]", rest)
        several = number > 1 or len(self.paths) > 1
        self.prefixes = [f"f{number}x{at}." if several else "" for at, _ in enumerate(self.paths, 1)]

    def lines(self) -> Iterator[bytes]:
        """Canonical N-Triples in batches. Raises SourceError."""
        for path, prefix in zip(self.paths, self.prefixes, strict=True):
            yield from file_lines(path, prefix)
        yield from self._read
        yield from self._rest(BATCH)

    def _rest(self, batch: int) -> Iterator[bytes]:
        try:
            yield from serialized(self._triples, batch)
        except (TypeError, AttributeError) as error:
            raise SourceError(f"a source is paths, or triples or quads of pyoxigraph: {error}") from error

    def small(self, most: int) -> list[Grouped] | None:
        """All triples, or None if there are more than `most`; either way `lines` still gives them. Raises SourceError.

        A triple that was given twice comes twice.
        """
        found: list[Grouped] = []
        count = 0
        for batch in self._small(most):
            if batch is None:
                return None
            found.append(batch)
            count += sum(map(len, batch.values()))
            if count > most:
                return None
        return found

    def _small(self, most: int) -> Iterator[Grouped | None]:
        kinds = [kind_of(path) for path in self.paths]
        if sum(map(os.path.getsize, self.paths)) > most * _LONG:
            yield None
        for path, prefix, kind in zip(self.paths, self.prefixes, kinds, strict=True):
            plain = _plain(path, prefix) if kind == (RdfFormat.N_TRIPLES, False) else None
            if plain is None:
                yield from (grouped(lines.decode()) for lines in file_lines(path, prefix, most + 1))
            else:
                yield plain
        for lines in self._rest(most + 1):
            self._read.append(lines)
            yield grouped(lines.decode())


def kind_of(path: str) -> tuple[RdfFormat, bool]:
    """The syntax of a file by its name, and whether it is packed. Raises SourceError if there is no such file."""
    name = path.lower()
    packed = name.endswith(".gz")
    kind = FORMATS.get(os.path.splitext(name.removesuffix(".gz"))[1])
    if not os.path.isfile(path):
        raise SourceError(f"{path}: no such file")
    if kind is None:
        raise SourceError(f"{path}: unknown kind of file; give one of {', '.join(FORMATS)}, plain or .gz")
    return kind, packed


def file_lines(path: str, prefix: str, batch: int = BATCH) -> Iterator[bytes]:
    """A file through pyoxigraph, in batches. Raises SourceError."""
    kind, packed = kind_of(path)
    try:
        with _opened(path, packed) as stream:
            if kind == RdfFormat.N_TRIPLES:
                yield from labelled(stream, prefix, batch)
                return
            names: dict[bytes, bytes] = {}

            def name(match: re.Match[bytes]) -> bytes:
                return names.setdefault(match[0], b"_:%sb%d" % (prefix.encode(), len(names)))

            for lines in serialized(parse(stream, format=kind), batch):
                yield _BLANK.sub(name, lines) if b"_:" in lines else lines
    except (SyntaxError, ValueError, OSError, EOFError) as error:
        raise SourceError(f"{path}: {error}") from error


def _opened(path: str, packed: bool) -> IO[bytes]:
    if packed:
        import gzip

        return cast("IO[bytes]", gzip.open(path, "rb"))
    return open(path, "rb")


def labelled(stream: IO[bytes] | bytes, prefix: str, batch: int = BATCH) -> Iterator[bytes]:
    """N-Triples through pyoxigraph; blank nodes keep their labels, after `prefix`."""
    label = b"_:" + prefix.encode()
    for lines in serialized(parse(stream, format=RdfFormat.N_TRIPLES), batch):
        yield _BLANK.sub(lambda match: label + match[0][2:], lines) if prefix else lines


def serialized(triples: Iterable[Triple | Quad], batch: int = BATCH) -> Iterator[bytes]:
    """Canonical N-Triples in batches; the names of graphs are dropped."""
    plain = (item.triple if isinstance(item, Quad) else item for item in triples)
    while lines := serialize(islice(plain, batch), format=RdfFormat.N_TRIPLES):
        yield lines


def grouped(text: str) -> Grouped:
    """Split canonical lines: neither a subject nor a predicate has a space in it."""
    found: Grouped = {}
    for line in text.split(" .\n")[:-1]:
        s, p, o = line.split(" ", 2)
        if p in found:
            found[p].append((s, o))
        else:
            found[p] = [(s, o)]
    return found


def _all(pattern: str, terms: Iterable[str]) -> bool:
    """Whether each term matches, all asked at once; none has a line break in it."""
    return re.fullmatch(f"(?:(?:{pattern})\n)*", "\n".join([*terms, ""])) is not None


def _plain(path: str, prefix: str) -> Grouped | None:
    """A file of N-Triples in which all terms are plainly canonical, split as it is; None if any is not."""
    try:
        with open(path, encoding="utf-8", newline="") as stream:
            text = stream.read()
        found = grouped(text)
    except (ValueError, OSError):
        return None
    lines = sum(map(len, found.values()))
    if text.count("\n") != lines or not text.endswith(" .\n"):
        return None
    nodes = {s for pairs in found.values() for s, _ in pairs}
    values = {o for pairs in found.values() for _, o in pairs} - nodes
    if not _all(IRI, found) or not _all(f"{IRI}|{BLANK}", nodes) or not _all(_TERM, values):
        return None
    if any(value.endswith(STRING) for value in values):
        return None
    if prefix:
        own = {term: f"_:{prefix}{term[2:]}" for term in nodes | values if term[0] == "_"}
        return {p: [(own.get(s, s), own.get(o, o)) for s, o in pairs] for p, pairs in found.items()}
    return found
