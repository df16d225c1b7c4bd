"""One round as a statement: the SELECTs that the fresh facts can bring anything to, by what they conclude.

Sorting out what is known or repeated costs most of a round. So membership of classes, most of what is
derived, is sorted out by subject and class alone, and the rest is compared only with facts of its properties.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kg.owl2rl.compile import Resolve, apply_by_property, apply_by_value, axiom_table, data_join
from kg.owl2rl.demand import Demand
from kg.owl2rl.patterns import Rule
from kg.owl2rl.relational import TableSchema
from kg.owl2rl.schema_rules import NUMBERS
from kg.owl2rl.vocabulary import SAME_AS, THING, TYPE

# With the schema closed, these give a thing its class and all the broader ones at once.
_WITH_BROADER = ", ".join(
    str(NUMBERS[name]) for name in ("prp-dom", "prp-rng", "cls-int2", "cls-uni", "cax-sco", "cax-eqc1", "cax-eqc2")
)
_MOST_NAMED = 100
"""Properties up to which the facts of each are asked for by name."""


@dataclass(frozen=True)
class Part:
    """A SELECT (s, p, o, rule) and the properties of its conclusions."""

    sql: str
    targets: frozenset[int]


@dataclass(frozen=True)
class Round:
    """What one round is made from; `fresh` is the table of the last round's facts, `found` their number by property."""

    schema: TableSchema
    demand: Demand
    resolve: Resolve
    fresh: str
    everything: bool
    found: dict[int, int]

    def parts(self) -> list[Part]:
        """Those that the fresh facts, or new rows of the schema, can bring anything to."""
        parts = [*self._axioms("by_property"), *self._axioms("by_value")]
        for rule in self.schema.rules:
            if not axiom_table(rule) and rule.parsed.data:
                parts += self._of_rule(rule)
        if self.demand.sameness:
            number = NUMBERS["eq-ref"]
            terms = " UNION ALL ".join(f"SELECT {x} AS x FROM {self.fresh}" for x in "spo")
            terms += " UNION ALL SELECT rep FROM same"
            sql = f"SELECT DISTINCT x AS s, {SAME_AS} AS p, x AS o, {number} AS rule FROM ({terms})"
            parts.append(Part(sql, frozenset({SAME_AS})))
        return parts

    def _axioms(self, table: str) -> Iterator[Part]:
        """The rows of an axiom table: apart for rdf:type and for the rest."""
        kind = self.resolve(TYPE)
        apply = apply_by_property if table == "by_property" else apply_by_value
        every, new = self.schema.source(table, False), self.schema.source(table, True)
        if not every:
            return
        values, targets = self.schema.values(table, "p"), self.schema.values(table, "p2")
        for some, where in ((targets & {kind}, f"p2 = {kind}"), (targets - {kind}, f"p2 <> {kind}")):
            if not some:
                continue
            if self.everything or self._hits(values):
                rows = f"(SELECT * FROM {every} WHERE {where})"
                if table == "by_value" and some == {kind} and not self.everything and kind in self.found:
                    # Those left out whose broader classes were derived along with them.
                    fresh = f"(SELECT * FROM {self.fresh} WHERE p = {kind} AND rule NOT IN ({_WITH_BROADER}))"
                    broader = f"p = {kind} AND rule IN ({_WITH_BROADER})"
                    yield Part(apply(f"(SELECT * FROM {rows} WHERE {broader})", fresh), frozenset(some))
                    yield Part(apply(f"(SELECT * FROM {rows} WHERE NOT ({broader}))", self.fresh), frozenset(some))
                else:
                    yield Part(apply(rows, self.fresh), frozenset(some))
            if new and not self.everything:
                yield Part(apply(f"(SELECT * FROM {new} WHERE {where})", "facts"), frozenset(some))

    def _of_rule(self, rule: Rule) -> Iterator[Part]:
        assert rule.parsed.head is not None
        _, concluded, _ = rule.parsed.head
        for sql in self._joins(rule):
            if isinstance(concluded, int):
                targets = {concluded if concluded == SAME_AS else self.resolve(concluded)}
            else:
                targets = self.schema.values(rule, concluded)
            yield Part(f"SELECT s, p, o, {NUMBERS[rule.name]} AS rule FROM ({sql})", frozenset(targets))

    def _joins(self, rule: Rule) -> list[str]:
        every, new = self.schema.source(rule, False), self.schema.source(rule, True)
        if not every:
            return []
        if self.everything:
            return [data_join(rule, every, "facts", None, self.resolve)]
        joins = [data_join(rule, new, "facts", None, self.resolve)] if new else []
        for at, atom in enumerate(rule.parsed.data):
            predicate = atom.slots[1]
            if isinstance(predicate, int):
                hit = self._hits({self.resolve(predicate)})
            else:
                hit = self._hits(self.schema.values(rule, predicate))
            if hit:
                joins.append(data_join(rule, every, self.fresh, at, self.resolve))
                if rule.sql:
                    break
        return joins

    def _hits(self, predicates: set[int]) -> bool:
        return not predicates.isdisjoint(self.found)

    def query(self, parts: list[Part], predicates: set[int]) -> str:
        """What the parts conclude that is new, each fact once; `predicates` are those of all facts."""
        kind = self.resolve(TYPE)
        typed = [part for part in parts if part.targets == {kind}]
        others = [part for part in parts if part.targets != {kind}]
        queries = []
        if typed:
            idle = "" if self.demand.things else f" WHERE o <> {THING}"
            rows = f"(SELECT s, o, rule FROM ({_union(typed)}){idle})"
            known = f"(SELECT s, o FROM facts WHERE p = {kind})" if kind in predicates else ""
            queries.append(f"SELECT s, {kind} AS p, o, rule FROM ({self._sift(rows, known, 's, o')})")
        if others:
            # True of everything, and of no use to any axiom.
            same = {SAME_AS, self.resolve(SAME_AS)}
            left_out = [] if self.demand.sameness else [f"(p IN ({_numbers(same)}) AND s = o)"]
            left_out += [] if self.demand.things else [f"(p = {kind} AND o = {THING})"]
            where = f" WHERE NOT ({' OR '.join(left_out)})" if left_out else ""
            rows = f"(SELECT * FROM ({_union(others)}){where})"
            targets = frozenset[int]().union(*(part.targets for part in others)) & predicates
            narrowed = f" WHERE p IN ({_numbers(targets)})" if len(targets) <= _MOST_NAMED else ""
            known = f"(SELECT s, p, o FROM facts{narrowed})" if targets else ""
            queries.append(f"SELECT s, p, o, rule FROM ({self._sift(rows, known, 's, p, o')})")
        return " UNION ALL ".join(queries)

    def _sift(self, rows: str, known: str, key: str) -> str:
        """Rows that are not known, each once with the least of its rules."""
        group = f"SELECT {key}, min(rule)::TINYINT AS rule FROM {{}} GROUP BY {key}"
        if not known:
            return group.format(rows)
        unknown = f"ANTI JOIN {known} USING ({key})"
        # The first round derives little that is known; later ones mostly that: the cheaper sieve goes first.
        if self.everything:
            return f"SELECT * FROM ({group.format(rows)}) {unknown}"
        return group.format(f"(SELECT * FROM {rows} {unknown})")


def _union(parts: Iterable[Part]) -> str:
    return " UNION ALL ".join(part.sql for part in parts)


def _numbers(values: Iterable[int]) -> str:
    return ", ".join(map(str, sorted(values)))
