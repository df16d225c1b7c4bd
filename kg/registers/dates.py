"""Dates as registers print them, with their precision. A date that can be read in two ways is none."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

_MONTHS = {name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}


@dataclass(frozen=True, slots=True)
class Dated:
    """A day, month or year: `text` is ISO 8601 as far as it is known (2024-03-26, 2024-03, 2024)."""

    text: str

    @property
    def precision(self) -> Literal["day", "month", "year"]:
        """How closely the date is known."""
        return {10: "day", 7: "month", 4: "year"}[len(self.text)]  # type: ignore[return-value]

    @property
    def last_day(self) -> str:
        """The last day that the date may be, as xsd:date: the day to sort by."""
        if len(self.text) == 10:
            return self.text
        year, month = int(self.text[:4]), int(self.text[5:7] or 12)
        first_of_next = date(year + month // 12, month % 12 + 1, 1)
        return date.fromordinal(first_of_next.toordinal() - 1).isoformat()


def of(year: int, month: int, day: int) -> Dated | None:
    """Return a day of the calendar, or None if there is no such day or no register could mean it."""
    try:
        return Dated(date(year, month, day).isoformat()) if 1900 <= year <= 2100 else None
    except ValueError:
        return None


def from_cell(cell: date | datetime) -> Dated | None:
    """Return the day of a spreadsheet's date cell."""
    return of(cell.year, cell.month, cell.day)


def day_first(text: str) -> Dated | None:
    """Read 26/03/2024, as EMA prints it."""
    return _by(r"(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{4})", text)


def month_first(text: str) -> Dated | None:
    """Read 3/26/2024, as FDA prints it. A year of two digits is of the century that makes it past: see `past_year`."""
    return _by(r"(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>\d{4}|\d{2})", text)


def iso(text: str) -> Dated | None:
    """Read 2024-03-26, with or without a time; 2024-03; 2024; and 20240326, as openFDA writes it."""
    if whole := _by(r"(?P<y>\d{4})-?(?P<m>\d{2})-?(?P<d>\d{2})([T ].*)?", text):
        return whole
    if match := re.fullmatch(r"(\d{4})(-(0[1-9]|1[0-2]))?", text.strip()):
        return Dated(match[0])
    return None


def named_month(text: str) -> Dated | None:
    """Read Mar. 26, 2024 (PMDA), 26-MAR-2024 (Health Canada) and March 2024."""
    text = " ".join(text.split())
    if match := re.fullmatch(r"([A-Za-z]{3,9})\.?,? ?(\d{1,2}) ?,? ?(\d{4})", text):
        name, day, year = match[1], match[2], match[3]
    elif match := re.fullmatch(r"(\d{1,2})[- ]([A-Za-z]{3,9})\.?[- ](\d{4})", text):
        day, name, year = match[1], match[2], match[3]
    elif match := re.fullmatch(r"([A-Za-z]{3,9})\.?,? (\d{4})", text):
        month = _MONTHS.get(match[1][:3].lower())
        return Dated(f"{match[2]}-{month:02}") if month else None
    else:
        return None
    month = _MONTHS.get(name[:3].lower())
    return of(int(year), month, int(day)) if month else None


def past_year(two_digits: int, today: date | None = None) -> int:
    """Return the latest year, not after today's, that ends in the two digits."""
    now = (today or date.today()).year
    year = now - now % 100 + two_digits
    return year if year <= now else year - 100


def first_of(text: str, *readers: Callable[[str], Dated | None]) -> Dated | None:
    """Return what the first reader that can read the text makes of it."""
    return next((found for reader in readers if (found := reader(text))), None)


def _by(pattern: str, text: str) -> Dated | None:
    match = re.fullmatch(pattern, text.strip())
    if not match:
        return None
    year = int(match["y"]) if len(match["y"]) == 4 else past_year(int(match["y"]))
    return of(year, int(match["m"]), int(match["d"]))
