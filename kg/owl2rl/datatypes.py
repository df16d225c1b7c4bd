"""Values of literals: which are the same, which differ, and which datatype has which.

A value is a pair (space, canonical form). Two values are one exactly when their pairs are equal, as OWL 2 takes
identity: 1 and 1.0 and "1"^^xsd:int are one value, positive and negative zero are two, a float is never a
decimal, and one instant told in two time zones is two values. Sources: XML Schema 1.1 part 2; OWL 2 syntax, 4.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import cache

from kg.owl2rl.vocabulary import DATATYPES, IDS, MORE_DATATYPES, expand

Value = tuple[str, str]

SUPPORTED: dict[str, str] = {expand(name): name for name in (*DATATYPES, *MORE_DATATYPES)}
"""IRI of a datatype to its prefixed name."""
DATATYPE_IDS: dict[int, str] = {IDS[name]: name for name in (*DATATYPES, *MORE_DATATYPES)}

_BOUNDS: dict[str, tuple[int | None, int | None]] = {
    "xsd:integer": (None, None), "xsd:nonNegativeInteger": (0, None), "xsd:nonPositiveInteger": (None, 0),
    "xsd:positiveInteger": (1, None), "xsd:negativeInteger": (None, -1),
    "xsd:long": (-(2**63), 2**63 - 1), "xsd:int": (-(2**31), 2**31 - 1), "xsd:short": (-(2**15), 2**15 - 1),
    "xsd:byte": (-128, 127), "xsd:unsignedLong": (0, 2**64 - 1), "xsd:unsignedInt": (0, 2**32 - 1),
    "xsd:unsignedShort": (0, 2**16 - 1), "xsd:unsignedByte": (0, 255),
}  # fmt: skip

_XML = "\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff"
_START = (
    r"A-Z_a-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C-\u200D\u2070-\u218F"
    r"\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
_NAME = _START + r"\-.0-9\u00B7\u0300-\u036F\u203F-\u2040"
_STRINGS = {
    "xsd:string": f"[{_XML}]*",
    "xsd:normalizedString": r"[^\t\n\r]*",
    "xsd:token": r"(?:[^\t\n\r ]+(?: [^\t\n\r ]+)*)?",
    "xsd:language": r"[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*",
    "xsd:Name": f"[:{_START}][:{_NAME}]*",
    "xsd:NCName": f"[{_START}][{_NAME}]*",
    "xsd:NMTOKEN": f"[:{_NAME}]+",
}

_INTEGER = r"([+-]?)0*([0-9]+)"
_DECIMAL = r"([+-]?)(?:0*([0-9]+)(?:\.([0-9]*?)0*)?|\.([0-9]+?)0*)"
_DOUBLE = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN"
_YEAR, _MONTH, _DAY = r"(-?(?:[1-9][0-9]{3,}|0[0-9]{3}))", r"(0[1-9]|1[0-2])", r"(0[1-9]|[12][0-9]|3[01])"
_TIME = r"([01][0-9]|2[0-3]|24(?=:00:00(?:\.0+)?(?![.0-9]))):([0-5][0-9]):([0-5][0-9])(?:\.([0-9]+))?"
_ZONE = r"(Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?"
_NONE = "()"
_MOMENTS = {
    "xsd:dateTime": f"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE}",
    "xsd:date": f"{_YEAR}-{_MONTH}-{_DAY}{_NONE * 4}{_ZONE}",
    "xsd:time": f"{_NONE * 3}{_TIME}{_ZONE}",
    "xsd:gYear": f"{_YEAR}{_NONE * 6}{_ZONE}",
    "xsd:gYearMonth": f"{_YEAR}-{_MONTH}{_NONE * 5}{_ZONE}",
    "xsd:gMonth": f"{_NONE}--{_MONTH}{_NONE * 5}{_ZONE}",
    "xsd:gMonthDay": f"{_NONE}--{_MONTH}-{_DAY}{_NONE * 4}{_ZONE}",
    "xsd:gDay": f"{_NONE * 2}---{_DAY}{_NONE * 4}{_ZONE}",
}
_DURATION = (
    r"(-?)P(?=[0-9T])(?:([0-9]+)Y)?(?:([0-9]+)M)?(?:([0-9]+)D)?"
    r"(?:T(?=[0-9])(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+)(?:\.([0-9]+))?S)?)?"
)


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)


def value_of(lexical: str, datatype: str) -> Value | None:
    """The value of a lexical form in a supported datatype (prefixed name); None when it has none."""
    if datatype in _BOUNDS:
        return _integer(lexical, *_BOUNDS[datatype])
    if datatype in _STRINGS:
        return ("string", lexical) if _pattern(_STRINGS[datatype]).fullmatch(lexical) else None
    if datatype in _MOMENTS:
        return _moment(lexical, datatype)
    return _OTHERS[datatype](lexical)


def has_value(datatype: str, value: Value) -> bool:
    """Whether a value is in the value space of a supported datatype."""
    space, form = value
    if datatype == "rdfs:Literal":
        return True
    if datatype in _BOUNDS:
        return space == "decimal" and _integer(form, *_BOUNDS[datatype]) is not None
    if datatype in _STRINGS:
        return space == "string" and _pattern(_STRINGS[datatype]).fullmatch(form) is not None
    if datatype == "rdf:PlainLiteral":
        return space in ("string", "language")
    if datatype == "xsd:dateTimeStamp":
        return space == "xsd:dateTime" and not form.endswith("|")
    if datatype == "xsd:dayTimeDuration":
        return space == "duration" and form.startswith("0|")
    if datatype == "xsd:yearMonthDuration":
        return space == "duration" and form.endswith("|0")
    return space == _SPACES.get(datatype, datatype)


_SPACES = {"xsd:decimal": "decimal", "xsd:duration": "duration", "rdf:langString": "language"}


def _integer(lexical: str, low: int | None, high: int | None) -> Value | None:
    match = _pattern(_INTEGER).fullmatch(lexical)
    if match is None:
        return None
    sign, digits = match[1], match[2].lstrip("0") or "0"
    form = "-" + digits if sign == "-" and digits != "0" else digits
    if low is None and high is None:
        return ("decimal", form)
    # Python refuses to read very long integers; a bound does not need them.
    number = int(form) if len(form) <= 40 else (10**40 if sign != "-" else -(10**40))
    inside = (low is None or low <= number) and (high is None or number <= high)
    return ("decimal", form) if inside else None


def _decimal(lexical: str) -> Value | None:
    match = _pattern(_DECIMAL).fullmatch(lexical)
    if match is None:
        return None
    whole = (match[2] or "0").lstrip("0") or "0"
    fraction = (match[3] or match[4] or "").rstrip("0")
    form = f"{whole}.{fraction}" if fraction else whole
    return ("decimal", "-" + form if match[1] == "-" and form != "0" else form)


def _double(lexical: str) -> Value | None:
    if not _pattern(_DOUBLE).fullmatch(lexical):
        return None
    return ("xsd:double", repr(float(lexical)))


def _float(lexical: str) -> Value | None:
    if not _pattern(_DOUBLE).fullmatch(lexical):
        return None
    return ("xsd:float", repr(_nearest_float(lexical)))


def _nearest_float(lexical: str) -> float:
    """The nearest 32-bit float, rounded once from the decimal: rounding twice may end one step off."""
    import struct
    from fractions import Fraction

    exact = float(lexical)
    if not math.isfinite(exact) or exact == 0:
        return exact
    try:
        near = float(struct.unpack("f", struct.pack("f", exact))[0])
    except OverflowError:
        return math.copysign(math.inf, exact)
    if len(lexical) > 300 or not math.isfinite(near):
        return near
    wanted, best = Fraction(lexical), near
    bits = struct.unpack("<i", struct.pack("<f", near))[0]
    for step in (-1, 1):
        if 0 < (bits & 0x7FFFFFFF) < 0x7F7FFFFF:
            other = float(struct.unpack("<f", struct.pack("<i", bits + step))[0])
            gap, least = abs(Fraction(other) - wanted), abs(Fraction(best) - wanted)
            if gap < least or (gap == least and bits % 2):
                best = other
    return best


def _boolean(lexical: str) -> Value | None:
    form = {"true": "true", "1": "true", "false": "false", "0": "false"}.get(lexical)
    return ("xsd:boolean", form) if form else None


def _hexadecimal(lexical: str) -> Value | None:
    return ("xsd:hexBinary", lexical.upper()) if re.fullmatch("(?:[0-9a-fA-F]{2})*", lexical) else None


def _base64(lexical: str) -> Value | None:
    import base64
    import binascii

    try:
        octets = base64.b64decode(lexical.replace(" ", ""), validate=True)
    except (binascii.Error, ValueError):
        return None
    return ("xsd:base64Binary", octets.hex())


def _uri(lexical: str) -> Value | None:
    return ("xsd:anyURI", lexical)


def _plain(lexical: str) -> Value | None:
    text, at, tag = lexical.rpartition("@")
    if not at or (tag and not _pattern(_STRINGS["xsd:language"]).fullmatch(tag)):
        return None
    return ("language", f"{text}@{tag.lower()}") if tag else ("string", text)


def _xml(lexical: str) -> Value | None:
    from xml.etree import ElementTree

    if "<!DOCTYPE" in lexical:  # no element content, and entities must not be expanded
        return None
    try:
        return ("rdf:XMLLiteral", ElementTree.canonicalize(f"<x>{lexical}</x>"))
    except ElementTree.ParseError:
        return None


def _moment(lexical: str, datatype: str) -> Value | None:
    match = _pattern(_MOMENTS[datatype]).fullmatch(lexical)
    if match is None:
        return None
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    if day and month and int(day) > _days(int(year) if year else 2000, int(month)):
        return None
    parts = [year or "", month or "", day or "", hour or "", minute or "", second or ""]
    if hour == "24":
        parts = [*_next_day(parts[:3]), "00", "00", "00"]
    small = (fraction or "").rstrip("0")
    zone = {"+00:00": "Z", "-00:00": "Z", None: ""}.get(zone, zone)
    return (datatype, "|".join([*parts, small, zone or ""]))


def _days(year: int, month: int) -> int:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]


def _next_day(parts: list[str]) -> list[str]:
    if not parts[0]:
        return parts
    year, month, day = (int(part) for part in parts)
    day += 1
    if day > _days(year, month):
        month, day = month + 1, 1
    if month > 12:
        year, month = year + 1, 1
    sign = "-" if year < 0 else ""
    return [f"{sign}{abs(year):04d}", f"{month:02d}", f"{day:02d}"]


def _stamp(lexical: str) -> Value | None:
    value = _moment(lexical, "xsd:dateTime")
    return value if value and has_value("xsd:dateTimeStamp", value) else None


def _duration(lexical: str, kind: str = "xsd:duration") -> Value | None:
    match = _pattern(_DURATION).fullmatch(lexical)
    if match is None or lexical.endswith("T"):
        return None
    years, months, days, hours, minutes, seconds = (int(part or 0) for part in match.groups()[1:7])
    fraction = (match[8] or "").rstrip("0")
    in_months = 12 * years + months
    in_seconds = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    sign = "-" if match[1] and (in_months or in_seconds or fraction) else ""
    small = f"{in_seconds}.{fraction}" if fraction else str(in_seconds)
    value = (
        "duration",
        f"{sign if in_months else ''}{in_months}|{sign if small != '0' else ''}{small}",
    )
    wrong = {"xsd:dayTimeDuration": (match[2], match[3]), "xsd:yearMonthDuration": match.groups()[3:]}
    return None if any(part for part in wrong.get(kind, ())) else value


_OTHERS: dict[str, Callable[[str], Value | None]] = {
    "rdf:PlainLiteral": _plain,
    "rdf:XMLLiteral": _xml,
    "rdf:langString": lambda lexical: None,  # has no lexical form of its own, only "text"@tag
    "rdfs:Literal": lambda lexical: None,
    "xsd:decimal": _decimal,
    "xsd:float": _float,
    "xsd:double": _double,
    "xsd:boolean": _boolean,
    "xsd:hexBinary": _hexadecimal,
    "xsd:base64Binary": _base64,
    "xsd:anyURI": _uri,
    "xsd:dateTimeStamp": _stamp,
    "xsd:duration": _duration,
    "xsd:dayTimeDuration": lambda lexical: _duration(lexical, "xsd:dayTimeDuration"),
    "xsd:yearMonthDuration": lambda lexical: _duration(lexical, "xsd:yearMonthDuration"),
}
