"""Rounds over a small graph, in memory: of ten thousand facts the planning of a statement takes longest.

Runs the rows of the same rules as `compile` writes into SQL. Facts are kept by property, as pairs.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from kg.owl2rl.compile import Resolve, axiom_table
from kg.owl2rl.demand import Demand
from kg.owl2rl.pairs import GROUP_RULES, Facts, Triple
from kg.owl2rl.patterns import Atom, Rule
from kg.owl2rl.schema import Schema
from kg.owl2rl.schema_rules import NUMBERS
from kg.owl2rl.vocabulary import LAST_SCHEMA_CLASS, LAST_SCHEMA_PREDICATE, SAME_AS, THING, TYPE

Rows = Sequence[tuple[int, ...]]
Join = Callable[[tuple[int, ...], Facts, Facts], Iterator[Triple]]
"""A row of the schema, the fresh facts and all facts to conclusions."""

FACTS = 30_000
"""Facts up to which a graph is small."""
_STEPS = 200_000
"""Conclusions of one round, repeated ones with them, up to which it is worth making in memory."""


class TooLarge(Exception):
    """A round that tables are better at; nothing of it has been taken in."""


@dataclass
class Outcome:
    """What rounds in memory found, and what of it the next round has to look at."""

    added: list[tuple[int, int, int, int]]
    fresh: dict[Triple, int] | None  # None: as it was before
    too_large: bool = False


class SmallRounds:
    """Semi-naive rounds over `facts`, with the rows of a schema that is in memory."""

    def __init__(self, schema: Schema, demand: Demand, resolve: Resolve, facts: Facts) -> None:
        self.schema, self.demand, self.facts = schema, demand, facts
        self.resolve = resolve
        self.kind, self.same = resolve(TYPE), resolve(SAME_AS)
        self._compiled: dict[tuple[Rule, int], Join] = {}

    def run(self, fresh: Facts | None, reps: Iterable[int], tell: Callable[[int], None]) -> Outcome:
        """Rounds until nothing is new, or there is more of the schema, or an equality between two.

        `tell` is called after each with the number of new facts.
        """
        collecting = gc.isenabled()
        gc.disable()  # it would look through many tuples, and find nothing to collect
        try:
            return self._run(fresh, reps, tell)
        finally:
            if collecting:
                gc.enable()

    def _run(self, fresh: Facts | None, reps: Iterable[int], tell: Callable[[int], None]) -> Outcome:
        outcome = Outcome([], None)
        while True:
            try:
                found = self.round(fresh, reps)
            except TooLarge:
                outcome.too_large = True
                return outcome
            self.schema.settle()
            self.facts.add(found)
            tell(len(found))
            outcome.fresh = found
            outcome.added += [(*triple, rule) for triple, rule in found.items()]
            if not found or any(is_schema(row) or (row[1] == self.same and row[0] != row[2]) for row in found):
                return outcome
            fresh = Facts(found)

    def round(self, fresh: Facts | None, reps: Iterable[int]) -> dict[Triple, int]:
        """What follows from `fresh` (None for all facts) and from new rows of the schema, with the rule's number.

        Raises TooLarge.
        """
        known = self.facts.pairs
        found: dict[Triple, int] = {}
        for steps, (triple, number) in enumerate(self._conclusions(fresh, reps)):
            s, p, o = triple
            if (s, o) not in known.get(p, ()) and found.get(triple, number) >= number:
                found[triple] = number
            if steps >= _STEPS:
                raise TooLarge
        if not self.demand.sameness:
            found = {row: rule for row, rule in found.items() if row[1] != self.same or row[0] != row[2]}
        if not self.demand.things:
            found = {row: rule for row, rule in found.items() if row[2] != THING or row[1] != self.kind}
        return found

    def _conclusions(self, fresh: Facts | None, reps: Iterable[int]) -> Iterator[tuple[Triple, int]]:
        rows_of = self.schema.rows
        source = self.facts if fresh is None else fresh
        yield from _by_property(rows_of("by_property", False), source)
        yield from _by_value(rows_of("by_value", False), source)
        if fresh is not None:
            yield from _by_property(rows_of("by_property", True), self.facts)
            yield from _by_value(rows_of("by_value", True), self.facts)
        for rule in self.schema.rules:
            if rule.parsed.data and not axiom_table(rule):
                number = NUMBERS[rule.name]
                for triple in self._joins(rule, fresh):
                    yield triple, number
        if self.demand.sameness:
            terms = {x for p, pairs in source.pairs.items() for pair in pairs for x in (p, *pair)}
            for x in terms.union(reps):
                yield (x, self.same, x), NUMBERS["eq-ref"]

    def _joins(self, rule: Rule, fresh: Facts | None) -> Iterator[Triple]:
        every, new = self.schema.rows(rule, False), self.schema.rows(rule, True)
        if not every:
            return
        apply = GROUP_RULES.get(rule.name)
        columns = rule.parsed.columns
        if apply:
            named = [dict(zip(columns, row, strict=True)) for row in (every if fresh is None else new)]
            for s, p, o in apply(named, self.facts, self.facts, self.kind):
                yield s, self.resolve(p), o
            if fresh is not None:
                named = [dict(zip(columns, row, strict=True)) for row in every]
                for s, p, o in apply(named, fresh, self.facts, self.kind):
                    yield s, self.resolve(p), o
            return
        for row in every if fresh is None else new:
            yield from self._join(rule, 0)(row, self.facts, self.facts)
        if fresh is not None:
            for at in range(len(rule.parsed.data)):
                join = self._join(rule, at)
                for row in every:
                    yield from join(row, fresh, self.facts)

    def _join(self, rule: Rule, at: int) -> Join:
        """The rule's join with atom number `at` read from the fresh facts."""
        if (rule, at) not in self._compiled:
            self._compiled[rule, at] = compiled(rule, at, self.resolve)
        return self._compiled[rule, at]


def is_schema(triple: Triple) -> bool:
    """As `database.IS_SCHEMA` has it."""
    _, p, o = triple
    return 1 <= p <= LAST_SCHEMA_PREDICATE or (p == TYPE and 1 <= o <= LAST_SCHEMA_CLASS)


def _ordered(atoms: list[Atom], known: set[str]) -> list[Atom]:
    """The best bound atom first."""
    order: list[Atom] = []
    while atoms:
        best = max(atoms, key=lambda atom: sum(isinstance(x, int) or x in known for x in atom.slots))
        atoms.remove(best)
        order.append(best)
        known |= set(best.variables)
    return order


def compiled(rule: Rule, at: int, resolve: Resolve) -> Join:
    """The data atoms of a rule as nested loops, atom number `at` outermost and over the fresh facts."""
    parsed = rule.parsed
    assert parsed.head is not None
    known = set(parsed.columns)

    def name(slot: int | str) -> str:
        return f"v_{slot}" if isinstance(slot, str) else str(resolve(slot))

    atoms = [parsed.data[at]]
    atoms += _ordered([*parsed.data[:at], *parsed.data[at + 1 :]], known | set(atoms[0].variables))
    top = [f"    {''.join(f'{name(x)}, ' for x in parsed.columns)} = row"] if parsed.columns else []
    top.append(f"    if {name(atoms[0].slots[1])} not in fresh.pairs: return")
    body: list[str] = []
    for number, atom in enumerate(atoms):
        source = "facts" if number else "fresh"
        s, p, o = map(name, atom.slots)
        bound = [isinstance(slot, int) or slot in known for slot in atom.slots]
        pad = "    " * (len(body) + 1)
        if bound[0] and bound[2]:
            body.append(f"{pad}if ({s}, {o}) in i{number}:")
        elif bound[0] or bound[2]:
            body.append(f"{pad}for {o if bound[0] else s} in i{number}.get({s if bound[0] else o}, ()):")
        else:
            body.append(f"{pad}for {s}, {'again' if s == o else o} in i{number}:")
            if s == o:
                body.append(f"{pad}    if {s} == again:")
        index = "pairs.get({}, ())" if bound[0] == bound[2] else "by_s({})" if bound[0] else "by_o({})"
        top.append(f"    i{number} = {source}.{index.format(p)}")
        known |= set(atom.variables)
    for left, sign, right in parsed.guards:
        if {left, right} <= known and not {left, right} <= set(parsed.columns):
            body.append(f"{'    ' * (len(body) + 1)}if {name(left)} {sign} {name(right)}:")
    body.append(f"{'    ' * (len(body) + 1)}yield {', '.join(map(name, parsed.head))}")
    scope: dict[str, Join] = {}
    exec("\n".join(["def join(row, fresh, facts):", *top, *body]), scope)
    return scope["join"]


def _by_property(rows: Rows, facts: Facts) -> Iterator[tuple[Triple, int]]:
    for p, back, p2, slot, c, rule in rows:
        for s, o in facts.pairs.get(p, ()):
            yield (o if back else s, p2, s if slot == 0 else o if slot == 1 else c), rule


def _by_value(rows: Rows, facts: Facts) -> Iterator[tuple[Triple, int]]:
    for p, o, p2, o2, rule in rows:
        if p in facts.pairs:
            for s in facts.by_o(p).get(o, ()):
                yield (s, p2, o2), rule
