"""The schema of an ordinary ontology and the rows that the rules take from it: one face for the evaluation.

Held in memory; `relational` carries on, in tables, where a schema is large.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from kg.owl2rl.compile import Resolve
from kg.owl2rl.equality import Changed
from kg.owl2rl.errors import TooLarge
from kg.owl2rl.memory import AXIOM_COLUMNS, Derived, MemorySchema
from kg.owl2rl.patterns import Rule
from kg.owl2rl.vocabulary import IDS, THING, TYPE

if TYPE_CHECKING:
    from kg.owl2rl.workspace import Workspace

SMALL = 3000
"""Triples of schema up to which it is closed in memory."""


class Schema:
    """The schema's closure and the rows the rules take from it."""

    def __init__(self, work: Workspace, rules: Sequence[Rule], resolve: Resolve) -> None:
        self.work, self.resolve = work, resolve
        self.rules = list(rules)
        self.memory = MemorySchema(self.rules, resolve)
        self._values: dict[tuple[Rule | str, str], set[int]] = {}
        self._axioms: dict[tuple[str, bool], list[tuple[int, ...]]] = {}

    def restart(self) -> None:
        """Forget everything but the rules: terms have changed."""
        self.memory = MemorySchema(self.rules, self.resolve)
        self.forget()

    def forget(self) -> None:
        """Look at the rows afresh."""
        self._values, self._axioms = {}, {}

    def extend(self, table: str = "") -> list[Derived] | str:
        """Close the schema with the schema triples that are fresh; gives what follows, or a table of it.

        In tables, those of `table` where one is named. Raises TooLarge.
        """
        room = max(SMALL - len(self.memory), 0)
        triples = self.work.schema_triples(room + 1, table)
        if len(triples) > room:
            raise TooLarge
        return self.memory.extend(triples)

    def include(self, rule: Rule) -> None:
        """Use one more rule: that for lists of a length not met before."""
        if rule not in self.rules:
            self.rules.append(rule)

    def bind(self, things: bool) -> None:
        """Find the rows of all rules; `things` is whether membership in owl:Thing is to be made."""
        self.forget()
        for rule in self.rules:
            if rule.parsed.data:
                self.memory.bind(rule)
        kind = self.resolve(TYPE)
        for table, columns in AXIOM_COLUMNS.items():
            last = columns.index("c" if table == "by_property" else "o2")
            for new in (False, True):
                rows = self.memory.axioms(table, new)
                if not things:
                    rows = [row for row in rows if not (row[2] == kind and row[last] == THING)]
                self._axioms[table, new] = rows

    def settle(self) -> None:
        """What was new is so no longer."""
        self._axioms = {key: [] if key[1] else rows for key, rows in self._axioms.items()}
        self.memory.settle()

    def rows(self, key: Rule | str, new: bool) -> list[tuple[int, ...]]:
        """The rows of a rule or an axiom table, in the order of its columns."""
        if isinstance(key, str):
            return self._axioms.get((key, new), [])
        return self.memory.rows(key, new)

    def values(self, key: Rule | str, column: str) -> set[int]:
        """The distinct values of one column of those rows."""
        if (key, column) not in self._values:
            columns = AXIOM_COLUMNS[key] if isinstance(key, str) else key.parsed.columns
            at = list(columns).index(column)
            self._values[key, column] = {row[at] for row in self.rows(key, False)}
        return self._values[key, column]

    def lengths(self, predicate: str) -> set[int]:
        """The lengths of the lists that a property of the vocabulary leads to."""
        index = self.memory.index
        heads = {triple[2] for triple in index.by_p.get(self.resolve(IDS[predicate]), [])}
        return {size for head, _, _, _, size in index.items if head in heads}

    def mentions(self, watched: frozenset[int]) -> Iterable[tuple[int, int, int]]:
        """The schema triples with a subject or object among `watched`."""
        return [triple for triple in self.memory.index.triples if triple[0] in watched or triple[2] in watched]

    def touches(self, changed: Changed) -> bool:
        """Whether the schema speaks of any term that has changed."""
        known: set[int] = set().union(*self.memory.index.triples)
        return not known.isdisjoint(changed)
