"""The schema of an ordinary ontology, closed in memory: a few hundred triples are not worth a statement.

Runs the same rules as `relational`, which takes over when the schema is large.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from kg.owl2rl.compile import BY_PROPERTY, BY_VALUE, Resolve, axiom_slots, axiom_table
from kg.owl2rl.lists import SHAPE_PREDICATES, Item, Paths, walk
from kg.owl2rl.patterns import Atom, Rule, is_schema_slot
from kg.owl2rl.schema_rules import NUMBERS

Triple = tuple[int, int, int]
Derived = tuple[int, int, int, int]
Binding = dict[str, int]


class Index:
    """Triples and list items, found by what is known of them."""

    def __init__(self, resolve: Resolve) -> None:
        self.resolve = resolve
        self.triples: set[Triple] = set()
        self.by_p: dict[int, list[Triple]] = defaultdict(list)
        self.by_ps: dict[tuple[int, int], list[Triple]] = defaultdict(list)
        self.by_po: dict[tuple[int, int], list[Triple]] = defaultdict(list)
        self.items: list[Item] = []
        self.by_list: dict[int, list[Item]] = {}
        self.by_path_item: dict[tuple[int, int], list[Item]] = {}

    def add(self, triple: Triple) -> bool:
        """Take a triple in; False if it was known."""
        if triple in self.triples:
            return False
        self.triples.add(triple)
        s, p, o = triple
        self.by_p[p].append(triple)
        self.by_ps[p, s].append(triple)
        self.by_po[p, o].append(triple)
        return True

    def set_items(self, items: list[Item]) -> None:
        """Take the items of all lists, in place of those there were."""
        self.items = items
        self.by_list, self.by_path_item = defaultdict(list), defaultdict(list)
        for item in items:
            self.by_list[item[0]].append(item)
            self.by_path_item[item[1], item[2]].append(item)

    def candidates(self, atom: Atom, row: Binding) -> Iterable[tuple[int, ...]]:
        """Give the rows that may match an atom under a binding, by the narrowest index."""
        values = [self._value(slot, row) for slot in atom.slots]
        if atom.relation == "item":
            if values[1] is not None and values[2] is not None:
                return self.by_path_item.get((values[1], values[2]), [])
            return self.items if values[0] is None else self.by_list.get(values[0], [])
        s, p, o = values
        assert p is not None
        if s is not None:
            return self.by_ps.get((p, s), [])
        return self.by_p.get(p, []) if o is None else self.by_po.get((p, o), [])

    def _value(self, slot: int | str, row: Binding) -> int | None:
        return row.get(slot) if isinstance(slot, str) else self.resolve(slot)

    def extend(self, atom: Atom, found: Iterable[tuple[int, ...]], row: Binding) -> Iterable[Binding]:
        """The bindings of `row` with each of `found` that agrees with it."""
        item = atom.relation == "item"
        for values in found:
            more = dict(row)
            for at, (slot, value) in enumerate(zip(atom.slots, values, strict=True)):
                if isinstance(slot, str):
                    if more.setdefault(slot, value) != value:
                        break
                elif value != (slot if item and at > 2 else self.resolve(slot)):
                    break
            else:
                yield more

    def solve(self, atoms: Sequence[Atom], rows: list[Binding], known: set[str]) -> list[Binding]:
        """All bindings of `atoms` that extend `rows`; the best bound atom is matched first."""
        left = list(atoms)
        while left and rows:
            best = max(left, key=lambda atom: sum(isinstance(x, int) or x in known for x in atom.slots))
            left.remove(best)
            rows = [more for row in rows for more in self.extend(best, self.candidates(best, row), row)]
            known |= set(best.variables)
        return rows


def _allowed(rule: Rule, row: Binding) -> bool:
    """Whether the guards hold, as far as their variables are bound."""
    for left, sign, right in rule.parsed.guards:
        known = left in row and right in row
        if known and not (row[left] < row[right] if sign == "<" else row[left] != row[right]):
            return False
    return True


class MemorySchema:
    """The schema's closure and the rows each rule takes from it."""

    def __init__(self, rules: Sequence[Rule], resolve: Resolve) -> None:
        self.resolve = resolve
        self.index = Index(resolve)
        self.rules = rules
        self.inner = [rule for rule in rules if rule.parsed.head and rule.parsed.schema and not rule.parsed.data]
        self._paths: Paths = {}
        self._rows: dict[Rule, tuple[dict[tuple[int, ...], None], list[tuple[int, ...]]]] = {}

    def __len__(self) -> int:
        return len(self.index.triples)

    def extend(self, triples: Iterable[Triple]) -> list[Derived]:
        """Take schema triples in and close them; gives what the schema rules derive, some of it data."""
        fresh = [triple for triple in triples if self.index.add(triple)]
        derived: dict[Triple, int] = {}
        while fresh:
            lists = any(triple[1] in SHAPE_PREDICATES for triple in fresh)
            if lists:
                self.index.set_items(walk(self.index.triples, self._paths))
            found: list[tuple[Triple, int]] = []
            by_p: dict[int, list[Triple]] = defaultdict(list)
            for triple in fresh:
                by_p[triple[1]].append(triple)
            for rule in self.inner:
                found += self._derive(rule, by_p, lists)
            fresh = []
            for triple, number in found:
                if triple not in derived and triple not in self.index.triples:
                    derived[triple] = number
                    if is_schema_slot(triple):
                        self.index.add(triple)
                        fresh.append(triple)
        return [(*triple, number) for triple, number in derived.items()]

    def _derive(self, rule: Rule, by_p: dict[int, list[Triple]], lists: bool) -> Iterable[tuple[Triple, int]]:
        parsed, number = rule.parsed, NUMBERS[rule.name]
        head = parsed.head
        assert head is not None
        rows: list[Binding] = []
        if lists and any(atom.relation == "item" for atom in parsed.schema):
            rows = self.index.solve(parsed.schema, [{}], set())
        else:
            for at, atom in enumerate(parsed.schema):
                fresh = by_p.get(self.resolve(int(atom.slots[1])), []) if atom.relation == "triple" else []
                start = list(self.index.extend(atom, fresh, {}))
                others = [*parsed.schema[:at], *parsed.schema[at + 1 :]]
                rows += self.index.solve(others, start, set(atom.variables))
        for row in rows:
            if _allowed(rule, row):
                s, p, o = (row[x] if isinstance(x, str) else self.resolve(x) for x in head)
                yield (s, p, o), number

    def bind(self, rule: Rule) -> None:
        """Find the rule's rows; those not seen before are new until `settle`."""
        seen, new = self._rows.setdefault(rule, ({}, []))
        for row in self.index.solve(rule.parsed.schema, [{}], set()):
            values = tuple(row[name] for name in rule.parsed.columns)
            if _allowed(rule, row) and values not in seen:
                seen[values] = None
                new.append(values)

    def settle(self) -> None:
        """What was new is so no longer."""
        for _, new in self._rows.values():
            new.clear()

    def rows(self, rule: Rule, new: bool) -> list[tuple[int, ...]]:
        """The rule's rows, all or the new ones, in the order of `columns`."""
        seen, fresh = self._rows.get(rule, ({}, []))
        return list(fresh) if new else list(seen)

    def axioms(self, table: str, new: bool) -> list[tuple[int, ...]]:
        """The rows of `by_property` or `by_value`, without those that only repeat the fact they start from."""
        found: dict[tuple[int, ...], int] = {}  # one row where several rules say the same
        for rule in self.rules:
            if axiom_table(rule) == table:
                slots = axiom_slots(rule, NUMBERS[rule.name], self.resolve)
                places = {name: at for at, name in enumerate(rule.parsed.columns)}
                for row in self.rows(rule, new):
                    values = tuple(row[places[x]] if isinstance(x, str) else x for x in slots)
                    if not (repeats_property(values) if table == "by_property" else values[:2] == values[2:4]):
                        found.setdefault(values[:-1], values[-1])
        return [(*row, number) for row, number in found.items()]


def repeats_property(row: tuple[int, ...]) -> bool:
    """Whether a row of by_property gives back the fact it is given."""
    p, back, p2, slot, _, _ = row
    return p == p2 and back == 0 and slot == 1


AXIOM_COLUMNS = {"by_property": BY_PROPERTY, "by_value": BY_VALUE}
