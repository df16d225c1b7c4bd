"""Words and things of the graph as RDF terms, for the modules that write facts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache, lru_cache

import pyoxigraph as ox

from kg.names import BASE, KG, STANDARD
from kg.registers.dates import Dated

LONGEST = 120
"""Characters of the tail of an IRI. The names of a vaccine's twenty antigens, one after the other, have 1,300."""


def short(tail: str) -> str:
    """Return the tail of an IRI; of a longer one the beginning, and a hash of the whole.

    >>> short("cabozantinib")
    'cabozantinib'
    >>> short("streptococcus-" * 30)[-24:]
    's-streptococcus-f53916c8'
    """
    if len(tail) <= LONGEST:
        return tail
    mark = hashlib.sha1(tail.encode(), usedforsecurity=False).hexdigest()[:8]
    return f"{tail[: LONGEST - 9].rstrip('-_')}-{mark}"


@lru_cache(1 << 16)
def iri(kind: str, tail: str) -> ox.NamedNode:
    """Return the IRI of a thing of this graph: `iri("drug", "cabozantinib")`."""
    return ox.NamedNode(f"{BASE}{kind}/{short(tail)}")


@cache
def term(prefixed: str) -> ox.NamedNode:
    """Return the IRI of a prefixed name of a vocabulary: `term("kg:forProduct")`."""
    prefix, _, local = prefixed.partition(":")
    return ox.NamedNode((KG if prefix == "kg" else STANDARD[prefix]) + local)


A = term("rdf:type")
LABEL = term("rdfs:label")


def english(text: str) -> ox.Literal:
    """Return a label in English."""
    return ox.Literal(text, language="en")


def typed(text: str, datatype: str) -> ox.Literal:
    """Return a literal of an XSD type: `typed("2025-07-15", "date")`."""
    return ox.Literal(text, datatype=ox.NamedNode(STANDARD["xsd"] + datatype))


def moment(date: Dated) -> ox.Literal:
    """Return a date as precise as its source gives it: xsd:date, xsd:gYearMonth or xsd:gYear."""
    return typed(date.text, {"day": "date", "month": "gYearMonth", "year": "gYear"}[date.precision])


def dated(node: ox.NamedNode, date: Dated) -> Iterator[ox.Triple]:
    """Yield the date of an event: as precise as its source, and a day to sort by."""
    yield ox.Triple(node, term("kg:decisionDate"), moment(date))
    yield ox.Triple(node, term("kg:sortDate"), typed(date.last_day, "date"))
    yield ox.Triple(node, term("kg:hasDatePrecision"), iri("code", date.precision))
