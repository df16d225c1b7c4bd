"""A forest plot: ratios with their confidence intervals on a logarithmic axis, around 1."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from kg.answer import Answer
from kg.errors import PlotError
from kg.plot.axis import log_axis
from kg.plot.figure import Figure
from kg.plot.rows import Row, draw_rows, most, rows_of
from kg.plot.svg import ACCENT, PAPER, element, text
from kg.questions import Chart

HALF = 4.5
"""Half the side of the square that marks an estimate. All are of one size: the sources state no weights."""


def forest(figure: Figure, answer: Answer, chart: Chart) -> str:
    """Draw the answer and return its description. Raises PlotError where there is no ratio above 0."""
    rows = most(figure, rows_of(answer, chart))
    points = [row.value for row in rows if row.value is not None and row.value > 0]
    if not points:
        raise PlotError(f"{answer.name}: no row has a ratio above 0, so a logarithmic axis shows none.")
    if len(points) < len(rows):
        without = len(rows) - len(points)
        figure.notes.append(f"Not drawn, for no ratio above 0 is stated: {without} of {len(rows)} rows.")
    axis = log_axis(points, [bound for row in rows if (ends := _interval(row)) for bound in ends if bound > 0])

    def mark(group: ET.Element, row: Row, y: float, left: float, right: float) -> None:
        if row.value is None or row.value <= 0:
            return
        x = axis.at(row.value, left, right)
        if ends := _interval(row):
            start, end = (axis.at(bound, left, right) if bound > 0 else left for bound in ends)
            look = {"stroke": ACCENT, "stroke_width": 1.8, "class_": "mark line"}
            element(group, "line", x1=start, y1=y, x2=end, y2=y, **look)
            for place, beyond, back in ((start, ends[0] < axis.low, 7), (end, ends[1] > axis.high, -7)):
                points = f"M{place + back:.2f} {y - 4.5:.2f}L{place:.2f} {y:.2f}L{place + back:.2f} {y + 4.5:.2f}"
                stop = f"M{place:.2f} {y - 4.5:.2f}V{y + 4.5:.2f}"
                element(group, "path", d=points if beyond else stop, fill="none", **look)
        look = {"fill": ACCENT, "class_": "mark"} if ends else {
            "fill": PAPER, "stroke": ACCENT, "stroke_width": 1.8, "class_": "mark open",
        }  # fmt: skip
        element(group, "rect", x=x - HALF, y=y - HALF, width=2 * HALF, height=2 * HALF, **look)

    left, right = draw_rows(figure, rows, axis, 1, "", mark)
    one = axis.at(1, left, right)
    hazard = "" if figure.narrow or min(one - left, right - one) < 60 else " hazard"
    text(figure.svg, one - 8, figure.y, f"← lower{hazard}", size=12, anchor="end", soft=True)
    text(figure.svg, one + 8, figure.y, f"higher{hazard} →", size=12, soft=True)
    figure.y += 18
    _notes(figure, rows, axis.low, axis.high)
    return f"Ratios with confidence intervals on a logarithmic axis. {'. '.join(row.told() for row in rows[:30])}."


def _interval(row: Row) -> tuple[float, float] | None:
    """Return the bounds of an interval that can be drawn."""
    if row.low is None or row.high is None or row.low > row.high or row.high <= 0:
        return None
    return row.low, row.high


def _notes(figure: Figure, rows: list[Row], low: float, high: float) -> None:
    drawn = [row for row in rows if row.value is not None and row.value > 0]
    if any(_interval(row) for row in drawn):
        figure.notes.append("Squares are the estimates, lines their confidence intervals, as the sources report them.")
    if any(_interval(row) is None for row in drawn):
        figure.notes.append("An open square has no interval: none is stated, or one of its bounds is missing or wrong.")
    if any((ends := _interval(row)) and (ends[0] < low or ends[1] > high) for row in drawn):
        figure.notes.append("An arrow leads beyond the axis.")
