"""What holds of literals and of the vocabulary with no premise at all."""

from __future__ import annotations

import pyoxigraph as ox

from kg.owl2rl import vocabulary
from kg.owl2rl.datatypes import SUPPORTED, Value, has_value, value_of
from kg.proof.model import Fact, Term

_TYPE = ox.NamedNode(f"{vocabulary.RDF}type")
_SAME, _DIFFERENT = ox.NamedNode(f"{vocabulary.OWL}sameAs"), ox.NamedNode(f"{vocabulary.OWL}differentFrom")
_LANGUAGE = f"{vocabulary.RDF}langString"
_NAMES = {number: ox.NamedNode(vocabulary.expand(name)) for name, number in vocabulary.IDS.items() if ":" in name}
AXIOMS = {Fact(_NAMES[s], _NAMES[p], _NAMES[o]): rule for s, p, o, rule in vocabulary.axioms()}
"""The axiomatic triples of the standard, each with its rule."""


def value(term: Term) -> Value | None:
    """Return the value of a literal as OWL 2 takes identity; None for a datatype not known or a form without value."""
    if not isinstance(term, ox.Literal):
        return None
    if term.language:
        return ("language", f"{term.value}@{term.language.lower()}")
    name = SUPPORTED.get(term.datatype.value)
    return value_of(term.value, name) if name else None


def same_value(one: Term, other: Term) -> bool:
    """Tell whether two literals have one value."""
    return (found := value(one)) is not None and found == value(other)


def ill_typed(term: Term) -> bool:
    """Tell whether a literal's form has no value in its own datatype."""
    return isinstance(term, ox.Literal) and term.datatype.value in SUPPORTED and value(term) is None


def rule_of(fact: Fact) -> str | None:
    """Return the rule that gives a fact without a premise, if one does."""
    if fact in AXIOMS:
        return AXIOMS[fact]
    if not isinstance(fact.subject, ox.Literal):
        return None
    if fact.predicate == _TYPE and isinstance(fact.object, ox.NamedNode):
        found, name = value(fact.subject), SUPPORTED.get(fact.object.value)
        return "dt-type2" if found is not None and name and has_value(name, found) else None
    if isinstance(fact.object, ox.Literal) and fact.subject != fact.object:
        left, right = value(fact.subject), value(fact.object)
        if left is not None and right is not None and fact.predicate in (_SAME, _DIFFERENT):
            equal = left == right
            return (
                "dt-eq"
                if equal and fact.predicate == _SAME
                else "dt-diff"
                if not equal and fact.predicate == _DIFFERENT
                else None
            )
    return None
