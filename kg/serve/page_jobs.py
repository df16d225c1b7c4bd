"""What a page needs of the graph, found by a worker: answers, charts, dossiers, names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

import pyoxigraph as ox

from kg import lookup, questions
from kg.answer import Answer
from kg.ask import ask
from kg.errors import PlotError, UnknownThing
from kg.names import BASE, PREFIXES, STANDARD, compact
from kg.plot import charted
from kg.serve import jobs
from kg.serve.negotiate import GRAPHS, JSON
from kg.show import show
from kg.store import Store

WIDE, NARROW = 960, 335
"""Widths of charts, in pixels: for a desk and for a phone."""

POINTING = 50
"""Facts that point to a thing and stand in its dossier."""

DOSSIERS = {
    "kg:Substance": "substance: timeline first-approvals approvals-of-substance pivotal-trials evidence-of-approval"
    " drug-classes novelty-claims orphan-designations comparisons-with-substance",
    "kg:ClinicalTrial": "trial: hazard-ratios trial-results-by-cohort trial-design trial-cohorts trial-arms"
    " endpoints-of-trial adverse-events approvals-on-trial publications-of-trial",
    "kg:Condition": "condition: approvals-within-condition hazard-ratios trials orphan-designations",
    "kg:Organization": "company: approvals-of-company",
    "kg:Jurisdiction": "jurisdiction: coverage agencies-of-jurisdiction",
    "kg:Source": "source: match-methods",
}
"""Class -> the parameter that a member is, and the questions that its dossier answers, in order."""

SEARCHED = "drug trial condition drugclass agency jurisdiction organization product population code".split()
"""The kinds of things that a search finds, by the first part of their path, most wanted first."""

MOST_FOUND = 40


@dataclass(frozen=True)
class Asked:
    """A question with its answer, and its charts for a desk and for a phone if it has any; `remark` says why not.

    `sparql` is the query with the values that were given in it.
    """

    name: str
    text: str
    sparql: str
    answer: Answer
    charts: tuple[str, str] | None
    remark: str = ""


@dataclass(frozen=True)
class Dossier:
    """What a page tells of a thing: its facts, those that point to it, and answers about it."""

    iri: str
    label: str
    kinds: tuple[tuple[str, str], ...]
    facts: Answer
    asked: tuple[Asked, ...]


@dataclass(frozen=True)
class Found:
    """A thing that a search found: its IRI, its label, its kind, and the name that matched where that is another."""

    iri: str
    label: str
    kind: str
    name: str


def asked(store: Store, name: str, values: dict[str, str]) -> Asked:
    """Answer a stored question and draw it, if it has a chart. Raises what `kg.ask` raises."""
    question = questions.question(name)
    terms = lookup.terms(store, question, values)
    answer = ask(name, store, **{key: term.value for key, term in terms.items()})
    found = Asked(name, question.text, question.bind(terms, editable=True), answer, None)
    if question.chart is None or not answer.rows:
        return found
    try:
        wide, narrow = (charted(question, answer, width, embedded=True) for width in (WIDE, NARROW))
    except PlotError as error:
        return replace(found, remark=str(error))
    return replace(found, charts=(wide, narrow))


def answered(store: Store, name: str, values: dict[str, str]) -> Answer:
    """Answer a stored question. Raises what `kg.ask` raises."""
    return ask(name, store, **values)


def dossier(store: Store, iri: str) -> Dossier:
    """Return what is known of a thing. Raises UnknownThing."""
    facts = show(f"<{iri}>", store, POINTING)
    node = ox.NamedNode(iri)
    type_ = ox.NamedNode(STANDARD["rdf"] + "type")
    kinds = [quad.object for quad in store.quads.quads_for_pattern(node, type_, None, lookup.EACH_ONCE)]
    named = sorted((kind.value, lookup.label(store, kind)) for kind in kinds if isinstance(kind, ox.NamedNode))
    found = []
    for kind, told in DOSSIERS.items():
        if lookup.known(store, node, kind):
            parameter, names = told.split(": ")
            each = (asked(store, name, {parameter: iri}) for name in names.split())
            found += [replace(one, answer=_without(one.answer, node)) for one in each if one.answer.rows]
    return Dossier(iri, lookup.label(store, node), tuple(named), facts, tuple(found))


def _without(answer: Answer, thing: ox.NamedNode) -> Answer:
    """Return the answer without the columns that say nothing in a dossier: only the thing itself, or no value."""
    told = [n for n in range(len(answer.columns)) if {row[n] for row in answer.rows} - {thing, None, ox.Literal("")}]
    rows = tuple(tuple(row[n] for n in told) for row in answer.rows)
    return replace(answer, columns=tuple(answer.columns[n] for n in told), rows=rows)


def choices(store: Store, name: str) -> dict[str, list[str]]:
    """Return the labels of the things that a parameter of a question can be, where they are few enough to list."""
    return {param.name: _labels(store, param) for param in questions.question(name).params if param.is_thing}


@cache
def _labels(store: Store, param: questions.Param, most: int = 100) -> list[str]:
    kind = ox.NamedNode(PREFIXES[param.type.split(":")[0]] + param.type.split(":")[1])
    type_ = ox.NamedNode(STANDARD["rdf"] + "type")
    members = [quad.subject for quad in store.quads.quads_for_pattern(None, type_, kind, lookup.EACH_ONCE)]
    return sorted(set(lookup.labels(store, [members]).values())) if len(members) <= most else []


def search(store: Store, text: str) -> tuple[list[Found], str]:
    """Return the things whose name is, begins with or holds a text, the closest first; if none, what it may mean."""
    if len(text) < 2:
        return [], ""
    answer = ask("things-named", store, text=text)
    best: dict[str, tuple[tuple[int, int, int], str]] = {}
    for thing, name in answer.rows:
        if isinstance(thing, ox.NamedNode) and isinstance(name, ox.Literal) and (kind := _kind(thing.value)):
            folded = name.value.casefold()
            rank = 0 if folded == text.casefold() else 1 if folded.startswith(text.casefold()) else 2
            place = rank, SEARCHED.index(kind), len(folded)
            if thing.value not in best or place < best[thing.value][0]:
                best[thing.value] = place, name.value
    found = []
    for iri, (_, matched) in sorted(best.items(), key=lambda item: (item[1][0], item[0]))[:MOST_FOUND]:
        label = answer.labels.get(iri) or compact(iri)
        found.append(Found(iri, label, _kind(iri), "" if matched == label else matched))
    return found, "" if found else _meant(store, text)


def _meant(store: Store, text: str) -> str:
    try:
        lookup.find(store, text, "kg:Substance", "kg:ClinicalTrial", "kg:Condition")
    except UnknownThing as error:
        return "".join(str(error).partition("Did you mean")[1:])
    return ""


def _kind(iri: str) -> str:
    """Return the kind of a thing that is searched, '' of others."""
    kind = iri.removeprefix(BASE).split("/")[0]
    return kind if kind in SEARCHED else ""


def queried(store: Store, sparql: str, most: int) -> Answer | str:
    """Return the answer to a query of a stranger's; that of CONSTRUCT or DESCRIBE as Turtle.

    Raises what `kg.serve.jobs.sparql` raises.
    """
    accept = ", ".join([JSON.media, f"{next(iter(GRAPHS)).media};q=0.9"])
    form, content, _ = jobs.sparql(store, sparql, (), (), accept, most)
    if form != JSON:
        return content.decode()
    found = ox.parse_query_results(content, format=ox.QueryResultsFormat.JSON)
    if isinstance(found, ox.QueryBoolean):
        return Answer.of_texts("query", "Answer", ("answer",), [("true" if found else "false",)])
    assert isinstance(found, ox.QuerySolutions)
    columns = tuple(variable.value for variable in found.variables)
    rows = tuple(tuple(row[column] for column in columns) for row in found)
    return Answer("query", "Answer", columns, rows, lookup.labels(store, rows))


def first_page(store: Store) -> dict[str, Answer]:
    """Return what the start page tells of the graph: what it holds, of which days, and what is covered."""
    return {name: ask(name, store) for name in ("contents", "coverage", "snapshots")}


def terms(store: Store) -> list[str]:
    """Return the prefixed names of the ontology's terms and codes, sorted, for an editor to complete."""
    type_ = ox.NamedNode(STANDARD["rdf"] + "type")
    kinds = [STANDARD["owl"] + kind for kind in ("Class", "ObjectProperty", "DatatypeProperty")]
    kinds.append(STANDARD["skos"] + "Concept")
    found: Iterable[object] = (
        quad.subject
        for kind in kinds
        for quad in store.quads.quads_for_pattern(None, type_, ox.NamedNode(kind), lookup.EACH_ONCE)
    )
    named = {compact(node.value) for node in found if isinstance(node, ox.NamedNode)}
    return sorted(name for name in named if name.startswith(("kg:", "code:")))
