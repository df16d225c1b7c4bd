"""owl:sameAs by representatives: equal terms share the least of their integers (eq-sym, eq-trans, eq-rep-*)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kg.owl2rl.vocabulary import is_literal

Pairs = Sequence[tuple[int, int, int]] | str
"""Two equal terms and the number of the rule that says so, for each pair; or a table of such rows (a, b, rule)."""
Changed = dict[int, int] | str
"""Representatives that no longer are, each with the new one; or a table of such rows (old, new)."""


class Merged(NamedTuple):
    """What pairs of equal terms have changed."""

    changed: Changed
    joined: dict[int, int]
    """How many resources came to share another's integer, by rule."""
    named: set[int]
    """Literals that are the same as a resource."""


class Equality:
    """Union-find over integers; `members` has each class of two or more by its representative."""

    def __init__(self) -> None:
        self.members: dict[int, list[int]] = {}
        self._rep: dict[int, int] = {}

    def __bool__(self) -> bool:
        return bool(self.members)

    def rep(self, term: int) -> int:
        """The integer that stands for a term."""
        return self._rep.get(term, term)

    def group(self, term: int) -> list[int]:
        """All that are equal to a term that is a representative, itself included."""
        return self.members.get(term, [term])

    def fetch(self, terms: Iterable[int]) -> None:
        """Have the groups of these terms at hand."""

    def shared(self, terms: Iterable[int]) -> list[int]:
        """Those of `terms` that are equal to another."""
        return [term for term in terms if self.rep(term) in self.members]

    def literal_groups(self) -> list[list[int]]:
        """The literals of each class that has two or more; classes may be left out whose literals are of one value."""
        groups = ([term for term in group if is_literal(term)] for group in self.members.values())
        return [group for group in groups if len(group) > 1]

    def unite(self, pairs: Pairs) -> Merged:
        """Take pairs of equal terms in, those of one rule after those of another."""
        assert not isinstance(pairs, str)
        joined: dict[int, int] = {}
        changed: dict[int, int] = {}
        for rule in sorted({rule for *_, rule in pairs}):
            lost = self.union((a, b) for a, b, number in pairs if number == rule)
            if rule:
                joined[rule] = sum(1 for term in lost if not is_literal(term))
            changed = {old: self.rep(new) for old, new in changed.items()} | lost
        named: set[int] = set()
        for rep in set(changed.values()):
            literals = {term for term in self.members[rep] if is_literal(term)}
            if literals and len(literals) < len(self.members[rep]):
                named |= literals
        return Merged(changed, joined, named)

    def union(self, pairs: Iterable[tuple[int, int]]) -> dict[int, int]:
        """Take pairs of equal terms in; gives the representatives that no longer are, with the new one.

        The smaller class is relabelled, so the whole is n log n; labels are put right at the end.
        """
        before: set[int] = set()
        for left, right in pairs:
            a, b = self.rep(left), self.rep(right)
            if a != b:
                before |= {a, b}
                mine, yours = self.members.pop(a, [a]), self.members.pop(b, [b])
                if len(mine) < len(yours):
                    a, mine, yours = b, yours, mine
                mine += yours
                self.members[a] = mine
                for member in yours:
                    self._rep[member] = a
                self._rep[a] = a
        changed: dict[int, int] = {}
        for old in before:
            label = self._rep[old]
            if label in self.members:
                group = self.members.pop(label)
                least = min(group)
                self.members[least] = group
                if least != label:
                    for member in group:
                        self._rep[member] = least
        for old in before:
            if self._rep[old] != old:
                changed[old] = self._rep[old]
        return changed
