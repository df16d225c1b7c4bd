"""Contradiction: a breach of one of the "false" rules of OWL 2 RL, with the facts at fault."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from kg.names import compact


@dataclass(frozen=True)
class Contradiction:
    """The name of the standard's rule, what it means in words, and the facts that its premise found.

    A fact about a literal, such as its type, is no RDF triple: it is told in the message.
    """

    rule: str
    message: str
    facts: tuple[ox.Triple, ...]

    def __str__(self) -> str:
        return f"{self.rule}: {self.message}" + "".join(f"\n    {shown(fact)}" for fact in self.facts)


def shown(triple: ox.Triple) -> str:
    """Return a fact as people write it, with prefixed names."""
    return " ".join(
        compact(term.value) if isinstance(term, ox.NamedNode) else str(term)
        for term in (triple.subject, triple.predicate, triple.object)
    )
