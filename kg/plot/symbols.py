"""Symbols of events, told apart by shape and by whether they are filled: no colour is needed to read them."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable

from kg.plot.svg import ACCENT, PAPER, SOFT, element

SHAPES = {
    "disc": "M-5 0A5 5 0 1 0 5 0A5 5 0 1 0 -5 0Z",
    "diamond": "M0 -6L6 0L0 6L-6 0Z",
    "square": "M-4.5 -4.5H4.5V4.5H-4.5Z",
    "triangle": "M0 -5.5L5.5 4.5H-5.5Z",
    "wedge": "M0 5.5L5.5 -4.5H-5.5Z",
    "cross": "M-4.5 -4.5L4.5 4.5M-4.5 4.5L4.5 -4.5",
    "plus": "M0 -5.5V5.5M-5.5 0H5.5",
}
"""Paths about a centre, eleven units across."""

KINDS = {
    "initial approval": ("disc", True, "mark"),
    "approval": ("disc", False, "mark"),
    "indication extension": ("diamond", True, "mark"),
    "label extension": ("diamond", False, "mark"),
    "scientific opinion": ("triangle", False, "lesser-mark"),
    "orphan designation": ("square", False, "lesser-mark"),
    "designation": ("square", True, "lesser-mark"),
    "refusal": ("cross", False, "ending-mark"),
    "withdrawal": ("wedge", True, "ending-mark"),
    "suspension": ("wedge", False, "ending-mark"),
    "application withdrawal": ("plus", False, "ending-mark"),
}
"""What approves is round, what widens an approval a diamond, what ends one points down. The last word is its class."""

COLOURS = {"mark": ACCENT, "lesser-mark": SOFT, "ending-mark": "#a63603"}

_OTHERS = [
    (shape, fill, "mark") for fill in (True, False) for shape in ("disc", "diamond", "square", "triangle", "wedge")
]

Symbol = tuple[str, bool, str]
"""A shape, whether it is filled, and the class that gives it its colour."""


def symbols(kinds: Iterable[str]) -> dict[str, Symbol]:
    """Return a symbol for each kind: the one it always has, or one that no other of them has, as far as they go."""
    known = list(KINDS)
    wanted = sorted(set(kinds), key=lambda kind: (known.index(kind) if kind in KINDS else len(known), kind))
    taken = {KINDS[kind][:2] for kind in wanted if kind in KINDS}
    free = [symbol for symbol in _OTHERS if symbol[:2] not in taken] or _OTHERS
    others = [kind for kind in wanted if kind not in KINDS]
    return {kind: KINDS[kind] if kind in KINDS else free[others.index(kind) % len(free)] for kind in wanted}


def draw(parent: ET.Element, symbol: Symbol, x: float, y: float) -> None:
    """Draw a symbol about a place."""
    shape, filled, look = symbol
    fill = {"fill": COLOURS[look] if filled else PAPER, "class_": look if filled else f"{look} open"}
    element(
        parent, "path", d=SHAPES[shape], transform=f"translate({x:.2f} {y:.2f})", **fill,
        stroke=COLOURS[look], stroke_width=1.6,
    )  # fmt: skip
