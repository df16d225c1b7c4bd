"""The derived facts of the shipped graph: each has a proof that the checker accepts."""

from __future__ import annotations

import os
from collections import Counter

import pyoxigraph as ox
import pytest

import kg
from kg.derive import derivations
from kg.names import STANDARD
from kg.proof.model import shown
from tests.proof.proofs import derived, faults, search

ALL = bool(os.environ.get("KG_ALL_PROOFS"))
"""Whether all derived facts of the registers are proved, which takes long, and not some of each kind alone."""
ONE_IN = {"owl": 1 if ALL else 250, "query": 1 if ALL else 1000}
"""Of how many facts of a kind one is proved: those that rules of OWL give, and those that derivations give."""
PARTS = 4
TYPE = ox.NamedNode(STANDARD["rdf"] + "type")
QUERIED = {each.head[2] if each.head[1] == "rdf:type" else each.head[1] for each in derivations()}


def test_each_derived_fact_of_the_hand_written_facts(founding: kg.Store) -> None:
    looking, seen = search(founding), 0
    for fact in derived(founding):
        proof = looking.prove(fact)
        assert proof is not None, fact
        assert faults(proof, looking.facts) == [], fact
        seen += 1
    assert seen == len(set(derived(founding)))
    assert seen == 231


@pytest.mark.parametrize("part", range(PARTS))
def test_derived_facts_of_the_registers(shipped: kg.Store, part: int) -> None:
    """Of each property and each class the first fact and then one in so many."""
    looking, number, seen = search(shipped), Counter[str](), 0
    for fact in derived(shipped):
        kind = shown(fact.object if fact.predicate == TYPE else fact.predicate)
        one_in = ONE_IN["query" if kind in QUERIED else "owl"]
        number[kind] += 1
        if number[kind] % one_in == 1 % one_in and number[kind] // one_in % PARTS == part:
            proof = looking.prove(fact)
            assert proof is not None, fact
            assert faults(proof, looking.facts) == [], fact
            seen += 1
    assert len(number) >= 30
    assert number.total() == 241_611
    assert seen >= sum(count / ONE_IN["query" if kind in QUERIED else "owl"] for kind, count in number.items()) / 8
