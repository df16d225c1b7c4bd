"""A bar chart: a number for each row, from 0."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from kg.answer import Answer
from kg.errors import PlotError
from kg.plot.axis import linear_axis
from kg.plot.figure import Figure
from kg.plot.rows import Row, draw_rows, most, rows_of
from kg.plot.svg import ACCENT, element
from kg.questions import Chart, spaced


def bar(figure: Figure, answer: Answer, chart: Chart) -> str:
    """Draw the answer and return its description. Raises PlotError where no row has a number."""
    numbers = [row for row in rows_of(answer, chart) if row.value is not None]
    if not numbers:
        raise PlotError(f"{answer.name}: no row has a number in the column {chart.value}.")
    rows = most(figure, numbers)
    axis = linear_axis(row.value or 0.0 for row in rows)

    def mark(group: ET.Element, row: Row, y: float, left: float, right: float) -> None:
        ends = sorted((axis.at(0, left, right), axis.at(row.value or 0.0, left, right)))
        look = {"fill": ACCENT, "class_": "mark"}
        element(group, "rect", x=ends[0], y=y - 6, width=max(ends[1] - ends[0], 1), height=12, **look)

    units = {row["unit"] for row in answer} if "unit" in answer.columns else set()
    unit = units.pop() if len(units) == 1 else chart.unit
    name = spaced(chart.value)
    draw_rows(figure, rows, axis, 0, f"{name}, {unit}" if unit else name, mark)
    return f"Bars of {name}. {'. '.join(row.told() for row in rows[:30])}."
