"""stated -> closure: what follows from the stated facts by the OWL 2 RL rules, kept apart from them."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg.contradiction import Contradiction
from kg.errors import ReasonError, did_you_mean
from kg.load import Stated, load, read
from kg.names import DERIVED, PREFIXES
from kg.sources import files

if TYPE_CHECKING:
    import rdflib

REASONERS = ("duckdb", "owlrl")
"""The engines, the default first."""

FORMATS = {
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".ttl": ox.RdfFormat.TURTLE,
}

Progress = Callable[[str, int], None]
"""Called after each round with its name and the number of new facts."""


@dataclass(frozen=True)
class Closure:
    """Stated facts, the facts derived from them (sorted, none of them stated), and the contradictions found.

    `counts` tells by the standard's name of each rule how many of the derived facts it gave first; owlrl does not tell.
    """

    stated: Stated
    derived: tuple[ox.Triple, ...]
    contradictions: tuple[Contradiction, ...]
    counts: Mapping[str, int] = field(default_factory=dict)

    def quads(self, *, derived_only: bool = False) -> Iterator[ox.Quad]:
        """Yield the stated quads in their graphs, then the derived facts in the graph `graph:derived`."""
        return chain(() if derived_only else self.stated.quads, _in_derived(self.derived))

    def write(self, path: Path, *, derived_only: bool = False) -> None:
        """Write the closure as N-Quads or TriG, or without its graphs as N-Triples or Turtle, as the name ends.

        The file appears whole or not at all. Raises ReasonError.
        """
        syntax = format_of(path)
        with _replacing(path) as aside:
            _serialize(self.quads(derived_only=derived_only), aside, syntax)

    def to_rdflib(self) -> rdflib.Dataset:
        """Return the closure as an rdflib Dataset, derived facts in the graph `graph:derived`."""
        from kg import bridge

        return bridge.to_rdflib(self.quads())


def reason(
    graph: Any, reasoner: str = REASONERS[0], *, full: bool = False, progress: Progress | None = None
) -> Closure:
    """Return the OWL 2 RL closure of a stated graph, an rdflib Graph or Dataset, an open store, or a path.

    The input is left as it was; a path is read without this project's ontology. `full` keeps what says nothing too: the
    axiomatic and reflexive triples of the standard. Raises LoadError and ReasonError.
    """
    stated = _stated(graph)
    if reasoner == "owlrl":
        from kg import reason_owlrl

        return reason_owlrl.close(stated, full=full)
    if reasoner not in REASONERS:
        near = did_you_mean(reasoner, list(REASONERS))
        raise ReasonError(f"{reasoner!r} is not a reasoner.{near} There is: {', '.join(REASONERS)}.")
    from kg.owl2rl import close

    with close(stated.quads, full=full, progress=progress) as tables:
        return Closure(stated, tuple(tables.derived()), tuple(tables.contradictions), tables.counts)


@dataclass(frozen=True)
class Summary:
    """What was written: the numbers of stated and of derived facts, and the contradictions found."""

    stated: int
    derived: int
    contradictions: tuple[Contradiction, ...]


def reason_files(
    sources: Iterable[Path | str],
    output: Path,
    *,
    vocabulary: bool = False,
    derived_only: bool = False,
    full: bool = False,
    memory: str | None = None,
    progress: Progress | None = None,
) -> Summary:
    """Write the closure of files of any size to a file; neither is ever held in memory as a whole.

    Beyond `memory` (such as "4GB") the tables spill to a folder for temporary files. N-Triples in and N-Triples out is
    the fast way: DuckDB reads and writes those itself. Raises LoadError and ReasonError, and writes nothing then.
    """
    from kg.owl2rl import close

    syntax = format_of(output)
    found = files(*sources, vocabulary=vocabulary)
    lines = not syntax.supports_datasets and all(path.suffix == ".nt" for _, path in found)
    source = [path for _, path in found] if lines else _quads(found)
    with (
        _replacing(output) as aside,
        tempfile.TemporaryDirectory() as spill,
        close(source, full=full, memory_limit=memory, temp_directory=spill, progress=progress) as tables,
    ):
        if syntax.supports_datasets:
            stated = () if derived_only else _quads(found)
            _serialize(chain(stated, _in_derived(tables.derived())), aside, syntax)
        else:
            tables.write(aside, derived_only=derived_only)
        return Summary(tables.stated.triples, tables.count_derived(), tuple(tables.contradictions))


def format_of(path: Path) -> ox.RdfFormat:
    """Return the syntax that a file to be written has by its name. Raises ReasonError."""
    try:
        return FORMATS[path.suffix]
    except KeyError:
        raise ReasonError(
            f"{path}: cannot tell the RDF syntax from the name. Use one of {', '.join(FORMATS)}."
        ) from None


def _stated(graph: Any) -> Stated:
    if isinstance(graph, Stated):
        return graph
    store = getattr(graph, "quads", graph)
    if not isinstance(store, ox.Store):
        return load(graph, vocabulary=False)
    named = tuple(
        quad for quad in store if isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name.value != DERIVED
    )
    return Stated(named or tuple(store))


def _quads(found: Iterable[tuple[str, Path]]) -> Iterator[ox.Quad]:
    return (quad for name, path in found for quad in read(path, name))


def _in_derived(triples: Iterable[ox.Triple]) -> Iterator[ox.Quad]:
    graph = ox.NamedNode(DERIVED)
    return (ox.Quad(triple.subject, triple.predicate, triple.object, graph) for triple in triples)


def _serialize(quads: Iterable[ox.Quad], path: Path, syntax: ox.RdfFormat) -> None:
    facts = quads if syntax.supports_datasets else dict.fromkeys(quad.triple for quad in quads)
    ox.serialize(facts, path, syntax, prefixes=PREFIXES)


@contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    """Give a path beside `path` to write to, which replaces it when all went well and is gone otherwise."""
    aside = path.with_name(f".{os.getpid()}-{path.name}")
    try:
        aside.touch()
        yield aside
        aside.replace(path)
    except OSError as error:
        raise ReasonError(f"{path}: cannot be written ({error.strerror or error}).") from None
    finally:
        aside.unlink(missing_ok=True)
