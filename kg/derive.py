"""closure -> closure: what follows by a query and not by OWL 2 RL, such as the earliest of several dates.

A derivation is a CONSTRUCT query of one triple in queries/derivations. They run in the order of their names, each over
all facts once, and what they find stands in `graph:derived` like any derived fact. The header's lines, `#+ key: value`:
title, definition, and `because`: the facts, as patterns with the query's own variables, that a fact found is told to
rest on; several lines for several ways. What the query finds absent, such as anything earlier, is no fact to tell.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import pyoxigraph as ox

from kg import places
from kg.errors import QuestionError
from kg.names import DERIVED

_TRIPLE = re.compile(r"CONSTRUCT\s*\{\s*(\S+)\s+(\S+)\s+(\S+)\s*\}")


@dataclass(frozen=True)
class Derivation:
    """A derivation's query; `head` is the triple it makes, `because` the patterns of each way, as words."""

    name: str
    title: str
    definition: str
    head: tuple[str, str, str]
    because: tuple[tuple[tuple[str, str, str], ...], ...]
    sparql: str

    def found(self, store: ox.Store) -> set[ox.Triple]:
        """Return what the query finds."""
        found = store.query(self.sparql)
        assert isinstance(found, ox.QueryTriples), self.name
        return set(found)


@cache
def derivations() -> tuple[Derivation, ...]:
    """Return the derivations in the order they run in. Raises QuestionError."""
    return tuple(_read(path.stem, path.read_text(encoding="utf-8")) for path in sorted(places.DERIVATIONS.glob("*.rq")))


def _read(name: str, text: str) -> Derivation:
    fields: dict[str, list[str]] = {"title": [], "definition": [], "because": []}
    for line in text.splitlines():
        if line.startswith("#+"):
            key, _, value = line[2:].partition(":")
            fields.setdefault(key.strip(), []).append(value.strip())
    made = _TRIPLE.search(text)
    if made is None or set(map(len, (fields["title"], fields["definition"]))) != {1} or not fields["because"]:
        raise QuestionError(f"{name}: a derivation has a title, a definition, `because` and CONSTRUCT of one triple.")
    because = tuple(tuple(_words(part) for part in way.split(" . ")) for way in fields["because"])
    return Derivation(name, fields["title"][0], fields["definition"][0], _words(" ".join(made.groups())), because, text)


def _words(triple: str) -> tuple[str, str, str]:
    subject, predicate, value = triple.split()
    return subject, "rdf:type" if predicate == "a" else predicate, value


def derive(store: ox.Store) -> int:
    """Add to the store what the derivations find in its default graph; return the number of facts that are new."""
    derived = ox.NamedNode(DERIVED)
    before = len(store)
    for derivation in derivations():
        found = derivation.found(store)
        fresh = [triple for triple in found if ox.Quad(triple.subject, triple.predicate, triple.object) not in store]
        for graph in (ox.DefaultGraph(), derived):
            store.extend(ox.Quad(triple.subject, triple.predicate, triple.object, graph) for triple in fresh)
    return (len(store) - before) // 2
