"""A concept of disease, its ids and its IRI; and the conditions that a graph has already, as concepts."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import pyoxigraph as ox

from kg.names import BASE, KG, STANDARD

ORDER = ("MONDO", "DOID", "NCIT", "mesh", "ONCOTREE")
"""The vocabularies, the one whose id a concept goes by first."""

NAMESPACES = {prefix: f"{STANDARD['obo']}{prefix}_" for prefix in ("MONDO", "DOID", "NCIT")} | {
    "mesh": STANDARD["mesh"]
}
"""Prefix of an id -> namespace of its IRI, for the vocabularies that have IRIs."""

_CONDITION = f"{BASE}condition/"
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
    return re.sub(
        r"[^0-9a-z]+", "-", unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    ).strip("-")


def loses(label: str) -> bool:
    """Whether the slug lacks a letter, digit or symbol of the label."""
    rest = (c for c in unicodedata.normalize("NFKD", label) if not c.isascii() and not unicodedata.combining(c))
    return not slug(label) or any(unicodedata.category(character)[0] in "LNS" for character in rest)


def uninverted(heading: str) -> str:
    """Return "Arthritis, Rheumatoid" as "Rheumatoid Arthritis"."""
    return " ".join(part.strip() for part in reversed(heading.split(",")))


def mesh_number(curie: str) -> str:
    """Return a MeSH id in one form: ClinicalTrials.gov writes D003924 as D000003924."""
    found = re.fullmatch(r"(?:mesh:)?([CD])0*(\d+)", curie, re.IGNORECASE)
    return f"{found[1].upper()}{found[2]}" if found else curie


def mesh_id(printed: str) -> str:
    """Return a MeSH id as MeSH writes it, D009362 for D000009362; ids from 66,000 on have nine digits of their own."""
    local = printed.partition(":")[2] or printed
    is_padded = re.fullmatch(r"[CD]0000\d{5}", local) and int(local[1:]) < 66_000
    return f"mesh:{local[0]}{int(local[1:]):06}" if is_padded else f"mesh:{local}"


def same_case(curie: str) -> str:
    """Return a CURIE with the prefix as written here: MESH:D1 is mesh:D1."""
    prefix, _, local = curie.partition(":")
    return f"mesh:{local}" if prefix.casefold() == "mesh" else curie


def rank(curie: str) -> tuple[int, str]:
    """Return the key that sorts ids by vocabulary, the preferred one first."""
    prefix = curie.partition(":")[0]
    return (ORDER.index(prefix) if prefix in ORDER else len(ORDER), curie)


def described(quads: Iterable[ox.Quad]) -> dict[str, Concept]:
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
        matches = tuple(sorted((curie for match in facts[iri][_EXACT] if (curie := shortened(match))), key=rank))
        tail = iri.removeprefix(_CONDITION)
        label = min(facts[iri][_LABEL], default=tail)
        curie = matches[0] if matches else f"condition:{tail}"
        synonyms = tuple(sorted(set(facts[iri][_ALT]) - {label}))
        found[iri] = Concept(curie, label, synonyms, tuple(facts[iri][_BROADER]), matches[1:], tail)
    return found


def shortened(iri: str) -> str | None:
    """Return the CURIE of an IRI in one of the vocabularies; None for any other."""
    return next((f"{p}:{iri.removeprefix(n)}" for p, n in NAMESPACES.items() if iri.startswith(n)), None)
