"""stated -> closure: what follows from the stated facts by the OWL 2 RL rules, kept apart from them."""

from __future__ import annotations

import glob
import mmap
import os
import re
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg.contradiction import Contradiction
from kg.errors import LoadError, ReasonError, did_you_mean
from kg.load import Stated, load, read
from kg.names import DERIVED, PREFIXES
from kg.sources import files

if TYPE_CHECKING:
    import rdflib

    from kg.owl2rl import Tables

REASONERS = ("duckdb", "owlrl")
"""The engines that close a graph in this process, the default first."""
CLUSTER = "spark"
"""The engine that closes files on a cluster, see `reason_spark`."""

FORMATS = {
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".ttl": ox.RdfFormat.TURTLE,
}

A_DAY = 86_400

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

    def write(self, path: Path | str, *, derived_only: bool = False) -> None:
        """Write the closure as N-Quads or TriG, or without its graphs as N-Triples or Turtle, as the name ends.

        The file appears whole or not at all. Raises ReasonError.
        """
        syntax = format_of(Path(path))
        with replacing(Path(path)) as aside:
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
    _refuse_unknown(reasoner)
    stated = _stated(graph)
    if reasoner == "owlrl":
        from kg import reason_owlrl

        return reason_owlrl.close(stated, full=full)
    from kg.owl2rl import close

    with _engine_errors(), close(stated.quads, full=full, progress=progress) as tables:
        return Closure(stated, tuple(tables.derived()), tuple(tables.contradictions), tables.counts)


@dataclass(frozen=True)
class Summary:
    """What was written: the numbers of stated and of derived facts, and the contradictions found."""

    stated: int
    derived: int
    contradictions: tuple[Contradiction, ...]
    resumed: int = 0
    """The rounds that an earlier run had made, from which this one went on."""


def reason_files(
    sources: Iterable[Path | str],
    output: Path,
    *,
    reasoner: str = REASONERS[0],
    vocabulary: bool = False,
    derived_only: bool = False,
    full: bool = False,
    memory: str | None = None,
    progress: Progress | None = None,
) -> Summary:
    """Write the closure of files of any size to a file; neither is ever held in memory as a whole.

    Beyond `memory` (such as "4GB") the tables spill to a folder for temporary files. N-Triples in and N-Triples out is
    the fast way: DuckDB reads and writes those itself. The slow reference, owlrl, holds all in memory and takes no
    `memory`. Raises LoadError and ReasonError, and writes nothing then.
    """
    _refuse_unknown(reasoner)
    syntax = format_of(output)
    found = files(*sources, vocabulary=vocabulary)
    _refuse_overwriting(output, found)
    if reasoner != REASONERS[0]:
        if memory:
            raise ReasonError(f"{reasoner} holds all in memory: a limit of {memory} is for {REASONERS[0]} alone.")
        closure = reason(Stated(tuple(_quads(found))), reasoner, full=full)
        closure.write(output, derived_only=derived_only)
        return Summary(len(closure.stated), len(closure.derived), closure.contradictions)
    with (
        _engine_errors(),
        replacing(output) as aside,
        tempfile.TemporaryDirectory() as spill,
        _tables(
            found,
            lines=not syntax.supports_datasets,
            full=full,
            memory_limit=memory,
            temp_directory=spill,
            progress=progress,
        ) as tables,
    ):
        if syntax.supports_datasets:
            stated = () if derived_only else _quads(found)
            _serialize(chain(stated, _in_derived(tables.derived())), aside, syntax)
        else:
            tables.write(aside, derived_only=derived_only)
        return Summary(tables.stated.triples, tables.count_derived(), tuple(tables.contradictions))


@contextmanager
def _engine_errors() -> Iterator[None]:
    """Tell what DuckDB says at length, such as that the memory or the disk is full, in a line."""
    from kg.owl2rl.database import engine

    try:
        yield
    except engine().Error as error:
        cause = str(error).splitlines()[0].removesuffix(".")
        raise ReasonError(f"The reasoner stopped: {cause}. Give it more memory, or room for temporary files.") from None


def _tables(found: list[tuple[str, Path]], *, lines: bool, **options: Any) -> Tables:
    """Close files: N-Triples by their lines where that serves, whatever else through the parser."""
    from kg.owl2rl import close

    if lines and all(path.suffix == ".nt" for _, path in found) and not any(_may_be_rdf_12(path) for _, path in found):
        with suppress(LoadError):  # what DuckDB cannot read the parser can, or it tells the line at fault
            return close([path for _, path in found], **options)
    return close(_quads(found), **options)


def _may_be_rdf_12(path: Path) -> bool:
    """Tell whether a file has what may be a triple term or a text direction, which the parser refuses."""
    try:
        with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return any(content.find(mark) >= 0 for mark in (b"<<", b"--ltr", b"--rtl"))
    except (OSError, ValueError):  # an empty file, or one that the reader will refuse
        return False


def format_of(path: Path) -> ox.RdfFormat:
    """Return the syntax that a file to be written has by its name. Raises ReasonError."""
    try:
        return FORMATS[path.suffix.lower()]
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


def _refuse_unknown(reasoner: str) -> None:
    if reasoner not in REASONERS:
        near = did_you_mean(reasoner, [*REASONERS, CLUSTER])
        if reasoner == CLUSTER:
            raise ReasonError("spark closes files, not a graph in memory: kg reason --reasoner spark FILES -o FOLDER.")
        raise ReasonError(f"{reasoner!r} is not a reasoner.{near} There is: {', '.join((*REASONERS, CLUSTER))}.")


def _refuse_overwriting(output: Path, found: Iterable[tuple[str, Path]]) -> None:
    with suppress(OSError):  # what is not there yet overwrites nothing
        if any(output.samefile(path) for _, path in found):
            raise ReasonError(f"{output}: a source, and it would be overwritten. Write the closure to another file.")


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a path beside `path` to write to, which replaces it when all went well and is gone otherwise.

    A link stays: what it leads to is replaced.
    """
    aside = None
    try:
        target = path.resolve()
    except (OSError, RuntimeError):  # RuntimeError: links in a circle, before Python 3.13
        raise ReasonError(f"{path}: a link that leads nowhere. Name a file to write.") from None
    try:
        if target.exists() and not target.is_file():
            raise ReasonError(f"{path}: a folder, pipe or device. Name a file to write.")
        _forget_unfinished(target)
        aside = target.with_name(f".{os.getpid()}-{target.name}{path.suffix.lower()}")
        aside.touch()
        yield aside
        aside.replace(target)
    except OSError as error:
        raise ReasonError(f"{path}: cannot be written ({error.strerror or error}).") from None
    finally:
        with suppress(OSError):
            if aside:
                aside.unlink(missing_ok=True)


def _forget_unfinished(target: Path) -> None:
    """Remove what runs that were killed left beside a file more than a day ago."""
    for path in target.parent.glob(f".*-{glob.escape(target.name)}.*"):
        if re.match(r"\.\d+-", path.name) and time.time() - path.stat().st_mtime > A_DAY:
            path.unlink(missing_ok=True)
