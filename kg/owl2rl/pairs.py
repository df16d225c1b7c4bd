"""Facts in memory by property, as pairs; and the rules that have SQL of their own, over those.

What `small` is to `compile`, this is to the templates in `rules`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import product

Pair = tuple[int, int]


class Facts:
    """Triples by property, then by subject or object where that has been asked for."""

    def __init__(self) -> None:
        self.pairs: dict[int, set[Pair]] = {}
        self._by_s: dict[int, dict[int, list[int]]] = {}
        self._by_o: dict[int, dict[int, list[int]]] = {}

    def add(self, p: int, pairs: set[Pair]) -> None:
        """Take new facts of a property in."""
        if p not in self.pairs:
            self.pairs[p] = set(pairs)
            self._by_s.pop(p, None)
            self._by_o.pop(p, None)
            return
        self.pairs[p] |= pairs
        if p in self._by_s:
            _index(self._by_s[p], pairs)
        if p in self._by_o:
            _index(self._by_o[p], ((o, s) for s, o in pairs))

    def __len__(self) -> int:
        return sum(map(len, self.pairs.values()))

    def by_s(self, p: int) -> dict[int, list[int]]:
        """Subject to objects, of one property."""
        if p not in self._by_s:
            self._by_s[p] = _index({}, self.pairs.get(p, ()))
        return self._by_s[p]

    def by_o(self, p: int) -> dict[int, list[int]]:
        """Object to subjects, of one property."""
        if p not in self._by_o:
            self._by_o[p] = _index({}, ((o, s) for s, o in self.pairs.get(p, ())))
        return self._by_o[p]


def _index(found: dict[int, list[int]], pairs: Iterable[Pair]) -> dict[int, list[int]]:
    for one, other in pairs:
        if one in found:
            found[one].append(other)
        else:
            found[one] = [other]
    return found


Named = Sequence[dict[str, int]]
"""A rule's rows, by column. Each function below takes these, the fresh facts, all facts, and rdf:type."""


def _star(group: Iterable[int]) -> Iterator[Pair]:
    """The members of a group are the same: each is paired with the least."""
    least, *others = sorted(set(group))
    for other in others:
        yield least, other


def _functional(rows: Named, fresh: Facts, facts: Facts, _: int) -> Iterator[Pair]:
    for p in {row["p"] for row in rows} & fresh.pairs.keys():
        for s in fresh.by_s(p):
            if len(values := facts.by_s(p)[s]) > 1:
                yield from _star(values)


def _inverse_functional(rows: Named, fresh: Facts, facts: Facts, _: int) -> Iterator[Pair]:
    for p in {row["p"] for row in rows} & fresh.pairs.keys():
        for o in fresh.by_o(p):
            if len(subjects := facts.by_o(p)[o]) > 1:
                yield from _star(subjects)


def _all_of_list(rows: Named, fresh: Facts, facts: Facts, kind: int) -> Iterator[Pair]:
    lists: dict[tuple[int, int, int], list[int]] = {}
    for row in rows:
        lists.setdefault((row["l_path"], row["c"], row["n"]), []).append(row["ci"])
    typed = facts.pairs.get(kind, set())
    for (_, whole, size), classes in lists.items():
        for s in {s for one in classes for s in fresh.by_o(kind).get(one, ())}:
            if sum((s, one) in typed for one in classes) == size:
                yield s, whole


def _at_most_one(rows: Named, fresh: Facts, facts: Facts, kind: int) -> Iterator[Pair]:
    for row in rows:
        if kind not in fresh.pairs and row["p"] not in fresh.pairs:
            continue
        values_of, typed = facts.by_s(row["p"]), facts.pairs.get(kind, set())
        for u in facts.by_o(kind).get(row["x"], ()):
            values = [v for v in values_of.get(u, ()) if "c" not in row or (v, row["c"]) in typed]
            if len(values) > 1:
                yield from _star(values)


def _key(rows: Named, fresh: Facts, facts: Facts, kind: int) -> Iterator[Pair]:
    for row in rows:
        properties = [value for name, value in row.items() if name[0] == "p"]
        if fresh.pairs.keys().isdisjoint([kind, *properties]):
            continue
        groups: dict[tuple[int, ...], list[int]] = {}
        for member in facts.by_o(kind).get(row["c"], ()):
            for values in product(*(facts.by_s(p).get(member, ()) for p in properties)):
                groups.setdefault(values, []).append(member)
        for group in groups.values():
            if len(group) > 1:
                yield from _star(group)


GROUP_RULES: dict[str, Callable[[Named, Facts, Facts, int], Iterator[Pair]]] = {
    "prp-fp": _functional, "prp-ifp": _inverse_functional, "prp-key": _key, "cls-int1": _all_of_list,
    "cls-maxc2": _at_most_one, "cls-maxqc3": _at_most_one, "cls-maxqc4": _at_most_one,
}  # fmt: skip
"""The rules that speak of a group of things at once, by name: pairs of their conclusion's subject and object."""
