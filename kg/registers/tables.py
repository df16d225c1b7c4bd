"""A table of a download: its rows by column name, whatever the file's kind, encoding, preamble or column order."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import itertools
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import IO, cast

from kg.errors import ImportFault, did_you_mean

csv.field_size_limit(1 << 24)
PREAMBLE = 30
"""Rows among which the header is looked for."""
LARGEST = 1 << 30
"""Bytes that a workbook may have when it is unpacked: it is read as a whole. EMA's have 5 million."""

Cell = str | int | float | bool | date | datetime | time | timedelta | None


@dataclass(frozen=True)
class Row:
    """One row: cells by the name that the reader gave the column. `number` counts lines of text or rows, from 1."""

    file: str
    number: int
    cells: Mapping[str, Cell]
    unit: str = "line"

    @property
    def locator(self) -> str:
        """The place of the row in its file, for people."""
        return f"{self.unit} {self.number}"

    def text(self, name: str) -> str:
        """Return a cell as text without spaces around it; '' if it is empty or the file has no such column."""
        cell = self.cells.get(name)
        if isinstance(cell, str):
            return cell.strip()
        if cell is None:
            return ""
        if isinstance(cell, float) and cell.is_integer():
            return str(int(cell))
        return str(cell)

    def __getitem__(self, name: str) -> str:
        """As `text`; most cells are text."""
        cell = self.cells.get(name)
        return cell.strip() if isinstance(cell, str) else self.text(name)


def columns(required: Mapping[str, Sequence[str]], optional: Mapping[str, Sequence[str]]) -> Columns:
    """Return the columns a reader knows: its own name -> the headings under which registers have printed it."""
    return Columns(
        {name: tuple(map(_fold, headings)) for name, headings in {**required, **optional}.items()}, tuple(required)
    )


@dataclass(frozen=True)
class Columns:
    """Known headings (folded), and which columns a table cannot do without."""

    known: Mapping[str, tuple[str, ...]]
    required: tuple[str, ...]

    def find(self, header: Sequence[str]) -> dict[str, int]:
        """Return the position of each known column in a header row."""
        folded = [_fold(heading) for heading in header]
        return {
            name: folded.index(heading)
            for name, headings in self.known.items()
            if (heading := next((heading for heading in headings if heading in folded), None)) is not None
        }


def read(path: Path, known: Columns, *, delimiter: str = ",", quoting: bool = True) -> Iterator[Row]:
    """Yield the rows of an xlsx, csv or tsv file (or such a file in .gz) under its header row; text a row at a time.

    The header is the first row that has every required column. Raises ImportFault when no row has.
    """
    with unbroken(path), opened(path) as stream:
        beginning = stream.read(len(_ZIP))
    if not beginning:
        raise ImportFault(f"{path}: the file is empty. Download it again.")
    if beginning == _ZIP:
        yield from under_header(path.name, _spreadsheet(path, content_of(path)), known, unit="row")
    else:
        lines = delimited(path.name, partial(opened, path), delimiter=delimiter, quoting=quoting)
        with unbroken(path):
            yield from under_header(path.name, lines, known)


def has_header(path: Path, known: Columns) -> bool:
    """Say whether a file is a table with such a header."""
    try:
        next(read(path, known), None)
    except ImportFault:
        return False
    return True


def under_header(
    file: str, rows: Iterable[tuple[int, Sequence[Cell]]], known: Columns, unit: str = "line"
) -> Iterator[Row]:
    """Yield the rows after the header row; see `read`."""
    iterator = iter(rows)
    best: tuple[int, dict[str, int], list[str]] = (0, {}, [])
    for number, cells in iterator:
        header = [str(cell or "").strip() for cell in cells]
        places = known.find(header)
        if all(name in places for name in known.required):
            break
        if len(places) > len(best[1]) or not best[2]:
            best = (number, places, header)
        if number >= PREAMBLE:
            raise ImportFault(_unknown_layout(file, known, best))
    else:
        raise ImportFault(_unknown_layout(file, known, best))
    width = len(header)
    for number, cells in iterator:
        if any(cells) or any(cell not in ("", None) for cell in cells):  # the first is quicker, but 0 is a cell too
            named = {name: cells[place] for name, place in places.items() if place < len(cells)}
            if len(cells) != width:
                named[WIDTH] = f"{len(cells)} cells under {width} headings"
            yield Row(file, number, named, unit)


def preamble(path: Path) -> Iterator[tuple[int, Sequence[Cell]]]:
    """Yield the rows of a spreadsheet above which a header can stand; text files are published without them."""
    with unbroken(path), opened(path) as stream:
        beginning = stream.read(len(_ZIP))
    if beginning == _ZIP:
        yield from itertools.islice(_spreadsheet(path, content_of(path)), PREAMBLE)


WIDTH = "\0width"
"""The cell, in a row with more or fewer cells than the header, that says so."""


Open = Callable[[], IO[bytes]]
"""Opens a table's bytes at their beginning."""
_ZIP = b"PK\x03\x04"
_BLOCK = 1 << 20


def encoding_of(file: str, open_: Open) -> str:
    """Return in which encoding a text is: UTF-8, else Windows-1252, the two in which registers publish."""
    for encoding in ("utf-8-sig", "cp1252"):
        decoder, lines, block = codecs.getincrementaldecoder(encoding)(), 0, b""
        with open_() as stream:
            try:
                while block := stream.read(_BLOCK):
                    decoder.decode(block)
                    lines += block.count(b"\n")
                decoder.decode(b"", final=True)
                return encoding
            except UnicodeDecodeError as error:
                fault, line = error, lines + error.object.count(b"\n", 0, error.start) + 1
    raise ImportFault(
        f"{file}, line {line}: byte 0x{fault.object[fault.start]:02x} is neither UTF-8 nor Windows-1252. "
        "Convert the file to UTF-8 with iconv."
    )


def opened(path: Path) -> IO[bytes]:
    """Open a file, unpacked if it ends in .gz; where reading may fail, `unbroken` tells how."""
    return cast("IO[bytes]", gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb"))


@contextmanager
def unbroken(path: Path) -> Iterator[None]:
    """Tell that a file cannot be read, or is not whole, as an ImportFault."""
    try:
        yield
    except (EOFError, gzip.BadGzipFile, zipfile.BadZipFile, zlib.error, RuntimeError) as error:
        kind = "zip" if path.suffix.lower() == ".zip" else "gzip"
        raise ImportFault(f"{path}: not a whole {kind} file ({error}). Download it again.") from None
    except OSError as error:
        raise ImportFault(f"{path}: cannot be read ({error.strerror or error}).") from None


def content_of(path: Path) -> bytes:
    """Return the bytes of a file, unpacked if it ends in .gz. Raises ImportFault."""
    with unbroken(path), opened(path) as stream:
        return stream.read()


def delimited(
    file: str, open_: Open, *, delimiter: str = ",", quoting: bool = True
) -> Iterator[tuple[int, Sequence[Cell]]]:
    """Yield (line number, cells) of delimited text."""
    with open_() as raw:
        if b"\0" in raw.read(4096):
            raise ImportFault(
                f"{file}: not a text file. Pass the csv, tsv or xlsx that the register offers for download."
            )
    with open_() as raw, io.TextIOWrapper(raw, encoding_of(file, open_), newline="") as text:
        reader = csv.reader(text, delimiter=delimiter, quoting=csv.QUOTE_MINIMAL if quoting else csv.QUOTE_NONE)
        before = 0
        try:
            for cells in reader:
                yield before + 1, cells
                before = reader.line_num
        except csv.Error as error:
            raise ImportFault(f"{file}, line {before + 1}: {error}. Is the file whole?") from None


def _spreadsheet(path: Path, content: bytes) -> Iterator[tuple[int, Sequence[Cell]]]:
    from python_calamine import CalamineError, CalamineWorkbook

    unpacked = _unpacked_size(content)
    if unpacked > LARGEST:
        raise ImportFault(f"{path}: unpacked it would be {unpacked:,} bytes; no register's workbook is so large.")
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheet = book.get_sheet_by_index(0)
        first = sheet.start[0] if sheet.start else 0
        rows = sheet.to_python(skip_empty_area=True)
    except (CalamineError, zipfile.BadZipFile, OSError, IndexError) as error:
        raise ImportFault(f"{path}: not a whole xlsx workbook ({error}). Download it again.") from None
    return ((first + number, cells) for number, cells in enumerate(rows, 1))


def _unpacked_size(content: bytes) -> int:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, OSError):
        return 0  # the reader of workbooks will tell what is wrong with it


def _fold(heading: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", heading.lower()).strip()


def _unknown_layout(file: str, known: Columns, best: tuple[int, dict[str, int], list[str]]) -> str:
    number, places, header = best
    missing = [known.known[name][0] for name in known.required if name not in places]
    shown = ", ".join(repr(heading) for heading in header if heading) or "nothing"
    near = did_you_mean(missing[0], [_fold(heading) for heading in header if heading])
    return (
        f"{file}: unknown layout: no column {', '.join(map(repr, missing))}.{near} "
        f"The likeliest header, row {number}, has: {shown}."
    )
