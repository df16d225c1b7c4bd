"""Rows of values under headings: what a forest plot and a bar chart have in common."""

from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import dataclass

import pyoxigraph as ox

from kg.answer import Answer, Cell
from kg.plot.axis import Axis
from kg.plot.figure import Figure
from kg.plot.svg import text, titled, width, wrap
from kg.questions import Chart

MOST_ROWS = 60
LINE, STRIP = 17.0, 26.0
"""The height of a line of text, and the least height of a row."""

Mark = Callable[[ET.Element, "Row", float, float, float], None]
"""Draws a row at a height, between two places from left to right."""


@dataclass(frozen=True)
class Row:
    """A value with its interval, if it has one, and with the text that its source has for it."""

    heading: str
    label: str
    value: float | None
    low: float | None
    high: float | None
    shown: str
    sources: tuple[str, ...]

    def told(self) -> str:
        """Return the row in words."""
        return ", ".join(part for part in (self.heading, self.label) if part) + f": {self.shown}"


def rows_of(answer: Answer, chart: Chart) -> list[Row]:
    """Return a row for each of the answer's, but one for what several sources say in the same words."""
    found: dict[tuple[object, ...], Row] = {}
    for cells in answer.rows:
        row = dict(zip(answer.columns, cells, strict=True))
        value, low, high = (as_number(row.get(column)) for column in (chart.value, "low", "high"))
        shown = answer.text(row[chart.shown]) or answer.text(row[chart.value])
        if chart.shown == chart.value and (unit := answer.text(row.get("unit"))):
            shown = f"{shown} {unit}"
        heading, inner = _heading(answer, row, chart.by[:-1]), answer.text(row[chart.by[-1]])
        key = heading, inner, value, low, high, shown
        before = found[key].sources if key in found else ()
        sources = tuple(dict.fromkeys([*before, *sources_of(answer, row)]))
        found[key] = Row(heading, inner, value, low, high, shown, sources)
    return list(found.values())


def most(figure: Figure, rows: list[Row]) -> list[Row]:
    """Return as many of the rows as a figure holds; a note tells of the others."""
    if len(rows) > MOST_ROWS:
        figure.notes.append(f"The first {MOST_ROWS} of {len(rows):,} rows, in the order of the answer.")
    return rows[:MOST_ROWS]


def sources_of(answer: Answer, row: dict[str, Cell]) -> list[str]:
    """Return the sources that a row names, in whichever columns."""
    return [text for name, cell in row.items() if name.lower().endswith("source") and (text := answer.text(cell))]


def as_number(cell: Cell) -> float | None:
    """Return the finite number a cell holds, None if it holds none."""
    if cell is None or not re.fullmatch(r"[+-]?[0-9.]+([eE][+-]?[0-9]+)?", cell.value, re.ASCII):
        return None
    try:
        number = float(cell.value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _heading(answer: Answer, row: dict[str, Cell], columns: tuple[str, ...]) -> str:
    heading = ""
    for column in columns:
        if text := answer.text(row[column]):
            between = " against " if column == "against" else ", "
            heading += f"{between}{text}" if heading else text
    return heading


def draw_rows(figure: Figure, rows: list[Row], axis: Axis, origin: float, name: str, mark: Mark) -> tuple[float, float]:
    """Draw the rows under their headings, then the axis, with a line at `origin`; return where it begins and ends."""
    left, right, label_room, shown_room = _columns(figure, rows)
    right_aligned = all(as_number(ox.Literal(row.shown)) is not None for row in rows)
    blocks: list[tuple[float, float]] = []
    heading, top = "", figure.y
    for row in rows:
        if row.heading and row.heading != heading:
            if heading and not figure.narrow:
                blocks.append((top, figure.y))
            figure.y += 24 if heading else 12
            heading = row.heading
            figure.lines(heading, bold=True)
            figure.y -= 8
            top = figure.y
        cited = figure.cite(row.sources)
        labels = wrap(row.label, label_room)
        shown = wrap(f"{row.shown} {cited}" if cited else row.shown, shown_room)
        group = titled(figure.svg, f"{row.told()} ({'; '.join(row.sources)})" if row.sources else row.told())
        if figure.narrow:
            figure.y += 14
            beside = len(labels) == len(shown) == 1 and width(labels[0]) + width(shown[0]) < label_room - 16
            if beside:
                text(group, figure.right, figure.y, shown[0], anchor="end", soft=True)
            for line, soft in [(line, False) for line in labels] + [(line, True) for line in shown if not beside]:
                text(group, figure.left, figure.y, line, soft=soft)
                figure.y += LINE
            blocks.append((figure.y - 12, figure.y + 4))
            mark(group, row, figure.y - 4, left, right)
            figure.y += 6
            continue
        height = max(STRIP, LINE * max(len(labels), len(shown)) + 8)
        middle = figure.y + height / 2
        for number, line in enumerate(labels):
            text(group, figure.left, middle + 4.5 + LINE * (number - (len(labels) - 1) / 2), line)
        for number, line in enumerate(shown):
            x, anchor = (figure.right, "end") if right_aligned and not cited else (right + 16, None)
            text(group, x, middle + 4.5 + LINE * (number - (len(shown) - 1) / 2), line, anchor=anchor)
        mark(group, row, middle, left, right)
        figure.y += height
    figure.y += 4
    figure.axis(axis, left, right, blocks if figure.narrow else [*blocks, (top, figure.y)], origin, name)
    return left, right


def _columns(figure: Figure, rows: list[Row]) -> tuple[float, float, float, float]:
    """Return the ends of the drawing, and the room of the labels before and the values after it."""
    if figure.narrow:
        room = figure.right - figure.left
        return figure.left + 10, figure.right - 10, room, room
    whole = figure.right - figure.left
    labels = min(max(width(row.label) for row in rows) + 6, whole * 0.3)
    shown = min(max(width(f"{row.shown} [10]") for row in rows) + 6, whole * 0.4)
    return figure.left + labels + 16, figure.right - shown - 16, labels, shown
