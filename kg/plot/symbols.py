"""Symbols of events: told apart by their shape and by whether they are filled, so that no colour is needed to read them."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable

from kg.plot.svg import ACCENT, PAPER, element

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
    "initial approval": ("disc", True),
    "approval": ("disc", False),
    "indication extension": ("diamond", True),
    "label extension": ("diamond", False),
    "scientific opinion": ("triangle", False),
    "orphan designation": ("square", False),
    "designation": ("square", False),
    "refusal": ("cross", False),
    "withdrawal": ("wedge", True),
    "suspension": ("wedge", False),
    "application withdrawal": ("plus", False),
}
"""What approves is round, what widens an approval a diamond, what ends one points down."""

_OTHERS = [(shape, filled) for filled in (True, False) for shape in ("disc", "diamond", "square", "triangle", "wedge")]

Symbol = tuple[str, bool]
"""A shape, and whether it is filled."""


def symbols(kinds: Iterable[str]) -> dict[str, Symbol]:
    """Return a symbol for each kind: the one it always has, or one that no other of them has, as far as they go."""
    wanted = sorted(set(kinds), key=lambda kind: (list(KINDS).index(kind) if kind in KINDS else len(KINDS), kind))
    found = {kind: KINDS[kind] for kind in wanted if kind in KINDS}
    free = [symbol for symbol in _OTHERS if symbol not in found.values()] or _OTHERS
    others = [kind for kind in wanted if kind not in KINDS]
    return found | {kind: free[number % len(free)] for number, kind in enumerate(others)}


def draw(parent: ET.Element, symbol: Symbol, x: float, y: float) -> None:
    """Draw a symbol about a place."""
    shape, filled = symbol
    look = {"fill": ACCENT if filled else PAPER, "stroke": ACCENT, "stroke_width": 1.6}
    kind = "mark" if filled else "mark-open"
    element(parent, "path", d=SHAPES[shape], transform=f"translate({x:.2f} {y:.2f})", **look, class_=kind)
