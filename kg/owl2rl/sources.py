"""Sources in: files of any kind and triples become canonical lines of N-Triples.

Blank nodes of a file are named in the order they come, so that the same file gives the same names; those of
N-Triples keep theirs.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import IO, cast

from pyoxigraph import Quad, RdfFormat, Triple, parse, serialize

from kg.owl2rl.errors import SourceError
from kg.owl2rl.vocabulary import XSD

Given = Iterable[Triple | Quad] | Iterable[str | os.PathLike[str]]
"""What a caller gives: triples or quads, or paths."""
Columns = tuple[Sequence[str], Sequence[str], Sequence[str]]
"""Subjects, predicates and objects as N-Triples writes them."""

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

    def small(self, most: int) -> list[Columns] | None:
        """All triples, or None if there are more than `most`; either way `lines` still gives them. Raises SourceError.

        A triple that was given twice comes twice.
        """
        found: list[Columns] = []
        if self.paths:
            kinds = [kind_of(path) for path in self.paths]
            if sum(map(os.path.getsize, self.paths)) > most * _LONG:
                return None
            for path, prefix, (kind, packed) in zip(self.paths, self.prefixes, kinds, strict=True):
                plain = _plain_columns(path, prefix) if kind == RdfFormat.N_TRIPLES and not packed else None
                found += [plain] if plain else map(columns, file_lines(path, prefix, most + 1))
                if sum(len(each[0]) for each in found) > most:
                    return None
            return found
        for lines in self._rest(most + 1):
            self._read.append(lines)
            found.append(columns(lines))
            if sum(len(each[0]) for each in found) > most:
                return None
        return found


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


def columns(lines: bytes) -> Columns:
    """Split canonical lines: neither a subject nor a predicate has a space in it."""
    return _split(lines.decode())


def _split(text: str) -> Columns:
    rows = [line.split(" ", 2) for line in text.split(" .\n")[:-1]]
    if not rows:
        return (), (), ()
    subjects, predicates, objects = zip(*rows, strict=True)
    return subjects, predicates, objects


def _plain_columns(path: str, prefix: str) -> Columns | None:
    """A file of N-Triples in which all terms are plainly canonical, split as it is; None if any is not."""
    try:
        with open(path, encoding="utf-8", newline="") as stream:
            text = stream.read()
        subjects, predicates, objects = _split(text)
    except (ValueError, OSError):
        return None
    nodes = re.compile(f"{IRI}|{BLANK}").fullmatch
    if text and not text.endswith(" .\n"):
        return None
    if not all(map(re.compile(IRI).fullmatch, set(predicates))) or not all(map(nodes, distinct := set(subjects))):
        return None
    values = set(objects).difference(distinct)
    if not all(map(re.compile(f"{LITERAL}|{IRI}|{BLANK}").fullmatch, values)):
        return None
    if any(value.endswith(STRING) for value in values):
        return None
    if prefix:
        named = {term: f"_:{prefix}{term[2:]}" for term in {*distinct, *values} if term[0] == "_"}
        return [named.get(term, term) for term in subjects], predicates, [named.get(term, term) for term in objects]
    return subjects, predicates, objects
