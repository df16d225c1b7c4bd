"""One condition across registers: from what a register prints to a concept, and the concept as facts of the graph."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from kg.names import BASE, KG, STANDARD
from kg.registers.condition_concept import NAMESPACES, Concept, slug, uninverted
from kg.registers.condition_index import Index
from kg.registers.condition_phrases import phrases
from kg.registers.condition_wordings import WORDINGS
from kg.registers.condition_words import HEADING_QUALIFIERS, is_abbreviation, plain, spelled
from kg.registers.terms import iri

__all__ = ["METHODS", "Concept", "ConditionMatch", "Index", "Matcher", "slug", "triples"]

METHODS = {
    "identifier": "the MeSH id beside the heading leads to the concept",
    "known wording": "the words are in this project's table of wordings, each looked up by hand",
    "label": "the words are the label of the concept",
    "mapped label": "the words are the label of an exact match in another vocabulary",
    "synonym": "the words are an exact synonym or a MeSH heading",
    "spelling": "as one of these but for British or American spelling, plural, possessive",
    "inverted": "the heading names the head first and its words are those of a name",
    "qualified": "the words name the concept and, before it, how far the disease went or whom it befell",
    "phrase": "whole names found in an indication where it says what the product is for",
    "unmatched": "no concept was found",
}
"""How a match was found, for the mapping table; in the order in which they are tried."""

_TOO_GENERAL = frozenset(
    {
        "MONDO:0004992",
        "MONDO:0005070",
        "MONDO:0005550",
        "MONDO:0005113",
        "MONDO:0005108",
        "MONDO:0024297",
        "MONDO:0002254",
    }
)
"""Cancer, neoplasm, infectious disease, syndrome and the like: dropped where the same text names anything narrower."""
_NOT_A_TARGET = frozenset(
    map(
        spelled,
        "disease,disorder,syndrome,condition,death,injury,reaction,lesion,symptom,infection,inflammation".split(","),
    )
)


@dataclass(frozen=True, slots=True)
class ConditionMatch:
    """What was printed, how it was matched (a key of METHODS), and the concepts, in the order of the words."""

    printed: str
    method: str
    concepts: tuple[Concept, ...] = ()


class Matcher:
    """Matches what registers print, and remembers it: `matches` has each wording once, `counts` how often it came."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.matches: dict[tuple[str, str], ConditionMatch] = {}
        self.counts: Counter[tuple[str, str]] = Counter()
        self.named_before: set[str] = set()
        self.places: dict[str, tuple[tuple[str, Concept], ...]] = {}
        self._wordings = {
            spelled(name): concept
            for curie, names in WORDINGS.items()
            if (concept := index.get(curie))
            for name in names
        }

    def heading(self, printed: str, mesh_id: str | None = None) -> ConditionMatch:
        """Match one heading or condition term as a whole, by its MeSH id where it is given, else by its words."""
        key = (mesh_id or "heading", printed)
        self.counts[key] += 1
        if key not in self.matches:
            by_id = self.index.get(mesh_id if ":" in mesh_id else f"mesh:{mesh_id}") if mesh_id else None
            method, concept = ("identifier", by_id) if by_id else self._heading(" ".join(printed.split()))
            self.matches[key] = ConditionMatch(printed, method, (concept,) if concept else ())
        return self.matches[key]

    def words(self, text: str) -> ConditionMatch:
        """Match whole names of conditions in an indication, where it says what the product is for."""
        key = ("words", text)
        self.counts[key] += 1
        if key not in self.matches:
            found = tuple(self._phrases(text))
            concepts = tuple({concept.id: concept for _, concept in found}.values())
            if narrow := tuple(concept for concept in concepts if concept.id not in _TOO_GENERAL):
                concepts = narrow
            self.places[text] = tuple((printed, concept) for printed, concept in found if concept in concepts)
            self.matches[key] = ConditionMatch(text, "phrase" if concepts else "unmatched", concepts)
        return self.matches[key]

    def named(self) -> set[str]:
        """Return the ids of the concepts that were matched, now or in an earlier run of the same import."""
        return self.named_before.union(concept.id for match in self.matches.values() for concept in match.concepts)

    def unmatched(self) -> list[tuple[str, int]]:
        """Return what was not matched, with how often it came, most frequent first."""
        rows = [
            (printed, self.counts[key])
            for key, match in self.matches.items()
            if not match.concepts
            for printed in key[1:]
        ]
        return sorted(rows, key=lambda row: (-row[1], row[0]))

    def _heading(self, printed: str) -> tuple[str, Concept | None]:
        name, method = printed, ""
        while True:
            if spelled(name) in _NOT_A_TARGET:
                return "unmatched", None
            key = spelled(name)
            if concept := self._wordings.get(key) or self._wordings.get(spelled(uninverted(name))):
                return method or "known wording", concept
            if named := self.index.named(name):
                return method or named[1], named[0]
            if not is_abbreviation(name):
                if concept := self.index.spelled(key):
                    return method or "spelling", concept
                if concept := self.index.inverted(name):
                    return method or "inverted", concept
            shorter = self._without_abbreviation(name) or self._without_qualifier(name)
            if not shorter:
                return "unmatched", None
            name, method = shorter, "qualified"

    def _without_abbreviation(self, name: str) -> str:
        """Take off an abbreviation that repeats the words before it: "Small Cell Lung Carcinoma (SCLC)"."""
        found = re.fullmatch(r"(.+?)\s*[(\[]([A-Za-z0-9/-]{2,8})[)\]]", name)
        if not found:
            return ""
        initials = "".join(word[0] for word in plain(found[1]).split())
        letters = re.sub(r"[^a-z]", "", found[2].casefold())
        return found[1] if (letters and letters in (initials, f"{initials}s")) or letters[:3] == initials[:3] else ""

    def _without_qualifier(self, name: str) -> str:
        first, _, rest = name.partition(" ")
        return rest if rest and first.casefold() in HEADING_QUALIFIERS else ""

    def _phrases(self, text: str) -> Iterator[tuple[str, Concept]]:
        def known(printed: str, key: str) -> Concept | None:
            if is_abbreviation(printed):
                return found[0] if (found := self.index.named(printed)) else None
            if key in _NOT_A_TARGET or len(key) < 4:
                return None
            return self._wordings.get(key) or self.index.spelled(key)

        for printed, concept in phrases(text, known):
            assert isinstance(concept, Concept)
            yield printed, concept


def triples(concept: Concept, index: Index) -> Iterator[ox.Triple]:
    """Yield a concept in this project's terms. What is broader is named, not described: see `Index.ancestors`."""
    node, skos = iri("condition", concept.key), STANDARD["skos"]

    def say(predicate: str, value: ox.NamedNode | ox.Literal) -> ox.Triple:
        return ox.Triple(node, ox.NamedNode(predicate), value)

    yield say(f"{STANDARD['rdf']}type", ox.NamedNode(f"{KG}Condition"))
    yield say(f"{STANDARD['rdfs']}label", ox.Literal(concept.label, language="en"))
    for synonym in concept.synonyms:
        yield say(f"{skos}altLabel", ox.Literal(synonym, language="en"))
    yield say(f"{skos}inScheme", ox.NamedNode(f"{BASE}scheme/condition"))
    for curie in concept.broader:
        if broader := index.get(curie):
            yield say(f"{skos}broader", iri("condition", broader.key))
    for curie in (concept.id, *concept.matches):
        prefix, _, local = curie.partition(":")
        if prefix in NAMESPACES:
            yield say(f"{skos}exactMatch", ox.NamedNode(NAMESPACES[prefix] + local))
