"""facts -> JSON-LD: an object for each thing of each graph, in the words of the context, written as they come.

A blank node stands inside the one thing that names it, and an RDF list is a list; what several things name, or what
names itself in a circle, keeps a label. Numbers and truth values are JSON's own where these give back the same text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import IO, Any, TypeAlias

import pyoxigraph as ox

from kg.export.blank import Blank, Node, arrange
from kg.export.context import TYPE, Context, context_of
from kg.export.facts import Facts
from kg.export.syntaxes import parsed
from kg.names import PREFIXES, STANDARD

_XSD = STANDARD["xsd"]
_OWN: dict[str, tuple[re.Pattern[str], Callable[[str], Any]]] = {
    f"{_XSD}integer": (re.compile(r"0|-?[1-9][0-9]{0,14}"), int),
    f"{_XSD}boolean": (re.compile(r"true|false"), lambda text: text == "true"),
}
"""Datatype -> the texts that a JSON value gives back, and the value."""
Object: TypeAlias = "ox.NamedNode | ox.BlankNode | ox.Literal"


def write(facts: Facts, stream: IO[bytes]) -> None:
    """Write a JSON-LD document with its context in it: each graph an object, each thing of it a line."""
    context = context_of(schemes(facts))
    head = json.dumps(context.to_json(), ensure_ascii=False, indent=1)
    stream.write(f'{{"@context": {head},\n"@graph": ['.encode())
    for number, (graph, objects) in enumerate(_graphs(facts, context)):
        stream.write(f'{"," if number else ""}\n{{"id": {_text(graph)}, "@graph": ['.encode())
        for at, thing in enumerate(objects):
            stream.write(f"{',' if at else ''}\n{_text(thing)}".encode())
        stream.write(b"]}")
    stream.write(b"]}\n")


def schemes(facts: Facts) -> frozenset[str]:
    """Return the prefixes that IRIs in use have for their scheme."""
    used = facts.rows("SELECT DISTINCT regexp_extract(text, '^<([a-z]+):', 1) FROM terms WHERE text[1] = '<'")
    datatypes = facts.rows(r"SELECT DISTINCT regexp_extract(text, '\^\^<([a-z]+):[^<>]*>$', 1) FROM terms")
    found = {row[0] for rows in (used, datatypes) for row in rows}
    return frozenset(found.intersection(PREFIXES))


def thing(quads: Iterable[ox.Quad | ox.Triple], context: Context) -> list[dict[str, Any]]:
    """Return the objects of a few facts, such as all those about one thing: what a page of it shows as JSON-LD."""
    held = sorted({(str(quad.subject), quad.predicate.value, str(quad.object)): quad for quad in quads}.items())
    triples = [quad for _, quad in held]
    blank = arrange(_nodes(q for q in triples if isinstance(q.subject, ox.BlankNode)), _named(triples), frozenset())
    return list(_things(triples, blank, context))


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(", ", ": "))


def _graphs(facts: Facts, context: Context) -> Iterator[tuple[str, Iterator[dict[str, Any]]]]:
    shared = frozenset(
        text
        for (text,) in facts.rows(
            "SELECT text FROM (SELECT s AS id, g FROM quads UNION SELECT o, g FROM quads UNION SELECT g, 0 FROM quads)"
            " JOIN terms USING (id) WHERE text[1] = '_' GROUP BY text HAVING count(*) > 1 OR min(g) = 0"
        )
    )
    for graph in facts.graphs():
        number = facts.number(graph)
        inside = f"(SELECT s, p, o FROM quads WHERE g = {number})"
        blank = "text[1] = '_'"
        about = f"(SELECT * FROM {inside} WHERE s IN (SELECT id FROM terms WHERE {blank}))"
        naming = f"(SELECT * FROM {inside} WHERE o IN (SELECT id FROM terms WHERE {blank}))"
        nodes = _nodes(parsed(facts.texts("s p o", about, facts.for_readers)))
        named = _named(parsed(facts.texts("s p o", naming, facts.for_readers)))
        quads = parsed(facts.texts("s p o", inside, facts.for_readers))
        name = graph if graph[0] == "_" else context.short(graph[1:-1])
        yield name, _things(quads, arrange(nodes, named, shared), context)


def _things(quads: Iterable[ox.Quad | ox.Triple], blank: Blank, context: Context) -> Iterator[dict[str, Any]]:
    for subject, about in groupby(quads, key=lambda quad: quad.subject):
        if subject not in blank.inside:
            yield _object(subject, _node(about), blank, context)


def _nodes(quads: Iterable[ox.Quad | ox.Triple]) -> dict[Any, Node]:
    """Return the facts of each blank node."""
    return {subject: _node(about) for subject, about in groupby(quads, key=lambda quad: quad.subject)}


def _node(about: Iterable[ox.Quad | ox.Triple]) -> Node:
    node: Node = {}
    for quad in about:
        node.setdefault(quad.predicate.value, []).append(quad.object)
    return node


def _named(quads: Iterable[ox.Quad | ox.Triple]) -> list[tuple[Any, Any]]:
    """Return each naming of a blank node: what names it, and it."""
    return [(quad.subject, quad.object) for quad in quads if isinstance(quad.object, ox.BlankNode)]


def _object(subject: Any, node: Node, blank: Blank, context: Context) -> dict[str, Any]:
    made: dict[str, Any] = {} if subject in blank.unnamed else {"id": _id(subject, context)}
    for predicate, values in node.items():
        if predicate == TYPE and not any(isinstance(value, ox.Literal) for value in values):
            types = [context.word(value.value) if isinstance(value, ox.NamedNode) else str(value) for value in values]
            if not any(value in blank.inside for value in values):
                made["type"] = types if len(types) > 1 else types[0]
                continue
        kind = context.kinds.get(predicate)
        written = [_value(value, kind, blank, context) for value in values]
        key = context.short(predicate) if predicate == TYPE else context.word(predicate)
        made[key] = written if len(written) > 1 else written[0]
    return made


def _id(node: Any, context: Context) -> str:
    return context.short(node.value) if isinstance(node, ox.NamedNode) else str(node)


def _value(value: Object, kind: str | None, blank: Blank, context: Context) -> Any:
    if isinstance(value, ox.Literal):
        return _literal(value, kind, context)
    if value in blank.inside:
        if value in blank.lists:
            return {"@list": [_value(item, kind, blank, context) for item in blank.lists[value]]}
        return _object(value, blank.nodes.get(value, {}), blank, context)
    return _id(value, context) if kind == "@id" else {"id": _id(value, context)}


def _literal(value: ox.Literal, kind: str | None, context: Context) -> Any:
    if value.language:
        bare = kind == f"@{value.language}"
        return value.value if bare else {"@value": value.value, "@language": value.language}
    datatype = value.datatype.value
    lexical, own = _OWN.get(datatype, (None, None))
    if kind in (None, datatype) and lexical and own and lexical.fullmatch(value.value):
        return own(value.value)
    if datatype == f"{_XSD}string" and kind != datatype:
        return value.value if kind is None else {"@value": value.value}
    return value.value if kind == datatype else {"@value": value.value, "@type": context.word(datatype)}
