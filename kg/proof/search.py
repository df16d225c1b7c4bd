"""A fact -> its shortest proof, found by running the rules backwards over the closure.

Heights are tried from low to high, so a proof never runs in a circle: below a fact stand only facts that needed fewer
rules one above the other. Of several of one height, the one with the fewest steps is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from kg.errors import ProofError
from kg.proof import backward, literals, queried
from kg.proof.backward import NODE, Instance
from kg.proof.facts import Facts
from kg.proof.model import STATED, Fact, Proof

HIGHEST = 200
"""Rules one above the other. The closure of a chain of 10,000 subclasses needs 14."""
MOST_WAYS = 200
"""Ways of deriving one fact that are weighed against each other."""


class Search:
    """Proofs of the facts of a closure. What was found, and what was sought in vain, is remembered."""

    def __init__(self, facts: Facts, *, without: Fact | None = None) -> None:
        self.facts = facts
        self.rules = backward.Rules(facts)
        self._without = without
        self._found: dict[Fact, Proof] = {}
        self._in_vain: dict[Fact, int] = {}
        self._ways: dict[Fact, list[Instance]] = {}

    def prove(self, fact: Fact) -> Proof | None:
        """Return the shortest proof of a fact, None if it is not in the closure. Raises ProofError."""
        holds = fact in self._found or self.facts.holds(fact)
        if not holds and not self.facts.may_hold(fact):
            return None
        for height in range(HIGHEST if holds else 6):
            if proof := self._prove(fact, height):
                return proof
        if not holds:
            return None
        raise ProofError(f"{fact} is in the closure, and no proof of at most {HIGHEST} rules in a row is found.")

    def alternatives(self, fact: Fact, most: int = 20) -> Iterator[Proof]:
        """Yield proofs of a fact that differ in their last step, the shortest first; no more than `most`."""
        if self.facts.stated(fact):
            yield Proof(fact, STATED)
        below = Search(self.facts, without=fact)
        found = []
        for way in islice(self._instances(fact), MOST_WAYS):
            if fact not in way.premises:
                premises = [below.prove(premise) for premise in way.premises]
                if all(premises):
                    found.append(Proof(fact, way.rule, tuple(premise for premise in premises if premise)))
        found.sort(key=lambda proof: (proof.height, proof.steps, proof.rule, str(proof.premises)))
        yield from found[:most]

    def _prove(self, fact: Fact, height: int) -> Proof | None:
        if fact in self._found:
            proof = self._found[fact]
            return proof if proof.height <= height else None
        if fact == self._without or self._in_vain.get(fact, -1) >= height:
            return None
        if self._in_vain.get(fact, -1) < 0 and self.facts.stated(fact):
            self._found[fact] = Proof(fact, STATED)
            return self._found[fact]
        for least in range(self._in_vain.get(fact, -1) + 1, height + 1):  # each height in turn: what is found is least
            if found := self._derive(fact, least):
                self._found[fact] = found
                return found
        return None

    def _derive(self, fact: Fact, height: int) -> Proof | None:
        self._in_vain[fact] = height  # from here on, so that it is not sought below itself
        if not height:
            return None
        best: Proof | None = None
        for way in self._remembered(fact):
            premises = []
            for premise in way.premises:
                proof = self._prove(premise, height - 1)
                if proof is None:
                    break
                premises.append(proof)
            else:
                candidate = Proof(fact, way.rule, tuple(premises))
                if best is None or candidate.steps < best.steps:
                    best = candidate
                if best.steps == 1:
                    break
        return best

    def _remembered(self, fact: Fact) -> Iterator[Instance]:
        """Yield the ways of deriving a fact; the first ones are kept for the next height."""
        if (kept := self._ways.get(fact)) is not None:
            yield from kept
            return
        seen: list[Instance] = []
        for way in self._instances(fact):
            seen.append(way)
            yield way
        if len(seen) <= MOST_WAYS:
            self._ways[fact] = seen

    def _instances(self, fact: Fact) -> Iterator[Instance]:
        if rule := literals.rule_of(fact):
            yield Instance(rule, ())
        if fact.predicate == NODE["owl:sameAs"] and fact.subject == fact.object:
            for about in self.facts.about(fact.subject):
                if about != fact:
                    yield Instance("eq-ref", (about,))
            return
        for rule_, binding in self.rules.concluding(fact):
            for way in backward.instances(rule_, binding, self.facts):
                if fact not in way.premises:
                    yield way
        yield from backward.equal_objects(fact, self.facts)
        yield from queried.ways(fact, self.facts)
