"""Rules as triple patterns: read from the notation of the standard's tables into integers and names.

`?p rdfs:domain ?c . ?x ?p ?y` is two atoms. `?l list:item ?c ?i ?n` is an item of a list: the item, its
position from 1, the length of the list; position and length may be left out or be numbers. Two atoms on one
list speak of one way through it. `?i < ?j` is a guard. `?x owl:sameAs ?y` in a premise means one integer, for
equal things share one (see `equality`).
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import NamedTuple

from kg.owl2rl.vocabulary import IDS, LAST_SCHEMA_CLASS, LAST_SCHEMA_PREDICATE, SAME_AS, TYPE

Slot = int | str
"""A constant (the integer of a term, or a number in a list atom) or the name of a variable."""


class Atom(NamedTuple):
    """One condition: relation `triple` has columns (s, p, o), `item` (list, path, item, pos, size)."""

    relation: str
    slots: tuple[Slot, ...]

    @property
    def is_schema(self) -> bool:
        """Whether only schema triples can match: a comparison of integers, see `vocabulary`."""
        return self.relation == "item" or is_schema_slot(self.slots)

    @property
    def variables(self) -> list[str]:
        """The slots that are variables, in order."""
        return [slot for slot in self.slots if isinstance(slot, str)]


def is_schema_slot(slots: tuple[Slot, ...]) -> bool:
    """Whether a triple or triple pattern belongs to the schema."""
    _, predicate, value = slots
    if not isinstance(predicate, int):
        return False
    if predicate == TYPE:
        return isinstance(value, int) and 0 < value <= LAST_SCHEMA_CLASS
    return 0 < predicate <= LAST_SCHEMA_PREDICATE


class Rule:
    """One rule of the OWL 2 RL/RDF tables 4 to 9.

    `head` is empty for a contradiction. `sql`, where given, replaces the plain join of the data atoms; it
    yields (s, p, o) and reads `{rows}` (the schema atoms' bindings), `facts` and, between `{{` marks, what
    narrows it to the last round (see `compile`). `held` says what stands in for a rule that is not run.
    """

    # No dataclass: a rule is a key in many tables, where being itself is all that counts.
    def __init__(
        self, name: str, table: int, body: str, head: str, words: str, *, sql: str = "", held: str = ""
    ) -> None:
        self.name, self.table, self.body, self.head, self.words = name, table, body, head, words
        self.sql, self.held = sql, held

    @cached_property
    def parsed(self) -> Parsed:
        """The body and head as atoms."""
        return _parse(self.body, self.head, self.sql)


class Parsed(NamedTuple):
    """A rule's atoms: `same` maps a variable to the one it equals, `written` keeps the body for messages,
    `columns` are the variables of the schema atoms that anything else needs (all, for a contradiction)."""

    schema: tuple[Atom, ...]
    data: tuple[Atom, ...]
    head: tuple[Slot, Slot, Slot] | None
    guards: tuple[tuple[str, str, str], ...]
    written: tuple[tuple[Slot, Slot, Slot], ...]
    same: dict[str, str]
    columns: list[str]


def _slot(token: str) -> Slot:
    if token.startswith("?"):
        return token[1:]
    return IDS[token]


def _item(tokens: list[str]) -> Atom:
    """`?l list:item ?c ?i ?n`; the way through the list is a variable of its own, shared by atoms on ?l."""
    name = tokens[0][1:]
    rest = [token[1:] if token.startswith("?") else int(token) for token in tokens[3:]]
    while len(rest) < 2:
        rest.append(f"{name}_any{len(rest)}_{tokens[2][1:]}")
    return Atom("item", (name, f"{name}_path", _slot(tokens[2]), *rest))


def _parse(body: str, head: str, sql: str) -> Parsed:
    atoms: list[Atom] = []
    guards: list[tuple[str, str, str]] = []
    written: list[tuple[Slot, Slot, Slot]] = []
    same: dict[str, str] = {}
    for text in filter(None, (part.strip() for part in body.split(" . "))):
        tokens = text.split()
        if tokens[1] in ("<", "!="):
            guards.append((tokens[0][1:], tokens[1], tokens[2][1:]))
        elif tokens[1] == "list:item":
            atoms.append(_item(tokens))
        else:
            triple = (_slot(tokens[0]), _slot(tokens[1]), _slot(tokens[2]))
            written.append(triple)
            if triple[1] == SAME_AS:
                same[str(triple[2])] = str(triple[0])
            else:
                atoms.append(Atom("triple", triple))
    if same:
        atoms = [Atom(atom.relation, tuple(same.get(str(slot), slot) for slot in atom.slots)) for atom in atoms]
    schema = tuple(atom for atom in atoms if atom.is_schema)
    data = tuple(atom for atom in atoms if not atom.is_schema)
    conclusion = [_slot(token) for token in head.split()]
    columns = list(dict.fromkeys(name for atom in schema for name in atom.variables))
    if conclusion:
        needed = {slot for slots in (conclusion, *(atom.slots for atom in data), *guards) for slot in slots}
        needed.update(re.findall(r"\br\.(\w+)", sql))
        columns = [name for name in columns if name in needed]
    return Parsed(
        schema,
        data,
        head=(conclusion[0], conclusion[1], conclusion[2]) if conclusion else None,
        guards=tuple(guards),
        written=tuple(written),
        same=same,
        columns=columns,
    )
