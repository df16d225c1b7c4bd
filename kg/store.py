"""closure -> store: the closure indexed for SPARQL, in memory or on disk, and computed once per content.

The default graph holds every fact once. Beside it, each stated fact stands in the named graph of each file that states
it, and each derived one in `graph:derived`: that is where `GRAPH ?file { .. }` finds who said so. (A default graph made
as the union of the named ones would, in this engine, give a fact of two sources twice, and every count with it.)
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

from kg import places
from kg.contradiction import Contradiction
from kg.errors import LoadError
from kg.fill import Files, OnReasoning, close, fill, filled
from kg.load import load
from kg.names import DERIVED, PREFIXES, SHIPPED, STANDARD, compact
from kg.reason import A_DAY, REASONERS, Closure
from kg.sources import files

if TYPE_CHECKING:
    import rdflib


_CODE = tuple(
    f"{name}.py" for name in "bridge contradiction derive fill load names reason reason_owlrl sources store".split()
)
"""The modules of the package that a closure depends on, beside the reasoner's: a change in one makes it anew."""
Graph: TypeAlias = "Store | Closure | Path | str | rdflib.Graph | Sequence[Path | str | rdflib.Graph] | None"
"""What can be asked: a store, a closure, a source or several (see `kg.load`); None is the shipped facts."""

KEPT = 8
"""Closures kept in the cache; the least recently used ones go first."""


@dataclass(frozen=True)
class Store:
    """A closure that can be asked. `contradictions` are the ones the reasoner found.

    `folder` is where it is kept, None if that is in memory.
    """

    quads: ox.Store
    contradictions: tuple[Contradiction, ...] = ()
    folder: Path | None = None

    def query(self, sparql: str) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        """Return the answer to a query, in which this project's prefixes are known. Raises SyntaxError."""
        return self.quads.query(sparql, prefixes=PREFIXES)

    def objects(self, nodes: Iterable[ox.NamedNode], predicate: ox.NamedNode) -> Iterator[tuple[ox.NamedNode, object]]:
        """Yield the values of a property for each of the things."""
        for node in nodes:
            for quad in self.quads.quads_for_pattern(node, predicate, None, ox.DefaultGraph()):
                yield node, quad.object

    def without_source(self) -> list[str]:
        """Return the prefixed names of the stated graphs that do not say what they were derived from."""
        derived_from = ox.NamedNode(STANDARD["prov"] + "wasDerivedFrom")
        stated = (
            name for name in self.quads.named_graphs() if isinstance(name, ox.NamedNode) and name.value != DERIVED
        )
        return sorted(
            compact(name.value)
            for name in stated
            if not any(self.quads.quads_for_pattern(name, derived_from, None, ox.DefaultGraph()))
        )


def of(closure: Closure) -> Store:
    """Return the closure as a store in memory."""
    quads = ox.Store()
    return Store(quads, filled(quads, closure.quads(), closure.contradictions))


def store_of(graph: Graph) -> Store:
    """Return what can be asked as a store. Raises LoadError and ReasonError."""
    if isinstance(graph, Store):
        return graph
    if isinstance(graph, Closure):
        return of(graph)
    if graph is None:
        return open_store()
    sources = graph if isinstance(graph, list | tuple) else [graph]
    if not sources:
        raise LoadError(f"An empty list of sources. Give a path or an rdflib graph, or {SHIPPED!r}.")
    return open_store(*sources)


def open_store(
    *sources: Path | str | rdflib.Graph,
    reasoner: str = REASONERS[0],
    on_reasoning: OnReasoning = None,
) -> Store:
    """Return the closure of `sources` (see `kg.load`) as a store; with none, that of the facts the package ships.

    A closure of files is kept in the cache under a hash of their content, and opened from there the next time, without
    reasoning and without rdflib. `on_reasoning` is told each step when there is nothing in the cache.
    Raises LoadError and ReasonError.
    """
    paths = [source for source in sources if isinstance(source, Path | str)]
    if len(paths) < len(sources):
        return of(close(load(*sources), reasoner, on_reasoning))
    found = files(*(paths or [SHIPPED]))
    folder = places.cache() / key_of(digests(found), reasoner)
    if (opened := open_entry(folder)) is not None:
        return opened
    with _alone(folder):
        kept = open_entry(folder) is not None or _keep(folder, found, reasoner, on_reasoning)
    if kept and (opened := open_entry(folder)) is not None:
        return opened
    in_memory = ox.Store()
    return Store(in_memory, fill(in_memory, found, reasoner, on_reasoning))


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let one process at a time make an entry of the cache; the others wait for it, and find it made."""
    from filelock import FileLock

    with ExitStack() as held:
        with suppress(OSError):  # a cache that cannot be written needs no lock
            folder.parent.mkdir(parents=True, exist_ok=True)
            held.enter_context(FileLock(folder.with_name(f".{folder.name}.lock")))
        yield


def digests(found: Files) -> list[tuple[str, str]]:
    """Return the SHA-256 of each file, with the graph it becomes. Raises LoadError."""
    return [(name, _digest(path)) for name, path in found]


def key_of(content: list[tuple[str, str]], reasoner: str) -> str:
    """Hash what the closure depends on: the files' content and graphs, and the code that closes them."""
    code = [(name, places.PACKAGE / name) for name in _CODE]
    code += [(path.name, path) for path in sorted((places.PACKAGE / "owl2rl").glob("*.py"))]
    code += [(path.name, path) for path in sorted(places.DERIVATIONS.glob("*.rq"))]
    digest = hashlib.sha256(f"{ox.__version__} {reasoner}".encode())
    for name, sha256 in (*content, *digests(code)):
        digest.update(f"\0{name}\0{sha256}".encode())
    return digest.hexdigest()[:32]


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise LoadError(f"{path}: cannot be read ({error.strerror or error}).") from None


def open_entry(folder: Path) -> Store | None:
    """Return the closure that is kept in a folder, None if there is no whole one."""
    try:
        about = json.loads((folder / "about.json").read_text())
        store = Store(
            ox.Store.read_only(str(folder / "store")),
            tuple(map(Contradiction.of_json, about["contradictions"])),
            folder,
        )
    except (OSError, RuntimeError, ValueError, KeyError):  # RuntimeError: the engine finds its files damaged
        return None
    with suppress(OSError):  # a cache that is only read serves as well
        os.utime(folder)
    return store


def _keep(folder: Path, found: Files, reasoner: str, on_reasoning: OnReasoning) -> bool:
    """Put the closure of files into the cache; tell whether it is there. Whoever comes second leaves what is there.

    It is built aside and renamed, so that nobody ever opens half of it. A cache that cannot be written is no error.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=".building-", dir=folder.parent))
    except OSError:
        return False
    try:
        store = ox.Store(str(aside / "store"))
        contradictions = fill(store, found, reasoner, on_reasoning)
        store.optimize()
        store.flush()
        del store
        (aside / "about.json").write_text(json.dumps({"contradictions": [each.to_json() for each in contradictions]}))
        if folder.exists() and open_entry(folder) is None:
            folder.rename(aside / "broken")
        aside.rename(folder)
    except OSError:
        pass  # there is one already, or the disk is full: the answer does not depend on it
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    _forget_oldest(folder.parent)
    return open_entry(folder) is not None


def held(folder: Path) -> AbstractContextManager[bool]:
    """Keep an entry of the cache from being removed to make room, until this ends or the process does."""
    return lock(folder, exclusive=False)


@contextmanager
def lock(folder: Path, *, exclusive: bool) -> Iterator[bool]:
    """Hold an entry of the cache, for oneself or with others; tell whether it could be had.

    A system without such locks does not remove files that are open.
    """
    with ExitStack() as kept:
        try:
            import fcntl

            stream = kept.enter_context((folder / "about.json").open("rb"))
            fcntl.flock(stream, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        except (ImportError, OSError):
            yield True
        else:
            yield True


def _forget_oldest(cache: Path) -> None:
    """Remove all but the entries used last, and what killed processes left. Another process may be doing the same."""

    def used(path: Path) -> float:
        try:
            return path.stat().st_mtime
        except OSError:
            return time.time()  # gone already

    with suppress(OSError):
        for left in (*cache.glob(".building-*"), *cache.glob(".*.lock")):
            if time.time() - used(left) > A_DAY:
                shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink(missing_ok=True)
        entries = [path for path in cache.iterdir() if path.name[0] != "." and (path / "about.json").is_file()]
        for path in sorted(entries, key=used, reverse=True)[KEPT:]:
            with lock(path, exclusive=True) as free:
                if free:
                    shutil.rmtree(path, ignore_errors=True)
