"""One round over a small graph, in memory: of ten thousand facts the planning of a statement takes longest.

Runs the rows of the same rules as `compile` writes into SQL, each as a set of pairs that it adds to one property.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice, repeat
from operator import itemgetter

from kg.owl2rl.compile import Resolve, axiom_table, data_guards
from kg.owl2rl.demand import Demand
from kg.owl2rl.errors import TooLarge
from kg.owl2rl.pairs import GROUP_RULES, Facts, Pair
from kg.owl2rl.patterns import Atom, Rule, Slot
from kg.owl2rl.schema import Schema
from kg.owl2rl.schema_rules import NUMBERS
from kg.owl2rl.vocabulary import SAME_AS, THING, TYPE

Rows = Sequence[tuple[int, ...]]
Join = Callable[[tuple[int, ...], Facts, Facts], Iterator[tuple[int, ...]]]
"""A row of the schema, the fresh facts and all facts to conclusions."""
Task = tuple[int, int, Iterable[Pair]]
"""A rule's number, the property of its conclusions, and their pairs, repeated and known ones with them."""
Batch = tuple[int, int, set[Pair]]
"""A property, the number of the rule that gave them first, and new pairs."""

STEPS = 200_000
"""Conclusions of one round, repeated ones with them, up to which it is worth making in memory."""


class SmallRound:
    """One round: `facts` are all, `fresh` those of the last round; the same where everything is to be joined."""

    def __init__(
        self, schema: Schema, demand: Demand, resolve: Resolve, fresh: Facts, facts: Facts, joins: dict[object, Join]
    ) -> None:
        self.schema, self.demand, self.resolve = schema, demand, resolve
        self.fresh, self.facts = fresh, facts
        self.kind, self.same = resolve(TYPE), resolve(SAME_AS)
        self._joined = joins  # compiled before, for the same `resolve`

    def run(self, reps: Iterable[int]) -> list[Batch]:
        """What follows from what is fresh and from new rows of the schema. Raises TooLarge."""
        batches: list[Batch] = []
        found: dict[int, set[Pair]] = {}
        room = STEPS
        # The rule with the least number is the first to give a fact, as it is in tables.
        for number, p, pairs in sorted(self._tasks(reps), key=itemgetter(0)):
            some = pairs if isinstance(pairs, set) else list(islice(pairs, room + 1))
            room -= len(some)
            if room < 0:
                raise TooLarge
            new = set(some).difference(self.facts.pairs.get(p, ()), found.get(p, ()))
            if p == self.same and not self.demand.sameness:
                new = {pair for pair in new if pair[0] != pair[1]}
            elif p == self.kind and not self.demand.things:
                new = {pair for pair in new if pair[1] != THING}
            if new:
                batches.append((p, number, new))
                if p in found:
                    found[p] |= new
                else:
                    found[p] = set(new)
        return batches

    def _tasks(self, reps: Iterable[int]) -> Iterator[Task]:
        rows_of = self.schema.rows
        yield from _by_property(rows_of("by_property", False), self.fresh)
        yield from _by_value(rows_of("by_value", False), self.fresh)
        if self.fresh is not self.facts:
            yield from _by_property(rows_of("by_property", True), self.facts)
            yield from _by_value(rows_of("by_value", True), self.facts)
        for rule in self.schema.rules:
            if rows := self.schema.rows(rule, False):
                yield from self._of_rule(rule, rows)
        if self.demand.sameness:
            terms = {x for p, pairs in self.fresh.pairs.items() for pair in pairs for x in (p, *pair)}
            yield NUMBERS["eq-ref"], self.same, ((x, x) for x in terms.union(reps))

    def _of_rule(self, rule: Rule, rows: Rows) -> Iterator[Task]:
        if axiom_table(rule) or not rule.parsed.data:
            return
        parsed, number, everything = rule.parsed, NUMBERS[rule.name], self.fresh is self.facts
        assert parsed.head is not None
        new = [] if everything else self.schema.rows(rule, True)
        _, p, _ = parsed.head
        if group := GROUP_RULES.get(rule.name):
            assert isinstance(p, int)
            for some, fresh in ((new, self.facts), (rows, self.fresh)):
                named = [dict(zip(parsed.columns, row, strict=True)) for row in some]
                yield number, self.resolve(p), group(named, fresh, self.facts, self.kind)
            return
        at_p = parsed.columns.index(p) if isinstance(p, str) else 0
        for at in range(1 if everything else len(parsed.data)):
            fixed = parsed.data[at].slots[1]
            for some, fresh in ((new if at == 0 else [], self.facts), (rows, self.fresh)):
                for row in some:
                    read = row[parsed.columns.index(fixed)] if isinstance(fixed, str) else self.resolve(fixed)
                    if read in fresh.pairs:
                        head = row[at_p] if isinstance(p, str) else self.resolve(p)
                        yield number, head, self._join(rule, at)(row, fresh, self.facts)  # type: ignore[misc]

    def _join(self, rule: Rule, at: int) -> Join:
        """The rule's join with atom number `at` read from the fresh facts."""
        if (rule, at) not in self._joined:
            assert rule.parsed.head is not None
            s, _, o = rule.parsed.head
            self._joined[rule, at] = compiled(rule, at, self.resolve, (s, o))
        return self._joined[rule, at]


def _by_property(rows: Rows, facts: Facts) -> Iterator[Task]:
    ends: dict[tuple[int, int], set[int]] = {}
    for p, back, p2, slot, c, rule in rows:
        pairs = facts.pairs.get(p)
        if not pairs:
            continue
        if slot == 1 - back:  # the other end
            yield rule, p2, ((o, s) for s, o in pairs) if back else pairs
            continue
        if (p, back) not in ends:
            ends[p, back] = {pair[back] for pair in pairs}
        yield rule, p2, zip(ends[p, back], repeat(c) if slot == 2 else ends[p, back])  # noqa: B905  no end


def _by_value(rows: Rows, facts: Facts) -> Iterator[Task]:
    for p, o, p2, o2, rule in rows:
        if p in facts.pairs and (subjects := facts.by_o(p).get(o)):
            yield rule, p2, zip(subjects, repeat(o2))


def _ordered(atoms: list[Atom], known: set[str]) -> list[Atom]:
    """The best bound atom first."""
    order: list[Atom] = []
    while atoms:
        best = max(atoms, key=lambda atom: sum(isinstance(x, int) or x in known for x in atom.slots))
        atoms.remove(best)
        order.append(best)
        known |= set(best.variables)
    return order


def compiled(rule: Rule, at: int, resolve: Resolve, wanted: Sequence[Slot]) -> Join:
    """The data atoms of a rule as nested loops, atom number `at` outermost and over the fresh facts.

    The loops give the values of the slots that are `wanted`.
    """
    parsed = rule.parsed
    known = set(parsed.columns)

    def name(slot: Slot) -> str:
        return f"v_{slot}" if isinstance(slot, str) else str(resolve(slot))

    atoms = [parsed.data[at]]
    atoms += _ordered([*parsed.data[:at], *parsed.data[at + 1 :]], known | set(atoms[0].variables))
    top = [f"    {''.join(f'{name(x)}, ' for x in parsed.columns)} = row"] if parsed.columns else []
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
    for left, sign, right in data_guards(parsed):
        body.append(f"{'    ' * (len(body) + 1)}if {name(left)} {sign} {name(right)}:")
    body.append(f"{'    ' * (len(body) + 1)}yield {''.join(f'{name(slot)}, ' for slot in wanted)}")
    scope: dict[str, Join] = {}
    exec("\n".join(["def join(row, fresh, facts):", *top, *body]), scope)
    return scope["join"]
