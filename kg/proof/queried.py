"""The derivations (`kg.derive`) as rules: what they find is proved by the facts they name, and by asking again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache

import pyoxigraph as ox

from kg.derive import Derivation, derivations
from kg.names import STANDARD, expand
from kg.proof import backward, scopes
from kg.proof.backward import Backward, Binding, Instance, Item, Pattern, Slot
from kg.proof.facts import Facts
from kg.proof.model import Fact, Proof, Term

Solution = tuple[Binding, tuple[Fact, ...]]

PREFIX = "query "
"""What the name of a rule begins with that is a derivation."""


def ways(fact: Fact, facts: Facts) -> Iterator[Instance]:
    """Yield how derivations give a fact: the facts each names, where the query, asked of these alone, finds it."""
    for derivation in derivations():
        for rule in _rules(derivation):
            assert rule.head is not None
            binding = backward.bound(rule.head, fact, {})
            solutions: Iterable[Solution] = [] if binding is None else backward.solve(rule, binding, facts)
            for found, used in _blank_last(solutions):
                if _finds(derivation, fact, found, facts):
                    yield Instance(rule.name, tuple(dict.fromkeys(used)))


def follows(step: Proof, facts: Facts) -> bool:
    """Tell whether a step is one of a derivation: its premises are what one way names, and asked again it finds it."""
    given = [premise.fact for premise in step.premises if premise.fact]
    for derivation in derivations():
        for rule in _rules(derivation):
            if rule.name == step.rule and rule.head is not None and step.fact is not None:
                binding = backward.bound(rule.head, step.fact, {})
                for found in _assigned(rule.body, given, binding) if binding is not None else ():
                    if {Fact(*_filled(pattern, found)) for pattern in rule.body if isinstance(pattern, Pattern)} == set(
                        given
                    ):
                        return _finds(derivation, step.fact, found, facts)
    return False


def _assigned(patterns: tuple[Pattern | Item, ...], given: list[Fact], binding: Binding) -> Iterator[Binding]:
    if not patterns:
        yield binding
        return
    assert isinstance(patterns[0], Pattern)
    for fact in given:
        if (found := backward.bound(patterns[0], fact, binding)) is not None:
            yield from _assigned(patterns[1:], given, found)


def _filled(pattern: Pattern, binding: Binding) -> list[ox.NamedNode | ox.BlankNode | ox.Literal]:
    return [term for term in backward.filled(pattern, binding) if term is not None]


def _finds(derivation: Derivation, fact: Fact, binding: Binding, facts: Facts) -> bool:
    if isinstance(fact.subject, ox.Literal) or not isinstance(fact.predicate, ox.NamedNode):
        return False
    known = {name[1:]: term for name, term in binding.items() if not isinstance(term, int) and not _is_blank(term)}
    asked = replace(derivation, sparql=_narrowed(derivation.sparql, known))
    return ox.Triple(fact.subject, fact.predicate, fact.object) in asked.found(facts.store.quads)


def _blank_last(solutions: Iterable[Solution]) -> Iterator[Solution]:
    """Yield solutions: those with a blank node, which a query cannot name and so leaves open, after the others."""
    late = []
    for solution in solutions:
        if any(map(_is_blank, solution[0].values())):
            late.append(solution)
        else:
            yield solution
    yield from late


def _is_blank(value: object) -> bool:
    return isinstance(value, ox.BlankNode)


def _narrowed(sparql: str, known: dict[str, Term]) -> str:
    """Give the variables of a query their values, where that only chooses among its rows.

    They come at the start of the outermost group, or at its end if the query assigns them; and at the start of a
    select within for those that it shows and groups by: other variables of that name are others.
    """
    bare = re.sub(r"(^|\s)#[^\n]*", r"\1", sparql)
    start = bare.index("WHERE {") + len("WHERE {")
    end = scopes.closing(bare, start)
    body = bare[start:end]
    late = {name for name in known if name in scopes.assigned(body)}
    late |= set(known) if re.match(r"\s*SELECT", body) else set()  # a select that is the whole group takes no VALUES
    first = _values([name for name in known if name not in late], known)
    names = sorted(late)
    row = f"VALUES ({' '.join(f'?{name}' for name in names)}) {{ ({' '.join(str(known[name]) for name in names)}) }}"
    whole = scopes.edited(body, lambda select: _inner(select, known), lambda minus: _minus(minus, known))
    return f"{bare[:start]} {first} {whole}}}\n{row if names else ''}"


def _inner(select: scopes.Select, known: dict[str, Term]) -> str:
    shown = {name: known[name] for name in select.shown if name in known}
    if shown and re.match(r"\s*SELECT", select.body):
        body = scopes.edited(select.body, lambda inner: _inner(inner, shown), None)
        return f"{select.head}{body}}}"
    body = scopes.edited(select.body, lambda inner: _inner(inner, shown), None)
    given = _values([name for name in shown if name not in scopes.assigned(select.body)], known)
    return f"{select.head} {given} {body}}}"


def _minus(group: str, known: dict[str, Term]) -> str:
    """Narrow a MINUS: it takes away what agrees with these values and nothing else."""
    shared = re.findall(r"\?(\w+)", group)
    narrowed = re.sub(r"\?(\w+)", lambda name: str(known.get(name[1], name[0])), group)
    return f"MINUS {{ {_values(shared, known)} {narrowed}}}"


def _values(names: list[str], known: dict[str, Term]) -> str:
    return " ".join(f"VALUES ?{name} {{ {known[name]} }}" for name in dict.fromkeys(names) if name in known)


def rules() -> list[Backward]:
    """Return the ways of all derivations."""
    return [rule for derivation in derivations() for rule in _rules(derivation)]


@cache
def _rules(derivation: Derivation) -> tuple[Backward, ...]:
    head = Pattern(*map(_slot, derivation.head))
    return tuple(
        Backward(PREFIX + derivation.name, tuple(Pattern(*map(_slot, words)) for words in way), head, ())
        for way in derivation.because
    )


def _slot(word: str) -> Slot:
    if word[0] == "?":
        return word
    if word in ("true", "false"):
        return ox.Literal(word, datatype=ox.NamedNode(f"{STANDARD['xsd']}boolean"))
    return ox.NamedNode(expand(word) or word)
