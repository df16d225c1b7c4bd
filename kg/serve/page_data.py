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
        if subject == ox.NamedNode(told.iri) and isinstance(predicate, ox.NamedNode) and isinstance(value, ox.Literal):
            term = _PROPERTIES.get(predicate.value)
            found |= {term: [*found.get(term, []), value.value]} if term else {}
    return found
