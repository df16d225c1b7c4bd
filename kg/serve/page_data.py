"""A dossier as linked data of schema.org, for search engines and reference managers."""

from __future__ import annotations

from typing import Any

import pyoxigraph as ox

from kg.names import KG, STANDARD
from kg.serve.page_jobs import Dossier

TYPES = {
    "Substance": "Drug", "MedicinalProduct": "Drug", "ClinicalTrial": "MedicalTrial", "Condition": "MedicalCondition",
    "Agency": "GovernmentOrganization", "Organization": "Organization", "Jurisdiction": "AdministrativeArea",
    "Source": "CreativeWork",
}  # fmt: skip
"""Class of the ontology -> class of schema.org, the most particular first; whatever else there is, is a Thing."""

_NAMES = {"skos": ("altLabel", "alternateName"), "dcterms": ("identifier", "identifier")}
_PROPERTIES = {STANDARD[prefix] + local: term for prefix, (local, term) in _NAMES.items()}


def described(told: Dossier) -> dict[str, Any]:
    """Return what schema.org has words for: type, names, identifiers and the address of a thing."""
    kinds = {iri.removeprefix(KG) for iri, _ in told.kinds}
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": next((term for kind, term in TYPES.items() if kind in kinds), "Thing"),
        "@id": told.iri,
        "name": told.label,
    }
    for subject, predicate, value, *_ in told.facts.rows:
        at_hand = isinstance(subject, ox.NamedNode) and isinstance(predicate, ox.NamedNode)
        if at_hand and subject.value == told.iri and isinstance(value, ox.Literal):  # type: ignore[union-attr]
            if term := _PROPERTIES.get(predicate.value):  # type: ignore[union-attr]
                found.setdefault(term, []).append(value.value)
    return found
