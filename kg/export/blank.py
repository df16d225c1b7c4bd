"""Blank nodes: which of a graph stand inside the thing that names them, and which spell a list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import pyoxigraph as ox

from kg.names import STANDARD

Node: TypeAlias = "dict[str, list[Any]]"
"""What is said of a thing: property -> values."""

_FIRST, _REST, _NIL = (f"{STANDARD['rdf']}{name}" for name in ("first", "rest", "nil"))
DEEPEST = 20
"""Objects within objects; a reader's parser may end at a few hundred."""


@dataclass(frozen=True)
class Blank:
    """The facts of each blank node of a graph, those that stand `inside` another thing, and the items of `lists`.

    What is `unnamed`, which is all that is inside and what nothing names, needs no label.
    """

    nodes: dict[Any, Node] = field(default_factory=dict)
    inside: frozenset[Any] = frozenset()
    lists: dict[Any, list[Any]] = field(default_factory=dict)
    unnamed: frozenset[Any] = frozenset()


def arrange(nodes: dict[Any, Node], named: Iterable[tuple[Any, Any]], shared: frozenset[str]) -> Blank:
    """Put inside what one thing names, once, and which is not, at any depth, inside itself.

    `named` are the pairs of what names a blank node and the node; `shared` the labels that stand in several graphs.
    """
    pairs = list(named)
    times = Counter(node for _, node in pairs)
    parent = {node: by for by, node in pairs if times[node] == 1 and str(node) not in shared}
    lists, cells = _lists(nodes, parent)
    head = {cell: start for start, chain in cells.items() for cell in chain}
    around = {node: head.get(by, by) for node, by in parent.items() if head.get(node, node) == node}
    depths: dict[Any, int] = {}
    for start in around:
        path: dict[Any, None] = {}
        node = start
        while node in around and node not in depths and node not in path:
            path[node] = None
            node = around[node]
        circle = node in path
        depth = depths.get(node, 0)
        for each in reversed(path):
            depth = 0 if circle or (depth >= DEEPEST and each not in lists) else depth + 1
            depths[each] = depth
            circle = circle and each != node
    inside = {node for node, depth in depths.items() if depth}
    inside |= {cell for start, chain in cells.items() if start in inside for cell in chain}
    loose = {node for node in nodes if node not in times and str(node) not in shared}
    held = {start: items for start, items in lists.items() if start in inside}
    return Blank(nodes, frozenset(inside), held, frozenset(inside | loose))


def _lists(nodes: dict[Any, Node], parent: dict[Any, Any]) -> tuple[dict[Any, list[Any]], dict[Any, list[Any]]]:
    """Return the items and the cells of each list that is one from end to end, by its first cell."""
    whole = {
        node
        for node in parent
        if (said := nodes.get(node, {})).keys() == {_FIRST, _REST} and all(len(each) == 1 for each in said.values())
    }
    lists, cells = {}, {}
    for start in whole:
        if parent[start] in whole and nodes[parent[start]][_REST] == [start]:
            continue
        chain, items, node = [], [], start
        while node in whole:  # each is named once, so this ends
            chain.append(node)
            items += nodes[node][_FIRST]
            (node,) = nodes[node][_REST]
        if node == ox.NamedNode(_NIL):
            lists[start], cells[start] = items, chain
    return lists, cells
