"""What a worker does for a tool: each function takes the store first, and gives what goes through a pipe."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import islice

import pyoxigraph as ox

from kg import lookup, questions
from kg.answer import Answer
from kg.ask import ask
from kg.errors import QueryError
from kg.mcp.bounded import MOST_TEXT, Proofs, Told, told
from kg.serve import jobs, page_jobs
from kg.show import show
from kg.store import Store
from kg.why import Explanation, why, why_not, why_row


def answered(store: Store, name: str, values: dict[str, object], most: int) -> Told:
    """Answer a stored question. Raises what `kg.ask` raises."""
    _check(store, name, values)
    return told(ask(name, store, **values), most)


def vocabulary(store: Store, word: str, kind: str | None, most: int) -> Told:
    """Return the terms of the ontology that hold a word, of one kind if it is given."""
    answer = ask("vocabulary", store, word=word or None)
    at = answer.columns.index("kind")
    rows = tuple(row for row in answer.rows if kind is None or answer.text(row[at]) == kind)
    return told(replace(answer, rows=rows), most)


def found(store: Store, words: str, most: int) -> Told:
    """Return the things whose name holds a text."""
    things, meant = page_jobs.search(store, words)
    rows = [(each.iri, each.label, each.kind, each.name) for each in things]
    title = f"Things named {words!r}, the closest first"
    remark = f"There may be more: {len(rows)} are found at most." if len(rows) == page_jobs.MOST_FOUND else ""
    meant = f"Did you mean{meant}" if meant else ""
    return told(Answer.of_texts("find_thing", title, ("iri", "label", "kind", "name"), rows), most, remark, meant)


def shown(store: Store, name: str, most: int) -> Told:
    """Return what is known of a thing, and at most so many of the facts that point to it. Raises UnknownThing."""
    answer = show(name, store, most)
    thing = ox.NamedNode(answer.parameters["thing"])
    pointing = sum(row[0] != thing for row in answer.rows)
    remark = f"Cut: more facts may point to it; {most:,} are looked at." if pointing == most else ""
    return told(answer, most, remark)


def queried(store: Store, sparql: str, most: int) -> Told:
    """Return the first rows of a query of one's own, as many as are wanted and no more. Raises QueryError."""
    result, remark = jobs.evaluated(store, sparql)
    if isinstance(result, ox.QueryBoolean):
        return told(Answer.of_texts("query", "Answer", ("answer",), [("true" if result else "false",)]), most, remark)
    try:
        if isinstance(result, ox.QueryTriples):
            columns: tuple[str, ...] = "subject", "predicate", "object"
            rows = [(t.subject, t.predicate, t.object) for t in islice(result, most + 1)]
        else:
            columns = tuple(variable.value for variable in result.variables)
            rows = [tuple(row[column] for column in columns) for row in islice(result, most + 1)]
    except (OSError, RuntimeError) as error:
        raise QueryError(f"The query failed while it ran: {error}.") from None
    answer = Answer("query", "Answer", columns, tuple(rows[:most]), lookup.labels(store, rows[:most]))
    return told(answer, most, remark, total=-1 if len(rows) > most else None)


def proved(store: Store, subject: str, predicate: str, value: str, every: bool) -> Told:
    """Return why a fact holds. Raises what `kg.why` raises."""
    return _explained(why(subject, predicate, value, store, every=every))


def lacking(store: Store, subject: str, predicate: str, value: str) -> Told:
    """Return what a fact lacks that does not hold. Raises what `kg.why_not` raises."""
    return _explained(why_not(subject, predicate, value, store))


def row_proved(store: Store, name: str, values: dict[str, object], row: int) -> Told:
    """Return why an answer has a row, counted from 1. Raises what `kg.why.why_row` raises."""
    _check(store, name, values)
    return _explained(why_row(name, row, store, **values))


def _check(store: Store, name: str, values: dict[str, object]) -> None:
    """Refuse what is no parameter of the question before it could be one of the function that asks it."""
    lookup.terms(store, questions.question(name), {key: str(value) for key, value in values.items()})


def _explained(explanation: Explanation) -> Told:
    """Return an explanation as the text of its tree, and as a program reads it; that only if it is not too long."""
    text, content = str(explanation), explanation.to_json()
    long, large = len(text) > MOST_TEXT, len(content) > 2 * MOST_TEXT
    remarks = [f"Cut: the proof's text has {len(text):,} characters."] if long else []
    if long:
        text = text[:MOST_TEXT].rpartition("\n")[0]
    if large:
        remarks.append("Cut: it is too long to be told as data too.")
        content = json.dumps({"title": explanation.title, "proofs": [], "computed": [], "near": []})
    remark = " ".join(remarks)
    fields = json.loads(content) | {"complete": not remarks, "remark": remark}
    return Told("\n".join([text, remark]).rstrip() + "\n", Proofs(**fields))
