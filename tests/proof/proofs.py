"""What the tests of proofs share: the facts of a closure, their proofs, and the checker's word on them."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from kg import Store
from kg.load import Stated
from kg.names import DERIVED
from kg.proof import checker, queried
from kg.proof.facts import Facts
from kg.proof.model import Fact, Proof
from kg.proof.search import Search
from kg.reason import reason
from kg.store import of
from tests.owl2rl.graphs import read

GRAPH = ox.NamedNode("http://example.org/graph")


def closed(turtle: str) -> Store:
    """Return the closure of a piece of Turtle, without this project's ontology."""
    quads = (ox.Quad(each.subject, each.predicate, each.object, GRAPH) for each in read(turtle))
    return of(reason(Stated(tuple(quads))))


def search(store: Store) -> Search:
    """Return a search over a store."""
    return Search(Facts(store))


def derived(store: Store) -> Iterator[Fact]:
    """Yield the derived facts of a store."""
    for quad in store.quads.quads_for_pattern(None, None, None, ox.NamedNode(DERIVED)):
        yield Fact(quad.subject, quad.predicate, quad.object)  # type: ignore[arg-type]


def faults(proof: Proof, facts: Facts) -> list[str]:
    """Return what the checker has against a proof; who states a fact it learns from the named graphs alone."""
    return checker.faults(proof, lambda fact: any(facts.graphs(fact)), lambda step: queried.follows(step, facts))
