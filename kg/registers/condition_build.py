"""What the files say, gathered into concepts: the mappings first, then the ontologies, the headings, our own."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping

from kg.registers import disease, sssom
from kg.registers.condition_concept import Concept, loses, mesh_id, mesh_number, rank, same_case, slug, uninverted
from kg.registers.condition_wordings import NO_CONDITIONS, REFUSED, REFUSED_PAIRS
from kg.registers.condition_words import spelled

TOP = frozenset({"MONDO:0000001", "DOID:4", "NCIT:C2991", "mesh:D004194"})
"""The concept of any disease at all: broader than each, and said of none."""
_NEOPLASM = re.compile(r"(?:(?P<site>.+) )?cancer|malignant (?P<kind>.+) neoplasm|.+ (?P<any>neoplasm)")


class Builder:
    """Gathers what the files say before the concepts are made."""

    def __init__(self) -> None:
        self.canonical: dict[str, str] = {}
        self.related: dict[str, str] = {}
        self.labels: dict[str, str] = {}
        self.names: dict[tuple[str, str], str] = {}  # (name, id) -> kind, the first that was given
        self.broader: dict[str, dict[str, None]] = defaultdict(dict)
        self.own: dict[str, Concept] = {}
        self.instead: dict[str, str] = {}
        """A deprecated concept -> the first that is mapped to it and is not."""
        self.left_out: Counter[str] = Counter()

    def name(self, name: str, curie: str, kind: str) -> None:
        """Note a name of a concept, unless it was noted with an earlier kind."""
        if name and name.casefold() not in REFUSED:
            self.names.setdefault((name, curie), kind)

    def add_mappings(self, mappings: sssom.MappingSet) -> None:
        """Join what is mapped exactly; a deprecated concept gives its place to the first that is mapped to it."""
        for row in mappings.rows:
            first = (same_case(row.subject), row.subject_label)
            second = (same_case(row.object), row.object_label)
            (curie, label), (other, other_label) = sorted((first, second), key=lambda pair: rank(pair[0]))
            if curie in TOP or (curie, other) in REFUSED_PAIRS:
                continue
            if label.startswith("obsolete "):
                self.left_out["deprecated"] += 1
                if not other_label or other_label.startswith("obsolete "):
                    continue
                curie, label = self.instead.setdefault(curie, other), other_label
            self.labels.setdefault(curie, label or curie)
            self.name(label, curie, "label")
            if not row.is_exact:
                self.related.setdefault(other, curie)
            elif other == curie:
                pass
            elif self.canonical.setdefault(other, curie) != curie:
                self.left_out["mapped to two concepts"] += 1
            else:
                self.name(other_label, curie, "mapped label")

    def add_headings(self, headings: Mapping[str, str]) -> None:
        """Name what MeSH ids are mapped to; a heading mapped to nothing joins its namesake, else becomes a concept."""
        exact, near = (
            {mesh_number(curie): of for curie, of in known.items() if curie.startswith("mesh:")}
            for known in (self.canonical, self.related)
        )
        by_name = self.by_name()
        for mesh, heading in sorted(headings.items()):
            if heading in NO_CONDITIONS:
                continue
            same = by_name.get(spelled(heading)) or by_name.get(spelled(uninverted(heading)), set())
            number, curie = mesh_number(mesh), mesh_id(mesh)
            of = exact.get(number) or (min(same) if len(same) == 1 else near.get(number, curie))
            if of == curie:
                self.labels[curie] = heading
            elif number not in exact:
                self.related[curie] = of
            self.name(heading, of, "synonym")

    def by_name(self) -> dict[str, set[str]]:
        """Return the concepts of each name, by its key."""
        found: dict[str, set[str]] = defaultdict(set)
        for name, curie in self.names:
            found[spelled(name)].add(curie)
        return found

    def add_ontology(self, ontology: disease.Ontology) -> None:
        """Join each term to the concept it is mapped to, else to the one of the same name, else make it a concept.

        A term that is no exact match does not say what is broader than the concept: OncoTree's melanoma is one of the
        skin, and its adenocarcinoma one of unknown primary.
        """
        self.left_out.update(ontology.left_out)
        by_name = self.by_name()
        uses = Counter(xref for term in ontology.terms.values() for xref in term.xrefs)
        of: dict[str, str] = {}
        for term in ontology.terms.values():
            same = by_name.get(spelled(term.label), set())
            known = self.canonical.get(term.id) or self.related.get(term.id)
            if known or (len(same) == 1 and not term.grouping):
                of[term.id] = known or min(same)
            elif not term.grouping and term.id not in TOP:
                of[term.id] = term.id
        for term in ontology.terms.values():
            if (curie := of.get(term.id)) is None:
                continue
            self.labels.setdefault(curie, term.label)
            for xref in term.xrefs:
                if (mesh := same_case(xref)).startswith("mesh:") and uses[xref] == 1 and mesh not in self.canonical:
                    self.related.setdefault(mesh, curie)
            if not term.grouping:
                for name in (term.label, *term.synonyms):
                    is_new = curie == term.id and spelled(name) not in by_name
                    self.name(name, curie, "label" if is_new and name == term.label else "synonym")
            for parent in term.parents if curie == term.id or term.id in self.canonical else ():
                if parent in of and not self.reaches(of[parent], curie):
                    self.broader[curie][of[parent]] = None

    def add_neoplasms(self) -> None:
        """Put each "x cancer" below "x neoplasm", and what has only the name of a neoplasm below neoplasm.

        So says Mondo, whose own hierarchy is not among the files; registers write now the one, now the other.
        """
        by_label = {label: curie for curie, label in self.labels.items()}
        for label, curie in by_label.items():
            found = re.fullmatch(
                r"(?:(?P<site>.+) )?cancer|malignant (?P<kind>.+) neoplasm|.+ (?P<any>neoplasm)", label
            )
            name = found and (found["any"] or " ".join(filter(None, (found["site"] or found["kind"], "neoplasm"))))
            if not found or (found["any"] and self.broader.get(curie)) or name not in by_label:
                continue
            if not self.reaches(by_label[name], curie):
                self.broader[curie][by_label[name]] = None

    def reaches(self, start: str, goal: str) -> bool:
        """Whether a concept is another, or is narrower than it: then the other cannot be put below it."""
        waiting, seen = [start], {start}
        while waiting:
            if (curie := waiting.pop()) == goal:
                return True
            waiting.extend(parent for parent in self.broader.get(curie, ()) if parent not in seen)
            seen.update(waiting)
        return False

    def add_own(self, own: Mapping[str, Concept]) -> None:
        """Keep the IRI, the label and what is broader of the conditions that the project has already."""
        ids = {iri: self.canonical.get(found.id, found.id) for iri, found in own.items()}
        for iri, found in own.items():
            curie = ids[iri]
            self.own[curie] = found
            self.labels[curie] = found.label
            for name in (found.label, *found.synonyms):
                self.names[(name, curie)] = "label"
            for match in found.matches:
                self.canonical.setdefault(match, curie)
            stated = {ids[parent]: None for parent in found.broader if parent in ids}
            self.broader[curie] = stated or self.broader.get(curie, {})

    def concepts(self) -> dict[str, Concept]:
        """Return the concepts by id."""
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
            elif taken[tail] > 1 or loses(label):
                tail = f"{tail}-{slug(curie)}".strip("-")
            concepts[curie] = Concept(
                curie,
                label,
                tuple(sorted(synonyms[curie] - {label})),
                tuple(sorted(parent for parent in self.broader.get(curie, ()) if parent in self.labels)),
                tuple(sorted(matches[curie], key=rank)),
                tail,
            )
        return concepts
