"""A timeline: a lane for each jurisdiction, a symbol for each kind of event, dates no finer than they are known."""

from __future__ import annotations

import calendar
import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from datetime import date

from kg.answer import Answer
from kg.errors import PlotError
from kg.plot.axis import Axis, time_axis
from kg.plot.figure import Figure
from kg.plot.rows import sources_of
from kg.plot.svg import ACCENT, element, rule, text, titled, width, wrap
from kg.plot.symbols import Symbol, draw, symbols
from kg.questions import Chart

MOST_EVENTS = 400
STEP, LINE = 13.0, 17.0
"""The room of a symbol, and the height of a line of text."""


@dataclass
class Event:
    """What happened in a lane on a day: `events` of one kind, by one or more sources."""

    lane: str
    day: date
    precision: str
    kind: str
    events: set[str] = field(default_factory=set)
    sources: list[str] = field(default_factory=list)

    def when(self) -> str:
        """Return the date as far as it is known."""
        if self.precision in ("month", "year"):
            return self.day.isoformat()[: {"month": 7, "year": 4}[self.precision]]
        return f"announced {self.day}" if self.precision == "announced" else self.day.isoformat()

    def span(self) -> tuple[date, date]:
        """Return the first and the last day it may have been."""
        if self.precision == "month":
            last = calendar.monthrange(self.day.year, self.day.month)[1]
            return self.day.replace(day=1), self.day.replace(day=last)
        if self.precision == "year":
            return date(self.day.year, 1, 1), date(self.day.year, 12, 31)
        return self.day, self.day

    def told(self) -> str:
        """Return the event in words."""
        times = f" ({len(self.events)})" if len(self.events) > 1 else ""
        return f"{self.lane}, {self.when()}: {self.kind}{times}"


def timeline(figure: Figure, answer: Answer, chart: Chart) -> str:
    """Draw the answer and return its description. Raises PlotError where there is no date, or too many events."""
    events = _events(answer, chart)
    if not events:
        raise PlotError(f"{answer.name}: no row has a date to draw.")
    if len(events) > MOST_EVENTS:
        raise PlotError(
            f"{answer.name}: {len(events):,} events are more than a timeline shows; {MOST_EVENTS} is the most."
            " Narrow the question by its parameters."
        )
    looks = symbols(event.kind for event in events)
    lanes: dict[str, list[Event]] = {}
    for event in events:
        lanes.setdefault(event.lane, []).append(event)
    axis = time_axis(day for event in events for day in event.span())
    room = figure.right - figure.left if figure.narrow else min(max(map(width, lanes)) + 8, 190)
    left = figure.left + 20 if figure.narrow else figure.left + room + 16
    _legend(figure, looks)
    right = figure.right - 20
    blocks = [_lane(figure, lane, held, looks, axis, (left, right), room) for lane, held in lanes.items()]
    figure.axis(axis, left, right, blocks)
    if any(event.precision in ("month", "year") for event in events):
        figure.notes.append("A line under a symbol is the month or year to which its date is known.")
    if any(event.precision == "announced" for event in events):
        figure.notes.append("A dotted line under a symbol: announced that day; the date of the decision is not known.")
    return f"Events by jurisdiction, in order. {'. '.join(event.told() for event in events[:30])}."


def _events(answer: Answer, chart: Chart) -> list[Event]:
    """Return the events of an answer by date; what several sources or products have on one day is one."""
    found: dict[tuple[str, date, str, str], Event] = {}
    for cells in answer.rows:
        row = dict(zip(answer.columns, cells, strict=True))
        lane = ", ".join(answer.text(row[column]) for column in chart.by)
        day = _day(answer.text(row["date"]))
        if day is None:
            continue
        key = lane, day, answer.text(row.get("precision")), answer.text(row[chart.value])
        event = found.setdefault(key, Event(*key))
        event.events.add(answer.text(row.get("event") or row.get("product")))
        event.sources += [source for source in sources_of(answer, row) if source not in event.sources]
    return sorted(found.values(), key=lambda event: (event.day, event.lane, event.kind))


def _day(written: str) -> date | None:
    match = re.fullmatch(r"(\d{4}-\d\d-\d\d)(Z|[+-]\d\d:\d\d)?", written, re.ASCII)
    try:
        return date.fromisoformat(match[1]) if match else None
    except ValueError:
        return None


def _legend(figure: Figure, looks: dict[str, Symbol]) -> None:
    x = figure.left + 6
    for kind, look in looks.items():
        taken = 14 + width(kind, 12) + 18
        if x > figure.left + 6 and x + taken > figure.right:
            x, figure.y = figure.left + 6, figure.y + 20
        draw(figure.svg, look, x, figure.y)
        text(figure.svg, x + 12, figure.y + 4, kind, size=12, soft=True)
        x += taken
    figure.y += 24


def _lane(
    figure: Figure,
    lane: str,
    events: list[Event],
    looks: dict[str, Symbol],
    axis: Axis,
    ends: tuple[float, float],
    room: float,
) -> tuple[float, float]:
    """Draw a lane as high as it needs to be for no symbol to lie on another; return where symbols are, and its end."""
    places: list[tuple[Event, float, int]] = []
    taken: list[float] = []  # by the last symbol of each level
    for event in events:
        x = axis.at(event.day.toordinal(), *ends)
        level = next((n for n, last in enumerate(taken) if x - last >= STEP), len(taken))
        taken[level : level + 1] = [x]
        places.append((event, x, level))
    count = sum(len(event.events) for event in events)
    cited = figure.cite(source for event in events for source in event.sources)
    told = f"{count} event{'' if count == 1 else 's'} {cited}".rstrip()
    labels = [(line, False) for line in wrap(lane, room)] + [(line, True) for line in wrap(told, room, 12)]
    rule(figure.svg, figure.left, figure.y, figure.right, figure.y)
    figure.y += 10
    for row, (line, soft) in enumerate(labels):
        text(figure.svg, figure.left, figure.y + 10 + LINE * row, line, size=12 if soft else 13, soft=soft)
    beside = LINE * len(labels)
    figure.y += beside + 4 if figure.narrow else 0
    top = figure.y - (2 if figure.narrow else 10)
    for event, x, level in places:
        y = figure.y + 6 + STEP * level
        group = titled(figure.svg, f"{event.told()} ({'; '.join(event.sources)})" if event.sources else event.told())
        _precision(group, event, axis, ends, y + 8.5)
        draw(group, looks[event.kind], x, y)
    figure.y += max(STEP * len(taken), 0 if figure.narrow else beside) + 8
    return top, figure.y


def _precision(group: ET.Element, event: Event, axis: Axis, ends: tuple[float, float], y: float) -> None:
    """Draw under a symbol what its date leaves open."""
    start, end = (axis.at(day.toordinal(), *ends) for day in event.span())
    look = {"stroke": ACCENT, "stroke_width": 2, "class_": "mark line"}
    if end > start:
        element(group, "line", x1=start, y1=y, x2=max(end, start + 6), y2=y, **look)
    elif event.precision == "announced":
        element(group, "line", x1=start - 5, y1=y, x2=start + 5, y2=y, **look, stroke_dasharray="2 2")
