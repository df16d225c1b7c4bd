"""What goes out of memory: derived facts with equal terms told apart again, as proper RDF and without `noise`.

What `output` is to tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from typing import TYPE_CHECKING

from kg.owl2rl.noise import AXIOMS, REFLEXIVE, SUBCLASS
from kg.owl2rl.pairs import Pair
from kg.owl2rl.patterns import is_schema_slot
from kg.owl2rl.schema_rules import NUMBERS
from kg.owl2rl.small import Batch
from kg.owl2rl.vocabulary import FIRST_LITERAL, LAST_SCHEMA_PREDICATE, NOTHING, SAME_AS, THING, TYPE, is_literal

if TYPE_CHECKING:
    from kg.owl2rl.in_memory import InMemory


def derived(work: InMemory) -> Iterator[Batch]:
    """The derived facts that are told, each once."""
    spelling = set() if work.full else _spelling(work)
    for p, rule, pairs in _expanded(work) if work.equality else _plain(work):
        if work.names[p][0] == "<":
            proper = {
                (s, o) for s, o in pairs
                if (s < FIRST_LITERAL or s % 2 == 0) and s not in spelling and o not in spelling
            }  # fmt: skip
            if not work.full:
                proper = _without_noise(p, proper)
            if proper:
                yield p, rule, proper


def generalized(work: InMemory) -> Iterator[tuple[str, str, str]]:
    """All that was derived, as texts: with literals as subjects, and with `noise`."""
    names = work.names
    for p, _, pairs in _expanded(work) if work.equality else _plain(work):
        for s, o in pairs:
            yield names[s], names[p], names[o]


def _plain(work: InMemory) -> Iterator[Batch]:
    for (p, rule), pairs in work.by_rule.items():
        if rule:
            yield p, rule, pairs.difference(work.stated.get(p, ()))


def _without_noise(p: int, pairs: set[Pair]) -> set[Pair]:
    if p == TYPE:
        return {pair for pair in pairs if pair[1] != THING and pair not in AXIOMS}
    if p == SUBCLASS:
        pairs = {(s, o) for s, o in pairs if s != NOTHING and o != THING}
    return {(s, o) for s, o in pairs if s != o} if p in REFLEXIVE else pairs


def _spelling(work: InMemory) -> set[int]:
    """The blank nodes that spell out class expressions, lists and axioms."""
    return {
        s for p, pairs in work.stated.items() if p <= LAST_SCHEMA_PREDICATE or p == TYPE
        for s, o in pairs if is_schema_slot((s, p, o)) and work.names[s][0] == "_"
    }  # fmt: skip


def _expanded(work: InMemory) -> Iterator[Batch]:
    """The facts for each member of a class of equal terms in place of its representative, but for stated ones.

    Unless all is told, equal literals are told in one form, and a stated value in no other.
    """
    members, names, full = work.equality.members, work.names, work.full
    forms = {
        rep: [min(group, key=names.__getitem__)] for rep, group in members.items() if all(map(is_literal, group))
    }  # fmt: skip
    values = members if full else {**members, **forms}
    form_of = {} if full else {member: form for rep, (form,) in forms.items() for member in members[rep]}
    same = work.equality.rep(SAME_AS)
    known = {
        p: pairs | {(s, form_of[o]) for s, o in pairs if o in form_of} for p, pairs in work.stated.items()
    }  # fmt: skip
    facts = dict(work.by_rule)
    if not work.demand.sameness:
        facts = {key: {x for x in some if key[0] != same or x[0] != x[1]} for key, some in facts.items()}
        trans = same, NUMBERS["eq-trans"]
        facts[trans] = facts.get(trans, set()) | {(rep, rep) for rep in members}
    for (p, rule), pairs in facts.items():
        for s, o in pairs:
            subjects, predicates, objects = members.get(s, [s]), members.get(p, [p]), values.get(o, [o])
            number = rule or NUMBERS["eq-rep-s" if s in members else "eq-rep-p" if p in members else "eq-rep-o"]
            for q in predicates:
                yield q, number, set(product(subjects, objects)).difference(known.get(q, ()))


def lines(work: InMemory, stated_too: bool, derived_too: bool) -> list[str]:
    """Facts as lines of N-Triples, sorted by their terms' text."""
    names = work.names
    batches: Iterable[tuple[int, set[Pair]]] = work.stated.items() if stated_too else ()
    if derived_too:
        batches = [*batches, *((p, pairs) for p, _, pairs in work.told)]
    found: list[str] = []
    for p, pairs in batches:
        between = f" {names[p]} "
        found += [f"{names[s]}{between}{names[o]} ." for s, o in pairs]
    found.sort()  # as by subject, predicate and object: a space comes before all that a term goes on with
    return found


def write(path: str, packed: bool, lines: list[str]) -> None:
    """Lines to a file."""
    text = "\n".join([*lines, ""]).encode()
    if packed:
        import gzip

        text = gzip.compress(text, mtime=0)
    with open(path, "wb") as stream:
        stream.write(text)
