"""Graphs for tests: Turtle in, sets of triples out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pytest
from pyoxigraph import Quad, RdfFormat, Triple, parse

from kg.owl2rl import Tables, close, in_memory, schema

PATHS = {
    "all in memory": (schema.SMALL, in_memory.FACTS), "facts in tables": (schema.SMALL, 0), "all in tables": (0, 0),
}  # fmt: skip
"""Where the schema and the facts are closed: the sizes up to which in memory."""

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


@contextmanager
def on_path(path: str) -> Iterator[None]:
    """Close what is closed inside by one of PATHS."""
    with pytest.MonkeyPatch.context() as patch:
        for (module, name), size in zip(((schema, "SMALL"), (in_memory, "FACTS")), PATHS[path], strict=True):
            patch.setattr(module, name, size)
        yield
