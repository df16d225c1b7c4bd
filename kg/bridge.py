"""The way to and from rdflib, whose graphs are what users of Python and RDF hold in their hands."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pyoxigraph as ox
import rdflib
from rdflib.term import Node

from kg.errors import LoadError
from kg.names import BASE, DERIVED, PREFIXES
from kg.sources import OWN_GRAPH


def to_rdflib(quads: Iterable[ox.Quad]) -> rdflib.Dataset:
    """Return the quads as an rdflib Dataset whose default graph is the union of the named ones."""
    dataset = rdflib.Dataset(default_union=True)
    for prefix, namespace in PREFIXES.items():
        dataset.bind(prefix, namespace, replace=True)
    with quiet():
        dataset.addN(
            (_node(q.subject), _node(q.predicate), _node(q.object), dataset.graph(_node(q.graph_name))) for q in quads
        )
    return dataset


def to_graph(triples: Iterable[ox.Triple]) -> rdflib.Graph:
    """Return the triples as one rdflib Graph."""
    graph = rdflib.Graph()
    for triple in triples:
        graph.add((_node(triple.subject), _node(triple.predicate), _node(triple.object)))
    return graph


@contextmanager
def quiet() -> Iterator[None]:
    """Keep rdflib from printing a traceback for each ill-typed literal; the shapes and dt-not-type tell of those."""
    logger = logging.getLogger("rdflib.term")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)


def from_rdflib(graph: rdflib.Graph) -> Iterator[ox.Quad]:
    """Yield the quads of an rdflib Graph or Dataset; what has no graph name goes to graph:rdflib.

    Raises LoadError for what is no such graph, for a triple that is not RDF, such as one with a literal as its subject,
    and for facts in graph:derived.
    """
    if not isinstance(graph, rdflib.Graph):
        raise LoadError(f"{graph!r:.200} is not a source. Give a path, an rdflib graph, or several of them one by one.")
    if isinstance(graph, rdflib.Dataset):
        for s, p, o, context in graph.quads():
            yield _quad(s, p, o, _graph(context))
    else:
        name = _graph(graph.identifier)
        for s, p, o in graph:
            yield _quad(s, p, o, name)


def _graph(name: object) -> ox.NamedNode:
    if not isinstance(name, rdflib.URIRef):
        return ox.NamedNode(BASE + "graph/rdflib")
    if str(name) == DERIVED:
        raise LoadError(f"An rdflib graph cannot be a source: {OWN_GRAPH}")
    try:
        return ox.NamedNode(str(name))
    except ValueError as error:
        raise LoadError(f"The name of a graph is no IRI: {name!r} ({error}).") from None


def triple(s: Node, p: Node, o: Node) -> ox.Triple | None:
    """Return the triple in pyoxigraph's terms, or None if it is not RDF (owlrl derives such triples)."""
    try:
        subject, predicate, value = term(s), term(p), term(o)
    except ValueError:
        return None
    if isinstance(subject, ox.Literal) or not isinstance(predicate, ox.NamedNode):
        return None
    return ox.Triple(subject, predicate, value)


def _quad(s: Node, p: Node, o: Node, name: ox.NamedNode) -> ox.Quad:
    found = triple(s, p, o)
    if found is None:
        raise LoadError(
            f"This triple is not RDF: {s!r} {p!r} {o!r}. Subjects are IRIs or blank nodes, predicates IRIs."
        )
    return ox.Quad(found.subject, found.predicate, found.object, name)


def term(node: Node) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    """Return a term of rdflib as pyoxigraph has it."""
    if isinstance(node, rdflib.Literal):
        if node.language:
            return ox.Literal(str(node), language=node.language)
        return (
            ox.Literal(str(node), datatype=ox.NamedNode(str(node.datatype))) if node.datatype else ox.Literal(str(node))
        )
    if isinstance(node, rdflib.BNode):
        return ox.BlankNode(str(node))
    return ox.NamedNode(str(node))


def _node(term: object) -> rdflib.URIRef | rdflib.BNode | rdflib.Literal:
    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return rdflib.BNode(term.value)
    if isinstance(term, ox.Literal):
        if term.language:
            return rdflib.Literal(term.value, lang=term.language)
        plain = term.datatype.value == "http://www.w3.org/2001/XMLSchema#string"
        return rdflib.Literal(
            term.value, datatype=None if plain else rdflib.URIRef(term.datatype.value), normalize=False
        )
    raise LoadError(f"{term} is not an RDF 1.1 term.")
