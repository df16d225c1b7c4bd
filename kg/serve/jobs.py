"""What a worker does: each function here takes the store first, and gives what goes through a pipe."""

from __future__ import annotations

import io
from collections.abc import Iterable
from functools import cache
from itertools import islice
from typing import IO, cast

import pyoxigraph as ox

from kg.errors import KgError, QueryError, QueryRefused, UnknownThing, did_you_mean
from kg.names import DERIVED, KG, PREFIXES, STANDARD, compact
from kg.serve.bounds import TooLarge
from kg.serve.negotiate import DATASETS, GRAPHS, TABLES, Form, choose
from kg.sparql import explained, graphs_named, refuse_traps, unknown_terms
from kg.store import Store

MOST_POINTING = 1000
"""Facts that point to a thing and are told with it; of an agency or a country there would be tens of thousands."""


class NotAcceptable(KgError):
    """The client takes no form that the answer could have."""


class _Sink(io.RawIOBase):
    """Takes what is written, up to a number of bytes."""

    def __init__(self, most: int) -> None:
        self.parts: list[bytes] = []
        self.left = self.most = most

    def writable(self) -> bool:
        return True

    def write(self, content: object) -> int:
        part = bytes(content)  # type: ignore[call-overload]
        self.left -= len(part)
        if self.left < 0:
            raise TooLarge(f"The answer has more than {self.most:,} bytes. Add a LIMIT, or ask for less.")
        self.parts.append(part)
        return len(part)


def warm(store: Store) -> None:
    """Touch what the first job would wait for."""
    _graphs(store)
    _terms(store)


def sparql(
    store: Store,
    query: str,
    default_graphs: tuple[str, ...],
    named_graphs: tuple[str, ...],
    accept: str,
    most: int,
) -> tuple[Form, bytes, str]:
    """Return the answer to a query in the form the client likes best, with a remark on terms that are none.

    Raises QueryError, NotAcceptable, TooLarge.
    """
    found, remark = evaluated(store, query, default_graphs, named_graphs)
    sink = _Sink(most)
    try:
        if isinstance(found, ox.QueryTriples):
            form = _chosen(accept, GRAPHS)
            ox.serialize(found, cast("IO[bytes]", sink), GRAPHS[form], prefixes=PREFIXES)
        else:
            form = _chosen(accept, TABLES)
            found.serialize(cast("IO[bytes]", sink), TABLES[form])
    except (OSError, RuntimeError) as error:
        raise QueryError(f"The query failed while it ran: {error}.") from None
    return form, b"".join(sink.parts), remark


def evaluated(
    store: Store, query: str, default_graphs: tuple[str, ...] = (), named_graphs: tuple[str, ...] = ()
) -> tuple[ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples, str]:
    """Return what a stranger's query finds, as it is found, with a remark on terms that are none. Raises QueryError."""
    refuse_traps(query)
    remark = unknown_terms(query, _terms(store))
    dataset = {}
    if default_graphs or named_graphs:
        dataset["default_graph"] = [_graph(store, name) for name in default_graphs]
        dataset["named_graphs"] = [_graph(store, name) for name in named_graphs]
    else:
        for name in graphs_named(query):
            _graph(store, name)
    try:
        found = store.quads.query(query, prefixes=PREFIXES, **dataset)  # type: ignore[arg-type]
    except SyntaxError as error:
        fault = explained(query, error)
        raise type(fault)(f"{fault} {remark}".rstrip(), fault.line, fault.column) from None
    except (OSError, RuntimeError, ValueError) as error:
        raise QueryError(f"The query failed: {error}.") from None
    return found, remark


def _chosen(accept: str, offered: Iterable[Form]) -> Form:
    form = choose(accept, offered)
    if form is None:
        names = ", ".join(each.media for each in offered)
        raise NotAcceptable(f"This answer can be had as {names}; the request accepts {accept[:200]!r}.")
    return form


@cache
def _terms(store: Store) -> frozenset[str]:
    """Return the local names of the vocabulary: what a kg: IRI is stated to be defined as, or is used as a property."""
    kind = ox.NamedNode(STANDARD["rdf"] + "type")
    kinds = [ox.NamedNode(STANDARD["owl"] + name) for name in ("Class", "ObjectProperty", "DatatypeProperty")]
    kinds.append(ox.NamedNode(STANDARD["owl"] + "AnnotationProperty"))
    named = (q.subject for each in kinds for q in store.quads.quads_for_pattern(None, kind, each, ox.DefaultGraph()))
    return frozenset(n.value[len(KG) :] for n in named if isinstance(n, ox.NamedNode) and n.value.startswith(KG))


def graphs(store: Store) -> list[str]:
    """Return the names of the named graphs, sorted."""
    return sorted(_graphs(store))


@cache
def _graphs(store: Store) -> frozenset[str]:
    return frozenset(name.value for name in store.quads.named_graphs() if isinstance(name, ox.NamedNode))


def _graph(store: Store, name: str) -> ox.NamedNode:
    if name not in _graphs(store):
        near = did_you_mean(name, sorted(_graphs(store)))
        raise QueryRefused(f"<{name[:500]}> is no graph here, and none is fetched from elsewhere.{near}")
    return ox.NamedNode(name)


def describe(store: Store, iri: str, ending: str, most: int) -> tuple[bytes, list[str]]:
    """Return a document about a thing, in the form with that ending, and the licences of the graphs it is made of.

    It has the facts about the thing and those that point to it, of the latter at most MOST_POINTING, and what blank
    nodes among them say. The document of the vocabulary has its terms. The forms that tell graphs have each fact in the
    graphs that state it, and what these were derived from. Raises UnknownThing, TooLarge.
    """
    form, syntax = next((form, syntax) for form, syntax in (GRAPHS | DATASETS).items() if form.ending == ending)
    facts = _about(store, ox.NamedNode(iri))
    if not facts:
        raise UnknownThing(f"The graph has nothing called {compact(iri)}.")
    in_graphs = _in_graphs(store, facts)
    sink = _Sink(most)
    ox.serialize(in_graphs if form in DATASETS else facts, cast("IO[bytes]", sink), syntax, prefixes=PREFIXES)
    licence = ox.NamedNode(STANDARD["dcterms"] + "license")
    licences = {
        quad.object.value
        for graph in {quad.graph_name for quad in in_graphs}
        if isinstance(graph, ox.NamedNode)
        for quad in store.quads.quads_for_pattern(graph, licence, None, ox.DefaultGraph())
        if isinstance(quad.object, ox.NamedNode)
    }
    return b"".join(sink.parts), sorted(licences)


def known(store: Store, spellings: tuple[str, ...]) -> tuple[str, list[str]] | None:
    """Return the first spelling of an IRI that the graph has a fact about or pointing to, and its stated classes."""
    kind = ox.NamedNode(STANDARD["rdf"] + "type")
    unstated = (ox.DefaultGraph(), ox.NamedNode(DERIVED))
    for iri in spellings:
        try:
            node = ox.NamedNode(iri)
        except ValueError:
            continue
        if any(_pattern(store, node, None)) or any(_pattern(store, None, node)):
            types = store.quads.quads_for_pattern(node, kind, None)
            stated = {q.object for q in types if q.graph_name not in unstated}
            return iri, sorted(each.value for each in stated if isinstance(each, ox.NamedNode))
    return None


def _pattern(
    store: Store, subject: ox.NamedNode | ox.BlankNode | None, value: ox.NamedNode | None
) -> Iterable[ox.Quad]:
    return store.quads.quads_for_pattern(subject, None, value, ox.DefaultGraph())


def _about(store: Store, thing: ox.NamedNode) -> list[ox.Triple]:
    facts: dict[ox.Triple, None] = {}
    waiting: list[ox.NamedNode | ox.BlankNode] = [thing]
    if f"{thing.value}#" == KG:
        waiting += [ox.NamedNode(KG + name) for name in _terms(store)]
    seen = set(waiting)
    while waiting:
        for quad in _pattern(store, waiting.pop(), None):
            facts[quad.triple] = None
            if isinstance(quad.object, ox.BlankNode) and quad.object not in seen:
                seen.add(quad.object)
                waiting.append(quad.object)
    pointing = (quad.triple for quad in _pattern(store, None, thing))
    return sorted(facts, key=str) + sorted(islice(pointing, MOST_POINTING), key=str)


def _in_graphs(store: Store, facts: Iterable[ox.Triple]) -> list[ox.Quad]:
    told = [
        quad
        for fact in facts
        for quad in store.quads.quads_for_pattern(fact.subject, fact.predicate, fact.object)
        if quad.graph_name != ox.DefaultGraph()
    ]
    derived_from = ox.NamedNode(STANDARD["prov"] + "wasDerivedFrom")
    graphs = {quad.graph_name for quad in told if isinstance(quad.graph_name, ox.NamedNode)}
    sources = [
        quad
        for graph in graphs
        for quad in store.quads.quads_for_pattern(graph, derived_from, None)
        if quad.graph_name != ox.DefaultGraph()
    ]
    return sorted({*told, *sources}, key=lambda quad: (str(quad.graph_name), str(quad)))
