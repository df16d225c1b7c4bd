"""A timeline: a lane for each jurisdiction, a symbol for each kind of event, dates no finer than they are known."""

from __future__ import annotations

import calendar
import re
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
    left = figure.left + 10 if figure.narrow else figure.left + room + 16
    _legend(figure, looks)
    top = figure.y
    for lane, held in lanes.items():
        _lane(figure, lane, held, looks, axis, left, room)
    figure.axis(axis, left, figure.right - 10, top)
    if any(event.precision in ("month", "year") for event in events):
        figure.notes.append("A line under a symbol is the month or year that a date is known to; its day is not.")
    if any(event.precision == "announced" for event in events):
        figure.notes.append("A dot in or by a symbol: announced on that day; no date of the decision is known.")
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
    figure: Figure, lane: str, events: list[Event], looks: dict[str, Symbol], axis: Axis, left: float, room: float
) -> None:
    """Draw a lane as high as it needs to be for no symbol to lie on another."""
    places: list[tuple[Event, float, int]] = []
    ends: list[float] = []
    for event in events:
        x = axis.at(event.day.toordinal(), left, figure.right - 10)
        level = next((n for n, end in enumerate(ends) if x - end >= STEP), len(ends))
        ends[level:] = [x, *ends[level + 1 :]]
        places.append((event, x, level))
    count = sum(len(event.events) for event in events)
    labels = [(line, False) for line in wrap(lane, room)]
    labels += [(line, True) for line in wrap(f"{count} events" if count > 1 else "1 event", room, 12)]
    rule(figure.svg, figure.left, figure.y, figure.right, figure.y)
    figure.y += 10
    height = max(STEP * len(ends), 0 if figure.narrow else LINE * len(labels)) + 8
    if figure.narrow:
        text(figure.svg, figure.left, figure.y + 8, f"{lane}, {labels[-1][0]}")
        figure.y += LINE
    else:
        for number, (line, soft) in enumerate(labels):
            text(figure.svg, figure.left, figure.y + 10 + LINE * number, line, size=12 if soft else 13, soft=soft)
    for event, x, level in places:
        y = figure.y + 6 + STEP * level
        about = f"{event.told()} ({'; '.join(event.sources)})" if event.sources else event.told()
        group = titled(figure.svg, about)
        start, end = (axis.at(day.toordinal(), left, figure.right - 10) for day in event.span())
        if end > start:
            look = {"stroke": ACCENT, "stroke_width": 2.4, "class_": "mark-line"}
            element(group, "line", x1=start, y1=y + 7.5, x2=max(end, start + 4), y2=y + 7.5, **look)
        draw(group, looks[event.kind], x, y)
        if event.precision == "announced":
            element(group, "circle", cx=x + 8, cy=y - 4, r=1.6, fill=ACCENT, class_="mark")
        figure.cite(event.sources)
    figure.y += height
