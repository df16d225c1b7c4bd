"""RDF lists, walked from their heads: each way from a head to rdf:nil is a list of its own.

A node with two values of rdf:first or rdf:rest stands for several lists, and the rules hold for each: so adding
a triple never takes a conclusion back. Ways that return to a node, or never reach rdf:nil, are no lists.
"""

from __future__ import annotations

from collections.abc import Iterable

from kg.owl2rl.vocabulary import FIRST, IDS, NIL, REST

LIST_PREDICATES = frozenset(
    IDS[name] for name in ("owl:intersectionOf", "owl:unionOf", "owl:oneOf", "owl:propertyChainAxiom",
                           "owl:hasKey", "owl:members", "owl:distinctMembers")
)  # fmt: skip
SHAPE_PREDICATES = LIST_PREDICATES | {FIRST, REST}
MOST_WAYS = 100
"""Ways followed from one head; more only come from a list with many branches, which is an error in the data."""

Item = tuple[int, int, int, int, int]
"""(list, path, item, position from 1, size)."""
Paths = dict[tuple[int, tuple[int, ...]], int]
"""The number of each way from a head through its items: it stays, whatever lists are found later."""


def walk(triples: Iterable[tuple[int, int, int]], paths: Paths) -> list[Item]:
    """The items of every list that an axiom of `triples` names, sorted by head; `paths` keeps their numbers."""
    first: dict[int, list[int]] = {}
    rest: dict[int, list[int]] = {}
    heads: set[int] = set()
    for s, p, o in triples:
        if p == FIRST:
            first.setdefault(s, []).append(o)
        elif p == REST:
            rest.setdefault(s, []).append(o)
        elif p in LIST_PREDICATES:
            heads.add(o)
    items: list[Item] = []
    for head in sorted(heads):
        for values in _ways(head, first, rest):
            path = paths.setdefault((head, tuple(values)), len(paths) + 1)
            items += [(head, path, value, at, len(values)) for at, value in enumerate(values, 1)]
    return items


def _ways(head: int, first: dict[int, list[int]], rest: dict[int, list[int]]) -> list[list[int]]:
    found: list[list[int]] = []
    waiting: list[tuple[int, list[int], set[int]]] = [(head, [], set())]
    while waiting and len(found) < MOST_WAYS and len(waiting) <= MOST_WAYS:
        node, values, seen = waiting.pop()
        # The straight part of a list is followed in place: lists of a million items are not copied.
        while node != NIL and node not in seen:
            items, nexts = first.get(node, []), rest.get(node, [])
            if not items or not nexts:
                break
            seen.add(node)
            for item in sorted(items):
                waiting += [
                    (following, [*values, item], set(seen))
                    for following in sorted(nexts)
                    if (item, following) != (min(items), min(nexts))
                ]
            values.append(min(items))
            node = min(nexts)
        if node == NIL and values and values not in found:
            found.append(values)
    return found
