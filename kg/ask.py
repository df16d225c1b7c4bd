"""store -> Answer: a stored question, or a SPARQL query of one's own, and the rows it gives."""

from __future__ import annotations

import re
import time

import pyoxigraph as ox

from kg import kept, lookup, questions
from kg.answer import Answer, Cell
from kg.endpoint import Endpoint
from kg.errors import KgError, QueryError, did_you_mean
from kg.lookup import Asked
from kg.names import PREFIXES, STANDARD
from kg.store import Graph, store_of

MOST_NESTED = 100
"""Brackets in a query. A few thousand of them overflow the parser's stack and would end the process."""

MOST_LONG = 1_000_000
"""Characters in a query."""


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
    columns, rows = select(store, question.bind(terms))
    if columns != question.columns:
        raise KgError(
            f"{name}: the query gives the columns {' '.join(columns)}, its header says {' '.join(question.columns)}."
        )
    shown = {key: lookup.label(store, term) for key, term in terms.items()}
    return Answer(name, question.title, columns, rows, lookup.labels(store, rows), shown)


def query(sparql: str, graph: Graph = None) -> Answer:
    """Run a SPARQL query (SELECT, ASK, CONSTRUCT or DESCRIBE) of one's own; this project's prefixes are known in it.

    ASK gives one row with the column `answer`; CONSTRUCT and DESCRIBE give the columns subject, predicate and object.
    Raises QueryError; LoadError and ReasonError for a graph of one's own.
    """
    store = store_of(graph)
    columns, rows = select(store, sparql)
    return Answer("query", "Query", columns, rows, lookup.labels(store, rows))


def select(store: Asked, sparql: str) -> tuple[tuple[str, ...], tuple[tuple[Cell, ...], ...]]:
    """Return the columns and rows of a query. Raises QueryError."""
    _refuse_traps(sparql)
    started = time.perf_counter()
    try:
        found = kept.find(store.folder, sparql) or store.query(sparql)
    except SyntaxError as error:
        raise QueryError(_explained(sparql, str(error))) from None
    try:
        if isinstance(found, ox.QueryBoolean):
            truth = ox.Literal("true" if found else "false", datatype=ox.NamedNode(STANDARD["xsd"] + "boolean"))
            return ("answer",), ((truth,),)
        if isinstance(found, ox.QueryTriples):
            triples = sorted(found, key=str)
            return ("subject", "predicate", "object"), tuple((t.subject, t.predicate, t.object) for t in triples)
        columns = tuple(variable.value for variable in found.variables)
        rows = tuple(tuple(row[column] for column in columns) for row in found)
        if time.perf_counter() - started > kept.SLOW:
            kept.keep(store.folder, sparql, columns, rows)
        return columns, rows
    except (OSError, RuntimeError) as error:
        raise QueryError(f"The query failed while it ran: {error}.") from None


def _bare(sparql: str) -> str:
    """Blank out strings, IRIs and comments, so that what is left are the query's own words and brackets."""
    skipped = r"'''.*?'''|\"\"\".*?\"\"\"|'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\"|<[^\s<>\"{}|^`\\]*>|#[^\n]*"
    return re.sub(skipped, lambda match: " " * len(match[0]), sparql, flags=re.DOTALL)


def _refuse_traps(sparql: str) -> None:
    if len(sparql) > MOST_LONG:
        raise QueryError(
            f"The query has {len(sparql):,} characters; {MOST_LONG:,} is the most. Put the data into a file."
        )
    if not lookup.is_text(sparql):
        raise QueryError("The query is not UTF-8. Write it in that encoding.")
    words = _bare(sparql)
    if re.search(r"\bSERVICE\b", words, re.IGNORECASE):
        raise QueryError(
            "SERVICE is not followed: this graph asks no other server. Query the other endpoint by itself."
        )
    depth = deepest = 0
    for bracket in re.findall(r"[(){}\[\]]", words):
        depth += 1 if bracket in "({[" else -1
        deepest = max(deepest, depth)
    if deepest > MOST_NESTED:
        raise QueryError(
            f"The query has {deepest} brackets one within another; {MOST_NESTED} is the most. Simplify it."
        )


def _explained(sparql: str, message: str) -> str:
    """Turn the parser's message into one sentence with the line, the evidence and a next step."""
    place = re.search(r"error at (\d+):(\d+)", message)
    words = _bare(sparql)
    if re.search(r"\b(INSERT|DELETE|LOAD|CLEAR|CREATE|DROP|COPY|MOVE|ADD)\b", words, re.IGNORECASE) and not re.search(
        r"\b(SELECT|ASK|CONSTRUCT|DESCRIBE)\b", words, re.IGNORECASE
    ):
        return "This is an update. The graph is only read: use SELECT, ASK, CONSTRUCT or DESCRIBE."
    if place is None:
        return f"The query is malformed: {message.splitlines()[0][:200]}."
    line, column = int(place[1]), int(place[2])
    lines = sparql.splitlines()
    shown = lines[line - 1].strip()[:120] if line <= len(lines) else ""
    declared = re.findall(r"\bPREFIX\s+([\w-]*)\s*:", words, re.IGNORECASE)
    used = [prefix for prefix in re.findall(r"(?<![\w?$@:_-])([A-Za-z][\w-]*):(?!//)", words) if prefix not in declared]
    unknown = [prefix for prefix in used if prefix not in PREFIXES]
    if "Prefix not found" in message and unknown:
        near = did_you_mean(unknown[0], list(PREFIXES))
        return (
            f"The query is malformed at line {line}, column {column}: the prefix {unknown[0]}: is not declared.{near}"
        )
    if meant := re.search(r"(?:one of |, )([A-Z][A-Za-z]* [A-Za-z* ]+ [A-Za-z]+)", message):
        told = meant[1].replace("not authorized", "not possible")
        told = told[0].lower() + told[1:] if told[1].islower() else told
        return f"The query is malformed at line {line}: {told}, in: {shown}"
    ends = line >= len(lines) and column > len(lines[-1].rstrip()) if lines else True
    what = "it ends too early" if ends else f"unexpected text in: {shown}"
    return f"The query is malformed at line {line}, column {column}: {what}. Are a bracket, a dot or a keyword missing?"
