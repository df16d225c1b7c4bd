"""Graphs for tests: Turtle in, sets of triples out."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import Quad, RdfFormat, Triple, parse

from kg.owl2rl import Tables, close

PREFIXES = """
@prefix : <http://example.org/> .
@prefix ex: <http://example.org/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def read(turtle: str) -> list[Triple]:
    """The triples of a piece of Turtle, with the usual prefixes and example.org as the empty one."""
    quads: Iterable[Quad] = parse((PREFIXES + turtle).encode(), format=RdfFormat.TURTLE)
    return [quad.triple for quad in quads]


def closed(turtle: str, full: bool = False) -> Tables:
    """The closure of a piece of Turtle."""
    return close(read(turtle), full=full)


def everything(tables: Tables) -> set[Triple]:
    """Stated and derived facts together."""
    return {*tables.stated_triples(), *tables.derived()}
