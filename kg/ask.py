"""store -> Answer: a stored question, or a SPARQL query of one's own, and the rows it gives."""

from __future__ import annotations

import time

import pyoxigraph as ox

from kg import kept, lookup, questions
from kg.answer import Answer, Cell
from kg.endpoint import Endpoint
from kg.errors import KgError, QueryError
from kg.garbage import uncollected
from kg.lookup import Asked
from kg.names import STANDARD
from kg.sparql import explained, refuse_traps
from kg.store import Graph, store_of


def ask(name: str, graph: Graph | Endpoint = None, **values: object) -> Answer:
    """Ask a stored question, with its parameters by name. `graph` is the shipped facts unless another is given.

    It may be several: `graph=["mine.ttl", "shipped"]`; or an endpoint: `graph=kg.Endpoint("https://..")`. A parameter
    that is a thing may be an IRI, a prefixed name, an identifier or a label.

    >>> import kg
    >>> [row["agency"] for row in kg.ask("approvals-of-substance", substance="cabozantinib")]
    ['U.S. Food and Drug Administration', 'European Commission']

    Raises UnknownQuestion, ParameterError, UnknownThing; LoadError and ReasonError for a graph of one's own,
    EndpointError for an endpoint.
    """
    question = questions.question(name)
    store = graph if isinstance(graph, Endpoint) else store_of(graph)
    terms = lookup.terms(store, question, {key: str(value) for key, value in values.items() if value is not None})
    with uncollected():
        columns, rows = select(store, question.bind(terms))
        labels = lookup.labels(store, rows)
    if columns != question.columns:
        raise KgError(
            f"{name}: the query gives the columns {' '.join(columns)}, its header says {' '.join(question.columns)}."
        )
    shown = {key: lookup.label(store, term) for key, term in terms.items()}
    return Answer(name, question.title, columns, rows, labels, shown)


def query(sparql: str, graph: Graph = None) -> Answer:
    """Run a SPARQL query (SELECT, ASK, CONSTRUCT or DESCRIBE) of one's own; this project's prefixes are known in it.

    ASK gives one row with the column `answer`; CONSTRUCT and DESCRIBE give the columns subject, predicate and object.
    Raises QueryError; LoadError and ReasonError for a graph of one's own.
    """
    store = store_of(graph)
    with uncollected():
        columns, rows = select(store, sparql)
        labels = lookup.labels(store, rows)
    return Answer("query", "Query", columns, rows, labels)


def select(store: Asked, sparql: str) -> tuple[tuple[str, ...], tuple[tuple[Cell, ...], ...]]:
    """Return the columns and rows of a query. Raises QueryError."""
    refuse_traps(sparql)
    started = time.perf_counter()
    try:
        found = kept.find(store.folder, sparql) or store.query(sparql)
    except SyntaxError as error:
        raise explained(sparql, error) from None
    try:
        if isinstance(found, ox.QueryBoolean):
            truth = ox.Literal("true" if found else "false", datatype=ox.NamedNode(STANDARD["xsd"] + "boolean"))
            return ("answer",), ((truth,),)
        if isinstance(found, ox.QueryTriples):
            triples = sorted(found, key=str)
            return ("subject", "predicate", "object"), tuple((t.subject, t.predicate, t.object) for t in triples)
        columns = tuple(variable.value for variable in found.variables)
        rows = tuple(map(tuple, found))
        if time.perf_counter() - started > kept.SLOW:
            kept.keep(store.folder, sparql, columns, rows)
        return columns, rows
    except (OSError, RuntimeError) as error:
        del found  # rows must be dropped by the thread that read them, and the error keeps what is here
        raise QueryError(f"The query failed while it ran: {error}.") from None
