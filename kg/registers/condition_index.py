"""The concepts of disease in one index: one concept for what MONDO, DOID, NCIt, MeSH and OncoTree call the same.

A concept goes by its MONDO id where it has one, else by DOID, NCIt, MeSH or OncoTree. Names come from the mapping
files (labels of both sides), the ontologies (labels and exact synonyms) and MeSH headings, in this order: a name of an
earlier kind is not taken away by a later one, and a name that two concepts have in one kind is nobody's.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox

from kg import places
from kg.names import BASE
from kg.registers import disease, sssom
from kg.registers.condition_build import Builder
from kg.registers.condition_concept import Concept, described, mesh_number, uninverted
from kg.registers.condition_words import is_abbreviation, plain, spelled

_KINDS = ("label", "mapped label", "synonym")
_OWN = places.DATA / "reference" / "conditions.ttl"


class Index:
    """The concepts by id, what else leads to them, and the names they go by."""

    def __init__(self, concepts: Mapping[str, Concept], names: Iterable[tuple[str, str, str]]) -> None:
        """Take concepts by id, and names as (name, id, kind of name)."""
        self.concepts = dict(sorted(concepts.items()))
        self.left_out: Counter[str] = Counter()
        self._canonical = {curie: concept.id for concept in self.concepts.values() for curie in concept.matches}
        self._number()
        self._plain: dict[str, tuple[int, set[str]]] = {}
        self._spelled: dict[str, tuple[int, set[str]]] = {}
        self._bags: dict[tuple[str, ...], set[str]] = defaultdict(set)
        self._short: dict[str, set[str]] = defaultdict(set)
        for name, of, kind in names:
            if is_abbreviation(name):
                self._short[name].add(of)
                continue
            _claim(self._plain, plain(name), _KINDS.index(kind), of)
            _claim(self._spelled, spelled(name), _KINDS.index(kind), of)

    def __len__(self) -> int:
        return len(self.concepts)

    def __iter__(self) -> Iterator[Concept]:
        return iter(self.concepts.values())

    def add_related(self, related: Mapping[str, str]) -> None:
        """Let further ids lead to concepts that are not said to be exact matches of them."""
        self._canonical = {**related, **self._canonical}
        self._number()

    def _number(self) -> None:
        leading = {curie: curie for curie in self.concepts} | self._canonical
        self._numbers = {mesh_number(curie): of for curie, of in leading.items() if curie.startswith("mesh:")}

    def get(self, curie: str) -> Concept | None:
        """Return the concept that an id leads to, in whichever vocabulary; a MeSH id also in the long form."""
        if (found := self._canonical.get(curie, curie)) in self.concepts:
            return self.concepts[found]
        return self.concepts.get(self._numbers.get(mesh_number(curie), ""))

    def ancestors(self, concept: Concept) -> tuple[Concept, ...]:
        """Return what is broader than a concept, at any distance, nearest first."""
        found: dict[str, Concept] = {}
        waiting = list(concept.broader)
        while waiting:
            if (curie := waiting.pop(0)) not in found and curie != concept.id and curie in self.concepts:
                found[curie] = self.concepts[curie]
                waiting.extend(self.concepts[curie].broader)
        return tuple(found.values())

    def named(self, name: str) -> tuple[Concept, str] | None:
        """Return the one concept of that name, and the kind of name; None if there is none or more than one."""
        if is_abbreviation(name):
            ids = self._short.get(name, set())
            return (self.concepts[min(ids)], "synonym") if len(ids) == 1 else None
        if (hit := self._plain.get(plain(name))) is None:
            return None
        return (self.concepts[min(hit[1])], _KINDS[hit[0]]) if len(hit[1]) == 1 else None

    def spelled(self, key: str) -> Concept | None:
        """Return the one concept with that key of `condition_words.spelled`."""
        hit = self._spelled.get(key)
        return self.concepts[min(hit[1])] if hit and len(hit[1]) == 1 else None

    def inverted(self, heading: str) -> Concept | None:
        """Return the one concept whose name has the words of an inverted heading ("Arthritis, Rheumatoid")."""
        if "," not in heading:
            return None
        if found := self.spelled(spelled(uninverted(heading))):
            return found
        if not self._bags:
            for key, (_, ids) in self._spelled.items():
                self._bags[tuple(sorted(key.split()))] |= ids
        ids = self._bags.get(tuple(sorted(spelled(heading).split())), set())
        return self.concepts[min(ids)] if len(ids) == 1 else None

    @classmethod
    def build(
        cls, *, mappings: Iterable[Path], ontologies: Iterable[Path], mesh_headings: Mapping[str, str] | None = None
    ) -> Index:
        """Read SSSOM files and disease ontologies; `mesh_headings` gives the words of MeSH ids. Raises LoadError."""
        builder = Builder()
        for path in mappings:
            builder.add_mappings(sssom.read(path))
        for path in ontologies:
            builder.add_ontology(disease.read(path))
        builder.add_neoplasms()
        builder.add_headings(mesh_headings or {})
        builder.add_own(described(ox.parse(path=_OWN, format=ox.RdfFormat.TURTLE, base_iri=f"{BASE}graph/conditions")))
        index = cls(builder.concepts(), ((name, curie, kind) for (name, curie), kind in builder.names.items()))
        index.left_out = builder.left_out
        index.add_related(builder.related)
        return index

    @classmethod
    def from_graph(cls, quads: Iterable[ox.Quad]) -> Index:
        """Read the conditions of a graph: kg:Condition with its labels, matches, and what is broader."""
        known = described(quads)
        ids = {iri: found.id for iri, found in known.items()}
        concepts = {
            found.id: replace(found, broader=tuple(sorted({ids[iri] for iri in found.broader if iri in ids})))
            for found in known.values()
        }
        names = [(found.label, found.id, "label") for found in concepts.values()]
        names += [(name, found.id, "synonym") for found in concepts.values() for name in found.synonyms]
        return cls(concepts, names)


def _claim(table: dict[str, tuple[int, set[str]]], key: str, kind: int, of: str) -> None:
    if key and (key not in table or kind < table[key][0]):
        table[key] = (kind, {of})
    elif key and kind == table[key][0]:
        table[key][1].add(of)
