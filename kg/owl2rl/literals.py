"""The datatype rules over the literals of a graph (table 8).

dt-eq gives pairs for `equality`; dt-type2 gives a literal's types, but only for datatypes that an axiom can see;
dt-diff and dt-not-type are told in `contradictions` from the values kept here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from kg.owl2rl.compile import Resolve
from kg.owl2rl.datatypes import DATATYPE_IDS, SUPPORTED, Value, has_value, value_of
from kg.owl2rl.equality import Pairs
from kg.owl2rl.memory import Derived
from kg.owl2rl.schema_rules import NUMBERS
from kg.owl2rl.vocabulary import TYPE

if TYPE_CHECKING:
    from kg.owl2rl.workspace import Workspace

_ESCAPE = re.compile(r'\\(?:([tbnrf"\'\\])|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))')
_SHORT = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
_WITHOUT_VALUES = ("rdfs:Literal", "rdf:langString")


def _unescape(text: str) -> str:
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda m: _SHORT[m[1]] if m[1] else chr(int(m[2] or m[3], 16)), text)


def _escape(text: str) -> str:
    """As the canonical form of N-Triples has it."""
    from pyoxigraph import Literal

    return str(Literal(text))


def split(text: str) -> tuple[str, str, str]:
    """A literal of N-Triples as (lexical form, datatype IRI or "", language tag or "")."""
    end = text.rindex('"')
    lexical, rest = _unescape(text[1:end]), text[end + 1 :]
    if rest.startswith("@"):
        return lexical, "", rest[1:]
    return lexical, rest[3:-1], ""


def value_of_text(text: str) -> tuple[Value | None, bool]:
    """A literal's value, and whether it is ill-typed; of an unknown datatype it is neither."""
    lexical, datatype, tag = split(text)
    if tag:
        return ("language", f"{lexical}@{tag.lower()}"), False
    if not datatype:
        return ("string", lexical), False
    name = SUPPORTED.get(datatype)
    if name is None or name in _WITHOUT_VALUES:
        return None, False
    value = value_of(lexical, name)
    return value, value is None


class Literals:
    """What the datatype rules need to know of the literals read so far."""

    def __init__(self, work: Workspace) -> None:
        self.work = work
        self.ill_typed: list[int] = []
        self._first: dict[Value, int] = {}
        self.typed: set[str] = set()  # datatypes whose members have been given their type

    def read(self, since: int) -> Pairs:
        """Take in the literals from integer `since` on (dt-eq): pairs of terms with one value."""
        pairs: list[tuple[int, int, int]] = []
        equal = NUMBERS["dt-eq"]
        plain: dict[str, int] = {}
        for number, text in self.work.typed_literals(since):
            value, ill = value_of_text(text)
            if ill:
                self.ill_typed.append(number)
            elif value is not None:
                first = self._first.setdefault(value, number)
                if first != number:
                    pairs.append((first, number, equal))
        # A token is a string: find the plain literal, whenever it came.
        for (space, form), number in self._first.items():
            if space == "string":
                plain[_escape(form)] = number
            elif space == "language":
                text, _, tag = form.rpartition("@")
                plain[f"{_escape(text)}@{tag}"] = number
        if plain:
            known = self.work.numbers(plain)
            pairs += [(plain[text], number, equal) for text, number in known.items()]
        return pairs

    def number(self, form: str) -> int:
        """The first literal read whose value is this whole number; 0, which is no term, if there is none."""
        return self._first.get(("decimal", form), 0)

    def types(self, datatypes: Iterable[int], since: int, named: set[int], resolve: Resolve) -> list[Derived] | str:
        """Membership of literals (dt-type2), over representatives; or a table of it.

        In `datatypes`: all for a datatype not asked for before, else from `since` on. In every datatype: of those that
        are `named` as resources are.
        """
        found = [*self._in(datatypes, since), *self._of(named)]
        return [(resolve(s), resolve(p), resolve(o), rule) for s, p, o, rule in found]

    def _of(self, literals: set[int]) -> list[Derived]:
        found: list[Derived] = []
        for literal, text in self.work.texts(literals).items():
            value, _ = value_of_text(text)
            for datatype, name in DATATYPE_IDS.items():
                if name == "rdfs:Literal" or (value is not None and has_value(name, value)):
                    found.append((literal, TYPE, datatype, NUMBERS["dt-type2"]))
        return found

    def _in(self, datatypes: Iterable[int], since: int) -> list[Derived]:
        found: list[Derived] = []
        number = NUMBERS["dt-type2"]
        for datatype in sorted(set(datatypes)):
            name = DATATYPE_IDS[datatype]
            start = since if name in self.typed else 0
            self.typed.add(name)
            for literal, text in self.work.used_literals(start):
                value, ill = value_of_text(text)
                if name == "rdfs:Literal" or (value is not None and not ill and has_value(name, value)):
                    found.append((literal, TYPE, datatype, number))
        return found
