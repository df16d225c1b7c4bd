"""files -> quads in a store: each fact in the graph of its file and in the default graph, then what follows from all.

A file of N-Triples without blank nodes is given to the engine's own loader, and so is what follows: a graph of any size
passes through without being held. That loader names blank nodes anew each time; what has some is read by `kg.load`.
"""

from __future__ import annotations

import gzip
import mmap
import shutil
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, TypeAlias, cast

import pyoxigraph as ox

from kg import places
from kg.contradiction import Contradiction
from kg.derive import derive
from kg.errors import LoadError
from kg.load import Stated, read
from kg.names import DERIVED
from kg.reason import REASONERS, Closure, Summary, reason, reason_files

Files: TypeAlias = "list[tuple[str, Path]]"
"""Files, each with the IRI of the graph it becomes."""
OnReasoning: TypeAlias = "Callable[[str], None] | None"
"""Is told each step."""
_NOT_PLAIN = (b"_:", b"<<", b"--ltr", b"--rtl")


def fill(store: ox.Store, found: Files, reasoner: str, on_reasoning: OnReasoning) -> tuple[Contradiction, ...]:
    """Put the closure of files into an empty store; return the contradictions. Raises LoadError and ReasonError."""
    if reasoner != REASONERS[0]:
        tell(on_reasoning, "reading")
        quads = tuple(quad for name, path in found for quad in read(path, name))
        closure = close(Stated(quads), reasoner, on_reasoning)
        return filled(store, closure.quads(), closure.contradictions)
    with tempfile.TemporaryDirectory(prefix="kg-") as folder:
        stated, derived = Path(folder, "stated.nt"), Path(folder, "derived.nt")
        put_stated(store, found, stated, on_reasoning)
        summary = close_lines(stated, derived, on_reasoning)
        put_derived(store, derived)
    tell(on_reasoning, "indexing what follows")
    derive(store)
    return summary.contradictions


def filled(
    store: ox.Store, quads: Iterable[ox.Quad], contradictions: tuple[Contradiction, ...]
) -> tuple[Contradiction, ...]:
    """Put a closure into an empty store; return its contradictions."""
    store.bulk_extend(_twice(quads))
    derive(store)
    return contradictions


def close(stated: Stated, reasoner: str, on_reasoning: OnReasoning) -> Closure:
    """Return the closure of stated facts. Raises ReasonError."""
    tell(on_reasoning, f"reasoning over {len(stated):,} facts")
    return reason(stated, reasoner)


def put_stated(store: ox.Store, found: Files, lines: Path | None, on_reasoning: OnReasoning = None) -> None:
    """Put what files state into an empty store, and write it to `lines` as N-Triples. Raises LoadError and OSError."""
    tell(on_reasoning, "reading")
    plain = [(name, path) for name, path in found if path.suffix == ".nt" and _is_plain(path)]
    rest = [each for each in found if each not in plain]
    store.bulk_extend(
        _twice(quad for name, path in rest if not _is_shipped_register(path) for quad in read(path, name))
    )
    for name, path in rest:
        if _is_shipped_register(path):
            for graph in (ox.DefaultGraph(), ox.NamedNode(name)):
                with gzip.open(path) as stream:
                    store.bulk_load(cast("IO[bytes]", stream), ox.RdfFormat.TURTLE, base_iri=name, to_graph=graph)
    if lines:
        store.dump(lines, ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
    for name, path in plain:
        _put_plain(store, path, name)
        if lines:
            with path.open("rb") as stream, lines.open("ab") as whole:
                shutil.copyfileobj(stream, whole, 1 << 20)
                whole.write(b"\n")


def close_lines(lines: Path, derived: Path, on_reasoning: OnReasoning = None, *, memory: str | None = None) -> Summary:
    """Write what follows from N-Triples to another such file. Raises ReasonError."""
    if on_reasoning:
        with lines.open("rb") as stream:
            on_reasoning(f"reasoning over {sum(1 for _ in stream):,} of them")
    return reason_files([lines], derived, derived_only=True, memory=memory)


def put_derived(store: ox.Store, derived: Path) -> None:
    """Put what follows by the rules, as N-Triples, into the store; blank nodes keep their names. Raises OSError."""
    if _is_plain(derived):
        _put_plain(store, derived, DERIVED)
        return
    graph = ox.NamedNode(DERIVED)
    facts = ox.parse(path=derived, format=ox.RdfFormat.N_TRIPLES)
    store.bulk_extend(_twice(ox.Quad(fact.subject, fact.predicate, fact.object, graph) for fact in facts))


def tell(on_reasoning: OnReasoning, step: str) -> None:
    """Tell a step to whom it may concern."""
    if on_reasoning:
        on_reasoning(step)


def _put_plain(store: ox.Store, path: Path, graph: str) -> None:
    try:
        for each in (ox.DefaultGraph(), ox.NamedNode(graph)):
            store.bulk_load(path=path, format=ox.RdfFormat.N_TRIPLES, to_graph=each)
    except SyntaxError as error:
        deque(read(path, graph), maxlen=0)  # tells the line at fault
        raise LoadError(f"{path}: {error.msg}") from None


def _is_plain(path: Path) -> bool:
    """Tell N-Triples that certainly have no blank node, nothing of RDF 1.2, and no byte order mark."""
    try:
        with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return content[:1] in (b"<", b"#") and all(content.find(mark) < 0 for mark in _NOT_PLAIN)
    except (OSError, ValueError):  # the reader says what is wrong; an empty file cannot be mapped
        return False


def _is_shipped_register(path: Path) -> bool:
    """Whether a file is one that the package ships and `kg import` wrote: proper, large and without blank nodes."""
    return path.parent == places.REGISTERS


def _twice(quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    """Give each fact to its own graph and to the default graph."""
    for quad in quads:
        yield quad
        yield ox.Quad(quad.subject, quad.predicate, quad.object)
