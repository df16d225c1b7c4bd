"""Random small ontologies: every derived fact has a proof that the checker accepts, and nothing else has one."""

from __future__ import annotations

from itertools import product

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, example, given, settings

from kg.owl2rl.vocabulary import RDF
from kg.proof.model import Fact, Proof
from tests.owl2rl.strategies import CLASSES, INDIVIDUALS, PROPERTIES, ontologies
from tests.proof.proofs import closed, derived, faults, search

FEW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def node(name: str) -> ox.NamedNode:
    return ox.NamedNode(f"http://example.org/{name[1:]}")


@pytest.mark.parametrize("special", [False, True], ids=["ordinary", "about the vocabulary"])
def test_each_derived_fact_has_a_proof_and_no_other_fact_has_one(special: bool) -> None:
    seen = [0, 0]

    @FEW
    @given(parts=ontologies(special=special))
    @example(parts=["owl:sameAs rdfs:subPropertyOf :p0 .", ":i0 a :C0 ."])  # all is itself, and so all has :p0
    def proved(parts: list[str]) -> None:
        store = closed("\n".join(parts))
        looking = search(store)
        for fact in derived(store):
            proof = looking.prove(fact)
            assert proof is not None, fact
            assert faults(proof, looking.facts) == []
            assert all(fact not in [step.fact for step in premise.walk()] for premise in proof.premises), "a circle"
            seen[0] += 1
        rdf_type = ox.NamedNode(f"{RDF}type")
        some = [Fact(node(i), rdf_type, node(c)) for i, c in product(INDIVIDUALS, CLASSES)]
        some += [Fact(node(i), node(p), node(j)) for i, p, j in product(INDIVIDUALS, PROPERTIES, INDIVIDUALS)]
        for fact in some:
            if not looking.facts.holds(fact):
                assert looking.prove(fact) is None, fact
                seen[1] += 1

    proved()
    assert seen[0] > 200
    assert seen[1] > 2_000


def test_a_proof_with_any_premise_changed_is_refused() -> None:
    """Each premise of each step in turn: gone, turned round, or about something else."""
    store = closed(
        """:hasUncle owl:propertyChainAxiom ( :hasParent :hasBrother ) . :hasBrother rdfs:subPropertyOf :hasSibling .
        :ann :hasParent :bob . :bob :hasBrother :carl . :hasSibling a owl:SymmetricProperty .
        :Parent owl:equivalentClass [ owl:intersectionOf ( :Person [ owl:onProperty :hasChild ;
            owl:someValuesFrom :Person ] ) ] . :hasChild owl:inverseOf :hasParent .
        :bob a :Person . :ann a :Person . :c owl:hasKey ( :k ) . :x a :c ; :k 5 . :y a :c ; :k 5.0 . :x :p :z ."""
    )
    looking, refused = search(store), 0
    stranger = node(":stranger")
    for fact in derived(store):
        proof = looking.prove(fact)
        assert proof is not None
        assert faults(proof, looking.facts) == []
        for path in paths(proof):
            old = at(proof, path).fact
            assert old is not None
            for new in {
                Fact(stranger, old.predicate, old.object),
                Fact(old.subject, stranger, old.object),
                Fact(old.subject, old.predicate, stranger),
            }:
                assert faults(replaced(proof, path, Proof(new, "stated")), looking.facts), f"{fact} with {new}"
                refused += 1
            assert faults(replaced(proof, path, None), looking.facts), f"{fact} without {old}"
    assert refused > 150


def paths(proof: Proof, here: tuple[int, ...] = ()) -> list[tuple[int, ...]]:
    return [path for n, each in enumerate(proof.premises) for path in ((*here, n), *paths(each, (*here, n)))]


def at(proof: Proof, path: tuple[int, ...]) -> Proof:
    return at(proof.premises[path[0]], path[1:]) if path else proof


def replaced(proof: Proof, path: tuple[int, ...], new: Proof | None) -> Proof:
    """Return a proof with one of its premises replaced, or left out."""
    (first, *rest) = path
    changed = replaced(proof.premises[first], tuple(rest), new) if rest else new
    before, after = proof.premises[:first], proof.premises[first + 1 :]
    return Proof(proof.fact, proof.rule, (*before, *((changed,) if changed else ()), *after))
