"""Contradiction: a breach of one of the "false" rules of OWL 2 RL, with the facts at fault."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

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

    def to_json(self) -> dict[str, Any]:
        """Return it as a dict for JSON, the facts as N-Triples."""
        return {"rule": self.rule, "message": self.message, "facts": [f"{fact} ." for fact in self.facts]}

    @classmethod
    def of_json(cls, told: dict[str, Any]) -> Contradiction:
        """Return what `to_json` made a dict of."""
        facts = ox.parse("\n".join(told["facts"]).encode(), format=ox.RdfFormat.N_TRIPLES)
        return cls(told["rule"], told["message"], tuple(quad.triple for quad in facts))

    def __str__(self) -> str:
        return f"{self.rule}: {self.message}" + "".join(f"\n    {shown(fact)}" for fact in self.facts)


def shown(triple: ox.Triple) -> str:
    """Return a fact as people write it, with prefixed names."""
    return " ".join(
        compact(term.value) if isinstance(term, ox.NamedNode) else str(term)
        for term in (triple.subject, triple.predicate, triple.object)
    )
