"""owl:sameAs by representatives: equal terms share the least of their integers (eq-sym, eq-trans, eq-rep-*)."""

from __future__ import annotations

from collections.abc import Iterable


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
