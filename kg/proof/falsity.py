"""A contradiction -> its proof: the rule that concludes "false", and why each of its premises holds."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from kg.contradiction import Contradiction
from kg.proof import backward, literals
from kg.proof.backward import NODE, Binding, Pattern
from kg.proof.model import Fact, Proof
from kg.proof.search import Search


def prove(contradiction: Contradiction, search: Search) -> Proof | None:
    """Return why a contradiction holds; None if the rule's premises are not to be found."""
    facts = [Fact(each.subject, each.predicate, each.object) for each in contradiction.facts]  # type: ignore[arg-type]
    for premises in _premises(contradiction.rule, facts, search):
        proofs = [search.prove(premise) for premise in premises]
        if proofs and all(proofs):
            return Proof(None, contradiction.rule, tuple(proof for proof in proofs if proof))
    return None


def _premises(rule: str, facts: list[Fact], search: Search) -> Iterator[tuple[Fact, ...]]:
    if rule == "dt-not-type":
        yield tuple(fact for fact in facts if literals.ill_typed(fact.object))
        return
    if known := backward.FALSE_RULES.get(rule):
        patterns = [atom for atom in known.body if isinstance(atom, Pattern) and atom.predicate != NODE["owl:sameAs"]]
        for binding in _assigned(patterns, facts, {}):
            for way in backward.instances(known, binding, search.facts):
                yield way.premises
    if rule == "eq-diff1":  # two literals of different values that are the same
        for one, other in combinations(dict.fromkeys(fact.object for fact in facts), 2):
            for a, b in ((one, other), (other, one)):
                yield Fact(a, NODE["owl:sameAs"], b), Fact(a, NODE["owl:differentFrom"], b)


def _assigned(patterns: list[Pattern], facts: list[Fact], binding: Binding) -> Iterator[Binding]:
    if not patterns:
        yield binding
        return
    for fact in facts:
        if (found := backward.bound(patterns[0], fact, binding)) is not None:
            yield from _assigned(patterns[1:], facts, found)
