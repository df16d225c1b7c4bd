"""The selects of a query: SPARQL text taken apart at its brackets, as far as our own queries need it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

_BRACKETS = r"\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)"
_SELECT = re.compile(rf"SELECT\s+(?:DISTINCT\s+|REDUCED\s+)?((?:\?\w+\s*|\*\s*|{_BRACKETS}\s*)+)(?:WHERE\s*)?\{{")
_ASSIGNED = re.compile(r"\bAS\s+\?(\w+)\s*\)")


class Select(NamedTuple):
    """A select: its text up to the bracket that opens its group, what it shows, and the group; `start` to `end`."""

    head: str
    clause: str
    body: str
    start: int
    end: int

    @property
    def shown(self) -> list[str]:
        """The variables it shows as they are, without those it makes."""
        made = assigned(self.clause)
        return [name for name in re.findall(r"\?(\w+)", re.sub(_BRACKETS, "", self.clause)) if name not in made]

    @property
    def shows_all(self) -> bool:
        """Whether it shows whatever its group has."""
        return "*" in re.sub(_BRACKETS, "", self.clause)


def assigned(text: str) -> set[str]:
    """Return the variables that BIND or a select makes."""
    return set(_ASSIGNED.findall(text))


def closing(text: str, at: int) -> int:
    """Return the place of the bracket that closes the group begun before `at`."""
    depth = 1
    for place in range(at, len(text)):
        depth += {"{": 1, "}": -1}.get(text[place], 0)
        if not depth:
            return place
    return len(text)


def selects(text: str) -> Iterator[Select]:
    """Yield the selects of a text in turn, but not those within them."""
    end = 0
    for found in _SELECT.finditer(text):
        if found.start() >= end:
            end = closing(text, found.end())
            yield Select(found[0], found[1], text[found.end() : end], found.start(), end + 1)


def edited(text: str, select: Callable[[Select], str], minus: Callable[[str], str] | None) -> str:
    """Return a group with each of its selects replaced, and each MINUS of plain patterns that is in no select."""
    done, at = [], 0

    def plain(part: str) -> str:
        return re.sub(r"MINUS \{([^{}]*)\}", lambda found: minus(found[1]), part) if minus else part

    for each in selects(text):
        done += [plain(text[at : each.start]), select(each)]
        at = each.end
    return "".join([*done, plain(text[at:])])
