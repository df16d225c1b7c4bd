"""What a register's row says, in words as it prints them: the one shape that every reader of approvals yields.

Codes (`provisions`, `application_type`, `status`) are tails of `code:` IRIs, in ontology/codes.ttl. Keys are tails of
`product:` and `event:` IRIs, unique over all registers: they begin with the jurisdiction ("EU-EMEA-H-C-000481").
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from kg.registers import tables
from kg.registers.account import Account
from kg.registers.dates import Dated


@dataclass(frozen=True, slots=True)
class Product:
    """A medicinal product. `substance` is the register's own text; `components` if the register lists them apart."""

    key: str
    name: str
    substance: str = ""
    components: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()
    atc: tuple[str, ...] = ()
    pharmacologic_classes: tuple[str, ...] = ()
    """Established pharmacologic classes (EPC), as openFDA prints them."""
    areas: tuple[str, ...] = ()
    """Headings of the conditions the product is for today; of no date, so never those of an event."""
    status: str = ""
    other_names: tuple[str, ...] = ()
    """Further names under which the register lists it."""
    unii: tuple[str, ...] = ()
    """UNIIs of its substances, in no order."""
    common_name: str = ""
    """The name that is tried where `substance` is not found, if the register prints one apart."""


@dataclass(frozen=True, slots=True)
class Event:
    """A regulatory event. `kind` is the name of its class in the ontology (InitialApproval, Refusal, ..).

    `headings` are terms of conditions; `words` is a sentence in which conditions are looked for, and which is kept only
    when the user asks for the agency's own text. `substance` and `status` are for events without a product (a
    designation).
    """

    key: str
    kind: str
    agency: str
    date: Dated | None
    application_type: str = ""
    provisions: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    words: str = ""
    substance: str = ""
    identifiers: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()
    locator: str = ""
    """The place of the event in the download, where it has one of its own within that of its record."""
    status: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """What one row, or one record, says: a product and its events. `locator` is the place in the download."""

    locator: str
    product: Product | None = None
    events: tuple[Event, ...] = ()


class Key(NamedTuple):
    """What tells a record from the others, if it can be used: of one that comes twice, the second is rejected.

    `kept` tells of the first where the second is rejected. `day` is that of the data, as far as the record tells it.
    """

    key: str
    kept: str
    day: str


Make = Callable[[tables.Row, Account, dict[str, str]], Record | None]
"""Makes a record of a row, or rejects it. The dictionary is the maker's: each key it has used -> the row's locator."""


def one_of_each_row(paths: Sequence[Path], columns: tables.Columns, account: Account, make: Make) -> Iterator[Record]:
    """Yield a record of each row that `make` does not reject; rows are counted."""
    seen: dict[str, str] = {}
    for path in paths:
        for row in tables.read(path, columns):
            account.read += 1
            record = make(row, account, seen)
            if record:
                account.used += 1
                yield record
