"""Answer -> Table: what a tool tells of an answer, cut to what an assistant can read, and saying so."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pyoxigraph as ox

from kg.answer import Answer, Cell
from kg.render import plain, render_markdown

MOST_ROWS = 1_000
"""Rows that may be asked for."""
MOST_TEXT = 50_000
"""Characters of an answer's rows, or of a proof."""
MOST_CELL = 2_000
"""Characters of one text."""


@dataclass(frozen=True)
class Table:
    """An answer for a program, as `kg ask -f json` gives it. `complete` is false where it was cut; `remark` says how.

    A thing in a row is its IRI with its label.
    """

    question: str
    title: str
    parameters: dict[str, str]
    columns: list[str]
    rows: list[dict[str, Any]]
    complete: bool
    remark: str


@dataclass(frozen=True)
class Proofs:
    """Why a fact holds or what it lacks, for a program, as `kg why -f json` gives it; `remark` says what was cut."""

    title: str
    proofs: list[dict[str, Any]]
    computed: list[str]
    near: list[dict[str, Any]]
    complete: bool
    remark: str


@dataclass(frozen=True)
class Told:
    """What a tool answers: a text to read, and the same for a program."""

    text: str
    content: Table | Proofs


def told(answer: Answer, most: int, *remarks: str, total: int | None = None) -> Told:
    """Return the first rows of an answer, `most` at most, as a markdown table and as a Table.

    `total` is the number of rows where the answer has not all of them, and -1 where there are more than it has.
    """
    rows, size, cut = [], 0, 0
    for row in answer.rows[:most]:
        short = tuple(_short(cell) for cell in row)
        cut += sum(before is not after for before, after in zip(row, short, strict=True))
        size += sum(len(answer.text(cell)) for cell in short) + sum(map(len, answer.columns))
        if size > MOST_TEXT:
            break
        rows.append(short)
    total = len(answer.rows) if total is None else total
    said = [*remarks]
    if len(rows) != total:
        of = f"of {total:,}" if total >= 0 else "of more"
        why = f"more would have over {MOST_TEXT:,} characters" if size > MOST_TEXT else f"`rows` may be {MOST_ROWS:,}"
        said.append(f"Cut: these are the first {len(rows):,} rows {of}; {why}. Narrow what you ask.")
    if cut:
        said.append(f"Cut: {cut:,} texts have more than {MOST_CELL:,} characters.")
    shown = replace(answer, rows=tuple(rows))
    remark = " ".join(filter(None, said))
    whole = len(rows) == total and not cut
    table = Table(**plain(shown), columns=list(answer.columns), complete=whole, remark=remark)
    lines = [answer.title, "", render_markdown(shown) if rows else "No rows: the graph states nothing of the kind."]
    return Told("\n".join([*lines, remark]).rstrip() + "\n", table)


def _short(cell: Cell) -> Cell:
    if not isinstance(cell, ox.Literal) or len(cell.value) <= MOST_CELL:
        return cell
    return ox.Literal(f"{cell.value[:MOST_CELL]} ..")
