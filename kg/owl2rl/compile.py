"""Rules to SQL: joins of the rows a rule takes from the schema with facts, in full or from the last round.

Relations (all integers): `facts`, `fresh_*` (s, p, o, rule), `schema`, `schema_fresh` (s, p, o), `items`
(list, path, item, pos, size). Rules with a single data atom need no statement of their own. Their axioms are rows
of two tables, joined with the facts once for all rules:

by_property (p, back, p2, slot, c, rule)  a fact with property p gives (s or, if back, o) p2 (s, o or c by slot)
by_value    (p, o, p2, o2, rule)          a fact with property p and value o gives s p2 o2
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from kg.owl2rl.patterns import Atom, Parsed, Rule, Slot
from kg.owl2rl.vocabulary import SAME_AS, TYPE

COLUMNS = {"triple": ("s", "p", "o"), "item": ("list", "path", "item", "pos", "size")}
BY_PROPERTY = ("p", "back", "p2", "slot", "c", "rule")
BY_VALUE = ("p", "o", "p2", "o2", "rule")

Resolve = Callable[[int], int]
"""A constant of the vocabulary to the integer that stands for it, once equal terms share one."""


def join(
    atoms: Sequence[Atom],
    sources: Sequence[str],
    select: Iterable[tuple[Slot, str]],
    guards: Iterable[tuple[str, str, str]],
    resolve: Resolve,
    bound: dict[str, str] | None = None,
    first: str = "",
    distinct: bool = False,
) -> str:
    """A SELECT over `atoms`, each read from its source; `bound` gives variables that `first` already binds."""
    places = dict(bound or {})
    tables, conditions = ([first] if first else []), []
    for number, (atom, source) in enumerate(zip(atoms, sources, strict=True)):
        tables.append(f"{source} t{number}")
        for column, slot in zip(COLUMNS[atom.relation], atom.slots, strict=True):
            place = f"t{number}.{column}"
            if isinstance(slot, int):
                value = slot if column in ("pos", "size") else resolve(slot)
                conditions.append(f"{place} = {value}")
            elif slot in places:
                conditions.append(f"{places[slot]} = {place}")
            else:
                places[slot] = place
    conditions += [f"{places[left]} {sign} {places[right]}" for left, sign, right in guards]
    columns = ", ".join(
        f"{resolve(slot) if isinstance(slot, int) else places[slot]} AS {name}" for slot, name in select
    )
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return f"SELECT {'DISTINCT ' if distinct else ''}{columns} FROM {', '.join(tables)}{where}"


def bindings(parsed: Parsed, resolve: Resolve) -> str:
    """The rows a rule takes from the schema: one column per variable in `parsed.columns`."""
    sources = ["schema" if atom.relation == "triple" else "items" for atom in parsed.schema]
    inside = set(parsed.columns) | {name for atom in parsed.schema for name in atom.variables}
    guards = [guard for guard in parsed.guards if guard[0] in inside and guard[2] in inside]
    select: list[tuple[Slot, str]] = [(name, name) for name in parsed.columns] or [(1, "nothing")]
    return join(parsed.schema, sources, select, guards, resolve, distinct=True)


def schema_variants(rule: Rule, number: int, resolve: Resolve, full: bool) -> list[str]:
    """A rule without data atoms, over `schema`: in full, or once per triple atom read from `schema_fresh`."""
    parsed = rule.parsed
    assert parsed.head is not None
    base = ["schema" if atom.relation == "triple" else "items" for atom in parsed.schema]
    select = [*zip(parsed.head, "spo", strict=True)]
    deltas: list[int | None] = [i for i, source in enumerate(base) if source == "schema"]
    variants = []
    for delta in [None] if full else deltas:
        sources = ["schema_fresh" if i == delta else source for i, source in enumerate(base)]
        body = join(parsed.schema, sources, select, parsed.guards, resolve)
        variants.append(f"SELECT s, p, o, {number} AS rule FROM ({body})")
    return variants


def data_join(rule: Rule, rows: str, fresh: str, delta: int | None, resolve: Resolve) -> str:
    """A rule's data atoms joined with its schema `rows`; atom number `delta` is read from `fresh`."""
    parsed = rule.parsed
    assert parsed.head is not None
    if rule.sql:
        narrowed = r"\1" if delta is not None else ""
        text = re.sub(r"\{\{(.*?)\}\}", narrowed, rule.sql)
        source = fresh if delta is not None else "facts"
        return text.format(rows=rows, fresh=source, same=SAME_AS, type=resolve(TYPE))
    sources = [fresh if i == delta else "facts" for i in range(len(parsed.data))]
    return join(
        parsed.data, sources, [*zip(parsed.head, "spo", strict=True)], data_guards(parsed), resolve,
        bound={name: f"r.{name}" for name in parsed.columns}, first=f"{rows} r",
    )  # fmt: skip


def witnesses(rule: Rule, rows: str, resolve: Resolve) -> tuple[str, list[str]]:
    """A contradiction's bindings: the SELECT and the variables in its columns."""
    parsed = rule.parsed
    names = list(parsed.columns)
    names += [v for atom in parsed.data for v in atom.variables if v not in names]
    names = list(dict.fromkeys(names))
    first = f"{rows} r" if parsed.schema else ""
    sql = join(
        parsed.data, ["facts"] * len(parsed.data), [(name, name) for name in names], data_guards(parsed),
        resolve, bound={name: f"r.{name}" for name in parsed.columns}, first=first, distinct=True,
    )  # fmt: skip
    return sql, names


def data_guards(parsed: Parsed) -> list[tuple[str, str, str]]:
    """The guards that the schema's rows do not yet hold to."""
    inside = {name for atom in parsed.schema for name in atom.variables}
    return [guard for guard in parsed.guards if not (guard[0] in inside and guard[2] in inside)]


def axiom_table(rule: Rule) -> str:
    """`by_property`, `by_value`, or nothing when the rule needs a join of its own."""
    parsed = rule.parsed
    if len(parsed.data) != 1 or rule.sql or parsed.head is None:
        return ""
    return "by_property" if parsed.data[0].slots[2] not in parsed.columns else "by_value"


def axiom_slots(rule: Rule, number: int, resolve: Resolve) -> list[Slot]:
    """The columns of the rule's row in its axiom table, as variables of the schema rows or constants."""
    head, (atom,) = rule.parsed.head, rule.parsed.data
    assert head is not None
    subject, predicate, value = atom.slots
    fixed = [resolve(slot) if isinstance(slot, int) else slot for slot in (predicate, value, *head)]
    if axiom_table(rule) == "by_value":
        return [fixed[0], fixed[1], fixed[3], fixed[4], number]
    slot, constant = (0, 0) if head[2] == subject else (1, 0) if head[2] == value else (2, fixed[4])
    return [fixed[0], 0 if head[0] == subject else 1, fixed[3], slot, constant, number]


def apply_by_property(rows: str, fresh: str) -> str:
    """Facts of `fresh` through the axioms of by_property."""
    return (
        f"SELECT CASE WHEN r.back = 0 THEN f.s ELSE f.o END AS s, r.p2 AS p, "
        f"CASE r.slot WHEN 0 THEN f.s WHEN 1 THEN f.o ELSE r.c END AS o, r.rule "
        f"FROM {fresh} f JOIN {rows} r ON f.p = r.p"
    )


def apply_by_value(rows: str, fresh: str) -> str:
    """Facts of `fresh` through the axioms of by_value."""
    return f"SELECT f.s, r.p2 AS p, r.o2 AS o, r.rule FROM {fresh} f JOIN {rows} r ON f.p = r.p AND f.o = r.o"
