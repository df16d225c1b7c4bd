"""A disease ontology -> its terms: OWL in RDF/XML of the OBO kind, and the json tree of OncoTree."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kg.errors import LoadError
from kg.load import read as read_rdf
from kg.names import STANDARD

OBO = STANDARD["obo"]
_RDF_TYPE = f"{STANDARD['rdf']}type"
_LABEL = f"{STANDARD['rdfs']}label"
_IS_A = f"{STANDARD['rdfs']}subClassOf"
_OWL_CLASS = f"{STANDARD['owl']}Class"
_DEPRECATED = f"{STANDARD['owl']}deprecated"
_OBO_IN_OWL = "http://www.geneontology.org/formats/oboInOwl#"
_SYNONYM = f"{_OBO_IN_OWL}hasExactSynonym"
_REST = re.compile(r"\b(?:Miscellaneous|Other|Workup)\b")
"""In OncoTree, a tray for what has no place elsewhere."""
_XREF = f"{_OBO_IN_OWL}hasDbXref"


@dataclass(frozen=True, slots=True)
class Term:
    """One term: CURIE, label, exact synonyms, CURIEs of its parents, and what it refers to as the file prints it.

    A `grouping` is a heading of the tree and no disease, such as "Breast" and "Miscellaneous Brain Tumor" of OncoTree.
    """

    id: str
    label: str
    synonyms: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    xrefs: tuple[str, ...] = ()
    grouping: bool = False


@dataclass(frozen=True, slots=True)
class Ontology:
    """One file: its terms by CURIE, and how many were left out for which reason."""

    path: Path
    terms: dict[str, Term]
    left_out: dict[str, int] = field(default_factory=dict)


def read(path: Path) -> Ontology:
    """Read one file, by its ending: .owl and .rdf as RDF/XML, .json as OncoTree. Raises LoadError."""
    if path.suffix in (".owl", ".rdf"):
        return read_owl(path)
    if path.suffix == ".json":
        return read_oncotree(path)
    raise LoadError(f"{path}: a disease ontology is read from .owl, .rdf (RDF/XML) or .json (OncoTree).")


def read_owl(path: Path) -> Ontology:
    """Read the classes of an OBO ontology; an anonymous parent (a restriction) is no is-a. Raises LoadError."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    classes: dict[str, None] = {}
    for quad in read_rdf(path, path.resolve().as_uri()):
        subject, predicate, value = quad.subject, quad.predicate.value, quad.object
        if not isinstance(subject, ox.NamedNode) or not isinstance(value, ox.NamedNode | ox.Literal):
            continue
        if predicate == _RDF_TYPE and value.value == _OWL_CLASS:
            classes[subject.value] = None
        elif predicate in (_LABEL, _SYNONYM, _XREF, _IS_A, _DEPRECATED):
            found[subject.value][predicate].append(value.value)
    terms, left_out = {}, {"deprecated": 0, "without a label": 0}
    for iri in classes:
        facts = found[iri]
        if "true" in facts[_DEPRECATED]:
            left_out["deprecated"] += 1
        elif not facts[_LABEL]:
            left_out["without a label"] += 1
        else:
            parents = tuple(sorted(_curie(parent) for parent in facts[_IS_A]))
            synonyms, xrefs = tuple(sorted(facts[_SYNONYM])), tuple(sorted(facts[_XREF]))
            terms[_curie(iri)] = Term(_curie(iri), min(facts[_LABEL]), synonyms, parents, xrefs)
    if not terms:
        raise LoadError(f"{path}: no owl:Class with an rdfs:label in it.")
    return Ontology(path, terms, left_out)


def _curie(iri: str) -> str:
    return iri.removeprefix(OBO).replace("_", ":", 1) if iri.startswith(OBO) else iri


def read_oncotree(path: Path) -> Ontology:
    """Read the tree of tumour types as https://oncotree.info serves it (`/api/tumorTypes/tree`).

    The root, the tissues below it, and what is "Other" or "Miscellaneous" are groupings.
    """
    try:
        document: Any = json.loads(path.read_bytes())
    except OSError as error:
        raise LoadError(f"{path}: cannot be read ({error.strerror or error}).") from None
    except ValueError as error:
        raise LoadError(f"{path}: not JSON: {error}") from None
    terms: dict[str, Term] = {}
    left_out = {"revoked": 0}
    waiting: list[tuple[Any, str, int]] = []
    try:
        waiting.extend((node, "", 0) for node in document.values())
        while waiting:
            node, parent, depth = waiting.pop()
            curie = f"ONCOTREE:{node['code']}"
            xrefs = tuple(
                f"{base}:{code}" for base, codes in sorted(node["externalReferences"].items()) for code in codes
            )
            terms[curie] = Term(
                curie,
                node["name"],
                (),
                (parent,) if parent else (),
                xrefs,
                grouping=depth < 2 or bool(_REST.search(node["name"])),
            )
            left_out["revoked"] += len(node.get("revocations", ()))
            waiting.extend((child, curie, depth + 1) for child in node["children"].values())
    except (KeyError, TypeError, AttributeError) as error:
        raise LoadError(f"{path}: not the tree of OncoTree: a node without {error}.") from None
    return Ontology(path, dict(sorted(terms.items())), left_out)
