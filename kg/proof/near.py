"""A fact that is not there -> the rules closest to giving it, what of their premises holds and what is lacking."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import pyoxigraph as ox

from kg.names import STANDARD
from kg.proof import backward, queried
from kg.proof.backward import Backward, Binding, Item, Pattern
from kg.proof.model import Fact, Proof
from kg.proof.search import Search

MOST_TRIED = 2_000
"""Ways of one rule that are looked at."""
DEEPEST = 6
NOTHING = ox.NamedNode(STANDARD["owl"] + "Nothing")


@dataclass(frozen=True)
class Near:
    """A rule that lacks some premises. `below` tells of a lacking premise that is a fact why it is not there either."""

    rule: str
    held: tuple[Proof, ...]
    lacking: tuple[Pattern, ...]
    below: Near | None = None


def nearest(fact: Fact, search: Search, most: int = 3, above: frozenset[Fact] = frozenset()) -> list[Near]:
    """Return the rules that would give a fact with the fewest premises lacking, each at its best.

    What is lacking is told as far down as it is one fact that again might follow; `above` holds those being asked for.
    """
    above |= {fact}
    found: dict[tuple[Pattern, ...], tuple[tuple[int, int, int, int, str], Near]] = {}
    for rule, binding in _rules(fact, search):
        for _, used, lacking in islice(_nearly(rule, binding, search), MOST_TRIED):
            if any(Fact(*each) in above or each.object == NOTHING for each in lacking):  # type: ignore[arg-type]
                continue  # it would need itself, or a contradiction
            held = [proof for each in dict.fromkeys(used) if (proof := search.prove(each))]
            if held:
                open_ = sum(isinstance(slot, str) for pattern in lacking for slot in pattern)
                steps = sum(proof.steps for proof in held)
                rank = (len(lacking), open_, steps, -len(held), rule.name)
                if lacking not in found or rank < found[lacking][0]:
                    found[lacking] = (rank, Near(rule.name, tuple(held), lacking))
    ranked = sorted(found.values(), key=lambda each: each[0])
    deeper = ((rank[0], _deeper(near, search, above)) for rank, near in ranked)
    told = list(islice(((lacking, near) for lacking, near in deeper if near), most))
    return [near for lacking, near in told if lacking == told[0][0]]


def _deeper(near: Near, search: Search, above: frozenset[Fact]) -> Near | None:
    """Follow a lacking fact down; None if nothing but the reasoner could state it, and no rule would."""
    if len(near.lacking) != 1 or any(isinstance(slot, str) for slot in near.lacking[0]):
        return near
    below = nearest(Fact(*near.lacking[0]), search, 1, above) if len(above) < DEEPEST else []  # type: ignore[arg-type]
    if below:
        return Near(near.rule, near.held, near.lacking, below[0])
    return None if isinstance(near.lacking[0].object, ox.BlankNode) else near


def _rules(fact: Fact, search: Search) -> Iterator[tuple[Backward, Binding]]:
    for rule, binding in search.rules.concluding(fact):
        if not rule.name.startswith("eq-"):
            yield rule, binding
    for rule in queried.rules():
        assert rule.head is not None
        if (bound := backward.bound(rule.head, fact, {})) is not None:
            yield rule, bound


def _nearly(
    rule: Backward, binding: Binding, search: Search
) -> Iterator[tuple[Binding, tuple[Fact, ...], tuple[Pattern, ...]]]:
    """Yield ways of a rule in which the schema speaks for it and at most two premises of data are lacking."""
    atoms = backward.plan(rule, frozenset(binding))

    def go(
        at: int, now: Binding, used: tuple[Fact, ...], lacking: tuple[Pattern, ...]
    ) -> Iterator[tuple[Binding, tuple[Fact, ...], tuple[Pattern, ...]]]:
        if at == len(atoms):
            if lacking or rule.name.startswith(queried.PREFIX):
                yield now, used, tuple(_filled(each, now) for each in lacking)
            return
        atom = atoms[at]
        for new, more in backward.matches(atom, now, search.facts):
            if all(search.prove(each) for each in more):
                yield from go(at + 1, new, (*used, *more), lacking)
        if isinstance(atom, Item) or len(lacking) == 2:
            return
        if backward.cost(atom, ()) >= 6 or rule.name.startswith(queried.PREFIX):  # no premise of the schema
            yield from go(at + 1, now, used, (*lacking, _filled(atom, now)))

    return go(0, binding, (), ())


def _filled(pattern: Pattern, binding: Binding) -> Pattern:
    return Pattern(*(binding.get(slot, slot) if isinstance(slot, str) else slot for slot in pattern))  # type: ignore[arg-type]
