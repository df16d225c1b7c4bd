"""Semi-naive evaluation: rounds that join the last round's facts with the rules' rows until nothing is new.

The facts are those of a workspace, in memory or in tables, with one term standing for all that are equal to it. The
schema is closed first, and again whenever a round derives more of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from kg.owl2rl.compile import Resolve
from kg.owl2rl.demand import WATCHED
from kg.owl2rl.equality import Pairs
from kg.owl2rl.memory import Derived
from kg.owl2rl.rules import chain_rule, key_rule
from kg.owl2rl.schema_rules import RULES
from kg.owl2rl.vocabulary import ONE, SAME_AS, ZERO

if TYPE_CHECKING:
    from kg.owl2rl.workspace import Workspace

Progress = Callable[[str, int], None]
"""Called with what has been done ("round 3") and the number of new facts."""

_BY_LENGTH = {"prp-spo2": ("owl:propertyChainAxiom", chain_rule), "prp-key": ("owl:hasKey", key_rule)}
_SIMPLE = [rule for rule in RULES if rule.head and not rule.held and rule.name not in _BY_LENGTH]


class Evaluation:
    """The closure of the facts of a workspace under the rules, from what is fresh."""

    def __init__(self, work: Workspace, progress: Progress | None) -> None:
        self.work, self.progress = work, progress
        self.equality, self.demand = work.equality, work.demand
        self.literals = work.literals()
        self.resolve: Resolve = self._resolve
        self.schema = work.schema(_SIMPLE, self.resolve)
        self.rounds = 0
        self.joined: dict[int, int] = {}
        self._since = 0
        self._types_due = True
        self._named: set[int] = set()  # literals that are the same as a resource
        self._schema_due = True

    def run(self, since: int) -> None:
        """Close the facts from what is fresh. Terms from `since` on are new. Raises TooLarge."""
        self._since, self._types_due = since, True
        self._count()
        self._merge(self._same_pairs(self.literals.read(since)))
        self.go_on()

    def go_on(self) -> None:
        """Make rounds until nothing is new. Raises TooLarge."""
        while True:
            self.work.keep(self)
            self._close_schema()
            if not self._round():
                break

    def state(self) -> dict[str, Any]:
        """What an evaluation of the same facts goes on from another time, as JSON has it."""
        return {
            "rounds": self.rounds, "joined": list(self.joined.items()), "since": self._since,
            "named": sorted(self._named), "types_due": self._types_due, "schema_due": self._schema_due,
            "demand": self.demand.state(), "typed": sorted(self.literals.typed),
        }  # fmt: skip

    def resume(self, state: dict[str, Any], settled: str) -> None:
        """Go on from a state; `settled` is the table of the schema triples from before the last round."""
        self.rounds, self.joined = state["rounds"], dict(state["joined"])
        self._since, self._named = state["since"], set(state["named"])
        self.demand.restore(state["demand"])
        self.literals.typed = set(state["typed"])
        if not self.work.everything:
            self.schema.extend(settled)  # what follows is known
            self._bind()
            self.schema.settle()
        self._types_due, self._schema_due = state["types_due"], state["schema_due"]
        self.go_on()

    def _round(self) -> bool:
        if not self.work.round(self.schema, self.resolve):
            return False
        self._schema_due |= self.work.found_schema
        count = sum(self.work.found.values())
        self.rounds += 1
        if self.progress:
            self.progress(f"round {self.rounds}", count)
        self._merge(self._same_pairs())
        return count > 0

    def _count(self) -> None:
        self.work.count()
        self._schema_due |= self.work.found_schema

    # The schema

    def _close_schema(self) -> None:
        """Close the schema with what the last round has of it, and make what it now asks for."""
        while self._schema_due or self._types_due:
            self._schema_due = False
            self._add(self.schema.extend())
            if self.demand.read(self.schema.mentions(WATCHED)):
                self.work.everything = self._types_due = True
            self._bind()
            if self._types_due:
                self._types_due = False
                self._add(self.literals.types(self.demand.datatypes, self._since, self._named, self.resolve))

    def _bind(self) -> None:
        """Find the rows of all rules, those for lists of the lengths there are among them."""
        for predicate, make in _BY_LENGTH.values():
            for length in self.schema.lengths(predicate):
                self.schema.include(make(length))
        self.schema.bind(self.demand.things)

    def _add(self, rows: Sequence[Derived] | str) -> None:
        """Add what is new in `rows` to the facts and to what is fresh."""
        if rows:
            self._merge(self.work.add(rows, self.resolve(SAME_AS)))

    # Equality

    def _resolve(self, term: int) -> int:
        """The integer that stands for a term of the vocabulary, or for the number zero or one."""
        if term in (ZERO, ONE):
            term = self.literals.number("0" if term == ZERO else "1")
        return self.equality.rep(term)

    def _same_pairs(self, more: Pairs = ()) -> Pairs:
        same = self.resolve(SAME_AS)
        return self.work.same_pairs(same, more) if same in self.work.found else more

    def _merge(self, pairs: Pairs) -> None:
        """Let equal terms share an integer, until no sameness between two is left among the facts."""
        while pairs:
            merged = self.equality.unite(pairs)
            if not merged.changed:
                return
            for rule, count in merged.joined.items():
                self.joined[rule] = self.joined.get(rule, 0) + count
            self.work.keep_stated()
            if not merged.named <= self._named:
                self._named |= merged.named
                self._types_due = True
            self.work.rewrite(merged.changed, None if self.demand.sameness else self.resolve(SAME_AS))
            if self.demand.renamed(self.equality.shared(WATCHED)) or self.schema.touches(merged.changed):
                self.schema.restart()
                self.work.everything = self._schema_due = True
            self._count()
            pairs = self._same_pairs()
