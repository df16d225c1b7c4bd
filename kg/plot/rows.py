"""Rows of values under headings: what a forest plot and a bar chart have in common."""

from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import dataclass

from kg.answer import Answer, Cell
from kg.plot.axis import Axis
from kg.plot.figure import Figure
from kg.plot.svg import SOFT, element, text, titled, width, wrap
from kg.questions import Chart

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
        *outer, inner = (answer.text(row[column]) for column in chart.by)
        value, low, high = (as_number(row.get(column)) for column in (chart.value, "low", "high"))
        shown = answer.text(row.get("reported")) or _in_unit(answer, row, chart.value)
        heading = ", ".join(part for part in outer if part)
        key = heading, inner, value, low, high, shown
        before = found[key].sources if key in found else ()
        sources = tuple(dict.fromkeys([*before, *sources_of(answer, row)]))
        found[key] = Row(heading, inner, value, low, high, shown, sources)
    return list(found.values())


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


def _in_unit(answer: Answer, row: dict[str, Cell], column: str) -> str:
    value, unit = answer.text(row[column]), answer.text(row.get("unit"))
    return f"{value} {unit}" if value and unit else value


def draw_rows(figure: Figure, rows: list[Row], axis: Axis, name: str, mark: Mark) -> tuple[float, float]:
    """Draw the rows, their headings and the axis; return the left and right end of the drawing itself."""
    left, right, label_room, shown_room = _columns(figure, rows)
    top, heading = figure.y, ""
    for row in rows:
        if row.heading and row.heading != heading:
            heading = row.heading
            figure.y += 10
            figure.lines(heading, bold=True)
        cited = figure.cite(row.sources)
        labels = wrap(row.label, label_room)
        shown = wrap(f"{row.shown} {cited}" if cited else row.shown, shown_room)
        group = titled(figure.svg, f"{row.told()} ({'; '.join(row.sources)})" if row.sources else row.told())
        if figure.narrow:
            figure.y += 6
            for line, soft in [(line, False) for line in labels] + [(line, True) for line in shown]:
                text(group, figure.left, figure.y, line, soft=soft)
                figure.y += LINE
            height, middle = STRIP, figure.y
        else:
            height = max(STRIP, LINE * max(len(labels), len(shown)) + 8)
            middle = figure.y + height / 2 - 6
            for x, lines in ((figure.left, labels), (right + 16, shown)):
                for number, line in enumerate(lines):
                    text(group, x, middle + 4.5 + LINE * (number - (len(lines) - 1) / 2), line)
        mark(group, row, middle, left, right)
        figure.y += height
    figure.axis(axis, left, right, top, name)
    return left, right


def _columns(figure: Figure, rows: list[Row]) -> tuple[float, float, float, float]:
    """Return the ends of the drawing, and the room of the labels before and the values after it."""
    if figure.narrow:
        room = figure.right - figure.left
        return figure.left + 10, figure.right - 10, room, room
    whole = figure.right - figure.left
    labels = min(max(width(row.label) for row in rows) + 6, whole * 0.3)
    shown = min(max(width(f"{row.shown} [10]") for row in rows) + 6, whole * 0.36)
    return figure.left + labels + 16, figure.right - shown - 16, labels, shown


def reference(figure: Figure, x: float, top: float, bottom: float) -> None:
    """Draw the line that values are compared with, behind the marks."""
    behind = figure.svg.find("g[@class='grid']")
    assert behind is not None
    element(behind, "line", x1=x, y1=top, x2=x, y2=bottom, stroke=SOFT, stroke_width=1.2, class_="strong-rule")

