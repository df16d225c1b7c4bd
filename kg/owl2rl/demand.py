"""What the schema can see of the facts that are true of everything.

Each term is the same as itself, each member of a class is a Thing, each literal is of several datatypes: a fact per
term, of no use unless an axiom speaks of owl:sameAs, owl:Thing, rdf:type or the datatype in a place that matters.
Here the schema is asked whether one does, so that such facts are made exactly when something may follow.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kg.owl2rl.datatypes import DATATYPE_IDS
from kg.owl2rl.vocabulary import IDS, SAME_AS, THING, TYPE

# Conclusions only ever put things INTO these classes here; cls-svf2, cls-maxqc2 and -4 see to the rest.
_HARMLESS_TO_THING = {
    IDS[name] for name in ("rdf:type", "rdfs:subClassOf", "rdfs:domain", "rdfs:range", "owl:someValuesFrom",
                           "owl:allValuesFrom", "owl:onClass")
}  # fmt: skip
_HARMLESS_TO_DATATYPE = {IDS[name] for name in ("rdf:type", "rdfs:range", "owl:allValuesFrom")}
_HARMLESS_TYPES = {
    IDS[name] for name in ("owl:ObjectProperty", "owl:DatatypeProperty", "owl:SymmetricProperty",
                           "owl:TransitiveProperty", "owl:Class")
}  # fmt: skip
WATCHED: frozenset[int] = frozenset({SAME_AS, THING, TYPE, *DATATYPE_IDS})
"""The terms whose mention in the schema matters here."""


class Demand:
    """What must be made: reflexive sameness, membership in Thing, types of literals by datatype."""

    def __init__(self, *, sameness: bool, things: bool) -> None:
        self.sameness, self.things, self.all_types = sameness, things, False
        self.datatypes: set[int] = set()

    def read(self, triples: Iterable[tuple[int, int, int]]) -> bool:
        """Take in schema triples that mention a watched term; True if more must be made than before."""
        before = self.state()
        for s, p, o in triples:
            declared = p == TYPE and o in _HARMLESS_TYPES
            if s == o or declared:
                continue
            if SAME_AS in (s, o):
                self.sameness = True
            if TYPE in (s, o):
                self.things = self.all_types = True
            if s == THING or (o == THING and p not in _HARMLESS_TO_THING):
                self.things = True
            if s in DATATYPE_IDS:
                self.datatypes.add(s)
            if o in DATATYPE_IDS and p not in _HARMLESS_TO_DATATYPE:
                self.datatypes.add(o)
        if self.all_types:
            self.datatypes |= set(DATATYPE_IDS)
        return before != self.state()

    def renamed(self, terms: Iterable[int]) -> bool:
        """Take in the watched terms that have another name in the graph; True if more must be made than before."""
        before = self.state()
        for term in terms:
            self.sameness |= term == SAME_AS
            self.things |= term in (THING, TYPE)
            self.all_types |= term == TYPE
            if term in DATATYPE_IDS:
                self.datatypes.add(term)
        if self.all_types:
            self.datatypes |= set(DATATYPE_IDS)
        return before != self.state()

    def state(self) -> dict[str, Any]:
        """All of this as JSON has it."""
        return {
            "sameness": self.sameness,
            "things": self.things,
            "all_types": self.all_types,
            "in": sorted(self.datatypes),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Be as `state` has it."""
        self.sameness, self.things, self.all_types = state["sameness"], state["things"], state["all_types"]
        self.datatypes = set(state["in"])
