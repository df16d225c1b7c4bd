"""A fact as people read it: the blank node of a class expression is written out, as Manchester syntax has it."""

from __future__ import annotations

from functools import lru_cache

import pyoxigraph as ox

from kg.names import STANDARD
from kg.proof.facts import Facts
from kg.proof.model import Fact, Term, shown

_OWL = {
    name: ox.NamedNode(STANDARD["owl"] + name)
    for name in "intersectionOf unionOf oneOf complementOf onProperty someValuesFrom allValuesFrom hasValue".split()
}
_JOINED = {"intersectionOf": " and ", "unionOf": " or ", "oneOf": " "}
_QUANTIFIED = {"someValuesFrom": "some", "allValuesFrom": "only", "hasValue": "value"}
DEEPEST = 8


class Expressions:
    """Terms and facts of a closure as texts."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._text = lru_cache(maxsize=10_000)(self._read)

    def fact(self, fact: Fact) -> str:
        """Return a fact as a line."""
        return " ".join(self.term(term) for term in fact)

    def term(self, term: Term) -> str:
        """Return a term: a prefixed name, a literal, or a class expression in brackets."""
        return self._text(term, 0) if isinstance(term, ox.BlankNode) else shown(term)

    def _read(self, node: Term, depth: int) -> str:
        if not isinstance(node, ox.BlankNode) or depth > DEEPEST:
            return shown(node)
        for name, sign in _JOINED.items():
            for fact in self._facts.match(node, _OWL[name], None):
                for items, _ in self._facts.ways(fact.object):
                    return f"({sign.join(self._text(item, depth + 1) for item in items)})"
        for fact in self._facts.match(node, _OWL["complementOf"], None):
            return f"(not {self._text(fact.object, depth + 1)})"
        for fact in self._facts.match(node, _OWL["onProperty"], None):
            for name, sign in _QUANTIFIED.items():
                for filler in self._facts.match(node, _OWL[name], None):
                    return f"({shown(fact.object)} {sign} {self._text(filler.object, depth + 1)})"
        items, _ = next(iter(self._facts.ways(node)), ((), ()))
        return f"( {' '.join(self._text(item, depth + 1) for item in items)} )" if items else shown(node)
