"""store -> Answer: everything the graph knows of one thing, each fact with its source or marked as derived."""

from __future__ import annotations

import pyoxigraph as ox

from kg import lookup
from kg.answer import Answer, Cell
from kg.names import DERIVED, STANDARD
from kg.store import Graph, Store, store_of

COLUMNS = ("subject", "predicate", "object", "standing", "source")
_DERIVED = ox.NamedNode(DERIVED)
_FROM = ox.NamedNode(STANDARD["prov"] + "wasDerivedFrom")


def show(name: str, graph: Graph = None, most: int | None = None) -> Answer:
    """Return the facts about a thing (see `kg.lookup.find` for how to name it), then those that point to it.

    A row is a fact: its terms, `stated` or `derived`, and for a stated one its sources. `graph` is the shipped facts
    unless another is given; of the facts that point to it at most `most` are told. Raises UnknownThing; LoadError and
    ReasonError for a graph of one's own.
    """
    store = store_of(graph)
    thing = lookup.find(store, name)
    about = _facts(store, thing, outgoing=True)
    pointing = _facts(store, thing, outgoing=False, most=most)
    ordered = sorted(about.items(), key=_order) + sorted(pointing.items(), key=_order)
    rows = tuple(_row(store, fact, graphs) for fact, graphs in ordered)
    title = f"{lookup.label(store, thing)}: {len(about)} facts about it, {len(pointing)} that point to it"
    return Answer("show", title, COLUMNS, rows, lookup.labels(store, rows), {"thing": thing.value})


def _facts(
    store: Store, thing: ox.NamedNode, *, outgoing: bool, most: int | None = None
) -> dict[ox.Triple, set[ox.NamedNode]]:
    pattern = (thing, None, None, None) if outgoing else (None, None, thing, None)
    facts: dict[ox.Triple, set[ox.NamedNode]] = {}
    for quad in store.quads.quads_for_pattern(*pattern):
        if not outgoing and quad.subject == thing:
            continue
        if most is not None and len(facts) >= most and quad.triple not in facts:
            break  # the graphs of one fact come one after another
        if isinstance(quad.graph_name, ox.NamedNode):
            facts.setdefault(quad.triple, set()).add(quad.graph_name)
    return facts


def _order(item: tuple[ox.Triple, set[ox.NamedNode]]) -> tuple[bool, str, str, str]:
    fact, graphs = item
    type_last = fact.predicate.value != STANDARD["rdf"] + "type"
    return graphs == {_DERIVED}, str(int(type_last)), fact.predicate.value, f"{fact.object} {fact.subject}"


def _row(store: Store, fact: ox.Triple, graphs: set[ox.NamedNode]) -> tuple[Cell, ...]:
    if graphs == {_DERIVED}:
        standing, sources = "derived", ""
    else:
        found = {
            lookup.label(store, quad.object)
            for graph in graphs - {_DERIVED}
            for quad in store.quads.quads_for_pattern(graph, _FROM, None, None)
            if isinstance(quad.object, ox.NamedNode)
        }
        standing, sources = "stated", "; ".join(sorted(found)) or "no source"
    # A store of one's own may hold terms of RDF 1.2, which no cell does.
    value = ox.Literal(str(fact.object)) if isinstance(fact.object, ox.Triple) else fact.object
    assert isinstance(fact.subject, ox.NamedNode | ox.BlankNode)
    return fact.subject, fact.predicate, value, ox.Literal(standing), ox.Literal(sources)
