"""FDA's downloads in a test: a reader run on them, and what it gave."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import pytest

from kg.errors import ImportFault
from kg.registers.account import Account
from kg.registers.records import Event, Record


def run(reader: ModuleType, *paths: Path) -> tuple[list[Record], Account]:
    account = Account()
    records = list(reader.read(paths, account))
    assert account.balanced, (account.read, account.used, account.by_reason)
    keys = [event.key for record in records for event in record.events]
    products = [record.product.key for record in records if record.product]
    assert len(keys) == len(set(keys))
    assert len(products) == len(set(products))
    return records, account


def events(records: Sequence[Record]) -> dict[str, Event]:
    return {event.key: event for record in records for event in record.events}


def fault(reader: ModuleType, *paths: Path) -> str:
    with pytest.raises(ImportFault) as found:
        list(reader.read(paths, Account()))
    return str(found.value)
