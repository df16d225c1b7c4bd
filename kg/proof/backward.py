"""The rules read from their conclusion to their premises: a fact -> the ways in which rules give it.

The rules are the reasoner's own tables (`kg.owl2rl.rules`, `schema_rules`); what those leave to the handling of equal
terms and literals (`held`) is read as the standard writes it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import pyoxigraph as ox

from kg.owl2rl import vocabulary
from kg.owl2rl.rules import chain_rule, key_rule
from kg.owl2rl.schema_rules import RULES
from kg.proof.literals import same_value
from kg.proof.model import Fact, Term

if TYPE_CHECKING:
    from kg.proof.facts import Facts

Slot: TypeAlias = "Term | str"
"""A term, or the name of a variable."""
Binding: TypeAlias = "dict[str, Term | int]"

NODE = {name: ox.NamedNode(vocabulary.expand(name)) for name in vocabulary.IDS if ":" in name}
NUMBER = {digit: ox.Literal(digit, datatype=ox.NamedNode(f"{vocabulary.XSD}integer")) for digit in "01"}
_NUMBERS = tuple(NUMBER.values())
_SCHEMA = frozenset(NODE[name] for name in vocabulary.SCHEMA_PREDICATES)
_EQUAL_OBJECTS = "eq-rep-o"


class Pattern(NamedTuple):
    """A triple with variables."""

    subject: Slot
    predicate: Slot
    object: Slot


class Item(NamedTuple):
    """`item` at `position` (from 1) of `list`, which has `size` items. Two of one list speak of one way through it."""

    list: str
    item: Slot
    position: str | int
    size: str | int


class Backward(NamedTuple):
    """A rule as patterns; the head is None for a contradiction. Guards are (variable, `<` or `!=`, variable)."""

    name: str
    body: tuple[Pattern | Item, ...]
    head: Pattern | None
    guards: tuple[tuple[str, str, str], ...]


class Instance(NamedTuple):
    """A rule that gives a fact, and the facts it then rests on, those of lists among them."""

    rule: str
    premises: tuple[Fact, ...]


@cache
def read(name: str, body: str, head: str) -> Backward:
    """Read a rule from the notation of `kg.owl2rl.patterns`."""
    atoms: list[Pattern | Item] = []
    guards: list[tuple[str, str, str]] = []
    for text in filter(None, (part.strip() for part in body.split(" . "))):
        tokens = text.split()
        if tokens[1] in ("<", "!="):
            guards.append((tokens[0], tokens[1], tokens[2]))
        elif tokens[1] == "list:item":
            rest: list[str | int] = [token if token[0] == "?" else int(token) for token in tokens[3:]]
            rest += [f"?any{len(atoms)}-{at}" for at in range(len(rest), 2)]
            atoms.append(Item(tokens[0], _slot(tokens[2]), rest[0], rest[1]))
        else:
            atoms.append(Pattern(*map(_slot, tokens)))
    return Backward(name, tuple(atoms), Pattern(*map(_slot, head.split())) if head else None, tuple(guards))


def _slot(token: str) -> Slot:
    return token if token[0] == "?" else NUMBER.get(token) or NODE[token]


@cache
def _intersection(length: int) -> Backward:
    """cls-int1 for a list of a length: each class is a premise."""
    items = " . ".join(f"?l list:item ?c{i} {i} {length} . ?y rdf:type ?c{i}" for i in range(1, length + 1))
    return read("cls-int1", f"?c owl:intersectionOf ?l . {items}", "?y rdf:type ?c")


@cache
def _chain(length: int) -> Backward:
    rule = chain_rule(length)
    return read(rule.name, rule.body, rule.head)


@cache
def _key(length: int) -> Backward:
    rule = key_rule(length)
    return read(rule.name, rule.body, rule.head)


_BY_LENGTH = {
    "owl:intersectionOf": ("cls-int1", _intersection),
    "owl:propertyChainAxiom": ("prp-spo2", _chain),
    "owl:hasKey": ("prp-key", _key),
}
_LISTED = {name for name, _ in _BY_LENGTH.values()}
_NOT_READ = {"eq-ref", "prp-ap", "cls-thing", "cls-nothing1", "dt-type1", "dt-type2", "dt-eq", "dt-diff", "dt-not-type"}
FALSE_RULES = {
    rule.name: read(rule.name, rule.body, "") for rule in RULES if not rule.head and rule.name not in _NOT_READ
}


class Rules:
    """The rules that a graph's lists call for, by the predicate of what they conclude."""

    def __init__(self, facts: Facts) -> None:
        self._by_predicate: dict[Term | None, list[Backward]] = defaultdict(list)
        rules = [
            read(rule.name, rule.body, rule.head)
            for rule in RULES
            if rule.head and rule.name not in _NOT_READ and rule.name not in _LISTED
        ]
        for predicate, (_, made) in _BY_LENGTH.items():
            lists = {fact.object for fact in facts.match(None, NODE[predicate], None)}
            lengths = {len(way) for first in lists for way, _ in facts.ways(first)}
            rules += [made(length) for length in sorted(lengths) if length]
        for rule in rules:
            assert rule.head is not None
            predicate_ = rule.head.predicate
            self._by_predicate[None if isinstance(predicate_, str) else predicate_].append(rule)

    def concluding(self, fact: Fact) -> Iterator[tuple[Backward, Binding]]:
        """Yield each rule whose head a fact is, with the variables that follow."""
        for rule in (*self._by_predicate[fact.predicate], *self._by_predicate[None]):
            assert rule.head is not None
            binding = bound(rule.head, fact, {})
            if binding is not None:
                yield rule, binding


def bound(pattern: Pattern, fact: Fact, binding: Binding) -> Binding | None:
    """Return the binding with what makes the pattern this fact, or None if nothing does."""
    new = dict(binding)
    for slot, term in zip(pattern, fact, strict=True):
        if isinstance(slot, str):
            if new.setdefault(slot, term) != term:
                return None
        elif slot != term and not (slot in _NUMBERS and same_value(slot, term)):
            return None
    return new


def instances(rule: Backward, binding: Binding, facts: Facts) -> Iterator[Instance]:
    """Yield each way in which a rule fires in a graph: its premises hold there, or are such as need not stand there."""
    for _, used in solve(rule, binding, facts):
        yield Instance(rule.name, tuple(dict.fromkeys(used)))


def solve(rule: Backward, binding: Binding, facts: Facts) -> Iterator[tuple[Binding, tuple[Fact, ...]]]:
    """Yield each way of meeting a rule's premises: the terms of its variables, and the facts."""
    return _solve(plan(rule, frozenset(binding)), 0, binding, (), rule.guards, facts)


@cache
def plan(rule: Backward, known: frozenset[str]) -> tuple[Pattern | Item, ...]:
    """Return the atoms of a rule in the order to look for them, the rarest first, when these variables are known."""
    left, order = list(rule.body), []
    while left:
        atom = min(left, key=lambda each: cost(each, known))
        left.remove(atom)
        order.append(atom)
        known |= {f"{atom.list} way"} if isinstance(atom, Item) else frozenset()
        known |= {slot for slot in atom if isinstance(slot, str)}
    return tuple(order)


def _solve(
    atoms: tuple[Pattern | Item, ...],
    at: int,
    binding: Binding,
    used: tuple[Fact, ...],
    guards: tuple[tuple[str, str, str], ...],
    facts: Facts,
) -> Iterator[tuple[Binding, tuple[Fact, ...]]]:
    if guards and not all(_kept(guard, binding) for guard in guards):
        return
    if at == len(atoms):
        yield binding, used
        return
    for new, more in matches(atoms[at], binding, facts):
        yield from _solve(atoms, at + 1, new, (*used, *more), guards, facts)


def _kept(guard: tuple[str, str, str], binding: Binding) -> bool:
    left, sign, right = guard
    if left not in binding or right not in binding:
        return True
    a, b = binding[left], binding[right]
    return a != b if sign == "!=" else isinstance(a, int) and isinstance(b, int) and a < b


def cost(atom: Pattern | Item, known: Container[str]) -> int:
    """Rank an atom by how much there may be of it: what is ground first, then the schema, then what is nearly bound."""
    if isinstance(atom, Item):
        return 1 if atom.list in known else 20
    open_ = [isinstance(slot, str) and slot not in known for slot in atom]
    if not any(open_):
        return 0
    schema = atom.predicate in _SCHEMA or (atom.predicate == NODE["rdf:type"] and not isinstance(atom.object, str))
    return (2 if schema else 6) + sum(open_) + 6 * open_[1] + (open_[0] and atom.predicate == NODE["rdf:type"])


def filled(pattern: Pattern, binding: Binding) -> list[Term | None]:
    """Return the terms of a pattern, None for a variable that is not bound."""
    return [binding.get(slot) if isinstance(slot, str) else slot for slot in pattern]  # type: ignore[misc]


def matches(atom: Pattern | Item, binding: Binding, facts: Facts) -> Iterator[tuple[Binding, Iterable[Fact]]]:
    """Yield each way in which an atom holds, or may hold though it is not looked up, and the facts used."""
    if isinstance(atom, Item):
        yield from _items(atom, binding, facts)
        return
    s, p, o = filled(atom, binding)
    number = o is not None and o in _NUMBERS
    if s is not None and p is not None and o is not None and not number:
        fact = Fact(s, p, o)
        if facts.may_hold(fact):
            yield binding, (fact,)
        return
    for fact in facts.match(s, p, None if number else o):
        new = bound(atom, fact, binding)
        if new is not None:
            yield new, (fact,)


def _items(atom: Item, binding: Binding, facts: Facts) -> Iterator[tuple[Binding, Iterable[Fact]]]:
    first = binding.get(atom.list)
    if first is None or isinstance(first, int):
        return
    for number, (way, links) in enumerate(facts.ways(first)):
        if binding.get(f"{atom.list} way", number) != number:
            continue
        for position, item in enumerate(way, 1):
            new = dict(binding) | {f"{atom.list} way": number}
            for slot, value in ((atom.item, item), (atom.position, position), (atom.size, len(way))):
                if new.setdefault(slot, value) != value if isinstance(slot, str) else slot != value:
                    break
            else:
                if isinstance(atom.size, int):  # the whole list is a premise
                    yield new, links
                else:  # the way to the item is
                    yield new, (*links[1 : 2 * position - 2 : 2], links[2 * position - 2])


def equal_objects(fact: Fact, facts: Facts) -> Iterator[Instance]:
    """Yield how eq-rep-o gives a fact whose literal a source writes in another form: "0.70" for "0.7"."""
    if isinstance(fact.object, ox.Literal) and not isinstance(fact.subject, ox.Literal):
        for other in facts.match(fact.subject, fact.predicate, None):
            if other.object != fact.object and same_value(other.object, fact.object):
                same = Fact(other.object, NODE["owl:sameAs"], fact.object)
                yield Instance(_EQUAL_OBJECTS, (same, other))
