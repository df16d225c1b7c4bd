"""SVG -> PNG, by resvg: a library without system libraries, scripts or network."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from functools import cache

from kg.errors import PlotError
from kg.plot.svg import FONTS, root, text

SCALE = 2.0
"""Pixels of the picture for each of the drawing."""


def png(svg: str) -> bytes:
    """Return the drawing as a PNG. Raises PlotError without the extra, or without a font."""
    try:
        from resvg_py import svg_to_bytes
    except ImportError:
        raise PlotError(
            "A PNG needs the package resvg-py. Install it (pip install 'kg-drug-approvals[png]'), or write .svg."
        ) from None
    if not _has_font():
        raise PlotError("A PNG needs a font; this system has none. Install one, such as DejaVu Sans, or write .svg.")
    return bytes(svg_to_bytes(svg_string=svg, zoom=SCALE))


@cache
def _has_font() -> bool:
    """Tell whether a text leaves a trace: without a font it would be left out without a word."""
    from resvg_py import svg_to_bytes

    drawing = root(40, height=20, font_family=FONTS)
    blank = ET.tostring(drawing, encoding="unicode")
    text(drawing, 2, 15, "kg")
    written = ET.tostring(drawing, encoding="unicode")
    return bytes(svg_to_bytes(svg_string=blank)) != bytes(svg_to_bytes(svg_string=written))
