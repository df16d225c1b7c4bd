"""From what a person writes to a thing of the graph: an IRI, a prefixed name, an identifier or a label."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TypeAlias

import pyoxigraph as ox

from kg.endpoint import Endpoint
from kg.errors import ParameterError, UnknownThing, did_you_mean
from kg.names import STANDARD, compact, expand
from kg.questions import AS_OF, Param, Question, option
from kg.store import Store

Asked: TypeAlias = "Store | Endpoint"
EACH_ONCE = ox.DefaultGraph()
_NAMING = "rdfs:label|skos:altLabel|skos:notation|dcterms:identifier|kg:acronym"
_PROLOGUE = "PREFIX kg: <https://w3id.org/drug-approvals/ontology#>\n" + "\n".join(
    f"PREFIX {prefix}: <{STANDARD[prefix]}>" for prefix in ("rdfs", "skos", "dcterms", "rdf")
)
_EXACT = _PROLOGUE + f"SELECT DISTINCT ?thing {{ VALUES ?name {{ %s }} ?thing {_NAMING} ?name . %s }}"
_FOLDED = _PROLOGUE + f"SELECT DISTINCT ?thing ?name {{ %s ?thing {_NAMING} ?name FILTER(LCASE(STR(?name)) = %s) }}"
_NAMES = _PROLOGUE + f"SELECT DISTINCT ?name {{ %s ?thing {_NAMING} ?name }}"


def find(store: Asked, name: str, *of_classes: str, like: str | None = None) -> ox.NamedNode:
    """Return the one thing that goes by `name`, among the members of classes (prefixed names) if any are given.

    An IRI or prefixed name is taken as it is written; else an identifier, notation, label or synonym is looked up, as
    written first and then without regard to case. `like` names a concept in whose scheme alone the name is looked up.
    Raises UnknownThing when there is none, or more than one.
    """
    member = " UNION ".join(f"{{ ?thing rdf:type {each} }}" for each in of_classes)  # VALUES would be tried one by one
    if like is not None and (example := expand(like)):
        member += f" <{example}> skos:inScheme ?scheme . ?thing skos:inScheme ?scheme ."
    kind = f"{' or '.join(of_classes)} " if of_classes else "thing "
    if not is_text(name):
        raise UnknownThing(f"The graph has no {kind}called {name!r}, which is not UTF-8.")
    if (iri := expand(name)) is not None:
        try:
            node = ox.NamedNode(iri)
        except ValueError as error:
            raise UnknownThing(f"{name!r} is no IRI ({error}). Write one, or a prefixed name, or a label.") from None
        if known(store, node, *of_classes):
            return node
        raise UnknownThing(
            f"The graph has no {kind}{compact(iri)}.{_suggestion(store, iri.rsplit('/', 1)[-1], member)}"
        )
    exact = " ".join(str(term) for term in (ox.Literal(name), ox.Literal(name, language="en")))
    found = _things(store, _EXACT % (exact, member)) or _things(
        store, _FOLDED % (member, str(ox.Literal(name.lower())))
    )
    if len(found) == 1:
        return found[0]
    if found:
        listed = ", ".join(compact(thing.value) for thing in found[:8])
        raise UnknownThing(f"{name!r} names {len(found)} things: {listed}. Write one of them.")
    raise UnknownThing(f"The graph has no {kind}called {name!r}.{_suggestion(store, name, member)}")


def terms(store: Asked, question: Question, values: dict[str, str]) -> dict[str, ox.NamedNode | ox.Literal]:
    """Return the checked term of each parameter that has a value. Raises ParameterError, UnknownThing."""
    known = {param.name: param for param in question.params}
    checked = {}
    for name, value in values.items():
        if name not in known:
            if name == AS_OF:
                raise ParameterError(f"{question.name} cannot be asked as of a day: {question.timeless}.")
            options = [option(param) for param in known]
            takes = f"It takes: {', '.join(options)}." if options else "It takes none."
            raise ParameterError(f"{question.name} has no parameter {name!r}.{did_you_mean(name, options)} {takes}")
        checked[name] = _term(store, known[name], str(value))
    _refuse_same(question, checked)
    return checked


def _refuse_same(question: Question, checked: dict[str, ox.NamedNode | ox.Literal]) -> None:
    """Refuse one thing for two parameters of a class: compared with itself it differs in nothing."""
    seen: dict[tuple[str, object], str] = {}
    for param in question.params:
        term = checked.get(param.name)
        if not param.is_thing or term is None:
            continue
        if (other := seen.setdefault((param.type, term), param.name)) != param.name:
            both = f"--{option(other)} and --{option(param.name)}"
            raise ParameterError(f"{question.name} compares two: {both} are both {compact(term.value)}. Change one.")


def is_text(text: str) -> bool:
    """Tell text from what the system could not decode when it took it for text."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _term(store: Asked, param: Param, value: str) -> ox.NamedNode | ox.Literal:
    if param.is_thing:
        try:
            return find(store, value, param.type, like=param.example if param.type == "skos:Concept" else None)
        except UnknownThing as error:
            helped = re.search(r"Did you mean|Known:|Write ", str(error))
            example = "" if helped else f" Example: --{option(param.name)} {param.example}"
            raise UnknownThing(f"{error}{example}") from None
    if param.is_span:
        return _span(param, value)
    if not _VALID[param.type](value):
        raise ParameterError(
            f"--{option(param.name)} must be an {param.type}, {param.about}; {value!r} is not. Example: {param.example}"
        )
    return ox.Literal(value, datatype=ox.NamedNode(STANDARD["xsd"] + param.type.removeprefix("xsd:")))


def _span(param: Param, value: str) -> ox.Literal:
    """Return a day, a month or a year as what it is."""
    if len(value) not in _SPANS or not _is_date(value + "0000-01-01"[len(value) :]):
        raise ParameterError(
            f"--{option(param.name)} must be a day, a month or a year, {param.about}; {value!r} is not."
            f" Examples: {param.example}, {param.example[:7]}, {param.example[:4]}"
        )
    return ox.Literal(value, datatype=ox.NamedNode(STANDARD["xsd"] + _SPANS[len(value)]))


_SPANS = {4: "gYear", 7: "gYearMonth", 10: "date"}


def _is_date(value: str) -> bool:
    try:
        return re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII) is not None and bool(date.fromisoformat(value))
    except ValueError:
        return False


def _is_decimal(value: str) -> bool:
    try:
        return re.fullmatch(r"[+-]?[\d.]+", value, re.ASCII) is not None and Decimal(value).is_finite()
    except InvalidOperation:
        return False


_VALID: dict[str, Callable[[str], bool]] = {
    "xsd:string": is_text,
    "xsd:integer": lambda value: re.fullmatch(r"[+-]?\d{1,18}", value, re.ASCII) is not None,
    "xsd:nonNegativeInteger": lambda value: re.fullmatch(r"\+?\d{1,18}", value, re.ASCII) is not None,
    "xsd:decimal": _is_decimal,
    "xsd:date": _is_date,
    "xsd:boolean": lambda value: value in ("true", "false"),
}


def known(store: Asked, node: ox.NamedNode, *of_classes: str) -> bool:
    """Return whether a thing is a member of one of the classes; without any, whether a fact names it."""
    kinds = " UNION ".join(f"{{ {node} a <{expand(each)}> }}" for each in of_classes)
    return bool(store.query(f"ASK {{ {kinds or f'{{ {node} ?p ?o }} UNION {{ ?s ?p {node} }}'} }}"))


def _things(store: Asked, query: str) -> list[ox.NamedNode]:
    rows = store.query(query)
    assert isinstance(rows, ox.QuerySolutions)
    return sorted({row["thing"] for row in rows if isinstance(row["thing"], ox.NamedNode)}, key=lambda node: node.value)


def _suggestion(store: Asked, name: str, member: str) -> str:
    rows = store.query(_NAMES % member)
    assert isinstance(rows, ox.QuerySolutions)
    known = sorted({row["name"].value for row in rows if isinstance(row["name"], ox.Literal)})
    if len(known) <= 12:
        return f" Known: {', '.join(known)}." if known else ""
    return did_you_mean(name, known)


def label(store: Asked, term: ox.NamedNode | ox.Literal) -> str:
    """Return the label of a thing, or its prefixed name; the text of a literal."""
    if isinstance(term, ox.Literal):
        return term.value
    return labels(store, ((term,),)).get(term.value) or compact(term.value)


def labels(store: Asked, rows: Iterable[Iterable[object]]) -> dict[str, str]:
    """Return the label of each IRI in the rows that has one; the English label if there are several."""
    found: dict[str, list[ox.Literal]] = {}
    property_ = ox.NamedNode(STANDARD["rdfs"] + "label")
    nodes = {cell for row in rows for cell in row if isinstance(cell, ox.NamedNode)}
    for node, named in store.objects(nodes, property_):
        if isinstance(named, ox.Literal):
            found.setdefault(node.value, []).append(named)
    # Of two registers' spellings, LUPRON and Lupron, the one in small letters reads better.
    return {
        iri: min(named, key=lambda each: (each.language != "en", each.value.isupper(), each.value)).value
        for iri, named in found.items()
    }
