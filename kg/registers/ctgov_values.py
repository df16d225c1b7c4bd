"""Values in the json of ClinicalTrials.gov: texts, lists, whole numbers, and numbers as sponsors print them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal, NamedTuple

Json = Mapping[str, Any]
Operator = Literal["", "=", "<", "<=", ">", ">="]

_ESCAPE = re.compile(r"\\([^\w\s])")
_PLAIN = r"[-+\u2212]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,2})?"
_SIGN = {"\u2264": "<=", "\u2265": ">=", "=<": "<=", "=>": ">="}
_BOUND = re.compile(rf"(<=|>=|=<|=>|[<>=\u2264\u2265])?\s*({_PLAIN})")
_P = re.compile(rf"(?:[Pp]\s*)?(<=|>=|=<|=>|[<>=\u2264\u2265])?\s*({_PLAIN})")
_RANGE = re.compile(r"(\d+(?:\.\d+)?)\s*(?:-|\u2013|to)\s*(\d+(?:\.\d+)?)")


class Number(NamedTuple):
    """A number as printed, and what it says: a point or a bound (`operator`, `value`), a range, or nothing."""

    text: str
    value: str = ""
    operator: Operator = ""
    low: str = ""
    high: str = ""

    @property
    def understood(self) -> bool:
        """Whether the text is a number, or says that there is none (NA)."""
        return bool(self.value or self.low) or self.text.upper() in _MISSING


_MISSING = {"", "NA", "N/A", "NE", "NR", "NOT ESTIMABLE", "NOT REACHED"}


def number(text: str, *, percent: bool = False) -> Number:
    """Read a number as sponsors print it. A percent sign is dropped only where the unit is percent.

    >>> number("-.50").value, number("<0.1")[1:3], number("3 - 5")[3:]
    ('-0.50', ('0.1', '<'), ('3', '5'))
    >>> number("1,234"), number("NA").understood
    (Number(text='1,234', value='', operator='', low='', high=''), True)
    """
    bare = text.strip()
    if percent:
        bare = bare.removesuffix("%").rstrip()
    if match := _BOUND.fullmatch(bare):
        sign = _operator(match[1])
        return Number(text, decimal(match[2]), "" if sign == "=" else sign)
    if (match := _RANGE.fullmatch(bare)) and Decimal(match[1]) <= Decimal(match[2]):
        return Number(text, low=decimal(match[1]), high=decimal(match[2]))
    return Number(text)


def p_value(text: str) -> Number:
    """Read P: `.001`, `< 0.001`, `= 0.003`, `P<=.05`; no value where it is none or not from 0 to 1.

    >>> p_value("<.05")[1:3], p_value("0.0568")[1:3], p_value("NS").value
    (('0.05', '<'), ('0.0568', '='), '')
    """
    match = _P.fullmatch(text.strip())
    if not match or not 0 <= Decimal(match[2].replace("\u2212", "-")) <= 1:
        return Number(text)
    return Number(text, decimal(match[2]), _operator(match[1]) or "=")


def decimal(text: str) -> str:
    """Return a plain number as xsd:decimal, its digits kept: `.50` is `0.50`, `1e-3` is `0.001`."""
    value = format(Decimal(text.replace("\u2212", "-")), "f")
    return value.removeprefix("+")


def _operator(sign: str | None) -> Operator:
    return _SIGN.get(sign or "", sign or "")  # type: ignore[return-value]


def text(json: Json, key: str) -> str:
    """Return a text without markdown escapes and runs of spaces; numbers as text; '' for all else."""
    value = json.get(key)
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return ""
    printed = str(value)
    return " ".join((_ESCAPE.sub(r"\1", printed) if "\\" in printed else printed).split())


def at(json: Any, *keys: str) -> Json:
    """Return the object at the end of a path, or an empty one."""
    for key in keys:
        json = json.get(key) if isinstance(json, Mapping) else None
    return json if isinstance(json, Mapping) else {}


def items(json: Json, key: str) -> list[Json]:
    """Return the objects of a list; what else it holds is left out."""
    value = json.get(key)
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def texts(json: Json, key: str) -> list[str]:
    """Return the texts of a list."""
    value = json.get(key)
    return [found for item in value if (found := text({"": item}, ""))] if isinstance(value, list) else []


def whole(json: Json, key: str) -> int | None:
    """Return a whole number, which may be printed as a text."""
    found = text(json, key)
    return int(found) if re.fullmatch(r"\d{1,9}", found) else None


def enum(value: str) -> str:
    """Fold a value of a list, so that PHASE1 and "Phase 1", INTER_QUARTILE_RANGE and "Inter-Quartile Range" are one."""
    return re.sub(r"[^A-Z0-9]", "", value.upper())
