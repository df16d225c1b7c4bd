"""Elements of SVG, and how much room a text takes.

Only presentation attributes and classes are written, no style attribute, style element or script: so a page may embed a
drawing under a content security policy that forbids all three, and its stylesheet may still recolour it. Text is text.
"""

from __future__ import annotations

import re
import unicodedata
import xml.etree.ElementTree as ET

FONTS = "Helvetica Neue, Arial, Liberation Sans, DejaVu Sans, sans-serif"
INK, SOFT, RULE, PAPER = "#1f2933", "#52606d", "#c3cbd3", "#ffffff"
"""Text and marks, lesser text (6.5 to 1 on paper), rules, ground: all of them greys."""

ACCENT = "#0b5394"
"""Marks that carry a value. Dark enough to be told from the rules in greyscale."""

_NOT_XML = re.compile("[^\t\n\r\x20-\x7e\xa0-\u2029\u202f-\u2065\u206a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NARROW, _WIDE = frozenset("iljtfrI.,:;'|!()[]{}/\\- "), frozenset("mwMW%@—")


def element(parent: ET.Element, tag: str, **attributes: object) -> ET.Element:
    """Add an element. `stroke_width=1` is written `stroke-width="1"`, `class_` is `class`, None is left out."""
    return ET.SubElement(parent, tag, _written(attributes))


def root(width: float, **attributes: object) -> ET.Element:
    """Return the outermost element of a drawing that is `width` units wide."""
    return ET.Element("svg", _written({"xmlns": "http://www.w3.org/2000/svg", "width": width, **attributes}))


def text(
    parent: ET.Element,
    x: float,
    y: float,
    content: str,
    *,
    size: float = 13,
    anchor: str | None = None,
    bold: bool = False,
    soft: bool = False,
) -> ET.Element:
    """Add a line of text with its baseline at `y`."""
    look = {"font_size": size, "text_anchor": anchor, "font_weight": 600 if bold else None}
    added = element(parent, "text", x=x, y=y, **look, fill=SOFT if soft else INK, class_="soft" if soft else "ink")
    added.text = clean(content)
    return added


def rule(parent: ET.Element, x1: float, y1: float, x2: float, y2: float, *, strong: bool = False) -> None:
    """Add a thin line: grey, or dark if it is strong."""
    look = {"stroke": SOFT if strong else RULE, "stroke_width": 1, "class_": "strong-rule" if strong else "rule"}
    element(parent, "line", x1=x1, y1=y1, x2=x2, y2=y2, **look)


def titled(parent: ET.Element, content: str, **attributes: object) -> ET.Element:
    """Add a group whose title a pointer shows."""
    group = element(parent, "g", **attributes)
    element(group, "title").text = clean(content)
    return group


def clean(content: str) -> str:
    """Return the text on one line, without characters that XML cannot hold or that turn its direction."""
    return " ".join(_NOT_XML.sub("", content).split())


def number(value: float) -> str:
    """Return a coordinate with no more digits than a screen shows."""
    written = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if written == "-0" else written


def _written(attributes: dict[str, object]) -> dict[str, str]:
    return {
        name.rstrip("_").replace("_", "-"): number(value) if isinstance(value, int | float) else clean(str(value))
        for name, value in attributes.items()
        if value is not None
    }


def width(content: str, size: float = 13) -> float:
    """Return about how wide a text is, rather too much than too little: the widest of the fonts is DejaVu Sans."""
    return size * sum(map(_em, content))


def _em(character: str) -> float:
    if character in _NARROW:
        return 0.38
    if character in _WIDE:
        return 0.97
    if unicodedata.combining(character):
        return 0.0
    if unicodedata.east_asian_width(character) in "WF":
        return 1.0
    return 0.7 if character.isupper() else 0.62


def wrap(content: str, room: float, size: float = 13, most: int = 4) -> list[str]:
    """Break a text into lines that fit the room; what is left after `most` of them is cut, which an ellipsis tells."""
    lines: list[str] = []
    line = ""
    for word in clean(content).split():
        while width(word, size) > room:  # a word longer than a line
            if line:
                lines, line = [*lines, line], ""
            fits = max(1, next(n for n in range(len(word), 0, -1) if n == 1 or width(word[:n], size) <= room))
            lines, word = [*lines, word[:fits]], word[fits:]
        joined = f"{line} {word}" if line else word
        if width(joined, size) <= room:
            line = joined
        else:
            lines, line = [*lines, line], word
    lines = [*lines, line] if line else lines
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and width(f"{last}…", size) > room:
        last = last[:-1]
    return [*lines[: most - 1], f"{last.rstrip()}…"]
