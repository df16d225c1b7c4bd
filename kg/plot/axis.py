"""Axes: from a value to a place, and the values that are worth a tick."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

MOST_TICKS = 9


@dataclass(frozen=True)
class Axis:
    """From `low` to `high`, by ratio if `log`. `ticks` are values and how they are written."""

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]
    log: bool = False

    def at(self, value: float, left: float, right: float) -> float:
        """Return the place of a value between two places; one that lies beyond the axis is at its end."""
        low, high, it = (math.log(each) if self.log else each for each in (self.low, self.high, self.inside(value)))
        return left + (right - left) * (it - low) / (high - low)

    def inside(self, value: float) -> float:
        """Return the value, or the end of the axis that it lies beyond."""
        return min(max(value, self.low), self.high)


def log_axis(points: Iterable[float], bounds: Iterable[float]) -> Axis:
    """Return an axis that shows all points, and 1, and bounds up to ten times as far; all are above 0."""
    points = list(points) or [1.0]
    bounds = list(bounds)
    low = min([*points, 1, *(max(bound, min(points) / 10) for bound in bounds)]) / 1.2
    high = max([*points, 1, *(min(bound, max(points) * 10) for bound in bounds)]) * 1.2
    low, high = min(low, 0.5), max(high, 2.0)
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for steps in ((1, 2, 5), (1, 3), (1,)):
        values = [step * 10.0**decade for decade in decades for step in steps if low <= step * 10.0**decade <= high]
        if len(values) <= MOST_TICKS:
            break
    thinned = values[:: math.ceil(len(values) / MOST_TICKS)]
    return Axis(low, high, tuple((value, f"{value:g}") for value in thinned), log=True)


def linear_axis(values: Iterable[float]) -> Axis:
    """Return an axis that shows all values, and 0, and ends at ticks."""
    values = [*values, 0.0]
    low, high = min(values), max(values)
    if low == high:
        high = 1.0
    step = _step((high - low) / 5)
    first, last = math.floor(low / step), math.ceil(high / step)
    return Axis(first * step, last * step, tuple((n * step, f"{n * step:,.10g}") for n in range(first, last + 1)))


def _step(least: float) -> float:
    """Return the least of 1, 2 or 5 times a power of ten that is not below `least`."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= least * 0.999999)


def time_axis(days: Iterable[date]) -> Axis:
    """Return an axis of days, as their ordinals, over whole years."""
    days = list(days)
    first, last = min(days).year, max(days).year + 1
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 1000, 5000) if (last - first) / step <= MOST_TICKS)
    years = [year for year in range(first, min(last, date.max.year) + 1) if year % step == 0 or last - first < 2]
    ticks = tuple((float(date(year, 1, 1).toordinal()), str(year)) for year in years)
    end = date(last, 1, 1) if last <= date.max.year else date.max
    return Axis(float(date(first, 1, 1).toordinal()), float(end.toordinal()), ticks)
