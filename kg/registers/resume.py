"""What `kg import all` has done, kept beside its output: what is whole for the same input is not imported again."""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, astuple, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import kg
from kg import places
from kg.registers import writing
from kg.registers.account import Account
from kg.registers.imports import Dictionaries, Imported
from kg.registers.snapshot import Snapshot, sha256_of
from kg.registers.substances import Match, Substance

FILE = "imported.json.gz"
Counts = Mapping[str, Counter[Any]]


def mark(*parts: object) -> str:
    """Return the mark of an input: this version of the package, what is read, and in which way."""
    return hashlib.sha256(f"{_program()} {json.dumps(parts, default=str)}".encode()).hexdigest()


@cache
def _program() -> str:
    """Return what tells this program from another; a version under development is told by its text."""
    digest = hashlib.sha256(kg.__version__.encode())
    for path in sorted((places.PACKAGE / "registers").glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


@dataclass(frozen=True)
class _Entry:
    """One output: the mark of its input, its own sha256, its account, and what was matched for it."""

    input: str
    output: str
    counts: dict[str, Any]
    substances: list[tuple[str, str, str, list[tuple[str, str]], str, str]]
    conditions: list[str]

    def matches(self) -> dict[str, Match]:
        """Return printed name -> match."""
        return {
            name: Match(printed, method, tuple(Substance(*part) for part in parts), key, label)
            for name, printed, method, parts, key, label in self.substances
        }


class Ledger:
    """The outputs of earlier runs in a folder.

    It has the names that were matched for each, since the dictionaries and the table of matches are written from them.
    A ledger that cannot be read is as good as none: everything is imported again.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._entries: dict[str, _Entry] = {}
        try:
            with gzip.open(self._path, "rt", encoding="utf-8") as stream:
                entries = {name: _Entry(**entry) for name, entry in json.load(stream).items()}
            for entry in entries.values():
                assert entry.matches() is not None
                Account.of_counts(**entry.counts)
            self._entries = entries
        except (OSError, EOFError, zlib.error, ValueError, TypeError, AttributeError):
            pass

    def whole(self, output: Path, mark: str, snapshot: Snapshot) -> Imported | None:
        """Return what an earlier run did, if the input is the same and its output is whole."""
        entry = self._entries.get(output.name)
        if not entry or entry.input != mark or not output.is_file() or entry.output != sha256_of(output):
            return None
        return Imported(snapshot, Account.of_counts(**entry.counts), output, None)

    def restore(self, output: Path, known: Dictionaries) -> None:
        """Let the dictionaries know what was matched for an output that is not made again."""
        entry = self._entries[output.name]
        known.substances.matches.update(entry.matches())
        known.conditions.named_before.update(entry.conditions)

    def add(self, done: Imported, mark: str, known: Dictionaries, before: Counts) -> None:
        """Keep what was done, now that it is. `before` is what `counts` returned when it began."""
        substances, conditions, account = known.substances, known.conditions, done.account
        asked = {name: substances.matches[name] for name in substances.counts - before["substances"]}
        wordings = conditions.counts - before["conditions"]
        self._entries[done.output.name] = _Entry(
            mark,
            sha256_of(done.output),
            {
                "read": account.read,
                "used": account.used,
                "facts": account.facts,
                "rejected": dict(account.by_reason),
                "remarked": dict(account.remarks_by_reason),
            },
            [
                (name, each.printed, each.method, [astuple(part) for part in each.parts], each.key, each.label)
                for name, each in sorted(asked.items())
            ],
            sorted({concept.id for wording in wordings for concept in conditions.matches[wording].concepts}),
        )
        text = json.JSONEncoder().iterencode({name: asdict(entry) for name, entry in sorted(self._entries.items())})
        writing.write_text(self._path, text)


def counts(known: Dictionaries) -> Counts:
    """Return how often each name was asked for by now."""
    return {"substances": known.substances.counts.copy(), "conditions": known.conditions.counts.copy()}
