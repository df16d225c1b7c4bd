"""SVG -> PNG, by resvg: a library without system libraries, scripts or network."""

from __future__ import annotations

from functools import cache

from kg.errors import PlotError

SCALE = 2.0
"""Pixels of the picture for each of the drawing."""


def png(svg: str) -> bytes:
    """Return the drawing as a PNG. Raises PlotError without the extra, or without a font."""
    try:
        from resvg_py import svg_to_bytes
    except ImportError:
        raise PlotError(
            "A PNG needs the package resvg-py, an extra. Install it (pip install 'kg-drug-approvals[png]'), or write .svg."
        ) from None
    if not _has_font():
        raise PlotError("A PNG needs a font, and this system has none. Install one, such as DejaVu Sans, or write .svg.")
    return bytes(svg_to_bytes(svg_string=svg, zoom=SCALE))


@cache
def _has_font() -> bool:
    """Tell whether a text leaves a trace: without a font it would be left out without a word."""
    from resvg_py import svg_to_bytes

    from kg.plot.svg import FONTS, root, text
    import xml.etree.ElementTree as ET

    empty = root(40, height=20, font_family=FONTS)
    blank = ET.tostring(empty, encoding="unicode")
    text(empty, 2, 15, "kg")
    return bytes(svg_to_bytes(svg_string=blank)) != bytes(svg_to_bytes(svg_string=ET.tostring(empty, encoding="unicode")))
