"""The registers that can be imported: who publishes each, under what licence, and what each is complete for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

import pyoxigraph as ox

from kg.errors import ImportFault, did_you_mean
from kg.registers import ema
from kg.registers.account import Account
from kg.registers.conditions import Matcher
from kg.registers.facts import Facts
from kg.registers.substances import Resolver

Describe = Callable[[Any], Iterable[ox.Triple]]
"""A record -> its facts."""


def _approvals(substances: Resolver, conditions: Matcher, account: Account, with_text: bool) -> Describe:
    return Facts(substances, conditions, account, with_text=with_text).of


CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
CC_BY = "https://creativecommons.org/licenses/by/4.0/"
PUBLIC_DOMAIN = "https://creativecommons.org/publicdomain/mark/1.0/"
EMA_REUSE = "https://www.ema.europa.eu/en/about-us/about-website/legal-notice"
OGL_CANADA = "https://open.canada.ca/en/open-government-licence-canada"
PMDA_TERMS = "https://www.pmda.go.jp/english/0003.html"


@dataclass(frozen=True)
class Coverage:
    """What a register lists in full: initial approvals of a jurisdiction since a day, up to the snapshot or `until`."""

    jurisdiction: str
    since: str
    label: str
    until: str | None = None


@dataclass(frozen=True)
class Register:
    """One register: its name on the command line, its publisher, and the reader of its downloads."""

    name: str
    title: str
    publisher: str
    licence: str
    files: str
    """What to download, for people."""
    reader: ModuleType
    coverage: Coverage | None = None
    facts: Callable[[Resolver, Matcher, Account, bool], Describe] = _approvals
    one_snapshot: Literal["file", "folder", "all"] = "file"
    """Which files make one snapshot together, where a folder is imported."""
    members: frozenset[str] = frozenset()
    """Names in the zip file by which a download is recognised."""
    signature: tuple[bytes, ...] = ()
    """What stands near the beginning of a file of it that is no table."""
    dictionary: bool = False
    """Whether it describes what other registers name, and is written after them, as far as they name it."""
    graph: str = ""
    """The name of its graph where that is not the register and the date."""

    def read(self, paths: Sequence[Path], account: Account) -> Iterator[Any]:
        """Yield the records of a download."""
        read: Callable[[Sequence[Path], Account], Iterator[Any]] = self.reader.read
        return read(paths, account)

    def snapshot_date(self, paths: Sequence[Path]) -> str | None:
        """Return the date that the files themselves tell, if they do."""
        tell: Callable[[Path], str | None] | None = getattr(self.reader, "snapshot_date", None)
        return next((found for path in paths if (found := tell(path))), None) if tell else None


_ALL = (
    Register(
        "ema",
        "EMA medicines table",
        "EMA",
        EMA_REUSE,
        "the table of medicines, xlsx or csv",
        ema,
        Coverage("EU", "1995-01-01", "centrally authorised medicines since 1995"),
    ),
)
REGISTERS = {register.name: register for register in _ALL}


def register(name: str) -> Register:
    """Return a register by its name. Raises ImportFault."""
    if name in REGISTERS:
        return REGISTERS[name]
    near = did_you_mean(name, list(REGISTERS))
    raise ImportFault(f"{name!r} is not a register.{near} There is: {', '.join(REGISTERS)}.")
