"""The tables of a Drug Product Database extract: found by name in folders and zip files, with or without headers."""

from __future__ import annotations

import itertools
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO

from kg.errors import ImportFault
from kg.registers import tables
from kg.registers.account import Account
from kg.registers.tables import Row

File = tuple[str, Path, tables.Open]
"""The name of a table's file, the path it is at (of the zip file that it is in), and how to open it."""
Found = Mapping[str, Sequence[File]]
"""Table -> its files."""


@dataclass(frozen=True)
class _Table:
    """Headings of the columns that are needed, their places where there is no header, and the look of a cell."""

    headings: dict[str, str]
    places: dict[str, int]
    looks: dict[str, str]


TABLES = {
    "drug": _Table(
        {"class": "CLASS", "din": "DRUG_IDENTIFICATION_NUMBER", "name": "BRAND_NAME"},
        {"class": 2, "din": 3, "name": 4},
        {"din": r"\d{8}|not applicable.*"},
    ),
    "ingred": _Table({"name": "INGREDIENT"}, {"name": 2}, {"name": r"\D.*"}),
    "comp": _Table({"name": "COMPANY_NAME", "type": "COMPANY_TYPE"}, {"name": 3, "type": 4}, {"type": r"[a-z /]+"}),
    "status": _Table(
        {"current": "CURRENT_STATUS_FLAG", "status": "STATUS", "date": "HISTORY_DATE"},
        {"current": 1, "status": 2, "date": 3},
        {"current": "y|n", "date": r"\d\d-[a-z]{3}-\d{4}"},
    ),
    "ther": _Table({"atc": "TC_ATC_NUMBER"}, {"atc": 1}, {"atc": r"[a-z]\d.*|"}),
}


def find(paths: Sequence[Path], account: Account) -> Found:
    """Return the files of each table, from files, folders and zip files. Raises ImportFault when a table is missing."""
    found: dict[str, list[File]] = {name: [] for name in TABLES}
    for file in _files(paths, account):
        if name := table_of(file[0]):
            found[name].append(file)
    if missing := [name for name, files in found.items() if not files]:
        raise ImportFault(
            f"{', '.join(map(str, paths))}: no table {', '.join(f'{name}.txt' for name in missing)}. "
            "An extract has drug, ingred, comp, status and ther: pass its folder or its zip file."
        )
    return found


def rows(name: str, found: Found, account: Account) -> Iterator[Row]:
    """Yield the rows of a table, each counted as read. Raises ImportFault."""
    table = TABLES[name]
    for file, path, open_ in found[name]:
        with tables.unbroken(path):
            for row in _rows(table, file, open_):
                account.read += 1
                if missing := next((key for key in table.places if key not in row.cells), None):
                    account.reject(row.file, row.locator, "a row that breaks off", f"no cell for {missing}")
                else:
                    yield row


def _rows(table: _Table, file: str, open_: tables.Open) -> Iterator[Row]:
    known = tables.columns({"code": ["DRUG_CODE"], **{key: [text] for key, text in table.headings.items()}}, {})
    lines = ((number, cells) for number, cells in tables.delimited(file, open_) if any(cells))
    first = next(lines, None)
    if first is None:
        raise ImportFault(f"{file}: the table is empty. Download it again.")
    if re.fullmatch(r"\d+", str(first[1][0]).strip()):
        _check(file, first, table)
        places = {"code": 0, **table.places}
        for number, cells in itertools.chain([first], lines):
            yield Row(file, number, {key: cells[at] for key, at in places.items() if at < len(cells)})
    else:
        yield from tables.under_header(file, itertools.chain([first], lines), known)


def _check(file: str, first: tuple[int, Sequence[tables.Cell]], table: _Table) -> None:
    """A table without a header is known by its first row."""
    number, cells = first
    for key, look in table.looks.items():
        place = table.places[key]
        cell = str(cells[place]).strip() if place < len(cells) else "nothing"
        if not re.fullmatch(look, cell.lower()):
            raise ImportFault(
                f"{file}, line {number}: cell {place + 1} is {cell!r}, not {table.headings[key]}: unknown layout. "
                "Is it the table of the Drug Product Database that its name says? Else add a header row to it."
            )


def table_of(file: str) -> str | None:
    """Return which table a file is by its name: drug.txt, drug_ia.txt and QRYM_DRUG_PRODUCT.txt are `drug`."""
    name = Path(file).name.lower()
    base = name.removeprefix("qrym_")
    if Path(base).suffix not in (".txt", ".csv", ".gz"):
        return None
    names = {"active_ingred": "ingred", "compan": "comp", "therapeutic": "ther", **{name: name for name in TABLES}}
    return next((table for start, table in names.items() if base.startswith(start)), None)


def _files(paths: Sequence[Path], account: Account) -> Iterator[File]:
    """Yield each table, and how to open it when its turn comes."""
    for path in paths:
        if path.is_dir():
            for file in sorted(path.iterdir()):
                if file.is_file() and table_of(file.name):
                    yield file.name, file, partial(tables.opened, file)
        elif path.suffix.lower() == ".zip":
            with tables.unbroken(path), zipfile.ZipFile(path) as archive:
                members = sorted(name for name in archive.namelist() if table_of(name))
            for name in members:
                yield Path(name).name, path, partial(_member, path, name)
        elif table_of(path.name):
            yield path.name, path, partial(tables.opened, path)
        else:
            account.remark(path.name, "", "a file that is none of the five tables")


def _member(path: Path, name: str) -> IO[bytes]:
    with zipfile.ZipFile(path) as archive:
        return archive.open(name)
