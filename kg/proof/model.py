"""Fact, Proof: a fact with the rule that gives it and the proofs of what the rule rests on, down to stated facts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeAlias

import pyoxigraph as ox

from kg.names import compact

Term: TypeAlias = "ox.NamedNode | ox.BlankNode | ox.Literal"

STATED = "stated"
"""The rule of a fact that needs none: a source states it."""


class Fact(NamedTuple):
    """Subject, predicate, object. The subject may be a literal: `"5" rdf:type xsd:integer` is a premise, if no RDF."""

    subject: Term
    predicate: Term
    object: Term

    def __str__(self) -> str:
        return " ".join(shown(term) for term in self)


@dataclass(frozen=True)
class Proof:
    """Why a fact holds: the rule by its standard's name, and a proof of each premise.

    `fact` is None where the rule concludes a contradiction. `rule` is STATED for a fact with sources and no premises,
    `query <name>` for what a derivation finds.
    """

    fact: Fact | None
    rule: str
    premises: tuple[Proof, ...] = ()

    @cached_property
    def height(self) -> int:
        """The number of rules one above the other; 0 for a stated fact."""
        return 0 if self.rule == STATED else 1 + max((premise.height for premise in self.premises), default=0)

    @cached_property
    def steps(self) -> int:
        """The number of rules in the whole tree."""
        return (self.rule != STATED) + sum(premise.steps for premise in self.premises)

    def walk(self) -> Iterator[Proof]:
        """Yield this proof and all in it."""
        yield self
        for premise in self.premises:
            yield from premise.walk()

    def stated(self) -> list[Fact]:
        """Return the stated facts it rests on, each once, in the order of the tree."""
        return list(dict.fromkeys(each.fact for each in self.walk() if each.rule == STATED and each.fact))


def shown(term: Term) -> str:
    """Return a term as people write it: with a prefix where one serves, for a datatype too."""
    if isinstance(term, ox.NamedNode):
        return compact(term.value)
    text, marks, datatype = str(term).rpartition("^^<")
    return f"{text}^^{compact(datatype[:-1])}" if marks and isinstance(term, ox.Literal) else str(term)
