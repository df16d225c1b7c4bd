"""The ontology -> the JSON-LD context: a plain word for each class and property, which also names a table's column.

A property's values are IRIs, of one datatype or in one language where the ontology and its shapes say so, or use it so;
then a bare string is enough for such a value, and whatever differs is written out in full.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import pyoxigraph as ox

from kg import places
from kg.load import read
from kg.names import BASE, KG, PREFIXES, STANDARD, compact

_OWL, _RDF, _RDFS, _SH = (STANDARD[prefix] for prefix in ("owl", "rdf", "rdfs", "sh"))
TYPE = f"{_RDF}type"
KEYWORDS = {"id": "@id", "type": "@type"}
_UNSAID = (_OWL, _RDF, _SH)
"""Namespaces whose properties spell out the ontology itself: they keep their prefix."""


Fact: TypeAlias = "tuple[str, str, object]"
"""Subject, property and value; a blank node's label begins with `_`."""


@dataclass(frozen=True)
class Context:
    """Words for IRIs, by IRI; `kinds` tells of a property: "@id", the IRI of a datatype, or "@en" for a language."""

    words: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    prefixes: dict[str, str] = field(default_factory=dict)

    def word(self, iri: str) -> str:
        """Return the word of a class or property; else its prefixed name, or the IRI as it is."""
        return self.words.get(iri) or self.short(iri)

    def short(self, iri: str) -> str:
        """Return the prefixed name of a thing, or its IRI where no prefix serves."""
        name = compact(iri)
        return iri if name[0] == "<" or name.partition(":")[0] not in self.prefixes else name

    def to_json(self) -> dict[str, Any]:
        """Return what stands under "@context"."""
        terms: dict[str, Any] = {}
        for iri, word in sorted(self.words.items(), key=lambda item: item[1]):
            kind = self.kinds.get(iri)
            if kind is None:
                terms[word] = self.short(iri)
            elif kind[0] == "@" and kind != "@id":
                terms[word] = {"@id": self.short(iri), "@language": kind[1:]}
            else:
                terms[word] = {"@id": self.short(iri), "@type": kind if kind == "@id" else self.short(kind)}
        return {"@version": 1.1, **KEYWORDS, **self.prefixes, **terms}


def context(schemes: Collection[str] = ()) -> dict[str, Any]:
    """Return the context as a JSON-LD document of its own.

    It holds only IRIs of things, so it is the same wherever it is published. A prefix that is also the scheme of IRIs
    in use (`event` of `<event:1>`), as `schemes` tells, is left out: JSON-LD could not tell the two apart.
    """
    return {"@context": context_of(frozenset(schemes)).to_json()}


@cache
def context_of(schemes: frozenset[str] = frozenset()) -> Context:
    """Return the context with its parts apart; see `context`."""
    prefixes = {prefix: namespace for prefix, namespace in PREFIXES.items() if prefix not in schemes}
    ontology = [fact for path in places.vocabulary() for fact in _facts(path)]
    shapes = list(_facts(places.SHAPES))
    kinds = _kinds(ontology, shapes)
    words: dict[str, str] = {}
    taken = {*PREFIXES, *KEYWORDS}
    declared = {iri for iri, predicate, value in ontology if predicate == TYPE and _is_term(iri, value)}
    used = {predicate for _, predicate, _ in ontology if not predicate.startswith(_UNSAID)}
    for iri in sorted(declared | used, key=lambda iri: (not iri.startswith(KG), iri)):
        local = re.split(r"[#/]", iri)[-1]
        if compact(iri)[0] != "<" and local not in taken:
            words[iri] = local
            taken.add(local)
    return Context(words, {iri: kind for iri, kind in kinds.items() if iri in words}, prefixes)


def _facts(path: Path) -> Iterator[Fact]:
    for quad in read(path, f"{BASE}graph/{path.stem}"):
        subject = quad.subject.value if isinstance(quad.subject, ox.NamedNode) else str(quad.subject)
        yield subject, quad.predicate.value, quad.object


def _is_term(iri: str, kind: object) -> bool:
    return iri[0] != "_" and str(kind).startswith(f"<{_OWL}") and kind != ox.NamedNode(f"{_OWL}Ontology")


def _kinds(ontology: list[Fact], shapes: list[Fact]) -> dict[str, str]:
    """Return what the values of each property are, where that is one thing: said by the ontology, else by its use."""
    said: dict[str, set[str]] = {}
    for iri, kind in (*_declared(ontology), *_constrained(shapes)):
        said.setdefault(iri, set()).add(kind)
    used: dict[str, set[str]] = {}
    for _, predicate, value in ontology:
        if predicate not in said:
            used.setdefault(predicate, set()).add(_kind(value))
    plain = f"{STANDARD['xsd']}string"
    return {iri: min(kinds) for iri, kinds in {**used, **said}.items() if len(kinds) == 1 and kinds != {plain}}


def _declared(ontology: list[Fact]) -> Iterator[tuple[str, str]]:
    for iri, predicate, value in ontology:
        if predicate == TYPE and value == ox.NamedNode(f"{_OWL}ObjectProperty"):
            yield iri, "@id"
        if predicate == f"{_RDFS}range" and isinstance(value, ox.NamedNode) and value.value.startswith(STANDARD["xsd"]):
            yield iri, value.value


def _constrained(shapes: list[Fact]) -> Iterator[tuple[str, str]]:
    """Yield each property and the datatype that a shape demands of it."""
    paths = {shape: path for shape, predicate, path in shapes if predicate == f"{_SH}path"}
    for shape, predicate, datatype in shapes:
        path = paths.get(shape)
        if predicate == f"{_SH}datatype" and isinstance(path, ox.NamedNode) and isinstance(datatype, ox.NamedNode):
            yield path.value, datatype.value


def _kind(term: object) -> str:
    if isinstance(term, ox.Literal):
        return f"@{term.language}" if term.language else term.datatype.value
    return "@id"
