"""A closure in dictionaries and sets, for a small graph: DuckDB would take longer to plan a join; see `workspace`.

The facts are held by property, and again by property and rule: `by_rule`, where rule 0 means stated.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, count
from typing import TYPE_CHECKING

from kg.owl2rl import told
from kg.owl2rl.compile import Resolve
from kg.owl2rl.demand import Demand
from kg.owl2rl.equality import Changed, Equality, Pairs
from kg.owl2rl.errors import TooLarge
from kg.owl2rl.literals import Literals
from kg.owl2rl.memory import Derived, Triple
from kg.owl2rl.pairs import Facts, Pair
from kg.owl2rl.patterns import Rule
from kg.owl2rl.schema import Schema
from kg.owl2rl.schema_rules import NUMBERS
from kg.owl2rl.small import Batch, Join, SmallRound, compiled
from kg.owl2rl.sources import Grouped, Source
from kg.owl2rl.vocabulary import FIRST_FREE, LAST_SCHEMA_CLASS, LAST_SCHEMA_PREDICATE, TYPE, axioms, is_literal, texts

FACTS = 30_000
"""Stated facts up to which a graph is small."""
MOST = 200_000
"""Facts of a closure up to which it is."""

if TYPE_CHECKING:
    from kg.owl2rl.evaluate import Evaluation

ByRule = dict[tuple[int, int], set[Pair]]


class InMemory:
    """Terms and facts of a small graph; what is too large raises TooLarge."""

    def __init__(self, full: bool) -> None:
        self.full, self.demand, self.equality = full, Demand(sameness=full, things=full), Equality()
        self.everything, self.found, self.found_schema = True, dict[int, int](), False
        self.ids: dict[str, int] = texts()
        self._texts: dict[int, str] | None = None
        self._told: list[Batch] | None = None
        self._read: list[Grouped] = []
        self.facts, self._fresh = Facts(), Facts()
        self.by_rule: ByRule = {}
        self.stated: dict[int, set[Pair]] = {}
        self._next = FIRST_FREE
        self._joins: dict[object, Join] = {}
        for s, p, o, rule in axioms():
            self._keep(p, NUMBERS[rule], {(s, o)})

    # Sources

    def read(self, source: Source) -> None:
        """Read a source; what was read before stays as it is. Raises SourceError, and TooLarge."""
        room = FACTS - sum(map(len, self.stated.values()))
        found = source.small(max(room, 0))
        if found is None:
            raise TooLarge
        self._read += found

    def encode(self) -> int:
        """Give integers to what was read; the first that is new."""
        since, ids = self._next, self.ids
        every = chain.from_iterable
        terms = dict.fromkeys(every((*every(pairs), p) for group in self._read for p, pairs in group.items()))
        new = [text for text in terms if text not in ids]
        ids.update((text, number + (text[0] == '"')) for number, text in zip(count(since, 2), new, strict=False))
        self._next, self._texts = since + 2 * len(new), None
        return since

    def take(self) -> None:
        """Add what was read to the facts; it is fresh."""
        self.everything = not self.stated
        ids, rep = self.ids, self.equality.rep
        loaded: dict[int, set[Pair]] = {}
        for group in self._read:
            for text, named in group.items():
                loaded.setdefault(ids[text], set()).update([(ids[s], ids[o]) for s, o in named])
        self._read, self._fresh, self._told = [], Facts(), None
        for p, pairs in loaded.items():
            self.stated.setdefault(p, set()).update(pairs)
            if self.equality:
                p, pairs = rep(p), {(rep(s), rep(o)) for s, o in pairs}
            if self.everything:  # stated, so no longer by an axiom
                for key in [key for key in self.by_rule if key[0] == p and key[1]]:
                    self.by_rule[key] -= pairs
            else:
                pairs = pairs.difference(self.facts.pairs.get(p, ()))
                self._fresh.add(p, pairs)
            self._keep(p, 0, pairs)

    # Terms

    def literals(self) -> Literals:
        """What the datatype rules know of these terms."""
        return Literals(self)

    @property
    def names(self) -> Mapping[int, str]:
        """The text of each term."""
        if self._texts is None:
            self._texts = {number: text for text, number in self.ids.items()}
        return self._texts

    def texts(self, terms: Iterable[int]) -> dict[int, str]:
        """Terms as N-Triples writes them."""
        names = self.names
        return {term: names[term] for term in sorted(set(terms))}

    def numbers(self, texts: Iterable[str]) -> dict[str, int]:
        """Those of `texts` that are terms."""
        return {text: self.ids[text] for text in texts if text in self.ids}

    def typed_literals(self, since: int) -> list[tuple[int, str]]:
        """Literals that name a datatype, from integer `since` on."""
        return [
            (number, text)
            for text, number in self.ids.items()
            if text[0] == '"' and text[-1] == ">" and number >= since
        ]

    def used_literals(self, since: int) -> list[tuple[int, str]]:
        """Literals that are objects of facts or equal to something, from integer `since` on."""
        used = {o for pairs in self.facts.pairs.values() for _, o in pairs}.union(*self.equality.members.values())
        return sorted((number, self.names[number]) for number in used if number >= since and is_literal(number))

    # Facts

    def _keep(self, p: int, rule: int, pairs: set[Pair]) -> None:
        if pairs:
            self.facts.add(p, pairs)
            self.by_rule.setdefault((p, rule), set()).update(pairs)

    @property
    def fresh(self) -> Facts:
        """The last round's facts: all of them while everything is to be joined."""
        return self.facts if self.everything else self._fresh

    def schema(self, rules: Sequence[Rule], resolve: Resolve) -> Schema:
        """The schema of these facts."""
        return Schema(self, rules, resolve)

    def schema_triples(self, most: int, table: str = "") -> list[Triple]:
        """The schema triples among what is fresh, up to `most`."""
        found = [
            (s, p, o)
            for p, pairs in self.fresh.pairs.items()
            if p <= LAST_SCHEMA_PREDICATE or p == TYPE
            for s, o in pairs
            if p != TYPE or o <= LAST_SCHEMA_CLASS
        ]
        return found[:most]

    def count(self) -> None:
        """Bring `found` and `found_schema` up to date."""
        self.found = {p: len(pairs) for p, pairs in self.fresh.pairs.items() if pairs}
        self.found_schema = bool(self.schema_triples(1))

    def add(self, rows: Sequence[Derived] | str, same: int) -> Pairs:
        """Add conclusions; those that say two terms are the `same` (s, o, rule)."""
        assert not isinstance(rows, str)
        found: dict[Triple, int] = {}
        for s, p, o, rule in rows:
            if (s, o) not in self.facts.pairs.get(p, ()):
                found[s, p, o] = min(found.get((s, p, o), rule), rule)
        for (s, p, o), rule in found.items():
            self._keep(p, rule, {(s, o)})
            if not self.everything:
                self._fresh.add(p, {(s, o)})
            self.found[p] = self.found.get(p, 0) + 1
        return [(s, o, rule) for (s, p, o), rule in found.items() if p == same and s != o]

    def same_pairs(self, same: int, more: Pairs = ()) -> Pairs:
        """The fresh facts that say two terms are the `same` (s, o, rule), and `more` pairs."""
        assert not isinstance(more, str)
        fresh = self.fresh.pairs.get(same, set())
        held = ((r, pairs & fresh) for (p, r), pairs in self.by_rule.items() if p == same)
        return [*((s, o, r) for r, pairs in held for s, o in pairs if s != o), *more]

    def round(self, schema: Schema, resolve: Resolve) -> bool:
        """One round: what is concluded is added and fresh. Raises TooLarge."""
        if len(self.facts) > MOST:
            raise TooLarge
        found = SmallRound(schema, self.demand, resolve, self.fresh, self.facts, self._joins).run(self.equality.members)
        schema.settle()
        self._fresh, self.everything = Facts(), False
        for p, rule, pairs in found:
            self._keep(p, rule, pairs)
            self._fresh.add(p, pairs)
        self.count()
        return True

    def keep(self, evaluation: Evaluation) -> None:
        """A round has ended; nothing is kept beyond this process."""

    def keep_stated(self) -> None:
        """Put the stated facts aside as they are: they always are."""

    def rewrite(self, changed: Changed, idle: int | None) -> None:
        """Put changed terms right; what is new by it is fresh. Of property `idle`, x of x is dropped for new x."""
        assert not isinstance(changed, str)
        new: dict[Triple, int] = {}
        for (p, rule), pairs in self.by_rule.items():
            moved = set(pairs) if p in changed else {(s, o) for s, o in pairs if s in changed or o in changed}
            for s, o in moved:
                triple = changed.get(s, s), changed.get(p, p), changed.get(o, o)
                new[triple] = min(new.get(triple, rule), rule)
            pairs -= moved
        fresh: dict[int, set[Pair]] = {}
        for (s, p, o), rule in new.items():
            before = [r for q, r in self.by_rule if q == p and (s, o) in self.by_rule[q, r]]
            if not before:
                fresh.setdefault(p, set()).add((s, o))
            # The least rule counts, whichever of the terms stands for the others.
            for greater in [r for r in before if r > rule]:
                self.by_rule[p, greater].remove((s, o))
            self.by_rule.setdefault((p, rule if not before else min(rule, *before)), set()).add((s, o))
        gone = set() if idle is None else {(rep, rep) for rep in changed.values()}
        last, self.facts, self._fresh = self._fresh, Facts(), Facts()
        for (p, _), pairs in self.by_rule.items():
            if p == idle:
                pairs -= gone
            self.facts.add(p, pairs)
        for source in (fresh, {} if self.everything else last.pairs):
            for p, pairs in source.items():
                self._fresh.add(p, pairs & self.facts.pairs.get(p, set()))
        self._joins.clear()

    # Answers

    def size(self) -> tuple[int, int]:
        """The numbers of stated facts and of terms."""
        return sum(map(len, self.stated.values())), (self._next - FIRST_FREE) // 2

    @property
    def told(self) -> list[Batch]:
        """The derived facts that are told, each once."""
        if self._told is None:
            self._told = list(told.derived(self))
        return self._told

    def rule_counts(self) -> dict[int, int]:
        """The derived facts that are told, by the number of the rule that gave them first."""
        counts: dict[int, int] = {}
        for _, rule, pairs in self.told:
            counts[rule] = counts.get(rule, 0) + len(pairs)
        return counts

    def lines(self, *, stated: bool, derived: bool) -> list[str]:
        """Facts as lines of N-Triples, sorted by subject, predicate and object."""
        return told.lines(self, stated, derived)

    def write_lines(self, path: str, packed: bool, *, stated: bool, derived: bool) -> None:
        """The same to a file."""
        told.write(path, packed, self.lines(stated=stated, derived=derived))

    def witnesses(self, rule: Rule, schema: Schema, resolve: Resolve) -> tuple[list[str], Iterable[tuple[int, ...]]]:
        """Where a contradiction's premise holds: the names of its variables, and a row for each place."""
        parsed = rule.parsed
        schema.memory.bind(rule)
        rows = schema.rows(rule, False)
        if not parsed.data:
            return parsed.columns, rows
        names = list(dict.fromkeys([*parsed.columns, *(v for atom in parsed.data for v in atom.variables)]))
        join = compiled(rule, 0, resolve, names) if rows else None
        return names, {found for row in rows for found in join(row, self.facts, self.facts)} if join else ()

    def first_stated(self, groups: Sequence[Sequence[int]]) -> Triple | None:
        """The least stated fact with subject, predicate and object from these groups."""
        subjects, predicates, objects = map(set, groups)
        found = ((s, p, o) for p in predicates for s, o in self.stated.get(p, ()) if s in subjects and o in objects)
        return min(found, default=None)

    def stated_with(self, objects: Sequence[int]) -> list[Triple]:
        """The stated facts with one of these objects."""
        wanted = set(objects)
        return [(s, p, o) for p, pairs in self.stated.items() for s, o in pairs if o in wanted]

    def typed_as(self, kind: int, datatypes: Iterable[int]) -> list[tuple[int, int]]:
        """Members of these datatypes that are literals or equal to something, each with the datatype."""
        wanted, equal = set(datatypes), self.equality.members
        return [(s, o) for s, o in self.facts.pairs.get(kind, ()) if o in wanted and (is_literal(s) or s in equal)]

    def close(self) -> None:
        """Give the memory back: it goes with the last reference."""
