"""Names of things: prefixes, and the way from a prefixed name to an IRI and back."""

import re

BASE = "https://w3id.org/drug-approvals/"
SHIPPED = "shipped"
"""The word among sources that stands for the facts the package ships."""

KG = f"{BASE}ontology#"
DERIVED = f"{BASE}graph/derived"
"""The named graph that holds what the reasoner found; every other named graph is stated, and has a source."""

THINGS = """
    adverseevent agency arm claim code cohort condition count coverage criterion drug drugclass endpoint event graph
    indication jurisdiction membership organization organsystem outcome population product regimen requirement result
    scheme shape source statistic stop trial unit
""".split()

STANDARD = {
    "bibo": "http://purl.org/ontology/bibo/",
    "dcterms": "http://purl.org/dc/terms/",
    "mesh": "http://id.nlm.nih.gov/mesh/",
    "obo": "http://purl.obolibrary.org/obo/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "unii": "http://identifiers.org/unii/",
    "vann": "http://purl.org/vocab/vann/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

PREFIXES: dict[str, str] = {"kg": KG} | {thing: f"{BASE}{thing}/" for thing in THINGS} | STANDARD
"""Prefix -> namespace, for queries, for prefixed names on the command line, and for what is printed."""

_PREFIX_OF = {namespace: prefix for prefix, namespace in PREFIXES.items()}
_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`]+")


def compact(iri: str) -> str:
    """Return the prefixed name of an IRI (`drug:cabozantinib`), or `<iri>` where no prefix serves."""
    cut = max(iri.rfind("/"), iri.rfind("#")) + 1  # where each namespace ends, and no local name goes on
    prefix = _PREFIX_OF.get(iri[:cut])
    if prefix and _LOCAL.fullmatch(iri, cut):
        return f"{prefix}:{iri[cut:]}"
    return f"<{iri}>"


def expand(name: str) -> str | None:
    """Return the IRI that `name` writes out (`<iri>`, `https://..`, `drug:cabozantinib`), or None if it writes none."""
    if name.startswith("<") and name.endswith(">"):
        name = name[1:-1]
        return name if _IRI.fullmatch(name) else None
    prefix, colon, local = name.partition(":")
    if colon and prefix in PREFIXES and _IRI.fullmatch(PREFIXES[prefix] + local):
        return PREFIXES[prefix] + local
    return name if "://" in name and _IRI.fullmatch(name) else None
