"""A stated fact -> where it was stated: the source, its snapshot, the place in it, and the licence."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import pyoxigraph as ox

from kg import lookup
from kg.names import KG, STANDARD, compact
from kg.proof.expressions import Expressions
from kg.proof.facts import Facts
from kg.proof.model import Fact

_FROM = ox.NamedNode(STANDARD["prov"] + "wasDerivedFrom")
_LICENCES = tuple(ox.NamedNode(STANDARD["dcterms"] + name) for name in ("license", "rights"))
_DATES = (
    *(ox.NamedNode(STANDARD["dcterms"] + name) for name in ("issued", "modified")),
    ox.NamedNode(KG + "accessDate"),
)
_LOCATOR = ox.NamedNode(KG + "locator")


@dataclass(frozen=True)
class Origin:
    """Who states a fact. `locator` is the row or record in the source, as far as it is known; texts, "" for none."""

    graph: str
    source: str
    label: str
    date: str
    locator: str
    licence: str

    def __str__(self) -> str:
        """One line: what is known of it."""
        return ", ".join(filter(None, (self.label, self.date and f"of {self.date}", self.locator, self.licence)))


class Origins:
    """The facts of a closure as they are told: their text, and who states them."""

    def __init__(self, facts: Facts) -> None:
        self._facts, self._quads = facts, facts.store.quads
        self.expressions = Expressions(facts)
        self._about = lru_cache(maxsize=None)(self._read)

    def text(self, fact: Fact | None) -> str:
        """Return a fact as people read it; None is a contradiction."""
        return self.expressions.fact(fact) if fact else "a contradiction"

    def of(self, fact: Fact) -> list[Origin]:
        """Return who states a fact, sorted; nobody for a derived one."""
        found = []
        for graph in self._facts.graphs(fact):
            locator = ""
            if not isinstance(fact.subject, ox.Literal):
                places = self._quads.quads_for_pattern(fact.subject, _LOCATOR, None, graph)
                locator = "; ".join(sorted(_text(place.object) for place in places))
            found += [Origin(compact(graph.value), *about[:3], locator, about[3]) for about in self._about(graph)]
        return sorted(found, key=lambda origin: (origin.source, origin.graph))

    def _read(self, graph: ox.NamedNode) -> list[tuple[str, str, str, str]]:
        licence = self._first(graph, _LICENCES)
        sources = [quad.object for quad in self._quads.quads_for_pattern(graph, _FROM, None, ox.DefaultGraph())]
        named = [source for source in sources if isinstance(source, ox.NamedNode)]
        if not named:
            return [("", f"{compact(graph.value)}, which names no source", "", licence)]
        return [
            (compact(each.value), lookup.label(self._facts.store, each), self._first(each, _DATES), licence)
            for each in named
        ]

    def _first(self, node: ox.NamedNode, properties: tuple[ox.NamedNode, ...]) -> str:
        for each in properties:
            for quad in self._quads.quads_for_pattern(node, each, None, ox.DefaultGraph()):
                return _text(quad.object)
        return ""


def _text(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else str(term)
