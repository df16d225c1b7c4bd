"""The concepts of disease in one index: one concept for what MONDO, DOID, NCIt, MeSH and OncoTree call the same.

A concept goes by its MONDO id where it has one, else by DOID, NCIt, MeSH or OncoTree. Names come from the mapping
files (labels of both sides), the ontologies (labels and exact synonyms) and MeSH headings, in this order: a name of an
earlier kind is not taken away by a later one, and a name that two concepts have in one kind is nobody's.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyoxigraph as ox

from kg import places
from kg.names import BASE, KG, STANDARD
from kg.registers import disease, sssom
from kg.registers.condition_words import is_abbreviation, plain, spelled
_KINDS = ("label", "mapped label", "synonym")
_ORDER = ("MONDO", "DOID", "NCIT", "mesh", "ONCOTREE")
_TOP = frozenset({"MONDO:0000001", "DOID:4", "NCIT:C2991", "mesh:D004194"})
"""The concept of any disease at all: broader than each, and said of none."""
_OWN = places.DATA / "reference" / "conditions.ttl"
_CONDITION = f"{BASE}condition/"
NAMESPACES = {prefix: f"{STANDARD['obo']}{prefix}_" for prefix in ("MONDO", "DOID", "NCIT")} | {"mesh": STANDARD["mesh"]}
_LABEL, _ALT = f"{STANDARD['rdfs']}label", f"{STANDARD['skos']}altLabel"
_EXACT, _BROADER = f"{STANDARD['skos']}exactMatch", f"{STANDARD['skos']}broader"


@dataclass(frozen=True, slots=True)
class Concept:
    """One condition: its names, the concepts that are broader, and the ids of the same concept elsewhere."""

    id: str
    label: str
    synonyms: tuple[str, ...] = ()
    broader: tuple[str, ...] = ()
    matches: tuple[str, ...] = ()
    tail: str = field(default="", compare=False)

    @property
    def key(self) -> str:
        """What follows `condition:` in the IRI of the concept; unique in an index."""
        return self.tail or slug(self.label)


def slug(label: str) -> str:
    """Return a label as the end of an IRI: ASCII letters and digits, with hyphens between the words."""
    return re.sub(r"[^0-9a-z]+", "-", unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()).strip("-")


def _loses(label: str) -> bool:
    """Whether the slug lacks a letter, digit or symbol of the label."""
    rest = (c for c in unicodedata.normalize("NFKD", label) if not c.isascii() and not unicodedata.combining(c))
    return not slug(label) or any(unicodedata.category(character)[0] in "LNS" for character in rest)


class Index:
    """The concepts by id, what else leads to them, and the names they go by."""

    def __init__(self, concepts: Mapping[str, Concept], names: Iterable[tuple[str, str, str]]) -> None:
        """Take concepts by id, and names as (name, id, kind of name)."""
        self.concepts = dict(sorted(concepts.items()))
        self.left_out: Counter[str] = Counter()
        self._canonical = {curie: concept.id for concept in self.concepts.values() for curie in concept.matches}
        self._numbers = {_mesh(curie): of for curie, of in self._canonical.items() if curie.startswith("mesh:")}
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
        for key, (_, ids) in self._spelled.items():
            self._bags[tuple(sorted(key.split()))] |= ids

    def __len__(self) -> int:
        return len(self.concepts)

    def __iter__(self) -> Iterator[Concept]:
        return iter(self.concepts.values())

    def get(self, curie: str) -> Concept | None:
        """Return the concept that an id leads to, in whichever vocabulary; MeSH ids also in the registry's long form."""
        if (found := self._canonical.get(curie, curie)) in self.concepts:
            return self.concepts[found]
        return self.concepts.get(self._numbers.get(_mesh(curie), ""))

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
        if found := self.spelled(spelled(" ".join(reversed(heading.split(","))))):
            return found
        ids = self._bags.get(tuple(sorted(spelled(heading).split())), set())
        return self.concepts[min(ids)] if len(ids) == 1 else None

    @classmethod
    def build(
        cls, *, mappings: Iterable[Path], ontologies: Iterable[Path], mesh_headings: Mapping[str, str] | None = None
    ) -> Index:
        """Read SSSOM files and disease ontologies; `mesh_headings` gives the words of MeSH ids. Raises LoadError."""
        builder = _Builder()
        for path in mappings:
            builder.add_mappings(sssom.read(path))
        builder.add_headings(mesh_headings or {})
        for path in ontologies:
            builder.add_ontology(disease.read(path))
        builder.add_own(_described(ox.parse(path=_OWN, format=ox.RdfFormat.TURTLE, base_iri=f"{BASE}graph/conditions")))
        return builder.index()

    @classmethod
    def from_graph(cls, quads: Iterable[ox.Quad]) -> Index:
        """Read the conditions of a graph: kg:Condition with its labels, matches, and what is broader."""
        described = _described(quads)
        ids = {iri: found.id for iri, found in described.items()}
        concepts = {
            found.id: replace(found, broader=tuple(sorted({ids[iri] for iri in found.broader if iri in ids})))
            for found in described.values()
        }
        names = [(found.label, found.id, "label") for found in concepts.values()]
        names += [(name, found.id, "synonym") for found in concepts.values() for name in found.synonyms]
        return cls(concepts, names)


def _claim(table: dict[str, tuple[int, set[str]]], key: str, kind: int, of: str) -> None:
    if key and (key not in table or kind < table[key][0]):
        table[key] = (kind, {of})
    elif key and kind == table[key][0]:
        table[key][1].add(of)


def _mesh(curie: str) -> str:
    """Return a MeSH id in one form: ClinicalTrials.gov writes D003924 as D000003924."""
    found = re.fullmatch(r"(?:mesh:)?([CD])0*(\d+)", curie, re.IGNORECASE)
    return f"{found[1].upper()}{found[2]}" if found else curie


def _rank(curie: str) -> tuple[int, str]:
    prefix = curie.partition(":")[0]
    return (_ORDER.index(prefix) if prefix in _ORDER else len(_ORDER), curie)


def _described(quads: Iterable[ox.Quad]) -> dict[str, Concept]:
    """Return the conditions of a graph by IRI; `broader` still holds IRIs."""
    facts: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    conditions = set()
    for quad in quads:
        subject, value = quad.subject, quad.object
        if isinstance(subject, ox.NamedNode) and isinstance(value, ox.NamedNode | ox.Literal):
            facts[subject.value][quad.predicate.value].append(value.value)
            if quad.predicate.value == f"{STANDARD['rdf']}type" and value.value == f"{KG}Condition":
                conditions.add(subject.value)
    found = {}
    for iri in sorted(conditions):
        matches = tuple(sorted((curie for match in facts[iri][_EXACT] if (curie := _shortened(match))), key=_rank))
        tail = iri.removeprefix(_CONDITION)
        label = min(facts[iri][_LABEL], default=tail)
        curie = matches[0] if matches else f"condition:{tail}"
        synonyms = tuple(sorted(set(facts[iri][_ALT]) - {label}))
        found[iri] = Concept(curie, label, synonyms, tuple(facts[iri][_BROADER]), matches[1:], tail)
    return found


def _shortened(iri: str) -> str | None:
    return next((f"{p}:{iri.removeprefix(n)}" for p, n in NAMESPACES.items() if iri.startswith(n)), None)


class _Builder:
    """Gathers what the files say before the concepts are made."""

    def __init__(self) -> None:
        self.canonical: dict[str, str] = {}
        self.related: dict[str, str] = {}
        self.labels: dict[str, str] = {}
        self.names: dict[tuple[str, str], str] = {}  # (name, id) -> kind, the first that was given
        self.broader: dict[str, dict[str, None]] = defaultdict(dict)
        self.own: dict[str, Concept] = {}
        self.left_out: Counter[str] = Counter()

    def name(self, name: str, curie: str, kind: str) -> None:
        if name:
            self.names.setdefault((name, curie), kind)

    def add_mappings(self, mappings: sssom.MappingSet) -> None:
        for row in mappings.rows:
            first = (_same_case(row.subject), row.subject_label)
            second = (_same_case(row.object), row.object_label)
            (curie, label), (other, other_label) = sorted((first, second), key=lambda pair: _rank(pair[0]))
            if curie in _TOP:
                continue
            self.labels.setdefault(curie, label or curie)
            self.name(label, curie, "label")
            if not row.is_exact:
                self.related.setdefault(other, curie)
            elif self.canonical.setdefault(other, curie) != curie:
                self.left_out["mapped to two concepts"] += 1
            else:
                self.name(other_label, curie, "mapped label")

    def add_headings(self, headings: Mapping[str, str]) -> None:
        numbers = {_mesh(curie): of for curie, of in self.canonical.items() if curie.startswith("mesh:")}
        for mesh, heading in sorted(headings.items()):
            if _mesh(mesh) in numbers:
                self.name(heading, numbers[_mesh(mesh)], "synonym")

    def add_ontology(self, ontology: disease.Ontology) -> None:
        """Join each term to the concept it is mapped to, else to the one of the same name, else make it a concept."""
        self.left_out.update(ontology.left_out)
        by_name: dict[str, set[str]] = defaultdict(set)
        for name, curie in self.names:
            by_name[spelled(name)].add(curie)
        of: dict[str, str] = {}
        for term in ontology.terms.values():
            same = by_name.get(spelled(term.label), set())
            known = self.canonical.get(term.id) or self.related.get(term.id)
            if known or (len(same) == 1 and not term.grouping):
                of[term.id] = known or min(same)
            elif not term.grouping and term.id not in _TOP:
                of[term.id] = term.id
        for term in ontology.terms.values():
            if (curie := of.get(term.id)) is None:
                continue
            self.labels.setdefault(curie, term.label)
            if not term.grouping:
                for name in (term.label, *term.synonyms):
                    self.name(name, curie, "label" if (name, curie) == (term.label, term.id) else "synonym")
            for parent in term.parents:
                if parent in of and not self.reaches(of[parent], curie):
                    self.broader[curie][of[parent]] = None

    def reaches(self, start: str, goal: str) -> bool:
        """Whether a concept is another, or is narrower than it: then the other cannot be put below it."""
        waiting, seen = [start], {start}
        while waiting:
            if (curie := waiting.pop()) == goal:
                return True
            waiting.extend(parent for parent in self.broader.get(curie, ()) if parent not in seen)
            seen.update(waiting)
        return False

    def add_own(self, described: Mapping[str, Concept]) -> None:
        """Keep the IRI, the label and what is broader of the conditions that the project has already."""
        ids = {iri: self.canonical.get(found.id, found.id) for iri, found in described.items()}
        for iri, found in described.items():
            curie = ids[iri]
            self.own[curie] = found
            self.labels[curie] = found.label
            for name in (found.label, *found.synonyms):
                self.names[(name, curie)] = "label"
            for match in found.matches:
                self.canonical.setdefault(match, curie)
            stated = {ids[parent]: None for parent in found.broader if parent in ids}
            self.broader[curie] = stated or self.broader.get(curie, {})

    def index(self) -> Index:
        matches: dict[str, list[str]] = defaultdict(list)
        for other, curie in self.canonical.items():
            matches[curie].append(other)
        synonyms: dict[str, set[str]] = defaultdict(set)
        for name, curie in self.names:
            synonyms[curie].add(name)
        taken = Counter(slug(label) for curie, label in self.labels.items() if curie not in self.own)
        taken.update(found.key for found in self.own.values())
        concepts = {}
        for curie, label in self.labels.items():
            tail = slug(label)
            if curie in self.own:
                tail = self.own[curie].key
            elif taken[tail] > 1 or _loses(label):
                tail = f"{tail}-{slug(curie)}".strip("-")
            concepts[curie] = Concept(
                curie,
                label,
                tuple(sorted(synonyms[curie] - {label})),
                tuple(sorted(parent for parent in self.broader.get(curie, ()) if parent in self.labels)),
                tuple(sorted(matches[curie], key=_rank)),
                tail,
            )
        index = Index(concepts, ((name, curie, kind) for (name, curie), kind in self.names.items()))
        index.left_out = self.left_out
        return index


def _same_case(curie: str) -> str:
    """Return a CURIE with the prefix as written here: MESH:D1 is mesh:D1."""
    prefix, _, local = curie.partition(":")
    return f"mesh:{local}" if prefix.casefold() == "mesh" else curie
